"""What arrives in a hot folder: is every file taken in, once and whole, however it is written?

Run by `./dev bench arrivals` (six minutes). With the settings that a site has: a drop of 30,000 small files while the watch
sleeps; writers that append page after page to a TIFF and close it in between; a folder into which page after page is
written; a slow copy; each beside the others, as scanners do. Nothing is read: only intake is measured.
"""

import argparse
import csv
import io
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, TiffImagePlugin
from sqlmodel import Session, func, select

from ingest.hotfolder import make_ready
from ingest.settings import Settings
from ingest.watcher import watch
from storage.custody import batches
from storage.foundation.home import Home
from storage.foundation.tables.custody import Batch, Blob, Source
from storage.opening import make_home

RESULTS = Path(__file__).parent / "results" / "arrivals.csv"
GAPS = (1, 2, 5, 10, 15, 20)
"""Seconds between two pages, as scanners and their feeders take."""

_PAGES = 4


@dataclass(frozen=True, slots=True)
class Case:
    """What was written, what ought to come of it, and what did."""

    what: str
    expected: str
    found: str

    @property
    def is_right(self) -> bool:
        """Whether it came out as it was written."""
        return self.expected == self.found


@contextmanager
def watching(home: Home, settings: Settings) -> Iterator[None]:
    """The watch, in a thread, without any work behind it."""
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(home, settings, lambda: False, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def append_pages(path: Path, gap: float) -> None:
    """A TIFF to which page after page is appended, closed in between, as scanning programs do."""
    for number in range(_PAGES):
        if number:
            time.sleep(gap)  # the pace of a scanner
        image = Image.new("1", (1700, 2200), 1)
        image.paste(0, (100, 100 * (number + 1), 900, 100 * (number + 1) + 40))
        with TiffImagePlugin.AppendingTiffWriter(str(path), new=number == 0) as file:
            image.save(file, "TIFF", compression="group4")
            file.newFrame()


def fill_folder(place: Path, gap: float) -> None:
    """A folder into which a TIFF a page is written."""
    place.mkdir()
    for number in range(_PAGES):
        if number:
            time.sleep(gap)  # the pace of a scanner
        Image.new("1", (1700, 2200), 1).save(place / f"page {number + 1}.tif", "TIFF", compression="group4")


def copy_slowly(path: Path, seconds: float) -> None:
    """A PDF that a network copies in pieces, opened anew for each."""
    out = io.BytesIO()
    Image.new("L", (1700, 2200), 255).save(out, "PDF")
    data = out.getvalue()
    for number in range(10):
        with path.open("ab") as file:
            file.write(data[number * len(data) // 10 : (number + 1) * len(data) // 10])
        time.sleep(seconds / 10)  # the pace of a network


def _pages_of(home: Home, session: Session, batch: Batch) -> int:
    """Pages in the TIFF files of a batch, counted in what the vault holds."""
    count = 0
    for _, source in batches.files_of(session, batch.id):
        with Image.open(io.BytesIO(home.vault.read(session.get_one(Blob, source.blob_id)))) as image:
            count += getattr(image, "n_frames", 1)
    return count


def _wait_for(home: Home, count: int, seconds: float) -> None:
    """Until so many batches are there, and none more comes for a while, or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with home.reading() as session:
            if session.exec(select(func.count()).select_from(Batch)).one() >= count:
                return
        time.sleep(0.5)


def scanners(base: Path) -> list[Case]:
    """All writers at once, on one hot folder, with the settings of a fresh site."""
    home = make_home(base / "home", base / "home.key")
    settings = Settings(home=home.path, minimum_free_megabytes=0)
    hot = settings.folders[0]
    make_ready(home, hot)
    writers: list[tuple[str, Callable[[], None]]] = []
    for gap in GAPS:
        writers.append((f"append-{gap}.tif", lambda gap=gap: append_pages(hot / f"append-{gap}.tif", gap)))  # type: ignore[misc]
        writers.append((f"folder-{gap}", lambda gap=gap: fill_folder(hot / f"folder-{gap}", gap)))  # type: ignore[misc]
    writers.append(("slow.pdf", lambda: copy_slowly(hot / "slow.pdf", 15)))
    with watching(home, settings), ThreadPoolExecutor(len(writers)) as pool:
        for done in [pool.submit(write) for _, write in writers]:
            done.result()
        _wait_for(home, len(writers), 120)
    cases = []
    with home.reading() as session:
        found = {batch.name.decode(): batch for batch in session.exec(select(Batch))}
        extra = session.exec(select(func.count()).select_from(Batch)).one() - len(writers)
        for name, _ in writers:
            there = found.get(name)
            is_tiff = there is not None and not name.endswith(".pdf")
            pages = _pages_of(home, session, there) if is_tiff and there is not None else int(there is not None)
            expected = 1 if name.endswith(".pdf") else _PAGES
            cases.append(Case(name, f"1 scan of {expected} pages", f"{int(there is not None)} scan of {pages} pages"))
        cases.append(Case("scans beside these", "0", str(extra)))
    home.close()
    return cases


def flood(base: Path, count: int) -> tuple[Case, float]:
    """So many small files, dropped before the watch starts; and the seconds until all are in the vault."""
    home = make_home(base / "home", base / "home.key")
    settings = Settings(home=home.path, minimum_free_megabytes=0)
    hot = settings.folders[0]
    make_ready(home, hot)
    for number in range(count):
        (hot / f"{number:06}.pdf").write_bytes(b"%%PDF-1.4 %d %%%%EOF" % number)
    started = time.monotonic()
    with watching(home, settings):
        _wait_for(home, count, 1800)
    seconds = time.monotonic() - started
    with home.reading() as session:
        files = session.exec(select(func.count(func.distinct(Source.sha256)))).one()
    home.close()
    return Case(f"{count:,} small files while the watch sleeps", f"{count} files", f"{files} files"), seconds


def main() -> None:
    """Run what was asked for, print it and keep the table."""
    parser = argparse.ArgumentParser(prog="./dev bench arrivals", description=__doc__)
    parser.add_argument("--files", type=int, default=30_000, help="small files of the flood (0: none)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "a").mkdir()
        cases = scanners(Path(place) / "a")
        if asked.files:
            (Path(place) / "b").mkdir()
            case, seconds = flood(Path(place) / "b", asked.files)
            cases.append(case)
            print(f"{case.what}: {seconds:.0f} s, {asked.files / seconds:.0f} a second")
    for case in cases:
        print(f"{'ok ' if case.is_right else 'NOT'} {case.what}: {case.found}, expected {case.expected}")
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["what", "expected", "found"])
        writer.writerows([case.what, case.expected, case.found] for case in cases)


if __name__ == "__main__":
    main()
