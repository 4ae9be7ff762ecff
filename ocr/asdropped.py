"""A page of a dropped file as a picture, neither turned nor straightened nor cleaned: what the scanner gave."""

from ocr.imaging import Image, cv2, to_jpeg
from ocr.load import DEFAULT_LIMITS, Limits, load_page
from ocr.signature import find_kind

DPI = 150
_QUALITY = 75
_PAGE_WIDTH = 8.5  # inches, where a file does not say its resolution


def picture_as_dropped(data: bytes, number: int, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Page `number` (1-based) of a file as a JPEG of 150 dpi at most, in the proportions of the paper; an OcrError when it
    cannot be had."""
    raw = load_page(data, find_kind(data[:2048]), number, limits)
    return to_jpeg(_at_most(raw.image, raw.dpi), _QUALITY)


def _at_most(image: Image, dpi: tuple[float, float]) -> Image:
    height, width = image.shape[:2]
    across, down = (dpi[0], dpi[1]) if min(dpi) > 0 else (width / _PAGE_WIDTH, width / _PAGE_WIDTH)
    factor = min(1.0, DPI / max(across, down))  # a fax has half as many lines as dots
    size = (
        max(1, round(width * factor * max(across, down) / across)),
        max(1, round(height * factor * max(across, down) / down)),
    )
    if size == (width, height):
        return image
    result: Image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return result
