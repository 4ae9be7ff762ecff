"""Cleaning steps as one ordered table: when each helps (measured numbers), and what it does.

No step helps on every page, and binarisers ruin faint or noisy ones (docs/evidence.md), so each has its
condition. Costs are milliseconds for a 300-dpi letter page on a two-core machine.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ocr.clean import rules
from ocr.clean.dirt import Dirt, painted_over
from ocr.clean.geometry import Placed
from ocr.clean.measure import Measurement, ink_share
from ocr.clean.sketch import Sketch
from ocr.imaging import Image, cv2, scaled
from ocr.page import Box


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is known of a page when it is cleaned; `frames` are tick boxes in its pixels.

    The rules of a form printed in colour stay: what is written on it is read with its colour dropped out.
    """

    look: Measurement
    dirt: Dirt
    sketch: Sketch
    frames: tuple[Box, ...] = ()
    is_coloured: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One cleaning step: its name in the recipe, when it is worth it, what it does, what it costs."""

    name: str
    helps: Callable[[Seen], bool]
    apply: Callable[[Image, Seen], Image]
    milliseconds: int


def _over(mask: Image | None, grey: Image, seen: Seen) -> Image:
    return grey if mask is None else painted_over(grey, seen.sketch, mask)


def _without_frames(grey: Image, seen: Seen) -> Image:
    """Frames of tick boxes are read as [] or C], and take the word beside them along."""
    grey = grey.copy()
    factor = grey.shape[1] * seen.sketch.factor / seen.sketch.small.shape[1]
    for frame in seen.frames:
        left, top, right, bottom = (round(edge * factor) for edge in frame)
        around = grey[max(0, top - 2) : bottom + 3, max(0, left - 2) : right + 3]
        if around.size:
            around[:] = int(np.percentile(around, 95))
    return grey


def _without_rules(grey: Image, seen: Seen) -> Image:
    return rules.without_rules(grey, seen.look.dpi * grey.shape[1] * seen.sketch.factor / seen.sketch.small.shape[1])


def _median(grey: Image, seen: Seen) -> Image:
    result: Image = cv2.medianBlur(grey, 3)
    return result


def _flatten(grey: Image, seen: Seen) -> Image:
    factor = 0.25
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 41)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    result: Image = cv2.divide(grey, np.maximum(paper, 1), scale=245)
    return result


def _stretch(grey: Image, seen: Seen) -> Image:
    """Paper white and ink black; on a page with little ink the darkest pixel of 200 is paper, so the contrast counts, too."""
    low, high = (float(v) for v in np.percentile(grey[::4, ::4], (0.5, 60)))
    low = min(low, high - seen.look.contrast)
    if high - low < 8:
        return grey
    table = np.clip((np.arange(256) - low) * (250.0 / (high - low)), 0, 255).astype(np.uint8)
    result: Image = cv2.LUT(grey, table)
    return result


_SPARSE_INK, _FEW_LETTERS = 0.0075, 40
"""Share of a page that is clearly darker than its paper, and pieces of a letter's size on it, under which the engine finds
the grain instead of the ink. Worn empty sides have up to 0.006 and under 12; a short letter of low contrast has hundreds."""

_GRAIN = 4.0
"""Standard deviations of the grain that are paper; one pixel in 30,000 lies below."""

_DROWNED = 8.0
"""Contrast over noise under which faint ink is grain or shines through; faded and low contrast pages have 11 to 30."""

_LEAST_INK = 40.0
"""Grey levels that are stretched to black at most; less is made of grain."""


def _has_more_grain_than_ink(seen: Seen) -> bool:
    look = seen.look
    if look.is_bitonal or look.noise < 1.5 or look.contrast >= 120:
        return False
    if ink_share(seen.sketch) >= _SPARSE_INK:
        return False
    is_drowned = look.contrast < _DROWNED * look.noise
    return is_drowned or len(seen.sketch.letters) < _FEW_LETTERS


def _whiten(grey: Image, seen: Seen) -> Image:
    """The page with its grain white, its ink as dark as it stands out from that."""
    paper = cv2.resize(seen.sketch.paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    grain = _GRAIN * seen.look.noise
    gain = 250.0 / max(_LEAST_INK, seen.look.contrast - grain)
    darker = np.maximum(cv2.subtract(paper, grey).astype(np.float32) - grain, 0.0)
    result: Image = np.clip(255.0 - gain * darker, 0, 255).astype(np.uint8)
    return result


def _smooth(grey: Image, seen: Seen) -> Image:
    result: Image = cv2.GaussianBlur(grey, (0, 0), 1.0)
    return result


def _reduce(grey: Image, seen: Seen) -> Image:
    wanted = seen.sketch.small.shape[1] / seen.sketch.factor * reading_factor(seen.look)
    return scaled(grey, min(1.0, wanted / grey.shape[1]))


def reading_factor(look: Measurement) -> float:
    """The size at which letters are read best, as a share of the page's own.

    Low resolutions are enlarged towards 300 dpi (at 150 dpi errors fall from .023 to .012, at 100 dpi
    to a third; ×3 is no better than ×2.5), large letters less. A good page whose smallest letters are
    larger than they need be is reduced: at 0.75 the errors of 10-point print stay and a sixth of the time goes.
    """
    if look.dpi < 220:
        larger = 300 / max(look.dpi, 1)
        if look.letter_height:
            larger = min(larger, max(1.0, 34 / look.letter_height))
        return float(np.clip(larger, 1.0, 2.5))
    is_good = look.contrast >= 120 and look.noise < 7 and not look.is_bitonal
    if is_good and look.small_letters > 1.05 * _READABLE:
        return float(max(0.5, _READABLE / look.small_letters))
    return 1.0


_THICK_STROKES = 18.0
"""Pixels that letters are high from which a stroke (a sixth of that) outlives a median over three pixels, and no part of a
letter is as small as a spot. On forms of 100 dpi, whose letters are 8 pixels high, both wiped whole words."""


def _has_spots(seen: Seen) -> bool:
    return seen.dirt.spots is not None and _has_thick_strokes(seen)


def _has_thick_strokes(seen: Seen) -> bool:
    """Whether letters outlive it; a page with too few letters to measure (0) has nothing to lose."""
    return not 0 < seen.look.letter_height < _THICK_STROKES


_READABLE = 17.0
"""Pixels that the smaller letters of a page (x-height and punctuation apart) are left with."""


STEPS: tuple[Step, ...] = (
    Step("edges", lambda seen: seen.dirt.edges is not None, lambda grey, seen: _over(seen.dirt.edges, grey, seen), 10),
    Step("holes", lambda seen: seen.dirt.holes is not None, lambda grey, seen: _over(seen.dirt.holes, grey, seen), 10),
    Step("spots", _has_spots, lambda grey, seen: _over(seen.dirt.spots, grey, seen), 10),
    # Frames were most of the words that were made up on forms.
    Step("frames", lambda seen: bool(seen.frames), _without_frames, 2),
    # Typed on ruled paper: see the table in docs/reading.md.
    Step("rules", lambda seen: not seen.is_coloured and rules.is_ruled(seen.sketch), _without_rules, 30),
    # Median 3 took speckle from .254 to .025 and dirt from .101 to .068; clean pages show under 30 lone
    # dots a million pixels.
    Step(
        "median",
        lambda seen: (
            _has_spots(seen) or (seen.look.speckle > 150 and not seen.look.is_bitonal and _has_thick_strokes(seen))
        ),
        _median,
        2,
    ),
    # Shadow: .495 to .039. Even paper has a spread under 20 grey levels.
    Step("flatten", lambda seen: seen.look.shade > 40 and not seen.look.is_bitonal, _flatten, 26),
    # Gaussian noise .765 to .030, low contrast .341 to .023; at 150 dpi it hurts.
    Step(
        "smooth",
        lambda seen: (
            not seen.look.is_bitonal
            and seen.look.dpi >= 200
            and (seen.look.noise > 7 or (seen.look.contrast < 60 and seen.look.noise > 1.5))
        ),
        _smooth,
        9,
    ),
    # Grain of 4 to 9 grey levels on empty sides: 23 to 63 s of reading to under 1 s, 4 to 13 invented words to none.
    Step("whiten", _has_more_grain_than_ink, _whiten, 25),
    # Faded toner: .290 to .161.
    Step(
        "stretch",
        lambda seen: not seen.look.is_bitonal and 0 < seen.look.contrast < 120 and not _has_more_grain_than_ink(seen),
        _stretch,
        10,
    ),
    # 150 dpi .046 to .029, 100 dpi .367 to .242, fax .573 to .391.
    Step(
        "enlarge",
        lambda seen: reading_factor(seen.look) > 1.0,
        lambda grey, seen: scaled(grey, reading_factor(seen.look)),
        5,
    ),
    # Enlarged dots are stairs: coarse fax .072 to .053.
    Step("soften", lambda seen: seen.look.is_bitonal and reading_factor(seen.look) > 1.0, _median, 2),
    Step("reduce", lambda seen: reading_factor(seen.look) < 1.0, _reduce, 5),
)


def clean(page: Placed, seen: Seen) -> tuple[Image, tuple[str, ...]]:
    """The page as it is read best, in grey, and the names of the steps that were applied."""
    applied = [step for step in STEPS if step.helps(seen)]
    factor = reading_factor(seen.look)
    if factor < 1.0 and not {"median", "smooth"} & {step.name for step in applied}:
        grey = page.render(page.grey, factor)  # sampled once: straightened and reduced
    else:
        grey = page.render(page.grey)
    for step in applied:
        grey = step.apply(grey, seen)
    return grey, tuple(step.name for step in applied)
