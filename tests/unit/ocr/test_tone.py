"""Which cleaning steps a page gets, by what was measured of it: small letters outlive neither a median nor the search for spots."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.damage import by_name
from benchmarks.sheets import draw_sheet
from ocr.clean import geometry, tone
from ocr.clean.dirt import Dirt, find_dirt
from ocr.clean.geometry import Placed
from ocr.clean.measure import Measurement, measure
from ocr.imaging import to_grey

CLEAN = Measurement(
    contrast=200, noise=1, shade=5, speckle=10, letter_height=30, small_letters=17, is_bitonal=False, dpi=300
)
SMALL = replace(CLEAN, dpi=100, letter_height=8, small_letters=5)


@cache
def _page() -> Placed:
    return geometry.place(np.full((220, 170), 255, np.uint8), (300, 300))


def _recipe(look: Measurement, *, has_spots: bool = False) -> tuple[str, ...]:
    page = _page()
    spots = np.zeros(page.sketch.ink.shape, np.uint8) if has_spots else None
    return tone.clean(page, tone.Seen(look, Dirt(None, None, spots), page.sketch))[1]


@pytest.mark.parametrize(
    ("look", "has_spots", "recipe"),
    [
        (CLEAN, False, ()),
        (CLEAN, True, ("spots", "median")),
        (replace(CLEAN, speckle=151), False, ("median",)),
        (replace(CLEAN, speckle=150), False, ()),
        (replace(CLEAN, speckle=900, is_bitonal=True), False, ()),  # a median is no help to dots of black and white
        # At 18 pixels strokes are three pixels wide, and outlive a median over three.
        (replace(CLEAN, letter_height=18), True, ("spots", "median")),
        (replace(CLEAN, letter_height=17.9), True, ()),
        (replace(CLEAN, letter_height=18, speckle=900), False, ("median",)),
        (replace(CLEAN, letter_height=17.9, speckle=900), False, ()),
        # A form of 100 dpi: enlarged only, whatever looks like dirt on it.
        (SMALL, False, ("enlarge",)),
        (SMALL, True, ("enlarge",)),
        (replace(SMALL, speckle=900), True, ("enlarge",)),
        (replace(SMALL, is_bitonal=True), True, ("enlarge", "soften")),  # dots enlarged are stairs all the same
        # Large letters at a low resolution are cleaned as any.
        (replace(SMALL, letter_height=24), True, ("spots", "median", "enlarge")),
        # What does not go by the size of strokes stays on.
        (replace(SMALL, shade=60), True, ("flatten", "enlarge")),
        (replace(SMALL, contrast=80), True, ("stretch", "enlarge")),
        (replace(CLEAN, letter_height=12, small_letters=8, noise=9), True, ("smooth",)),
    ],
)  # fmt: skip
def test_a_page_gets_the_steps_that_its_letters_can_bear(
    look: Measurement, has_spots: bool, recipe: tuple[str, ...]
) -> None:
    assert _recipe(look, has_spots=has_spots) == recipe


@pytest.mark.parametrize("layout", ["form", "claim", "note"])
def test_nothing_of_a_soft_and_noisy_form_of_100_dpi_is_wiped_away(layout: str) -> None:
    row = by_name("low form")
    sheet = to_grey(draw_sheet(layout, "Times-Roman", 5).image)
    page = geometry.place(to_grey(row.apply(sheet, np.random.default_rng(1))), row.dpi)
    look = measure(page.grey, page.sketch, page.dpi, is_bitonal=False)
    assert 0 < look.letter_height < 18
    recipe = tone.clean(page, tone.Seen(look, find_dirt(page.sketch), page.sketch))[1]
    assert "enlarge" in recipe
    assert not {"spots", "median"} & set(recipe)
