"""The second recogniser: PP-OCRv6 small on ONNX Runtime. The only file that knows it.

The three models lie in the wheel of rapidocr (code and models Apache-2.0); only the files are used, so nothing of that
package runs, and nothing is ever downloaded. One thread a process: more threads spin.

Detector: differentiable binarization (Liao et al. 2020), a map of where text is, from which boxes are made and widened.
Recogniser: one line a picture, 48 pixels high; its columns are 8 pixels wide, and CTC makes letters of them.
"""

import importlib.util
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr import numerals
from ocr.imaging import Image, cv2
from ocr.page import Box

log = logging.getLogger("chartroom.ocr")

NAME = "PP-OCRv6 small"

_HEIGHT = 48
"""Pixels that the recogniser's lines are high."""

_WIDEST = 3200
"""Pixels of a line after scaling; a longer one is pressed together."""

_INK, _LINE = 0.3, 0.5
"""Probability of text from which a pixel belongs to a line, and mean probability from which a line is one."""

_UNCLIP = 1.6
"""How far a box is widened: its area over its perimeter, so many times. The map shows the middle of lines only."""

_LEAST_HEIGHT = 4
"""Pixels under which a box is no line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word that the recogniser read in a line: its text, score (0 to 1), and where it begins and ends (0 to 1).

    `digits` has, for each letter, the likeliest other one of ocr/numerals.py.
    """

    text: str
    score: float
    start: float
    end: float
    digits: str = ""


def is_installed() -> bool:
    """Whether ONNX Runtime and the models are here."""
    return importlib.util.find_spec("onnxruntime") is not None and models_folder() is not None


def models_folder() -> Path | None:
    """Where the models lie; found without running the package that brings them."""
    found = importlib.util.find_spec("rapidocr")
    for place in found.submodule_search_locations or () if found else ():
        folder = Path(place) / "models"
        if all((folder / name).exists() for name in (_DETECTOR, _RECOGNISER)):
            return folder
    return None


_DETECTOR, _RECOGNISER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"


class Failed(RuntimeError):
    """The second recogniser is installed and does not work; the first one's reading stands."""


@cache
def is_usable() -> bool:
    """Whether it can be started in this process; says once in the log when it is installed and cannot."""
    if not is_installed():
        return False
    try:
        _session(_DETECTOR)
        _letters()
    except Failed as error:
        log.warning("%s", error)
        return False
    return True


def read_lines(crops: Sequence[Image]) -> list[tuple[Piece, ...]]:
    """The words of each picture of a line (grey, upright, any size), in order. One at a time: filling up a batch costs more."""
    return [_read_line(crop) for crop in crops]


def _read_line(crop: Image) -> tuple[Piece, ...]:
    high, wide = crop.shape
    width = max(16, min(_WIDEST, round(_HEIGHT * wide / max(1, high))))
    method = cv2.INTER_AREA if high > _HEIGHT else cv2.INTER_CUBIC
    line = cv2.resize(crop, (width, _HEIGHT), interpolation=method).astype(np.float32) / 127.5 - 1
    batch = np.repeat(line[None, None], 3, axis=1)
    return _decoded(_run(_RECOGNISER, batch)[0])


def _decoded(chances: npt.NDArray[np.float32]) -> tuple[Piece, ...]:
    """CTC: repeated letters are one, blanks are none; words end at spaces. Only letters of Latin print are let in."""
    letters, codes = _letters()
    chances = chances[:, codes]
    best, scores = chances.argmax(1), chances.max(1)
    pieces: list[Piece] = []
    columns: list[int] = []
    for column, code in enumerate([*best.tolist(), _END]):
        is_new = code != _END and letters[code] and (not column or code != best[column - 1])
        is_space = is_new and letters[code].isspace()
        if columns and (code == _END or is_space or column - columns[-1] > _WIDE_GAP):
            text = "".join(letters[best[place]] for place in columns)
            sure = float(np.mean(scores[columns]))
            digits = _other_digits(text, chances[columns]) if any(c.isdigit() for c in text) else ""
            pieces.append(Piece(text, sure, columns[0] / len(best), (columns[-1] + 1) / len(best), digits))
            columns = []
        if is_new and not is_space:
            columns.append(column)
    return tuple(pieces)


