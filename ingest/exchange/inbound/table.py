"""Patients from a CSV or other separated table with a header row."""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classify import normal
from classify.demographics import DATES as DEMOGRAPHIC_DATES
from classify.demographics import FIELDS, PersonName
from ingest.exchange.inbound import numbers
from ingest.exchange.inbound.account import Tell, Topic, no_patients, say_nothing
from ingest.exchange.inbound.cells import DATES, RECORD_NUMBERS, Column, clean_cell, lines_of, read_day, whole_number
from ingest.exchange.inbound.heads import Heads, check_heads, match_heads
from storage.foundation.errors import RosterProblem
from storage.roster.messages import Number, PersonUpdate, Registration, RosterMessage, VisitUpdate


def read_table(
    path: Path,
    columns: Mapping[str, str] | None = None,
    *,
    day_first: bool = False,
    is_confirmed: bool = False,
    asks: bool = False,
    tell: Tell = say_nothing,
) -> Iterator[tuple[str, RosterMessage | Exception]]:
    """The registrations of a table, line by line; `columns` maps our fields to this site's heads (profile `[roster_columns]`),
    `day_first` is the site's order of dates, `is_confirmed` that a person named it for this very list, `asks` that a
    list whose dates do not tell it is refused.

    The table is read twice: what a spreadsheet did to a column, and its order of day and month, are told from all of it.
    Raises RosterProblem when the file as a whole cannot be a patient list, or holds no patient; a bad row comes as its exception.
    """
    encoding = _encoding(path)
    with _opened(path, encoding) as table:
        if not any(name.strip() for name in table.names):
            raise no_patients(path.name, "it is empty")
        check_heads(path.name, (heads := match_heads(table.names, columns or {})), _second(table))
    with _opened(path, encoding) as table:
        seen = _seen(table, heads)
    _check_numbers(path, heads, seen)
    tell(Topic.READ_AS, f"a table separated by {_DELIMITERS[table.delimiter]}")
    tell(Topic.CHARACTERS, _ENCODINGS[encoding])
    _tell_columns(heads, tell)
    orders = _orders(
        path, heads, seen, day_first=day_first, is_confirmed=is_confirmed, delimiter=table.delimiter, tell=tell
    )
    if asks:
        _check_orders_are_told(path, heads, seen)
    left_out, is_empty = Counter[str](), True
    with _opened(path, encoding) as table:
        for number, row in table.rows():
            if isinstance(row, ValueError):
                is_empty = False
                yield f"line {number}", row
                continue
            values = {name: _cell(row, name, place) for name, place in heads.places.items()}
            if not any(values.values()):
                continue
            is_empty = False
            try:
                yield f"line {number}", _registration(values, orders, left_out)
            except ValueError as problem:
                yield f"line {number}", problem
    if is_empty:
        raise no_patients(path.name, "nothing stands below its heads")
    if repaired := sum(column.repaired for column in seen.values()):
        tell(Topic.REPAIRED, f"cells that were marked as text for a spreadsheet ({repaired})")
    for what, count in (+left_out).items():
        tell(Topic.LEFT_OUT, f"{what} ({count})")


# ---- the file and its rows


_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
_SEP = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*\s*', re.IGNORECASE)
"""The first line by which Excel is told how a table is parted."""


@dataclass(frozen=True, slots=True)
class _Table:
    """An open table behind its heads; `head_line` is the line they end in."""

    lines: Iterator[str]
    delimiter: str
    names: tuple[str, ...]
    head_line: int

    def rows(self) -> Iterator[tuple[int, list[str] | ValueError]]:
        return _rows(self.lines, self.delimiter, len(self.names), self.head_line)


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[_Table]:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines, number, said = iter(file), 0, ""
        head = ""
        for line in lines:
            number += 1
            if number == 1 and (match := _SEP.fullmatch(line)):
                said = match[1]
                continue
            head += line.replace("\0", "")
            if head.strip() and (head.count('"') % 2 == 0 or number >= _MOST_LINES):
                break
        delimiter = said or max(_DELIMITERS, key=re.sub(r'"[^"]*"', "", head).count)
        names = next(csv.reader(head.strip("\r\n").splitlines(keepends=True), delimiter=delimiter), [])
        yield _Table(lines, delimiter, tuple(names), number)


_MOST_LINES = 6
"""Lines that one row may take: an address over several lines; a quotation mark left open would take all that follow."""


