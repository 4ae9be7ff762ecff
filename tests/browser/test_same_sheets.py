"""The same sheet again, as staff meet it in the browser: the list, both pages side by side, the decision."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from storage.custody import pages
from storage.documents import repeats
from storage.documents.repeats import Sighting
from storage.foundation.home import Home
from storage.foundation.tables.custody import Page as PageRow
from storage.foundation.tables.documents import Document
from tests.browser.conftest import PICTURES, add_people, choose, opened, review, sign_in, violations_at_every_size
from tests.given.commands import Chartroom
from tests.given.desk import note, put
from tests.given.records import add_person

pytestmark = pytest.mark.browser

TEXT = note("00123456", "Rivera, Ana", "03/14/1957", "Pulse 72 and weight 72 kg", "resting comfortably at night")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Home]]:
    base = tmp_path_factory.mktemp("repeats")
    chartroom = Chartroom(base / "data", base / "keys" / "data.key")
    chartroom("init")
    add_people(chartroom)
    with opened(chartroom) as home:
        add_person(home)
        _twice(home, TEXT, "ward.tif", "fax.tif")
        _twice(home, TEXT.replace("72", "88"), "ward-2.tif", "fax-2.tif")
        with review(chartroom) as port:
            yield port, home


def _twice(home: Home, text: str, first: str, again: str) -> None:
    """A page that came twice, the second time with the line of a fax."""
    [earlier] = put(home, [text], first)
    [new] = put(home, [text + "\nFAXED 10:42"], again)
    with home.writing() as session:
        [one], [other] = (pages.pages_of_document(session, found) for found in (new, earlier))
        assert repeats.note(session, [new], {one.id: (Sighting(one.id, other.id, 0.98),)}) == [new]
        assert session.exec(select(PageRow.id)).all()


def _open_first(page: Page, port: int) -> None:
    page.goto(f"http://127.0.0.1:{port}/exceptions")
    expect(page.get_by_role("heading", name="The same sheet again")).to_be_visible()
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.locator(".viewer .title")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_sheets_stand_side_by_side_with_what_differs(browser: Browser, app: tuple[int, Home], scheme: str) -> None:
    page = sign_in(browser, app[0], "sam", scheme, bypass_csp=True)
    _open_first(page, app[0])
    expect(page.locator(".viewer .title").nth(0)).to_have_text("New: document 2, page 1 of 1")
    expect(page.locator(".viewer .title").nth(1)).to_have_text("Earlier: document 1, page 1 of 1")
    for number in (0, 1):
        expect(page.locator(".viewer img").nth(number)).to_have_js_property("complete", True)
    expect(page.locator(".viewer").nth(0).locator(".hit")).to_have_count(2)
    expect(page.locator(".viewer").nth(1).locator(".hit")).to_have_count(0)
    expect(page.get_by_role("cell", name="FAXED")).to_be_visible()
    expect(page.get_by_role("cell", name="only on the new one").first).to_be_visible()
    if PICTURES:
        (Path(PICTURES) / f"repeats-{scheme}.jpg").write_bytes(page.screenshot(type="jpeg", quality=80, full_page=True))
    assert violations_at_every_size(page) == []


def test_a_technician_keeps_both_and_voids_nothing(browser: Browser, app: tuple[int, Home]) -> None:
    port, home = app
    page = sign_in(browser, port, "tess")
    page.goto(f"http://127.0.0.1:{port}/exceptions")
    page.get_by_role("button", name="2", exact=True).click()
    expect(page.locator(".viewer .title")).to_have_count(2)
    expect(page.get_by_label("Reason (to void)")).to_have_count(0)
    choose(page, "Decision", "Keep both")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Both are kept.")).to_be_visible()
    with home.reading() as session:
        assert session.get_one(Document, 4).flags == []


def test_a_supervisor_voids_a_copy_and_brings_it_back(browser: Browser, app: tuple[int, Home]) -> None:
    port, home = app
    page = sign_in(browser, port, "sam")
    _open_first(page, port)
    choose(page, "Decision", "Void the new one")
    page.get_by_label("Reason (to void)").fill("faxed again by the clinic")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("The new document is voided.")).to_be_visible()
    with home.reading() as session:
        assert session.get_one(Document, 2).state == "voided"
    page.get_by_text("Show those decided").click()
    expect(page.get_by_role("cell", name="the new one was voided by sam")).to_be_visible()
    page.get_by_role("button", name="1", exact=True).click()
    choose(page, "Decision", "Bring the voided one back")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Document 2 is on the work list again.")).to_be_visible()
