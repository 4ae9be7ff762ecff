"""A hot folder and what was seen in it: how each file looked, what waits, what a round found; and whether it is there."""

import os
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from sqlmodel import Session

from ingest.foldersettings import FolderWays
from ingest.names import OUR_FOLDERS, is_scan
from ingest.problems import CannotGoOn
from storage.custody.declared import Declared
from storage.foundation.home import Home
from storage.foundation.tables.installation import Fact
from storage.foundation.vault import fsync_folder

CLAIM, DONE = OUR_FOLDERS

LEFT_ALONE = ("left_alone",)
"""State of what is never taken in as it is now."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds until a file that has to wait is opened again, doubled each time up to half a minute (exponential backoff):
looks at five hundred waiting files must cost nothing, and a folder without events must not be forgotten."""

_LONGEST_GAP = 120.0
"""Seconds: a longer pause of a writer is none between two pages of one scan."""


class Wait(StrEnum):
    """Why something in a hot folder is not taken in yet."""

    CHANGING = "changing"
    OPEN = "open"  # somebody writes it
    NO_END = "no_end"
    UNREADABLE = "unreadable"
    NO_SIGNAL = "no_signal"  # the folder's setting asks for one
    NEXT_PAGE = "next_page"  # a TIFF that is whole may get a further page
    LISTED = "listed"  # an index file names scans that are not there yet


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What a file, or a folder of files, looked like at one moment of our own clock."""

    size: int
    modified: int
    inode: int
    since: float  # monotonic seconds since when it looks like this
    first_seen: float
    pause: float = 0.0  # after the last time it was opened
    next_look: float = 0.0  # monotonic seconds before which it is not opened again while it looks like this
    wait: Wait = Wait.CHANGING

    def waiting(self, wait: Wait, seconds: float | None = None) -> "FileStamp":
        """The same look, which has to wait for this: for so long, or for twice as long as the last time."""
        stamp = self.paused() if seconds is None else replace(self, next_look=time.monotonic() + seconds)
        return replace(stamp, wait=wait)

    def paused(self) -> "FileStamp":
        """The same look, to be taken again after twice the time."""
        pause = min(_LONGEST_PAUSE, 2 * self.pause or _FIRST_PAUSE)
        return replace(self, pause=pause, next_look=time.monotonic() + pause)


NO_LOOK = FileStamp(-1, 0, 0, 0.0, 0.0)


@dataclass(slots=True)
class HotFolder:
    """One hot folder, how it is used, and what was seen in it so far."""

    path: Path
    ways: FolderWays = field(default_factory=FolderWays)
    looks: dict[bytes, FileStamp] = field(default_factory=dict)
    unreadable: set[bytes] = field(default_factory=set)
    no_room: set[bytes] = field(default_factory=set)
    for_now: set[bytes] | None = None
    """What is listed as not taken in as it is now; None before the list was read."""
    later: dict[bytes, FileStamp] = field(default_factory=dict)
    """Claimed files, by their name in .claim, that could not be copied yet."""
    touched: set[bytes] = field(default_factory=set)
    """Names that an event spoke of since the last round; they are looked at again at once."""
    signals: frozenset[bytes] = frozenset()
    """Completion signals (`name.done`) that lie in the folder in this round."""
    lists: dict[bytes, tuple[tuple[int, int, int, str], Declared | None]] = field(default_factory=dict)
    """Index files that lie in the folder itself: how each looked, with the scan beside it, and what it said then."""
    longest_gap: float = 0.0
    """Seconds: the longest pause after which something that lay still here was written on."""
    clock_ahead: float | None = None
    """Seconds by which the clock of the folder's file system is ahead of ours; None before it was asked."""

    @property
    def raw(self) -> bytes:
        return os.fsencode(self.path)

    def note_gap(self, seconds: float) -> None:
        """Something that lay still for so long was written on."""
        if seconds <= _LONGEST_GAP:
            self.longest_gap = max(self.longest_gap, seconds)

    def seconds_still(self, status: os.stat_result, since: float) -> float:
        """For how long a file has been as it is: since we look at it, or by the clock of its file system.

        The change time counts, for a copy may keep the time of writing of its original; and both by the clock of the server,
        which is often not ours.
        """
        if self.clock_ahead is None:
            self.clock_ahead = self._ask_clock()
        age = time.time() + self.clock_ahead - max(status.st_mtime, status.st_ctime)
        return max(time.monotonic() - since, age)

    def _ask_clock(self) -> float:
        path = self.raw + b"/" + CLAIM + b"/.clock"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            before = time.time()
            os.write(handle, b"\n")
            return os.fstat(handle).st_mtime - before
        finally:
            os.close(handle)
            os.unlink(path)


