"""The index fields, in the order in which they are shown. A new field is a file and a row here."""

from classify.fields import attending, coverage, dates, encounter, mrn, name, sex
from classify.fields.anchor import Field

FIELDS: tuple[Field, ...] = (
    name.FIELD,
    mrn.FIELD,
    dates.DOB,
    sex.FIELD,
    encounter.ENCOUNTER,
    encounter.ACCOUNT,
    dates.SERVICE,
    dates.ADMIT,
    dates.DISCHARGE,
    attending.FIELD,
    coverage.PAYER,
    coverage.MEMBER,
    coverage.GROUP,
)

TITLES: dict[str, str] = {field.name: field.title for field in FIELDS}

IDENTITY = ("name", "mrn", "dob")
"""Fields that must be there before a person may approve without looking twice."""
