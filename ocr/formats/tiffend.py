"""Whether all of a TIFF is there: every directory of its chain, and every strip and tile inside the file (TIFF 6.0, BigTIFF).

Read from the file itself, a few bytes a directory, so that a file of 2,000 pages costs no more than its directories.
"""

import os
import struct
from collections.abc import Iterator

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_WHOLE = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}

_STRIPS, _STRIP_COUNTS, _TILES, _TILE_COUNTS = 273, 279, 324, 325

_MOST_DIRECTORIES = 20_000
_MOST_ENTRIES = 4_096


class _CutOff(Exception):
    """The file ends before what it speaks of."""


def has_all(handle: int, size: int) -> bool:
    """Whether nothing that a TIFF speaks of lies behind its end (`size`, bytes). A chain that is no chain (a circle, an absurd
    count) has no end to wait for: True, and whoever opens it says what is wrong."""
    try:
        return all(start + length <= size for start, length in _ranges(_File(handle, size)))
    except _CutOff:
        return False


class _File:
    """The numbers of a TIFF, read where they lie."""

    def __init__(self, handle: int, size: int) -> None:
        self._handle, self._size = handle, size
        head = self.bytes_at(0, 16 if size >= 16 else 8)
        self.order = "<" if head[:2] == b"II" else ">"
        self.is_big = head[2:4] in (b"+\0", b"\0+")
        self.first = self.number(8 if self.is_big else 4, "Q" if self.is_big else "I")

    def bytes_at(self, at: int, length: int) -> bytes:
        if at + length > self._size:
            raise _CutOff
        data = os.pread(self._handle, length, at)
        if len(data) < length:
            raise _CutOff
        return data

    def number(self, at: int, code: str) -> int:
        return int(struct.unpack(self.order + code, self.bytes_at(at, struct.calcsize("=" + code)))[0])


def _ranges(file: _File) -> Iterator[tuple[int, int]]:
    """Start and length of every strip and tile, and of all that entries keep elsewhere (JPEG tables, texts)."""
    at, seen = file.first, set[int]()
    if not at:
        raise _CutOff  # a writer puts the place of the first directory in last
    while at and at not in seen and len(seen) < _MOST_DIRECTORIES:
        seen.add(at)
        count = file.number(at, "Q" if file.is_big else "H")
        if count > _MOST_ENTRIES:
            return
        step, start = (20, at + 8) if file.is_big else (12, at + 2)
        entries = file.bytes_at(start, count * step)
        yield from _elsewhere(file, entries, step)
        tags = dict(_tags(file, entries, step))
        for starts, lengths in ((_STRIPS, _STRIP_COUNTS), (_TILES, _TILE_COUNTS)):
            counts = tags.get(lengths, [])
            for number, place in enumerate(tags.get(starts, [])):
                yield place, counts[number] if number < len(counts) else 0
        at = file.number(start + count * step, "Q" if file.is_big else "I")


def _elsewhere(file: _File, entries: bytes, step: int) -> Iterator[tuple[int, int]]:
    """Where the values lie that do not fit into their entries."""
    number, room = ("Q", 8) if file.is_big else ("I", 4)
    for at in range(0, len(entries), step):
        _, kind, count = struct.unpack_from(file.order + "HH" + number, entries, at)
        length = count * _SIZES.get(kind, 0)
        if length > room:
            (place,) = struct.unpack_from(file.order + number, entries, at + step - room)
            yield place, length


def _tags(file: _File, entries: bytes, step: int) -> Iterator[tuple[int, list[int]]]:
    """The places and lengths that the entries of a directory give."""
    for at in range(0, len(entries), step):
        tag, kind = struct.unpack_from(file.order + "HH", entries, at)
        if tag not in (_STRIPS, _STRIP_COUNTS, _TILES, _TILE_COUNTS) or kind not in _WHOLE:
            continue
        (count,) = struct.unpack_from(file.order + ("Q" if file.is_big else "I"), entries, at + 4)
        room, value_at = (8, at + 12) if file.is_big else (4, at + 8)
        length = count * _SIZES[kind]
        if length <= room:
            data = entries[value_at : value_at + length]
        else:
            (place,) = struct.unpack_from(file.order + ("Q" if file.is_big else "I"), entries, value_at)
            data = file.bytes_at(place, length)
        yield tag, list(struct.unpack(f"{file.order}{count}{_WHOLE[kind]}", data))