def _other_digits(text: str, chances: npt.NDArray[np.float32]) -> str:
    """For each letter the likeliest character of a number that it is not."""
    letters, _ = _letters()
    places = [letters.index(c) for c in numerals.CHARACTERS]
    others = np.array([[c == letter for c in numerals.CHARACTERS] for letter in text])
    best = np.where(others, -1.0, chances[:, places]).argmax(axis=1)
    return "".join(numerals.CHARACTERS[place] for place in best)


_WIDE_GAP = 8
"""Columns without a letter after which another word begins: 1.3 times the height of the line. The model knows the spaces of
running text, and none between a label and a value at the other end of a form."""

_END = -1


LONGEST_SIDE = 1600
"""Pixels that the longer side of a page is reduced to for the detector."""


def find_lines(grey: Image, longest: int = LONGEST_SIDE) -> list[Box]:
    """Where lines of text are on a grey page, or on a part of one that has so many pixels of it; from top to bottom."""
    height, width = grey.shape
    factor = min(1.0, longest / max(height, width))
    high, wide = (max(32, round(size * factor / 32) * 32) for size in (height, width))
    page = cv2.resize(grey, (wide, high), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    batch = np.repeat((page.astype(np.float32) / 127.5 - 1)[None, None], 3, axis=1)
    chances = _run(_DETECTOR, batch)[0, 0]
    ink = (chances > _INK).astype(np.uint8)
    contours, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    boxes = []
    for contour in contours:
        left, top, w, h = cv2.boundingRect(contour)
        if min(w, h) < 3:
            continue
        piece = chances[top : top + h, left : left + w]
        mask = np.zeros((h, w), np.uint8)
        cv2.fillPoly(mask, [contour - [left, top]], 1)
        if float(piece[mask > 0].mean()) < _LINE:
            continue
        more = _UNCLIP * w * h / (2 * (w + h))
        box = Box(
            max(0, int((left - more) * width / wide)),
            max(0, int((top - more) * height / high)),
            min(width, round((left + w + more) * width / wide)),
            min(height, round((top + h + more) * height / high)),
        )
        if box.height >= _LEAST_HEIGHT:
            boxes.append(box)
    return sorted(boxes, key=lambda box: (box.top, box.left))


def _run(name: str, batch: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    session = _session(name)
    try:
        result: npt.NDArray[np.float32] = session.run(None, {"x": batch})[0]
    except Exception as error:
        raise Failed(f"The second recogniser failed ({type(error).__name__}).") from error
    return result


@cache
def _session(name: str) -> Any:
    folder = models_folder()
    if folder is None:
        raise Failed("The models of the second recogniser are missing. Run './dev setup'.")
    try:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        onnxruntime.disable_telemetry_events()
        return onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise Failed(f"The second recogniser cannot be started ({type(error).__name__}). Run './dev setup'.") from error


_LATIN_PUNCTUATION = frozenset("–—‘’“”•…™€′″≤≥−½¼¾")
_LAST_LATIN = 0x17F
"""Latin-1 and Latin Extended-A; the model knows 18,000 letters, most of them Chinese."""


@cache
def _letters() -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """The letters that are let in (the blank is empty), and their columns in what the model gives."""
    listed = _session(_RECOGNISER).get_modelmeta().custom_metadata_map.get("character")
    if not listed:
        raise Failed("The model of the second recogniser names no letters. Run './dev setup'.")
    known = ["", *listed.split("\n"), " "]
    columns = [n for n, letter in enumerate(known) if _is_latin(letter)]
    return tuple(known[n] for n in columns), np.array(columns)


def _is_latin(letter: str) -> bool:
    return letter == "" or letter in _LATIN_PUNCTUATION or (len(letter) == 1 and 0x20 <= ord(letter) <= _LAST_LATIN)
