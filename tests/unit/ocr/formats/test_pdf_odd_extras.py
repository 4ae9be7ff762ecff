"""Notes, fields, layers and files as other programs write them: none is lost, and none is made up."""

import io
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from ocr.bounds import CUT, MOST_NOTE_LETTERS, MOST_NOTES, within_bounds
from ocr.formats.pdf_extras import MOST_ATTACHMENTS, Extra, is_tick
from ocr.formats.pdf_page import look_at_file, look_at_page
from ocr.load import open_file
from ocr.page import Box, Note, NoteKind, OcrPage, PageOutcome
from tests.given.pdfs import changed, typed_pdf

PLACE = [100, 100, 200, 120]


def _extras(*annotations: dict[str, Any], form: bool = False) -> tuple[Extra, ...]:
    """What is found of these annotations on a page."""

    def add(pdf: Pdf) -> None:
        made = [pdf.make_indirect(Dictionary(**{"Type": Name.Annot, "Rect": PLACE, **one})) for one in annotations]
        pdf.pages[0].obj.Annots = Array(made)
        if form:
            pdf.Root.AcroForm = Dictionary(Fields=Array(made))

    seen = look_at_page(changed(typed_pdf(), add), 1, 1, 80_000_000)
    assert seen is not None
    return seen.extras


def _field(**entries: object) -> tuple[Extra, ...]:
    return _extras({"Subtype": Name.Widget, "T": String("field"), **entries}, form=True)


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ({"Contents": String("allergic to\u00a0nuts\tand eggs")}, "allergic to nuts and eggs"),
        ({"RC": String("<body><p>nuts &amp; eggs</p></body>")}, "nuts & eggs"),
        ({"Contents": String("no place"), "Rect": Array([])}, "no place"),
        ({"Contents": String("half a place"), "Rect": Array([1, 2])}, "half a place"),
        ({"Contents": String("odd place"), "Rect": Name.Here}, "odd place"),
        ({"Subtype": Name.Watermark, "Contents": String("VOID")}, "VOID"),
        ({"Subtype": Name.Sound}, "sound recording in the file"),
        ({"Subtype": Name.RichMedia, "Contents": String("gait")}, "film or sound recording in the file: gait"),
    ],
)
def test_the_words_of_a_note_are_kept_however_they_are_written(entries: dict[str, object], text: str) -> None:
    assert [extra.text for extra in _extras({"Subtype": Name.Text, **entries})] == [text]


def test_text_may_be_a_stream() -> None:
    def add(pdf: Pdf) -> None:
        rich = pdf.make_indirect(Stream(pdf, b"<p>see the old chart</p>"))
        value = pdf.make_indirect(Stream(pdf, b"typed in a stream"))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=PLACE, RC=rich)
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), Rect=PLACE, V=value)
        made = [pdf.make_indirect(note), pdf.make_indirect(field)]
        pdf.pages[0].obj.Annots = Array(made)
        pdf.Root.AcroForm = Dictionary(Fields=Array(made[1:]))

    seen = look_at_page(changed(typed_pdf(), add), 1, 1, 80_000_000)
    assert seen is not None
    assert [extra.text for extra in seen.extras] == ["see the old chart", "typed in a stream"]


PAIRS = Array([Array([String("1"), String("none")]), Array([String("3"), String("Penicillin allergy")])])


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ({"FT": Name.Ch, "V": String("3"), "Opt": PAIRS}, "Penicillin allergy"),
        ({"FT": Name.Ch, "V": Array([String("1"), String("3")]), "Opt": PAIRS}, "none, Penicillin allergy"),
        ({"FT": Name.Ch, "V": String("typed by hand"), "Opt": PAIRS}, "typed by hand"),
        ({"FT": Name.Ch, "V": String("b"), "Opt": Array([String("a"), String("b")])}, "b"),
        ({"FT": Name.Tx, "RV": String("<p>rich &lt; plain</p>")}, "rich < plain"),
        ({"FT": Name.Tx, "V": Name.Yes}, "Yes"),
    ],
)
def test_the_value_of_a_field_is_what_its_box_shows_in_words(entries: dict[str, object], text: str) -> None:
    assert [(extra.kind, extra.text) for extra in _field(**entries)] == [(NoteKind.FIELD, text)]


