"""What is on the scan but not on the paper: the lid's edge, punch holes, lone spots. Painted over for reading only."""

from dataclasses import dataclass

import numpy as np

from ocr.clean.sketch import Sketch, holds_letters
from ocr.imaging import Image, Labels, Parts, connected, cv2

_DARK = 80
"""Grey level that lid and holes stay under; toner on paper may too, so shape and place decide."""

_LARGEST_SPOT = 5
"""Pixels of the sketch (0.85 mm); the smallest print is larger."""

_FEW = 40
"""Lone spots on a clean page: full stops of a column of numbers, dots of a leader."""


@dataclass(frozen=True, slots=True)
class Dirt:
    """Where dirt lies on the sketch (1 = dirt), and what of it there is."""

    edges: Image | None
    holes: Image | None
    spots: Image | None


def find_dirt(sketch: Sketch) -> Dirt:
    """Dark wedges that touch the edge, round holes in the margins, spots that have no letter near them."""
    dark = (sketch.small < _DARK).astype(np.uint8)
    if not cv2.erode(dark, np.ones((7, 7), np.uint8)).any():  # no letter is a millimetre thick all over
        return Dirt(None, None, _lone_spots(sketch))
    labels, parts = connected(dark, 4)
    return Dirt(
        _painted(labels, parts, _edge_rows(parts, dark.shape)),
        _painted(labels, parts, _hole_rows(labels, parts)),
        _lone_spots(sketch),
    )


def painted_over(grey: Image, sketch: Sketch, mask: Image) -> Image:
    """The page with the masked places in the colour of the paper around them; a little more than the mask."""
    wide = cv2.dilate(mask, np.ones((5, 5), np.uint8))
    size = (grey.shape[1], grey.shape[0])
    where = cv2.resize(wide, size, interpolation=cv2.INTER_NEAREST) > 0
    # the paper under a wedge is unknown: the median of the page is near enough for reading
    paper = np.full_like(sketch.paper, int(np.median(sketch.paper[::8, ::8])))
    clean = grey.copy()
    clean[where] = cv2.resize(paper, size, interpolation=cv2.INTER_NEAREST)[where]
    return clean


def _edge_rows(parts: Parts, shape: tuple[int, ...]) -> list[int]:
    height, width = shape
    left, top, wide, high, area = (parts[:, i] for i in range(5))
    at_side = (left <= 1) | (left + wide >= width - 1)
    at_end = (top <= 1) | (top + high >= height - 1)
    narrow, shallow = wide < 0.08 * width, high < 0.08 * height
    along_side = at_side & narrow & (high > 0.1 * height)  # a rule from edge to edge is none of these
    along_end = at_end & shallow & (wide > 0.1 * width)
    in_corner = at_side & at_end & narrow & shallow & (area > 400)
    return [int(row) for row in np.nonzero(along_side | along_end | in_corner)[0]]


def _hole_rows(labels: Labels, parts: Parts) -> list[int]:
    """Solid round parts of 4 to 12 mm within an inch of the edge (ISO 838: holes of 6 mm, 12 mm in)."""
    height, width = labels.shape
    left, top, wide, high, area = (parts[:, i] for i in range(5))
    size = (wide >= 24) & (wide <= 72) & (high >= 24) & (high <= 72)
    is_round = (np.abs(wide - high) <= 0.2 * np.maximum(wide, high)) & (
        np.abs(area - 0.785 * wide * high) <= 0.1 * wide * high
    )
    middle_x, middle_y = left + wide / 2, top + high / 2
    margin = 150
    near = (middle_x < margin) | (middle_x > width - margin) | (middle_y < margin) | (middle_y > height - margin)
    rows = (int(row) for row in np.nonzero(size & is_round & near)[0])
    return [row for row in rows if _is_disc(labels, row, parts[row])]


def _is_disc(labels: Labels, row: int, part: Parts) -> bool:
    """A bold letter fills its box as a disc does; its outline is another."""
    left, top, wide, high = (int(v) for v in part[:4])
    piece = (labels[top : top + high, left : left + wide] == row + 1).astype(np.uint8)
    disc = _disc(piece)
    return float((piece & disc).sum()) > 0.9 * float((piece | disc).sum())


def _disc(piece: Image) -> Image:
    high, wide = piece.shape
    ys, xs = np.ogrid[:high, :wide]
    inside: Image = (((xs + 0.5 - wide / 2) / (wide / 2)) ** 2 + ((ys + 0.5 - high / 2) / (high / 2)) ** 2 <= 1).astype(
        np.uint8
    )
    return inside


def _painted(labels: Labels, parts: Parts, rows: list[int]) -> Image | None:
    """The solid middle of these parts, so that what touches them stays; none of those with letters in them."""
    mask = np.zeros(labels.shape, np.uint8)
    for row in rows:
        left, top, wide, high = (int(v) for v in parts[row, :4])
        piece = (labels[top : top + high, left : left + wide] == row + 1).astype(np.uint8)
        if not holds_letters(piece):
            mask[top : top + high, left : left + wide] |= cv2.morphologyEx(
                piece, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8)
            )
    return mask if mask.any() else None


def _lone_spots(sketch: Sketch) -> Image | None:
    """Small parts with nothing of a letter's size within two thirds of a letter; None when there are few."""
    letters = sketch.letters
    if len(letters) < 20:
        return None
    typical = float(np.median(letters[:, 3]))
    parts = sketch.parts
    size = np.maximum(parts[:, 2], parts[:, 3])
    small = size <= min(max(3, 0.45 * typical), _LARGEST_SPOT)
    if int(small.sum()) <= _FEW:
        return None
    is_small = np.concatenate(([True], small))  # label 0 is the paper
    others = (~is_small[sketch.labels]).astype(np.uint8)
    reach = 2 * round(0.67 * typical) + 1
    near = cv2.dilate(others, np.ones((reach, reach), np.uint8))
    middle_y, middle_x = parts[:, 1] + parts[:, 3] // 2, parts[:, 0] + parts[:, 2] // 2
    lone = small & (near[middle_y, middle_x] == 0)
    if int(lone.sum()) <= _FEW:
        return None
    return np.concatenate(([False], lone))[sketch.labels].astype(np.uint8)
