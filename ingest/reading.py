"""`chartroom read`: OCR as a tool by itself, pages in parallel, no database."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingest.progress import Progress, bar
from ingest.settings import load_settings
from ingest.worker import Refused, WorkPool, work_pool
from ocr.bounds import within_bounds
from ocr.errors import DamagedFile, EngineMissing, OcrError
from ocr.load import Limits, Opened, open_file
from ocr.page import FINE, OcrPage, PageOutcome
from ocr.pdfpages import join_pages, missing_page
from ocr.read import PageRead, read_page
from ocr.signature import Kind

Echo = Callable[[str], None]

_TRIES = 2
"""The second try of a page asks for less: lower resolution, one recognition."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to print and what to write."""

    as_json: bool = False
    text: bool = False
    pdf_folder: Path | None = None
    debug_folder: Path | None = None
    engine: str = ""


def read_all(files: list[Path], wanted: Wanted, echo: Echo) -> int:
    """Read every file and print or write what was asked for; 1 when a file was refused or a page failed."""
    settings = load_settings()
    limits = Limits(settings.file_megabytes * 1_000_000, settings.file_pages, settings.page_megapixels * 1_000_000)
    for folder in (wanted.pdf_folder, wanted.debug_folder):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
    worst = 0
    written: set[Path] = set()
    with work_pool(settings.workers, settings.worker_megabytes) as pool, bar(sys.stderr) as progress:
        for book in _Reader(pool, wanted, limits, settings.page_seconds, progress).read(files):
            worst = max(worst, _put_out(book, wanted, written, echo))
    return worst


@dataclass(slots=True)
class _Book:
    """One file under way: its pages as they come, or why it was refused."""

    file: Path
    opened: Opened | None = None
    refused: Refused | None = None
    reads: dict[int, PageRead] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        return self.refused is not None or (self.opened is not None and len(self.reads) == self.opened.pages)

    @property
    def in_order(self) -> list[PageRead]:
        return [self.reads[number] for number in sorted(self.reads)]


@dataclass(frozen=True, slots=True)
class _Task:
    """One thing a worker does: read a page, or open a file and read its first page (page 0)."""

    book: _Book
    page: int
    tries: int = 1


class _Reader:
    """Keeps every core busy with one large file as well as with many, and gives the files in their order."""

    def __init__(self, pool: WorkPool, wanted: Wanted, limits: Limits, seconds: float, progress: Progress) -> None:
        self._pool, self._wanted, self._limits = pool, wanted, limits
        self._seconds, self._progress = seconds, progress
        self._tasks: dict[Future[Any], _Task] = {}

    def read(self, files: list[Path]) -> Iterator[_Book]:
        """Each file when all of its pages are there."""
        books = [_Book(file) for file in files]
        waiting = iter(books)
        given = taken = 0
        while given < len(books):
            # a slow file holds up those behind it: only so many finished ones wait for it in memory
            while (
                len(self._tasks) < 3 * self._pool.workers
                and taken < given + 16 * self._pool.workers
                and (book := next(waiting, None)) is not None
            ):
                taken += 1
                self._submit(_Task(book, 0))
            done, _ = wait(self._tasks, return_when=FIRST_COMPLETED)
            for future in done:
                self._finish(self._tasks.pop(future), future)
            while given < len(books) and books[given].is_done:
                yield books[given]
                books[given].reads.clear()  # a thousand files' pages are not held
                given += 1

    def _submit(self, task: _Task) -> None:
        wants_pdf = bool(self._wanted.pdf_folder)
        arguments = (self._limits, self._wanted.engine, wants_pdf, self._wanted.debug_folder)
        if task.page == 0:
            future = self._pool.submit(
                _open_and_read, task.book.file, *arguments, task.tries == 1, seconds=self._seconds
            )
        else:
            assert task.book.opened is not None
            future = self._pool.submit(
                _read,
                task.book.file,
                task.book.opened.kind,
                task.page,
                *arguments,
                task.tries > 1,
                seconds=self._seconds,
            )
        self._tasks[future] = task

    def _finish(self, task: _Task, future: Future[Any]) -> None:
        book = task.book
        try:
            result = future.result()
        except EngineMissing:
            raise
        except Exception as error:  # noqa: BLE001 - whatever ended the task or its worker: tried once more, then told
            if task.tries < _TRIES:
                self._submit(_Task(book, task.page, task.tries + 1))
                return
            is_slow = isinstance(error, TimeoutError)
            what = "took longer than the time limit" if is_slow else "ended the program that reads it"
            outcome = PageOutcome.TIMEOUT if is_slow else PageOutcome.FAILED
            if task.page == 0:
                book.refused = Refused(outcome.value, f"Opening it {what}. Scan the paper again, or export it anew.")
            else:
                self._keep(book, PageRead(OcrPage(task.page, outcome, reason=f"Reading page {task.page} {what}.")))
            return
        if isinstance(result, Refused):
            book.refused = result
        elif isinstance(result, tuple):
            book.opened, first = result
            self._progress.tell(found=book.opened.pages)
            if first is not None:
                self._keep(book, first)
            for number in range(1 if first is None else 2, book.opened.pages + 1):
                self._submit(_Task(book, number))
        else:
            self._keep(book, result)

    def _keep(self, book: _Book, read: PageRead) -> None:
        book.reads[read.page.number] = replace(read, page=within_bounds(read.page))
        self._progress.tell(read=1)


