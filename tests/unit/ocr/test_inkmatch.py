"""Ink laid over each other: each stroke of the same sheet lies on itself, another filling has others in the same place."""

from dataclasses import replace

import numpy as np
import pytest

from ocr.imaging import cv2
from ocr.inkmatch import Laid, Unmatched, find_unmatched, lay_over, likeness, pieces_on_one, upper
from ocr.inkpicture import InkPicture
from tests.given.ink import ink_of, scribble
from tests.given.paper import typed

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
AS_IT_IS = np.array([[1.0, 0, 0], [0, 1.0, 0]])
LINES = "\n".join(f"Label {n}: value {n * 137} of this form and more words" for n in range(30))
PAGE = ink_of(typed(LINES))


def _unmatched(one: InkPicture, other: InkPicture, to_one: Numbers = AS_IT_IS) -> Unmatched:
    found = find_unmatched(lay_over(one, other, to_one))
    assert found is not None
    return found


def _written(seed: int) -> InkPicture:
    return ink_of(typed(LINES), tuple(scribble(500, 150 + 80 * row, seed + row) for row in range(8)))


def test_the_same_ink_has_a_counterpart_everywhere() -> None:
    assert _unmatched(PAGE, PAGE).count_other() == (0, 0.0)
    assert _unmatched(PAGE, PAGE).count_more() == 0


def test_ink_a_dot_off_is_the_same() -> None:
    shifted = InkPicture(np.roll(PAGE.ink, 1, axis=1))
    assert _unmatched(PAGE, shifted).count_other()[0] == 0


def test_a_page_that_was_shifted_and_shrunk_is_laid_over() -> None:
    moved = np.array([[0.97, 0.0, 11.0], [0.0, 0.97, 14.0]])
    height, width = PAGE.ink.shape
    copy = InkPicture(cv2.warpAffine(PAGE.ink, moved, (width, height), flags=cv2.INTER_NEAREST))
    back = cv2.invertAffineTransform(moved)
    back[:, 2] *= 2  # dots are 1/100 inch, the map is in 1/200
    assert _unmatched(PAGE, copy, back).count_other()[0] < 8


def test_specks_and_thick_strokes_of_a_fax_say_nothing() -> None:
    rng = np.random.default_rng(4)
    fax = cv2.dilate(PAGE.ink, np.ones((2, 2), np.uint8)) | (rng.random(PAGE.ink.shape) < 0.002).astype(np.uint8)
    assert _unmatched(PAGE, InkPicture(fax)).count_other()[0] == 0


def test_another_hand_in_the_same_place_is_other_ink() -> None:
    assert _unmatched(_written(1), _written(1)).count_other()[0] == 0
    assert _unmatched(_written(1), _written(90)).count_other()[0] > 40


def test_what_is_on_one_page_only_is_more_and_not_other() -> None:
    found = _unmatched(PAGE, _written(1))
    assert found.count_other()[0] == 0
    assert 8 <= found.count_more() <= 40


def test_the_edge_of_the_paper_is_not_counted() -> None:
    shadow = PAGE.ink.copy()
    shadow[:, :30] = 1
    assert _unmatched(PAGE, InkPicture(shadow)).count_more() == 0


@pytest.mark.parametrize("off", [900.0, -1600.0])
def test_pages_of_which_little_lies_on_each_other_are_not_compared(off: float) -> None:
    assert find_unmatched(lay_over(PAGE, PAGE, np.array([[1.0, 0, off], [0, 1.0, off]]))) is None


def test_the_upper_third_is_compared_alone() -> None:
    below = ink_of(typed(LINES), (scribble(300, 900, 1, letters=30),))
    assert find_unmatched(lay_over(upper(PAGE), below, AS_IT_IS)) is not None
    assert _unmatched(upper(PAGE), below).count_more() == 0
    assert _unmatched(PAGE, below).count_more() > 0


def test_another_digit_is_less_alike_than_the_same() -> None:
    page = typed(LINES)
    numbers = [word for word in page.words if word.text == "685"]
    other = replace(page, words=tuple(replace(w, text="625") if w.text == "685" else w for w in page.words))
    box = [edge * 200 / 300 for edge in numbers[0].box]
    [same] = likeness(lay_over(PAGE, PAGE, AS_IT_IS), [box])
    [unlike] = likeness(lay_over(PAGE, ink_of(other), AS_IT_IS), [box])
    assert same is not None
    assert unlike is not None
    assert same > 0.99
    assert unlike < same - 0.05


def test_where_nothing_can_be_told_likeness_is_none() -> None:
    laid = lay_over(PAGE, PAGE, AS_IT_IS)
    assert likeness(laid, [(0, 0, 40, 20), (300, 2000, 303, 2003), (900, 1950, 980, 1990)]) == [None] * 3


def test_a_remark_is_told_as_one_piece_where_it_stands() -> None:
    laid = lay_over(PAGE, ink_of(typed(LINES), (scribble(300, 900, 1),)), AS_IT_IS)
    here, [there] = pieces_on_one(laid)
    assert here == ()
    assert 580 <= there.left <= 610
    assert 1760 <= there.top <= 1800
    assert there.bottom <= 1840


def test_pieces_are_told_in_units_of_the_whole_page() -> None:
    laid = lay_over(PAGE, PAGE, AS_IT_IS)
    assert isinstance(laid, Laid)
    assert pieces_on_one(laid) == ((), ())
