"""A page at about 150 dots an inch with its ink found once: what every later look at the page starts from.

Skew, turn, blankness, noise and the marks on a page were each measured on a copy of their own, and the
copies cost more than the measuring (0.06 s of 0.3 s a page).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.imaging import Image, Labels, Parts, connected, cv2, scaled, turned

SKETCH_DPI = 150

_DARKER = 20
"""Grey levels below the paper around it from which a pixel may be ink; paper grain reaches 15."""


@dataclass(frozen=True)
class Sketch:
    """`small` the reduced grey page, `paper` its background, `ink` 1 where something is written,
    `factor` the size of the sketch as a share of the page, `contrast` grey levels between ink and paper."""

    small: Image
    paper: Image
    ink: Image
    factor: float
    contrast: float

    @property
    def parts(self) -> Parts:
        """One row for each connected piece of ink: left, top, width, height, area."""
        return self._connected[1]

    @property
    def labels(self) -> Labels:
        """For every pixel, 0 for paper or one more than its row in `parts`."""
        return self._connected[0]

    @cached_property
    def _connected(self) -> tuple[Labels, Parts]:
        return connected(self.ink)

    def turned(self, degrees: int) -> "Sketch":
        """The sketch of the page turned clockwise by 90, 180 or 270 degrees."""
        return sketch_of(turned(self.small, degrees), self.factor)

    @property
    def letters(self) -> Parts:
        """Rows of `parts` that may be letters by their size: 4 to 60 points high, no long strokes."""
        return self.parts[self.letter_rows]

    @property
    def letter_rows(self) -> npt.NDArray[np.intp]:
        """Which rows of `parts` may be letters."""
        width, height, area = self.parts[:, 2], self.parts[:, 3], self.parts[:, 4]
        fits = (np.maximum(width, height) >= 5) & (np.maximum(width, height) <= 90) & (np.minimum(width, height) >= 2)
        return np.nonzero(fits & (area >= 10) & (area >= 0.08 * width * height))[0]

    @property
    def letter_height(self) -> float:
        """Median height of what may be letters, in pixels of the page; 0 on a page without any."""
        letters = self.letters
        return float(np.median(letters[:, 3])) / self.factor if len(letters) >= 5 else 0.0


def draw_sketch(grey: Image, dpi: int) -> Sketch:
    """The sketch of a grey page."""
    factor = min(2.0, SKETCH_DPI / max(dpi, 1))
    if 0.49 < factor < 0.51:
        factor = 0.5  # a whole step is four times faster to take
    small = scaled(grey, factor) if not 0.85 < factor < 1.15 else grey
    return sketch_of(small, small.shape[1] / grey.shape[1])


def sketch_of(small: Image, factor: float) -> Sketch:
    """The sketch of a page that is reduced already."""
    paper = _paper(small)
    darker = cv2.subtract(paper, small)
    inky = darker[::2, ::2]
    inky = inky[inky > _DARKER]
    contrast = float(np.percentile(inky, 75)) if inky.size > 30 else 0.0
    ink = (darker > max(_DARKER, 0.4 * contrast)).astype(np.uint8)
    return Sketch(small, paper, ink, factor, contrast)


def holds_letters(dark: npt.NDArray[Any]) -> bool:
    """Whether light letters stand in a dark place: a banner, a film, a number in a disc."""
    _, inside = connected(1 - dark.astype(np.uint8))
    left, top, wide, high, area = (inside[:, i] for i in range(5))
    enclosed = (left > 0) & (top > 0) & (left + wide < dark.shape[1]) & (top + high < dark.shape[0])
    return bool((enclosed & (high >= 5) & (high <= 90) & (area >= 10)).any())


def _paper(page: Image) -> Image:
    """The page without its writing: the grey of the paper at every place, found on a small copy."""
    tiny = cv2.resize(page, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    tiny = cv2.medianBlur(cv2.dilate(tiny, np.ones((5, 5), np.uint8)), 9)
    result: Image = cv2.resize(tiny, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR)
    return result
