"""Documents whose patient a person must confirm again, because the patient list changed under them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import QUESTION, QuestionState
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Encounter, PatientQuestion, Person


@dataclass(frozen=True, slots=True)
class Question:
    """A document to confirm: why, who it was filed to before, who it is filed to now, who is proposed."""

    id: int
    document_id: int
    type_code: str
    state: str
    reason: str
    raised_at: datetime
    before_mrn: str | None
    now_mrn: str | None
    proposed_mrn: str | None


def ask(session: Session, document: Document, reason: str, before: Person | None, proposed: Person | None) -> None:
    """Put a document in the queue; the same question is asked once."""
    waiting = session.exec(
        select(PatientQuestion).where(
            PatientQuestion.document_id == document.id,
            PatientQuestion.reason == reason,
            col(PatientQuestion.answered_at).is_(None),
        )
    ).first()
    if waiting is None:
        session.add(
            PatientQuestion(
                document_id=document.id,
                reason=reason,
                before_id=before.id if before else None,
                proposed_id=proposed.id if proposed else None,
            )
        )
        session.flush()


def move_document(session: Session, document: Document, person: Person, actor: Actor, reason: str) -> None:
    """A document follows its patient from one row of the list to another, and is asked about."""
    before = session.get(Person, document.person_id) if document.person_id else None
    document.person_id = person.id
    document.version += 1
    document.updated_at = utc_now()
    session.add(document)
    audit.record(
        session, actor, AuditAction.FOLLOW_PATIENT, f"document:{document.id}", person=person.id, version=document.version,
        before_person=before.id if before else None,
    )  # fmt: skip
    ask(session, document, reason, before=before, proposed=person)


def waiting(session: Session, actor: Actor) -> list[Question]:
    """Everything that waits for confirmation, oldest first."""
    check_can(actor, Action.VERIFY)
    rows = session.exec(
        select(PatientQuestion, Document)
        .where(col(PatientQuestion.answered_at).is_(None), PatientQuestion.document_id == Document.id)
        .order_by(col(PatientQuestion.id))
    ).all()
    return [
        Question(
            id=question.id,
            document_id=question.document_id,
            type_code=document.type_code,
            state=document.state,
            reason=question.reason,
            raised_at=question.raised_at,
            before_mrn=_mrn(session, question.before_id),
            now_mrn=_mrn(session, document.person_id),
            proposed_mrn=_mrn(session, question.proposed_id),
        )
        for question, document in rows
    ]


def confirm(session: Session, question_id: int, actor: Actor) -> None:
    """The document is where it belongs. One that is not is corrected by storage/desk/wrongpatient.py."""
    check_can(actor, Action.VERIFY)
    question = open_question(session, question_id)
    QUESTION.find(question.state, "stay", actor.acts_as)
    document = session.get_one(Document, question.document_id)
    visit = session.get(Encounter, document.encounter_id) if document.encounter_id else None
    if visit is not None and visit.person_id != document.person_id:
        document.encounter_id = None  # the visit was moved, and this document stays
        session.add(document)
    close(session, question, "stay", actor)


def open_question(session: Session, question_id: int) -> PatientQuestion:
    """A question that is not answered yet; StateRefused for any other."""
    question = session.get(PatientQuestion, question_id)
    if question is None or question.state is not QuestionState.OPEN:
        raise StateRefused("This question was answered already.")
    return question


def close(session: Session, question: PatientQuestion, event: str, actor: Actor) -> None:
    """Answer a question along its table of states and write the audit event, in the caller's transaction."""
    move = QUESTION.find(question.state, event, actor.acts_as)
    question.answered_by, question.answered_at, question.answer = actor.name, utc_now(), move.after
    session.add(question)
    audit.record(session, actor, AuditAction.CONFIRM_PATIENT, f"document:{question.document_id}", answer=move.after)


def close_all(session: Session, document: Document, event: str, actor: Actor) -> None:
    """Answer every open question about a document."""
    for question in of_document(session, document.id):
        close(session, question, event, actor)


def of_document(session: Session, document_id: int) -> list[PatientQuestion]:
    """The open questions about one document."""
    return list(
        session.exec(
            select(PatientQuestion).where(
                PatientQuestion.document_id == document_id, col(PatientQuestion.answered_at).is_(None)
            )
        )
    )


def _mrn(session: Session, person_id: int | None) -> str | None:
    person = session.get(Person, person_id) if person_id else None
    return person.mrn if person else None
