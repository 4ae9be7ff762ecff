"""Page work at the station: split and undone, turned and read again, selected and moved, found by number, fitted."""

import pytest
from playwright.sync_api import Page, Route, expect

from storage.custody import pages
from storage.documents import leases
from storage.documents.fields import current_fields
from storage.foundation.tables.custody import Page as PageRow
from tests.browser.conftest import PICTURES, focused
from tests.browser.test_station import ANA, Desk, app, desk  # noqa: F401 - fixtures
from tests.given.desk import note, put_upside_down
from tests.given.records import UMA
from tests.given.waiting import wait_until

pytestmark = pytest.mark.browser

WEI = ("00777777", "Chen, Wei", "01/02/1980")
LAB = "LABORATORY REPORT\nPatient Name: Rivera, Ana\nAccession: 99-1234\nPotassium 4.1 mmol/L\nhaemolysed sample"


def _numbers(desk: Desk, document: int) -> list[int]:  # noqa: F811
    with desk.home.reading() as session:
        return [row.number for row in pages.pages_of_document(session, document)]


def _rows(desk: Desk, document: int) -> list[PageRow]:  # noqa: F811
    with desk.home.reading() as session:
        return pages.pages_of_document(session, document)


def _split(desk: Desk, page: Page, at: int) -> int:  # noqa: F811
    """Splits the document on the desk at a page; gives the number of the new one."""
    for _ in range(at - 1):
        page.keyboard.press("PageDown")
    page.keyboard.press("Alt+s")
    expect(page.locator(".said")).to_contain_text("are document")
    made = int(page.locator(".said").inner_text().rstrip(".").split()[-1])
    desk.made.add(made)
    return made


def _said(page: Page, text: str) -> None:
    expect(page.locator(".said")).to_contain_text(text, timeout=30_000)


def test_a_split_that_is_undone_leaves_no_document_on_the_desk_in_the_queue_or_on_the_list(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", "page three")[0]
    page = desk.sit_down(document=made)
    ghost = _split(desk, page, 2)
    page.keyboard.press("Alt+u")
    _said(page, "Undone")
    assert desk.document(ghost).state == "voided"
    page.keyboard.press("Alt+k")  # what is next on the desk
    wait_until(lambda: page.locator(".station").get_attribute("data-document") != str(made), "the next document")
    page.wait_for_timeout(1500)  # the queue is filled again
    assert page.locator(".station").get_attribute("data-document") != str(ghost)
    for _ in range(3):
        page.keyboard.press("Alt+k")
        page.wait_for_timeout(300)
        assert page.locator(".station").get_attribute("data-document") != str(ghost)
    page.goto(f"http://127.0.0.1:{desk.port}/worklist")
    expect(page.get_by_text("To verify").first).to_be_visible(timeout=30_000)
    expect(page.locator(f'[data-value="{ghost}"]')).to_have_count(0)
    page.goto(f"http://127.0.0.1:{desk.port}/?document={ghost}")
    expect(page.get_by_text("voided now")).to_be_visible(timeout=30_000)


def test_turning_a_page_keeps_the_place_both_ways_and_the_thumbnail_follows(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA, kind="PROGRESS NOTE"), "page two", "page three")[0]
    page = desk.sit_down(document=made)
    page.keyboard.press("Alt+a")
    page.locator("input[name=mrn]").focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    expect(page.locator(".where")).to_contain_text("Page 3 of 3")
    page.keyboard.press("Alt+o")
    _said(page, "turned")
    small = page.locator(".thumb").nth(2)
    assert small.evaluate("e => getComputedStyle(e.querySelector('i')).transform") == "matrix(0, 1, -1, 0, 0, 0)"
    expect(page.locator(".where")).to_contain_text("Page 3 of 3")
    assert focused(page) == "mrn", "the cursor stays too"
    page.wait_for_timeout(600)
    expect(page.locator(".where")).to_contain_text("Page 3 of 3")
    page.keyboard.press("Alt+Shift+O")
    wait_until(lambda: _rows(desk, made)[2].turn == 0, "the page to be turned back")
    page.keyboard.press("Alt+Shift+O")
    wait_until(lambda: _rows(desk, made)[2].turn == 270, "the page to be turned counter-clockwise")
    expect(page.locator(".where")).to_contain_text("Page 3 of 3")
    page.get_by_role("button", name="Turn the page clockwise, and read it again").click()
    wait_until(lambda: _rows(desk, made)[2].turn == 0, "the button to turn it")


