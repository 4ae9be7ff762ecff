"""Is it the same ink? The ink of two pages laid over each other: where each has strokes that the other has not.

On two scans of one sheet each stroke lies on itself. A stamp, the line of a fax, a remark or a shadow is more ink on one page.
Another filling of the form has other strokes in the same blank: ink without a counterpart on both pages, side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr.imaging import Image, connected, cv2
from ocr.inkpicture import INK_DPI, InkPicture
from ocr.page import Box

UNITS = 200
"""Of boxes, an inch."""

_DOT = INK_DPI / UNITS  # dots of a picture to a unit
_EDGE = 45  # dots from the edge of a page that tell nothing: shadows of lid and paper, 2 degrees of skew wide
_CELL, _CELLS = 8, 3  # dots; a place is three cells wide: 6 mm, two letters, looked at three times across
_LEAST_OTHER = 5
"""Dots without a counterpart, on either page, from which a place holds something else: a stroke two dots wide and three long."""

_LEAST_SHARE = 0.4  # of a page that is counted; of letter paper the edges are a fifth, of its upper third two fifths
_PATCH = 48  # dots: half an inch, in which ink on one page only is counted
_LEAST_MORE = 15  # dots of it that are more than the edge of a thick stroke
_PIECE = 13  # dots that a gap between strokes of one stamp or remark may be wide
_LEAST_PIECE = 60  # dots of ink of a piece that is told to a person


@dataclass(frozen=True, slots=True)
class Laid:
    """The ink of two pages in the dots of the one; `counted` are the rows and columns where both pages are, away from their
    edges."""

    one: Image
    other: Image
    counted: tuple[slice, slice]

    @property
    def share(self) -> float:
        """Of the one page that is counted, 0 to 1."""
        high, wide = (max(0, side.stop - side.start) for side in self.counted)
        return float(high * wide / max(1, self.one.size))


def upper(picture: InkPicture) -> InkPicture:
    """The upper third of a page: whose it is and of which day stands there on nearly every form."""
    return InkPicture(picture.ink[: len(picture.ink) // 3 + _EDGE])


def lay_over(one: InkPicture, other: InkPicture, to_one: npt.NDArray[np.float64]) -> Laid:
    """Lay the other page over the one; `to_one` (2 × 3) leads from 1/200 inch of the other to 1/200 inch of the one page."""
    moved = np.column_stack((to_one[:, :2], to_one[:, 2] * _DOT))
    height, width = one.ink.shape
    brought: Image = cv2.warpAffine(other.ink, moved, (width, height), flags=cv2.INTER_NEAREST)
    corners = np.array([(x, y, 1) for x in _sides(other.ink.shape[1]) for y in _sides(other.ink.shape[0])])
    inner = np.sort(corners @ moved.T, axis=0)[1:3].round().astype(int)  # pages are straight
    (left, top), (right, bottom) = inner.tolist()
    rows = slice(max(_EDGE, top), max(0, min(height - _EDGE, bottom)))
    return Laid(one.ink, brought, (rows, slice(max(_EDGE, left), max(0, min(width - _EDGE, right)))))


def _sides(size: int) -> tuple[int, int]:
    return _EDGE, max(_EDGE, size - _EDGE)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """The ink of each page of which none of the other page is a dot away, where both pages are counted."""

    one: Image
    other: Image

    def count_other(self) -> tuple[int, float]:
        """In how many places both pages have ink that is not on the other one, and how many dots of it there are."""
        sums = [_sums(ink, _CELL) for ink in (self.one, self.other)]
        places = (cv2.boxFilter(some, -1, (_CELLS, _CELLS), normalize=False) for some in sums)
        both = np.minimum(*places)
        return int(np.count_nonzero(both >= _LEAST_OTHER)), float(both.sum()) / _CELLS**2

    def count_more(self) -> int:
        """In how many patches only the one or the other page has ink, of whichever there are more."""
        return max(int(np.count_nonzero(_sums(ink, _PATCH) >= _LEAST_MORE)) for ink in (self.one, self.other))


def find_unmatched(laid: Laid) -> Unmatched | None:
    """What of the ink of two pages lies on none of the other; None where too little of the pages lies on each other."""
    return Unmatched(*_without_counterpart(laid)) if laid.share >= _LEAST_SHARE else None


def _without_counterpart(laid: Laid) -> tuple[Image, Image]:
    """The ink of each page, where both are counted, of which none of the other page is a dot away."""
    one, other = (np.ascontiguousarray(ink[laid.counted]) for ink in (laid.one, laid.other))
    return _strokes(cv2.subtract(one, _thicker(other))), _strokes(cv2.subtract(other, _thicker(one)))


def _strokes(ink: Image) -> Image:
    """The ink without specks, and without dots that a fax has at the edge of a letter."""
    strokes: Image = cv2.min(ink, (cv2.boxFilter(ink, -1, (3, 3), normalize=False) > 2).view(np.uint8))
    return strokes


def _thicker(ink: Image) -> Image:
    """A stroke a dot off is still the same: half the width of a pen's stroke."""
    thick: Image = cv2.max(cv2.dilate(ink, np.ones((1, 3), np.uint8)), cv2.dilate(ink, np.ones((3, 1), np.uint8)))
    return thick


