"""The desk: drafts, actions by token, page changes, remarks, rescan requests, break-glass"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from storage.foundation.tables.columns import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # columns one by one: rebuilding a table would drop it under the rows that point to it
    op.add_column("page", sa.Column("is_best_possible", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("ALTER TABLE page ADD COLUMN replaces_id INTEGER REFERENCES page (id)")
    op.execute("CREATE VIRTUAL TABLE page_vocabulary USING fts5vocab(page_text, row)")
    op.create_index("ix_document_claimed_by", "document", ["claimed_by"])
    op.create_table(
        "draft",
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), primary_key=True, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_by", AutoString(), nullable=False),
        _time("saved_at"),
    )
    op.create_table(
        "station_action",
        sa.Column("token", AutoString(), primary_key=True, nullable=False),
        sa.Column("username", AutoString(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        _time("done_at"),
    )
    op.create_table(
        "page_change",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        _points_to("batch", "batch_id"),
        _points_to("document", "document_id"),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("done_by", AutoString(), nullable=False),
        _time("done_at"),
        sa.Column("undone_by", AutoString(), nullable=True),
    )
    op.create_index("ix_page_change_batch_id", "page_change", ["batch_id"])
    op.create_index("ix_page_change_document_id", "page_change", ["document_id"])
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        _points_to("document", "document_id"),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("said_by", AutoString(), nullable=False),
        _time("said_at"),
    )
    op.create_index("ix_remark_document_id", "remark", ["document_id"])
    op.create_table(
        "rescan_request",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        _points_to("document", "document_id"),
        _points_to("page", "page_id", nullable=True),
        sa.Column("reason_code", AutoString(), nullable=False),
        sa.Column("remark", AutoString(), nullable=False),
        sa.Column("asked_by", AutoString(), nullable=False),
        _time("asked_at"),
        _time("printed_at", nullable=True),
        _time("ended_at", nullable=True),
        sa.Column("outcome", AutoString(), nullable=True),
        _points_to("page", "new_page_id", nullable=True),
    )
    op.create_index("ix_rescan_request_document_id", "rescan_request", ["document_id"])
    op.create_table(
        "break_glass",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        _points_to("document", "document_id"),
        sa.Column("username", AutoString(), nullable=False),
        sa.Column("purpose", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        _time("opened_at"),
        _time("until"),
        sa.Column("reviewed_by", AutoString(), nullable=True),
        _time("reviewed_at", nullable=True),
        sa.Column("finding", AutoString(), nullable=True),
    )
    op.create_index("ix_break_glass_document_id", "break_glass", ["document_id"])


def _time(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, UtcTime(length=32), nullable=nullable)


def _points_to(table: str, name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable)
