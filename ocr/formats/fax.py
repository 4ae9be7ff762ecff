"""CCITT fax data (ITU-T T.4 and T.6): how many rows are really in it.

libtiff and pdfium fill what is missing of a group 3 or 4 picture with white and report no error, so the rows are
counted here. The code tables are pdfminer's; decoding keeps positions of colour changes only, no pixels.
"""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

_WINDOW = 13
"""Bits of the longest code: black make-up codes (T.4 table 3)."""

_PASS, _HORIZONTAL, _OTHER = 100, 101, 102
_OFFSET = 8  # vertical modes are -3 to 3
_MOST_MORE = 100
"""Rows looked for behind the last one: a header that says too few rows cuts the picture off."""


@dataclass(frozen=True, slots=True)
class FaxRows:
    """Rows that decode from one strip: of those asked for, and behind them."""

    rows: int
    more: int


def count_rows(data: bytes, width: int, height: int, *, k: int = -1, byte_aligned: bool = False) -> FaxRows:
    """How many of `height` rows of `width` pixels the data holds, and how many follow that nobody asked for.

    `k` as in PDF (ISO 32000-1 table 11): below 0 group 4, 0 group 3 one-dimensional, above 0 mixed.
    """
    if len(data) > _MOST_WALKED:
        return FaxRows(_rows_by_decoding(data, width, height, k, byte_aligned=byte_aligned), 0)
    codes = _Codes(data)
    position, rows = 0, 0
    above: list[int] = []
    while rows < height + _MOST_MORE:
        position, ends = codes.skip_line_ends(position, k)
        if ends > 1 or position >= codes.bits:
            break  # two line ends (T.6) or six (T.4) end a block
        is_two_dimensional = k < 0
        if k > 0 and ends:
            is_two_dimensional = not codes.bit(position)
            position += 1
        if byte_aligned and not ends:
            position = (position + 7) // 8 * 8
        row = codes.two_dimensional(position, width, above) if is_two_dimensional else codes.runs(position, width)
        if row is None:
            break
        above, position = row
        rows += 1
    return FaxRows(min(rows, height), max(0, rows - height))


_MOST_WALKED = 400_000
"""Bytes that are walked through code by code: two seconds a megabyte. A page of print has 15,000 to 150,000 of them, a
photograph in dots some millions."""

_END_OF_LINE = "000000000001"


def _rows_by_decoding(data: bytes, width: int, height: int, k: int, *, byte_aligned: bool) -> int:
    """Rows of long data: libtiff decodes it twice with other codes laid behind it, and rows that differ were not in it.

    A code that is wrong in the middle is not found so; what ends early is, at the speed of libtiff.
    """
    data = data.rstrip(b"\0")
    tail = "".join(f"{byte:08b}" for byte in data[-64:]).rstrip("0")
    head = data[:-64]
    ends = f"{_END_OF_LINE}1" if k > 0 else _END_OF_LINE
    while tail.endswith(ends):
        tail = tail.removesuffix(ends)
    stripes = "1" * 64 if k < 0 else (ends + "1" * 52)
    pictures = [
        _decoded(head + _packed(tail + behind * (height + 1)), width, height, k, byte_aligned=byte_aligned)
        for behind in (stripes, "0" * 64)
    ]
    differ = np.any(pictures[0] != pictures[1], axis=1)
    return int(np.argmax(differ)) if differ.any() else height


