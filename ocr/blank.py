"""Blank sides: measured on background-normalised ink, because grey level spread does not separate."""

import numpy as np

from ocr.imaging import Image, cv2

BLANK_INK_SHARE = 0.0004
"""Between 0.00006, the inkiest blank side measured, and 0.0026, the sparsest page with words (FINDINGS §1)."""

_MARGIN = 0.04  # scanner edges and punch holes are not writing


CLEARLY_DARKER = 45
"""Grey levels below the paper that any printer reaches; faint toner may not."""


def ink_share(grey: Image, darker_by: float = CLEARLY_DARKER) -> float:
    """Share of the page (without its margins) that is darker than the paper around it by so many grey levels."""
    height, width = grey.shape
    factor = min(1.0, 850 / max(1, min(height, width)))  # about 100 dpi of a letter page
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((13, 13), np.uint8)), 5)
    darker = cv2.subtract(paper, cv2.medianBlur(small, 3))
    top, left = int(small.shape[0] * _MARGIN), int(small.shape[1] * _MARGIN)
    inner = darker[top : small.shape[0] - top, left : small.shape[1] - left]
    return float((inner > darker_by).mean()) if inner.size else 0.0


def is_blank(grey: Image, noise: float) -> bool | None:
    """True when nothing is written, False when something is, None when it may be faint: then reading decides.

    `noise` is the standard deviation of the paper's grey; marks count as faint from four of them.
    """
    if ink_share(grey) >= BLANK_INK_SHARE:
        return False
    return True if ink_share(grey, max(9.0, 4 * noise)) < BLANK_INK_SHARE else None
