"""Learning: versions of the type model, what the machine thought of each document, sensitivity labels"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

import storage.tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "type_model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blob_id", AutoString(), nullable=False),
        sa.Column("made_at", storage.tables.UtcTime(length=32), nullable=False),
        sa.Column("made_by", AutoString(), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.Integer(), nullable=False),
        sa.Column("frozen_right", sa.Integer(), nullable=False),
        sa.Column("before_right", sa.Integer(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("document") as batch_op:
        batch_op.add_column(sa.Column("type_is_sure", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("type_guesses", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("labels", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("model_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("machine_person_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("document_model", "type_model", ["model_id"], ["id"])
        batch_op.create_foreign_key("document_machine_person", "person", ["machine_person_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("document") as batch_op:
        batch_op.drop_constraint("document_machine_person", type_="foreignkey")
        batch_op.drop_constraint("document_model", type_="foreignkey")
        for name in ("machine_person_id", "model_id", "labels", "type_guesses", "type_is_sure"):
            batch_op.drop_column(name)
    op.drop_table("type_model")
