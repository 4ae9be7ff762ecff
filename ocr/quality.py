"""How well a page could be read, why not better, and whether scanning it again would help."""

from collections.abc import Sequence

import numpy as np

from ocr.clean.measure import Measurement
from ocr.clean.sketch import Sketch
from ocr.imaging import cv2
from ocr.page import Agreement, Mark, MarkKind, Word

NEEDS_RESCAN = 0.75
"""Share of right words under which a page is worth its way back to the scanner: one word in four is wrong."""


def page_quality(words: Sequence[Word]) -> float:
    """Expected share of right words, 0 to 1: the mean of their confidences, which are calibrated."""
    real = [word.confidence for word in words if any(c.isalnum() for c in word.text)]
    return round(float(np.mean(real)), 3) if real else 0.0


_GARBAGE = 0.1
"""Expected share of right words under which nothing on a page is a word: texture, mirrored print and grids have 0.00 to 0.08."""

_ONE_WORD, _IN_DOUBT = 1.0, 0.5
"""Expected number of right words and their share, under which a page of a few words more likely has none at all."""


def is_garbage(words: Sequence[Word]) -> bool:
    """Whether what was read is more likely no word at all than words read badly."""
    share = page_quality(words)
    return share < _GARBAGE or (share < _IN_DOUBT and sum(word.confidence for word in words) < _ONE_WORD)


_MARKS_A_BOX = frozenset("xX")
"""Letters that people write into boxes; what ticks a box is kept, however it was read."""


def is_stray(word: Word) -> bool:
    """Whether a single letter or sign is more likely none: ring of a tick box, rule of a form, fold of the paper.

    Only one recogniser saw it, and its own chance is under one half. On 21 medical pages read by eye 41 of 47 such
    words were none. Digits are kept.
    """
    letters = [c for c in word.text if c.isalnum()]
    is_single = not letters or (len(letters) == 1 and not letters[0].isdigit() and letters[0] not in _MARKS_A_BOX)
    return is_single and word.confidence < 0.5 and word.agreement in (Agreement.NOT_ASKED, Agreement.SILENT)


def weaknesses(look: Measurement, sketch: Sketch, marks: Sequence[Mark], dpi: int) -> tuple[str, ...]:
    """What is wrong with the image, worst first; `handwriting` is of the paper, the others of the scan."""
    found = {
        "low resolution": dpi < 140,
        "low contrast": 0 < look.contrast < 60,
        "blurred": sharpness(sketch) < _SHARP,
        "noise": look.noise > 12 or look.speckle > 1500,
        "shadow": look.shade > 90,
        "cut off": _cut_off(sketch),
        "handwriting": _handwriting_share(sketch, marks) > 0.25,
    }
    return tuple(name for name, is_so in found.items() if is_so)


_SHARP = 0.92
"""Sharpness of every clean, faded, faxed and enlarged page is 0.94 and more, with motion over 7 pixels 0.69 to 0.90."""


def sharpness(sketch: Sketch) -> float:
    """How steep the edges of the ink are, as a share of the contrast between ink and paper; 1 and more is crisp."""
    if not sketch.contrast:
        return 1.0
    across = np.abs(cv2.Sobel(sketch.small, cv2.CV_32F, 1, 0, ksize=1))
    steep = across[sketch.ink > 0]
    return float(np.percentile(steep, 90)) / sketch.contrast if steep.size > 200 else 1.0


def _cut_off(sketch: Sketch) -> bool:
    """Three letters or more run over the same edge of the image."""
    letters = sketch.letters
    height, width = sketch.ink.shape
    left, top, wide, high = (letters[:, i] for i in range(4))
    edges = (left <= 0, top <= 0, left + wide >= width, top + high >= height)
    return any(int(edge.sum()) >= 3 for edge in edges)


def _handwriting_share(sketch: Sketch, marks: Sequence[Mark]) -> float:
    written = sum(
        float(sketch.ink[round(b.top * f) : round(b.bottom * f), round(b.left * f) : round(b.right * f)].sum())
        for b, f in ((mark.box, sketch.factor) for mark in marks if mark.kind is MarkKind.HANDWRITING)
    )
    return written / max(1.0, float(sketch.ink.sum()))


def rescan_reason(quality: float, weak: Sequence[str]) -> str:
    """The sentence that suggests a rescan, or nothing: bad reading alone, of handwriting say, is not cured by one."""
    of_the_scan = [name for name in weak if name != "handwriting"]
    if quality >= NEEDS_RESCAN or not of_the_scan:
        return ""
    return f"Rescan suggested: about {quality:.0%} of the words can be read ({', '.join(of_the_scan)})."
