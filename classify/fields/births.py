"""Years of birth of two digits: 12/20/25 is 1925 or 2025. Other dates of the page and the age decide, or a person does."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from classify import normal
from classify.guess import FieldValue
from classify.rows import Row

UNDECIDED = 0.5
"""Confidence of both readings where nothing decides: never sure, and neither is believed before the other."""

_TWO_DIGITS = re.compile(r"(?:^|\D)\d{1,2}[\s/.-]+(?:\d{1,2}|[A-Za-z]{3,9})[\s/.,-]+(\d{2})\W*$|^\d{4}(\d{2})$")
_SERVED = frozenset({"service_date", "admit_date", "discharge_date", "dictated_date", "signed_date", "printed_date"})
_BELIEVED = 0.5
_OLDEST = 115
"""Years: nobody who is on a chart was older on the day of the service."""

_AGE = re.compile(
    r"(?i)\bage(?:/\w+)?[:\s]+(\d{1,3})\b(?!\s*(?:mo|week|wk|day))|\b(\d{1,3})[\s-]?(?:y(?:ea)?rs?[\s-]?old|y\.?/?o)\b|\b0?(\d{1,3})\s?(?:y|/)\s?[MF]\b|\b(\d{1,3})\s?(?-i:Y(?:RS?)?)\b"
)


def settled(values: Iterable[FieldValue], rows: Sequence[Row] = ()) -> tuple[FieldValue, ...]:
    """The values, each birthday of two digits as the one day that other dates or the age leave, or as both, not sure.

    `rows` are looked through for the age that is printed.
    """
    values = tuple(values)
    ambiguous = {id(value) for value in values if value.name == "dob" and has_short_year(value.raw)}
    if not ambiguous:
        return values
    days = [_day(v) for v in values if v.name in _SERVED and v.is_valid and v.confidence >= _BELIEVED]
    served = [day for day in days if day is not None]
    ages = {int(next(filter(None, match.groups()))) for row in rows for match in _AGE.finditer(row.text)}
    return tuple(
        one for value in values for one in (_readings(value, served, ages) if id(value) in ambiguous else (value,))
    )


def has_short_year(raw: str) -> bool:
    """Whether a date was printed with a year of two digits."""
    return _TWO_DIGITS.search(raw.strip()) is not None


def is_other_century(one: str, other: FieldValue) -> bool:
    """Whether a birthday (ISO) is another value's but for the century, which that one's two digits leave open."""
    return other.name == "dob" and has_short_year(other.raw) and one[2:] == other.value[2:]


def _readings(value: FieldValue, served: Sequence[date], ages: set[int]) -> Iterator[FieldValue]:
    day = _day(value)
    ways = list(_centuries(day)) if day is not None else []
    left = [born for born in ways if _is_possible(born, served, ages)]
    if len(left) == 1:
        yield replace(value, value=left[0].isoformat())
    else:
        for one in left or ways:
            yield replace(value, value=one.isoformat(), confidence=min(value.confidence, UNDECIDED))


def _is_possible(born: date, served: Sequence[date], ages: set[int]) -> bool:
    """Whether somebody born then was served on those days, at one of the ages that are printed."""
    if not served:
        age = normal.age_on(born, normal.today())
        return age <= _OLDEST + _KEPT and (not ages or any(0 <= age - said <= _KEPT for said in ages))
    at = normal.age_on(born, min(served))
    return 0 <= at <= _OLDEST and (not ages or any(abs(at - said) <= 1 for said in ages))


def _centuries(day: date) -> Iterator[date]:
    """The same day and month of every century that may be meant, the latest first."""
    last = day.year % 100
    for year in (2000 + last, 1900 + last, 1800 + last):
        try:
            born = date(year, day.month, day.day)
        except ValueError:  # 29 February
            continue
        if born <= normal.today():
            yield born


_KEPT = 40
"""Years that a page without any date may be old."""


def _day(value: FieldValue) -> date | None:
    try:
        return date.fromisoformat(value.value)
    except ValueError:
        return None