@dataclass(frozen=True, slots=True)
class Sweep:
    """One round: files taken in, files that have to wait, those of them that cannot be read or find no room on the disk, and
    whether anything looked otherwise than in the round before. Of files that wait, by name, how they look; and the names that
    were claimed."""

    taken: int
    waiting: int
    unreadable: int
    no_room: int = 0
    is_news: bool = False
    waits: Mapping[bytes, FileStamp] = field(default_factory=dict)
    claimed: frozenset[bytes] = frozenset()


def shapes(folder: HotFolder) -> set[tuple[bytes, int, int, int]]:
    """How everything looks that lies in a folder, to be compared with the next round."""
    return {(name, look.size, look.modified, look.inode) for name, look in folder.looks.items()}


def names(folder: HotFolder) -> list[bytes]:
    """What lies in a folder and may be a scan, in order; what is gone is forgotten. CannotGoOn when it cannot be read."""
    try:
        with os.scandir(folder.raw) as entries:
            all_names = sorted(entry.name for entry in entries)
    except OSError as error:
        raise CannotGoOn(f"The hot folder {folder.path} cannot be read. Check that it is connected.") from error
    folder.signals = frozenset(name for name in all_names if name.endswith(SIGNAL) and name not in OUR_FOLDERS)
    found = [name for name in all_names if is_scan(name)]
    there = set(found)
    for gone in folder.looks.keys() - there:
        del folder.looks[gone]
    folder.unreadable &= there
    folder.no_room &= there
    return found


SIGNAL = b".done"
"""How a completion signal ends: `scan.tif.done` or `scan.done` says that `scan.tif` is whole, `box 7.done` the folder."""


# ---- is it there?


def prepare(home: Home, folder: HotFolder) -> None:
    """Make sure that a hot folder is there with our two folders in it; CannotGoOn when it is away.

    A folder that is away is never made anew: scans that people drop on the place of a share that is not mounted would lie on
    the local disk. One that was used before is away too where our folders are missing: then its mount point is seen.
    """
    if all(_is_folder(folder.raw + b"/" + sub) for sub in OUR_FOLDERS):
        return
    if not _is_folder(folder.raw) and folder.path != home.path / "hot":
        raise CannotGoOn(
            f"The hot folder {folder.path} is not there. Check that its disk or network share is connected. "
            "A folder that is new is made by 'chartroom init'."
        )
    with home.reading() as session:
        is_known = session.get(Fact, _fact(folder.path)) is not None
    if is_known:
        raise CannotGoOn(
            f"The hot folder {folder.path} is there, but its folder .claim is not: its network share may not be connected. "
            "Connect it; or, when the folder was emptied on purpose, run 'chartroom init'."
        )
    make_ready(home, folder.path)


def make_ready(home: Home, path: Path) -> None:
    """Make a hot folder, or make one that lies there ready; CannotGoOn when it cannot be written."""
    raw = os.fsencode(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        for sub in OUR_FOLDERS:
            os.makedirs(raw + b"/" + sub, exist_ok=True)
        fsync_folder(raw)
    except OSError as error:
        raise CannotGoOn(f"The hot folder {path} cannot be written. Check its rights.") from error
    with home.writing() as session:
        _know(session, path)


def _know(session: Session, path: Path) -> None:
    session.merge(Fact(name=_fact(path), value="known"))


def _fact(path: Path) -> str:
    return f"hot_folder:{path}"


def _is_folder(path: bytes) -> bool:
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except OSError:
        return False
