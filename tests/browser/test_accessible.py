"""axe-core on every screen as it is worked with: filled, opened, asked and refused, empty too; at each width, light and dark."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import col, select

from storage.custody import batches
from storage.documents import breakglass, misfiling
from storage.foundation import accounts
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE, Role
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Person
from storage.roster import questions
from tests.browser.conftest import (
    PASSWORD,
    PICTURES,
    add_people,
    choose,
    review,
    sign_in,
    start_work,
    violations_at_every_size,
)
from tests.browser.test_screens import SCREENS, app  # noqa: F401 - a fixture
from tests.given.commands import Chartroom
from tests.given.records import TESS, UMA, receive

pytestmark = pytest.mark.browser

Work = Callable[[Page], object]


@pytest.fixture(scope="module")
def filled(app: tuple[Chartroom, int, Home]) -> tuple[int, Home]:  # noqa: F811
    """The record room of the other screens, with something to answer everywhere; gives its port too."""
    _, port, home = app
    broken = receive(home, b"broken", name=b"broken.pdf")
    with home.writing() as session:
        batches.advance(session, broken, "quarantine", reason_code="damaged", reason="Scan it again.")
        in_charts = session.exec(select(Document).where(Document.state == "filed").order_by(col(Document.id))).all()
        filed = [document for document in in_charts if not document.labels]
        person = session.exec(select(Person)).first()
        questions.ask(session, filed[0], "MRN 00555555 was merged into MRN 00123456", person, person)
        misfiling.propose(session, filed[1].id, [], None, "the page shows another name", "wrong_sticker", UMA)
        protected = next(document for document in in_charts if document.labels)
        breakglass.break_glass(session, protected.id, TESS, "ETREAT", "patient in shock, no other record")
        accounts.add_account(session, "gone", Role.OPERATOR, PASSWORD)
        accounts.disable_account(session, "gone", MACHINE)
    return port, home


def _settled(page: Page) -> None:
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()


def _press(*keys: str, shows: str) -> Work:
    """At the desk: these keys, until this is shown."""

    def work(page: Page) -> None:
        start_work(page)
        expect(page.locator(".station[data-painted]")).to_be_visible()
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator(shows)).to_be_visible()

    return work


def _type(label: str, words: str, *then: str) -> Work:
    """Type into a box, and open what it finds by these buttons or folded parts."""

    def work(page: Page) -> None:
        page.get_by_label(label).fill(words)
        page.keyboard.press("Enter")
        _settled(page)
        _open(*then)(page)

    return work


def _open(*names: str) -> Work:
    """Click what is called so: an opener of a list, a tab, a folded part."""

    def work(page: Page) -> None:
        for name in names:
            page.get_by_text(name, exact=True).locator("visible=true").first.click()
            _settled(page)

    return work


def _tick(page: Page) -> None:
    page.get_by_label("Select all rows of this page").check()
    expect(page.get_by_label("Assign to")).to_be_visible()


def _answer(page: Page) -> None:
    choose(page, "Question", "1")
    choose(page, "Where it goes", "It is filed")
    page.get_by_role("button", name="Wrong patient").click()
    expect(page.get_by_text("Choose a reason:")).to_be_visible()


def _refuse(page: Page) -> None:
    page.get_by_role("button", name="Start verifying").click()
    page.get_by_role("button", name="Pend", exact=True).click()
    expect(page.get_by_text("Choose why it is pended.")).to_be_visible()


STATES: dict[str, tuple[str, str, Work]] = {
    "desk-keys": ("sam", "verify", _press("F1", shows="dialog.keys")),
    "desk-fields": ("sam", "verify", _press("Alt+a", "Alt+f", shows=".search input")),
    "desk-labels": ("sam", "verify", _press("Alt+l", shows=".asking select")),
    "desk-registration": ("sam", "verify", _press("Alt+n", shows=".asking select")),
    "worklist-ticked": ("sam", "worklist", _tick),
    "worklist-open": ("sam", "worklist", lambda page: page.locator("[data-open]").first.click()),
    "search-open": (
        "sam", "search",
        _type("Words on the page", "penicillin", "Progress note", "This is in the wrong chart", "Labels of protection"),
    ),
    "chart-open": ("sam", "chart", _type("Patient: names, MRN or date of birth", "rivera", "Progress note")),
    "scans-open": ("sam", "scans", _open("1")),
    "exceptions": ("sam", "exceptions", lambda page: expect(page.get_by_text("broken.pdf").first).to_be_visible()),
    "patients-to-confirm": ("sam", "corrections", _answer),
    "wrong-chart": ("sam", "corrections", _open("Wrong chart", "1")),
    "emergency-access": ("sam", "corrections", _open("Emergency access")),
    "plain-refused": ("sam", "plain", _refuse),
    "accounts": ("ada", "accounts", lambda page: expect(page.get_by_text("Account to enable again")).to_be_visible()),
    "no-access": ("olga", "audit", lambda page: expect(page.get_by_text("has no right to Audit")).to_be_visible()),
    "no-screen": ("olga", "nonsense", lambda page: expect(page.get_by_text("There is no screen")).to_be_visible()),
}  # fmt: skip
"""What somebody has before them who works: who, on which screen, and what they did there."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_that_is_worked_with_keeps_anybody_out(
    browser: Browser, filled: tuple[int, Home], scheme: str
) -> None:
    port, found = filled[0], dict[str, list[str]]()
    for who in dict.fromkeys(who for who, *_ in STATES.values()):
        page = sign_in(browser, port, who, scheme, bypass_csp=True)
        for name, (_, path, work) in ((n, state) for n, state in STATES.items() if state[0] == who):
            page.goto(f"http://127.0.0.1:{port}/{path}")
            _settled(page)
            work(page)
            _settled(page)
            if violations := violations_at_every_size(page):
                found[name] = violations
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}.png")
        page.context.close()
    assert found == {}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The review app of a data home in which nothing was scanned yet."""
    base = tmp_path_factory.mktemp("empty")
    chartroom = Chartroom(base / "data", base / "keys" / "data.key")
    chartroom("init")
    add_people(chartroom)
    with review(chartroom) as port:
        yield port


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_empty_screen_keeps_anybody_out(browser: Browser, empty: int, scheme: str) -> None:
    page, found = sign_in(browser, empty, "sam", scheme, bypass_csp=True), dict[str, list[str]]()
    for path in SCREENS["sam"]:
        page.goto(f"http://127.0.0.1:{empty}/{path}")
        expect(page.locator("[data-testid=stMainBlockContainer]")).to_be_visible()
        _settled(page)
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
        if violations := violations_at_every_size(page):
            found[path] = violations
    page.context.close()
    assert found == {}
