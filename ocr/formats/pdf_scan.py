"""The scan inside a PDF page, taken out as it is: rendering would sample it a second time, and costs twice as much.

Only when the page is nothing but that image: one upright image over the whole page, no mask, no other
mark. Anything else is rendered.
"""

import io
import zlib
from dataclasses import dataclass
from typing import Any

from PIL import Image as Pillow

_ALLOWED = {"q", "Q", "cm", "Do", "BT", "ET", "Tf", "Tr", "Td", "TD", "Tm", "Tj", "TJ", "Tz", "Tc", "Tw", "TL", "T*", "BMC", "EMC", "w", "J", "j", "M", "d", "i"}  # fmt: skip
"""Operators that show nothing but the image: graphics state, and text that is invisible (3 Tr is checked)."""

_PLAIN = {"/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter", "/DecodeParms", "/Length", "/Interpolate", "/Name"}  # fmt: skip
"""Entries of an image that needs nothing but decoding; a mask or a Decode array changes what is seen."""

_LEAST_PIXELS_AN_INCH = 60

_MOST_CONTENT = 300_000
"""Bytes of page description, unpacked; a scan with somebody's text layer has 100,000."""


@dataclass(frozen=True, slots=True)
class PageScan:
    """An image that is a whole page, and its dots per inch across and down."""

    picture: Any
    dpi: tuple[float, float]


def find_scan(pikepdf: Any, page: Any, most_pixels: int) -> PageScan | None:
    """The image that a page (pikepdf's Page) consists of, or None when the page must be rendered.

    Whether all of the image is there was asked before (ocr/formats/pdf_images.py). Raises whatever pikepdf and Pillow do.
    """
    placed = _only_image(pikepdf, page)
    if placed is None:
        return None
    image, wide, high = placed
    if int(image.Width) * int(image.Height) > most_pixels or not _is_plain(image):
        return None
    dpi = int(image.Width) / wide * 72, int(image.Height) / high * 72
    picture = _decoded(pikepdf, image)
    if picture is None or min(dpi) < _LEAST_PIXELS_AN_INCH or max(dpi) > 3 * min(dpi):
        return None
    return PageScan(picture, dpi)


def _only_image(pikepdf: Any, page: Any) -> tuple[Any, float, float] | None:  # noqa: C901 - one reason a line
    """The image and its size in points, when it is all that the page shows and covers it."""
    if page.get("/Rotate", 0) or page.get("/Annots"):
        return None
    unit = float(page.get("/UserUnit", 1))
    if not _is_short(pikepdf, page):
        return None
    left, bottom, right, top = (float(v) for v in page.cropbox)
    image, where = None, None
    stack: list[tuple[Any, int]] = []
    matrix, render_mode = pikepdf.Matrix(), 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name not in _ALLOWED:
            return None
        if name == "q":
            stack.append((matrix, render_mode))
        elif name == "Q":
            matrix, render_mode = stack.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*(float(v) for v in operands)) @ matrix
        elif name == "Tr":
            render_mode = int(operands[0])
        elif name in ("Tj", "TJ") and render_mode != 3:
            return None
        elif name == "Do":
            thing = page.resources["/XObject"][str(operands[0])]
            if image is not None or str(thing.get("/Subtype")) != "/Image":
                return None
            image, where = thing, matrix
    if image is None or where is None:
        return None
    a, b, c, d, e, f = where.shorthand
    is_upright = abs(b) < 0.01 and abs(c) < 0.01 and a > 0 and d > 0
    slack = 0.01 * max(right - left, top - bottom)
    covers = (
        abs(e - left) < slack and abs(f - bottom) < slack and abs(e + a - right) < slack and abs(f + d - top) < slack
    )
    return (image, a * unit, d * unit) if is_upright and covers else None


def _is_short(pikepdf: Any, page: Any) -> bool:
    """Whether the page description, unpacked, is short enough to be looked through; bombs are not unpacked whole."""
    contents = page.get("/Contents", [])
    left = _MOST_CONTENT
    for part in contents if isinstance(contents, (pikepdf.Array, list)) else [contents]:
        packing = part.get("/Filter")
        raw = part.read_raw_bytes()
        if packing is None:
            left -= len(raw)
        elif str(packing) == "/FlateDecode" and "/DecodeParms" not in part:
            left -= len(zlib.decompressobj().decompress(raw, _MOST_CONTENT + 1))
        else:
            return False
        if left < 0:
            return False
    return True


def _is_plain(image: Any) -> bool:
    if not set(image.keys()) <= _PLAIN:
        return False
    space = image.get("/ColorSpace")
    kind = str(space if str(space).startswith("/") else space[0])
    return kind in ("/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/ICCBased")


def _decoded(pikepdf: Any, image: Any) -> Any:
    """The picture, or None when only pdfium can decode it."""
    filters = image.get("/Filter")
    names = [str(f) for f in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if names == ["/DCTDecode"]:
        picture = Pillow.open(io.BytesIO(image.read_raw_bytes()), formats=("JPEG",))
        if picture.mode not in ("L", "RGB"):
            return None
    elif names == ["/CCITTFaxDecode"] and int(image.BitsPerComponent) == 1:
        picture = pikepdf.PdfImage(image).as_pil_image()
    else:
        return None
    picture.load()
    return picture
