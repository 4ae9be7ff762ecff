"""The second recogniser hangs, ends its worker, cannot be started or is not there: the page is read all the same."""

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest
from sqlmodel import select

from ingest import pagework, worker
from ingest import reading as reading_step
from ingest.pipeline import Pipeline
from ingest.progress import Progress
from ingest.settings import Settings
from ingest.site import Site
from ingest.worker import work_pool
from ocr import rapid
from ocr.page import OcrPage, PageOutcome, Second
from ocr.rapid import NAME
from ocr.read import PageRead, fingerprint
from storage.custody import integrity
from storage.foundation.home import Home
from storage.foundation.states import BatchState
from storage.foundation.tables.custody import Batch, Reading
from tests.given.paper import LINES, printed, saved
from tests.given.records import receive

PAGE = saved([printed(LINES, size=(850, 1100), scale=0.8)], "PNG")
SECONDS = 10
"""Time limit of a page: many times what this one takes, and what the hanging one is waited for."""


def _hang(*_: object) -> None:
    while True:
        time.sleep(1)


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fail(*_: object) -> None:
    raise rapid.Failed("The second recogniser failed (as the test wants it).")


def _read_with(find_lines: Callable[..., None], *task: object) -> PageRead:
    """What a worker does, with a second recogniser to which this happens."""
    rapid.find_lines = find_lines  # type: ignore[assignment]
    return worker.read_one(*task)  # type: ignore[arg-type]


def read_and_hang(*task: object) -> PageRead:
    return _read_with(_hang, *task)


def read_and_die(*task: object) -> PageRead:
    return _read_with(_die, *task)


def read_and_fail(*task: object) -> PageRead:
    return _read_with(_fail, *task)


def read_without(*task: object) -> PageRead:
    rapid.is_usable = lambda: False  # type: ignore[assignment]
    return worker.read_one(*task)  # type: ignore[arg-type]


@pytest.mark.parametrize("read_one", [read_and_hang, read_and_die, read_and_fail, read_without])
def test_the_page_is_read_by_the_first_and_nothing_is_lost(
    home: Home, monkeypatch: pytest.MonkeyPatch, read_one: Callable[..., PageRead]
) -> None:
    monkeypatch.setattr(pagework, "read_one", read_one)
    batch_id = receive(home, PAGE)
    settings = Settings(second_recogniser=Second.ALWAYS, page_seconds=SECONDS)
    with work_pool(1, 4096) as pool:
        pipeline = Pipeline(home, settings, pool, Site(), Progress(), threading.Event())
        reading_step.read_batches(pipeline, pipeline.waiting(BatchState.RECEIVED))
    with home.reading() as session:
        assert session.get_one(Batch, batch_id).state == BatchState.READ
        assert not integrity.verify(session, home.vault).problems
        page = OcrPage.from_bytes(session.exec(select(Reading.data)).one())
    assert page.outcome is PageOutcome.OK
    assert "Rivera," in page.text.split()
    assert NAME not in page.engine
    assert not any(word.agreement for word in page.words)


@pytest.mark.parametrize("asked", [Second.AUTO, Second.ALWAYS])
def test_a_reading_without_it_is_kept_as_one(monkeypatch: pytest.MonkeyPatch, asked: Second) -> None:
    """So that the same content is read anew once it is installed."""
    assert fingerprint("tesserocr", asked).endswith(f"-{asked}")
    monkeypatch.setattr(rapid, "is_installed", lambda: False)
    assert fingerprint("tesserocr", asked) == fingerprint("tesserocr", Second.OFF)
