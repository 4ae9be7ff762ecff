"""Rows of words as the eye sees them: one height on the page, left to right, columns kept apart by gaps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
    ordered = tuple(_set_together(sorted(words, key=lambda w: w.box.left)))
    box = box_of(ordered)
    return Row(ordered, box, min(1.0, box.top / page_height), wide)


# ---- what is set apart


def _set_together(words: list[Word]) -> Iterator[Word]:
    """The words of a row, those in one that were printed a letter in each box of a form (0 0 1 2 3 4 5 6), or with blanks
    around their strokes (03 / 14 / 1957). The sign behind the labels of old terminals (NAME>) is a colon."""
    at = 0
    while at < len(words):
        end = _end_of_comb(words, at) or _end_of_strokes(words, at) or at + 1
        word = words[at] if end == at + 1 else _joined(words[at:end])
        yield replace(word, text=f"{word.text[:-1]}:") if _PROMPT.fullmatch(word.text) else word
        at = end


_PROMPT = re.compile(r"[A-Za-z#)./]*[A-Za-z#)]>")

_LEAST_OF_A_COMB = 4
"""Boxes of a form with a letter or digit in each, at least; two or three may be an answer each."""

_WIDEST_BOX, _UNEVEN, _BETWEEN_GROUPS = 3.0, 1.6, 2.3
"""How far two boxes lie apart at most, in heights of what stands in them, by how much their distances differ, and how much
wider the step is from the boxes of a day to those of a month."""


def _end_of_comb(words: list[Word], at: int) -> int:
    """Behind the last of the letters that stand in evenly set boxes from here, or 0."""
    end, steps = at + 1, list[int]()
    if len(words[at].text) != 1:
        return 0
    while end < len(words) and len(words[end].text) == 1:
        step = _middle(words[end]) - _middle(words[end - 1])
        is_grouped = bool(steps) and words[end].text.isdigit() and words[end - 1].text.isdigit()  # 03 14 1957
        far = _BETWEEN_GROUPS if is_grouped else _UNEVEN
        if step > (_WIDEST_BOX * far if is_grouped else _WIDEST_BOX) * _high(words[end - 1], words[end]):
            break
        if steps and not min(steps) / _UNEVEN <= step <= min(steps) * far:
            break
        steps.append(step)
        end += 1
    text = "".join(word.text for word in words[at:end])
    return (
        end
        if end - at >= _LEAST_OF_A_COMB and sum(map(str.isalnum, text)) >= _LEAST_OF_A_COMB and not _is_scale(text)
        else 0
    )


def _is_scale(text: str) -> bool:
    """Whether digits or letters count up or all are one: answers to be marked (0 1 2 3 4 5, Y N Y N)."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return len(steps) == 1 or len(set(text.upper())) <= _TWO_ANSWERS


_TWO_ANSWERS = 2


def _end_of_strokes(words: list[Word], at: int) -> int:
    """Behind the last word of a date with blanks around its strokes from here, or 0."""
    some = words[at : at + _OF_STROKES]
    text = "".join(word.text for word in some)
    is_close = all(
        after.box.left - before.box.right <= _WIDEST_BOX / 2 * max(after.box.height, before.box.height, 12)
        for before, after in pairwise(some)
    )
    is_date = len(some) == _OF_STROKES and is_close and some[1].text == some[3].text and _STROKES.fullmatch(text)
    return at + _OF_STROKES if is_date else 0


_OF_STROKES = 5
_STROKES = re.compile(r"\d{1,2}([/-])\d{1,2}\1(?:\d{4}|\d{2})[,.;]?|\d{4}([/-])\d{1,2}\2\d{1,2}[,.;]?")


def _high(one: Word, other: Word) -> int:
    return max(one.box.height, other.box.height, 12)


def _middle(word: Word) -> int:
    return (word.box.left + word.box.right) // 2


def _joined(words: list[Word]) -> Word:
    return replace(
        words[0],
        text="".join(word.text for word in words),
        box=box_of(words),
        confidence=min(word.confidence for word in words),
    )
