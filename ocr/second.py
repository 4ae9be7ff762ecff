"""Asks the second recogniser where the first one's reading is doubtful, and joins both.

Reading all of a page again costs two to three times what the first reading did, so a good page is only asked about the
words in doubt, with a word on either side; a page that reads badly is read whole, with the second one's own detector.
Words written by hand are always in doubt, and in regions of handwriting it looks for lines of its own.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby

from ocr import numerals, rapid
from ocr.agreement import joined
from ocr.clean.geometry import Placed
from ocr.imaging import Image
from ocr.joining import Line, lies_in
from ocr.page import Agreement, Box, Word, box_of
from ocr.rapid import Piece

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


@dataclass(frozen=True, slots=True)
class Written:
    """What a page holds of handwriting: numbers of the words that are, and regions of which the first read little."""

    words: frozenset[int] = frozenset()
    regions: tuple[Box, ...] = ()


NOTHING = Written()


def is_worth_it(words: Sequence[Word], quality: float, letter_height: float, written: Written = NOTHING) -> bool:
    """Whether anything on the page is in doubt."""
    is_written = bool(written.words or written.regions)
    return (
        is_written
        or quality < READS_WELL
        or _is_bad(quality, letter_height)
        or any(_is_doubtful(word) for word in words)
    )


def second_opinion(
    placed: Placed,
    raw: tuple[Word, ...],
    calibrated: tuple[Word, ...],
    *,
    quality: float,
    letter_height: float,
    all_of_it: bool,
    written: Written = NOTHING,
) -> tuple[Word, ...]:
    """The words of both, each with the chance that it is right; `raw` with the engine's own numbers, in the same order."""
    grey = placed.render(placed.grey)
    if all_of_it or _is_bad(quality, letter_height):
        boxes, asked = rapid.find_lines(grey), {n for n, word in enumerate(calibrated) if not word.turn}
    else:
        boxes, asked = _in_part(grey, raw, calibrated, written, reads_well=quality >= READS_WELL)
    kept = [word for number, word in enumerate(calibrated) if number not in asked]
    by_hand = frozenset(raw[number].box for number in written.words)
    said = joined([raw[number] for number in sorted(asked)], _lines(grey, boxes), raw, kept, by_hand)
    before = {(word.box, word.text): word.confidence for word in calibrated}
    return tuple(_not_surer(word, before) if word.agreement is Agreement.SILENT else word for word in said)


def _in_part(
    grey: Image, raw: tuple[Word, ...], words: tuple[Word, ...], written: Written, *, reads_well: bool
) -> tuple[list[Box], set[int]]:
    """The places that are asked about on a page that does not read badly, and the numbers of the words in them."""
    in_doubt = written.words | {number for number, word in enumerate(words) if _is_doubtful(word)}
    if reads_well:
        boxes = _lines_in(grey, written.regions, words)
        asked = {n for n, word in enumerate(words) if not word.turn and any(lies_in(word.box, b) for b in boxes)}
        runs = _doubtful_runs(words, in_doubt - asked, asked)
        if len(runs) <= _MOST_SEGMENTS:
            boxes += [_around([raw[number] for number in run]) for run in runs]
            return boxes, asked.union(*runs)
    return _lines_in_doubt(rapid.find_lines(grey), words, in_doubt, written.regions)


def _not_surer(word: Word, before: Mapping[tuple[Box, str], float]) -> Word:
    """A word on which the second recogniser is silent is no surer for having been asked about."""
    return replace(word, confidence=min(word.confidence, before.get((word.box, word.text), word.confidence)))


def _is_bad(quality: float, letter_height: float) -> bool:
    return quality < READS_BADLY or 0 < letter_height < SMALL_LETTERS


def _is_doubtful(word: Word) -> bool:
    return word.confidence < _DOUBTFUL and not word.turn


_BY_HAND = 0.3
"""Share of a line, or of a region of handwriting, from which one lies in the other: letters reach into lines above and below."""


