"""Encounter (visit) and account numbers: strings, not the MRN."""

import re

from classify import normal
from classify.codes.checkdigits import is_right
from classify.finding.field import Field
from classify.profile import Profile


def parse(text: str, profile: Profile) -> tuple[str, bool] | None:
    """A visit number by the site's pattern and check digit."""
    return _number(text, profile, profile.encounter_check_digit)


def parse_account(text: str, profile: Profile) -> tuple[str, bool] | None:
    """An account number by the pattern of visits; its check digit is another's to know."""
    return _number(text, profile, "")


def _number(text: str, profile: Profile, check_digit: str) -> tuple[str, bool] | None:
    word = text.split()[0] if text.split() else ""
    printed = word.strip("#:.,;()[]")
    compact, repaired = printed.upper(), normal.read_as_digits(printed).upper()  # l is a 1 and L is none
    if sum(c.isdigit() for c in repaired) < 3:
        return None
    for candidate in (compact, repaired):
        if re.fullmatch(profile.encounter_pattern, candidate) and is_right(candidate, check_digit):
            return candidate, True
    return (compact, False) if sum(c.isdigit() for c in compact) >= 4 else None


ENCOUNTER = Field(
    "encounter",
    ("encounter", "encounter number", "encounter no", "encounter #", "visit number", "visit no", "visit #", "visit id", "fin", "fin #",
     "csn", "encounter id", "admission number", "admission no", "case number", "visit", "episode number", "fin number", "encounter num", "enc no", "enc #", "enc", "visit num", "fin no", "csn no", "csn number",
     "contact serial number", "visit identifier", "registration number", "reg no", "admission id", "stay number", "financial number", "episode", "episode id", "stay id", "encounter info", "encounter information", "visit info", "visit information", "hospital encounter", "visit encounter no", "spell no", "spell number", "attendance no", "attendance number",
     "episode no", "fin nbr"),
    parse,
    is_typed=True,
    most_words=2,
    title="Encounter",
)  # fmt: skip
ACCOUNT = Field(
    "account",
    ("account", "account number", "account no", "account #", "acct", "acct #", "acct no", "patient account", "patient account no",
     "patient account number", "hospital account", "acct number", "billing number", "acct id", "patient acct", "patient acct no", "pt acct no", "hospital acct",
     "patient control number", "patient control no", "account id", "har", "har number", "hospital account record", "a/r account", "a/c no", "a/c number", "a/c #", "ac no", "a/c", "hospital account number", "patient control number", "patient control no", "account id", "billing acct", "billing account", "guarantor account", "patients account no"),
    parse_account,
    is_typed=True,
    most_words=2,
    title="Account",
)  # fmt: skip
