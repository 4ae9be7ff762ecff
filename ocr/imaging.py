"""The one import of OpenCV, guarded: on a machine without libGL it says what to do.

Images are arrays of uint8, height × width (grey) or height × width × 3 (BGR).
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ocr.errors import ImagingMissing

Image = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint16] | npt.NDArray[np.int32]
Parts = npt.NDArray[np.int32]

if TYPE_CHECKING:
    cv2: Any
else:
    try:
        import cv2
    except ImportError as error:
        raise ImagingMissing(
            "OpenCV cannot start here: a system library is missing "
            f"({error}). Install libgl1 and libglib2.0-0, or run './dev setup', which then uses "
            "the headless wheel."
        ) from error
    cv2.setNumThreads(1)  # pages run in parallel, one process a core


def to_grey(image: Image) -> Image:
    """The page as grey levels."""
    grey: Image = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return grey


def scaled(image: Image, factor: float) -> Image:
    """The page made larger (cubic) or smaller (area average; a little smaller: cubic, a third of the time)."""
    if abs(factor - 1.0) < 0.01:
        return image
    how = cv2.INTER_CUBIC if factor > 0.6 else cv2.INTER_AREA
    result: Image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=how)
    return result


def connected(ink: Image, connectivity: int = 8) -> tuple[Labels, Parts]:
    """The connected pieces of what is not 0: their labels by pixel (0 for paper), and a row of left, top,
    width, height, area for each, label 1 first.

    Labels of 16 bits take a third of the time; a page of noise has too many pieces for them.
    """
    begins = np.count_nonzero(ink[:, 1:] > ink[:, :-1]) + np.count_nonzero(ink[:, 0])  # no piece without one
    kind = cv2.CV_16U if begins < 65_000 else cv2.CV_32S
    _, labels, parts, _ = cv2.connectedComponentsWithStats(ink, connectivity=connectivity, ltype=kind)
    return labels, parts[1:]


def turned(image: Image, degrees: int) -> Image:
    """The page turned clockwise by 0, 90, 180 or 270 degrees."""
    turns = degrees // 90 % 4
    return np.ascontiguousarray(np.rot90(image, -turns)) if turns else image


def to_jpeg(image: Image, quality: int) -> bytes:
    """JPEG bytes of a page."""
    ok, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise ValueError("an image of no size cannot be a JPEG")
    return bytes(data)


def cut_out(jpeg: bytes, place: tuple[float, float, float, float], margin: float = 0.6) -> bytes:
    """The part of a JPEG at `place` (left, top, right, bottom as shares of it) with a margin in heights of it, as JPEG."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    height, width = image.shape[:2]
    left, top, right, bottom = place[0] * width, place[1] * height, place[2] * width, place[3] * height
    around = margin * (bottom - top)
    part = image[
        max(0, int(top - around)) : max(1, int(bottom + around) + 1),
        max(0, int(left - around)) : max(1, int(right + around) + 1),
    ]
    return to_jpeg(part if part.size else image, 80)
