"""The one writer of a document's state."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage.custody import batches
from storage.documents.identity import check_says_the_same, find_encounter
from storage.documents.leases import check_holds, check_version, document_of
from storage.foundation import audit
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import DOCUMENT_MOVES, DocumentState, find_move
from storage.foundation.tables.documents import Document


def move(
    session: Session,
    document_id: int,
    event: str,
    actor: Actor,
    *,
    version: int | None = None,
    reason: str | None = None,
    blob: str | None = None,
    override_mismatch: bool = False,
    correction: int | None = None,
) -> Document:
    """Move a document along the table of states and write the audit event, in the caller's transaction.

    `version` is the row the person looked at; another save in between raises StaleSave.
    `blob` is the filed copy that a move to filed makes. `override_mismatch`, with a reason, approves in
    spite of fields that name somebody else or nobody; both are written into the log. `correction` is the confirmed
    proposal (storage/documents/misfiling.py) without which nothing leaves a chart.
    """
    check_can(actor, Action.VERIFY)
    document = document_of(session, document_id)
    check_version(document, version)
    row = find_move(DOCUMENT_MOVES, document.state, event, actor.acts_as)
    if event in ("misfile", "reopen") and correction is None:
        raise StateRefused("A wrong chart is corrected by two people: propose the correction first.")
    if row.before == DocumentState.TO_VERIFY:
        check_holds(document, actor)
    if event in ("approve", "self_file"):
        if document.person_id is None:
            raise StateRefused("Choose the patient first: a document is never filed to nobody.")
        document.encounter_id = find_encounter(session, document)
        check_says_the_same(session, document, override_mismatch=override_mismatch and bool(reason))
    before = document.state
    document.state = row.after
    document.why_waiting = reason if row.after not in (DocumentState.VERIFIED, DocumentState.FILED) else None
    document.version += 1
    document.updated_at = utc_now()
    if row.after != DocumentState.TO_VERIFY:
        document.claimed_by = document.lease_until = None
    if event == "approve":
        document.verified_by = actor.name
    session.add(document)
    audit.record(
        session,
        actor,
        event,
        f"document:{document_id}",
        before=before,
        after=row.after,
        person=document.person_id,
        version=document.version,
        reason=reason,
        blob=blob,
        override_mismatch=override_mismatch or None,
    )
    if row.after in (DocumentState.FILED, DocumentState.VOIDED):
        session.flush()
        batches.close_if_finished(session, document.batch_id)
    return document


def verified_ids(session: Session, until: datetime, limit: int = 200) -> list[int]:
    """Documents that were approved until this time and are not filed yet."""
    rows = session.exec(
        select(Document.id)
        .where(Document.state == DocumentState.VERIFIED, col(Document.updated_at) <= until)
        .order_by(col(Document.id))
        .limit(limit)
    )
    return [row for row in rows if row is not None]
