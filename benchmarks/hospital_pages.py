"""Pages that have no form: stickers, wristbands, running heads, letters, dictations, prints of a mainframe."""

import random

from benchmarks.display import COURIER, WIDTH, Sheet, width_of
from benchmarks.hospital_paper import MARGIN, DrawnPage, Paper, stick
from benchmarks.hospitals import BETWEEN, LABELS, Hospital, Subject, date_text, name_text, normal

_SENTENCES = (
    "Resting comfortably, lungs clear, abdomen soft.", "Potassium 4.1, creatinine 0.9, hemoglobin 12.8.",
    "Chest film of {day} was compared with that of {earlier}.", "Seen with Dr. {doctor}, who agrees with the plan.",
    "Family was reached at {phone} and updated.", "Dressing changed, wound edges clean.", "Diet advanced as tolerated.",
    "Order {number} was sent to the pharmacy.", "Blood pressure 128/76, pulse 80, temperature 98.4.",
    "{relative} was at the bedside.", "Will follow up in clinic on {later}.", "Physical therapy evaluated gait and transfers.",
    "No known drug allergies.", "Consent was signed by {relative} on {day}.", "Ambulated 150 feet with a walker.",
)  # fmt: skip
"""What the body of a page says; its days, numbers, telephones and names are nobody's index fields."""


def body(paper: Paper, count: int) -> str:
    """Sentences of a note, with what misleads in them."""
    rng, relative = paper.rng, paper.subject.relative
    filled = {
        "day": paper.day(1), "earlier": paper.day(-30), "later": paper.day(21), "doctor": rng.choice(paper.subject.doctors).family,
        "phone": relative.phone, "number": str(rng.randrange(10**7, 10**8)),
        "relative": f"{'Mr.' if relative.sex == 'M' else 'Ms.'} {relative.family.title()}",
    }  # fmt: skip
    return " ".join(sentence.format(**filled) for sentence in rng.sample(_SENTENCES, count))


def start(hospital: Hospital, subject: Subject, seed: str) -> Paper:
    """An empty page of this hospital."""
    return Paper(hospital, subject, random.Random(seed), Sheet(hospital.face, hospital.wide_gap))


def finish(paper: Paper, kind: str) -> DrawnPage:
    """The drawn page with its truth."""
    return DrawnPage(
        kind, paper.hospital, paper.subject, paper.sheet, paper.truth, paper.habits, paper.texts,
        frozenset(paper.open) - set(paper.truth),
    )  # fmt: skip


# ---- stickers


def sticker_lines(paper: Paper, habit: str) -> list[str]:
    """What a label printed at admission has, without a word before any of it; some hospitals have two or three words."""
    subject, hospital = paper.subject, paper.hospital
    say = paper.say
    short = {"sex": say("sex", habit, subject.human.sex), "attending": _short_doctor(paper, habit)}
    name, mrn, born = say("name", habit), say("mrn", habit), say("dob", habit)
    visit, admitted = say("encounter", habit), say("admit_date", habit)
    if hospital.seed % 3 == 0:  # words before some
        labels = hospital.labels
        lines = [name, f"{labels['mrn']} {mrn}  {visit}", f"{labels['dob']} {born}  {short['sex']}", f"{labels['admit_date']} {admitted}", short["attending"]]  # fmt: skip
    elif hospital.seed % 3 == 1:
        lines = [
            f"{name}  {short['sex']} {subject.age}Y", f"{mrn}   {visit}", f"{born}  ADM {admitted}", short["attending"],
        ]  # fmt: skip
    else:
        lines = [f"{visit}  {admitted}", name, f"{born} {subject.age}Y {short['sex']}  {mrn}", short["attending"]]
    return lines


def _short_doctor(paper: Paper, habit: str) -> str:
    doctor = paper.subject.attending
    return f"DR {paper.say('attending', habit, f'{doctor.family}, {doctor.given}'.upper())}"


