"""Text that runs another way than its page: a patient label stuck on sideways or upside down is cut out, turned and read.

Only where letters lie in no word that was surely read; a page whose words hold its letters costs a millisecond.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ocr.clean.geometry import Placed
from ocr.clean.sketch import Sketch, sketch_of
from ocr.clean.turn import Turn, find_turn
from ocr.imaging import Image, Parts, connected, cv2, turned
from ocr.page import Barcode, Box, Word, mean_confidence
from ocr.tesseract import SINGLE_BLOCK, Engine

_FEWEST_LETTERS = 10
"""Letters of the shortest text worth a look: a record number and its label have as many."""

_SURE, _SURE_LINE = 0.6, 0.75
"""Confidence from which a word counts as read, if the words of its line have so much in the mean: of letters that lie on
their side or on their head single words of one or two letters (H, NO, 8) are read surely, and the next ones are not."""

_SURE_ALONE = 0.9  # the same for the only word of a line

_STANDING = 1.3
"""Height of the box of a word of three letters, in widths of it, from which the word stands on its end."""

_LIKELY = 0.8
"""Clearness of the vote of letters about their turn (margin by the root of their number) from which reading is tried."""

_MARGIN = 8  # pixels of the sketch around a region, in which the engine finds the edge of the text
_NOTHING = 0.3  # confidence under which a border or a bar was taken for letters
_MOST_REGIONS = 6
_READS_WELL = 0.7
"""Mean confidence of the turned words from which they count; of what is no text it is under 0.5."""


def with_turned(
    words: tuple[Word, ...], codes: Sequence[Barcode], page: Placed, cleaned: Image, engine: Engine
) -> tuple[Word, ...]:
    """The words of a page and those of its text that runs another way, in lines of their own, boxes on the page.

    `cleaned` is the page as it was read, at whatever size.
    """
    words = tuple(_as_it_stands(words))
    lines, bars = tuple(_lines_read(words)), tuple(code.box for code in codes)
    for region in _unread_regions(page.sketch, (*(box for line in lines for box in line), *bars)):
        taken = (*(box for line in lines if _goes_beyond(line, region, page) for box in line), *bars)
        turn = find_turn(_cut_out(page.sketch, region, taken))
        if turn.degrees == 0 or turn.letters < _FEWEST_LETTERS or _clearness(turn) < _LIKELY:
            continue
        found = _read_region(page, region, turn.degrees, taken, cleaned, engine)
        if _is_text(found):
            words = _joined(words, found)
    return words


def _clearness(turn: Turn) -> float:
    return float(turn.margin * turn.letters**0.5)


def _lines_read(words: Sequence[Word]) -> Iterator[tuple[Box, ...]]:
    """Lines that were read well, with a word of three letters in each: the boxes of their words."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    for line in lines.values():
        is_read = any(sum(c.isalnum() for c in word.text) >= 3 and word.confidence >= _SURE_LINE for word in line)
        if is_read and mean_confidence(line) >= (_SURE_LINE if len(line) > 1 else _SURE_ALONE):
            yield tuple(word.box for word in line if word.confidence >= _SURE and not word.turn)


def _goes_beyond(line: Sequence[Box], region: Box, page: Placed) -> bool:
    """Whether a line does not lie within a region: 02988969 on its head is 69688620, and surely read."""
    slack = _MARGIN / page.sketch.factor
    left, top, right, bottom = (edge / page.sketch.factor for edge in region)
    return any(
        b.left < left - slack or b.top < top - slack or b.right > right + slack or b.bottom > bottom + slack
        for b in line
    )


