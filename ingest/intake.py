"""Intake that loses nothing: claim, copy, link, one transaction, and only then move to done.

The order is the contract (docs/evidence.md). A kill between any two steps is repaired by doing the same
steps on whatever lies in `.claim`; there is no special recovery code. The claim id in the name is
the idempotency key. File names are bytes and data: never part of a command, log line or other path
than their own folder.
"""

import contextlib
import errno
import fcntl
import hashlib
import logging
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from ingest.names import OUR_FOLDERS, is_scan
from ingest.problems import CannotGoOn, is_full, is_passing
from ingest.settings import Settings
from ocr.errors import UnsupportedFile
from ocr.signature import Kind, find_kind, has_end
from storage.custody import batches
from storage.foundation.errors import SourceChanged
from storage.foundation.folders import fsync_folder
from storage.foundation.home import Home

log = logging.getLogger("chartroom.intake")

CLAIM, DONE = OUR_FOLDERS
_CHUNK = 1 << 20
_LONGEST_NAME = 255
_CLAIM_ID = 26
_AT_ONCE = 500
"""Files claimed in one round, so that a backlog of 100,000 keeps memory flat."""

_KNOWN_ENDINGS = (b".pdf", b".tif", b".tiff", b".jpg", b".jpeg", b".png", b".bmp")

_LEFT_ALONE = ("left_alone",)
"""State of what is never taken in as it is now."""

UNKNOWN_WRITER = 5
"""Times the settling time that a file has to be still where the system does not say who writes it (network folders)."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds until a file that has to wait is opened again, doubled each time up to half a minute (exponential backoff):
looks at five hundred waiting files must cost nothing, and a folder without events must not be forgotten."""

_NOT_FILES = (
    (stat.S_ISLNK, "link", "This is a shortcut (link), not a file. Copy the scan itself into the folder."),
    (stat.S_ISDIR, "folder", "This is a folder, not a file. Put the scans themselves into the hot folder."),
    (stat.S_ISFIFO, "pipe", "This is a pipe, not a file. Remove it from the hot folder."),
    (stat.S_ISSOCK, "socket", "This is a socket, not a file. Remove it from the hot folder."),
    (stat.S_ISCHR, "device", "This is a device, not a file. Remove it from the hot folder."),
    (stat.S_ISBLK, "device", "This is a device, not a file. Remove it from the hot folder."),
)


