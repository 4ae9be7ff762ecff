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
