"""A filed document is amended from its chart: the form, the desk, the versions, and a cancel, in light and dark."""

import pytest
from playwright.sync_api import Page, expect

from ingest import filing
from storage.desk import amending, approving
from storage.documents import fields, versions
from storage.documents.fields import Correction
from storage.foundation.states import DocumentState
from tests.browser.conftest import choose, violations_at_every_size
from tests.browser.test_ways_on import ANA, Room, room
from tests.given.desk import note, put
from tests.given.records import TESS

__all__ = ["room"]

FILED = 1


def _chart(room: Room, name: str, scheme: str = "light") -> Page:
    page = room.sit(name, "chart", scheme)
    page.get_by_label("Patient: names, MRN or date of birth").fill(ANA[0])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Progress note").first.click()
    expect(page.get_by_role("img", name="Scanned page")).to_be_visible()
    return page


def _switch(page: Page, words: str) -> None:
    page.get_by_text(words).click()


def test_a_filed_document_is_amended_at_the_desk_and_its_versions_are_listed(room: Room) -> None:
    page = _chart(room, "tess")
    _switch(page, "Amend this document")
    page.get_by_role("button", name="Amend it at the desk").click()
    expect(page.get_by_text("Choose why the document is amended. Nothing was changed.")).to_be_visible()
    choose(page, "Why it is amended", "a date is wrong")
    page.get_by_label("What is wrong").fill("the day of the visit")
    page.keyboard.press("Tab")
    room.picture(page, "amend-form")
    page.get_by_role("button", name="Amend it at the desk").click()
    expect(page.get_by_text("tess is amending the filed document since")).to_contain_text("the day of the visit")
    expect(page.get_by_role("button", name="Progress note (being amended)")).to_be_visible()
    room.picture(page, "amend-open")
    page.get_by_role("link", name="Work on it at the desk").click()
    expect(page.locator(f'.station[data-document="{FILED}"]')).to_be_visible()
    expect(page.locator(".station .banner")).to_contain_text("is amending the filed document")
    room.picture(page, "amend-desk")
    with room.home.writing() as session:
        version = fields.save_corrections(
            session, FILED, [Correction("service_date", "2024-02-02")], TESS, version=room.document(FILED).version
        )
        approving.approve(session, FILED, TESS, version=version)
    filing.file_verified(room.home, 0.0)
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_old_version_is_shown_as_superseded_with_who_saw_it(room: Room, scheme: str) -> None:
    with room.home.reading() as session:
        assert len(versions.of_document(session, FILED)) == 2
    page = _chart(room, "sam", scheme)
    _switch(page, "Versions of this document (2)")
    expect(page.get_by_text("Date of service: nothing → 02/02/2024")).to_be_visible()
    assert violations_at_every_size(page) == []
    room.picture(page, f"versions-{scheme}")
    page.get_by_role("button", name="1, superseded").click()
    expect(page.get_by_text("Not for use.")).to_contain_text("SUPERSEDED: version 1")
    expect(page.get_by_role("img", name="Scanned page")).to_have_attribute("src", f"/version/{FILED}/1/1.jpg?v=1-1")
    assert violations_at_every_size(page) == []
    room.picture(page, f"version-superseded-{scheme}")
    page.get_by_role("button", name="Show the document as it is now").click()
    expect(page.get_by_text("Not for use.")).to_have_count(0)
    page.context.close()


def test_whoever_opened_an_amendment_cancels_it_from_the_chart(room: Room) -> None:
    with room.home.writing() as session:
        amending.open_amendment(session, FILED, "wrong_kind", "it is a consult", TESS)
    sam, tess = _chart(room, "sam"), _chart(room, "tess")
    expect(sam.get_by_role("button", name="Cancel the amendment")).to_be_visible()
    tess.get_by_role("button", name="Cancel the amendment").click()
    expect(tess.get_by_text("The amendment is cancelled. The document is as it was filed.")).to_be_visible()
    assert room.document(FILED).state == DocumentState.FILED
    for page in (sam, tess):
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_that_came_later_is_put_in_where_its_number_says(room: Room, scheme: str) -> None:
    late = put(room.home, [note(*ANA, "Page 3 of 3")], f"late-{scheme}.tif")[0]
    with room.home.writing() as session:
        amending.open_amendment(session, FILED, "late_page", "page three came today", TESS)
    page = _chart(room, "tess", scheme)
    _switch(page, "Put in pages that came later")
    choose(page, "Document with the pages", f"{late}: ")
    expect(page.get_by_text("page 3 of 3")).to_be_visible()
    expect(page.get_by_label("Place of page 1 in the document")).to_have_value("3")
    assert violations_at_every_size(page) == []
    room.picture(page, f"put-in-{scheme}")
    page.get_by_role("button", name="Put them in").click()
    expect(page.get_by_text(f"The page is put in. Document {late} is void now")).to_be_visible()
    assert room.document(late).state == DocumentState.VOIDED
    page.get_by_role("button", name="Cancel the amendment").click()
    expect(page.get_by_text("The amendment is cancelled.")).to_be_visible()
    assert room.document(late).state == DocumentState.TO_VERIFY
    page.context.close()
