"""Workers: processes that open hostile files, read pages and sort them, and can be killed one at a time.

They never touch the database: a sealed file and its own data key go in, what was read comes out.
A dead or hung worker fails one task only (concurrent.futures lost 13 of 20 tasks on one crash).
"""

import contextlib
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.logs import silence_libraries
from ocr.errors import DamagedFile, OcrError
from ocr.signature import Kind
from storage.foundation.sealed import open_sealed

if TYPE_CHECKING:
    from classify.index import SortedFile
    from classify.profile import Profile
    from classify.split import Start
    from classify.wordmodel import WordModel
    from ocr.load import Limits, Opened
    from ocr.read import PageOrder, PageRead

log = logging.getLogger("chartroom.ocr")


@dataclass(frozen=True, slots=True)
class SealedFile:
    """Where a dropped file lies encrypted, and the key of this one file."""

    path: Path
    data_key: bytes
    content_mac: str


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A file as it lies in a folder, for `chartroom read`."""

    path: Path


File = SealedFile | PlainFile


@dataclass(frozen=True, slots=True)
class FileRefused:
    """A file that was not opened, with the code and the sentence for staff."""

    code: str
    sentence: str


class WorkPool:
    """Submit a pure function, get a future; each task has its own time limit."""

    def __init__(self, workers: int, megabytes: int) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._megabytes = megabytes
        self._pool = self._new_pool()
        self._used = time.monotonic()

    def _new_pool(self) -> Any:
        from pebble import ProcessPool

        warm_up()
        return ProcessPool(
            max_workers=self.workers,
            context=multiprocessing.get_context("forkserver"),
            initializer=limit_this_process,
            initargs=(self._megabytes,),
        )

    def submit(self, task: Callable[..., Any], *args: object, seconds: float) -> "Future[Any]":
        """Run task(*args) in a worker; TimeoutError after `seconds`, ProcessExpired when the worker died.

        A pool whose idle workers were killed (by the system, out of memory) is broken for good and made anew; so is one at rest.
        """
        self._used = time.monotonic()
        if self._pool is None or not self._pool.active:
            self.close()
            self._pool = self._new_pool()
        future: Future[Any] = self._pool.schedule(task, args=list(args), timeout=seconds)
        return future

    def rest(self, idle_seconds: float) -> None:
        """End the workers when none was used for so long; the next task starts them anew. Nothing may be under way."""
        if time.monotonic() - self._used >= idle_seconds:
            self.close()

    def close(self) -> None:
        """End the workers; tasks that run are dropped (every step can be repeated)."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None


def warm_up() -> None:
    """Start the process that workers are made from, so that it loads the engines while we load our own things."""
    from multiprocessing import forkserver

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads spin beside our workers: 4 to 8 % of all reading
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


def open_source(file: File, limits: "Limits") -> "Opened | FileRefused":
    """Kind and page count of a dropped file, or why it is refused."""
    from ocr.load import open_file

    try:
        return open_file(_content(file), limits)
    except OcrError as error:
        return FileRefused(error.code, str(error))
    except MemoryError:
        return FileRefused(DamagedFile.code, "The file needs more memory than a file may. Export it again.")


def take_out(file: File, number: int, limits: "Limits") -> "tuple[str, bytes] | FileRefused":
    """Name and bytes of file `number` (0-based) inside a PDF, or why it cannot be had."""
    from ocr.load import load_attachment

    try:
        return load_attachment(_content(file), number, limits)
    except OcrError as error:
        return FileRefused(error.code, str(error))
    except MemoryError:
        return FileRefused(DamagedFile.code, "A file inside the PDF needs more memory than a file may.")


def read_one(
    file: File,
    kind: Kind,
    number: int,
    limits: "Limits",
    order: "PageOrder",
    is_frugal: bool,  # noqa: FBT001 - the pool passes its arguments by place
    debug_folder: Path | None = None,
) -> "PageRead":
    """Read one page of a file; frugally after a try that failed. Its picture, with what was read, goes to `debug_folder`."""
    from ocr.read import read_page

    read = read_page(_content(file), kind, number, order, limits=limits, is_frugal=is_frugal)
    if debug_folder is not None and read.picture is not None:
        from ocr.debug import draw_reading

        name = f"{file.path.absolute().parent.name}-{file.path.name}-{number:04d}.jpg"
        (debug_folder / name).write_bytes(draw_reading(read.picture, read.page))
    return _with_print(read)


