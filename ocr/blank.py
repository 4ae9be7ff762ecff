"""Blank sides: measured on background-normalised ink, because grey level spread does not separate."""

import numpy as np

from ocr.clean.measure import CLEARLY_DARKER, MARGIN, ink_share
from ocr.clean.sketch import Sketch
from ocr.imaging import cv2

BLANK_INK_SHARE = 0.0004
"""Between 0.00006, the inkiest blank side measured, and 0.0026, the sparsest page with words (docs/evidence.md)."""

_LETTER = (6, 60)  # pixels of the sketch: small letters of 5 points, capitals of 29
_LETTERS_IN_A_LINE = 3
_STROKE = (45, 14, 100)  # least width, height and ink of a written word, in pixels of the sketch


def has_line(sketch: Sketch) -> bool:
    """Whether one short line stands on the page: three letters side by side, or a word written in one stroke.

    "NKDA" in 12 points is a ten-thousandth of a page, less ink than a dirty blank side has. A lone figure between dashes
    is a page number.
    """
    height, width = sketch.ink.shape
    darker = cv2.subtract(sketch.paper, sketch.small)
    left, top = width * MARGIN, height * MARGIN
    found = []
    for number, (x, y, wide, high, area) in enumerate(sketch.parts.tolist(), start=1):
        if x < left or y < top or x + wide > width - left or y + high > height - top or high < _LETTER[0]:
            continue
        place = np.s_[y : y + high, x : x + wide]
        if float(darker[place][sketch.labels[place] == number].mean()) < CLEARLY_DARKER:
            continue
        if wide >= _STROKE[0] and high >= _STROKE[1] and area >= _STROKE[2] and 0.04 < area / (wide * high) < 0.5:
            return True
        if high <= _LETTER[1] and 3 <= wide <= 2 * high and area >= 12:
            found.append((x, y, wide, high))
        elif high <= _LETTER[1] and wide <= 12 * high and 0.2 < area / (wide * high) < 0.75:  # letters that touch
            found += [(x + high * i, y, high, high) for i in range(round(wide / high))]
    return any(_neighbours(one, found) >= _LETTERS_IN_A_LINE - 1 for one in found)


def _neighbours(one: tuple[int, int, int, int], parts: list[tuple[int, int, int, int]]) -> int:
    """Letters within two letters' distance on the line of this one, of about its height."""
    x, y, wide, high = one
    return sum(
        abs((y + high / 2) - (b + d / 2)) < 0.6 * high
        and 0.45 < d / high < 2.2
        and max(a - (x + wide), x - (a + c)) < 2.5 * high
        for a, b, c, d in parts
        if (a, b, c, d) != one
    )


def is_blank(sketch: Sketch, noise: float) -> bool | None:
    """True when nothing is written, False when something is, None when it may be faint: then reading decides.

    `noise` is the standard deviation of the paper's grey; marks count as faint from four of them.
    """
    if ink_share(sketch) >= BLANK_INK_SHARE or has_line(sketch):
        return False
    return True if ink_share(sketch, max(9.0, 4 * noise)) < BLANK_INK_SHARE else None
