"""Is it the same ink? Two pictures of pages laid over each other, compared where their words differ and where neither has words.

No threshold is absolute: how alike ink is on two scans of one sheet depends on both (a fax beside a photograph), so each place
is measured against words of the same two pages that were read alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ocr.imaging import Image, cv2
from ocr.page import Box

Ink = npt.NDArray[np.float32]
"""0 for paper, 1 for ink; height × width."""

UNITS = 200
"""Of boxes, an inch."""

_DPI = 150  # at which pages are kept to look at; coarser ones are compared as they are
_MEASURED = 40  # words read alike that are enough to know how alike ink is
_MOST_PLACES = 120
_SHIFT = 5  # pixels: what a stretch of the paper leaves
_LEAST_SPAN, _MOST_SPAN = 0.03, 0.08
"""Of correlation. A coarse fax has 0.05; more means that short words of two sheets agree by chance beside each other."""
_BOTH = (
    0.35  # of the ink of one page, from which the other has something there too; the rule of an empty blank has less
)
_LEAST_INK = 0.02  # of a place; a faint speck says nothing
_CELL = 24  # pixels at half the resolution: 8 mm, two or three letters of handwriting
_CELL_INK = 0.025  # share of a cell that is ink, from which something stands there: a stroke of a pen
_CELL_OTHER = 0.4  # correlation under which two cells hold something else


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of a page (grey or colour), and the size of its page in 1/200 inch."""

    jpeg: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class InkMatch:
    """For each place that was asked about how far off its ink is, in spans between a middling and a poor word that was read alike
    (0 is middling, 1 poor; None: it does not tell), and whether both pages have ink there; how many cells without print hold ink on
    both pages, and not the same."""

    off: tuple[float | None, ...]
    on_both: tuple[bool, ...]
    cells: int


@dataclass(frozen=True, slots=True)
class _Place:
    """How alike the ink of a place is where it is least alike, a letter at a time (a correlation, -1 to 1), and whether both pages
    have ink there."""

    likeness: float
    is_on_both: bool


def compare_ink(
    one: Picture, other: Picture, to_one: npt.NDArray[np.float64], alike: npt.NDArray[np.float64], places: Sequence[Box]
) -> InkMatch | None:
    """Compare two pictures: `to_one` (2 × 3) leads from 1/200 inch of the other to 1/200 inch of the one page, `alike` (n × 4)
    are boxes of words read alike, `places` those to be compared. None when a picture cannot be opened."""
    mine, there = _ink_of(one.jpeg), _ink_of(other.jpeg)
    if mine is None or there is None:
        return None
    scale = mine.shape[1] / max(1.0, one.width)
    theirs = _warped(there, other, to_one, scale, mine.shape)
    fair = [_likeness(mine, theirs, box * scale) for box in _sample(alike)]
    known = [place.likeness for place in fair if place is not None]
    if len(known) < 5:
        return None
    middling, poor = np.percentile(known, (50, 10))
    span = min(_MOST_SPAN, max(_LEAST_SPAN, float(middling - poor)))
    asked = [_likeness(mine, theirs, np.array(place, np.float64) * scale) for place in places[:_MOST_PLACES]]
    asked += [None] * (len(places) - len(asked))
    covered = np.vstack((alike, np.array([tuple(place) for place in places], np.float64).reshape(-1, 4)))
    return InkMatch(
        tuple(None if place is None else (float(middling) - place.likeness) / span for place in asked),
        tuple(place is not None and place.is_on_both for place in asked),
        _other_cells(_uncovered(mine, covered * scale), _uncovered(theirs, covered * scale)),
    )


@lru_cache(maxsize=2)
def _ink_of(jpeg: bytes) -> Ink | None:
    """The ink of a picture, or None when it cannot be opened; a page is compared with several."""
    grey: Image | None = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    return None if grey is None else _ink(grey)


