"""Blank sides inside PDFs: what a scanner leaves on paper is no content, and a picture that is not shown is."""

import io
import zlib

import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name, Pdf
from PIL import Image as Pillow

from ocr.imaging import Image
from ocr.page import PageOutcome
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import Kind
from tests.given.paper import LINES, printed
from tests.given.pdfs import changed, typed_pdf, with_notes

SIZE = (1700, 2200)


def _back_side() -> Image:
    """A blank back as a scanner sees it: a black edge, punch holes, specks, noise."""
    random = np.random.default_rng(3)
    side = np.clip(250 + random.normal(0, 2, SIZE[::-1]), 0, 255).astype(np.uint8)
    rows, columns = np.ogrid[: SIZE[1], : SIZE[0]]
    for centre in (500, 1100, 1700):
        side[(rows - centre) ** 2 + (columns - 30) ** 2 < 22**2] = 40
    side[:, :12] = 20
    for _ in range(12):
        y, x = random.integers(100, 2000), random.integers(100, 1600)
        side[y : y + 3, x : x + 3] = 120
    return side


def _jpeg(side: Image) -> bytes:
    out = io.BytesIO()
    Pillow.fromarray(side).save(out, "JPEG", quality=80)
    return out.getvalue()


def _jpx(side: Image) -> bytes:
    out = io.BytesIO()
    Pillow.fromarray(side).save(out, "JPEG2000", irreversible=True, quality_layers=[30])
    return out.getvalue()


def _pdf(data: bytes, packing: str, content: bytes = b"q 612 0 0 792 0 0 cm /Im0 Do Q", *, rotate: int = 0) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        picture = pikepdf.Stream(pdf, b"")
        picture.write(data, filter=Name(packing))
        picture.Type, picture.Subtype, picture.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
        picture.Width, picture.Height, picture.BitsPerComponent = *SIZE, 8
        page = pdf.pages[0].obj
        page.Resources = Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(picture)))
        page.Contents, page.Rotate = pdf.make_stream(content), rotate
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def _outcome(data: bytes) -> PageOutcome:
    return read_page(data, Kind.PDF, 1, WORDS_ONLY).page.outcome


def _seen_through(pdf: Pdf) -> None:
    """Make the picture of the page fully transparent."""
    mask = pikepdf.Stream(pdf, b"")
    mask.write(zlib.compress(bytes(SIZE[0] * SIZE[1])), filter=Name.FlateDecode)
    mask.Type, mask.Subtype, mask.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
    mask.Width, mask.Height, mask.BitsPerComponent = *SIZE, 8
    pdf.pages[0].obj.Resources.XObject.Im0.SMask = pdf.make_indirect(mask)


@pytest.mark.parametrize(
    "data",
    [
        _pdf(_jpeg(_back_side()), "/DCTDecode"),
        _pdf(_jpeg(_back_side()), "/DCTDecode", rotate=180),
        _pdf(_jpeg(_back_side()), "/DCTDecode", b"q 612 0 0 792 0 0 cm /Im0 Do Q 1 0 0 1 0 0 cm 0 g"),
        _pdf(zlib.compress(_back_side().tobytes()), "/FlateDecode"),
        _pdf(_jpx(_back_side()), "/JPXDecode"),
    ],
    ids=["taken out", "turned", "rendered", "flate", "jpeg 2000"],
)
def test_the_back_of_a_sheet_with_specks_and_punch_holes_is_blank_however_it_is_packed(data: bytes) -> None:
    assert _outcome(data) is PageOutcome.BLANK


def test_a_page_whose_description_is_packed_into_no_bytes_is_blank() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        out = io.BytesIO()
        pdf.save(out)
    assert _outcome(out.getvalue()) is PageOutcome.BLANK


def test_a_page_with_nothing_but_its_number_is_blank() -> None:
    assert _outcome(typed_pdf(("", "- 3 -"))) is PageOutcome.BLANK


@pytest.mark.parametrize("has_note", [False, True])
def test_a_picture_that_the_page_does_not_show_is_never_blank_nor_fine(has_note: bool) -> None:
    data = changed(_pdf(zlib.compress(printed(LINES).tobytes()), "/FlateDecode"), _seen_through)
    if has_note:  # one without a sign on the page
        data = with_notes(data, ("Highlight", "see the other side", (20, 20, 40, 40)))
    assert _outcome(data) is PageOutcome.FAILED


def test_an_inline_picture_that_shows_nothing_is_not_proven_blank() -> None:
    content = b"q 612 0 0 792 0 0 cm BI /W 8 /H 8 /CS /G /BPC 8 /F /DCT\nID nothing that decodes\nEI Q"
    data = changed(typed_pdf(("",)), lambda pdf: setattr(pdf.pages[0].obj, "Contents", pdf.make_stream(content)))
    assert _outcome(data) is PageOutcome.FAILED
