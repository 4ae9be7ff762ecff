"""Scans as the scanning room and technicians see them: every dropped file, its pages, what went wrong, and what helps."""

import os
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from classify.doubts import sentence_of
from review_app.model.attempt import attempt
from storage.custody import arrivals, batches, pages
from storage.custody.pages import Ledger
from storage.foundation.clock import show_time, utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import BatchState
from storage.foundation.tables.custody import Batch, NotAFile, Page, Source
from storage.foundation.tables.documents import Document

_SHOWN = 500

TITLES: dict[BatchState, str] = {
    BatchState.RECEIVED: "Received",
    BatchState.READ: "Read",
    BatchState.INDEXED: "Ready to verify",
    BatchState.CLOSED: "Complete",
    BatchState.DUPLICATE: "On hold: duplicate",
    BatchState.QUARANTINED: "On hold",
    BatchState.VOIDED: "Voided",
}
"""What staff read for each state of a dropped file."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One dropped file."""

    batch_id: int
    file: str
    state: str
    pages: int | None
    reason: str
    flags: tuple[str, ...]
    received: datetime


@dataclass(frozen=True, slots=True)
class PageLine:
    """Where one page of a scan is."""

    page: int
    place: str
    outcome: str
    document: int | None
    position: int  # in that document, 1-based
    dpi: int
    skew: float
    reason: str


def look(home: Home, actor: Actor, words: str = "", states: tuple[str, ...] = ()) -> tuple[list[Scan], Ledger]:
    """The newest scans whose file name holds these words, in these states (none: all), and the account of all pages."""
    check_can(actor, Action.SEE_BATCHES)
    query = select(Source, Batch).where(Source.batch_id == Batch.id).order_by(col(Batch.id).desc()).limit(_SHOWN)
    if states:
        query = query.where(col(Batch.state).in_(states))
    with home.reading() as session:
        found = [_scan(source, batch) for source, batch in session.exec(query)]
        return [scan for scan in found if words.casefold() in scan.file.casefold()], pages.ledger(session)


@dataclass(frozen=True, slots=True)
class Arriving:
    """What still waits in the hot folders: a row a file (name, folder, since, why), and how old that knowledge is."""

    rows: tuple[tuple[str, str, datetime, str], ...]
    sentence: str


def arriving(home: Home, actor: Actor) -> Arriving:
    """What the watch saw last in the hot folders, the longest waiting first."""
    with home.reading() as session:
        folders = arrivals.waiting(session, actor)
    if not folders:
        return Arriving((), "No watch has looked into the hot folders yet: start 'chartroom watch'.")
    rows = (
        (f.name, batches.printable_name(os.fsencode(of.folder)), f.since, f.why) for of in folders for f in of.files
    )
    left_out = sum(folder.left_out for folder in folders)
    oldest = min(folder.seen_at for folder in folders)
    seconds = max(0.0, (utc_now() - oldest).total_seconds())
    said = f"The watch looked {_ago(seconds)}, at {show_time(oldest, zone=True, seconds=True)}."
    if seconds > STALE_SECONDS:
        said += " It may have stopped: see System, or ask your administrator."
    if left_out:
        said += f" {left_out:,} more files wait."
    return Arriving(tuple(sorted(rows, key=lambda row: row[2])), said)


STALE_SECONDS = 90.0
"""Three beats of the watch: what it saw longer ago may not be so any more."""


def _ago(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit} ago"
    return f"{seconds:.0f} s ago"


def page_lines(home: Home, actor: Actor, batch_id: int) -> tuple[Scan, Ledger, list[PageLine]]:
    """One scan page by page, and its own account."""
    check_can(actor, Action.SEE_BATCHES)
    with home.reading() as session:
        batch = session.get(Batch, batch_id)
        if batch is None:
            raise StateRefused("There is no such scan.")
        rows = [
            PageLine(
                row.number, _place(session, row), row.outcome, row.document_id, row.position + 1, row.dpi, round(row.skew_degrees, 1),
                row.reason or "",
            )
            for row in pages.pages_of_batch(session, batch_id)
        ]  # fmt: skip
        return _scan(batches.source_of(session, batch_id), batch), pages.ledger(session, batch_id), rows


def exceptions(home: Home, actor: Actor) -> tuple[list[Scan], list[tuple[str, str]]]:
    """Files put aside or held as duplicates, newest first, and things in a hot folder that are no files."""
    check_can(actor, Action.SEE_BATCHES)
    scans, _ = look(home, actor, states=(BatchState.QUARANTINED, BatchState.DUPLICATE))
    with home.reading() as session:
        odd = session.exec(select(NotAFile).order_by(col(NotAFile.id).desc()).limit(100)).all()
        return scans, [(batches.printable_name(row.name), row.reason) for row in odd]


def resolve(home: Home, actor: Actor, batch_id: int, event: str, reason: str = "") -> str:
    """Retry a file, take a duplicate anyway, or void either; a sentence of what happens next, or why not."""
    check_can(actor, Action.RETRY)

    def void(session: Session) -> str:
        batches.void(session, batch_id, actor, reason)
        return "Voided. The dropped file is kept unchanged."

    def read_again(session: Session) -> str:
        batches.advance(session, batch_id, event, actor)
        pages.forget_failures(session, batch_id)
        return "It will be read again within a minute."

    return attempt(home, void if event == "void" else read_again).sentence


def _place(session: Session, row: Page) -> str:
    if row.document_id is None:
        return row.disposition
    document = session.get_one(Document, row.document_id)
    return f"document {document.id}, {document.state.replace('_', ' ')}"


def _scan(source: Source, batch: Batch) -> Scan:
    return Scan(
        batch.id, batches.printable_name(source.name), batch.state, batch.pages_found, batch.reason or "",
        (*([f"attached to scan {batch.parent_id}"] if batch.parent_id else []), *map(sentence_of, batch.flags)),
        source.received_at,
    )  # fmt: skip
