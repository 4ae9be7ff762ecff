"""Page geometry: square pixels, deskew. Turning by 90 degrees is decided by reading (ocr/read.py)."""

import numpy as np

from ocr.imaging import Image, cv2, to_grey

MOST_SKEW = 15.0
"""Degrees; a sheet fed worse than this is a jam."""

_WORTH_TURNING = 0.15  # degrees; below, straightening blurs more than it helps


def squared(image: Image, dpi: tuple[float, float]) -> tuple[Image, int]:
    """The page with as many dots down as across (fax is 204 × 98), and its dots per inch.

    A ratio above 3 is no scanner's (coarse fax is 2.1), so it is not believed.
    """
    across, down = dpi
    if across and down and not 0.97 < across / down < 1.03 and max(across, down) <= 3 * min(across, down):
        best = max(across, down)
        image = cv2.resize(image, None, fx=best / across, fy=best / down, interpolation=cv2.INTER_CUBIC)
        return image, round(best)
    return image, round(across) if across else 0


def believable_dpi(image: Image, said: int) -> int:
    """The scanner's word when it fits a sheet of paper, else a guess from a page 8.5 inches wide.

    Programs write 72 or 96 into files that know nothing; a letter page at that resolution would
    be 600 to 820 pixels wide.
    """
    short = min(image.shape[:2])
    guess = int(np.clip(round(short / 8.5), 60, 600))
    if said < 70 or said > 1250:
        return guess
    if said <= 100 and short > 1200:
        return guess
    return said


def find_skew(grey: Image) -> float:
    """Degrees by which the lines fall to the right (clockwise), within ±15, to 0.1; 0 when there are none.

    Postl's projection profile: the angle at which row sums differ most from row to row, searched
    coarsely on a small copy, then finely.
    """
    ink = _ink(grey, 500)
    if ink.sum() < 200:
        return 0.0
    coarse = max(np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 1.0), key=lambda a: _sharpness(ink, float(a)))
    fine_ink = _ink(grey, 1000)
    best, step = float(coarse), 0.5
    while step >= 0.05:
        best = max((best - step, best, best + step), key=lambda a: _sharpness(fine_ink, a))
        step /= 2
    if abs(best) > MOST_SKEW or _sharpness(fine_ink, best) < 1.03 * _sharpness(fine_ink, 0.0):
        return 0.0
    return round(best, 2)


def straightened(image: Image, skew: float) -> Image:
    """The page turned back by its skew on a sheet large enough that no corner is cut, paper-coloured."""
    if abs(skew) < _WORTH_TURNING:
        return image
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    new_width, new_height = int(height * sin + width * cos), int(height * cos + width * sin)
    turn[0, 2] += new_width / 2 - width / 2
    turn[1, 2] += new_height / 2 - height / 2
    paper = int(np.percentile(to_grey(image)[::16, ::16], 90))
    result: Image = cv2.warpAffine(
        image, turn, (new_width, new_height), flags=cv2.INTER_CUBIC, borderValue=(paper, paper, paper)
    )
    return result


def _ink(grey: Image, across: int) -> Image:
    factor = min(1.0, across / max(1, grey.shape[1]))
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 5)
    ink: Image = (cv2.subtract(paper, small) > 40).astype(np.uint8)
    edge_y, edge_x = max(1, ink.shape[0] // 40), max(1, ink.shape[1] // 40)
    ink[:edge_y], ink[-edge_y:], ink[:, :edge_x], ink[:, -edge_x:] = 0, 0, 0, 0
    return ink


def _sharpness(ink: Image, degrees: float) -> float:
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    sums = cv2.warpAffine(ink * 255, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1, dtype=np.float64)
    return float(((sums[1:] - sums[:-1]) ** 2).sum())
