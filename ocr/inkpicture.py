"""A small picture of a page's ink, black and white, by which two scans of one sheet are laid over each other and compared.

It is made of the sketch that the page was cleaned by, so that its making costs a millisecond, and is kept packed, a bit a dot.
"""

import zlib
from dataclasses import dataclass

import numpy as np

from ocr.clean.sketch import Sketch, sketch_of
from ocr.imaging import Image, cv2

INK_DPI = 100
"""Dots an inch: the strokes of a pen are two dots wide, a digit of ten points is ten high, a coarse fax has as many rows."""

_SHARE = 0.3
"""Of a dot, from which it is ink: a hairline covers a third of it."""

_LARGEST = 3_000  # dots along a side: a sheet of 30 inches; what lies behind is not compared


@dataclass(frozen=True, slots=True)
class InkPicture:
    """1 where a page has ink, 0 where it has none; height × width, at `INK_DPI` of the cleaned page."""

    ink: Image

    def packed(self) -> bytes:
        """The picture as it is kept."""
        height, width = self.ink.shape
        size = np.array((height, width), "<u2").tobytes()
        return zlib.compress(size + np.packbits(self.ink).tobytes(), 1)


def draw_ink(sketch: Sketch, dpi: int) -> InkPicture:
    """The ink of a page whose pixels are so many an inch."""
    width = sketch.ink.shape[1] / sketch.factor / max(1, dpi) * INK_DPI
    factor = width / sketch.ink.shape[1]
    share = cv2.resize(sketch.ink * np.uint8(255), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return InkPicture((share > 255 * _SHARE).astype(np.uint8)[:_LARGEST, :_LARGEST])


def read_ink(data: bytes) -> InkPicture:
    """The picture that `InkPicture.packed` kept."""
    kept = np.frombuffer(zlib.decompress(data), np.uint8)
    height, width = (int(side) for side in kept[:4].view("<u2"))
    return InkPicture(np.unpackbits(kept[4:], count=height * width).reshape(height, width))


def ink_of_view(jpeg: bytes, width: float) -> InkPicture | None:
    """The ink of a kept page, of its JPEG; `width` is in inches. None when it cannot be opened."""
    grey: Image | None = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None or width <= 0:
        return None
    return draw_ink(sketch_of(grey, 1.0), max(1, round(grey.shape[1] / width)))
