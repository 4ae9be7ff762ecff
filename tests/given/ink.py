"""The ink of pages as tests draw it: each word where it was read, and strokes of a pen."""

import numpy as np

from ocr.imaging import Image, cv2
from ocr.inkpicture import INK_DPI, InkPicture
from ocr.page import OcrPage


def ink_of(page: OcrPage, strokes: tuple[tuple[tuple[int, int], ...], ...] = ()) -> InkPicture:
    """The ink of a page: its words, and strokes through these points, in dots of the picture."""
    factor = INK_DPI / page.dpi
    ink: Image = np.zeros((round(page.height * factor), round(page.width * factor)), np.uint8)
    for word in page.words:
        left, bottom = round(word.box.left * factor), round(word.box.bottom * factor)
        (wide, high), _ = cv2.getTextSize(word.text, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 1)
        scale = min((word.box.right - word.box.left) * factor / wide, (word.box.bottom - word.box.top) * factor / high)
        cv2.putText(ink, word.text, (left, bottom), cv2.FONT_HERSHEY_SIMPLEX, scale, 1, 1)
    for points in strokes:
        cv2.polylines(ink, [np.array(points, np.int32)], False, 1, 2)
    return InkPicture(ink)


def scribble(left: int, top: int, seed: int, letters: int = 8) -> tuple[tuple[int, int], ...]:
    """A word by hand: points of a stroke, another one for each seed."""
    rng = np.random.default_rng(seed)
    return tuple((left + 6 * n + int(rng.integers(-2, 3)), top + int(rng.integers(-7, 8))) for n in range(2 * letters))
