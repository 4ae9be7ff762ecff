"""`chartroom read`: OCR as a tool by itself, pages in parallel, no database."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingest.pagework import PageReader, Piece
from ingest.progress import Progress, bar
from ingest.settings import load_settings
from ingest.worker import FileRefused, PlainFile, WorkPool, work_pool
from ocr.load import Limits, Opened
from ocr.page import FINE, OcrPage, Second, Word
from ocr.pdfpages import join_pages, missing_page
from ocr.read import PageOrder, PageRead

Echo = Callable[[str], None]

_HELD = 16
"""Finished files a worker that may wait in memory for a slow one before them."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What to print and what to write."""

    as_json: bool = False
    text: bool = False
    pdf_folder: Path | None = None
    debug_folder: Path | None = None
    engine: str = ""  # empty: as the site's setting says
    second: Second | None = None  # the same


PARTLY = 3
"""Exit code when some pages could not be read and others were."""


def read_all(files: list[Path], wanted: ReadOptions, echo: Echo) -> int:
    """Read every file and print or write what was asked for; gives the exit code.

    0: every page was read; PARTLY: files or pages that are named on the error stream were not; 1: nothing could be read.
    """
    settings = load_settings()
    wanted = replace(
        wanted, engine=wanted.engine or settings.engine, second=wanted.second or settings.second_recogniser
    )
    limits = Limits(settings.file_megabytes * 1_000_000, settings.file_pages, settings.page_megapixels * 1_000_000)
    for folder in (wanted.pdf_folder, wanted.debug_folder):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
    codes = set()
    written: set[Path] = set()
    with work_pool(settings.workers, settings.worker_megabytes) as pool, bar(sys.stderr) as progress:
        for book in read_books(files, pool, wanted, limits, settings.page_seconds, progress):
            codes.add(_put_out(book, wanted, written, echo))
    return PARTLY if PARTLY in codes or codes == {0, 1} else max(codes, default=0)


@dataclass(slots=True)
class Book:
    """One file under way: its pages as they come, or why it was refused."""

    file: Path
    opened: Opened | None = None
    refused: FileRefused | None = None
    reads: dict[int, PageRead] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Whether nothing more of it is to come."""
        return self.refused is not None or (self.opened is not None and len(self.reads) == self.opened.pages)

    @property
    def in_order(self) -> list[PageRead]:
        """Its pages by number."""
        return [self.reads[number] for number in sorted(self.reads)]


def read_books(
    files: list[Path], pool: WorkPool, wanted: ReadOptions, limits: Limits, seconds: float, progress: Progress
) -> Iterator[Book]:
    """Each file in its order when all of its pages are there; one large file keeps every core as busy as many do."""
    order = PageOrder(
        wanted.engine,
        view=False,
        pdf=wanted.pdf_folder is not None,
        picture=wanted.debug_folder is not None,
        second=wanted.second or Second.AUTO,
    )
    reader = PageReader(pool, limits, seconds, order, wanted.debug_folder)
    books = [Book(file) for file in files]
    given = taken = 0
    while given < len(books):
        while reader.room > 0 and taken < min(len(books), given + _HELD * pool.workers):
            reader.open(Piece(taken), PlainFile(books[taken].file))
            taken += 1
        for piece, result in reader.finished():
            book = books[piece.file_id]
            if isinstance(result, FileRefused):
                book.refused = result
            elif isinstance(result, Opened):
                book.opened = result
                progress.tell(found=result.pages)
                for number in range(1, result.pages + 1):
                    reader.read(Piece(piece.file_id, number), PlainFile(book.file), result)
            elif isinstance(result, PageRead):
                book.reads[piece.page] = result
                progress.tell(read=1)
        while given < len(books) and books[given].is_done:
            yield books[given]
            books[given].reads.clear()  # a thousand files' pages are not held
            given += 1


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
        "words": [_word_record(word) for word in page.words],
    }


def _word_record(word: Word) -> dict[str, Any]:
    """A word; `reader` is the recogniser whose text counts, `agreement` what the other says (null: it was not asked)."""
    return {
        "text": word.text,
        "box": list(word.box),
        "confidence": round(word.confidence, 4),
        "line": word.line,
        "reader": word.reader or "first",
        "agreement": word.agreement or None,
        "handwritten": word.is_handwritten,
    }


def _put_out(book: Book, wanted: ReadOptions, written: set[Path], echo: Echo) -> int:
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
    failed = [read.page for read in reads if read.page.outcome not in FINE]
    if not failed:
        return 0
    numbers = ", ".join(str(page.number) for page in failed[:_MOST_NAMED])
    more = f" and {len(failed) - _MOST_NAMED} more" if len(failed) > _MOST_NAMED else ""
    what = "page" if len(failed) == 1 else "pages"
    why = failed[0].reason or failed[0].outcome
    sys.stderr.write(f"{file.name}: {what} {numbers}{more} of {len(reads)} could not be read in full: {why}\n")
    return 1 if len(failed) == len(reads) else PARTLY


_MOST_NAMED = 20
"""Pages named in one line."""


def _show(file: Path, reads: list[PageRead], wanted: ReadOptions, echo: Echo) -> None:
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
