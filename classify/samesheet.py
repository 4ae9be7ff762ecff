"""Do two pages show the same sheet of paper? Laid over each other by their words, compared by their ink, and a probability.

What decides is what was written in. The printed form is the same on every filling of it, so what agrees says little. Strokes in
the same place that are not the same speak against it, and so does a number that both pages surely read otherwise.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from ocr.inkmatch import Laid, find_unmatched, lay_over, likeness, pieces_on_one, upper
from ocr.inkpicture import InkPicture
from ocr.page import Box
from ocr.sheetprint import UNITS, Boxes, SheetWords, is_number

Affine = npt.NDArray[np.float64]
"""2 × 3, from 1/200 inch of the other page to 1/200 inch of the one."""

SAME = 0.5
"""Probability from which two pages are shown to a person as the same sheet."""

_FEWEST_ANCHORS = 6
_LEAST_AGREEING = 0.45  # share of words with a like one in their place; copies read badly have more, other sheets less
_NEAR = 20.0  # 1/10 inch: what a copier's stretch leaves after the pages are laid over each other
_TRIMS = (UNITS, 60.0, 25.0, 15.0)  # 1/200 inch that a word may lie off, from the first fit to the last
_ALIKE = 0.72  # similarity from which two readings in one place may be of the same print
_SURE = 0.5  # confidence from which a word says what stands there


class Kind(StrEnum):
    """How the words of one place differ."""

    MISREAD = "misread"  # nearly alike
    OTHER = "other"  # something else stands there
    ONLY_HERE = "only_here"
    ONLY_THERE = "only_there"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs: what either page says there, and its boxes in 1/200 inch of each page (None: nothing there)."""

    kind: Kind
    one: str
    other: str
    one_box: Box | None
    other_box: Box | None
    has_number: bool
    confidence: float
    place: Box  # in 1/200 inch of the one page


