"""Values read from handwriting, and documents that have any"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("field_value", sa.Column("is_handwritten", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("document", sa.Column("has_handwriting", sa.Boolean(), nullable=False, server_default=sa.false()))
