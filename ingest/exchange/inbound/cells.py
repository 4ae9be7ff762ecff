"""What spreadsheets do to numbers and dates, and what of it can be put right.

A cell that a spreadsheet took for a number has lost its leading zeros, and past fifteen digits more (IEEE 754; Excel
specifications and limits). That cannot be put right, in no row of the column: the file is refused. What is certain is
repaired: ="00123456" and '00123456 are how a spreadsheet is told that a number is text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from classify import normal

_MONTHS = 12
_LINES_NAMED = 3

RECORD_NUMBERS = frozenset({"mrn", "old_mrns", "encounter", "account", "member_id"})
"""Fields whose leading zeros matter: a changed one is another number."""

_OTHER_NUMBERS = frozenset({"ssn", "phone", "postcode"})
DATES = {
    "birth_date": "date of birth",
    "died": "date of death",
    "admitted": "admission date",
    "discharged": "discharge date",
}
"""Fields that are days, and what a sentence calls them."""

_TEXT_FORMULA = re.compile(r'=\s*(?:T\()?"((?:[^"]|"")*)"\)?')
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"), None)
_WHOLE = re.compile(r"(\d+)[.,]0+")
_POWER = re.compile(r"\d+(?:[.,]\d+)?[eE][+-]\d+|\d+[.,]\d+[eE]\d+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_NO_VALUE = re.compile(r"#{3,}|#(?:N/A|REF!|VALUE!|NAME\?|NUM!|DIV/0!|NULL!)|nan|NaN|None|NULL|null")
_TIME = re.compile(r"[T ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$")
_SLASHED = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(?:\d{4}|\d{2})")
_DAY_NUMBER = re.compile(r"\d{4,5}(?:[.,]\d+)?")


@dataclass(slots=True)
class Column:
    """What is seen in one column before any of its rows is loaded."""

    rows: int = 0
    repaired: int = 0
    changed: list[int] = field(default_factory=list)  # lines with a number that a spreadsheet changed
    shape: str = ""  # of the first of them
    day_first: list[int] = field(default_factory=list)  # lines whose date can only have the day first
    month_first: list[int] = field(default_factory=list)
    open_dates: int = 0  # dates that either order can read

    def see(self, name: str, text: str, line: int) -> None:
        """Take in one cell."""
        raw, text = text.strip(), clean_cell(name, text)
        self.repaired += bool(text) and raw != text and raw[:1] in ("=", "'", "’")
        self.rows += bool(text)
        if name in RECORD_NUMBERS and is_changed_number(text):
            self.shape = self.shape or normal.shape_of(text)
            self.changed.append(line)
        if name in DATES and (order := order_of(text)) is not None:
            (self.day_first if order == "day" else self.month_first if order == "month" else []).append(line)
            self.open_dates += order == "either"


def clean_cell(name: str, text: str) -> str:
    """A cell as it was meant: without the signs that a spreadsheet needs to leave it alone."""
    text = text.translate(_INVISIBLE).strip()
    if match := _TEXT_FORMULA.fullmatch(text):
        text = match[1].replace('""', '"').strip()
    is_number = name in RECORD_NUMBERS or name in _OTHER_NUMBERS or name in DATES
    if is_number and text[:1] in ("'", "’") and len(text) > 1:
        text = text[1:].strip()
    return "" if is_number and _NO_VALUE.fullmatch(text) else text


def is_changed_number(text: str) -> bool:
    """Whether a record number was taken for a number: 481593.0, 4.81593E+05, 481,593."""
    return any(pattern.fullmatch(text) for pattern in (_WHOLE, _POWER, _THOUSANDS))


def whole_number(name: str, text: str) -> str | None:
    """A telephone number, postal code or SSN without the .0 of a spreadsheet; None where digits are lost."""
    if _POWER.fullmatch(text):
        return None
    digits = match[1] if (match := _WHOLE.fullmatch(text)) else text
    return digits.zfill(5) if name == "postcode" and match else digits


def order_of(text: str) -> str | None:
    """Which order of day and month a date can only have: day, month, either; None where the question does not arise."""
    match = _SLASHED.fullmatch(without_time(text))
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    if first > _MONTHS and second > _MONTHS:
        return None  # no date at all
    if first == second:
        return None
    return "day" if first > _MONTHS else "month" if second > _MONTHS else "either"


def without_time(text: str) -> str:
    """A date without the time of day behind it."""
    return _TIME.sub("", text).strip()


def read_day(name: str, text: str, *, day_first: bool) -> date | None:
    """The day in a cell; None for an empty one; ValueError says what is wrong with it, without chart text.

    A birthday or a day of death lies not in the future: its two-digit year is the latest that has come.
    """
    text = without_time(text)
    if not text:
        return None
    what, today = DATES[name], normal.today()
    if _DAY_NUMBER.fullmatch(text):
        raise ValueError(
            f"the {what} is a year alone or a spreadsheet's day number; format the column as date (YYYY-MM-DD) and export again"
        )
    whole = match[1] if (match := _WHOLE.fullmatch(text)) else text
    is_past = name in ("birth_date", "died")
    latest = today if is_past else date(today.year + 1, 12, 31)  # an admission may be planned
    day = normal.parse_date(whole, day_first=day_first, not_after=latest)
    if day is None:
        raise ValueError(f"the {what} (shape {normal.shape_of(text)}) is no real date; use YYYY-MM-DD or MM/DD/YYYY")
    if is_past and day > today:
        if re.search(r"\d{4}", whole):
            raise ValueError(f"the {what} lies in the future")
        day = _century_before(day)
    return day


def _century_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 100)
    except ValueError:  # February 29 of a year that had none
        raise ValueError("a date with a two-digit year is no real date; use four digits") from None


def lines_of(lines: Iterable[int]) -> str:
    """The first few lines, for a sentence."""
    first = list(lines)
    return ", ".join(map(str, first[:_LINES_NAMED])) + (" and more" if len(first) > _LINES_NAMED else "")
