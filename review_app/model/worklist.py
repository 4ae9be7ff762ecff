"""What waits for people."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from classify import doctypes
from storage import documents
from storage.desk import rescans
from storage.errors import StorageError
from storage.home import Home
from storage.permissions import Action, Actor, check_can
from storage.tables import Document, Page, utc_now

_WAITING = ("to_verify", "pended", "rescan", "verified", "to_qc")
_TITLES = {
    "to_verify": "To verify",
    "pended": "Pended",
    "rescan": "Rescan",
    "verified": "Being filed",
    "to_qc": "Quality check",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One document that waits."""

    id: int
    kind: str
    pages: int
    decision: str
    state: str
    age: str
    holder: str
    why: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Work:
    """How much waits, and what first."""

    counts: dict[str, int]
    rows: tuple[Row, ...]


def look(home: Home, actor: Actor, limit: int = 200) -> Work:
    """The work list of this moment."""
    check_can(actor, Action.VERIFY)
    with home.reading() as session:
        counted = dict(session.exec(select(Document.state, func.count()).group_by(Document.state)).all())
        found = session.exec(
            select(Document)
            .where(col(Document.state).in_(_WAITING))
            .order_by(col(Document.priority), col(Document.created_at))
            .limit(limit)
        ).all()
        sizes = dict(
            session.exec(
                select(Page.document_id, func.count())
                .where(col(Page.document_id).is_not(None))
                .group_by(col(Page.document_id))
            ).all()
        )
    now = utc_now()
    rows = tuple(_row(document, sizes.get(document.id, 0), now) for document in found)
    return Work({title: counted.get(state, 0) for state, title in _TITLES.items()}, rows)


def resume(home: Home, actor: Actor, document_id: int) -> str:
    """Put a pended document, or one whose rescan is not coming, back on the work list."""
    with home.writing() as session:
        state = session.get_one(Document, document_id).state
        event = "resume" if state == "pended" else "accept_as_is"
        try:
            documents.move(session, document_id, event, actor)
            if event == "accept_as_is":
                rescans.give_up(session, document_id, "accepted")
        except StorageError as error:
            return str(error)
    return f"Document {document_id} is on the work list again."


def _row(document: Document, pages: int, now: datetime) -> Row:
    assert document.id is not None
    is_held = document.claimed_by and document.lease_until and document.lease_until > now
    return Row(
        document.id,
        doctypes.shown(document.type_code).name,
        pages,
        {"linked": "linked", "ask": "to decide", "none": "not found", "confirmed": "confirmed"}[document.decision],
        _TITLES[document.state],
        _age((now - document.created_at).total_seconds()),
        str(document.claimed_by) if is_held else "",
        document.why_waiting or ", ".join(flag.replace("_", " ") for flag in document.flags),
    )


def _age(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return "now"
