"""Page PDFs joined, turned and replaced: what filing does, without OpenCV. What is filed is PDF/A-2b."""

import io
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf


_PDFIUM = threading.Lock()


def missing_page() -> bytes:
    """A page that says that the original could not be imaged, so that the count stays right."""
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    picture = Pillow.new("1", (1700, 2200), 1)
    pen = ImageDraw.Draw(picture)
    for y, line in (
        (1000, "This page of the original could not be imaged."),
        (1070, "The dropped file is kept unchanged in the vault."),
    ):
        pen.text((850, y), line, font=ImageFont.load_default(44), fill=0, anchor="mm")
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=200)  # a picture, because PDF/A would want the font of a text
    return out.getvalue()


def render_page(pdf: bytes, dpi: int, number: int = 1) -> bytes | None:
    """A page (1-based) of a PDF of ours as a JPEG at this resolution; None when it has no such page. One at a time: pdfium is
    not safe for threads."""
    import pypdfium2

    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 1 <= number <= len(document):
                return None
            picture = document[number - 1].render(scale=dpi / 72, draw_annots=False).to_pil()
        finally:
            document.close()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def turn_page(pdf: bytes, degrees: int) -> bytes:
    """The page turned clockwise for every viewer."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            page.rotate(degrees, relative=True)
        out = io.BytesIO()
        document.save(out, static_id=True)
    return out.getvalue()


def stamp_pages(pdf: bytes, line: str, *, title: str) -> bytes:
    """The PDF with a line at the top of every page, in a white strip with an edge, and with this title."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document, pikepdf.open(io.BytesIO(_strip(line))) as strip:
        for page in document.pages:
            left, _, right, top = (float(edge) for edge in page.mediabox)
            height = (right - left) * _STRIP[1] / _STRIP[0]
            page.add_overlay(strip.pages[0], pikepdf.Rectangle(left, top - height, right, top))
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as about:
            about["dc:title"] = title
        out = io.BytesIO()
        document.save(out, static_id=True)
    return out.getvalue()


_STRIP = (1700, 60)
"""Width and height of the strip in pixels: as wide as a letter page at 200 dpi."""


def _strip(line: str) -> bytes:
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    picture = Pillow.new("1", _STRIP, 1)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, _STRIP[0] - 1, _STRIP[1] - 1), outline=0, width=3)
    pen.text((_STRIP[0] // 2, _STRIP[1] // 2), line, font=ImageFont.load_default(34), fill=0, anchor="mm")
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=200)  # a picture, because PDF/A would want the font of a text
    return out.getvalue()


def join_pages(parts: Sequence[bytes], *, title: str, subject: str, made: datetime | None = None) -> bytes:
    """One PDF of these pages in this order, with title and subject, built as PDF/A-2b (ISO 19005-2).

    That is: an sRGB output intent, XMP that says the same as the document information, every font
    embedded, a file identifier, no encryption and nothing active.
    """
    import pikepdf

    made = (made or datetime.now(UTC)).replace(microsecond=0)
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as document:
                whole.pages.extend(document.pages)
        _share_font(whole)
        _describe(whole, title, subject, made)
        whole.Root.OutputIntents = whole.make_indirect(pikepdf.Array([_srgb(whole)]))
        out = io.BytesIO()
        whole.save(
            out, static_id=False, deterministic_id=True, compress_streams=True, linearize=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate, fix_metadata_version=False,
        )  # fmt: skip
    return out.getvalue()


def _share_font(whole: "pikepdf.Pdf") -> None:
    """Every page brought its own copy of the one empty font."""
    import pikepdf

    first = None
    for page in whole.pages:
        fonts = page.resources.get("/Font", pikepdf.Dictionary())
        if "/Blank" in fonts:
            first = first or fonts["/Blank"]
            fonts["/Blank"] = first


def _describe(whole: "pikepdf.Pdf", title: str, subject: str, made: datetime) -> None:
    with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as about:
        about["dc:title"] = title
        if subject:
            about["dc:description"] = subject
        about["xmp:CreatorTool"] = "Chartroom"
        about["pdf:Producer"] = "Chartroom"
        about["xmp:CreateDate"] = made.isoformat()
        about["xmp:ModifyDate"] = made.isoformat()
        about["pdfaid:part"] = "2"
        about["pdfaid:conformance"] = "B"


def _srgb(whole: "pikepdf.Pdf") -> "pikepdf.Object":
    import pikepdf

    profile = pikepdf.Stream(whole, _srgb_profile())
    profile["/N"] = 3
    return whole.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent, S=pikepdf.Name.GTS_PDFA1, OutputConditionIdentifier=b"sRGB",
            Info=b"sRGB IEC61966-2.1", DestOutputProfile=whole.make_indirect(profile),
        )
    )  # fmt: skip


@cache
def _srgb_profile() -> bytes:
    """Little CMS makes the profile, with the time of day in it (bytes 24 to 36); fixed, so that equal pages give equal files."""
    from PIL import ImageCms

    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[24:36] = bytes((7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
    made[84:100] = bytes(16)  # the profile's own hash: 0 means not computed
    return bytes(made)
