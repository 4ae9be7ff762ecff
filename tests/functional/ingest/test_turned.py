"""A page that a technician turns is read again in its new direction, and nothing is lost when that is interrupted."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date

import pytest
from sqlmodel import select

from ingest.pipeline import Pipeline
from ingest.progress import Progress
from ingest.settings import Settings
from ingest.site import Site
from ingest.turned import read_turned
from ingest.worker import read_one_turned
from ocr.page import OcrPage, PageOutcome
from ocr.read import PageRead
from storage.custody import integrity, pages
from storage.desk import approving, rearranging
from storage.desk.rearranging import Changed, PageEdit
from storage.documents import fields, filing, identity, leases
from storage.documents.fields import Correction
from storage.documents.search import find_pages
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document
from tests.given.desk import note, put_upside_down, understand
from tests.given.pools import InlinePool
from tests.given.records import TESS, add_person

ANA = note("00123456", "Rivera, Ana", "03/14/1957", "resting in bed")
LAB = "LABORATORY REPORT\nPatient Name: Rivera, Ana\nAccession: 99-1234\nPotassium 4.1 mmol/L\nhaemolysed sample"


@pytest.fixture
def held(home: Home) -> tuple[Home, int]:
    """A note of two pages on Tess's desk; the second lies on its head, and no word of it was read."""
    add_person(home, birth_date=date(1957, 3, 14))
    made = put_upside_down(home, [ANA, LAB], 2, "turned")
    with home.writing() as session:
        leases.claim(session, made[0], TESS)
    return home, made[0]


def _turn(home: Home, document_id: int, degrees: int = 180, page: int = 2) -> Changed:
    with home.writing() as session:
        document = session.get_one(Document, document_id)
        ids = tuple(p.id for p in pages.pages_of_document(session, document_id) if p.number == page)
        change = PageEdit("turn", ids, degrees)
        return rearranging.rearrange(session, document_id, change, TESS, understand, version=document.version)


def _undo(home: Home, document_id: int) -> Changed:
    with home.writing() as session:
        return rearranging.undo(session, document_id, TESS, understand)


def _read(home: Home, pool: InlinePool | None = None) -> bool:
    return read_turned(home, Settings(), pool or InlinePool(), understand)  # type: ignore[arg-type]


def _page(home: Home, number: int = 2) -> Page:
    with home.reading() as session:
        return session.exec(select(Page).where(Page.number == number)).one()


def _words(home: Home, number: int = 2) -> str:
    with home.reading() as session:
        reading = pages.reading_of(session, session.exec(select(Page).where(Page.number == number)).one())
        return " ".join(word.text for word in reading.words) if reading else ""


def _values(home: Home, document_id: int) -> dict[str, str]:
    with home.reading() as session:
        return {row.name: row.value for row in fields.current_fields(session, document_id)}


def test_a_page_that_is_turned_becomes_readable_found_by_its_words_and_its_fields_are_offered(
    held: tuple[Home, int],
) -> None:
    home, document_id = held
    assert _words(home) == ""
    _turn(home, document_id)
    assert pages.waits_to_be_read(_page(home))
    assert _read(home)
    page = _page(home)
    assert (page.outcome, page.turn, page.read_turn, pages.shown_turn(page)) == ("ok", 180, 180, 0)
    assert "Potassium" in _words(home)
    assert not pages.waits_to_be_read(page)
    with home.writing() as session:
        document = session.get_one(Document, document_id)
        assert any(row.page == 2 for row in fields.current_fields(session, document_id)), "what page 2 says is offered"
        identity.choose_patient(session, document_id, 1, TESS, version=document.version, retyped="00123456")
        approving.approve(
            session, document_id, TESS, version=document.version, override_mismatch=True, reason="pages compared"
        )
        assert [hit.page for hit in find_pages(session, "haemolysed", TESS)] == [2]
        filing.file_document(session, home.vault, document_id)
        assert integrity.verify(session, home.vault).problems == ()


def test_undo_of_a_turn_restores_the_reading_at_once_and_turning_again_needs_no_engine(held: tuple[Home, int]) -> None:
    home, document_id = held
    before = (_page(home).reading_id, _page(home).outcome)
    _turn(home, document_id)
    _read(home)
    _undo(home, document_id)
    page = _page(home)
    assert ((page.reading_id, page.outcome), page.turn, page.read_turn) == (before, 0, 0)
    assert _words(home) == ""
    assert not pages.waits_to_be_read(page)
    _turn(home, document_id, 90)
    _turn(home, document_id, 90)
    assert "Potassium" in _words(home)
    assert not pages.waits_to_be_read(_page(home)), "it was read that way before"


def test_a_turn_that_nobody_has_read_yet_is_undone_without_a_trace(held: tuple[Home, int]) -> None:
    home, document_id = held
    _turn(home, document_id)
    _undo(home, document_id)
    assert not _read(home)
    assert (_page(home).turn, _page(home).outcome) == (0, "unreadable")


