"""Group verification: the same field of many documents at once, for back-files where one value is doubtful everywhere.

The documents are leased like any others, so nobody has them twice; what is confirmed here is a person's value with its
source, and the document itself is still approved at the desk.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from classify import doctypes
from classify.fields.table import carries
from storage.documents import fields, leases, viewing
from storage.documents.fields import Correction
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.documents import Document, FieldRow

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
    how_many = func.count(func.distinct(FieldRow.document_id))
    found = session.exec(
        select(FieldRow.name, Document.type_code, how_many)
        .join(Document, col(Document.id) == FieldRow.document_id)
        .where(*_is_doubtful(sure), *_is_free(actor))
        .group_by(FieldRow.name, Document.type_code)
    )
    counted: Counter[str] = Counter()
    for name, code, count in found:
        if code in _kinds_with(name):
            counted[name] += count
    return counted.most_common()


def take(
    session: Session,
    actor: Actor,
    name: str,
    sure: float,
    type_code: str = "",
    skip: Iterable[int] = (),
    most: int = MOST,
) -> list[Cell]:
    """Lease documents whose value of this field is doubtful, the most urgent first, and give those values; `skip` are those
    that this person marked and leaves to the desk."""
    check_can(actor, Action.VERIFY)
    query = (
        select(Document)
        .join(FieldRow, col(FieldRow.document_id) == Document.id)
        .where(FieldRow.name == name, *_is_doubtful(sure), *_is_free(actor), col(Document.id).not_in(list(skip)))
        .where(col(Document.type_code).in_(_kinds_with(name)))
        .order_by(col(Document.priority), col(Document.created_at), col(Document.id))
        .distinct()
        .limit(most)
    )
    if type_code:
        query = query.where(Document.type_code == type_code)
    cells = []
    for document in session.exec(query).all():
        leases.lease(session, document, actor)
        try:
            viewing.check_may_see(session, document, actor)
        except NotAllowed:
            leases.end_leases(session, [document.id], actor)
            continue
        row = next(row for row in fields.current_fields(session, document.id) if row.name == name)
        cells.append(Cell(document.id, document.version, row.value))
    return cells


def confirm(session: Session, name: str, entries: Sequence[Entry], actor: Actor) -> int:
    """Keep what a person said of these values, and give the documents back to the work list; how many were kept.

    All or none: StaleSave or StateRefused when somebody changed one of them meanwhile.
    """
    if not entries:
        raise StateRefused("Nothing is left to confirm: every value is marked.")
    for entry in entries:
        if not any(row.name == name for row in fields.current_fields(session, entry.document_id)):
            raise StateRefused(f"Document {entry.document_id} has no such field.")
        if not entry.value:
            raise StateRefused(
                f"The value of document {entry.document_id} is empty. Type it, or mark it with Delete for the desk."
            )
        fields.save_corrections(
            session, entry.document_id, [Correction(name, entry.value, is_confirmed=True)], actor, version=entry.version
        )
    leases.end_leases(session, [entry.document_id for entry in entries], actor)
    return len(entries)


def _kinds_with(name: str) -> list[str]:
    """Kinds of document that carry this field: on the others nobody is asked about it."""
    return [kind.code for kind in doctypes.table() if carries(kind.code, kind.section, name)]


def _is_doubtful(sure: float) -> tuple[ColumnElement[bool], ...]:
    """A value that nobody has typed or confirmed, with no better one of the same field in its document."""
    other = aliased(FieldRow)
    better = (
        select(other.id)
        .where(
            other.document_id == FieldRow.document_id,
            other.name == FieldRow.name,
            col(other.is_current).is_(True),
            or_(col(other.source).like("person:%"), and_(col(other.confidence) >= sure, col(other.is_valid).is_(True))),
        )
        .exists()
    )
    return (
        col(FieldRow.is_current).is_(True),
        col(FieldRow.page).is_not(None),
        col(FieldRow.value) != "",
        or_(col(FieldRow.confidence) < sure, col(FieldRow.is_valid).is_(False)),
        ~better,
    )


def _is_free(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Document.state) == DocumentState.TO_VERIFY,
        or_(
            col(Document.claimed_by).is_(None),
            col(Document.claimed_by) == actor.name,
            col(Document.lease_until) < utc_now(),
        ),
        or_(col(Document.assigned_to).is_(None), col(Document.assigned_to) == actor.name),
    )
