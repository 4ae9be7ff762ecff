"""Workers: processes that open hostile files and read pages, and can be killed one at a time.

They never touch the database: a sealed file and its own data key go in, what was read comes out.
A dead or hung worker fails one task only (concurrent.futures lost 13 of 20 tasks on one crash).
"""

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.logs import silence_libraries
from ocr.errors import DamagedFile, OcrError
from ocr.signature import Kind
from storage.sealed import open_sealed

if TYPE_CHECKING:
    from ocr.load import Limits, Opened
    from ocr.read import PageRead


@dataclass(frozen=True, slots=True)
class SealedFile:
    """Where a dropped file lies encrypted, and the key of this one file."""

    path: Path
    data_key: bytes
    content_mac: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not opened, with the code and the sentence for staff."""

    code: str
    sentence: str


class WorkPool:
    """Submit a pure function, get a future; each task has its own time limit."""

    def __init__(self, workers: int, megabytes: int) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._megabytes = megabytes
        self._pool = self._new_pool()

    def _new_pool(self) -> Any:
        from pebble import ProcessPool

        warm_up()
        return ProcessPool(
            max_workers=self.workers,
            context=multiprocessing.get_context("forkserver"),
            initializer=_start_worker,
            initargs=(self._megabytes,),
        )

    def submit(self, task: Callable[..., Any], *args: object, seconds: float) -> "Future[Any]":
        """Run task(*args) in a worker; TimeoutError after `seconds`, ProcessExpired when the worker died.

        A pool whose idle workers were killed (by the system, out of memory) is broken for good and made anew.
        """
        if not self._pool.active:
            self.close()
            self._pool = self._new_pool()
        future: Future[Any] = self._pool.schedule(task, args=list(args), timeout=seconds)
        return future

    def close(self) -> None:
        """End the workers; tasks that run are dropped (every step can be repeated)."""
        self._pool.stop()
        self._pool.join()


def warm_up() -> None:
    """Start the process that workers are made from, so that it loads the engines while we load our own things."""
    from multiprocessing import forkserver

    forkserver.set_forkserver_preload(["ingest.warm", "ingest.worker"])
    forkserver.ensure_running()


@contextlib.contextmanager
def work_pool(workers: int, megabytes: int) -> Iterator[WorkPool]:
    """A pool that is ended whatever happens."""
    pool = WorkPool(workers, megabytes)
    try:
        yield pool
    finally:
        pool.close()


def open_source(file: SealedFile, limits: "Limits") -> "Opened | Refused":
    """Kind and page count of a dropped file, or why it is refused."""
    from ocr.load import open_file

    try:
        return open_file(_content(file), limits)
    except OcrError as error:
        return Refused(error.code, str(error))
    except MemoryError:
        return Refused(DamagedFile.code, "The file needs more memory than a file may. Export it again.")


def take_out(file: SealedFile, number: int, limits: "Limits") -> "tuple[str, bytes] | Refused":
    """Name and bytes of file `number` (0-based) inside a PDF, or why it cannot be had."""
    from ocr.load import load_attachment

    try:
        return load_attachment(_content(file), number, limits)
    except OcrError as error:
        return Refused(error.code, str(error))
    except MemoryError:
        return Refused(DamagedFile.code, "A file inside the PDF needs more memory than a file may.")


def read_one(file: SealedFile, kind: Kind, number: int, limits: "Limits", engine: str, is_frugal: bool) -> "PageRead":
    """Read one page of a dropped file; frugally after a try that failed."""
    from ocr.read import read_page

    return read_page(_content(file), kind, number, limits=limits, prefer_engine=engine, is_frugal=is_frugal)


@lru_cache(maxsize=1)
def _content(file: SealedFile) -> bytes:
    """The bytes of the file this worker reads pages of; only one is held."""
    return open_sealed(file.path, file.data_key, file.content_mac)


def _start_worker(megabytes: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the coordinator, which ends us
    _die_with_parent()
    silence_libraries()
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold chart images
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def _die_with_parent() -> None:
    import ctypes

    with contextlib.suppress(OSError, AttributeError):  # Linux only; elsewhere the pool's pipe ends the worker
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