@dataclass(frozen=True, slots=True)
class WordMatch:
    """The words of two pages laid over each other."""

    to_one: Affine
    agreeing: Boxes  # in 1/200 inch of the one page
    differences: tuple[Difference, ...]
    share: float  # of words that agree, 0 to 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """How sure it is that two pages show the same sheet, and what differs between them."""

    probability: float
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is compared: its words, and the picture of its ink (None of a page that was read by an earlier version)."""

    words: SheetWords
    ink: InkPicture | None = None


def compare_sheets(one: Sheet, other: Sheet) -> Comparison:
    """Compare two pages in full, with all that differs between them."""
    match = match_words(one.words, other.words)
    laid = _laid(one, other, match.to_one) if match else None
    if match is None or laid is None:
        return Comparison(find_probability(one, other), match.differences if match else ())
    alike = likeness(laid, [difference.place for difference in match.differences])
    usual = _usual_likeness(laid, match.agreeing)
    told = [d for d, like in zip(match.differences, alike, strict=True) if like is None or like < usual - _UNLIKE]
    return Comparison(find_probability(one, other), (*told, *_told_ink(laid, match, told)))


def find_probability(one: Sheet, other: Sheet) -> float:
    """How sure it is that two pages show the same sheet, 0 to 1."""
    to_one = lay_words_over(one.words, other.words)
    if to_one is None:
        return 0.0
    if one.ink is None or other.ink is None:
        match = match_words(one.words, other.words)
        return probability_by_words(match) if match else 0.0
    head = find_unmatched(lay_over(upper(one.ink), other.ink, to_one))
    if head and head.count_other()[0] > _SURELY_OTHER:
        return 0.0
    laid = lay_over(one.ink, other.ink, to_one)
    ink = find_unmatched(laid)
    if ink is None:
        return 0.0
    places, dots = ink.count_other()
    odds = _BASE - _A_PLACE * places - _A_PATCH * max(0, ink.count_more() - _STAMP_PATCHES)
    odds -= min(_MOST_BY_DOTS, _A_DOT * dots)
    if odds > 0:
        odds -= _A_NUMBER * _numbers_apart(one.words, other.words, to_one, laid)
    return _logistic(odds)


def _laid(one: Sheet, other: Sheet, to_one: Affine) -> Laid | None:
    return lay_over(one.ink, other.ink, to_one) if one.ink and other.ink else None


def match_words(one: SheetWords, other: SheetWords) -> WordMatch | None:
    """Lay the words of two pages over each other; None when too few agree for them to be the same sheet."""
    to_one = lay_words_over(one, other)
    if to_one is None:
        return None
    there = _moved(other.boxes, to_one)
    pairs = _agreeing(one, other, there)
    fewer = min(len(one.texts), len(other.texts))
    if len(pairs) < _LEAST_AGREEING * fewer:
        return None
    here_left = sorted(set(range(len(one.texts))) - {i for i, _ in pairs})
    there_left = sorted(set(range(len(other.texts))) - {j for _, j in pairs})
    if len(here_left) + len(there_left) > 2 * _MOST_LEFT:
        return None
    found = [
        difference
        for here, theirs in _places(one.boxes[here_left], there[there_left])
        if (difference := _difference(one, other, there, [here_left[i] for i in here], [there_left[j] for j in theirs]))
    ]
    agreeing = np.array([one.boxes[i] for i, _ in pairs], np.float64).reshape(-1, 4)
    lost = sum(d.kind in (Kind.OTHER, Kind.MISREAD) for d in found)
    return WordMatch(to_one, agreeing, tuple(found), len(pairs) / max(1, len(pairs) + lost))


_MOST_LEFT = 500
"""Words without a partner of which the places are still looked for: the time of a page is bounded."""


def lay_words_over(one: SheetWords, other: SheetWords) -> Affine | None:
    """The map under which words that either page has once lie over each other: a first guess by spread and middle, then least
    squares over those that come near, four times nearer each."""
    here, there = _once(one.plain), _once(other.plain)
    common = [text for text in here if text in there]
    if len(common) < _FEWEST_ANCHORS:
        return None
    target = _middles(one.boxes[[here[text] for text in common]])
    source = _middles(other.boxes[[there[text] for text in common]])
    scale = _spread(target) / np.maximum(_spread(source), 1.0)
    scale = np.where((scale > 0.5) & (scale < 2.0), scale, 1.0)
    fitted = np.column_stack((np.diag(scale), np.median(target - source * scale, axis=0)))
    for nearest in _TRIMS:
        off = np.linalg.norm(target - (source @ fitted[:, :2].T + fitted[:, 2]), axis=1)
        near = off <= nearest
        if near.sum() < max(_FEWEST_ANCHORS, 0.3 * len(common)):
            return None
        fitted = _fitted(source[near], target[near])
    return fitted if abs(np.linalg.det(fitted[:, :2])) > 0.1 else None


def _fitted(source: Boxes, target: Boxes) -> Affine:
    """The map with the least squares; the middle is taken off first, so that the equations are well scaled."""
    middle, there = source.mean(axis=0), target.mean(axis=0)
    spread = source - middle
    turn = np.linalg.solve(spread.T @ spread + 1e-6 * np.eye(2), spread.T @ (target - there)).T
    return np.column_stack((turn, there - turn @ middle))


def _once(texts: Sequence[str]) -> dict[str, int]:
    """Places of the words of three letters and more that a page has once."""
    found: dict[str, int] = {}
    for at, text in enumerate(texts):
        if len(text) >= 3:
            found[text] = -1 if text in found else at
    return {text: at for text, at in found.items() if at >= 0}


def _middles(boxes: Boxes) -> Boxes:
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def _spread(points: Boxes) -> Boxes:
    ordered = np.sort(points, axis=0)
    spread: Boxes = ordered[len(points) * 4 // 5] - ordered[len(points) // 5]
    return spread


def _moved(boxes: Boxes, to_one: Affine) -> Boxes:
    """Boxes of the other page in the frame of the one; a page is straight, so edges stay edges."""
    turn, shift = to_one[:, :2].T, to_one[:, 2]
    middles = _middles(boxes) @ turn + shift
    half = (boxes[:, 2:] - boxes[:, :2]) / 2 * np.array([abs(to_one[0, 0]), abs(to_one[1, 1])])
    return np.hstack((middles - half, middles + half))


def _agreeing(one: SheetWords, other: SheetWords, there: Boxes) -> list[tuple[int, int]]:
    """Words that say the same in the same place, by their numbers on both pages."""
    by_text: dict[str, list[int]] = {}
    for j, text in enumerate(other.plain):
        by_text.setdefault(text, []).append(j)
    here, theirs = _middles(one.boxes), _middles(there)
    pairs, taken = list[tuple[int, int]](), set[int]()
    for i, text in enumerate(one.plain):
        free = [j for j in by_text.get(text, ()) if j not in taken]
        if not free:
            continue
        off = np.abs(theirs[free] - here[i]).max(axis=1)
        nearest = int(off.argmin())
        if off[nearest] <= _NEAR:
            taken.add(free[nearest])
            pairs.append((i, free[nearest]))
    return pairs


def _places(here: Boxes, there: Boxes) -> Iterator[tuple[list[int], list[int]]]:
    """Words left over that lie on each other, as groups of numbers on both pages."""
    touching = _touching(here, there)
    seen = set[int]()
    for start in range(len(here)):
        if start in seen:
            continue
        mine, theirs, queue = {start}, set[int](), [start]
        while queue:
            for j in np.flatnonzero(touching[queue.pop()]):
                if j not in theirs:
                    theirs.add(int(j))
                    more = {int(i) for i in np.flatnonzero(touching[:, j])} - mine
                    mine |= more
                    queue += more
        seen |= mine
        yield sorted(mine), sorted(theirs)
    for j in np.flatnonzero(~touching.any(axis=0)):
        yield [], [int(j)]


def _touching(here: Boxes, there: Boxes) -> npt.NDArray[np.bool_]:
    """Which boxes lie on each other: on one line by at least two fifths of the lower one, and beside each other by less than a
    letter."""
    wide = np.minimum(here[:, None, 2], there[None, :, 2]) - np.maximum(here[:, None, 0], there[None, :, 0])
    high = np.minimum(here[:, None, 3], there[None, :, 3]) - np.maximum(here[:, None, 1], there[None, :, 1])
    lower = np.minimum((here[:, 3] - here[:, 1])[:, None], (there[:, 3] - there[:, 1])[None, :])
    touching: npt.NDArray[np.bool_] = (wide > -4) & (high > 0.4 * lower)
    return touching


def _difference(
    one: SheetWords, other: SheetWords, there: Boxes, here_at: list[int], there_at: list[int]
) -> Difference | None:
    """What differs in a place; None when both say the same there, parted otherwise."""
    here_at = sorted(here_at, key=lambda i: one.boxes[i, 0])
    there_at = sorted(there_at, key=lambda j: other.boxes[j, 0])
    mine, theirs = _joined(one.plain[i] for i in here_at), _joined(other.plain[j] for j in there_at)
    if mine == theirs:
        return None
    kind = Kind.ONLY_HERE if not theirs else Kind.ONLY_THERE if not mine else _kind(mine, theirs)
    said, says = " ".join(one.texts[i] for i in here_at), " ".join(other.texts[j] for j in there_at)
    sure = [float(one.confidences[i]) for i in here_at], [float(other.confidences[j]) for j in there_at]
    place = np.vstack((one.boxes[here_at], there[there_at]))
    return Difference(
        kind, said, says, _around(one.boxes[here_at]), _around(other.boxes[there_at]),
        sum(c.isdigit() for c in said + says) >= 2, min(max(part, default=1.0) for part in sure),
        _around(place) or Box(0, 0, 0, 0),
    )  # fmt: skip


def _joined(plain: Iterable[str]) -> str:
    return "".join(c for text in plain for c in text if c.isalnum())


def _kind(mine: str, theirs: str) -> Kind:
    return Kind.MISREAD if Levenshtein.normalized_similarity(mine, theirs) >= _ALIKE else Kind.OTHER


def _around(boxes: Boxes) -> Box | None:
    if not len(boxes):
        return None
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    return Box(max(0, int(left)), max(0, int(top)), max(0, math.ceil(right)), max(0, math.ceil(bottom)))


# ---- how sure it is, by ink

_BASE, _A_PLACE, _A_PATCH, _A_NUMBER = 5.0, 0.55, 0.15, 6.0
"""Log odds of the same sheet, and what is taken from them for each place with other ink, each patch of half an inch that is more
than a stamp, and a number that says something else. Of sheets scanned twice 99 in 100 have under six such places, a coarse fax
included; other fillings have 16 and more, but for those of which little else than the date is filled in (seed 1 of
benchmarks/same_sheet.py)."""

_A_DOT, _MOST_BY_DOTS = 0.005, 1.0
"""Log odds for a dot of ink that either page has otherwise, and for all of them: they only say which of two pages is nearer."""

_SURELY_OTHER = 20
"""Places in the upper third of a page from which the rest need not be looked at."""

_STAMP_PATCHES = 40
"""Patches with ink on one page only that a stamp, a fax's line and remarks have; a form that is filled in has more."""

