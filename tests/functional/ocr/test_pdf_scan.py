"""Scans inside PDFs: taken out as they are when they are the whole page, rendered when anything else is on it."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image as Pillow

from ocr.formats.pdf_page import look_at_page
from ocr.formats.pdf_scan import PageScan
from ocr.load import load_page
from ocr.page import PageOutcome
from ocr.read import read_page
from ocr.signature import Kind
from tests.given.paper import LINES, printed, saved

PAGE = printed(LINES)
SCAN = saved([PAGE], "PDF")
MOST = 80_000_000


def find_embedded(data: bytes, number: int, pages: int, most: int) -> PageScan | None:
    seen = look_at_page(data, number, pages, most)
    return seen.scan if seen else None


def _changed(change: Callable[[pikepdf.Pdf, Any], None]) -> bytes:
    with pikepdf.open(io.BytesIO(SCAN)) as document:
        change(document, document.pages[0])
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _image_of(page: Any) -> Any:
    return next(iter(page.Resources.XObject.values()))


def test_a_page_that_is_one_image_gives_its_pixels_and_resolution() -> None:
    found = find_embedded(SCAN, 1, 1, MOST)
    assert found is not None
    assert found.picture.size == (1700, 2200)
    assert found.dpi == pytest.approx((200, 200), abs=0.5)
    raw = load_page(SCAN, Kind.PDF, 1)
    assert raw.is_scan
    assert raw.image.shape == PAGE.shape


def test_fax_pages_in_a_pdf_are_bitonal() -> None:
    bits = io.BytesIO()
    Pillow.fromarray(PAGE).convert("1").save(bits, "PDF", resolution=200)
    raw = load_page(bits.getvalue(), Kind.PDF, 1)
    assert raw.is_scan
    assert raw.is_bitonal
    assert set(np.unique(raw.image)) == {0, 255}


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf, page: page.__setitem__("/Rotate", 90),
        lambda pdf, page: _image_of(page).__setitem__("/Decode", pikepdf.Array([1, 0])),
        lambda pdf, page: _image_of(page).__setitem__("/SMask", _image_of(page)),
        lambda pdf, page: page.contents_add(b"0 0 100 100 re f", prepend=False),
        lambda pdf, page: page.contents_add(b"-1 0 0 1 612 0 cm", prepend=True),
        lambda pdf, page: page.__setitem__("/CropBox", pikepdf.Array([0, 0, 300, 300])),
        lambda pdf, page: page.__setitem__("/Annots", pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Stamp)])),
    ],
    ids=["turned", "inverted", "masked", "a black box over it", "mirrored", "cropped", "stamped"],
)
def test_a_page_with_anything_else_on_it_is_rendered(change: Callable[[pikepdf.Pdf, Any], None]) -> None:
    data = _changed(change)
    assert find_embedded(data, 1, 1, MOST) is None
    assert not load_page(data, Kind.PDF, 1).is_scan


def test_somebodys_invisible_text_over_a_scan_does_not_matter() -> None:
    read = read_page(SCAN, Kind.PDF, 1)
    assert read.pdf is not None
    again = read_page(read.pdf, Kind.PDF, 1).page
    assert again.engine != "text layer"
    assert "00123456" in again.text


def test_half_an_image_is_incomplete_and_not_filed_grey() -> None:
    def cut(pdf: pikepdf.Pdf, page: Any) -> None:
        image = _image_of(page)
        data = image.read_raw_bytes()
        image.write(data[: len(data) // 2], filter=pikepdf.Name.DCTDecode)

    data = _changed(cut)
    gap = load_page(data, Kind.PDF, 1).gap
    assert gap is not None and gap.share is not None and 0 < gap.share < 0.7
    assert read_page(data, Kind.PDF, 1).page.outcome is PageOutcome.INCOMPLETE


def test_a_bomb_of_page_description_is_not_unpacked() -> None:
    import zlib

    def swell(pdf: pikepdf.Pdf, page: Any) -> None:
        stream = pikepdf.Stream(pdf, b"")
        stream.write(zlib.compress(b"q Q " * 2_000_000), filter=pikepdf.Name.FlateDecode)
        page.Contents = pikepdf.Array([page.Contents, pdf.make_indirect(stream)])

    assert find_embedded(_changed(swell), 1, 1, MOST) is None


def test_an_image_larger_than_it_says_is_not_decoded() -> None:
    def pose(pdf: pikepdf.Pdf, page: Any) -> None:
        _image_of(page).Width = 100

    assert find_embedded(_changed(pose), 1, 1, MOST) is None


def test_where_readers_count_differently_pages_are_rendered_by_the_one_that_counted() -> None:
    assert find_embedded(SCAN, 1, 2, MOST) is None


def test_a_fax_page_that_is_cut_off_is_not_taken_for_whole() -> None:
    bits = io.BytesIO()
    Pillow.fromarray(PAGE).convert("1").save(bits, "PDF", resolution=200)
    with pikepdf.open(bits) as document:
        image = _image_of(document.pages[0])
        data, parameters = image.read_raw_bytes(), image.DecodeParms
        image.write(data[: len(data) // 2], filter=pikepdf.Name.CCITTFaxDecode, decode_parms=parameters)
        out = io.BytesIO()
        document.save(out)
    assert find_embedded(out.getvalue(), 1, 1, MOST) is None
