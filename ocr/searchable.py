"""One page of a searchable PDF: the picture of the page, and its words invisible and exactly on it."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image as Pillow

from ocr.imaging import Image, cv2, to_grey
from ocr.page import Note, Word

PICTURE_DPI = 200
"""Of grey and colour pages in the PDF: readable on a screen and on paper at 60 to 150 KB a page."""

_JPEG_QUALITY = 60
_GLYPHLESS = Path(__file__).with_name("glyphless.ttf")
_WIDE = 0.5  # advance of the one empty glyph, in ems


def make_page(
    picture: Image,
    words: Sequence[Word],
    *,
    width: int,
    dpi: int,
    is_bitonal: bool = False,
    notes: Sequence[Note] = (),
) -> bytes:
    """A one-page PDF of a picture (grey or BGR) of a page `width` pixels wide at `dpi`, to which the word boxes refer.

    Bitonal pages are kept as CCITT group 4, others as JPEG. The text has one empty glyph for every
    character (as in Tesseract's PDFs), so that any script can be searched and nothing can be seen. Notes are kept as notes.
    """
    scale = 72 / max(dpi, 1)
    wide = width * scale
    high = wide * picture.shape[0] / picture.shape[1]
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(wide, high))
        page = pdf.pages[0]
        page.obj.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(Scan=_group4(pdf, picture) if is_bitonal else _jpeg(pdf, picture)),
            Font=pikepdf.Dictionary(Blank=blank_font(pdf)),
        )
        content = f"q {wide:.3f} 0 0 {high:.3f} 0 0 cm /Scan Do Q\n" + _invisible(words, scale, high)
        page.Contents = pdf.make_stream(content.encode("ascii"))
        if notes:
            page.obj.Annots = pikepdf.Array([pdf.make_indirect(_note(pdf, note, scale, high)) for note in notes])
        out = io.BytesIO()
        pdf.save(out, static_id=True, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


_PRINTED_AS_IS = 4 | 8 | 16
"""Annotation flags that PDF/A-2 asks of a text annotation: print, no zoom, no rotate (ISO 19005-2 §6.3.2)."""

_NOTE_SIZE = 18  # points


def _note(pdf: pikepdf.Pdf, note: Note, scale: float, page_height: float) -> pikepdf.Dictionary:
    """A note at its place, with an appearance of its own, as PDF/A wants it: a yellow leaf."""
    left, top = note.box.left * scale, page_height - note.box.top * scale
    leaf = pdf.make_stream(b"1 0.9 0.4 rg 0.4 0.3 0 RG 0.5 0.5 17 17 re B 4 12 m 14 12 l 4 8 m 14 8 l 4 4 m 10 4 l S")
    leaf.stream_dict.update(
        pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, _NOTE_SIZE, _NOTE_SIZE])
    )
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, F=_PRINTED_AS_IS, Name=pikepdf.Name.Note,
        Rect=[left, top - _NOTE_SIZE, left + _NOTE_SIZE, top], C=[1, 0.9, 0.4],
        Contents=pikepdf.String(note.text), T=pikepdf.String(note.name or note.kind.value),
        AP=pikepdf.Dictionary(N=leaf),
    )  # fmt: skip


def _jpeg(pdf: pikepdf.Pdf, picture: Image) -> pikepdf.Stream:
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()
    return _image(
        pdf, data, picture,
        ColorSpace=pikepdf.Name.DeviceGray if picture.ndim == 2 else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip


def _group4(pdf: pikepdf.Pdf, picture: Image) -> pikepdf.Stream:
    """Black and white, a tenth of the size; Pillow writes the group 4 strip as a TIFF, whose bytes PDF takes as they are."""
    height, width = picture.shape[:2]
    tiff = io.BytesIO()
    bits = Pillow.fromarray(to_grey(picture)).point(_BLACK_OR_WHITE, "1")
    bits.save(tiff, "TIFF", compression="group4", tiffinfo={278: height})  # one strip
    with Pillow.open(tiff) as written:
        tags = written.tag_v2  # type: ignore[attr-defined]
        start, length = tags[273][0], tags[279][0]
        black_is_1 = tags[262] == 0
    return _image(
        pdf, tiff.getvalue()[start : start + length], picture,
        ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=1, Filter=pikepdf.Name.CCITTFaxDecode,
        DecodeParms=pikepdf.Dictionary(K=-1, Columns=width, Rows=height, BlackIs1=not black_is_1),
    )  # fmt: skip


_BLACK_OR_WHITE = [255 if level > 127 else 0 for level in range(256)]


def _image(pdf: pikepdf.Pdf, data: bytes, picture: Image, **entries: Any) -> pikepdf.Stream:
    height, width = picture.shape[:2]
    stream = pikepdf.Stream(pdf, data)
    entries = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Image, "Width": width, "Height": height, **entries}
    for name, value in entries.items():
        stream[f"/{name}"] = value
    return pdf.make_indirect(stream)


def blank_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """A font whose every character is empty: code = Unicode (UTF-16), all drawn with glyph 1 (ISO 32000-1 §9.7)."""
    program = pikepdf.Stream(pdf, _GLYPHLESS.read_bytes())
    program["/Length1"] = _GLYPHLESS.stat().st_size
    descriptor = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name.ChartroomGlyphless, Flags=5, FontBBox=[0, 0, 500, 1000],
            ItalicAngle=0, Ascent=1000, Descent=0, CapHeight=1000, StemV=80, FontFile2=pdf.make_indirect(program),
        )
    )  # fmt: skip
    letters = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType2, BaseFont=pikepdf.Name.ChartroomGlyphless,
            CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            DW=500, FontDescriptor=descriptor, CIDToGIDMap=pdf.make_indirect(pikepdf.Stream(pdf, b"\0\1" * 65536)),
        )
    )  # fmt: skip
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=pikepdf.Name.ChartroomGlyphless,
            Encoding=pikepdf.Name("/Identity-H"), DescendantFonts=[letters],
            ToUnicode=pdf.make_indirect(pikepdf.Stream(pdf, _TO_UNICODE)),
        )
    )  # fmt: skip


_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


_RUNS = {0: ("1 0 0 1", 0, 3), 90: ("0 1 -1 0", 2, 3), 180: ("-1 0 0 -1", 2, 1), 270: ("0 -1 1 0", 0, 1)}
"""For each turn of a word the text matrix, and the corner of its box where it begins, as places in the box."""


def _invisible(words: Sequence[Word], scale: float, page_height: float) -> str:
    """Text operators: each word stretched to its box, as high as its box, a space after it.

    The space at the end of a line too: pdfium leaves out a text object of a single empty glyph.
    """
    parts = ["BT 3 Tr\n"]
    for word in words:
        units = word.text.encode("utf-16-be")
        if len(units) != 2 * len(word.text):
            units = b"".join(c.encode("utf-16-be") if ord(c) < 0x10000 else b"\xff\xfd" for c in word.text)
        long, high = (word.box.height, word.box.width) if word.turn in (90, 270) else (word.box.width, word.box.height)
        size = max(1.0, high * scale)
        stretch = 100 * max(1, long) * scale / (_WIDE * size * (len(units) // 2))
        matrix, x, y = _RUNS[word.turn]
        parts.append(
            f"/Blank {size:.2f} Tf {stretch:.2f} Tz {matrix} {word.box[x] * scale:.2f} "
            f"{page_height - word.box[y] * scale:.2f} Tm <{units.hex()}0020> Tj\n"
        )
    parts.append("ET\n")
    return "".join(parts)
