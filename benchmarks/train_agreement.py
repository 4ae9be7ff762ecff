"""Fits the weights of ocr/agreement.py, which join the readings of both recognisers, and shows how far they hold.

    python -m benchmarks.train_agreement              fit on drawn and medical pages, check on halves and real forms (an hour)
    python -m benchmarks.train_agreement --check      only check the weights that are in use
    python -m benchmarks.train_agreement --pages 8    on so many pages of each kind: to try it, not for release

Prints the weights to be copied into ocr/agreement.py and the reliability table. The real forms
are for measuring only and never fitted on.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import Pool

import numpy as np
import numpy.typing as npt

from benchmarks import real_paper
from benchmarks.damage import by_name
from benchmarks.figures import calibration
from benchmarks.read_by_eye import PageTruth, plain_tokens, right_words, tokens_of
from benchmarks.real_paper import SURE, Job, picture_of, spread, truth_of
from benchmarks.sheets import LAYOUTS, draw_sheet, scanned_png
from benchmarks.train_confidence import Vector, fit
from ocr import agreement, rapid, second
from ocr.joining import Line, Pair, paired
from ocr.page import Agreement, Second, Word
from ocr.read import PageOrder, read_page
from ocr.signature import Kind

Matrix = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FACES = (("Helvetica", 1), ("Times-Roman", 1), ("Courier", 1), ("Vera", 2))
"""Faces and seeds of the drawn pages."""

FITTED = (
    "100 dpi", "low form", "fax coarse", "fax fine", "150 dpi", "motion", "faded", "speckle", "noise", "office",
)  # fmt: skip
"""Damage under which words are in doubt; on clean pages the second recogniser is hardly asked."""

MEDICAL_WEIGHT = 5.0
"""What a word of a real page counts: there are 3,000 of them, and they are what the drawn ones stand for."""

CAUTION = 2.0
"""Regularisation of each weight; the constant's is next to none."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn page: its layout, face, damage and seed."""

    layout: str
    font: str
    damage: str
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The pairs of a page, a row each: features and rightness of the first one's text and of the second one's, and
    whether both say the same. Rightness is not a number where a recogniser has no text, or nothing to be judged by."""

    first: Matrix
    second: Matrix
    first_right: Vector
    second_right: Vector
    is_same: Flags
    has_first: Flags
    has_second: Flags


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of both regressions, in the order of agreement.NAMES."""

    first: Vector
    second: Vector


@dataclass(frozen=True, slots=True)
class Reliability:
    """Confidence of words as they were joined, and whether each was right."""

    said: Vector
    right: Vector