def _rows(
    lines: Iterable[str], delimiter: str, columns: int, number: int
) -> Iterator[tuple[int, list[str] | ValueError]]:
    """Each row with the number of its last line; one whose quotation mark is not closed is told, and takes no other along.

    `number` is the line of the heads.
    """
    stream, again = iter(lines), deque[str]()
    waiting: list[str] = []
    while True:
        line = again.popleft() if again else next(stream, None)
        if line is not None:
            number += 1
            waiting.append(line.replace("\0", ""))
        if not waiting:
            return
        text = "".join(waiting)
        is_closed = text.count('"') % 2 == 0
        row = _parsed(text, delimiter) if is_closed else None
        if row is not None and (len(waiting) == 1 or len(row) == columns):
            too_many = any(cell.strip() for cell in row[columns:])
            yield number, ValueError(f"it has more than the {columns} columns of the head") if too_many else row
            waiting = []
        elif is_closed or line is None or len(waiting) >= _MOST_LINES:
            _, *rest = waiting
            number -= len(rest)
            yield number, ValueError("a quotation mark in it is not closed")
            again.extendleft(reversed(rest))
            waiting = []


def _parsed(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter), [])
    except csv.Error:
        return None


def _second(table: _Table) -> list[str]:
    return next((row for _, row in table.rows() if not isinstance(row, ValueError)), [])


def _cell(row: list[str], name: str, place: int) -> str:
    return clean_cell(name, row[place]) if place < len(row) else ""


# ---- what is told from all of a column


def _seen(table: _Table, heads: Heads) -> dict[str, Column]:
    columns = {name: Column() for name in heads.places}
    looked_at = [(name, place) for name, place in heads.places.items() if name in RECORD_NUMBERS or name in DATES]
    for line, row in table.rows():
        if isinstance(row, ValueError):
            continue
        for name, place in looked_at:
            if place < len(row):
                columns[name].see(name, row[place], line)
    return columns


def _check_numbers(path: Path, heads: Heads, seen: Mapping[str, Column]) -> None:
    for name, column in seen.items():
        if column.changed:
            raise RosterProblem(
                f"{path.name}: a spreadsheet changed the numbers in column '{heads.of(name)}' ({len(column.changed)} of "
                f"{column.rows} rows, line {lines_of(column.changed)}; shape {column.shape}). Leading zeros and digits may be "
                "lost in all of its rows. Format the column as text where it comes from and export again. Nothing of this file was loaded."
            )


def _orders(
    path: Path,
    heads: Heads,
    seen: Mapping[str, Column],
    *,
    day_first: bool,
    is_confirmed: bool,
    delimiter: str,
    tell: Tell,
) -> dict[str, bool]:
    """Whether the day stands first, for each column of dates: one order a column, told by its dates over 12.

    A column of which no date tells is read as the others of the same export, or else as the profile says. One whose
    order is not the site's, with dates that either can read, is refused until a person has looked: a birthday taken
    the wrong way round is somebody else's.
    """
    orders: dict[str, bool] = {}
    dated = {name: seen[name] for name in DATES if name in seen}
    for name, column in dated.items():
        if column.day_first and column.month_first:
            raise RosterProblem(
                f"{path.name}: column '{heads.of(name)}' has both orders of day and month: the day first in "
                f"{len(column.day_first)} rows (line {lines_of(column.day_first)}), the month first in "
                f"{len(column.month_first)} rows (line {lines_of(column.month_first)}). Export its dates as YYYY-MM-DD. "
                "Nothing of this file was loaded."
            )
        if count := len(column.day_first) + len(column.month_first):
            orders[name] = bool(column.day_first)
            is_european = orders[name] and delimiter == ";"  # a spreadsheet where commas are decimal has the day first
            if orders[name] != day_first and (column.open_dates or is_confirmed) and not is_european:
                raise RosterProblem(_other_order(path, heads.of(name), column, day_first=day_first))
            tell(
                Topic.DATES,
                f"{heads.of(name)}: {_ORDERS[orders[name]]} (dates that tell it, with a day over 12: {count})",
            )
    beside = set(orders.values())
    for name, column in dated.items():
        if name in orders:
            continue
        orders[name] = beside == {True} if len(beside) == 1 else day_first
        why = "as in the other columns" if len(beside) == 1 else "as the profile says (day_first)"
        if column.open_dates:
            tell(
                Topic.DATES,
                f"{heads.of(name)}: {_ORDERS[orders[name]]}, {why}: no date has a day over 12 (dates read so: {column.open_dates})",
            )
    return orders


def _check_orders_are_told(path: Path, heads: Heads, seen: Mapping[str, Column]) -> None:
    """RosterProblem when dates can be read either way and nothing in the list, and nobody, says which."""
    dated = {name: seen[name] for name in DATES if name in seen}
    if any(column.day_first or column.month_first for column in dated.values()):
        return
    unsure = next(((name, column) for name, column in dated.items() if column.open_dates), None)
    if unsure is not None:
        name, column = unsure
        raise RosterProblem(
            f"{path.name}: in column '{heads.of(name)}' the day or the month may stand first: none of its dates has a day over "
            f"12 (dates that can be read either way: {column.open_dates}). Look at the list and load it with --month-first or "
            "--day-first, or write day_first = false or true into profile.toml. Nothing of this file was loaded."
        )


