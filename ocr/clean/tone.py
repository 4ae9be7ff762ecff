"""Tone and scale steps as one ordered table: when each helps (measured numbers), and what it does.

No step helps on every page, and binarisers ruin faint or noisy ones (FINDINGS §1), so each has its
condition. Costs are milliseconds for a 300-dpi letter page on the machine of FINDINGS.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ocr.clean.measure import Look
from ocr.imaging import Image, cv2, scaled


@dataclass(frozen=True, slots=True)
class Step:
    """One cleaning step: its name in the recipe, when it is worth it, what it does, what it costs."""

    name: str
    helps: Callable[[Look], bool]
    apply: Callable[[Image, Look], Image]
    milliseconds: int


def _flatten(grey: Image, look: Look) -> Image:
    factor = 0.25
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 41)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    result: Image = cv2.divide(grey, np.maximum(paper, 1), scale=245)
    return result


def _stretch(grey: Image, look: Look) -> Image:
    low, high = (float(v) for v in np.percentile(grey[::4, ::4], (0.5, 60)))
    if high - low < 8:
        return grey
    table = np.clip((np.arange(256) - low) * (250.0 / (high - low)), 0, 255).astype(np.uint8)
    result: Image = cv2.LUT(grey, table)
    return result


def _median(grey: Image, look: Look) -> Image:
    result: Image = cv2.medianBlur(grey, 3)
    return result


def _smooth(grey: Image, look: Look) -> Image:
    result: Image = cv2.GaussianBlur(grey, (0, 0), 1.0)
    return result


def _enlarge(grey: Image, look: Look) -> Image:
    return scaled(grey, enlargement(look))


def enlargement(look: Look) -> float:
    """By how much a low-resolution page is enlarged: towards 300 dpi, at most two and a half times."""
    return float(np.clip(300 / max(look.dpi, 1), 1.0, 2.5)) if look.dpi < 220 else 1.0


STEPS: tuple[Step, ...] = (
    # 5 dots a million pixels are dust; 60 are a dirty glass. Median 3 took speckle from .254 to .025.
    Step("median", lambda look: look.speckle > 60 and look.dpi >= 200 and not look.is_bitonal, _median, 2),
    # Shadow: .495 to .039. Even paper has a spread under 20 grey levels.
    Step("flatten", lambda look: look.shade > 40 and not look.is_bitonal, _flatten, 26),
    # Gaussian noise .765 to .030, low contrast .341 to .023; at 150 dpi it hurts.
    Step(
        "smooth",
        lambda look: (
            not look.is_bitonal and look.dpi >= 200 and (look.noise > 7 or (look.contrast < 60 and look.noise > 1.5))
        ),
        _smooth,
        9,
    ),
    # Faded toner: .290 to .161.
    Step("stretch", lambda look: not look.is_bitonal and 0 < look.contrast < 120, _stretch, 10),
    # 150 dpi .046 to .029, 100 dpi .367 to .242, fax .573 to .391.
    Step("enlarge", lambda look: enlargement(look) > 1.0, _enlarge, 2),
)


def clean(grey: Image, look: Look) -> tuple[Image, tuple[str, ...]]:
    """The page as it is read best, and the names of the steps that were applied."""
    applied = [step for step in STEPS if step.helps(look)]
    for step in applied:
        grey = step.apply(grey, look)
    return grey, tuple(step.name for step in applied)
