"""JPEG 2000 pictures (ITU-T T.800 annex A): are all tiles there, up to the end code?"""

import struct

from ocr.formats.gap import Gap

_SOC, _SIZ, _SOT, _SOD, _EOC = 0xFF4F, 0xFF51, 0xFF90, 0xFF93, 0xFFD9


def find_jpx_gap(data: bytes, width: int = 0, height: int = 0) -> Gap | None:
    """What is missing of a JPEG 2000 picture, or None when every tile is there and it is as large as it is said to be."""
    stream = _codestream(data)
    try:
        if stream is None or struct.unpack_from(">HH", stream) != (_SOC, _SIZ):
            return Gap("its picture cannot be decoded")
        wide, high, left, top, tile_wide, tile_high, tile_left, tile_top = struct.unpack_from(">8I", stream, 8)
        if not tile_wide or not tile_high:
            return Gap("its picture cannot be decoded")
        if (width and wide - left != width) or (height and high - top != height):
            return Gap("its size in the file is not the picture's")
        tiles = -(-(wide - tile_left) // tile_wide) * -(-(high - tile_top) // tile_high)
        return _tile_gap(stream, tiles)
    except struct.error:
        return Gap("its picture ends early")


def _codestream(data: bytes) -> bytes | None:
    """The codestream itself, out of the boxes of a JP2 file (annex I) where it lies in some."""
    if data[:2] == b"\xff\x4f":
        return data
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1 and at + 16 <= len(data):
            (length,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        end = len(data) if length == 0 else at + length
        if kind == b"jp2c":
            return data[at + head : end] if end <= len(data) else data[at + head :]
        if end <= at:
            break
        at = end
    return None


def _tile_gap(stream: bytes, tiles: int) -> Gap | None:
    at = 2
    while at + 4 <= len(stream):  # past the main head
        marker, length = struct.unpack_from(">HH", stream, at)
        if marker == _SOT:
            break
        at += 2 + length
    seen: set[int] = set()
    while at + 12 <= len(stream):
        marker, _, tile, length, _, _ = struct.unpack_from(">HHHIBB", stream, at)
        if marker != _SOT:
            break
        if length == 0:  # the last one, up to the end
            seen.add(tile)
            at = len(stream) - 2
            break
        if at + length > len(stream):
            return Gap("its picture ends early", round(len(seen) / max(tiles, 1), 3) if tiles > 1 else None)
        seen.add(tile)
        at += length
    if len(seen) < tiles:
        return Gap("its picture ends early", round(len(seen) / max(tiles, 1), 3))
    is_ended = stream[at : at + 2] == b"\xff\xd9" or stream.rstrip(b"\0\r\n")[-2:] == b"\xff\xd9"
    return None if is_ended else Gap("the end of its picture is missing")
