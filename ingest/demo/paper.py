"""Draws the clinic's paper with reportlab (several layouts, fonts, label habits) and renders it at 300 dpi."""

import io
import random
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from classify import doctypes
from ingest.demo.clinic import Encounter, Patient
from ingest.demo.wording import PROTECTED_SECTIONS, SECTIONS, text_of
from ingest.separators import draw_sheet
from ocr.imaging import Image

_LETTER = (612.0, 792.0)
_HOSPITAL = "LAKESIDE GENERAL HOSPITAL"


@dataclass(frozen=True, slots=True)
class Style:
    """How one department's forms look: font, date order on paper, label words, layout of the header."""

    font: str
    bold: str
    date: str
    labels: dict[str, str]
    header: Callable[[Any, "Sheet", "Style", int, int], float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document to draw."""

    kind: str
    title: str
    patient: Patient
    encounter: Encounter
    pages: int
    style: int
    last_word: str  # a rare word on the last page, to be found again


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn document: its PDF, and what is true about it."""

    sheet: Sheet
    pdf: bytes
    fields: dict[str, str]


def draw_document(sheet: Sheet, rng: random.Random) -> Drawn:
    """Draw one document and say what is printed on it (normal forms, as index fields)."""
    from reportlab.pdfgen.canvas import Canvas

    style = STYLES[sheet.style % len(STYLES)]
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=_LETTER, invariant=1)
    for page in range(1, sheet.pages + 1):
        top = style.header(canvas, sheet, style, page, sheet.pages)
        _draw_body(canvas, sheet, style, page, top, rng)
        canvas.showPage()
    canvas.save()
    return Drawn(sheet, out.getvalue(), truth_of(sheet))


def truth_of(sheet: Sheet) -> dict[str, str]:
    """The index fields as they are printed on the first page, in their normal form."""
    patient, visit = sheet.patient, sheet.encounter
    truth = {
        "name": f"{patient.family.upper()}, {patient.given.upper()} {patient.middle}",
        "mrn": patient.mrn,
        "dob": patient.birth_date.isoformat(),
        "sex": patient.sex,
        "encounter": visit.number,
    }
    if sheet.kind in ("FACE_SHEET", "REGISTRATION", "INSURANCE_CARD"):
        truth |= {"payer": patient.payer, "member_id": patient.member_id}
        if patient.group:
            truth["group"] = patient.group
    if sheet.kind in ("FACE_SHEET", "DISCHARGE_SUMMARY"):
        truth |= {"admit_date": visit.admitted.isoformat(), "discharge_date": visit.discharged.isoformat()}
    else:
        truth["service_date"] = visit.admitted.isoformat()
    family, given = visit.attending.split()[-1], visit.attending.split()[0]
    truth["attending"] = f"{family.upper()}, {given.upper()}"
    return truth


