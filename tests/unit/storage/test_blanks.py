"""Blank sides wait for a glance; one that is not blank becomes a document; a document has pages."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from storage.custody import batches, integrity, pages
from storage.desk import blanks
from storage.documents import leases, moves, search
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.states import BatchState
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Batch, Page
from storage.foundation.tables.documents import Document
from tests.given.desk import note, put, understand
from tests.given.records import OLGA, SAM, TESS, UMA, add_person, read_and_index, receive

PERSON = note("00123456", "Rivera, Ana", "03/14/1957")


def _blank_ids(home: Home) -> list[int]:
    with home.reading() as session:
        return [row.id for row in session.exec(select(Page).where(Page.disposition == "blank"))]


def test_every_side_taken_for_blank_stands_on_the_contact_sheet_once(home: Home) -> None:
    put(home, [PERSON, ""], "letter.tif")
    put(home, ["", "", ""], "empty.tif")
    with home.writing() as session:
        sheet = blanks.contact_sheet(session, TESS)
        assert [(side.file, side.number, side.is_whole_file) for side in sheet] == [
            ("letter.tif", 2, False), ("empty.tif", 1, True), ("empty.tif", 2, True), ("empty.tif", 3, True),
        ]  # fmt: skip
        assert blanks.confirm_blank(session, [side.page_id for side in sheet[:2]], TESS) == 2
        assert blanks.confirm_blank(session, [side.page_id for side in sheet[:2]], UMA) == 0, "it was confirmed already"
        assert blanks.count_unseen(session) == 2
        assert session.get_one(Page, sheet[0].page_id).seen_by == "tess"
        assert blanks.blank_view(session, home.vault, sheet[0].page_id, TESS)
    with home.reading() as session:
        seen = session.exec(select(AuditEvent.action).where(AuditEvent.subject == "pages")).all()
    assert seen == ["view_blank_sides", "confirm_blank"]


def test_a_file_of_blank_sides_is_not_closed_before_somebody_saw_it(home: Home) -> None:
    put(home, ["", ""], "empty.tif")
    with home.writing() as session:
        assert batches.close_finished(session) == 0
        blanks.confirm_blank(session, _ids(session), TESS)
    with home.reading() as session:
        assert [batch.state for batch in session.exec(select(Batch))] == [BatchState.CLOSED]


def _ids(session: object) -> list[int]:
    return [row.id for row in session.exec(select(Page).where(Page.disposition == "blank"))]  # type: ignore[attr-defined]


def test_a_side_with_something_on_it_becomes_a_document_to_verify(home: Home) -> None:
    add_person(home)
    (first,) = put(home, [PERSON, ""], "letter.tif")
    (side,) = _blank_ids(home)
    with home.writing() as session:
        made = blanks.keep_as_page(session, side, TESS, understand)
        assert made != first
        assert [page.number for page in pages.pages_of_document(session, made)] == [2]
        document = session.get_one(Document, made)
        assert (document.state, document.outcome) == ("to_verify", "unreadable")
        assert document.flags == ["page_2_unreadable"]
        assert pages.ledger(session).balances
        with pytest.raises(StateRefused, match="not among the blank"):
            blanks.keep_as_page(session, side, TESS, understand)
        assert blanks.blank_view(session, home.vault, side, TESS) is None, "its image goes with its document now"
        assert integrity.verify(session, home.vault).problems == ()


@pytest.mark.parametrize("step", ["sheet", "confirm", "keep", "view"])
def test_the_scanning_room_does_not_decide_what_is_blank(home: Home, step: str) -> None:
    put(home, [PERSON, ""], "letter.tif")
    (side,) = _blank_ids(home)
    steps: dict[str, Any] = {
        "sheet": lambda session: blanks.contact_sheet(session, OLGA),
        "confirm": lambda session: blanks.confirm_blank(session, [side], OLGA),
        "keep": lambda session: blanks.keep_as_page(session, side, OLGA, understand),
        "view": lambda session: blanks.blank_view(session, home.vault, side, OLGA),
    }
    with home.writing() as session, pytest.raises(NotAllowed):
        steps[step](session)


@pytest.mark.parametrize("event", ["pend", "close"])
def test_a_document_without_a_page_is_impossible(home: Home, event: str) -> None:
    (document,) = read_and_index(home, receive(home, b"one"), ["PROGRESS NOTE"], add_person(home))
    with home.writing() as session:
        leases.claim(session, document, TESS)
    with home.writing() as session, pytest.raises(IntegrityError, match="at least one page"):
        for page in pages.pages_of_document(session, document):
            page.document_id, page.disposition, page.seen_by = None, "blank", "tess"
            session.add(page)
        session.flush()
        if event == "close":
            batches.advance(session, session.get_one(Document, document).batch_id, "close")
        else:
            moves.move(session, document, event, TESS, reason="a test")


def test_search_looks_for_what_a_person_may_open_before_it_counts(home: Home) -> None:
    """Sixty protected documents that rank first hide nothing of the two that a technician may see."""
    person = add_person(home)
    for number in range(62):
        words = "wyvernal " * (1 if number >= 60 else 30)
        (made,) = read_and_index(home, receive(home, f"file {number}".encode()), [f"PROGRESS NOTE {words}"], person)
        with home.writing() as session:
            leases.claim(session, made, TESS)
            row = session.get_one(Document, made)
            if number < 60:
                row.labels = [{"code": "HIV", "reason": "a word", "page": 1}]
            session.add(row)
            moves.move(session, made, "approve", TESS, override_mismatch=True, reason="a test")
            search.index_document(session, made)
    with home.writing() as session:
        assert len(search.find_pages(session, "wyvernal", UMA, limit=50)) == 2
        assert len(search.find_pages(session, "", UMA, limit=50, only=search.Filter(person_ids=(person,)))) == 2
        assert len(search.find_pages(session, "wyvernal", SAM, limit=50)) == 50
