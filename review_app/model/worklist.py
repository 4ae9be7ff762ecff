"""What waits for people."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from classify import doctypes
from classify.doubts import sentence_of
from classify.guess import Decision
from review_app.model.asked import asked_sentence
from review_app.model.attempt import Outcome, attempt, saying
from review_app.model.rematched import sentence_on_list
from storage.desk import waiting
from storage.documents import leases
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import today, utc_now
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, Role, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.custody import Page
from storage.foundation.tables.desk import Remark, RemarkKind
from storage.foundation.tables.documents import Document
from storage.roster.openmatches import IN_REVIEW

_LAST_PRIORITY = 9

TITLES: dict[str, str] = {
    DocumentState.TO_VERIFY: "To verify",
    DocumentState.PENDED: "Pended",
    DocumentState.RESCAN: "Rescan",
    DocumentState.VERIFIED: "Being filed",
    DocumentState.TO_QC: "Quality check",
}
"""Documents that wait are in one of these states."""

WAITS_FOR: dict[str, str] = {
    RemarkKind.PEND: "Pended",
    RemarkKind.QUERY: "Provider's answer",
    RemarkKind.ESCALATE: "Supervisor",
    RemarkKind.REGISTER: "Registration",
}
"""What a pended document waits for; each is a queue of its own."""

MINE = "mine"

QUEUES: dict[str, str] = {
    "": "All",
    MINE: "Mine",
    DocumentState.TO_VERIFY: TITLES[DocumentState.TO_VERIFY],
    **WAITS_FOR,
    **{state: TITLES[state] for state in (DocumentState.RESCAN, DocumentState.VERIFIED, DocumentState.TO_QC)},
}
"""The queues of the work list: everything, what is this person's, and one for each thing that a document waits for."""

NOBODY = "nobody"
"""Filter: assigned to nobody."""

MOST_ROWS = 1000
"""Rows of the list at a time; a longer one is narrowed."""


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """One document that waits."""

    id: int
    kind: str
    pages: int
    decision: str
    state: str
    age: str
    holder: str
    why: str
    priority: int
    due: str
    assigned: str


@dataclass(frozen=True, slots=True)
class Work:
    """The first rows that fit the filter, and how many there are in all."""

    rows: tuple[WorklistRow, ...]
    found: int


@dataclass(frozen=True, slots=True)
class WorklistFilter:
    """What the work list is narrowed to; empty does not narrow."""

    queue: str = ""  # of QUEUES
    type_code: str = ""
    decision: str = ""
    older_than_days: int = 0
    due: bool = False  # pended, and the day to look again has come
    handwriting: bool = False  # only documents with handwriting, which a person has to read
    rematched: bool = False  # only documents of which the patient list says something else since it changed
    assigned: str = ""  # to this user name, or NOBODY


def look(home: Home, actor: Actor, wanted: WorklistFilter | None = None, limit: int = MOST_ROWS) -> Work:
    """The work list of this moment, the most urgent first."""
    check_can(actor, Action.VERIFY)
    wanted = wanted or WorklistFilter()
    conditions = [*_in_queue(wanted.queue, actor), *_narrowed(wanted)]
    with home.reading() as session:
        found = session.exec(select(func.count(col(Document.id))).where(*conditions)).one()
        first = select(Document).where(*conditions).order_by(col(Document.priority), col(Document.created_at))
        documents = session.exec(first.limit(limit)).all()
        ids = [document.id for document in documents]
        sizes = dict(
            session.exec(
                select(Page.document_id, func.count())
                .where(col(Page.document_id).in_(ids))
                .group_by(col(Page.document_id))
            ).all()
        )
        dues = dict(
            session.exec(
                select(Remark.document_id, func.max(Remark.due))
                .where(col(Remark.document_id).in_(ids), col(Remark.due).is_not(None))
                .group_by(col(Remark.document_id))
            ).all()
        )
    rows = tuple(_row(document, sizes.get(document.id, 0), str(dues.get(document.id) or "")) for document in documents)
    return Work(rows, found)


def _in_queue(queue: str, actor: Actor) -> list[ColumnElement[bool]]:
    """The conditions of one of QUEUES."""
    if queue == MINE:
        on_desk = (col(Document.claimed_by) == actor.name) & (col(Document.lease_until) > utc_now())
        return [col(Document.state).in_(IN_REVIEW), or_(col(Document.assigned_to) == actor.name, on_desk)]
    if queue in WAITS_FOR:
        return [col(Document.state) == DocumentState.PENDED, col(Document.waits_for) == queue]
    return [col(Document.state).in_([queue] if queue else TITLES)]


