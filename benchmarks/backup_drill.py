"""The home had back: a home of filed documents backed up while scans are received and filed, restored, compared to the byte.

    ./dev bench backup_drill                    500 filed documents
    ./dev bench backup_drill --documents 50     a small one

Each document has two pages and a source file of 200 kB; while the second backup, the check and the drill run, another
process takes in, indexes, approves and files documents without a pause.
"""

import argparse
import csv
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TypeVar

from sqlmodel import select

from storage.backup.checking import check_of_home
from storage.backup.drilling import drill
from storage.backup.making import Made, make_backup
from storage.backup.recipient import make_pair
from storage.backup.restoring import Target, restore
from storage.documents.filing import filed_pdf
from storage.foundation.home import Home
from storage.foundation.tables.custody import Blob
from storage.foundation.tables.documents import Document
from storage.opening import make_home, open_home
from tests.given.records import SAM, add_person, read_and_index, receive, verify_and_file

RESULTS = Path(__file__).parent / "results" / "backup-drill.csv"
SOURCE_BYTES = 200_000

WARM_DOCUMENTS, WARM_SECONDS = 10, 120

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing done: how long, over how many documents, stored files and bytes, and how many differences were found."""

    what: str
    seconds: float
    documents: int
    files: int
    size: int
    differences: int

    def cells(self) -> tuple[str, ...]:
        """As it stands in the table."""
        numbers = (self.documents, self.files, f"{self.size / 1e6:.1f}", self.differences)
        return (self.what, f"{self.seconds:.1f}", *map(str, numbers))


HEAD = ("what", "seconds", "documents", "stored files", "megabytes", "differences")


def main() -> int:
    """Run it and keep the table; 1 when anything was not the same."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--keep", action="store_true", help="keep the table in benchmarks/results")
    asked = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="backup-drill-"))
    try:
        rows = measure(work, asked.documents)
    finally:
        shutil.rmtree(work)
    for cells in (HEAD, *(row.cells() for row in rows)):
        print(f"{cells[0]:<46}" + "".join(f"{cell:>14}" for cell in cells[1:]))
    if asked.keep:
        _keep(rows)
    return 1 if any(row.differences for row in rows) else 0


def measure(work: Path, documents: int) -> list[Row]:
    """The rows of the table, for a home of so many filed documents."""
    home = make_home(work / "home", work / "keys" / "home.key")
    rng = random.Random(1)
    person = add_person(home)
    for _ in range(documents):
        _file_one(home, rng, person)
    secret, folder = make_pair(home, SAM).secret, work / "backups"
    folder.mkdir()
    seconds, first = _timed(lambda: make_backup(home, folder, SAM))
    rows = [_row("first backup, at rest", seconds, first)]
    with _load(home, person):
        seconds, second = _timed(lambda: make_backup(home, folder, SAM))
        rows.append(_row("second backup, under load", seconds, second))
        documents, size = second.manifest.documents, second.manifest.size
        seconds, checked = _timed(lambda: check_of_home(home, folder, SAM))
        rows.append(Row("check, under load", seconds, documents, checked.files, size, len(checked.damages)))
        seconds, drilled = _timed(lambda: drill(home, folder, SAM, secrets=(secret,)))
        rows.append(Row("drill, under load", seconds, drilled.documents, drilled.files, size, len(drilled.problems)))
    target = Target(work / "again" / "home", work / "again" / "home.key")
    seconds, restored = _timed(lambda: restore(folder, (secret,), target, SAM))
    found = len(restored.report.problems) + len(restored.laid.lacking)
    rows.append(Row("restore and verify", seconds, documents, restored.laid.copied, size, found))
    again = open_home(target.home, target.key_file)
    seconds, found = _timed(lambda: _differences(home, again))
    rows.append(
        Row("stored files and filed PDFs, byte for byte", seconds, documents, restored.report.blobs, size, found)
    )
    seconds, third = _timed(lambda: make_backup(home, folder, SAM))
    rows.append(_row("third backup, with what was filed meanwhile", seconds, third))
    for each in (home, again):
        each.close()
    return rows


def _row(what: str, seconds: float, made: Made) -> Row:
    """Of a backup: the files that it copied, and their bytes."""
    manifest = made.manifest
    return Row(what, seconds, manifest.documents, made.copied, made.copied_bytes, len(manifest.missing))


def _file_one(home: Home, rng: random.Random, person: int) -> None:
    number = rng.getrandbits(60)
    batch = receive(home, rng.randbytes(SOURCE_BYTES), f"claim-{number:x}")
    (document,) = read_and_index(home, batch, [f"first page {number}", f"second page {number}"], person)
    verify_and_file(home, document)


@contextmanager
def _load(home: Home, person: int) -> Iterator[None]:
    """Another process takes in and files documents without a pause, ten of them before anything is measured."""
    spawn = multiprocessing.get_context("spawn")
    warm, ended = spawn.Event(), spawn.Event()
    worker = spawn.Process(target=_work, args=(home.path, home.key_file, person, warm, ended))
    worker.start()
    try:
        if not warm.wait(WARM_SECONDS):
            raise TimeoutError("the load did not start")
        yield
    finally:
        ended.set()
        worker.join()
    if worker.exitcode:
        raise ChildProcessError(f"the load ended with {worker.exitcode}")


def _work(path: Path, key_file: Path, person: int, warm: Event, ended: Event) -> None:
    home, rng, number = open_home(path, key_file), random.Random(2), 0
    while not ended.is_set():
        _file_one(home, rng, person)
        number += 1
        if number == WARM_DOCUMENTS:
            warm.set()
    home.close()


def _differences(home: Home, again: Home) -> int:
    """Stored files and filed PDFs of the restored home that are not, byte for byte, those of the home."""
    found = 0
    with again.writing() as session, home.writing() as now:
        for blob_id in session.exec(select(Blob.id)):
            found += again.vault.path(blob_id).read_bytes() != home.vault.path(blob_id).read_bytes()
        for document in session.exec(select(Document.id).where(Document.state == "filed")).all():
            pdf = filed_pdf(session, again.vault, document, SAM)
            found += pdf != filed_pdf(now, home.vault, document, SAM)
    return found


def _timed(call: Callable[[], T]) -> tuple[float, T]:
    started = time.monotonic()
    made = call()
    return time.monotonic() - started, made


def _keep(rows: list[Row]) -> None:
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEAD)
        table.writerows(row.cells() for row in rows)


if __name__ == "__main__":
    sys.exit(main())
