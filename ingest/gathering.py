"""Index files that lie in a hot folder itself: the scans that they name come in with them, as one batch.

A program that writes `batch 7.csv` beside the scans it lists, or `scan 1.xml` beside `scan 1.tif`, says which scans belong
together and whose they are. Such a scan waits for the others that its index file names; when they are all there they are
claimed together, as if they had been dropped in a folder that is called as the index file is. A kill between two of them is
repaired by moving the rest.
"""

import os
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ingest import manifest
from ingest.claims import Claimed, claim_together, is_gathering, move_in, remove_empty
from ingest.completeness import may_not_be_opened_yet, seen, shows_its_end, writer_lease
from ingest.hotfolder import CLAIM, FileStamp, HotFolder, Wait
from ingest.problems import is_passing
from ingest.refused import end_refusals, listed_for_now, refuse_for_now, too_large
from ingest.settings import Settings
from storage.custody import receiving
from storage.custody.batches import printable_name
from storage.custody.declared import Declared, Files, FoundFile
from storage.foundation.home import Home


@dataclass(frozen=True, slots=True)
class Listed:
    """An index file of a hot folder, and which of the scans that it names lie beside it; `is_all` when all of them do."""

    index: bytes
    files: tuple[bytes, ...]
    is_all: bool

    @property
    def names(self) -> tuple[bytes, ...]:
        """All that belongs together."""
        return (self.index, *self.files)


def lists_in(folder: HotFolder, there: Sequence[bytes]) -> list[Listed]:
    """The index files among what lies in a hot folder, each with its scans. A scan that two of them name goes with the first."""
    indexes = [name for name in there if manifest.is_index(name)]
    for gone in folder.lists.keys() - set(indexes):
        del folder.lists[gone]
    if not indexes:
        return []
    scans = [name for name in there if not manifest.is_index(name) and _is_file(folder.raw + b"/" + name)]
    taken: set[bytes] = set()
    found = []
    for index in indexes:
        declared = _declared(folder, index, scans)
        if declared is None:
            continue
        files, is_all = _named(declared, scans)
        files = tuple(name for name in files if name not in taken)
        taken |= set(files)
        found.append(Listed(index, files, is_all))
    return found


def _is_file(path: bytes) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False


def _declared(folder: HotFolder, index: bytes, scans: Sequence[bytes]) -> Declared | None:
    """What an index file says of scans beside it, read anew when it changed; None where it names none, or is none."""
    path, name = folder.raw + b"/" + index, _text(index)
    scan = manifest.scan_beside(name, map(_text, scans)) or manifest.NO_SCAN
    try:
        status = os.lstat(path)
        shape = (status.st_size, status.st_mtime_ns, status.st_ino, scan)
        if not stat.S_ISREG(status.st_mode):
            return None
        if (known := folder.lists.get(index)) is None or known[0] != shape:
            known = folder.lists[index] = shape, _read(name, _content(path), scan)
    except OSError as error:
        if not is_passing(error) and not isinstance(error, PermissionError):
            raise
        return None
    return known[1]


def _read(name: str, content: bytes, scan: str) -> Declared | None:
    try:
        declared, _ = manifest.read_index(name, content, scan)
    except manifest.UnreadableIndex:
        return None
    return declared if declared.documents else None


def _content(path: bytes) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return file.read(manifest.LARGEST + 1)


def _named(declared: Declared, scans: Sequence[bytes]) -> tuple[tuple[bytes, ...], bool]:
    """The scans that are named, and whether every name is among them."""
    there = Files([FoundFile(_text(name), None, "", 0) for name in scans])
    found = [there.find(document.file) for document in declared.documents]
    names = dict.fromkeys(file.name for file in found if file is not None)
    return tuple(_bytes(name) for name in names), None not in found


def state_of_list(
    home: Home, folder: HotFolder, listed: Listed, settings: Settings, *, waits_for_end: bool
) -> Wait | None:
    """What keeps an index file and its scans; None when they are whole, or late and nobody writes them.

    What waits is noted in the looks of the folder, each file for itself.
    """
    looks: dict[bytes, FileStamp] = {}
    is_new = False
    for name in listed.names:
        try:
            status = os.lstat(folder.raw + b"/" + name)
        except FileNotFoundError:
            return Wait.CHANGING
        looks[name], changed = seen(folder, name, (status.st_size, status.st_mtime_ns, status.st_ino), settings)
        is_new |= changed
        if status.st_size > settings.file_megabytes * 1_000_000:
            refuse_for_now(home, folder, name, receiving.TOO_LARGE, too_large(settings, printable_name(name)))
            return Wait.CHANGING
    end_refusals(home, folder, set(listed.names) & listed_for_now(home, folder))
    index = looks[listed.index]
    is_late = not waits_for_end or time.monotonic() - index.first_seen >= settings.incomplete_wait_seconds
    if not listed.is_all and not is_late:
        folder.looks |= {name: look.waiting(Wait.LISTED, 0.0) for name, look in looks.items()}
        return Wait.LISTED
    if any(
        may_not_be_opened_yet(look, settings, is_new=is_new, waits_for_end=waits_for_end) for look in looks.values()
    ):
        return index.wait
    wait = _why_it_waits(folder, listed, is_late=is_late)
    if wait is not None:
        folder.looks |= {name: look.waiting(wait) for name, look in looks.items()}
    return wait


def _why_it_waits(folder: HotFolder, listed: Listed, *, is_late: bool) -> Wait | None:
    for name in listed.names:
        path = folder.raw + b"/" + name
        try:
            if writer_lease(path) == "written":
                return Wait.OPEN
            if not is_late and name != listed.index and not shows_its_end(path):
                return Wait.NO_END
        except PermissionError:
            folder.unreadable.add(name)
            return Wait.UNREADABLE
        folder.unreadable.discard(name)
    return None


def gather(folder: HotFolder, listed: Listed) -> Claimed | None:
    """Claim an index file with its scans; None when somebody else was faster."""
    return claim_together(folder, listed.index.rpartition(b".")[0], listed.index, listed.files)


def resume(folder: HotFolder, claimed: Claimed) -> bool:
    """Move what is still missing into a claim that was being gathered; False when nothing had been claimed, and it is gone."""
    path = folder.raw + b"/" + CLAIM + b"/" + claimed.entry
    with os.scandir(path) as entries:
        inside = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    if remove_empty(path):
        return False
    if is_gathering(path):
        with os.scandir(folder.raw) as entries:
            loose = sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
        for index in (name for name in inside if manifest.is_index(name)):
            scan = manifest.scan_beside(_text(index), map(_text, loose)) or manifest.NO_SCAN
            if (declared := _read(_text(index), _content(path + b"/" + index), scan)) is not None:
                move_in(folder, path, _named(declared, loose)[0])
    return True


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
