"""Weights from data without labels: Fellegi and Sunter's model, fitted by expectation-maximisation.

u, how often a level is seen in two different persons, is counted in pairs drawn at random. m, how often in the same
person, and the share of pairs that are the same, are fitted on candidate pairs; identifiers are taken for independent.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from classify.matching.weights import WEIGHTS

Pattern = tuple[tuple[str, str], ...]
"""The identifiers of a pair that could be compared, each with its level."""

Table = Mapping[str, Mapping[str, float]]

_ROUNDS = 40
_LEAST = 1e-6


def estimate(candidates: Iterable[Pattern], at_random: Iterable[Pattern]) -> dict[str, dict[str, float]]:
    """Bits for each level that was seen, beside those of the shipped table for levels that were not."""
    counted = Counter(candidates)
    u = _shares(Counter(at_random))
    m = {identifier: _softened(levels, u.get(identifier, {})) for identifier, levels in WEIGHTS.items()}
    same: float = 0.2
    for _ in range(_ROUNDS):
        expected: dict[str, defaultdict[str, float]] = {identifier: defaultdict(float) for identifier in WEIGHTS}
        mass = 0.0
        for pattern, count in counted.items():
            odds: float = same / (1 - same)
            for identifier, level in pattern:
                odds *= m[identifier][level] / _u(u, identifier, level)
            chance = odds / (1 + odds)
            mass += chance * count
            for identifier, level in pattern:
                expected[identifier][level] += chance * count
        same = min(max(mass / max(1, counted.total()), 1e-6), 0.999)
        for identifier, levels in expected.items():
            whole = sum(levels.values())
            if whole > 0:
                m[identifier] |= {
                    level: max(_LEAST, (levels[level] + 0.01) / (whole + 0.01 * len(m[identifier])))
                    for level in m[identifier]
                }
    seen = {pair for pattern in counted for pair in pattern}
    return {
        identifier: {
            level: math.log2(m[identifier][level] / _u(u, identifier, level)) if (identifier, level) in seen else bits
            for level, bits in levels.items()
        }
        for identifier, levels in WEIGHTS.items()
    }


def _shares(counted: Counter[Pattern]) -> dict[str, dict[str, float]]:
    levels: dict[str, Counter[str]] = {}
    for pattern, count in counted.items():
        for identifier, level in pattern:
            levels.setdefault(identifier, Counter())[level] += count
    return {
        identifier: {
            level: (counts[level] + 0.5) / (counts.total() + 0.5 * len(WEIGHTS[identifier]))
            for level in WEIGHTS[identifier]
        }
        for identifier, counts in levels.items()
    }


def _u(u: dict[str, dict[str, float]], identifier: str, level: str) -> float:
    shipped: float = 0.5 / 2.0 ** max(0.0, WEIGHTS[identifier][level])
    return max(_LEAST, u.get(identifier, {}).get(level, shipped))


def _softened(levels: Mapping[str, float], u: Mapping[str, float]) -> dict[str, float]:
    """Where the fit begins: what the shipped weights make of u, the levels together 1."""
    begun = {level: max(_LEAST, u.get(level, 0.01) * 2.0**bits) for level, bits in levels.items()}
    whole = sum(begun.values())
    return {level: value / whole for level, value in begun.items()}
