"""Page work at the station: split and undone, turned and read again, selected and moved, found by number, fitted."""

import pytest
from playwright.sync_api import Page, Route, expect

from storage.custody import pages
from storage.desk import rescans
from storage.documents import leases
from storage.documents.fields import current_fields
from storage.foundation.tables.custody import Page as PageRow
from tests.browser.conftest import PICTURES, focused
from tests.browser.test_station import ANA, Desk, app, desk  # noqa: F401 - fixtures
from tests.given.desk import note
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
    expect(page.locator(".said")).to_contain_text(text)


def test_a_split_that_is_undone_leaves_no_document_on_the_desk_in_the_queue_or_on_the_list(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", "page three")[0]
    page = desk.sit_down(document=made)
    ghost = _split(desk, page, 2)
    page.keyboard.press("Alt+u")
    _said(page, "Undone")
    assert desk.document(ghost).state == "voided"
    with page.expect_response("**/desk/queue"):  # the queue is filled again
        page.keyboard.press("Alt+k")  # what is next on the desk
    wait_until(lambda: page.locator(".station").get_attribute("data-document") != str(made), "the next document")
    assert page.locator(".station").get_attribute("data-document") != str(ghost)
    for _ in range(3):
        page.keyboard.press("Alt+k")
        page.wait_for_timeout(300)
        assert page.locator(".station").get_attribute("data-document") != str(ghost)
    page.goto(f"http://127.0.0.1:{desk.port}/worklist")
    expect(page.get_by_text("To verify").first).to_be_visible()
    expect(page.locator(f'[data-value="{ghost}"]')).to_have_count(0)
    page.goto(f"http://127.0.0.1:{desk.port}/?document={ghost}")
    expect(page.get_by_text("voided now")).to_be_visible()


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


def test_a_key_that_is_pressed_while_a_change_of_pages_is_on_its_way_is_not_lost(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA, kind="PROGRESS NOTE"), "page two")[0]
    page = desk.sit_down(document=made)
    asked: list[Route] = []
    page.route("**/desk/act", lambda route: route.continue_() if asked else asked.append(route))
    page.locator(".thumb").nth(1).click()
    expect(page.locator(".where")).to_contain_text("Page 2 of 2")
    with page.expect_request("**/desk/act"):
        page.keyboard.press("Alt+o")
    page.keyboard.press("Alt+o")
    wait_until(lambda: page.evaluate("1") and asked, "the first turn to be held")
    page.keyboard.press("Control+Enter")
    _said(page, "still being changed")
    asked[0].continue_()
    wait_until(lambda: page.evaluate("1") and _rows(desk, made)[1].turn == 180, "the page to be turned twice")
    assert desk.document(made).state == "to_verify"


def test_a_page_that_lay_on_its_head_is_read_again_and_what_it_says_comes_to_the_desk(desk: Desk) -> None:  # noqa: F811
    made = desk.put_upside_down(note(*ANA), LAB, number=2, name="on-its-head")
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


def test_turning_a_page_keeps_the_zoom_and_turns_the_middle_with_the_page(desk: Desk) -> None:  # noqa: F811
    made = desk.put_upside_down(note(*ANA), LAB, number=2, name="zoomed")
    page = desk.sit_down(document=made)
    page.locator("input[name=mrn]").focus()
    page.keyboard.press("PageDown")
    expect(page.locator(f'.station[data-painted="{made}-2"]')).to_be_visible()
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
    box = page.locator(".pane").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    page.mouse.up()
    u, v, wide, high = _look(page)
    assert wide > box["width"] * 1.5
    for turned, said, expected in (
        ("Alt+o", "Page 2", (1 - v, u, high, wide)),
        ("Alt+o", "Page 2 was read as you turned it:", (1 - u, 1 - v, wide, high)),
        ("Alt+u", "Undone", (1 - v, u, high, wide)),
        ("Alt+Shift+O", "turned", (u, v, wide, high)),
    ):
        page.keyboard.press(turned)
        _said(page, said)
        wait_until(lambda: _is_near(_look(page), expected), f"the middle to stay: {said}")  # noqa: B023
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/zoomed-turned.png")
    page.get_by_role("button", name="Turn the view only").click()
    assert _is_near(_look(page), (1 - v, u, high, wide))
    page.get_by_role("button", name="Fit the width").click()
    page.keyboard.press("Alt+o")
    _said(page, "turned")
    wait_until(lambda: abs(_look(page)[2] - box["width"]) < 2, "a page whose width was fitted to be fitted again")