def sticker(paper: Paper) -> None:
    """A flow sheet with a sticker at its right top, upright or sideways; the labels of the form itself stay empty."""
    turn = paper.hospital.sticker_turn
    stick(paper, sticker_lines(paper, "sticker turned" if turn else "sticker"), turn, left=390 if not turn else 490, top=28)  # fmt: skip
    sheet = paper.sheet
    sheet.write(MARGIN, 46, paper.hospital.name, 11, bold=True)
    sheet.write(MARGIN, 66, paper.rng.choice(("NURSING FLOW SHEET", "INTAKE AND OUTPUT", "NEURO CHECKS", "IV SITE RECORD")), 12, bold=True)  # fmt: skip
    for number, label in enumerate(("Patient", "Room", "Date")):
        right = sheet.write(MARGIN + 150 * number, 120, label, 9)
        sheet.rule(right + 4, 121, MARGIN + 150 * number + 130, 121)
    _grid(paper, 236)
    paper.open.add("service_date")
    paper.footer()


def _grid(paper: Paper, top: float) -> None:
    """Times across, what is measured down."""
    rows = ("Temp", "Pulse", "Resp", "BP", "SpO2", "Pain", "Intake", "Output", "Initials")
    wide = (WIDTH - 2 * MARGIN) / 9
    for row in range(len(rows) + 1):
        y = top + 20 * row
        paper.sheet.rule(MARGIN, y + 6, WIDTH - MARGIN, y + 6)
        paper.sheet.write(MARGIN + 2, y, ("Time", *rows)[row], 8, bold=row == 0)
        for column in range(1, 9):
            text = f"{column * 2 + 4:02d}00" if row == 0 else _measured(paper.rng, rows[row - 1])
            if text:
                paper.sheet.write(MARGIN + 6 + column * wide, y, text, 8)


def _measured(rng: random.Random, what: str) -> str:
    """What a nurse wrote, or nothing."""
    if rng.random() < 0.4:
        return ""
    low, high = {"Temp": (97, 101), "Resp": (12, 22), "SpO2": (92, 100), "Pain": (0, 9), "BP": (100, 160)}.get(
        what, (60, 130)
    )
    if what == "Initials":
        return "".join(rng.sample("ABCDKLMRST", 2))
    return f"{rng.randrange(low, high)}" + (f"/{rng.randrange(50, 90)}" if what == "BP" else "")


def wristband(paper: Paper) -> None:
    """Bands copied for the chart, no word before what they say; the mother's band of a child is not among them."""
    for number in range(2):
        top = 90 + 150 * number
        paper.sheet.frame(60, top, 540, top + 70)
        say, human = paper.say, paper.subject.human
        paper.sheet.write(80, top + 24, say("name", "wristband"), 15, bold=True)
        paper.sheet.write(400, top + 24, f"{say('sex', 'wristband', human.sex)}  {paper.subject.age} YRS", 12)
        paper.sheet.write(80, top + 44, say("mrn", "wristband"), 12)
        paper.sheet.write(240, top + 44, say("dob", "wristband"), 12)
        paper.sheet.write(400, top + 44, say("encounter", "wristband"), 12)
        paper.sheet.write(80, top + 62, f"{paper.doctor(2)}   ALLERGY: PCN", 9)
    paper.sheet.write(60, 420, "Identification bands checked and copied for the record by two nurses", 9)
    paper.sheet.rule(60, 470, 260, 470)
    paper.sheet.write(60, 480, "Signature / Title", 7)
    paper.open |= {"service_date", "attending"}
    paper.footer()


# ---- transcription


def running_head(paper: Paper) -> None:
    """A page that goes on: who it is stands in one line at the top, with strokes, commas or gaps between."""
    stroke = paper.rng.choice((" | ", "   ", " / ", " * ", ", ", " - "))
    fields = paper.rng.choice((("name", "mrn", "dob"), ("name", "mrn"), ("mrn", "name", "dob"), ("name", "dob", "mrn", "encounter")))  # fmt: skip
    parts = [paper.say(name, "running head") for name in fields]
    head = stroke.join([*parts, f"Page {paper.rng.randrange(2, 5)}"])
    paper.sheet.write(MARGIN, 40, head, 10, bold=paper.hospital.bold_values, fit=WIDTH - 2 * MARGIN)
    paper.sheet.rule(MARGIN, 46, WIDTH - MARGIN, 46)
    y = 70.0
    for heading in ("HOSPITAL COURSE (continued)", "PHYSICAL EXAMINATION", "ASSESSMENT AND PLAN"):
        paper.sheet.write(MARGIN, y, heading, 10, bold=True)
        y = paper.prose(body(paper, 6), y + 15)
    paper.sheet.write(MARGIN, y + 10, f"{paper.doctor(0)}", 10)
    paper.sheet.write(MARGIN, y + 34, f"D: {paper.day(2)}   T: {paper.day(3)}   JOB {paper.rng.randrange(10**5, 10**6)}", 8)  # fmt: skip
    paper.sheet.write(MARGIN, y + 50, f"cc: {paper.doctor(1)}; {paper.doctor(2)}", 8)
    paper.open |= {"service_date", "attending"}


