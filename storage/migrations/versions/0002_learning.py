"""Learning: versions of the type model, what the machine thought of each document, sensitivity labels"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from storage.foundation.tables.columns import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "type_model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blob_id", AutoString(), nullable=False),
        sa.Column("made_at", UtcTime(length=32), nullable=False),
        sa.Column("made_by", AutoString(), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.Integer(), nullable=False),
        sa.Column("frozen_right", sa.Integer(), nullable=False),
        sa.Column("before_right", sa.Integer(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    # added one by one: rebuilding the table would drop it under the rows that point to it
    op.add_column("document", sa.Column("type_is_sure", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("document", sa.Column("type_guesses", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("document", sa.Column("labels", sa.JSON(), nullable=False, server_default="[]"))
    op.execute("ALTER TABLE document ADD COLUMN model_id INTEGER REFERENCES type_model (id)")
    op.execute("ALTER TABLE document ADD COLUMN machine_person_id INTEGER REFERENCES person (id)")
