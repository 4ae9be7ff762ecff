"""Geometry, blank sides, and cleaning that knows when to leave a page alone."""

import random
from functools import cache

import numpy as np
import pytest

from benchmarks.damage import by_name as benchmark_damage
from benchmarks.sheets import draw_sheet
from ingest.demo import scanner
from ocr import blank
from ocr.clean import geometry, tone
from ocr.clean.dirt import find_dirt
from ocr.clean.measure import has_two_levels, measure, noise_of
from ocr.clean.sketch import draw_sketch
from ocr.clean.skew import find_skew
from ocr.clean.turn import find_turn
from ocr.imaging import Image, cv2, to_grey, turned
from tests.given.paper import LINES, printed

PAGE = printed(LINES * 4, scale=1.1)
LARGE = cv2.resize(PAGE, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)  # 300 dpi
NOTE = to_grey(draw_sheet("note", "Helvetica", 3).image)


def _skew_of(image: Image, dpi: int = 200) -> float:
    return find_skew(draw_sketch(image, dpi)).degrees


def _recipe(image: Image, dpi: int) -> tuple[str, ...]:
    page = geometry.place(image, (dpi, dpi))
    look = measure(page.grey, page.sketch, page.dpi, is_bitonal=has_two_levels(image))
    return tone.clean(page, tone.Seen(look, find_dirt(page.sketch), page.sketch))[1]


@pytest.mark.parametrize("skew", [-12.0, -5.0, -1.3, -0.4, 0.0, 0.7, 2.0, 9.5, 31.0, -42.0])
def test_skew_is_found_to_a_tenth_of_a_degree(skew: float) -> None:
    tilted = scanner._tilt(NOTE, -skew)
    assert _skew_of(tilted, 300) == pytest.approx(skew, abs=0.1)


def test_a_straightened_page_is_straight_and_loses_no_corner() -> None:
    tilted = scanner._tilt(PAGE, 4.0)
    placed = geometry.place(tilted, (200, 200))
    straight = geometry.upright(placed, geometry.estimate_pose(placed), 0)
    image = straight.render(straight.sheet)
    assert abs(_skew_of(image)) <= 0.1
    assert image.shape[0] > tilted.shape[0]
    assert image.shape == (straight.height, straight.width)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 3.0, -11.0])
def test_every_place_maps_back_to_the_original_exactly(degrees: int, skew: float) -> None:
    """A dot on the original is found on the straight page, and its place leads back to the dot."""
    original = scanner._tilt(PAGE, -skew)
    cv2.circle(original, (1300, 300), 9, 0, -1)
    lying = turned(original, (360 - degrees) % 360)
    where = np.argwhere(turned(_only_dot(original.shape), (360 - degrees) % 360))[0][::-1]
    placed = geometry.place(lying, (200, 200))
    straight = geometry.upright(placed, geometry.estimate_pose(placed), degrees)
    back = np.array(straight.to_original).reshape(2, 3)
    there = np.linalg.inv(np.vstack((back, (0, 0, 1)))) @ (*where, 1)
    again = back @ (there[0], there[1], 1)
    assert again == pytest.approx(where, abs=0.01)
    image = straight.render(straight.grey)
    x, y = round(there[0]), round(there[1])
    assert image[y - 4 : y + 5, x - 4 : x + 5].mean() < 60


def _only_dot(shape: tuple[int, ...]) -> Image:
    mask = np.zeros(shape, np.uint8)
    mask[300, 1300] = 1
    return mask


def test_an_empty_or_speckled_side_has_no_skew() -> None:
    assert _skew_of(np.full((2200, 1700), 255, np.uint8)) == 0.0


@cache
def _scanned(layout: str, damage: str) -> tuple[Image, int]:
    """A drawn page after this damage, and its dots an inch."""
    row = benchmark_damage(damage)
    page = to_grey(row.apply(to_grey(draw_sheet(layout, "Times-Roman", 5).image), np.random.default_rng(1)))
    return geometry.squared(page, row.dpi)


@pytest.mark.parametrize("lies", [0, 90, 180, 270])
@pytest.mark.parametrize(("layout", "damage"), [("note", "office"), ("labs", "fax coarse"), ("form", "low form")])
def test_the_letters_of_a_page_tell_which_way_up_it_lies(layout: str, damage: str, lies: int) -> None:
    square, dpi = _scanned(layout, damage)
    turn = find_turn(draw_sketch(turned(square, lies), dpi))
    assert turn.is_sure
    assert turn.degrees == (360 - lies) % 360


def test_a_sparse_page_is_not_turned_on_weak_evidence() -> None:
    for word in ("OXO", "8 0 8", "- 1 -"):
        assert not find_turn(draw_sketch(printed([word], scale=1.0), 200)).is_sure


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


def test_black_edges_are_taken_off_and_nothing_of_the_paper() -> None:
    lid = np.full((LARGE.shape[0] + 200, LARGE.shape[1] + 300), 10, np.uint8)
    lid[100:-100, 150:-150] = LARGE
    placed = geometry.place(lid, (300, 300))
    assert placed.steps == ("crop",)
    assert placed.sheet.shape[0] == pytest.approx(LARGE.shape[0], abs=8)
    assert placed.sheet.shape[1] == pytest.approx(LARGE.shape[1], abs=8)
    assert geometry.place(np.full((2200, 1700), 20, np.uint8), (200, 200)).steps == ()


