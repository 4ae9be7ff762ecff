"""What can be wrong with a scan, one row each: what it does to a 300-dpi page, and the resolution it leaves."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ocr.imaging import Image, cv2, to_grey


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of bad scan. `turn` is what makes it upright again, in degrees clockwise."""

    name: str
    apply: Callable[[Image, np.random.Generator], Image]
    dpi: tuple[int, int] = (300, 300)
    turn: int = 0


Rng = np.random.Generator


def _noisy(page: Image, rng: Rng, deviation: float) -> Image:
    return np.clip(page + rng.normal(0, deviation, page.shape), 0, 255).astype(np.uint8)


def _tilt(page: Image, degrees: float) -> Image:
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    result: Image = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    return result


def _office(page: Image, rng: Rng) -> Image:
    return _noisy(cv2.GaussianBlur(_tilt(page, rng.uniform(-0.6, 0.6)), (0, 0), 0.7), rng, 3)


def _toned(page: Image, ink: float, paper: float) -> Image:
    """Ink and paper at these grey levels."""
    return (ink + (paper - ink) * (page.astype(np.float32) / 255)).astype(np.uint8)


def _shadow(page: Image, rng: Rng) -> Image:
    across = np.linspace(1.0, rng.uniform(0.4, 0.6), page.shape[1], dtype=np.float32)
    slope = across[None, :, None] if page.ndim == 3 else across[None, :]
    return _noisy((page * slope).astype(np.uint8), rng, 2)


def _tint(page: Image, rng: Rng) -> Image:
    colour = page if page.ndim == 3 else cv2.cvtColor(page, cv2.COLOR_GRAY2BGR)
    paper = np.array(((150, 220, 245), (235, 215, 160), (190, 235, 190))[rng.integers(3)], np.float32) / 255
    return _noisy((colour * paper).astype(np.uint8), rng, 3)


def _speckle(page: Image, rng: Rng) -> Image:
    spoiled = page.copy()
    spots = rng.random(page.shape[:2])
    spoiled[spots < 0.004] = 0
    spoiled[spots > 0.998] = 255
    return spoiled


def _dirt(page: Image, rng: Rng) -> Image:
    spoiled = np.ascontiguousarray(page.copy())
    height, width = page.shape[:2]
    for _ in range(900):
        at = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(spoiled, at, int(rng.integers(1, 4)), (30, 30, 30), -1)
    return _noisy(spoiled, rng, 4)


def _fax(page: Image, rng: Rng, down: int) -> Image:
    grey = to_grey(_tilt(page, rng.uniform(-0.4, 0.4)))
    small = cv2.resize(grey, None, fx=204 / 300, fy=down / 300, interpolation=cv2.INTER_AREA)
    result: Image = ((small > 160) * 255).astype(np.uint8)
    return result


def _smaller(page: Image, rng: Rng, dpi: int, deviation: float) -> Image:
    small = cv2.resize(page, None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_AREA)
    return _noisy(small, rng, deviation)


def _low_form(page: Image, rng: Rng) -> Image:
    """A form copied and mailed about: 100 dpi, soft, noisy, squeezed as JPEG."""
    return _squeezed(_smaller(cv2.GaussianBlur(page, (0, 0), 1.2), rng, 100, 6), 45)


def _squeezed(page: Image, quality: int) -> Image:
    data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    result: Image = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    return result


def _motion(page: Image, rng: Rng) -> Image:
    kernel = np.zeros((7, 7), np.float32)
    kernel[3, :] = 1 / 7
    return _noisy(cv2.filter2D(page, -1, kernel), rng, 3)


def _black_edges(page: Image, rng: Rng) -> Image:
    """A sheet on an open lid: black all round, tilted, with the shade of the paper's edge."""
    height, width = page.shape[:2]
    lid = np.full((height + 240, width + 300, *page.shape[2:]), 12, np.uint8)
    lid[120:-120, 150:-150] = page
    turn = cv2.getRotationMatrix2D((lid.shape[1] / 2, lid.shape[0] / 2), rng.uniform(-2, 2), 1.0)
    return _noisy(cv2.warpAffine(lid, turn, lid.shape[1::-1], borderValue=(12, 12, 12)), rng, 3)


def _holes(page: Image, rng: Rng) -> Image:
    """Three punch holes with shadows, a staple's shadow in the corner, a dark strip at one side."""
    spoiled = np.ascontiguousarray(page.copy())
    for y in (400, 1650, 2900):
        cv2.circle(spoiled, (90, y), 42, (20, 20, 20), -1)
    cv2.line(spoiled, (150, 130), (290, 60), (60, 60, 60), 9)
    spoiled[:, :25] = 25
    return _noisy(spoiled, rng, 3)


def _ruled(page: Image, rng: Rng) -> Image:
    """Typed on ruled paper: grey lines 7 mm apart and a margin line, running where they will through the letters."""
    spoiled = np.ascontiguousarray(page.copy())
    height, width = page.shape[:2]
    for y in range(int(rng.integers(60, 140)), height, 83):
        cv2.line(spoiled, (0, y), (width, y), (120, 120, 120), 3)
    cv2.line(spoiled, (330, 0), (330, height), (120, 120, 120), 3)
    return _noisy(np.minimum(spoiled, page), rng, 3)


def _turned(page: Image, rng: Rng, turns: int) -> Image:
    return np.ascontiguousarray(np.rot90(_office(page, rng), turns))


DAMAGES: tuple[Damage, ...] = (
    Damage("clean", lambda page, rng: page),
    Damage("office", _office),
    Damage("skew", lambda page, rng: _noisy(_tilt(page, rng.choice((-1, 1)) * rng.uniform(1, 6)), rng, 2)),
    Damage("steep", lambda page, rng: _tilt(page, rng.choice((-1, 1)) * rng.uniform(8, 14))),
    Damage("low contrast", lambda page, rng: _noisy(_toned(page, 150, 200), rng, 4)),
    Damage("faded", lambda page, rng: _noisy(_toned(page, 255 - 255 * rng.uniform(0.2, 0.4), 255), rng, 3)),
    Damage("shadow", _shadow),
    Damage("tint", _tint),
    Damage("speckle", _speckle),
    Damage("noise", lambda page, rng: _noisy(page, rng, 35)),
    Damage("dirt", _dirt),
    Damage("fax fine", lambda page, rng: _fax(page, rng, 196), (204, 196)),
    Damage("fax coarse", lambda page, rng: _fax(page, rng, 98), (204, 98)),
    Damage("200 dpi", lambda page, rng: _smaller(page, rng, 200, 3), (200, 200)),
    Damage("150 dpi", lambda page, rng: _smaller(page, rng, 150, 2), (150, 150)),
    Damage("100 dpi", lambda page, rng: _smaller(page, rng, 100, 2), (100, 100)),
    Damage("low form", _low_form, (100, 100)),
    Damage("squeezed", lambda page, rng: _squeezed(_office(page, rng), 18)),
    Damage("motion", _motion),
    Damage("black edges", _black_edges),
    Damage("holes", _holes),
    Damage("ruled", _ruled),
    Damage("turned 90", lambda page, rng: _turned(page, rng, 1), turn=90),
    Damage("turned 180", lambda page, rng: _turned(page, rng, 2), turn=180),
    Damage("turned 270", lambda page, rng: _turned(page, rng, 3), turn=270),
)


def by_name(name: str) -> Damage:
    """The row of a damage."""
    return next(damage for damage in DAMAGES if damage.name == name)
