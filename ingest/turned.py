"""Pages that a technician turned are read again in their new direction, by workers, and their documents understood anew.

No transaction is open while a page is read. A process beside the review app does this at once (`serving.py` starts it), and
whoever works the pipeline does what it left: a page waits in its own row until it was read (storage/desk/rereading.py).
"""

import os
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from ingest.context import alone, log_error
from ingest.lock import sole_rereader
from ingest.logs import start_log
from ingest.pagework import Failure, Tasks, limits_of
from ingest.settings import Settings, load_settings
from ingest.site import load_site
from ingest.understanding import Understanding
from ingest.worker import SealedFile, WorkPool, read_one_turned, work_pool
from ocr.bounds import within_bounds
from ocr.load import Limits
from ocr.read import PageOrder, PageRead
from storage.desk import rereading
from storage.desk.rearranging import Understand
from storage.desk.rereading import TurnedPage
from storage.foundation.home import Home
from storage.foundation.tables.custody import Blob, Source
from storage.opening import open_home

if TYPE_CHECKING:
    from concurrent.futures import Future


def read_turned(
    home: Home,
    settings: Settings,
    pool: WorkPool,
    understand: Understand,
    is_stopped: Callable[[], bool] = lambda: False,
) -> bool:
    """Read the pages that wait to be read in their new direction until none is left; False when there was none, or another
    process is at it."""
    with sole_rereader(home) as is_sole:
        if not is_sole:
            threading.Event().wait(0.2)
            return False
        did_something = False
        limits, order = limits_of(settings), PageOrder(settings.engine, second=settings.second_recogniser)
        while (pages := _waiting(home)) and not is_stopped():
            tasks: Tasks[TurnedPage] = Tasks(pool)
            try:
                for page, file in pages:
                    tasks.start(page, partial(_submit, pool, settings.page_seconds, (file, page, limits, order)))
                while len(tasks) and not is_stopped():
                    for page, result in tasks.finished(0.5):
                        _keep(home, page, result, understand)
                        did_something = True
            finally:
                tasks.drop()
        return did_something


def _submit(
    pool: WorkPool, seconds: float, task: tuple[SealedFile, TurnedPage, Limits, PageOrder], tries: int
) -> "Future[Any]":
    file, page, limits, order = task
    return pool.submit(read_one_turned, file, page.file_page, page.way_up, limits, order, tries > 1, seconds=seconds)


def _waiting(home: Home) -> list[tuple[TurnedPage, SealedFile]]:
    with home.reading() as session:
        found = []
        for page in rereading.waiting(session):
            blob = session.get_one(Blob, session.get_one(Source, page.claim_id).blob_id)
            file = SealedFile(home.vault.path(blob.id), home.vault.unwrap(blob), blob.content_mac)
            found.append((page, file))
        return found


def _keep(home: Home, asked: TurnedPage, result: PageRead | Failure, understand: Understand) -> None:
    """Keep what a worker made of a page. Whatever goes wrong over one page leaves it as it was read before."""
    what = f"page {asked.number} of batch {asked.batch_id}, which was turned"
    if isinstance(result, Failure):
        _give_up(home, asked, log_error(result.error, what))
        return
    with alone(what, partial(_give_up, home, asked)):
        page = within_bounds(result.page)
        view = home.vault.seal_bytes("view", result.view) if result.view else None
        pdf = home.vault.seal_bytes("page", result.pdf) if result.pdf else None
        with home.writing() as session:
            rereading.keep(session, home.vault, asked, page, view, pdf, understand, result.sheet)


def _give_up(home: Home, asked: TurnedPage, _: str) -> None:
    with home.writing() as session:
        rereading.give_up(session, asked)


_LOOK_SECONDS = 0.3
_REST_SECONDS = 30.0
"""How long the process beside the review app waits for the next page: starting it takes seconds."""


def main() -> None:
    """Read what was turned, until nothing was for a while or the review app ended."""
    settings, parent = load_settings(), os.getppid()
    home = open_home(settings.home, settings.key_file)
    start_log(home.path / "logs")
    understand = Understanding(home, load_site(home.path).profile).index
    begun = time.monotonic()

    def is_left() -> bool:
        return os.getppid() != parent

    try:
        with work_pool(1, settings.worker_megabytes) as pool:
            while time.monotonic() - begun < _REST_SECONDS and not is_left():
                if read_turned(home, settings, pool, understand, is_left):
                    begun = time.monotonic()
                time.sleep(_LOOK_SECONDS)
    finally:
        home.close()


if __name__ == "__main__":
    main()
