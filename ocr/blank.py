"""Blank sides: measured on background-normalised ink, because grey level spread does not separate."""

from ocr.clean.sketch import Sketch
from ocr.imaging import cv2

BLANK_INK_SHARE = 0.0004
"""Between 0.00006, the inkiest blank side measured, and 0.0026, the sparsest page with words (FINDINGS §1)."""

_MARGIN = 0.04  # scanner edges and punch holes are not writing


CLEARLY_DARKER = 45
"""Grey levels below the paper that any printer reaches; faint toner may not."""


def ink_share(sketch: Sketch, darker_by: float = CLEARLY_DARKER) -> float:
    """Share of the page (without its margins) that is darker than the paper around it by so many grey levels."""
    darker = cv2.subtract(sketch.paper, cv2.medianBlur(sketch.small, 3))
    top, left = int(darker.shape[0] * _MARGIN), int(darker.shape[1] * _MARGIN)
    inner = darker[top : darker.shape[0] - top, left : darker.shape[1] - left]
    return float((inner > darker_by).mean()) if inner.size else 0.0


def is_blank(sketch: Sketch, noise: float) -> bool | None:
    """True when nothing is written, False when something is, None when it may be faint: then reading decides.

    `noise` is the standard deviation of the paper's grey; marks count as faint from four of them.
    """
    if ink_share(sketch) >= BLANK_INK_SHARE:
        return False
    return True if ink_share(sketch, max(9.0, 4 * noise)) < BLANK_INK_SHARE else None
