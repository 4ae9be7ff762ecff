"""Tick boxes, signatures and handwriting: found where they are, and not taken for words."""

import numpy as np
import pytest

from benchmarks.sheets import draw_sheet
from ocr import marks
from ocr.clean.sketch import Sketch, draw_sketch
from ocr.imaging import Image, cv2, to_grey
from ocr.page import Box, Mark, MarkKind, MarkState, Word
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import Kind
from tests.given.paper import LINES, printed, saved


def _states(page: Image) -> list[MarkState]:
    return [mark.state for mark in marks.find_tick_boxes(draw_sketch(page, 300))]


def _with_box(side: int, draw: str) -> Image:
    page = np.full((3300, 2550), 255, np.uint8)
    for x in (400, 1200):
        cv2.rectangle(page, (x, 700), (x + side, 700 + side), 0, 3)
    if draw == "x":
        cv2.line(page, (395, 695), (405 + side, 705 + side), 0, 5)
        cv2.line(page, (405 + side, 695), (395, 705 + side), 0, 5)
    elif draw == "tick":
        cv2.polylines(page, [np.array([(405, 720), (415, 700 + side - 6), (400 + side + 12, 690)])], False, 0, 5)
    elif draw == "full":
        cv2.rectangle(page, (400, 700), (400 + side, 700 + side), 0, -1)
    return page


@pytest.mark.parametrize("side", [30, 44, 70])
@pytest.mark.parametrize("drawn", ["x", "tick"])
def test_a_ticked_box_is_ticked_and_the_other_is_empty(side: int, drawn: str) -> None:
    assert sorted(_states(_with_box(side, drawn))) == [MarkState.EMPTY, MarkState.TICKED]


def test_letters_lines_and_boxes_of_a_comb_are_no_tick_boxes() -> None:
    note = to_grey(draw_sheet("note", "Courier", 4).image)
    read = read_page(_png(note), Kind.PNG, 1, WORDS_ONLY).page
    assert [mark for mark in read.marks if mark.kind is MarkKind.TICK_BOX] == []
    comb = np.full((3300, 2550), 255, np.uint8)
    for i in range(9):
        cv2.rectangle(comb, (300 + 62 * i, 900), (360 + 62 * i, 960), 0, 3)
    assert _states(comb) == []


def _png(page: Image) -> bytes:
    import io

    from PIL import Image as Pillow

    out = io.BytesIO()
    Pillow.fromarray(page).save(out, "PNG", dpi=(300, 300))
    return out.getvalue()


