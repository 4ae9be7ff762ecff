"""What a PDF holds besides its pictures: notes, field values, files, layers nobody sees, pages in other units."""

import io

import numpy as np
import pikepdf
import pytest

from ocr.errors import DamagedFile, UnsupportedFile
from ocr.formats.pdf_page import look_at_file, look_at_page
from ocr.imaging import cv2
from ocr.load import load_attachment, load_page, open_file
from ocr.page import MarkKind, MarkState, NoteKind, OcrPage, PageOutcome
from ocr.read import WORDS_ONLY, read_page
from ocr.signature import Kind
from tests.given.paper import LINES, printed, saved
from tests.given.pdfs import (
    LETTER,
    changed,
    dynamic_form,
    typed_pdf,
    with_content,
    with_fields,
    with_files,
    with_hidden_layer,
    with_notes,
)

PAGE = printed(LINES)
SCAN = saved([PAGE], "PDF")
CORNER = (500, 60, 520, 80)


def _read(data: bytes) -> OcrPage:
    return read_page(data, Kind.PDF, 1, WORDS_ONLY).page


# ---- notes


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("Text", NoteKind.NOTE),
        ("FreeText", NoteKind.TYPED),
        ("Stamp", NoteKind.STAMP),
        ("Highlight", NoteKind.NOTE),
        ("Ink", NoteKind.NOTE),
    ],
)
def test_text_of_an_annotation_without_appearance_comes_with_the_page(kind: str, found: NoteKind) -> None:
    page = _read(with_notes(SCAN, (kind, "ALLERGIC TO SULFA", CORNER)))
    (note,) = page.notes
    assert (note.kind, note.text, note.name, note.is_shown) == (found, "ALLERGIC TO SULFA", "nurse", False)
    assert note.box.left == pytest.approx(500 / 612 * page.width, abs=12)
    assert note.box.bottom == pytest.approx((792 - 60) / 792 * page.height, abs=12)
    assert "SULFA" not in page.text, "it is no word of the picture"


@pytest.mark.parametrize("kind", ["Link", "Popup"])
def test_annotations_that_say_nothing_are_no_notes(kind: str) -> None:
    assert _read(with_notes(SCAN, (kind, "click", CORNER))).notes == ()


def test_a_hidden_annotation_is_no_note() -> None:
    assert _read(with_notes(SCAN, ("Text", "secret", CORNER), flags=2)).notes == ()


def test_a_stamp_without_text_says_its_name() -> None:
    def stamp(pdf: pikepdf.Pdf) -> None:
        box = pikepdf.Array([60, 60, 200, 100])
        annotation = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=box, Name=pikepdf.Name.NotApproved
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(annotation)])

    assert [note.text for note in _read(changed(SCAN, stamp)).notes] == ["Not Approved"]


def test_a_blank_page_with_a_note_is_not_blank() -> None:
    page = _read(with_notes(typed_pdf(("",)), ("Text", "see chart 2", CORNER)))
    assert page.outcome is PageOutcome.OK
    assert page.notes[0].text == "see chart 2"


def test_a_note_does_not_say_what_handwriting_nobody_could_read_says() -> None:
    scrawl = np.full((2200, 1700), 255, np.uint8)
    cv2.polylines(scrawl, [np.array([(300 + 14 * x, 900 + 60 * (x % 3)) for x in range(60)])], False, 0, 5)
    page = _read(with_notes(saved([scrawl], "PDF"), ("Text", "who wrote this?", CORNER)))
    assert page.outcome is PageOutcome.UNREADABLE
    assert page.notes[0].text == "who wrote this?"


def test_notes_of_a_turned_page_lie_where_the_turned_page_has_them() -> None:
    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = 90

    raw = load_page(changed(with_notes(SCAN, ("Text", "here", (10, 10, 30, 30))), turn), Kind.PDF, 1)
    (note,) = raw.notes
    height, width = raw.image.shape[:2]
    assert width > height
    assert note.box.left < width / 8 and note.box.top < height / 8, "bottom left turned clockwise is top left"


# ---- form fields


def test_a_field_laid_over_a_whole_scan_takes_nothing_from_it() -> None:
    page = _read(with_fields(SCAN, ("remark", "seen by nurse", (0, 0, 612, 792))))
    assert "00123456" in page.text and "Rivera" in page.text and "seen by nurse" in page.text


def test_the_value_in_the_file_is_what_is_read_and_what_its_box_hides_is_told() -> None:
    value = " ".join(f"word{number}" for number in range(60))
    form = with_fields(
        typed_pdf((*LETTER[:3], "Patient Name:")), ("name", "RIVERA, ANA", (170, 662, 420, 680)), ("notes", value, (72, 400, 220, 420)),
        ticked="smoker",
    )  # fmt: skip
    page = _read(form)
    by_name = {note.name: note for note in page.notes}
    assert by_name["name"].is_shown
    assert not by_name["notes"].is_shown
    assert {f"word{number}" for number in range(60)} <= {word.text for word in page.words}
    assert "RIVERA," in [word.text for word in page.words]
    assert [mark.state for mark in page.marks if mark.kind is MarkKind.TICK_BOX].count(MarkState.TICKED) == 1


def test_an_empty_form_has_no_values() -> None:
    assert _read(with_fields(typed_pdf(), ("name", "", (170, 300, 420, 320)))).notes == ()


