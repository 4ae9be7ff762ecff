"""A page as it was dropped is shown as the scanner gave it: its way up, its skew, its proportions."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from ocr.asdropped import picture_as_dropped
from ocr.errors import OcrError
from ocr.imaging import turned
from tests.given.paper import LINES, printed, saved


def _drawn(data: bytes, number: int = 1) -> Pillow.Image:
    return Pillow.open(io.BytesIO(picture_as_dropped(data, number)))


def test_a_page_keeps_its_way_up_and_comes_at_150_dpi() -> None:
    page = printed(LINES)  # 1700 by 2200 at 200 dpi
    drawn = _drawn(saved([page, turned(page, 180)], "TIFF"), 2)
    assert drawn.size == (1275, 1650)
    dark = np.asarray(drawn.convert("L")) < 128
    assert dark[825:].sum() > 10 * dark[:825].sum()  # the lines stand at its foot


def test_a_fax_with_half_as_many_lines_as_dots_has_the_proportions_of_the_paper() -> None:
    out = io.BytesIO()
    Pillow.new("L", (1728, 1078), 255).save(out, "TIFF", dpi=(204, 98))
    width, height = _drawn(out.getvalue()).size
    assert height / width == pytest.approx(11 / 8.47, abs=0.01)


def test_a_picture_without_a_resolution_is_taken_for_a_page() -> None:
    out = io.BytesIO()
    Pillow.new("L", (5100, 6600), 255).save(out, "PNG")
    assert _drawn(out.getvalue()).size[0] <= 1275


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(OcrError):
        picture_as_dropped(b"%PDF-1.7 torn %%EOF", 1)
