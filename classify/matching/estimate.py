"""Weights from data: Fellegi and Sunter's model, counted on confirmed pairs, or fitted without any by
expectation-maximisation.

Without labels a list full of relatives misleads the fit (it takes households for one person: a surname that differs
gets -1.3 bits where confirmed pairs give -6), so the shipped table is counted on confirmed pairs. u, how often a level is seen in two different persons, is counted in pairs drawn at random. m, how often in the same
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
        for pattern, times in counted.items():
            odds: float = same / (1 - same)
            for identifier, level in pattern:
                odds *= m[identifier][level] / _u(u, identifier, level)
            chance = odds / (1 + odds)
            mass += chance * times
            for identifier, level in pattern:
                expected[identifier][level] += chance * times
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


def count(confirmed: Iterable[Pattern], at_random: Iterable[Pattern]) -> dict[str, dict[str, float]]:
    """Bits for each level from pairs that are known to be the same person; shipped bits for levels never seen in either."""
    same, other = _counts(Counter(confirmed)), _counts(Counter(at_random))
    return {
        identifier: {
            level: _bits(same[identifier], other[identifier], level, bits, len(levels))
            for level, bits in levels.items()
        }
        for identifier, levels in WEIGHTS.items()
    }


def _counts(counted: Counter[Pattern]) -> defaultdict[str, Counter[str]]:
    levels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pattern, times in counted.items():
        for identifier, level in pattern:
            levels[identifier][level] += times
    return levels


def _bits(same: Counter[str], other: Counter[str], level: str, shipped: float, levels: int) -> float:
    if same[level] + other[level] < _ENOUGH:
        return shipped
    m = (same[level] + 0.5) / (same.total() + 0.5 * levels)
    u = (other[level] + 0.5) / (other.total() + 0.5 * levels)
    return min(_MOST_BITS, max(-_MOST_BITS, math.log2(m / u)))


_ENOUGH, _MOST_BITS = 8, 20.0


def _shares(counted: Counter[Pattern]) -> dict[str, dict[str, float]]:
    levels = _counts(counted)
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
