"""Which identifiers are medical record numbers, whose they are, and which one is the Social Security number.

Types are those of HL7 table 0203, which FHIR uses too. The Social Security number is never a record number, and no more
of it is kept than its last four digits.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from storage.roster.messages import Number, PersonUpdate

SSN_DIGITS = 9
_KEPT_OF_SSN = 4

MRN = "MR"
_SOCIAL_TYPES = frozenset({"SS", "SSN", "SB"})
_SOCIAL_AUTHORITIES = frozenset(
    {
        "ssa",
        "usssa",
        "us ssa",
        "ssn",
        "social security administration",
        "2.16.840.1.113883.4.1",  # the OID of the SSN (HL7 OID registry)
        "http://hl7.org/fhir/sid/us-ssn",
    }
)
_SOCIAL_SHAPE = re.compile(r"[\dXx*]{3}[- ][\dXx*]{2}[- ]\d{4}")
"""Three, two and four digits: no record number is written so (SSA, RM 10201.030)."""

_NOT_MRNS = frozenset(
    "AN VN DL PPN MC MA MB NI XX BC PN NPI MCR MCD HC NH JHN CN EN EI LN TAX WC WCN CZ BR DR PRC MIL VS DN FI GI GN MI".split()
)
"""Types of a number (HL7 table 0203) that are none of a medical record."""

_NOT_MRN_AUTHORITIES = re.compile(
    r"http://hl7\.org/fhir/sid/us-(?:npi|mbi|medicare)|2\.16\.840\.1\.113883\.4\.(?:3(?:\.\d+)*|6|572|927)"
)
"""Driver's licences, national provider and Medicare numbers by their system (HL7 OID registry)."""

_KINDS_BY_WORD = (
    ("SS", re.compile(r"\b(?:ssn?|soc(?:ial|\.)?\s+sec(?:urity|\.)?)\b", re.I)),
    (MRN, re.compile(r"\b(?:mrn|mr|medical\s+record|(?:hospital|unit|chart|patient)\s+(?:number|no|record))\b", re.I)),
    ("AN", re.compile(r"\b(?:account|visit|encounter|member|policy|licen[cs]e|passport|insurance)\b", re.I)),
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number as a sender gives it: its type, all names of who assigned it, and whether it is a former one."""

    value: str
    kind: str = ""
    authorities: tuple[str, ...] = ()
    is_former: bool = False


def kind_of_words(text: str) -> str:
    """The type that a name for a number stands for (MRN, Social Security number); empty when it is none we know."""
    return next((kind for kind, words in _KINDS_BY_WORD if words.search(text)), "")


def own_authorities(names: Iterable[str]) -> frozenset[str]:
    """The profile's `mrn_authorities`, as authorities are compared."""
    return frozenset(_plain(part) for name in names for part in name.split("&") if part.strip())


def is_social(identifier: Identifier) -> bool:
    """Whether this is a Social Security number: by its type, by who gives it, or by its shape."""
    return (
        identifier.kind in _SOCIAL_TYPES
        or not _SOCIAL_AUTHORITIES.isdisjoint(map(_plain, identifier.authorities))
        or is_social_shape(identifier.value)
    )


def is_social_shape(text: str) -> bool:
    """Whether a value is written as only Social Security numbers are (999-99-9999)."""
    return _SOCIAL_SHAPE.fullmatch(text.strip()) is not None


def last_four(social: str) -> str:
    """What is kept of a Social Security number: its last four digits, or nothing when there are fewer."""
    digits = _digits(social)
    return digits[-_KEPT_OF_SSN:] if len(digits) >= _KEPT_OF_SSN else ""


def social_of(identifiers: Iterable[Identifier]) -> str:
    """The Social Security number among these, empty when there is none. For last_four and comparing only."""
    return next((i.value for i in identifiers if is_social(i)), "")


def record_numbers(
    identifiers: Iterable[Identifier], own: frozenset[str], social: str = "", *, others: bool = True
) -> tuple[Number, ...]:
    """The medical record numbers among these, ours first and the current one before former ones.

    With `own`, the numbers of these authorities are ours, whatever place and type they have. Without, those called MR are,
    or else the first. A number of another authority keeps its name (`others`: whether those not called MR are taken too).
    """
    hidden = _digits(social)
    usable = sorted(
        (i for i in identifiers if _is_usable(i) and not (len(hidden) == SSN_DIGITS and _digits(i.value) == hidden)),
        key=lambda i: (i.is_former, _rank(i, own)),
    )
    ours = _ours(usable, own)
    found = [Number(i.value) for i in ours]
    values = set(found)
    for i in usable:
        if i in ours or not i.authorities or Number(i.value) in values:
            continue
        if others or i.kind == MRN or not found:
            found.append(Number(i.value, i.authorities[0]))
    return tuple(dict.fromkeys(found))


def every_number(identifiers: Iterable[Identifier], own: frozenset[str], social: str = "") -> tuple[Number, ...]:
    """All numbers among these that can be of a record (MRG-1: each is one that is merged)."""
    hidden = _digits(social)
    usable = [
        i for i in identifiers if _is_usable(i) and not (len(hidden) == SSN_DIGITS and _digits(i.value) == hidden)
    ]
    return tuple(
        dict.fromkeys(
            Number(i.value, "" if not own or not i.authorities or _is_own(i, own) else i.authorities[0]) for i in usable
        )
    )


def without_social(said: PersonUpdate, social: str) -> PersonUpdate:
    """The person without a member id that is the Social Security number (many insurers used it until 2020)."""
    digits = _digits(social)
    member = _digits(said.member_id)
    is_it = is_social_shape(said.member_id) or (len(digits) == SSN_DIGITS and member == digits)
    return replace(said, member_id="") if said.member_id and is_it else said


def _ours(usable: list[Identifier], own: frozenset[str]) -> list[Identifier]:
    named = [i for i in usable if _is_own(i, own) or (not i.authorities and i.kind == MRN)]
    if own:
        return named or [i for i in usable if not i.authorities]
    called = [i for i in usable if i.kind == MRN]
    if called:
        return called
    first = usable[:1]
    return [i for i in usable if i in first or (i.authorities and i.authorities == first[0].authorities)]


def _rank(identifier: Identifier, own: frozenset[str]) -> int:
    """Ours before others, those called MR before those called nothing, and these before those called something else."""
    called = (MRN, "").index(identifier.kind) if identifier.kind in (MRN, "") else 2
    return 3 * (bool(own) and not _is_own(identifier, own)) + called


def _is_usable(identifier: Identifier) -> bool:
    if not identifier.value or identifier.kind in _NOT_MRNS or is_social(identifier):
        return False
    return not any(_NOT_MRN_AUTHORITIES.fullmatch(_plain(name)) for name in identifier.authorities)


def _is_own(identifier: Identifier, own: frozenset[str]) -> bool:
    return any(_plain(name) in own for name in identifier.authorities)


def _plain(authority: str) -> str:
    return " ".join(authority.casefold().removeprefix("urn:oid:").rstrip("/").split())


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
