"""What can be wrong with a verified document, and how heavily it weighs (critical, major, minor)."""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """Critical may not occur at all; major and minor have acceptance numbers of their own."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class QualityError:
    """One kind of error: its code, its weight, and what it is called."""

    code: str
    weight: Weight
    title: str


ERRORS: tuple[QualityError, ...] = (
    QualityError("wrong_patient", Weight.CRITICAL, "Wrong patient"),
    QualityError("wrong_encounter", Weight.CRITICAL, "Wrong encounter"),
    QualityError("foreign_page", Weight.CRITICAL, "A page of somebody else"),
    QualityError("missing_page", Weight.CRITICAL, "A page is missing"),
    QualityError("not_protected", Weight.CRITICAL, "Sensitive, and not labelled so"),
    QualityError("wrong_type", Weight.MAJOR, "Wrong document type"),
    QualityError("wrong_date", Weight.MAJOR, "Wrong service date"),
    QualityError("illegible", Weight.MAJOR, "Illegible, though the paper can be read"),
    QualityError("cut_off", Weight.MAJOR, "Something is cut off"),
    QualityError("wrong_value", Weight.MAJOR, "Another value is wrong"),
    QualityError("skewed", Weight.MINOR, "Askew or not upright"),
    QualityError("out_of_order", Weight.MINOR, "Pages out of order"),
    QualityError("blank_kept", Weight.MINOR, "A blank page was kept"),
    QualityError("title", Weight.MINOR, "Title or description"),
)
"""Weights as record rooms use them: whose it is, and pages that are not there, weigh most."""

BY_CODE = {error.code: error for error in ERRORS}

FOUND_BY_KEYING = {
    "mrn": "wrong_patient", "dob": "wrong_patient", "name": "wrong_patient", "type": "wrong_type", "service_date": "wrong_date",
}  # fmt: skip
"""Values that the second person keys blind, and the error that it is when the first person's was wrong."""


def weighs(codes: list[str], weight: Weight) -> bool:
    """Whether one of these errors has this weight."""
    return any(BY_CODE[code].weight is weight for code in codes)
