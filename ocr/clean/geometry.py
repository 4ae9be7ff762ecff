"""Page geometry: square pixels, black edges off, quarter turns and straightening, and the way back.

Every step keeps an affine map from the page as it was loaded to the page as it is read, so that each
box can be shown on the original.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocr.clean.sketch import Sketch, draw_sketch, holds_letters, sketch_of
from ocr.clean.skew import MOST_SKEW, Skew, find_skew
from ocr.clean.turn import Turn, find_turn
from ocr.imaging import Image, cv2, scaled, to_grey, turned

Affine = npt.NDArray[np.float64]
"""3 × 3, from pixels of the page as loaded to pixels of this page."""

_WORTH_TURNING = 0.15  # degrees; below, straightening blurs more than it helps
_STEEP_IS_SURE = 4.0  # sharpness that a sheet more crooked than a feeder allows must show
_NEAR = 60  # pixels of the sketch (1 cm) beyond the lid in which light letters tell a banner or a film
_LEAST_LID = 6  # pixels of the sketch (1 mm); less is a ruled line
_NOT_LID = 10  # a light pixel speaks against lid as strongly as so many dark ones for it
_DARK = 70  # grey level under which an edge is lid or gap, not paper


@dataclass(frozen=True, slots=True)
class Placed:
    """A page on its way to the engine: `sheet` its pixels as loaded but square and without black edges,
    `grey` the same in grey levels, `transform` from there to the straight page of `width` × `height` pixels that `sketch` shows."""

    sheet: Image
    grey: Image
    dpi: int
    from_original: Affine
    transform: Affine
    width: int
    height: int
    sketch: Sketch
    rotation: int = 0
    skew_degrees: float = 0.0
    steps: tuple[str, ...] = ()

    @property
    def to_original(self) -> tuple[float, ...]:
        """The six numbers a, b, c, d, e, f of x' = ax + by + c, y' = dx + ey + f, from here to the page as loaded."""
        back = np.linalg.inv(self.transform @ self.from_original)
        return tuple(round(float(v), 6) for v in back[:2].ravel())

    def render(self, picture: Image, factor: float = 1.0) -> Image:
        """The straight page at a share of its size, from `sheet` or its grey levels; sampled once."""
        if self.skew_degrees == 0.0:
            return turned(scaled(picture, factor), self.rotation)
        transform = np.diag((factor, factor, 1.0)) @ self.transform
        if factor < 0.75:  # averaged first: a warp looks at the nearest pixels only
            picture = scaled(picture, factor)
            transform = transform @ np.diag((1 / factor, 1 / factor, 1.0))
        size = (round(self.width * factor), round(self.height * factor))
        how = cv2.INTER_CUBIC if factor > 0.9 else cv2.INTER_LINEAR
        result: Image = cv2.warpAffine(picture, transform[:2], size, flags=how, borderValue=_paper_of(picture))
        return result


@dataclass(frozen=True, slots=True)
class Pose:
    """How a page lies: the skew of its rows, the turn its letters vote for, and the sketch of it straight."""

    skew: Skew
    turn: Turn
    straight: Sketch


def place(image: Image, dpi: tuple[float, float], *, is_dark: bool = False) -> Placed:
    """The page with square pixels and without black edges, its sketch drawn; not yet turned.

    Of a dark page light and dark change places in the grey levels that are read, not in the picture that is kept.
    """
    sheet, said = squared(image, dpi)
    moved = np.diag((sheet.shape[1] / image.shape[1], sheet.shape[0] / image.shape[0], 1.0))
    steps: tuple[str, ...] = (*(("square",) if sheet is not image else ()), *(("dark",) if is_dark else ()))
    resolution = believable_dpi(sheet, said)
    grey = 255 - to_grey(sheet) if is_dark else to_grey(sheet)
    sketch = draw_sketch(grey, resolution)
    if not is_dark and (light := within_black_edges(sketch)) is not None:
        left, top, right, bottom = light
        sheet = np.ascontiguousarray(sheet[top:bottom, left:right])
        grey = to_grey(sheet)
        sketch = draw_sketch(grey, resolution)
        moved = np.array(((1.0, 0, -left), (0, 1, -top), (0, 0, 1))) @ moved
        steps = (*steps, "crop")
    return Placed(sheet, grey, resolution, moved, np.eye(3), sheet.shape[1], sheet.shape[0], sketch, steps=steps)


def estimate_pose(placed: Placed) -> Pose:
    """The skew and the turn that a page's writing shows."""
    skew = find_skew(placed.sketch)
    if abs(skew.degrees) < _WORTH_TURNING or (abs(skew.degrees) > MOST_SKEW and skew.sharpness < _STEEP_IS_SURE):
        return Pose(Skew(0.0, skew.sharpness, skew.runs_down), find_turn(placed.sketch), placed.sketch)
    small, _ = _straight(placed.sketch.small, skew.degrees)
    straight = sketch_of(small, placed.sketch.factor)
    return Pose(skew, find_turn(straight), straight)


