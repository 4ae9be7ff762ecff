"""Group verification: the same field of many documents at once, for back-files where one value is doubtful everywhere.

The documents are leased like any others, so nobody has them twice; what is confirmed here is a person's value with its
source, and the document itself is still approved at the desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from storage import claims, documents, viewing
from storage.documents import Correction
from storage.errors import NotAllowed, StateRefused
from storage.permissions import Action, Actor, check_can
from storage.tables import Document, FieldRow, utc_now

MOST = 50
"""Values in one grid: what fits on a screen and is overlooked by nobody."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in the grid: its document at the version that is looked at."""

    document_id: int
    version: int
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person says of one value: confirmed as it is, or typed otherwise; what was marked is left out."""

    document_id: int
    version: int
    value: str


def waiting(session: Session, actor: Actor, sure: float) -> list[tuple[str, int]]:
    """Fields with doubtful values in free documents, and how many, most first."""
    check_can(actor, Action.VERIFY)
    found = session.exec(
        select(FieldRow.name, func.count(func.distinct(FieldRow.document_id)))
        .join(Document, col(Document.id) == FieldRow.document_id)
        .where(*_is_doubtful(sure), *_is_free(actor))
        .group_by(FieldRow.name)
        .order_by(func.count(func.distinct(FieldRow.document_id)).desc())
    )
    return [(name, count) for name, count in found]


def take(session: Session, actor: Actor, name: str, sure: float, type_code: str = "", most: int = MOST) -> list[Cell]:
    """Lease documents whose value of this field is doubtful, the most urgent first, and give those values."""
    check_can(actor, Action.VERIFY)
    query = (
        select(Document)
        .join(FieldRow, col(FieldRow.document_id) == Document.id)
        .where(FieldRow.name == name, *_is_doubtful(sure), *_is_free(actor))
        .order_by(col(Document.priority), col(Document.created_at), col(Document.id))
        .distinct()
        .limit(most)
    )
    if type_code:
        query = query.where(Document.type_code == type_code)
    cells = []
    for document in session.exec(query).all():
        assert document.id is not None
        row = next((row for row in documents.current_fields(session, document.id) if row.name == name), None)
        if row is None or not row.value or (row.confidence >= sure and row.is_valid):
            continue  # a better value of another place counts
        claims.lease(session, document, actor)
        try:
            viewing.check_may_see(session, document, actor)
        except NotAllowed:
            claims.release(session, [document.id], actor)
            continue
        cells.append(Cell(document.id, document.version, row.value))
    return cells


def confirm(session: Session, name: str, entries: Sequence[Entry], actor: Actor) -> int:
    """Keep what a person said of these values, and give the documents back to the work list; how many were kept.

    All or none: StaleSave or StateRefused when somebody changed one of them meanwhile.
    """
    if not entries:
        raise StateRefused("Nothing is left to confirm: every value is marked.")
    for entry in entries:
        documents.save_corrections(
            session, entry.document_id, [Correction(name, entry.value, is_confirmed=True)], actor, version=entry.version
        )
    claims.release(session, [entry.document_id for entry in entries], actor)
    return len(entries)


def _is_doubtful(sure: float) -> tuple[ColumnElement[bool], ...]:
    return (
        col(FieldRow.is_current).is_(True),
        col(FieldRow.page).is_not(None),
        col(FieldRow.value) != "",
        or_(col(FieldRow.confidence) < sure, col(FieldRow.is_valid).is_(False)),
        ~col(FieldRow.source).like("person:%"),
    )


def _is_free(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Document.state) == "to_verify",
        or_(
            col(Document.claimed_by).is_(None),
            col(Document.claimed_by) == actor.name,
            col(Document.lease_until) < utc_now(),
        ),
    )