def _lines_in_doubt(
    lines: Sequence[Box], words: Sequence[Word], in_doubt: Set[int], regions: Sequence[Box]
) -> tuple[list[Box], set[int]]:
    """Lines of which a word is in doubt, in which nothing was read, or with handwriting; and the numbers of the words in them."""
    boxes, asked = [], set()
    for line in lines:
        inside = [n for n, word in enumerate(words) if not word.turn and lies_in(word.box, line)]
        is_by_hand = any(line.share_of(region) > _BY_HAND for region in regions)
        if not inside or not in_doubt.isdisjoint(inside) or is_by_hand:
            boxes.append(line)
            asked.update(inside)
    return boxes, asked


def _lines_in(grey: Image, regions: Sequence[Box], words: Sequence[Word]) -> list[Box]:
    """Lines in regions of handwriting. The detector sees letters as large as on a whole page, and no word cut in two."""
    height, width = grey.shape
    found = []
    for region in _apart([_with_whole_words(region, words) for region in regions]):
        margin = region.height // 4
        place = Box(
            max(0, region.left - margin), max(0, region.top - margin),
            min(width, region.right + margin), min(height, region.bottom + margin),
        )  # fmt: skip
        crop = grey[place.top : place.bottom, place.left : place.right]
        longest = max(1, round(rapid.LONGEST_SIDE * max(crop.shape) / max(grey.shape)))
        for line in rapid.find_lines(crop, longest) if crop.size else ():
            found.append(
                Box(line.left + place.left, line.top + place.top, line.right + place.left, line.bottom + place.top)
            )
    return found


def _with_whole_words(region: Box, words: Sequence[Word]) -> Box:
    whole = region
    for word in words:
        if word.box.share_of(region) > 0 and not word.turn:
            whole = whole.joined(word.box)
    return whole


def _apart(regions: Sequence[Box]) -> list[Box]:
    """The regions, those that overlap as one."""
    apart: list[Box] = []
    for region in sorted(regions):
        while near := [other for other in apart if other.share_of(region) > 0]:
            apart = [other for other in apart if other not in near]
            for other in near:
                region = region.joined(other)
        apart.append(region)
    return apart


def _doubtful_runs(words: Sequence[Word], in_doubt: Set[int], asked: Set[int] = frozenset()) -> list[list[int]]:
    """Numbers of words in doubt and their neighbours in the line, as runs side by side; turned words and those that are
    asked about already are left alone."""
    runs: list[list[int]] = []
    for _, line in groupby(range(len(words)), key=lambda number: words[number].line):
        numbers = [number for number in line if not words[number].turn and number not in asked]
        wanted = {
            near
            for place, number in enumerate(numbers)
            if number in in_doubt
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
                numerals.repaired(piece.text, piece.digits),
                Box(
                    box.left + int(piece.start * box.width),
                    box.top,
                    box.left + int(piece.end * box.width) + 1,
                    box.bottom,
                ),
                piece.score,
                number,
            )
            for whole in pieces
            for piece in _parted(whole)
        )
        if words:
            found.append(Line(box, words))
    return found


_LABEL = re.compile(r"[^\W\d]{2,}:(?=.)")


def _parted(piece: Piece) -> tuple[Piece, ...]:
    """A label and the value behind it (Name:Rivera), between which the recogniser sees no gap; each has its share of the place."""
    label = _LABEL.search(piece.text)
    if label is None:
        return (piece,)
    at = label.end()
    middle = piece.start + (piece.end - piece.start) * at / len(piece.text)
    return (
        replace(piece, text=piece.text[:at], digits=piece.digits[:at], end=middle),
        replace(piece, text=piece.text[at:], digits=piece.digits[at:], start=middle),
    )


def _around(words: Sequence[Word]) -> Box:
    """The place of words side by side, with the margin that the recogniser knows from its detector's boxes."""
    box = box_of(words)
    margin = max(2, round(0.2 * box.height))
    return Box(box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)
