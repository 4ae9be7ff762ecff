"""What the desk refuses: said in sight, at the field it is about, and before approving is tried; green means it works."""

import pytest
from playwright.sync_api import Page, expect

from classify.guess import Decision
from storage.foundation.tables.documents import FieldRow
from tests.browser.conftest import PICTURES, SIZES, focused, sign_in, start_work
from tests.browser.test_station import ANA, Desk, app, desk  # noqa: F401 - fixtures
from tests.given.desk import note
from tests.given.waiting import wait_until

pytestmark = pytest.mark.browser

FUTURE = "01/01/2099"


def _type(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}]").fill(value)


def _is_in_sight(page: Page, what: str) -> bool:
    """Whether all of an element is in the window, and nothing lies over its middle."""
    box = page.locator(what).bounding_box()
    size = page.viewport_size
    if box is None or size is None or not box["height"]:
        return False
    inside = box["y"] >= 0 and box["y"] + box["height"] <= size["height"] + 1
    on_top = page.locator(what).evaluate(
        """e => { const b = e.getBoundingClientRect();
        if (!e.isConnected) return false; // it is drawn anew
        const hit = e.getRootNode().elementFromPoint(b.x + Math.min(b.width, 40) / 2, b.y + b.height / 2);
        return Boolean(hit) && (e.contains(hit) || hit.contains(e)); }"""
    )
    return inside and bool(on_top)


def _is_said_at(page: Page, name: str, says: str) -> None:
    expect(page.locator(".said")).to_contain_text(says)
    wait_until(lambda: focused(page) == name, f"the cursor to be in {name}")
    wait_until(lambda: _is_in_sight(page, ".said"), "the sentence to be in sight")
    wait_until(lambda: _is_in_sight(page, f"input[name={name}]"), f"{name} to be in sight")
    wait_until(lambda: _is_in_sight(page, "button.approve"), "the buttons to be in sight")


def _says_after_a_key(page: Page, says: str) -> bool:
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(150)  # the sentence comes with the key, or after the next doubt
    return says in page.locator(".said").inner_text()


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("signature", "x", "Signature: type present, absent or unclear"),
        ("service_date", "02/01/1950", "The date of service is before the patient's date of birth"),
        ("encounter", "V99999999", "Visit V99999999 is none of this patient's"),
    ],
)
def test_a_refusal_is_in_sight_with_the_cursor_at_its_field(desk: Desk, name: str, typed: str, says: str) -> None:  # noqa: F811
    made = desk.put(note(*ANA, kind="CONSENT FOR PROCEDURE"), name=name)[0]
    page = desk.sit_down(document=made)
    page.locator("select[name=type]").select_option("CONSENT_PROC")
    page.keyboard.press("Alt+a")
    _type(page, name, typed)
    row = page.locator(f".field[data-name={name}]")
    expect(row.locator(".why")).to_contain_text(says)  # before anything is approved
    expect(row.locator(".band")).not_to_contain_text("✓")
    expect(page.locator(".banner.sure")).to_have_count(0)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.locator("select[name=type]").focus()
        wait_until(
            lambda: _says_after_a_key(page, says[:20]), "what is refused to be told"
        )  # past the doubts of this kind
        _is_said_at(page, name, says)
        if PICTURES and name == "signature":
            page.screenshot(path=f"{PICTURES}/refused-{width}.png")
    assert desk.document(made).state == "to_verify"


def test_every_typed_value_is_checked_however_soon_the_next_is_typed(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA))[0]
    page = desk.sit_down(document=made)
    page.keyboard.press("Alt+a")
    for name, value in (("encounter", "V99999999"), ("service_date", "01/01/1900"), ("attending", "12345")):
        _type(page, name, value)
    _type(page, "facility", "General Hospital")
    for name in ("encounter", "service_date", "attending"):
        expect(page.locator(f".field[data-name={name}].refused")).to_be_visible()
        expect(page.locator(f".field[data-name={name}] .why")).not_to_be_empty()
    expect(page.locator(".field[data-name=facility] .band")).to_have_text("✓ confirmed")
    expect(page.locator(".banner.ask .standing")).to_contain_text("Not possible")
    expect(page.locator("button.approve.sure")).to_have_count(0)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/refused-fields.png")
    for name in ("encounter", "service_date", "attending"):
        _type(page, name, "")
    expect(page.locator(".banner.sure")).to_be_visible()
    page.keyboard.press("Control+Enter")
    wait_until(lambda: desk.document(made).state == "verified", "the document to be approved: it was green")