@pytest.mark.parametrize("value", [String(""), Dictionary(), Array([])])
def test_what_is_no_text_is_no_value(value: Object) -> None:
    assert _field(FT=Name.Tx, V=value) == ()


def test_the_value_of_a_field_without_a_box_is_a_note_and_no_evidence() -> None:
    (extra,) = _field(FT=Name.Tx, V=String("00123456"), Rect=[0, 0, 0, 0])
    assert extra.kind is NoteKind.NOTE


@pytest.mark.parametrize("says_state", [True, False])
def test_only_the_chosen_one_of_radio_buttons_is_ticked(says_state: bool) -> None:
    def add(pdf: Pdf) -> None:
        group = pdf.make_indirect(Dictionary(FT=Name.Btn, Ff=1 << 15, T=String("sex"), V=Name("/F")))
        buttons = []
        for left, name in ((100, "/M"), (200, "/F")):
            looks = Dictionary({name: pdf.make_indirect(Stream(pdf, b"")), "/Off": pdf.make_indirect(Stream(pdf, b""))})
            button = Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                Rect=[left, 100, left + 9, 109],
                Parent=group,
                AP=Dictionary(N=looks),
            )
            if says_state:
                button.AS = Name(name) if name == "/F" else Name.Off
            buttons.append(pdf.make_indirect(button))
        group.Kids = Array(buttons)
        pdf.pages[0].obj.Annots = Array(buttons)
        pdf.Root.AcroForm = Dictionary(Fields=Array([group]))

    seen = look_at_page(changed(typed_pdf(), add), 1, 1, 80_000_000)
    assert seen is not None
    assert [(is_tick(extra), extra.rect[0]) for extra in seen.extras] == [(True, 200.0)]


def test_more_notes_and_longer_ones_than_are_kept_are_told() -> None:
    many = _extras(*({"Subtype": Name.Text, "Contents": String(f"note {n}")} for n in range(MOST_NOTES + 40)))
    (long,) = _extras({"Subtype": Name.Text, "Contents": String("word " * MOST_NOTE_LETTERS)})
    for extras in (many, (long,)):
        notes = tuple(Note(extra.kind, extra.text, Box(0, 0, 9, 9)) for extra in extras)
        assert CUT in within_bounds(OcrPage(1, PageOutcome.OK, notes=notes)).weaknesses


# ---- layers


def _hides(default: dict[str, Any], usage: Dictionary | None = None, membership: str = "") -> bool:
    def add(pdf: Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("header")))
        if usage is not None:
            layer.Usage = usage
        here: Any = {key: Array([layer]) if value == "layer" else value for key, value in default.items()}
        if "AS" in default:
            here["AS"] = Array([Dictionary(Event=Name.View, OCGs=Array([layer]), Category=Array([Name.View]))])
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(**here))
        if membership:
            rule = Dictionary(Type=Name.OCMD, OCGs=Array([layer]), P=Name(f"/{membership}"))
            pdf.pages[0].obj.Resources.Properties = Dictionary(L0=pdf.make_indirect(rule))

    seen = look_at_page(changed(typed_pdf(), add), 1, 1, 80_000_000)
    assert seen is not None
    return seen.has_hidden_layers


