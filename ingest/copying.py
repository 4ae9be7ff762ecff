"""A claimed file's bytes, hashed and copied encrypted into the vault, unchanged while that was done."""

import hashlib
import os
from collections.abc import Iterator

from ingest.settings import Settings
from storage.foundation.errors import SourceChanged
from storage.foundation.home import Home
from storage.foundation.vault import Sealed

_CHUNK = 1 << 20


def copy_sealed(home: Home, handle: int, settings: Settings) -> tuple[Sealed, int, str]:
    """The sealed copy of an open file, its size in bytes and its SHA-256; SourceChanged when somebody wrote it meanwhile."""
    status = os.fstat(handle)
    if status.st_size > settings.file_megabytes * 1_000_000:  # it grew after it was looked at
        raise SourceChanged("The file grew over the limit while it was being claimed.")
    digest = hashlib.sha256()
    for chunk in chunks(handle):
        digest.update(chunk)
    sealed = home.vault.seal("source", chunks(handle), digest.hexdigest())
    after = os.fstat(handle)
    if (after.st_size, after.st_mtime_ns) != (status.st_size, status.st_mtime_ns):
        raise SourceChanged("The file changed while it was being copied.")
    return sealed, status.st_size, digest.hexdigest()


def chunks(handle: int) -> Iterator[bytes]:
    """The bytes of an open file from its beginning, a megabyte at a time."""
    os.lseek(handle, 0, os.SEEK_SET)
    while chunk := os.read(handle, _CHUNK):
        yield chunk
