"""PNG files: every chunk has a checksum, and most chunks say nothing about the picture."""

import struct
import zlib
from collections.abc import Iterator

from ocr.errors import DamagedFile, IncompleteFile

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
