"""Reading a page from file to words, with both engines, every way up."""

import io
import shutil

import numpy as np
import pytest
from pypdf import PdfReader

from ocr import pdfpages, searchable
from ocr.imaging import Image, turned
from ocr.page import OcrPage, PageOutcome, Second
from ocr.read import PageOrder, fingerprint, read_page
from ocr.signature import Kind
from ocr.tesseract import open_engine
from tests.given.paper import LINES, printed, saved

PAGE = printed(LINES, scale=1.2)


def _read(page: Image, engine: str = "") -> OcrPage:
    return read_page(saved([page], "PNG"), Kind.PNG, 1, PageOrder(engine, view=False, pdf=False)).page


@pytest.mark.parametrize("engine", ["tesserocr", "tesseract"])
def test_both_engines_read_the_page(engine: str) -> None:
    if engine == "tesseract" and not shutil.which("tesseract"):
        pytest.skip("the tesseract program is not installed here")
    page = _read(PAGE, engine)
    assert page.outcome is PageOutcome.OK
    assert "00123456" in page.text
    assert "Rivera" in page.text
    assert page.mean_confidence > 0.8
    assert page.engine.startswith(engine)


def test_both_engines_agree_on_words_and_boxes() -> None:
    if not shutil.which("tesseract"):
        pytest.skip("the tesseract program is not installed here")
    ours, theirs = (open_engine(name).read(PAGE, 200) for name in ("tesserocr", "tesseract"))
    assert [w.text for w in ours] == [w.text for w in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert all(abs(a - b) <= 3 for a, b in zip(one.box, other.box, strict=True))


@pytest.mark.parametrize("lies", [0, 90, 180, 270])
def test_a_page_is_read_whichever_way_up_it_lies(lies: int) -> None:
    page = _read(turned(PAGE, lies))
    assert page.rotation == (360 - lies) % 360
    assert "00123456" in page.text
    assert page.width < page.height


def test_boxes_lie_on_the_words() -> None:
    page = _read(PAGE)
    word = next(w for w in page.words if "00123456" in w.text)
    left, top, right, bottom = word.box
    inside = PAGE[top:bottom, left:right]
    assert (inside < 128).mean() > 0.08
    assert (PAGE[top - 25 : top - 8, left:right] < 128).mean() < 0.01


def test_an_empty_side_is_blank_and_marks_without_words_are_unreadable() -> None:
    assert _read(np.full((2200, 1700), 250, np.uint8)).outcome is PageOutcome.BLANK
    scribble = np.full((2200, 1700), 255, np.uint8)
    scribble[400:1800, 780:800] = 0
    assert _read(scribble).outcome in (PageOutcome.UNREADABLE, PageOutcome.OK)


def test_what_goes_wrong_with_a_page_is_its_outcome_not_an_error() -> None:
    data = saved([PAGE], "JPEG")
    page = read_page(data[: len(data) // 2], Kind.JPEG, 1).page
    assert page.outcome in (PageOutcome.INCOMPLETE, PageOutcome.FAILED)
    assert "Scan" in page.reason


def test_a_real_text_layer_is_used_and_somebody_elses_ocr_is_not() -> None:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792))
    for i, line in enumerate(LINES):
        canvas.drawString(72, 700 - 20 * i, line)
    canvas.save()
    born = read_page(out.getvalue(), Kind.PDF, 1).page
    assert born.engine == "text layer"
    assert "00123456" in born.text
    assert born.words[0].box.top < 700

    scanned = _read(PAGE)
    lying = [type(w)(w.text[::-1], w.box, w.confidence, w.line) for w in scanned.words]
    over_scan = searchable.make_page(PAGE, lying, width=PAGE.shape[1], dpi=200)
    again = read_page(over_scan, Kind.PDF, 1).page
    assert again.engine != "text layer"
    assert "00123456" in again.text


def test_what_was_typed_onto_a_pdf_afterwards_is_read() -> None:
    from pypdf import PdfWriter
    from pypdf.annotations import FreeText
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792))
    for i in range(12):
        canvas.drawString(72, 700 - 20 * i, f"Question {i}: have you ever had this condition?")
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(out))
    note = FreeText(text="PENICILLIN", rect=(72, 300, 300, 340), font_size="20pt", border_color=None)
    writer.add_annotation(0, note)
    filled = io.BytesIO()
    writer.write(filled)
    assert read_page(filled.getvalue(), Kind.PDF, 1).page.engine != "text layer"


