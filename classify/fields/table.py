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
from classify.fields.ranked import base_of
from classify.finding.field import Field

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
    coverage.PLAN,
    coverage.CARRIER,
    coverage.MEMBER,
    coverage.GROUP,
    coverage.RX_BIN,
    coverage.RX_PCN,
    guarantor.FIELD,
    coverage.RELATIONSHIP,
    contact.ADDRESS,
    contact.PHONE,
    contact.CELL,
    clinical.DIAGNOSIS,
    clinical.PRINCIPAL,
    clinical.ADMITTING,
    clinical.OTHER,
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
    base = base_of(name)
    number = name.removeprefix(base).lstrip("_")
    return " ".join(filter(None, (TITLES.get(base) or base.replace("_", " ").capitalize(), number)))


_ALWAYS = ("name", "mrn", "dob", "sex", "encounter", "service_date")
_STAY = ("admit_date", "discharge_date", "attending")
_COVER = ("payer", "member_id", "group")

_ASKED_BY_SECTION: dict[str, tuple[str, ...]] = {
    "identity": ("account", *_COVER, "guarantor", "relationship", "address", "phone"),
    "legal": ("signed_by", "signature", "signed_date"),
    "discharge": (*_STAY, "disposition", "diagnosis"),
    "history": ("attending", "diagnosis", "allergies"),
    "notes": ("attending", "facility"),
    "surgery": ("attending", "procedure", "diagnosis"),
    "results": ("attending", "facility"),
    "orders": ("attending", "order_mode", "signature", "signed_date"),
    "nursing": ("allergies",),
    "outside": ("attending", "facility"),
    "business": ("account", *_COVER, "diagnosis", "procedure", "npi"),
}

_ASKED_BY_TYPE: dict[str, tuple[str, ...]] = {
    "FACE_SHEET": ("account", "admit_date", "attending", *_COVER, "guarantor", "relationship", "address", "phone"),
    "INSURANCE_CARD": (*_COVER, "rx_bin", "rx_pcn"),
    "PHOTO_ID": ("address",),
    "ADMISSION_ORDER": ("admit_date", "attending", "order_mode", "signature", "signed_date"),
}


def asked_of(code: str, section: str) -> tuple[str, ...]:
    """The fields that the verification form asks for on a kind of document, found or not, in the order of the table."""
    wanted = {*_ALWAYS, *_ASKED_BY_TYPE.get(code, _ASKED_BY_SECTION.get(section, ()))}
    return tuple(name for name in TITLES if name in wanted)


def carries(code: str, section: str, name: str) -> bool:
    """Whether a kind of document carries a field, so that a person is asked when its value is doubtful. What is found on
    a kind that does not (a signature line on a lab report) is kept and searched, and stops nobody. Zones that a site taught
    are always carried."""
    base = base_of(name)
    return base not in TITLES or base in asked_of(code, section)


IDENTITY = ("name", "mrn", "dob")
"""Fields that must be there before a person may approve without looking twice."""
