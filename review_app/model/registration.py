"""The queue of registration: documents of patients who are not on the list, with the values that were read on them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from review_app.model import exports
from storage.desk.waiting import OTHER, REASONS
from storage.documents import viewing
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.desk import Remark, RemarkKind
from storage.foundation.tables.documents import Document, FieldRow

VALUES = ("name", "dob", "sex", "mrn", "encounter", "member_id", "payer", "phone", "address")
"""What registration needs of a document, in the order of the list."""

MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """One document that waits for its patient to be registered; `values` are those of VALUES, empty where none was read.
    Of one that is protected from this person nothing is shown."""

    id: int
    values: tuple[str, ...]
    reason: str = ""
    remark: str = ""
    sent_by: str = ""
    sent_at: datetime | None = None
    due: date | None = None
    is_shown: bool = True


def look(home: Home, actor: Actor, *, told: frozenset[int] = frozenset()) -> tuple[RegistrationRow, ...]:
    """What waits for registration, the longest waiting first.

    Of a protected document that this person may not open, no value is shown. What was not shown before (`told`) is told in
    the log.
    """
    check_can(actor, Action.VERIFY)
    with home.writing() as session:
        documents = session.exec(
            select(Document)
            .where(Document.state == DocumentState.PENDED, Document.waits_for == RemarkKind.REGISTER)
            .order_by(col(Document.updated_at))
            .limit(MOST_ROWS)
        ).all()
        ids = [document.id for document in documents]
        open_to = [d.id for d in documents if viewing.may_open(session, d, actor)]
        values, said = _values(session, open_to), _said(session, ids)
        if new := sorted(set(open_to) - told):
            audit.record(session, actor, AuditAction.VIEW_LIST, "list:registration", list="registration", documents=new)
    return tuple(
        _row(number, values.get(number, {}), said.get(number))
        if number in open_to
        else RegistrationRow(number, ("protected", *("" for _ in VALUES[1:])), is_shown=False)
        for number in ids
    )


def note_saved(home: Home, actor: Actor, rows: tuple[RegistrationRow, ...]) -> None:
    """Tell the log that the list, with its values, was saved as a file."""
    exports.note_export(home, actor, "registration", len(rows), [row.id for row in rows if row.is_shown])


def _values(session: Session, ids: list[int]) -> dict[int, dict[str, str]]:
    rows = session.exec(
        select(FieldRow).where(
            col(FieldRow.document_id).in_(ids), col(FieldRow.is_current).is_(True), col(FieldRow.name).in_(VALUES)
        )
    )
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row.document_id, {})[row.name] = row.value
    return found


def _said(session: Session, ids: list[int]) -> dict[int, Remark]:
    last = (
        select(func.max(Remark.id))
        .where(Remark.kind == RemarkKind.REGISTER, col(Remark.document_id).in_(ids))
        .group_by(col(Remark.document_id))
    )
    return {row.document_id: row for row in session.exec(select(Remark).where(col(Remark.id).in_(last)))}


def _row(document_id: int, values: dict[str, str], said: Remark | None) -> RegistrationRow:
    return RegistrationRow(
        document_id,
        tuple(values.get(name, "") for name in VALUES),
        REASONS[RemarkKind.REGISTER][said.code or OTHER] if said else "",
        said.text if said else "",
        said.said_by if said else "",
        said.said_at if said else None,
        said.due if said else None,
    )
