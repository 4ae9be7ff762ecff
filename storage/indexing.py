"""What the machine believes about a batch becomes documents, page for page."""

from typing import Any

from sqlmodel import Session, col, delete, select

from classify.guess import DocumentGuess, FieldValue, FileGuess, TypeGuess
from ocr.page import FINE, Box
from storage import audit, pages
from storage.errors import StateRefused
from storage.permissions import MACHINE
from storage.roster import visits
from storage.states import DocumentState
from storage.tables import Batch, CandidateRow, Document, FieldRow, Page


def enter_guess(session: Session, batch: Batch, guess: FileGuess, model_id: int | None = None) -> list[int]:
    """Replace what the machine believed about a batch by a new belief, page for page.

    Runs inside the step that indexes; documents people have touched are not in a batch that is
    indexed again. Every page gets exactly one place; a page the guess forgot is held.
    """
    batch_id = batch.id
    assert batch_id is not None
    _forget_machine_documents(session, batch_id)
    rows = {row.number: row for row in pages.pages_of_batch(session, batch_id)}
    for numbers, disposition in (
        (guess.separators, "separator"),
        (guess.blanks, "blank"),
        (guess.held, "held"),
    ):
        for number in numbers:
            rows[number].disposition = disposition
    made = [_enter_document(session, batch_id, document, rows, model_id) for document in guess.documents]
    for row in rows.values():
        if row.disposition == "waiting":
            row.disposition, row.reason = "held", "no document claimed this page"
        session.add(row)
    session.flush()
    return made


def _enter_document(
    session: Session, batch_id: int, guess: DocumentGuess, rows: dict[int, Page], model_id: int | None
) -> int:
    outcomes = [rows[number].outcome for number in guess.pages]
    linked = guess.match.decision == "linked"
    service = guess.best("service_date") or guess.best("discharge_date") or guess.best("admit_date")
    served = service.value if service and service.is_valid else None
    numbers = [guess.encounter or "", *(v.value for v in guess.fields if v.name in ("encounter", "account"))]
    person_id = guess.match.candidates[0].person.id if linked else None
    document = Document(
        batch_id=batch_id,
        state=DocumentState.TO_VERIFY,
        type_code=guess.type.code,
        type_confidence=guess.type.confidence,
        type_is_sure=guess.type.is_sure,
        type_guesses=[_type_record(kind) for kind in (guess.type, *guess.other_types)],
        model_id=model_id,
        labels=[{"code": label.code, "reason": label.reason, "page": label.page} for label in guess.labels],
        decision=guess.match.decision,
        decision_reasons=list(guess.match.reasons),
        person_id=person_id,
        machine_person_id=person_id,
        encounter_id=visits.stay_of(session, person_id, numbers, served) if person_id else None,
        flags=list(guess.flags),
        outcome=next((o for o in outcomes if o not in FINE), "ok"),
        service_date=served,
    )
    session.add(document)
    session.flush()
    assert document.id is not None
    for position, number in enumerate(guess.pages):
        row = rows[number]
        row.disposition, row.document_id, row.position = "document", document.id, position
    for value in guess.fields:
        session.add(_field_row(document.id, value))
    for rank, candidate in enumerate(guess.match.candidates[:9], start=1):
        session.add(
            CandidateRow(
                document_id=document.id,
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
    audit.record(
        session,
        MACHINE,
        "index",
        f"document:{document.id}",
        after=document.state,
        batch=batch_id,
        pages=list(guess.pages),
        type=guess.type.code,
        decision=guess.match.decision,
        person=document.person_id,
    )
    return document.id


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
    )


def _forget_machine_documents(session: Session, batch_id: int) -> None:
    old = list(session.exec(select(Document).where(Document.batch_id == batch_id)))
    if any(document.state != DocumentState.TO_VERIFY or document.verified_by for document in old):
        raise StateRefused("People have worked on these documents; they are not indexed again.")
    for row in pages.pages_of_batch(session, batch_id):
        row.disposition, row.document_id, row.position = "waiting", None, 0
        session.add(row)
    session.flush()
    for document in old:
        session.exec(delete(FieldRow).where(col(FieldRow.document_id) == document.id))
        session.exec(delete(CandidateRow).where(col(CandidateRow.document_id) == document.id))
        audit.record(session, MACHINE, "forget", f"document:{document.id}", after="forgotten")
        session.delete(document)
    session.flush()
