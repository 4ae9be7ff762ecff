"""What is written into the blanks of a form, told without reading it: behind which label it stands, and how far it runs.

Of a form that is filled in by hand the recogniser reads what is printed, and that says the same on every filling of it. Ink
behind a label ends in another place for another person or day, and in the same place when the same sheet is scanned again.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.imaging import Image, cv2
from ocr.inkpicture import InkPicture

Boxes = npt.NDArray[np.float64]
Blanks = npt.NDArray[np.void]
"""A row a blank: `label` (a hash of the word before it), `end` and `middle` of its ink in hundredths of a letter's width."""

_ROW = np.dtype([("label", "<u4"), ("end", "<u2"), ("middle", "<u2")])

_SURELY_PRINTED = 0.75
"""Confidence from which a word is a label: what is written by hand is seldom read so surely."""

_LEAST_LETTERS = 3  # of a label
_LEAST_ROOM = 45  # dots of the ink picture (half an inch) behind a label in which something may be written
_MOST_ROOM = 400  # four inches: the blank of a name
_NEXT_COLUMN = 30  # dots without ink behind which something else begins; between words of one hand are 15
_FARTHEST_START = 60  # dots from the label; what begins later belongs to another column
_LEAST_INK = 12  # dots that it is wide: a digit; less is a speck
_RULE = 30  # dots in a row that no pen of a letter draws
_MOST_BLANKS = 40  # of one page: a form has a dozen, the bound is for a page of noise

_ALONE, _TOGETHER = 50, 80
"""Hundredths of a letter in which ends are one for a key, of one blank and of two that follow each other: the same sheet's are 10
apart, of a coarse fax 30."""

_ALIKE = 40
"""Hundredths of a letter from which two ends say that another thing is written."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The words of a page among which blanks are looked for: `plain` texts, boxes in dots of the ink picture, confidences."""

    plain: Sequence[str]
    boxes: Boxes
    confidences: npt.NDArray[np.float64]


def find_blanks(words: Printed, picture: InkPicture) -> Blanks:
    """The blanks of a page that hold ink, in reading order."""
    sure = [
        at for at, text in enumerate(words.plain)
        if words.confidences[at] >= _SURELY_PRINTED and sum(map(str.isalpha, text)) >= _LEAST_LETTERS
    ]  # fmt: skip
    if not sure:
        return np.zeros(0, _ROW)
    boxes = words.boxes[sure]
    letter = float((boxes[:, 2] - boxes[:, 0]).sum()) / sum(len(words.plain[at]) for at in sure)
    room = _room_behind(boxes, picture.ink.shape[1])
    found = []
    for row in np.flatnonzero(room >= _LEAST_ROOM):
        if (ends := _ink_behind(picture.ink, boxes[row], float(room[row]))) and letter >= 1:
            end, middle = (min(65_535, round(100 * at / letter)) for at in ends)
            found.append((_hash(words.plain[sure[row]]) & 0xFFFFFFFF, end, middle))
    return np.array(found[:_MOST_BLANKS], _ROW)


def _room_behind(boxes: Boxes, width: int) -> npt.NDArray[np.float64]:
    """Dots between each label and the next printed word of its line, or the edge of the page."""
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    is_on_line = (boxes[None, :, 1] < middle[:, None]) & (boxes[None, :, 3] > middle[:, None])
    is_behind = is_on_line & (boxes[None, :, 0] >= boxes[:, None, 2] - 2)
    nearest = np.where(is_behind, boxes[None, :, 0], np.inf).min(axis=1)
    room: npt.NDArray[np.float64] = np.minimum(nearest - 2, width) - boxes[:, 2]
    return room


def _ink_behind(ink: Image, box: npt.NDArray[np.float64], room: float) -> tuple[float, float] | None:
    """Where the ink behind a label ends and where its middle is, in dots from the label; None where there is none."""
    high = box[3] - box[1]
    top, bottom = max(0, int(box[1] - 0.6 * high)), int(box[3] + 0.1 * high) + 1
    start = max(0, round(float(box[2]))) + 3
    blank = ink[top:bottom, start : start + int(min(room - 3, _MOST_ROOM))]
    if min(blank.shape) < 4 or not blank[:, : _FARTHEST_START + 1].any():
        return None
    columns = _without_rules(blank).sum(axis=0)
    inky = np.flatnonzero(columns)
    if len(inky) < _LEAST_INK // 2 or inky[0] > _FARTHEST_START:
        return None
    breaks = np.flatnonzero(np.diff(inky) > _NEXT_COLUMN)
    end = int(inky[breaks[0]] if len(breaks) else inky[-1])
    if end - inky[0] < _LEAST_INK:
        return None
    amount = columns[: end + 1].astype(np.float64)
    return float(end), float(amount @ np.arange(end + 1) / amount.sum())


def _without_rules(ink: Image) -> Image:
    """The ink without ruled lines."""
    rules = cv2.erode(ink, np.ones((1, _RULE), np.uint8))
    plain: Image = ink & (1 - cv2.dilate(rules, np.ones((3, _RULE + 1), np.uint8)))
    return plain


def keys_kept(blanks: Blanks) -> set[int]:
    """The keys that a page is found by when what is written into its blanks comes again."""
    return set(_keys(blanks, lambda end, step: (end // step,)))


def keys_looked_for(blanks: Blanks) -> set[int]:
    """The keys under which the same sheet may be kept: those of `keys_kept` of ends that are a little off too."""
    return set(_keys(blanks, lambda end, step: (end // step, end // step + (1 if end % step >= step / 2 else -1))))


def _keys(blanks: Blanks, steps_of: Callable[[int, int], tuple[int, ...]]) -> Iterator[int]:
    rows = [(int(row["label"]), int(row["end"])) for row in blanks]
    for label, end in rows:
        for step in steps_of(end, _ALONE):
            yield _hash(f"{label} {step}")
    for (label, end), (other, other_end) in pairwise(rows):
        for step, other_step in zip(steps_of(end, _TOGETHER), steps_of(other_end, _TOGETHER), strict=True):
            yield _hash(f"{label} {step} {other} {other_step}")


def agreements(one: bytes, others: Sequence[bytes]) -> npt.NDArray[np.float64]:
    """For each of other pages how many blanks hold something as long as on the one page; all as kept."""
    mine, theirs = np.frombuffer(one, _ROW), np.frombuffer(b"".join(others), _ROW)
    page = np.repeat(np.arange(len(others)), [len(kept) // _ROW.itemsize for kept in others])
    at = np.minimum(np.searchsorted(mine["label"], theirs["label"]), max(0, len(mine) - 1))
    if not len(mine) or not len(theirs):
        return np.zeros(len(others))
    off = np.zeros(len(theirs))
    for part in ("end", "middle"):
        off += ((mine[part][at].astype(np.float64) - theirs[part]) / _ALIKE) ** 2
    score = np.where(mine["label"][at] == theirs["label"], 1 - np.minimum(1, off), 0.0)
    agreeing: npt.NDArray[np.float64] = np.bincount(page, score, minlength=len(others)).astype(np.float64)
    return agreeing


def packed(blanks: Blanks) -> bytes:
    """Blanks as they are kept, by label; labels that a page has twice say nothing."""
    _, first, times = np.unique(blanks["label"], return_index=True, return_counts=True)
    return bytes(blanks[first[times == 1]].tobytes())


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)
