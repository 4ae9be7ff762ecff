"""Photographs of wounds, skin and scopes among the pages: what an engine for print makes of texture is no word.

Tesseract invents 20 to 500 words on such a picture, nearly all with a confidence under 0.2, in lines of their own.
"""

from collections.abc import Sequence

import numpy as np

from ocr.clean.geometry import Placed
from ocr.imaging import scaled, to_grey
from ocr.page import Word, mean_confidence

READS_BADLY = 0.5
"""Share of right words under which a picture is taken to be one; drawn photographs give 0.01 to 0.2, ultrasounds 0.9."""

_PAPER = 140
"""Grey level that two fifths of a sheet of paper reach, in shade too; skin in good light reaches it, but is coloured."""

_COLOURED, _COLOURED_SHARE = 25, 0.4
"""Levels between the strongest and the weakest colour of a pixel, and the share of a page that has so many."""

_UNEVEN = 30
"""Grey levels by which the ground of a picture changes; of a blank coloured side 20 at most (`tone.flatten` begins at 40)."""

_SURELY = 0.8
"""Confidence of the engine for words of three letters that make a line of print."""

_READ_WELL = 0.6
"""Mean confidence of a line of print; lines of texture have 0.1 to 0.4, with a sure word by chance."""


def is_picture(page: Placed) -> bool:
    """Whether a page is dark or coloured over much of it, as a photograph is and paper is not."""
    tiny = scaled(page.sheet, min(1.0, 300 / max(page.sheet.shape[:2])))
    if np.percentile(to_grey(tiny), 60) < _PAPER:
        return True
    return tiny.ndim == 3 and float((np.ptp(tiny, axis=2) > _COLOURED).mean()) >= _COLOURED_SHARE


def is_shaded_picture(page: Placed) -> bool:
    """Whether a page without ink is a picture all the same: no blank side, of coloured paper either, is so uneven."""
    low, high = np.percentile(page.sketch.paper[::4, ::4], (2, 98))
    return bool(high - low >= _UNEVEN) and is_picture(page)


def printed_lines(words: Sequence[Word]) -> frozenset[int]:
    """The lines of a picture that are print, such as what an ultrasound burns in: read well, with two sure words or a long one."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return frozenset(number for number, line in lines.items() if _is_print(line))


def _is_print(line: Sequence[Word]) -> bool:
    letters = [(word, sum(c.isalnum() for c in word.text)) for word in line]
    sure = [n for word, n in letters if word.confidence >= _SURELY and n >= 3 and n >= 0.7 * len(word.text)]
    return mean_confidence(line) >= _READ_WELL and (len(sure) >= 2 or max(sure, default=0) >= 5)
