"""National Provider Identifier: ten digits whose last one checks the others."""

import re

from classify import normal
from classify.finding.field import Field
from classify.profile import Profile

_CONFUSED = {
    "0": "689",
    "1": "74",
    "2": "7",
    "3": "89",
    "4": "19",
    "5": "68",
    "6": "058",
    "7": "12",
    "8": "0369",
    "9": "0348",
}
"""Digits that OCR takes for one another."""


def is_npi(digits: str) -> bool:
    """Whether ten digits are an NPI: 1 or 2 first, Luhn over 80840 and the number (45 CFR 162.406, ISO/IEC 7812)."""
    return bool(re.fullmatch(r"[12]\d{9}", digits)) and normal.luhn_is_right("80840" + digits)


def parse(text: str, profile: Profile) -> tuple[str, bool] | None:
    """Ten digits; valid only with the right check digit, so a misread one is never taken for good."""
    word = text.split()[0] if text.split() else ""
    digits = normal.number(normal.read_as_digits(word))
    if len(digits) != 10 or not digits.isdigit() or sum(c.isdigit() for c in word) < 6:
        return None
    return digits, is_npi(digits)


FIELD = Field(
    "npi",
    ("npi", "npi no", "npi number", "npi #", "attending npi", "provider npi", "physician npi", "rendering provider npi", "national provider identifier",
     "billing provider npi", "facility npi", "referring npi", "rendering npi"),
    parse,
    most_words=2,
    title="NPI",
    is_typed=True,
)  # fmt: skip
