"""Prints separator sheets: what they say in large type, as QR and as Code 128 (both, so that one may fail)."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classify import doctypes
from classify.separators import make_payload
from ingest.problems import UsageProblem
from storage.foundation.clock import show_time

if TYPE_CHECKING:
    from storage.desk.rescans import Slip

_TITLES = {
    "document": "Document separator",
    "patient": "Patient separator",
    "batch": "Batch cover",
    "end": "End of patient",
}
_MOST_SHEETS = 1000


def payload_of(
    kind: str, *, type_code: str = "", mrn: str = "", encounter: str = "", batch: str = "", pages: int = 0
) -> str:
    """The barcode text of a sheet; UsageProblem when something is missing or unknown."""
    if kind == "patient":
        if not mrn:
            raise UsageProblem("A patient sheet needs --mrn.")
        return make_payload("P", mrn, encounter)
    if kind == "document":
        if type_code and type_code not in doctypes.chart_order():
            raise UsageProblem(f"There is no document type {type_code}. See docs/document-types.md.")
        return make_payload("D", type_code)
    if kind == "batch":
        return make_payload("B", batch, str(pages)) if pages else make_payload("B", batch)
    return make_payload("E", "")


def draw_sheets(out: Path, number: int, kind: str, **said: Any) -> None:
    """Write `number` letter-size sheets to a PDF file; what they say as for `sheets_pdf`."""
    if out.is_dir():
        raise UsageProblem(f"{out} is a folder. Give the name of the PDF file: --out {out / 'separators.pdf'}")
    out.write_bytes(sheets_pdf(number, kind, **said))


def sheets_pdf(
    number: int,
    kind: str,
    *,
    type_code: str = "",
    mrn: str = "",
    encounter: str = "",
    batch: str = "",
    pages: int = 0,
) -> bytes:
    """A PDF of `number` letter-size sheets; UsageProblem when something is missing or unknown."""
    from reportlab.pdfgen.canvas import Canvas

    if not 1 <= number <= _MOST_SHEETS:
        raise UsageProblem(f"The number of sheets is from 1 to {_MOST_SHEETS}.")
    if kind not in _TITLES:
        raise UsageProblem(f"There is no sheet of kind {kind}.")
    payload = payload_of(kind, type_code=type_code, mrn=mrn, encounter=encounter, batch=batch, pages=pages)
    lines = [line for line in (
        doctypes.by_code(type_code).name if type_code else "",
        f"MRN {mrn}" if mrn else "",
        f"Encounter {encounter}" if encounter else "",
        f"{pages} written pages" if pages else "",
    ) if line]  # fmt: skip
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    canvas.setTitle(_TITLES[kind])
    for _ in range(number):
        draw_sheet(canvas, _TITLES[kind], lines, payload)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def draw_slips(slips: "Sequence[Slip]") -> bytes:
    """A PDF with a slip for each page that is asked for again: it goes before the page when that is scanned."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    canvas.setTitle("Rescan slips")
    for slip in slips:
        lines = [
            f"Request {slip.request_id}: {slip.reason}",
            f"page {slip.page} of {slip.file[:48]}" if slip.page else f"a missing page of {slip.file[:44]}",
            f"received {show_time(slip.received, zone=True)}, document {slip.document_id}",
            slip.remark[:60],
        ]
        draw_sheet(canvas, "Rescan slip", [line for line in lines if line], make_payload("R", str(slip.request_id)))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def draw_sheet(canvas: Any, title: str, lines: list[str], payload: str) -> None:
    """Draw one sheet on the current page of a reportlab canvas."""
    from reportlab.graphics.barcode.code128 import Code128
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.renderPDF import draw
    from reportlab.graphics.shapes import Drawing

    canvas.setFont("Helvetica-Bold", 34)
    canvas.drawCentredString(306, 690, title)
    canvas.setFont("Helvetica", 22)
    for i, line in enumerate(lines):
        canvas.drawCentredString(306, 645 - 30 * i, line)
    widget = QrCodeWidget(payload, barLevel="Q", barWidth=200, barHeight=200)
    drawing = Drawing(200, 200)
    drawing.add(widget)
    draw(drawing, canvas, 206, 320)
    bars = Code128(payload, barWidth=1.3, barHeight=60)
    bars.drawOn(canvas, (612 - bars.width) / 2, 210)
    canvas.setFont("Helvetica", 11)
    canvas.drawCentredString(
        306, 150, "Chartroom separator sheet. Put it before the first page. Do not write on the codes."
    )
