"""Small files that ask for a great deal of memory or time."""

import zlib

from tests.reliability.hostile.item import Item, either, refuse
from tests.reliability.hostile.writing import (
    FONT,
    Directory,
    chunk,
    packed_stream,
    page,
    pdf,
    png,
    repeated,
    stream,
    text,
    tiff,
    white,
)

_CONTENT = 300_000_000  # bytes that a page's description grows to
_PAGES = 10_000
_JPEG_65K = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b08ffdcffdc01011100ffd9")
_SHOW = b"q 612 0 0 792 0 0 cm /I Do Q"


def draw_picture_bombs() -> list[Item]:
    """Pictures that are far larger open than closed."""
    nothing_much = tiff(Directory(100, 100, white(100, 100)), *[Directory(100, 100, offset=8, count=10_000)] * _PAGES)
    texts = b"".join(chunk(b"zTXt", b"k%d\0\0" % n + repeated(b"a", 20_000_000)) for n in range(20))
    deflated = Directory(100_000, 100_000, repeated(b"\0", 200_000_000), bits=1, compression=32946)
    return [
        refuse("gigapixels.png", png(50_000, 50_000, depth=1), "2.5 gigapixels in 300 kB"),
        refuse("colour.png", png(20_000, 20_000, color=2), "400 megapixels in colour, 1.2 GB open"),
        either("texts.png", png(10, 10, bytes(110), chunks=texts), "text chunks that grow to 400 MB"),
        refuse("65k.jpg", _JPEG_65K, "says 65,500 by 65,500"),
        refuse("huge.tif", tiff(Directory(0x7FFFFFFF, 0x7FFFFFFF, b"x" * 100)), "says two billion by two billion"),
        refuse("100k.tif", tiff(deflated), "10 gigapixels"),
        either("pages.tif", nothing_much, "10,000 pages"),
    ]


def draw_pdf_bombs() -> list[Item]:
    """PDFs that are far larger open than closed, or slow to draw."""
    content = repeated(b" ", _CONTENT)
    twice = packed_stream(zlib.compress(content, 9), filters=b"[/FlateDecode/FlateDecode]")
    strokes = b"".join(b"%d %d m %d %d l S\n" % (i % 600, i % 790, i * 7 % 600, i * 3 % 790) for i in range(400_000))
    return [
        either("content.pdf", pdf(page() | {5: packed_stream(content)}), "a page's description grows to 300 MB"),
        either("content-twice.pdf", pdf(page() | {5: twice}), "the same, compressed twice"),
        either("picture.pdf", _with_picture(30_000, 1, b"/DeviceGray"), "one picture of 900 megapixels"),
        either("colour.pdf", _with_picture(10_000, 8, b"/DeviceRGB"), "one picture of 100 megapixels in colour"),
        either("sheet.pdf", pdf(page(text([b"hi"]), box=b"0 0 14400 14400")), "a sheet of 200 by 200 inches"),
        refuse("absurd.pdf", pdf(page(text([b"hi"]), box=b"0 0 1e9 1e9")), "a sheet of 1e9 points"),
        either("pages.pdf", _with_pages(), "10,000 pages: a limit, never a stuck queue"),
        either("strokes.pdf", pdf(page(strokes)), "400,000 strokes"),
        either("letters.pdf", pdf(page(text([b"A" * 200] * 50_000))), "10 MB of text on one page"),
    ]  # fmt: skip


def _with_picture(side: int, bits: int, space: bytes) -> bytes:
    channels = 3 if space == b"/DeviceRGB" else 1
    samples = repeated(b"\0", (side * bits * channels + 7) // 8 * side)
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d/ColorSpace%s" % (
        side,
        side,
        bits,
        space,
    )
    return pdf(page(_SHOW, b"/XObject<</I 6 0 R>>") | {6: packed_stream(samples, entries)})


def _with_pages() -> bytes:
    numbers = range(6, 6 + _PAGES)
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>"
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, _PAGES),
            4: FONT,
            5: stream(text([b"page"])),
            **dict.fromkeys(numbers, leaf),
        }
    )
