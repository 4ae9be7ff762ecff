"""What a page looks like, measured once; every cleaning step decides by these numbers."""

from dataclasses import dataclass

import numpy as np

from ocr.imaging import Image, cv2


@dataclass(frozen=True, slots=True)
class Look:
    """Numbers of a grey page: `contrast` grey levels between ink and paper, `noise` standard
    deviation of paper, `shade` spread of the paper's grey over the page, `speckle` single dark dots
    a million pixels, `is_bitonal` only black and white."""

    contrast: float
    noise: float
    shade: float
    speckle: float
    is_bitonal: bool
    dpi: int


def measure(grey: Image, dpi: int, is_bitonal: bool) -> Look:
    """Measure contrast and shade on a half-size copy, noise and speckle on a part at full scale."""
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    paper = _paper(small)
    middle = paper[
        paper.shape[0] // 20 : -paper.shape[0] // 20 or None,
        paper.shape[1] // 20 : -paper.shape[1] // 20 or None,
    ]
    darker = cv2.subtract(paper, small)
    ink = darker[darker > 20]
    contrast = float(np.percentile(ink, 75)) if ink.size > 50 else 0.0
    return Look(
        contrast=contrast,
        noise=noise_of(grey),
        shade=float(np.percentile(middle, 98) - np.percentile(middle, 2)),
        speckle=_speckle(grey),
        is_bitonal=is_bitonal or _has_two_levels(grey),
        dpi=dpi,
    )


def _paper(page: Image) -> Image:
    """The page without its writing: the grey of the paper at every place, found on a small copy."""
    tiny = cv2.resize(page, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    tiny = cv2.medianBlur(cv2.dilate(tiny, np.ones((5, 5), np.uint8)), 9)
    result: Image = cv2.resize(tiny, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR)
    return result


def noise_of(grey: Image) -> float:
    """Standard deviation of paper noise: the median of small-window deviations (Immerkær's kernel)."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(_middle(grey), cv2.CV_32F, kernel))
    return float(np.median(response)) / 6 / 0.6745


def _speckle(grey: Image) -> float:
    sample = (_middle(grey) < 110).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(sample, connectivity=8)
    if count <= 1:
        return 0.0
    dots = int((stats[1:, cv2.CC_STAT_AREA] <= 2).sum())
    return dots / max(1, sample.size) * 1e6


def _middle(grey: Image, most: int = 1000) -> Image:
    """The middle of the page, at most 1,000 pixels square."""
    top, left = max(0, (grey.shape[0] - most) // 2), max(0, (grey.shape[1] - most) // 2)
    return grey[top : top + most, left : left + most]


def _has_two_levels(grey: Image) -> bool:
    sample = grey[::7, ::7]
    return bool(((sample > 8) & (sample < 247)).mean() < 0.002)
