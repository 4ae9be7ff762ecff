"""A page of the fifth author while it is drawn: ways of placing labels and values, heads, feet, labels that stick."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from benchmarks.display import COURIER, HEIGHT, WIDTH, Sheet, width_of
from benchmarks.fifth_author import (
    Facility,
    day_words,
    doctor_words,
    name_words,
    normal_words,
    pick,
    with_fitting_words,
    with_own_numbers,
    words_of,
)
from benchmarks.hospital_paper import MARGIN, Cell, Said
from benchmarks.hospitals import Doctor, Hospital, Subject
from benchmarks.people import Human
from benchmarks.third_author_paper import Form

SIZE = 9.5
RIGHT = WIDTH - MARGIN
WORD = {"M": "Male", "F": "Female"}
_WHO = ("name", "mrn", "dob", "sex")
_STAY = ("admit_date", "discharge_date")
_HEADS = (("bar", 4.0), ("banner", 3.0), ("block", 6.0), ("sticker", 2.0))
_OWNED = ("patient", "pt", "client", "resident", "legal")
_SENTENCES = (
    "BP 128/76, pulse 72, respirations 16, temp 98.4 F, SpO2 98% on room air.", "Patient seen and examined at bedside.", "Labs from {earlier} reviewed: Na 138, K 4.1, creatinine 0.9.",
    "Discussed with Dr. {doctor}, who agrees with the plan.", "Follow up with {doctor} on {later}.", "Last seen {earlier} for the same complaint.", "Chest x-ray of {earlier} showed no acute process.",
    "Patient's {kin} {relative} at bedside, updated on the plan of care, phone {phone}.", "Continue lisinopril 10 mg daily and metformin 500 mg twice daily.", "Denies chest pain, shortness of breath, fever or chills.",
    "Surgical history: appendectomy {earlier}.", "Tetanus booster {earlier}.", "Lungs clear to auscultation bilaterally; heart regular, no murmur.", "Abdomen soft, nontender, bowel sounds present.",
    "Pharmacy called at {phone}, order {number}.", "Family history: father had MI at 58, mother with type 2 diabetes.", "Never smoker, occasional alcohol, lives with {relative}.", "Call the office at {phone} with any questions.",
    "Prior authorization {number} approved through {later}.", "No known drug allergies.", "Extremities without edema, pulses 2+ and equal.", "Next colonoscopy due {later}.", "MRI scheduled {later} at 9:30 AM.",
)  # fmt: skip
"""What the body of a page says; its days, numbers, telephones and names are nobody's index fields."""