_READ_SURELY, _READ = 0.9, 0.5
"""Confidence from which a number says what stands there, and from which it may say so."""

_SAME_PLACE = 14.0  # 1/200 inch between the middles of two readings of one number
_UNLIKE, _SURELY_UNLIKE = 0.1, 0.2
"""Of correlation, less than usual on these two pages: from which ink bears out that a number is another, and from which it is
surely so. Of numbers that were only misread 9 in 10 are above the first and 98 in 100 above the second, of those that are another
half are beneath the first (seed 1)."""

_USUAL = 16  # words whose ink says what is usual


def _numbers_apart(one: SheetWords, other: SheetWords, to_one: Affine, laid: Laid) -> float:
    """How surely a number stands in the same place of both pages, and not the same one: by both readings and by the ink; 1 and
    more are sure."""
    here, there = _numbers(one), _numbers(other)
    if not len(here) or not len(there):
        return 0.0
    off = np.abs(_middles(one.boxes[here])[:, None] - _middles(_moved(other.boxes[there], to_one))[None]).max(axis=2)
    pairs = [(int(here[i]), int(there[off[i].argmin()])) for i in np.flatnonzero(off.min(axis=1) < _SAME_PLACE)]
    apart = [(i, j) for i, j in pairs if _joined([one.plain[i]]) != _joined([other.plain[j]])]
    if not apart:
        return 0.0
    usual = _usual_likeness(laid, one.boxes)
    weights = 0.0
    for (i, j), like in zip(apart, likeness(laid, one.boxes[[i for i, _ in apart]].tolist()), strict=True):
        if like is not None and like < usual - _UNLIKE:
            sure = float(min(one.confidences[i], other.confidences[j]))
            unlike = (usual - like - _UNLIKE) / (_SURELY_UNLIKE - _UNLIKE)
            weights += 1.0 if sure >= _READ_SURELY else unlike * (sure - _READ) / (_READ_SURELY - _READ)
    return weights