_BYTES = np.uint64(0x0101010101010101)


def _sums(ink: Image, size: int) -> npt.NDArray[np.float32]:
    """Dots of ink in squares of this size, which is a multiple of eight."""
    rows, columns = ink.shape[0] // size, ink.shape[1] // size
    whole = np.ascontiguousarray(ink[: rows * size, : columns * size])
    eights = (whole.view(np.uint64) * _BYTES) >> np.uint64(56)  # eight dots of 0 or 1 added at once
    across = eights.astype(np.uint8).reshape(rows, size, columns, size // 8)
    sums: npt.NDArray[np.float32] = across.sum(axis=(1, 3), dtype=np.float32)
    return sums


def likeness(laid: Laid, boxes: Sequence[Sequence[float]]) -> list[float | None]:
    """How alike the ink of both pages is in each box (1/200 inch of the one page) where it is least alike, two letters at a time, as
    a correlation from -1 to 1; None where it cannot be told."""
    return [_likeness(laid, box) for box in boxes]


def _likeness(laid: Laid, box: Sequence[float]) -> float | None:
    left, top = (int(edge * _DOT) - 1 for edge in box[:2])
    right, bottom = (int(edge * _DOT) + 2 for edge in box[2:])
    if min(left, top) < 2 or right - left < 4 or bottom - top < 4:
        return None
    here = laid.one[top:bottom, left:right]
    wide = laid.other[top - 2 : bottom + 2, left - 2 : right + 2]
    if wide.shape != (bottom - top + 4, right - left + 4) or not here.any() or not wide.any():
        return None
    there, mine = (cv2.GaussianBlur(part.astype(np.float32), (0, 0), 0.8) for part in (wide, here))
    fits = cv2.matchTemplate(there, mine, cv2.TM_CCOEFF_NORMED)
    down, right = divmod(int(fits.argmax()), fits.shape[1])
    return _least_alike(mine, there[down : down + mine.shape[0], right : right + mine.shape[1]])


def _least_alike(mine: npt.NDArray[np.float32], there: npt.NDArray[np.float32]) -> float:
    """The least of the correlations in windows as wide as they are high, where at least half as much ink is as elsewhere."""
    wide = min(mine.shape)
    sums = np.array([mine, there, mine * mine, there * there, mine * there]).sum(axis=1)
    sums = np.cumsum(np.pad(sums, ((0, 0), (1, 0))), axis=1)
    one, other, one_squared, other_squared, both = (sums[:, wide:] - sums[:, :-wide]) / (wide * mine.shape[0])
    spread = np.maximum(one_squared - one**2, 0) * np.maximum(other_squared - other**2, 0)
    alike = (both - one * other) / np.sqrt(spread + 1e-6)
    ink = np.maximum(one, other)
    return float(alike[ink >= 0.5 * ink.max()].min())


def pieces_on_one(laid: Laid) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """Pieces of ink (a stamp, a remark) that are on the one page only, and on the other only, in 1/200 inch of the one page."""
    top, left = (side.start for side in laid.counted)
    here, there = (_pieces(found, left, top) for found in _without_counterpart(laid))
    return here, there


def _pieces(ink: Image, from_left: int, from_top: int) -> tuple[Box, ...]:
    joined = cv2.dilate(
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), np.ones((_PIECE, _PIECE), np.uint8)
    )
    _, parts = connected(joined)
    half = _PIECE // 2
    boxes = []
    for left, top, width, height, _ in parts:
        if np.count_nonzero(ink[top : top + height, left : left + width]) >= _LEAST_PIECE:
            edges = np.array((left + half, top + half, left + width - half, top + height - half))
            edges += np.array((from_left, from_top) * 2)
            boxes.append(Box(*(max(0, round(int(edge) / _DOT)) for edge in edges)))
    return tuple(boxes)
