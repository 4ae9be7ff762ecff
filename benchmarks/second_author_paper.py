"""A page of the second author while it is drawn: its ways of placing labels and values, its heads and feet, what misleads."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import cast

from benchmarks.display import COURIER, HEIGHT, WIDTH, Sheet, width_of
from benchmarks.hospital_paper import MARGIN, Cell, DrawnPage, Paper, Said
from benchmarks.hospitals import Doctor, Hospital, Subject, normal
from benchmarks.people import Human
from benchmarks.second_author import PAYERS, House, clinician_text, day_text, person_text, phone_text, value_text

SIZE = 9.5
_COLUMNS = {"value first": 1, "typed line": 1, "fused": 3, "heads over": 4, "corner": 3, "caption under": 3}
"""How many values stand beside each other; two in the other ways."""


class Leaf(Paper):
    """A page whose values and places are the second author's."""

    @property
    def house(self) -> House:
        return cast(House, self.hospital)

    # ---- values

    def say(self, name: str, habit: str, text: str | None = None) -> str:
        """The printed form of a field, noted as true and as printed in this habit."""
        return super().say(name, habit, value_text(self.house, self.subject, name) if text is None else text)

    def cells(self, fields: Iterable[str]) -> list[Cell]:
        """Labelled values; age and sex beside the birthday or as one where this hospital prints them so."""
        pair, cells = self.hospital.pair, []
        fields = list(fields)
        is_paired = pair and {"dob", "sex"} <= set(fields)
        for name in fields:
            if is_paired and name == "dob" and pair.startswith("years"):
                cells.append(self._born_with_age(pair))
            elif is_paired and name == "sex" and pair == "age/sex":
                text = f"{self.subject.age}/{self.subject.human.sex}"
                cells.append(Cell("Age/Gender", text, (self._said("sex", self.subject.human.sex),), "age/sex"))
            elif not (is_paired and name == "sex" and pair == "years sex"):
                cells += self.cells_plain([name])
        return cells

    def cells_plain(self, fields: Iterable[str]) -> list[Cell]:
        """A labelled value for each field."""
        return [self._value_cell(name) for name in fields]

    def _value_cell(self, name: str) -> Cell:
        text = value_text(self.house, self.subject, name)
        return Cell(self.hospital.labels[name], text, (self._said(name, text),))

    def _born_with_age(self, pair: str) -> Cell:
        """`Mar 14, 1957 (67 y)`, or with the sex behind the age."""
        born, sex = value_text(self.house, self.subject, "dob"), self.subject.human.sex
        says = [self._said("dob", born)]
        if pair == "years":
            return Cell(self.hospital.labels["dob"], f"{born} ({self.subject.age} y)", tuple(says), "date (age)")
        says.append(self._said("sex", sex))
        return Cell(
            self.hospital.labels["dob"], f"{born} ({self.subject.age} y.o. {sex})", tuple(says), "date (age sex)"
        )

    def _said(self, name: str, text: str) -> Said:
        return Said(name, normal(self.subject, name), text)

    def strays(self, count: int) -> list[Cell]:
        """Labelled values that are nobody's identity."""
        rng = self.rng
        pool = [
            ("Loc", rng.choice(("4WEST", "MICU", "ED-12", "OPS"))), ("NPI", f"1{rng.randrange(10**8, 10**9)}"),
            ("Ordering Provider", self.doctor(0)), ("Referred by", self.doctor(1)), ("Primary Care Provider", self.doctor(2)),
            ("Code Status", "Full"), ("Allergies", rng.choice(("NKDA", "Sulfa", "Latex"))), ("Language", "English"),
            ("Order Number", f"{rng.randrange(10**8, 10**9)}"), ("Last updated", self.day(5)), ("Isolation", "None"),
            ("Marital status", rng.choice(("Married", "Widowed", "Single"))), ("Due", self.day(33)), ("Wt", "71.2 kg"),
            ("Auth #", f"A{rng.randrange(10**7, 10**8)}"), ("Pharmacy Tel", self.other_phone()),
        ]  # fmt: skip
        return [Cell(label, text) for label, text in rng.sample(pool, count)]

    def provider(self, doctor: Doctor) -> str:
        """A provider's name in this hospital's style."""
        return clinician_text(doctor, self.house.doctor_style)

    def day(self, offset: int) -> str:
        """A day so many days from the admission, that is no index field."""
        return day_text(self.other_day(offset), self.hospital.date)

    def person(self, human: Human) -> str:
        """Somebody's name in this hospital's style."""
        return person_text(human, self.hospital.name_style)

    def phone(self, human: Human) -> str:
        """Somebody's telephone in this hospital's style."""
        return phone_text(self.house, human.phone)

    def other_phone(self) -> str:
        """A number of an office."""
        rng = self.rng
        return phone_text(self.house, f"{rng.randrange(201, 989)}{rng.randrange(200, 999)}{rng.randrange(10000):04d}")

    # ---- places

    def letterhead(self, title: str = "") -> float:
        """Name, address and telephones at the left, at the right or in the middle, and a title."""
        hospital, side = self.hospital, self.rng.choice((0.0, 0.5, 1.0))
        lines = (
            (hospital.name.upper() if hospital.capitals else hospital.name, 13, True),
            (f"{hospital.street}, {self.rng.choice(('Ste 200', 'Bldg C', 'PO Box 118'))}", 8, False),
            (f"Tel {hospital.phone}  |  Fax {self.other_phone()}", 8, False), (title, 12, True),
        )  # fmt: skip
        y = 40.0
        for text, size, bold in lines:
            if text:
                wide = width_of(text, self.sheet.face, size, bold=bold)
                x = (WIDTH - wide) / 2 if text == title else MARGIN + side * (WIDTH - 2 * MARGIN - wide)
                y += 6 if text == title else 0
                self.sheet.write(x, y, text, size, bold=bold)
                y += size + 4
        return y + 8

    def footer(self) -> None:
        """Who printed it and when, and the number of the form."""
        rng, sheet = self.rng, self.sheet
        sheet.write(MARGIN, HEIGHT - 26, f"Printed by {rng.choice(('RN, K.', 'HIM01', 'jdoe2'))} on {self.day(12)} {rng.randrange(1, 13)}:{rng.randrange(10, 60)} PM", 7)  # fmt: skip
        sheet.write(430, HEIGHT - 26, f"MR{rng.randrange(1000, 9999)} {rng.randrange(1, 13)}/{rng.randrange(10, 24)}  Page 1/1", 7)  # fmt: skip

    def block(self, cells: Sequence[Cell], y: float, *, way: str = "", columns: int = 0, left: float = MARGIN, right: float = WIDTH - MARGIN) -> float:  # fmt: skip
        """Labelled values in rows and columns in one of this hospital's ways; gives the next free y."""
        way = way or self.hospital.block
        for cell in cells:
            for said in cell.says:
                self.note(said, cell.habit or way)
        if way == "run in":
            text = "; ".join(f"{self.label(cell.label)}: {cell.text}" for cell in cells)
            return self.prose(text, y, left=left, right=right) + 2
        columns = min(columns or 9, _COLUMNS.get(way, 2))
        columns = max(1, min(columns, int((right - left) / 125)))
        wide = (right - left) / columns
        for start in range(0, len(cells), columns):
            y = WAYS[way](self, cells[start : start + columns], left, y, wide)
        return y + 6


