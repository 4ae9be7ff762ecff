"""Geometry, blank sides, and cleaning that knows when to leave a page alone."""

import random

import numpy as np
import pytest

from ingest.demo import scanner
from ocr import blank
from ocr.clean import geometry, tone
from ocr.clean.measure import measure, noise_of
from ocr.imaging import cv2, turned
from tests.paper import LINES, printed

PAGE = printed(LINES * 4, scale=1.1)


@pytest.mark.parametrize("skew", [-12.0, -5.0, -1.3, -0.4, 0.0, 0.7, 2.0, 9.5])
def test_skew_is_found_to_a_fifth_of_a_degree(skew: float) -> None:
    tilted = scanner._tilt(PAGE, -skew)
    assert geometry.find_skew(tilted) == pytest.approx(skew, abs=0.2)


def test_a_straightened_page_is_straight_and_loses_no_corner() -> None:
    tilted = scanner._tilt(PAGE, 4.0)
    straight = geometry.straightened(tilted, geometry.find_skew(tilted))
    assert abs(geometry.find_skew(straight)) <= 0.2
    assert straight.shape[0] > tilted.shape[0]


def test_an_empty_or_speckled_side_has_no_skew() -> None:
    assert geometry.find_skew(np.full((2200, 1700), 255, np.uint8)) == 0.0


def test_a_turn_and_its_opposite_give_the_page_back() -> None:
    for degrees in (0, 90, 180, 270):
        assert np.array_equal(turned(turned(PAGE, degrees), 360 - degrees), PAGE)


@pytest.mark.parametrize(
    ("shape", "said", "believed"),
    [
        ((3300, 2550), 300, 300),
        ((3300, 2550), 72, 300),
        ((2200, 1700), 0, 200),
        ((1100, 850), 96, 96),
        ((3300, 2550), 9999, 300),
    ],
)
def test_a_resolution_is_believed_only_when_it_fits_a_sheet(shape: tuple[int, int], said: int, believed: int) -> None:
    assert geometry.believable_dpi(np.zeros(shape, np.uint8), said) == believed


def test_fax_pages_get_square_pixels() -> None:
    image, dpi = geometry.squared(np.zeros((1078, 1728), np.uint8), (204, 98))
    assert dpi == 204
    assert image.shape[0] == pytest.approx(1078 * 204 / 98, abs=2)


def test_blank_sides_are_blank_and_the_sparsest_note_is_not() -> None:
    rng = random.Random(1)
    empty = np.full((2200, 1700), 245, np.uint8)
    for side in (empty, scanner._noisy(empty, rng, 6), scanner._shadow(empty, rng)):
        assert blank.is_blank(side, noise_of(side)) is not False
    assert blank.is_blank(empty, 0.0) is True
    note = printed(["seen, no change. A. Novak MD"], scale=1.0)
    assert blank.is_blank(note, noise_of(note)) is False


def test_faint_writing_is_left_to_reading() -> None:
    """Ink 43 grey levels from the paper reads well and was once taken for a blank side."""
    faint = 255 - ((255 - PAGE) // 6)
    assert blank.is_blank(faint, noise_of(faint)) is None


@pytest.mark.parametrize("damage", ["clean", "office"])
def test_good_pages_are_left_alone(damage: str) -> None:
    page = cv2.resize(PAGE, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)  # 300 dpi
    scanned = scanner.by_name(damage).apply(page, random.Random(2))
    look = measure(scanned, 300, False)
    assert tone.clean(scanned, look)[1] == (), look


@pytest.mark.parametrize(
    ("damage", "step"), [("faded", "stretch"), ("shadow", "flatten"), ("speckled", "median"), ("150dpi", "enlarge")]
)
def test_each_kind_of_damage_gets_its_step(damage: str, step: str) -> None:
    page = cv2.resize(PAGE, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)
    row = scanner.by_name(damage)
    scanned = row.apply(page, random.Random(2))
    assert step in tone.clean(scanned, measure(scanned, row.dpi[0], False))[1]
