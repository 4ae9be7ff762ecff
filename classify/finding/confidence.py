"""How sure a value is: the chance that it is what the paper says, from how it was found and how well it was read.

A logistic fitted on drawn charts of many hospitals (`./dev bench train_understanding`), checked on hospitals whose ways of
setting a form and label words were kept out. WEIGHTS is made by that script; do not edit it by hand.
"""

import math
from collections.abc import Iterable, Sequence

from classify.finding.labels import FoundLabel
from classify.finding.places import Found, Side
from ocr.page import HANDWRITTEN_MOST, Agreement, Word

KINDS: dict[str, str] = {
    "name": "name", "family_name": "name", "given_name": "name", "attending": "name", "guarantor": "name",
    "mrn": "number", "encounter": "number", "account": "number", "member_id": "number", "group": "number", "npi": "checked",
    "rx_bin": "number", "rx_pcn": "number", "phone": "number", "phone/other": "number", "ssn4": "number",
    "dob": "date", "service_date": "date", "admit_date": "date", "discharge_date": "date", "dictated_date": "date",
    "signed_date": "date", "printed_date": "date", "sex": "word",
}  # fmt: skip
"""Fields that are alike in how they go wrong; all others are free text."""

FEATURES = (
    "read", "worst_word", "misread_label", "no_colon", "habit", "gap", "left_out", "not_valid", "one_word_label",
    "is_name", "is_number", "is_date", "is_text", "long_number", "relative", "coarse",
)  # fmt: skip

# fmt: off
WEIGHTS: dict[str, float] = {"bias": 4.94, "read": 1.309, "worst_word": 1.054, "misread_label": -1.0, "no_colon": 0.041, "habit": 2.771, "gap": 1.064, "left_out": -1.28, "not_valid": -2.5, "one_word_label": 0.403, "is_name": -0.095, "is_number": 0.585, "is_date": 0.26, "is_text": -2.912, "long_number": -1.146, "relative": -6.281, "coarse": 0.101}
AGREEMENT: dict[str, float] = {"bias": 0.162, "own": 1.376, "agrees": 0.0, "differs": -2.312}
# fmt: on


def is_handwritten(words: Iterable[Word]) -> bool:
    """Whether any word that a value was read from is written by hand."""
    return any(word.is_handwritten for word in words)


def as_read(confidence: float, *, by_hand: bool) -> float:
    """The confidence of a value as it is kept; one that is written by hand is a proposal."""
    return round(min(confidence, HANDWRITTEN_MOST) if by_hand else confidence, 4)


def features_of(found: Found, *, dpi: int, is_near_relative: bool) -> tuple[float, ...]:
    """What tells how far a value can be trusted, in the order of FEATURES."""
    kind = KINDS.get(found.field, "text")
    return (
        _chance_all_read(found.words),
        math.log(max(min(word.confidence for word in found.words), 0.02)),
        (1 - found.anchor.closeness) * 5,
        float(not found.anchor.is_marked),
        math.log(max(found.habit, 0.02)),
        min(found.gap, 30.0) / 10 if found.side is Side.RIGHT else 0.0,
        float(min(found.left_out, 4)),
        float(not found.is_valid),
        float(_is_one_word(found.anchor)),
        float(kind == "name"),
        float(kind == "number"),
        float(kind == "date"),
        float(kind == "text"),
        max(0, len(found.value) - 6) / 4 if kind == "number" else 0.0,
        float(is_near_relative),
        0.0 if _is_agreed(found.words) else max(0, 200 - dpi) / 100,
    )


def _is_agreed(words: Sequence[Word]) -> bool:
    """Whether both recognisers read every word of a value alike."""
    return all(word.agreement is Agreement.SAME for word in words)


_COARSE_MOST = 0.88
"""Under 200 dpi no value that only one recogniser read is surer: it misreads digits there with confidence (.0 for 9 behind
leader dots). Of values that were taken for .95 and surer, 4 in 100 were wrong at 150 dpi on held-out forms, 3 in 1,000
elsewhere; other places on the same page are misread alike, and bring it to .95 at most. Where both recognisers read every
word alike, none of 467 such values was wrong on synthetic charts of 100 and 150 dpi, half of them of held-out hospitals."""


def confidence_of(features: Sequence[float]) -> float:
    """The chance that a value with these features is right, 0 to 1."""
    total = WEIGHTS["bias"] + sum(WEIGHTS[name] * value for name, value in zip(FEATURES, features, strict=True))
    is_coarse = features[FEATURES.index("coarse")] > 0
    return min(_logistic(total), _COARSE_MOST) if is_coarse else _logistic(total)


def with_others(own: float, agrees: int, differs: float) -> float:
    """The confidence of a value when other places say the same (how many) or something else (how sure at most)."""
    total = (
        AGREEMENT["bias"]
        + AGREEMENT["own"] * _logit(own)
        + AGREEMENT["agrees"] * math.log1p(agrees)
        + AGREEMENT["differs"] * differs
    )
    return _logistic(total)


def _chance_all_read(words: Sequence[Word]) -> float:
    """log of the chance that every word was read right, each word's confidence being that chance."""
    return sum(math.log(min(max(word.confidence, 0.05), 0.999)) for word in words)


def _is_one_word(anchor: FoundLabel) -> bool:
    return anchor.words == 1


def _logit(chance: float) -> float:
    chance = min(max(chance, 0.001), 0.999)
    return math.log(chance / (1 - chance))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
