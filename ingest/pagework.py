"""Work on a pool of workers, for the pipeline and for `chartroom read`: files opened, pages read, each tried twice.

What ends a task or its worker is an outcome like any other: after the second try the file is refused, or the page is
failed, with a sentence. Only a missing engine is raised, since every other page would meet it.
"""

import logging
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from ingest.settings import Settings
from ingest.worker import File, FileRefused, WorkPool, open_source, read_one, take_out
from ocr.bounds import within_bounds
from ocr.errors import EngineMissing
from ocr.load import Limits, Opened
from ocr.page import OcrPage, PageOutcome
from ocr.read import PageOrder, PageRead

log = logging.getLogger("chartroom.pagework")

_TRIES = 2
"""The second try of a page asks for less: lower resolution, one recognition."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that failed for good: what ended it, or its worker."""

    error: Exception

    @property
    def is_timeout(self) -> bool:
        """Whether it took longer than its time limit."""
        return isinstance(self.error, TimeoutError)


class Tasks(Generic[Key]):
    """Tasks under way on a pool, by what they are about."""

    def __init__(self, pool: WorkPool) -> None:
        self.pool = pool
        self._under_way: dict[Future[Any], tuple[Key, Callable[[int], Future[Any]], int]] = {}

    def __len__(self) -> int:
        return len(self._under_way)

    def start(self, key: Key, submit: Callable[[int], "Future[Any]"]) -> None:
        """Begin a task; `submit` gives it to the pool and is told the number of the try, 1 or 2."""
        self._under_way[submit(1)] = key, submit, 1

    def finished(self, seconds: float | None = None, *, retry_timeouts: bool = True) -> Iterator[tuple[Key, Any]]:
        """Wait this long for tasks to end; each with its result or its Failure. One that failed once begins anew."""
        done, _ = wait(self._under_way, timeout=seconds, return_when=FIRST_COMPLETED)
        for future in done:
            key, submit, tries = self._under_way.pop(future)
            try:
                result = future.result()
            except EngineMissing:
                raise
            except Exception as error:  # noqa: BLE001 - whatever ended the task or its worker: tried once more, then told
                log.warning("a worker failed on %s, try %s", key, tries)
                if tries < _TRIES and (retry_timeouts or not isinstance(error, TimeoutError)):
                    self._under_way[submit(tries + 1)] = key, submit, tries + 1
                    continue
                result = Failure(error)
            yield key, result

    def drop(self) -> None:
        """Forget what is under way; every step can be repeated."""
        for future in self._under_way:
            future.cancel()
        self._under_way.clear()


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing a worker does for a file: open it (page 0), read a page, or take out file `attachment` inside it. `of` names
    the file where what has this number are several."""

    file_id: int
    page: int = 0
    attachment: int | None = None
    of: str = ""

    def __str__(self) -> str:
        return f"file {self.file_id} page {self.page}"


Taken = tuple[str, bytes]
"""Name and bytes of a file that lay inside another."""


class PageReader:
    """Gives files and pages to workers, and says what came of each."""

    def __init__(
        self, pool: WorkPool, limits: Limits, seconds: float, order: PageOrder, debug_folder: Path | None = None
    ) -> None:
        self._tasks: Tasks[Piece] = Tasks(pool)
        self._pool, self._limits, self._seconds = pool, limits, seconds
        self._order, self._debug_folder = order, debug_folder

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def room(self) -> int:
        """Tasks that may still be begun: enough to keep every core busy, few enough to keep memory flat."""
        return 3 * self._pool.workers - len(self._tasks)

    def open(self, piece: Piece, file: File) -> None:
        """Begin to open a file; its result is `Opened` or `Refused`."""
        self._tasks.start(piece, lambda _: self._submit(open_source, file, self._limits))

    def read(self, piece: Piece, file: File, opened: Opened) -> None:
        """Begin to read a page (1-based); its result is a `PageRead`."""
        self._tasks.start(
            piece,
            lambda tries: self._submit(
                read_one, file, opened.kind, piece.page, self._limits, self._order, tries > 1, self._debug_folder
            ),
        )

    def take_out(self, piece: Piece, file: File) -> None:
        """Begin to take out a file (0-based) inside a PDF; its result is `Taken` or `Refused`."""
        self._tasks.start(piece, lambda _: self._submit(take_out, file, piece.attachment, self._limits))

    def finished(self, seconds: float | None = None) -> Iterator[tuple[Piece, Opened | FileRefused | PageRead | Taken]]:
        """Wait this long for workers; each piece that is done, with its result."""
        for piece, result in self._tasks.finished(seconds):
            if isinstance(result, Failure):
                yield piece, _told(piece, result)
            elif isinstance(result, PageRead):
                yield piece, PageRead(within_bounds(result.page), result.view, result.pdf, sheet=result.sheet)
            else:
                yield piece, result

    def drop(self) -> None:
        """Forget what is under way; it is read again at the next start."""
        self._tasks.drop()

    def _submit(self, function: Callable[..., Any], *arguments: object) -> "Future[Any]":
        return self._pool.submit(function, *arguments, seconds=self._seconds)


def limits_of(settings: Settings) -> Limits:
    """What one file may ask of us, as this site set it."""
    return Limits(settings.file_megabytes * 1_000_000, settings.file_pages, settings.page_megapixels * 1_000_000)


def _told(piece: Piece, failure: Failure) -> FileRefused | PageRead:
    """A failure as what staff reads."""
    if piece.attachment is not None:
        return FileRefused("failed", "It could not be taken out.")
    outcome = PageOutcome.TIMEOUT if failure.is_timeout else PageOutcome.FAILED
    what = "took longer than the time limit" if failure.is_timeout else "ended the program that reads it"
    if piece.page == 0:
        return FileRefused(outcome.value, f"Opening this file {what}. Scan the paper again, or export it anew.")
    return PageRead(OcrPage(piece.page, outcome, reason=f"Reading page {piece.page} {what}."))
