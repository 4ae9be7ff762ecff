"""Dark paper: negatives of a whole page become positive; on other dark pages only the reading turns light and dark.

Microfilm and photostats are white on black; films and screens of an ultrasound are dark with light letters on them.
"""

from enum import StrEnum

import numpy as np

from ocr.clean.sketch import draw_sketch
from ocr.imaging import Image, scaled, to_grey

_DARK = 100
"""Grey level under which the paper of a page counts as dark; photographs of white paper in shade lie above."""

_LETTERS_SHARE = 0.5
"""Share of what is light on a negative that lies in pieces of the size of letters or rules; on a film it is one large shape."""


class Tone(StrEnum):
    """How light and dark lie on a page."""

    PAPER = "paper"
    NEGATIVE = "negative"
    DARK = "dark"


def tone_of(image: Image) -> Tone:
    """Whether a page is dark on light, a negative of such a page, or dark with other things on it: dark when two thirds are."""
    grey = to_grey(image)
    small = scaled(grey, min(1.0, 600 / max(grey.shape)))
    if np.percentile(small, 66) >= _DARK:
        return Tone.PAPER
    sketch = draw_sketch(255 - grey, round(max(grey.shape) / 11))
    if not len(sketch.letters):
        return Tone.PAPER if float((small > 60).mean()) < 0.0005 else Tone.DARK
    large = np.delete(sketch.parts, sketch.letter_rows, axis=0)
    strokes = large[np.minimum(large[:, 2], large[:, 3]) <= 12]  # rules
    light = float(sketch.parts[:, 4].sum())
    of_print = float(sketch.letters[:, 4].sum() + strokes[:, 4].sum())
    spread = float(np.percentile(small[small < 128], 90) - np.percentile(small[small < 128], 10))
    is_even = spread <= 40
    return Tone.NEGATIVE if is_even and of_print >= _LETTERS_SHARE * light and len(sketch.letters) >= 20 else Tone.DARK
