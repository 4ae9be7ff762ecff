"""What `chartroom watch` says: where it looks and what it waits for, then a line for each file that is taken in, and before
it one for a file that has to wait for longer than a copy takes.

File names stand on the screen as `chartroom sources` shows them, and never in the log.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlmodel import Session, col, func, select

from classify.doubts import DoubtCode, sentence_of
from ingest.arrivals import patience
from ingest.arrivals import sentence_of as sentence_of_wait
from ingest.hotfolder import FileStamp, HotFolder, Sweep, Wait
from ingest.loudness import is_quiet, is_verbose
from ingest.settings import Settings
from storage.custody import batches
from storage.foundation.clock import local_time, utc_now
from storage.foundation.home import Home
from storage.foundation.states import BatchState, Disposition, DocumentState
from storage.foundation.tables.custody import Batch, NotAFile, Page
from storage.foundation.tables.documents import Document

QUIET_SECONDS = 300.0
"""How long nothing happens before a sign of life is given, with -v."""

_STILL_SECONDS = 60.0
"""How long a file that was told does not change before it is told that it waits for something else now."""

_MOST_WAITING = 20
"""Files that are told to wait at a time; of more the number is told."""

_UNDER_WAY = (BatchState.RECEIVED, BatchState.READ)
_AT_ONCE = 500


class WatchTeller:
    """Tells what the watch does. `wake` may be called by any thread; `tell` looks only after it was, so that a watch with
    nothing to do asks the database nothing."""

    def __init__(self, home: Home, settings: Settings, echo: Callable[[str], None]) -> None:
        self._home, self._settings = home, settings
        self._echo = (lambda line: None) if is_quiet() else echo
        self._news = threading.Event()
        self._waits: deque[str] = deque()  # lines of the folders' threads
        self._told: dict[tuple[Path, bytes], set[Wait]] = {}  # each folder's thread has its own keys
        self._last_line = time.monotonic()
        with home.reading() as session:
            self._newest = session.exec(select(func.max(Batch.id))).one() or 0
            self._refused = session.exec(select(func.max(NotAFile.id))).one() or 0
            self._open = _under_way(session)
            self._waiting = _count(session, DocumentState.TO_VERIFY)
        self._taken = 0

    def begin(self, *, is_sole: bool) -> None:
        """Say where the data is, where scans are dropped, what is waited for, what waits already, and whether it is alone."""
        seconds, gap = f"{self._settings.settle_seconds:g}", f"{self._settings.page_gap_seconds:g}"
        for title, text in (
            ("Data home", self._home.path),
            ("Hot folder", ", ".join(map(str, self._settings.folders))),
            (
                "Waits for",
                f"scans (PDF, TIFF, JPEG, PNG, BMP) that have not changed for {seconds} s, TIFF and folders for {gap} s",
            ),
            ("To do", f"{_number(len(self._open), 'file')} to read, {_number(self._waiting, 'document')} to verify"),
        ):
            self._echo(f"{title:<12} {text}")
        if not is_sole:
            self._echo(
                "Another watch runs on this data home already: both take files in, and one at a time reads them. One is enough."
            )
        self._echo("Watching (Ctrl-C ends it)")

    def wake(self) -> None:
        """Something may have happened."""
        self._news.set()

    def see(self, folder: HotFolder, scan: Sweep) -> None:
        """Note what a round found, by the thread of its folder: which files wait, for what, and which went away."""
        now = time.monotonic()
        new = [name for name, look in scan.waits.items() if self._is_to_be_told(folder, name, look, now)]
        for name in new:
            self._told.setdefault((folder.path, name), set()).add(scan.waits[name].wait)
        for name in new[:_MOST_WAITING]:
            why = sentence_of_wait(scan.waits[name].wait, self._settings)
            self._waits.append(f"{batches.printable_name(name)}: waits. {why}")
        if len(new) > _MOST_WAITING:
            self._waits.append(f"{_number(len(new) - _MOST_WAITING, 'more file')} in {folder.path}: waiting too")
        for key in [key for key in self._told if key[0] == folder.path and key[1] not in folder.looks]:
            del self._told[key]
            if key[1] not in scan.claimed:
                self._waits.append(f"{batches.printable_name(key[1])}: not in the folder any more, and not taken in")

    def _is_to_be_told(self, folder: HotFolder, name: bytes, look: FileStamp, now: float) -> bool:
        """Once when it waits for longer than a copy takes, and once more for what else keeps it when it does not change."""
        told = self._told.get((folder.path, name), set())
        if told:
            return look.wait not in told and now - look.since >= _STILL_SECONDS
        longer = (
            2 * self._settings.page_gap_seconds if look.wait is Wait.NEXT_PAGE else 0.0
        )  # every TIFF waits that long
        return now - look.first_seen >= patience(look, self._settings) + longer

    def tell(self) -> None:
        """A line for each file that waits, or came to an end, since the last time; with -v a sign of life when there was none
        for long."""
        while self._waits:
            self._say(self._waits.popleft())
        if self._news.is_set():
            self._news.clear()
            with self._home.reading() as session:
                for line in self._lines(session):
                    self._say(line)
        if is_verbose() and time.monotonic() - self._last_line > QUIET_SECONDS:
            with self._home.reading() as session:
                waiting = _count(session, DocumentState.TO_VERIFY)
            self._say(f"still watching; {_number(waiting, 'document')} to verify")

    def end(self) -> None:
        """Say how much was taken in."""
        self._echo(f"Stopped. {_number(self._taken, 'file')} taken in.")

    def _say(self, line: str) -> None:
        self._last_line = time.monotonic()
        self._echo(f"{local_time(utc_now()):%H:%M:%S}  {line}")

    def _lines(self, session: Session) -> Iterator[str]:
        new = session.exec(select(Batch.id).where(col(Batch.id) > self._newest).order_by(col(Batch.id))).all()
        now = _under_way(session)
        ended = sorted((self._open | set(new)) - now)
        self._open, self._newest = now, max((self._newest, *new))
        for start in range(0, len(ended), _AT_ONCE):
            yield from self._ended(session, ended[start : start + _AT_ONCE])
        for seen in session.exec(select(NotAFile).where(col(NotAFile.id) > self._refused).order_by(col(NotAFile.id))):
            self._refused = seen.id
            yield f"{batches.printable_name(seen.name)}: left in the folder. {seen.reason}"

    def _ended(self, session: Session, ids: Sequence[int]) -> Iterator[str]:
        for batch in session.exec(select(Batch).where(col(Batch.id).in_(ids)).order_by(col(Batch.id))):
            self._taken += max(1, len(batches.files_of(session, batch.id)))
            yield f"{batches.printable_name(batch.name)}: {_became(session, batch)}"


def _became(session: Session, batch: Batch) -> str:
    """What became of a file: its pages, its documents, what waits."""
    pages = _number(batch.pages_found or 0, "page")
    match batch.state:
        case BatchState.DUPLICATE:
            return f"on hold, the same as file {batch.duplicate_of}. See 'chartroom sources'"
        case BatchState.QUARANTINED:
            return f"on hold. {batch.reason or ''} (file {batch.id} of 'chartroom sources')"
        case BatchState.VOIDED:
            return "cancelled"
    states = Counter(session.exec(select(Document.state).where(Document.batch_id == batch.id)).all())
    places = Counter(session.exec(select(Page.disposition).where(Page.batch_id == batch.id)).all())
    said = [pages, f"{_number(sum(states.values()), 'document')}, {states[DocumentState.TO_VERIFY]} to verify"]
    if blank := places[Disposition.BLANK]:
        said.append(f"{_number(blank, 'blank side')} to check")
    if held := places[Disposition.HELD]:
        said.append(f"{_number(held, 'page')} on hold")
    said += [
        sentence_of(doubt) for doubt in (DoubtCode.FILE_SET_APART, DoubtCode.COUNTS_DIFFER) if doubt in batch.flags
    ]
    if DoubtCode.ARRIVED_INCOMPLETE in batch.flags:
        said.append(sentence_of(DoubtCode.ARRIVED_INCOMPLETE))
    return ", ".join(said)


def _under_way(session: Session) -> set[int]:
    return set(session.exec(select(Batch.id).where(col(Batch.state).in_(_UNDER_WAY))))


def _count(session: Session, state: DocumentState) -> int:
    return session.exec(select(func.count()).select_from(Document).where(Document.state == state)).one()


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
