"""What people write about a document, and the history of each of its values."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.documents import viewing
from storage.documents.leases import document_of
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.desk import Remark, RemarkKind
from storage.foundation.tables.documents import FieldRow
from storage.foundation.typed import typed_text


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that a field had: who gave it, when, and whether it counts now."""

    value: str
    by: str
    at: datetime
    is_current: bool


def comment(session: Session, document_id: int, text: str, actor: Actor) -> None:
    """Write something about a document for whoever has it next."""
    check_can(actor, Action.VERIFY)
    viewing.check_may_see(session, document_of(session, document_id), actor)
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