def _signed(ink: bool) -> tuple[Sketch, tuple[Word, ...]]:
    page = np.full((3300, 2550), 255, np.uint8)
    cv2.line(page, (300, 2000), (1200, 2000), 0, 4)
    cv2.putText(page, "Signature", (300, 2060), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    if ink:
        curve = np.array([(400 + 6 * i, 1940 + int(45 * np.sin(i / 3)) - i // 4) for i in range(80)])
        cv2.polylines(page, [curve], False, 0, 5)
    return draw_sketch(page, 300), (Word("Signature", Box(300, 2025, 500, 2070), 0.97),)


@pytest.mark.parametrize(("ink", "state"), [(True, MarkState.PRESENT), (False, MarkState.ABSENT)])
def test_a_signature_is_present_or_absent(ink: bool, state: MarkState) -> None:
    (found,) = marks.find_signatures(*_signed(ink))
    assert found.kind is MarkKind.SIGNATURE
    assert found.state is state
    assert found.box.left == pytest.approx(300, abs=12)
    assert found.box.bottom >= 1995


def test_a_typed_name_on_the_line_is_unclear() -> None:
    sketch, words = _signed(False)
    page = sketch.small.copy()
    cv2.putText(page, "A Novak", (250, 990), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 2)
    typed = (*words, Word("A", Box(500, 1945, 530, 1985), 0.95), Word("Novak", Box(540, 1945, 700, 1990), 0.95))
    (found,) = marks.find_signatures(draw_sketch(page, 150), tuple(_halved(word) for word in typed))
    assert found.state is MarkState.UNCLEAR


def _halved(word: Word) -> Word:
    return Word(word.text, Box(*(edge // 2 for edge in word.box)), word.confidence)


def test_the_word_signature_in_a_sentence_asks_for_nothing() -> None:
    page = printed(["By my signature below I consent to treatment.", *LINES])
    read = read_page(saved([page], "PNG"), Kind.PNG, 1, WORDS_ONLY).page
    assert [mark for mark in read.marks if mark.kind is MarkKind.SIGNATURE] == []


def test_handwriting_is_marked_and_its_doubtful_words_are_left_out() -> None:
    page = np.full((3300, 2550), 255, np.uint8)
    for i, line in enumerate(LINES):
        cv2.putText(page, line, (200, 300 + 100 * i), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 0, 3)
    for i in range(3):
        curve = np.array(
            [(400 + 4 * t, 1500 + 160 * i + int(40 * np.sin(t / 5 + i) + 18 * np.cos(t / 2))) for t in range(200)]
        )
        cv2.polylines(page, [curve], False, 0, 6)
    words = tuple(
        Word(text, Box(200 + 300 * i, 255 + 100 * row, 460 + 300 * i, 310 + 100 * row), 0.95)
        for row, line in enumerate(LINES)
        for i, text in enumerate(line.split())
    )
    guess = Word("mumur", Box(500, 1450, 800, 1560), 0.2)
    found = marks.find_handwriting(draw_sketch(page, 300), (*words, guess), ())
    assert found
    assert all(mark.box.top > 1300 for mark in found)
    assert guess not in marks.printed_words((*words, guess), found)
    assert set(words) <= set(marks.printed_words((*words, guess), found))


def test_a_frame_read_as_a_word_is_dropped_and_a_label_keeps_its_letters() -> None:
    frame = Mark(MarkKind.TICK_BOX, Box(100, 100, 140, 140), MarkState.EMPTY)
    read = (
        Word("[]", Box(98, 98, 142, 142), 0.6),
        Word("[Yes", Box(100, 100, 160, 140), 0.8),
        Word("No", Box(300, 100, 340, 140), 0.9),
    )
    assert [(w.text, w.confidence) for w in marks.printed_words(read, (frame,))] == [("Yes", 0.4), ("No", 0.9)]


def test_what_stands_in_a_frame_is_read() -> None:
    """Numbers in boxes were once taken for ticks and painted over."""
    page = np.full((2200, 1700), 255, np.uint8)
    for i, text in enumerate(
        ("Pain score now", "Pain score worst", "Number of falls", "Advance directive", "Interpreter")
    ):
        y = 300 + 160 * i
        cv2.putText(page, text, (150, y), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 0, 3)
        cv2.rectangle(page, (900, y - 45), (956, y + 11), 0, 2)
        if i < 3:
            cv2.putText(page, "793"[i], (913, y - 4), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    sketch = draw_sketch(page, 200)
    assert all(mark.state is MarkState.EMPTY for mark in marks.surely_boxes(sketch, marks.find_tick_boxes(sketch)))
    surely = (Word("7", Box(912, 265, 940, 300), 0.96), Word("OD", Box(910, 425, 948, 460), 0.95))
    frames = tuple(
        Mark(MarkKind.TICK_BOX, Box(900, 255 + 160 * i, 956, 311 + 160 * i), MarkState.TICKED) for i in range(2)
    )
    assert marks.printed_words(surely, frames) == surely
    assert marks.find_marks(sketch, surely, frames) == ()


def _written(page: Image) -> list[Box]:
    read = read_page(saved([page], "PNG"), Kind.PNG, 1, WORDS_ONLY).page
    return [mark.box for mark in read.marks if mark.kind is MarkKind.HANDWRITING]


@pytest.mark.parametrize("thick", [1, 2, 5])
@pytest.mark.parametrize("cells", [(1, 1), (2, 1), (3, 4)])
def test_a_frame_or_a_small_grid_round_print_is_no_handwriting(cells: tuple[int, int], thick: int) -> None:
    page = printed(LINES, scale=1.0)
    for column in range(cells[0]):
        for row in range(cells[1]):
            left, top = 900 + column * 160, 1300 + row * 60
            cv2.rectangle(page, (left, top), (left + 160, top + 60), 0, thick)
    assert _written(page) == []


def test_what_is_written_into_a_frame_is_handwriting_still() -> None:
    page = printed(LINES, scale=1.0)
    cv2.rectangle(page, (860, 1300), (1500, 1500), 0, 3)
    across = np.arange(900, 1420)
    waves = (1400 + 50 * np.sin(across / 14.0) * np.cos(across / 61.0)).astype(int)
    cv2.polylines(page, [np.stack([across, waves], axis=1)], False, 0, 4)
    assert len(_written(page)) == 1