class Wait(StrEnum):
    """Why a file in a hot folder is not taken in yet."""

    CHANGING = "changing"
    OPEN = "open"  # somebody writes it
    NO_END = "no_end"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What a file looked like at one moment of our own clock."""

    size: int
    modified: int
    inode: int
    since: float  # monotonic seconds since when it looks like this
    first_seen: float
    pause: float = 0.0  # after the last time it was opened
    next_look: float = 0.0  # monotonic seconds before which it is not opened again while it looks like this
    wait: Wait = Wait.CHANGING

    def paused(self) -> "FileStamp":
        """The same look, to be taken again after twice the time."""
        pause = min(_LONGEST_PAUSE, 2 * self.pause or _FIRST_PAUSE)
        return replace(self, pause=pause, next_look=time.monotonic() + pause)


@dataclass(slots=True)
class HotFolder:
    """One hot folder and what was seen in it so far."""

    path: Path
    looks: dict[bytes, FileStamp] = field(default_factory=dict)
    unreadable: set[bytes] = field(default_factory=set)
    no_room: set[bytes] = field(default_factory=set)
    too_large: set[bytes] | None = None
    """Files that are listed as too large; None before the list was read."""
    later: dict[bytes, FileStamp] = field(default_factory=dict)
    """Claimed files, by their name in .claim, that could not be copied yet."""
    touched: set[bytes] = field(default_factory=set)
    """Names that an event spoke of since the last round; they are looked at again at once."""

    @property
    def raw(self) -> bytes:
        return os.fsencode(self.path)


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


def take_in(home: Home, folder: HotFolder, settings: Settings, *, waits_for_end: bool) -> Sweep:
    """One full scan of a hot folder: claim what is complete, take in what is claimed.

    `waits_for_end` waits for the end of a file that shows none (the daemon); a single run takes it in
    flagged as soon as nobody writes it. A file that cannot be had now waits alone, and those behind it go on.
    CannotGoOn when the folder is not reachable or the disk is full.
    """
    _prepare(folder)
    taken = take_in_claimed(home, folder, settings)
    waiting = 0
    waits: dict[bytes, FileStamp] = {}
    claims: set[bytes] = set()
    ready: list[tuple[bytes, tuple[str, ...]]] = []
    touched = {folder.touched.pop() for _ in range(len(folder.touched))}  # events add to it meanwhile
    names = _names(folder)
    _end_refusals(home, folder, _listed_too_large(home, folder) - set(names))
    before = _shapes(folder)
    for name in names:
        if name in touched and name in folder.looks:
            folder.looks[name] = replace(folder.looks[name], pause=0.0, next_look=0.0)
        state = _state_of(home, folder, name, settings, waits_for_end=waits_for_end)
        if state is None:
            waiting += 1
            if name in folder.looks:
                waits[name] = folder.looks[name]
        elif state != _LEFT_ALONE:
            ready.append((name, state))
        if len(ready) >= _AT_ONCE:
            break
    is_news = _shapes(folder) != before
    for name, flags in ready:
        if not _has_room(home, folder, name, settings):
            waiting += 1
            continue
        with _waits_alone(folder.looks, name):
            if (claimed := _claim(folder, name)) is not None:
                claims.add(name)
                taken += _keep_or_wait(home, folder, claimed, flags, settings)
            folder.looks.pop(name, None)
        waiting += name in folder.looks
    waiting += len(folder.later)
    return Sweep(
        taken,
        waiting,
        len(folder.unreadable),
        len(folder.no_room),
        is_news or bool(taken),
        waits,
        frozenset(claims),
    )


def _shapes(folder: HotFolder) -> set[tuple[bytes, int, int, int]]:
    return {(name, look.size, look.modified, look.inode) for name, look in folder.looks.items()}


def take_in_claimed(home: Home, folder: HotFolder, settings: Settings) -> int:
    """Finish whatever was claimed and is not finished, by this process or an earlier one; gives how many files."""
    finished = 0
    with os.scandir(folder.raw + b"/" + CLAIM) as entries:
        names = sorted(entry.name for entry in entries)
    for gone in folder.later.keys() - set(names):
        del folder.later[gone]
    for name in names:
        if b"__" not in name or (name in folder.later and time.monotonic() < folder.later[name].next_look):
            continue
        path = folder.raw + b"/" + CLAIM + b"/" + name
        if name in folder.later and _writer_lease(path) == "written":
            folder.later[name] = folder.later[name].paused()
            continue
        with _waits_alone(folder.later, name):
            claimed = _lock_claim(folder, name)
            if claimed is not None:  # else another watcher is at it
                whole = _shows_its_end(path)
                finished += _keep_or_wait(home, folder, claimed, () if whole else ("arrived_incomplete",), settings)
    return finished


def _keep_or_wait(
    home: Home, folder: HotFolder, claimed: "_Claimed", flags: tuple[str, ...], settings: Settings
) -> bool:
    """Keep a claimed file, or leave it in .claim and try again later; whether it is kept.

    It is not put back: its writer may have made another file of its name, and a rename would overwrite that.
    """
    with contextlib.closing(claimed):
        try:
            _keep(home, folder, claimed, flags, settings)
        except Exception as error:
            if not _is_of_one_file(error):
                raise
            if claimed.entry not in folder.later:
                log.info("a claimed file cannot be copied yet (%s); it is tried again", type(error).__name__)
            folder.later[claimed.entry] = folder.later.get(claimed.entry, _NO_LOOK).paused()
            return False
    folder.later.pop(claimed.entry, None)
    return True


_NO_LOOK = FileStamp(-1, 0, 0, 0.0, 0.0)


@contextlib.contextmanager
def _waits_alone(waits: dict[bytes, FileStamp], name: bytes) -> Iterator[None]:
    """A file that vanished, or that a network folder does not give now, waits; those behind it go on."""
    try:
        yield
    except OSError as error:
        if not _is_of_one_file(error):
            raise
        waits[name] = waits.get(name, _NO_LOOK).paused()


def _is_of_one_file(error: Exception) -> bool:
    """Whether this is about one file and goes away by itself; a full disk and a busy database concern all of them."""
    return isinstance(error, SourceChanged) or (isinstance(error, OSError) and is_passing(error) and not is_full(error))


def sweep_done(folder: HotFolder, keep_days: int) -> int:
    """Remove originals that have been in the vault for longer than `keep_days`; gives how many."""
    oldest = time.time() - keep_days * 86_400
    removed = 0
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder.raw + b"/" + DONE) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_ctime < oldest:
                os.unlink(entry.path)
                removed += 1
    return removed


# ---- is it complete?


def _names(folder: HotFolder) -> list[bytes]:
    try:
        with os.scandir(folder.raw) as entries:
            names = sorted(entry.name for entry in entries if is_scan(entry.name))
    except OSError as error:
        raise CannotGoOn(f"The hot folder {folder.path} cannot be read. Check that it is connected.") from error
    there = set(names)
    for gone in folder.looks.keys() - there:
        del folder.looks[gone]
    folder.unreadable &= there
    folder.no_room &= there
    return names


def _state_of(  # noqa: C901 - one state of a file a branch
    home: Home, folder: HotFolder, name: bytes, settings: Settings, *, waits_for_end: bool
) -> tuple[str, ...] | None:
    """Flags of a file that is ready, _LEFT_ALONE, or None when it has to wait.

    The daemon does not open a file that has to wait at every round: half an hour of looks would cost more than the work.
    """
    path = folder.raw + b"/" + name
    try:
        status = os.lstat(path)
    except OSError as error:
        if not is_passing(error):
            raise
        return None
    if not stat.S_ISREG(status.st_mode):
        _note_not_a_file(home, folder, name, status.st_mode)
        return _LEFT_ALONE
    now = time.monotonic()
    before = folder.looks.get(name)
    shape = (status.st_size, status.st_mtime_ns, status.st_ino)
    is_new = before is None or shape != (before.size, before.modified, before.inode)
    if before is None or is_new:
        before = FileStamp(*shape, since=now, first_seen=before.first_seen if before else now)
        folder.looks[name] = before
    if status.st_size > settings.file_megabytes * 1_000_000:
        _refuse_too_large(home, folder, name, settings)
        return _LEFT_ALONE
    _end_refusals(home, folder, {name} & _listed_too_large(home, folder))
    if is_new and settings.settle_seconds > 0:
        return None
    if now - before.since < settings.settle_seconds:
        return None
    if waits_for_end and now < min(before.next_look, before.first_seen + settings.incomplete_wait_seconds):
        return None
    lease = _writer_lease(path)
    calm = settings.settle_seconds if lease == "free" else UNKNOWN_WRITER * settings.settle_seconds
    state, wait = None, Wait.OPEN if lease == "written" else Wait.CHANGING
    if lease != "written" and now - before.since >= calm:
        state = _completeness(folder, name, now - before.first_seen, settings, waits_for_end=waits_for_end)
        wait = Wait.UNREADABLE if name in folder.unreadable else Wait.NO_END
    if state is None:
        folder.looks[name] = replace(before.paused(), wait=wait)
    return state


def _completeness(
    folder: HotFolder, name: bytes, waited: float, settings: Settings, *, waits_for_end: bool
) -> tuple[str, ...] | None:
    try:
        ends = _shows_its_end(folder.raw + b"/" + name)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            folder.unreadable.add(name)
            return None
        if is_passing(error):
            return None
        raise
    folder.unreadable.discard(name)
    if ends:
        return ()
    if waits_for_end and waited < settings.incomplete_wait_seconds:
        return None
    return ("arrived_incomplete",)


def _writer_lease(path: bytes) -> str:
    """Whether anybody has the file open for writing: 'free', 'written', or 'unknown' (network, other owner)."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return "unknown"
    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return "written" if error.errno == errno.EAGAIN else "unknown"
    finally:
        os.close(handle)
    return "free"