def _numbers(words: SheetWords) -> npt.NDArray[np.intp]:
    found = [at for at, sure in enumerate(words.confidences) if sure >= _READ and is_number(words.texts[at])]
    return np.array(found, np.intp)


def _usual_likeness(laid: Laid, boxes: Boxes) -> float:
    """How alike ink is where words agree."""
    spread = boxes[:: max(1, len(boxes) // _USUAL)][:_USUAL]
    known = [like for like in likeness(laid, spread.tolist()) if like is not None]
    return float(np.median(known)) if known else 1.0


def _told_ink(laid: Laid, match: WordMatch, told: Sequence[Difference]) -> Iterator[Difference]:
    """Ink that is on one page only and in which no word was read: a stamp, a remark, a signature."""
    from_one = invert(match.to_one)
    for kind, pieces in zip((Kind.ONLY_HERE, Kind.ONLY_THERE), pieces_on_one(laid), strict=True):
        for piece in pieces:
            if any(_overlap(piece, difference.place) for difference in told):
                continue
            there = _around(_moved(np.array([piece], np.float64), from_one))
            here, there = (piece, None) if kind is Kind.ONLY_HERE else (None, there)
            yield Difference(kind, "", "", here, there, has_number=False, confidence=1.0, place=piece)


def invert(to_one: Affine) -> Affine:
    """The map the other way."""
    back = np.linalg.inv(to_one[:, :2])
    return np.column_stack((back, -back @ to_one[:, 2]))


def _overlap(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _logistic(odds: float) -> float:
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))), 4)


# ---- by words alone, where a page has no picture of its ink

_LETTERS = 3
"""Letters, both readings together, under which a difference is a speck."""

_STAMP = 10
"""Words that a stamp and the line of a fax add (*FROM*, who, day, hour, number, page)."""


def probability_by_words(match: WordMatch) -> float:
    """How sure it is that both pages show the same sheet, 0 to 1: two places that surely say something else are enough against
    it. Each part is dampened, so that none drowns the others."""
    sure = [d for d in match.differences if d.confidence >= _SURE and len(d.one + d.other) >= _LETTERS]
    here, there = (sum(d.kind is kind for d in sure) for kind in (Kind.ONLY_HERE, Kind.ONLY_THERE))
    misread = [d.has_number for d in match.differences if d.kind is Kind.MISREAD]
    return _logistic(
        5.0
        - 5.0 * math.log1p(sum(d.kind is Kind.OTHER for d in sure))
        - 3.0 * math.log1p(sum(misread))
        - 0.3 * math.log1p(len(misread) - sum(misread))
        - 8.0 * (1.0 - match.share)
        - 1.5 * math.log1p(min(here, there))  # a stamp is on one page only
        - 1.5 * math.log1p(max(0, max(here, there) - _STAMP))  # a form filled in, and the empty one
    )
