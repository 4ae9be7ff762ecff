"""Bounds on a share of errors that was counted."""

import math


def upper_bound(wrong: int, count: int) -> float:
    """Upper 95 % bound of a share (Wilson's score interval, one-sided, z = 1.645); 1.0 when nothing was counted."""
    if count == 0:
        return 1.0
    z, share = 1.645, wrong / count
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return min(1.0, (middle + spread) / (1 + z * z / count))


def exact_upper_bound(wrong: int, count: int, confidence: float = 0.95) -> float:
    """Exact one-sided upper bound of a share (Clopper and Pearson 1934): no error in 2,995 documents shows 0.1 % at 95 %.

    Wilson's bound is a little too kind where nothing, or almost nothing, was wrong.
    """
    if wrong >= count:
        return 1.0
    low, high = wrong / count, 1.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        if _at_most(wrong, count, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(wrong: int, count: int, share: float) -> float:
    """The chance of at most so many errors among so many documents when this share of all is wrong."""
    term = count * math.log1p(-share)
    total = math.exp(term)
    for k in range(1, wrong + 1):
        term += math.log((count - k + 1) / k) + math.log(share) - math.log1p(-share)
        total += math.exp(term)
    return total
