"""One worker of a data home at a time; others take scans in and stand by."""

import contextlib
import fcntl
import os
from collections.abc import Iterator

from storage.foundation.home import Home


@contextlib.contextmanager
def sole_worker(home: Home) -> Iterator[bool]:
    """Whether this process may work the pipeline: one does, others take in and stand by."""
    handle = os.open(home.path / ".work.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
