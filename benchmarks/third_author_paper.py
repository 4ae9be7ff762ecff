"""A page of the third author while it is drawn: its ways of placing labels and values, heads, feet, and what misleads."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from benchmarks.display import COURIER, HEIGHT, WIDTH, Sheet, width_of
from benchmarks.hospital_paper import MARGIN, Cell, DrawnPage, Paper, Said
from benchmarks.hospitals import Doctor, Hospital, Subject, normal
from benchmarks.people import Human
from benchmarks.third_author import (
    PAYERS,
    Site,
    date_words,
    doctor_words,
    name_words,
    normal_words,
    phone_words,
    words_of,
)

SIZE = 9.5
_TYPED = width_of("0", COURIER, 10)
_TIMED = ("admit_date", "discharge_date", "service_date")
_PATIENTS = ("pat", "pt", "client", "resident", "individual", "vet", "person")
_COLUMNS = {"label right": 2, "centred under": 3, "comb": 3, "dots": 2, "prompt": 2, "bar": 2}

_SENTENCES = (
    "BP 132/84, HR 76, RR 16, T 36.8, SpO2 97% RA.", "Here with {kin} {relative}, who drove.", "Prior study of {earlier} was reviewed.",
    "Dr. {doctor} was paged at {clock} and called back.", "Return to clinic {later} or sooner if worse.", "Rx {number} sent to Fairhope Pharmacy.",
    "Alert and oriented x3, in no distress.", "Influenza vaccine given {earlier}, lot U{short}.", "A1c 7.2, LDL 94, creatinine 1.1.",
    "Lives with {relative}, phone {phone}.", "Authorization {number} expires {later}.", "Incision clean, dry and intact.", "Referred to {doctor} for evaluation.",
    "Mother had a stroke at 71; a brother died {earlier}.", "CT order {number} is scheduled for {later}.", "Plan was discussed with {doctor} and {relative}.",
    "Work restrictions: no lifting over 20 lb until {later}.", "Coagulation clinic may be reached at {phone}.", "Denies tobacco; drinks socially.",
)  # fmt: skip
"""What the body of a page says; its days, numbers, telephones and names are nobody's index fields."""


