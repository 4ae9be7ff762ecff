"""Tells words written by hand from print, and makes proposals of them: never sure, and none out of a note in cursive.

A logistic regression over the strokes of a word, fitted by benchmarks/train_handwriting.py on drawn pages in 15 hands and
8 faces of print. docs/reading.md shows how far it holds on real ones.
"""

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np
import numpy.typing as npt

from ocr.clean.sketch import Sketch
from ocr.imaging import Parts, cv2
from ocr.page import HANDWRITTEN_MOST, Agreement, Box, Mark, MarkKind, Word, around

Matrix = npt.NDArray[np.float64]

_DIRECTIONS = 12
"""Directions of edges that are told apart, 15 degrees each; the first is that of upright stems."""

NAMES = (
    "constant", *(f"edges at {15 * n} degrees" for n in range(1, _DIRECTIONS)), "strongest direction", "entropy of directions",
    "unlike the page", "parts a letter", "base line", "tops", "heights", "stroke", "ink", "width of a letter", "length",
    "digits", "one part",
)  # fmt: skip

WEIGHTS: tuple[float, ...] = (
    -6.667,
    -5.630,
    -10.181,
    24.052,
    80.814,
    19.381,
    -18.173,
    -17.467,
    -1.472,
    -13.561,
    -4.779,
    -0.074,
    11.964,
    5.912,
    12.584,
    -4.507,
    -5.312,
    12.061,
    2.333,
    -430.348,
    18.197,
    6.827,
    -0.128,
    1.343,
    -2.743,
)
"""In the order of NAMES."""

_SURE = 7.0
"""Log odds from which a word is handwriting on any page: a third of it on drawn forms, and 2 at most of 22,768 printed
words. Over 4, dirty old print and logos are on 3 of 18 real pages of print."""

_ENOUGH = 4
"""Words as sure as that on a page from which others on it may be less so. With signatures, stamps and logos there are up to
three."""

_LIKELY, _POSSIBLE = 0.5, -3.0
"""Log odds from which a word is handwriting on a page with handwriting (90 in 100 of it, 1.5 in 1,000 printed words), and
beside a handwritten word, where most of what has fewer is print."""

_BESIDE = 1.5
"""Heights of a word between it and the next of the same blank."""

_FEW = 2
"""Letters that are too few to look like print or like handwriting by themselves."""

_STANDS_UP = 1.5
"""Height over width of a word of three letters that runs another way than its page."""

_NO_STOPS = frozenset("gjpqy,;()[]{}|/$Q@'\"`-~^*=:.·—–+<>°’“”")
"""Characters that do not stand on the base line in print."""


def find_written(sketch: Sketch, words: Sequence[Word], marks: Sequence[Mark]) -> frozenset[int]:
    """Numbers of the words that are written by hand; `marks` are those of the page (ocr/marks.py)."""
    if not words:
        return frozenset()
    odds = features(sketch, words) @ np.array(WEIGHTS)
    frames = [mark.box for mark in marks if mark.kind is MarkKind.TICK_BOX]
    regions = [mark.box for mark in marks if mark.kind is MarkKind.HANDWRITING]
    dots = _dots(sketch, words)
    may_be = {n for n, word in enumerate(words) if _may_be_written(word, frames) and not _is_shaded(word, dots[n])}
    sure = {number for number in may_be if odds[number] > _SURE}
    is_mixed = sum(len(words[number].text) > _FEW for number in sure) >= _ENOUGH
    written = {number for number in may_be if odds[number] > _least(words[number], regions, is_mixed=is_mixed)}
    while beside := {n for n in _beside(words, written) & may_be if odds[n] > _POSSIBLE and not _is_label(words[n])}:
        written |= beside
    return frozenset(written | {number for number in may_be - written if _is_bit(words[number], words, written)})


def _may_be_written(word: Word, frames: Sequence[Box]) -> bool:
    """Whether it is a word at all: no frame of a tick box, and no word that runs another way."""
    letters = sum(c.isalnum() for c in word.text)
    stands_up = letters > 2 and word.box.height > _STANDS_UP * word.box.width
    return letters > 0 and not word.turn and not stands_up and not any(word.box.share_of(box) > 0 for box in frames)


