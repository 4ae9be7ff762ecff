"""`chartroom read`: OCR as a tool by itself, pages in parallel, no database."""

import json
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from ingest.progress import Progress, bar
from ingest.settings import load_settings
from ingest.worker import Refused, WorkPool, work_pool
from ocr.errors import OcrError
from ocr.load import Limits, open_file
from ocr.page import OcrPage, PageOutcome
from ocr.pdfpages import join_pages, missing_page
from ocr.read import PageRead, read_page
from ocr.signature import Kind

Echo = Callable[[str], None]


def read_all(files: list[Path], *, as_json: bool, text: bool, pdf_folder: Path | None, engine: str, echo: Echo) -> int:
    """Read every file and print or write what was asked for; 1 when a file was refused or a page failed."""
    settings = load_settings()
    limits = Limits(settings.file_megabytes * 1_000_000, settings.file_pages, settings.page_megapixels * 1_000_000)
    if pdf_folder:
        pdf_folder.mkdir(parents=True, exist_ok=True)
    worst = 0
    written: set[Path] = set()
    with work_pool(settings.workers, settings.worker_megabytes) as pool, bar(sys.stderr) as progress:
        for file in files:
            reads = _read_file(file, pool, limits, engine, settings.page_seconds, progress)
            if isinstance(reads, Refused):
                echo(f"{file.name}: {reads.sentence}") if not as_json else _print_json(
                    {"file": str(file), "refused": reads.code, "reason": reads.sentence}
                )
                worst = 1
                continue
            _show(file, reads, as_json=as_json, text=text, echo=echo)
            if pdf_folder:
                _write_pdf(_free_name(pdf_folder, file.stem, written), reads)
            if any(read.page.outcome not in (PageOutcome.OK, PageOutcome.BLANK) for read in reads):
                worst = 1
    return worst


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
        "engine": page.engine,
        "recipe": list(page.recipe),
        "seconds": page.seconds,
        "reason": page.reason or None,
        "text": page.text,
        "barcodes": [{"kind": b.kind, "text": b.text, "box": list(b.box)} for b in page.barcodes],
        "words": [
            {"text": w.text, "box": list(w.box), "confidence": round(w.confidence, 4), "line": w.line}
            for w in page.words
        ],
    }


def _read_file(
    file: Path, pool: WorkPool, limits: Limits, engine: str, seconds: float, progress: Progress
) -> list[PageRead] | Refused:
    opened = _result(pool.submit(_open, file, limits, seconds=seconds))
    if not isinstance(opened, tuple):
        return opened if isinstance(opened, Refused) else Refused("failed", f"Opening it {opened}.")
    kind, count = opened
    progress.tell(found=count)
    futures = [pool.submit(_read, file, kind, n, limits, engine, seconds=seconds) for n in range(1, count + 1)]
    reads = []
    for number, future in enumerate(futures, start=1):
        result = _result(future)
        if not isinstance(result, PageRead):
            outcome = PageOutcome.TIMEOUT if "limit" in str(result) else PageOutcome.FAILED
            result = PageRead(OcrPage(number, outcome, reason=f"Reading page {number} {result}."))
        reads.append(result)
        progress.tell(read=1)
    return reads


def _result(future: "Future[Any]") -> Any:
    from pebble import ProcessExpired

    try:
        return future.result()
    except TimeoutError:
        return "took longer than the time limit"
    except ProcessExpired:
        return "ended the program that reads it"


def _open(file: Path, limits: Limits) -> tuple[Kind, int] | Refused:
    try:
        opened = open_file(file.read_bytes(), limits)
    except OcrError as error:
        return Refused(error.code, str(error))
    return opened.kind, opened.pages


def _read(file: Path, kind: Kind, number: int, limits: Limits, engine: str) -> PageRead:
    return read_page(file.read_bytes(), kind, number, limits=limits, prefer_engine=engine)


def _show(file: Path, reads: list[PageRead], *, as_json: bool, text: bool, echo: Echo) -> None:
    for read in reads:
        if as_json:
            _print_json(page_record(file, read.page))
        elif text:
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
