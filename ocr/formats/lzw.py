"""LZW as PDF packs it (ISO 32000-1, 7.4.4), strictly: a code that no packer can have written is damage.

Libraries read on behind such a code, and what follows is another picture of the right size.
"""

_CLEAR, _END = 256, 257
_FIRST, _MOST_BITS = 258, 12


def unpack_lzw(data: bytes, early: int = 1, most: int = 1 << 30) -> tuple[bytes, bool]:
    """The bytes up to the first impossible code, and whether the end code was reached; stops behind `most` bytes.

    `early` is /EarlyChange: 1 where codes grow one code before they must.
    """
    table = [bytes([value]) for value in range(256)] + [b"", b""]
    parts: list[bytes] = []
    total, width, buffer, bits = 0, 9, 0, 0
    before = b""
    for byte in data:
        buffer, bits = buffer << 8 | byte, bits + 8
        if bits < width:
            continue
        bits -= width
        code, buffer = buffer >> bits, buffer & (1 << bits) - 1
        if code == _CLEAR:
            del table[_FIRST:]
            width, before = 9, b""
            continue
        if code == _END:
            return b"".join(parts), True
        if code < len(table):
            entry = table[code]
        elif code == len(table) and before:
            entry = before + before[:1]
        else:
            break
        if before and len(table) < 1 << _MOST_BITS:
            table.append(before + entry[:1])
        parts.append(entry)
        before = entry
        total += len(entry)
        if total > most:
            break
        if len(table) + early >= 1 << width and width < _MOST_BITS:
            width += 1
    return b"".join(parts), False
