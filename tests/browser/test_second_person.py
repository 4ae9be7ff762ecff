"""What a second person decides, on its screens: an escalated document, a wrong chart, a session that is ended."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select, update

from storage.desk import waiting
from storage.documents import identity, leases, misfiling
from storage.foundation import accounts
from storage.foundation.states import DocumentState
from storage.foundation.tables.desk import Remark
from storage.foundation.tables.documents import Document, Misfiling
from tests.browser.conftest import choose, start_work
from tests.browser.test_ways_on import ANA, Room, room
from tests.given.desk import note, put
from tests.given.records import TESS, verify_and_file
from tests.given.waiting import wait_until

__all__ = ["room"]


def _only_waits(room: Room, name: str, *texts: str) -> int:
    """A new document, which is all that comes to Tess's desk."""
    with room.home.writing() as session:
        leases.end_all(session, TESS)
        session.exec(update(Document).where(col(Document.state) == DocumentState.TO_VERIFY).values(assigned_to="uma"))
    return put(room.home, list(texts) or [note(*ANA, name)], f"{name}.tif")[0]


def _escalate(room: Room, made: int) -> None:
    with room.home.writing() as session:
        document = leases.claim(session, made, TESS)
        waiting.put_aside(session, made, "escalate", "legal", "Is the order signed?", TESS, version=document.version)


def _filed_to_ana(room: Room, name: str, *texts: str) -> int:
    made = put(room.home, list(texts), f"{name}.tif")[0]
    with room.home.writing() as session:
        document = leases.claim(session, made, TESS)
        identity.choose_patient(session, made, 1, TESS, version=document.version, retyped=ANA[0])
    verify_and_file(room.home, made)
    return made


def test_a_supervisor_takes_an_escalated_document_with_its_question(room: Room) -> None:
    made = _only_waits(room, "order")
    _escalate(room, made)
    page = room.sit("sam", "worklist?queue=escalate")
    page.get_by_role("button", name=str(made), exact=True).click()
    expect(page.get_by_text("tess asked a supervisor, ")).to_contain_text("Is the order signed?")
    room.picture(page, "escalated")
    page.get_by_role("button", name="Work on it at the desk").click()
    expect(page.locator(f'.station[data-document="{made}"]')).to_be_visible()
    expect(page.locator(".station .banner")).to_contain_text("Is the order signed?")
    room.picture(page, "escalated-desk")
    assert (room.document(made).state, room.document(made).claimed_by) == ("to_verify", "sam")
    with room.home.reading() as session:
        assert session.exec(select(Remark.text).where(Remark.document_id == made)).all()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "login" in url)
    page.context.close()


