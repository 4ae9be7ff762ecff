"""One at a time, whatever process: a lock that ends with the process that holds it (flock(2))."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from storage.foundation.errors import BackupRefused


@contextlib.contextmanager
def held(path: Path, otherwise: str) -> Iterator[None]:
    """The lock is held inside; BackupRefused with this sentence when somebody else holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRefused(otherwise) from error
        yield
    finally:
        os.close(handle)
