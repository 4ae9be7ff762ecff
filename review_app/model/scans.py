"""Scans as the scanning room and technicians see them: every dropped file, its pages, what went wrong, and what helps."""

import os
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from classify.doubts import DoubtCode, sentence_of
from review_app.model.attempt import attempt
from storage.custody import arrivals, batches, pages
from storage.custody.declared import said
from storage.custody.originals import Original, originals_of
from storage.custody.pages import Ledger
from storage.foundation.clock import show_time, utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import BatchState
from storage.foundation.tables.custody import Batch, BatchFile, NotAFile, Page, Source
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
    """One dropped file, or folder of files: `files` counts them, None for a file by itself."""

    batch_id: int
    file: str
    state: str
    pages: int | None
    reason: str
    flags: tuple[str, ...]
    received: datetime
    files: int | None = None
    origin: str = ""  # station, scanner and operator, as far as they are known
    differs: tuple[str, ...] = ()  # between what an index file declares and what was found


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a folder: its path there, its pages, and the batch in which it is when it was set apart."""

    file: str
    pages: int | None
    set_apart: int | None


@dataclass(frozen=True, slots=True)
class PageLine:
    """Where one page of a scan is; `file` and `file_page` where the scan is a folder of files."""

    page: int
    file: str
    file_page: int
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
    query = select(Batch).order_by(col(Batch.id).desc()).limit(_SHOWN)
    if states:
        query = query.where(col(Batch.state).in_(states))
    with home.reading() as session:
        found = [_scan(session, batch) for batch in session.exec(query)]
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
        names = {
            source.claim_id: batches.printable_name(source.name)
            for _, source in (batches.files_of(session, batch_id) if batch.folder_claim else ())
        }
        rows = [
            PageLine(
                row.number, names.get(row.claim_id or "", ""), row.file_page, _place(session, row), row.outcome, row.document_id, row.position + 1, row.dpi, round(row.skew_degrees, 1),
                row.reason or "",
            )
            for row in pages.pages_of_batch(session, batch_id)
        ]  # fmt: skip
        return _scan(session, batch), pages.ledger(session, batch_id), rows


def file_lines(home: Home, actor: Actor, batch_id: int) -> list[FileLine]:
    """The files of a folder, in order, and those of it that were set apart; none for a file by itself."""
    check_can(actor, Action.SEE_BATCHES)
    with home.reading() as session:
        batch = session.get_one(Batch, batch_id)
        if batch.folder_claim is None:
            return []
        apart = session.exec(
            select(BatchFile, Source)
            .where(BatchFile.claim_id == Source.claim_id, Source.batch_id == batch_id, BatchFile.batch_id != batch_id)
            .order_by(col(Source.name))
        ).all()
        return [
            FileLine(
                batches.printable_name(source.name.removeprefix(batch.name + b"/")), file.pages_found,
                file.batch_id if file.batch_id != batch_id else None,
            )
            for file, source in (*batches.files_of(session, batch_id), *apart)
        ]  # fmt: skip


def originals(home: Home, actor: Actor, batch_id: int) -> list[Original]:
    """The files of a scan as they were dropped, for those who may have them; names printable."""
    with home.reading() as session:
        return [
            replace(file, name=batches.printable_name(file.name.encode("utf-8", "surrogateescape")))
            for file in originals_of(session, batch_id, actor)
        ]


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


def _scan(session: Session, batch: Batch) -> Scan:
    is_folder = batch.folder_claim is not None
    told = {DoubtCode.DUPLICATE} if batch.state == BatchState.DUPLICATE else set()  # the reason says it
    told |= {DoubtCode.COUNTS_DIFFER} if batch.discrepancies else set()
    differs = tuple(map(said, batch.discrepancies))
    more = f" (and {len(differs) - 1} more)" if len(differs) > 1 else ""
    inside = [f"{'attached to' if not _is_of_folder(session, batch) else 'out of folder'} scan {batch.parent_id}"]
    return Scan(
        batch.id, batches.printable_name(batch.name), batch.state, batch.pages_found, batch.reason or "",
        (*(inside if batch.parent_id else []), *(f"{differs[0]}{more}" for _ in differs[:1]),
         *(sentence_of(flag) for flag in batch.flags if flag not in told)),
        batch.created_at,
        len(batches.files_of(session, batch.id)) if is_folder else None,
        ", ".join(
            f"{what} {part}"
            for what, part in (("station", batch.station), ("scanner", batch.scanner), ("scanned by", batch.operator))
            if part
        ),
        differs,
    )  # fmt: skip


def _is_of_folder(session: Session, batch: Batch) -> bool:
    """Whether a file was set apart from a folder, and does not lie in a PDF."""
    parent = session.get(Batch, batch.parent_id) if batch.parent_id else None
    return parent is not None and parent.folder_claim is not None and not _is_attached(session, batch, parent)


def _is_attached(session: Session, batch: Batch, parent: Batch) -> bool:
    """Whether a file lay in a PDF of its parent: it was received with it, not by the parent."""
    return not session.exec(
        select(Source.claim_id)
        .join(BatchFile, col(BatchFile.claim_id) == Source.claim_id)
        .where(BatchFile.batch_id == batch.id, Source.batch_id == parent.id)
    ).first()
