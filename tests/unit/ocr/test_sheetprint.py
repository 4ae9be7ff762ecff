"""What a page is found by: the same keys for the same sheet, other ones for another filling of its form."""

from dataclasses import replace

import numpy as np
import pytest

from ocr.page import Box, OcrPage
from ocr.sheetprint import NUMBER_KEYS, TEXT_KEYS, make_print, plain_text, read_print, words_of
from tests.given.paper import blank, typed

FORM = """DAILY ASSESSMENT
Patient Name: {name}
MRN: {mrn} DOB: 03/14/1957
Date of service: {day}
Record every value at the time it was taken and sign below the line
Pulse {pulse} Temperature 37.{pulse} Weight 7{pulse} kg
The undersigned confirms that the identification band was checked"""
ANA = FORM.format(name="Rivera, Ana", mrn="00123456", day="01/07/2024", pulse=72)
WEI = FORM.format(name="Chen, Wei", mrn="00777777", day="02/11/2023", pulse=88)


def _keys(text: str) -> set[int]:
    made = make_print(typed(text))
    assert made is not None
    return set(made.keys)


def test_the_words_of_a_page_are_read_back_as_they_were_kept() -> None:
    page = typed(ANA)
    made = make_print(page)
    assert made is not None
    words = read_print(made.data)
    assert words.texts == tuple(word.text for word in page.words)
    assert made.words == len(words.texts) == len(words.boxes)
    assert np.allclose(words.boxes[0], np.array(page.words[0].box) * 200 / 300, atol=0.5)
    assert (round(words.width), round(words.height)) == (1700, 2200)
    assert np.allclose(words.confidences, 0.95)


def test_a_scan_in_another_resolution_has_the_same_words_in_the_same_places() -> None:
    page = typed(ANA)
    half = replace(
        page, dpi=150, width=1275, height=1650,
        words=tuple(replace(w, box=Box(*(edge // 2 for edge in w.box))) for w in page.words),
    )  # fmt: skip
    one, other = words_of(page), words_of(half)
    assert one is not None
    assert other is not None
    assert np.allclose(one.boxes, other.boxes, atol=1.5)
    assert make_print(page) is not None
    assert set(make_print(page).keys) == set(make_print(half).keys)  # type: ignore[union-attr]


def test_misread_words_leave_most_keys_as_they_are() -> None:
    misread = ANA.replace("Weight", "Weiqht").replace("below", "be1ow").replace("checked", "checkd")
    assert len(_keys(ANA) & _keys(misread)) > 0.6 * len(_keys(ANA))


def test_letters_that_look_like_digits_are_one() -> None:
    assert plain_text("O0123I56") == plain_text("00123l56")
    assert plain_text("(Rivera,") == plain_text("RIVERA")


def test_another_filling_of_the_form_shares_only_what_is_printed() -> None:
    ana, wei = _keys(ANA), _keys(WEI)
    numbers = set(make_print(typed(ANA)).keys[:NUMBER_KEYS])  # type: ignore[union-attr]
    assert len(ana & wei) < 0.6 * len(ana)
    assert len(numbers & wei) <= 4  # the date of birth with its neighbours, and two units of measures


def test_keys_are_few_and_fit_into_the_database() -> None:
    made = make_print(typed("\n".join(f"line {n} of words and numbers {n * 7919}" for n in range(50))))
    assert made is not None
    assert len(made.keys) == len(set(made.keys)) == NUMBER_KEYS + TEXT_KEYS
    assert all(-(2**63) <= key < 2**63 for key in made.keys)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (blank(), "a blank side"),
        (typed("Page 3 of 7"), "too few words to be told from any other"),
        (typed("... --- ... --- ... ---"), "no letter and no digit"),
        (OcrPage(1, typed(ANA).outcome, words=typed(ANA).words), "a page without a size"),
    ],
)
def test_a_page_that_says_too_little_has_no_print(page: OcrPage, why: str) -> None:
    assert make_print(page) is None, why


def test_what_no_code_page_holds_is_kept() -> None:
    words = words_of(typed("Größe 12 — naïve café patient über 65 Jahre\N{REPLACEMENT CHARACTER}"))
    assert words is not None
    assert "Größe" in words.texts
