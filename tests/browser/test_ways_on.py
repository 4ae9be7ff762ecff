"""Ways on from a document: registration, assignment, lists that are sorted, ticked and saved, corrections, read-only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from ingest import filing
from ingest.rematching import match_due
from storage.desk import approving, waiting
from storage.documents import leases, misfiling
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.desk import Remark
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Person
from storage.roster import questions
from storage.roster.loading import load
from storage.roster.messages import Number, PersonUpdate, Registration
from tests.browser.conftest import PICTURES, add_people, choose, opened, review, sign_in, start_work
from tests.given.commands import Chartroom
from tests.given.desk import note, put
from tests.given.records import TESS, add_person, verify_and_file
from tests.given.waiting import wait_until
from tests.given.workbooks import texts_of

ANA = ("00123456", "Rivera, Ana", "03/14/1957")
KOLKATA = "Asia/Kolkata"
"""Far from the zone of any machine that runs tests: half an hour off the others, and without summer time."""

STRANGER = ("00888888", "Okafor, Beatrice", "07/02/1958")


@dataclass(frozen=True)
class Room:
    """A record room with people, patients and documents, and its review app."""

    home: Home
    port: int
    browser: Browser

    def sit(self, name: str, path: str = "", scheme: str = "light") -> Page:
        page = sign_in(self.browser, self.port, name, scheme)
        if path:
            page.goto(f"http://127.0.0.1:{self.port}/{path}")
        return page

    def document(self, document_id: int) -> Document:
        with self.home.reading() as session:
            return session.get_one(Document, document_id)

    def picture(self, page: Page, name: str) -> None:
        if PICTURES:
            (Path(PICTURES) / f"{name}.jpg").write_bytes(page.screenshot(type="jpeg", quality=80))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Room]:
    """Ana and Lee are on the list; three documents of Ana wait, one of somebody unknown; one is filed to Ana."""
    base = tmp_path_factory.mktemp("ways")
    chartroom = Chartroom(base / "data", base / "keys" / "data.key", CHARTROOM_TIME_ZONE=KOLKATA)
    chartroom("init")
    add_people(chartroom)
    with opened(chartroom) as home:
        add_person(home, birth_date=date(1957, 3, 14), sex="F")
        add_person(home, "00777777", "Kim", "Lee", birth_date=date(1960, 5, 6))
        filed = put(home, [note(*ANA, "Page 1 of 2"), "label of Lee Kim\nPage 2 of 2"], "filed.tif")[0]
        with home.writing() as session:
            document = leases.claim(session, filed, TESS)
            approving.approve(session, filed, TESS, version=document.version)
        filing.file_verified(home, 0.0)
        for number in range(3):
            put(home, [note(*ANA, f"waiting {number}")], f"waiting-{number}.tif")
        put(home, [note(*STRANGER, "seen today")], "stranger.tif")
        with review(chartroom) as port:
            yield Room(home, port, browser)


def _settled(page: Page) -> None:
    """Until the screen's script has ended: what is open closes when it is drawn anew."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()


def _number(room: Room, name: str) -> int:
    with room.home.reading() as session:
        ids = session.exec(select(Document.id).order_by(Document.id)).all()  # type: ignore[arg-type]
    return {"filed": ids[0], "stranger": ids[-1], "first": ids[-4], "second": ids[-3], "third": ids[-2]}[name]


def test_landing_on_verify_claims_nothing_until_work_begins(room: Room) -> None:
    page = room.sit("tess")
    expect(page.locator(".station .begin")).to_be_focused()
    expect(page.locator(".banner")).to_contain_text("to verify")
    room.picture(page, "start")
    with room.home.reading() as session:
        assert session.exec(select(Document.id).where(Document.claimed_by == "tess")).all() == []
    page.keyboard.press("Enter")
    expect(page.locator(".station[data-document]")).to_be_visible()
    with room.home.reading() as session:
        assert session.exec(select(Document.id).where(Document.claimed_by == "tess")).all()
    page.reload()
    expect(page.locator(".station[data-document]")).to_be_visible()  # what is on the desk stays there
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "login" in url)
    page.context.close()


