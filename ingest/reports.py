"""Reports as PDF: the page account of a scan, to be signed and kept with the paper."""

import io
from collections.abc import Sequence

_MARGIN, _LINE, _ROWS = 54, 14, 42


def draw_table(title: str, lines: Sequence[str], heads: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A letter-size PDF: title, lines of text, and a table that goes on over pages, each with its number."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import letter
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=letter, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        title=title, author="Chartroom", invariant=1,
    )  # fmt: skip
    styles = getSampleStyleSheet()
    cells = [[str(cell) for cell in row] for row in (heads, *rows)]
    table = Table(cells, repeatRows=1, hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("FONTSIZE", (0, 0), (-1, -1), 9),
                ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    story = [
        Paragraph(_escaped(title), styles["Title"]),
        *(Paragraph(_escaped(line), styles["Normal"]) for line in lines),
    ]
    document.build([*story, Spacer(1, _LINE), table], onFirstPage=_number, onLaterPages=_number)
    return out.getvalue()


def _number(canvas: object, document: object) -> None:
    canvas.setFont("Helvetica", 9)  # type: ignore[attr-defined]
    canvas.drawRightString(558, 34, f"page {document.page}")  # type: ignore[attr-defined]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
