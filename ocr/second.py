"""Asks the second recogniser where the first one's reading is doubtful, and joins both.

Reading all of a page again costs two to three times what the first reading did, so a good page is only asked about the
words in doubt, with a word on either side; a page that reads badly is read whole, with the second one's own detector.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from ocr import rapid
from ocr.agreement import joined
from ocr.clean.geometry import Placed
from ocr.imaging import Image
from ocr.joining import Line, lies_in
from ocr.page import Agreement, Box, Word, box_of

READS_WELL = 0.955
"""Expected share of right words from which a page is asked about its doubtful words only. Of 18 real medical pages read
by eye, those above lost 3 words in 100 to the first recogniser, those below 13."""

READS_BADLY = 0.85
"""Share under which all of a page is read by both; between the two, lines in doubt and lines that the first left out."""

SMALL_LETTERS = 14.0
"""Pixels that letters are high under which a page is read whole by both: on forms of 100 dpi every fifth word is wrong."""

_DOUBTFUL = 0.9
"""Chance under which a word is asked about."""

_MOST_SEGMENTS = 40
"""Places of a good page that are asked about; with more of them its lines are looked for."""


def is_worth_it(words: Sequence[Word], quality: float, letter_height: float) -> bool:
    """Whether anything on the page is in doubt."""
    return quality < READS_WELL or _is_bad(quality, letter_height) or any(_is_doubtful(word) for word in words)


def second_opinion(
    placed: Placed,
    raw: tuple[Word, ...],
    calibrated: tuple[Word, ...],
    *,
    quality: float,
    letter_height: float,
    all_of_it: bool,
) -> tuple[Word, ...]:
    """The words of both, each with the chance that it is right; `raw` with the engine's own numbers, in the same order."""
    grey = placed.render(placed.grey)
    upright = {number for number, word in enumerate(calibrated) if not word.turn}
    runs = _doubtful_runs(calibrated)
    if all_of_it or _is_bad(quality, letter_height):
        boxes, asked = rapid.find_lines(grey), upright
    elif quality >= READS_WELL and len(runs) <= _MOST_SEGMENTS:
        boxes = [_around([raw[number] for number in run]) for run in runs]
        asked = {number for run in runs for number in run}
    else:
        boxes, asked = _lines_in_doubt(rapid.find_lines(grey), calibrated)
    kept = [word for number, word in enumerate(calibrated) if number not in asked]
    said = joined([raw[number] for number in sorted(asked)], _lines(grey, boxes), raw, kept)
    before = {(word.box, word.text): word.confidence for word in calibrated}
    return tuple(_not_surer(word, before) if word.agreement is Agreement.SILENT else word for word in said)


def _not_surer(word: Word, before: Mapping[tuple[Box, str], float]) -> Word:
    """A word on which the second recogniser is silent is no surer for having been asked about."""
    return replace(word, confidence=min(word.confidence, before.get((word.box, word.text), word.confidence)))


def _is_bad(quality: float, letter_height: float) -> bool:
    return quality < READS_BADLY or 0 < letter_height < SMALL_LETTERS


def _is_doubtful(word: Word) -> bool:
    return word.confidence < _DOUBTFUL and not word.turn


def _lines_in_doubt(lines: Sequence[Box], words: Sequence[Word]) -> tuple[list[Box], set[int]]:
    """Lines of which a word is in doubt, or in which nothing was read; and the numbers of the words in them."""
    boxes, asked = [], set()
    for line in lines:
        inside = [n for n, word in enumerate(words) if not word.turn and lies_in(word.box, line)]
        if not inside or any(_is_doubtful(words[n]) for n in inside):
            boxes.append(line)
            asked.update(inside)
    return boxes, asked


def _doubtful_runs(words: Sequence[Word]) -> list[list[int]]:
    """Numbers of words in doubt and their neighbours in the line, as runs side by side; turned words are left alone."""
    runs: list[list[int]] = []
    for _, line in groupby(range(len(words)), key=lambda number: words[number].line):
        numbers = [number for number in line if not words[number].turn]
        wanted = {
            near
            for place, number in enumerate(numbers)
            if _is_doubtful(words[number])
            for near in numbers[max(0, place - 1) : place + 2]
        }
        last = None
        for number in numbers:
            if number in wanted:
                if last is not None and last == number - 1 and runs:
                    runs[-1].append(number)
                else:
                    runs.append([number])
                last = number
    return runs


def _lines(grey: Image, boxes: Sequence[Box]) -> list[Line]:
    """What the second recogniser reads in these places of the page."""
    height, width = grey.shape
    boxes = [Box(max(0, b.left), max(0, b.top), min(width, b.right), min(height, b.bottom)) for b in boxes]
    boxes = [box for box in boxes if box.width > 0 and box.height > 0]
    crops = [grey[box.top : box.bottom, box.left : box.right] for box in boxes]
    found = []
    for number, (box, pieces) in enumerate(zip(boxes, rapid.read_lines(crops), strict=True)):
        words = tuple(
            Word(
                piece.text,
                Box(
                    box.left + int(piece.start * box.width),
                    box.top,
                    box.left + int(piece.end * box.width) + 1,
                    box.bottom,
                ),
                piece.score,
                number,
            )
            for piece in pieces
        )
        if words:
            found.append(Line(box, words))
    return found


def _around(words: Sequence[Word]) -> Box:
    """The place of words side by side, with the margin that the recogniser knows from its detector's boxes."""
    box = box_of(words)
    margin = max(2, round(0.2 * box.height))
    return Box(box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)
