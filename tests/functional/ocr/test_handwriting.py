"""Handwriting on drawn forms: told from print, read as a proposal, and left alone where it is a note."""

import random
from dataclasses import replace
from functools import cache

import pytest

from benchmarks.damage import by_name
from benchmarks.handwriting import Score, as_png, score_form
from benchmarks.sheets import draw_sheet, scanned_png
from ocr import handwriting, rapid
from ocr.clean.sketch import draw_sketch
from ocr.handwriting import as_proposals, find_written
from ocr.imaging import to_grey
from ocr.page import HANDWRITTEN_MOST, Agreement, Box, Mark, MarkKind, MarkState, OcrPage, Reader, Second, Word, around
from ocr.read import PageOrder, read_page
from ocr.signature import Kind
from tests.data.handwritten import NOTE, FilledForm, Plan, Style, draw_form
from tests.given.readings import first_line

PLAN = Plan("PATIENT REGISTRATION", Style.RULE, ("shadows-into-light", "architects-daughter"), "blue", 200, 3, 0.3)
NOTE_PLAN = replace(PLAN, title="PROGRESS NOTE", hands=("shadows-into-light", "homemade-apple"))


@cache
def _form(*, with_note: bool = False) -> FilledForm:
    plan = NOTE_PLAN if with_note else PLAN
    return draw_form(plan, random.Random(4), NOTE if with_note else ())


@cache
def _read(second: Second, *, with_note: bool = False) -> OcrPage:
    return _read_png(as_png(_form(with_note=with_note).image, PLAN.dpi), second)


def _read_png(png: bytes, second: Second) -> OcrPage:
    return read_page(png, Kind.PNG, 1, PageOrder(view=False, pdf=False, second=second)).page


def _score(second: Second) -> Score:
    return score_form(_form(), _read(second))


def test_what_was_written_into_a_form_is_read_and_never_sure() -> None:
    score = _score(Second.AUTO)
    assert sum(score.exact) >= 11, "of 14 values"
    assert score.flagged >= 0.9 * score.written
    assert score.printed_flagged <= 1
    assert score.wrong_sure == 0
    assert max(word.confidence for word in _read(Second.AUTO).words if word.is_handwritten) <= HANDWRITTEN_MOST
    assert {word.reader for word in _read(Second.AUTO).words if word.is_handwritten} == {Reader.FIRST, Reader.SECOND}


def test_without_the_second_recogniser_words_stay_as_the_first_read_them_and_are_proposals() -> None:
    page = _read(Second.OFF)
    assert {word.reader for word in page.words} == {Reader.FIRST}
    assert sum(_score(Second.OFF).exact) < sum(_score(Second.AUTO).exact)
    assert _score(Second.OFF).flagged >= 0.8 * _score(Second.OFF).written


def test_a_second_recogniser_that_fails_leaves_the_words_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise rapid.Failed("The second recogniser failed (RuntimeError).")

    monkeypatch.setattr(rapid, "find_lines", fail)
    monkeypatch.setattr(rapid, "read_lines", fail)
    assert _read_png(as_png(_form().image, PLAN.dpi), Second.AUTO).words == _read(Second.OFF).words


def test_a_note_in_cursive_stays_a_picture_with_a_mark() -> None:
    form, page = _form(with_note=True), _read(Second.AUTO, with_note=True)
    left, top, right, bottom = (round(edge) for edge in _around_note(form))
    inside = [w for w in page.words if left < w.box.left < right and top < (w.box.top + w.box.bottom) / 2 < bottom]
    assert [word.text for word in inside] == []
    marks = [mark.box for mark in page.marks if mark.kind is MarkKind.HANDWRITING]
    assert any(mark.share_of(Box(left, top, right, bottom)) > 0.5 for mark in marks)
    assert sum(score_form(form, page).exact) >= 6, "the values above it are read"


def _around_note(form: FilledForm) -> Box:
    return around(word.box for word in form.note)


@pytest.mark.parametrize(
    ("layout", "face", "damage"),
    [("form", "Times-Roman", "200 dpi"), ("claim", "Helvetica", "office")],
)
def test_printed_pages_have_no_handwriting(layout: str, face: str, damage: str) -> None:
    page = _read_png(scanned_png(draw_sheet(layout, face, 5), by_name(damage), 5), Second.AUTO)
    assert len(page.words) > 50
    assert [word.text for word in page.words if word.is_handwritten] == []


def test_a_form_that_nobody_filled_in_has_no_handwriting() -> None:
    form = draw_form(PLAN, random.Random(4), is_filled=False)
    words = [Word(word.text, word.box, 0.9, line) for line, word in enumerate(form.printed)]
    assert find_written(draw_sketch(to_grey(form.image), form.dpi), words, ()) == frozenset()


@cache
def _drawn() -> tuple[list[Word], list[bool]]:
    """The words of the form at their true places, and which are written by hand."""
    form = _form()
    by_hand = [word for value in form.values for word in value.words]
    words = [Word(word.text, word.box, 0.9, line) for line, word in enumerate([*by_hand, *form.printed])]
    return words, [True] * len(by_hand) + [False] * len(form.printed)


