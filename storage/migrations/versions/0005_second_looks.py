"""Second looks: lots of verified documents, samples of them, blind second keying"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from storage.foundation.tables.columns import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quality_lot",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        *(sa.Column(name, AutoString(), nullable=False) for name in ("operator", "type_code", "level", "severity")),
        sa.Column("major_aql", sa.Float(), nullable=False),
        sa.Column("minor_aql", sa.Float(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("size", "sample")),
        sa.Column("seed", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("is_between", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcTime(length=32), nullable=False),
        sa.Column("decided_at", UtcTime(length=32), nullable=True),
    )
    op.create_index("quality_lot_open", "quality_lot", ["operator", "type_code", "state"])
    op.create_table(
        "quality_item",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("lot_id", sa.Integer(), sa.ForeignKey("quality_lot.id"), nullable=True),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), nullable=False),
        *(sa.Column(name, AutoString(), nullable=False) for name in ("kind", "operator", "type_code")),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("joined_at", UtcTime(length=32), nullable=False),
        sa.Column("keyed", sa.JSON(), nullable=True),
        sa.Column("keyed_by", AutoString(), nullable=True),
        sa.Column("keyed_at", UtcTime(length=32), nullable=True),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("differs", "errors", "slips")),
        sa.Column("decided_by", AutoString(), nullable=True),
        sa.Column("decided_at", UtcTime(length=32), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
    )
    op.create_index("ix_quality_item_lot_id", "quality_item", ["lot_id"])
    op.create_index("ix_quality_item_document_id", "quality_item", ["document_id"])
