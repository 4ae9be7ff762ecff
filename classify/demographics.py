"""The demographics of a person: what a page, a message or the patient list can say, each field in its normal form."""

from dataclasses import dataclass, fields
from datetime import date


@dataclass(frozen=True, slots=True)
class PersonName:
    """Another name of a person: maiden, former, alias. `given` is empty when only the surname is another."""

    family: str
    given: str = ""
    kind: str = "former"


@dataclass(frozen=True, slots=True)
class Demographics:
    """Names, dates, address and numbers of a person; an empty value means "not stated".

    `sex` is M, F, O or U. `region` is a state or province, `ssn4` the last four digits of the SSN (the rest is never
    kept), `member_id` the number that the insurer gave.
    """

    family: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    birth_date: date | None = None
    sex: str = ""
    address: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    phone: str = ""
    ssn4: str = ""
    member_id: str = ""
    died: date | None = None


@dataclass(frozen=True, slots=True)
class Query(Demographics):
    """What a page says about its patient; an empty value means "not stated"."""

    mrn: str = ""
    encounters: tuple[str, ...] = ()
    served: date | None = None
    """The day of the service, or the last day of the stay."""


FIELDS = tuple(field.name for field in fields(Demographics))
"""The names of the fields, in their order; the patient list has a column for each."""

DATES = ("birth_date", "died")
"""The fields that are dates; all others are text."""