def test_a_page_turned_before_a_kill_is_read_by_whoever_works_the_pipeline_next(held: tuple[Home, int]) -> None:
    home, document_id = held
    _turn(home, document_id)

    class Killed(InlinePool):
        def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _read(home, Killed())
    assert pages.waits_to_be_read(_page(home))
    pipeline = Pipeline(home, Settings(), InlinePool(), Site(), Progress(), threading.Event())  # type: ignore[arg-type]
    assert pipeline.work()
    assert "Potassium" in _words(home)


def test_no_transaction_is_open_while_a_page_is_read(held: tuple[Home, int]) -> None:
    home, document_id = held
    _turn(home, document_id)

    class Writes(InlinePool):
        def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
            with home.writing() as session:  # would wait for itself
                leases.claim(session, document_id, TESS)
            return super().submit(task, *args, seconds=seconds)

    assert _read(home, Writes())
    assert "Potassium" in _words(home)


class Fake(InlinePool):
    """Says of every page what the test wants, and may do something meanwhile."""

    def __init__(self, page: OcrPage, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.page, self.meanwhile = page, meanwhile

    def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
        assert task is read_one_turned
        self.meanwhile()
        self.meanwhile = lambda: None
        future: Future[object] = Future()
        future.set_result(PageRead(self.page, b"a picture"))
        return future


def test_a_page_turned_the_wrong_way_keeps_what_was_read_of_it(held: tuple[Home, int]) -> None:
    home, document_id = held
    _turn(home, document_id, 90, page=1)
    assert _read(home, Fake(OcrPage(1, PageOutcome.UNREADABLE, 2200, 1700, 200)))
    page = _page(home, 1)
    assert (page.outcome, page.read_turn, page.unread_turn, pages.shown_turn(page)) == ("ok", 0, 90, 90)
    assert "resting" in _words(home, 1)
    assert not _read(home), "it is not tried again"
    _turn(home, document_id, 270, page=1)
    assert pages.shown_turn(_page(home, 1)) == 0


def test_what_was_read_is_not_taken_for_a_page_that_was_turned_on_meanwhile(held: tuple[Home, int]) -> None:
    home, document_id = held
    _turn(home, document_id, 90)
    wrong = OcrPage(2, PageOutcome.UNREADABLE, 2200, 1700, 200)
    fake = Fake(wrong, meanwhile=lambda: _turn(home, document_id, 90))
    with home.reading() as session:
        first = pages.turned_unread(session, 5)
    assert [row.turn for row in first] == [90]

    class Then(InlinePool):
        calls = 0

        def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
            self.calls += 1
            if self.calls == 1:
                return fake.submit(task, *args, seconds=seconds)
            return super().submit(task, *args, seconds=seconds)

    assert _read(home, Then())
    assert (_page(home).turn, _page(home).read_turn) == (180, 180)
    assert "Potassium" in _words(home)


def test_a_page_whose_worker_fails_stays_as_it_was_read_and_the_document_can_be_approved(
    held: tuple[Home, int],
) -> None:
    home, document_id = held
    _turn(home, document_id)

    class Fails(InlinePool):
        def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
            future: Future[object] = Future()
            future.set_exception(RuntimeError("the worker died"))
            return future

    _read(home, Fails())
    assert (_page(home).unread_turn, _page(home).outcome) == (180, "unreadable")
    with home.reading() as session:
        assert not pages.turned_unread(session, 1)


def test_a_document_is_not_approved_while_a_page_of_it_is_being_read(held: tuple[Home, int]) -> None:
    home, document_id = held
    _turn(home, document_id)
    with home.writing() as session, pytest.raises(StateRefused, match="Page 2 is still being read"):
        approving.approve(session, document_id, TESS, version=session.get_one(Document, document_id).version)
    _read(home)
    with home.writing() as session:
        approving.approve(session, document_id, TESS, version=session.get_one(Document, document_id).version)


def test_what_a_person_typed_stays_and_its_place_turns_with_the_page(held: tuple[Home, int]) -> None:
    home, document_id = held
    _turn(home, document_id)
    _read(home)
    with home.writing() as session:
        version = session.get_one(Document, document_id).version
        read = next(row for row in fields.current_fields(session, document_id) if row.page == 2 and row.box)
        name, box = read.name, list(read.box)
        fields.save_corrections(session, document_id, [Correction(name, "typed")], TESS, version=version)
    _undo(home, document_id)
    with home.reading() as session:
        row = next(row for row in fields.current_fields(session, document_id) if row.name == name)
        assert row.value == "typed"
        left, top, right, bottom = row.box
        assert [1700 - right, 2200 - bottom, 1700 - left, 2200 - top] == pytest.approx(box, abs=40)


def test_the_log_tells_that_a_page_was_read_again(held: tuple[Home, int]) -> None:
    home, document_id = held
    _turn(home, document_id)
    _read(home)
    with home.reading() as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "read_again")).one()
    assert (event.actor, event.subject) == ("machine", f"document:{document_id}")
