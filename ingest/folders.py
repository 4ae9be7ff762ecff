"""A folder in a hot folder is one batch: its files in name order, sub-folders included, claimed by one rename.

It is whole when every file in it is, and nothing in it changed for as long as a scanner takes for a page; sooner where a
completion signal lies in it or beside it, or an index file whose files are all there. Each file has a claim id of its own,
made of the folder's and its path, so that a kill anywhere is repaired by doing the same again.
"""

import errno
import hashlib
import logging
import os
import re
import stat
import time
from dataclasses import dataclass

from ingest import manifest
from ingest.claims import Claimed, move_to_done, origin_of
from ingest.completeness import (
    UNKNOWN_WRITER,
    is_all_there,
    is_signalled,
    may_not_be_opened_yet,
    seen,
    shows_its_end,
    writer_lease,
)
from ingest.copying import copy_sealed
from ingest.foldersettings import Completion
from ingest.hotfolder import CLAIM, LEFT_ALONE, SIGNAL, HotFolder, Wait
from ingest.names import is_scan
from ingest.problems import is_passing
from ingest.refused import end_refusals, listed_for_now, note, refuse_for_now, too_large
from ingest.settings import Settings
from storage.custody import receiving
from storage.custody.batches import printable_name
from storage.custody.declared import Files, FoundFile
from storage.custody.receiving import Receipt
from storage.foundation.errors import SourceChanged
from storage.foundation.home import Home
from storage.foundation.vault import Sealed

log = logging.getLogger("chartroom.intake")

_DEEPEST = 20
"""Sub-folders in sub-folders that are looked into; a folder that goes deeper is told."""

_AT_ONCE = 50
"""Files entered in one transaction."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a folder: its path there, and how it looks."""

    path: bytes
    status: os.stat_result

    @property
    def shape(self) -> tuple[bytes, int, int, int]:
        """What changes when anybody changes the file."""
        return self.path, self.status.st_size, self.status.st_mtime_ns, self.status.st_ino


@dataclass(frozen=True, slots=True)
class Tree:
    """What lies in a folder: files in name order, index files and completion signals among them; what is no file; whether it
    goes deeper than is looked into; the newest time at which a folder in it changed, seconds of its file system."""

    files: tuple[Found, ...]
    odd: tuple[tuple[bytes, int], ...]
    is_too_deep: bool
    changed: float

    @property
    def scans(self) -> list[Found]:
        """All that is taken in."""
        return [file for file in self.files if not file.path.endswith(SIGNAL)]

    @property
    def pages(self) -> list[Found]:
        """All that is taken in but index files."""
        return [file for file in self.scans if not manifest.is_index(file.path)]


def state_of_folder(
    home: Home, folder: HotFolder, name: bytes, settings: Settings, *, waits_for_end: bool
) -> tuple[str, ...] | None:
    """Flags of a folder that is ready, LEFT_ALONE, or None when it has to wait."""
    try:
        return _state_of(home, folder, name, settings, waits_for_end=waits_for_end)
    except PermissionError:
        folder.unreadable.add(name)
    except OSError as error:  # a file that went away, or that a network folder does not give now
        if not is_passing(error):
            raise
    return None


def _state_of(
    home: Home, folder: HotFolder, name: bytes, settings: Settings, *, waits_for_end: bool
) -> tuple[str, ...] | None:
    path = folder.raw + b"/" + name
    tree = read_tree(path)
    digest = hashlib.blake2b(repr([file.shape for file in tree.files]).encode(), digest_size=8).digest()
    size = sum(file.status.st_size for file in tree.files)
    shape = (size, int.from_bytes(digest, "big"), os.lstat(path).st_ino)
    look, is_new = seen(folder, name, shape, settings)
    is_late = not waits_for_end or time.monotonic() - look.first_seen >= settings.incomplete_wait_seconds
    if (refusal := _why_refused(tree, settings, is_late=is_late)) is not None:
        refuse_for_now(home, folder, name, *refusal)
        return LEFT_ALONE
    end_refusals(home, folder, {name} & listed_for_now(home, folder))
    if not tree.pages:
        return LEFT_ALONE  # empty as yet, or nothing but what programs leave in folders
    if may_not_be_opened_yet(look, settings, is_new=is_new, waits_for_end=waits_for_end):
        return None
    wait, left = _why_it_waits(folder, name, path, tree, settings, look.since, is_late=is_late)
    if wait is None:
        folder.unreadable.discard(name)
        return ()
    if wait is Wait.UNREADABLE:
        folder.unreadable.add(name)
    folder.looks[name] = look.waiting(wait, left)
    return None


