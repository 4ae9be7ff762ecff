"""`chartroom read`: order kept, bad files told, slow pages tried once more and then named."""

import json
import time
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from ingest.cli import read as command
from ingest.cli.read import ReadOptions, read_all, read_books
from ingest.progress import Progress
from ingest.worker import FileRefused, PlainFile, open_source
from ocr.load import DEFAULT_LIMITS, Opened
from ocr.page import OcrPage, PageOutcome, Second
from ocr.read import PageOrder, PageRead
from ocr.signature import Kind


class _Pool:
    """Answers at once, with what each task was told to answer."""

    workers = 2

    def __init__(self, answers: dict[tuple[str, int], list[Any]]) -> None:
        self.answers, self.asked = answers, list[tuple[str, int, bool]]()
        self.orders: list[PageOrder] = []

    def submit(self, task: Any, file: PlainFile, *rest: Any, seconds: float) -> "Future[Any]":
        page = 0 if task is open_source else int(rest[1])
        self.asked.append((file.path.name, page, page > 0 and rest[4]))
        self.orders += [rest[3]] if page else []
        answer = self.answers[file.path.name, page].pop(0)
        future: Future[Any] = Future()
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
        return future


def _page(number: int) -> PageRead:
    return PageRead(OcrPage(number, PageOutcome.OK))


def _read(answers: dict[tuple[str, int], list[Any]], names: list[str]) -> tuple[list[Any], _Pool]:
    pool = _Pool(answers)
    books = []
    files = [Path(name) for name in names]
    for book in read_books(files, pool, ReadOptions(), DEFAULT_LIMITS, 5.0, Progress()):  # type: ignore[arg-type]
        books.append((book.file.name, book.refused, [read.page for read in book.in_order]))
    return books, pool


def test_files_come_out_in_their_order_with_all_pages() -> None:
    answers: dict[tuple[str, int], list[Any]] = {
        ("a.tif", 0): [Opened(Kind.TIFF, 3)],
        ("a.tif", 1): [_page(1)],
        ("a.tif", 2): [_page(2)],
        ("a.tif", 3): [_page(3)],
        ("b.png", 0): [Opened(Kind.PNG, 1)],
        ("b.png", 1): [_page(1)],
        ("c.doc", 0): [FileRefused("unsupported", "Print it.")],
    }
    books, _ = _read(answers, ["a.tif", "b.png", "c.doc"])
    assert [name for name, _, _ in books] == ["a.tif", "b.png", "c.doc"]
    assert [[page.number for page in pages] for _, _, pages in books] == [[1, 2, 3], [1], []]
    assert books[2][1].code == "unsupported"


def test_a_page_that_takes_too_long_is_tried_frugally_and_then_named() -> None:
    answers: dict[tuple[str, int], list[Any]] = {
        ("a.tif", 0): [Opened(Kind.TIFF, 2)],
        ("a.tif", 1): [_page(1)],
        ("a.tif", 2): [TimeoutError(), TimeoutError()],
    }
    books, pool = _read(answers, ["a.tif"])
    slow = books[0][2][1]
    assert slow.outcome is PageOutcome.TIMEOUT
    assert "time limit" in slow.reason
    assert [frugal for name, page, frugal in pool.asked if page == 2] == [False, True]


def test_a_first_page_that_ends_its_worker_does_not_lose_the_file() -> None:
    answers: dict[tuple[str, int], list[Any]] = {
        ("a.tif", 0): [RuntimeError("gone"), Opened(Kind.TIFF, 2)],
        ("a.tif", 1): [RuntimeError("gone"), RuntimeError("gone")],
        ("a.tif", 2): [_page(2)],
    }
    books, _ = _read(answers, ["a.tif"])
    assert [page.outcome for page in books[0][2]] == [PageOutcome.FAILED, PageOutcome.OK]


def test_a_file_that_cannot_even_be_opened_in_time_is_refused() -> None:
    books, _ = _read({("a.pdf", 0): [TimeoutError(), TimeoutError()]}, ["a.pdf"])
    assert books[0][1].code == "timeout"


@pytest.mark.parametrize(
    ("setting", "option", "second"),
    [
        (None, None, Second.AUTO),
        ("off", None, Second.OFF),
        ("off", Second.ALWAYS, Second.ALWAYS),
        ("always", Second.AUTO, Second.AUTO),
    ],
)
def test_the_second_recogniser_is_used_as_the_option_says_or_else_the_setting(
    monkeypatch: pytest.MonkeyPatch, setting: str | None, option: Second | None, second: Second
) -> None:
    if setting:
        monkeypatch.setenv("CHARTROOM_SECOND_RECOGNISER", setting)
    pool = _Pool({("a.png", 0): [Opened(Kind.PNG, 1)], ("a.png", 1): [_page(1)]})
    monkeypatch.setattr(command, "work_pool", lambda *_: nullcontext(pool))
    assert read_all([Path("a.png")], ReadOptions(second=option), lambda _: None) == 0
    assert [order.second for order in pool.orders] == [second]


@pytest.mark.parametrize(
    ("setting", "option", "engine"),
    [("", "", ""), ("tesseract", "", "tesseract"), ("tesseract", "tesserocr", "tesserocr")],
)
def test_the_engine_is_the_one_of_the_option_or_else_of_the_setting(
    monkeypatch: pytest.MonkeyPatch, setting: str, option: str, engine: str
) -> None:
    monkeypatch.setenv("CHARTROOM_ENGINE", setting)
    pool = _Pool({("a.png", 0): [Opened(Kind.PNG, 1)], ("a.png", 1): [_page(1)]})
    monkeypatch.setattr(command, "work_pool", lambda *_: nullcontext(pool))
    assert read_all([Path("a.png")], ReadOptions(engine=option), lambda _: None) == 0
    assert [order.engine for order in pool.orders] == [engine]


def test_a_hung_task_is_killed_and_the_pool_goes_on() -> None:
    from ingest.worker import work_pool

    with work_pool(1, 2048) as pool:
        with pytest.raises(TimeoutError):
            pool.submit(time.sleep, 60, seconds=0.5).result()
        assert pool.submit(json.dumps, [1], seconds=30).result() == "[1]"