def main() -> None:
    """Fit, check and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--pages", type=int, help="pages of each kind (all)")
    options = parser.parse_args()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    if not rapid.is_installed():
        sys.exit("The second recogniser is not installed. Run './dev setup'.")
    drawn = gather(spread(drawn_pages(), options.pages))
    medical = gather([Job("medical", name) for name in spread(fitted_medical(), options.pages)])
    forms = gather([Job("real-forms", name) for name in spread(real_paper.real_forms(), options.pages)])
    if not medical:
        print("The medical pages are not here: what is fitted without them is not for release.")
    weights = Weights(np.array(agreement.FIRST_WEIGHTS), np.array(agreement.SECOND_WEIGHTS))
    results = {}
    if not options.check:
        weights = fit_both(drawn, medical)
        if medical and options.pages is None:
            _print_weights(weights)
        else:
            print("Fitted on part of the pages: no weights for release.")
        if medical:
            results["medical pages, each half by the other"] = crossed(drawn, medical)
    elif medical:
        results["medical pages"] = reliability(medical, weights)
    results["drawn pages"] = reliability(drawn, weights)
    if forms:
        results["real forms, never fitted on"] = reliability(forms, weights)
    for name, result in results.items():
        _print_table(name, result)


# ---- pages


def drawn_pages() -> list[Drawn]:
    """Every layout in every face under every damage."""
    return [Drawn(layout, font, damage, seed) for font, seed in FACES for layout in LAYOUTS for damage in FITTED]


def fitted_medical() -> list[str]:
    """The medical pages with print on them: the first recogniser knows no handwriting."""
    return [name for name in real_paper.medical() if truth_of(name).printed.words]


def gather(pages: Sequence[Drawn | Job]) -> list[Pairs]:
    """The pairs of these pages, in their order; pages without any are left out."""
    if not pages:
        return []
    found = []
    with Pool(2) as pool:
        for number, pairs in enumerate(pool.imap(_pairs_of, pages), start=1):
            if pairs is not None:
                found.append(pairs)
            sys.stderr.write(f"\r{number} of {len(pages)} pages")
    sys.stderr.write("\n")
    return found


def _pairs_of(page: Drawn | Job) -> Pairs | None:
    if isinstance(page, Drawn):
        sheet = draw_sheet(page.layout, page.font, page.seed)
        truth = PageTruth(tokens_of([" ".join(word.text for word in sheet.words)]))
        png = scanned_png(sheet, by_name(page.damage), page.seed)
    else:
        truth, picture = truth_of(page.name), picture_of(page)
        assert picture is not None
        png = picture.png
    words, lines = both_readings(png)
    return pairs_from(words, lines, truth) if words else None


def both_readings(png: bytes) -> tuple[tuple[Word, ...], tuple[Line, ...]]:
    """The first one's words with the engine's own numbers, and the second one's lines, as they come to be joined.

    Of a page that was read twice (white on black), the last reading.
    """
    words: tuple[Word, ...] = ()
    lines: tuple[Line, ...] = ()

    def listen(first: Sequence[Word], others: Sequence[Line], *more: object) -> tuple[Word, ...]:
        nonlocal words, lines
        words, lines = tuple(first), tuple(others)
        return words

    original = second.joined
    second.joined = listen  # type: ignore[assignment]
    try:
        read_page(png, Kind.PNG, 1, PageOrder(view=False, pdf=False, second=Second.ALWAYS))
    finally:
        second.joined = original
    return words, lines


def pairs_from(words: Sequence[Word], lines: Sequence[Line], truth: PageTruth) -> Pairs | None:
    """Features and rightness of every pair; None when there is none."""
    pairs = paired(words, lines)
    if not pairs:
        return None
    first, other = agreement.features(words, pairs)
    return Pairs(
        first,
        other,
        _right([pair.first for pair in pairs], truth),
        _right([pair.second for pair in pairs], truth),
        _flags(pairs, lambda pair: pair.agreement is Agreement.SAME),
        _flags(pairs, lambda pair: pair.first is not None),
        _flags(pairs, lambda pair: pair.second is not None),
    )


def _flags(pairs: Sequence[Pair], is_so: Callable[[Pair], bool]) -> Flags:
    return np.array([is_so(pair) for pair in pairs], np.bool_)


def _right(words: Sequence[Word | None], truth: PageTruth) -> Vector:
    """1 or 0, not a number where there is nothing to judge; a lost gap between words is no wrong letter."""
    right = np.full(len(words), np.nan)
    there = [number for number, word in enumerate(words) if word is not None]
    texts = [word.text for word in words if word is not None]
    said = [word.confidence for word in words if word is not None]
    everything = truth.all
    judged = right_words(texts, said, everything.plain, plain_tokens, everything.gapless)
    for number, is_right in zip(there, judged, strict=True):
        if is_right is not None:
            right[number] = is_right
    return right


# ---- fitting


def fit_both(drawn: Sequence[Pairs], medical: Sequence[Pairs]) -> Weights:
    """Both regressions on drawn pages, and on medical ones of which each word counts more."""
    pages = [*drawn, *medical]
    counts = np.concatenate(
        [np.full(len(page.is_same), 1.0) for page in drawn]
        + [np.full(len(page.is_same), MEDICAL_WEIGHT) for page in medical]
    )
    return Weights(
        _fit(np.concatenate([page.first for page in pages]), np.concatenate([page.first_right for page in pages]), counts),
        _fit(np.concatenate([page.second for page in pages]), np.concatenate([page.second_right for page in pages]), counts),
    )  # fmt: skip


def _fit(rows: Matrix, right: Vector, counts: Vector) -> Vector:
    known = ~np.isnan(right)
    caution = np.full(rows.shape[1], CAUTION)
    caution[0] = 0.01
    return fit(rows[known], right[known], caution, counts[known])


def crossed(drawn: Sequence[Pairs], medical: Sequence[Pairs]) -> Reliability:
    """Two folds: each half of the medical pages by weights that were fitted on the other half and the drawn pages."""
    halves = medical[::2], medical[1::2]
    results = [reliability(half, fit_both(drawn, other)) for half, other in (halves, tuple(reversed(halves))) if half]
    return Reliability(
        np.concatenate([result.said for result in results]), np.concatenate([result.right for result in results])
    )


def reliability(pages: Sequence[Pairs], weights: Weights) -> Reliability:
    """What agreement.joined would say with these weights, and whether it is right; what it leaves out is left out."""
    said, right = zip(*(_joined(page, weights) for page in pages), strict=True)
    return Reliability(np.concatenate(said), np.concatenate(right))


def _joined(page: Pairs, weights: Weights) -> tuple[Vector, Vector]:
    mine = np.where(page.has_first, _chances(page.first, weights.first), 0.0)
    others = np.where(page.has_second, _chances(page.second, weights.second), 0.0)
    is_first = page.has_first & ((mine >= others) | page.is_same)
    said = np.where(is_first, mine, others)
    right = np.where(is_first, page.first_right, page.second_right)
    counts = (np.maximum(mine, others) >= agreement.LEAST) & ~np.isnan(right)
    return np.minimum(agreement.MOST, said[counts]), right[counts]


def _chances(rows: Matrix, weights: Vector) -> Vector:
    chances: Vector = 1 / (1 + np.exp(-rows @ weights))
    return chances


# ---- output


def _print_weights(weights: Weights) -> None:
    for name, values in (("FIRST_WEIGHTS", weights.first), ("SECOND_WEIGHTS", weights.second)):
        print(f"{name}: tuple[float, ...] = (")
        print("".join(f"    {value:.3f},\n" for value in values) + ")")


def _print_table(name: str, result: Reliability) -> None:
    error, table = calibration(result.said.tolist(), result.right.astype(bool).tolist(), 20)
    sure = result.said >= SURE
    wrong = 1 - result.right[sure].mean() if sure.any() else 0.0
    print(f"\n{name}: {len(result.said):,} words, {result.right.mean():.4f} right, calibration error {error:.4f}")
    print(f"  at {SURE} and above: {sure.mean():.3f} of them, {wrong:.4f} of these wrong")
    for said, right, count in table:
        print(f"  said {said:.3f}  right {right:.3f}  words {count}")


if __name__ == "__main__":
    main()