def _why_refused(tree: Tree, settings: Settings, *, is_late: bool) -> tuple[str, str] | None:
    """Kind and reason why a folder is not taken in as it is: the whole of it stays where it is, for nothing is torn apart."""
    for file in tree.scans:
        if file.status.st_size > settings.file_megabytes * 1_000_000:
            return receiving.TOO_LARGE, too_large(settings, printable_name(file.path))
    if tree.is_too_deep:
        return (
            receiving.TOO_DEEP,
            f"This folder has folders in folders in more than {_DEEPEST} steps. Put the scans into fewer folders.",
        )
    if is_late and not tree.pages:
        return receiving.EMPTY_FOLDER, "This folder holds no scans. Put the scans into it, or remove it."
    return None


def _why_it_waits(
    folder: HotFolder, name: bytes, path: bytes, tree: Tree, settings: Settings, since: float, *, is_late: bool
) -> tuple[Wait | None, float | None]:
    """What a folder waits for, and how long if that is known; None when it is whole, or `is_late` and nobody writes it."""
    signalled = _is_signalled(folder, name, tree) or _is_all_listed_here(path, tree)
    if folder.ways.completion is Completion.SIGNAL and not signalled:
        return Wait.NO_SIGNAL, None
    waits_for_nothing = signalled or folder.ways.completion is Completion.RENAME
    if not waits_for_nothing and (left := _seconds_left(folder, tree, settings, since)) > 0:
        return Wait.NEXT_PAGE, left
    for file in tree.scans:
        whole = path + b"/" + file.path
        if not os.access(whole, os.R_OK):
            return Wait.UNREADABLE, None
        if writer_lease(whole) == "written":
            return Wait.OPEN, None
        if not is_late and not shows_its_end(whole):
            return Wait.NO_END, None
    return None, None


def _seconds_left(folder: HotFolder, tree: Tree, settings: Settings, since: float) -> float:
    """Until nothing in it changed for as long as a scanner takes for a page, or a network copy for a file."""
    if not settings.settle_seconds:
        return 0.0
    gap = max(settings.page_gap_seconds, 2 * folder.longest_gap) if settings.page_gap_seconds else 0.0
    calm = max(gap, UNKNOWN_WRITER * settings.settle_seconds)
    newest = max(tree.files, key=lambda file: max(file.status.st_mtime, file.status.st_ctime)).status
    still = folder.seconds_still(newest, since)
    if folder.clock_ahead is not None:
        still = min(still, max(time.monotonic() - since, time.time() + folder.clock_ahead - tree.changed))
    return calm - still


def _is_signalled(folder: HotFolder, name: bytes, tree: Tree) -> bool:
    return is_signalled(folder, name) or any(
        file.path.endswith(SIGNAL) and b"/" not in file.path for file in tree.files
    )


def _is_all_listed_here(path: bytes, tree: Tree) -> bool:
    """Whether index files name files, and all that they name are there."""
    indexes = {file.path: _read(path, file.path) for file in tree.scans if manifest.is_index(file.path)}
    contents = {_text(name): content for name, content in indexes.items()}
    declared, _ = manifest.read_indexes(contents, [_text(file.path) for file in tree.pages])
    if declared is None or declared.unreadable or not declared.documents:
        return False
    there = Files([FoundFile(_text(file.path), None, "", file.status.st_size) for file in tree.pages])
    return all(there.find(document.file) is not None for document in declared.documents)


def read_tree(path: bytes) -> Tree:
    """All that lies in a folder. Links are never followed; what programs leave in folders is left out (ingest/names.py)."""
    files: list[Found] = []
    odd: list[tuple[bytes, int]] = []
    is_too_deep, changed = False, 0.0
    waiting = [(b"", 0)]
    while waiting:
        inside, depth = waiting.pop()
        here = path + b"/" + inside if inside else path
        status = os.stat(here)
        changed = max(changed, status.st_mtime, status.st_ctime)
        with os.scandir(here) as entries:
            for entry in entries:
                whole = inside + b"/" + entry.name if inside else entry.name
                if not is_scan(entry.name) and not entry.name.endswith(SIGNAL):
                    continue
                found = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(found.st_mode):
                    is_too_deep |= depth + 1 > _DEEPEST
                    if depth + 1 <= _DEEPEST:
                        waiting.append((whole, depth + 1))
                elif stat.S_ISREG(found.st_mode):
                    files.append(Found(whole, found))
                else:
                    odd.append((whole, found.st_mode))
    return Tree(
        tuple(sorted(files, key=lambda file: in_name_order(file.path))), tuple(sorted(odd)), is_too_deep, changed
    )


