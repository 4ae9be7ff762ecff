"""Group verification, second looks and the plain form, in a real Chromium."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import col, select

from ingest import filing
from storage.documents import fields, leases, moves
from storage.foundation.home import Home
from storage.foundation.tables.documents import Document, FieldRow
from storage.foundation.tables.quality import QualityItem
from storage.quality.policy import Quality
from tests.browser.conftest import add_people, opened, review, sign_in
from tests.given.commands import Chartroom
from tests.given.desk import note, put
from tests.given.records import TESS, add_person
from tests.given.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Home]]:
    """A record room with one patient."""
    base = tmp_path_factory.mktemp("desks")
    chartroom = Chartroom(base / "data", base / "keys" / "data.key", CHARTROOM_TAKE_BACK_SECONDS="0")
    chartroom("init")
    add_people(chartroom)
    with opened(chartroom) as home:
        add_person(home, birth_date=date(1957, 3, 14), sex="F")
        with review(chartroom) as port:
            yield port, home


def _scans(home: Home, count: int, name: str) -> list[int]:
    return [
        put(home, [note("00123456", "Rivera, Ana", "03/14/1957", f"{name} {number}")], f"{name}-{number}")[0]
        for number in range(count)
    ]


def _state(home: Home, document_id: int) -> str:
    with home.reading() as session:
        return session.get_one(Document, document_id).state


def test_a_grid_is_confirmed_by_keys_alone(browser: Browser, app: tuple[int, Home]) -> None:
    port, home = app
    made = _scans(home, 5, "grid")
    with home.writing() as session:  # as a bad scan would leave it
        for row in session.exec(select(FieldRow).where(FieldRow.name == "mrn", col(FieldRow.document_id).in_(made))):
            row.confidence = 0.5
    page = sign_in(browser, port)
    page.goto(f"http://127.0.0.1:{port}/group")
    cells = page.locator(".group .cell")
    expect(cells).to_have_count(5)
    expect(cells.nth(0).locator("input")).to_be_focused()
    expect(cells.nth(0).locator("img")).to_have_js_property("complete", True)
    assert cells.nth(0).locator("img").evaluate("image => image.naturalWidth") > 40
    page.keyboard.press("Delete")  # the first is wrong: for the desk
    expect(cells.nth(0).locator(".mark")).to_have_text("✗ for the desk")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("00123457")
    expect(cells.nth(1).locator(".mark")).to_have_text("✓ corrected")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_have_text("4 values are confirmed.")
    with home.reading() as session:
        values = {
            document_id: next(r for r in fields.current_fields(session, document_id) if r.name == "mrn")
            for document_id in made
        }
    assert [values[d].source for d in made] == ["label", *["person:tess"] * 4]
    assert values[made[1]].value == "00123457"
    page.context.close()
    wait_until(lambda: _free(home, made[0]), "the marked document to go back to the work list")


def _free(home: Home, document_id: int) -> bool:
    with home.reading() as session:
        return session.get_one(Document, document_id).claimed_by is None


def test_a_second_person_keys_blind_and_sees_the_difference_afterwards(browser: Browser, app: tuple[int, Home]) -> None:
    port, home = app
    made = _scans(home, 1, "twice")[0]
    with home.writing() as session:
        document = leases.claim(session, made, TESS)
        moves.move(session, made, "approve", TESS, version=document.version)
    filing.file_verified(home, 0.0, Quality(double_key=["PROGRESS_NOTE"]))
    assert _state(home, made) == "to_qc"
    page = sign_in(browser, port, "uma")
    page.goto(f"http://127.0.0.1:{port}/looks")
    expect(page.get_by_text("keyed a second time")).to_be_visible()
    expect(page.locator(".viewer img")).to_have_js_property("complete", True)
    assert "00123456" not in page.content()  # blind: nothing of what the first person left
    page.get_by_label("MRN", exact=True).fill("00123465")
    page.get_by_label("Date of birth").fill("3/14/1957")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("00123456")).to_be_visible()
    page.get_by_text("I was", exact=True).click()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text(f"Document {made} passed.")).to_be_visible()
    assert _state(home, made) == "filed"
    with home.reading() as session:
        item = session.exec(select(QualityItem).where(QualityItem.document_id == made)).one()
    assert (item.slips, item.errors, item.decided_by) == (["mrn"], [], "uma")
    page.context.close()


def test_the_plain_form_corrects_and_approves_as_the_station_does(browser: Browser, app: tuple[int, Home]) -> None:
    port, home = app
    made = _scans(home, 1, "plain")[0]
    with home.writing() as session:
        for document in session.exec(select(Document).where(Document.state == "to_verify", Document.id != made)):
            document.priority = 9
        session.get_one(Document, made).priority = 1
    page = sign_in(browser, port)
    page.goto(f"http://127.0.0.1:{port}/plain")
    page.get_by_role("button", name="Start verifying").click()
    expect(page.get_by_text(f"Document {made} ·")).to_be_visible()
    page.get_by_label("Attending").fill("CHEN, WEI")
    page.get_by_role("button", name="Pend", exact=True).click()
    expect(page.get_by_text("Choose why it is pended. Nothing was changed.")).to_be_visible()
    assert _state(home, made) == "to_verify"
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text(f"Document {made} is approved.")).to_be_visible()
    with home.reading() as session:
        value = next(r for r in fields.current_fields(session, made) if r.name == "attending")
    assert (value.value, value.source) == ("CHEN, WEI", "person:tess")
    page.context.close()
