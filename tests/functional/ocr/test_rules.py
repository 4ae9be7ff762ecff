"""Ruled paper: its lines go, what is written on them stays; tables and forms keep theirs."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from benchmarks.sheets import LAYOUTS, draw_sheet
from ocr.clean import rules
from ocr.clean.sketch import draw_sketch
from ocr.imaging import Image, to_grey
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import Kind


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_paper_that_is_not_ruled_is_left_alone(layout: str) -> None:
    assert not rules.is_ruled(draw_sketch(to_grey(draw_sheet(layout, "Helvetica", 3).image), 300))


def _ruled(level: int) -> tuple[Image, Image]:
    """A note on ruled paper, and the same without the rules."""
    plain = to_grey(draw_sheet("note", "Times-Roman", 3).image)
    page = plain.copy()
    for y in range(100, page.shape[0], 83):
        page[y : y + 3] = np.minimum(page[y : y + 3], level)
    return page, plain


def test_rules_go_and_letters_stay() -> None:
    page, plain = _ruled(120)
    assert rules.is_ruled(draw_sketch(page, 300))
    clean = rules.without_rules(page, 300)
    ink = plain < 100
    assert (clean[ink] < 160).mean() > 0.95  # the letters are there
    assert (clean[~ink] < 160).mean() < 0.004  # and hardly anything else; the rules were 3.6 of a hundred pixels


def test_rules_as_black_as_the_ink_are_left_in() -> None:
    assert not rules.is_ruled(draw_sketch(_ruled(0)[0], 300))


def test_a_form_printed_in_colour_keeps_its_rules() -> None:
    grey, _ = _ruled(120)
    sheet = np.dstack([grey, grey, grey])
    rule = (grey == 120)[..., None]
    red = np.where(rule, np.array([120, 120, 235], np.uint8), sheet)
    recipes = []
    for image in (sheet, red):
        scan = io.BytesIO()
        Pillow.fromarray(np.ascontiguousarray(image[:, :, ::-1])).save(scan, "PNG", dpi=(300, 300))
        recipes.append(read_page(scan.getvalue(), Kind.PNG, 1, WORDS_ONLY).page.recipe)
    assert ["rules" in recipe for recipe in recipes] == [True, False]
