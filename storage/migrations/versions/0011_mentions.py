"""What pages mention without labels is kept until the patient list knows whose they are"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("open_match", sa.Column("unlabelled", sa.JSON(), nullable=True))
    op.add_column("open_match", sa.Column("mentions", sa.LargeBinary(), nullable=True))
