"""A batch may be a folder of files: the name of the batch, its files, where each page lies, what an index file declared"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from storage.foundation.tables.columns import UtcTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_STAYS_AS_IT_IS = (
    """CREATE TRIGGER source_no_delete BEFORE DELETE ON source
       BEGIN SELECT RAISE(ABORT, 'a custody receipt is never deleted'); END""",
    """CREATE TRIGGER source_no_update BEFORE UPDATE ON source
       BEGIN SELECT RAISE(ABORT, 'a custody receipt is never changed'); END""",
)


def upgrade() -> None:
    op.add_column("batch", sa.Column("name", sa.LargeBinary(), nullable=False, server_default=sa.text("x''")))
    op.add_column("batch", sa.Column("folder_claim", AutoString(), nullable=True))
    op.add_column("batch", sa.Column("is_arriving", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("batch", sa.Column("declared", sa.JSON(), nullable=True))
    op.add_column("batch", sa.Column("discrepancies", sa.JSON(), nullable=False, server_default="[]"))
    for name in ("station", "scanner", "operator"):
        op.add_column("batch", sa.Column(name, AutoString(), nullable=True))
    op.create_index("batch_folder_claim", "batch", ["folder_claim"], unique=True)
    op.execute("UPDATE batch SET name = coalesce((SELECT name FROM source WHERE source.batch_id = batch.id), x'')")
    _let_batches_have_files()
    op.create_table(
        "batch_file",
        sa.Column("claim_id", AutoString(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pages_found", sa.Integer(), nullable=True),
        sa.Column("first_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"]),
        sa.ForeignKeyConstraint(["claim_id"], ["source.claim_id"]),
        sa.PrimaryKeyConstraint("claim_id"),
    )
    op.create_index("ix_batch_file_batch_id", "batch_file", ["batch_id"])
    op.execute(
        "INSERT INTO batch_file (claim_id, batch_id, position, pages_found, first_number) "
        "SELECT claim_id, batch_id, 0, batch.pages_found, CASE WHEN batch.pages_found IS NULL THEN NULL ELSE 1 END "
        "FROM source JOIN batch ON batch.id = source.batch_id"
    )
    op.execute("ALTER TABLE page ADD COLUMN claim_id VARCHAR REFERENCES source (claim_id)")
    op.add_column("page", sa.Column("file_page", sa.Integer(), nullable=False, server_default="1"))
    op.execute(
        "UPDATE page SET file_page = number, "
        "claim_id = (SELECT claim_id FROM source WHERE source.batch_id = page.batch_id)"
    )


def _let_batches_have_files() -> None:
    """The table of receipts without "one batch, one file"; SQLite can take a rule off a table only by writing it anew."""
    op.create_table(
        "source_anew",
        sa.Column("claim_id", AutoString(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("hot_folder", AutoString(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("blob_id", AutoString(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcTime(length=32), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"]),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"]),
        sa.PrimaryKeyConstraint("claim_id"),
    )
    op.execute(
        "INSERT INTO source_anew SELECT claim_id, name, hot_folder, size, sha256, blob_id, batch_id, received_at FROM source"
    )
    op.execute("DROP TABLE source")
    op.execute("ALTER TABLE source_anew RENAME TO source")
    op.create_index("ix_source_sha256", "source", ["sha256"])
    op.create_index("ix_source_batch_id", "source", ["batch_id"])
    for statement in _STAYS_AS_IT_IS:
        op.execute(statement)
