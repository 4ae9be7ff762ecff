"""Which way up a page lies, from the shapes of its letters: a small network looks at each, all of them vote.

The network (16×16 pixels, 64 hidden units, 4 turns) was trained on printed letters by
benchmarks/train_turn.py; it costs 15 ms a page where Tesseract's own orientation costs a reading.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ocr.clean.sketch import Sketch
from ocr.imaging import Image, cv2

SIDE = 16
"""Pixels of the square that a letter is fitted into."""

_MOST_CHIPS = 200
_WEIGHTS = Path(__file__).with_name("turn.npz")

_SURE = ((12, 0.6), (100, 0.25))
"""Letters that voted, and the margin from which so many settle it."""

_FEW_LETTERS, _LIKELY = 4, 0.7
"""The same for a turn that is tried, and must read well."""

_DARKER, _ENOUGH = 2.0, 12
"""How many times darker than the median piece of ink letters are that vote alone, and the fewest that do. Light pieces of
a grid or of speckle outnumber the letters of a tracing's header or of what a film has burnt in."""

Chips = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Turn:
    """Degrees clockwise that make a page upright, the margin over the next best turn a letter (0 to
    about 1), and how many letters voted."""

    degrees: int
    margin: float
    letters: int

    @property
    def is_sure(self) -> bool:
        """Whether the vote settles it, by the margin a letter and not by their number: what texture, grids and speckle
        have in common sways hundreds of pieces alike.

        Of 110 real pages in four turns print had .22 and more (.32 in 99 of 100), and 1.0 and more with under 40
        letters; drawn photographs, films and tracings had up to .18 with a hundred pieces, handwriting and films up to
        .41 with 25 to 50.
        """
        return any(self.letters >= letters and self.margin >= margin for letters, margin in _SURE)

    @property
    def is_likely(self) -> bool:
        """Whether the turn is worth a reading: drawn pages of one word of seven letters had .85 to 2.7."""
        return self.letters >= _FEW_LETTERS and self.margin >= _LIKELY


def find_turn(sketch: Sketch) -> Turn:
    """The turn that the letters of a straight page vote for."""
    chips = take_chips(sketch)
    if not len(chips):
        return Turn(0, 0.0, 0)
    votes = turn_votes(chips)
    order = np.argsort(votes)
    margin = float(votes[order[3]] - votes[order[2]])
    return Turn(int(order[3]) * 90, round(margin, 3), len(chips))


def take_chips(sketch: Sketch, most: int = _MOST_CHIPS) -> Chips:
    """Letters of a page, each fitted into 16×16 pixels with its shape kept, ink 1.0; n × 256."""
    rows = sketch.letter_rows
    parts = sketch.parts[rows]
    if not len(parts):
        return np.zeros((0, SIDE * SIDE), np.float32)
    rows = _clearest(sketch, rows)
    parts = sketch.parts[rows]
    large = np.maximum(parts[:, 2], parts[:, 3])
    typical = np.median(large)
    keep = (large >= max(7, 0.5 * typical)) & (large <= 3 * typical)
    rows, parts = rows[keep], parts[keep]
    step = max(1, len(rows) // most)
    chips = [_chip(sketch, int(row) + 1, part) for row, part in zip(rows[::step], parts[::step], strict=True)]
    return np.stack(chips).astype(np.float32) if chips else np.zeros((0, SIDE * SIDE), np.float32)


def _clearest(sketch: Sketch, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """The letters that stand out from what is lighter by far, if there are such; else all of them."""
    depths = _depths(sketch)[rows]
    clear = depths >= _DARKER * np.median(depths)
    return rows[clear] if int(clear.sum()) >= _ENOUGH else rows


def _depths(sketch: Sketch) -> npt.NDArray[np.float64]:
    """For each piece of ink, the grey levels by which it is darker than the paper around it."""
    inked = sketch.ink > 0
    owners = sketch.labels[inked] - 1
    darker = cv2.subtract(sketch.paper, sketch.small)[inked]
    sums = np.bincount(owners, weights=darker, minlength=len(sketch.parts))
    depths: npt.NDArray[np.float64] = sums / np.maximum(sketch.parts[:, 4], 1)
    return depths


def _chip(sketch: Sketch, label: int, part: npt.NDArray[np.int32]) -> Chips:
    left, top, width, height = (int(v) for v in part[:4])
    piece = (sketch.labels[top : top + height, left : left + width] == label).astype(np.uint8) * 255
    side = max(width, height)
    square = np.zeros((side, side), np.uint8)
    square[(side - height) // 2 : (side - height) // 2 + height, (side - width) // 2 : (side - width) // 2 + width] = (
        piece
    )
    chip: Image = cv2.resize(square, (SIDE, SIDE), interpolation=cv2.INTER_AREA if side >= SIDE else cv2.INTER_LINEAR)
    return (chip.reshape(-1) / 255).astype(np.float32)


def turn_votes(chips: Chips) -> npt.NDArray[np.float32]:
    """Mean log probability of each turn (0, 90, 180, 270 degrees clockwise to upright) over the letters."""
    weights = _weights()
    hidden = np.maximum(chips @ weights["w1"] + weights["b1"], 0)
    scores = hidden @ weights["w2"] + weights["b2"]
    scores -= scores.max(axis=1, keepdims=True)
    chances = np.exp(scores)
    chances /= chances.sum(axis=1, keepdims=True)
    result: npt.NDArray[np.float32] = np.log(0.9 * chances + 0.025).mean(axis=0)  # one odd letter cannot veto
    return result


@cache
def _weights() -> dict[str, npt.NDArray[np.float32]]:
    with np.load(_WEIGHTS, allow_pickle=False) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}