# ---- what nobody sees

OTHER = "Patient Name: KRAUS, DANA MRN: 00999999"


@pytest.mark.parametrize(
    "data",
    [
        with_hidden_layer(typed_pdf(), OTHER),
        with_content(typed_pdf(), b"BT 1 1 1 rg /F1 12 Tf 72 400 Td (" + OTHER.encode() + b") Tj ET"),
        with_content(typed_pdf(), b"BT 3 Tr /F1 12 Tf 72 400 Td (" + OTHER.encode() + b") Tj ET"),
        with_content(typed_pdf(), b"q 0 0 10 10 re W n BT /F1 12 Tf 72 400 Td (" + OTHER.encode() + b") Tj ET Q"),
        with_content(typed_pdf(), b"BT 3 Tr /F1 12 Tf 72 666 Td (" + OTHER.encode() + b") Tj ET"),
        with_content(
            typed_pdf(), b"BT /F1 12 Tf 72 400 Td (" + OTHER.encode() + b") Tj ET 1 1 1 rg 60 380 400 40 re f"
        ),
        with_content(typed_pdf(), b"BT /F1 12 Tf 72 -400 Td (" + OTHER.encode() + b") Tj ET"),
    ],
    ids=["hidden layer", "white", "invisible", "clipped", "invisible over visible", "painted over", "off the page"],
)
def test_words_that_nobody_sees_are_no_words_of_the_page(data: bytes) -> None:
    text = _read(data).text
    assert "KRAUS" not in text and "00999999" not in text
    assert "00123456" in text


def test_visible_words_are_still_taken_from_the_layer() -> None:
    assert _read(typed_pdf()).engine == "text layer"


# ---- blank, or not shown


def test_a_page_whose_letters_cannot_be_drawn_is_not_blank() -> None:
    def lose(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.contents_add(b"1 1 1 rg 0 0 612 792 re f")  # something lies over all of it

    page = _read(changed(typed_pdf(), lose))
    assert page.outcome is PageOutcome.FAILED
    assert "cannot be shown" in page.reason


def test_an_empty_page_of_a_pdf_is_blank() -> None:
    assert _read(typed_pdf(("",))).outcome is PageOutcome.BLANK
    assert _read(saved([np.full((2200, 1700), 250, np.uint8)], "PDF")).outcome is PageOutcome.BLANK


# ---- units, forms of one viewer, files inside


def test_a_page_in_other_units_has_its_true_size() -> None:
    def enlarge(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.UserUnit = 2
        pdf.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 306, 396])
        pdf.pages[0].obj.Contents = pdf.make_stream(
            pdf.pages[0].Contents.read_bytes().replace(b"612", b"306").replace(b"792", b"396")
        )

    data = changed(SCAN, enlarge)
    raw = load_page(data, Kind.PDF, 1)
    assert raw.dpi == pytest.approx((200, 200), rel=0.02)
    assert "00123456" in _read(data).text


def test_a_scan_on_a_page_the_size_of_a_stamp_keeps_its_pixels() -> None:
    def shrink(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 61.2, 79.2])
        pdf.pages[0].obj.Rotate = 180  # so that it is rendered
        pdf.pages[0].obj.Contents = pdf.make_stream(b"q 61.2 0 0 79.2 0 0 cm /image Do Q")
        pdf.pages[0].obj.Resources.XObject.image = next(iter(pdf.pages[0].obj.Resources.XObject.values()))

    raw = load_page(changed(SCAN, shrink), Kind.PDF, 1)
    assert min(raw.image.shape[:2]) >= 1690


def test_a_dynamic_form_is_refused_with_what_to_do() -> None:
    data = dynamic_form()
    assert b"/XFA" not in data, "it lies in an object stream"
    with pytest.raises(UnsupportedFile, match="print it to PDF"):
        open_file(data)


def test_files_inside_a_pdf_are_named_and_taken_out() -> None:
    inner = typed_pdf(("LABORATORY REPORT",))
    data = with_files(typed_pdf(), ("lab report.pdf", inner), ("notes.txt", b"call back"))
    opened = open_file(data)
    assert sorted(opened.attachments) == ["lab report.pdf", "notes.txt"]
    taken = dict(load_attachment(data, number) for number in range(2))
    assert taken == {"lab report.pdf": inner, "notes.txt": b"call back"}
    with pytest.raises(DamagedFile):
        load_attachment(data, 2)


def test_a_file_on_a_page_is_a_file_inside_too_and_each_is_named_once() -> None:
    def attach(pdf: pikepdf.Pdf) -> None:
        spec = pikepdf.AttachedFileSpec(pdf, b"inner", filename="inner.bin")
        pdf.attachments["inner.bin"] = spec
        annotation = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.FileAttachment,
            Rect=pikepdf.Array([10, 10, 30, 30]),
            FS=spec.obj,
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(annotation)])

    data = changed(typed_pdf(), attach)
    assert open_file(data).attachments == ("inner.bin",)
    assert [note.kind for note in _read(data).notes] == [NoteKind.ATTACHMENT]


def test_what_qpdf_cannot_open_is_not_looked_into() -> None:
    assert look_at_file(b"%PDF-1.4 nothing") is None
    assert look_at_page(io.BytesIO(SCAN).getvalue(), 1, 2, 80_000_000) is None, "it counts its pages otherwise"
