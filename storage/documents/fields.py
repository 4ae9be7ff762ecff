"""Values of a document: the machine's and a person's, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from classify import doctypes
from classify.fields.table import title_of
from classify.validation import DATES
from storage.documents import access
from storage.documents.leases import document_of, leased_document
from storage.documents.takenout import taken_out_of
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused, ValueRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.documents import CandidateRow, FieldRow
from storage.foundation.tables.roster import Person
from storage.roster import openmatches

TYPE = "type"
"""The name of the kind of document among the names of fields."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A field value entered by a technician. `is_confirmed`: record it as theirs even if unchanged. `is_valid`: it is what the
    field can be (classify/validation.py); one that is not was kept as the paper shows it, with a reason."""

    name: str
    value: str
    is_confirmed: bool = False
    is_valid: bool = True


def save_corrections(
    session: Session,
    document_id: int,
    corrections: Iterable[Correction],
    actor: Actor,
    *,
    version: int,
    type_code: str | None = None,
) -> int:
    """Keep a technician's values beside the machine's; gives the document's new version.

    The old value stays as a row that is not current; the audit line holds keyed hashes only.
    """
    check_can(actor, Action.VERIFY)
    document = leased_document(session, document_id, actor, version)
    current = {row.name: row for row in current_fields(session, document_id)}
    changed: set[str] = set()
    blind = session.info["keys"].blind_hash
    for change in corrections:
        old = current.get(change.name)
        is_same = change.value == (old.value if old else "")
        if is_same and not change.is_confirmed:
            continue
        changed.add(change.name)
        _check_day(change)
        if old is not None:
            old.is_current = False
            session.add(old)
        session.add(
            FieldRow(
                document_id=document_id,
                name=change.name,
                value=change.value,
                raw=old.raw if old else "",
                confidence=1.0,
                page=old.page if old else None,
                box=old.box if old else [],
                source=f"person:{actor.name}",
                is_valid=change.is_valid,
            )
        )
        if change.name == "service_date":
            document.service_date = change.value or None
        audit.record(
            session,
            actor,
            AuditAction.CONFIRM if is_same else AuditAction.CORRECT,
            f"document:{document_id}",
            field=change.name,
            before=blind(old.value) if old else None,
            after=blind(change.value),
            off_mask=None if change.is_valid else 1,
        )
    if type_code and type_code != document.type_code:
        if type_code not in doctypes.chart_order():
            raise StateRefused("There is no such document type.")
        before, labels = document.type_code, {label["code"] for label in document.labels}
        document.type_code, document.type_confidence, document.type_is_sure = type_code, 1.0, True
        document.type_seen_by = actor.name
        access.relabel(session, document)
        now = {label["code"] for label in document.labels}
        audit.record(
            session, actor, AuditAction.RETYPE, f"document:{document_id}", before=before, after=type_code,
            labelled=sorted(now - labels), unlabelled=sorted(labels - now),
        )  # fmt: skip
    document.version += 1
    document.updated_at = utc_now()
    session.add(document)
    if changed & openmatches.ASKED_BY:
        openmatches.look_for(session, document_id)
    return document.version


def _check_day(change: Correction) -> None:
    """Days are kept as ISO 8601 says or not at all, whoever asks: charts are sorted and compared by them."""
    if change.name not in DATES or not change.value:
        return
    try:
        date.fromisoformat(change.value)
    except ValueError as error:
        raise ValueRefused(f"{title_of(change.name)}: “{change.value}” is no date.", change.name) from error


def note_seen(session: Session, document_id: int, names: Iterable[str], actor: Actor) -> None:
    """Keep at which values of the machine this person's cursor stood; `type` is the kind of document.

    Accuracy counts what somebody looked at, and nothing else (storage/learning/seen.py).
    """
    check_can(actor, Action.VERIFY)
    seen = set(names)
    for row in current_fields(session, document_id):
        if row.name in seen and row.seen_by is None and not row.source.startswith("person:"):
            row.seen_by = actor.name
            session.add(row)
    document = document_of(session, document_id)
    if TYPE in seen and document.type_seen_by is None:
        document.type_seen_by = actor.name
        session.add(document)


def current_fields(session: Session, document_id: int) -> list[FieldRow]:
    """The values of a document that count now, one a field name and best first."""
    rows = session.exec(
        select(FieldRow)
        .where(FieldRow.document_id == document_id, col(FieldRow.is_current).is_(True))
        .order_by(col(FieldRow.confidence).desc(), col(FieldRow.id).desc())
    )
    best: dict[str, FieldRow] = {}
    for row in rows:
        best.setdefault(row.name, row)
    return list(best.values())


def candidates_of(session: Session, document_id: int) -> list[tuple[CandidateRow, Person]]:
    """Who it may be, best first; last of all whoever's chart its pages were taken out of."""
    rows = session.exec(
        select(CandidateRow, Person)
        .where(CandidateRow.document_id == document_id, CandidateRow.person_id == Person.id)
        .order_by(col(CandidateRow.rank))
    ).all()
    wrong = taken_out_of(session, document_id) if rows else frozenset()
    return sorted(rows, key=lambda pair: pair[1].id in wrong)
