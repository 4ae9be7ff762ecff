"""Skew: the angle at which what is written falls into rows, found from points, without turning an image.

Postl's criterion: projected on the right angle, rows are sharp. Coarsely with the middles of the letters over
a half turn (rows may run across or, on a sheet fed sideways, down), then finely with the ink itself.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr.clean.sketch import Sketch
from ocr.imaging import connected

MOST_SKEW = 15.0
"""Degrees that a feeder allows; steeper sheets lay on a glass, and are believed on strong evidence only."""

_ROWS = 1.7
"""How far the rows of letters must stand out. Print gives 1.97 and more on 110 real pages in four turns, and on a hand-
written note, photographs and films 1.2 to 1.6, at any angle."""

_STROKES = 3.0
"""The same for the ink of a page with hardly a letter: a word across gives 4 and more, one that runs down 1.8 to 2.0."""

_RULES = 20.0
"""The same where letters fall into no rows: rules and grids across a page give 26 to 1800, bones on a film 5 to 6."""

_SMEAR = 2.0
"""Pixels of the sketch by which the ends of a row must differ in height; one short word shows no smaller angle."""

_COARSE = np.arange(-45.0, 45.0, 0.25)
_POINTS = 1200
_PIXELS = 24_000


@dataclass(frozen=True, slots=True)
class Skew:
    """Degrees by which rows fall to the right, within ±45, and how far they stand out (1 = not at all)."""

    degrees: float
    sharpness: float
    runs_down: bool = False


def find_skew(sketch: Sketch) -> Skew:
    """The skew of a page, to 0.1°; 0.0 when nothing on it falls into rows."""
    points = _middles(sketch)
    if len(points) < 12:
        return _of_strokes(sketch, _STROKES)
    across = _spread(points[:, 1], points[:, 0], _COARSE, bin_size=3.0)
    down = _spread(-points[:, 0], points[:, 1], _COARSE, bin_size=3.0)
    runs_down = down.max() > across.max()
    scores = down if runs_down else across
    likely = np.where(np.abs(_COARSE) <= MOST_SKEW, 1.15, 1.0)
    best = int(np.argmax(scores * likely))
    sharpness = float(scores[best] / max(np.median(np.concatenate((across, down))), 1e-9))
    if sharpness < _ROWS:
        return _of_strokes(sketch, _RULES)
    return Skew(_finely(sketch, float(_COARSE[best]), runs_down=runs_down), round(sharpness, 2), bool(runs_down))


def _middles(sketch: Sketch) -> npt.NDArray[np.float32]:
    """Middles of letters and short words, found at half the sketch's scale, in its pixels."""
    height, width = sketch.ink.shape
    half = sketch.ink[: height // 2 * 2, : width // 2 * 2]
    half = half[::2, ::2] | half[1::2, ::2] | half[::2, 1::2] | half[1::2, 1::2]
    _, parts = connected(np.ascontiguousarray(half), 4)
    wide, high, area = parts[:, 2], parts[:, 3], parts[:, 4]
    fits = (np.minimum(wide, high) <= 40) & (np.maximum(wide, high) <= 90) & (area >= 8) & (area >= 0.1 * wide * high)
    parts = parts[fits]
    some = parts[:: max(1, len(parts) // _POINTS)].astype(np.float32)
    middles: npt.NDArray[np.float32] = np.column_stack((2 * some[:, 0] + some[:, 2], 2 * some[:, 1] + some[:, 3]))
    return middles


def _of_strokes(sketch: Sketch, least_sharpness: float) -> Skew:
    """Pages with hardly a letter: ruled lines and headings still show a tilt within ±15."""
    if int(sketch.ink.sum()) < 400:
        return Skew(0.0, 1.0)
    ys, xs = _pixels(sketch)
    angles = np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 0.25)
    scores = _spread(ys, xs, angles, bin_size=1.0)
    best = int(np.argmax(scores))
    sharpness = float(scores[best] / max(float(np.median(scores)), 1e-9))
    if sharpness < least_sharpness:
        return Skew(0.0, 1.0)
    degrees = _finely(sketch, float(angles[best]), runs_down=False)
    is_seen = abs(np.tan(np.deg2rad(degrees))) * float(np.ptp(xs)) >= _SMEAR
    return Skew(degrees if is_seen else 0.0, round(sharpness, 2))


def _finely(sketch: Sketch, coarse: float, *, runs_down: bool) -> float:
    ys, xs = _pixels(sketch)
    angles = coarse + np.arange(-0.4, 0.41, 0.05)
    scores = _spread(-xs, ys, angles, 1.0) if runs_down else _spread(ys, xs, angles, 1.0)
    best = int(np.argmax(scores))
    if 0 < best < len(angles) - 1:  # the top of the parabola through the best three
        before, top, after = scores[best - 1 : best + 2]
        bend = before - 2 * top + after
        return round(float(angles[best] + (0.05 * 0.5 * (before - after) / bend if bend < 0 else 0.0)), 2)
    return round(float(angles[best]), 2)


def _pixels(sketch: Sketch) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Where the ink is, without the page's edges: a scanner's black border is no row."""
    height, width = sketch.ink.shape
    edge_y, edge_x = height // 40, width // 40
    ys, xs = np.nonzero(sketch.ink[edge_y : height - edge_y, edge_x : width - edge_x])
    step = max(1, len(ys) // _PIXELS)
    return ys[::step].astype(np.float32), xs[::step].astype(np.float32)


def _spread(
    along: npt.NDArray[np.float32], across: npt.NDArray[np.float32], degrees: npt.NDArray[np.float64], bin_size: float
) -> npt.NDArray[np.float64]:
    """For each angle, how unevenly the points fall into rows: the sum of squared steps from row to row."""
    angles = np.deg2rad(degrees).astype(np.float32)[:, None]
    places = (along[None, :] * np.cos(angles) - across[None, :] * np.sin(angles)) / bin_size
    rows = (places - places.min()).astype(np.int64) + 1
    count = int(rows.max()) + 2
    flat = rows + np.arange(len(degrees))[:, None] * count
    sums = np.bincount(flat.ravel(), minlength=len(degrees) * count).reshape(len(degrees), count)
    result: npt.NDArray[np.float64] = (np.diff(sums, axis=1).astype(np.float64) ** 2).sum(axis=1)
    return result
