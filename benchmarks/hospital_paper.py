"""A hospital's page while it is drawn: labelled values placed in its habits, and what is true about them."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from benchmarks.display import COURIER, HEIGHT, WIDTH, Face, Sheet, width_of
from benchmarks.hospitals import BETWEEN, Doctor, Hospital, Subject, date_text, doctor_text, normal, printed

MARGIN = 40.0
_SIZE = 9.5


@dataclass(frozen=True, slots=True)
class Said:
    """A value on the page: its field, its normal form, and how it is printed."""

    field: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A label with what stands beside it; what misleads says no field. `habit` is set where the words make it special."""

    label: str
    text: str
    says: tuple[Said, ...] = ()
    habit: str = ""


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A drawn page and its truth: field to normal form, the habits it is printed in, the very words printed.

    `open`: fields that a careful clerk would not decide from this page; they are not measured.
    """

    kind: str
    hospital: Hospital
    subject: Subject
    sheet: Sheet
    truth: dict[str, str]
    habits: dict[str, tuple[str, ...]]
    texts: dict[str, tuple[str, ...]]
    open: frozenset[str]


@dataclass(slots=True)
class Paper:
    """A page being drawn for one patient."""

    hospital: Hospital
    subject: Subject
    rng: random.Random
    sheet: Sheet
    truth: dict[str, str] = field(default_factory=dict)
    habits: dict[str, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    # ---- values

    def say(self, name: str, habit: str, text: str | None = None) -> str:
        """The printed form of a field, noted as true and as printed in this habit."""
        text = printed(self.hospital, self.subject, name) if text is None else text
        self.note(Said(name, normal(self.subject, name), text), habit)
        return text

    def note(self, said: Said, habit: str) -> None:
        """Note a value as printed."""
        self.truth[said.field] = said.value
        self.habits[said.field] = (*self.habits.get(said.field, ()), habit)
        self.texts[said.field] = (*self.texts.get(said.field, ()), said.text)

    def note_as(self, name: str, value: str, text: str, habit: str) -> None:
        """Note a value that is printed in another form than this hospital's usual one."""
        self.note(Said(name, value, text), habit)

    def cells(self, fields: Iterable[str]) -> list[Cell]:
        """Labelled values of these fields, birthday, age and sex as one where this hospital prints them so."""
        fields = list(fields)
        if self.hospital.pair and {"dob", "sex"} <= set(fields):
            merged = ["dob", "sex"] if self.hospital.pair == "dob/age/sex" else ["sex"]
            at = fields.index(merged[0])
            rest = [f for f in fields if f not in merged]
            return [*self.cells_plain(rest[:at]), self._pair(), *self.cells_plain(rest[at:])]
        return self.cells_plain(fields)

    def cells_plain(self, fields: Iterable[str]) -> list[Cell]:
        """A labelled value for each field."""
        return [self._cell(name) for name in fields]

    def _cell(self, name: str) -> Cell:
        text = printed(self.hospital, self.subject, name)
        label = self.hospital.labels[name]
        says = (Said(name, normal(self.subject, name), text),)
        return Cell(label, text, says, "M/F label" if "M/F" in label else "")

    def _pair(self) -> Cell:
        """Birthday, age and sex between strokes."""
        born, sex = (printed(self.hospital, self.subject, f) for f in ("dob", "sex"))
        if self.hospital.pair == "dob/age/sex":
            parts, label, names = [born, str(self.subject.age), sex[0]], "DOB/Age/Sex", {"dob": born, "sex": sex[0]}
        else:
            parts, label, names = [f"{self.subject.age}", sex[0]], "Age/Sx", {"sex": sex[0]}
        says = tuple(Said(f, normal(self.subject, f), text) for f, text in names.items())
        return Cell(label, " / ".join(parts), says, "slash pair")

    def strays(self, count: int) -> list[Cell]:
        """Labelled values that are nobody's identity: rooms, orders, other doctors, other days."""
        rng = self.rng
        number = f"{rng.randrange(10**7, 10**8)}"
        pool = [
            ("Room/Bed", f"{rng.randrange(100, 600)}-{rng.randrange(1, 3)}"), ("Order #", number),
            ("Accession", f"{rng.choice('CHM')}{rng.randrange(10**6, 10**7)}"), ("PCP", self.doctor(0)),
            ("Ref Phys", self.doctor(1)), ("Nsg Station", rng.choice(("4 WEST", "ICU", "2N"))),
            ("F/C", f"{rng.randrange(1, 20):02d}"), ("Religion", rng.choice(("Luth", "RC", "None"))),
            ("M/S", rng.choice("SMWD")), ("Arr. Mode", "Ambulance"), ("Ht/Wt", "170 cm / 71 kg"),
            ("Prev. Adm", self.day(-400)), ("Next Appt", self.day(40)), ("Requisition", number[::-1]),
            ("Employer", rng.choice(("Self", "Dunmere Tool Works", "Retired"))), ("Time", f"{rng.randrange(24):02d}{rng.randrange(60):02d}"),
        ]  # fmt: skip
        return [Cell(label, text) for label, text in rng.sample(pool, count)]

    def doctor(self, index: int) -> str:
        """Another provider of this stay, not the attending."""
        return self.provider(self.subject.doctors[index])

    def provider(self, doctor: Doctor) -> str:
        """A provider's name in this hospital's style."""
        return doctor_text(doctor, self.hospital.name_style)

    def day(self, offset: int) -> str:
        """A day so many days from the admission, that is no index field."""
        return date_text(self.other_day(offset), self.hospital.date)

    def other_day(self, offset: int) -> date:
        """A day so many days from the admission; never one of the stay's own."""
        taken = {self.subject.admitted, self.subject.discharged, self.subject.served, self.subject.human.born}
        day = self.subject.admitted + timedelta(days=offset)
        while day in taken:
            day += timedelta(days=1)
        return day

    # ---- places

    def letterhead(self, title: str = "") -> float:
        """The hospital's name, address and telephone, and a title; gives the next free y."""
        middle = self.rng.random() < 0.5
        hospital = self.hospital
        lines = ((hospital.name, 14, True), (f"{hospital.street}   Tel {hospital.phone}", 8, False), (title, 12, True))
        y = 44.0
        for text, size, bold in lines:
            if text:
                wide = width_of(text, self.sheet.face, size, bold=bold)
                self.sheet.write((WIDTH - wide) / 2 if middle else MARGIN, y, text, size, bold=bold)
                y += 18
        return y + 6

    def footer(self) -> None:
        """Form number and revision, printing date, page number."""
        form = f"Form {self.rng.randrange(100, 9999)}-{self.rng.choice('ABC')} (Rev. {self.rng.randrange(1, 13):02d}/{self.rng.randrange(1988, 2020)})"
        self.sheet.write(MARGIN, HEIGHT - 24, form, 7)
        self.sheet.write(
            240, HEIGHT - 24, f"Printed {self.day(9)} {self.rng.randrange(24):02d}:{self.rng.randrange(60):02d}", 7
        )
        self.sheet.write(500, HEIGHT - 24, "Page 1 of 1", 7)

    def prose(
        self, text: str, y: float, *, left: float = MARGIN, right: float = WIDTH - MARGIN, size: float = 10
    ) -> float:
        """Running text, set in lines; gives the next free y."""
        line: list[str] = []
        for word in text.split():
            if line and width_of(" ".join([*line, word]), self.sheet.face, size) > right - left:
                self.sheet.write(left, y, " ".join(line), size)
                y, line = y + 1.3 * size, []
            line.append(word)
        self.sheet.write(left, y, " ".join(line), size)
        return y + 2 * size

    def block(self, cells: Sequence[Cell], y: float, *, way: str = "", columns: int = 2, left: float = MARGIN, right: float = WIDTH - MARGIN) -> float:  # fmt: skip
        """Labelled values in rows and columns in one of this hospital's ways; gives the next free y."""
        way = way or self.hospital.block
        place = _BLOCKS.get(way, _inline)
        columns = min(columns, 2) if place is _inline or way in ("next line", "table row") else columns
        wide = (right - left) / columns
        for start in range(0, len(cells), columns):
            row = cells[start : start + columns]
            y = place(self, row, left, y, wide, way)
            for cell in row:
                for said in cell.says:
                    self.note(said, cell.habit or self._habit(way, row, cell))
        return y + 6

    def _habit(self, way: str, row: Sequence[Cell], cell: Cell) -> str:
        """The habit by its name: of a row that wraps, only the last label stands at the end of the line."""
        return self.between_in_line if way == "next line" and cell is not row[-1] else way

    @property
    def between(self) -> str:
        return self.hospital.between

    @property
    def between_in_line(self) -> str:
        """The same in running lines, where there is no column to reach."""
        return "colon" if self.between in ("tab", "leader") else self.between

    def label(self, text: str) -> str:
        """A label as this hospital sets it."""
        return text.upper() if self.hospital.capitals else text


