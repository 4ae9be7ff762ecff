"""Chromium, and a desk with people, patients and the review app, for the browser tests."""

import http.client
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime

from storage.foundation import accounts
from storage.foundation.home import Home
from storage.foundation.permissions import Role
from storage.opening import open_home
from tests.given.commands import Chartroom
from tests.given.waiting import wait_until

PICTURES = os.environ.get("CHARTROOM_PICTURES", "")
"""A folder that the screenshots of docs/screens are made in; empty: they are only taken."""

PASSWORD = "correct-horse-battery"

A_BUSY_MACHINE = 90_000
"""How long, in ms, a browser may take over what it is asked for: slowness is no failure, and what never comes still is one."""

expect.set_options(timeout=A_BUSY_MACHINE)

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test of a screen that fails is run again, twice at most: Streamlit draws a screen anew under the pointer of whoever is
    quicker than it, which on a busy machine is every test once in a while. pytest says which were (`-rR`); look at those.
    `--reruns 0`, or another number, is heeded."""
    if config.getoption("reruns", None) is not None:
        return
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.flaky(reruns=2))


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("REQUIRE_ALL"):
            pytest.fail("Chromium is not installed; .ci/run must install it")
        pytest.skip("Chromium is not installed here")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, ended with its module: the loop of Playwright's synchronous interface stays in this thread until then, and
    what needs a loop of its own, or the whole depth of the stack, cannot run beside it."""
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=_chromium(), args=flags)
        yield started
        started.close()


def _log(chartroom: Chartroom, command: str) -> Path:
    return chartroom.home.parent / f"{command}.log"


@contextmanager
def review(chartroom: Chartroom, *also: str) -> Iterator[int]:
    """The review app of a data home, and other commands beside it; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = [chartroom.start(command, log=_log(chartroom, command)) for command in also]
    running.append(chartroom.start("review", "--port", str(port), log=_log(chartroom, "review")))
    try:
        wait_until(lambda: status(port, "/_stcore/health") == 200, "the review app to answer")
        yield port
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.communicate(timeout=30)


def add_people(chartroom: Chartroom) -> None:
    """Two technicians, a supervisor, an auditor, an administrator, somebody of the scanning room."""
    people = {
        "tess": Role.TECHNICIAN,
        "uma": Role.TECHNICIAN,
        "sam": Role.SUPERVISOR,
        "audrey": Role.AUDITOR,
        "ada": Role.ADMIN,
        "olga": Role.OPERATOR,
    }
    with opened(chartroom) as home, home.writing() as session:
        for name, role in people.items():
            accounts.add_account(session, name, role, PASSWORD)


@contextmanager
def opened(chartroom: Chartroom) -> Iterator[Home]:
    """The data home of these commands, opened in this process."""
    home = open_home(chartroom.home, chartroom.key_file)
    try:
        yield home
    finally:
        home.close()


def status(port: int, path: str) -> int:
    """What a stranger is answered; 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def sign_in(
    browser: Browser, port: int, name: str = "tess", scheme: str = "light", *, bypass_csp: bool = False
) -> Page:
    """A new browser window with this person signed in, by keyboard, at the first screen of their work."""
    window = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme, bypass_csp=bypass_csp)  # type: ignore[arg-type]
    window.set_default_timeout(A_BUSY_MACHINE)
    page = window.new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    expect(page.locator("input[name=username]")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/home"))
    page.goto(f"http://127.0.0.1:{port}/")
    return page


def start_work(page: Page) -> None:
    """Start at the Verify screen, which claims nothing before; whoever has something on the desk already has started, and
    whoever has just signed in is led there first."""
    if page.url.endswith("/home"):
        page.get_by_role("link", name="Verify", exact=True).click()
    expect(page.locator(".station .begin, .station[data-document]")).to_be_visible()
    if page.locator(".station .begin").count():
        page.keyboard.press("Enter")


def focused(page: Page) -> str | None:
    """The name of the field that has the cursor, inside the station too."""
    return str(
        page.evaluate("document.activeElement.shadowRoot?.activeElement?.name || document.activeElement.name || ''")
    )


def choose(page: Page, label: str, words: str) -> None:
    """Choose a row of one of Streamlit's select boxes; it is opened again when the screen was drawn anew meanwhile."""
    box = page.get_by_role("combobox", name=label, exact=True)
    row = page.get_by_role("option").filter(has_text=words).first

    def is_offered() -> bool:
        box.fill("")
        box.press_sequentially(words)
        return row.is_visible()

    def is_chosen() -> bool:
        try:
            row.click(timeout=3_000)
        except NotInTime:  # the screen was drawn anew under the pointer
            is_offered()
            return False
        return True

    wait_until(is_offered, f"{words} to be offered")
    wait_until(is_chosen, f"{words} to be chosen")


SIZES = ((1024, 768), (1440, 900), (1920, 1080), (960, 600))
"""Windows of the record room in CSS pixels: an old screen, a laptop, a desk, and the laptop at a zoom of 150 %."""


_WANTED = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}


