"""Which of two readings of a word counts, and the chance that it is right: the best there is to go by is whether they agree.

Two logistic regressions over the same features, one for each recogniser's text, fitted by benchmarks/train_agreement.py
on synthetic pages and real medical pages; where they differ, that one is a word and the other none counts too; docs/reading.md shows how far they hold on others.
"""

from collections.abc import Sequence, Set
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from ocr.confidence import MOST, means_of, shape_of
from ocr.joining import Line, Pair, cut_at_gaps, paired
from ocr.lexicon import Known, known
from ocr.page import Agreement, Box, Reader, Word, box_of

Matrix = npt.NDArray[np.float64]

FIRST_KNOTS = (0.3, 0.6, 0.8, 0.9, 0.95)
SECOND_KNOTS = (0.8, 0.9, 0.97)
"""Where the curves over the recognisers' numbers may bend."""

COMMON = (
    "constant", "first silent", "second silent", "other", "same",
    "first", *(f"first over {knot}" for knot in FIRST_KNOTS), "second", *(f"second over {knot}" for knot in SECOND_KNOTS),
    "mean of its line", "mean of its page", "first where same", "second where same", "first where other",
    "second where other", "distance", "letter height",
)  # fmt: skip
SHAPE = ("length", "no letter or digit", "letters and digits", "digits only", "one character", "capital after small", "gap")  # fmt: skip
LISTED = ("a word", "no word", "other is a word", "other is no word")
NAMES = (*COMMON, *SHAPE, *LISTED)

FIRST_WEIGHTS: tuple[float, ...] = (
    -5.127,
    0.000,
    -1.202,
    0.656,
    0.520,
    1.555,
    0.822,
    1.196,
    2.770,
    2.151,
    0.633,
    1.327,
    -0.953,
    -0.347,
    0.042,
    0.650,
    3.380,
    0.399,
    2.051,
    0.080,
    -0.724,
    -2.960,
    -0.664,
    1.398,
    0.000,
    -1.655,
    1.258,
    0.449,
    0.125,
    0.000,
    0.757,
    -2.531,
    -0.421,
    0.120,
)
SECOND_WEIGHTS: tuple[float, ...] = (
    -7.471,
    0.173,
    0.000,
    -0.551,
    0.341,
    0.305,
    0.091,
    0.903,
    1.455,
    0.979,
    0.321,
    4.461,
    1.719,
    1.758,
    0.892,
    1.247,
    3.166,
    0.817,
    1.239,
    -0.512,
    0.934,
    -1.895,
    0.499,
    2.695,
    0.000,
    -1.163,
    1.092,
    -0.640,
    1.375,
    -1.474,
    0.525,
    -3.837,
    -0.847,
    -0.915,
)
"""In the order of NAMES."""

LEAST = 0.3
"""Chance under which what is read is more likely dirt than a word, and is left out."""


def joined(
    first: Sequence[Word],
    lines: Sequence[Line],
    page: Sequence[Word] = (),
    kept: Sequence[Word] = (),
    by_hand: Set[Box] = frozenset(),
) -> tuple[Word, ...]:
    """The likelier text at each place with its chance; `first` with the engine's own confidences, not calibrated.

    Where only some words of a page were asked about, `page` are all of them with the engine's confidences, and `kept` those
    that stay as they are. Of words in the boxes `by_hand` the second's text and gaps count, for the first knows print only.
    """
    first = [word for word in first if word.box not in by_hand or not _is_better_read(word, lines)]
    pairs = paired(first, lines)
    own = list(kept)
    alone: dict[int, list[Word]] = {}
    for pair, mine, theirs in zip(pairs, *chances(page or first, pairs), strict=True):
        if max(mine, theirs) < LEAST:
            continue
        is_first = pair.first is not None and (mine >= theirs or pair.agreement is Agreement.SAME)
        word = pair.first if is_first else pair.second
        assert word is not None
        beside = pair.first or pair.beside
        said = replace(
            word,
            box=pair.first.box if pair.first else word.box,
            line=beside.line if beside else word.line,
            turn=beside.turn if beside else 0,
            confidence=round(min(_most(pair), mine if is_first else theirs), 4),
            reader=Reader.FIRST if is_first else Reader.SECOND,
            agreement=pair.agreement,
        )
        if beside:
            own += cut_at_gaps(said, pair)
        else:
            alone.setdefault(word.line, []).append(said)
    apart = [[word for word in line if not _is_read_already(word, own)] for line in alone.values()]
    return _in_order(own, [line for line in apart if _says_anything(line)])


_NOT_SURE = 0.94
"""A word that the recognisers do not read alike stays under what counts as sure (0.95), whatever their numbers say."""


def _most(pair: Pair) -> float:
    return MOST if pair.agreement is Agreement.SAME else _NOT_SURE


def _is_better_read(word: Word, lines: Sequence[Line]) -> bool:
    """Whether the second read something else at a word's place, or cut it otherwise."""
    there = [other for line in lines for other in line.words if other.box.share_of(word.box) > _SAME_PLACE]
    return bool(there) and all(other.text != word.text for other in there)


def _says_anything(line: Sequence[Word]) -> bool:
    """Whether a line that only the second saw is more than one character: a scrawl is read as a w, a speck as a full stop."""
    return sum(c.isalnum() for word in line for c in word.text) > 1


