"""The desk as a script works it: a browser at the station, keys and what they did."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

PASSWORD = "correct-horse-battery"

THINK_SECONDS = 1.0
"""What a person takes to look at one doubtful field."""

_PRESS = """async (key) => { const host = [...document.querySelectorAll('*')].find((e) => e.shadowRoot?.querySelector('.station'));
 const root = host ? host.shadowRoot : document, st = root.querySelector('.station');
 const at = root.activeElement || document.body, was = st.dataset.document, start = performance.now();
 at.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', ctrlKey: true, shiftKey: key === 'insist', bubbles: true, composed: true, cancelable: true }));
 const done = () => st.dataset.document !== was && (st.dataset.painted || '').startsWith(`${st.dataset.document}-`) || (!st.dataset.document);
 const stopped = () => /not looked at yet|is no|cannot|must|Choose|match|check digit/.test(root.querySelector('.said').textContent);
 while (!done() && !(stopped() && performance.now() - start > 60) && performance.now() - start < 2500) await new Promise((r) => requestAnimationFrame(r));
 return [performance.now() - start, done(), root.querySelector('.said').textContent]; }"""


@dataclass(frozen=True, slots=True)
class Pressed:
    """What came of a key that approves: how long until the next page was painted, whether it came, and what was said."""

    milliseconds: float
    is_next: bool
    said: str


@contextmanager
def seated(port: int, name: str = "tess") -> Iterator[Any]:
    """A browser window with this person at work: signed in, and past the Start button."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/home", timeout=60_000)
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector(".station .begin", timeout=60_000)
        page.keyboard.press("Enter")
        page.wait_for_selector(".station[data-painted]", timeout=60_000)
        time.sleep(2)  # the pages behind the first one load: a person has read the first by then
        yield page
        browser.close()


def shown(page: Any) -> int:
    """The number of the document on the desk; 0 for none."""
    return int(page.locator(".station").get_attribute("data-document") or 0)


def press(page: Any, key: str) -> Pressed:
    """Approve, or insist, and wait until the next page is painted or the desk says why not."""
    return Pressed(*page.evaluate(_PRESS, key))
