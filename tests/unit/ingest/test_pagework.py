"""Work on a pool: each task twice, the second time more frugal; then a refusal or a failed page with its sentence."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from ingest.pagework import Failure, PageReader, Piece, Tasks
from ingest.worker import FileRefused
from ocr.errors import EngineMissing
from ocr.load import Limits, Opened
from ocr.page import OcrPage, PageOutcome
from ocr.read import PageOrder, PageRead
from ocr.signature import Kind

LIMITS = Limits(1_000_000, 10, 1_000_000)
FILE: Any = Path("scan.pdf")


class Pool:
    """A pool whose tasks end at once, as they are told to: with a value, or with an error that is raised."""

    workers = 2

    def __init__(self, *ends: object) -> None:
        self.ends = list(ends)
        self.asked: list[tuple[Callable[..., Any], tuple[Any, ...], float | None]] = []

    def submit(self, function: Callable[..., Any], *arguments: object, seconds: float | None = None) -> Future[Any]:
        self.asked.append((function, arguments, seconds))
        future: Future[Any] = Future()
        if self.ends:
            end = self.ends.pop(0)
            future.set_exception(end) if isinstance(end, Exception) else future.set_result(end)
        return future


def _reader(pool: Pool) -> PageReader:
    return PageReader(pool, LIMITS, 7.0, PageOrder())  # type: ignore[arg-type]


def _all(reader: PageReader) -> list[tuple[Piece, Any]]:
    found = []
    while len(reader):
        found += list(reader.finished(1))
    return found


def _opened() -> Opened:
    return Opened(Kind.PDF, 1)


PAGE = PageRead(OcrPage(3, PageOutcome.OK, 100, 100, 200), b"view", b"pdf")


def test_what_a_worker_gives_is_given_with_what_it_is_about() -> None:
    pool = Pool(_opened(), PAGE, ("a.pdf", b"inside"))
    reader = _reader(pool)
    reader.open(Piece(7), FILE)
    reader.read(Piece(7, 3), FILE, _opened())
    reader.take_out(Piece(7, attachment=0), FILE)
    assert dict(_all(reader)) == {
        Piece(7): _opened(), Piece(7, 3): PAGE, Piece(7, attachment=0): ("a.pdf", b"inside"),
    }  # fmt: skip
    assert {seconds for *_, seconds in pool.asked} == {7.0}


def test_a_page_is_tried_twice_and_the_second_time_asks_for_less() -> None:
    pool = Pool(MemoryError(), PAGE)
    reader = _reader(pool)
    reader.read(Piece(7, 3), FILE, _opened())
    assert _all(reader) == [(Piece(7, 3), PAGE)]
    assert [arguments[5] for _, arguments, _ in pool.asked] == [False, True]


@pytest.mark.parametrize(
    ("error", "outcome", "what"),
    [
        (TimeoutError(), PageOutcome.TIMEOUT, "took longer than the time limit"),
        (RuntimeError("the worker died"), PageOutcome.FAILED, "ended the program that reads it"),
    ],
)
def test_after_the_second_try_it_is_told_in_a_sentence(error: Exception, outcome: PageOutcome, what: str) -> None:
    pool = Pool(*[error] * 6)
    reader = _reader(pool)
    reader.open(Piece(7), FILE)
    assert _all(reader) == [
        (Piece(7), FileRefused(outcome.value, f"Opening this file {what}. Scan the paper again, or export it anew."))
    ]
    reader.read(Piece(7, 3), FILE, _opened())
    [(piece, read)] = _all(reader)
    assert piece == Piece(7, 3)
    assert (read.page.number, read.page.outcome) == (3, outcome)
    assert read.page.reason == f"Reading page 3 {what}."
    assert (read.view, read.pdf) == (PageRead(read.page).view, PageRead(read.page).pdf)
    reader.take_out(Piece(7, attachment=0), FILE)
    assert _all(reader) == [(Piece(7, attachment=0), FileRefused("failed", "It could not be taken out."))]
    assert len(pool.asked) == 6


def test_a_missing_engine_is_raised_and_not_tried_again() -> None:
    pool = Pool(EngineMissing("Tesseract is not installed."))
    reader = _reader(pool)
    reader.read(Piece(7, 1), FILE, _opened())
    with pytest.raises(EngineMissing):
        _all(reader)
    assert len(pool.asked) == 1


@pytest.mark.parametrize(("retries", "tries"), [(True, 2), (False, 1)])
def test_a_timeout_is_tried_again_only_where_that_helps(retries: bool, tries: int) -> None:
    pool = Pool(TimeoutError(), TimeoutError())
    tasks: Tasks[str] = Tasks(pool)  # type: ignore[arg-type]
    numbers: list[int] = []

    def submit(number: int) -> "Future[Any]":
        numbers.append(number)
        return pool.submit(print)

    tasks.start("one", submit)
    found: list[tuple[str, Any]] = []
    while len(tasks):
        found += list(tasks.finished(1, retry_timeouts=retries))
    [(key, failure)] = found
    assert key == "one"
    assert isinstance(failure, Failure)
    assert failure.is_timeout
    assert numbers == list(range(1, tries + 1))


def test_there_is_room_for_three_tasks_a_worker() -> None:
    reader = _reader(Pool())
    assert reader.room == 6
    for page in range(1, 6):
        reader.read(Piece(7, page), FILE, _opened())
    assert (reader.room, len(reader)) == (1, 5)


def test_what_is_dropped_is_cancelled_and_comes_back_never() -> None:
    pool = Pool()
    tasks: Tasks[int] = Tasks(pool)  # type: ignore[arg-type]
    futures: list[Future[Any]] = []
    tasks.start(1, lambda _: futures.append(pool.submit(print)) or futures[-1])
    tasks.drop()
    assert len(tasks) == 0
    assert futures[0].cancelled()


def test_the_log_names_numbers_only(caplog: pytest.LogCaptureFixture) -> None:
    reader = _reader(Pool(RuntimeError("Rivera, Ana"), PAGE))
    reader.read(Piece(7, 3), FILE, _opened())
    with caplog.at_level("WARNING", "chartroom"):
        _all(reader)
    assert "file 7 page 3, try 1" in caplog.text
    assert "Rivera" not in caplog.text
