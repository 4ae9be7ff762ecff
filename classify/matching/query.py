"""What a page says about its patient, as it is compared with the patient list."""

from dataclasses import dataclass
from datetime import date

from classify.demographics import Demographics


@dataclass(frozen=True, slots=True)
class Query(Demographics):
    """What a page says about its patient; an empty value means "not stated"."""

    mrn: str = ""
    encounters: tuple[str, ...] = ()
    served: date | None = None
    """The day of the service, or the last day of the stay."""
