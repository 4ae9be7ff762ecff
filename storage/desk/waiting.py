"""Documents that are put aside: for what, by which reason code, until when; and whose work a document is."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from classify.guess import Decision
from storage.custody import pages
from storage.desk import rescans
from storage.documents import amendments, moves
from storage.documents.leases import claim, document_of, is_held, leased_document
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import today
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.permissions import Action, Actor, Role, can, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.access import Account
from storage.foundation.tables.desk import LIST_DIFFERS, Remark, RemarkKind
from storage.foundation.tables.documents import CandidateRow, Document
from storage.foundation.typed import typed_reason, typed_text
from storage.roster import openmatches

OTHER = "other"
"""The reason code that says nothing by itself: a text goes with it."""

REASONS: dict[str, dict[str, str]] = {
    RemarkKind.PEND: {
        "missing_page": "a page is missing",
        "missing_part": "the rest comes with another scan",
        "illegible": "it cannot be read well enough",
        "patient_unclear": "it is not clear whose it is",
        "maybe_duplicate": "it may be in the chart already",
        OTHER: "another reason",
    },
    RemarkKind.QUERY: {
        "no_signature": "a signature is missing",
        "no_date": "a date or time is missing",
        "unclear_entry": "an entry is not clear",
        "conflicting": "entries contradict each other",
        "no_order": "an order is missing",
        OTHER: "another question",
    },
    RemarkKind.ESCALATE: {
        "patient_doubt": "the patient is in doubt",
        "unknown_type": "no type fits",
        "protection": "how it is to be protected",
        "legal": "a legal or court matter",
        "no_rule": "no rule says what to do",
        OTHER: "another question",
    },
    RemarkKind.REGISTER: {
        "not_listed": "no such patient on the list",
        "newborn": "a newborn without a number yet",
        LIST_DIFFERS: "the list has other data of this patient",
        OTHER: "another reason",
    },
}
"""Why a document is put aside, by what it waits for; the codes are kept and counted, the sentences are for staff."""

_WHOSE = frozenset({"patient_unclear", "patient_doubt"})
"""Reasons that take back whom the machine or a person chose: whoever has the document next decides it anew."""

_NEEDS_TEXT = frozenset({RemarkKind.QUERY, RemarkKind.ESCALATE})
"""Somebody is asked: the question itself has to be written."""


def put_aside(
    session: Session, document_id: int, kind: str, code: str, text: str, actor: Actor, *, version: int, due: date | None = None
) -> Document:  # fmt: skip
    """Put a document aside, of `REASONS`: it lacks something, a provider is asked, a supervisor decides, or registration
    puts the patient on the list. `due` is the follow-up date.

    A text is needed for questions and for the code *other*. What waits for registration is linked to nobody, and is
    matched again whenever the patient list changes.
    """
    check_can(actor, Action.VERIFY)
    if kind not in REASONS:
        raise StateRefused("A document is pended, queried, escalated or sent to registration.")
    if code not in REASONS[kind]:
        raise StateRefused(f"Choose a reason: {', '.join(REASONS[kind].values())}.")
    if due is not None and due < today():
        raise StateRefused("The follow-up date is past. Choose today or later.")
    text = typed_text(text)
    if kind in _NEEDS_TEXT:
        text = typed_reason(text, "what is asked", "somebody else has to answer it")
    elif code == OTHER:
        text = typed_reason(text)
    if kind == RemarkKind.REGISTER and pages.turned_unread(session, 1, document_id):
        raise StateRefused("A page is being read as you turned it. Wait a moment: it may say whose it is.")
    remark = Remark(document_id=document_id, kind=kind, code=code, text=text, due=due, said_by=actor.name)
    session.add(remark)
    if kind == RemarkKind.REGISTER or code in _WHOSE:
        document = leased_document(session, document_id, actor, version)
        if kind == RemarkKind.REGISTER:
            belongs_to_nobody(session, document, Decision.NONE, "a person found nobody on the patient list")
        else:
            belongs_to_nobody(session, document, Decision.ASK, "a person was not sure whose it is")
    document = moves.move(session, document_id, kind, actor, version=version, reason=REASONS[kind][code])
    document.why_waiting = said(remark)  # what a person wrote may name the patient, and stays out of the log
    session.add(document)
    return document


def asked_of(session: Session, document: Document) -> Remark | None:
    """What put a document aside and was asked then, while that is not settled; it stays so on the work list and at the desk."""
    if not document.why_waiting:
        return None
    asked = select(Remark).where(Remark.document_id == document.id, col(Remark.kind).in_(REASONS))
    last = session.exec(asked.order_by(col(Remark.id).desc())).first()
    return last if last is not None and said(last) == document.why_waiting else None


def put_back(session: Session, document_id: int, actor: Actor) -> Document:
    """Put a document that waits for something, a rescan too, back on the work list; what was asked stays beside it."""
    document = document_of(session, document_id)
    asked, is_rescan = document.why_waiting, document.state == DocumentState.RESCAN
    document = moves.move(session, document_id, "accept_as_is" if is_rescan else "resume", actor)
    if is_rescan:
        rescans.give_up(session, document_id, actor)
    document.why_waiting = asked
    session.add(document)
    return document


def check_can_take_up(document: Document, actor: Actor) -> None:
    """StateRefused or NotAllowed when this person may not answer what a document waits for, and work on it at once."""
    check_can(actor, Action.VERIFY)
    if document.state != DocumentState.PENDED or document.waits_for not in _TAKEN_UP:
        raise StateRefused("This document does not wait for an answer from the desk.")
    if document.waits_for == RemarkKind.ESCALATE and actor.role is not Role.SUPERVISOR:
        raise NotAllowed("A supervisor was asked about this document, and answers at the desk.")
    if document.assigned_to not in (None, actor.name) and actor.role is not Role.SUPERVISOR:
        raise StateRefused(f"This document is the work of {document.assigned_to}. Ask them, or a supervisor.")


_TAKEN_UP = frozenset({RemarkKind.PEND, RemarkKind.QUERY, RemarkKind.ESCALATE})
"""What people at the desk settle themselves; registration and the scanning room settle the rest."""


def take_up(session: Session, document_id: int, actor: Actor) -> Document:
    """Take a document that was put aside straight onto this person's desk, with what was asked: on no other desk between."""
    check_can_take_up(document_of(session, document_id), actor)
    put_back(session, document_id, actor)
    return claim(session, document_id, actor)