def _packed(bits: str) -> bytes:
    wide = -(-len(bits) // 8)
    return int(bits.ljust(8 * wide, "0"), 2).to_bytes(wide, "big")


def _decoded(data: bytes, width: int, height: int, k: int, *, byte_aligned: bool) -> npt.NDArray[np.bool_]:
    """What libtiff makes of a strip, in a TIFF of its own around it."""
    packing = 4 if k < 0 else 2 if byte_aligned else 3
    tags = {256: width, 257: height, 258: 1, 259: packing, 262: 0, 273: 8, 277: 1, 278: height, 279: len(data)}
    tags |= {292: int(k > 0)} if packing == 3 else {}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    body = data + b"\0" * (len(data) % 2)
    file = b"II*\0" + struct.pack("<I", 8 + len(body)) + body + struct.pack("<H", len(tags)) + entries + bytes(4)
    with Pillow.open(io.BytesIO(file), formats=("TIFF",)) as picture:
        return np.array(picture.convert("1"))


class _Codes:
    """The codes that begin at every bit of the data."""

    def __init__(self, data: bytes) -> None:
        self.bits = 8 * len(data)
        padded = np.frombuffer(data + b"\0" * 4, np.uint8).astype(np.uint32)
        whole = (padded[:-3] << 24) | (padded[1:-2] << 16) | (padded[2:-1] << 8) | padded[3:]
        shifts = (32 - _WINDOW) - np.arange(8, dtype=np.uint32)
        windows: npt.NDArray[np.uint32] = (
            ((whole[:, None] >> shifts[None, :]) & ((1 << _WINDOW) - 1)).ravel().astype(np.uint32)
        )
        self._windows = windows
        modes, white, black = _tables()
        self._modes: list[int] = modes[windows].tolist()
        self._runs: tuple[list[int], list[int]] = (white[windows].tolist(), black[windows].tolist())

    def bit(self, position: int) -> int:
        return int(self._windows[position]) >> (_WINDOW - 1) & 1 if position < self.bits else 0

    def skip_line_ends(self, position: int, k: int) -> tuple[int, int]:
        """Past end-of-line codes with their fill; how many there were. The tag bit of the last one is left."""
        count = 0
        while position < self.bits:
            at = position
            while at + _WINDOW <= self.bits and self._windows[at] >> 1 == 0:
                at += 1
            if self._windows[at] >> 1 != 1 or at + 12 > self.bits:
                break
            position = at + 12
            count += 1
            if k > 0 and self._windows[position] >> 1 & 0x7FF == 0 and position + 13 < self.bits:
                position += 1  # the tag bit between the codes that end a block
        return position, count

    def runs(self, position: int, width: int) -> tuple[list[int], int] | None:
        """One row of alternating white and black runs: its changes and where the next begins."""
        changes: list[int] = []
        at, colour = 0, 0
        while at < width:
            length, position = self._run(position, colour)
            if length < 0 or at + length > width:
                return None
            at += length
            changes.append(at)
            colour ^= 1
        return (changes, position) if position <= self.bits else None

    def _run(self, position: int, colour: int) -> tuple[int, int]:
        """Length of one run, make-up codes added; -1 when there is none."""
        table, total = self._runs[colour], 0
        while position < self.bits:
            code = table[position]
            if code < 0:
                return -1, position
            length = code >> 4
            position += code & 15
            total += length
            if length < 64:
                return total, position
        return -1, position

    def two_dimensional(self, position: int, width: int, above: Sequence[int]) -> tuple[list[int], int] | None:
        """One row coded against the row above (T.6 §2.2): its changes and where the next begins."""
        modes, bits = self._modes, self.bits
        reference = [*above, width, width, width, width]
        changes: list[int] = []
        at, colour, index = -1, 0, 0  # before the first pixel
        while at < width:
            # b1: the first change right of here to the other colour; changes at even places turn to black
            index += (index ^ colour) & 1
            while index > 1 and reference[index - 2] > at:
                index -= 2
            while reference[index] <= at and reference[index] < width:
                index += 2
            if position >= bits:
                return None
            code = modes[position]
            mode = (code >> 4) - _OFFSET
            position += code & 15
            if -3 <= mode <= 3:
                change = reference[index] + mode
                if change <= at - (not changes) or change > width:
                    return None
                at = change
                changes.append(at)
                colour ^= 1
            elif mode == _PASS:
                at = reference[index + 1]
            elif mode == _HORIZONTAL:
                start = max(at, 0)
                one, position = self._run(position, colour)
                two, position = self._run(position, colour ^ 1) if one >= 0 else (-1, position)
                if two < 0 or start + one + two > width:
                    return None
                at = start + one + two
                changes += (start + one, at)
            else:
                return None
        return (changes, position) if position <= bits else None


@cache
def _tables() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """For every window of 13 bits the code it begins with, as value << 4 | bits: modes (with an offset), white runs, black runs."""
    from pdfminer.ccitt import CCITTG4Parser

    modes = {"p": _PASS, "h": _HORIZONTAL}
    return (
        _table(
            CCITTG4Parser.MODE, lambda value: (value if isinstance(value, int) else modes.get(value, _OTHER)) + _OFFSET
        ),
        _table(CCITTG4Parser.WHITE, lambda value: value if isinstance(value, int) else -1),
        _table(CCITTG4Parser.BLACK, lambda value: value if isinstance(value, int) else -1),
    )


def _table(tree: Any, meaning: Any) -> npt.NDArray[np.int32]:
    table = np.full(1 << _WINDOW, -1, np.int32)
    stack = [(tree, 0, 0)]
    while stack:
        node, code, bits = stack.pop()
        if isinstance(node, list):
            stack += [(node[0], code << 1, bits + 1), (node[1], code << 1 | 1, bits + 1)]
        elif node is not None and bits <= _WINDOW and (value := meaning(node)) >= 0:
            start = code << (_WINDOW - bits)
            table[start : start + (1 << (_WINDOW - bits))] = value << 4 | bits
    return table
