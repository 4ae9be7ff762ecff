"""The answer "this is another patient" to a question that the patient list raised (storage/roster/questions.py).

A document that is not filed loses its patient: it goes back to the work list, or to registration. A filed one leaves its
chart by two people only, as any other (storage/documents/misfiling.py): the answer is the proposal.
"""

from sqlmodel import Session

from classify.guess import Decision
from storage.custody import pages
from storage.desk import waiting
from storage.documents import leases, misfiling
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.desk import Draft, Remark, RemarkKind
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import PatientQuestion
from storage.foundation.typed import typed_reason
from storage.roster import questions
from storage.roster.openmatches import IN_REVIEW


def to_work_list(session: Session, question_id: int, reason: str, actor: Actor) -> Document:
    """The document is of none of these patients: whoever has it next decides whose it is. One that waits for something goes
    on waiting; the reason stands beside it."""
    question, document = _in_review(session, question_id, actor)
    reason = typed_reason(reason)
    turned_down = document.person_id
    waiting.belongs_to_nobody(session, document, Decision.ASK, "a person turned down the patient of the list")
    document.version += 1
    document.updated_at = utc_now()
    session.add(document)
    session.add(Remark(document_id=document.id, kind=RemarkKind.COMMENT, text=reason, said_by=actor.name))
    _turn_down(session, question, document, turned_down, actor)
    return document


def to_registration(session: Session, question_id: int, code: str, text: str, actor: Actor) -> Document:
    """The patient is not on the list: the document waits until registration puts them there. `code` of
    `waiting.REASONS`."""
    question, document = _in_review(session, question_id, actor)
    if document.state != DocumentState.TO_VERIFY:
        raise StateRefused("This document waits for something else. Put it back on the work list first.")
    turned_down = document.person_id
    claimed = leases.claim(session, document.id, actor)
    waiting.put_aside(session, document.id, RemarkKind.REGISTER, code, text, actor, version=claimed.version)
    _turn_down(session, question, document, turned_down, actor)
    return document


def propose_correction(session: Session, question_id: int, reason: str, cause: str, actor: Actor) -> int:
    """The document is filed to the wrong patient; gives the proposal that a second person confirms, which answers."""
    check_can(actor, Action.VERIFY)
    question = questions.open_question(session, question_id)
    return misfiling.propose(session, question.document_id, [], None, reason, cause, actor)


def _in_review(session: Session, question_id: int, actor: Actor) -> tuple[PatientQuestion, Document]:
    """An open question, and its document that is neither filed nor on somebody else's desk."""
    check_can(actor, Action.VERIFY)
    question = questions.open_question(session, question_id)
    document = session.get_one(Document, question.document_id)
    if document.state in pages.FILED_STATES:
        raise StateRefused("This document is filed. Propose a correction: a second person confirms it.")
    if document.state not in IN_REVIEW:
        raise StateRefused("This document is approved and not filed yet. Try again when it is filed.")
    if leases.is_held(document) and document.claimed_by != actor.name:
        raise StateRefused(f"{document.claimed_by} is working on this document. Ask them, or try again later.")
    return question, document


def _turn_down(
    session: Session, question: PatientQuestion, document: Document, turned_down: int | None, actor: Actor
) -> None:
    """Write down who was turned down, and answer every open question about the document."""
    _forget_draft_of(session, document, turned_down)
    audit.record(
        session, actor, AuditAction.TURN_DOWN_PATIENT, f"document:{document.id}",
        person=None, before_person=turned_down, version=document.version,
    )  # fmt: skip
    questions.close(session, question, "turn_down", actor)
    questions.close_all(session, document, "turn_down", actor)


def _forget_draft_of(session: Session, document: Document, person_id: int | None) -> None:
    """A draft that chose the patient who is turned down keeps its values and no patient."""
    draft = session.get(Draft, document.id)
    if draft is not None and person_id is not None and draft.content.get("person") == person_id:
        draft.content = {**draft.content, "person": None}
        session.add(draft)