def _look(page: Page) -> tuple[float, float, float, float]:
    """The middle of the pane as shares of the page as it lies, and the pixels of the page."""
    found = page.evaluate(
        """() => { const find = (from, what) => { for (const e of from.querySelectorAll("*")) { if (e.matches(what)) return e;
          const inner = e.shadowRoot && find(e.shadowRoot, what); if (inner) return inner; } return null; };
        const pane = find(document, ".pane").getBoundingClientRect(), stage = find(document, ".stage").getBoundingClientRect();
        return [(pane.x + pane.width / 2 - stage.x) / stage.width, (pane.y + pane.height / 2 - stage.y) / stage.height,
          stage.width, stage.height]; }"""
    )
    return (found[0], found[1], found[2], found[3])


def _is_near(found: tuple[float, ...], expected: tuple[float, ...]) -> bool:
    """Two shares to a hundredth, two lengths to a hundredth of them: a page that is read again is cut out anew."""
    return all(abs(a - b) < 0.01 * max(1, b) for a, b in zip(found, expected, strict=True))


def test_what_is_typed_while_a_page_is_read_stays_and_the_cursor_with_it(desk: Desk) -> None:  # noqa: F811
    made = desk.put_upside_down(note(*ANA), LAB, number=2, name="typed-meanwhile")
    with desk.home.writing() as session:
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
    expect(page.locator(".asking")).to_contain_text("Move pages 2–3 to which document of this scan?")
    expect(page.locator("select[name=to] option")).to_have_text(f"{made[1]}: Consultation, page 4 of the scan")
    page.keyboard.press("Enter")
    _said(page, f"Moved to document {made[1]}")
    assert (_numbers(desk, made[0]), _numbers(desk, made[1])) == ([1], [4, 2, 3])
    expect(page.locator(".target")).to_contain_text("pages 2–4 of the scan")
    page.keyboard.press("Alt+u")
    _said(page, "Undone")
    assert (_numbers(desk, made[0]), _numbers(desk, made[1])) == ([1, 2, 3], [4])


def _with_the_cursor_on_page_one(page: Page) -> None:
    """The cursor in a field that lies on page 1, and page 3 on the screen."""
    page.keyboard.press("Alt+a")
    page.locator("input[name=mrn]").focus()
    page.keyboard.press("Control+End")
    expect(page.locator(".where")).to_have_text("Page 3 of 3")


@pytest.mark.parametrize("answered", ["Enter", "click"])
def test_the_page_that_the_question_names_is_hidden_wherever_the_cursor_is(desk: Desk, answered: str) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", "page three", name=f"hide-{answered}")[0]
    page = desk.sit_down(document=made)
    _with_the_cursor_on_page_one(page)
    page.keyboard.press("Alt+x")
    expect(page.locator(".asking")).to_contain_text("Hide page 3: why?")
    page.locator("select[name=why]").select_option("duplicate")
    if answered == "Enter":
        page.keyboard.press("Enter")
    else:
        page.get_by_role("button", name="Hide", exact=True).click()
    _said(page, "hidden")
    assert _numbers(desk, made) == [1, 2]


