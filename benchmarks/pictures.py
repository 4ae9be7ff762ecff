"""Makes the pictures of docs/screens anew: every screen of the filled demo clinic, light and dark.

./dev bench pictures                      draw the clinic, work it, photograph its screens (5 minutes)
./dev bench pictures --home chartroom-demo   those of a demo that is there already
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from benchmarks.station import running
from storage.foundation import accounts
from storage.opening import open_home
from tests.given.commands import Chartroom

OUT = Path(__file__).resolve().parents[1] / "docs" / "screens"

_WIDTH, _HEIGHT = 1440, 900
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def _search(page: Any) -> None:
    page.get_by_label("Words on the page").fill("patient")
    page.keyboard.press("Enter")
    page.locator("tbody button").first.click(timeout=30_000)
    page.get_by_role("img", name="Scanned page").wait_for(timeout=30_000)


def _chart(page: Any, mrn: str) -> None:
    page.get_by_label("Patient: names, MRN or date of birth").fill(mrn)
    page.keyboard.press("Enter")
    page.locator("tbody button").first.click(timeout=30_000)
    page.get_by_role("img", name="Scanned page").wait_for(timeout=30_000)


def _verify(page: Any) -> None:
    page.locator(".station .begin, .station[data-document]").first.wait_for(timeout=30_000)
    if page.locator(".station .begin").count():
        page.keyboard.press("Enter")
    page.locator(".station[data-painted]").wait_for(timeout=30_000)


def _tab(name: str) -> Callable[[Any], None]:
    return lambda page: page.get_by_role("tab", name=name).click(timeout=30_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Photograph every screen of a filled clinic."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="a demo clinic that is there already")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chartroom-pictures-") as folder:
        home = chosen.home or Path(folder) / "clinic"
        if chosen.home is None:
            subprocess.run([sys.executable, "-m", "ingest.cli", "demo", "--home", str(home), "--no-review"], check=True)
        photograph(home)
    return 0


def photograph(home_path: Path) -> None:
    """Every screen, in both schemes, as JPEG in docs/screens."""
    from playwright.sync_api import sync_playwright

    home = open_home(home_path, None)
    chartroom = Chartroom(home.path, home.key_file)
    mrn = _fullest_chart(home)
    with home.writing() as session:
        links = {
            (name, scheme): accounts.make_one_time_login(session, name)
            for name in ("sam", "ada", "olga", "tess")
            for scheme in _SCHEMES
        }
    then: dict[str, Callable[[Any], None]] = {
        "verify": _verify, "search": _search, "chart": lambda page: _chart(page, mrn), "corrections": _tab("Wrong chart"),
    }  # fmt: skip
    shown = {
        "tess": ("home", "verify"),
        "sam": (
            "group", "worklist", "registration", "blanks", "search", "chart", "scans", "exceptions", "rescans", "corrections",
            "looks", "dashboard", "audit", "plain",
        ),
        "olga": ("scanning",),
        "ada": ("accounts", "system"),
    }  # fmt: skip
    with running(chartroom) as port, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for (name, scheme), token in links.items():
            page = browser.new_context(viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme=scheme).new_page()
            page.goto(f"http://127.0.0.1:{port}/login?once={token}")
            for path in shown[name]:
                page.goto(f"http://127.0.0.1:{port}/{path}")
                page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)
                then.get(path, lambda page: None)(page)
                page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)
                page.wait_for_timeout(1500)  # pictures that are still on their way
                (OUT / f"{path}-{scheme}.jpg").write_bytes(page.screenshot(type="jpeg", quality=70))
                print(f"{path}-{scheme}", flush=True)
            page.context.close()
        browser.close()
    home.close()


def _fullest_chart(home: Any) -> str:
    """The MRN of the patient with the most filed documents."""
    from sqlmodel import col, func, select

    from storage.foundation.tables.documents import Document
    from storage.foundation.tables.roster import Person

    with home.reading() as session:
        counted = (
            select(Person.mrn, func.count())
            .join(Document, col(Document.person_id) == Person.id)
            .where(Document.state == "filed")
            .group_by(col(Person.mrn))
            .order_by(func.count().desc())
        )
        return str(session.exec(counted).first()[0])


if __name__ == "__main__":
    sys.exit(main())