def in_name_order(path: bytes) -> list[tuple[bool, int, bytes]]:
    """Sort key of a path as people number files: 2 before 10, files and folders of one place by their names."""
    parts = re.split(rb"(\d+)", path.lower().replace(b"/", b"\0"))
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


# ---- once it is claimed


def keep_folder(home: Home, folder: HotFolder, claimed: Claimed, settings: Settings) -> int:
    """Copy every file of a claimed folder into the vault, commit the receipts, close the batch, and only then move the folder to
    done; gives how many files. What a writer still adds meanwhile is found by looking again until nothing is new."""
    path = folder.raw + b"/" + CLAIM + b"/" + claimed.entry
    origin = origin_of(folder, claimed)
    with home.writing() as session:
        batch_id = receiving.open_folder(session, claimed.claim_id, claimed.name, origin)
    while True:
        tree = read_tree(path)
        with home.reading() as session:
            known = receiving.received(session, batch_id)
        new = [file for file in tree.scans if _claim_of(claimed, file) not in known]
        if not new:
            break
        portion: list[tuple[Sealed, Receipt, bool]] = []
        for file in new:
            sealed, receipt = _copied(home, folder, claimed, path, file, settings)
            portion.append((sealed, receipt, manifest.is_index(file.path)))
            if len(portion) == _AT_ONCE:
                _commit(home, batch_id, portion)
        _commit(home, batch_id, portion)
    indexes = {_text(file.path): _read(path, file.path) for file in tree.scans if manifest.is_index(file.path)}
    declared, by_index = manifest.read_indexes(indexes, [_text(file.path) for file in tree.pages])
    for odd, _ in tree.odd:
        note(home, folder, claimed.name + b"/" + odd, "link", _ODD)
    with home.writing() as session:
        order = [_claim_of(claimed, file) for file in tree.pages]
        receiving.close_folder(session, batch_id, order, declared, by_index.over(origin))
    move_to_done(folder, claimed)
    log.info("received a folder of %s files as batch %s", len(tree.pages), batch_id)
    return len(tree.pages)


_ODD = "This is a shortcut, a pipe or a device in a folder of scans, and no file: nothing was read from it. Drop the scan itself."


def _copied(
    home: Home, folder: HotFolder, claimed: Claimed, path: bytes, file: Found, settings: Settings
) -> tuple[Sealed, Receipt]:
    handle = open_inside(path, file.path)
    try:
        is_whole = manifest.is_index(file.path) or is_all_there(handle)
        sealed, size, sha256 = copy_sealed(home, handle, settings)
    finally:
        os.close(handle)
    return sealed, Receipt(
        claim_id=_claim_of(claimed, file),
        name=claimed.name + b"/" + file.path,
        hot_folder=str(folder.path),
        size=size,
        sha256=sha256,
        flags=() if is_whole else ("arrived_incomplete",),
    )


def _commit(home: Home, batch_id: int, portion: list[tuple[Sealed, Receipt, bool]]) -> None:
    """Enter a portion of files whose bytes are safe, and empty it."""
    if portion:
        with home.writing() as session:
            for sealed, receipt, is_index in portion:
                receiving.receive_into(session, home.vault, sealed, receipt, batch_id, is_index=is_index)
    portion.clear()


def _claim_of(claimed: Claimed, file: Found) -> str:
    return f"{claimed.claim_id}.{hashlib.blake2b(file.path, digest_size=10).hexdigest()}"


def open_inside(path: bytes, inside: bytes) -> int:
    """Open a file in a folder without following a link anywhere on the way: whoever dropped the folder may still write in it,
    and must not have us read what lies elsewhere. SourceChanged when it is not as it was listed: it is listed anew."""
    try:
        return _opened_inside(path, inside)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR, errno.ENOENT):
            raise
        raise SourceChanged("The folder changed while it was being read.") from error


def _opened_inside(path: bytes, inside: bytes) -> int:
    *folders, name = inside.split(b"/")
    here = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    try:
        for folder in folders:
            deeper = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY, dir_fd=here)
            os.close(here)
            here = deeper
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
    finally:
        os.close(here)


def _read(path: bytes, inside: bytes) -> bytes:
    """An index file, or as much of it as is read; what cannot be opened now is empty."""
    try:
        handle = open_inside(path, inside)
    except SourceChanged:
        return b""
    except OSError as error:
        if not is_passing(error) and not isinstance(error, PermissionError):
            raise
        return b""
    with os.fdopen(handle, "rb") as file:
        return file.read(manifest.LARGEST + 1)


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