def start(hospital: Hospital, subject: Subject, seed: str) -> Leaf:
    """An empty page of this hospital; its payers are the second author's."""
    rng = random.Random(seed)
    subject = replace(subject, payer=rng.choice(PAYERS))
    return Leaf(hospital, subject, rng, Sheet(hospital.face, hospital.wide_gap))


def finish(leaf: Leaf, kind: str) -> DrawnPage:
    """The drawn page with its truth."""
    return DrawnPage(kind, leaf.hospital, leaf.subject, leaf.sheet, leaf.truth, leaf.habits, leaf.texts, frozenset(leaf.open) - set(leaf.truth))  # fmt: skip


# ---- rows of cells, one function a way: leaf, row, left, y, width of a column; gives the next free y


def _gutter(leaf: Leaf, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """Labels end at a gutter, values begin behind it."""
    for number, cell in enumerate(row):
        x, label = left + number * wide, leaf.label(cell.label) + ":"
        bold, room = leaf.hospital.bold_labels, 0.42 * wide - 6
        size = SIZE * min(1.0, room / width_of(label, leaf.sheet.face, SIZE, bold=bold))
        leaf.sheet.write(x + room - width_of(label, leaf.sheet.face, size, bold=bold), y, label, size, bold=bold)
        leaf.sheet.write(x + room + 6, y, cell.text, SIZE, bold=leaf.hospital.bold_values, fit=0.58 * wide - 10)
    return y + 14


def _columns(leaf: Leaf, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """Labels in one column, values in the next, nothing between."""
    for number, cell in enumerate(row):
        x = left + number * wide
        leaf.sheet.write(x, y, leaf.label(cell.label), SIZE, bold=leaf.hospital.bold_labels, fit=0.42 * wide - 8)
        leaf.sheet.write(x + 0.42 * wide, y, cell.text, SIZE, bold=leaf.hospital.bold_values, fit=0.58 * wide - 10)
    return y + 14


def _fused(leaf: Leaf, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """No blank behind the colon."""
    for number, cell in enumerate(row):
        leaf.sheet.write(left + number * wide, y, f"{leaf.label(cell.label)}:{cell.text}", SIZE - 0.5, fit=wide - 12)
    return y + 14


def _heads_over(leaf: Leaf, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """A line of labels over a line of values, without rules between the columns."""
    for number, cell in enumerate(row):
        x = left + number * wide
        leaf.sheet.write(x, y, leaf.label(cell.label), SIZE - 1, bold=True, fit=wide - 10)
        leaf.sheet.write(x, y + 13, cell.text, SIZE, fit=wide - 10)
    leaf.sheet.rule(left, y + 3, left + len(row) * wide, y + 3)
    return y + 31


def _caption_under(leaf: Leaf, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """Boxes with the value above and a tiny caption at the bottom."""
    for number, cell in enumerate(row):
        x = left + number * wide
        leaf.sheet.frame(x, y - 10, x + wide, y + 17)
        leaf.sheet.write(x + 5, y + 2, cell.text, SIZE, fit=wide - 10)
        leaf.sheet.write(x + 3, y + 14, leaf.label(cell.label), 5.5, fit=wide - 6)
    return y + 27


def _corner(leaf: Leaf, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """Boxes with a numbered caption in the corner, filled in by a typewriter."""
    for number, cell in enumerate(row):
        x = left + number * wide
        leaf.sheet.frame(x, y - 10, x + wide, y + 20)
        leaf.sheet.write(x + 3, y - 3, f"{int(y) % 23 + number + 1}. {cell.label.upper()}", 6, fit=wide - 6)
        leaf.sheet.write(x + 12, y + 14, cell.text, SIZE + 0.5, face=COURIER, fit=wide - 18)
    return y + 30


def _value_first(leaf: Leaf, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """The value on a line, what it is in parentheses behind it."""
    for number, cell in enumerate(row):
        x = left + number * wide
        end = leaf.sheet.write(x + 4, y, cell.text, SIZE + 0.5, bold=leaf.hospital.bold_values, fit=0.6 * wide)
        leaf.sheet.rule(x, y + 3, end + 4, y + 3)
        leaf.sheet.write(end + 8, y, f"({leaf.label(cell.label)})", SIZE - 2, fit=0.38 * wide)
    return y + 17


def _typed_line(leaf: Leaf, row: Sequence[Cell], left: float, y: float, wide: float) -> float:
    """A template whose line of underscores was typed over."""
    for number, cell in enumerate(row):
        text = f"{leaf.label(cell.label)}: __{cell.text}____"
        leaf.sheet.write(left + number * wide, y, text, SIZE, fit=wide - 10)
    return y + 15


_Row = Callable[[Leaf, Sequence[Cell], float, float, float], float]
WAYS: dict[str, _Row] = {
    "gutter": _gutter, "columns": _columns, "fused": _fused, "heads over": _heads_over, "caption under": _caption_under,
    "corner": _corner, "value first": _value_first, "typed line": _typed_line,
}  # fmt: skip
