"""Coloured forms: the ink of the form is dropped out so that what was written on it reads by itself.

Claim forms such as the CMS-1500 are printed in red for scanners that do not see red; in grey levels their lines run
through every value (10 of 20 values of a filled form were read, and 18 with the colour dropped out).
"""

import numpy as np

from ocr.imaging import Image

_COLOURED = 60
"""Levels between the strongest and the weakest channel from which a pixel is coloured ink; tinted paper has under 60."""

_FORM = (0.02, 0.5)
"""Share of coloured pixels on a coloured form: a stamp or a letterhead has less, a coloured sheet more."""


def form_channel(sheet: Image) -> int | None:
    """The channel (0 blue, 1 green, 2 red) in which the form's ink is as light as paper, or None when this is no coloured form."""
    if sheet.ndim == 2:
        return None
    sample = sheet[::4, ::4].reshape(-1, 3)
    strongest = sample.max(axis=1)
    coloured = strongest.astype(np.int16) - sample.min(axis=1) > _COLOURED
    share = float(coloured.mean())
    if not _FORM[0] <= share <= _FORM[1]:
        return None
    levels = sample[coloured].mean(axis=0)
    paper = float(np.median(strongest[~coloured])) if not coloured.all() else 255.0
    channel = int(np.argmax(levels))
    return channel if levels[channel] > 0.75 * paper else None


def dropped_out(sheet: Image, channel: int) -> Image:
    """The sheet in grey levels, seen through the colour of its form."""
    return np.ascontiguousarray(sheet[:, :, channel])
