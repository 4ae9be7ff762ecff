"""Documents whose patient the list did not say, to be matched again when it changes"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_match",
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), primary_key=True),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("is_due", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_open_match_is_due", "open_match", ["is_due"])
    op.create_table(
        "open_match_key",
        sa.Column("value", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("document_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_open_match_key_document_id", "open_match_key", ["document_id"])
    op.add_column("document", sa.Column("rematch", sa.String(), nullable=True))
    op.add_column("document", sa.Column("rematched_at", sa.String(32), nullable=True))