def _open_and_read(
    file: Path, limits: Limits, engine: str, wants_pdf: bool, debug: Path | None, reads_first: bool
) -> tuple[Opened, PageRead | None] | Refused:
    """Most files have one page: opened and read in one task. After a failure the file is only opened."""
    try:
        opened = open_file(file.read_bytes(), limits)
    except OcrError as error:
        return Refused(error.code, str(error))
    except MemoryError:
        return Refused(DamagedFile.code, "The file needs more memory than a file may. Export it again.")
    return opened, _read(file, opened.kind, 1, limits, engine, wants_pdf, debug, False) if reads_first else None


def _read(
    file: Path,
    kind: Kind,
    number: int,
    limits: Limits,
    engine: str,
    wants_pdf: bool,
    debug: Path | None,
    is_frugal: bool,
) -> PageRead:
    read = read_page(
        file.read_bytes(), kind, number, limits=limits, prefer_engine=engine, want_view=False,
        want_pdf=wants_pdf, want_picture=debug is not None, is_frugal=is_frugal,
    )  # fmt: skip
    if debug is None or read.picture is None:
        return PageRead(read.page, None, read.pdf)
    from ocr.debug import draw_reading

    (debug / f"{file.absolute().parent.name}-{file.name}-{number:04d}.jpg").write_bytes(
        draw_reading(read.picture, read.page)
    )
    return PageRead(read.page, None, read.pdf)


def page_record(file: Path, page: OcrPage) -> dict[str, Any]:
    """One page as `read --json` prints it."""
    return {
        "file": str(file),
        "page": page.number,
        "outcome": page.outcome,
        "rotation": page.rotation,
        "skew_degrees": page.skew_degrees,
        "dpi": page.dpi,
        "width": page.width,
        "height": page.height,
        "mean_confidence": page.mean_confidence,
        "quality": page.quality,
        "weaknesses": list(page.weaknesses),
        "engine": page.engine,
        "recipe": list(page.recipe),
        "to_original": list(page.to_original),
        "seconds": page.seconds,
        "reason": page.reason or None,
        "text": page.text,
        "barcodes": [{"kind": b.kind, "text": b.text, "box": list(b.box)} for b in page.barcodes],
        "notes": [
            {"kind": n.kind, "text": n.text, "name": n.name, "box": list(n.box), "is_shown": n.is_shown}
            for n in page.notes
        ],
        "marks": [{"kind": m.kind, "state": m.state, "box": list(m.box)} for m in page.marks],
        "words": [
            {"text": w.text, "box": list(w.box), "confidence": round(w.confidence, 4), "line": w.line}
            for w in page.words
        ],
    }


def _put_out(book: _Book, wanted: Wanted, written: set[Path], echo: Echo) -> int:
    file = book.file
    if book.refused is not None:
        if wanted.as_json:
            _print_json({"file": str(file), "refused": book.refused.code, "reason": book.refused.sentence})
        else:
            echo(f"{file.name}: {book.refused.sentence}")
        return 1
    reads = book.in_order
    _show(file, reads, wanted, echo)
    if wanted.pdf_folder:
        _write_pdf(_free_name(wanted.pdf_folder, file.stem, written), reads)
    return int(any(read.page.outcome not in FINE for read in reads))


def _show(file: Path, reads: list[PageRead], wanted: Wanted, echo: Echo) -> None:
    for read in reads:
        if wanted.as_json:
            _print_json(page_record(file, read.page))
        elif wanted.text:
            echo(read.page.text + "\f" if len(reads) > 1 else read.page.text)
        else:
            page = read.page
            turned = f", turned {page.rotation}°" if page.rotation else ""
            echo(
                f"{file.name} page {page.number}: {page.outcome}, {len(page.words)} words, "
                f"confidence {page.mean_confidence:.2f}{turned}{', ' + page.reason if page.reason else ''}"
            )


def _free_name(folder: Path, stem: str, written: set[Path]) -> Path:
    """A name that no other input of this call was written under; scanners all call theirs scan0001."""
    path, number = folder / f"{stem}.pdf", 2
    while path in written:
        path, number = folder / f"{stem}-{number}.pdf", number + 1
    written.add(path)
    return path


def _write_pdf(path: Path, reads: list[PageRead]) -> None:
    pdf = join_pages([read.pdf or missing_page() for read in reads], title=path.stem, subject="")
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(pdf)
    Path(file.name).replace(path)


def _print_json(record: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=True) + "\n")
