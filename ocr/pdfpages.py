"""Page PDFs joined, turned and replaced: what filing does, without OpenCV."""

import io
from collections.abc import Sequence


def missing_page() -> bytes:
    """A page that says that the original could not be imaged, so that the count stays right."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    canvas.setFont("Helvetica", 14)
    canvas.drawCentredString(306, 420, "This page of the original could not be imaged.")
    canvas.drawCentredString(306, 396, "The dropped file is kept unchanged in the vault.")
    canvas.save()
    return out.getvalue()


def turn_page(pdf: bytes, degrees: int) -> bytes:
    """The page turned clockwise for every viewer."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        writer.add_page(page).rotate(degrees)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def join_pages(parts: Sequence[bytes], *, title: str, subject: str) -> bytes:
    """One PDF of these pages in this order, with title and subject."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for part in parts:
        for page in PdfReader(io.BytesIO(part)).pages:
            writer.add_page(page)
    writer.add_metadata({"/Title": title, "/Subject": subject, "/Creator": "Chartroom", "/Producer": "Chartroom"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
