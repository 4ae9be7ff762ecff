"""Patients: numbers by authority, other names, history, merges, questions, hashed keys, patient search"""

import json

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from storage.foundation.tables.columns import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # columns one by one: rebuilding a table would drop it under the rows that point to it
    for name in ("city", "region", "said_at"):
        op.add_column("person", sa.Column(name, AutoString(), nullable=False, server_default=""))
    for name in ("names", "former", "other_mrns"):
        op.add_column("person", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("person", sa.Column("died", sa.Date(), nullable=True))
    op.execute("ALTER TABLE person ADD COLUMN survivor_id INTEGER REFERENCES person (id)")
    op.create_index("ix_person_survivor_id", "person", ["survivor_id"])
    _keep_aliases()
    op.drop_column("person", "aliases")

    op.create_table(
        "person_number",
        sa.Column("authority", AutoString(), nullable=False),
        sa.Column("value", AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("authority", "value"),
    )
    op.create_index("ix_person_number_person_id", "person_number", ["person_id"])
    op.execute(
        "INSERT INTO person_number (authority, value, person_id, is_current) SELECT '', mrn, id, true FROM person"
    )

    op.drop_table("person_key")  # made anew when the home is opened: storage/roster/keying.py
    op.create_table(
        "person_key",
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("value", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name_count",
        sa.Column("part", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("part", "name"),
    )
    op.execute(
        "CREATE VIRTUAL TABLE person_text USING fts5("
        "words, content='', contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
    )

    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loser_id", sa.Integer(), nullable=False),
        sa.Column("survivor_id", sa.Integer(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("encounters", sa.JSON(), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("merged_at", UtcTime(length=32), nullable=False),
        sa.Column("undone_at", UtcTime(length=32), nullable=True),
        sa.ForeignKeyConstraint(["loser_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["survivor_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_person_merge_loser_id", "person_merge", ["loser_id"])
    op.create_index("ix_person_merge_survivor_id", "person_merge", ["survivor_id"])
    op.create_table(
        "patient_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.Column("proposed_id", sa.Integer(), nullable=True),
        sa.Column("raised_at", UtcTime(length=32), nullable=False),
        sa.Column("answered_by", AutoString(), nullable=True),
        sa.Column("answered_at", UtcTime(length=32), nullable=True),
        sa.Column("answer", AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["before_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["proposed_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_patient_question_document_id", "patient_question", ["document_id"])

    op.create_table(
        "misfiling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("to_person_id", sa.Integer(), nullable=True),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("cause", AutoString(), nullable=False),
        sa.Column("proposed_by", AutoString(), nullable=False),
        sa.Column("proposed_at", UtcTime(length=32), nullable=False),
        sa.Column("confirmed_by", AutoString(), nullable=True),
        sa.Column("confirmed_at", UtcTime(length=32), nullable=True),
        sa.Column("withdrawn_at", UtcTime(length=32), nullable=True),
        sa.Column("type_code", AutoString(), nullable=False),
        sa.Column("filed_at", UtcTime(length=32), nullable=True),
        sa.Column("filed_blob_id", AutoString(), nullable=True),
        sa.Column("was_released", sa.Boolean(), nullable=False),
        sa.Column("verified_by", AutoString(), nullable=True),
        sa.Column("moved_to", sa.Integer(), nullable=True),
        sa.Column("seen_by", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["filed_blob_id"], ["blob.id"]),
        sa.ForeignKeyConstraint(["moved_to"], ["document.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_misfiling_document_id", "misfiling", ["document_id"])
    op.create_index("ix_misfiling_person_id", "misfiling", ["person_id"])

    for name in ("account", "service", "disposition"):
        op.add_column("encounter", sa.Column(name, AutoString(), nullable=False, server_default=""))
    op.add_column("encounter", sa.Column("is_cancelled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_encounter_account", "encounter", ["account"])
    op.add_column("candidate", sa.Column("evidence", sa.JSON(), nullable=False, server_default="[]"))


def _keep_aliases() -> None:
    connection = op.get_bind()
    for person_id, aliases in connection.execute(sa.text("SELECT id, aliases FROM person WHERE aliases != '[]'")).all():
        names = [{"kind": "former", "family": family, "given": ""} for family in json.loads(aliases)]
        connection.execute(
            sa.text("UPDATE person SET names = :names WHERE id = :id"), {"names": json.dumps(names), "id": person_id}
        )