def _is_shaded(word: Word, dots: int) -> bool:
    """Whether a word stands on a screen of dots, as printers shade cells: its edges are those of the dots."""
    return dots >= max(_DOTS, len(word.text))


_DOTS = 3
"""Specks in a word's place, and one a letter, that are more than dirt."""


def _least(word: Word, regions: Sequence[Box], *, is_mixed: bool) -> float:
    """The log odds that a word needs; two letters in a region of handwriting are too few to look like print."""
    if _is_label(word):
        return _SURE
    if any(word.box.share_of(region) > 0.5 for region in regions):
        return _POSSIBLE if len(word.text) <= _FEW else _LIKELY
    return _LIKELY if is_mixed else _SURE


def _is_bit(word: Word, words: Sequence[Word], written: Set[int]) -> bool:
    """Whether it is a stroke of a handwritten word that reaches into the line below or above."""
    if len(word.text) > _FEW:
        return False
    for left, top, right, bottom in (words[number].box for number in written):
        high = bottom - top
        if word.box.height < high / 2 and word.box.share_of(Box(left, top - high // 4, right, bottom + high // 4)) > 0:
            return True
    return False


def _is_label(word: Word) -> bool:
    """Whether a colon says that a word is a label: forms print them."""
    return word.text.endswith(":")


def _beside(words: Sequence[Word], written: set[int]) -> set[int]:
    """Words beside a handwritten one, in its line and near it."""
    near = set()
    for number in written:
        for other in (number - 1, number + 1):
            if 0 <= other < len(words) and words[other].line == words[number].line:
                one, two = sorted((words[number].box, words[other].box))
                if two.left - one.right < _BESIDE * min(one.height, two.height):
                    near.add(other)
    return near - written


# ---- strokes


@dataclass(frozen=True, slots=True)
class _Places:
    """Which word each pixel of the sketch belongs to (-1: none), and the words' boxes in pixels of the sketch."""

    owner: npt.NDArray[np.int32]
    boxes: tuple[Box, ...]

    def count(self, pixels: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """How many of these pixels each word holds."""
        counts: npt.NDArray[np.int64] = np.bincount(self.owner[pixels & (self.owner >= 0)], minlength=len(self.boxes))
        return counts


def features(sketch: Sketch, words: Sequence[Word]) -> Matrix:
    """What tells handwriting from print, a row a word, in the order of NAMES."""
    places = _places(sketch, words)
    edges = _edges(sketch, places)
    share = edges / np.maximum(edges.sum(axis=1, keepdims=True), 1e-6)
    page = edges.sum(axis=0) / max(1e-6, float(edges.sum()))
    entropy = -(share * np.log(share + 1e-9)).sum(axis=1)
    unlike = np.abs(share - page).sum(axis=1)
    inked = places.count(sketch.ink > 0)
    outline = places.count((sketch.ink > 0) & (cv2.erode(sketch.ink, np.ones((3, 3), np.uint8)) == 0))
    rows = []
    for number, (word, parts) in enumerate(zip(words, _parts_of(sketch, places), strict=True)):
        box = places.boxes[number]
        high, wide = max(1, box.height), box.width
        rows.append((
            1.0, *share[number, 1:], share[number].max(), entropy[number], unlike[number], *_letters(word.text, parts, high),
            inked[number] / max(1, outline[number]) / high, inked[number] / max(1, wide * high), *_extent(word.text, wide, high),
            float(len(parts) < 2),
        ))  # fmt: skip
    return np.array(rows)


def _places(sketch: Sketch, words: Sequence[Word]) -> _Places:
    high, wide = sketch.ink.shape
    owner, boxes = np.full((high, wide), -1, np.int32), []
    for number, word in enumerate(words):
        left, top, right, bottom = (max(0, round(edge * sketch.factor)) for edge in word.box)
        boxes.append(Box(left, top, min(wide, right + 1), min(high, bottom + 1)))
        owner[top : bottom + 1, left : right + 1] = number
    return _Places(owner, tuple(boxes))


def _dots(sketch: Sketch, words: Sequence[Word]) -> npt.NDArray[np.int64]:
    """How many specks smaller than any stroke lie in the place of each word."""
    parts, owner = sketch.parts, _places(sketch, words).owner
    specks = parts[np.maximum(parts[:, 2], parts[:, 3]) <= 3]
    owners = owner[specks[:, 1], specks[:, 0]]
    counts: npt.NDArray[np.int64] = np.bincount(owners[owners >= 0], minlength=len(words))
    return counts


_LEAST_EDGE = 60
"""Strength of an edge (sum of both Sobel derivatives) that paper grain does not reach, or 1.2 times the contrast."""


def _edges(sketch: Sketch, places: _Places) -> Matrix:
    """Strength of the edges of each word by direction: stems of print are upright, the strokes of a hand lean all ways."""
    across, down = cv2.Sobel(sketch.small, cv2.CV_16S, 1, 0), cv2.Sobel(sketch.small, cv2.CV_16S, 0, 1)
    is_edge = np.abs(across) + np.abs(down) > max(_LEAST_EDGE, 1.2 * sketch.contrast)
    y, x = np.nonzero((places.owner >= 0) & is_edge)
    a, b = across[y, x].astype(np.float32), down[y, x].astype(np.float32)
    angle = np.mod(np.arctan2(b, a) + np.pi / (2 * _DIRECTIONS), np.pi)
    direction = np.minimum(_DIRECTIONS - 1, (angle * _DIRECTIONS / np.pi).astype(np.int32))
    count = len(places.boxes)
    flat = np.bincount(places.owner[y, x] * _DIRECTIONS + direction, np.hypot(a, b), count * _DIRECTIONS)
    strengths: Matrix = flat.reshape(count, _DIRECTIONS).astype(np.float64)
    return strengths


def _parts_of(sketch: Sketch, places: _Places) -> list[list[Box]]:
    """The letters of each word as far as ink is connected, from left to right; an i and its dot are one."""
    parts = sketch.parts
    middles = places.owner[parts[:, 1] + parts[:, 3] // 2, parts[:, 0] + parts[:, 2] // 2]
    is_stroke = (np.maximum(parts[:, 2], parts[:, 3]) >= 3) & (parts[:, 2] < 8 * parts[:, 3])  # no speck, no rule
    rows = np.nonzero((middles >= 0) & is_stroke)[0]
    rows = rows[np.argsort(middles[rows], kind="stable")]
    starts = np.searchsorted(middles[rows], np.arange(len(places.boxes) + 1))
    return [_columns(parts[rows[first:last]]) for first, last in pairwise(starts)]


def _columns(parts: Parts) -> list[Box]:
    merged: list[Box] = []
    for left, top, wide, high in sorted(tuple(int(v) for v in row[:4]) for row in parts):
        box = Box(left, top, left + wide, top + high)
        before = merged[-1] if merged else None
        if before and min(before.right, box.right) - left > 0.5 * min(before.width, wide):
            merged[-1] = before.joined(box)
        else:
            merged.append(box)
    return merged


def _letters(text: str, parts: Sequence[Box], high: int) -> tuple[float, ...]:
    """Parts a letter, and how unevenly letters stand on the base line, end at the top, and are high."""
    plain = [c for c in text if not c.isspace()]
    usual = max(4.0, median([part.height for part in parts]) if parts else high)
    if len(parts) == len(plain):
        stand = [part for c, part in zip(plain, parts, strict=True) if c not in _NO_STOPS]
        tall = [part for c, part in zip(plain, parts, strict=True) if c.isupper() or c.isdigit() or c in "bdfhkl"]
        small = [part for c, part in zip(plain, parts, strict=True) if c in "acemnorsuvwxzgpqy"]
    else:
        stand = tall = [part for part in parts if part.height > 0.6 * usual]
        small = []
    return (
        min(2.0, len(parts) / max(1, len(plain))),
        min(0.6, _spread([part.bottom for part in stand]) / usual),
        min(0.8, max(_spread([part.top for part in tall]), _spread([part.top for part in small])) / usual),
        min(1.0, _spread([part.height for part in parts]) / usual),
    )


def _spread(values: Sequence[int]) -> float:
    """Standard deviation. Of a handful of numbers numpy's takes five times as long."""
    if len(values) < 2:
        return 0.0
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def _extent(text: str, wide: int, high: int) -> tuple[float, ...]:
    letters = max(1, sum(not c.isspace() for c in text))
    return min(3.0, wide / letters / max(4, high)), min(8, letters) / 8, sum(c.isdigit() for c in text) / letters


# ---- proposals


def as_proposals(words: Sequence[Word], written: frozenset[int]) -> tuple[tuple[Word, ...], tuple[Box, ...]]:
    """The words, those written by hand marked and never sure; and the places of notes that cannot be read, without words."""
    rows = _notes([words[number].box for number in written], [len(words[number].text) for number in written])
    notes = [note for note in rows if not _is_legible(note, words)]
    places = [row for note in notes for row in note]
    kept = tuple(
        replace(word, is_handwritten=True, confidence=min(HANDWRITTEN_MOST, word.confidence))
        if number in written
        else word
        for number, word in enumerate(words)
        if word.turn or not any(place.holds_middle_of(word.box) for place in places)
    )
    return kept, tuple(around(note) for note in notes)


_LEGIBLE = 0.5
"""Share of the words of a note that both recognisers read alike, from which it is no cursive but a clear hand, or print in a
face that looks like one. Of a drawn note in cursive they read one word of 33 alike, of a real one one of 24."""


def _is_legible(note: Sequence[Box], words: Sequence[Word]) -> bool:
    inside = [word for word in words if not word.turn and any(row.holds_middle_of(word.box) for row in note)]
    return sum(map(_is_read_well, inside)) >= _LEGIBLE * max(1, len(inside))


_SURELY = 0.9
"""Confidence of the first recogniser that cursive does not reach, for words about which the second was not asked."""


def _is_read_well(word: Word) -> bool:
    not_asked = word.agreement is Agreement.NOT_ASKED
    return word.agreement is Agreement.SAME or (not_asked and word.confidence >= _SURELY)


_ROWS, _LETTERS, _LONG = 3, 20, 36
"""Rows and letters a row that make handwriting a note, and letters of a row that is one by itself. Values are shorter:
a street has 15 letters, a town with its state and code 19. Recognisers give cursive scores of .75 to .94 whatever it says."""

_NEXT_WORD, _NEXT_ROW = 2.0, 1.2
"""Heights of a word between words of a row, and of a row between rows of a note. Blanks of a form are further apart."""


def _notes(boxes: Sequence[Box], letters: Sequence[int]) -> list[list[Box]]:
    """Rows of handwriting that are too long to be values, by note."""
    rows: list[tuple[Box, int]] = []
    for box, count in sorted(zip(boxes, letters, strict=True)):
        beside = [row for row in rows if _continues(row[0], box)]
        rows = [row for row in rows if row not in beside]
        for row, more in beside:
            box, count = row.joined(box), count + more
        rows.append((box, count))
    notes: list[list[tuple[Box, int]]] = []
    for line in sorted(rows, key=lambda row: row[0].top):
        above = next((note for note in notes if _is_under(note[-1][0], line[0])), None)
        if above is None:
            notes.append([line])
        else:
            above.append(line)
    return [[box for box, _ in note] for note in notes if _is_note([count for _, count in note])]


def _is_note(letters: Sequence[int]) -> bool:
    return max(letters) >= _LONG or (len(letters) >= _ROWS and sum(letters) >= _LETTERS * len(letters))


def _continues(row: Box, box: Box) -> bool:
    """Whether a word stands in a row, or near its end."""
    high = min(row.height, box.height)
    shared = min(row.bottom, box.bottom) - max(row.top, box.top)
    return shared > 0.5 * high and box.left - row.right < _NEXT_WORD * high


def _is_under(row: Box, other: Box) -> bool:
    across = min(row.right, other.right) - max(row.left, other.left)
    return across > 0 and other.top - row.bottom < _NEXT_ROW * min(row.height, other.height)