def test_a_page_that_lay_on_its_head_is_read_again_and_what_it_says_comes_to_the_desk(desk: Desk) -> None:  # noqa: F811
    made = put_upside_down(desk.home, [note(*ANA), LAB], 2, "on-its-head")[0]
    desk.made.add(made)
    with desk.home.writing() as session:
        document = session.get_one(type(desk.document(made)), made)
        document.priority = 1
    page = desk.sit_down(document=made)
    page.keyboard.press("Alt+a")
    page.locator("input[name=mrn]").fill("00123")
    page.keyboard.press("PageDown")
    page.get_by_role("button", name="Turn the page clockwise, and read it again").click()
    _said(page, "turned")
    _said(page, "Page 2")
    expect(page.locator(".where")).to_have_text("Page 2 of 2")
    page.locator("input[name=mrn]").focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("Alt+o")
    expect(page.locator(".where")).to_contain_text("being read as you turned it")
    _said(page, "Page 2 was read as you turned it:")
    expect(page.locator(".where")).to_have_text("Page 2 of 2")
    assert focused(page) == "mrn"
    assert (_rows(desk, made)[1].outcome, _rows(desk, made)[1].read_turn) == ("ok", 180)
    with desk.home.reading() as session:
        found = next(row for row in current_fields(session, made) if row.page == 2)
    expect(page.locator(f"input[name={found.name}]")).to_have_count(1)
    assert page.locator(".thumb").nth(1).evaluate("e => getComputedStyle(e.querySelector('i')).transform") in (
        "none",
        "matrix(1, 0, 0, 1, 0, 0)",
    )
    wait_until(lambda: page.locator(".thumb i").nth(1).evaluate("e => e.style.backgroundImage"), "the new picture")
    page.keyboard.press("Alt+u")
    _said(page, "Undone")
    assert _rows(desk, made)[1].read_turn == 90, "the turn before, and its reading"


def test_what_is_typed_while_a_page_is_read_stays_and_the_cursor_with_it(desk: Desk) -> None:  # noqa: F811
    made = put_upside_down(desk.home, [note(*ANA), LAB], 2, "typed-meanwhile")[0]
    desk.made.add(made)
    with desk.home.writing() as session:
        session.get_one(type(desk.document(made)), made).priority = 1
        row = pages.pages_of_document(session, made)[1]
        row.turn = 90
        session.add(row)
    page = desk.sit_down(document=made)
    page.keyboard.press("Alt+a")
    page.keyboard.press("PageDown")
    page.keyboard.press("Alt+o")
    page.locator("input[name=facility]").fill("General Hosp")
    _said(page, "was read as you turned it")
    assert focused(page) == "facility"
    page.keyboard.type("ital")
    expect(page.locator("input[name=facility]")).to_have_value("General Hospital")