def _shows_its_end(path: bytes) -> bool:
    """Whether the end of a file of a known kind is there; unknown kinds have no end to wait for."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        head = file.read(2048)
        size = os.fstat(file.fileno()).st_size
        file.seek(max(0, size - 4096))
        tail = file.read(4096)
    try:
        kind = find_kind(head)
    except UnsupportedFile:
        return any(head)  # all zeros is a file laid out by a network copy whose bytes have not come
    return kind is Kind.TIFF or has_end(kind, tail)


def _note_not_a_file(home: Home, folder: HotFolder, name: bytes, mode: int) -> None:
    kind, reason = next(
        ((kind, reason) for test, kind, reason in _NOT_FILES if test(mode)),
        ("unknown", "This is not a file."),
    )
    if name in folder.looks:
        return
    folder.looks[name] = FileStamp(-1, 0, 0, 0.0, 0.0)
    with home.writing() as session:
        if batches.note_not_a_file(session, str(folder.path), name, kind, reason):
            log.info("refused something that is not a file: %s", kind)


def _refuse_too_large(home: Home, folder: HotFolder, name: bytes, settings: Settings) -> None:
    """List a file over the site's limit. It is not read and stays where it is; once it is smaller it is taken in."""
    if name in _listed_too_large(home, folder):
        return
    reason = (
        f"The file is larger than {settings.file_megabytes:,} MB, the limit of this site. It stays in the hot folder. "
        "Split it and drop the parts, or ask your administrator to raise the limit."
    )
    with home.writing() as session:
        batches.note_not_a_file(session, str(folder.path), name, batches.TOO_LARGE, reason)
    _listed_too_large(home, folder).add(name)
    log.warning("a file over the limit of %s MB was refused; 'chartroom sources' names it", settings.file_megabytes)


