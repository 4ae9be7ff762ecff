"""What is on a page beside printed words: tick boxes with their state, signatures, handwriting.

Found on the sketch; boxes are given in pixels of the page. Handwriting is marked, not read: what an
engine for print makes of it is worse than nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.clean.sketch import SKETCH_DPI, Sketch
from ocr.imaging import Image, Parts, connected, cv2
from ocr.page import Box, Mark, MarkKind, MarkState, Word

_SMALLEST, _LARGEST = 10, 46
"""Sides of a tick box in pixels of the sketch: 1.7 to 7.8 mm."""

_AT_ONCE = 512
"""Strokes looked at together; a page of texture has tens of thousands."""

_EMPTY, _TICKED = 0.03, 0.09
"""Share of ink inside a box: grain under 0.02, the lightest tick of a pen 0.1 (drawn at 0.3 mm)."""


def find_marks(sketch: Sketch, words: Sequence[Word], tick_boxes: Sequence[Mark]) -> tuple[Mark, ...]:
    """Every mark of a page that was read: its tick boxes, signatures, handwriting."""
    boxes = tuple(mark for mark in tick_boxes if not any(_is_letter_of(mark.box, word) for word in words))
    signatures = find_signatures(sketch, words)
    return (*boxes, *signatures, *find_handwriting(sketch, words, (*boxes, *signatures)))


def surely_boxes(sketch: Sketch, tick_boxes: Sequence[Mark]) -> tuple[Mark, ...]:
    """Empty ones that cannot be a square letter (the bowl of a P): sharp corners, and brothers of the same size.

    What is in a box may be a number, so only empty ones may be taken off the page before it is read.
    """
    sharp = [mark for mark in tick_boxes if _has_sharp_corners(sketch, mark.box)]
    empty = [mark.box.width * sketch.factor for mark in sharp if mark.state is MarkState.EMPTY]
    return tuple(
        mark
        for mark in sharp
        if mark.state is MarkState.EMPTY
        and sum(abs(mark.box.width * sketch.factor - width) < 2 for width in empty) >= 3
    )


def _has_sharp_corners(sketch: Sketch, on_page: Box) -> bool:
    box = _in_sketch(on_page, sketch.factor)
    square = sketch.ink[box.top : box.bottom, box.left : box.right]
    corners = (square[:2, :2], square[:2, -2:], square[-2:, :2], square[-2:, -2:])
    return all(corner.sum() >= 2 for corner in corners)


def _is_letter_of(box: Box, word: Word) -> bool:
    """A bold R is as square as a tick box: inside a word that was read, it is a letter."""
    if not word.box.holds_middle_of(box):
        return False
    letters = sum(c.isalnum() for c in word.text)
    if letters < 3:  # OD, 10: text in a frame; a cross is read as X or O, less surely
        return letters > 0 and word.confidence >= (0.75 if letters == 2 else 0.9)
    is_at_end = box.left - word.box.left < box.width / 3 or word.box.right - box.right < box.width / 3
    return word.confidence >= 0.75 or not is_at_end


def printed_words(words: Sequence[Word], marks: Sequence[Mark]) -> tuple[Word, ...]:
    """The words, less those that an engine for print made out of handwriting or of the frames of tick boxes.

    A word that holds a frame and its label ([Yes) keeps its letters, at half its confidence.
    """
    hands = [mark.box for mark in marks if mark.kind is MarkKind.HANDWRITING]
    frames = [mark.box for mark in marks if mark.kind is MarkKind.TICK_BOX]
    kept = []
    for word in words:
        if word.confidence < 0.5 and any(hand.holds_middle_of(word.box) for hand in hands):
            continue
        if any(_covers(frame, word.box) for frame in frames):
            letters = word.text.strip("[](){}|_☐☑ ")
            if not letters or (word.confidence < 0.75 and len(letters) < 2):
                continue
            if letters != word.text:
                word = replace(word, text=letters, confidence=round(word.confidence / 2, 4))
        kept.append(word)
    return tuple(kept)


def _covers(frame: Box, box: Box) -> bool:
    """Whether a frame, a little enlarged, takes up more than half of a word's box."""
    slack = frame.width // 4
    wide = min(frame.right + slack, box.right) - max(frame.left - slack, box.left)
    high = min(frame.bottom + slack, box.bottom) - max(frame.top - slack, box.top)
    return wide > 0 and high > 0 and wide * high > 0.55 * box.width * box.height


def find_tick_boxes(sketch: Sketch) -> tuple[Mark, ...]:
    """Small upright squares drawn with a line, and whether something is inside."""
    strokes = _strokes(sketch.ink)
    boxes = [box for top, others in _stroke_pairs(strokes) for box in _closed_below(sketch.ink, top, others)]
    least = 1.25 * sketch.letter_height * sketch.factor  # smaller squares are letters
    boxes = [box for box in boxes if box.width >= least and not _in_a_comb(box, boxes)]
    return tuple(_tick_box(sketch, box) for box in boxes)


def _strokes(ink: Image) -> Parts:
    """Straight strokes across, as long as the side of a tick box, from the top down."""
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, _SMALLEST - 1), np.uint8))
    _, stats = connected(opened, 4)
    wide, high = stats[:, 2], stats[:, 3]
    fits = (wide >= _SMALLEST - 1) & (wide <= _LARGEST + 4) & (high <= np.maximum(4, 0.35 * wide))
    found: Parts = stats[fits]
    return found


