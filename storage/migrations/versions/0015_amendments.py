"""A filed document is kept version by version, and is amended; what is filed already is its version 1"""

import json

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from storage.foundation.tables.columns import UtcTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_RULES = (
    """CREATE TRIGGER filed_version_no_update BEFORE UPDATE ON filed_version
       BEGIN SELECT RAISE(ABORT, 'a filed version is never changed'); END""",
    """CREATE TRIGGER filed_version_no_delete BEFORE DELETE ON filed_version
       BEGIN SELECT RAISE(ABORT, 'a filed version is never deleted'); END""",
    """CREATE TRIGGER amendment_no_delete BEFORE DELETE ON amendment
       BEGIN SELECT RAISE(ABORT, 'an amendment is never deleted'); END""",
    # While it is amended the filed version stays in the chart; only a correction of a wrong chart takes it out.
    """CREATE TRIGGER document_stays_in_chart BEFORE UPDATE OF filed_version_id ON document
       WHEN OLD.filed_version_id IS NOT NULL AND NEW.filed_version_id IS NULL AND OLD.state <> 'misfiled'
       BEGIN SELECT RAISE(ABORT, 'a filed version leaves the chart only as misfiled'); END""",
)


def upgrade() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("of_number", sa.Integer(), nullable=False),
        sa.Column("reason_code", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("opened_by", AutoString(), nullable=False),
        sa.Column("opened_at", UtcTime(length=32), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("came", sa.JSON(), nullable=False),
        sa.Column("ended_by", AutoString(), nullable=True),
        sa.Column("ended_at", UtcTime(length=32), nullable=True),
        sa.Column("outcome", AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_amendment_document_id", "amendment", ["document_id"])
    op.create_index(
        "amendment_open", "amendment", ["document_id"], unique=True, sqlite_where=sa.text("outcome IS NULL")
    )
    op.create_table(
        "filed_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("filed_at", UtcTime(length=32), nullable=False),
        sa.Column("filed_by", AutoString(), nullable=False),
        sa.Column("verified_by", AutoString(), nullable=True),
        sa.Column("amendment_id", sa.Integer(), nullable=True),
        sa.Column("blob_id", AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("encounter_id", sa.Integer(), nullable=True),
        sa.Column("type_code", AutoString(), nullable=False),
        sa.Column("service_date", AutoString(), nullable=True),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"]),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounter.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "number"),
    )
    op.add_column("document", sa.Column("filed_version_id", sa.Integer(), nullable=True))
    _give_the_filed_their_first_version()
    for statement in _RULES:
        op.execute(statement)


def _give_the_filed_their_first_version() -> None:
    connection = op.get_bind()
    filed = connection.exec_driver_sql(
        "SELECT id, batch_id, filed_at, verified_by, filed_blob_id, person_id, encounter_id, type_code, service_date, labels "
        "FROM document WHERE state = 'filed' AND filed_blob_id IS NOT NULL ORDER BY id"
    ).all()
    for document_id, batch_id, filed_at, verified_by, blob, person, visit, kind, day, labels in filed:
        made = connection.exec_driver_sql(
            "INSERT INTO filed_version (document_id, number, filed_at, filed_by, verified_by, blob_id, person_id, "
            "encounter_id, type_code, service_date, labels, pages, fields) "
            "VALUES (?, 1, ?, 'machine', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document_id, filed_at, verified_by, blob, person, visit, kind, day, labels,
                json.dumps(_pages_of(connection, document_id, batch_id)), json.dumps(_values_of(connection, document_id)),
            ),
        )  # fmt: skip
        connection.exec_driver_sql(
            "UPDATE document SET filed_version_id = ? WHERE id = ?", (made.lastrowid, document_id)
        )


def _pages_of(connection: sa.Connection, document_id: int, batch_id: int) -> list[dict[str, object]]:
    rows = connection.exec_driver_sql(
        "SELECT page.id, page.batch_id, page.number, replaced.number, page.reading_id, (page.turn - page.read_turn + 360) % 360 "
        "FROM page LEFT JOIN page AS replaced ON replaced.id = page.replaces_id "
        "WHERE page.document_id = ? ORDER BY page.position, page.number",
        (document_id,),
    )
    return [
        {
            "page": page,
            "label": number if of == batch_id else replaced if replaced is not None else 10_000 + number,
            "reading": reading,
            "turn": turn,
        }
        for page, of, number, replaced, reading, turn in rows
    ]


def _values_of(connection: sa.Connection, document_id: int) -> list[dict[str, object]]:
    rows = connection.exec_driver_sql(
        "SELECT name, value, page, box, source, confidence FROM field_value WHERE document_id = ? AND is_current "
        "ORDER BY confidence DESC, id DESC",
        (document_id,),
    )
    best: dict[str, dict[str, object]] = {}
    for name, value, page, box, source, confidence in rows:
        found = {
            "name": name,
            "value": value,
            "page": page,
            "box": json.loads(box),
            "source": source,
            "confidence": confidence,
        }
        best.setdefault(name, found)
    return list(best.values())