def _listed_too_large(home: Home, folder: HotFolder) -> set[bytes]:
    """The files of this folder that are listed as over the limit; read once a process."""
    if folder.too_large is None:
        with home.reading() as session:
            folder.too_large = batches.refused_files(session, str(folder.path))
    return folder.too_large


def _end_refusals(home: Home, folder: HotFolder, names: set[bytes]) -> None:
    """Files over the limit that are gone or smaller now are no longer listed."""
    if names:
        with home.writing() as session:
            batches.forget_refused(session, str(folder.path), sorted(names))
        _listed_too_large(home, folder).difference_update(names)


# ---- claim, copy, link, commit, done


@dataclass(slots=True)
class _Claimed:
    """A claimed file that this process holds locked."""

    claim_id: str
    entry: bytes  # its name in .claim
    name: bytes  # as it was dropped
    handle: int

    def close(self) -> None:
        os.close(self.handle)


def _prepare(folder: HotFolder) -> None:
    for sub in (CLAIM, DONE):
        path = folder.raw + b"/" + sub
        if not os.path.isdir(path):
            try:
                folder.path.mkdir(parents=True, exist_ok=True)
                os.makedirs(path, exist_ok=True)
                fsync_folder(folder.raw)
            except OSError as error:
                raise CannotGoOn(f"The hot folder {folder.path} cannot be written. Check its rights.") from error


