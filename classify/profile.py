"""How this hospital's charts look: record numbers, date order, its own labels, kinds and forms."""

from dataclasses import dataclass, field

from classify.doctypes import DocumentType
from classify.form import Form, shipped_forms
from classify.typerules import TypeRule

_USUAL = {"mrn": r"[A-Z]{0,4}-?\d{4,12}", "encounter": r"[A-Z]{0,3}-?\d[\d-]{3,13}"}
"""Patterns of numbers at a site that says nothing of its own."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One site's ways. Every entry has a default that suits most U.S. hospitals.

    `labels` adds site labels to a field, for instance {"mrn": ["Unit No"]}.
    """

    mrn_pattern: str = _USUAL["mrn"]
    encounter_pattern: str = _USUAL["encounter"]
    mrn_check_digit: str = ""  # luhn, mod11, mod97-10 or gs1 (classify/codes/checkdigits.py); empty: none is checked
    encounter_check_digit: str = ""
    gs1_company_prefix: str = ""  # of the service relation numbers (GSRN) on wristbands
    day_first: bool = False
    labels: dict[str, list[str]] = field(default_factory=dict)
    types: tuple[DocumentType, ...] = ()  # this hospital's own kinds of document, and its changes of ours
    sure_type: float = (
        0.92  # below it a person chooses the kind of document (from .85 on 97, from .92 on 98 in 100 are right)
    )
    forms: tuple[Form, ...] = field(default_factory=shipped_forms)  # taught forms: those that come along and the site's
    rules: tuple[TypeRule, ...] = ()  # kinds of document by regular expression, in the order of the file

    @property
    def own_patterns(self) -> dict[str, str]:
        """The pattern of each number of which the site says what it looks like, by its field."""
        patterns = {"mrn": self.mrn_pattern, "encounter": self.encounter_pattern}
        return {field: pattern for field, pattern in patterns.items() if pattern != _USUAL[field]}