def said(remark: Remark) -> str:
    """What a remark says: the reason that was chosen, and what was written."""
    chosen = REASONS.get(remark.kind, {}).get(remark.code or "", "") if remark.code != OTHER else ""
    return ": ".join(filter(None, (chosen, remark.text)))


def assign(session: Session, document_ids: Iterable[int], username: str, actor: Actor) -> int:
    """Make waiting documents the work of one person, or of nobody (empty); gives how many changed hands.

    A technician takes work or gives their own away; a supervisor gives anybody's to anybody. Nobody else's desk gets it by
    itself. One that somebody has on their desk right now stays where it is.
    """
    check_can(actor, Action.VERIFY)
    if username:
        _check_can_work(session, username)
    changed = 0
    for document_id in document_ids:
        document = document_of(session, document_id)
        if document.state not in openmatches.IN_REVIEW:
            raise StateRefused(f"Document {document_id} does not wait any more.")
        if is_held(document) and document.claimed_by not in (actor.name, username):
            raise StateRefused(f"{document.claimed_by} is working on document {document_id}.")
        if actor.role is not Role.SUPERVISOR and document.assigned_to not in (None, actor.name):
            raise NotAllowed(f"Document {document_id} is the work of {document.assigned_to}. Ask a supervisor.")
        if actor.role is not Role.SUPERVISOR and document.assigned_to is None and username not in ("", actor.name):
            raise NotAllowed("You can take work, or give away your own. A supervisor gives it to others.")
        if (document.assigned_to or "") == username:
            continue
        audit.record(
            session, actor, AuditAction.ASSIGN, f"document:{document_id}", assignee=username or None, was=document.assigned_to
        )  # fmt: skip
        document.assigned_to = username or None
        if document.claimed_by not in (None, username):
            document.claimed_by = document.lease_until = None
        session.add(document)
        changed += 1
    return changed


def people_who_verify(session: Session) -> list[str]:
    """User names to whom documents can be assigned."""
    rows = session.exec(select(Account).where(col(Account.disabled).is_(False)).order_by(col(Account.username)))
    return [row.username for row in rows if can(Actor(row.username, Role(row.role)), Action.VERIFY)]


def _check_can_work(session: Session, username: str) -> None:
    if username not in people_who_verify(session):
        raise StateRefused(f"{username} has no account that can verify documents.")


def belongs_to_nobody(session: Session, document: Document, decision: Decision, why: str) -> None:
    """No patient of the list: whom the machine or a person chose before is not meant, and stays among those who were offered,
    so that the same link is no news. What the pages say is looked up when the list changes."""
    amendments.check_patient_stays(document)
    turned_down = document.person_id
    if turned_down is not None:
        offered = select(CandidateRow).where(CandidateRow.document_id == document.id)
        rows = session.exec(offered).all()
        if all(row.person_id != turned_down for row in rows):
            session.add(CandidateRow(document_id=document.id, rank=len(rows) + 1, person_id=turned_down, score=0.0))
    document.person_id = document.encounter_id = None
    document.decision = decision
    document.decision_reasons = [why]
    document.rematch = document.rematched_at = None
    session.add(document)
    openmatches.ask_again(session, document)