def _as_it_stands(words: Sequence[Word]) -> Iterator[Word]:
    """The words, those of lines on their end marked so: by themselves they would be taken into the rows that they cross."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    turns = {number: _turn_of(line) for number, line in lines.items()}
    for word in words:
        yield replace(word, turn=turns[word.line]) if turns[word.line] else word


def _turn_of(line: Sequence[Word]) -> int:
    """0 for a line across, 90 for one that runs up the page, 270 for one that runs down."""
    long = [word.box for word in line if len(word.text) >= 3]
    if not long or any(box.height <= _STANDING * box.width for box in long):
        return 0
    return 270 if line[-1].box.top > line[0].box.top else 90


def _unread_regions(sketch: Sketch, taken: Sequence[Box]) -> list[Box]:
    """Places, in pixels of the sketch, where letters stand together that lie in no word and no barcode."""
    letters = sketch.letters
    if len(letters) < _FEWEST_LETTERS:
        return []
    inside = np.zeros(sketch.ink.shape, np.bool_)
    for box in taken:
        left, top, right, bottom = (round(edge * sketch.factor) for edge in box)
        inside[max(0, top - 1) : bottom + 2, max(0, left - 1) : right + 2] = True
    loose = letters[~inside[letters[:, 1] + letters[:, 3] // 2, letters[:, 0] + letters[:, 2] // 2]]
    loose = loose[np.maximum(loose[:, 2], loose[:, 3]) < 6 * np.minimum(loose[:, 2], loose[:, 3])]  # no bars, no rules
    if len(loose) < _FEWEST_LETTERS:
        return []
    return _together(loose, sketch.ink.shape)


def _together(letters: Parts, shape: tuple[int, ...]) -> list[Box]:
    """Boxes around letters that stand within two letters of each other, those with the most letters first."""
    canvas = np.zeros(shape, np.uint8)
    for left, top, wide, high, _ in letters:
        canvas[top : top + high, left : left + wide] = 1
    reach = 2 * int(np.median(np.maximum(letters[:, 2], letters[:, 3]))) + 1
    labels, parts = connected(cv2.morphologyEx(canvas, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)))
    owner = labels[letters[:, 1] + letters[:, 3] // 2, letters[:, 0] + letters[:, 2] // 2]
    counts = np.bincount(owner, minlength=len(parts) + 1)[1:]
    order = [int(row) for row in np.argsort(-counts) if counts[row] >= _FEWEST_LETTERS][:_MOST_REGIONS]
    return [Box(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in parts[order]]


def _cut_out(sketch: Sketch, region: Box, taken: Sequence[Box]) -> Sketch:
    """The sketch of a region without what was read there."""
    small = sketch.small.copy()
    for box in taken:
        left, top, right, bottom = (max(0, round(edge * sketch.factor)) for edge in box)
        small[top:bottom, left:right] = sketch.paper[top:bottom, left:right]
    piece = np.ascontiguousarray(small[region.top : region.bottom, region.left : region.right])
    return sketch_of(cv2.copyMakeBorder(piece, 8, 8, 8, 8, cv2.BORDER_REPLICATE), sketch.factor)


def _read_region(
    page: Placed, region: Box, degrees: int, taken: Sequence[Box], cleaned: Image, engine: Engine
) -> tuple[Word, ...]:
    """The words of a region, in pixels of the sketch, that is upright when turned by so many degrees."""
    factor = cleaned.shape[1] / page.width
    zoom, pad = factor / page.sketch.factor, _MARGIN
    left, top = max(0, round((region.left - pad) * zoom)), max(0, round((region.top - pad) * zoom))
    piece = cleaned[top : round((region.bottom + pad) * zoom), left : round((region.right + pad) * zoom)].copy()
    paper = int(np.percentile(piece, 75))
    for box in taken:
        edges = (box.left * factor - left, box.top * factor - top, box.right * factor - left, box.bottom * factor - top)
        x, y, x_end, y_end = (max(0, round(edge)) for edge in edges)
        piece[y:y_end, x:x_end] = paper
    upright = turned(piece, degrees)
    found = []
    for word in engine.read(upright, round(page.dpi * factor), SINGLE_BLOCK):
        if word.confidence >= _NOTHING and any(c.isalnum() or c == "#" for c in word.text):
            box = word.box.turned(360 - degrees, upright.shape[1], upright.shape[0])
            on_page = Box(*(round((edge + shift) / factor) for edge, shift in zip(box, (left, top) * 2, strict=True)))
            found.append(replace(word, box=on_page, turn=degrees))
    return tuple(found)


def _is_text(words: Sequence[Word]) -> bool:
    """Whether what was read reads like words, and not like what an engine makes of a picture or a hand."""
    real = tuple(word for word in words if sum(c.isalnum() for c in word.text) >= 2)
    return len(real) >= 2 and mean_confidence(real) >= _READS_WELL


def _joined(words: tuple[Word, ...], found: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words less what was made of the turned ones before, and those after them."""
    kept = tuple(word for word in words if not any(_share(word.box, other.box) > 0.3 for other in found))
    first = max((word.line for word in kept), default=-1) + 1
    return kept + tuple(replace(word, line=first + word.line) for word in found)


def _share(box: Box, other: Box) -> float:
    """How much of the smaller of two boxes lies in the other."""
    wide = min(box.right, other.right) - max(box.left, other.left)
    high = min(box.bottom, other.bottom) - max(box.top, other.top)
    return max(0, wide) * max(0, high) / max(1, min(box.width * box.height, other.width * other.height))
