"""Trouble over one batch: put aside with a number, its pages refused, and nothing of it left half done."""

import errno
import re
import threading

import pytest

from ingest.context import Context, log_error, put_aside, put_aside_alone
from ingest.problems import CannotGoOn
from ingest.progress import Progress
from ingest.settings import Settings
from ingest.site import Site
from storage.custody import pages
from storage.foundation.home import Home
from storage.foundation.states import BatchState
from storage.foundation.tables.custody import Batch
from tests.given.records import receive


@pytest.fixture
def context(home: Home) -> Context:
    return Context(home, Settings(file_megabytes=7, file_pages=9), None, Site(), Progress(), threading.Event())  # type: ignore[arg-type]


def _batch(context: Context, batch_id: int) -> Batch:
    with context.home.reading() as session:
        return session.get_one(Batch, batch_id)


def test_a_bug_over_one_batch_puts_it_aside_with_a_number(context: Context, caplog: pytest.LogCaptureFixture) -> None:
    batch_id, then = receive(context.home, b"scan"), []
    with caplog.at_level("ERROR", "chartroom"), put_aside_alone(context, batch_id, lambda: then.append(1)):
        raise ZeroDivisionError
    batch = _batch(context, batch_id)
    assert (batch.state, batch.reason_code, then) == ("quarantined", "failed", [1])
    number = re.search(r"error ([0-9a-f]{8}) of the log", batch.reason or "")
    assert number is not None
    assert f"error {number[1]}: a step failed over batch {batch_id}" in caplog.text


@pytest.mark.parametrize("error", [OSError(errno.EIO, "disk"), CannotGoOn("the folder is away")])
def test_what_every_batch_would_meet_is_raised_and_puts_none_aside(context: Context, error: Exception) -> None:
    batch_id, then = receive(context.home, b"scan"), []
    with pytest.raises(type(error)), put_aside_alone(context, batch_id, lambda: then.append(1)):
        raise error
    assert (_batch(context, batch_id).state, then) == ("received", [])


def test_without_trouble_nothing_happens(context: Context) -> None:
    batch_id = receive(context.home, b"scan")
    with put_aside_alone(context, batch_id):
        pass
    assert (_batch(context, batch_id).state, _batch(context, batch_id).version) == ("received", 1)


def test_a_batch_that_is_put_aside_has_its_pages_refused_and_its_account_is_right(context: Context) -> None:
    batch_id = receive(context.home, b"scan")
    with context.home.writing() as session:
        pages.expect_pages(session, session.get_one(Batch, batch_id), [3])
    put_aside(context, batch_id, "damaged", "It is damaged.")
    with context.home.reading() as session:
        assert [page.disposition for page in pages.pages_of_batch(session, batch_id)] == ["refused"] * 3
    assert _batch(context, batch_id).reason == "It is damaged."


def test_limits_are_the_site_s(context: Context) -> None:
    assert (context.limits.file_bytes, context.limits.pages) == (7_000_000, 9)


def test_waiting_batches_come_oldest_first_and_back_files_last(context: Context) -> None:
    ids = [receive(context.home, content) for content in (b"1", b"2", b"3")]
    with context.home.writing() as session:
        session.get_one(Batch, ids[0]).back_file = True
    assert [batch.id for batch in context.waiting(BatchState.RECEIVED)] == [ids[1], ids[2], ids[0]]
    assert context.waiting(BatchState.READ) == []


def test_each_error_has_a_number_of_its_own() -> None:
    assert log_error(ValueError("x"), "this") != log_error(ValueError("x"), "this")