def letter(paper: Paper) -> None:
    """A letter to another doctor; the patient stands in its RE line."""
    y = paper.letterhead() + 14
    sheet, rng = paper.sheet, paper.rng
    for line in (
        paper.day(3),
        "",
        paper.doctor(0),
        "1400 Commerce Parkway, Suite 210",
        f"Fax {paper.subject.relative.phone}",
        "",
    ):
        if line:
            sheet.write(MARGIN, y, line, 10)
        y += 14
    y = _subject_lines(paper, y)
    family = paper.subject.human.family.title()
    sheet.write(MARGIN, y + 8, f"Dear Dr. {paper.subject.doctors[0].family}:", 10)
    opening = f"Thank you for asking us to see {'Mr.' if paper.subject.human.sex == 'M' else 'Ms.'} {family}."
    y = paper.prose(f"{opening} {body(paper, 7)}", y + 30)
    y = paper.prose(body(paper, 6), y)
    sheet.write(MARGIN, y + 6, "Sincerely,", 10)
    sheet.write(MARGIN, y + 50, f"{rng.choice(('Paul', 'Nadia'))} {paper.subject.doctors[3].family}, M.D.", 10)
    sheet.write(MARGIN, y + 76, f"cc: {paper.doctor(1)}, {paper.subject.relative.given.title()} {paper.subject.relative.family.title()}", 9)  # fmt: skip
    paper.open |= {"service_date", "attending"}
    paper.footer()


def _subject_lines(paper: Paper, y: float) -> float:
    """RE: with the name first, then birthday and number on the same line or on lines of their own."""
    sheet, rng, labels = paper.sheet, paper.rng, paper.hospital.labels
    mark = rng.choice(("RE:", "Re:", "REGARDING:", "RE", "Subject:"))
    extra = [f"{labels[f]}{BETWEEN[paper.between_in_line].rstrip() or ' '} {paper.say(f, 'RE line')}" for f in rng.choice((("dob",), ("dob", "mrn"), ("mrn", "service_date")))]  # fmt: skip
    at = sheet.write(MARGIN, y, mark, 10, bold=True) + 10
    name = paper.say("name", "RE line")
    if rng.random() < 0.5:
        sheet.write(at, y, "   ".join([name, *extra]), 10, fit=WIDTH - MARGIN - at)
        return y + 16
    sheet.write(at, y, name, 10, bold=True)
    for line in extra:
        y += 14
        sheet.write(at, y, line, 10)
    return y + 16


def narrative(paper: Paper) -> None:
    """A dictation whose first sentence says who it is, when born and when admitted; no head, no form."""
    y = paper.letterhead(paper.rng.choice(("HISTORY AND PHYSICAL", "CONSULTATION", "EMERGENCY ROOM NOTE", "OPERATIVE DICTATION")))  # fmt: skip
    human = paper.subject.human
    noun = "woman" if human.sex == "F" else "man" if paper.rng.random() < 0.6 else "gentleman"
    name = paper.say("name", "narrative", name_text(human, "First M. Last"))
    born = paper.say("dob", "narrative", date_text(human.born, "long"))
    admitted = paper.say("admit_date", "narrative", date_text(paper.subject.admitted, "long"))
    number = paper.say("mrn", "narrative")
    paper.say("sex", "narrative", noun)
    age = paper.subject.age
    opening = paper.rng.choice((
        f"{name} (unit record {number}) is a {age}-year-old {noun}, born {born}, who was admitted on {admitted}.",
        f"This {age}-year-old {noun}, {name}, hospital record {number}, born on {born}, came to us and was admitted {admitted}.",
        f"The patient, {name}, is a {age} year old {noun} born {born} with record number {number}. Admission was on {admitted}.",
    ))  # fmt: skip
    mother = f"History was taken from {paper.subject.relative.given.title()} {paper.subject.relative.family.title()}, born {date_text(paper.subject.relative.born, 'long')}."
    y = paper.prose(f"{opening} {mother} {body(paper, 8)}", y + 4)
    y = paper.prose(body(paper, 9), y)
    paper.sheet.write(MARGIN, y + 20, f"Dictated by {paper.doctor(2)}", 9)
    paper.open |= {"service_date", "attending"}
    paper.footer()


