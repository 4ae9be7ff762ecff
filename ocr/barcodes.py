"""Barcodes: the only file that knows zxing-cpp.

zxing-cpp read every readable code with none false; cv2.barcode invents numbers (measured).
"""

import zxingcpp

from ocr.imaging import Image
from ocr.page import Barcode, Box

_FORMATS = (
    zxingcpp.BarcodeFormat.Code39,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.PDF417,
)


def find_barcodes(grey: Image, *, shown_at: float = 1.0) -> tuple[Barcode, ...]:
    """Every barcode on a page; boxes in pixels of the page, of which `grey` is this share of its size.

    Half scale finds most codes in a third of the time; full scale is for sheets that may be separators.
    """
    codes = []
    for code in zxingcpp.read_barcodes(grey, formats=_FORMATS, try_downscale=False, try_invert=False):
        where = code.position
        xs = [p.x for p in (where.top_left, where.top_right, where.bottom_left, where.bottom_right)]
        ys = [p.y for p in (where.top_left, where.top_right, where.bottom_left, where.bottom_right)]
        box = Box(*(int(v / shown_at) for v in (min(xs), min(ys), max(xs), max(ys))))
        codes.append(Barcode(str(code.format).rsplit(".", 1)[-1], code.text, box))
    return tuple(codes)
