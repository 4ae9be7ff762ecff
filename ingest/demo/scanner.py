"""What scanners do to paper: skew, turns, noise, fading, shadows, fax. Pure functions on grey pages."""

import io
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image as Pillow

from ocr.imaging import Image, cv2

_DRAWN = time.gmtime(1_700_000_000)
"""The date in drawn PDFs, so that the same seed draws the same bytes."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One way of scanning badly: its name, what it does to a page, and the resolution it leaves."""

    name: str
    apply: Callable[[Image, random.Random], Image]
    dpi: tuple[int, int] = (300, 300)


def _office(page: Image, rng: random.Random) -> Image:
    return _noisy(cv2.GaussianBlur(_tilt(page, rng.uniform(-0.6, 0.6)), (0, 0), 0.7), rng, 3)


def _skewed(page: Image, rng: random.Random) -> Image:
    return _noisy(_tilt(page, rng.choice((-1, 1)) * rng.uniform(1.5, 5)), rng, 2)


def _faded(page: Image, rng: random.Random) -> Image:
    light = 255 - (255 - page.astype(np.float32)) * rng.uniform(0.28, 0.42)
    return _noisy(light.astype(np.uint8), rng, 3)


def _shadow(page: Image, rng: random.Random) -> Image:
    width = page.shape[1]
    slope = np.linspace(1.0, rng.uniform(0.5, 0.7), width, dtype=np.float32)[None, :]
    return _noisy((page * slope).astype(np.uint8), rng, 2)


def _turned(page: Image, rng: random.Random) -> Image:
    return np.ascontiguousarray(np.rot90(_office(page, rng), rng.choice((1, 2, 3))))


def _low(page: Image, rng: random.Random) -> Image:
    small = cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return _noisy(small, rng, 2)


def _fax(page: Image, rng: random.Random) -> Image:
    small = cv2.resize(
        _tilt(page, rng.uniform(-0.4, 0.4)), None, fx=204 / 300, fy=196 / 300, interpolation=cv2.INTER_AREA
    )
    result: Image = ((small > 150) * 255).astype(np.uint8)
    return result


def _speckled(page: Image, rng: random.Random) -> Image:
    noise = np.random.default_rng(rng.randrange(2**31)).random(page.shape)
    spoiled = page.copy()
    spoiled[noise < 0.0012] = 0
    return spoiled


DAMAGES: tuple[Damage, ...] = (
    Damage("clean", lambda page, rng: page),
    Damage("office", _office),
    Damage("skewed", _skewed),
    Damage("turned", _turned),
    Damage("faded", _faded),
    Damage("shadow", _shadow),
    Damage("150dpi", _low, (150, 150)),
    Damage("fax", _fax, (204, 196)),
    Damage("speckled", _speckled),
)


def by_name(name: str) -> Damage:
    """The row of a damage."""
    return next(damage for damage in DAMAGES if damage.name == name)


def write_tiff(pages: list[Image], dpi: tuple[int, int], *, bitonal: bool) -> bytes:
    """A multi-page TIFF: G4 for bitonal pages, LZW for grey ones."""
    pictures = [Pillow.fromarray(page) for page in pages]
    if bitonal:
        pictures = [picture.convert("1") for picture in pictures]
    out = io.BytesIO()
    compression = "group4" if bitonal else "tiff_lzw"
    pictures[0].save(out, "TIFF", save_all=True, append_images=pictures[1:], compression=compression, dpi=dpi)
    return out.getvalue()


def write_pdf(pages: list[Image], dpi: tuple[int, int]) -> bytes:
    """An image-only PDF, as scanners send it."""
    pictures = [Pillow.fromarray(page) for page in pages]
    out = io.BytesIO()
    pictures[0].save(
        out, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi[0], quality=80,
        creationDate=_DRAWN, modDate=_DRAWN,
    )  # fmt: skip
    return out.getvalue()


def write_jpeg(page: Image, dpi: tuple[int, int]) -> bytes:
    """A JPEG with its resolution."""
    out = io.BytesIO()
    Pillow.fromarray(page).save(out, "JPEG", quality=85, dpi=dpi)
    return out.getvalue()


def _tilt(page: Image, degrees: float) -> Image:
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    result: Image = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    return result


def _noisy(page: Image, rng: random.Random, deviation: float) -> Image:
    noise = np.random.default_rng(rng.randrange(2**31)).normal(0, deviation, page.shape)
    return np.clip(page + noise, 0, 255).astype(np.uint8)
