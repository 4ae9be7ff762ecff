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
    """Measure a page on a copy of at most about 1,100 pixels across, noise and speckle at full scale."""
    factor = min(1.0, 1100 / max(1, min(grey.shape)))
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((11, 11), np.uint8)), 31)
    middle = paper[
        paper.shape[0] // 20 : -paper.shape[0] // 20 or None,
        paper.shape[1] // 20 : -paper.shape[1] // 20 or None,
    ]
    darker = cv2.subtract(paper, small)
    ink = darker[darker > 20]
    contrast = float(np.percentile(ink, 75)) if ink.size > 50 else 0.0
    return Look(
        contrast=contrast,
        noise=_noise(grey),
        shade=float(np.percentile(middle, 98) - np.percentile(middle, 2)),
        speckle=_speckle(grey),
        is_bitonal=is_bitonal or _has_two_levels(grey),
        dpi=dpi,
    )


def _noise(grey: Image) -> float:
    """Standard deviation of paper noise: the median of small-window deviations (Immerkær's kernel)."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    step = max(1, grey.shape[0] // 1500)
    bands = grey[:: step * 4][:0] if grey.size == 0 else grey[: grey.shape[0] // 2 * 2]
    sample = bands[:, : min(bands.shape[1], 1600)][: min(bands.shape[0], 1600)]
    response = np.abs(cv2.filter2D(sample, cv2.CV_32F, kernel))
    return float(np.median(response)) / 6 / 0.6745


def _speckle(grey: Image) -> float:
    dark = (grey < 110).astype(np.uint8)
    sample = dark[: min(dark.shape[0], 1600), : min(dark.shape[1], 1600)]
    count, _, stats, _ = cv2.connectedComponentsWithStats(sample, connectivity=8)
    if count <= 1:
        return 0.0
    dots = int((stats[1:, cv2.CC_STAT_AREA] <= 2).sum())
    return dots / max(1, sample.size) * 1e6


def _has_two_levels(grey: Image) -> bool:
    sample = grey[::7, ::7]
    return bool(((sample > 8) & (sample < 247)).mean() < 0.002)
