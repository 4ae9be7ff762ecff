"""Photographs, films, tracings, a few words and empty sides: turned on strong evidence only, no words made up, none blank that is not."""

from collections.abc import Callable

import numpy as np
import pytest

from ocr.clean import geometry, tone
from ocr.clean.dirt import find_dirt
from ocr.clean.geometry import Pose
from ocr.clean.measure import measure
from ocr.imaging import Image, cv2
from ocr.page import MarkKind, OcrPage, PageOutcome
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import Kind
from tests.given import hard_pages as hard
from tests.given.paper import saved

TURNS = (0, 90, 180, 270)
PICTURES = (hard.texture, hard.wound, hard.face, hard.photograph_on_page)


def _pose(page: Image, *, is_dark: bool = False) -> Pose:
    return geometry.estimate_pose(geometry.place(page, (hard.DPI, hard.DPI), is_dark=is_dark))


def _read(page: Image) -> OcrPage:
    return read_page(saved([page], "PNG"), Kind.PNG, 1, WORDS_ONLY).page


def _texts(page: OcrPage) -> set[str]:
    return {word.text for word in page.words}


# ---- evidence


@pytest.mark.parametrize("draw", PICTURES, ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("seed", [31, 32])
def test_no_picture_says_which_way_up_it_is_or_how_crooked(draw: Callable[[int], Image], seed: int) -> None:
    pose = _pose(draw(seed))
    assert not pose.turn.is_sure
    assert pose.skew.degrees == 0.0


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("tilt", [-2.5, 0.0, 1.0])
def test_letters_of_a_tracing_outvote_its_grid(turn: int, tilt: float) -> None:
    pose = _pose(hard.turned(hard.ecg(31, tilt=tilt), turn))
    assert (pose.turn.degrees, pose.turn.is_sure) == (turn, True)
    assert pose.skew.degrees == pytest.approx(-tilt, abs=0.2)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("draw", [hard.ultrasound, hard.xray], ids=lambda draw: draw.__name__)
def test_letters_burnt_into_a_film_outvote_its_speckle(draw: Callable[[int], Image], turn: int) -> None:
    pose = _pose(hard.turned(draw(31), turn), is_dark=True)
    assert (pose.turn.degrees, pose.turn.is_sure) == (turn, True)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("lines", hard.FEW, ids=lambda lines: lines[0])
def test_a_few_words_vote_for_their_turn(lines: tuple[str, ...], turn: int) -> None:
    pose = _pose(hard.turned(hard.few_words(31, lines), turn))
    assert pose.turn.degrees == turn
    assert pose.turn.is_likely


@pytest.mark.parametrize("turn", (90, 270))
def test_one_word_that_runs_down_the_page_shows_no_skew(turn: int) -> None:
    assert _pose(hard.turned(hard.few_words(32, ("FRAGILE",)), turn)).skew.degrees == 0.0


@pytest.mark.parametrize("tilt", [-3.0, 1.5])
def test_a_table_without_a_word_shows_its_skew(tilt: float) -> None:
    page = hard.grid_form(31)
    turn = cv2.getRotationMatrix2D((hard.SIZE[0] / 2, hard.SIZE[1] / 2), tilt, 1.0)
    tilted = cv2.warpAffine(page, turn, hard.SIZE, borderValue=240)
    assert _pose(tilted).skew.degrees == pytest.approx(-tilt, abs=0.2)


# ---- grain


def _cleaned(page: Image) -> tuple[Image, tuple[str, ...]]:
    placed = geometry.place(page, (hard.DPI, hard.DPI))
    look = measure(placed.grey, placed.sketch, placed.dpi, is_bitonal=False)
    return tone.clean(placed, tone.Seen(look, find_dirt(placed.sketch), placed.sketch))


@pytest.mark.parametrize("grain", [3.0, 6.0, 9.0])
def test_grain_of_a_nearly_empty_side_is_not_stretched_to_ink(grain: float) -> None:
    page = hard.paper(np.random.default_rng(31), grain=grain)
    hard.write(page, "NKDA", (500, 800), 0.8, (130,))
    cleaned, recipe = _cleaned(page)
    assert "whiten" in recipe
    assert "stretch" not in recipe
    assert float((cleaned < 128).mean()) < 0.001
    assert int(cleaned[1500:1610, 1000:1160].min()) < 60  # the word, on the enlarged page


def test_faint_print_in_light_grain_is_stretched() -> None:
    page = hard.paper(np.random.default_rng(31), grain=2.0)
    for y in range(200, 1500, 40):
        hard.write(page, "The patient is resting comfortably and has no pain.", (110, y), 0.7, (170,))
    assert "stretch" in _cleaned(page)[1]


# ---- a few words


@pytest.mark.parametrize("turn", TURNS)
def test_a_page_of_one_word_is_read_however_it_lies(turn: int) -> None:
    page = _read(hard.turned(hard.few_words(31, ("CONSENT",)), turn))
    assert (page.outcome, page.rotation, _texts(page)) == (PageOutcome.OK, turn, {"CONSENT"})


def test_a_film_that_lies_sideways_gives_its_name_strip() -> None:
    page = _read(hard.turned(hard.xray(31), 90))
    assert page.rotation == 90
    assert {"RIVERA", "ANA", "00123456"} <= _texts(page)


def test_numbers_burnt_into_an_ultrasound_are_as_sure_as_they_are_read() -> None:
    page = _read(hard.ultrasound(31))
    number = next(word for word in page.words if word.text == "00123456")
    assert number.confidence > 0.9
    assert page.quality > 0.5


# ---- nothing to read


@pytest.mark.parametrize("draw", [hard.worn, hard.photograph_on_page, hard.grid_form], ids=lambda draw: draw.__name__)
def test_marks_without_a_word_are_unreadable_and_stay_as_they_were_scanned(
    draw: Callable[[int], Image],
) -> None:
    page = _read(draw(31))
    assert page.words == ()
    assert (page.outcome, page.quality) == (PageOutcome.UNREADABLE, 0.0)
    assert (page.rotation, page.skew_degrees) == (0, 0.0)
    assert "enter by hand" in page.reason


def test_what_is_read_of_print_that_shines_through_is_no_word() -> None:
    page = _read(hard.bleed_through(31))
    assert page.words == ()
    assert page.outcome in {PageOutcome.BLANK, PageOutcome.UNREADABLE}


@pytest.mark.parametrize("draw", [hard.lined, hard.graph], ids=lambda draw: draw.__name__)
def test_empty_ruled_paper_gets_no_words(draw: Callable[[int], Image]) -> None:
    assert _read(draw(31)).words == ()


def test_a_tracing_without_a_header_is_not_blank() -> None:
    page = _read(hard.ecg(31, ()))
    assert page.outcome is not PageOutcome.BLANK
    assert all(
        word.text in {"I", "II", "III", "aVR", "aVL", "aVF", *(f"V{n}" for n in range(1, 7))}
        for word in page.words
        if word.confidence >= 0.5
    )


def test_a_picture_without_grain_or_edge_is_not_blank() -> None:
    shade = np.linspace(70, 160, hard.SIZE[1], dtype=np.float32)[:, None, None]
    picture = np.clip(shade + np.zeros((1, hard.SIZE[0], 1)) + (60, 20, 0), 0, 255).astype(np.uint8)
    assert _read(picture).outcome is PageOutcome.UNREADABLE


def test_marks_of_a_page_without_words_lie_where_they_were_scanned() -> None:
    page = hard.grid_form(31)
    for y in (300, 400, 500, 600):
        cv2.rectangle(page, (320, y), (346, y + 26), 20, 2)
    read = _read(page)
    boxes = [mark.box for mark in read.marks if mark.kind is MarkKind.TICK_BOX]
    assert any(abs(box.left - 320) < 6 and abs(box.top - 300) < 6 for box in boxes)
