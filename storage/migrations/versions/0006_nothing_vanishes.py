"""Files inside files, blank sides that somebody looked at, and no document without a page"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RULES = (
    # A document that people work on or that is in the chart has a page.
    """CREATE TRIGGER document_has_pages BEFORE UPDATE OF state ON document
       WHEN NEW.state IN ('verified', 'to_qc', 'filed', 'released', 'pended', 'rescan')
         AND NOT EXISTS (SELECT 1 FROM page WHERE document_id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'a document has at least one page'); END""",
    """CREATE TRIGGER batch_documents_have_pages BEFORE UPDATE OF state ON batch
       WHEN NEW.state IN ('indexed', 'closed') AND EXISTS (
         SELECT 1 FROM document WHERE batch_id = NEW.id AND state <> 'voided'
         AND NOT EXISTS (SELECT 1 FROM page WHERE page.document_id = document.id))
       BEGIN SELECT RAISE(ABORT, 'a document has at least one page'); END""",
)


def upgrade() -> None:
    # columns one by one: rebuilding a table would drop it under the rows that point to it
    op.execute("ALTER TABLE batch ADD COLUMN parent_id INTEGER REFERENCES batch (id)")
    op.create_index("ix_batch_parent_id", "batch", ["parent_id"])
    op.add_column("page", sa.Column("ink_share", sa.Float(), nullable=False, server_default="0"))
    op.add_column("page", sa.Column("seen_by", sa.String(), nullable=True))
    op.add_column("page", sa.Column("seen_at", sa.String(32), nullable=True))
    # what was filed and closed before was looked at by nobody and is not asked for now
    op.execute(
        "UPDATE page SET seen_by = 'before 0006' WHERE disposition = 'blank' "
        "AND batch_id IN (SELECT id FROM batch WHERE state IN ('closed', 'voided'))"
    )
    op.execute("CREATE INDEX page_unseen ON page (batch_id) WHERE disposition = 'blank' AND seen_by IS NULL")
    for statement in RULES:
        op.execute(statement)
