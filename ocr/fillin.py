"""Lines to write on, which an engine for print reads as underscores: no letters, and often glued to the words beside them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr.page import Box, Word

_LINE = re.compile(r"__+|(?<=[a-z:.#)])_(?=[A-Z0-9])")
"""Two underscores and more, or one between the end of a label and what was written: Date_March. john_doe and FORM_12 are whole."""

_ADDRESS = re.compile(r"[@/\\]")
"""What an e-mail address or a path holds, in which underscores are letters."""


def without_lines(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words without the lines they stand on; one that goes on behind a line is two, each with its share of the place.

    A line by itself stays: it says that a place is empty.
    """
    return tuple(part for word in words for part in (_parts(word) if "_" in word.text else (word,)))


def _parts(word: Word) -> tuple[Word, ...]:
    is_address = _ADDRESS.search(word.text) and "__" not in word.text
    spans = [(0, len(word.text))] if is_address else _between_lines(word.text)
    kept = [(start, end) for start, end in (_stripped(word.text, *span) for span in spans) if start < end]
    if not kept:
        return (word,)
    return tuple(
        replace(word, text=word.text[start:end], box=_share(word.box, start, end, len(word.text)))
        for start, end in kept
    )


def _between_lines(text: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    for line in _LINE.finditer(text):
        spans.append((at, line.start()))
        at = line.end()
    return [*spans, (at, len(text))]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] == "_":
        start += 1
    while start < end and text[end - 1] == "_":
        end -= 1
    return start, end


def _share(box: Box, start: int, end: int, length: int) -> Box:
    left, right = (box.left + round(box.width * place / length) for place in (start, end))
    return Box(left, box.top, max(left + 1, right), box.bottom)
