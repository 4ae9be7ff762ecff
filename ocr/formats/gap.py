"""What a decoder leaves out without saying so: a picture that is not all there."""

from dataclasses import dataclass

import numpy as np

from ocr.imaging import Image


@dataclass(frozen=True, slots=True)
class Gap:
    """A picture that decodes and is not all there. `share` is how much of its height is, 0.0 to 1.0, None when
    that cannot be told; `why` ends the sentence for staff; `is_coarse` when all of it is there, less fine than it was."""

    why: str
    share: float | None = None
    is_coarse: bool = False

    @property
    def sentence(self) -> str:
        """What staff reads."""
        there = "" if self.share is None else f" About {self.share:.0%} of it is there."
        return f"The picture of this page is not whole: {self.why}.{there} Scan the page again, or ask the sender for a new copy."


def rows_there(grey: Image) -> float:
    """Share of the rows above the flat rest that decoders fill a cut picture with; 1.0 when the last row is no filling.

    libjpeg repeats the last block's grey, libtiff and zlib leave zeros: rows at the end with one value each.
    """
    if grey.size == 0:
        return 0.0
    flat = np.ptp(grey, axis=1) <= 2
    last = len(flat) - int(np.argmin(flat[::-1])) if not flat.all() else 0
    return round(last / len(flat), 3)