def test_a_patient_who_is_not_on_the_list_goes_to_registration_and_comes_back(room: Room) -> None:
    made = _number(room, "stranger")
    page = room.sit("tess", f"?document={made}")
    expect(page.locator(f'.station[data-document="{made}"]')).to_be_visible()
    page.keyboard.press("Alt+n")
    expect(page.locator(".asking")).to_contain_text("Name: OKAFOR, BEATRICE")
    page.keyboard.press("Enter")  # no reason is chosen yet
    expect(page.locator(".said")).to_contain_text("Please fill it in")
    room.picture(page, "registration-asked")
    page.locator(".asking select[name=code]").select_option("not_listed")
    page.keyboard.press("Enter")
    wait_until(lambda: room.document(made).waits_for == "register", "the document to wait for registration")
    page.goto(f"http://127.0.0.1:{room.port}/registration")
    row = page.get_by_role("row").filter(has_text="OKAFOR, BEATRICE")
    expect(row).to_contain_text("no such patient on the list")
    expect(row).to_contain_text("07/02/1958")
    room.picture(page, "registration")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert '"OKAFOR, BEATRICE","1958-07-02"' in saved  # files hold days as every program reads them
    with room.home.reading() as session:
        sent_at = session.exec(select(Remark.said_at).where(Remark.document_id == made)).one()
    here = sent_at.astimezone(ZoneInfo(KOLKATA))
    expect(page.get_by_role("columnheader", name=f"Since ({KOLKATA})")).to_be_visible()
    expect(row.locator("time")).to_have_text(["07/02/1958", f"{here:%m/%d/%Y %H:%M}"])
    assert f'"{here:%Y-%m-%dT%H:%M:%S}+05:30"' in saved
    assert download.value.suggested_filename == "registration.csv"
    with room.home.reading() as session:
        told = session.exec(select(AuditEvent.actor).where(AuditEvent.action == "export_list")).all()
    assert told == ["tess"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as Excel").click()
    assert download.value.suggested_filename == "registration.xlsx"
    assert ("OKAFOR, BEATRICE", "1958-07-02") in pairwise(texts_of(Path(download.value.path()).read_bytes()))
    registered = PersonUpdate(
        numbers=(Number("00888888"),), family="Okafor", given="Beatrice", birth_date=date(1958, 7, 2), sex="F"
    )
    load(room.home, [("1", Registration(registered))], "test")
    match_due(room.home)
    assert (room.document(made).state, room.document(made).waits_for) == ("to_verify", None)
    page.goto(f"http://127.0.0.1:{room.port}/worklist")
    expect(page.get_by_role("row").filter(has_text="now fits a patient")).to_be_visible()
    page.context.close()


def test_rows_are_sorted_ticked_assigned_and_saved(room: Room) -> None:
    with room.home.writing() as session:
        leases.end_all(session, TESS)
    page = room.sit("sam", "worklist")
    expect(page.get_by_role("button", name="Save as CSV")).to_be_visible()
    page.get_by_role("button", name="Document", exact=True).click()
    head = page.get_by_role("columnheader", name="Document")
    expect(head).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Document", exact=True).click()
    expect(head).to_have_attribute("aria-sort", "descending")
    numbers = [int(text) for text in page.locator("tbody td:nth-child(2)").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)
    wanted = [_number(room, "second"), _number(room, "third")]
    for number in wanted:
        page.get_by_label(f"Select row {number}", exact=True).check()
    expect(page.get_by_role("button", name="Assign 2")).to_be_visible()
    page.get_by_label("Assign to").click()
    page.get_by_role("option", name="uma").click()
    page.get_by_role("button", name="Assign 2").click()
    expect(page.get_by_text("2 of 2 documents assigned to uma.")).to_be_visible()
    room.picture(page, "worklist-assigned")
    assert [room.document(number).assigned_to for number in wanted] == ["uma", "uma"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith('"Document","Type","Pages"')
    assert len(lines) - 1 == len(numbers)
    page.context.close()
    uma = room.sit("uma")
    expect(uma.locator(".banner")).to_contain_text("2 assigned to you come first")
    start_work(uma)
    expect(uma.locator(".station[data-document]")).to_be_visible()
    assert int(uma.locator(".station").get_attribute("data-document") or 0) in wanted
    uma.goto(f"http://127.0.0.1:{room.port}/worklist?queue=mine")
    expect(uma.locator("tbody tr")).to_have_count(2)
    uma.context.close()


def test_what_somebody_works_on_is_read_by_others(room: Room) -> None:
    made = _number(room, "first")
    with room.home.writing() as session:
        leases.claim(session, made, TESS)
    page = room.sit("uma", "worklist")
    page.get_by_role("button", name=str(made), exact=True).click()
    expect(page.get_by_text("tess works on it: read only.")).to_be_visible()
    expect(page.get_by_role("img", name="Scanned page")).to_be_visible()
    expect(page.get_by_role("link", name="Work on it at the desk")).to_have_count(0)
    page.context.close()


def test_a_document_says_itself_that_it_is_in_the_wrong_chart_and_another_person_sees_both(room: Room) -> None:
    filed = _number(room, "filed")
    page = room.sit("tess", "chart")
    page.get_by_label("Patient: names, MRN or date of birth").fill("00123456")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Progress note").click()
    page.get_by_text("This is in the wrong chart").click()
    page.get_by_label("Find the right patient").fill("00777777")
    page.keyboard.press("Enter")
    choose(page, "Right patient", "Kim, Lee")
    page.get_by_text("Some of its pages").click()
    choose(page, "Pages", "Page 2")
    expect(page.get_by_text("Page 2 of 2: goes to Kim, Lee")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Reason", exact=True).fill("the second page is of Lee")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Propose the correction").click()
    expect(page.get_by_text("Choose a cause. Nothing was proposed.")).to_be_visible()
    choose(page, "Cause", "pages of two patients")
    _settled(page)
    page.get_by_role("button", name="Propose the correction").click()
    expect(page.get_by_text(f"of document {filed} is proposed. A second supervisor must confirm it.")).to_be_visible()
    room.picture(page, "wrong-chart-proposed")
    page.context.close()
    sam = room.sit("sam", "corrections")
    tab = sam.get_by_role("tab", name="Wrong chart")
    expect(tab).to_be_visible()
    _settled(sam)

    def _is_open() -> bool:
        tab.click()
        return tab.get_attribute("aria-selected") == "true"

    wait_until(_is_open, "the tab to open")
    sam.get_by_role("button", name="1", exact=True).click()
    expect(sam.get_by_text("Correction 1 of document 1, page 2 of 2")).to_be_visible()
    expect(sam.get_by_text("Filed to now: Rivera, Ana")).to_be_visible()
    expect(sam.get_by_text("Proposed: Kim, Lee")).to_be_visible()
    expect(sam.get_by_role("img", name="Scanned page")).to_be_visible()
    room.picture(sam, "wrong-chart-decided")
    sam.get_by_role("button", name="Confirm, as the second person").click()
    expect(sam.get_by_text("is confirmed: document ")).to_be_visible()
    expect(sam.get_by_text("No correction waits.")).to_be_visible()
    sam.context.close()


def test_a_document_of_none_of_the_patients_it_is_asked_about_goes_where_the_desk_sends_it(room: Room) -> None:
    made = put(room.home, [note(*ANA, "asked about")], "asked.tif")[0]
    filed = put(room.home, [note(*ANA, "asked about in a chart")], "asked-filed.tif")[0]
    verify_and_file(room.home, filed)
    with room.home.writing() as session:
        for document_id in (made, filed):
            document = session.get_one(Document, document_id)
            person = session.get_one(Person, document.person_id)
            questions.ask(session, document, "MRN 00555555 was merged into MRN 00123456", person, person)
    page = room.sit("tess", "corrections")
    for document_id, way in ((made, "Back to the work list"), (filed, "It is filed")):
        with room.home.reading() as session:
            question = next(q for q in questions.waiting(session, TESS) if q.document_id == document_id)
        choose(page, "Question", str(question.id))
        _settled(page)
        page.get_by_role("button", name="Wrong patient").click()
        expect(page.get_by_text("Choose where the document goes.")).to_be_visible()
        choose(page, "Where it goes", way)
        _settled(page)
        if document_id == filed:
            choose(page, "Why", "the patient list was wrong")
            _settled(page)
        page.get_by_label("Reason", exact=True).fill("the page shows another birthday")
        page.get_by_label("Reason", exact=True).press("Enter")
        _settled(page)
        room.picture(page, f"wrong-patient-{document_id}")
        page.get_by_role("button", name="Wrong patient").click()
        said = "is on the work list without a patient" if document_id == made else "is proposed"
        expect(page.get_by_text(said)).to_be_visible()
    assert (room.document(made).state, room.document(made).person_id) == ("to_verify", None)
    assert room.document(filed).state == "filed"
    with room.home.writing() as session:
        told = session.exec(select(AuditEvent.action).where(AuditEvent.subject == f"document:{made}")).all()
        assert "turn_down_patient" in told
        assert misfiling.open_of(session, filed) is not None
    page.context.close()


def test_a_document_that_waits_is_shown_read_only_where_the_desk_is_asked_for_it(room: Room) -> None:
    made = put(room.home, [note(*ANA, "waits for paper")], "pended.tif")[0]
    with room.home.writing() as session:
        document = leases.claim(session, made, TESS)
        waiting.put_aside(session, made, "pend", "missing_page", "", TESS, version=document.version)
    for scheme in ("light", "dark"):
        page = room.sit("uma", f"?document={made}", scheme)
        expect(page.get_by_text("This document is pended: a page is missing. It is shown read-only.")).to_be_visible()
        expect(page.get_by_role("img", name="Scanned page")).to_be_visible()
        expect(page.locator(".station")).to_have_count(0)
        room.picture(page, f"read-only-{scheme}")
        page.get_by_role("link", name="Go to the desk").click()
        expect(page.locator(".station")).to_be_visible()
        page.context.close()
    assert room.document(made).claimed_by is None


@pytest.mark.parametrize("path", ["worklist", "chart"])
def test_every_screen_goes_blank_when_nobody_is_here(tmp_path: Path, browser: Browser, path: str) -> None:
    chartroom = Chartroom(tmp_path / "data", tmp_path / "keys" / "data.key", CHARTROOM_IDLE_MINUTES="0.2")
    chartroom("init")
    add_people(chartroom)
    with review(chartroom) as port:
        page = sign_in(browser, port)
        page.goto(f"http://127.0.0.1:{port}/{path}")
        page.wait_for_url(lambda url: "login?away" in url)
        expect(page.get_by_text("You were signed out because nobody was here.")).to_be_visible()
        page.goto(f"http://127.0.0.1:{port}/{path}")
        page.wait_for_url(lambda url: "login" in url)
        page.context.close()


def test_who_sits_before_an_empty_desk_hears_of_a_new_scan_and_claims_nothing_by_it(
    tmp_path: Path, browser: Browser
) -> None:
    chartroom = Chartroom(tmp_path / "data", tmp_path / "keys" / "data.key")
    chartroom("init")
    add_people(chartroom)
    with review(chartroom) as port, opened(chartroom) as home:
        page = sign_in(browser, port)
        expect(page.get_by_text("Nothing to verify")).to_be_visible()
        made = put(home, [note(*STRANGER, "seen today")], "new.tif")[0]
        expect(page.locator(".station .begin")).to_be_visible()
        expect(page.locator(".banner")).to_contain_text("1 to verify")
        with home.reading() as session:
            assert session.get_one(Document, made).claimed_by is None
        page.keyboard.press("Enter")
        expect(page.locator(f'.station[data-document="{made}"]')).to_be_visible()
        page.context.close()
