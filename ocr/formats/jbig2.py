"""JBIG2 pictures in PDFs (ITU-T T.88 §7.2): are all segments there, and as large as the page says?"""

import struct

from ocr.formats.gap import Gap

_PAGE_INFORMATION, _END_OF_STRIPE = 48, 50
_REGIONS = frozenset({4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43})
_UNKNOWN = 0xFFFFFFFF
_OPERATORS = 5


def find_jbig2_gap(data: bytes, width: int, height: int) -> Gap | None:
    """What is missing of a JBIG2 stream without file head, as PDF embeds it (ISO 32000-1 §7.4.7)."""
    at, regions = 0, 0
    try:
        while at < len(data) and data[at:].strip(b"\0\r\n"):
            kind, length, head = _segment(data, at)
            start = at + head
            if length == _UNKNOWN:  # a generic region that ends by itself, the last one
                return None if regions or kind == 38 else Gap("its picture cannot be decoded")
            if start + length > len(data):
                return Gap("its picture ends early")
            if kind == _PAGE_INFORMATION:
                wide, high = struct.unpack_from(">II", data, start)
                if wide != width or high not in (height, _UNKNOWN):
                    return Gap("its size in the file is not the picture's")
            elif kind in _REGIONS:
                wide, high, left, top, operator = struct.unpack_from(">IIIIB", data, start)
                if left + wide > width or top + high > height or operator & 7 >= _OPERATORS:
                    return Gap("its picture is damaged")
                regions += 1
            at = start + length
    except (struct.error, IndexError):
        return Gap("its picture ends early")
    return None


def _segment(data: bytes, at: int) -> tuple[int, int, int]:
    """Kind, length of the data (or 0xFFFFFFFF) and length of the head of the segment that begins here."""
    number, flags, referred = struct.unpack_from(">IBB", data, at)
    count = referred >> 5
    head = 6
    if count == 7:
        (count,) = struct.unpack_from(">I", data, at + 5)
        count &= 0x1FFFFFFF
        head = 9 + (count + 8) // 8
    head += count * (1 if number <= 256 else 2 if number <= 65_536 else 4)
    head += 4 if flags & 0x40 else 1
    (length,) = struct.unpack_from(">I", data, at + head)
    return flags & 0x3F, length, head + 4
