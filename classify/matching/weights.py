"""What each level of agreement weighs, in bits: log2 of how much likelier it is for the same person than for another."""

import math
from collections.abc import Mapping

WEIGHTS: dict[str, dict[str, float]] = {
    "given": {"exact": 7.0, "nickname": 4.0, "alias": 5.0, "confusable": 5.5, "close": 5.0, "initial": 2.0, "middle": 2.0, "phonetic": 2.0, "similar": 0.0, "swapped": 3.0, "else": -5.5},
    "family": {"exact": 9.0, "alias": 7.5, "confusable": 7.5, "close": 6.5, "part": 4.0, "phonetic": 3.0, "similar": 1.0, "swapped": 4.0, "else": -6.0},
    "dob": {"exact": 13.0, "swapped": 7.0, "one digit": 4.0, "year": 0.0, "else": -7.0},
    "sex": {"same": 1.0, "else": -5.0},
    "mrn": {"exact": 15.0, "former": 15.0, "confusable": 12.5, "one digit": 4.0, "else": -7.0},
    "encounter": {"exact": 14.5, "confusable": 10.0, "else": -1.0},
    "member_id": {"exact": 13.0, "confusable": 9.0, "one digit": 8.0, "else": -1.0},
    "ssn4": {"exact": 12.0, "one digit": 2.0, "else": -5.0},
    "phone": {"exact": 10.0, "else": -0.5},
    "address": {"same house": 11.0, "street": 3.0, "close": 6.0, "else": -2.0},
    "postcode": {"exact": 7.0, "one digit": 3.0, "else": -1.5},
    "city": {"exact": 4.0, "close": 4.0, "else": -1.0},
    "middle": {"exact": 5.0, "initial": 3.0, "else": -3.0},
    "suffix": {"same": 4.0, "one missing": -1.0, "else": -8.0},
    "alive": {"after death": -12.0},
    "born": {"before birth": -12.0},
}  # fmt: skip
"""What speaks for a person is counted on confirmed pairs of a drawn list (benchmarks/train_matching.py). What speaks
against is held lower than counted: a real list has wrong entries, and a drawn one has none."""

_RAREST, _COMMONEST = 14.0, 4.0
"""Bits that a name gives at most and at least when it is the same: one that nobody else has may still be a misreading."""


_SWAP = 4.0
"""Bits that it costs when the two names stand the other way round."""


def weight_of(
    identifier: str, level: str, share: float | None = None, table: Mapping[str, Mapping[str, float]] = WEIGHTS
) -> float:
    """Bits that a level gives; for names that are the same, by how common the name is (`share` of the list)."""
    if share is not None and level in ("exact", "swapped"):
        bits = min(_RAREST, max(_COMMONEST, -math.log2(max(share, 2.0**-_RAREST))))
        return bits - _SWAP if level == "swapped" and identifier == "given" else bits
    return table[identifier][level]
