"""The searchable PDF: words exactly on the picture, the same text in every reader, built as PDF/A-2b."""

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pypdf import PdfReader

from benchmarks.sheets import draw_sheet
from ocr import pdfpages, searchable
from ocr.imaging import Image, to_grey
from ocr.page import Box, Word
from ocr.read import PageRead, read_page
from ocr.signature import Kind
from tests.given.paper import LINES, printed, saved

PAGE = printed(LINES)


@pytest.fixture(scope="module")
def read() -> PageRead:
    """A page of a form, read."""
    return read_page(saved([PAGE], "PNG"), Kind.PNG, 1)


def _joined(read: PageRead) -> bytes:
    return pdfpages.join_pages([read.pdf or b""], title="Progress note", subject="document 7")


def test_text_is_the_same_in_poppler_and_pypdf(read: PageRead, tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    file.write_bytes(_joined(read))
    ours = read.page.text.split()
    assert PdfReader(file).pages[0].extract_text().split() == ours
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is not installed here")
    poppler = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
    assert poppler.split() == ours


def test_text_is_the_same_in_pdfium_even_words_of_one_letter() -> None:
    words = [Word(text, Box(100 + 80 * i, 100, 160 + 80 * i, 130), 0.9) for i, text in enumerate(("Rivera,", "J", "M"))]
    document = pypdfium2.PdfDocument(searchable.make_page(PAGE, words, width=1700, dpi=200))
    assert document[0].get_textpage().get_text_range().split() == ["Rivera,", "J", "M"]
    document.close()


def test_every_word_lies_on_its_box(read: PageRead) -> None:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(_joined(read))) as document:
        words = document.pages[0].extract_words()
    assert len(words) == len(read.page.words)
    for shown, word in zip(words, read.page.words, strict=True):
        edges = (shown["x0"], shown["top"], shown["x1"], shown["bottom"])
        assert edges == pytest.approx([edge * 72 / 200 for edge in word.box], abs=0.6)


def test_the_text_is_not_seen(read: PageRead) -> None:
    document = pypdfium2.PdfDocument(_joined(read))
    shown = np.array(document[0].render(scale=100 / 72, grayscale=True).to_numpy()).squeeze()
    document.close()
    without = pypdfium2.PdfDocument(searchable.make_page(PAGE, (), width=1700, dpi=200))
    bare = np.array(without[0].render(scale=100 / 72, grayscale=True).to_numpy()).squeeze()
    without.close()
    assert np.abs(shown.astype(int) - bare.astype(int)).mean() < 1.0


def test_any_script_is_kept(tmp_path: Path) -> None:
    words = [Word("Müller-Łódź", Box(100, 100, 500, 140), 0.9), Word("наряд", Box(520, 100, 700, 140), 0.9)]
    pdf = searchable.make_page(PAGE, words, width=1700, dpi=200)
    assert PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split() == ["Müller-Łódź", "наряд"]


def test_bitonal_pages_are_group_4_and_look_the_same() -> None:
    page: Image = (to_grey(draw_sheet("note", "Helvetica", 1).image) > 127).astype(np.uint8) * 255
    pdf = searchable.make_page(page, (), width=page.shape[1], dpi=300, is_bitonal=True)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        image = document.pages[0].Resources.XObject.Scan
        assert isinstance(image, pikepdf.Stream)
        assert image.Filter == pikepdf.Name.CCITTFaxDecode
        assert int(image.BitsPerComponent) == 1
        again = np.array(pikepdf.PdfImage(image).as_pil_image().convert("L"))
    assert np.array_equal(again, page)
    assert len(pdf) < 60_000
    shown = pypdfium2.PdfDocument(pdf)[0].render(scale=300 / 72, grayscale=True).to_numpy().squeeze()
    assert np.abs(shown.astype(int) - page.astype(int)).mean() < 2


def test_the_filed_pdf_has_the_structure_of_pdf_a_2b(read: PageRead) -> None:
    """What ISO 19005-2 asks and a program can look up; no validator that could be installed here knows PDF/A."""
    data = pdfpages.join_pages([read.pdf or b"", read.pdf or b"", pdfpages.missing_page()], title="Note", subject="7")
    first, second = data.split(b"\n", 2)[:2]
    assert first.startswith(b"%PDF-1.")
    assert second[:1] == b"%" and min(second[1:5]) > 127
    with pikepdf.open(io.BytesIO(data)) as document:
        assert not document.is_encrypted
        assert "/ID" in document.trailer
        intent = document.Root.OutputIntents[0]
        assert intent.S == pikepdf.Name.GTS_PDFA1
        assert int(intent.DestOutputProfile.N) == 3
        with document.open_metadata() as about:
            assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "B")
            assert about["dc:title"] == "Note" == str(document.docinfo["/Title"])
            assert about["pdf:Producer"] == str(document.docinfo["/Producer"])
            assert document.docinfo["/CreationDate"] is not None
        for forbidden in ("/AA", "/OpenAction", "/AcroForm", "/Names"):
            assert forbidden not in document.Root
        fonts = [page.Resources.Font.Blank for page in document.pages if "/Font" in page.Resources]
        assert len({font.objgen for font in fonts}) == 1
        letters = fonts[0].DescendantFonts[0]
        assert "/FontFile2" in letters.FontDescriptor
        assert set(letters.CIDToGIDMap.read_bytes()[1::2]) == {1}
        assert "/ToUnicode" in fonts[0]
        for page in document.pages:
            assert "/Annots" not in page
            for image in page.Resources.XObject.values():
                assert not image.get("/Interpolate", False)
                assert "/SMask" not in image


def test_size_and_rotation_are_the_papers(read: PageRead) -> None:
    lying = np.ascontiguousarray(np.rot90(PAGE))
    turned = read_page(saved([lying], "PNG"), Kind.PNG, 1)
    for result in (read, turned):
        page = PdfReader(io.BytesIO(_joined(result))).pages[0]
        assert float(page.mediabox.width) == pytest.approx(1700 / 200 * 72, abs=1)
        assert float(page.mediabox.height) == pytest.approx(2200 / 200 * 72, abs=1)
        assert page.rotation == 0
