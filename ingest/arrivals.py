"""Why files wait in the hot folders, as sentences for staff, and the list of them that the watch keeps with its beat."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from ingest.completeness import UNKNOWN_WRITER
from ingest.hotfolder import FileStamp, HotFolder, Sweep, Wait
from ingest.settings import Settings
from storage.custody import arrivals
from storage.custody.arrivals import MOST, WaitingFile, WaitingFolder
from storage.custody.batches import printable_name
from storage.foundation.clock import utc_now
from storage.foundation.home import Home

WAITING_SECONDS = 5.0
"""How long a file waits before it is told: most copies are done by then."""

_WRITE_SECONDS = 5.0
"""Seconds between two writes of a list that changes."""

_CLAIM_ID = b"__"


def patience(look: FileStamp, settings: Settings) -> float:
    """Seconds that a file may wait before it is worth a word: longer than a copy and the looks at it take."""
    return WAITING_SECONDS + (UNKNOWN_WRITER if look.wait is Wait.CHANGING else 1) * settings.settle_seconds


def sentence_of(wait: Wait, settings: Settings) -> str:
    """Why a file is not taken in yet, and when it will be."""
    match wait:
        case Wait.CHANGING:
            return f"It still changes; it is taken in once it did not for {settings.settle_seconds:g} s"
        case Wait.OPEN:
            return "A program still has it open for writing; it is taken in once it is closed"
        case Wait.UNREADABLE:
            return "Chartroom may not read it: give it the right to, or copy the file again"
        case Wait.NO_END:
            most = settings.incomplete_wait_seconds / 60
            return (
                "Its end is missing: it is still being copied, or the copy broke off. "
                f"It is taken in as it is {most:g} min after it came"
            )
        case Wait.NO_SIGNAL:
            return "Its completion signal is missing: this hot folder waits for one (profile.toml, hot_folders)"
        case Wait.LISTED:
            most = settings.incomplete_wait_seconds / 60
            return (
                "An index file names it together with scans that are not there yet: copy them too. "
                f"What is there is taken in {most:g} min after the index file came"
            )
        case Wait.NEXT_PAGE:
            return f"A further page may come; it is taken in once it was still for {settings.page_gap_seconds:g} s"


class Arrivals:
    """What waits, by folder. Each folder's thread says what its rounds found; the thread that keeps house writes it down."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._folders: dict[Path, WaitingFolder] = {}
        self._written: dict[str, tuple[WaitingFile, ...]] = {}
        self._written_at = 0.0

    def see(self, folder: HotFolder, scan: Sweep) -> None:
        """Note what a round found."""
        files = sorted(self._files(folder, scan), key=lambda file: (file.since, file.name))
        found = WaitingFolder(str(folder.path), utc_now(), tuple(files[:MOST]), max(0, len(files) - MOST))
        with self._lock:
            self._folders[folder.path] = found

    def is_news(self) -> bool:
        """Whether another file waits than was written down, or one for something else; never twice within some seconds."""
        is_due = time.monotonic() - self._written_at >= _WRITE_SECONDS
        return is_due and {folder.folder: folder.files for folder in self._all()} != self._written

    def write(self, home: Home) -> None:
        """Keep the list, with the time of now: with each beat, and between two of them when there is news."""
        if folders := self._all():
            with home.writing() as session:
                arrivals.keep(session, folders)
            self._written = {folder.folder: folder.files for folder in folders}
            self._written_at = time.monotonic()

    def _all(self) -> list[WaitingFolder]:
        with self._lock:
            return list(self._folders.values())

    def _files(self, folder: HotFolder, scan: Sweep) -> Iterator[WaitingFile]:
        now, seen_at = time.monotonic(), utc_now()
        before = self._folders.get(folder.path)
        # two looks do not come to the same second: a list that stays the same is not written again
        since_when = {file.name: file.since for file in before.files} if before else {}

        def file(name: bytes, since: float, why: str) -> WaitingFile:
            shown, at = printable_name(name), seen_at - timedelta(seconds=max(0.0, now - since))
            return WaitingFile(shown, since_when.get(shown, at), why)

        for name, look in list(scan.waits.items()):
            if now - look.first_seen >= patience(look, self._settings):
                yield file(name, look.first_seen, sentence_of(look.wait, self._settings))
        too_large = _TOO_LARGE.format(most=self._settings.file_megabytes)
        most = self._settings.file_megabytes * 1_000_000
        for name in folder.looks.keys() & folder.no_room:
            yield file(name, folder.looks[name].first_seen, _NO_ROOM)
        for name in folder.looks.keys() & (folder.for_now or set()):
            look = folder.looks[name]
            yield file(name, look.first_seen, too_large if look.size > most else _NOT_AS_IT_IS)
        for entry, look in folder.later.items():
            name = entry.partition(_CLAIM_ID)[2]
            yield file(
                name, look.first_seen or now, "It cannot be copied now, or changed while it was; it is tried again"
            )


_NO_ROOM = "It does not fit on the disk: free space. Smaller files are taken in"
_NOT_AS_IT_IS = "It is not taken in as it is: Exceptions says why"
_TOO_LARGE = (
    "It is larger than {most:,} MB, the limit of this site. Split it, or ask your administrator to raise the limit"
)