def test_a_page_with_words_is_not_blank_unless_a_person_says_so(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", "page three has words")[0]
    page = desk.sit_down(document=made)
    _with_the_cursor_on_page_one(page)
    page.keyboard.press("Alt+x")
    expect(page.locator(".asking")).to_contain_text("4 words were read there.")
    expect(page.locator("select[name=why]")).to_have_value("")
    page.keyboard.press("Enter")
    _said(page, "Please fill it in")
    page.locator("select[name=why]").select_option("blank")
    page.keyboard.press("Enter")
    _said(page, "hidden")


def test_the_page_that_the_question_names_is_moved_and_asked_for_wherever_the_cursor_is(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", "page three", note(*WEI, kind="CONSULTATION"))
    page = desk.sit_down(document=made[0])
    _with_the_cursor_on_page_one(page)
    page.keyboard.press("Alt+v")
    expect(page.locator(".asking")).to_contain_text("Move page 3 to which")
    page.keyboard.press("Enter")
    _said(page, "Moved to document")
    assert (_numbers(desk, made[0]), _numbers(desk, made[1])) == ([1, 2], [4, 3])
    page.keyboard.press("Alt+u")
    _said(page, "Undone")
    _with_the_cursor_on_page_one(page)
    page.keyboard.press("Alt+r")
    expect(page.locator(".asking")).to_contain_text("Request rescan of page 3")
    page.locator("select[name=code]").select_option("too_faint")
    page.get_by_role("button", name="Ask", exact=True).click()
    wait_until(lambda: desk.document(made[0]).state == "rescan", "the rescan to be asked for")
    with desk.home.reading() as session:
        (slip,) = [slip for slip in rescans.waiting(session, UMA) if slip.document_id == made[0]]
    assert slip.page == 3


def test_a_question_that_is_left_leaves_the_page_that_is_shown(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", "page three")[0]
    page = desk.sit_down(document=made)
    _with_the_cursor_on_page_one(page)
    for key in ("Alt+x", "Alt+r", "Alt+p", "Alt+c"):
        page.keyboard.press(key)
        expect(page.locator(".asking")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".asking")).to_be_hidden()
        assert focused(page) == "mrn"
        expect(page.locator(".where")).to_have_text("Page 3 of 3")
    for key in ("Alt+o", "Alt+ArrowLeft", "Alt+i"):  # each is done after the one before
        page.keyboard.press(key)
    done = [(1, 0, False), (3, 90, True), (2, 0, False)]
    wait_until(
        lambda: [(row.number, row.turn, row.is_best_possible) for row in _rows(desk, made)] == done,
        "page 3 to be turned, moved and kept as it is",
    )


def test_the_page_stays_the_named_one_when_another_is_clicked_before_the_answer(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", "page three")[0]
    page = desk.sit_down(document=made)
    _with_the_cursor_on_page_one(page)
    page.keyboard.press("Alt+x")
    page.locator("select[name=why]").select_option("not_part")
    page.locator(".thumb").nth(1).click()
    expect(page.locator(".where")).to_have_text("Page 2 of 3")
    page.get_by_role("button", name="Hide", exact=True).click()
    _said(page, "hidden")
    assert _numbers(desk, made) == [1, 2]


def test_no_other_page_is_in_sight_while_the_picture_of_the_named_one_is_late(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), *(f"page {n}" for n in range(2, 21)))[0]
    page = desk.sit_down(document=made)
    held: list[Route] = []
    page.route(f"**/page/{made}/20.jpg*", lambda route: held.append(route))  # its small picture is far down the strip
    page.keyboard.press("Control+End")
    expect(page.locator(".where")).to_have_text("Page 20 of 20")
    expect(page.locator("img.page")).to_be_hidden()
    for route in held:
        route.continue_()
    expect(page.locator(f'.station[data-painted="{made}-20"]')).to_be_visible()
    expect(page.locator("img.page")).to_be_visible()


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
    expect(page.locator(f'.station[data-document="{made[0]}"][data-painted]')).to_be_visible()
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
    with page.expect_request("**/desk/act"):
        page.keyboard.press("Alt+ArrowRight")
    wait_until(lambda: page.evaluate("1") and held, "the change to be held")
    page.locator("input[name=facility]").fill("General Hosp")
    held[0].continue_()
    _said(page, "another order")
    expect(page.locator("input[name=facility]")).to_have_value("General Hosp")
    assert focused(page) == "facility"
    page.keyboard.type("ital")
    expect(page.locator("input[name=facility]")).to_have_value("General Hospital")