def test_several_pages_are_selected_and_moved_by_key_to_a_document_with_a_name(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", "page three", note(*WEI, kind="CONSULTATION"))
    page = desk.sit_down(document=made[0])
    expect(page.locator(".target")).to_have_text(f"{made[1]}: Consultation, page 4 of the scan")
    page.keyboard.press("PageDown")
    page.keyboard.press("Alt+j")
    page.keyboard.press("PageDown")
    page.keyboard.press("Alt+j")
    _said(page, "2 pages selected")
    page.keyboard.press("Alt+v")
    expect(page.locator(".asking")).to_contain_text("Move 2 pages to which document of this scan?")
    expect(page.locator("select[name=to] option")).to_have_text(f"{made[1]}: Consultation, page 4 of the scan")
    page.keyboard.press("Enter")
    _said(page, f"Moved to document {made[1]}")
    assert (_numbers(desk, made[0]), _numbers(desk, made[1])) == ([1], [4, 2, 3])
    expect(page.locator(".target")).to_contain_text("pages 2–4 of the scan")
    page.keyboard.press("Alt+u")
    _said(page, "Undone")
    assert (_numbers(desk, made[0]), _numbers(desk, made[1])) == ([1, 2, 3], [4])


def test_pages_are_dragged_to_another_document_and_to_another_place(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", "page three", note(*WEI, kind="CONSULTATION"))
    page = desk.sit_down(document=made[0])
    page.locator(".thumb").nth(2).drag_to(page.locator(".thumb").nth(1))
    _said(page, "another order")
    assert _numbers(desk, made[0]) == [1, 3, 2]
    page.locator(".thumb").nth(1).click(modifiers=["Control"])
    page.locator(".thumb").nth(2).click(modifiers=["Control"])
    _said(page, "2 pages selected")
    page.locator(".thumb").nth(1).drag_to(page.locator(".target"))
    _said(page, f"Moved to document {made[1]}")
    assert (_numbers(desk, made[0]), _numbers(desk, made[1])) == ([1], [4, 3, 2])


def test_a_document_on_another_desk_takes_no_pages(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", note(*WEI, kind="CONSULTATION"))
    with desk.home.writing() as session:
        leases.claim(session, made[1], UMA)
    page = desk.sit_down(document=made[0])
    expect(page.locator(".target")).to_contain_text("uma has it")
    expect(page.locator(".target")).to_be_disabled()
    page.keyboard.press("Alt+v")
    _said(page, "uma has the other document")


def test_a_page_is_found_by_its_number_and_the_first_and_last_by_their_keys(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), *(f"page {n}" for n in range(2, 8)))[0]
    page = desk.sit_down(document=made)
    where = page.locator(".where")
    page.keyboard.press("Alt+g")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(where).to_have_text("Page 5 of 7")
    page.keyboard.press("Alt+g")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    _said(page, "pages 1 to 7")
    expect(where).to_have_text("Page 5 of 7")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+End")  # the cursor is in a field or on a button
    expect(where).to_have_text("Page 7 of 7")
    page.keyboard.press("Control+Home")
    expect(where).to_have_text("Page 1 of 7")
    page.locator("button.approve").focus()
    page.keyboard.press("End")
    expect(where).to_have_text("Page 7 of 7")
    page.keyboard.press("Home")
    expect(where).to_have_text("Page 1 of 7")


def test_the_whole_page_is_fitted_and_stays_so_on_the_next(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two")[0]
    page = desk.sit_down(document=made)

    def _fits() -> tuple[bool, bool]:
        pane, image = (page.locator(what).bounding_box() for what in (".pane", "img.page"))
        assert pane
        assert image
        return abs(image["width"] - pane["width"]) < 2, image["height"] <= pane["height"] + 1

    page.keyboard.press("Alt+z")
    wait_until(lambda: _fits() == (True, False), "the width to be fitted", 5)
    page.keyboard.press("Alt+Shift+Z")
    wait_until(lambda: _fits() == (False, True), "the page to be fitted", 5)
    page.keyboard.press("PageDown")
    expect(page.locator(".where")).to_have_text("Page 2 of 2")
    wait_until(lambda: _fits() == (False, True), "the next page to be fitted", 5)
    page.get_by_role("button", name="Fit the width").click()
    wait_until(lambda: _fits() == (True, False), "the width to be fitted by its button", 5)


def test_number_batch_and_file_of_the_document_are_shown(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), name="from the ward")[0]
    page = desk.sit_down(document=made)
    batch = desk.document(made).batch_id
    expect(page.locator(".origin")).to_contain_text(f"Document {made} · batch {batch} · from the ward")
    assert str(made) not in page.title()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_with_pages_of_other_documents_is_drawn(desk: Desk, scheme: str) -> None:  # noqa: F811
    from tests.browser.conftest import sign_in, start_work

    made = desk.put(note(*ANA), "page two", "page three", note(*WEI, kind="CONSULTATION"))
    page = sign_in(desk.browser, desk.port, "tess", scheme)
    desk.pages.append(page)
    start_work(page)
    expect(page.locator(f'.station[data-document="{made[0]}"][data-painted]')).to_be_visible(timeout=30_000)
    page.keyboard.press("Alt+j")
    page.keyboard.press("PageDown")
    page.keyboard.press("Alt+j")
    _said(page, "2 pages selected")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/desk-pages-{scheme}.png")
    bar = page.locator(".bar").bounding_box()
    assert bar
    assert bar["height"] < 80, "the bar stays one or two lines at 1440 px"


def test_what_is_typed_before_a_change_of_pages_is_answered_is_not_lost(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", "page three")[0]
    page = desk.sit_down(document=made)
    page.keyboard.press("Alt+a")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/desk/act", hold)
    page.keyboard.press("PageDown")
    page.keyboard.press("Alt+ArrowRight")
    page.wait_for_timeout(300)
    page.locator("input[name=facility]").fill("General Hosp")
    held[0].continue_()
    _said(page, "another order")
    expect(page.locator("input[name=facility]")).to_have_value("General Hosp")
    assert focused(page) == "facility"
    page.keyboard.type("ital")
    expect(page.locator("input[name=facility]")).to_have_value("General Hospital")