def _narrowed(wanted: WorklistFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.type_code:
        yield col(Document.type_code) == wanted.type_code
    if wanted.decision:
        yield col(Document.decision) == wanted.decision
    if wanted.older_than_days:
        yield col(Document.created_at) < utc_now() - timedelta(days=wanted.older_than_days)
    if wanted.due:
        is_due = select(Remark.document_id).where(col(Remark.due) <= today())
        yield col(Document.state) == DocumentState.PENDED
        yield col(Document.id).in_(is_due)
    if wanted.handwriting:
        yield col(Document.has_handwriting).is_(True)
    if wanted.rematched:
        yield col(Document.rematch).is_not(None)
        yield col(Document.state).in_(IN_REVIEW)
        yield col(Document.decision) != Decision.CONFIRMED
    if wanted.assigned:
        assigned = col(Document.assigned_to)
        yield assigned.is_(None) if wanted.assigned == NOBODY else assigned == wanted.assigned


def count(home: Home, actor: Actor) -> dict[str, int]:
    """How many documents are in each of QUEUES."""
    check_can(actor, Action.VERIFY)
    with home.reading() as session:
        counted = session.exec(
            select(Document.state, Document.waits_for, func.count())
            .where(col(Document.state).in_(TITLES))
            .group_by(col(Document.state), col(Document.waits_for))
        ).all()
        mine = session.exec(select(func.count(col(Document.id))).where(*_in_queue(MINE, actor))).one()
    in_queue = Counter[str]()
    for state, waits_for, number in counted:
        in_queue[str(waits_for if state == DocumentState.PENDED else state)] += number
    return {queue: in_queue[queue] for queue in QUEUES} | {"": in_queue.total(), MINE: mine}


def _prioritised(actor: Actor, document_id: int, priority: int) -> Callable[[Session], str]:
    def action(session: Session) -> str:
        document = session.get(Document, document_id)
        if document is None or document.state not in TITLES:
            raise StateRefused("This document does not wait any more.")
        document.priority = priority
        session.add(document)
        audit.record(session, actor, AuditAction.PRIORITISE, f"document:{document_id}", priority=priority)
        return f"Document {document_id} has priority {priority}."

    return action


def resume(home: Home, actor: Actor, document_id: int) -> str:
    """Put a pended document, or one whose rescan is not coming, back on the work list."""
    return attempt(home, _resumed(actor, document_id)).sentence


def take_up(home: Home, actor: Actor, document_id: int) -> Outcome:
    """Bring a document that was put aside straight onto this person's desk."""
    return attempt(home, saying("", lambda session: waiting.take_up(session, document_id, actor)))


@dataclass(frozen=True, slots=True)
class Opened:
    """A document of the list as its pane shows it, whatever the list is narrowed to: what was asked, by whom and when,
    and whether this person may take it up from where it waits."""

    row: WorklistRow
    asked: str
    may_take_up: bool


def open_one(home: Home, actor: Actor, document_id: int) -> Opened | None:
    """The pane of one document; None when it does not wait any more."""
    check_can(actor, Action.VERIFY)
    with home.reading() as session:
        document = session.get(Document, document_id)
        if document is None or document.state not in TITLES:
            return None
        size = session.exec(select(func.count(col(Page.id))).where(Page.document_id == document_id)).one()
        try:
            waiting.check_can_take_up(document, actor)
            may_take_up = True
        except (NotAllowed, StateRefused):
            may_take_up = False
        return Opened(_row(document, size, ""), asked_sentence(session, document), may_take_up)


def _resumed(actor: Actor, document_id: int) -> Callable[[Session], str]:
    def action(session: Session) -> str:
        waiting.put_back(session, document_id, actor)
        return f"Document {document_id} is on the work list again."

    return action


class Bulk(StrEnum):
    """What is done to several rows of the list at once."""

    ASSIGN = "assign"
    FIRST = "first"
    LAST = "last"
    RESUME = "resume"


def do_to_all(home: Home, actor: Actor, document_ids: Sequence[int], what: Bulk, username: str = "") -> str:
    """Do the same to several documents, each in a transaction of its own; a sentence of how many, and why not the others.

    `username` is who gets the work; empty gives it to everybody again.
    """
    check_can(actor, Action.VERIFY)
    refused: dict[str, list[int]] = {}
    for document_id in document_ids:
        outcome = attempt(home, _one_of_all(actor, document_id, what, username))
        if not outcome.ok:
            refused.setdefault(outcome.sentence, []).append(document_id)
    done = len(document_ids) - sum(map(len, refused.values()))
    said = [f"{done} of {len(document_ids)} documents {_DONE[what].format(username or 'nobody')}."]
    said += [f"Not {', '.join(map(str, ids))}: {why}" for why, ids in refused.items()]
    return " ".join(said)


_DONE = {
    Bulk.ASSIGN: "assigned to {}",
    Bulk.FIRST: "put first",
    Bulk.LAST: "put last",
    Bulk.RESUME: "put back on the work list",
}


def _one_of_all(actor: Actor, document_id: int, what: Bulk, username: str) -> Callable[[Session], str]:
    match what:
        case Bulk.ASSIGN:
            return saying("", lambda session: waiting.assign(session, [document_id], username, actor))
        case Bulk.FIRST:
            return _prioritised(actor, document_id, 1)
        case Bulk.LAST:
            return _prioritised(actor, document_id, _LAST_PRIORITY)
        case Bulk.RESUME:
            return _resumed(actor, document_id)


def can_be_assigned_to(home: Home, actor: Actor) -> list[str]:
    """User names to whom this person may give work: a technician takes it, a supervisor gives it to anybody."""
    check_can(actor, Action.VERIFY)
    with home.reading() as session:
        names = waiting.people_who_verify(session)
    return names if actor.role is Role.SUPERVISOR else [name for name in names if name == actor.name]


def _row(document: Document, pages: int, due: str) -> WorklistRow:
    return WorklistRow(
        document.id,
        doctypes.type_or_placeholder(document.type_code).name,
        pages,
        {"linked": "linked", "ask": "needs review", "none": "not found", "confirmed": "confirmed"}[document.decision],
        WAITS_FOR.get(document.waits_for or "", TITLES[document.state]),
        _age((utc_now() - document.created_at).total_seconds()),
        str(document.claimed_by) if leases.is_held(document) else "",
        "; ".join(filter(None, (sentence_on_list(document), _why(document)))),
        document.priority,
        due,
        document.assigned_to or "",
    )


def _why(document: Document) -> str:
    flags = ", ".join(sentence_of(flag) for flag in document.flags)
    if document.state == DocumentState.TO_VERIFY and document.why_waiting:  # asked before, and not settled yet
        return "; ".join(filter(None, (document.why_waiting, flags)))
    return document.why_waiting or flags


def _age(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return "now"
