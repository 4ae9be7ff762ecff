"""Rows of words as the eye sees them: one height on the page, left to right, columns kept apart by gaps."""

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocr.page import Box, OcrPage, Word, box_of


@dataclass(frozen=True, slots=True)
class Row:
    """Words at one height; `top_share` is how far down the page it lies, 0.0 to 1.0.

    `wide` is how many times wider than in proportional print the page's blanks are: about 2 in typewriter faces.
    """

    words: tuple[Word, ...]
    box: Box
    top_share: float
    wide: float = 1.0

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def rows_of(page: OcrPage) -> tuple[Row, ...]:
    """The rows of a page, top to bottom. Words share a row when their middles lie within each other.

    Words that run another way than the page are in no row of it; `OcrPage.of_turn` has them.
    """
    open_rows: list[list[Word]] = []
    upright = (word for word in page.words if not word.turn)
    for word in sorted(upright, key=lambda w: (w.box.top + w.box.bottom, w.box.left)):
        middle = (word.box.top + word.box.bottom) / 2
        for row in reversed(open_rows[-6:]):
            last = row[-1].box
            if last.top < middle < last.bottom and abs(middle - (last.top + last.bottom) / 2) < 0.6 * max(
                word.box.height, last.height
            ):
                row.append(word)
                break
        else:
            open_rows.append([word])
    wide = _wide_of(open_rows)
    rows = [_row(words, max(page.height, 1), wide) for words in open_rows]
    return tuple(sorted(rows, key=lambda r: r.box.top))


def rows_of_text(text: str) -> tuple[Row, ...]:
    """Rows of plain text, as if typed on a page; boxes are character cells."""
    lines = [line for line in re.split(r"[\r\n]+|(?<=:) *,", text) if line.strip()]
    rows = []
    for number, line in enumerate(lines):
        words, at = [], 0
        for part in line.split():
            words.append(Word(part, Box(at * 10, number * 24, (at + len(part)) * 10, number * 24 + 18), 1.0, number))
            at += len(part) + 1
        rows.append(_row(words, max(len(lines), 60) * 24))
    return tuple(rows)


_BLANK = 0.5
"""Height of a word, so many times, that a blank is wide in proportional print at most."""

_ENOUGH_GAPS = 12


def _wide_of(rows: list[list[Word]]) -> float:
    """By how much the blanks of a page are wider than that: the middle one of all that are narrower than a column's gap."""
    gaps = []
    for words in rows:
        ordered = sorted(words, key=lambda word: word.box.left)
        gaps += [
            (after.box.left - before.box.right) / max(1, min(before.box.height, after.box.height))
            for before, after in pairwise(ordered)
        ]
    blanks = [gap for gap in gaps if 0 < gap < 4 * _BLANK]
    return max(1.0, median(blanks) / _BLANK) if len(blanks) >= _ENOUGH_GAPS else 1.0


def _row(words: list[Word], page_height: int, wide: float = 1.0) -> Row:
    ordered = tuple(sorted(words, key=lambda w: w.box.left))
    box = box_of(ordered)
    return Row(ordered, box, min(1.0, box.top / page_height), wide)
