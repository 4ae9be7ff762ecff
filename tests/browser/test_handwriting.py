"""A form filled in by hand, from the hot folder to the desk: proposals with their piece of the page, found in the work list."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PICTURES, add_people, opened, review, sign_in, start_work
from tests.data.handwritten import filled_form
from tests.given.commands import Chartroom
from tests.given.desk import note, put

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The review app on a data home with one form filled in by hand and one printed note."""
    base = tmp_path_factory.mktemp("hand")
    chartroom = Chartroom(base / "data", base / "keys" / "data.key")
    chartroom("init")
    add_people(chartroom)
    form = filled_form(3)
    out = io.BytesIO()
    Pillow.fromarray(form.image[:, :, ::-1]).save(out, "PNG", dpi=(form.dpi, form.dpi))
    chartroom.drop("referral.png", out.getvalue())
    chartroom("run")
    with opened(chartroom) as home:
        put(home, [note("00123456", "Rivera, Ana", "03/14/1957")], "print")
    with review(chartroom) as port:
        yield port


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_handwritten_values_say_so_beside_their_piece_of_the_page(port: int, browser: Browser, scheme: str) -> None:
    page = sign_in(browser, port, scheme=scheme)
    start_work(page)
    row = page.locator(".field[data-name=mrn]")
    expect(row.locator("input")).to_have_value("00695237")
    expect(row.locator(".band")).to_have_text("? by hand")
    expect(row.locator(".crop")).to_have_attribute("style", re.compile("background-image"))
    _picture(page, f"handwriting-{scheme}")
    page.context.close()


def test_a_handwritten_value_that_was_confirmed_says_so_no_more(port: int, browser: Browser) -> None:
    page = sign_in(browser, port)
    start_work(page)
    row = page.locator(".field[data-name=dob]")
    row.locator("input").focus()
    page.keyboard.press("Enter")
    expect(row.locator(".band")).to_have_text("✓ confirmed")
    page.context.close()


def test_the_work_list_is_narrowed_to_documents_with_handwriting(port: int, browser: Browser) -> None:
    page = sign_in(browser, port)
    page.goto(f"http://127.0.0.1:{port}/worklist")
    rows = page.locator("table tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_text("Handwriting", exact=True).click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("page 1 has handwriting")
    page.context.close()


def _picture(page: Page, name: str) -> None:
    taken = page.screenshot()
    if PICTURES:
        (Path(PICTURES) / f"{name}.png").write_bytes(taken)
