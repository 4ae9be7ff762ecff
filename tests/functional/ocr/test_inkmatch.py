"""Ink compared: the same print under other light and skew is the same, another digit and another hand are not."""

import numpy as np
import pytest

from ocr.imaging import Image, cv2, to_jpeg
from ocr.inkmatch import InkMatch, Picture, compare_ink
from ocr.page import Box
from tests.given.paper import printed

LINES = [f"{label}: {value}" for label, value in (
    ("Patient", "Rivera Ana"), ("Record", "00123456"), ("Date", "01/07/2024"), ("Pulse", "72"), ("Weight", "73 kg"),
    ("Remarks", "resting well"), ("Family", "at bedside"), ("Diet", "regular"), ("Unit", "4 North 12"), ("Nurse", "R Adeyemi"),
)]  # fmt: skip
WIDTH, HEIGHT = 1700, 2200
Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
AS_IT_IS = np.array([[1.0, 0, 0], [0, 1.0, 0]])


def _line_box(row: int) -> Box:
    return Box(120, 160 + 90 * row, 700, 212 + 90 * row)


ALIKE = np.array([tuple(_line_box(row)) for row in (0, 1, 3, 4, 5, 6, 7, 8, 9)], np.float64)
DATE = _line_box(2)


def _picture(image: Image) -> Picture:
    return Picture(to_jpeg(cv2.resize(image, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA), 75), WIDTH, HEIGHT)


def _scan(lines: list[str], seed: int = 1, dark: float = 0.8) -> Image:
    rng = np.random.default_rng(seed)
    page = printed(lines, scale=1.4).astype(np.float32)
    slope = np.linspace(1.0, dark, WIDTH)[None, :]
    return np.clip(page * slope + rng.normal(0, 4, page.shape), 0, 255).astype(np.uint8)


def _compare(one: Image, other: Image, to_one: Numbers = AS_IT_IS) -> InkMatch:
    found = compare_ink(_picture(one), _picture(other), to_one, ALIKE, [DATE])
    assert found is not None
    return found


def _off(found: InkMatch) -> float:
    [off] = found.off
    assert off is not None
    return off


def test_the_same_print_in_other_light_is_the_same_ink() -> None:
    found = _compare(_scan(LINES), _scan(LINES, 2, dark=0.5))
    assert _off(found) < 1
    assert found.cells == 0


def test_a_fax_of_it_is_the_same_ink() -> None:
    fax = ((_scan(LINES, 3) > 140) * np.uint8(255)).astype(np.uint8)
    assert _off(_compare(_scan(LINES), fax)) < 2


@pytest.mark.parametrize("day", ["01/09/2024", "01/07/2021", "11/07/2024"])
def test_one_other_digit_is_other_ink(day: str) -> None:
    other = [line.replace("01/07/2024", day) for line in LINES]
    found = _compare(_scan(LINES), _scan(other, 2, dark=0.6))
    assert _off(found) > 3


def test_a_page_that_was_shifted_is_laid_over() -> None:
    moved = np.array([[0.97, 0.004, 22.0], [-0.004, 0.97, 31.0]])
    page = cv2.warpAffine(_scan(LINES, 2), moved, (WIDTH, HEIGHT), borderValue=255)
    back = cv2.invertAffineTransform(moved)
    assert _off(_compare(_scan(LINES), page, back)) < 2


def _with_stroke(points: list[tuple[int, int]]) -> Image:
    page = _scan(LINES)
    cv2.polylines(page, [np.array(points, np.int32)], False, 20, 4, cv2.LINE_AA)
    return page


ONE_HAND = [(200 + 12 * n, 1500 + (40 if n % 2 else -40)) for n in range(60)]
OTHER_HAND = [(200 + 30 * n, 1500 + (50 if n % 3 else -50)) for n in range(24)]


def test_the_same_hand_is_the_same_and_another_is_not() -> None:
    assert _compare(_with_stroke(ONE_HAND), _with_stroke(ONE_HAND)).cells == 0
    assert _compare(_with_stroke(ONE_HAND), _with_stroke(OTHER_HAND)).cells >= 3


def test_a_stamp_on_one_page_only_is_no_other_ink() -> None:
    assert _compare(_scan(LINES), _with_stroke(ONE_HAND)).cells == 0


@pytest.mark.parametrize(
    ("jpeg", "alike"),
    [(b"no picture", ALIKE), (_picture(_scan(LINES)).jpeg, ALIKE[:3])],
    ids=["not a picture", "too few words read alike"],
)
def test_what_cannot_be_compared_is_none(jpeg: bytes, alike: Numbers) -> None:
    assert compare_ink(_picture(_scan(LINES)), Picture(jpeg, WIDTH, HEIGHT), AS_IT_IS, alike, [DATE]) is None
