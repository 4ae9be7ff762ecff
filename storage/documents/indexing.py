"""What the machine believes about a batch becomes documents, page for page."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, delete, select, update

from classify.anchored.evidence import SOURCE
from classify.autofile import objections
from classify.doubts import DoubtCode, is_seen_before
from classify.guess import Decision, DocumentGuess, FieldValue, FileGuess, PatientMatch, TypeGuess
from ocr.page import FINE, Box
from storage.custody import pages
from storage.documents import access, moves, repeats
from storage.documents.takenout import not_linked_again
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import MACHINE
from storage.foundation.states import Disposition, DocumentState
from storage.foundation.tables.custody import Batch, Page
from storage.foundation.tables.documents import CandidateRow, Document, FieldRow
from storage.roster import openmatches, visits

PORTION = 25
"""Documents entered in one transaction: a tenth of a second of a lock that a technician's save may wait for (measured)."""

MOST_OFFERED = 9
"""Candidates kept of a document: the station has a digit for each."""

_BEING_ENTERED = timedelta(days=36_500)
"""How long the machine holds the documents of a batch that is being entered; the last portion lets go of them."""


def enter_guess(session: Session, batch: Batch, guess: FileGuess, model_id: int | None = None) -> list[int]:
    """Replace what the machine believed about a batch by a new belief, page for page, in one transaction.

    Runs inside the step that indexes; documents people have touched are not in a batch that is
    indexed again. Every page gets exactly one place; a page the guess forgot is held.
    """
    batch_id = batch.id
    assert batch_id is not None
    while forget_some(session, batch_id):
        pass
    made = enter_some(session, batch_id, guess.documents, model_id)
    place_others(session, batch_id, guess)
    return made


def enter_some(
    session: Session, batch_id: int, documents: Sequence[DocumentGuess], model_id: int | None = None
) -> list[int]:
    """Enter some documents of a batch. Until `place_others` lets go of them the machine holds them, so that nobody works
    on a batch that a kill leaves half entered and that is entered anew."""
    rows: dict[int, Page] = {}
    for some in pages.batched([number for document in documents for number in document.pages]):
        here = select(Page).where(Page.batch_id == batch_id, col(Page.number).in_(some))
        rows |= {row.number: row for row in session.exec(here)}
    return [_enter_document(session, batch_id, document, rows, model_id) for document in documents]


def place_others(session: Session, batch_id: int, guess: FileGuess) -> None:
    """Give every page that is in no document its place, and the documents of the batch to the people."""
    session.flush()
    for numbers, disposition in ((guess.separators, Disposition.SEPARATOR), (guess.blanks, Disposition.BLANK)):
        pages.place(session, batch_id, disposition, numbers)
    session.exec(
        update(Page)
        .where(col(Page.batch_id) == batch_id, col(Page.disposition) == Disposition.WAITING)
        .values(disposition=Disposition.HELD, reason="no document claimed this page")
    )
    session.exec(
        update(Document)
        .where(col(Document.batch_id) == batch_id, col(Document.claimed_by) == MACHINE.name)
        .values(claimed_by=None, lease_until=None)
    )


def _enter_document(
    session: Session, batch_id: int, guess: DocumentGuess, rows: dict[int, Page], model_id: int | None
) -> int:
    outcomes = [rows[number].outcome for number in guess.pages]
    document = Document(
        batch_id=batch_id,
        type_code=guess.type.code,
        model_id=model_id,
        outcome=next((o for o in outcomes if o not in FINE), "ok"),
        claimed_by=MACHINE.name,
        lease_until=utc_now() + _BEING_ENTERED,
    )
    describe(session, document, guess)
    session.add(document)
    session.flush()
    for position, number in enumerate(guess.pages):
        row = rows[number]
        row.disposition, row.document_id, row.position = Disposition.DOCUMENT, document.id, position
    enter_values(session, document.id, guess)
    openmatches.keep(session, document, guess)
    document.would_file_itself = not objections(guess, document.outcome) and moves.can_file_itself(session, document)
    audit.record(
        session,
        MACHINE,
        AuditAction.INDEX,
        f"document:{document.id}",
        after=document.state,
        batch=batch_id,
        pages=list(guess.pages),
        type=guess.type.code,
        decision=guess.match.decision,
        person=document.person_id,
    )
    return document.id


def describe(session: Session, document: Document, guess: DocumentGuess) -> None:
    """What the machine believes of a document into its row; a patient that a person confirmed stays."""
    service = guess.best("service_date") or guess.best("discharge_date") or guess.best("admit_date")
    document.type_code, document.type_confidence = guess.type.code, guess.type.confidence
    document.type_is_sure = guess.type.is_sure
    document.type_guesses = [_type_record(kind) for kind in (guess.type, *guess.other_types)]
    document.labels = access.rows_of(guess.labels)
    came_before = [flag for flag in document.flags or () if is_seen_before(flag)]
    document.flags = list(dict.fromkeys((*(str(doubt) for doubt in guess.doubts), *came_before)))
    document.has_handwriting = any(doubt.code is DoubtCode.HANDWRITING for doubt in guess.doubts)
    document.service_date = _typed_day(session, document, service.value if service and service.is_valid else None)
    if document.decision == Decision.CONFIRMED:
        return
    match = not_linked_again(session, document.id, guess.match)
    person_id = match.candidates[0].person.id if match.decision == Decision.LINKED else None
    numbers = [guess.encounter or "", *(v.value for v in guess.fields if v.name in ("encounter", "account"))]
    document.decision, document.decision_reasons = match.decision, list(match.reasons)
    document.person_id = document.machine_person_id = person_id
    document.encounter_id = visits.stay_of(session, person_id, numbers, document.service_date) if person_id else None