def test_what_is_put_back_stays_in_sight_and_comes_to_no_idle_desk_by_itself(room: Room) -> None:
    asked = _only_waits(room, "asked")
    _escalate(room, asked)
    skipped = _only_waits(room, "skipped")
    tess = room.sit("tess")
    start_work(tess)
    expect(tess.locator(f'.station[data-document="{skipped}"]')).to_be_visible()
    tess.keyboard.press("Alt+k")
    expect(tess.locator(".banner")).to_contain_text("Only documents you skipped are left")
    sam = room.sit("sam", "worklist?queue=escalate")
    sam.get_by_role("button", name=str(asked), exact=True).click()
    sam.get_by_role("button", name="Put back on the work list").click()
    expect(sam.get_by_text(f"Document {asked} is on the work list again.")).to_be_visible()
    expect(sam.get_by_text("tess asked a supervisor, ")).to_contain_text("Is the order signed?")
    expect(sam.get_by_role("img", name="Scanned page")).to_be_visible()
    room.picture(sam, "put-back")
    tess.mouse.move(300, 300)
    expect(tess.locator(".station .begin")).to_be_visible()
    expect(tess.locator(".banner")).to_contain_text("1 to verify")
    assert room.document(asked).claimed_by is None
    tess.keyboard.press("Enter")
    expect(tess.locator(f'.station[data-document="{asked}"]')).to_be_visible()
    for page in (tess, sam):
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_stays_in_view_while_it_is_said_what_is_wrong_with_it(room: Room, scheme: str) -> None:
    _filed_to_ana(room, f"contact {scheme}", note(*ANA, f"contact {scheme}"), f"label of Lee Kim {scheme}")
    page = room.sit("tess", "search", scheme)
    page.get_by_label("Words on the page").fill(f"contact {scheme}")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Progress note").first.click()
    page.get_by_text("This is in the wrong chart").click()
    propose = page.get_by_role("button", name="Propose the correction")
    propose.scroll_into_view_if_needed()
    expect(page.get_by_role("img", name="Scanned page")).to_be_in_viewport(ratio=0.2)
    propose.click()
    expect(page.get_by_text("Say which pages are in the wrong chart.")).to_be_in_viewport()
    expect(page.get_by_role("img", name="Scanned page")).to_be_in_viewport(ratio=0.2)
    room.picture(page, f"wrong-chart-{scheme}")
    page.get_by_text("Some of its pages").click()
    choose(page, "Pages", "Page 2")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_confirms_is_told_that_the_page_names_the_present_patient(room: Room, scheme: str) -> None:
    made = _filed_to_ana(room, f"names {scheme}", note(*ANA, f"names her {scheme}"))
    with room.home.writing() as session:
        lee = 2
        number = misfiling.propose(session, made, [], lee, "label of Lee Kim", "wrong_sticker", TESS)
    page = room.sit("sam", "corrections", scheme)
    page.get_by_role("tab", name="Wrong chart").click()
    page.get_by_role("button", name=str(number), exact=True).click()
    expect(page.get_by_text("The page names the patient it is filed to now")).to_be_visible()
    confirm = page.get_by_role("button", name="Confirm, as the second person")
    expect(confirm).to_be_in_viewport()
    expect(page.get_by_text("✓ agrees with the page").first).to_be_visible()
    expect(page.get_by_text("✗ differs from the page").first).to_be_visible()
    confirm.click()
    expect(page.get_by_text("in two words or more")).to_be_in_viewport()
    room.picture(page, f"confirm-{scheme}")
    page.get_by_label(re.compile("Why it goes all the same")).fill("she is only the contact")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Confirm, as the second person").click()
    expect(page.get_by_text(f"Correction {number} is confirmed")).to_be_visible()
    with room.home.reading() as session:
        assert session.get_one(Misfiling, number).confirmed_by == "sam"
    page.context.close()


def _end_sessions(room: Room, name: str) -> None:
    with room.home.writing() as session:
        accounts.end_sessions_of(session, name)


def _is_blank(page: Page) -> None:
    expect(page.get_by_text("You were signed out")).to_be_visible()
    expect(page.get_by_role("img", name="Scanned page")).to_have_count(0)
    expect(page.get_by_text("Connection")).to_have_count(0)


@pytest.mark.parametrize("clicks", [False, True])
def test_a_session_that_is_ended_leaves_no_page_on_the_screen(room: Room, clicks: bool) -> None:
    _filed_to_ana(room, f"ended {clicks}", note(*ANA, f"ended {clicks} zebra"))
    page = room.sit("uma", "search")
    page.get_by_label("Words on the page").fill("zebra")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Progress note").first.click()
    expect(page.get_by_role("img", name="Scanned page")).to_be_visible()
    _end_sessions(room, "uma")
    if clicks:
        page.get_by_role("link", name="Work list").click()  # what Streamlit is refused with 401
    _is_blank(page)
    expect(page.locator("input[name=username]")).to_be_visible()
    page.context.close()


def test_the_desk_of_an_ended_session_locks_and_says_why(room: Room) -> None:
    made = _only_waits(room, "locked")
    page = room.sit("tess")
    start_work(page)
    expect(page.locator(f'.station[data-document="{made}"]')).to_be_visible()
    _end_sessions(room, "tess")
    expect(page.locator(".station .locked")).to_contain_text("You were signed out")
    assert page.locator("img.page").get_attribute("src") is None
    page.get_by_role("link", name="Work list").click()
    wait_until(lambda: page.locator("[data-testid=stDialog]:visible").count() == 0, "no dialog over the locked desk")
    page.get_by_role("link", name="Sign in again").click()
    expect(page.locator("input[name=username]")).to_be_visible()
    page.context.close()
