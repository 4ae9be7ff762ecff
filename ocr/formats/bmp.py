"""BMP files: a raw picture that ends early, or whose size says less than there is."""

import struct

from ocr.formats.gap import Gap

_RAW = frozenset({0, 3, 6})  # BI_RGB, BI_BITFIELDS, BI_ALPHABITFIELDS
_WITH_PROFILE = 124  # BITMAPV5HEADER, behind whose pixels a colour profile may lie


def find_bmp_gap(data: bytes) -> Gap | None:
    """What is missing of a BMP without compression, or None."""
    try:
        (start, head), (wide, high) = struct.unpack_from("<II", data, 10), struct.unpack_from("<ii", data, 18)
        bits, packing = struct.unpack_from("<HI", data, 28)
    except struct.error:
        return Gap("it ends early", 0.0)
    if head < 40 or packing not in _RAW:
        return None  # the decoder of the packed kinds says when rows are missing
    colours = struct.unpack_from("<I", data, 46)[0] if len(data) >= 50 else 0
    entries = min(colours or 1 << bits, 1 << bits) if bits <= 8 else 0
    if start < 14 + head + 4 * entries:
        return Gap("its head in the file is damaged")  # the picture cannot begin within its own colours
    row = (abs(wide) * bits + 31) // 32 * 4
    wanted, there = row * abs(high), len(data) - start
    if there < wanted:
        return Gap("it ends early", round(max(0.0, there / max(1, wanted)), 3))
    if head < _WITH_PROFILE and there >= wanted + 2 * row:
        return Gap("more of it is in the file than its size says")
    return None
