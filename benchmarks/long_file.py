"""A file of 2,000 pages: the longest time that one transaction holds the database while the file is entered and sorted.

    ./dev bench long_file              both files (about ten minutes)
    ./dev bench long_file --pages 500

Everybody else waits for that lock: a technician who saves, the intake that takes the next scan. The pages are typed by us, so
that no picture has to be read; they are noted, sorted by workers and entered as after reading.
"""

import argparse
import csv
import random
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import event
from sqlmodel import func, select

from ingest.indexing import index_batches
from ingest.pipeline import Pipeline
from ingest.progress import Progress
from ingest.reading import read_batches
from ingest.settings import load_settings
from ingest.site import Site
from ingest.worker import WorkPool, open_source, work_pool
from ocr.load import Opened
from ocr.read import fingerprint
from ocr.signature import Kind
from storage.custody import batches
from storage.foundation.home import Home
from storage.foundation.states import BatchState
from storage.foundation.tables.custody import Reading
from storage.foundation.tables.documents import Document
from storage.opening import make_home
from tests.given.paper import typed
from tests.given.records import add_person, receive

RESULTS = Path(__file__).parent / "results" / "long-file.csv"
TARGET_SECONDS = 1.0
"""How long one transaction may hold the database."""

_PEOPLE = 500
_WORDS = (
    "patient resting comfortably blood pressure noted plan continue medication review stable follow labs normal".split()
)


@dataclass(slots=True)
class Held:
    """How long transactions held the database, in seconds."""

    seconds: list[float] = field(default_factory=list)
    _since: dict[int, float] = field(default_factory=dict)

    def watch(self, home: Home) -> None:
        """Time every writing transaction of this home from now on."""

        @event.listens_for(home.engine, "begin")
        def begun(connection: object) -> None:
            self._since[threading.get_ident()] = time.monotonic()

        for name in ("commit", "rollback"):
            event.listen(home.engine, name, self._ended)

    def _ended(self, connection: object) -> None:
        since = self._since.pop(threading.get_ident(), None)
        if since is not None and not connection.get_execution_options().get("chartroom_read_only"):  # type: ignore[attr-defined]
            self.seconds.append(time.monotonic() - since)


class Opening:
    """The pool, except that every file opens at once and has so many pages."""

    def __init__(self, pool: WorkPool, count: int) -> None:
        self.workers, self._pool, self._count = pool.workers, pool, count

    def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
        """The file opened, or what a worker makes of the task."""
        if task is not open_source:
            return self._pool.submit(task, *args, seconds=seconds)
        opened: Future[object] = Future()
        opened.set_result(Opened(Kind.TIFF, self._count))
        return opened


def one_document(rng: random.Random, number: int) -> str:
    """A page of one long document."""
    return f"Patient Name: Family7, Given\nMRN: 00100007\nDOB: 05/05/1960\n{_body(rng)}"


def a_document_a_page(rng: random.Random, number: int) -> str:
    """A page that is a document of its own, of somebody who may be on the list."""
    who = rng.randrange(2 * _PEOPLE)
    return f"PROGRESS NOTE\nPatient Name: Family{who}, Given\nMRN: 001{who:05d}\nDOB: 05/05/1960\n{_body(rng)}\nPage 1 of 1"


def _body(rng: random.Random) -> str:
    return "\n".join(" ".join(rng.choices(_WORDS, k=10)) for _ in range(25))


def measure(folder: Path, count: int, text_of: Callable[[random.Random, int], str]) -> tuple[int, float, list[float]]:
    """Documents made, seconds for all of it, and how long each transaction held the database."""
    home = make_home(folder / "home", folder / "key")
    for number in range(_PEOPLE):
        add_person(home, f"001{number:05d}", f"Family{number}", "Given")
    batch_id, settings, rng = receive(home, b"a long file"), load_settings(), random.Random(1)
    with home.reading() as session:
        sha256 = batches.files_of(session, batch_id)[0][1].sha256
    with home.writing() as session:
        for number in range(1, count + 1):
            key = f"{sha256[:40]}-{number}-{fingerprint(settings.engine, settings.second_recogniser)}"
            session.add(Reading(id=key, data=typed(text_of(rng, number), number).to_bytes()))
    held = Held()
    held.watch(home)
    started = time.monotonic()
    with work_pool(0, settings.worker_megabytes) as pool:
        pipeline = Pipeline(home, settings, Opening(pool, count), Site(), Progress(), threading.Event())  # type: ignore[arg-type]
        for state, step in ((BatchState.RECEIVED, read_batches), (BatchState.READ, index_batches)):
            with home.reading() as session:
                waiting = batches.waiting(session, state)
            step(pipeline, waiting)
    seconds = time.monotonic() - started
    with home.reading() as session:
        made = session.exec(select(func.count()).select_from(Document)).one()
        assert batches.list_sources(session)[0]["state"] == BatchState.INDEXED
    home.close()
    return made, seconds, held.seconds


def main() -> None:
    """Measure both files, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    count = parser.parse_args().pages
    rows = []
    for name, text_of in (("one document", one_document), ("a document a page", a_document_a_page)):
        with tempfile.TemporaryDirectory() as folder:
            made, seconds, held = measure(Path(folder), count, text_of)
        rows.append((name, count, made, round(seconds, 1), len(held), round(sum(held), 2), round(max(held), 3)))
        print(
            f"{name}: {count} pages, {made} documents in {seconds:.0f} s; {len(held)} transactions, "
            f"the longest {max(held):.3f} s (target under {TARGET_SECONDS:g})",
            flush=True,
        )
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ("file", "pages", "documents", "seconds", "transactions", "seconds held", "longest transaction")
        )
        writer.writerows(rows)


if __name__ == "__main__":
    main()