def test_a_value_that_could_not_be_checked_is_not_green(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA))[0]
    page = desk.sit_down(document=made)
    page.keyboard.press("Alt+a")
    page.route("**/desk/check", lambda route: route.abort())
    _type(page, "attending", "12345")
    expect(page.locator(".field[data-name=attending] .band")).to_have_text("? not checked")
    expect(page.locator(".banner.ask .standing")).to_contain_text("not checked yet")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_patient_who_is_only_proposed_is_amber_until_chosen(desk: Desk, scheme: str) -> None:  # noqa: F811
    made = desk.put(note(*ANA, "out of another chart"), name=scheme)[0]
    with desk.home.writing() as session:  # as a correction of a wrong chart leaves it (storage/documents/misfiling.py)
        document = session.get_one(type(desk.document(made)), made)
        document.decision = Decision.ASK
        document.decision_reasons = ["taken out of the chart of another patient: wrong name"]
        session.add(document)
    page = sign_in(desk.browser, desk.port, "tess", scheme)
    desk.pages.append(page)
    start_work(page)
    expect(page.locator(f'.station[data-document="{made}"][data-painted]')).to_be_visible()
    expect(page.locator(".banner.ask .standing")).to_contain_text("Press Alt+1 to choose this patient")
    expect(page.locator("button.approve.ask")).to_be_visible()
    page.wait_for_timeout(600)
    expect(page.locator(".sure")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said")).to_contain_text("Patient match needs review: taken out of the chart")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/proposed-{scheme}.png")
    page.keyboard.press("Enter")  # the cursor is on the candidate
    expect(page.locator(".banner.sure")).to_be_visible()
    page.keyboard.press("Control+Enter")
    wait_until(lambda: desk.document(made).state == "verified", "the document to be approved")


def test_green_comes_when_every_doubt_was_looked_at_and_then_approving_works(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA, kind="CONSENT FOR PROCEDURE"), "page two")[0]
    page = desk.sit_down(document=made)
    page.locator("select[name=type]").select_option("CONSENT_PROC")
    expect(page.locator(".banner.ask .standing")).to_contain_text("not looked at yet")

    def is_green() -> bool:
        if page.locator(".banner.sure").count():
            return True
        page.wait_for_timeout(500)  # as long as a look takes
        if page.locator(".banner.ask").count():
            page.keyboard.press("Control+Enter")
            assert desk.document(made).state == "to_verify", "what is amber is not approved"
        return False

    wait_until(is_green, "the banner to be green")
    page.keyboard.press("Control+Enter")
    wait_until(lambda: desk.document(made).state == "verified", "the document to be approved")


def test_a_birthday_that_was_typed_is_what_the_candidate_is_compared_with(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA))[0]
    page = desk.sit_down(document=made)
    page.keyboard.press("Alt+a")
    born = page.locator(".person .waterfall span", has_text="date of birth")
    expect(born).to_have_class("for")
    _type(page, "dob", FUTURE)
    expect(born).to_have_class("against")
    expect(page.locator(".banner.differs")).to_be_visible()
    page.wait_for_timeout(600)
    expect(born).to_have_class("against")
    _type(page, "dob", "03/14/1957")
    expect(born).to_have_class("for")


def test_a_refusal_is_gone_when_the_value_is_mended(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA))[0]
    page = desk.sit_down(document=made)
    page.keyboard.press("Alt+a")
    _type(page, "dob", "99/99/2099")
    expect(page.locator(".field[data-name=dob] .why")).to_contain_text("is no date")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said")).to_contain_text("is no date")
    _type(page, "dob", "03/14/1957")
    expect(page.locator(".said")).to_be_empty()
    expect(page.locator(".field[data-name=dob] .why")).to_be_empty()