CUT_OFF = """() => {
  const found = [];
  if (document.scrollingElement.scrollWidth > innerWidth + 1) found.push("the screen hangs over the right edge");
  const name = (e) => `<${e.tagName.toLowerCase()} ${e.className}> ${(e.innerText || e.value || "").trim().slice(0, 40)}`;
  const scrolls = (style) => ["auto", "scroll"].includes(style.overflowX);
  const textBeyond = (e, edge) => {
    const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      if (!n.data.trim() || n.parentElement.closest("svg, style, script, [title]")) continue;
      if (getComputedStyle(n.parentElement).textOverflow === "ellipsis" || !n.parentElement.checkVisibility()) continue;
      range.selectNodeContents(n);
      if ([...range.getClientRects()].some((r) => r.width > 1 && r.height > 1 && r.left < edge && r.right > edge + 1)) return true;
    }
    return false;
  };
  const visit = (root, inFrame) => {
    for (const e of root.children) {
      const style = getComputedStyle(e), box = e.getBoundingClientRect();
      if (style.display === "none" || style.visibility === "hidden" || !e.checkVisibility({ opacityProperty: true })) continue;
      const isSeen = box.width > 1 && box.height > 1 && box.bottom > 0 && !e.closest("svg, canvas");
      const ownText = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
      const clips = ["hidden", "clip"].includes(style.overflowX) && !["INPUT", "TEXTAREA"].includes(e.tagName);
      const isTold = style.textOverflow === "ellipsis" || e.closest("[title]");
      if (isSeen && clips && e.scrollWidth > e.clientWidth + 1 && !isTold && textBeyond(e, box.left + e.clientLeft + e.clientWidth))
        found.push(`cut off: ${name(e)}`);
      if (isSeen && ownText && !inFrame && box.right > innerWidth + 1 && box.left < innerWidth + 1)
        found.push(`over the right edge: ${name(e)}`);
      const inner = inFrame || scrolls(style) && e.scrollWidth > e.clientWidth;
      visit(e, inner);
      if (e.shadowRoot) visit(e.shadowRoot, inner);
    }
  };
  visit(document.body, false);
  return found;
}"""
"""What of a screen cannot be read as it stands: text that its box cuts off without saying so by an ellipsis or a title, and
what lies over the right edge without a frame that scrolls there."""


def violations_at_every_size(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.1 A and AA on a screen as it stands, and what of it is cut off; the window is as wide as
    before afterwards."""
    before, found = page.viewport_size, list[str]()
    page.evaluate(Axe().axe_script)  # once a screen: it is half a megabyte
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
        page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        for violation in page.evaluate("(wanted) => axe.run(document, wanted)", _WANTED)["violations"]:
            found.append(f"{width}: {violation['id']}: {[node['target'] for node in violation['nodes']]}")
        found += [f"{width}: {what}" for what in page.evaluate(CUT_OFF)]
    if before:
        page.set_viewport_size(before)
    return found