def test_blank_sides_are_blank_and_the_sparsest_note_is_not() -> None:
    rng = random.Random(1)
    empty = np.full((2200, 1700), 245, np.uint8)
    for side in (empty, scanner._noisy(empty, rng, 6), scanner._shadow(empty, rng)):
        assert blank.is_blank(draw_sketch(side, 200), noise_of(side)) is not False
    assert blank.is_blank(draw_sketch(empty, 200), 0.0) is True
    note = printed(["seen, no change. A. Novak MD"], scale=1.0)
    assert blank.is_blank(draw_sketch(note, 200), noise_of(note)) is False


def test_faint_writing_is_left_to_reading() -> None:
    """Ink 43 grey levels from the paper reads well and was once taken for a blank side."""
    faint = 255 - ((255 - PAGE) // 6)
    assert blank.is_blank(draw_sketch(faint, 200), noise_of(faint)) is None


@pytest.mark.parametrize("damage", ["clean", "office"])
@pytest.mark.parametrize("page", [LARGE, NOTE], ids=["typed", "note"])
def test_good_pages_are_at_most_reduced(page: Image, damage: str) -> None:
    scanned = scanner.by_name(damage).apply(page, random.Random(2))
    assert set(_recipe(scanned, 300)) <= {"reduce"}


@pytest.mark.parametrize(
    ("damage", "step"), [("faded", "stretch"), ("shadow", "flatten"), ("speckled", "median"), ("150dpi", "enlarge")]
)
def test_each_kind_of_damage_gets_its_step(damage: str, step: str) -> None:
    row = scanner.by_name(damage)
    assert step in _recipe(row.apply(NOTE, random.Random(2)), row.dpi[0])


@pytest.mark.parametrize(
    ("damage", "step"),
    [("dirt", "spots"), ("holes", "holes"), ("black edges", "edges"), ("noise", "smooth"), ("low contrast", "stretch")],
)
def test_dirt_is_painted_over(damage: str, step: str) -> None:
    row = benchmark_damage(damage)
    assert step in _recipe(row.apply(NOTE, np.random.default_rng(2)), row.dpi[0])


def test_full_stops_and_dots_of_letters_are_no_dirt() -> None:
    assert find_dirt(draw_sketch(NOTE, 300)).spots is None
    assert find_dirt(draw_sketch(to_grey(draw_sheet("labs", "Courier", 2).image), 300)).spots is None


def _banner(top: int, left: int, right: int) -> Image:
    """A page with white letters on a black banner."""
    page = LARGE.copy()
    page[:260] = 255
    page[top : top + 130, left:right] = 0
    cv2.putText(page, "ALLERGY PENICILLIN", (500, top + 90), cv2.FONT_HERSHEY_SIMPLEX, 2.2, 255, 6, cv2.LINE_AA)
    return page


@pytest.mark.parametrize("place", ["at the top edge", "from side to side", "away from the edges"])
def test_a_banner_with_white_letters_is_content_and_not_lid(place: str) -> None:
    top, left, right = {
        "at the top edge": (0, 0, LARGE.shape[1]),
        "from side to side": (100, 0, LARGE.shape[1]),
        "away from the edges": (100, 200, 2300),
    }[place]
    page = geometry.place(_banner(top, left, right), (300, 300))
    assert page.steps == ()
    dirt = find_dirt(page.sketch)
    assert dirt.edges is None
    assert dirt.holes is None


def test_bold_letters_near_the_edge_are_no_punch_holes() -> None:
    page = np.full((3300, 2550), 255, np.uint8)
    for i, letter in enumerate("DRBOQ8"):
        cv2.putText(page, letter, (80 + 160 * i, 220), cv2.FONT_HERSHEY_SIMPLEX, 4.0, 0, 24)
    assert find_dirt(draw_sketch(page, 300)).holes is None
    cv2.circle(page, (120, 1600), 42, 0, -1)
    assert find_dirt(draw_sketch(page, 300)).holes is not None


def test_a_rule_from_edge_to_edge_is_no_lid() -> None:
    page = LARGE.copy()
    page[1500:1540] = 0
    assert find_dirt(draw_sketch(page, 300)).edges is None


def test_small_print_on_a_page_of_large_letters_is_no_dirt() -> None:
    page = np.full((3300, 2550), 255, np.uint8)
    for i in range(12):
        cv2.putText(page, "large words of a line", (150, 250 + 150 * i), cv2.FONT_HERSHEY_SIMPLEX, 4, 0, 9)
    for i in range(6):
        text = "do not use with warfarin or aspirin or other tablets"
        cv2.putText(page, text, (150, 2300 + 45 * i), cv2.FONT_HERSHEY_SIMPLEX, 0.75, 0, 2, cv2.LINE_AA)
    assert find_dirt(draw_sketch(page, 300)).spots is None