@dataclass(slots=True)
class Form(Paper):
    """A page whose values and places are the third author's."""

    unsaid: list[str] = field(default_factory=list)  # sentences that the page has not had yet

    @property
    def site(self) -> Site:
        return cast(Site, self.hospital)

    # ---- values

    def say(self, name: str, habit: str, text: str | None = None) -> str:
        """The printed form of a field, noted as true and as printed in this habit."""
        text = self.text(name) if text is None else text
        self.note(self.said(name, text), habit)
        return text

    def text(self, name: str) -> str:
        """The printed form of a field."""
        return words_of(self.site, self.subject, name)

    def said(self, name: str, text: str) -> Said:
        """A value with its normal form."""
        value = normal(self.subject, name) if text != self.text(name) else normal_words(self.site, self.subject, name)
        return Said(name, value, text)

    def cells(self, fields: Iterable[str]) -> list[Cell]:
        """Labelled values; birthday, age and sex as one or two of them, as this hospital has it."""
        fields = list(fields)
        if not self.hospital.pair or not {"dob", "sex"} <= set(fields):
            return self.cells_plain(fields)
        cells: list[Cell] = []
        for name in fields:
            cells += self._paired(name) if name in ("dob", "sex") else self.cells_plain([name])
        return cells

    def cells_plain(self, fields: Iterable[str]) -> list[Cell]:
        """A labelled value for each field, days of the stay with their times where this hospital has times."""
        cells = []
        for name in fields:
            text, label = self.text(name), self.hospital.labels[name]
            is_timed = name in _TIMED and (self.site.has_times or "/T" in label)
            cells.append(Cell(label, f"{text} {self.clock()}" if is_timed else text, (self.said(name, text),)))
        return cells

    def _paired(self, name: str) -> list[Cell]:
        """Birthday or sex where one of them has the age or the other beside it."""
        born, sex, age, labels = self.text("dob"), self.subject.human.sex, self.subject.age, self.hospital.labels
        both = (self.said("dob", born), self.said("sex", sex))
        match self.hospital.pair, name:
            case "dash age", "dob":
                return [Cell(labels["dob"], f"{born} - {age} Yr(s)", both[:1], "date - age")]
            case "years first", "dob":
                return [Cell(labels["dob"], f"{age} yrs, {born}", both[:1], "age, date")]
            case "sex/age", "sex":
                return [Cell("Sex/Age", f"{sex}/{age}Y", both[1:], "sex/age")]
            case "born sex", "dob":
                return [Cell(f"{labels['dob']} / {labels['sex']}", f"{born} / {sex}", both, "date / sex")]
            case "born sex", "sex":
                return []
            case _:
                return self.cells_plain([name])

    def strays(self, count: int) -> list[Cell]:
        """Labelled values that are nobody's identity."""
        rng = self.rng
        pool = [
            ("Pt Class", rng.choice(("Inpatient", "Observation", "Outpt Surg"))), ("Dept", rng.choice(("5 NORTH", "CVICU", "PACU"))),
            ("Auth Provider", self.doctor(0)), ("PCP Name", self.doctor(1)), ("Referring MD", self.doctor(2)), ("Adv Directive", "Not on file"),
            ("Specimen", f"{rng.randrange(10, 26)}-{rng.randrange(100, 366)}-{rng.randrange(10**4, 10**5)}"), ("Interpreter", "No"),
            ("Last Tetanus", self.day(-900)), ("Height", "5' 6\""), ("Preferred Pharmacy", f"Fairhope {self.other_phone()}"), ("Ref #", f"{rng.randrange(10**7, 10**8)}"),
            ("Signed", f"{self.day(6)} {self.clock()}"), ("Diet", "Cardiac 2 g Na"), ("Fall Risk", "High"), ("Pre-cert #", f"P{rng.randrange(10**6, 10**7)}"),
        ]  # fmt: skip
        return [Cell(label, text) for label, text in rng.sample(pool, count)]

    def provider(self, doctor: Doctor) -> str:
        """A provider's name in this hospital's style."""
        return doctor_words(doctor, self.site.doctor_style)

    def day(self, offset: int) -> str:
        """A day so many days from the admission, that is no index field."""
        return date_words(self.other_day(offset), self.hospital.date)

    def short_day(self, day: date) -> str:
        """A day in digits as machines print it, in this hospital's order."""
        return day.strftime("%d/%m/%Y" if self.hospital.profile.day_first else "%m/%d/%Y")

    def other_short(self, offset: int) -> str:
        """The same of a day that is no index field."""
        return self.short_day(self.other_day(offset))

    def person(self, human: Human) -> str:
        """Somebody's name in this hospital's style."""
        return name_words(human, self.hospital.name_style)

    def phone(self, human: Human) -> str:
        """Somebody's telephone in this hospital's style."""
        return phone_words(self.site, human.phone)

    def other_phone(self) -> str:
        """A number of an office."""
        rng = self.rng
        return phone_words(self.site, f"{rng.randrange(201, 989)}{rng.randrange(200, 999)}{rng.randrange(10000):04d}")

    def clock(self) -> str:
        """A time of the day in this hospital's style."""
        hour, minute = self.rng.randrange(1, 12), self.rng.randrange(60)
        return (f"{hour:02d}{minute:02d}", f"{hour + 12}:{minute:02d}", f"{hour}:{minute:02d} PM")[self.site.seed % 3]

    def kin(self, name: str, *, is_born: bool = False) -> list[Cell]:
        """A relative under a word of its own, birthday and telephone under the words that the patient's have."""
        relative = self.subject.relative
        cells = [Cell(name, self.person(relative)), Cell("Rel. to Pt", self.kinship)]
        if is_born:
            cells.append(Cell(self._kin_label("dob", "DOB"), date_words(relative.born, self.hospital.date)))
        return [*cells, Cell(self._kin_label("phone", "Tel #"), self.phone(relative))]

    @property
    def kinship(self) -> str:
        """What the relative is to the patient, as far as their ages say it."""
        relative = self.subject.relative
        years = relative.born.year - self.subject.human.born.year
        if abs(years) < 15:
            return "Sibling" if relative.family == self.subject.human.family and self.site.seed % 2 else "Spouse"
        words = ("Mother", "Father") if years < 0 else ("Daughter", "Son")
        return words[relative.sex == "M"]

    def _kin_label(self, name: str, plain: str) -> str:
        """The patient's word where it does not say that it is the patient's, else a plain one."""
        label = self.hospital.labels[name]
        return plain if any(word in label.casefold() for word in _PATIENTS) else label

    def body(self, count: int) -> str:
        """Sentences with what misleads in them."""
        if len(self.unsaid) < count:
            self.unsaid = self.rng.sample(_SENTENCES, len(_SENTENCES))
        return " ".join(self._filled(self.unsaid.pop()) for _ in range(count))

    def _filled(self, sentence: str) -> str:
        rng, relative = self.rng, self.subject.relative
        return sentence.format(
            earlier=self.day(-70), later=self.day(28), doctor=rng.choice(self.subject.doctors).family, phone=self.other_phone(),
            number=rng.randrange(10**6, 10**9), short=rng.randrange(1000, 9999), clock=self.clock(), kin=self.kinship.lower(),
            relative=f"{relative.given.title()} {relative.family.title()}",
        )  # fmt: skip

    # ---- places

    def letterhead(self, title: str = "") -> float:
        """A mark in a box, the name and the address beside it, a title under a double line; some came by fax."""
        hospital, rng, sheet = self.hospital, self.rng, self.sheet
        if rng.random() < 0.25:
            sheet.write(60, 14, f"{self.other_short(7)} {self.clock()}  FAX {self.other_phone()}   HIM DEPT -> {self.subject.doctors[3].family.upper()} OFFICE   {rng.randrange(2, 9):03d}/012", 7, face=COURIER)  # fmt: skip
        left = MARGIN if self.site.seed % 2 else 230
        sheet.frame(left, 26, left + 30, 54)
        sheet.write(left + 5, 46, "".join(word[0] for word in hospital.name.split())[:2].upper(), 14, bold=True, fit=20)
        sheet.write(left + 38, 38, hospital.name, 12, bold=True, fit=WIDTH - MARGIN - left - 38)
        sheet.write(left + 38, 51, f"{hospital.street}  T: {hospital.phone}  F: {self.other_phone()}", 7.5, fit=WIDTH - MARGIN - left - 38)  # fmt: skip
        sheet.rule(MARGIN, 60, WIDTH - MARGIN, 60)
        sheet.rule(MARGIN, 62, WIDTH - MARGIN, 62)
        if not title:
            return 82
        sheet.write(WIDTH - MARGIN - width_of(title, sheet.face, 12, bold=True) if self.site.seed % 5 == 0 else MARGIN, 80, title, 12, bold=True)  # fmt: skip
        return 104

    def foot(self, fields: Sequence[str] = ()) -> None:
        """The identity once more in small type, who printed it and when, and the number of the form."""
        rng, sheet = self.rng, self.sheet
        sheet.rule(MARGIN, HEIGHT - 40, WIDTH - MARGIN, HEIGHT - 40)
        if fields:
            parts = [(f"{self.hospital.labels[f]}: " if f != "name" else "") + self.say(f, "foot") for f in fields]
            sheet.write(MARGIN, HEIGHT - 30, "  ".join(parts), 7.5, fit=WIDTH - 2 * MARGIN)
        sheet.write(MARGIN, HEIGHT - 19, f"{rng.choice(('PRT', 'Generated by', 'Printed at'))} {self.other_short(10)} {self.clock()} {rng.choice(('[HIM7]', 'K. Lund RHIT', 'WS-0412'))}", 7)  # fmt: skip
        sheet.write(
            440, HEIGHT - 19, f"{rng.randrange(100, 999)}-{rng.randrange(10, 99)} (R {rng.randrange(1, 13)}/{rng.randrange(88, 99)})   1 of 3", 7
        )  # fmt: skip

    def heading(self, y: float, text: str) -> float:
        """A section's title in a bar of two lines; gives the next free y."""
        self.sheet.rule(MARGIN, y - 10, WIDTH - MARGIN, y - 10)
        self.sheet.write(MARGIN + 4, y, text, 9.5, bold=True)
        self.sheet.rule(MARGIN, y + 4, WIDTH - MARGIN, y + 4)
        return y + 19

    def section(self, title: str, cells: Sequence[Cell], y: float) -> float:
        """Labelled values under a title, or beside one that runs upward."""
        if self.hospital.block == "spine":
            return self.block(cells, y, title=title)
        return self.block(cells, self.heading(y, title))

    def block(self, cells: Sequence[Cell], y: float, *, way: str = "", columns: int = 0, left: float = MARGIN, right: float = WIDTH - MARGIN, title: str = "PATIENT ID") -> float:  # fmt: skip
        """Labelled values in rows and columns in one of this hospital's ways; gives the next free y."""
        way = way or self.hospital.block
        for cell in cells:
            for said in cell.says:
                if way != "comb" or not _is_combed(cell):
                    self.note(said, cell.habit or way)
        if way in ("pipes", "tildes"):
            return self._run_on(cells, y, left, right, way)
        if way == "spine":
            return _spine(self, cells, left, y, right, title)
        columns = min(columns or 9, _COLUMNS.get(way, 5), max(1, int((right - left) / 100)))
        wide = (right - left) / columns
        for start in range(0, len(cells), columns):
            y = WAYS[way](self, cells[start : start + columns], left, y, wide)
        return y + 7

    def _run_on(self, cells: Sequence[Cell], y: float, left: float, right: float, way: str) -> float:
        """Values one behind the other with strokes between, or label and value too parted by tildes."""
        stroke, between = (" | ", ": ") if way == "pipes" else (" ~ ", " ~ ")
        line = ""
        for text in (f"{self.label(cell.label)}{between}{cell.text}" for cell in cells):
            longer = f"{line}{stroke}{text}" if line else text
            if line and width_of(longer, self.sheet.face, SIZE) > right - left:
                self.sheet.write(left, y, line, SIZE)
                y, longer = y + 14, text
            line = longer
        self.sheet.write(left, y, line, SIZE, fit=right - left)
        return y + 22

    def typed(self, column: int, y: float, text: str) -> None:
        """A string that begins in a column of a printer, 88 a line."""
        self.sheet.write(MARGIN + column * _TYPED, y, text, 10, face=COURIER)

    def comb(self, x: float, y: float, text: str, wide: float, name: str = "", *, cells: int = 0) -> float:
        """Letters one by one in the cells of a comb, at least so many, none at a blank, a field of this name noted as
        printed so; gives its right end."""
        cells = max(len(text), cells)
        cell = min(12.5, wide / cells)
        for number, letter in enumerate(text.ljust(cells, "\0")):
            if letter == " ":
                continue
            at = x + number * cell
            self.sheet.frame(at, y - 10, at + cell, y + 4)
            if letter == "\0":
                continue
            size = min(9.5, 1.2 * cell)
            self.sheet.write(at + (cell - width_of(letter, COURIER, size)) / 2, y + 1, letter, size, face=COURIER)
        if name:
            self.note(self.said(name, " ".join(text.replace(" ", ""))), "comb")
        return x + cell * cells

    def comb_day(self, x: float, y: float, day: date, name: str = "") -> float:
        """A day in combs of two, two and four cells, with what each is under it."""
        style = self.hospital.date.lower().replace("%-", "%").replace("%b", "%m")
        parts = sorted((("%m", "MM"), ("%d", "DD"), ("%Y", "YYYY")), key=lambda part: style.find(part[0].lower()))
        right = self.comb(x, y, day.strftime(" ".join(part for part, _ in parts)), 140, name)
        at = x
        for _, word in parts:
            self.sheet.write(at + 5, y + 11, word, 5.5)
            at += 12.5 * (len(word) + 1)
        return right

    def ticks(self, x: float, y: float, words: tuple[str, str] = ("Male", "Female"), *, turned: bool = False) -> float:
        """The sex as two boxes, one of them with a cross, noted; gives the right end."""
        for sex, word in list(zip("MF", words, strict=True))[:: -1 if turned else 1]:
            self.sheet.tick(x, y + 1, ticked=sex == self.subject.human.sex)
            x = self.sheet.write(x + 14, y, word, 9) + 14
        self.say("sex", "ticked box", words["MF".index(self.subject.human.sex)])
        return x

    def choices(self, x: float, y: float, words: Sequence[str], chosen: int, *, gap: float = 14, size: float = 8.5) -> float:  # fmt: skip
        """Words behind boxes, one of them with a cross; gives the right end."""
        for number, word in enumerate(words):
            self.sheet.tick(x, y + 1, ticked=number == chosen)
            x = self.sheet.write(x + 14, y, word, size) + gap
        return x

    def lines(self, x: float, y: float, texts: Sequence[str], *, size: float = 9.5, step: float = 13, fit: float = 250, typed: bool = False) -> float:  # fmt: skip
        """Strings one under the other; gives the next free y."""
        for text in texts:
            self.sheet.write(x, y, text, size, fit=fit, face=COURIER if typed else None)
            y += step
        return y


