"""The index fields, in the order in which they are shown. A new field is a file and a row here."""

from classify.fields import (
    attending,
    clinical,
    contact,
    coverage,
    dates,
    encounter,
    facility,
    guarantor,
    mrn,
    name,
    npi,
    sex,
    social,
)
from classify.finding.labels import Field

FIELDS: tuple[Field, ...] = (
    name.FIELD,
    name.FAMILY,
    name.GIVEN,
    mrn.FIELD,
    dates.DOB,
    sex.FIELD,
    social.FIELD,
    encounter.ENCOUNTER,
    encounter.ACCOUNT,
    dates.SERVICE,
    dates.ADMIT,
    dates.DISCHARGE,
    attending.FIELD,
    npi.FIELD,
    facility.FIELD,
    clinical.DISPOSITION,
    coverage.PAYER,
    coverage.MEMBER,
    coverage.GROUP,
    coverage.RX_BIN,
    coverage.RX_PCN,
    guarantor.FIELD,
    coverage.RELATIONSHIP,
    contact.ADDRESS,
    contact.PHONE,
    clinical.DIAGNOSIS,
    clinical.PROCEDURE,
    clinical.ALLERGIES,
    dates.DICTATED,
    dates.SIGNED,
    dates.PRINTED,
)

TITLES: dict[str, str] = {
    **{field.name: field.title for field in FIELDS if field.title},
    "signed_by": "Signed by",
    "signature": "Signature",
    "order_mode": "Order given",
}


def title_of(name: str) -> str:
    """How a field is called on screen; zones of taught forms may be fields that are no rows here."""
    return TITLES.get(name) or name.replace("_", " ").capitalize()


SHOWN: tuple[Field, ...] = tuple(field for field in FIELDS if field.is_shown)
"""Fields that the verification form asks for even where the machine found nothing."""

IDENTITY = ("name", "mrn", "dob")
"""Fields that must be there before a person may approve without looking twice."""