# ---- rows of cells, one function a habit: paper, row, left, y, width of a column, habit; gives the next free y


def _inline(paper: Paper, row: Sequence[Cell], left: float, y: float, wide: float, way: str) -> float:
    for number, cell in enumerate(row):
        _one_line(paper, cell, left + number * wide, y, wide - 12, way)
    return y + 15


def _one_line(paper: Paper, cell: Cell, x: float, y: float, wide: float, way: str) -> None:
    """A label and its value on one line, as small as the width needs."""
    label, between = paper.label(cell.label), BETWEEN[way]
    bold_value = paper.hospital.bold_values
    bold_label = paper.hospital.bold_labels or (way == "nothing" and not bold_value)
    face, size = paper.sheet.face, _SIZE
    if way == "full stop":
        label = label.rstrip(".")
    if way not in ("tab", "nothing", "leader"):
        label, between = (label + between.rstrip(), " ") if between[0] != " " else (label, between)
    gap = width_of(between.replace("\t", " "), face, size)
    whole = width_of(label, face, size, bold=bold_label) + gap + width_of(cell.text, face, size, bold=bold_value)
    size *= min(1.0, wide / (whole + 4))
    right = paper.sheet.write(x, y, label, size, bold=bold_label)
    if way == "tab":
        at = max(x + 0.4 * wide, right + 8)
    elif between.strip():
        at = paper.sheet.write(right + size / 4, y, between.strip(), size) + size / 4
    else:
        at = right + (2 if way == "nothing" else 1) * size / 4
    paper.sheet.write(at, y, cell.text, size, bold=bold_value, fit=x + wide + 8 - at)


