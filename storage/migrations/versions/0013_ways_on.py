"""Whom a pended document waits for, by a reason code, and whose work a document is"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("waits_for", sa.String(), nullable=True))
    op.add_column("document", sa.Column("assigned_to", sa.String(), nullable=True))
    op.add_column("remark", sa.Column("code", sa.String(), nullable=True))
    op.create_index("document_assigned", "document", ["assigned_to", "state", "priority", "created_at"])
    op.execute(
        "UPDATE document SET waits_for = coalesce((SELECT kind FROM remark WHERE remark.document_id = document.id "
        "AND kind IN ('pend', 'query', 'escalate') ORDER BY remark.id DESC LIMIT 1), 'pend') WHERE state = 'pended'"
    )
