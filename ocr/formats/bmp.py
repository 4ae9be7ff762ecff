"""BMP files: a raw picture that ends early, or whose size says less than there is."""

import struct

from ocr.formats.gap import Gap

_RAW = frozenset({0, 3, 6})  # BI_RGB, BI_BITFIELDS, BI_ALPHABITFIELDS
_RUNS = {1: 8, 2: 4}  # BI_RLE8, BI_RLE4: bits a pixel
_WITH_PROFILE = 124  # BITMAPV5HEADER, behind whose pixels a colour profile may lie


def find_bmp_gap(data: bytes) -> Gap | None:
    """What is missing of a BMP without compression, or None."""
    try:
        (start, head), (wide, high) = struct.unpack_from("<II", data, 10), struct.unpack_from("<ii", data, 18)
        bits, packing = struct.unpack_from("<HI", data, 28)
    except struct.error:
        return Gap("it ends early", 0.0)
    if head < 40:
        return None
    colours = struct.unpack_from("<I", data, 46)[0] if len(data) >= 50 else 0
    entries = min(colours or 1 << bits, 1 << bits) if bits <= 8 else 0
    if start < 14 + head + 4 * entries:
        return Gap("its head in the file is damaged")  # the picture cannot begin within its own colours
    if packing in _RUNS and bits != _RUNS[packing]:
        return Gap("its head in the file is damaged")
    if packing in _RUNS:
        return _find_run_gap(data[start:], abs(wide), abs(high), bits)
    if packing not in _RAW:
        return None
    row = (abs(wide) * bits + 31) // 32 * 4
    wanted, there = row * abs(high), len(data) - start
    if there < wanted:
        return Gap("it ends early", round(max(0.0, there / max(1, wanted)), 3))
    if head < _WITH_PROFILE and there >= wanted + 2 * row:
        return Gap("more of it is in the file than its size says")
    return None


def _find_run_gap(runs: bytes, wide: int, high: int, bits: int) -> Gap | None:
    """Runs of one colour (BI_RLE8, BI_RLE4): as many rows as the size says, none longer than it is wide, and an end."""
    at = row = column = 0
    while at + 1 < len(runs) and row <= high and column <= wide:
        count, value = runs[at], runs[at + 1]
        at += 2
        if count:
            column += count
        elif value == 0:
            row, column = row + 1, 0
        elif value == 1:
            row += column > 0
            return None if row >= high else Gap("it ends early", round(row / max(1, high), 3))
        elif value == 2:
            column, row = column + int.from_bytes(runs[at : at + 1]), row + int.from_bytes(runs[at + 1 : at + 2])
            at += 2
        else:
            column += value
            size = (value * bits + 7) // 8
            at += size + size % 2
    return Gap("it ends early or is damaged", round(min(row, high) / max(1, high), 3))
