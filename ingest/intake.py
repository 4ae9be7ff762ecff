"""Intake that loses nothing: claim, copy, link, one transaction, and only then move to done.

The order is the contract (docs/evidence.md). A kill between any two steps is repaired by doing the same
steps on whatever lies in `.claim`; there is no special recovery code. The claim id in the name is
the idempotency key. File names are bytes and data: never part of a command, log line or other path
than their own folder.
"""

import contextlib
import logging
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from ingest.claims import Claimed, claim, lock_claim, move_to_done, origin_of
from ingest.completeness import shows_its_end, state_of, writer_lease
from ingest.copying import copy_sealed
from ingest.folders import keep_folder, state_of_folder
from ingest.gathering import Listed, gather, lists_in, resume, state_of_list
from ingest.hotfolder import CLAIM, DONE, LEFT_ALONE, NO_LOOK, FileStamp, HotFolder, Sweep, names, prepare, shapes
from ingest.problems import CannotGoOn, is_full, is_passing
from ingest.refused import end_refusals, listed_for_now
from ingest.settings import Settings
from storage.custody import originals, receiving
from storage.foundation.errors import SourceChanged
from storage.foundation.home import Home

log = logging.getLogger("chartroom.intake")

_AT_ONCE = 500
"""Files claimed in one round, so that a backlog of 100,000 keeps memory flat."""


def take_in(home: Home, folder: HotFolder, settings: Settings, *, waits_for_end: bool) -> Sweep:
    """One full scan of a hot folder: claim what is complete, take in what is claimed.

    `waits_for_end` waits for the end of a file that shows none (the daemon); a single run takes it in
    flagged as soon as nobody writes it. A file that cannot be had now waits alone, and those behind it go on.
    CannotGoOn when the folder is not reachable or the disk is full.
    """
    prepare(home, folder)
    taken = take_in_claimed(home, folder, settings)
    touched = {folder.touched.pop() for _ in range(len(folder.touched))}  # events add to it meanwhile
    there = names(folder)
    end_refusals(home, folder, listed_for_now(home, folder) - set(there))
    before = shapes(folder)
    for name in touched & folder.looks.keys():
        folder.looks[name] = replace(folder.looks[name], pause=0.0, next_look=0.0)
    this = _Round(home, folder, settings, waits_for_end=waits_for_end)
    this.look_at_lists(there)
    this.look_at_each(there)
    is_news = shapes(folder) != before
    this.keep()
    taken += this.taken
    return Sweep(
        taken,
        this.waiting + len(folder.later),
        len(folder.unreadable),
        len(folder.no_room),
        is_news or bool(taken),
        this.waits,
        frozenset(this.claims),
    )


class _Round:
    """One look at all that lies in a hot folder: what is ready, what waits, and what was taken in of it."""

    def __init__(self, home: Home, folder: HotFolder, settings: Settings, *, waits_for_end: bool) -> None:
        self._home, self._folder, self._settings, self._waits_for_end = home, folder, settings, waits_for_end
        self._ready: list[tuple[bytes, tuple[str, ...]]] = []
        self._together: list[Listed] = []
        self._listed: set[bytes] = set()
        self.taken = self.waiting = 0
        self.waits: dict[bytes, FileStamp] = {}
        self.claims: set[bytes] = set()

    def look_at_lists(self, there: Sequence[bytes]) -> None:
        """Look at the index files that lie in the folder itself, each with the scans that it names."""
        for listed in lists_in(self._folder, there):
            if not listed.files and self._is_late(listed.index):
                continue  # none of its scans came: it is taken in as any other file, and a person sees what it is
            self._listed |= set(listed.names)
            wait = state_of_list(self._home, self._folder, listed, self._settings, waits_for_end=self._waits_for_end)
            if wait is None:
                self._together.append(listed)
            else:
                self._note_waiting(listed.names)

    def look_at_each(self, there: Sequence[bytes]) -> None:
        """Look at everything else, until enough is ready for one round."""
        for name in there:
            if name in self._listed:
                continue
            look_at = state_of_folder if _is_folder(self._folder, name) else state_of
            state = look_at(self._home, self._folder, name, self._settings, waits_for_end=self._waits_for_end)
            if state is None:
                self._note_waiting((name,))
            elif state != LEFT_ALONE:
                self._ready.append((name, state))
            if len(self._ready) >= _AT_ONCE:
                break

    def keep(self) -> None:
        """Claim and take in what is ready."""
        for name, flags in self._ready:
            self._keep((name,), partial(claim, self._folder, name), flags)
        for listed in self._together:
            self._keep(listed.names, partial(gather, self._folder, listed), ())

    def _keep(self, of: Sequence[bytes], claim_it: Callable[[], Claimed | None], flags: tuple[str, ...]) -> None:
        folder = self._folder
        if not all(_has_room(self._home, folder, name, self._settings) for name in of):
            self.waiting += len(of)
            return
        with _waits_alone(folder.looks, of[0]):
            if (claimed := claim_it()) is not None:
                self.claims |= set(of)
                self.taken += _keep_or_wait(self._home, folder, claimed, flags, self._settings)
            for name in of:
                folder.looks.pop(name, None)
        self.waiting += of[0] in folder.looks

    def _note_waiting(self, of: Sequence[bytes]) -> None:
        self.waiting += len(of)
        self.waits |= {name: self._folder.looks[name] for name in of if name in self._folder.looks}

    def _is_late(self, name: bytes) -> bool:
        look = self._folder.looks.get(name)
        waited = time.monotonic() - look.first_seen if look is not None else 0.0
        return not self._waits_for_end or waited >= self._settings.incomplete_wait_seconds


