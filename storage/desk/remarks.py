"""What people write about a document, why it waits, and the history of each of its values."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.documents import moves
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.desk import Remark, RemarkKind
from storage.foundation.tables.documents import Document, FieldRow
from storage.foundation.typed import typed_text

WAITS = (RemarkKind.PEND, RemarkKind.QUERY, RemarkKind.ESCALATE)
"""Ways to put a document aside: it lacks something; a provider is asked; a supervisor decides."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that a field had: who gave it, when, and whether it counts now."""

    value: str
    by: str
    at: datetime
    is_current: bool


def put_aside(
    session: Session, document_id: int, kind: str, text: str, actor: Actor, *, version: int, due: date | None = None
) -> Document:
    """Pend a document, for a provider's answer or a supervisor's word too, with a reason and a day to look again."""
    check_can(actor, Action.VERIFY)
    if kind not in WAITS:
        raise StateRefused("A document is pended, queried or escalated.")
    if due is not None and due < date.today():  # noqa: DTZ011 - a working day here, not an instant
        raise StateRefused("The due date is past. Choose today or later.")
    text = _checked(text)
    session.add(Remark(document_id=document_id, kind=kind, text=text, due=due, said_by=actor.name))
    return moves.move(session, document_id, "pend", actor, version=version, reason=text)


def comment(session: Session, document_id: int, text: str, actor: Actor) -> None:
    """Write something about a document for whoever has it next."""
    check_can(actor, Action.VERIFY)
    session.add(Remark(document_id=document_id, kind=RemarkKind.COMMENT, text=_checked(text), said_by=actor.name))


def remarks_of(session: Session, document_id: int) -> list[Remark]:
    """Everything that was written about a document, oldest first."""
    return list(session.exec(select(Remark).where(Remark.document_id == document_id).order_by(col(Remark.id))))


def history_of(session: Session, document_id: int, name: str) -> list[FieldChange]:
    """Every value that a field had, oldest first: what the machine read, and what people made of it."""
    rows = session.exec(
        select(FieldRow)
        .where(FieldRow.document_id == document_id, FieldRow.name == name)
        .order_by(col(FieldRow.created_at), col(FieldRow.id))
    )
    return [FieldChange(row.value, _who(row.source), row.created_at, row.is_current) for row in rows]


def _who(source: str) -> str:
    return source.removeprefix("person:") if source.startswith("person:") else f"machine ({source})"


def _checked(text: str) -> str:
    text = typed_text(text)
    if not text:
        raise StateRefused("Please give a reason.")
    return text