def start(hospital: Hospital, subject: Subject, seed: str) -> Form:
    """An empty page of this hospital; its payers are the third author's."""
    rng = random.Random(seed)
    subject = replace(subject, payer=rng.choice(PAYERS))
    return Form(hospital, subject, rng, Sheet(hospital.face, hospital.wide_gap))


def finish(form: Form, kind: str) -> DrawnPage:
    """The drawn page with its truth."""
    return DrawnPage(kind, form.hospital, form.subject, form.sheet, form.truth, form.habits, form.texts, frozenset(form.open) - set(form.truth))  # fmt: skip


# ---- rows of cells, one function a way: form, row, left, y, width of a column; gives the next free y


def _dots(form: Form, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """A terminal's screen: the label, blanks and points to a column, a colon, the value."""
    at = 0.5 * wide
    for number, cell in enumerate(row):
        x, label = left + number * wide, form.label(cell.label)
        size = min(8.5, 8.5 * (at - 12) / width_of(label, COURIER, 8.5))
        right = form.sheet.write(x, y, label, size, face=COURIER)
        points = " ." * int((x + at - right - 8) / (2 * width_of(".", COURIER, 8.5)))
        if points:
            form.sheet.write(right, y, points, 8.5, face=COURIER)
        form.sheet.write(x + at - 5, y, ":", 8.5, face=COURIER)
        form.sheet.write(x + at + 6, y, cell.text, 8.5, face=COURIER, fit=wide - at - 12)
    return y + 13


def _prompt(form: Form, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """What was asked, a mark, and the answer."""
    for number, cell in enumerate(row):
        text = f"{form.label(cell.label)}> {cell.text}"
        form.sheet.write(left + number * wide, y, text, SIZE, fit=wide - 14)
    return y + 14


def _bar(form: Form, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """Labels end at an upright line, values begin behind it; lines between the rows."""
    for number, cell in enumerate(row):
        x, label = left + number * wide, form.label(cell.label)
        size = min(8.5, 8.5 * (0.4 * wide - 8) / width_of(label, form.sheet.face, 8.5))
        form.sheet.write(x + 0.4 * wide - 4 - width_of(label, form.sheet.face, size), y, label, size)
        form.sheet.rule(x + 0.4 * wide, y - 10, x + 0.4 * wide, y + 4)
        form.sheet.write(x + 0.4 * wide + 6, y, cell.text, SIZE, bold=True, fit=0.6 * wide - 14)
    form.sheet.rule(left, y + 4, left + len(row) * wide - 6, y + 4)
    return y + 14


def _label_right(form: Form, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """The value at the left of a ruled line, its label in small print at the right end."""
    for number, cell in enumerate(row):
        x, label = left + number * wide, form.label(cell.label)
        form.sheet.write(x + 3, y, cell.text, SIZE, bold=form.hospital.bold_values, fit=0.58 * wide)
        size = min(6.5, 6.5 * 0.33 * wide / width_of(label, form.sheet.face, 6.5))
        form.sheet.write(x + wide - 14 - width_of(label, form.sheet.face, size), y, label, size)
        form.sheet.rule(x, y + 4, x + wide - 12, y + 4)
    return y + 18


def _centred_under(form: Form, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """The value in the middle of a line, the label in the middle under it."""
    for number, cell in enumerate(row):
        middle = left + (number + 0.5) * wide - 5
        for text, size, down in ((cell.text, SIZE, 0), (form.label(cell.label), 6.5, 12)):
            size = min(size, size * (wide - 18) / max(1.0, width_of(text, form.sheet.face, size)))
            form.sheet.write(middle - width_of(text, form.sheet.face, size) / 2, y + down, text, size)
        form.sheet.rule(left + number * wide, y + 4, left + (number + 1) * wide - 10, y + 4)
    return y + 29


def _comb(form: Form, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """Combs for birthday, number and telephone, plain boxes for the rest, labels in small print above."""
    for number, cell in enumerate(row):
        x = left + number * wide
        form.sheet.write(x, y - 7, form.label(cell.label), 6.5, fit=wide - 20)
        if cell.says and _is_combed(cell):
            name = cell.says[0].field
            if name == "dob" and "%y" not in form.hospital.date:  # asked for two digits: benchmarks/adversaries.py
                form.comb_day(x, y + 7, form.subject.human.born, name)
            else:
                form.comb(x, y + 7, cell.text, wide - 14, name)
        else:
            form.sheet.frame(x, y - 3, x + wide - 12, y + 11)
            form.sheet.write(x + 4, y + 8, cell.text, SIZE, face=COURIER, fit=wide - 24)
    return y + 33


def _is_combed(cell: Cell) -> bool:
    return len(cell.says) == 1 and not cell.habit and cell.says[0].field in ("dob", "mrn", "phone")


def _one_row(form: Form, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """A ruled table of one row; heads of several words stand on two lines."""
    for number, cell in enumerate(row):
        x, words = left + number * wide, form.label(cell.label).split()
        form.sheet.frame(x, y - 10, x + wide, y + 24)
        if len(words) > 1 and width_of(" ".join(words), form.sheet.face, 8, bold=True) > wide - 8:
            half = (len(words) + 1) // 2
            form.sheet.write(x + 3, y - 2, " ".join(words[:half]), 8, bold=True, fit=wide - 6)
            form.sheet.write(x + 3, y + 7, " ".join(words[half:]), 8, bold=True, fit=wide - 6)
        else:
            form.sheet.write(x + 3, y + 7, " ".join(words), 8, bold=True, fit=wide - 6)
        form.sheet.write(x + 3, y + 20, cell.text, SIZE, fit=wide - 6)
    form.sheet.rule(left, y + 10, left + len(row) * wide, y + 10)
    return y + 34


def _spine(form: Form, cells: Sequence[Cell], left: float, y: float, right: float, title: str) -> float:
    """Boxes with small labels on top, beside them a title that runs upward in a strip."""
    columns, strip, high = 3, 16.0, 27.0
    wide, top = (right - left - strip) / columns, y - 10
    for number, cell in enumerate(cells):
        x, at = left + strip + number % columns * wide, top + number // columns * high
        form.sheet.frame(x, at, x + wide, at + high)
        form.sheet.write(x + 3, at + 8, form.label(cell.label), 6, fit=wide - 6)
        form.sheet.write(x + 6, at + 22, cell.text, SIZE, bold=form.hospital.bold_values, fit=wide - 12)
    bottom = top + (len(cells) + columns - 1) // columns * high
    form.sheet.frame(left, top, left + strip, bottom)
    long = width_of(title, form.sheet.face, 8, bold=True)
    size = min(8.0, 8 * (bottom - top - 4) / long)
    start_at = HEIGHT - bottom + (bottom - top - long * size / 8) / 2
    form.sheet.write(start_at, left + 11, title, size, bold=True, turn=90)
    return bottom + 18


_Row = Callable[[Form, Sequence[Cell], float, float, float], float]
WAYS: dict[str, _Row] = {
    "dots": _dots, "prompt": _prompt, "bar": _bar, "label right": _label_right, "centred under": _centred_under,
    "comb": _comb, "one row": _one_row,
}  # fmt: skip