def _stroke_pairs(strokes: Parts) -> Iterator[tuple[Box, list[Box]]]:
    """Strokes with those that lie below them, one square's height away at most and about as long."""
    left, top, wide = strokes[:, 0], strokes[:, 1], strokes[:, 2]
    right, bottom = left + wide, top + strokes[:, 3]
    for first in range(0, len(strokes), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        near = slice(first, int(np.searchsorted(top, bottom[some].max() + 1.3 * _LARGEST + 6)))
        overlap = np.minimum(right[near], right[some, None]) - np.maximum(left[near], left[some, None])
        is_as_long = overlap >= 0.7 * np.maximum(wide[near], wide[some, None])
        fits = is_as_long & (top[near] - bottom[some, None] <= 1.3 * wide[some, None])
        for upper in np.nonzero(np.triu(fits, 1).any(axis=1))[0]:
            lower = first + upper + 1 + np.nonzero(fits[upper, upper + 1 :])[0]
            yield _box_of(strokes[first + upper]), [_box_of(strokes[row]) for row in lower]


def _box_of(part: Parts) -> Box:
    left, top, wide, high = (int(v) for v in part[:4])
    return Box(left, top, left + wide, top + high)


def _closed_below(ink: Image, top: Box, others: list[Box]) -> list[Box]:
    """The square that this stroke is the upper side of; a tick may have lengthened one of its sides."""
    for other in others:
        for left, right in {
            (top.left, top.right),
            (other.left, other.right),
            (other.left, top.right),
            (top.left, other.right),
        }:
            box = Box(left, top.top, right, other.bottom)
            is_square = 0.82 * box.width < box.height < 1.22 * box.width
            if is_square and _has_sides(ink[top.top : other.bottom, left:right], max(2, round(0.12 * box.width))):
                return [box]
    return []


def _has_sides(square: Image, loose: int) -> bool:
    """Straight sides to the left and right, ink in all four corners: what tells a box from an o or a D."""
    left, right = square[2:-2, : loose + 1].any(axis=1), square[2:-2, -loose - 1 :].any(axis=1)
    far = loose + 1
    corners = (square[:far, :far], square[:far, -far:], square[-far:, :far], square[-far:, -far:])
    return bool(left.size and left.mean() > 0.88 and right.mean() > 0.88 and all(c.any() for c in corners))


def _in_a_comb(box: Box, boxes: list[Box]) -> bool:
    """Boxes for single letters stand in rows without a gap; nobody ticks them."""
    row = [b for b in boxes if abs(b.top - box.top) < 4 and abs(b.width - box.width) < 4]
    row.sort()
    beside = sum(0 <= after.left - before.right < 0.4 * box.width for before, after in pairwise(row))
    return beside >= 3


def _tick_box(sketch: Sketch, box: Box) -> Mark:
    inset = max(3, round(0.18 * box.width))
    inside = sketch.ink[box.top + inset : box.bottom - inset, box.left + inset : box.right - inset]
    share = float(inside.mean()) if inside.size else 0.0
    state = MarkState.EMPTY if share < _EMPTY else MarkState.TICKED if share > _TICKED else MarkState.UNCLEAR
    return Mark(MarkKind.TICK_BOX, _on_page(box, sketch.factor), state)


def _on_page(box: Box, factor: float) -> Box:
    return Box(*(round(edge / factor) for edge in box))


# ---- after reading


def find_signatures(sketch: Sketch, words: Sequence[Word]) -> tuple[Mark, ...]:
    """Places for a signature (a line with the word beside or below it), and whether somebody signed.

    Ink on the line that is no printed word is a signature; a place that touches other writing is unclear.
    """
    labels = [word for word in words if _SIGNATURE.match(word.text)]
    lines = _long_lines(sketch) if labels else []
    found: dict[Box, Mark] = {}
    for word in labels:
        place = _line_for(_in_sketch(word.box, sketch.factor), lines)
        if place is not None:
            found.setdefault(place, _signature(sketch, place, words))
    return tuple(found.values())


_SIGNATURE = re.compile(r"(?i)^\W*(signature|signed|signatory|firma)\W*$")


def _long_lines(sketch: Sketch) -> list[Box]:
    """Ruled lines of an inch and more."""
    opened = cv2.morphologyEx(sketch.ink, cv2.MORPH_OPEN, np.ones((1, SKETCH_DPI // 2), np.uint8))
    _, stats = connected(opened)
    lines = [Box(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats if w >= SKETCH_DPI and h <= 8]
    return [line for line in lines if not _is_of_a_table(sketch.ink, line)]


def _is_of_a_table(ink: Image, line: Box) -> bool:
    """A line with an upright one at either end is the side of a cell."""
    above = ink[max(0, line.top - 30) : line.top]
    ends = above[:, max(0, line.left - 3) : line.left + 4], above[:, line.right - 4 : line.right + 3]
    return any(end.size and end.any(axis=1).mean() > 0.9 for end in ends)


def _line_for(label: Box, lines: list[Box]) -> Box | None:
    """The line that starts to the right of a label on its row, or the one just above it."""
    near = SKETCH_DPI * 0.4
    beside = [b for b in lines if -6 <= b.bottom - label.bottom <= 10 and -5 <= b.left - label.right < 4 * near]
    above = [b for b in lines if -4 <= label.top - b.bottom < near and b.left - near < label.left < b.right]
    return min(beside, key=lambda b: b.left - label.right, default=None) or min(
        above, key=lambda b: label.top - b.bottom, default=None
    )


def _signature(sketch: Sketch, line: Box, words: Sequence[Word]) -> Mark:
    high = round(0.42 * SKETCH_DPI)
    place = Box(line.left, max(0, line.top - high), line.right, line.top - 1)
    ink = sketch.ink[place.top : place.bottom, place.left : place.right].copy()
    for shape in ((1, 60), (26, 1)):  # ruled lines are nobody's hand
        ink &= 1 - cv2.dilate(
            cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)), np.ones((3, 3), np.uint8)
        )
    printed = 0
    for word in words:
        box = _in_sketch(word.box, sketch.factor)
        if word.confidence >= 0.7 and box.left < place.right and box.right > place.left and box.top < place.bottom:
            if box.bottom > place.top + 4:
                printed += 1
            ink[max(0, box.top - place.top - 1) : max(0, box.bottom - place.top + 1),
                max(0, box.left - place.left - 1) : max(0, box.right - place.left + 1)] = 0  # fmt: skip
    strokes = _strokes_of_a_pen(ink)
    state = MarkState.PRESENT if strokes else MarkState.UNCLEAR if printed or ink.sum() > 60 else MarkState.ABSENT
    around = Box(place.left, place.top, place.right, line.bottom)
    return Mark(MarkKind.SIGNATURE, _on_page(around, sketch.factor), state)


def _strokes_of_a_pen(ink: Image) -> bool:
    """Whether connected ink a quarter of an inch long and a tenth high is there: more than a smudge or a date."""
    _, stats = connected(ink)
    large = (stats[:, 2] >= SKETCH_DPI // 4) & (stats[:, 3] >= SKETCH_DPI // 14) & (stats[:, 4] >= 60)
    return bool(large.any()) or int(((stats[:, 3] >= SKETCH_DPI // 10) & (stats[:, 4] >= 40)).sum()) >= 3


def find_handwriting(sketch: Sketch, words: Sequence[Word], taken: Sequence[Mark]) -> tuple[Mark, ...]:
    """Regions of ink that print does not explain: no word was surely read there, and the strokes are large or joined."""
    letter = sketch.letter_height * sketch.factor
    if letter <= 0:
        return ()
    parts, rows = _unexplained(sketch, words, taken, letter)
    if not _open_strokes(parts[rows], letter).any():  # print: nothing to look for
        return ()
    canvas = np.zeros_like(sketch.ink)
    for left, top, width, height, _ in parts[rows]:
        canvas[top : top + height, left : left + width] = 1
    reach = max(5, round(1.6 * letter))
    joined = cv2.morphologyEx(canvas, cv2.MORPH_CLOSE, np.ones((max(3, reach // 2), 2 * reach), np.uint8))
    labels, stats = connected(joined)
    middles_y, middles_x = parts[rows, 1] + parts[rows, 3] // 2, parts[rows, 0] + parts[rows, 2] // 2
    owner = labels[middles_y, middles_x]
    marks = []
    for region, part in enumerate(stats, start=1):
        left, top, width, height, _ = (int(v) for v in part)
        members = parts[rows][owner == region]
        if width >= 3 * letter and height >= 1.2 * letter and _looks_written(members, letter):
            marks.append(
                Mark(MarkKind.HANDWRITING, _on_page(Box(left, top, left + width, top + height), sketch.factor))
            )
    return tuple(marks)


def _unexplained(
    sketch: Sketch, words: Sequence[Word], taken: Sequence[Mark], letter: float
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.intp]]:
    """Parts that no confident word and no other mark covers, without specks and ruled lines."""
    covered = np.zeros_like(sketch.ink)
    boxes = [word.box for word in words if word.confidence >= 0.6] + [mark.box for mark in taken]
    for box in boxes:
        left, top, right, bottom = _in_sketch(box, sketch.factor)
        covered[max(0, top - 2) : bottom + 2, max(0, left - 2) : right + 2] = 1
    parts = sketch.parts
    wide, high, area = parts[:, 2], parts[:, 3], parts[:, 4]
    size = np.maximum(wide, high)
    is_rule = (size > 12 * np.minimum(wide, high)) | (area > 0.6 * wide * high) & (size > 4 * letter)
    is_frame = (wide > 0.5 * sketch.ink.shape[1]) | (high > 0.25 * sketch.ink.shape[0])
    middle = covered[parts[:, 1] + high // 2, parts[:, 0] + wide // 2] > 0
    rows = np.nonzero(~middle & ~is_rule & ~is_frame & (size >= 0.6 * letter))[0]
    large = rows[(wide[rows] >= _BOX_LETTERS * letter) & (high[rows] >= letter)]
    ruled = [row for row in large if _is_ruled(sketch, int(row), letter)]
    return parts, np.setdiff1d(rows, ruled)


_BOX_LETTERS = 4.0
"""Width of a frame in heights of a letter, from which its lines can be told from strokes."""

_STRAIGHT = 0.8
"""Share of ink in lines along and across the page from which a part is the frame of a box or the grid of a table."""


def _is_ruled(sketch: Sketch, row: int, letter: float) -> bool:
    """Whether a part is made of straight lines along and across the page, as no pen draws them."""
    left, top, wide, high = (int(v) for v in sketch.parts[row, :4])
    ink = (sketch.labels[top : top + high, left : left + wide] == row + 1).astype(np.uint8)
    length = max(9, round(1.5 * letter))
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return float((across | down).sum()) >= _STRAIGHT * float(ink.sum())


def _open_strokes(parts: npt.NDArray[np.int32], letter: float) -> npt.NDArray[np.bool_]:
    """Which parts are larger than print and as empty as the lines of a pen."""
    wide, high, area = parts[:, 2], parts[:, 3], parts[:, 4]
    result: npt.NDArray[np.bool_] = ((high >= 1.5 * letter) | (wide >= 2.5 * letter)) & (area < 0.4 * wide * high)
    return result


def _looks_written(members: npt.NDArray[np.int32], letter: float) -> bool:
    """Several strokes, some far larger than print or joined over letters, with the emptiness of pen lines."""
    if not len(members):
        return False
    wide = members[:, 2]
    open_lines = _open_strokes(members, letter)
    return int(open_lines.sum()) >= 2 or (
        len(members) <= 3 and int(open_lines.sum()) >= 1 and bool((wide >= 4 * letter).any())
    )


def _in_sketch(box: Box, factor: float) -> Box:
    return Box(*(round(edge * factor) for edge in box))
