"""The small picture of a page's ink: of one size whatever the resolution, and read back as it was kept."""

import numpy as np
import pytest

from ocr.clean.sketch import draw_sketch
from ocr.imaging import cv2, to_jpeg
from ocr.inkpicture import INK_DPI, draw_ink, ink_of_view, read_ink
from tests.given.ink import ink_of
from tests.given.paper import printed, typed

LINES = [f"Label {n}: value {n * 137}" for n in range(20)]


@pytest.mark.parametrize("dpi", [100, 150, 200, 300])
def test_ink_has_one_resolution_whatever_the_page_has(dpi: int) -> None:
    page = cv2.resize(printed(LINES), (round(8.5 * dpi), 11 * dpi), interpolation=cv2.INTER_AREA)
    ink = draw_ink(draw_sketch(page, dpi), dpi).ink
    assert abs(ink.shape[0] - 11 * INK_DPI) <= 1
    assert abs(ink.shape[1] - 8.5 * INK_DPI) <= 1
    assert 0.01 < ink.mean() < 0.08


def test_ink_is_read_back_as_it_was_kept() -> None:
    picture = ink_of(typed("\n".join(LINES)))
    kept = picture.packed()
    assert np.array_equal(read_ink(kept).ink, picture.ink)
    assert len(kept) < picture.ink.size / 30


def test_a_page_in_shade_has_the_same_ink() -> None:
    page = printed(LINES)
    shade = (page * np.linspace(1.0, 0.6, page.shape[1], dtype=np.float32)[None]).astype(np.uint8)
    one, other = (draw_ink(draw_sketch(grey, 200), 200).ink for grey in (page, shade))
    assert (one != other).mean() < 0.002


def test_the_ink_of_a_kept_page_is_that_of_the_page() -> None:
    page = printed(LINES)
    view = to_jpeg(cv2.resize(page, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA), 75)
    made, kept = draw_ink(draw_sketch(page, 200), 200), ink_of_view(view, 8.5)
    assert kept is not None
    assert kept.ink.shape == made.ink.shape
    assert (kept.ink != made.ink).mean() < 0.01


def test_what_is_no_picture_has_no_ink() -> None:
    assert ink_of_view(b"no picture", 8.5) is None
