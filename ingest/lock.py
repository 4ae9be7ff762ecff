"""One process at a time for the work of a data home; others take scans in and stand by."""

import contextlib
import fcntl
import os
from collections.abc import Iterator

from storage.foundation.home import Home


@contextlib.contextmanager
def sole_worker(home: Home) -> Iterator[bool]:
    """Whether this process may work the pipeline: one does, others take in and stand by."""
    with _sole(home, ".work.lock") as is_sole:
        yield is_sole


@contextlib.contextmanager
def sole_rereader(home: Home) -> Iterator[bool]:
    """Whether this process may read pages that were turned: the review app does, and whoever works the pipeline."""
    with _sole(home, ".turned.lock") as is_sole:
        yield is_sole


@contextlib.contextmanager
def sole_watch(home: Home) -> Iterator[bool]:
    """Whether no other watch of this computer runs on the data home; a second one takes in too, and says so."""
    with _sole(home, ".watch.lock") as is_sole:
        yield is_sole


@contextlib.contextmanager
def _sole(home: Home, name: str) -> Iterator[bool]:
    handle = os.open(home.path / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
