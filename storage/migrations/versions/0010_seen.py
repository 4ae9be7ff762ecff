"""Which values somebody looked at"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("field_value", sa.Column("seen_by", sa.String(), nullable=True))
    op.add_column("document", sa.Column("type_seen_by", sa.String(), nullable=True))
