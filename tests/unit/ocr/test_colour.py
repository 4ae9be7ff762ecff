"""Coloured forms are read through their colour; other colour is left alone."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ocr import recognise
from ocr.clean.colour import dropped_out, form_channel
from ocr.imaging import Image, connected, cv2
from ocr.page import Box, Word
from ocr.read import WORDS_ONLY, read_page
from ocr.recognise import Recognised
from ocr.signature import Kind
from tests.given.paper import saved

RED, BLUE, BLACK = (60, 50, 225), (225, 90, 50), (25, 25, 25)


def _form(ink: tuple[int, int, int]) -> Image:
    """A ruled form in one colour, and a value typed across its lines in black; BGR."""
    page = np.full((1100, 1700, 3), 255, np.uint8)
    for y in range(150, 1050, 60):
        cv2.line(page, (80, y), (1620, y), ink, 5)
    for x in range(80, 1640, 110):
        cv2.line(page, (x, 150), (x, 1050), ink, 5)
    cv2.putText(page, "CLAIM FORM", (120, 110), cv2.FONT_HERSHEY_SIMPLEX, 2.0, ink, 4, cv2.LINE_AA)
    cv2.putText(page, "MONTGOMERY CAMILA 00510168", (110, 475), cv2.FONT_HERSHEY_SIMPLEX, 1.6, BLACK, 3, cv2.LINE_AA)
    return page


@pytest.mark.parametrize(("ink", "channel"), [(RED, 2), (BLUE, 0)], ids=["red", "blue"])
def test_the_colour_of_a_form_is_found_and_drops_out(ink: tuple[int, int, int], channel: int) -> None:
    page = _form(ink)
    assert form_channel(page) == channel
    seen = dropped_out(page, channel)
    assert seen[300, 900] > 200  # a line of the form
    assert seen.min() < 60  # what was typed stays black


def test_plain_and_tinted_pages_are_no_coloured_forms() -> None:
    assert form_channel(_form(BLACK)) is None
    assert form_channel(_form(BLACK)[:, :, 0]) is None
    yellow = np.minimum(_form(BLACK), np.array([150, 235, 250], np.uint8))
    assert form_channel(yellow) is None


def test_a_stamp_is_no_form() -> None:
    page = _form(BLACK)
    cv2.rectangle(page, (1300, 40), (1600, 120), RED, 6)
    assert form_channel(page) is None


def test_what_was_typed_across_red_lines_is_read() -> None:
    page = read_page(saved([_form(RED)[:, :, ::-1]], "PNG"), Kind.PNG, 1, WORDS_ONLY).page
    assert "drop-out" in page.recipe
    assert {"MONTGOMERY", "CAMILA", "00510168"} <= set(page.text.split())
    assert "CLAIM" in page.text  # the form's own words are kept


@pytest.mark.parametrize("connectivity", [4, 8])
@pytest.mark.parametrize("density", [0.02, 0.3, 0.5])
def test_pieces_are_the_same_with_short_and_long_labels(density: float, connectivity: int) -> None:
    ink = (np.random.default_rng(3).random((700, 700)) < density).astype(np.uint8)
    labels, parts = connected(ink, connectivity)
    count, theirs, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=connectivity, ltype=cv2.CV_32S)
    assert len(parts) == count - 1
    assert np.array_equal(parts, stats[1:])
    assert np.array_equal(labels, theirs)


def test_a_junk_box_of_the_coloured_reading_does_not_wipe_the_print(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = tuple(Word(f"label{n}", Box(100, 100 + 50 * n, 300, 130 + 50 * n), 0.95) for n in range(10))
    junk = Word("|i", Box(90, 90, 800, 700), 0.31)
    written = Word("00510168", Box(400, 100, 560, 130), 0.9)
    page = SimpleNamespace(render=lambda sheet: sheet, sheet=_form(RED))
    first = Recognised(page, printed, (), None, ())  # type: ignore[arg-type]
    again = replace(first, words=(junk, written))
    monkeypatch.setattr(recognise, "_recognised", lambda *_: again)
    words = recognise._with_written(first, 2, None).words  # type: ignore[arg-type]
    assert {word.text for word in words} == {*(word.text for word in printed), "00510168"}