def _typed_day(session: Session, document: Document, read: str | None) -> str | None:
    """The date of service that a person typed, else the one that was read."""
    typed = select(FieldRow.value).where(
        FieldRow.document_id == document.id,
        FieldRow.name == "service_date",
        col(FieldRow.is_current).is_(True),
        col(FieldRow.source).like("person:%"),
    )
    found = session.exec(typed).first() if document.id is not None else None
    return read if found is None else found or None


def enter_values(session: Session, document_id: int, guess: DocumentGuess) -> None:
    """The machine's values and candidates of a document; where a person gave a value, that one counts."""
    typed = select(FieldRow.name).where(FieldRow.document_id == document_id, col(FieldRow.is_current).is_(True))
    by_hand = set(session.exec(typed))
    for value in guess.fields:
        row = _field_row(document_id, value)
        row.is_current = value.name not in by_hand
        session.add(row)
    enter_candidates(session, document_id, guess.match)


def enter_from_list(session: Session, document_id: int, values: Sequence[FieldValue]) -> None:
    """Values that the patient list gave when a document was matched again, in place of those that it gave before."""
    session.exec(delete(FieldRow).where(col(FieldRow.document_id) == document_id, col(FieldRow.source) == SOURCE))
    current = select(FieldRow.name).where(
        FieldRow.document_id == document_id,
        col(FieldRow.is_current).is_(True),
        col(FieldRow.source).like("person:%"),
    )
    by_hand = set(session.exec(current))
    for value in values:
        if value.source == SOURCE:
            row = _field_row(document_id, value)
            row.is_current = value.name not in by_hand
            session.add(row)


def enter_candidates(session: Session, document_id: int, match: PatientMatch) -> None:
    """Who it may be by the patient list, best first, in place of who it might have been before."""
    session.exec(delete(CandidateRow).where(col(CandidateRow.document_id) == document_id))
    for rank, candidate in enumerate(match.candidates[:MOST_OFFERED], start=1):
        session.add(
            CandidateRow(
                document_id=document_id,
                rank=rank,
                person_id=candidate.person.id,
                score=candidate.score,
                agrees=list(candidate.agrees),
                differs=list(candidate.differs),
                evidence=[
                    {"identifier": e.identifier, "level": e.level, "weight": e.weight, "sentence": e.sentence}
                    for e in candidate.evidence
                ],
            )
        )


def _type_record(kind: TypeGuess) -> dict[str, Any]:
    return {
        "code": kind.code,
        "confidence": kind.confidence,
        "evidence": kind.evidence,
        "page": kind.page,
        "box": list(kind.box) if kind.box else None,
        "sure": kind.is_sure,
    }


def _field_row(document_id: int, value: FieldValue) -> FieldRow:
    return FieldRow(
        document_id=document_id,
        name=value.name,
        value=value.value,
        raw=value.raw,
        confidence=value.confidence,
        page=value.page,
        box=list(value.box or Box(0, 0, 0, 0)) if value.box else [],
        source=value.source,
        is_valid=value.is_valid,
        is_handwritten=value.is_handwritten,
    )


def forget_some(session: Session, batch_id: int, most: int = 10 * PORTION) -> bool:
    """Forget some documents that the machine made of a batch, and free their pages; False when there was none left.

    StateRefused when people have worked on one of them.
    """
    query = select(Document).where(Document.batch_id == batch_id).order_by(col(Document.id)).limit(most)
    old = list(session.exec(query))
    if any(document.state != DocumentState.TO_VERIFY or document.verified_by for document in old):
        raise StateRefused("People have worked on these documents; they are not indexed again.")
    ids = [document.id for document in old]
    in_them = update(Page).where(col(Page.document_id).in_(ids))
    session.exec(in_them.values(disposition=Disposition.WAITING, document_id=None, position=0))
    session.exec(delete(FieldRow).where(col(FieldRow.document_id).in_(ids)))
    session.exec(delete(CandidateRow).where(col(CandidateRow.document_id).in_(ids)))
    repeats.forget(session, ids)
    for document in old:
        openmatches.forget(session, document.id)
        audit.record(session, MACHINE, AuditAction.FORGET, f"document:{document.id}", after="forgotten")
        session.delete(document)
    session.flush()
    if not old:
        pages.place(session, batch_id, Disposition.WAITING)
    return bool(old)
