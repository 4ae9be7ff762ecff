"""Every screen of every role, light and dark: it draws without an error, holds what it should, and is photographed."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from ingest import filing
from storage.custody import arrivals
from storage.desk import approving, rescans, waiting
from storage.documents import leases
from storage.foundation import accounts
from storage.foundation.clock import utc_now
from storage.foundation.home import Home
from storage.foundation.tables.documents import Document, FieldRow
from storage.quality.policy import Quality
from tests.browser.conftest import (
    A_BUSY_MACHINE,
    CUT_OFF,
    PICTURES,
    add_people,
    choose,
    opened,
    review,
    sign_in,
    start_work,
    violations_at_every_size,
)
from tests.given.commands import Chartroom
from tests.given.desk import note, put
from tests.given.records import TESS, add_person
from tests.given.waiting import wait_until

pytestmark = pytest.mark.browser


SCREENS: dict[str, dict[str, str]] = {
    "sam": {
        "verify": "to verify",
        "group": "Arrows move",
        "plain": "to verify",
        "worklist": "Work list",
        "registration": "Patients who are not on the list",
        "blanks": "Blank sides",
        "search": "Search",
        "chart": "Patient chart",
        "scanning": "Separator sheets",
        "scans": "Every page is accounted for",
        "exceptions": "No exceptions",
        "rescans": "too faint to read",
        "corrections": "Patients to confirm",
        "looks": "to review",
        "dashboard": "Provider's answer",
        "audit": "Audit log",
        "system": "Hot folder",
        "account": "Documents an hour",
        "home": "Waiting for you",
    },
    "audrey": {
        "audit": "Audit log",
        "dashboard": "Documents approved a day",
        "corrections": "No emergency access waits",
        "account": "Change password",
        "home": "Emergency access",
    },
    "ada": {"accounts": "Add account", "system": "Hot folder", "home": "checks that failed"},
    "olga": {
        "scanning": "Drop scans",
        "scans": "Every page",
        "rescans": "too faint",
        "exceptions": "No exceptions",
        "home": "files on hold",
    },
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chartroom, int, Home]]:
    """A record room in the middle of its day: documents filed, waiting, asked for again, one of them protected."""
    base = tmp_path_factory.mktemp("screens")
    chartroom = Chartroom(base / "data", base / "keys" / "data.key")
    chartroom("init")
    add_people(chartroom)
    with opened(chartroom) as home:
        add_person(home, birth_date=date(1957, 3, 14), sex="F")
        for number in range(4):
            _file(home, note("00123456", "Rivera, Ana", "03/14/1957", "Allergies: penicillin", f"day {number}"), number)
        _file(home, note("00123456", "Rivera, Ana", "03/14/1957", "Patient is HIV positive, on antiretrovirals"), 9)
        again = put(home, [note("00123456", "Rivera, Ana", "03/14/1957"), "faint"], "again.tif")[0]
        with home.writing() as session:
            document = leases.claim(session, again, TESS)
            page = rescans.pages.pages_of_document(session, again)[1]
            rescans.ask(session, again, [page.id], "too_faint", "", TESS, version=document.version)
        for number in range(3):
            put(home, [note("00123456", "Rivera, Ana", "03/14/1957", f"waiting {number}")], f"waiting-{number}.tif")
        with home.writing() as session:  # read badly, for the grid
            for row in session.exec(select(FieldRow).where(FieldRow.name == "mrn", FieldRow.document_id > again)):
                row.confidence = 0.5
        _put_aside(home)
        with home.writing() as session:
            files = (arrivals.WaitingFile("a long name of a scan " * 4 + ".pdf", utc_now(), "Its end is missing"),)
            arrivals.keep(session, [arrivals.WaitingFolder(str(chartroom.hot), utc_now(), files)])
        for number in range(4):
            text = note("00123456", "Rivera, Ana", "03/14/1957", f"drawn {number}")
            _file(home, text, 20 + number, Quality(lot=4, major_aql=4.0, minor_aql=4.0))
        with review(chartroom) as port:
            yield chartroom, port, home


def picture(page: Page, name: str) -> None:
    """A screenshot, where a folder for them is named."""
    if PICTURES:
        (Path(PICTURES) / f"{name}.jpg").write_bytes(page.screenshot(type="jpeg", quality=80))


def _put_aside(home: Home) -> None:
    """A document of each kind of waiting."""
    for kind, code in (("pend", "illegible"), ("query", "no_date"), ("escalate", "legal"), ("register", "newborn")):
        made = put(home, [note("00123456", "Rivera, Ana", "03/14/1957", kind)], f"{kind}.tif")[0]
        with home.writing() as session:
            document = leases.claim(session, made, TESS)
            waiting.put_aside(session, made, kind, code, "Which is it?", TESS, version=document.version)


def _file(home: Home, text: str, number: int, quality: Quality | None = None) -> None:
    made = put(home, [text], f"filed-{number}.tif")[0]
    with home.writing() as session:
        document = leases.claim(session, made, TESS)
        approving.approve(session, made, TESS, version=document.version)
    filing.file_verified(home, 0.0, quality)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", list(SCREENS))
def test_every_screen_of_a_role_draws(
    browser: Browser, app: tuple[Chartroom, int, Home], tmp_path: Path, who: str, scheme: str
) -> None:
    page = sign_in(browser, app[1], who, scheme, bypass_csp=True)  # axe is put into the page
    links = page.locator("[data-testid=stTopNavLinkContainer]")
    expect(links.first).to_be_visible()
    for path, words in SCREENS[who].items():
        page.goto(f"http://127.0.0.1:{app[1]}/{path}")
        expect(page.get_by_text(words).first).to_be_visible()
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
        if path == "verify":
            start_work(page)
            expect(page.locator(".station[data-painted]")).to_be_visible()
        expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
        expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
        assert violations_at_every_size(page) == []
        picture = page.screenshot(type="jpeg", quality=70)
        assert len(picture) > 5_000
        if PICTURES and who in ("sam", "ada") and path != "blanks":  # test_custody.py has a filled one
            (Path(PICTURES) / f"{path}-{scheme}.jpg").write_bytes(picture)
    page.context.close()


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (960, 600)])  # the second: 1440 pixels at 150 %
def test_the_navigation_leaves_room_for_the_name(
    browser: Browser, app: tuple[Chartroom, int, Home], width: int, height: int
) -> None:
    page = sign_in(browser, app[1], "sam")
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"http://127.0.0.1:{app[1]}/scans")
    expect(page.get_by_text("Every page is accounted for")).to_be_visible()
    expect(page.locator("[data-testid=stTopNavLinkContainer]").first).to_be_visible()
    boxes = [found.bounding_box() for found in page.locator("[data-testid=stTopNavLinkContainer]").all()]
    name = page.get_by_text("sam (supervisor)").bounding_box()
    assert name is not None
    assert max(box["x"] + box["width"] for box in boxes if box) <= name["x"]
    page.context.close()


def test_a_person_changes_their_password_from_the_corner_and_stays_signed_in(
    browser: Browser, app: tuple[Chartroom, int, Home]
) -> None:
    app[0]("user", "add", "ned", "--role", "operator", "--password-stdin", stdin="correct-horse-battery\n")
    page = sign_in(browser, app[1], "ned")
    page.get_by_role("link", name="ned (operator)").click()
    for label, text in (
        ("Current password", "correct-horse-battery"),
        ("New password (12 characters or more)", "another-long-password"),
        ("New password again", "another-long-password"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Signed in as ned, role operator.")).to_be_visible()
    with opened(app[0]) as home, home.writing() as session:
        assert accounts.sign_in(session, "ned", "another-long-password", "here") is not None
    page.context.close()


def test_who_got_a_password_from_an_administrator_changes_it_before_anything_else(
    browser: Browser, app: tuple[Chartroom, int, Home]
) -> None:
    ada = sign_in(browser, app[1], "ada")
    ada.get_by_label("User name").fill("Wilma")
    choose(ada, "Role", "operator")
    ada.get_by_label("Password (12 characters or more)").fill("from-the-administrator")
    ada.get_by_role("button", name="Add account").click()
    expect(ada.get_by_text("Account created. The password is changed at the first sign-in.")).to_be_visible()
    expect(ada.get_by_role("row").filter(has_text="Wilma")).to_contain_text("changes the password at the next sign-in")
    ada.context.close()
    window = browser.new_context(viewport={"width": 1440, "height": 900})
    window.set_default_timeout(A_BUSY_MACHINE)
    page = window.new_page()
    page.goto(f"http://127.0.0.1:{app[1]}/scans")
    page.locator("input[name=username]").fill("Wilma")
    page.locator("input[name=password]").fill("from-the-administrator")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/password"))
    page.goto(f"http://127.0.0.1:{app[1]}/scans")  # no way round
    expect(page.get_by_label("Current password")).to_be_focused()
    picture(page, "password")
    for text in ("from-the-administrator", "all-of-my-own-words", "all-of-my-own-wards"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("The two new passwords differ. Nothing was changed.")
    for text in ("from-the-administrator", "all-of-my-own-words", "all-of-my-own-words"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/home"))
    expect(page.get_by_text("Waiting for you")).to_be_visible()
    window.close()


def test_an_administrator_changes_a_role_and_the_person_sees_other_screens(
    browser: Browser, app: tuple[Chartroom, int, Home]
) -> None:
    app[0]("user", "add", "rolf", "--role", "operator", "--password-stdin", stdin="correct-horse-battery\n")
    ada = sign_in(browser, app[1], "ada")
    choose(ada, "Account to change", "rolf")
    choose(ada, "New role", "auditor")
    ada.get_by_role("button", name="Change role").click()
    expect(ada.get_by_text("rolf has the role auditor now.")).to_be_visible()
    expect(ada.get_by_role("row").filter(has_text="rolf")).to_contain_text("auditor")
    ada.context.close()
    page = sign_in(browser, app[1], "rolf")
    page.goto(f"http://127.0.0.1:{app[1]}/audit")
    expect(page.get_by_text("change_role").first).to_be_visible()
    page.context.close()


@pytest.mark.parametrize(
    ("who", "tile", "shows"),
    [
        ("sam", "Supervisor", "Which is it?"),
        ("tess", "Provider's answer", "Which is it?"),
        ("tess", "Registration", "Patients who are not on the list"),
        ("olga", "Rescans", "too faint"),
        ("audrey", "Emergency access", "Emergency access"),
        ("ada", "System", "Hot folder"),
    ],
)
def test_a_tile_of_the_home_screen_says_how_much_waits_and_leads_there(
    browser: Browser, app: tuple[Chartroom, int, Home], who: str, tile: str, shows: str
) -> None:
    page = sign_in(browser, app[1], who)
    page.goto(f"http://127.0.0.1:{app[1]}/home")
    link = page.locator("main, [data-testid=stMain]").get_by_role(
        "link", name=re.compile(f"^{tile}")
    )  # not that of the menu
    expect(link.first).to_be_visible()
    waits = page.locator("nav a.waits")
    if waits.count():
        expect(waits.first).to_be_focused()  # Enter begins
    link.first.click()
    expect(page.get_by_text(shows).first).to_be_visible()
    page.context.close()


def test_scans_says_what_waits_in_the_hot_folder_and_how_old_that_knowledge_is(
    browser: Browser, app: tuple[Chartroom, int, Home]
) -> None:
    page = sign_in(browser, app[1], "olga")
    page.goto(f"http://127.0.0.1:{app[1]}/scans")
    row = page.get_by_role("row").filter(has_text="a long name of a scan")
    expect(row).to_contain_text("Its end is missing")
    expect(row).to_contain_text(str(app[0].hot))
    expect(page.get_by_text(re.compile("The watch looked .* ago, at"))).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("height", [768, 600])
def test_what_stands_below_a_long_list_stays_in_reach(
    browser: Browser, app: tuple[Chartroom, int, Home], height: int
) -> None:
    page = sign_in(browser, app[1], "audrey")
    page.set_viewport_size({"width": 1024, "height": height})
    page.goto(f"http://127.0.0.1:{app[1]}/audit")
    rows = page.get_by_role("group", name="Rows")
    expect(rows.locator("tbody tr")).to_have_count(50)
    assert rows.evaluate("e => e.scrollHeight > e.clientHeight")
    expect(page.get_by_role("button", name="Verify audit log integrity")).to_be_in_viewport()
    rows.focus()
    page.keyboard.press("End")
    expect(rows.locator("tbody tr").last).to_be_in_viewport()
    expect(page.get_by_role("columnheader", name="Line")).to_be_in_viewport()  # the heads stay
    page.context.close()


def test_what_is_cut_off_is_found(browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 960, "height": 600}).new_page()
    narrow = "width: 40px; overflow: hidden; white-space: nowrap"
    page.set_content(
        f"<button id=a style='{narrow}'>Put back on the work list</button>"
        f"<p style='{narrow}; text-overflow: ellipsis'>said by an ellipsis</p>"
        f"<p style='{narrow}' title='whole'>said by a title</p>"
        "<div style='overflow: auto; width: 90px'><p style='width: 2000px'>in a frame that scrolls</p></div>"
        "<div style='overflow: hidden; width: 900px'><p style='margin-left: 800px; width: 400px'>over the edge of everything</p></div>"
    )
    found = page.evaluate(CUT_OFF)
    assert [what.partition(":")[0] for what in found] == ["cut off", "cut off", "over the right edge"]
    page.context.close()


def test_an_administrator_disables_an_account_and_enables_it_again(
    browser: Browser, app: tuple[Chartroom, int, Home]
) -> None:
    app[0]("user", "add", "gus", "--role", "operator", "--password-stdin", stdin="correct-horse-battery\n")
    page = sign_in(browser, app[1], "ada")
    for label, button, said, is_disabled in (
        ("Account to disable", "Disable account", "gus is disabled.", True),
        ("Account to enable again", "Enable account", "gus can sign in again.", False),
    ):
        choose(page, label, "gus")
        page.get_by_role("button", name=button).click()
        expect(page.get_by_text(said)).to_be_visible()
        with opened(app[0]) as home, home.writing() as session:
            assert (accounts.sign_in(session, "gus", "correct-horse-battery", "here") is None) is is_disabled
    expect(page.get_by_label("Account to enable again")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("audit", "olga (operator) has no right to Audit: it takes the right to read the audit log"),
        ("nonsense", "There is no screen at this address."),
        ("a/b", "There is no screen at this address."),
    ],
)
def test_where_there_is_no_screen_a_sentence_says_why_and_a_link_leads_on(
    browser: Browser, app: tuple[Chartroom, int, Home], path: str, sentence: str
) -> None:
    page = sign_in(browser, app[1], "olga")
    page.goto(f"http://127.0.0.1:{app[1]}/{path}")
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    page.get_by_role("link", name="Go to Scanning").click()
    expect(page.get_by_text("Drop scans").first).to_be_visible()
    page.context.close()


def test_a_protected_document_opens_by_breaking_the_glass_and_is_reviewed(
    browser: Browser, app: tuple[Chartroom, int, Home]
) -> None:
    page = sign_in(browser, app[1], "uma")
    page.goto(f"http://127.0.0.1:{app[1]}/chart")
    patient = page.get_by_label("Patient: names, MRN or date of birth")
    patient.press_sequentially("rivera")
    patient.press("Enter")
    page.get_by_role("button", name="Protected document").click()
    expect(page.get_by_text("This document is protected")).to_be_visible()
    choose(page, "Purpose", "emergency treatment")
    page.get_by_label("Reason").fill("patient in shock, no other record at hand")
    page.get_by_role("button", name="Emergency access: open it for an hour").click()
    expect(page.get_by_text("Emergency access to a protected document until")).to_be_visible()
    expect(page.locator(".viewer img")).to_have_js_property("complete", True)
    page.context.close()

    auditor = sign_in(browser, app[1], "audrey")
    auditor.goto(f"http://127.0.0.1:{app[1]}/corrections")
    expect(auditor.get_by_text("patient in shock")).to_be_visible()
    auditor.get_by_label("What the review found").fill("it was needed")
    auditor.get_by_role("button", name="Reviewed").click()
    expect(auditor.get_by_text("No emergency access waits")).to_be_visible()
    auditor.context.close()


def test_a_file_is_dropped_through_the_browser_and_a_sheet_is_printed(
    browser: Browser, app: tuple[Chartroom, int, Home], tmp_path: Path
) -> None:
    page = sign_in(browser, app[1], "olga")
    page.goto(f"http://127.0.0.1:{app[1]}/scanning")
    scan = tmp_path / "a scan.pdf"
    scan.write_bytes(b"%PDF-1.4 not whole")
    page.locator("input[type=file]").set_input_files(scan)
    expect(page.get_by_text("a scan.pdf is in the hot folder")).to_be_visible()
    page.locator("input[type=file]").set_input_files(scan)
    expect(page.get_by_text("a scan (2).pdf is in the hot folder")).to_be_visible()
    assert sorted(p.name for p in app[0].hot.glob("*.pdf")) == ["a scan (2).pdf", "a scan.pdf"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.context.close()


def test_the_browser_keeps_a_filed_pdf_under_mrn_date_and_type(
    browser: Browser, app: tuple[Chartroom, int, Home]
) -> None:
    page = sign_in(browser, app[1], "sam")
    page.goto(f"http://127.0.0.1:{app[1]}/chart")
    with opened(app[0]) as home, home.reading() as session:
        filed = session.exec(select(Document.id).where(Document.state == "filed")).first()
    with page.expect_download() as download:  # a link as "save link as" takes it
        page.evaluate(
            """(address) => { const link = document.createElement("a"); link.href = address; link.download = "";
            document.body.append(link); link.click(); }""",
            f"/filed/{filed}.pdf",
        )
    assert re.fullmatch(r"00123456_(\d{4}-\d\d-\d\d_)?[A-Za-z-]+\.pdf", download.value.suggested_filename)
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.context.close()


@pytest.mark.parametrize("who", ["audrey", "ada"])
def test_papers_and_uploads_are_refused_to_those_who_may_not(
    browser: Browser, app: tuple[Chartroom, int, Home], who: str
) -> None:
    page = sign_in(browser, app[1], who)
    base = f"http://127.0.0.1:{app[1]}"
    ours = {"x-chartroom-desk": "1", "x-file-name": "a.pdf"}
    assert page.request.get(f"{base}/papers/rescans.pdf").status == 404
    assert page.request.get(f"{base}/papers/scan-1.pdf").status == 404
    assert page.request.post(f"{base}/papers/sheets.pdf", data={"kind": "end"}, headers=ours).status == 404
    assert page.request.post(f"{base}/drop", data="x", headers=ours).status == 404
    assert not list(app[0].hot.glob("a.pdf"))
    page.context.close()


def test_who_is_away_is_locked_out_and_finds_the_draft_again(browser: Browser, tmp_path: Path) -> None:
    chartroom = Chartroom(tmp_path / "data", tmp_path / "keys" / "data.key", CHARTROOM_IDLE_MINUTES="0.3")
    chartroom("init")
    add_people(chartroom)
    with opened(chartroom) as home:
        add_person(home, birth_date=date(1957, 3, 14))
        made = put(home, [note("00123456", "Rivera, Ana", "03/14/1957")], "scan.tif")[0]
        with review(chartroom) as port:
            page = sign_in(browser, port)
            start_work(page)
            expect(page.locator(".station[data-painted]")).to_be_visible()
            page.keyboard.press("Alt+a")
            page.locator("input[name=attending]").fill("CHEN, WEI")
            expect(page.locator(f'.station[data-draft="{made}"]')).to_be_visible()
            expect(page.locator(".locked")).to_be_visible()
            assert "Rivera" not in page.content()
            assert "Rivera" not in (page.locator(".station").inner_text())
            address = f"http://127.0.0.1:{port}/page/{made}/1.jpg"
            wait_until(lambda: page.request.get(address).status == 401, "the session to be ended")
            page.locator(".locked a").click()
            page.locator("input[name=username]").fill("uma")
            page.locator("input[name=password]").fill("correct-horse-battery")
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: url.endswith("/home"))
            start_work(page)
            expect(page.locator(f'.station[data-document="{made}"]')).to_be_visible()
            expect(page.locator("input[name=attending]")).to_have_value("CHEN, WEI")
            page.context.close()