def draw_separator(title: str, lines: list[str], payload: str) -> bytes:
    """A separator sheet as a one-page PDF."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=_LETTER, invariant=1)
    draw_sheet(canvas, title, lines, payload)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def blank_side() -> Image:
    """The empty back of a sheet."""
    return np.full((3300, 2550), 255, np.uint8)


def render(pdf: bytes, dpi: int = 300) -> list[Image]:
    """Grey pages of a drawn PDF."""
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(pdf)
    pages = [
        np.array(page.render(scale=dpi / 72, grayscale=True).to_numpy()).reshape(-1, round(page.get_width() * dpi / 72))
        for page in document
    ]
    document.close()
    return pages


# ---- headers: three departments, three habits


def _table_header(canvas: Any, sheet: Sheet, style: Style, page: int, pages: int) -> float:
    """A boxed form: labels small above their values."""
    _letterhead(canvas, sheet, style, page, pages)
    x, y = 54.0, 690.0
    cells = _cells(sheet, style)
    for i, (label, value) in enumerate(cells):
        left, top = x + (i % 3) * 168, y - (i // 3) * 34
        canvas.rect(left, top - 30, 168, 34)
        canvas.setFont(style.font, 7.5)
        canvas.drawString(left + 4, top - 5, label)
        canvas.setFont(style.font, 11)
        canvas.drawString(left + 4, top - 22, value)
    return y - ((len(cells) + 2) // 3) * 34 - 24


def _line_header(canvas: Any, sheet: Sheet, style: Style, page: int, pages: int) -> float:
    """Typed lines: label, colon, value, two to a line."""
    _letterhead(canvas, sheet, style, page, pages)
    y = 690.0
    cells = _cells(sheet, style)
    for i in range(0, len(cells), 2):
        for j, (label, value) in enumerate(cells[i : i + 2]):
            canvas.setFont(style.bold, 10.5)
            canvas.drawString(54 + j * 270, y, f"{label}:")
            width = canvas.stringWidth(f"{label}: ", style.bold, 10.5)
            canvas.setFont(style.font, 10.5)
            canvas.drawString(54 + j * 270 + width + 2, y, value)
        y -= 16
    return y - 14


def _label_header(canvas: Any, sheet: Sheet, style: Style, page: int, pages: int) -> float:
    """A patient label stuck in the corner, the rest on lines."""
    _letterhead(canvas, sheet, style, page, pages)
    canvas.rect(324, 640, 234, 78)
    lines = [(label, value) for label, value in _cells(sheet, style)]
    y = 706.0
    for label, value in lines[:5]:
        canvas.setFont(style.font, 9.5)
        canvas.drawString(332, y, f"{label}: {value}")
        y -= 14
    y = 700.0
    for label, value in lines[5:]:
        canvas.setFont(style.font, 10)
        canvas.drawString(54, y, f"{label}: {value}")
        y -= 16
    return min(y, 640) - 24


def _letterhead(canvas: Any, sheet: Sheet, style: Style, page: int, pages: int) -> None:
    canvas.setFont(style.bold, 11)
    canvas.drawString(54, 758, _HOSPITAL)
    canvas.setFont(style.bold, 17)
    canvas.drawString(54, 732, sheet.title if page == 1 else f"{sheet.title} (continued)")
    if pages > 1:
        canvas.setFont(style.font, 9)
        canvas.drawRightString(558, 40, f"Page {page} of {pages}")


def _cells(sheet: Sheet, style: Style) -> list[tuple[str, str]]:
    patient, visit, label = sheet.patient, sheet.encounter, style.labels
    name = patient.last_first if style.date != "%d %b %Y" else patient.first_last
    cells = [
        (label["name"], name),
        (label["mrn"], patient.mrn),
        (label["dob"], patient.birth_date.strftime(style.date)),
        (
            label["sex"],
            {"F": "Female", "M": "Male"}[patient.sex] if style.date == "%m/%d/%Y" else patient.sex,
        ),
        (label["encounter"], visit.number),
        (label["attending"], f"{visit.attending}, MD"),
    ]
    truth = truth_of(sheet)
    if "service_date" in truth:
        cells.append((label["service_date"], visit.admitted.strftime(style.date)))
    else:
        cells += [
            (label["admit_date"], visit.admitted.strftime(style.date)),
            (label["discharge_date"], visit.discharged.strftime(style.date)),
        ]
    if "payer" in truth:
        cells += [(label["payer"], patient.payer), (label["member_id"], patient.member_id)]
        if patient.group:
            cells.append((label["group"], patient.group))
    return cells


def _draw_body(canvas: Any, sheet: Sheet, style: Style, page: int, y: float, rng: random.Random) -> None:
    headings = list(SECTIONS.get(sheet.kind) or PROTECTED_SECTIONS[sheet.kind])
    share = -(-len(headings) // sheet.pages)
    for heading in headings[(page - 1) * share : page * share] or headings[:1]:
        canvas.setFont(style.bold, 11)
        canvas.drawString(54, y, heading.upper() if sheet.style % 2 else heading)
        y -= 16
        mono = heading == "Results"
        canvas.setFont("Courier" if mono else style.font, 10 if mono else 10.5)
        for paragraph in text_of(heading, rng):
            for line in [paragraph] if mono else textwrap.wrap(paragraph, 92):
                canvas.drawString(60, y, line)
                y -= 14.5
        y -= 8
    if page == sheet.pages:
        canvas.setFont(style.font, 10.5)
        canvas.drawString(54, y - 6, f"Reference code for this report: {sheet.last_word}")
        canvas.line(54, 92, 250, 92)
        canvas.setFont(style.font, 9)
        canvas.drawString(54, 80, f"Signed: {sheet.encounter.attending}, MD")


def _labels(*words: str) -> dict[str, str]:
    names = (
        "name",
        "mrn",
        "dob",
        "sex",
        "encounter",
        "attending",
        "service_date",
        "admit_date",
        "discharge_date",
        "payer",
        "member_id",
        "group",
    )
    return dict(zip(names, words, strict=True))


STYLES: tuple[Style, ...] = (
    Style("Helvetica", "Helvetica-Bold", "%m/%d/%Y", _labels("Patient Name", "MRN", "DOB", "Sex", "Encounter", "Attending Physician", "Date of Service", "Admission Date", "Discharge Date", "Insurance", "Member ID", "Group No"), _line_header),
    Style("Times-Roman", "Times-Bold", "%d %b %Y", _labels("Patient", "Medical Record No", "Date of Birth", "Gender", "Visit No", "Physician", "Visit Date", "Date of Admission", "Date of Discharge", "Payer", "Subscriber ID", "Group Number"), _line_header),
    Style("Helvetica", "Helvetica-Bold", "%m/%d/%Y", _labels("PATIENT NAME", "MEDICAL RECORD NUMBER", "DATE OF BIRTH", "SEX", "ENCOUNTER NUMBER", "ATTENDING", "DATE OF SERVICE", "ADMIT DATE", "DISCHARGE DATE", "PAYER", "MEMBER ID", "GROUP"), _table_header),
    Style("Courier", "Courier-Bold", "%m-%d-%Y", _labels("Name", "MR#", "DOB", "Sex", "FIN", "Provider", "Date", "Admitted", "Discharged", "Plan", "Policy No", "Group #"), _label_header),
)  # fmt: skip


def title_of(kind: str, rng: random.Random) -> str:
    """One of the titles under which this kind is printed."""
    titles = [title for title in doctypes.by_code(kind).titles[:3] if len(title) > 4]
    return rng.choice(titles or [doctypes.by_code(kind).name]).upper()
