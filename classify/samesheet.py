"""Do two pages show the same sheet of paper? Their words laid over each other, then their ink, and a probability.

What decides is what was written in. The printed form is the same on every filling of it, so words that agree say little; words
that stand in the same place and say something else speak against it, unless the ink shows that one was only misread.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from ocr.inkmatch import InkMatch
from ocr.page import Box
from ocr.sheetprint import UNITS, Boxes, SheetWords

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
_VERY_SURE = 0.92  # from which it does so whatever the ink looks like


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


def compare_sheets(
    one: SheetWords, other: SheetWords, compare_ink: Callable[[WordMatch], InkMatch | None] = lambda match: None
) -> Comparison:
    """Compare two pages by their words, and where these leave it open by their ink; None where a page has no picture."""
    match = match_words(one, other)
    if match is None:
        return Comparison(0.0)
    ink = compare_ink(match) if _is_worth_looking(match) else None
    return Comparison(probability(match, ink), _told(match, ink))


def match_words(one: SheetWords, other: SheetWords) -> WordMatch | None:
    """Lay the words of two pages over each other; None when too few agree for them to be the same sheet."""
    to_one = _lay_over(one, other)
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


def _lay_over(one: SheetWords, other: SheetWords) -> Affine | None:
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
        full = np.column_stack((source[near], np.ones(int(near.sum()))))
        fitted = np.linalg.lstsq(full, target[near], rcond=None)[0].T
    return fitted if abs(np.linalg.det(fitted[:, :2])) > 0.1 else None


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
    low, high = np.percentile(points, (20, 80), axis=0)
    spread: Boxes = high - low
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


# ---- how sure it is


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks against the same sheet, in numbers that the weights are multiplied with; each is dampened, so that none drowns
    the others. Where both pages have a picture, what only one of them says counts where the other has no such ink."""

    others: float  # places that say something else, surely read; where both have a picture very surely
    numbers: float  # places where a number differs a little
    misread: float  # other places that differ a little
    share: float  # of the words that do not agree
    both_ways: float  # words only here, or only there, whichever are fewer: a stamp is on one page only
    added: float  # those that are more, without as many as a stamp and the line of a fax have: a form filled in, and the empty one
    ink_other: float  # how far off the ink is, over the places where the words differ and both pages have ink
    ink_cells: float  # cells without print where both pages have ink, and not the same


_STAMP = 10
"""Words that a stamp and the line of a fax add (*FROM*, who, day, hour, number, page)."""


def evidence_of(match: WordMatch, ink: InkMatch | None) -> Evidence:
    """The evidence of words, and of ink where both pages have a picture."""
    only = [d for d in _only_on_one(match, ink) if d.confidence >= _SURE and len(d.one + d.other) >= _LETTERS]
    here, there = (sum(d.kind is kind for d in only) for kind in (Kind.ONLY_HERE, Kind.ONLY_THERE))
    sure = [d for d in match.differences if d.confidence >= _SURE and len(d.one + d.other) >= _LETTERS]
    far = [off for off, on_both in zip(ink.off, ink.on_both, strict=True) if off and on_both] if ink else []
    return Evidence(
        math.log1p(sum(d.kind is Kind.OTHER for d in sure if not ink or d.confidence >= _VERY_SURE)),
        math.log1p(sum(d.kind is Kind.MISREAD and d.has_number for d in match.differences)),
        math.log1p(sum(d.kind is Kind.MISREAD and not d.has_number for d in match.differences)),
        1.0 - match.share,
        math.log1p(min(here, there)),
        math.log1p(max(0, max(here, there) - _STAMP)),
        math.log1p(sum(min(_FARTHEST, max(0.0, off - _FAR)) for off in far)),
        math.log1p(ink.cells if ink else 0),
    )


def _only_on_one(match: WordMatch, ink: InkMatch | None) -> list[Difference]:
    """What only one page says; where both have a picture, without what the other shows too and only was not read there."""
    if ink is None:
        return list(match.differences)
    found = zip(match.differences, ink.off, ink.on_both, strict=True)
    return [d for d, off, on_both in found if not on_both and off is not None and off >= OTHER_INK]


SAME_INK, OTHER_INK = 1.5, 4.0
"""How far off ink is (`InkMatch.off`) up to which it is surely the same, and from which it is surely other: of places that were
only misread one in two hundred is as far off, of those that say something else three in four (seed 1 of the benchmark)."""

_FAR, _FARTHEST = 5.0, 4.0
"""From where ink speaks against the same sheet, and how much one place may say."""

_LETTERS = 3
"""Letters, both readings together, under which a difference is a speck."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """Log odds of the same sheet: the base, and for each part of `Evidence` what it takes away."""

    base: float
    parts: tuple[float, ...]


_BY_WORDS = _Weights(5.0, (-5.0, -3.0, -0.3, -8.0, -1.5, -1.5, 0.0, 0.0))
"""Of pages of which one has no picture, by hand: two places that surely say something else are enough against it."""

_BY_INK = _Weights(4.6, (-4.5, 0.0, 0.0, 0.0, -2.0, -1.0, -3.0, -2.5))
"""By hand from seed 1 of benchmarks/same_sheet.py, where 98 in 100 sheets scanned twice pass and no filling of another person.
Where the ink tells, words add nothing but when they are very sure: a bad fax has as many misread as another filling has others."""

_MOST_OTHERS, _LEAST_SHARE = 30, 0.55
"""Places that surely say something else from which, and share of words under which, the pictures are not opened: nine in ten
sheets scanned twice have a third of the places and 0.72 (seed 1)."""


def _is_worth_looking(match: WordMatch) -> bool:
    others = sum(d.kind is Kind.OTHER and d.confidence >= _SURE for d in match.differences)
    return others < _MOST_OTHERS and match.share >= _LEAST_SHARE


def probability(match: WordMatch, ink: InkMatch | None) -> float:
    """How sure it is that both pages show the same sheet, 0 to 1."""
    weights = _BY_WORDS if ink is None else _BY_INK
    parts = zip(weights.parts, astuple(evidence_of(match, ink)), strict=True)
    odds = weights.base + sum(weight * value for weight, value in parts)
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))), 4)


def _told(match: WordMatch, ink: InkMatch | None) -> tuple[Difference, ...]:
    """What a person is shown: all that differs, without what the ink says is the same print."""
    if ink is None:
        return match.differences
    found = zip(match.differences, ink.off, strict=True)
    return tuple(d for d, far in found if far is None or far > SAME_INK)


def places_of(match: WordMatch) -> list[Box]:
    """The places that differ, in 1/200 inch of the one page: what `compare_ink` is asked about."""
    return [difference.place for difference in match.differences]
