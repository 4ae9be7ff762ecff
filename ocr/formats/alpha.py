"""Transparency: a mask is obeyed, a channel that masks nothing is not."""

from typing import Any

import numpy as np
from PIL import Image as Pillow

_SHOWS = 24
"""Spread of grey levels from which a picture has something on it."""


def without_alpha(picture: Any, *, is_premultiplied: bool = False) -> Any:
    """The picture on white, as a viewer shows it; its bare colours where the alpha channel would make all of it vanish.

    Scanning programs write a fourth channel of zeros that nobody reads; taken for transparency, the page would be blank.
    """
    full = picture.convert("RGBA")
    alpha = full.getchannel("A")
    if alpha.getextrema()[0] == 255:
        return full.convert("RGB")
    if is_premultiplied:
        colours = np.asarray(full, np.uint16)
        on_white = Pillow.fromarray(np.minimum(colours[..., :3] + 255 - colours[..., 3:], 255).astype(np.uint8))
    else:
        on_white = Pillow.new("RGBA", full.size, "white")
        on_white.alpha_composite(full)
    bare = full.convert("RGB")
    return bare if _spread(on_white) < _SHOWS <= _spread(bare) else on_white.convert("RGB")


def _spread(picture: Any) -> float:
    """Grey levels between the 0.02th and the 99.98th percentile of a picture: one odd corner is no content."""
    low, high = np.percentile(np.asarray(picture.convert("L"))[::2, ::2], (0.02, 99.98))
    return float(high - low)