def _claim(folder: HotFolder, name: bytes) -> _Claimed | None:
    """Rename hot/x to .claim/<id>__x and make that durable; None when somebody else was faster."""
    claim_id = _new_claim_id()
    entry = claim_id.encode() + b"__" + name
    if len(entry) > _LONGEST_NAME:
        entry = entry[:_LONGEST_NAME]
        _write_full_name(folder, claim_id, name)
    try:
        os.rename(folder.raw + b"/" + name, folder.raw + b"/" + CLAIM + b"/" + entry)
    except FileNotFoundError:
        return None
    except PermissionError:  # a sticky folder with somebody else's file
        folder.unreadable.add(name)
        return None
    fsync_folder(folder.raw + b"/" + CLAIM)
    fsync_folder(folder.raw)
    return _lock_claim(folder, entry)


def _lock_claim(folder: HotFolder, entry: bytes) -> _Claimed | None:
    path = folder.raw + b"/" + CLAIM + b"/" + entry
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.stat(path, follow_symlinks=False).st_ino != os.fstat(handle).st_ino:
            raise BlockingIOError
    except (BlockingIOError, FileNotFoundError):
        os.close(handle)
        return None
    claim_id, _, name = entry.partition(b"__")
    return _Claimed(claim_id.decode("ascii", "replace"), entry, _full_name(folder, claim_id, name), handle)


def _keep(home: Home, folder: HotFolder, claimed: _Claimed, flags: tuple[str, ...], settings: Settings) -> None:
    """Copy into the vault, commit the receipt, then move the claim to done."""
    status = os.fstat(claimed.handle)
    if status.st_size > settings.file_megabytes * 1_000_000:  # it grew after it was looked at
        raise SourceChanged("The file grew over the limit while it was being claimed.")
    digest = hashlib.sha256()
    for chunk in _chunks(claimed.handle):
        digest.update(chunk)
    sealed = home.vault.seal("source", _chunks(claimed.handle), digest.hexdigest())
    after = os.fstat(claimed.handle)
    if (after.st_size, after.st_mtime_ns) != (status.st_size, status.st_mtime_ns):
        raise SourceChanged("The file changed while it was being copied.")
    receipt = batches.Receipt(
        claim_id=claimed.claim_id,
        name=claimed.name,
        hot_folder=str(folder.path),
        size=status.st_size,
        sha256=digest.hexdigest(),
        flags=flags,
    )
    with home.writing() as session:
        batch_id = batches.receive(session, home.vault, sealed, receipt)
    _move_to_done(folder, claimed)
    log.info("received batch %s", batch_id)


def _move_to_done(folder: HotFolder, claimed: _Claimed) -> None:
    """The original is kept under its claim id; the name it had is in the ledger, and not on a shared disk."""
    claim, done = folder.raw + b"/" + CLAIM, folder.raw + b"/" + DONE
    ending = os.path.splitext(claimed.name)[1].lower()
    kept = claimed.claim_id.encode() + (ending if ending in _KNOWN_ENDINGS else b"")
    os.rename(claim + b"/" + claimed.entry, done + b"/" + kept)
    fsync_folder(done)
    fsync_folder(claim)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(claim + b"/" + claimed.claim_id.encode() + b".name")


def _chunks(handle: int) -> Iterator[bytes]:
    os.lseek(handle, 0, os.SEEK_SET)
    while chunk := os.read(handle, _CHUNK):
        yield chunk


def _write_full_name(folder: HotFolder, claim_id: str, name: bytes) -> None:
    """A name too long to carry the claim id lies beside the claim, durable before the rename."""
    path = folder.raw + b"/" + CLAIM + b"/" + claim_id.encode() + b".name"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    fsync_folder(folder.raw + b"/" + CLAIM)


def _full_name(folder: HotFolder, claim_id: bytes, name: bytes) -> bytes:
    try:
        with open(folder.raw + b"/" + CLAIM + b"/" + claim_id + b".name", "rb") as file:
            return file.read()
    except FileNotFoundError:
        return name


def _new_claim_id() -> str:
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(7)}"


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