def _is_read_already(word: Word, own: Sequence[Word]) -> bool:
    """Whether half of a word that only the second saw lies in one that the first read: its line was found elsewhere."""
    return any(word.box.share_of(other.box) > _SAME_PLACE and _at_one_height(word.box, other.box) for other in own)


_SAME_PLACE = 0.5


def _at_one_height(one: Box, other: Box) -> bool:
    """Whether two boxes can be of one line; boxes are higher than letters, and those of close lines overlap."""
    apart = abs(one.top + one.bottom - other.top - other.bottom) / 2
    return apart < _ONE_HEIGHT * min(one.height, other.height)


_ONE_HEIGHT = 0.35
"""Height of a word, so many times, up to which the middles of two readings of it lie apart; lines lie 1 and more apart."""


def chances(first: Sequence[Word], pairs: Sequence[Pair]) -> tuple[list[float], list[float]]:
    """For each pair the chance that the first one's text is right, and that the second one's is; 0 where it has none."""
    if not pairs:
        return [], []
    one, other = features(first, pairs)
    mine = 1 / (1 + np.exp(-one @ np.array(FIRST_WEIGHTS)))
    theirs = 1 / (1 + np.exp(-other @ np.array(SECOND_WEIGHTS)))
    return (
        [float(chance) if pair.first else 0.0 for pair, chance in zip(pairs, mine, strict=True)],
        [float(chance) if pair.second else 0.0 for pair, chance in zip(pairs, theirs, strict=True)],
    )


def features(first: Sequence[Word], pairs: Sequence[Pair]) -> tuple[Matrix, Matrix]:
    """What the chances depend on, a row a pair, in the order of NAMES; for the first one's text and the second one's."""
    means, page = means_of(first)
    if not any(c.isalnum() for word in first for c in word.text):  # as good as the second read it
        page = means_of([pair.second for pair in pairs if pair.second])[1]
    heights = [word.box.height for word in first] or [pair.second.box.height for pair in pairs if pair.second]
    height = float(np.median(heights)) if heights else 0.0
    common = [_common(pair, means.get(pair.first.line, 0.0) if pair.first else 0.0, page, height) for pair in pairs]
    texts = [(pair.first.text if pair.first else "", pair.second.text if pair.second else "") for pair in pairs]
    return (
        np.array([c + _shape(one) + _listed(one, other) for c, (one, other) in zip(common, texts, strict=True)]),
        np.array([c + _shape(other) + _listed(other, one) for c, (one, other) in zip(common, texts, strict=True)]),
    )


def _common(pair: Pair, line: float, page: float, height: float) -> tuple[float, ...]:
    mine = pair.first.confidence if pair.first else 0.0
    theirs = pair.second.confidence if pair.second else 0.0
    same, other = float(pair.agreement is Agreement.SAME), float(pair.agreement is Agreement.OTHER)
    distance = 0.0
    if pair.first and pair.second:
        distance = Levenshtein.normalized_distance(pair.first.text, pair.second.text.replace(" ", ""))
    return (
        1.0, float(pair.first is None), float(pair.second is None), other, same,
        mine, *(max(0.0, mine - knot) for knot in FIRST_KNOTS), theirs, *(max(0.0, theirs - knot) for knot in SECOND_KNOTS),
        line, page, mine * same, theirs * same, mine * other, theirs * other, distance, min(height, 30.0) / 30,
    )  # fmt: skip


def _shape(text: str) -> tuple[float, ...]:
    return (*shape_of(text), float(" " in text))


def _listed(text: str, other: str) -> tuple[float, ...]:
    """Whether a text may be a word or number (ocr/lexicon.py), and whether the other recogniser's may."""
    mine, theirs = known(text), known(other)
    return tuple(float(flag) for flag in (mine is Known.YES, mine is Known.NO, theirs is Known.YES, theirs is Known.NO))


def _in_order(own: Sequence[Word], alone: Sequence[Sequence[Word]]) -> tuple[Word, ...]:
    """Lines as the first recogniser ordered them; one that only the second saw comes after the line that it lies under."""
    by_number: dict[int, list[Word]] = {}
    for word in own:
        by_number.setdefault(word.line, []).append(word)
    lines = [by_number[number] for number in sorted(by_number)]
    for line in sorted(alone, key=lambda words: words[0].box.top):
        lines.insert(_place_of(box_of(line), lines), list(line))
    return tuple(
        replace(word, line=number)
        for number, line in enumerate(lines)
        for word in (line if any(word.turn for word in line) else sorted(line, key=lambda word: word.box.left))
    )


def _place_of(box: Box, lines: Sequence[Sequence[Word]]) -> int:
    """Beside a line of the same row; else behind the lowest line above that shares a column; at the front when there is none."""
    places = [box_of(line) for line in lines]
    beside = [number for number, place in enumerate(places) if _share_a_row(place, box)]
    if before := [number for number in beside if places[number].left <= box.left]:
        return max(before, key=lambda number: places[number].left) + 1
    if beside:
        return min(beside, key=lambda number: places[number].left)
    best, lowest = 0, -1
    for number, place in enumerate(places):
        is_over = (place.top + place.bottom) / 2 <= (box.top + box.bottom) / 2
        if is_over and min(place.right, box.right) > max(place.left, box.left) and place.top > lowest:
            best, lowest = number + 1, place.top
    return best


def _share_a_row(one: Box, other: Box) -> bool:
    return min(one.bottom, other.bottom) - max(one.top, other.top) >= 0.5 * min(one.height, other.height)