@dataclass(slots=True)
class Page(Form):
    """A page whose values and places are the fifth author's."""

    @property
    def facility(self) -> Facility:
        return cast(Facility, self.hospital)

    # ---- values

    def text(self, name: str) -> str:
        """The printed form of a field."""
        return words_of(self.site, self.subject, name)

    def said(self, name: str, text: str) -> Said:
        """A value with its normal form."""
        return Said(name, normal_words(self.subject, name, text), text)

    def cell(self, name: str, label: str = "") -> Cell:
        """A value behind its hospital's label, or another one."""
        text = self.text(name)
        after = f" {self.clock()}" if name in _STAY and (self.site.has_times or "Time" in self.hospital.labels[name]) else ""  # fmt: skip
        return Cell(label or self.hospital.labels[name], text + after, (self.said(name, text),))

    def cells_plain(self, fields: Iterable[str]) -> list[Cell]:
        """A labelled value for each field."""
        return [self.cell(name) for name in fields]

    def cells(self, fields: Iterable[str]) -> list[Cell]:
        """Labelled values; birthday, age and sex as this page pairs them."""
        fields = list(fields)
        if not {"dob", "sex"} <= set(fields):
            return self.cells_plain(fields)
        return [cell for name in fields for cell in self._paired(name)]

    def _paired(self, name: str) -> list[Cell]:
        """Name, birthday or sex where one of them has the age or the sex beside it."""
        cell, sex, age = self.cell(name), self.subject.human.sex, self.subject.age
        match self.hospital.pair, name:
            case "age in brackets", "dob":
                years = self.rng.choice((f"{age} y.o.", f"{age} yrs", f"age {age}", f"{age}y"))
                return [Cell(cell.label, f"{cell.text} ({years})", cell.says, "day (age)")]
            case "age / sex", "sex":
                text, label = self.rng.choice(((f"{age}/{sex}", "Age/Sex"), (f"{age} / {sex}", "Age / Sex"), (f"{age}Y/{sex}", "Age/Sex")))  # fmt: skip
                return [Cell(label, text, (self.said("sex", sex),), "age / sex")]
            case "age sex", "sex":
                word = self.rng.choice((sex, WORD[sex]))
                return [Cell("Age/Sex", f"{age} yrs {word}", (self.said("sex", word),), "age sex")]
            case "behind the name", "name":
                word, years = self.rng.choice(((sex, f"{age}Y "), (WORD[sex].lower(), f"{age} y.o. "), (sex, f"{age} yo ")))  # fmt: skip
                return [Cell(cell.label, f"{cell.text}  {years}{word}", (*cell.says, self.said("sex", word)), "behind the name")]  # fmt: skip
            case "day age sex", "dob":
                word, years = self.rng.choice(((WORD[sex], f"{age} years"), (sex, f"{age}")))
                says = (*cell.says, self.said("sex", word))
                stroke = " / " if "/" not in cell.text else "  "
                label = self.rng.choice(("DOB/Age/Sex", "DOB / Age / Sex", "DOB/Age/Gender"))
                return [Cell(label, stroke.join((cell.text, years, word)), says, "day age sex")]
            case (("behind the name" | "day age sex"), "sex"):
                return []
            case _:
                return [cell]

    def strays(self, count: int) -> list[Cell]:
        """Labelled values that are nobody's identity."""
        rng = self.rng
        pool = [
            ("Room/Bed", f"{rng.randrange(200, 600)}-{rng.choice('AB')}"), ("Location", rng.choice(("4 West", "ICU", "2 North", "ED"))), ("PCP", self.doctor(0)), ("Referring Provider", self.doctor(1)), ("Order #", f"{rng.randrange(10**7, 10**9)}"),
            ("Allergies", rng.choice(("NKDA", "Penicillin", "Sulfa"))), ("Code Status", "Full Code"), ("Height", "5' 7\""), ("Weight", "172 lb"), ("Marital Status", rng.choice(("Married", "Single", "Widowed"))), ("Religion", "Catholic"),
            ("Patient Class", rng.choice(("Inpatient", "Outpatient", "Observation"))), ("Service", rng.choice(("Medicine", "Surgery", "Cardiology"))), ("Language", "English"), ("Accession #", f"{rng.randrange(10, 25)}-{rng.randrange(10**5, 10**6)}"),
        ]  # fmt: skip
        return [Cell(label, text) for label, text in rng.sample(pool, count)]

    def provider(self, doctor: Doctor) -> str:
        """A provider's name in this hospital's style."""
        return doctor_words(doctor, self.site.doctor_style)

    def day(self, offset: int) -> str:
        """A day so many days from the admission, that is no index field."""
        return day_words(self.other_day(offset), self.hospital.date)

    def person(self, human: Human) -> str:
        """Somebody's name in this hospital's style."""
        return name_words(human, self.hospital.name_style)

    def kin(self, name: str, *, is_born: bool = False) -> list[Cell]:
        """A relative under a word of its own, birthday and telephone under the words that the patient's have."""
        relative = self.subject.relative
        cells = [Cell(name, self.person(relative)), Cell(self.rng.choice(("Relationship", "Relation to Patient", "Relationship to Pt")), self.kinship)]  # fmt: skip
        if is_born:
            cells.append(Cell(self._kin_label("dob", "DOB"), day_words(relative.born, self.hospital.date)))
        return [*cells, Cell(self._kin_label("phone", "Phone"), self.phone(relative))]

    def _kin_label(self, name: str, plain: str) -> str:
        """The patient's word where it does not say that it is the patient's, else a plain one."""
        label = self.hospital.labels[name]
        return plain if any(part in label.casefold() for part in _OWNED) else label

    def national(self) -> list[Cell]:
        """The number that a country gives its patients; none of the index fields."""
        rng = self.rng
        match self.site.region:
            case "uk":
                return [Cell(rng.choice(("NHS No", "NHS Number")), f"{rng.randrange(400, 799)} {rng.randrange(100, 999)} {rng.randrange(1000, 9999)}")]  # fmt: skip
            case "ca":
                return [Cell(rng.choice(("Health Card #", "HCN")), f"{rng.randrange(1000, 9999)} {rng.randrange(100, 999)} {rng.randrange(100, 999)} {rng.choice('ABK')}V")]  # fmt: skip
            case "au":
                return [Cell("Medicare No", f"{rng.randrange(2000, 6999)} {rng.randrange(10**4, 10**5)} {rng.randrange(1, 9)}")]  # fmt: skip
            case "us" if rng.random() < 0.3:
                return [Cell(rng.choice(("SSN", "SS#")), f"xxx-xx-{self.subject.human.ssn4}")]
            case _:
                return []

    @property
    def npi(self) -> str:
        """A provider's number."""
        return f"1{self.rng.randrange(10**8, 10**9)}"

    @property
    def other_payer(self) -> str:
        """An insurance that is not this patient's first."""
        return self.rng.choice([text for text in ("Mutual of Omaha Supplement", "AARP Supplement Plan F", "Central States Fund") if text != self.subject.payer])  # fmt: skip

    def body(self, count: int) -> str:
        """Sentences with what misleads in them."""
        count += 1 + self.rng.randrange(count + 1)
        if len(self.unsaid) < count:
            self.unsaid = self.rng.sample(_SENTENCES, len(_SENTENCES))
        return " ".join(self._filled(self.unsaid.pop()) for _ in range(count))

    # ---- places

    def letterhead(self, title: str = "") -> float:
        """Name, address and telephone, in the middle, at the left or beside a mark; some came by fax."""
        rng, sheet, place = self.rng, self.sheet, self.facility
        if rng.random() < 0.2:
            sheet.write(46, 14, f"{self.other_short(7)} {self.clock()}  From: {self.other_phone()}   To: {self.other_phone()}   Page {rng.randrange(2, 5)}/{rng.randrange(5, 12)}", 7, face=COURIER)  # fmt: skip
        line = f"{place.street}, {place.place}   {rng.choice(('Phone', 'Tel', 'Ph'))}: {place.phone}  Fax: {self.other_phone()}"  # fmt: skip
        way = place.seed % 3
        left = MARGIN if way != 2 else MARGIN + 42
        if way == 2:
            sheet.frame(MARGIN, 28, MARGIN + 34, 58)
            sheet.write(MARGIN + 7, 49, "".join(word[0] for word in place.name.split() if word[0].isalpha())[:2].upper(), 15, bold=True, fit=22)  # fmt: skip
        for text, y, size, bold in ((place.name, 42.0, 14.0, True), (line, 55.0, 8.0, False)):
            size = min(size, size * (RIGHT - left) / width_of(text, sheet.face, size, bold=bold))
            wide = width_of(text, sheet.face, size, bold=bold)
            sheet.write((WIDTH - wide) / 2 if way == 1 else left, y, text, size, bold=bold)
        if rng.random() < 0.6:
            sheet.rule(MARGIN, 64, RIGHT, 64)
        return self.title(title, 82) if title else 82

    def title(self, title: str, y: float) -> float:
        """A title in bold, in the middle or at the left; gives the next free y."""
        wide = width_of(title, self.sheet.face, 12.5, bold=True)
        self.sheet.write((WIDTH - wide) / 2 if self.site.seed % 2 else MARGIN, y, title, 12.5, bold=True)
        return y + 22

    def heading(self, y: float, text: str) -> float:
        """A section's title, underlined or in a box; gives the next free y."""
        text = text.upper() if self.site.seed % 3 == 0 else text
        right = self.sheet.write(MARGIN + (4 if self.site.seed % 4 == 0 else 0), y, text, 10, bold=True)
        if self.site.seed % 4 == 0:
            self.sheet.frame(MARGIN, y - 11, RIGHT, y + 4)
        elif self.site.seed % 4 == 1:
            self.sheet.rule(MARGIN, y + 3, RIGHT, y + 3)
        else:
            self.sheet.rule(MARGIN, y + 3, right, y + 3)
        return y + 18

    def section(self, title: str, cells: Sequence[Cell], y: float) -> float:
        """Labelled values under a title."""
        return self.block(cells, self.heading(y, title)) + 4

    def story(self, y: float, parts: Sequence[tuple[str, str]], *, size: float = 9.5) -> float:
        """Headings with running text under or behind them; gives the next free y."""
        is_behind = self.rng.random() < 0.4
        for title, text in parts:
            if is_behind:
                y = self.prose(f"{title.upper()}: {text}", y, size=size) - 0.3 * size
            else:
                self.sheet.write(MARGIN, y, title if self.site.seed % 2 else f"{title.upper()}:", size, bold=True)
                y = self.prose(text, y + 1.3 * size, size=size)
        return y

    def block(self, cells: Sequence[Cell], y: float, *, way: str = "", columns: int = 0, left: float = MARGIN, right: float = RIGHT, title: str = "") -> float:  # fmt: skip
        """Labelled values in rows and columns in one of this hospital's ways; gives the next free y."""
        way = way or self.hospital.block
        for cell in cells:
            for said in cell.says:
                self.note(said, cell.habit or way)
        usual, needs, high, draw = WAYS[way]
        columns = max(1, min(columns or usual, usual, int((right - left) / needs), len(cells)))
        wide = (right - left) / columns
        for number, cell in enumerate(cells):
            x = left + number % columns * wide
            draw(self, cell, x, y + number // columns * high, x + wide)
        return y + -(-len(cells) // columns) * high + 6

    def identify(self, fields: Sequence[str], y: float, extras: Sequence[Cell] = ()) -> float:
        """Whose page it is, under the letterhead: a block, the lines of a record system, or a label in the corner."""
        way = pick(self.rng, _HEADS)
        first = [name for name in fields if name in _WHO]
        rest = [*self.cells_plain(name for name in fields if name not in first), *extras]
        if way == "bar":
            return self.block(rest, self.bar(first, y))
        if way == "banner" and len(first) == len(_WHO):
            return self.block(rest, self.banner(y))
        if way == "sticker":
            bottom = self.sticker(y - 10)
            return max(bottom + 14, self.block(rest, y, right=330, columns=1))
        return self.block([*self.cells(fields), *extras], y)

    def bar(self, fields: Sequence[str], y: float) -> float:
        """The name in large letters, number, birthday and sex under it in one line."""
        self.sheet.write(MARGIN, y + 2, self.say("name", "name alone"), 13, bold=True, fit=400)
        cells = [cell for cell in self.cells(("name", *fields)) if all(said.field != "name" for said in cell.says)]
        x = MARGIN
        for cell in cells:
            for said in cell.says:
                self.note(said, cell.habit or "line under the name")
            text = f"{self.label(cell.label)}: {cell.text}"
            x = self.sheet.write(x, y + 17, text, 9, fit=170) + 16
        if self.hospital.pair == "behind the name" and "sex" in fields:
            word = self.say("sex", "line under the name")
            self.sheet.write(x, y + 17, f"{self.subject.age} y.o. {word}", 9)
        self.sheet.rule(MARGIN, y + 23, RIGHT, y + 23)
        return y + 40

    def banner(self, y: float) -> float:
        """The lines that a record system prints over its notes."""
        human, say, labels, age = self.subject.human, self.say, self.hospital.labels, self.subject.age
        name, born, mrn = say("name", "banner"), say("dob", "banner"), say("mrn", "banner")
        word = say("sex", "banner", WORD[human.sex].lower())
        first = self.rng.choice((f"{name} (MR # {mrn}) DOB: {born}  {age} y.o. {word}", f"{name} is a {age} y.o. {word}, DOB {born}, {labels['mrn']} {mrn}", f"{name}   {age} y.o. {word}   {labels['dob']}: {born}   {labels['mrn']}: {mrn}"))  # fmt: skip
        self.sheet.write(MARGIN, y, first, 10, bold=self.site.seed % 2 == 0, fit=RIGHT - MARGIN)
        return y + 20

    def sticker(self, top: float, *, right: float = RIGHT, caption: str = "", lines: Sequence[str] = (), is_framed: bool | None = None) -> float:  # fmt: skip
        """The patient's label in the right corner, upright; gives its lower edge."""
        lines = lines or self.sticker_lines()
        size = 8.5
        wide = min(230.0, max(width_of(line, COURIER, size) for line in lines) + 14)
        left, bottom = right - wide, top + 12 * len(lines) + 8
        if self.rng.random() < 0.7 if is_framed is None else is_framed:
            self.sheet.frame(left, top, right, bottom)
        for number, line in enumerate(lines):
            self.sheet.write(left + 7, top + 12 + 12 * number, line, size, face=COURIER, fit=wide - 14)
        if caption:
            self.sheet.write(left + 4, bottom + 8, caption, 6)
        return bottom + (10 if caption else 0)

    def sticker_lines(self) -> list[str]:
        """The lines of a label: words before the values, or the values alone."""
        human, labels, rng = self.subject.human, self.hospital.labels, self.rng
        name, age = self.say("name", "sticker", name_words(human, "LAST, FIRST M")), self.subject.age
        mrn, born, sex = self.say("mrn", "sticker"), self.say("dob", "sticker"), self.say("sex", "sticker", human.sex)
        if (way := rng.randrange(3)) == 0:  # whose the numbers, days and doctors without a word are, is left open
            self.open |= {"encounter", "admit_date", "attending"}
            return [name, f"{mrn}    {born}  {sex}", f"{self.text('encounter')}  {self.text('admit_date')}", self.text("attending")]  # fmt: skip
        visit, admitted, attending = (self.say(f, "sticker") for f in ("encounter", "admit_date", "attending"))
        if way == 1:
            return [name, f"{labels['mrn']}: {mrn}  {sex}  {age}Y", f"DOB: {born}  ADM: {admitted}", f"{labels['encounter']}: {visit}", f"{labels['attending']}: {attending}"]  # fmt: skip
        return [name, f"DOB:{born}  AGE:{age}  SEX:{sex}", f"MR#:{mrn}", f"VISIT#:{visit}  ADM:{admitted}", f"ATT:{attending}"]  # fmt: skip

    def foot(self, fields: Sequence[str] = ()) -> None:
        """The identity once more in small type on some pages, who printed it and when, or the number of the form."""
        rng, sheet, y = self.rng, self.sheet, HEIGHT - 34
        if fields and rng.random() < 0.6:
            sheet.rule(MARGIN, y - 10, RIGHT, y - 10)
            parts = [(f"{self.hospital.labels[f]}: " if f != "name" or self.site.seed % 2 else "") + self.say(f, "foot") for f in fields]  # fmt: skip
            sheet.write(MARGIN, y, rng.choice(("   ", " | ", "  ")).join(parts), 8, fit=RIGHT - MARGIN)
        printed = rng.choice(("Printed", "Printed by KLUND on", "Print Date:", "Generated on"))
        sheet.write(MARGIN, y + 14, f"{printed} {self.day(15)} {self.clock()}", 7)
        form = rng.choice((f"Form {rng.randrange(100, 9999)} (Rev. {rng.randrange(1, 13):02d}/{rng.randrange(10, 24)})", f"{rng.randrange(1000, 9999)}-{rng.randrange(10, 99)}  Rev {rng.randrange(1, 13)}/20{rng.randrange(10, 24)}", ""))  # fmt: skip
        if form:
            sheet.write(300, y + 14, form, 7)
        sheet.write(520, y + 14, f"Page 1 of {rng.randrange(1, 5)}", 7)

    def signed(self, y: float, doctor: str, offset: int = 13) -> float:
        """A note's signature by machine or by hand; gives the next free y."""
        text = self.rng.choice((f"Electronically signed by: {doctor} on {self.day(offset)} at {self.clock()}", f"Electronically Signed: {doctor} {self.day(offset)} {self.clock()}", f"Dictated by: {doctor}   D: {self.day(offset)}   T: {self.day(offset + 1)}   Job #: {self.rng.randrange(10**5, 10**7)}"))  # fmt: skip
        self.sheet.write(MARGIN, y, text, 9, fit=RIGHT - MARGIN)
        return y + 18

    def signature(self, x: float, y: float, word: str, end: float) -> None:
        """A line to sign on, what it is for under it."""
        self.sheet.rule(x, y, end, y)
        self.sheet.write(x, y + 9, word, 7.5, fit=end - x)


def start(hospital: Hospital, subject: Subject, seed: str) -> Page:
    """An empty page of this hospital; payer and numbers of the stay are the fifth author's."""
    rng = random.Random(seed)
    facility = with_fitting_words(hospital)
    return Page(facility, with_own_numbers(facility, subject, rng), rng, Sheet(hospital.face, hospital.wide_gap))


def with_subject(page: Page, **changes: object) -> None:
    """Change what the stay of a page is, for a kind of page that has another."""
    page.subject = replace(page.subject, **changes)  # type: ignore[arg-type]


# ---- ways to place one labelled value: page, cell, left, y, right


def _inline(page: Page, cell: Cell, x: float, y: float, end: float, between: str, *, bold: bool) -> None:
    """A label and its value on one line, as small as the width needs."""
    label, sheet, bold_value = page.label(cell.label) + between, page.sheet, page.hospital.bold_values and not bold
    size = SIZE
    whole = width_of(label, sheet.face, size, bold=bold) + width_of(cell.text, sheet.face, size, bold=bold_value) + 5
    size *= min(1.0, (end - x - 10) / whole)
    at = sheet.write(x, y, label, size, bold=bold) + (5 if bold and not between else 0.4 * size)
    sheet.write(at, y, cell.text, size, bold=bold_value)


def _colon(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    _inline(page, cell, x, y, end, ":", bold=page.hospital.bold_labels)


def _bold(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    """The label in bold, nothing between."""
    _inline(page, cell, x, y, end, "", bold=True)


def _dash(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    _inline(page, cell, x, y, end, " -", bold=page.hospital.bold_labels)


def _column(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    """The label at the left, values under each other in a column; with a colon or without."""
    middle = x + 0.42 * (end - x)
    colon = ":" if page.site.seed % 3 else ""
    page.sheet.write(x, y, page.label(cell.label) + colon, SIZE, bold=page.hospital.bold_labels, fit=middle - x - 6)
    page.sheet.write(middle, y, cell.text, SIZE, bold=page.hospital.bold_values, fit=end - middle - 10)


def _corner(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    """A box with the label in small print in its left upper corner."""
    page.sheet.frame(x, y - 10, end, y + 17)
    page.sheet.write(x + 3, y - 3, page.label(cell.label), 6.5, bold=page.hospital.bold_labels, fit=end - x - 6)
    page.sheet.write(x + 6, y + 12, cell.text, SIZE, bold=page.hospital.bold_values, fit=end - x - 12)


def _above(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    """The label over the value."""
    page.sheet.write(x, y, page.label(cell.label), 8.5, bold=page.hospital.bold_labels, fit=end - x - 10)
    page.sheet.write(x, y + 12, cell.text, SIZE + 0.5, fit=end - x - 10)


def _under(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    """The value on a rule, the label under it."""
    page.sheet.write(x + 4, y, cell.text, SIZE, face=page.sheet.face, fit=end - x - 18)
    page.sheet.rule(x, y + 3, end - 10, y + 3)
    page.sheet.write(x + 2, y + 11, page.label(cell.label), 7, fit=end - x - 14)


def _blank(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    """A blank to be filled in: the label, a rule, the value on it."""
    at = page.sheet.write(x, y, page.label(cell.label) + ":", SIZE, fit=0.45 * (end - x)) + 3
    page.sheet.write(at + 4, y - 0.5, cell.text, SIZE, fit=end - at - 16)
    page.sheet.rule(at, y + 3, end - 10, y + 3)


def _row(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    """Ruled: a cell for the label, beside it one for the value."""
    middle = x + 0.42 * (end - x)
    page.sheet.frame(x, y - 11, end, y + 5)
    page.sheet.rule(middle, y - 11, middle, y + 5)
    page.sheet.write(x + 4, y, page.label(cell.label), 9, bold=page.hospital.bold_labels, fit=middle - x - 8)
    page.sheet.write(middle + 4, y, cell.text, SIZE, fit=end - middle - 8)


def _header(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    """A table's head over a cell."""
    page.sheet.frame(x, y - 11, end, y + 4)
    page.sheet.frame(x, y + 4, end, y + 20)
    page.sheet.write(x + 4, y, page.label(cell.label), 8.5, bold=True, fit=end - x - 8)
    page.sheet.write(x + 4, y + 15, cell.text, SIZE, fit=end - x - 8)


def _dots(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    """Points from the label to the value."""
    middle, dot = x + 0.45 * (end - x), width_of(".", page.sheet.face, SIZE)
    at = page.sheet.write(x, y, page.label(cell.label), SIZE, fit=middle - x - 20) + 2
    page.sheet.write(at, y, "." * max(3, int((middle - at - 3) / dot)), SIZE)
    page.sheet.write(middle + 2, y, cell.text, SIZE, fit=end - middle - 12)


def _next(page: Page, cell: Cell, x: float, y: float, end: float) -> None:
    """The label with its colon, the value indented in the next line."""
    page.sheet.write(x, y, page.label(cell.label) + ":", SIZE, bold=page.hospital.bold_labels, fit=end - x - 10)
    page.sheet.write(x + 12, y + 12, cell.text, SIZE, fit=end - x - 22)


WAYS: dict[str, tuple[int, float, float, Callable[[Page, Cell, float, float, float], None]]] = {
    "colon": (2, 170, 14, _colon), "bold": (2, 170, 14, _bold), "dash": (2, 170, 14, _dash), "column": (2, 200, 14, _column), "corner": (4, 125, 27, _corner), "above": (3, 150, 29, _above),
    "under": (3, 150, 29, _under), "blank": (2, 210, 18, _blank), "row": (2, 200, 16, _row), "header": (4, 125, 36, _header), "dots": (2, 220, 14, _dots), "next": (2, 160, 27, _next),
}  # fmt: skip
"""Each way with its usual number of columns, the points that a column needs, and the height of a row."""
