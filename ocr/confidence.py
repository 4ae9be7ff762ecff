"""Word confidence that means what it says: from the engine's number to the chance that the word is right.

Tesseract's 0.92 was right in 98 of 100 words, its 0.72 in 68. The map is a logistic regression, refitted by
benchmarks/train_confidence.py on drawn pages with 24 kinds of damage; docs/reading.md shows how far it holds.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ocr.page import Word

Matrix = npt.NDArray[np.float64]

KNOTS = (0.3, 0.6, 0.8, 0.9, 0.95)
"""Where the curve over the engine's number may bend."""

WEIGHTS: dict[str, float] = {
    "constant": -8.792,
    "engine": 1.586,
    "engine over 0.3": 1.317,
    "engine over 0.6": 3.610,
    "engine over 0.8": 11.729,
    "engine over 0.9": 12.228,
    "engine over 0.95": 3.748,
    "mean of its line": 1.182,
    "mean of its page": 6.646,
    "length": 0.007,
    "no letter or digit": -0.344,
    "letters and digits": -0.207,
    "digits only": 0.446,
    "one character": 0.154,
    "capital after small": 1.573,
}

MOST = 0.998
"""Nobody is surer than the pages that this was measured on allow."""


def calibrated(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words of one page with the chance that each is right as their confidence."""
    if not words:
        return ()
    chances = 1 / (1 + np.exp(-features(words) @ np.array(list(WEIGHTS.values()))))
    return tuple(
        replace(word, confidence=round(min(MOST, float(chance)), 4))
        for word, chance in zip(words, chances, strict=True)
    )


def features(words: Sequence[Word]) -> Matrix:
    """What the chance depends on, one row a word, in the order of WEIGHTS."""
    means, page = means_of(words)
    return np.array([_row(word, means[word.line], page) for word in words])


def means_of(words: Sequence[Word]) -> tuple[dict[int, float], float]:
    """Mean confidence of each line, and of the words of the page that have a letter or digit."""
    real = [word.confidence for word in words if any(c.isalnum() for c in word.text)]
    lines: dict[int, list[float]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.confidence)
    means = {line: sum(values) / len(values) for line, values in lines.items()}
    return means, float(np.mean(real)) if real else 0.0


def _row(word: Word, line: float, page: float) -> tuple[float, ...]:
    said = word.confidence
    return (1.0, said, *(max(0.0, said - knot) for knot in KNOTS), line, page, *shape_of(word.text))


def shape_of(text: str) -> tuple[float, ...]:
    """What the letters of a word say of its chance, in the order of WEIGHTS from "length" on."""
    letters, digits = any(c.isalpha() for c in text), any(c.isdigit() for c in text)
    return (
        min(len(text), 8) / 8,
        float(not letters and not digits),
        float(letters and digits),
        float(digits and not letters),
        float(len(text) == 1),
        float(_CAPITAL_INSIDE.search(text) is not None),
    )


_CAPITAL_INSIDE = re.compile(r"[a-z][A-Z]")
