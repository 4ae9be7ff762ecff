"""Dates of one document that cannot all be right: a birth after the service, a discharge before the admission."""

from collections.abc import Iterator
from datetime import date

from classify.doubts import Doubt, DoubtCode
from classify.fields.births import has_short_year
from classify.guess import FieldValue

_BELIEVED = 0.8
"""Confidence from which a date is compared with others; less sure ones are looked at anyway."""

_SERVED = ("service_date", "admit_date", "discharge_date")


def disagreements(values: tuple[FieldValue, ...]) -> Iterator[Doubt]:
    """What the dates of a document say against each other, and a year of birth that may be of two centuries."""
    born, admitted, discharged = (_best(values, name) for name in ("dob", "admit_date", "discharge_date"))
    served = [value for name in _SERVED if (value := _best(values, name)) is not None]
    if born is not None and any(_day(value) < _day(born) for value in served):
        yield Doubt(DoubtCode.BORN_AFTER, born.page)
    if admitted is not None and discharged is not None and _day(discharged) < _day(admitted):
        yield Doubt(DoubtCode.DISCHARGED_BEFORE, discharged.page)
    ways = [value for value in values if value.name == "dob" and has_short_year(value.raw)]
    if len({value.value for value in ways}) > 1 and born is None:
        yield Doubt(DoubtCode.CENTURY_UNCLEAR, ways[0].page)


def _best(values: tuple[FieldValue, ...], name: str) -> FieldValue | None:
    """The surest valid value of a date field, if it is believed."""
    said = [v for v in values if v.name == name and v.is_valid and v.confidence >= _BELIEVED]
    return max(said, key=lambda value: value.confidence, default=None)


def _day(value: FieldValue) -> date:
    return date.fromisoformat(value.value)