def _above(paper: Paper, row: Sequence[Cell], left: float, y: float, wide: float, way: str) -> float:
    small = way == "above small"
    for number, cell in enumerate(row):
        x = left + number * wide
        paper.sheet.write(x, y, paper.label(cell.label), 6 if small else _SIZE, bold=not small and paper.hospital.bold_labels, fit=wide - 6)  # fmt: skip
        paper.sheet.write(x + (2 if small else 0), y + 12, cell.text, _SIZE, bold=paper.hospital.bold_values, fit=wide - 8)  # fmt: skip
        if small:
            paper.sheet.frame(x - 2, y - 7, x + wide - 2, y + 17)
    return y + (24 if small else 29)


def _below(paper: Paper, row: Sequence[Cell], left: float, y: float, wide: float, way: str) -> float:
    for number, cell in enumerate(row):
        x = left + number * wide
        paper.sheet.write(x + 4, y, cell.text, _SIZE, fit=wide - 14)
        paper.sheet.rule(x, y + 4, x + wide - 10, y + 4)
        paper.sheet.write(x + 4, y + 11, paper.label(cell.label), 6, fit=wide - 14)
    return y + 28


def _border(paper: Paper, row: Sequence[Cell], left: float, y: float, wide: float, way: str) -> float:
    """A box whose upper line is broken by the label."""
    for number, cell in enumerate(row):
        x, top, right = left + number * wide, y - 6, left + (number + 1) * wide - 8
        end = paper.sheet.write(x + 8, top + 2, paper.label(cell.label), 6.5, fit=wide - 30)
        for rule in ((x, top, x + 5, top), (end + 3, top, right, top), (x, top, x, top + 22), (right, top, right, top + 22), (x, top + 22, right, top + 22)):  # fmt: skip
            paper.sheet.rule(*rule)
        paper.sheet.write(x + 6, top + 16, cell.text, _SIZE, fit=wide - 20)
    return y + 30