def test_the_searchable_page_holds_the_words_where_they_are() -> None:
    result = read_page(saved([PAGE], "PNG"), Kind.PNG, 1)
    assert result.pdf is not None
    page = PdfReader(io.BytesIO(result.pdf)).pages[0]
    assert page.extract_text().split() == result.page.text.split()
    assert float(page.mediabox.width) == pytest.approx(1700 / 200 * 72, abs=1)


def test_pages_join_in_order_and_turn() -> None:
    parts = [read_page(saved([printed([word])], "PNG"), Kind.PNG, 1).pdf or b"" for word in ("alpha", "omega")]
    joined = PdfReader(io.BytesIO(pdfpages.join_pages([*parts, pdfpages.missing_page()], title="Consent", subject="x")))
    assert [page.extract_text().split()[0] for page in joined.pages[:2]] == ["alpha", "omega"]
    assert joined.metadata is not None
    assert joined.metadata.title == "Consent"
    assert PdfReader(io.BytesIO(pdfpages.turn_page(parts[0], 90))).pages[0].rotation == 90


def test_a_reading_is_kept_whole() -> None:
    page = _read(PAGE)
    assert OcrPage.from_bytes(page.to_bytes()) == page


def test_a_faint_page_is_read_and_not_taken_for_blank() -> None:
    faint = (245 - (255 - PAGE.astype(np.int16)) // 5).astype(np.uint8)
    page = _read(faint)
    assert page.outcome is PageOutcome.OK
    assert "00123456" in page.text


@pytest.mark.parametrize("dpi", [(1, 4900), (1, 300)])
def test_an_image_with_an_absurd_resolution_is_read_or_refused_not_an_error(dpi: tuple[int, int]) -> None:
    from PIL import Image as Pillow

    out = io.BytesIO()
    Pillow.fromarray(printed(LINES, size=(1000, 1000))).save(out, "TIFF", dpi=dpi)
    assert read_page(out.getvalue(), Kind.TIFF, 1).page.outcome in (PageOutcome.OK, PageOutcome.FAILED)


def test_an_image_that_no_engine_takes_fails_alone() -> None:
    from PIL import Image as Pillow

    strip = np.full((100, 70_000), 255, np.uint8)
    strip[40:60, ::7] = 0
    out = io.BytesIO()
    Pillow.fromarray(strip).save(out, "PNG")
    assert read_page(out.getvalue(), Kind.PNG, 1).page.outcome is not PageOutcome.OK


def test_a_reading_is_kept_apart_from_one_with_another_engine_or_another_use_of_the_second_recogniser() -> None:
    kept = [fingerprint(engine, second) for engine in ("", "tesserocr", "tesseract") for second in Second]
    assert len(set(kept)) == len(kept)
    assert fingerprint("tesserocr") == fingerprint("tesserocr", PageOrder().second)


@pytest.mark.parametrize("lies", [90, 180, 270])
def test_a_page_is_read_the_way_up_that_a_person_said_whatever_its_letters_vote_for(lies: int) -> None:
    scan = saved([turned(PAGE, lies)], "PNG")
    right, wrong = (read_page(scan, Kind.PNG, 1, way_up=way).page for way in (360 - lies, (180 - lies) % 360))
    assert (right.rotation, wrong.rotation) == (360 - lies, (180 - lies) % 360)
    assert "00123456" in right.text
    assert not [word for word in wrong.words if not word.turn and word.text == "00123456"]


def test_a_page_without_words_is_placed_the_way_up_that_a_person_said() -> None:
    scribble = np.full((2200, 1700), 255, np.uint8)
    for at in range(200, 2000, 90):
        scribble[at : at + 6, 200:1500] = 0
    page = read_page(saved([scribble], "PNG"), Kind.PNG, 1, way_up=90)
    assert (page.page.rotation, page.page.width, page.page.height) == (90, 2200, 1700)
    assert page.page.outcome is not PageOutcome.OK
