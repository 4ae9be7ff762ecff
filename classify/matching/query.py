"""What a page says about its patient, as it is compared with the patient list."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Query:
    """What a page says about its patient; an empty string is 'not said'."""

    family: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    birth_date: date | None = None
    sex: str = ""
    mrn: str = ""
    encounters: tuple[str, ...] = ()
    member_id: str = ""
    phone: str = ""
    ssn4: str = ""
    postcode: str = ""
    address: str = ""
    city: str = ""
    served: date | None = None
    """The day of the service, or the last day of the stay."""
