"""Claims: what is complete is renamed into `.claim` under a claim id, and moved to `.done` once it is kept.

The claim id in the name is the idempotency key. A name too long to carry it, and what a completion signal says, lie beside
the claim, durable before the rename.
"""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields

from ingest.hotfolder import CLAIM, DONE, SIGNAL, HotFolder
from ingest.names import GATHERING
from storage.custody.receiving import Origin
from storage.foundation.vault import fsync_folder

_LONGEST_NAME = 255
_LONGEST_SIGNAL = 4_096
_KNOWN_ENDINGS = (b".pdf", b".tif", b".tiff", b".jpg", b".jpeg", b".png", b".bmp")


@dataclass(slots=True)
class Claimed:
    """A claimed file or folder that this process holds locked."""

    claim_id: str
    entry: bytes  # its name in .claim
    name: bytes  # as it was dropped
    handle: int
    is_folder: bool = False

    def close(self) -> None:
        """Let others have it."""
        os.close(self.handle)


def claim(folder: HotFolder, name: bytes) -> Claimed | None:
    """Rename hot/x to .claim/<id>__x and make that durable; None when somebody else was faster."""
    claim_id = _new_claim_id()
    entry = claim_id.encode() + b"__" + name
    if len(entry) > _LONGEST_NAME:
        entry = entry[:_LONGEST_NAME]
        _write_full_name(folder, claim_id, name)
    signals = {name + SIGNAL, os.path.splitext(name)[0] + SIGNAL} & folder.signals
    for signal in sorted(signals):
        with contextlib.suppress(FileNotFoundError):
            os.rename(folder.raw + b"/" + signal, _beside(folder, claim_id, SIGNAL))
    try:
        os.rename(folder.raw + b"/" + name, folder.raw + b"/" + CLAIM + b"/" + entry)
    except FileNotFoundError:
        return None
    except PermissionError:  # a sticky folder with somebody else's file
        folder.unreadable.add(name)
        return None
    fsync_folder(folder.raw + b"/" + CLAIM)
    fsync_folder(folder.raw)
    return lock_claim(folder, entry)


def claim_together(folder: HotFolder, name: bytes, first: bytes, others: Sequence[bytes]) -> Claimed | None:
    """Claim files as one folder called `name`: whoever moves `first` has them all; None when somebody else was faster.

    The folder is marked until all are in it, so that a kill meanwhile is seen and the rest moved (ingest/gathering.py).
    """
    claim_id = _new_claim_id()
    entry = claim_id.encode() + b"__" + name
    if len(entry) > _LONGEST_NAME:
        entry = entry[:_LONGEST_NAME]
        _write_full_name(folder, claim_id, name)
    path = folder.raw + b"/" + CLAIM + b"/" + entry
    os.mkdir(path, 0o700)
    os.close(os.open(path + b"/" + GATHERING, os.O_WRONLY | os.O_CREAT, 0o600))
    fsync_folder(path)
    fsync_folder(folder.raw + b"/" + CLAIM)
    with contextlib.ExitStack() as until_done:
        claimed = lock_claim(folder, entry)
        if claimed is not None:
            until_done.callback(claimed.close)
        try:
            os.rename(folder.raw + b"/" + first, path + b"/" + first)
        except (FileNotFoundError, PermissionError) as error:
            if isinstance(error, PermissionError):  # a sticky folder with somebody else's file
                folder.unreadable.add(first)
            remove_empty(path)
            return None
        move_in(folder, path, others)
        until_done.pop_all()
    return claimed  # None: another watch finishes it


def move_in(folder: HotFolder, path: bytes, names: Sequence[bytes]) -> None:
    """Move files of a hot folder into a claim that is being gathered, durable; then it is gathered. None is written over."""
    signals = {name + SIGNAL for name in names} | {os.path.splitext(name)[0] + SIGNAL for name in names}
    for name in (*names, *sorted(signals & folder.signals)):
        if os.path.lexists(path + b"/" + name):
            continue
        try:
            os.rename(folder.raw + b"/" + name, path + b"/" + name)
        except FileNotFoundError:
            continue  # it went away; the index file tells that it is missing
        except PermissionError:  # a sticky folder with somebody else's file
            folder.unreadable.add(name)
    fsync_folder(path)
    fsync_folder(folder.raw)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path + b"/" + GATHERING)
    fsync_folder(path)


def is_gathering(path: bytes) -> bool:
    """Whether files are still to be moved into a claimed folder."""
    return os.path.lexists(path + b"/" + GATHERING)


def remove_empty(path: bytes) -> bool:
    """Remove a claimed folder in which nothing lies but the mark; whether it was such a one."""
    with os.scandir(path) as entries:
        if any(entry.name != GATHERING for entry in entries):
            return False
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path + b"/" + GATHERING)
    os.rmdir(path)
    return True


def lock_claim(folder: HotFolder, entry: bytes) -> Claimed | None:
    """Take hold of a claimed file or folder; None when another process has it, or it is gone."""
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
    return Claimed(
        claim_id.decode("ascii", "replace"),
        entry,
        _full_name(folder, claim_id, name),
        handle,
        os.path.isdir(path),
    )


def move_to_done(folder: HotFolder, claimed: Claimed) -> None:
    """The original is kept under its claim id; the name it had is in the ledger, and not on a shared disk."""
    claim_folder, done = folder.raw + b"/" + CLAIM, folder.raw + b"/" + DONE
    ending = os.path.splitext(claimed.name)[1].lower()
    kept = claimed.claim_id.encode() + (ending if ending in _KNOWN_ENDINGS and not claimed.is_folder else b"")
    os.rename(claim_folder + b"/" + claimed.entry, done + b"/" + kept)
    fsync_folder(done)
    fsync_folder(claim_folder)
    for ending in (b".name", SIGNAL):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(_beside(folder, claimed.claim_id, ending))


def origin_of(folder: HotFolder, claimed: Claimed) -> Origin:
    """Where a claimed scan came from: what its completion signal says (a JSON object), then the folder's setting."""
    try:
        with open(_beside(folder, claimed.claim_id, SIGNAL), "rb") as file:
            said = json.loads(file.read(_LONGEST_SIGNAL))
    except (FileNotFoundError, ValueError):  # most are empty, or hold what we do not know
        return folder.ways.origin
    if not isinstance(said, dict):
        return folder.ways.origin
    return Origin(**{part.name: str(said.get(part.name, ""))[:200] for part in fields(Origin)}).over(folder.ways.origin)


def _beside(folder: HotFolder, claim_id: str, ending: bytes) -> bytes:
    return folder.raw + b"/" + CLAIM + b"/" + claim_id.encode() + ending


def _write_full_name(folder: HotFolder, claim_id: str, name: bytes) -> None:
    handle = os.open(_beside(folder, claim_id, b".name"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
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