def test_nobody_is_chosen_and_the_cursor_is_where_a_digit_chooses(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA))[0]
    page = desk.sit_down(document=made)
    page.keyboard.press("Alt+a")
    page.keyboard.press("Alt+0")
    page.locator("input[name=facility]").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said")).to_contain_text("Choose the patient first")
    wait_until(lambda: _is_in_sight(page, ".said"), "the sentence to be in sight")
    wait_until(lambda: _is_in_sight(page, ".person"), "the candidates to be in sight")
    page.keyboard.press("1")
    expect(page.locator(".banner.sure")).to_be_visible()


def test_a_past_follow_up_date_is_refused_in_the_question_and_the_remark_stays(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA))[0]
    page = desk.sit_down(document=made)
    page.keyboard.press("Alt+p")
    page.locator(".asking select[name=code]").select_option("missing_page")
    page.locator(".asking input[name=reason]").fill("asks the ward")
    page.locator(".asking input[name=due]").fill("2020-01-01")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("The follow-up date is past")
    expect(page.locator(".asking input[name=reason]")).to_have_value("asks the ward")
    expect(page.locator(".asking select[name=code]")).to_have_value("missing_page")
    page.locator(".asking input[name=due]").fill("2199-01-01")
    page.keyboard.press("Enter")
    wait_until(lambda: desk.document(made).state == "pended", "the document to be pended")


def test_pages_beside_the_document_are_told_in_words_and_by_which_count(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA), "page two", "page three", "page four")[0]
    page = desk.sit_down(document=made)
    page.keyboard.press("PageDown")
    page.keyboard.press("Alt+x")
    page.locator("select[name=why]").select_option("separator")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_text("Scan page 2 is a separator sheet")
    expect(page.locator(".counts")).to_have_text("Pages of this document")
    expect(page.locator(".thumb").nth(1)).to_have_attribute("title", "Page 2 of this document, page 3 of the scan")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/strip.png")


def test_that_a_consent_is_not_signed_is_said_and_not_only_looked_at(desk: Desk) -> None:  # noqa: F811
    """The cursor opened in the field, and one Ctrl Enter half a second later filed a consent without its signature."""
    made = desk.put(note(*ANA, "an empty line to sign on", kind="CONSENT FOR PROCEDURE"))[0]
    with desk.home.writing() as session:
        session.add(FieldRow(document_id=made, name="signature", value="absent", confidence=0.7, page=1, source="ink"))
    page = desk.sit_down(document=made)
    page.locator("select[name=type]").select_option("CONSENT_PROC")
    wait_until(lambda: _says_after_a_key(page, "The signature must be confirmed"), "the signature to be asked for")
    wait_until(lambda: focused(page) == "signature", "the cursor to be in the signature")
    expect(page.locator(".banner")).to_contain_text("The signature is not confirmed yet")
    assert desk.document(made).state == "to_verify"
    page.keyboard.press("Enter")
    expect(page.locator(".field[data-name=signature] .band")).to_have_text("✓ confirmed")
    page.keyboard.press("Control+Enter")
    wait_until(lambda: desk.document(made).state == "verified", "the consent to be approved as it is")


def test_what_goes_to_registration_is_what_the_fields_say_by_then(desk: Desk) -> None:  # noqa: F811
    made = desk.put("PROGRESS NOTE\nPatient Name: Stranger, Una\nresting")[0]
    page = desk.sit_down(document=made)
    page.keyboard.press("Alt+n")
    expect(page.locator(".asking li")).to_contain_text(["Name: ", "Date of birth: not read", "Sex: ", "MRN: not read"])
    page.keyboard.press("Alt+a")
    _type(page, "mrn", "00999999")
    expect(page.locator(".asking li").nth(3)).to_have_text("MRN: 00999999")
