"""Labels of protection in a real Chromium: at the desk by key, and beside a document that was found."""

import pytest
from playwright.sync_api import expect

from storage.documents import filing, leases, moves
from storage.foundation.tables.documents import Document
from tests.browser.conftest import PICTURES, choose, sign_in
from tests.browser.test_station import ANA, Desk, app, desk  # noqa: F401 - fixtures
from tests.given.desk import note
from tests.given.records import TESS
from tests.given.waiting import wait_until

pytestmark = pytest.mark.browser


def _codes(desk: Desk, document: int) -> list[str]:  # noqa: F811
    return [label["code"] for label in desk.document(document).labels]


def test_a_wrong_label_is_lifted_and_another_added_at_the_desk_and_what_is_typed_stays(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA, "HIV positive since 2009."))[0]
    page = desk.sit_down(document=made)
    banner = page.locator(".banner")
    expect(banner).to_contain_text("Protected: HIV or AIDS")
    page.keyboard.press("Alt+a")
    page.locator("input[name=facility]").fill("Ward 3")
    page.keyboard.press("Alt+l")
    expect(page.locator("select[name=what] option").nth(1)).to_contain_text("Lift: HIV or AIDS")
    page.locator("select[name=what]").select_option(index=1)  # nothing is chosen by itself
    page.locator(".asking input[name=reason]").fill("the hospital's own leaflet")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("Lifted: HIV or AIDS")
    expect(banner).not_to_contain_text("Protected")
    expect(page.locator("input[name=facility]")).to_have_value("Ward 3")
    page.keyboard.press("Alt+l")
    page.locator("select[name=what]").select_option("add_label SDV")
    page.locator(".asking input[name=reason]").fill("asked by the patient")
    page.keyboard.press("Enter")
    expect(banner).to_contain_text("Protected: sexual assault or domestic violence: asked by the patient")
    assert _codes(desk, made) == ["SDV"]


def test_a_label_is_lifted_by_a_supervisor_beside_a_found_document_and_added_by_a_technician(desk: Desk) -> None:  # noqa: F811
    made = desk.put(note(*ANA, "HIV positive since 2009.", "zanzibar"))[0]
    with desk.home.writing() as session:
        leases.claim(session, made, TESS)
        moves.move(session, made, "approve", TESS, override_mismatch=True, reason="a test")
        filing.file_document(session, desk.home.vault, made)
    assert desk.document(made).state == "filed"
    page = sign_in(desk.browser, desk.port, "sam")
    desk.pages.append(page)
    page.goto(f"http://127.0.0.1:{desk.port}/search")
    page.get_by_label("Words on the page").fill("zanzibar")
    page.keyboard.press("Enter")
    page.get_by_text("Labels of protection (1)").click()
    expect(page.get_by_text("HIV or AIDS: “hiv positive”").first).to_be_visible()
    page.get_by_label("Reason to lift it").fill("the hospital's own leaflet")
    page.get_by_role("button", name="Lift a label").click()
    expect(page.get_by_text("Choose a label. Nothing was changed.")).to_be_visible()
    assert _codes(desk, made) == ["HIV"]
    expect(page.get_by_label("Reason to lift it")).to_have_value("the hospital's own leaflet")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/label-not-chosen.png", full_page=True)
    choose(page, "Lift a label", "HIV or AIDS")
    page.get_by_role("button", name="Lift a label").click()
    expect(page.get_by_text("Lifted: HIV or AIDS.")).to_be_visible()
    wait_until(lambda: _codes(desk, made) == [], "the label to be lifted")
    tess = sign_in(desk.browser, desk.port, "tess")
    desk.pages.append(tess)
    tess.goto(f"http://127.0.0.1:{desk.port}/search")
    tess.get_by_label("Words on the page").fill("zanzibar")
    tess.keyboard.press("Enter")
    tess.get_by_text("Labels of protection (1)").click()  # the one that was lifted is told
    expect(tess.get_by_role("button", name="Lift a label")).to_have_count(0)
    choose(tess, "Add a label", "psych")
    tess.get_by_label("Reason to add it").fill("asked by the patient")
    tess.get_by_role("button", name="Add a label").click()
    wait_until(lambda: len(_codes(desk, made)) == 1, "the label to be added")
    expect(tess.get_by_text("No approved page holds these words.")).to_be_visible()
    assert isinstance(desk.document(made), Document)
