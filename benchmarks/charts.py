"""Benchmark charts: documents of hospitals whose forms the code has never seen, with the truth about each.

A hospital is drawn from a seed: where its labels stand and what they say, how it writes dates and names, what its
continuation pages repeat, whether it numbers pages. Half of the ways of setting a form and half of the label words
are kept for `held_out` hospitals; weights are fitted on the others only (benchmarks/train_understanding.py).
"""

import io
import random
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from classify import doctypes
from ingest.demo.clinic import Encounter, Patient, draw_clinic
from ingest.demo.wording import SECTIONS, text_of

_WIDTH, _HEIGHT = 612.0, 792.0
_FACES = (("Helvetica", "Helvetica-Bold"), ("Times-Roman", "Times-Bold"), ("Courier", "Courier-Bold"))

# fmt: off
LABELS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "name": (("Patient Name", "Patient", "Name", "PATIENT NAME"), ("Pt. Name", "Name of Patient", "Patient's Name (Last, First, MI)", "PATIENT (LAST, FIRST)")),
    "mrn": (("MRN", "Medical Record No", "MR#", "MEDICAL RECORD NUMBER"), ("Med. Rec. #", "Chart No.", "Hospital Number", "Unit No.")),
    "dob": (("DOB", "Date of Birth", "Birth Date"), ("D.O.B.", "Birthdate", "Patient DOB")),
    "sex": (("Sex", "Gender"), ("SEX", "Sex at Birth")),
    "encounter": (("Encounter", "Visit No", "FIN", "ENCOUNTER NUMBER"), ("Visit #", "CSN", "Encounter ID")),
    "service_date": (("Date of Service", "Visit Date", "Date"), ("DOS", "Date of Visit", "Service Date")),
    "admit_date": (("Admission Date", "Date of Admission", "Admitted"), ("Admit Date", "Adm. Date", "Date Admitted")),
    "discharge_date": (("Discharge Date", "Date of Discharge", "Discharged"), ("Disch. Date", "Date Discharged", "D/C Date")),
    "attending": (("Attending Physician", "Attending", "Provider"), ("Attending MD", "Physician of Record", "Responsible Provider")),
    "npi": (("NPI", "NPI No"), ("Attending NPI", "NPI #")),
    "payer": (("Insurance", "Payer", "Primary Insurance"), ("Insurance Carrier", "Health Plan", "Insurance Company")),
    "member_id": (("Member ID", "Subscriber ID", "Policy No"), ("Insured ID", "Member Number", "Identification No.")),
    "group": (("Group No", "Group Number", "Group"), ("Grp #", "Group ID", "Policy Group")),
    "address": (("Address", "Home Address", "Street Address"), ("Mailing Address", "Residence", "Patient Address")),
    "phone": (("Phone", "Telephone", "Home Phone"), ("Tel.", "Phone No.", "Contact Number")),
    "guarantor": (("Guarantor", "Guarantor Name"), ("Responsible Party", "Person Responsible for Bill")),
    "disposition": (("Disposition", "Discharge Disposition"), ("Discharged To", "Disposition at Discharge")),
    "allergies": (("Allergies", "ALLERGIES"), ("Known Allergies", "Drug Allergies")),
    "diagnosis": (("Diagnosis", "Principal Diagnosis", "Admitting Diagnosis"), ("Final Diagnosis", "Dx", "Primary Diagnosis")),
}
# fmt: on
_DATES = (("%m/%d/%Y", "%m-%d-%Y", "%d %b %Y"), ("%b %d, %Y", "%m/%d/%y", "%Y-%m-%d"))
_FACILITIES = (
    ("LAKESIDE GENERAL HOSPITAL", "Mercy Valley Medical Center", "North Shore Clinic"),
    ("St. Brendan's Regional Hospital", "CEDAR FALLS HEALTH SYSTEM", "Harborview Community Hospital"),
)
_ALLERGIES = ("Penicillin", "NKDA", "Sulfa, latex", "No known drug allergies", "Codeine")
_DIAGNOSES = ("Community acquired pneumonia", "Acute cholecystitis", "Atrial fibrillation", "Type 2 diabetes mellitus")
_DISPOSITIONS = ("Home", "Skilled nursing facility", "Home with home health", "Expired", "Left against medical advice")
_PLACES: dict[str, tuple[str, ...]] = {
    "FACE_SHEET": ("admit_date", "discharge_date", "attending", "npi", "address", "phone", "payer", "member_id", "group", "guarantor", "diagnosis"),
    "REGISTRATION": ("service_date", "address", "phone", "payer", "member_id", "group", "guarantor"),
    "DISCHARGE_SUMMARY": ("admit_date", "discharge_date", "attending", "disposition", "allergies"),
    "INSURANCE_CARD": ("payer", "member_id", "group"),
    "MAR": ("service_date", "allergies"),
    "OPERATIVE_REPORT": ("service_date", "attending", "diagnosis"),
    "ED_RECORD": ("service_date", "attending", "disposition", "allergies"),
}  # fmt: skip
_LONG = ("HP", "CONSULT", "DISCHARGE_SUMMARY", "OPERATIVE_REPORT", "PROGRESS_NOTE", "ED_RECORD", "NURSING_NOTE")
KINDS = tuple(kind for kind in SECTIONS if kind != "EKG")


