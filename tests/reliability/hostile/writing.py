"""PDF, PNG and TIFF written byte by byte: no library writes files as wrong as these must be."""

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_MEGABYTE = 1 << 20
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by PNG colour type

Objects = dict[int, bytes]
"""The objects of a PDF by number; 1 is the catalogue, 2 the page tree, 3 the page, 4 the font, 5 the content."""


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF with a table of its objects; object 1 is its root."""
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 00000 f \n"
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, table))


def page(
    content: bytes = b"", resources: bytes = b"/Font<</F 4 0 R>>", box: bytes = b"0 0 612 792",
    of_page: bytes = b"", of_catalogue: bytes = b"",
) -> Objects:  # fmt: skip
    """The objects of a PDF of one page."""
    return {
        1: b"<</Type/Catalog/Pages 2 0 R %s>>" % of_catalogue,
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Resources<<%s>>/Contents 5 0 R %s>>" % (box, resources, of_page),
        4: FONT,
        5: stream(content),
    }


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A compressed stream."""
    return packed_stream(zlib.compress(content, 9), entries)


def packed_stream(packed: bytes, entries: bytes = b"", filters: bytes = b"/FlateDecode") -> bytes:
    """A stream of bytes that are compressed already."""
    return b"<<%s/Length %d/Filter%s>>stream\n%s\nendstream" % (entries, len(packed), filters, packed)


def raw_stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream as it is."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def text(lines: Iterable[bytes]) -> bytes:
    """Page content that shows these lines."""
    shown = (line.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") for line in lines)
    return b"BT /F 12 Tf 50 740 Td 14 TL " + b"".join(b"(%s) Tj T* " % line for line in shown) + b"ET"


def good_pdf(*lines: bytes) -> bytes:
    """A sound PDF of one page."""
    return pdf(page(text(lines or (b"Discharge summary", b"MRN 10023456"))))


def png(
    width: int, height: int, rows: bytes | None = None, depth: int = 8, color: int = 0, chunks: bytes = b""
) -> bytes:
    """A PNG; without rows every sample is zero."""
    packed = zlib.compress(rows) if rows is not None else zeros((width * depth * _CHANNELS[color] + 7) // 8 + 1, height)
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunks + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def good_png(width: int = 300, height: int = 200) -> bytes:
    """A sound white PNG."""
    return png(width, height, (b"\0" + b"\xff" * width) * height)


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def zeros(row: int, rows: int) -> bytes:
    """So many rows of zero bytes, compressed without ever being whole in memory."""
    return repeated(b"\0", row * rows)


def repeated(byte: bytes, count: int) -> bytes:
    """This byte so many times, compressed."""
    packer = zlib.compressobj(9)
    block = byte * _MEGABYTE
    parts = [packer.compress(block) for _ in range(count // _MEGABYTE)]
    parts.append(packer.compress(byte * (count % _MEGABYTE)))
    return b"".join(parts) + packer.flush()


@dataclass(frozen=True, slots=True)
class Directory:
    """One page of a TIFF. `offset`, `count` and `next_at` say otherwise than is true where they are given."""

    width: int
    height: int
    data: bytes = b""
    bits: int = 8
    compression: int = 1
    offset: int | None = None
    count: int | None = None
    next_at: int | None = None
    leads_back: bool = False  # the next page is the first
    tags: tuple[tuple[int, int, int, int], ...] = ()


def tiff(*directories: Directory) -> bytes:
    """A little-endian TIFF of these pages."""
    out, link, places = bytearray(b"II*\0" + struct.pack("<I", 8)), 4, []
    for directory in directories:
        data_at = len(out)
        out += directory.data + bytes(len(directory.data) % 2)
        at = len(out)
        places.append(at)
        struct.pack_into("<I", out, link, at)
        tags = sorted(_tags(directory, data_at))
        out += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
        link = len(out)
        out += struct.pack("<I", places[0] if directory.leads_back else directory.next_at or 0)
    return bytes(out)


def _tags(d: Directory, data_at: int) -> list[tuple[int, int, int, int]]:
    return [
        (256, 4, 1, d.width), (257, 4, 1, d.height), (258, 3, 1, d.bits), (259, 3, 1, d.compression), (262, 3, 1, 1),
        (273, 4, 1, data_at if d.offset is None else d.offset), (277, 3, 1, 1), (278, 4, 1, d.height),
        (279, 4, 1, len(d.data) if d.count is None else d.count), *d.tags,
    ]  # fmt: skip


def white(width: int, height: int) -> bytes:
    """White grey samples."""
    return b"\xff" * (width * height)