def _is_folder(folder: HotFolder, name: bytes) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(folder.raw + b"/" + name).st_mode)
    except FileNotFoundError:
        return False


def take_in_claimed(home: Home, folder: HotFolder, settings: Settings) -> int:
    """Finish whatever was claimed and is not finished, by this process or an earlier one; gives how many files."""
    finished = 0
    with os.scandir(folder.raw + b"/" + CLAIM) as entries:
        there = sorted(entry.name for entry in entries)
    for gone in folder.later.keys() - set(there):
        del folder.later[gone]
    for name in there:
        if b"__" not in name or (name in folder.later and time.monotonic() < folder.later[name].next_look):
            continue
        path = folder.raw + b"/" + CLAIM + b"/" + name
        if name in folder.later and writer_lease(path) == "written":
            folder.later[name] = folder.later[name].paused()
            continue
        with _waits_alone(folder.later, name):
            claimed = lock_claim(folder, name)
            if claimed is not None:  # else another watcher is at it
                whole = claimed.is_folder or shows_its_end(path)
                finished += _keep_or_wait(home, folder, claimed, () if whole else ("arrived_incomplete",), settings)
    return finished


def _keep_or_wait(home: Home, folder: HotFolder, claimed: Claimed, flags: tuple[str, ...], settings: Settings) -> int:
    """Keep a claimed file or folder, or leave it in .claim and try again later; gives how many files are kept.

    It is not put back: its writer may have made another file of its name, and a rename would overwrite that.
    """
    with contextlib.closing(claimed):
        try:
            kept = _keep(home, folder, claimed, flags, settings)
        except Exception as error:
            if not _is_of_one_file(error):
                raise
            if claimed.entry not in folder.later:
                log.info("a claimed file cannot be copied yet (%s); it is tried again", type(error).__name__)
            folder.later[claimed.entry] = folder.later.get(claimed.entry, NO_LOOK).paused()
            return 0
    folder.later.pop(claimed.entry, None)
    return kept


@contextlib.contextmanager
def _waits_alone(waits: dict[bytes, FileStamp], name: bytes) -> Iterator[None]:
    """A file that vanished, or that a network folder does not give now, waits; those behind it go on."""
    try:
        yield
    except OSError as error:
        if not _is_of_one_file(error):
            raise
        waits[name] = waits.get(name, NO_LOOK).paused()


def _is_of_one_file(error: Exception) -> bool:
    """Whether this is about one file and goes away by itself; a full disk and a busy database concern all of them."""
    return isinstance(error, SourceChanged) or (isinstance(error, OSError) and is_passing(error) and not is_full(error))


def sweep_done(home: Home, folder: HotFolder, keep_days: float) -> int:
    """Remove originals, files and folders, that lie in `.done` for longer than `keep_days`, once the vault's copy was read
    from the disk again and is whole; gives how many. Nothing is removed that the vault does not have."""
    oldest = time.time() - keep_days * 86_400
    try:
        with os.scandir(folder.raw + b"/" + DONE) as entries:
            old = [entry for entry in entries if entry.stat(follow_symlinks=False).st_ctime < oldest]
    except (FileNotFoundError, NotADirectoryError):
        return 0
    removed = 0
    for entry in old:
        claim_id = entry.name.partition(b".")[0].decode("ascii", "replace")
        with home.reading() as session:
            is_safe = originals.is_safe(session, home.vault, claim_id)
        if not is_safe:
            log.warning("an original stays in .done: the vault has no whole copy of it ('chartroom verify' says why)")
        elif entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
            removed += 1
        else:
            os.unlink(entry.path)
            removed += 1
    return removed


# ---- copy, link, commit, done


def _keep(home: Home, folder: HotFolder, claimed: Claimed, flags: tuple[str, ...], settings: Settings) -> int:
    """Copy into the vault, commit the receipt, then move the claim to done; gives how many files."""
    if claimed.is_folder:
        return keep_folder(home, folder, claimed, settings) if resume(folder, claimed) else 0
    sealed, size, sha256 = copy_sealed(home, claimed.handle, settings)
    receipt = receiving.Receipt(
        claim_id=claimed.claim_id,
        name=claimed.name,
        hot_folder=str(folder.path),
        size=size,
        sha256=sha256,
        flags=flags,
        origin=origin_of(folder, claimed),
    )
    with home.writing() as session:
        batch_id = receiving.receive(session, home.vault, sealed, receipt)
    move_to_done(folder, claimed)
    log.info("received batch %s", batch_id)
    return 1


def _has_room(home: Home, folder: HotFolder, name: bytes, settings: Settings) -> bool:
    """Whether a file can be kept (1.5 × the file + the reserve); one that cannot waits alone, and smaller ones go on.

    CannotGoOn below the reserve: then nothing is claimed that could not be kept.
    """
    reserve = settings.minimum_free_megabytes * 1_000_000
    free = shutil.disk_usage(home.path).free
    if free < reserve:
        raise CannotGoOn(
            "The disk is nearly full, so no more scans are taken in. Free space; the scans wait in the hot folder."
        )
    look = folder.looks.get(name)
    if look is not None and free < int(1.5 * look.size) + reserve:
        if name not in folder.no_room:
            log.warning("a file of %s MB does not fit on the disk; it waits in the hot folder", look.size // 1_000_000)
        folder.no_room.add(name)
        folder.looks[name] = look.paused()
        return False
    folder.no_room.discard(name)
    return True