def _other_order(path: Path, head: str, column: Column, *, day_first: bool) -> str:
    lines = lines_of(column.month_first if day_first else column.day_first)
    option = "--month-first" if day_first else "--day-first"
    return (
        f"{path.name}: column '{head}' has the {_ORDERS[not day_first].replace(' first', '')} first (line {lines}), where the "
        f"{_ORDERS[day_first].replace(' first', '')} was expected, and {column.open_dates} of its dates can be read either way. "
        f"Look at the list; if it is right, load it with {option}. Nothing of this file was loaded."
    )


_ORDERS = {True: "day first", False: "month first"}


def _tell_columns(heads: Heads, tell: Tell) -> None:
    tell(
        Topic.COLUMNS,
        ", ".join(f"{heads.of(name)} → {name}" for name in sorted(heads.places, key=heads.places.__getitem__)),
    )
    if heads.unused:
        tell(Topic.NOT_USED, ", ".join(heads.unused))
    for head in heads.missing:
        tell(Topic.NOT_USED, f"the head '{head}' of the profile ([roster_columns]) is not in this table")
    for head in heads.twice:
        tell(Topic.NOT_USED, f"the head '{head}' stands twice; the first of them is read")


# ---- what a row says


def _registration(values: Mapping[str, str], orders: Mapping[str, bool], left_out: Counter[str]) -> Registration:
    """The registration that the fields of a row make; ValueError says what is wrong, without chart text."""
    if not values.get("mrn"):
        raise ValueError("no MRN")
    if not values.get("family") or not values.get("given"):
        raise ValueError("no name")
    unreadable = {name for name, text in values.items() if "\ufffd" in text}
    if unreadable & {"mrn", "family", "given"}:
        raise ValueError("a letter of its name or number cannot be read; save the list as CSV UTF-8 and load it again")
    left_out["cells with letters that cannot be read"] += len(unreadable)
    values = {name: "" if name in unreadable else text for name, text in values.items()}
    social = _number("ssn", values, left_out)
    if is_never_an_mrn(values["mrn"], social):
        raise ValueError("its MRN is a Social Security number, and that is never an MRN")
    days = {name: read_day(name, values.get(name, ""), day_first=orders.get(name, False)) for name in DATES}
    sex = normal.parse_sex(values.get("sex", "")) or ""
    left_out["sex that is none of M, F, O and U"] += bool(values.get("sex") and not sex)
    old = (number for number in _parts(values.get("old_mrns", "")) if not is_never_an_mrn(number, social))
    read: dict[str, Any] = {name: values.get(name, "") for name in FIELDS}
    read |= {name: _number(name, values, left_out) for name in ("postcode", "phone")}
    read |= {name: days[name] for name in DEMOGRAPHIC_DATES} | {"sex": sex, "ssn4": numbers.last_four(social)}
    said = PersonUpdate(
        **read,
        numbers=(Number(values["mrn"]), *map(Number, old)),
        names=tuple(PersonName(name) for name in _parts(values.get("aliases", ""))),
    )
    person = numbers.without_social(said, social)
    if not values.get("encounter"):
        return Registration(person)
    visit = VisitUpdate(
        number=values["encounter"],
        admitted=days["admitted"],
        discharged=days["discharged"],
        **{name: values.get(name, "") for name in ("account", "kind", "attending", "service", "disposition")},
    )
    return Registration(person, visit)


def is_never_an_mrn(number: str, social: str) -> bool:
    """Whether a record number is written as a Social Security number, or is the one of the same row."""
    digits = re.sub(r"\D", "", social)
    return numbers.is_social_shape(number) or (
        len(digits) == numbers.SSN_DIGITS and re.sub(r"\D", "", number) == digits
    )


def _number(name: str, values: Mapping[str, str], left_out: Counter[str]) -> str:
    text = whole_number(name, values.get(name, ""))
    left_out[f"{name} of which a spreadsheet has lost digits"] += text is None
    return text or ""


# ---- characters


def _encoding(path: Path) -> str:
    """UTF-8 when all of the file is, else the Windows code page that spreadsheets write; RosterProblem for what is no text."""
    try:
        with path.open("rb") as file:
            start = file.read(64)
        if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        if start[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            raise RosterProblem(f"{path.name} is an Excel workbook. Save the sheet as CSV UTF-8 and load that.")
        if b"\0" in start:
            for codec, is_even in (("utf-16-le", 0), ("utf-16-be", 1)):
                if 0 not in start[is_even::2] and not any(start[1 - is_even :: 2]):
                    return codec
            raise RosterProblem(f"{path.name} is no text file. Export the patient list as CSV.")
        with path.open(encoding="utf-8-sig") as text:
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    except OSError as error:
        raise RosterProblem(f"{path.name} cannot be read ({error.strerror}).") from error
    return "utf-8-sig"


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
