"""What waits for people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from classify import doctypes
from classify.doubts import sentence_of
from classify.guess import Decision
from review_app.model.attempt import attempt
from review_app.model.rematched import sentence_on_list
from storage.desk import rescans
from storage.documents import leases, moves
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, check_can
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
}
"""What a pended document waits for: the last of these that was said of it."""


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


@dataclass(frozen=True, slots=True)
class Work:
    """How much waits, and what first."""

    counts: dict[str, int]
    rows: tuple[WorklistRow, ...]


@dataclass(frozen=True, slots=True)
class WorklistFilter:
    """What the work list is narrowed to; empty does not narrow."""

    state: str = ""
    type_code: str = ""
    decision: str = ""
    older_than_days: int = 0
    due: bool = False  # pended, and the day to look again has come
    handwriting: bool = False  # only documents with handwriting, which a person has to read
    waits_for: str = ""  # of WAITS_FOR: pended documents that wait for this
    rematched: bool = False  # only documents of which the patient list says something else since it changed


def look(home: Home, actor: Actor, wanted: WorklistFilter | None = None, limit: int = 200) -> Work:
    """The work list of this moment, the most urgent first."""
    check_can(actor, Action.VERIFY)
    wanted = wanted or WorklistFilter()
    query = select(Document).where(col(Document.state).in_([wanted.state] if wanted.state else TITLES))
    if wanted.type_code:
        query = query.where(Document.type_code == wanted.type_code)
    if wanted.decision:
        query = query.where(Document.decision == wanted.decision)
    if wanted.older_than_days:
        query = query.where(col(Document.created_at) < utc_now() - timedelta(days=wanted.older_than_days))
    if wanted.due:
        today = utc_now().date()
        is_due = select(Remark.document_id).where(col(Remark.due) <= today)
        query = query.where(Document.state == DocumentState.PENDED, col(Document.id).in_(is_due))
    if wanted.waits_for:
        said = select(Remark.document_id).where(col(Remark.id).in_(_last_put_aside()), Remark.kind == wanted.waits_for)
        query = query.where(Document.state == DocumentState.PENDED, col(Document.id).in_(said))
    if wanted.handwriting:
        query = query.where(col(Document.has_handwriting).is_(True))
    if wanted.rematched:
        query = query.where(
            col(Document.rematch).is_not(None),
            col(Document.state).in_(IN_REVIEW),
            Document.decision != Decision.CONFIRMED,
        )
    with home.reading() as session:
        counted = dict(session.exec(select(Document.state, func.count()).group_by(Document.state)).all())
        found = session.exec(query.order_by(col(Document.priority), col(Document.created_at)).limit(limit)).all()
        ids = [document.id for document in found]
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
        said_last = select(Remark.document_id, Remark.kind).where(
            col(Remark.id).in_(_last_put_aside()), col(Remark.document_id).in_(ids)
        )
        waits_for = dict(session.exec(said_last).all())
    now = utc_now()
    rows = tuple(
        _row(
            document,
            sizes.get(document.id, 0),
            now,
            str(dues.get(document.id) or ""),
            WAITS_FOR.get(waits_for.get(document.id, ""), ""),
        )
        for document in found
    )
    return Work({title: counted.get(state, 0) for state, title in TITLES.items()}, rows)


def _last_put_aside() -> SelectOfScalar[int]:
    """The last remark of each document that put it aside."""
    return select(func.max(Remark.id)).where(col(Remark.kind).in_(WAITS_FOR)).group_by(col(Remark.document_id))


def set_priority(home: Home, actor: Actor, document_id: int, priority: int) -> str:
    """Give a waiting document another priority (1 first, 9 last); a sentence of what happened."""
    check_can(actor, Action.VERIFY)
    with home.writing() as session:
        document = session.get(Document, document_id)
        if document is None or document.state not in TITLES or not 1 <= priority <= _LAST_PRIORITY:
            return "This document does not wait any more."
        document.priority = priority
        session.add(document)
        audit.record(session, actor, AuditAction.PRIORITISE, f"document:{document_id}", priority=priority)
    return f"Document {document_id} has priority {priority}."


def resume(home: Home, actor: Actor, document_id: int) -> str:
    """Put a pended document, or one whose rescan is not coming, back on the work list."""

    def action(session: Session) -> str:
        state = leases.document_of(session, document_id).state
        event = "resume" if state == DocumentState.PENDED else "accept_as_is"
        moves.move(session, document_id, event, actor)
        if event == "accept_as_is":
            rescans.give_up(session, document_id, actor)
        return f"Document {document_id} is on the work list again."

    return attempt(home, action).sentence


def _row(document: Document, pages: int, now: datetime, due: str, waits_for: str) -> WorklistRow:
    is_held = document.claimed_by and document.lease_until and document.lease_until > now
    return WorklistRow(
        document.id,
        doctypes.type_or_placeholder(document.type_code).name,
        pages,
        {"linked": "linked", "ask": "to decide", "none": "not found", "confirmed": "confirmed"}[document.decision],
        (waits_for if document.state == DocumentState.PENDED else "") or TITLES[document.state],
        _age((now - document.created_at).total_seconds()),
        str(document.claimed_by) if is_held else "",
        "; ".join(filter(None, (sentence_on_list(document), _why(document)))),
        document.priority,
        due,
    )


def _why(document: Document) -> str:
    return document.why_waiting or ", ".join(sentence_of(flag) for flag in document.flags)


def _age(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return "now"
