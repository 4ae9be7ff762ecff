"""A technician's whole way in a real Chromium, keyboard only, and a stranger who gets nothing."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from ingest.demo import paper, scanner
from ingest.demo.clinic import Encounter, Patient
from tests.commands import Chartroom
from tests.conftest import SHARED_TOOLS

pytestmark = pytest.mark.browser
PASSWORD = "correct-horse-battery"


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("Chromium is not installed; .ci/run must install it")
        pytest.skip("Chromium is not installed here")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
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


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chartroom, int]]:
    """A data home with people and patients, the watch and the review app running."""
    base = tmp_path_factory.mktemp("desk")
    chartroom = Chartroom(base / "data", base / "keys" / "data.key")
    chartroom("init")
    for name, role in (("tess", "technician"), ("uma", "technician"), ("ada", "admin")):
        chartroom("user", "add", name, "--role", role, "--password-stdin", stdin=PASSWORD + "\n")
    roster = base / "roster.csv"
    roster.write_text("mrn,last_name,first_name,middle,dob,sex,visit\n00123456,Rivera,Ana,M,1957-03-14,F,V2400881\n")
    chartroom("roster", "load", roster)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = [chartroom.start("watch"), chartroom.start("review", "--port", str(port))]
    try:
        _wait_until(lambda: _status(port, "/_stcore/health") == 200, "the review app to answer")
        yield chartroom, port
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.communicate(timeout=30)


def _wait_until(condition: object, what: str, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.1)
    pytest.fail(f"waited {seconds} s for {what}")


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


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


def _sign_in(browser: Browser, port: int, name: str = "tess") -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    expect(page.locator("input[name=username]")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    return page


def test_a_scan_is_dropped_verified_by_keyboard_and_found_by_a_word_of_its_last_page(
    browser: Browser, desk: tuple[Chartroom, int]
) -> None:
    chartroom, port = desk
    chartroom.drop("summary.tif", _scan("kestrelon"))
    _wait_until(lambda: any(r["state"] == "to_verify" for r in chartroom.rows("documents")), "the scan to be read")

    page = _sign_in(browser, port)
    outside: list[str] = []
    page.on(
        "request",
        lambda r: (
            outside.append(r.url) if "127.0.0.1" not in r.url and not r.url.startswith(("data:", "blob:")) else None
        ),
    )
    attending = page.locator("input[name=attending]")
    expect(attending).to_have_value("CHEN, WEI", timeout=30_000)
    expect(page.locator(".banner")).to_contain_text("MRN 00123456")
    expect(page.locator("img.page")).to_have_js_property("complete", True)
    assert page.locator("img.page").evaluate("image => image.naturalWidth") > 1000

    for _ in range(90):  # Tab to the field, as fingers do, round the whole page if need be
        if page.evaluate("document.activeElement.shadowRoot?.activeElement?.name") == "attending":
            break
        page.keyboard.press("Tab")
    expect(page.locator(".lit")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("CHEN, WEI LIN")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nothing to verify")).to_be_visible(timeout=30_000)

    document = chartroom.rows("documents")[0]
    assert document["state"] == "filed"
    assert document["fields"]["attending"]["value"] == "CHEN, WEI LIN"
    assert document["fields"]["attending"]["source"] == "person:tess"

    page.goto(f"http://127.0.0.1:{port}/search")
    words = page.get_by_label("Words on the page")
    words.press_sequentially("kestrelon")
    words.press("Enter")
    hit = page.locator("a", has_text="Discharge summary")
    expect(hit).to_be_visible(timeout=30_000)
    assert hit.get_attribute("href") == f"/filed/{document['id']}.pdf#page=2"
    answer = page.request.get(f"http://127.0.0.1:{port}/filed/{document['id']}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    assert outside == []
    chartroom("verify")


def test_a_page_of_somebody_elses_document_is_not_shown(browser: Browser, desk: tuple[Chartroom, int]) -> None:
    chartroom, port = desk
    chartroom.drop("second.tif", _scan("larkspurn"))
    _wait_until(lambda: any(r["state"] == "to_verify" for r in chartroom.rows("documents")), "the scan to be read")
    document = next(r["id"] for r in chartroom.rows("documents") if r["state"] == "to_verify")
    tess = _sign_in(browser, port)
    expect(tess.locator("input[name=mrn]")).to_have_value("00123456", timeout=30_000)  # hers, before anyone asks
    uma = _sign_in(browser, port, "uma")
    expect(uma.get_by_text("Nothing to verify")).to_be_visible(timeout=30_000)
    address = f"http://127.0.0.1:{port}/page/{document}/1.jpg"
    assert tess.request.get(address).status == 200
    assert uma.request.get(address).status == 404
    assert _status(port, f"/page/{document}/1.jpg") == 401

    tess.keyboard.press("Alt+KeyP")
    tess.keyboard.type("waiting for the second sheet")
    tess.keyboard.press("Enter")
    expect(tess.get_by_text("Nothing to verify")).to_be_visible(timeout=30_000)
    assert {r["id"]: r["state"] for r in chartroom.rows("documents")}[document] == "pended"


def test_the_administrator_sees_accounts_and_no_chart(browser: Browser, desk: tuple[Chartroom, int]) -> None:
    page = _sign_in(browser, desk[1], "ada")
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Verify", exact=True)).to_have_count(0)
    assert page.request.get(f"http://127.0.0.1:{desk[1]}/page/1/1.jpg").status == 404
    assert page.request.get(f"http://127.0.0.1:{desk[1]}/filed/1.pdf").status == 404


def test_every_unauthorised_try_is_refused(desk: tuple[Chartroom, int]) -> None:
    probe = SHARED_TOOLS / "reliability" / "web_probe.py"
    if not probe.exists():
        pytest.skip("the probe (../shared/tools) is not beside this clone")
    port = desk[1]
    done = subprocess.run(
        [
            sys.executable, probe, "--url", f"http://127.0.0.1:{port}", "--login", "/login?username={u}&password={p}",
            "--user", f"uma:{PASSWORD}", "--other", f"ada:{PASSWORD}",
            "--protected", "/page/1/1.jpg", "/filed/1.pdf", "/search", "--others-object", "/filed/1.pdf",
        ],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