def read_one_turned(
    file: File,
    number: int,
    way_up: int,
    limits: "Limits",
    order: "PageOrder",
    is_frugal: bool,  # noqa: FBT001 - the pool passes its arguments by place
) -> "PageRead":
    """Read one page of a file that was opened before, the way up that a person said."""
    from ocr.read import read_page
    from ocr.signature import find_kind

    content = _content(file)
    read = read_page(
        content, find_kind(content[:2048]), number, order, limits=limits, is_frugal=is_frugal, way_up=way_up
    )
    return _with_print(read)


def _with_print(read: "PageRead") -> "PageRead":
    """What was read of a page without its picture, and with what it is found by when the same sheet comes again. A page of which
    no print can be made is read all the same."""
    from ocr.bounds import within_bounds
    from ocr.load import EDGE_ERRORS
    from ocr.sheetprint import make_print

    page, sheet = within_bounds(read.page), None
    try:
        sheet = make_print(page, read.ink)
    except EDGE_ERRORS as error:
        log.error("No print was made of page %d: %s.", page.number, type(error).__name__)
    return replace(read, page=page, picture=None, ink=None, sheet=sheet)


def draw_as_dropped(file: File, number: int, limits: "Limits") -> bytes | FileRefused:
    """The JPEG of a page as it is in the file, or why it cannot be had."""
    from ocr.asdropped import picture_as_dropped

    try:
        return picture_as_dropped(_content(file), number, limits)
    except OcrError as error:
        return FileRefused(error.code, str(error))


def sort_pages(
    readings: tuple[tuple[int, bytes], ...],
    profile: "Profile",
    model: SealedFile | None,
    starts: Mapping[int, "Start"] | None = None,
) -> "SortedFile":
    """The pages of a batch (numbers and kept readings) as documents with kind and values, before the patient list is asked;
    `starts` says where an index file has documents begin."""
    from classify import doctypes
    from classify.index import sort_file
    from ocr.bounds import within_bounds
    from ocr.page import OcrPage

    doctypes.use_site_types(profile.types)
    pages = [replace(within_bounds(OcrPage.from_bytes(data)), number=number) for number, data in readings]
    return sort_file(pages, profile, _model(model) if model else None, starts or {})


@lru_cache(maxsize=1)
def _model(file: SealedFile) -> "WordModel":
    """The trained document-type model; opened once a version."""
    from classify.wordmodel import WordModel

    return WordModel.from_bytes(open_sealed(file.path, file.data_key, file.content_mac))


@lru_cache(maxsize=1)
def _content(file: File) -> bytes:
    """The bytes of the file this worker reads pages of; only one is held, and what it takes is given to the worker."""
    _allow_more(file.path.stat().st_size)
    if isinstance(file, PlainFile):
        return file.path.read_bytes()
    return open_sealed(file.path, file.data_key, file.content_mac)


def limit_this_process(megabytes: int) -> None:
    """Make this process one that may open hostile files: it ends with its parent, leaves no core file, and has so much memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the coordinator, which ends us
    _die_with_parent()
    silence_libraries()
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold chart images
    global _own_bytes
    _own_bytes = megabytes << 20
    _allow_more(0)


_own_bytes = 0
"""Address space of this worker, a file not counted."""

_TIMES_A_FILE = 3
"""A file lies in memory once as a whole, once while a buffer of it grows, and once where a decoder copies it."""


def _allow_more(file_bytes: int) -> None:
    """Limit the address space to a worker's own and what a file of this size takes: the limit of memory is for what a file
    makes a parser do, and the limit of files alone says how large one may be."""
    import resource

    if _own_bytes:
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = _own_bytes + _TIMES_A_FILE * file_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit if most < 0 else min(limit, most), most))


def _die_with_parent() -> None:
    import ctypes

    with contextlib.suppress(OSError, AttributeError):  # Linux only; elsewhere the pool's pipe ends the worker
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
