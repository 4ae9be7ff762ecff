"""PDFs for tests: typed pages, notes and stamps, form fields, hidden layers, files inside, units."""

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from reportlab.pdfgen.canvas import Canvas

LETTER = (
    "LAKESIDE GENERAL HOSPITAL", "PROGRESS NOTE", "", "Patient Name: Rivera, Ana", "MRN: 00123456", "DOB: 03/14/1957",
    "Date of Service: 05/12/2021", "", "The patient is seen for follow up of blood pressure.",
    "She takes lisinopril and walks thirty minutes a day.", "Plan: return in three months.",
)  # fmt: skip


def typed_pdf(lines: Sequence[str] = LETTER, pages: int = 1) -> bytes:
    """A born-digital PDF of letter pages with these lines."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    for _ in range(pages):
        canvas.setFont("Helvetica", 12)
        for number, line in enumerate(lines):
            canvas.drawString(72, 720 - 18 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def changed(data: bytes, change: "object") -> bytes:
    """The PDF after `change(pdf)`."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)  # type: ignore[operator]
        out = io.BytesIO()
        pdf.save(out, static_id=True)
    return out.getvalue()


def with_notes(data: bytes, *notes: tuple[str, str, tuple[float, float, float, float]], flags: int = 4) -> bytes:
    """The PDF with annotations on its first page: kind, text, place; none has an appearance."""

    def add(pdf: Pdf) -> None:
        pdf.pages[0].obj.Annots = Array(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array(list(place)), F=flags, T=String("nurse"),
                    Contents=String(text), DA=String("/Helv 12 Tf 0 g"),
                )
            )
            for kind, text, place in notes
        )  # fmt: skip

    return changed(data, add)


def with_fields(data: bytes, *fields: tuple[str, str, tuple[float, float, float, float]], ticked: str = "") -> bytes:
    """The PDF as a form: name, value, place of each field; a box called `ticked` is on."""

    def add(pdf: Pdf) -> None:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        widgets = [
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, F=4, Ff=0, T=String(name), V=String(value),
                    Rect=Array(list(place)), DA=String("/Helv 11 Tf 0 g"),
                )
            )
            for name, value, place in fields
        ]  # fmt: skip
        if ticked:
            widgets.append(
                pdf.make_indirect(
                    Dictionary(
                        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, F=4, T=String(ticked), V=Name.Yes, AS=Name.Yes,
                        Rect=Array([300, 300, 314, 314]), DA=String("/ZaDb 0 Tf 0 g"),
                    )
                )
            )  # fmt: skip
        pdf.pages[0].obj.Annots = Array(widgets)
        pdf.Root.AcroForm = pdf.make_indirect(
            Dictionary(Fields=Array(widgets), DR=Dictionary(Font=Dictionary(Helv=font)), DA=String("/Helv 11 Tf 0 g"))
        )

    return changed(data, add)


def with_files(data: bytes, *files: tuple[str, bytes]) -> bytes:
    """The PDF with files inside it."""

    def add(pdf: Pdf) -> None:
        for name, content in files:
            pdf.attachments[name] = content

    return changed(data, add)


def with_hidden_layer(data: bytes, text: str) -> bytes:
    """The PDF with a layer that is switched off and says this."""

    def add(pdf: Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("draft")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer])))
        page = pdf.pages[0]
        page.obj.Resources.Properties = Dictionary(L0=layer)
        page.contents_add(b"/OC /L0 BDC BT /F1 12 Tf 72 400 Td (" + text.encode() + b") Tj ET EMC")

    return changed(data, add)


def with_content(data: bytes, content: bytes) -> bytes:
    """The PDF with more drawn on its first page."""
    return changed(data, lambda pdf: pdf.pages[0].contents_add(content))


def dynamic_form() -> bytes:
    """An XFA form whose page only asks to wait; its form dictionary lies in an object stream."""

    def add(pdf: Pdf) -> None:
        xfa = pdf.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><template/></xdp:xdp>")
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([]), XFA=xfa))
        pdf.Root.NeedsRendering = True

    with pikepdf.open(io.BytesIO(typed_pdf(("Please wait...",)))) as pdf:
        add(pdf)
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)
    return out.getvalue()
