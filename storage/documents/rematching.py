"""Documents are matched again when the patient list changed, as long as nobody and nothing has said whose they are.

A load only marks the documents that look under a key of somebody who changed (storage/roster/changes.py). They are
matched here, each in a short transaction of its own: after a load, and by the watch. What comes of it is told at the desk
and on the work list, and a person approves it as always: no document files itself by this.
"""

from dataclasses import replace

from sqlmodel import Session, col, select

from classify.anchored.evidence import SOURCE
from classify.demographics import Query
from classify.doubts import read_doubt
from classify.guess import Decision, DocumentGuess, FieldValue, PatientMatch, TypeGuess
from classify.index import Draft, SortedFile, find_patients
from ocr.page import Box
from storage.documents import indexing, moves
from storage.documents.indexing import MOST_OFFERED
from storage.documents.takenout import not_linked_again
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.permissions import MACHINE
from storage.foundation.tables.desk import LIST_DIFFERS, Remark, RemarkKind
from storage.foundation.tables.documents import CandidateRow, Document, FieldRow, Rematch
from storage.roster import openmatches, visits
from storage.roster.lookup import StoredRoster


def match_again(session: Session, document_id: int) -> Rematch | None:
    """Match one document that is due and on nobody's desk; gives what is new, None when nothing is.

    A person's own decision stands: such a document is matched no more. One that somebody took meanwhile stays due.
    """
    session.flush()
    if document_id not in openmatches.due(session, most=1, of=document_id):
        return None
    document = session.get_one(Document, document_id)
    query = openmatches.query_of(session, document_id)
    assert query is not None  # what is due is kept
    if document.decision not in openmatches.OPEN_DECISIONS or document.state not in openmatches.IN_REVIEW:
        openmatches.forget(session, document_id)
        return None
    found = _match(session, document, query)
    was, match = document.decision, _with_mentions(session, document, found.match)
    match = not_linked_again(session, document_id, match)
    if document.waits_for == RemarkKind.REGISTER and not _may_be_registered(session, document, match):
        openmatches.put_off(session, document_id)
        return None
    is_news = _answer_of(session, document) != (match.decision, *(c.person.id for c in match.candidates[:MOST_OFFERED]))
    _describe(session, document, match, query)
    indexing.enter_from_list(session, document_id, found.fields)
    openmatches.renew(session, document, match)
    if is_news:
        _tell(session, document, was)
        if document.waits_for == RemarkKind.REGISTER:
            moves.move(session, document_id, "registered", MACHINE)
    return Rematch(document.rematch) if is_news and document.rematch else None


def _match(session: Session, document: Document, query: Query) -> DocumentGuess:
    """The document as it is kept, through the same matching as a new one: its doubts go to a person as they did.

    What its pages mention is looked up again; values that an earlier list gave are left out.
    """
    doubts = [read_doubt(flag) for flag in document.flags]
    guess = DocumentGuess(
        pages=(),
        type=TypeGuess(document.type_code, document.type_confidence),
        fields=tuple(_value(row) for row in _read_by_machine(session, document.id)),
        match=PatientMatch(Decision.NONE),
        doubts=tuple(doubt for doubt in doubts if doubt is not None),
        query=query,
    )
    draft = Draft(
        guess,
        query,
        openmatches.mentions_of(session, document.id),
        openmatches.unlabelled_of(session, document.id),
    )
    (found,) = find_patients(SortedFile((draft,)), StoredRoster(session)).documents
    return found


def _may_be_registered(session: Session, document: Document, match: PatientMatch) -> bool:
    """Whether the list now has somebody for a document that waits for registration: not who was offered or chosen when a
    person found nobody on it, unless it is that patient's data on the list that were out of date."""
    if match.decision == Decision.NONE:
        return False
    _, *turned_down = _answer_of(session, document)
    if any(c.person.id not in turned_down for c in match.candidates[:1]):
        return True
    last = select(Remark.code).where(Remark.document_id == document.id, Remark.kind == RemarkKind.REGISTER)
    code = session.exec(last.order_by(col(Remark.id).desc())).first()
    return code == LIST_DIFFERS


def _with_mentions(session: Session, document: Document, match: PatientMatch) -> PatientMatch:
    """The match, as a question where nothing is kept of what the pages mention: it could speak against a link. So it is where a
    person took back a link, and of documents that were indexed before it was kept."""
    if match.decision != Decision.LINKED or openmatches.mentions_of(session, document.id):
        return match
    return replace(
        match, decision=Decision.ASK, reasons=(*match.reasons, "matched by its values alone: check whose it is")
    )


def _describe(session: Session, document: Document, match: PatientMatch, query: Query) -> None:
    """What the list says now into the document's row and its candidates."""
    person_id = match.candidates[0].person.id if match.decision == Decision.LINKED else None
    document.decision, document.decision_reasons = match.decision, list(match.reasons)
    document.person_id = document.machine_person_id = person_id
    if person_id is not None:
        document.encounter_id = visits.stay_of(session, person_id, query.encounters, document.service_date)
    session.add(document)
    indexing.enter_candidates(session, document.id, match)


def _tell(session: Session, document: Document, was: str) -> None:
    """Somebody who looks at the document from now on reads that it was matched again; a save of before is stale."""
    document.rematch, document.rematched_at = _NEWS[document.decision], utc_now()
    document.version += 1
    document.updated_at = utc_now()
    session.add(document)
    audit.record(
        session, MACHINE, AuditAction.REMATCH, f"document:{document.id}",
        decision=document.decision, was=was, person=document.person_id, version=document.version,
    )  # fmt: skip


_NEWS: dict[str, Rematch] = {
    Decision.LINKED: Rematch.FITS,
    Decision.ASK: Rematch.MAY_FIT,
    Decision.NONE: Rematch.FITS_NOBODY,
}


def _answer_of(session: Session, document: Document) -> tuple[object, ...]:
    """What the list said last: the decision, and whom it offered, best first."""
    offered = select(CandidateRow.person_id).where(CandidateRow.document_id == document.id)
    return (document.decision, *session.exec(offered.order_by(col(CandidateRow.rank))))


def _read_by_machine(session: Session, document_id: int) -> list[FieldRow]:
    rows = select(FieldRow).where(
        FieldRow.document_id == document_id,
        col(FieldRow.source).not_like("person:%"),
        col(FieldRow.source) != SOURCE,
    )
    return list(session.exec(rows.order_by(col(FieldRow.id))))


def _value(row: FieldRow) -> FieldValue:
    box = Box(*row.box) if row.box else None
    return FieldValue(
        row.name, row.value, row.raw, row.confidence, row.page or 0, box, row.source, row.is_valid, row.is_handwritten
    )
