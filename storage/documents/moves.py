"""The one writer of a document's state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.custody import batches
from storage.documents import amendments
from storage.documents.identity import check_says_the_same, find_encounter
from storage.documents.leases import check_holds, check_version, document_of
from storage.foundation import audit
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import MACHINE, Action, Actor, check_can
from storage.foundation.states import DOCUMENT, DocumentState, Effect, Guard
from storage.foundation.tables.documents import Document, Misfiling
from storage.foundation.tables.versions import FiledVersion
from storage.foundation.typed import typed_reason
from storage.roster import openmatches


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A move that somebody wants to make, as the guards see it."""

    session: Session
    document: Document
    actor: Actor
    insists: bool  # approves in spite of fields that differ, with a reason
    correction: int | None


def move(
    session: Session,
    document_id: int,
    event: str,
    actor: Actor,
    *,
    version: int | None = None,
    reason: str | None = None,
    override_mismatch: bool = False,
    correction: int | None = None,
) -> Document:
    """Move a document along the table of states and write the audit event, in the caller's transaction.

    `version` is the row the person looked at; another save in between raises StaleSave. `override_mismatch`, with a
    reason, approves in spite of fields that name somebody else or nobody; both are written into the log. `correction` is
    the confirmed proposal (storage/documents/misfiling.py) without which nothing leaves a chart.
    """
    check_can(actor, Action.VERIFY)
    document = document_of(session, document_id)
    check_version(document, version)
    if override_mismatch and reason:
        reason = typed_reason(reason, why="it is kept in the log beside what differs")
    row = DOCUMENT.find(document.state, event, actor.acts_as)
    attempt = _Attempt(session, document, actor, override_mismatch and bool(reason), correction)
    for guard in row.guards:
        _GUARDS[guard](attempt)
    for effect in row.effects:
        _EFFECTS[effect](attempt)
    document.state = row.after
    document.why_waiting = reason if row.after not in (DocumentState.VERIFIED, DocumentState.FILED) else None
    document.waits_for = event if row.after == DocumentState.PENDED else None
    if row.after not in openmatches.IN_REVIEW:
        document.assigned_to = None
    document.version += 1
    document.updated_at = utc_now()
    if row.after != DocumentState.TO_VERIFY:
        document.claimed_by = document.lease_until = None
    session.add(document)
    if row.after not in openmatches.IN_REVIEW:
        openmatches.forget(session, document_id)
    audit.record(
        session,
        actor,
        event,
        f"document:{document_id}",
        before=row.before,
        after=row.after,
        person=document.person_id,
        version=document.version,
        reason=reason,
        blob=document.filed_blob_id if row.after == DocumentState.FILED else None,
        filed_version=_version_in_chart(session, document),
        override_mismatch=override_mismatch or None,
    )
    if row.after in (DocumentState.FILED, DocumentState.VOIDED):
        session.flush()
        batches.close_if_finished(session, document.batch_id)
    return document


def _version_in_chart(session: Session, document: Document) -> int | None:
    version = session.get(FiledVersion, document.filed_version_id) if document.filed_version_id is not None else None
    return version.number if version is not None else None


def can_file_itself(session: Session, document: Document) -> bool:
    """Whether every guard of that move would let the document go as it is now; nothing is moved."""
    row = DOCUMENT.find(document.state, "self_file", MACHINE.acts_as)
    attempt = _Attempt(session, document, MACHINE, insists=False, correction=None)
    try:
        for guard in row.guards:
            _GUARDS[guard](attempt)
    except StateRefused:
        return False
    return True


def _check_has_patient(attempt: _Attempt) -> None:
    if attempt.document.person_id is None:
        raise StateRefused("Choose the patient first: a document is never filed to nobody.")


def _check_is_corrected(attempt: _Attempt) -> None:
    proposal = attempt.session.get(Misfiling, attempt.correction) if attempt.correction is not None else None
    if proposal is None or proposal.confirmed_at is None or proposal.document_id != attempt.document.id:
        raise StateRefused("A wrong chart is corrected by two people: propose the correction first.")


def _check_is_amended(attempt: _Attempt) -> None:
    if amendments.open_of(attempt.session, attempt.document.id) is None:
        raise StateRefused("A filed document is amended by opening an amendment of it, with a reason.")


_GUARDS: dict[Guard, Callable[[_Attempt], None]] = {
    Guard.HOLDS_LEASE: lambda attempt: check_holds(attempt.document, attempt.actor),
    Guard.HAS_PATIENT: _check_has_patient,
    Guard.FIELDS_AGREE: lambda attempt: check_says_the_same(
        attempt.session, attempt.document, override_mismatch=attempt.insists
    ),
    Guard.CONFIRMED_CORRECTION: _check_is_corrected,
    Guard.BEING_AMENDED: _check_is_amended,
}


def _find_visit(attempt: _Attempt) -> None:
    attempt.document.encounter_id = find_encounter(attempt.session, attempt.document)


def _name_verifier(attempt: _Attempt) -> None:
    attempt.document.verified_by = attempt.actor.name


_EFFECTS: dict[Effect, Callable[[_Attempt], None]] = {
    Effect.FIND_VISIT: _find_visit,
    Effect.NAME_VERIFIER: _name_verifier,
}


def verified_ids(session: Session, until: datetime, limit: int = 200) -> list[int]:
    """Documents that were approved until this time and are not filed yet."""
    rows = session.exec(
        select(Document.id)
        .where(Document.state == DocumentState.VERIFIED, col(Document.updated_at) <= until)
        .order_by(col(Document.id))
        .limit(limit)
    )
    return [row for row in rows if row is not None]
