"""What a page looks like, measured once; every cleaning step decides by these numbers."""

from dataclasses import dataclass

import numpy as np

from ocr.clean.sketch import Sketch
from ocr.imaging import Image, connected, cv2


@dataclass(frozen=True, slots=True)
class Measurement:
    """Numbers of a grey page: `contrast` grey levels between ink and paper, `noise` standard
    deviation of paper, `shade` spread of the paper's grey over the page, `speckle` single odd dots
    a million pixels, `letter_height` median height of letters in pixels (0: none), `small_letters`
    the height under which one letter in ten is, `is_bitonal` only black and white."""

    contrast: float
    noise: float
    shade: float
    speckle: float
    letter_height: float
    small_letters: float
    is_bitonal: bool
    dpi: int


def measure(grey: Image, sketch: Sketch, dpi: int, *, is_bitonal: bool) -> Measurement:
    """Contrast, shade and letters from the sketch; noise and speckle from a part of the page at full scale."""
    height, width = sketch.paper.shape
    middle = sketch.paper[height // 20 : height - height // 20 : 4, width // 20 : width - width // 20 : 4]
    low, high = np.percentile(middle, (2, 98)) if middle.size else (255.0, 255.0)
    letters = sketch.letters[:, 3] / sketch.factor
    return Measurement(
        contrast=sketch.contrast,
        noise=noise_of(grey),
        shade=float(high - low),
        speckle=_speckle(grey),
        letter_height=sketch.letter_height,
        small_letters=float(np.percentile(letters, 10)) if len(letters) >= 5 else 0.0,
        is_bitonal=is_bitonal,
        dpi=dpi,
    )


MARGIN = 0.04
"""Share of a page at each edge that is not looked at: scanner edges and punch holes are not writing."""

CLEARLY_DARKER = 45
"""Grey levels below the paper that any printer reaches; faint toner may not."""


def ink_share(sketch: Sketch, darker_by: float = CLEARLY_DARKER) -> float:
    """Share of the page (without its margins) that is darker than the paper around it by so many grey levels."""
    darker = cv2.subtract(sketch.paper, cv2.medianBlur(sketch.small, 3))
    top, left = int(darker.shape[0] * MARGIN), int(darker.shape[1] * MARGIN)
    inner = darker[top : darker.shape[0] - top, left : darker.shape[1] - left]
    return float((inner > darker_by).mean()) if inner.size else 0.0


def noise_of(grey: Image) -> float:
    """Standard deviation of paper noise: the median of small-window deviations (Immerkær's kernel)."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(_middle(grey, 600), cv2.CV_32F, kernel))
    return float(np.median(response)) / 6 / 0.6745


def _speckle(grey: Image) -> float:
    """Lone dark dots of one or two pixels, a million pixels of page: the dots of letters have letters beside them."""
    part = _middle(grey, 800)
    dark = (part < float(np.median(part)) - 60).astype(np.uint8)
    labels, parts = connected(dark)
    dots = np.concatenate(([False], parts[:, cv2.CC_STAT_AREA] <= 2))[labels]
    if not dots.any():
        return 0.0
    near = cv2.dilate(dark & ~dots.astype(np.uint8), np.ones((9, 9), np.uint8))
    lone = (dots & (near == 0)).sum() / 1.2
    return float(lone / part.size * 1e6)


def _middle(grey: Image, most: int) -> Image:
    """The middle of the page, at most so many pixels square."""
    top, left = max(0, (grey.shape[0] - most) // 2), max(0, (grey.shape[1] - most) // 2)
    return grey[top : top + most, left : left + most]


def has_two_levels(image: Image) -> bool:
    """Whether a page, grey or BGR, is black and white though it is not stored so."""
    sample = image[::7, ::7]
    return bool(((sample > 8) & (sample < 247)).mean() < 0.002)
