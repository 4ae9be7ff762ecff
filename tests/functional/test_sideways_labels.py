"""Labels that are stuck on a page sideways or upside down are read, and nothing is made up where there are none."""

import numpy as np
import pytest

from classify.guess import FieldValue
from classify.profile import Profile
from classify.rows import rows_of
from classify.split import read_facts
from ocr.imaging import Image, cv2, turned
from ocr.page import OcrPage
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import Kind
from tests.given.paper import printed, saved

BODY = [
    "NURSING FLOW SHEET",
    "The patient rested well and the",
    "lungs were clear on both sides.",
    "Intake 1200 mL, output 950 mL.",
    "Ambulated twice in the hall.",
]
LABEL = ["RIVERA, ANA M", "MRN: 00123456   DOB: 03/14/1957", "Acct: A7720418   Adm: 05/10/2021"]


def _label(lines: list[str], *, has_border: bool = True) -> Image:
    label = np.full((60 + 52 * len(lines), 760), 252, np.uint8)
    for i, line in enumerate(lines):
        cv2.putText(label, line, (24, 62 + 52 * i), cv2.FONT_HERSHEY_SIMPLEX, 1.05, 20, 2, cv2.LINE_AA)
    if has_border:
        cv2.rectangle(label, (0, 0), (label.shape[1] - 1, label.shape[0] - 1), 120, 2)
    return label


def _page(label: Image, lies: int, at: tuple[int, int], *, is_ruled: bool = False) -> Image:
    """A page of 200 dpi with a label that was turned clockwise, its upper left corner at a place."""
    page = printed(BODY, scale=1.2)
    if is_ruled:
        page[700:2100:64, 100:1600] = 170
    stuck = turned(label, lies)
    page[at[1] : at[1] + stuck.shape[0], at[0] : at[0] + stuck.shape[1]] = stuck
    return page


def _read(page: Image) -> OcrPage:
    return read_page(saved([page], "PNG"), Kind.PNG, 1, WORDS_ONLY).page


def _values(page: OcrPage) -> dict[str, FieldValue]:
    found = sorted(read_facts(page, Profile()).fields, key=lambda field: field.confidence)
    return {field.name: field for field in found}


@pytest.mark.parametrize(
    ("lies", "at"),
    [(90, (1400, 900)), (270, (1420, 700)), (180, (800, 1800)), (270, (80, 1200)), (90, (700, 1000))],
    ids=["reads down", "reads up", "on its head", "at the lower left", "in the middle"],
)
@pytest.mark.parametrize("is_ruled", [False, True], ids=["white paper", "ruled paper"])
def test_a_label_is_read_whichever_way_it_was_stuck_on(lies: int, at: tuple[int, int], is_ruled: bool) -> None:
    page = _read(_page(_label(LABEL, has_border=not is_ruled), lies, at, is_ruled=is_ruled))
    values = _values(page)
    assert page.rotation == 0
    assert {name: values[name].value for name in ("mrn", "dob", "name", "account")} == {
        "mrn": "00123456", "dob": "1957-03-14", "name": "RIVERA, ANA M", "account": "A7720418",
    }  # fmt: skip
    assert "NURSING FLOW SHEET" in page.text
    assert "The patient rested well" in page.text
    box = values["mrn"].box
    assert box is not None
    high, wide = turned(_label(LABEL), lies).shape
    assert at[0] <= box.left < box.right <= at[0] + wide
    assert at[1] <= box.top < box.bottom <= at[1] + high
    assert (box.height > box.width) == (lies != 180)


def test_an_account_number_is_never_the_record_number() -> None:
    page = _read(_page(_label(["RIVERA, ANA M", "Acct: A7720418   Adm: 05/10/2021"]), 270, (1420, 700)))
    assert "mrn" not in _values(page)
    assert _values(page)["account"].value == "A7720418"


def test_the_words_of_a_label_stand_in_lines_of_their_own() -> None:
    page = _read(_page(_label(LABEL), 270, (1420, 300)))
    on_label = {word.line for word in page.words if word.turn}
    assert on_label
    assert not on_label & {word.line for word in page.words if not word.turn}
    assert "MRN: 00123456 DOB: 03/14/1957" in page.text
    assert not any("MRN" in row.text for row in rows_of(page))


@pytest.mark.parametrize("lies", [0, 90, 180, 270])
def test_a_page_of_one_direction_has_no_turned_words(lies: int) -> None:
    page = _read(turned(printed([*BODY, *LABEL], scale=1.2), lies))
    assert not any(word.turn for word in page.words)


def test_scribble_gives_no_words() -> None:
    random = np.random.default_rng(4)
    page = printed(BODY, scale=1.2)
    for _ in range(60):
        x, y = int(random.integers(1200, 1550)), int(random.integers(900, 1900))
        points = (np.array([x, y]) + random.integers(-25, 25, (5, 2))).astype(np.int32)
        cv2.polylines(page, [points], False, 40, 3)
    assert not any(word.turn and word.confidence > 0.7 for word in _read(page).words)