@pytest.mark.parametrize(
    ("default", "usage", "membership", "hides"),
    [
        ({"Order": "layer"}, None, "", False),
        ({"OFF": "layer"}, None, "", True),
        ({"BaseState": Name.OFF}, None, "", True),
        ({"BaseState": Name.OFF, "ON": "layer"}, None, "", False),
        ({"AS": ""}, Dictionary(View=Dictionary(ViewState=Name.ON), Print=Dictionary(PrintState=Name.ON)), "", False),
        ({"AS": ""}, Dictionary(View=Dictionary(ViewState=Name.OFF)), "", True),
        ({"AS": ""}, Dictionary(Print=Dictionary(PrintState=Name.OFF)), "", True),
        ({}, None, "AnyOn", False),
        ({}, None, "AllOff", True),
    ],
)
def test_a_layer_that_is_on_hides_nothing(
    default: dict[str, Any], usage: Dictionary | None, membership: str, hides: bool
) -> None:
    assert _hides(default, usage, membership) is hides


# ---- XFA


def _config(render: str) -> bytes:
    return f"<config><acrobat><acrobat7><dynamicRender>{render}</dynamicRender></acrobat7></acrobat></config>".encode()


@pytest.mark.parametrize(
    ("config", "has_field", "needs", "is_dynamic"),
    [
        (_config("forbidden"), True, False, False),
        (_config("required"), True, False, False),
        (_config("required"), False, False, True),
        (_config("forbidden"), False, False, False),
        (b"<template/>", False, False, True),
        (b"<template/>", True, False, False),
        (_config("required"), False, True, True),
    ],
    ids=["static", "pages show its fields", "dynamic", "made flat", "no word of it", "fields", "must be laid out"],
)
def test_a_form_is_dynamic_when_only_its_viewer_lays_it_out(
    config: bytes, has_field: bool, needs: bool, is_dynamic: bool
) -> None:
    def add(pdf: Pdf) -> None:
        fields = []
        if has_field:
            fields = [pdf.make_indirect(Dictionary(Subtype=Name.Widget, FT=Name.Tx, T=String("a"), Rect=PLACE))]
            pdf.pages[0].obj.Annots = Array(fields)
        xfa = Array([String("config"), pdf.make_indirect(Stream(pdf, config))])
        pdf.Root.AcroForm = Dictionary(Fields=Array(fields), XFA=xfa)
        pdf.Root.NeedsRendering = needs

    file = look_at_file(changed(typed_pdf(), add))
    assert file is not None
    assert file.is_dynamic_form is is_dynamic


# ---- files


def test_files_in_a_tree_in_media_and_promised_ones_are_all_named() -> None:
    def add(pdf: Pdf) -> None:
        def spec(name: str, is_there: bool = True) -> Object:
            file = pdf.make_indirect(Stream(pdf, b"content")) if is_there else None
            return pdf.make_indirect(Dictionary(Type=Name.Filespec, F=String(name), EF=Dictionary(F=file or 7)))

        leaf = pdf.make_indirect(Dictionary(Names=Array([String("a"), spec("a.pdf")])))
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Kids=Array([pdf.make_indirect(Dictionary(Kids=[leaf]))])))
        media = Dictionary(Assets=Dictionary(Names=Array([String("b"), spec("b.mp4")])))
        film = Dictionary(Subtype=Name.RichMedia, Rect=PLACE, RichMediaContent=media)
        pin = Dictionary(Subtype=Name.FileAttachment, Rect=PLACE, FS=spec("lost.pdf", is_there=False))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(film), pdf.make_indirect(pin)])

    assert open_file(changed(typed_pdf(), add)).attachments == ("a.pdf", "b.mp4", "lost.pdf")


def test_more_files_than_are_taken_in_are_told() -> None:
    with pikepdf.open(io.BytesIO(typed_pdf())) as pdf:
        for number in range(MOST_ATTACHMENTS + 3):
            pdf.attachments[f"{number}.txt"] = b"x"
        out = io.BytesIO()
        pdf.save(out)
    opened = open_file(out.getvalue())
    assert len(opened.attachments) == MOST_ATTACHMENTS
    assert "attachments_left_out" in opened.flags
