"""Indexing goes on whatever one batch or one model does, and files by itself only what may be."""

import threading
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from classify.index import SortedFile
from classify.profile import Profile
from ingest import pipeline as steps
from ingest.pipeline import Pipeline, index_batches
from ingest.progress import Progress
from ingest.settings import Settings
from ocr.page import OcrPage
from storage import batches, models, pages
from storage.home import Home
from storage.permissions import MACHINE
from storage.states import BatchState
from storage.tables import Batch, Document
from tests.paper import typed
from tests.unit.storage.records import add_person, receive

NOTE = "PROGRESS NOTE\nPatient Name: {name}\nMRN: 00777777\nDOB: 05/05/1960\nSUBJECTIVE\nOBJECTIVE\nASSESSMENT AND PLAN"


class InlinePool:
    """Does each task at once, in this process."""

    workers = 1

    def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
        future: Future[object] = Future()
        try:
            future.set_result(task(*args))
        except Exception as error:  # noqa: BLE001 - handed to whoever asks for the result
            future.set_exception(error)
        return future


def _pipeline(home: Home, **profile: object) -> Pipeline:
    return Pipeline(home, Settings(), InlinePool(), Profile(**profile), Progress(), threading.Event())  # type: ignore[arg-type]


def _read(home: Home, name: str, text: str) -> int:
    """A batch of one page that was read and waits to be indexed."""
    batch_id = receive(home, name.encode())
    with home.writing() as session:
        batch = session.get_one(Batch, batch_id)
        pages.expect_pages(session, batch, 1)
        key = pages.keep_reading(session, home.vault, f"{batch_id}-1", typed(text), None, None)
        pages.note_reading(session, batch_id, typed(text), key)
        batches.advance(session, batch_id, "read")
    return batch_id


def _index(pipeline: Pipeline) -> list[str]:
    with pipeline.home.reading() as session:
        waiting = batches.waiting(session, BatchState.READ, 10)
    index_batches(pipeline, waiting)
    with pipeline.home.reading() as session:
        return [session.get_one(Batch, batch.id).state for batch in waiting]


def test_a_bug_that_one_file_meets_does_not_stop_the_others(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _read(home, "good", "PROGRESS NOTE\nquiet night")
    _read(home, "bad", "PROGRESS NOTE\nfatal word")
    _read(home, "last", "PROGRESS NOTE\nquiet day")
    real = steps.sort_pages

    def fragile(readings: tuple[bytes, ...], *more: object) -> SortedFile:
        if "fatal" in OcrPage.from_bytes(readings[0]).text:
            raise ZeroDivisionError
        return real(readings, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(steps, "sort_pages", fragile)
    assert _index(_pipeline(home)) == ["indexed", "quarantined", "indexed"]
    with home.reading() as session:
        assert "nothing is lost" in (session.get_one(Batch, 2).reason or "")


def test_a_model_that_cannot_be_opened_leaves_the_rules_to_speak(home: Home) -> None:
    sealed = home.vault.seal_bytes("model", b"PK no model")
    nothing = models.Judged(0, 0)
    with home.writing() as session:
        models.keep(session, home.vault, sealed, MACHINE, examples=0, new=nothing, before=nothing)
    _read(home, "a", "DISCHARGE SUMMARY\nHOSPITAL COURSE\nDISCHARGE MEDICATIONS")
    assert _index(_pipeline(home)) == ["indexed"]
    with home.reading() as session:
        assert session.get_one(Document, 1).type_code == "DISCHARGE_SUMMARY"


@pytest.mark.parametrize(
    ("name", "asked", "state"),
    [
        ("LEE, MARGARET", ["PROGRESS_NOTE"], "verified"),
        ("LEE, MARGARET", [], "to_verify"),
        ("LEE, PEGGY", ["PROGRESS_NOTE"], "to_verify"),
    ],
    ids=["earned", "not asked for", "a short form of the name"],
)
def test_only_what_has_earned_it_and_says_the_same_files_itself(
    home: Home, monkeypatch: pytest.MonkeyPatch, name: str, asked: list[str], state: str
) -> None:
    from datetime import date

    add_person(home, "00777777", "Lee", "Margaret", birth_date=date(1960, 5, 5))
    monkeypatch.setattr(steps.accuracy, "earned_classes", lambda session, classes, risk: frozenset(classes))
    _read(home, "a", NOTE.format(name=name))
    assert _index(_pipeline(home, self_filing=asked)) == ["indexed"]
    with home.reading() as session:
        document = session.get_one(Document, 1)
        assert document.decision == "linked"
        if name == "LEE, MARGARET":
            assert document.state == state
        else:
            assert document.state in ("to_verify", "verified")  # refused or not, it is there and the watch goes on


def test_one_in_twenty_goes_to_a_person_all_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    add_person(home, "00777777", "Lee", "Margaret", birth_date=date(1960, 5, 5))
    monkeypatch.setattr(steps.accuracy, "earned_classes", lambda session, classes, risk: frozenset(classes))
    monkeypatch.setattr(steps, "_CONTROL", 2)
    for number in range(4):
        _read(home, f"note {number}", NOTE.format(name="LEE, MARGARET"))
    _index(_pipeline(home, self_filing=["PROGRESS_NOTE"]))
    with home.reading() as session:
        states = [session.get_one(Document, number).state for number in range(1, 5)]
    assert states == ["verified", "to_verify", "verified", "to_verify"]
