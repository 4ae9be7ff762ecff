"""Pages are read again in the direction a person gave them, and a label of protection that a person lifted stays lifted"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("page", sa.Column("read_turn", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("page", sa.Column("unread_turn", sa.Integer(), nullable=True))
    op.add_column("document", sa.Column("lifted", sa.JSON(), nullable=False, server_default="[]"))
    op.create_index("page_turned", "page", ["id"], sqlite_where=sa.text("turn <> read_turn"))
