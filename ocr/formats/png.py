"""PNG files: every chunk has a checksum, and most chunks say nothing about the picture."""

import struct
import zlib
from collections.abc import Iterator

from ocr.errors import DamagedFile, IncompleteFile
from ocr.formats.gap import Gap

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_OF_THE_PICTURE = frozenset({b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND"})
_MOST_EXIF = 64_000


def picture_of(data: bytes) -> bytes:
    """The same PNG with nothing but its picture, resolution and orientation.

    A colour profile or a comment of many megabytes is nobody's page and keeps no page from being read.
    IncompleteFile when a chunk is cut off, DamagedFile when a checksum (PNG §5.3) is wrong.
    """
    kept = [_SIGNATURE]
    for kind, content, chunk in _chunks(data):
        if kind in _OF_THE_PICTURE or (kind == b"eXIf" and len(content) <= _MOST_EXIF):
            kept.append(chunk)
    return b"".join(kept)


def find_png_gap(data: bytes) -> Gap | None:
    """What is missing of a PNG whose chunks are all there: rows that its packed data does not hold (PNG §8.2, §10)."""
    chunks = {kind: content for kind, content, _ in _chunks(data) if kind == b"IHDR"}
    head = chunks.get(b"IHDR", b"")
    if len(head) != 13:
        return None  # whoever decodes it says so
    width, height, bits, colours, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    wanted = sum(_rows_of(width, height, bits * _SAMPLES.get(colours, 0), *step) for step in _STEPS[bool(interlaced)])
    unpacker, there = zlib.decompressobj(), 0
    try:
        for packed in (content for kind, content, _ in _chunks(data) if kind == b"IDAT"):
            left = packed
            while left and not unpacker.eof and there < wanted:
                there += len(unpacker.decompress(left, _AT_ONCE))
                left = unpacker.unconsumed_tail
    except zlib.error:
        return Gap("part of it is damaged", None if interlaced else round(there / max(1, wanted), 3))
    if there >= wanted:
        return None
    return Gap("it ends early", None if interlaced else round(there / max(1, wanted), 3))


_AT_ONCE = 1 << 22
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_STEPS = {
    False: ((0, 0, 1, 1),),
    True: ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
}
"""First column and row, and steps across and down, of each pass (Adam7)."""


def _rows_of(width: int, height: int, bits: int, left: int, top: int, across: int, down: int) -> int:
    """Bytes of one pass, with the byte of its filter before each row."""
    wide, high = max(0, -(-(width - left) // across)), max(0, -(-(height - top) // down))
    return high * (1 + (wide * bits + 7) // 8) if wide else 0


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    at, ended = len(_SIGNATURE), False
    while at + 12 <= len(data) and not ended:
        (length,) = struct.unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 12 + length
        is_critical = not kind[0] & 0x20
        if end > len(data):
            break
        if zlib.crc32(data[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0] and (
            is_critical or kind in _OF_THE_PICTURE
        ):
            raise DamagedFile("The image is damaged: a part of it is not what was written. Scan the paper again.")
        yield kind, data[at + 8 : end - 4], data[at:end]
        at, ended = end, kind == b"IEND"
    if not ended:
        raise IncompleteFile("The image is cut off: part of the page is missing. Scan the paper again.")
