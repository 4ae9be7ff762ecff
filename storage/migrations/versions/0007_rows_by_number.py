"""Words of a page by the number of their row, documents by who holds them, and what would have filed itself"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE page_text_before AS SELECT words, document_id, position FROM page_text")
    op.execute("DROP TABLE page_vocabulary")
    op.execute("DROP TABLE page_text")
    op.execute(
        "CREATE VIRTUAL TABLE page_text USING fts5(words, document_id UNINDEXED, position UNINDEXED, "
        'tokenize = "unicode61 remove_diacritics 2")'
    )
    op.execute("CREATE VIRTUAL TABLE page_vocabulary USING fts5vocab(page_text, row)")
    op.execute(
        "INSERT INTO page_text (rowid, words, document_id, position) "
        "SELECT (document_id << 20) + position, words, document_id, position FROM page_text_before"
    )
    op.execute("DROP TABLE page_text_before")
    op.add_column("document", sa.Column("would_file_itself", sa.Boolean(), nullable=True))
    op.create_index("break_glass_open", "break_glass", ["username", "until"])
    op.execute("ALTER TABLE quality_lot RENAME COLUMN operator TO verified_by")
    op.execute("ALTER TABLE quality_item RENAME COLUMN operator TO verified_by")
    op.drop_index("ix_document_claimed_by", "document")
    op.create_index("document_claimed", "document", ["claimed_by", "state", "priority", "created_at"])
