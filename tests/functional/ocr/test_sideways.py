"""Words that run another way than their page: their boxes, how they are kept, and where they lie in a PDF (tests/functional/test_sideways_labels.py reads them)."""

import io

import numpy as np
import pdfplumber
import pytest

from classify.guess import FieldValue
from classify.profile import Profile
from classify.split import read_facts
from ocr import searchable
from ocr.page import Box, OcrPage, PageOutcome, Word

BOX = Box(10, 20, 110, 50)


def _values(page: OcrPage) -> dict[str, FieldValue]:
    found = sorted(read_facts(page, Profile()).fields, key=lambda field: field.confidence)
    return {field.name: field for field in found}


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_box_turned_there_and_back_is_where_it_was(degrees: int) -> None:
    there = BOX.turned(degrees, 400, 300)
    size = (300, 400) if degrees in (90, 270) else (400, 300)
    assert there.turned((360 - degrees) % 360, *size) == BOX


def test_the_turn_of_a_word_is_kept() -> None:
    page = OcrPage(1, PageOutcome.OK, 400, 300, 100, words=(Word("MRN", BOX, 0.9, 0, 270), Word("x", BOX, 0.9, 1)))
    assert OcrPage.from_bytes(page.to_bytes()) == page
    assert [word.text for word in page.of_turn(270).words] == ["MRN"]
    assert page.of_turn(90).words == ()


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_words_lie_on_their_place_in_the_searchable_pdf(turn: int) -> None:
    box = Box(100, 200, 420, 240) if turn == 180 else Box(100, 200, 140, 420)
    pdf = searchable.make_page(
        np.full((1100, 850), 255, np.uint8), [Word("RIVERA", box, 0.9, 0, turn)], width=850, dpi=100
    )
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        letters = [shown for shown in document.pages[0].chars if shown["text"] != " "]
    assert "".join(shown["text"] for shown in letters) == "RIVERA"
    edges = [
        min(c["x0"] for c in letters),
        min(c["top"] for c in letters),
        max(c["x1"] for c in letters),
        max(c["bottom"] for c in letters),
    ]
    assert edges == pytest.approx([edge * 0.72 for edge in box], abs=0.6)
    ends = [(shown["x0"], shown["top"]) for shown in (letters[0], letters[-1])]
    assert ends[0][0] > ends[1][0] if turn == 180 else (ends[0][1] > ends[1][1]) == (turn == 90)


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["RIVERA, ANA M", "MRN: 00123456"], "RIVERA, ANA M"),
        (["O'BRIEN-DIAZ, LUIS", "Room 4", "DOB: 03/14/1957"], "O'BRIEN-DIAZ, LUIS"),
        (["RIVERA, ANA M", "Room 4", "Bed 2", "West wing", "MRN: 00123456"], None),  # too far above
        (["SPRINGFIELD, IL", "MRN: 00123456"], None),  # a place
        (["LAKESIDE GENERAL HOSPITAL", "MRN: 00123456"], None),
        (["Attending: VOSS, R", "MRN: 00123456"], None),  # labelled: somebody else
        (["RIVERA, ANA M", "Room 4"], None),  # nothing says that it is the patient
    ],
)
def test_the_name_above_the_identifiers_of_a_label_is_the_patients(lines: list[str], name: str | None) -> None:
    words = [
        Word(part, Box(2000 - 60 * i - 40, 100 + 200 * j, 2000 - 60 * i, 280 + 200 * j), 0.95, i, 270)
        for i, line in enumerate(lines)
        for j, part in enumerate(line.split())
    ]
    page = OcrPage(1, PageOutcome.OK, 2550, 3300, 300, words=tuple(words))
    found = _values(page).get("name")
    assert (found.value if found else None) == name
