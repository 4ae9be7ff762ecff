"""Kodak patch codes: four wide and narrow bars along an edge of a sheet that tell a scanner where documents part.

Kodak, "Patch Code Information", A-61599 (2006), and the same tables in the i5000 user's guide, A-61670 (2014): wide bars
are 0.20 inches, narrow bars and all spaces 0.08 inches, the bars 0.75 or 2 inches long at least.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr.clean.sketch import SKETCH_DPI, Sketch
from ocr.imaging import Image, cv2
from ocr.page import Barcode, Box

KIND = "Kodak patch"
"""What a patch code is called among the barcodes of a page; its text is PATCH and one of 1, 2, 3, 4, 6, T."""

_PATTERNS = {"WWNN": "1", "WNNW": "2", "WNWN": "3", "NWWN": "4", "NNWW": "6", "NWNW": "T"}
"""Bars from the edge of the sheet inwards. 1 and 6, and 3 and T, are each other's mirror image."""

_DPI = SKETCH_DPI / 2
_EVERY = 4  # lines of the half sketch from one look to the next: 1.4 mm
_UNIT = (0.045 * _DPI, 0.13 * _DPI)
"""Width of a narrow bar: 0.08 inches, printed or scanned to another scale than said."""

_LEAST_LENGTH = 0.68 * _DPI / _EVERY
"""Looks that must find the same bars: 0.75 inches, less a frayed end."""

_NARROW, _WIDE = (0.5, 1.5), (1.7, 3.6)
"""Widths of bars in units; drawn at 1.0 and 2.5, and 3.0 by some programs; toner and a dark scan add up to half a unit."""

_CLEAR, _CLEAR_OUTSIDE = 1.8, 5.0
"""Units of paper that lie at least on either side of the bars and on one of them: three in the standard, and towards the
edge of the sheet nothing; a gap inside a large Code 39 is three at most."""

_LEAST_DARK = 0.003
"""Share of a page that the smallest patch code blackens: 0.39 of 93.5 square inches."""

_LEAST_CONTRAST = 50  # grey levels between bars and paper

_Ints = npt.NDArray[np.intp]


@dataclass(slots=True)
class _Chain:
    """Looks side by side that found the same bars."""

    pattern: str
    first: int
    last: int
    start: int
    end: int
    low: int
    high: int
    looks: int = 1


def find_patches(sketch: Sketch) -> tuple[Barcode, ...]:
    """The patch codes of a page, along or across, upside down or tilted by as much as a feeder allows."""
    half: Image = cv2.resize(sketch.small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    low, paper = np.percentile(half[::3, ::3], (0.2, 60))
    if paper - low < _LEAST_CONTRAST:
        return ()
    dark = half < (low + paper) / 2
    if dark.mean() < _LEAST_DARK:
        return ()
    back = 2 / sketch.factor
    found = []
    for chain in _chains(np.ascontiguousarray(dark[:, ::_EVERY].T)):
        found.append(_barcode(chain, dark.shape[0], Box(chain.first, chain.low, chain.last, chain.high), back))
    for chain in _chains(dark[::_EVERY]):
        found.append(_barcode(chain, dark.shape[1], Box(chain.low, chain.first, chain.high, chain.last), back))
    return tuple(found)


def _barcode(chain: _Chain, length: int, box: Box, back: float) -> Barcode:
    is_far = chain.low + chain.high > length
    name = _PATTERNS[chain.pattern[::-1] if is_far else chain.pattern]
    return Barcode(KIND, f"PATCH {name}", Box(*(round(edge * back) for edge in box)))


def _chains(lines: npt.NDArray[np.bool_]) -> list[_Chain]:
    """Bars found in many neighbouring lines, each line a look across the page; `first` and `last` in pixels."""
    chains: list[_Chain] = []
    for line, start, end, pattern in _looks(lines):
        for chain in reversed(chains):
            steps = line - chain.last
            near = abs(start - chain.start) <= 2 * steps + 1 and abs(end - chain.end) <= 2 * steps + 1
            if pattern == chain.pattern and 0 < steps <= 3 and near:
                chain.last, chain.start, chain.end, chain.looks = line, start, end, chain.looks + 1
                chain.low, chain.high = min(chain.low, start), max(chain.high, end)
                break
        else:
            chains.append(_Chain(pattern, line, line, start, end, start, end))
    long = [c for c in chains if c.looks >= max(_LEAST_LENGTH, 0.7 * (c.last - c.first + 1))]
    for chain in long:
        chain.first, chain.last = chain.first * _EVERY, (chain.last + 1) * _EVERY
    return long


def _looks(lines: npt.NDArray[np.bool_]) -> list[tuple[int, int, int, str]]:
    """Four bars as a patch code has them: line, where the first begins and the last ends, and which are wide."""
    padded = np.zeros((lines.shape[0], lines.shape[1] + 2), np.int8)
    padded[:, 1:-1] = lines
    steps = np.diff(padded, axis=1)
    line, start = np.nonzero(steps == 1)
    end = np.nonzero(steps == -1)[1]
    if len(line) < 4:
        return []
    bars = np.stack([end[i : len(end) - 3 + i] - start[i : len(start) - 3 + i] for i in range(4)], axis=1)
    spaces = np.stack([start[i + 1 : len(start) - 2 + i] - end[i : len(end) - 3 + i] for i in range(3)], axis=1)
    ordered = np.sort(bars, axis=1)
    unit = (spaces.sum(axis=1) + ordered[:, :2].sum(axis=1)) / 5
    fits = (line[3:] == line[:-3]) & (unit >= _UNIT[0]) & (unit <= _UNIT[1])
    fits &= (ordered[:, 0] >= _NARROW[0] * unit) & (ordered[:, 1] <= _NARROW[1] * unit)
    fits &= (ordered[:, 2] >= _WIDE[0] * unit) & (ordered[:, 3] <= _WIDE[1] * unit)
    fits &= ordered[:, 2] >= 1.5 * ordered[:, 1]
    fits &= (spaces.min(axis=1) >= _NARROW[0] * unit) & (spaces.max(axis=1) <= _NARROW[1] * unit)
    fits &= (ordered[:, 1] - ordered[:, 0] <= 0.4 * unit + 1) & (ordered[:, 3] - ordered[:, 2] <= 0.5 * unit + 1)
    fits &= np.ptp(spaces, axis=1) <= 0.4 * unit + 1
    fits &= _is_clear(line, start, end, unit, lines.shape[1])
    return [
        (int(line[i]), int(start[i]), int(end[i + 3]), "".join("W" if b > 1.6 * unit[i] else "N" for b in bars[i]))
        for i in np.nonzero(fits)[0]
    ]


def _is_clear(
    line: _Ints, start: _Ints, end: _Ints, unit: npt.NDArray[np.float64], width: int
) -> npt.NDArray[np.bool_]:
    """Whether paper lies before the first bar and after the last; bars that run off the image are cut off."""
    far = np.iinfo(np.int32).max
    before = np.where(start > 1, far, 0)
    before[1:] = np.where(line[1:] == line[:-1], start[1:] - end[:-1], before[1:])
    after = np.where(end < width - 1, far, 0)
    after[:-1] = np.where(line[1:] == line[:-1], start[1:] - end[:-1], after[:-1])
    sides = np.stack((before[:-3], after[3:]))
    clear: npt.NDArray[np.bool_] = (sides.min(axis=0) >= _CLEAR * unit) & (sides.max(axis=0) >= _CLEAR_OUTSIDE * unit)
    return clear