def _next_line(paper: Paper, row: Sequence[Cell], left: float, y: float, wide: float, way: str) -> float:
    """The last label of the row ends the line, and its value begins the next."""
    way = paper.between_in_line
    for number, cell in enumerate(row[:-1]):
        _one_line(paper, cell, left + number * wide, y, wide - 20, way)
    label = paper.label(row[-1].label) + BETWEEN[way].rstrip()
    right = min(left + 2 * wide, WIDTH - MARGIN)
    size = min(_SIZE, _SIZE * wide * 0.8 / width_of(label, paper.sheet.face, _SIZE, bold=True))
    paper.sheet.write(right - width_of(label, paper.sheet.face, size, bold=True), y, label, size, bold=True)
    paper.sheet.write(left, y + 13, row[-1].text, _SIZE)
    return y + 27


def _table_row(paper: Paper, row: Sequence[Cell], left: float, y: float, wide: float, way: str) -> float:
    """Ruled: a cell for the label, beside it one for the value."""
    for number, cell in enumerate(row):
        x, middle = left + number * wide, left + (number + 0.4) * wide
        paper.sheet.frame(x, y - 11, x + wide, y + 5)
        paper.sheet.rule(middle, y - 11, middle, y + 5)
        paper.sheet.write(x + 3, y, paper.label(cell.label), _SIZE - 1, bold=paper.hospital.bold_labels, fit=0.4 * wide - 6)  # fmt: skip
        paper.sheet.write(middle + 3, y, cell.text, _SIZE, fit=0.6 * wide - 6)
    return y + 16


def _table_column(paper: Paper, row: Sequence[Cell], left: float, y: float, wide: float, way: str) -> float:
    """Ruled: a row of labels, under it a row of values."""
    for number, cell in enumerate(row):
        x = left + number * wide
        paper.sheet.frame(x, y - 11, x + wide, y + 5)
        paper.sheet.frame(x, y + 5, x + wide, y + 21)
        paper.sheet.write(x + 3, y, paper.label(cell.label), _SIZE - 1, bold=True, fit=wide - 6)
        paper.sheet.write(x + 3, y + 16, cell.text, _SIZE, fit=wide - 6)
    return y + 38


_Row = Callable[[Paper, Sequence[Cell], float, float, float, str], float]
_BLOCKS: dict[str, _Row] = {
    "above": _above, "above small": _above, "below small": _below, "border": _border, "next line": _next_line,
    "table row": _table_row, "table column": _table_column,
}  # fmt: skip


# ---- labels that stick


def stick(paper: Paper, lines: Sequence[str], turn: int, *, left: float, top: float, face: Face = COURIER, size: float = 8.5) -> None:  # fmt: skip
    """A label stuck on the page with its left top corner here, upright or sideways, in a frame."""
    long = max(width_of(line, face, size) for line in lines) + 14
    high = 12 * len(lines) + 8
    right, bottom = left + (high if turn else long), top + (long if turn else high)
    paper.sheet.frame(left, top, right, bottom)
    x, y = {0: (left, top), 90: (HEIGHT - bottom, left), 270: (top, WIDTH - right)}[turn]
    for number, line in enumerate(lines):
        paper.sheet.write(x + 7, y + 12 + 12 * number, line, size, turn=turn, face=face)