def upright(placed: Placed, pose: Pose, degrees: int) -> Placed:
    """The page turned clockwise by 0, 90, 180 or 270 degrees and straightened by its skew."""
    height, width = placed.sheet.shape[:2]
    transform, (width, height) = _quarter(degrees, width, height)
    if pose.skew.degrees:
        tilt, (width, height) = _tilt(width, height, pose.skew.degrees)
        transform = tilt @ transform
    sketch = pose.straight.turned(degrees) if degrees else pose.straight
    return replace(
        placed,
        transform=transform,
        width=width,
        height=height,
        sketch=sketch,
        rotation=degrees,
        skew_degrees=pose.skew.degrees,
    )


def squared(image: Image, dpi: tuple[float, float]) -> tuple[Image, int]:
    """The page with as many dots down as across (fax is 204 × 98), and its dots per inch.

    A ratio above 3 is no scanner's (coarse fax is 2.1), so it is not believed.
    """
    across, down = dpi
    if across and down and not 0.97 < across / down < 1.03 and max(across, down) <= 3 * min(across, down):
        best = max(across, down)
        image = cv2.resize(image, None, fx=best / across, fy=best / down, interpolation=cv2.INTER_CUBIC)
        return image, round(best)
    return image, round(across) if across else 0


def believable_dpi(image: Image, said: int) -> int:
    """The scanner's word when it fits a sheet of paper, else a guess from a page 8.5 inches wide.

    Programs write 72 or 96 into files that know nothing; a letter page at that resolution would
    be 600 to 820 pixels wide.
    """
    short = min(image.shape[:2])
    guess = int(np.clip(round(short / 8.5), 60, 600))
    if said < 70 or said > 1250:
        return guess
    if said <= 100 and short > 1200:
        return guess
    return said


def within_black_edges(sketch: Sketch) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom in page pixels of what is left when rows and columns of lid are taken off.

    A row is lid when all of it is black: white letters on a black banner or film are content, and what is
    cut here is gone from the picture. None when there is no lid, or the page is dark all over.
    """
    height, width = sketch.small.shape
    dark = sketch.small < _DARK
    if not 0.005 < dark.mean() < 0.5:
        return None
    light = (sketch.small > 2 * _DARK) * _NOT_LID
    across = dark.mean(axis=1) - light.mean(axis=1)
    top, bottom = _first_light(across), height - _first_light(across[::-1])
    down = (dark[top:bottom].mean(axis=0)) - light[top:bottom].mean(axis=0)
    left, right = _first_light(down), width - _first_light(down[::-1])
    if (
        max(left, top, width - right, height - bottom) < _LEAST_LID
        or right - left < width / 2
        or bottom - top < height / 2
    ):
        return None
    bands = (
        dark[: top + _NEAR],
        dark[::-1][: height - bottom + _NEAR],
        dark.T[: left + _NEAR],
        dark.T[::-1][: width - right + _NEAR],
    )
    cut = (top, height - bottom, left, width - right)
    if any(deep and holds_letters(np.ascontiguousarray(band)) for deep, band in zip(cut, bands, strict=True)):
        return None
    return tuple(round(edge / sketch.factor) for edge in (left, top, right, bottom))  # type: ignore[return-value]


def _first_light(shares: npt.NDArray[np.float64]) -> int:
    light = np.nonzero(shares < 0.985)[0]
    return int(light[0]) if len(light) else 0


def _straight(image: Image, skew: float) -> tuple[Image, Affine]:
    """A picture turned back by its skew on a sheet large enough that no corner is cut, paper-coloured."""
    transform, size = _tilt(image.shape[1], image.shape[0], skew)
    result: Image = cv2.warpAffine(image, transform[:2], size, flags=cv2.INTER_LINEAR, borderValue=_paper_of(image))
    return result, transform


def _tilt(width: int, height: int, skew: float) -> tuple[Affine, tuple[int, int]]:
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = int(height * sin + width * cos), int(height * cos + width * sin)
    turn[0, 2] += wide / 2 - width / 2
    turn[1, 2] += high / 2 - height / 2
    return np.vstack((turn, (0.0, 0.0, 1.0))), (wide, high)


def _quarter(degrees: int, width: int, height: int) -> tuple[Affine, tuple[int, int]]:
    """Pixels are squares: the edge at `width` becomes the edge at 0."""
    if degrees == 90:
        return np.array(((0.0, -1, height), (1, 0, 0), (0, 0, 1))), (height, width)
    if degrees == 180:
        return np.array(((-1.0, 0, width), (0, -1, height), (0, 0, 1))), (width, height)
    if degrees == 270:
        return np.array(((0.0, 1, 0), (-1, 0, width), (0, 0, 1))), (height, width)
    return np.eye(3), (width, height)


def _paper_of(image: Image) -> tuple[int, int, int]:
    paper = int(np.percentile(to_grey(np.ascontiguousarray(image[::16, ::16])), 90))
    return paper, paper, paper
