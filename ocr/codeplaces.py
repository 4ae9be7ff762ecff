"""Places of a page that look like a barcode too fine for the sketch, found on the sketch and read at full size.

A DataMatrix of 10 mil modules has one and a half pixels a module on the sketch, which is too few; the whole page at full
size takes twenty times as long as the sketch. Bars and modules are half black, and print is not.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocr import barcodes
from ocr.clean.geometry import Affine, Placed
from ocr.imaging import connected, cv2, scaled
from ocr.page import Barcode, Box

_CELL = 4
"""Pixels of the sketch in a cell, 0.027 inch: a DataMatrix of 12 modules of 10 mils is four and a half cells wide."""

_DENSE, _SOLID = 0.42, 0.97
"""Share of ink in a code, taken over three cells each way; lines of print have 0.1 to 0.35, a black bar has 1."""

_LEAST_CELLS = 3
"""Cells of the shorter side of a place: what lies within a cell of its edge has white beside it. Print makes two."""

_MOST_PLACES = 10
_MOST_SHARE = 0.08
"""Share of the page that is looked at in all; photographs and grids are dense all over."""

_MARGIN = 6
"""Pixels of the sketch around a place: the quiet zone of a DataMatrix is one module, that of a linear code ten."""

_CLOSED = np.ones((1, 5), np.uint8)
"""Cells over which the wide spaces of a linear code are closed."""

_OPENED = np.ones((_LEAST_CELLS, _LEAST_CELLS), np.uint8)


_FINE = 2.0
"""Pixels of the narrowest bar under which a linear code is read twice: its check character lets one in a hundred misreadings
through. Of 300 drawn codes of 6 to 9 mils 3 were read wrong by a single reading, none by two that agree."""

_SQUARE = 2.0
"""Sides of a place that may be a matrix code: one that gave nothing is enlarged and read again. Of DataMatrix codes of 10 mils
at 200 dpi, two pixels a module, 9 of 10 are read so, and 4 without."""

_AGAIN = 1.7
"""By how much the second reading of a place is enlarged: not by a whole number, so that its pixels fall elsewhere."""


def find_codes(page: Placed) -> tuple[Barcode, ...]:
    """The barcodes of a page: on its sketch, and at full size in places that look like a code and on the sketch gave none.

    Boxes in pixels of the page. What the sketch shows too finely is read at full size as well, and counts as read there.
    """
    coarse = barcodes.find_barcodes(page.sketch.small, shown_at=page.sketch.factor)
    sure = tuple(code for code in coarse if not _is_fine(code, page.sketch.factor))
    looked_at = [code.box for code in coarse if code not in sure]
    for place in _places(page):
        on_page = Box(*(round(edge / page.sketch.factor) for edge in place))
        if not any(on_page.share_of(box) > _SAME_PLACE for box in looked_at):
            looked_at.append(on_page)
    fine = [code for box in looked_at if not _is_taken(box, sure) for code in _read_place(page, box)]
    return (*sure, *dict.fromkeys(fine))


_SAME_PLACE = 0.5


def _is_taken(box: Box, codes: Sequence[Barcode]) -> bool:
    return any(box.share_of(code.box) > _SAME_PLACE for code in codes)


def _is_fine(code: Barcode, scale: float = 1.0) -> bool:
    """Whether a code counts only when two readings agree: a fine linear one, and PDF417, whose correction was seen to make
    a text of its own out of a code of 1.3 pixels a module."""
    width = barcodes.pixels_a_module(code, scale)
    return code.kind == "PDF417" or (width is not None and width < _FINE)


def _is_linear(code: Barcode) -> bool:
    return barcodes.pixels_a_module(code) is not None


def _places(page: Placed) -> list[Box]:
    """Dense places in pixels of the sketch, the highest first: of print only large type is dense, in strips."""
    ink = np.ascontiguousarray(page.sketch.ink[::2, ::2]) * 255  # every second pixel says as well how dense it is
    size = (ink.shape[1] * 2 // _CELL, ink.shape[0] * 2 // _CELL)
    cells = cv2.blur(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), (3, 3))
    dense = ((cells > 255 * _DENSE) & (cells < 255 * _SOLID)).astype(np.uint8)
    opened = cv2.morphologyEx(cv2.morphologyEx(dense, cv2.MORPH_CLOSE, _CLOSED), cv2.MORPH_OPEN, _OPENED)
    _, parts = connected(opened)
    left_over = _MOST_SHARE * cells.size
    places = []
    for x, y, width, height, _ in parts[np.argsort(-np.minimum(parts[:, 2], parts[:, 3]))][:_MOST_PLACES]:
        left_over -= width * height
        if left_over < 0:
            continue
        edges = (x - 1, y - 1, x + width + 1, y + height + 1)
        left, top, right, bottom = (int(edge) * _CELL for edge in edges)
        places.append(Box(left, top, right, bottom))
    return places


def _read_place(page: Placed, box: Box) -> list[Barcode]:
    """The codes in a box of the straight page, read from the grey levels as loaded, where nothing was averaged."""
    back: Affine = np.asarray(np.linalg.inv(page.transform), np.float64)
    margin = round(_MARGIN / page.sketch.factor)
    x, y, x_end, y_end = _moved(box, back)
    height, width = page.grey.shape[:2]
    left, top = max(0, x - margin), max(0, y - margin)
    right, bottom = min(width, x_end + margin), min(height, y_end + margin)
    if right <= left or bottom <= top:
        return []
    piece = np.ascontiguousarray(page.grey[top:bottom, left:right])
    found = barcodes.find_barcodes(piece)
    is_square = max(box.width, box.height) <= _SQUARE * min(box.width, box.height)
    if any(map(_is_fine, found)) or (not found and is_square):
        larger = barcodes.find_barcodes(scaled(piece, _AGAIN), shown_at=_AGAIN)
        found = (
            *(code for code in found if not _is_fine(code) or code.text in {again.text for again in larger}),
            *(code for code in larger if not found and not _is_linear(code) and not _is_fine(code)),
        )
    return [replace(code, box=_moved(_shifted(code.box, left, top), page.transform)) for code in found]


def _shifted(box: Box, right: int, down: int) -> Box:
    return Box(box.left + right, box.top + down, box.right + right, box.bottom + down)


def _moved(box: Box, transform: Affine) -> Box:
    """The upright box around a box after a transform."""
    corners = np.array([(x, y, 1.0) for x in (box.left, box.right) for y in (box.top, box.bottom)]) @ transform[:2].T
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1]))
