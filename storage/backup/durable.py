"""A file is written whole or not at all: under a temporary name, fsynced, read back from the disk, renamed."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from storage.backup.age import Target
from storage.foundation.errors import BackupDamaged
from storage.foundation.folders import fsync_folder, make_folder

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """How many bytes were written, and their SHA-256."""

    size: int
    sha256: str


class Digest:
    """A stream that counts and hashes what is written to it, and passes it on where there is something behind it."""

    def __init__(self, target: Target | None = None) -> None:
        self._target, self._digest, self._size = target, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        if self._target is not None:
            self._target.write(data)
        self._digest.update(data)
        self._size += len(data)
        return len(data)

    def flush(self) -> None:
        if self._target is not None:
            self._target.flush()

    @property
    def written(self) -> Written:
        """What went through so far."""
        return Written(self._size, self._digest.hexdigest())


def write_whole(path: Path, scratch: Path, fill: Callable[[Digest], object], *, mode: int = 0o600) -> Written:
    """The file at `path` made anew, durable and read back; what `fill` raises leaves the old one as it was.

    `scratch` is a folder of the same disk. BackupDamaged when the disk gives back something else than was written.
    """
    make_folder(path.parent)
    temporary = scratch / f"{os.getpid()}-{secrets.token_hex(6)}"
    handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "r+b") as file:
            digest = Digest(file)
            fill(digest)
            file.flush()
            os.fsync(file.fileno())
            if _read_back(file) != digest.written.sha256:
                raise BackupDamaged("The disk gave back something else than was written. Check the disk.")
        temporary.chmod(mode)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    fsync_folder(path.parent)
    return digest.written


def write_bytes(path: Path, scratch: Path, content: bytes, *, mode: int = 0o600) -> Written:
    """`write_whole` for content already in memory."""
    return write_whole(path, scratch, lambda digest: digest.write(content), mode=mode)


def hash_file(path: Path) -> Written:
    """Size and SHA-256 of a file; FileNotFoundError."""
    digest = Digest()
    with path.open("rb") as file:
        for chunk in chunks(file):
            digest.write(chunk)
    return digest.written


def chunks(file: IO[bytes]) -> Iterable[bytes]:
    """The bytes of an open file, a mebibyte at a time."""
    while chunk := file.read(_CHUNK):
        yield chunk


def _read_back(file: IO[bytes]) -> str:
    """What the disk holds, not the memory: the cached pages of the file are dropped before, where that can be asked for
    (posix_fadvise(2); macOS has none)."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
