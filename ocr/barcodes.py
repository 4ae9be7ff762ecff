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
    zxingcpp.BarcodeFormat.Aztec,
)
"""Not Interleaved 2 of 5: it has no check character, and part of a code reads as a shorter one (ISO/IEC 16390, annex D)."""

_MODULES = {"Code128": (11, 3), "Code39": (13, 2)}
"""Modules of a character, and characters beside the text (start, check, stop): ISO/IEC 15417, ISO/IEC 16388."""


def find_barcodes(grey: Image, *, shown_at: float = 1.0) -> tuple[Barcode, ...]:
    """Every barcode on a page; boxes in pixels of the page, of which `grey` is this share of its size.

    Half scale finds most codes in a third of the time; full scale is for sheets that may be separators and for places
    that look like a small code (ocr/codeplaces.py). Text is as encoded: FNC1 is the character 29 (GS1 General
    Specifications 7.8), and a GS1 code says so by its symbology identifier (ISO/IEC 15424).
    """
    codes = []
    for code in zxingcpp.read_barcodes(
        grey, formats=_FORMATS, try_downscale=False, try_invert=False, text_mode=zxingcpp.TextMode.Plain
    ):
        where = code.position
        xs = [p.x for p in (where.top_left, where.top_right, where.bottom_left, where.bottom_right)]
        ys = [p.y for p in (where.top_left, where.top_right, where.bottom_left, where.bottom_right)]
        box = Box(*(int(v / shown_at) for v in (min(xs), min(ys), max(xs), max(ys))))
        kind = str(code.format).rsplit(".", 1)[-1]
        codes.append(Barcode(kind, code.text, box, code.symbology_identifier))
    return tuple(codes)


def pixels_a_module(code: Barcode, scale: float = 1.0) -> float | None:
    """How many pixels the narrowest bar of a linear code has at most, at this share of the page's size; None of a matrix
    code or PDF417, which correct their errors."""
    sizes = _MODULES.get(code.kind.replace(" ", ""))
    if sizes is None:
        return None
    characters = -(-len(code.text) // 2) if code.kind.endswith("128") and code.text.isdigit() else len(code.text)
    return max(code.box.width, code.box.height) * scale / (sizes[0] * (characters + sizes[1]))
