"""Barcodes (the only file that knows zxing-cpp): half scale first, full scale when that finds nothing.

zxing-cpp read every readable code with none false; cv2.barcode invents numbers (measured).
"""

import zxingcpp

from ocr.imaging import Image, cv2
from ocr.page import Barcode, Box

_FORMATS = (
    zxingcpp.BarcodeFormat.Code39,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.PDF417,
)


def find_barcodes(grey: Image, dpi: int, *, thorough: bool = False) -> tuple[Barcode, ...]:
    """Every barcode on a page, boxes in its pixels; `thorough` looks again at full scale."""
    factor = min(1.0, 150 / max(dpi, 1))
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else grey
    found = _read(small, factor)
    if not found and thorough and factor < 1:
        found = _read(grey, 1.0)
    return found


def _read(image: Image, factor: float) -> tuple[Barcode, ...]:
    codes = []
    for code in zxingcpp.read_barcodes(image, formats=_FORMATS, try_downscale=False):
        where = code.position
        xs = [p.x for p in (where.top_left, where.top_right, where.bottom_left, where.bottom_right)]
        ys = [p.y for p in (where.top_left, where.top_right, where.bottom_left, where.bottom_right)]
        box = Box(*(int(v / factor) for v in (min(xs), min(ys), max(xs), max(ys))))
        codes.append(Barcode(str(code.format).rsplit(".", 1)[-1], code.text, box))
    return tuple(codes)