def _ink(grey: Image) -> Ink:
    """How much ink is where: darker than the paper around it, as a share of the darkest."""
    small = cv2.resize(grey, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (0, 0), 3)
    around = np.maximum(cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), 1).astype(np.float32)
    ink = np.clip(1.0 - grey / around, 0.0, 1.0).astype(np.float32)
    dark = ink[ink > 0.15]
    full = float(np.percentile(dark[:: max(1, dark.size // 20_000)], 80)) if dark.size else 1.0
    sharp: Ink = np.clip(ink / max(0.2, full), 0.0, 1.0)
    return sharp


def _warped(ink: Ink, other: Picture, to_one: npt.NDArray[np.float64], scale: float, shape: tuple[int, ...]) -> Ink:
    """The ink of the other page in the pixels of the one."""
    back = max(1.0, other.width) / ink.shape[1]
    moved = np.column_stack((to_one[:, :2] * back, to_one[:, 2])) * scale
    result: Ink = cv2.warpAffine(ink, moved, (shape[1], shape[0]), flags=cv2.INTER_LINEAR, borderValue=0.0)
    return result


def _sample(alike: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Words spread over the page, wide enough to hold three letters."""
    wide = alike[(alike[:, 2] - alike[:, 0]) > 1.2 * (alike[:, 3] - alike[:, 1])]
    return wide[:: max(1, len(wide) // _MEASURED)][:_MEASURED]


def _likeness(mine: Ink, theirs: Ink, box: npt.NDArray[np.float64]) -> _Place | None:
    """How alike the ink of a place is; None where too little ink is, or a stamp lies over it."""
    height, width = mine.shape
    left, top = max(0, int(box[0]) - 1), max(0, int(box[1]) - 1)
    right, bottom = min(width, int(box[2]) + 2), min(height, int(box[3]) + 2)
    if right - left < 6 or bottom - top < 6:
        return None
    blur = max(0.8, 0.07 * (bottom - top))
    here = cv2.GaussianBlur(mine[top:bottom, left:right], (0, 0), blur)
    wide = theirs[max(0, top - _SHIFT) : bottom + _SHIFT, max(0, left - _SHIFT) : right + _SHIFT]
    wide = cv2.GaussianBlur(wide, (0, 0), blur)
    if max(here.mean(), wide.mean()) < _LEAST_INK:
        return None
    fits = cv2.matchTemplate(wide, here, cv2.TM_CCOEFF_NORMED)
    y, x = divmod(int(fits.argmax()), fits.shape[1])
    there = wide[y : y + here.shape[0], x : x + here.shape[1]]
    least = _least_correlation(here, there)
    less, more = sorted((float(here.mean()), float(there.mean())))
    return None if least is None else _Place(least, less > _BOTH * more)


def _least_correlation(here: Ink, there: Ink) -> float | None:
    """The least of the correlations in windows as wide as a letter is high, where there is ink."""
    high = here.shape[0]
    size = (max(3, round(0.7 * high)), max(3, high))

    def mean(values: Ink) -> Ink:
        result: Ink = cv2.boxFilter(values, -1, size, borderType=cv2.BORDER_REFLECT)[high // 2]
        return result

    mine, theirs = mean(here), mean(there)
    spread = np.maximum(mean(here * here) - mine**2, 0), np.maximum(mean(there * there) - theirs**2, 0)
    has_ink = np.maximum(mine, theirs) > 0.4 * max(float(mine.max()), float(theirs.max()))
    if not has_ink.any():
        return None
    fits = (mean(here * there) - mine * theirs) / np.sqrt(spread[0] * spread[1] + 1e-5)
    worst = int(np.where(has_ink, fits, np.inf).argmin())
    lost, added = (float(mean(np.maximum(more, 0))[worst]) for more in (here - there, there - here))
    if _is_overlay(float(mine[worst]), float(theirs[worst]), lost, added):
        return None
    return float(fits[worst])


def _is_overlay(mine: float, theirs: float, lost: float, added: float) -> bool:
    """Whether one page has all ink of the other there and much more: a stamp or a stroke over it, which says nothing of what is
    under it. An 8 has a quarter more ink than a 3, and a fax thickens every stroke by half."""
    less, more = min(mine, theirs), max(mine, theirs)
    return less > 0.25 * more and min(lost, added) < 0.15 * more and max(lost, added) > 0.9 * less


def _uncovered(ink: Ink, boxes: npt.NDArray[np.float64]) -> Ink:
    """The ink outside of these boxes and of ruled lines, at half the resolution and a little blurred."""
    half: Ink = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    for left, top, right, bottom in boxes / 2:
        half[max(0, int(top) - 2) : max(0, int(bottom) + 3), max(0, int(left) - 2) : max(0, int(right) + 3)] = 0
    strokes = (half > 0.35).astype(np.uint8)
    for size in ((25, 1), (1, 25)):
        rules = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, np.ones(size, np.uint8))
        half[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = 0
    edge = _CELL // 2
    half[:edge] = half[-edge:] = half[:, :edge] = half[:, -edge:] = 0  # shades of the paper's edge
    return half


def _other_cells(mine: Ink, theirs: Ink) -> int:
    """How many cells hold ink on both pages, and not the same."""
    return sum(_is_other(mine, theirs, top, left) for top, left in _cells_with_ink(mine, theirs))


def _cells_with_ink(mine: Ink, theirs: Ink) -> Iterator[tuple[int, int]]:
    rows, columns = mine.shape[0] // _CELL, mine.shape[1] // _CELL
    both = [
        cv2.resize((ink > 0.35).astype(np.float32)[: rows * _CELL, : columns * _CELL], (columns, rows), interpolation=cv2.INTER_AREA)
        for ink in (mine, theirs)
    ]  # fmt: skip
    for row, column in zip(*np.nonzero(np.minimum(*both) > _CELL_INK), strict=True):
        yield int(row) * _CELL, int(column) * _CELL


def _is_other(mine: Ink, theirs: Ink, top: int, left: int) -> bool:
    here = cv2.GaussianBlur(mine[top : top + _CELL, left : left + _CELL], (0, 0), 1.0)
    wide = cv2.GaussianBlur(theirs[max(0, top - 4) : top + _CELL + 4, max(0, left - 4) : left + _CELL + 4], (0, 0), 1.0)
    return float(cv2.matchTemplate(wide, here, cv2.TM_CCOEFF_NORMED).max()) < _CELL_OTHER
