"""Prints of pages, by which the same sheet is found when it comes again; documents that came before"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from storage.foundation.tables.columns import UtcTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", AutoString(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("blanks", sa.LargeBinary(), nullable=False),
        sa.Column("ink", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reading_id"),
    )
    op.create_table(
        "sheet_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("print_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["print_id"], ["sheet_print.id"]),
        sa.PrimaryKeyConstraint("key", "print_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seen_before",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("pairs", sa.JSON(), nullable=False),
        sa.Column("found_at", UtcTime(length=32), nullable=False),
        sa.Column("answer", AutoString(), nullable=True),
        sa.Column("answered_by", AutoString(), nullable=True),
        sa.Column("answered_at", UtcTime(length=32), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["earlier_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_seen_before_document_id", "seen_before", ["document_id"])
    op.create_index("ix_seen_before_earlier_id", "seen_before", ["earlier_id"])
    op.create_index("seen_before_open", "seen_before", ["id"], sqlite_where=sa.text("answer IS NULL"))
    op.create_index("page_reading", "page", ["reading_id"])