# ---- prints of a mainframe

_PRINTER_LABEL = 11
"""Letters of the longest label in fixed columns; the value begins two columns after it."""


def line_print(paper: Paper) -> None:
    """Fixed columns of a line printer, dates of six digits, and charges with numbers and days of their own."""
    subject, human = paper.subject, paper.subject.human
    six = "%d%m%y" if paper.hospital.profile.day_first else "%m%d%y"
    days = {f: date_text(day, six) for f, day in {"admit_date": subject.admitted, "discharge_date": subject.discharged, "dob": human.born}.items()}  # fmt: skip
    values = {
        "name": name_text(human, "LAST FIRST M"), "mrn": human.mrn, "account": subject.account, "sex": human.sex,
        "attending": f"{subject.attending.family} {subject.attending.given[0]}".upper(), **days,
    }  # fmt: skip
    rows = (("name", "mrn", "account", "sex"), ("admit_date", "discharge_date", "dob", "attending"))
    run = paper.day(8)
    for number, line in enumerate((f"RUN {run}   RPT HIS{paper.rng.randrange(1000, 9999)}-02", paper.hospital.name.upper(), "")):  # fmt: skip
        if line:
            _typed(paper, 0, 36 + 12 * number, line)
    _typed(paper, 70, 36, "PAGE 0001")
    y = 84.0
    columns = (0, 30, 48, 68)
    heads_over = paper.rng.random() < 0.5
    for row in rows:
        for column, name in zip(columns, row, strict=True):
            label = paper.rng.choice([word for word in LABELS[name] if len(word) <= _PRINTER_LABEL]).upper()
            text = values[name]
            if name == "attending":
                paper.note_as(name, f"{subject.attending.family}, {subject.attending.given[0]}".upper(), text, _fixed(heads_over))  # fmt: skip
            else:
                paper.note_as(name, normal(subject, name), text, _fixed(heads_over))
            if heads_over:
                _typed(paper, column, y, label)
                _typed(paper, column, y + 12, text)
            else:
                at = 42 * (row.index(name) % 2)
                _typed(paper, at, y + 12 * (row.index(name) // 2), label)
                _typed(paper, at + 13, y + 12 * (row.index(name) // 2), text)
        y += 32
    _typed(
        paper,
        0,
        y + 6,
        f"GUARANTOR   {name_text(subject.relative, 'LAST FIRST M')}   F/C {paper.rng.randrange(10, 30)}",
    )
    _charges(paper, y + 36)
    paper.open.add("service_date")


def _fixed(heads_over: object) -> str:
    return "fixed columns, heads over" if heads_over else "fixed columns"


def _typed(paper: Paper, column: int, y: float, text: str) -> None:
    """A string that begins in a column of the printer, 84 a line."""
    wide = width_of("0", COURIER, 10.4)
    paper.sheet.write(MARGIN + column * wide, y, text, 10.4, face=COURIER)


def _charges(paper: Paper, y: float) -> None:
    for column, head in ((0, "DATE"), (9, "CHG CODE"), (20, "DESCRIPTION"), (48, "QTY"), (60, "AMOUNT")):
        _typed(paper, column, y, head)
    for number in range(14):
        y += 12
        day = date_text(
            paper.other_day(paper.rng.randrange(10)), "%d%m%y" if paper.hospital.profile.day_first else "%m%d%y"
        )
        texts = (day, f"{paper.rng.randrange(10**6, 10**7)}", paper.rng.choice(("CBC W DIFF", "ROOM SEMI PRIV", "IV SET", "CHEST 2 VIEW", "PT EVAL")), str(number % 3 + 1), f"{paper.rng.randrange(1000, 90000) / 100:.2f}")  # fmt: skip
        for column, text in zip((0, 9, 20, 48, 60), texts, strict=True):
            _typed(paper, column, y, text)