@dataclass(frozen=True, slots=True)
class Cell:
    """One labelled value as it is printed."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Hospital:
    """How one hospital's forms look."""

    header: str
    labels: dict[str, str]
    dates: str
    is_last_first: bool
    face: tuple[str, str]
    facility: str
    running_head: str  # what continuation pages repeat: all, person, title, nothing
    numbering: str  # of, number, slash, none
    is_held_out: bool


@dataclass(slots=True)
class Drawn:
    """One document: pages as a PDF, and what is true about it (normal forms)."""

    kind: str
    patient: Patient
    pages: int
    fields: dict[str, str]
    pdf: bytes
    hospital: Hospital
    printed_on: list[int] = field(default_factory=list)


def draw_hospital(seed: int, *, held_out: bool) -> Hospital:
    """A hospital; one that is held out has a way of setting forms and label words that no fit has seen."""
    rng = random.Random(f"{seed}-{held_out}")
    side = int(held_out)
    headers = HELD_HEADERS if held_out else HEADERS
    return Hospital(
        header=list(headers)[seed % len(headers)],
        labels={name: rng.choice(words[side]) for name, words in LABELS.items()},
        dates=_DATES[side][(seed // len(headers)) % 3],
        is_last_first=rng.random() < 0.6,
        face=rng.choice(_FACES),
        facility=rng.choice(_FACILITIES[side]),
        running_head=rng.choice(("all", "person", "person", "title", "nothing")),
        numbering=rng.choice(("of", "number", "none", "of")),
        is_held_out=held_out,
    )


def draw_stack(hospital: Hospital, documents: int, seed: int) -> list[Drawn]:
    """Documents of several patients one after the other, as they come out of a feeder without separator sheets."""
    rng = random.Random(f"stack-{seed}-{hospital.is_held_out}")
    clinic = draw_clinic(max(3, documents // 2), rng)
    drawn: list[Drawn] = []
    patient = rng.choice(clinic)
    while len(drawn) < documents:
        if rng.random() < 0.45:
            patient = rng.choice(clinic)
        kind = rng.choice(KINDS)
        pages = rng.choice((1, 2, 2, 3, 4)) if kind in _LONG else 1
        drawn.append(draw_document(hospital, kind, patient, pages, rng))
    return drawn


def draw_document(hospital: Hospital, kind: str, patient: Patient, pages: int, rng: random.Random) -> Drawn:
    """One document of one patient, with what is printed on it."""
    from reportlab.pdfgen.canvas import Canvas

    visit = rng.choice(patient.encounters)
    cells, truth = _cells_of(hospital, kind, patient, visit, rng)
    title = _title_of(hospital, kind, rng)
    has_head = rng.random() > 0.12  # some first pages bear a running head only
    title = title.upper() if rng.random() < 0.7 else title.title()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT), invariant=1)
    bodies = _bodies(kind, pages, patient, visit, hospital, rng)
    for page in range(1, pages + 1):
        top = _draw_top(canvas, hospital, title, cells, page, has_head=has_head)
        _draw_body(canvas, hospital, bodies[page - 1], top)
        _draw_foot(canvas, hospital, page, pages)
        canvas.showPage()
    canvas.save()
    if not has_head:
        repeated = cells[:5] if pages > 1 and hospital.running_head == "all" else []
        truth = {name: truth[name] for name in ("name", "mrn", "dob", *(cell.name for cell in repeated))}
    return Drawn(kind, patient, pages, truth, out.getvalue(), hospital)


_OTHER_TITLES: dict[str, tuple[str, ...]] = {
    "FACE_SHEET": ("Registration Face Sheet", "Admission Face Page"),
    "REGISTRATION": ("Outpatient Registration Record", "Patient Data Form"),
    "HP": ("Admission H and P", "Initial Evaluation: History & Physical"),
    "PROGRESS_NOTE": ("Daily Physician Note", "Inpatient Progress Record"),
    "CONSULT": ("Cardiology Consultation Response", "Specialist Opinion"),
    "OPERATIVE_REPORT": ("Report of Surgical Procedure", "Surgical Operation Record"),
    "PATHOLOGY": ("Anatomic Pathology Result", "Tissue Pathology Findings"),
    "LAB": ("Clinical Chemistry Results", "Cumulative Laboratory Summary"),
    "IMAGING": ("Diagnostic Radiology Interpretation", "Department of Radiology"),
    "DISCHARGE_SUMMARY": ("Summary of Hospital Stay", "Discharge Clinical Resume"),
    "DISCHARGE_INSTR": ("Instructions for Home", "Your Discharge Plan"),
    "CONSENT_PROC": ("Permission for Operation", "Patient Agreement to Procedure"),
    "CONSENT_TREAT": ("Treatment Authorization and Conditions", "Patient Agreement"),
    "MAR": ("Medication Record", "24 Hour Medication Chart"),
    "ORDERS": ("Provider Order Form", "Orders - Inpatient"),
    "NURSING_NOTE": ("Nurse Charting", "Nursing Shift Record"),
    "ED_RECORD": ("Emergency Services Report", "ED Visit Record"),
    "INSURANCE_CARD": ("Health Plan Identification", "Member Card"),
    "NPP_ACK": ("Receipt of Privacy Practices", "HIPAA Privacy Form"),
}


def _title_of(hospital: Hospital, kind: str, rng: random.Random) -> str:
    """A title of the table; two in five documents of a held-out hospital bear one that is not in it."""
    if hospital.is_held_out and rng.random() < 0.4:
        return rng.choice(_OTHER_TITLES[kind])
    titles = [title for title in doctypes.by_code(kind).titles if len(title) > 4]
    return rng.choice(titles[:4] or [doctypes.by_code(kind).name])


def _cells_of(
    hospital: Hospital, kind: str, patient: Patient, visit: Encounter, rng: random.Random
) -> tuple[list[Cell], dict[str, str]]:
    def day(value: date) -> str:
        return value.strftime(hospital.dates)

    doctor = visit.attending.split()
    guarantor = f"{rng.choice(('Ruth', 'Paul', 'Dana'))} {patient.family}"
    values = {
        "name": (
            patient.last_first if hospital.is_last_first else patient.first_last,
            f"{patient.family.upper()}, {patient.given.upper()} {patient.middle}",
        ),
        "mrn": (patient.mrn, patient.mrn),
        "dob": (day(patient.birth_date), patient.birth_date.isoformat()),
        "sex": (rng.choice(({"F": "Female", "M": "Male"}[patient.sex], patient.sex)), patient.sex),
        "encounter": (visit.number, visit.number),
        "service_date": (day(visit.admitted), visit.admitted.isoformat()),
        "admit_date": (day(visit.admitted), visit.admitted.isoformat()),
        "discharge_date": (day(visit.discharged), visit.discharged.isoformat()),
        "attending": (
            rng.choice((f"{visit.attending}, MD", f"Dr. {visit.attending}", f"{doctor[-1]}, {doctor[0]} MD")),
            f"{doctor[-1].upper()}, {doctor[0].upper()}",
        ),
        "npi": (npi := draw_npi(rng), npi),
        "payer": (patient.payer, patient.payer),
        "member_id": (patient.member_id, patient.member_id),
        "group": (patient.group, patient.group),
        "address": (f"{patient.address}, {patient.town} {patient.postcode}",) * 2,
        "phone": (patient.phone, "".join(c for c in patient.phone if c.isdigit())),
        "guarantor": (guarantor, f"{patient.family.upper()}, {guarantor.split()[0].upper()}"),
        "disposition": (rng.choice(_DISPOSITIONS),) * 2,
        "allergies": (rng.choice(_ALLERGIES),) * 2,
        "diagnosis": (rng.choice(_DIAGNOSES),) * 2,
    }
    names = ["name", "mrn", "dob", "sex", "encounter", *_PLACES.get(kind, ("service_date", "attending"))]
    kept = [name for name in names if values[name][0] and (name not in ("sex", "encounter") or rng.random() < 0.85)]
    cells = [Cell(name, hospital.labels[name], values[name][0]) for name in kept]
    return cells, {name: values[name][1] for name in kept}


def draw_npi(rng: random.Random) -> str:
    """A National Provider Identifier with its check digit (Luhn over 80840 and the number)."""
    digits = f"1{rng.randrange(10**8):08d}"
    total = 0
    for place, digit in enumerate(reversed("80840" + digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return digits + str(-total % 10)


# ---- headers: ways of setting a form

Header = Callable[[Any, Hospital, list[Cell], float], float]


def _say(canvas: Any, face: str, size: float, x: float, y: float, text: str) -> float:
    canvas.setFont(face, size)
    canvas.drawString(x, y, text)
    return x + float(canvas.stringWidth(text, face, size))


def _lines(canvas: Any, hospital: Hospital, cells: list[Cell], y: float) -> float:
    """Label, colon, value; two to a line."""
    for number, cell in enumerate(cells):
        x = 54 + number % 2 * 270
        after = _say(canvas, hospital.face[1], 10, x, y, f"{cell.label}: ")
        _say(canvas, hospital.face[0], 10, after + 2, y, cell.value)
        if number % 2 or _is_wide(cells, number):
            y -= 17
    return y - 22


def _is_wide(cells: list[Cell], number: int) -> bool:
    return number == len(cells) - 1


def _boxes(canvas: Any, hospital: Hospital, cells: list[Cell], y: float) -> float:
    """Ruled boxes with a small label above each value."""
    for number, cell in enumerate(cells):
        x = 54 + number % 3 * 168
        canvas.rect(x, y - 26, 168, 34)
        _say(canvas, hospital.face[0], 7, x + 4, y - 1, cell.label)
        _say(canvas, hospital.face[0], _fitting(canvas, hospital, cell.value, 160, 10.5), x + 4, y - 19, cell.value)
        if number % 3 == 2:
            y -= 34
    return y - 48


def _corner(canvas: Any, hospital: Hospital, cells: list[Cell], y: float) -> float:
    """A patient label stuck in the upper right corner, the rest below on the left."""
    canvas.rect(330, y - 62, 228, 82)
    at = y + 8
    for cell in cells[:5]:
        _say(canvas, hospital.face[0], 9.5, 338, at, f"{cell.label}: {cell.value}")
        at -= 15
    at = y
    for cell in cells[5:]:
        size = _fitting(canvas, hospital, f"{cell.label}: {cell.value}", 266, 10)
        _say(canvas, hospital.face[0], size, 54, at, f"{cell.label}: {cell.value}")
        at -= 16
    return min(at, y - 62) - 24


def _column(canvas: Any, hospital: Hospital, cells: list[Cell], y: float) -> float:
    """Labels in one column, values in another, no colon."""
    for cell in cells:
        _say(canvas, hospital.face[1], 10, 54, y, cell.label)
        _say(canvas, hospital.face[0], 10, 250, y, cell.value)
        y -= 16
    return y - 14


def _under(canvas: Any, hospital: Hospital, cells: list[Cell], y: float) -> float:
    """The value on a ruled line, its label in small type under the line."""
    for number, cell in enumerate(cells):
        x = 54 + number % 2 * 262
        canvas.line(x, y - 3, x + 240, y - 3)
        _say(canvas, hospital.face[0], _fitting(canvas, hospital, cell.value, 232, 10.5), x + 4, y, cell.value)
        _say(canvas, hospital.face[0], 7, x + 4, y - 11, cell.label)
        if number % 2 or number == len(cells) - 1:
            y -= 33
    return y - 16


def _headrow(canvas: Any, hospital: Hospital, cells: list[Cell], y: float) -> float:
    """Tables of four columns: a row of heads, a row of values."""
    for first in range(0, len(cells), 4):
        for number, cell in enumerate(cells[first : first + 4]):
            x = 54 + number * 128
            size = _fitting(canvas, hospital, cell.label, 120, 8.5)
            _say(canvas, hospital.face[1], size, x + 3, y, cell.label)
            _say(canvas, hospital.face[0], _fitting(canvas, hospital, cell.value, 122, 9.5), x + 3, y - 15, cell.value)
        canvas.line(54, y - 4, 566, y - 4)
        canvas.rect(54, y - 20, 512, 32)
        y -= 40
    return y - 14


def _numbered(canvas: Any, hospital: Hospital, cells: list[Cell], y: float) -> float:
    """Numbered boxes of a claim-like form, values set in capitals."""
    for number, cell in enumerate(cells):
        x = 54 + number % 2 * 256
        canvas.rect(x, y - 22, 256, 32)
        _say(canvas, hospital.face[0], 6.5, x + 3, y + 2, f"{number + 1}. {cell.label.upper()}")
        value = cell.value.upper()
        _say(canvas, "Courier", _fitting(canvas, hospital, value, 240, 10), x + 10, y - 15, value)
        if number % 2 or number == len(cells) - 1:
            y -= 32
    return y - 20


def _leaders(canvas: Any, hospital: Hospital, cells: list[Cell], y: float) -> float:
    """Dot leaders from the label to the value."""
    for cell in cells:
        after = _say(canvas, hospital.face[0], 10, 54, y, cell.label + " ")
        dots = "." * int((260 - after) / canvas.stringWidth(".", hospital.face[0], 10))
        _say(canvas, hospital.face[0], 10, after, y, dots)
        _say(canvas, hospital.face[0], 10, 268, y, cell.value)
        y -= 16
    return y - 14


def _stacked(canvas: Any, hospital: Hospital, cells: list[Cell], y: float) -> float:
    """A bold label, its value on the next line, in two columns without any rule."""
    for number, cell in enumerate(cells):
        x = 54 + number % 2 * 262
        _say(canvas, hospital.face[1], 9, x, y, cell.label)
        _say(canvas, hospital.face[0], _fitting(canvas, hospital, cell.value, 240, 10), x, y - 13, cell.value)
        if number % 2 or number == len(cells) - 1:
            y -= 33
    return y - 12


HEADERS: dict[str, Header] = {"lines": _lines, "boxes": _boxes, "corner": _corner, "column": _column, "under": _under}
HELD_HEADERS: dict[str, Header] = {
    "headrow": _headrow,
    "numbered": _numbered,
    "leaders": _leaders,
    "stacked": _stacked,
}


def _fitting(canvas: Any, hospital: Hospital, text: str, width: float, size: float) -> float:
    """The size at which a text fits its box, as a form's printer squeezes it."""
    wide = float(canvas.stringWidth(text, hospital.face[0], size))
    return size if wide <= width else max(6.0, size * width / wide)


# ---- pages


def _draw_top(canvas: Any, hospital: Hospital, title: str, cells: list[Cell], page: int, *, has_head: bool) -> float:
    plain, bold = hospital.face
    if page == 1 and not has_head:
        _say(canvas, bold, 15, 54, 732, title)
        _say(canvas, plain, 9, 54, 712, _strip_of(cells))
        return 684
    if page == 1:
        _say(canvas, bold, 12, 54, 756, hospital.facility)
        _say(canvas, bold, 15, 54, 732, title)
        return (HEADERS | HELD_HEADERS)[hospital.header](canvas, hospital, cells, 700)
    if hospital.running_head == "all":
        _say(canvas, bold, 12, 54, 756, hospital.facility)
        _say(canvas, bold, 15, 54, 732, f"{title} (continued)")
        return (HEADERS | HELD_HEADERS)[hospital.header](canvas, hospital, cells[:5], 700)
    if hospital.running_head == "person":
        _say(canvas, plain, 9, 54, 758, _strip_of(cells))
        return 730
    if hospital.running_head == "title":
        _say(canvas, plain, 9, 54, 758, f"{title} - continued")
        return 730
    return 748


def _strip_of(cells: list[Cell]) -> str:
    """Name, record number and birthday in one line."""
    said = {cell.name: cell for cell in cells}
    return f"{said['name'].value}   {said['mrn'].label}: {said['mrn'].value}   {said['dob'].label}: {said['dob'].value}"


def _bodies(
    kind: str, pages: int, patient: Patient, visit: Encounter, hospital: Hospital, rng: random.Random
) -> list[list[tuple[str, list[str]]]]:
    """Sections for each page; the last page is signed, and dated with dates that are not the service date."""
    headings = list(SECTIONS[kind])
    sections = [(heading, text_of(heading, rng)) for heading in headings]
    while len(sections) < 3 * pages:
        heading = rng.choice(headings)
        sections.append((heading, text_of("filler", rng) + text_of("filler", rng)))
    later = visit.admitted + timedelta(days=rng.randrange(1, 9))
    signed = later.strftime(hospital.dates)
    typed = visit.attending
    closing = rng.choice(
        (
            [f"Dictated: {signed}   Transcribed: {signed}", f"Electronically signed by {typed}, MD on {signed} 10:22"],
            [f"Signed: {typed}, MD    Date signed: {signed}"],
            [f"D: {signed}  T: {signed}", f"Authenticated by {typed} MD {signed} 08:15"],
        )
    )
    if rng.random() < 0.5:
        relative = f"{rng.choice(('Ruth', 'Paul', 'Dana'))} {patient.family}"
        sections[-1][1].append(f"Emergency contact: {relative}, phone (330) 555-01{rng.randrange(100):02d}")
    if kind in ("FACE_SHEET", "REGISTRATION", "INSURANCE_CARD"):
        sections.insert(rng.randrange(2), _of_others(patient, hospital, rng))
    each = -(-len(sections) // pages)
    bodies = [sections[i * each : (i + 1) * each] for i in range(pages)]
    ends = [closing] * pages if rng.random() < 0.3 else [[] for _ in range(pages - 1)] + [closing]
    if rng.random() < 0.7:  # signed at the end, or on every page
        bodies = [[*body, ("", end)] if end else body for body, end in zip(bodies, ends, strict=True)]
    return [body or [("Notes", text_of("filler", rng))] for body in bodies]


def _of_others(patient: Patient, hospital: Hospital, rng: random.Random) -> tuple[str, list[str]]:
    """A block about somebody else, with labels that the patient has too: what is told there is not the patient's."""
    name = f"{rng.choice(('Ruth', 'Paul', 'Dana'))} {rng.choice((patient.family, 'Whitlock', 'Amsel'))}"
    born = (patient.birth_date + timedelta(days=rng.randrange(-9000, 9000))).strftime(hospital.dates)
    phone = f"(330) 555-01{rng.randrange(100):02d}"
    heading = rng.choice(("Emergency Contact", "Next of Kin", "Parent / Guardian", "Subscriber", "Spouse"))
    return rng.choice(
        (
            (heading, [f"Name: {name}    Relationship: Mother", f"Phone: {phone}    Date of Birth: {born}"]),
            (
                heading,
                [
                    f"Name: {name}",
                    f"DOB: {born}    Sex: F",
                    f"Address: {rng.randrange(9, 99)} Quarry Rd, Stonebridge, PA 16335",
                ],
            ),
            (
                "",
                [f"{heading}: {name}    Phone: {phone}", f"Insured's Name: {name}    Insured's Date of Birth: {born}"],
            ),
        )
    )


def _draw_body(canvas: Any, hospital: Hospital, body: list[tuple[str, list[str]]], y: float) -> None:
    plain, bold = hospital.face
    for heading, paragraphs in body:
        if y < 96:
            return
        if heading:
            _say(canvas, bold, 10.5, 54, y, heading.upper())
            y -= 15
        for paragraph in paragraphs:
            is_table = heading == "Results"
            for line in [paragraph] if is_table else textwrap.wrap(paragraph, 84):
                if y < 80:
                    return
                _say(canvas, "Courier" if is_table else plain, 9.5 if is_table else 10, 58, y, line)
                y -= 14
        y -= 8


def _draw_foot(canvas: Any, hospital: Hospital, page: int, pages: int) -> None:
    text = {"of": f"Page {page} of {pages}", "number": f"Page {page}", "none": ""}[hospital.numbering]
    if text:
        _say(canvas, hospital.face[0], 8.5, 500, 36, text)
    _say(canvas, hospital.face[0], 7, 54, 36, f"Printed {date(2025, 11, 12).strftime(hospital.dates)} 08:21")
