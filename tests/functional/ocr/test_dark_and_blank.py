"""Negatives, dark pictures with light letters, short lines on blank sides, and pages that pose turned in their file."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from ocr import blank
from ocr.clean.negative import Tone, tone_of
from ocr.clean.sketch import draw_sketch
from ocr.imaging import Image, cv2
from ocr.load import load_page
from ocr.read import PageOrder, read_page
from ocr.signature import Kind
from tests.given.paper import LINES, printed, saved, side_with

PAGE = printed(LINES)


def _film() -> Image:
    """A fan of grey speckle on black, as an ultrasound shows it, and one line of light letters."""
    film = np.full((1700, 2200), 12, np.uint8)
    points = np.array([(1100, 120), (250, 1200), (1100, 1500), (1950, 1200)], np.int32)
    cv2.fillPoly(film, [points], 95)
    noise = np.random.default_rng(5).normal(0, 12, film.shape)
    film = np.where(film > 50, np.clip(film + noise, 40, 160), film).astype(np.uint8)
    cv2.putText(film, "RIVERA ANA  00123456", (60, 70), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 225, 3, cv2.LINE_AA)
    return film


def _card_on_lid() -> Image:
    lid = np.full((2200, 1700), 15, np.uint8)
    card = printed(["INSURANCE CARD", "Member 4482917"], (900, 560), 1.2)
    lid[500:1060, 300:1200] = card
    return lid


@pytest.mark.parametrize(
    ("page", "tone"),
    [
        (PAGE, Tone.PAPER),
        (255 - PAGE, Tone.NEGATIVE),
        (np.clip(255 - PAGE.astype(int) + 30, 0, 255).astype(np.uint8), Tone.NEGATIVE),
        (_film(), Tone.DARK),
        (_card_on_lid(), Tone.DARK),
        (np.full((2200, 1700), 8, np.uint8), Tone.PAPER),
        (np.full((2200, 1700), 240, np.uint8), Tone.PAPER),
    ],
    ids=["page", "negative", "grey negative", "film", "card on a black lid", "black", "white"],
)
def test_what_kind_of_dark_a_page_is(page: Image, tone: Tone) -> None:
    assert tone_of(page) is tone


def test_a_negative_is_read_and_kept_as_positive() -> None:
    read = read_page(saved([255 - PAGE], "JPEG", quality=90), Kind.JPEG, 1, PageOrder(picture=True))
    assert "00123456" in read.page.text
    assert read.picture is not None
    assert float(np.median(read.picture)) > 200


def test_light_letters_on_a_film_are_read_and_the_film_stays_dark() -> None:
    read = read_page(saved([_film()], "PNG"), Kind.PNG, 1, PageOrder(picture=True))
    assert "00123456" in read.page.text
    assert read.picture is not None
    assert float(np.median(read.picture)) < 60


def test_dark_letters_on_a_card_on_a_black_lid_are_read_as_they_are() -> None:
    assert "4482917" in read_page(saved([_card_on_lid()], "PNG"), Kind.PNG, 1).page.text


# ---- blank


def _stroke() -> Image:
    """A word in one stroke of a pen."""
    side = np.full((2200, 1700), 240, np.uint8)
    points = [(700 + 12 * i, int(900 + 28 * np.sin(i * 1.3) - 10 * np.cos(i * 0.7))) for i in range(30)]
    cv2.polylines(side, [np.array(points, np.int32)], False, 70, 3, cv2.LINE_AA)
    return side


@pytest.mark.parametrize(
    ("side", "is_blank"),
    [
        (side_with("NKDA"), False), (side_with("NKDA", 0.5), False), (side_with("See back"), False), (_stroke(), False),
        (side_with(""), True), (side_with("4", 0.9), True), (side_with("- 4 -", 0.9), True),
    ],
    ids=["NKDA", "small", "words", "pen", "nothing", "a figure", "a page number"],
)  # fmt: skip
def test_one_short_line_is_not_blank(side: Image, is_blank: bool) -> None:
    assert blank.is_blank(draw_sketch(side, 200), 4.0) is is_blank


def test_dirt_is_no_line() -> None:
    rng = np.random.default_rng(8)
    for _ in range(20):
        side = np.full((2200, 1700), 240, np.uint8)
        for _ in range(40):
            at = (int(rng.integers(0, 1700)), int(rng.integers(0, 2200)))
            cv2.circle(side, at, int(rng.integers(1, 5)), int(rng.integers(20, 180)), -1)
        cv2.line(side, (0, 1100), (1700, 1104), 185, 3)
        assert not blank.has_line(draw_sketch(side, 200))


# ---- orientation tags with unequal resolutions


@pytest.mark.parametrize(
    ("dpi", "believed"),
    [((200, 200), True), ((204, 190), True), ((1124, 100), False), ((90, 300), False), ((204, 98), False)],
)
def test_resolutions_that_no_scanner_has_stretch_no_page(dpi: tuple[int, int], believed: bool) -> None:
    """A page that has the shape of paper already was not scanned with twice as many dots one way as the other."""
    out = io.BytesIO()
    Pillow.fromarray(PAGE).save(out, "TIFF", dpi=dpi)
    assert (load_page(out.getvalue(), Kind.TIFF, 1).dpi != (0.0, 0.0)) is believed
