"""What one document says that cannot all be right: a birth after the service, a discharge before the admission, an age that
is not that of the birthday; and what it says against the patient of the list."""

import re
from collections.abc import Iterator
from datetime import date

from classify import normal
from classify.doubts import Doubt, DoubtCode
from classify.fields.births import has_short_year
from classify.fields.others import rows_of_others
from classify.guess import Age, FieldValue, PersonRecord
from classify.rows import Row

_BELIEVED = 0.8
"""Confidence from which a date is compared with others; less sure ones are looked at anyway."""

_SERVED = ("service_date", "admit_date", "discharge_date")


def disagreements(values: tuple[FieldValue, ...], ages: tuple[Age, ...] = ()) -> Iterator[Doubt]:
    """What the dates and ages of a document say against each other, and a year of birth that may be of two centuries."""
    born, admitted, discharged = (_best(values, name) for name in ("dob", "admit_date", "discharge_date"))
    served = [value for name in _SERVED if (value := _best(values, name)) is not None]
    if born is not None and any(_day(value) < _day(born) for value in served):
        yield Doubt(DoubtCode.BORN_AFTER, born.page)
    elif born is not None:
        yield from ages_against(_day(born), values, ages)
    if admitted is not None and discharged is not None and _day(discharged) < _day(admitted):
        yield Doubt(DoubtCode.DISCHARGED_BEFORE, discharged.page)
    ways = [value for value in values if value.name == "dob" and has_short_year(value.raw)]
    if len({value.value for value in ways}) > 1 and born is None:
        yield Doubt(DoubtCode.CENTURY_UNCLEAR, ways[0].page)


# ---- ages

_AGE = re.compile(r"(?i)\bage(?:\s*\([^)]*\))?\s*[:=.-]*\s*(\d{1,3})\b(?!\s*(?:mo|w(?:ee)?k|da?y|hour|[-–/]\s*\d))")
_AGED = re.compile(r"\b(?:is|was)\san?\s(?:[a-z]+,?\s){0,3}?(\d{1,3})[\s-]years?[\s-]old\b")
_FIRST_ROWS = 25
"""Rows among which a note says how old its patient is (classify/fields/narrative.py)."""

_OFF = 1
"""Years by which a printed age may be off: it is that of another day of the stay."""


def ages_of(page: int, rows: tuple[Row, ...]) -> Iterator[Age]:
    """The ages that a page prints of its patient: behind 'Age', and in the opening of a note; not those of relatives."""
    others = rows_of_others(rows)
    own = [row.text for number, row in enumerate(rows) if number not in others]
    for text in own:
        if match := _AGE.search(text):
            yield Age(page, int(match[1]))
    if match := _AGED.search(" ".join(own[:_FIRST_ROWS])):
        yield Age(page, int(match[1]))


def ages_against(born: date, values: tuple[FieldValue, ...], ages: tuple[Age, ...]) -> Iterator[Doubt]:
    """The age that fits nobody born then on any day of the stay, where the pages print one age only."""
    served = [_day(value) for name in _SERVED if (value := _best(values, name)) is not None]
    said = {age.years for age in ages}
    if not served or len(said) != 1:
        return
    (years,) = said
    if not any(abs(normal.age_on(born, day) - years) <= _OFF for day in served):
        yield Doubt(DoubtCode.AGE_DIFFERS, ages[0].page)


def against_person(values: tuple[FieldValue, ...], ages: tuple[Age, ...], person: PersonRecord) -> Iterator[Doubt]:
    """What a document says that is not the patient's of the list: the sex, and the age where it prints no birthday."""
    said = tuple(value for value in values if value.source != "block")  # in RIVERA,ANA M 66Y the M is her middle name
    sex = _best(said, "sex")
    if sex is not None and {sex.value, person.sex} == {"M", "F"}:
        yield Doubt(DoubtCode.SEX_DIFFERS, sex.page)
    if person.birth_date is not None and _best(values, "dob") is None:
        yield from ages_against(person.birth_date, values, ages)


def _best(values: tuple[FieldValue, ...], name: str) -> FieldValue | None:
    """The surest valid value of a date field, if it is believed."""
    said = [v for v in values if v.name == name and v.is_valid and v.confidence >= _BELIEVED]
    return max(said, key=lambda value: value.confidence, default=None)


def _day(value: FieldValue) -> date:
    return date.fromisoformat(value.value)
