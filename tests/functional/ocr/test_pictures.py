"""Photographs get no invented words and are not turned; what is printed on a picture is kept."""

import numpy as np
import pytest

from ocr.clean.geometry import place
from ocr.imaging import Image, cv2
from ocr.page import Box, OcrPage, PageOutcome, Word
from ocr.pictures import is_picture, printed_lines
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import Kind
from tests.given.paper import LINES, printed, saved


def _clouds(random: np.random.Generator, step: int) -> Image:
    rough = random.normal(0, 1, (1100 // step + 2, 850 // step + 2)).astype(np.float32)
    return cv2.resize(rough, (850, 1100), interpolation=cv2.INTER_CUBIC)


def photograph(colour: tuple[int, int, int], *, seed: int = 1, spots: int = 0, grain: float = 6.0) -> Image:
    """A picture (RGB) of smooth colour with texture, dark blobs as of a wound, and grain."""
    random = np.random.default_rng(seed)
    shade = 22 * _clouds(random, 300) + 8 * _clouds(random, 50) + 6 * _clouds(random, 6)
    picture = np.full((1100, 850, 3), colour, np.float32) + shade[..., None]
    for _ in range(spots):
        x, y, wide = (int(v) for v in random.integers((150, 150, 20), (700, 950, 120)))
        cv2.ellipse(picture, (x, y), (wide, wide // 2), float(random.integers(0, 180)), 0, 360, (120, 30, 30), -1)
    picture = cv2.GaussianBlur(picture, (0, 0), 2) + random.normal(0, grain, picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)


SKIN, DARK, SCOPE = (205, 165, 140), (60, 45, 40), (160, 70, 60)


def _read(page: Image) -> OcrPage:
    return read_page(saved([page], "PNG"), Kind.PNG, 1, WORDS_ONLY).page


@pytest.mark.parametrize(
    ("colour", "seed", "spots"),
    [(SKIN, 1, 0), (SKIN, 2, 6), (DARK, 3, 0), (SCOPE, 4, 9)],
    ids=["skin", "a wound", "a dark room", "a scope"],
)
def test_a_photograph_gets_no_words_and_is_not_turned(colour: tuple[int, int, int], seed: int, spots: int) -> None:
    page = _read(photograph(colour, seed=seed, spots=spots))
    assert page.words == ()
    assert page.outcome is PageOutcome.UNREADABLE
    assert (page.rotation, page.skew_degrees) == (0, 0.0)
    assert page.quality == 0.0
    assert page.reason
    assert page.marks == ()


def test_what_is_burnt_into_a_dark_picture_is_read() -> None:
    picture = photograph((25, 25, 25), seed=5, grain=2.0)
    for i, line in enumerate(("RIVERA ANA 00123456", "LAKESIDE RADIOLOGY")):
        cv2.putText(picture, line, (30, 50 + 40 * i), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (240, 240, 240), 2, cv2.LINE_AA)
    text = _read(picture).text
    assert "00123456" in text
    assert "RADIOLOGY" in text


@pytest.mark.parametrize(
    ("page", "is_one"),
    [
        (printed(LINES), False),
        ((printed(LINES) * 0.62).astype(np.uint8), False),  # white paper in shade
        (np.dstack([printed(LINES)] * 3), False),
        (photograph(SKIN), True),
        (photograph(DARK)[:, :, 0], True),
    ],
    ids=["paper", "in shade", "scanned in colour", "skin", "grey and dark"],
)
def test_paper_is_no_picture(page: Image, is_one: bool) -> None:
    assert is_picture(place(page, (100, 100))) == is_one


@pytest.mark.parametrize("colour", [(250, 250, 250), (250, 205, 215), (245, 240, 170)], ids=["white", "pink", "yellow"])
def test_an_empty_side_of_coloured_paper_is_blank_and_no_picture(colour: tuple[int, int, int]) -> None:
    grain = np.random.default_rng(2).normal(0, 2.5, (1100, 850, 1))
    page = np.clip(np.full((1100, 850, 3), colour, np.float32) + grain, 0, 255).astype(np.uint8)
    assert _read(page).outcome is PageOutcome.BLANK


@pytest.mark.parametrize(
    ("words", "is_print"),
    [
        ((("FEMUR", 0.9), ("3.21cm", 0.9)), True),
        ((("RADIOLOGY", 0.85),), True),
        ((("ARM", 0.95),), False),  # one short word is chance
        ((("ae", 0.9), ("~~", 0.9), ("ee", 0.9)), False),
        ((("pee", 0.4), ("Ree", 0.3), ("hed", 0.5)), False),
    ],
)
def test_lines_of_print_on_a_picture_are_told_from_texture(
    words: tuple[tuple[str, float], ...], is_print: bool
) -> None:
    read = [Word(text, Box(0, 0, 50, 20), confidence, 3) for text, confidence in words]
    assert (printed_lines(read) == {3}) == is_print