def test_words_are_told_apart_by_their_strokes() -> None:
    words, flags = _drawn()
    found = find_written(draw_sketch(to_grey(_form().image), PLAN.dpi), words, ())
    assert sum(flags[number] for number in found) >= 0.85 * sum(flags)
    assert [words[number].text for number in found if not flags[number]] == []


def test_words_in_frames_of_tick_boxes_and_words_that_run_another_way_are_no_handwriting() -> None:
    words, flags = _drawn()
    sketch = draw_sketch(to_grey(_form().image), PLAN.dpi)
    number = next(n for n in sorted(find_written(sketch, words, ())) if flags[n])
    frame = Mark(MarkKind.TICK_BOX, words[number].box, MarkState.TICKED)
    assert number not in find_written(sketch, words, (frame,))
    turned = [replace(word, turn=90) if n == number else word for n, word in enumerate(words)]
    assert number not in find_written(sketch, turned, ())
    assert find_written(sketch, (), ()) == frozenset()


def test_print_on_a_screen_of_dots_is_no_handwriting() -> None:
    """Shaded cells of copied forms: the edges of the dots run all ways, as those of a pen."""
    words, flags = _drawn()
    grey = to_grey(_form().image).copy()
    number = next(n for n in sorted(find_written(draw_sketch(grey, PLAN.dpi), words, ())) if flags[n])
    left, top, right, bottom = words[number].box
    grey[top:bottom:7, left:right:7] = 0
    grey[top + 1 : bottom : 7, left:right:7] = 0
    assert number not in find_written(draw_sketch(grey, PLAN.dpi), words, ())


def _lines(*texts: str, pitch: int = 50) -> list[Word]:
    return [w for n, text in enumerate(texts) for w in first_line(text, top=100 + pitch * n, line=n, confidence=0.8)]


@pytest.mark.parametrize(
    ("lines", "pitch", "is_note"),
    [
        (["Ana Rivera"], 50, False),
        (["441 Wellington Street", "Georgetown NY 14443"], 50, False),
        (["Ana Rivera", "441 Wellington St", "Georgetown NY 14443"], 30, False),  # an address
        (["seen for follow up of pain", "improved with therapy", "continue stretching daily"], 30, True),
        (["seen for follow up of pain", "improved with therapy", "continue stretching daily"], 80, False),  # blanks
        (["seen for follow up of pain and stiffness of the back"], 50, True),
    ],
)
def test_several_long_rows_of_handwriting_are_a_note(lines: list[str], pitch: int, is_note: bool) -> None:
    words = _lines(*lines, pitch=pitch)
    kept, notes = as_proposals(words, frozenset(range(len(words))))
    assert (kept == (), len(notes)) == (is_note, int(is_note))


@pytest.mark.parametrize(("alike", "is_kept"), [(0, False), (4, False), (6, True), (12, True)])
def test_a_note_that_both_read_alike_is_kept_as_proposals(alike: int, is_kept: bool) -> None:
    """A clear hand, or print in a face that looks like one: what stands on the page is not thrown away."""
    words = _lines("seen for follow up of pain", "improved with therapy", "continue stretching daily", pitch=30)
    said = [replace(word, agreement=Agreement.SAME if n < alike else Agreement.OTHER) for n, word in enumerate(words)]
    kept, notes = as_proposals(said, frozenset(range(len(words))))
    assert (len(kept), len(notes)) == ((len(words), 0) if is_kept else (0, 1))
    assert all(word.is_handwritten and word.confidence <= HANDWRITTEN_MOST for word in kept)


@pytest.mark.parametrize(("confidence", "is_kept"), [(0.95, True), (0.85, False)])
def test_where_the_second_was_not_asked_a_note_that_the_first_reads_well_is_kept(
    confidence: float, is_kept: bool
) -> None:
    words = [
        replace(word, confidence=confidence) for word in _lines("seen for follow up of pain and stiffness of the back")
    ]
    kept, _ = as_proposals(words, frozenset(range(len(words))))
    assert bool(kept) is is_kept


def test_print_beside_a_note_is_kept() -> None:
    note = _lines("seen for follow up of pain", "improved with therapy", "continue stretching daily", pitch=30)
    print_ = first_line("Notes:", top=40, line=9)
    kept, _ = as_proposals([*note, *print_], frozenset(range(len(note))))
    assert kept == tuple(print_)


def test_a_handwritten_word_is_as_sure_as_it_was_at_most() -> None:
    words = [replace(word, confidence=said) for word, said in zip(_lines("Ana Rivera"), (0.97, 0.4), strict=True)]
    kept, _ = as_proposals(words, frozenset({0, 1}))
    assert [(word.is_handwritten, word.confidence) for word in kept] == [(True, HANDWRITTEN_MOST), (True, 0.4)]
    kept, _ = as_proposals(words, frozenset())
    assert kept == tuple(words)


def test_every_feature_has_a_weight() -> None:
    words, _ = _drawn()
    rows = handwriting.features(draw_sketch(to_grey(_form().image), PLAN.dpi), words)
    assert rows.shape == (len(words), len(handwriting.NAMES))
    assert len(handwriting.WEIGHTS) == len(handwriting.NAMES)
