"""What is beside a picture, and sides taken for blank, as a technician meets them in the browser."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from classify.index import index_file
from classify.profile import Profile
from ocr.page import Box, Note, NoteKind
from storage.custody import batches, pages
from storage.documents import indexing
from storage.foundation.home import Home
from storage.foundation.tables.custody import Batch
from storage.foundation.tables.documents import Document
from storage.roster.lookup import StoredRoster
from tests.browser.conftest import PICTURES, add_people, opened, review, sign_in, start_work
from tests.given.commands import Chartroom
from tests.given.desk import note, put, read_page
from tests.given.records import add_person, receive

pytestmark = pytest.mark.browser

PERSON = note("00123456", "Rivera, Ana", "03/14/1957")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Home]]:
    base = tmp_path_factory.mktemp("custody")
    chartroom = Chartroom(base / "data", base / "keys" / "data.key")
    chartroom("init")
    add_people(chartroom)
    with opened(chartroom) as home:
        add_person(home)
        _with_notes(home)
        put(home, [PERSON, "", ""], "letter.tif")
        put(home, [""] * 9, "empty stack.tif")
        with review(chartroom) as port:
            yield port, home


def _with_notes(home: Home) -> None:
    batch_id = receive(home, b"noted", name=b"noted.pdf")
    read = replace(
        read_page(PERSON, 1),
        notes=(
            Note(NoteKind.NOTE, "ALLERGIC TO SULFA.\nDr Raman informed", Box(900, 100, 940, 140), "nurse kelly"),
            Note(NoteKind.STAMP, "ENTERED IN ERROR", Box(100, 900, 500, 1000)),
        ),
    )
    with home.writing() as session:
        batch = session.get_one(Batch, batch_id)
        pages.expect_pages(session, batch, [1])
        key = pages.keep_reading(session, home.vault, "noted", read, None, None)
        pages.note_reading(session, batch_id, read, key)
        batches.advance(session, batch_id, "read")
        indexing.enter_guess(session, batch, index_file([read], StoredRoster(session), Profile()))
        batches.advance(session, batch_id, "index")


def test_notes_in_the_file_stand_under_their_page_at_the_desk(browser: Browser, app: tuple[int, Home]) -> None:
    page = sign_in(browser, app[0])
    start_work(page)
    station = page.locator('.station[data-document="1"]')
    expect(station).to_be_visible()
    notes = station.locator(".notes li")
    expect(notes).to_have_count(2)
    expect(notes.first).to_contain_text("(nurse kelly): ALLERGIC TO SULFA")
    expect(station.locator(".banner")).to_contain_text("page 1 has notes beside its picture")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_blank_sides_are_looked_at_and_marked_by_keyboard(browser: Browser, app: tuple[int, Home], scheme: str) -> None:
    page = sign_in(browser, app[0], "uma", scheme)
    page.goto(f"http://127.0.0.1:{app[0]}/blanks")
    sides = page.locator(".side")
    expect(sides.first).to_be_focused()
    expect(sides.first).to_contain_text("no ink")
    count = sides.count()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(sides.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".confirm")).to_contain_text(f"Confirm {count - 1} blank, make documents of 1")
    page.keyboard.press("+")
    expect(page.locator(".closer img")).to_be_visible()
    page.keyboard.press("Escape")
    if PICTURES:
        page.screenshot(type="jpeg", quality=70, path=Path(PICTURES) / f"blanks-{scheme}.jpg")
    page.keyboard.press("Space")
    expect(page.locator(".confirm")).to_contain_text(f"Confirm {count} blank (")
    page.context.close()


def test_one_glance_confirms_the_sheet_and_makes_a_document_of_what_is_marked(
    browser: Browser, app: tuple[int, Home]
) -> None:
    page = sign_in(browser, app[0], "uma")
    page.goto(f"http://127.0.0.1:{app[0]}/blanks")
    sides = page.locator(".side")
    expect(sides.first).to_be_focused()
    assert sides.count() == 11
    sides.nth(1).click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said")).to_contain_text("10 sides confirmed as blank")
    expect(sides).to_have_count(0)
    with app[1].reading() as session:
        made = session.get_one(Document, 3)
        assert [row.number for row in pages.pages_of_document(session, 3)] == [3]
        assert made.state == "to_verify"
        assert session.get_one(Batch, made.batch_id).state == "indexed"
    page.context.close()
