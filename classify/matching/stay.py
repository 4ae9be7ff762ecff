"""Which stay or visit a document belongs to: decided after the patient, and apart from it."""

from dataclasses import dataclass
from datetime import date

from classify import normal
from classify.matching.alike import fold


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit or stay of the patient."""

    id: int
    number: str
    account: str = ""
    admitted: date | None = None
    discharged: date | None = None


def find_stay(stays: list[Stay], numbers: list[str], served: date | None) -> Stay | None:
    """The stay with one of these numbers, whose days do not contradict; without a number, the only one of these days.

    A document may be 30 days older than the admission and 90 days younger than the discharge (docs/evidence.md). None when
    no stay fits, or when several do.
    """
    said, folded = {normal.number(n) for n in numbers if n}, {fold(n) for n in numbers if n}
    exact = [stay for stay in stays if {normal.number(n) for n in (stay.number, stay.account) if n} & said]
    by_number = exact or [stay for stay in stays if {fold(n) for n in (stay.number, stay.account) if n} & folded]
    if by_number:
        fitting = [stay for stay in by_number if served is None or _fits(stay, served, 30, 90)]
        return fitting[0] if len(fitting) == 1 else None
    if said or served is None:
        return None  # a number that is nobody's is not guessed away
    inside = [stay for stay in stays if stay.admitted is not None and _fits(stay, served, 0, 0)]
    return inside[0] if len(inside) == 1 else None


def _fits(stay: Stay, served: date, before: int, after: int) -> bool:
    day = served.toordinal()  # an open end may be written as the year 9999
    if stay.admitted is not None and day < stay.admitted.toordinal() - before:
        return False
    last = stay.discharged or (stay.admitted if stay.admitted and before == 0 else None)
    return last is None or day <= last.toordinal() + after
