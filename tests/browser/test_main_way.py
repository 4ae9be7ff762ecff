"""A scan's whole way in a real Chromium, keyboard only, and strangers who get nothing."""

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Locator, expect

from ingest.demo import paper, scanner
from ingest.demo.clinic import Encounter, Patient
from tests.browser.conftest import PASSWORD, PICTURES, add_people, focused, opened, review, sign_in, start_work
from tests.given.commands import Chartroom
from tests.given.desk import note, put
from tests.given.records import verify_and_file
from tests.given.waiting import wait_until
from tests.reliability.probe import Who, try_everything

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chartroom, int]]:
    """A data home with people and patients, the watch and the review app running."""
    base = tmp_path_factory.mktemp("desk")
    chartroom = Chartroom(base / "data", base / "keys" / "data.key", CHARTROOM_TAKE_BACK_SECONDS="1")
    chartroom("init")
    add_people(chartroom)
    roster = base / "roster.csv"
    roster.write_text("mrn,last_name,first_name,middle,dob,sex,visit\n00123456,Rivera,Ana,M,1957-03-14,F,V2400881\n")
    chartroom("roster", "load", roster)
    with review(chartroom, "watch") as port:
        yield chartroom, port


def _scan(word: str) -> bytes:
    """Two pages of a discharge summary, scanned askew, with a rare word on the last."""
    import random
    from datetime import date

    visit = Encounter("V2400881", date(2024, 2, 1), date(2024, 2, 6), "Wei Chen")
    ana = Patient("00123456", "Rivera", "Ana", "M", date(1957, 3, 14), "F", "", "", "", "", "", "", "", (visit,))
    sheet = paper.Sheet("DISCHARGE_SUMMARY", "DISCHARGE SUMMARY", ana, visit, 2, 0, word)
    pages = paper.render(paper.draw_document(sheet, random.Random(5)).pdf)
    skewed = scanner.by_name("skewed")
    return scanner.write_tiff([skewed.apply(page, random.Random(6)) for page in pages], (300, 300), bitonal=False)


def test_a_scan_is_dropped_verified_by_keyboard_and_found_by_a_word_of_its_last_page(
    browser: Browser, desk: tuple[Chartroom, int]
) -> None:
    chartroom, port = desk
    chartroom.drop("summary.tif", _scan("kestrelon"))
    wait_until(lambda: any(r["state"] == "to_verify" for r in chartroom.rows("documents")), "the scan to be read")

    page = sign_in(browser, port)
    start_work(page)
    outside: list[str] = []
    page.on(
        "request",
        lambda r: (
            outside.append(r.url) if "127.0.0.1" not in r.url and not r.url.startswith(("data:", "blob:")) else None
        ),
    )
    expect(page.locator(".banner")).to_contain_text("00123456")
    expect(page.locator(".station[data-painted]")).to_be_visible()
    assert page.locator("img.page").evaluate("image => image.naturalWidth") > 1000

    page.keyboard.press("Alt+a")  # all fields, the well-read ones too
    attending = page.locator("input[name=attending]")
    expect(attending).to_have_value("CHEN, WEI")
    for _ in range(80):  # Tab to the field, round the whole screen if need be, as fingers do
        if focused(page) == "attending":
            break
        page.keyboard.press("Tab")
    expect(page.locator(".lit")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("CHEN, WEI LIN")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nothing to verify")).to_be_visible()

    wait_until(lambda: chartroom.rows("documents")[0]["state"] != "to_verify", "the approval to be saved")
    document = chartroom.rows("documents")[0]
    assert document["fields"]["attending"]["value"] == "CHEN, WEI LIN"
    assert document["fields"]["attending"]["source"] == "person:tess"

    page.goto(f"http://127.0.0.1:{port}/search")
    words = page.get_by_label("Words on the page")
    words.press_sequentially("kestrelon")
    words.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()  # lit on the scan, the only hit opened by itself
    expect(page.locator(".where")).to_have_text("Page 2 of 2")

    wait_until(lambda: chartroom.rows("documents")[0]["state"] == "filed", "the document to be filed")
    answer = page.request.get(f"http://127.0.0.1:{port}/filed/{document['id']}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    assert outside == []
    chartroom("verify")


def _is_drawn(picture: Locator) -> bool:
    return bool(picture.evaluate("image => image.naturalWidth") > 1000)


def test_a_supervisor_sees_it_as_it_was_dropped_beside_what_was_filed(
    browser: Browser, desk: tuple[Chartroom, int]
) -> None:
    page = sign_in(browser, desk[1], "sam")
    page.goto(f"http://127.0.0.1:{desk[1]}/chart")
    page.get_by_label("Patient: names, MRN or date of birth").fill("00123456")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Discharge summary").first.click()
    page.get_by_text("Compare with the file as it was dropped").click()
    pictures = page.get_by_role("img", name="Scanned page")
    expect(pictures).to_have_count(2)
    expect(page.locator(".title")).to_have_text(["As it was dropped", "As it is filed"])
    for number in (0, 1):
        wait_until(partial(_is_drawn, pictures.nth(number)), "the picture")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/compared.png")
    page.get_by_role("button", name="Next page").last.click()
    expect(page.locator(".where")).to_have_text(["Page 2 of 2", "Page 2 of 2"])  # both turn together
    assert page.request.get(f"http://127.0.0.1:{desk[1]}/dropped/1/1.jpg").status == 200
    assert sign_in(browser, desk[1], "tess").request.get(f"http://127.0.0.1:{desk[1]}/dropped/1/1.jpg").status == 404


def test_the_administrator_sees_accounts_and_no_chart(browser: Browser, desk: tuple[Chartroom, int]) -> None:
    page = sign_in(browser, desk[1], "ada")
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()
    expect(page.get_by_text("Verify", exact=True)).to_have_count(0)
    assert page.request.get(f"http://127.0.0.1:{desk[1]}/page/1/1.jpg").status == 404
    assert page.request.get(f"http://127.0.0.1:{desk[1]}/filed/1.pdf").status == 404


def test_every_unauthorised_try_is_refused(desk: tuple[Chartroom, int]) -> None:
    chartroom, port = desk
    with opened(chartroom) as home:
        document = put(home, [note("00123456", "Rivera, Ana", "03/14/1957", "filed for a stranger to try")], "filed")[0]
        verify_and_file(home, document)
    tries = list(try_everything(port, Who("uma", PASSWORD), Who("ada", PASSWORD), f"/filed/{document}.pdf"))
    assert [made.what for made in tries if not made.is_refused] == []
    assert len(tries) >= 95
