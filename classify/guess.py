"""What the machine believes about a document, each belief with where it came from and how sure it is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from classify.demographics import Demographics, PersonName, Query
from classify.doubts import Doubt
from classify.mentioned import Mentions
from classify.sensitivity import Label
from ocr.page import Box

BARE = "bare barcode"
"""Source of a number in a barcode with nothing around it that says what it is."""

LICENCE = "licence barcode"
"""Source of what a driver's licence says of its holder, who may be the guarantor."""

UNLABELLED = frozenset({"block", "text", BARE, LICENCE})
"""Sources of values that no label announces: shown to a person, and compared with labels by name and record number. What
they say of a listed person is looked up in the list (classify/anchored), which asks for more than one of them."""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value of an index field: normal form, raw text, page (1-based in its file), box, source.

    `source` says how it was found: barcode, bare barcode, licence barcode, label, title, block, text, patient list, or
    person:<name> after a correction.
    What is written by hand is a proposal (`ocr/page.py`, HANDWRITTEN_MOST). What stands in the row or under the heading of
    a relative, guarantor or office `is_of_another`.
    """

    name: str
    value: str
    raw: str
    confidence: float
    page: int
    box: Box | None
    source: str
    is_valid: bool = True
    is_handwritten: bool = False
    is_of_another: bool = False


@dataclass(frozen=True, slots=True)
class Age:
    """An age in years that a page prints of its patient."""

    page: int
    years: int


@dataclass(frozen=True, slots=True)
class TypeGuess:
    """A document type with its confidence and the phrase that speaks for it; `is_sure` when its kind earned that."""

    code: str
    confidence: float
    evidence: str = ""
    page: int | None = None
    box: Box | None = None
    is_sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord(Demographics):
    """A person on the patient list, as matching sees one; what begins with `other_` are earlier and second ones."""

    id: int
    mrn: str
    other_names: tuple[PersonName, ...] = ()
    other_mrns: tuple[str, ...] = ()
    other_phones: tuple[str, ...] = ()
    other_addresses: tuple[str, ...] = ()
    other_postcodes: tuple[str, ...] = ()
    other_members: tuple[str, ...] = ()
    encounters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """How one identifier compares: the named level, its weight in bits (log2 of the likelihood ratio), a sentence."""

    identifier: str
    level: str
    weight: float
    sentence: str = ""
    confirms: bool = False
    contradicts: bool = False


@dataclass(frozen=True, slots=True)
class PatientCandidate:
    """A person it may be: probability, and how each identifier compares."""

    person: PersonRecord
    score: float
    evidence: tuple[Evidence, ...] = ()

    @property
    def agrees(self) -> tuple[str, ...]:
        """Identifiers that speak for this person."""
        return tuple(e.identifier for e in self.evidence if e.confirms or e.weight > 0)

    @property
    def differs(self) -> tuple[str, ...]:
        """Identifiers that speak against this person."""
        return tuple(e.identifier for e in self.evidence if e.contradicts or e.weight < 0)

    @property
    def reasons(self) -> tuple[str, ...]:
        """A sentence for each identifier that was compared."""
        return tuple(e.sentence for e in self.evidence if e.sentence)


class Decision(StrEnum):
    """What became of the question whose a document is: by the machine, and CONFIRMED by a person."""

    LINKED = "linked"
    ASK = "ask"
    NONE = "none"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class PatientMatch:
    """The decision about the patient: linked, ask (a person decides) or none (nobody fits)."""

    decision: Decision
    candidates: tuple[PatientCandidate, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentGuess:
    """One document found in a file: its pages (1-based), type, fields, patient."""

    pages: tuple[int, ...]
    type: TypeGuess
    fields: tuple[FieldValue, ...]
    match: PatientMatch
    doubts: tuple[Doubt, ...] = ()
    encounter: str | None = None  # the number on the sheet or the pages, known or not
    other_types: tuple[TypeGuess, ...] = ()
    labels: tuple[Label, ...] = ()
    rescan: int | None = None  # the request whose slip lay before these pages
    unnamed_pages: tuple[int, ...] = ()  # pages that say neither whose they are nor which of how many
    query: Query | None = None  # what was asked of the patient list, to be asked again when the list changes
    unlabelled: Query | None = None  # the same with what stands there without a label
    ages: tuple[Age, ...] = ()
    mentions: tuple[Mentions, ...] = ()  # what else of the pages is looked up in the list

    def best(self, name: str) -> FieldValue | None:
        """The most confident value of a field, or None."""
        return max((f for f in self.fields if f.name == name), key=lambda f: f.confidence, default=None)


@dataclass(frozen=True, slots=True)
class FileGuess:
    """Everything in one file: documents, separator pages, pages held for a person, and why."""

    documents: tuple[DocumentGuess, ...]
    separators: tuple[int, ...] = ()
    blanks: tuple[int, ...] = ()


MOST_CANDIDATES = 60
"""Persons that are compared with a query; the right one is among the first five in 99.8 % (docs/evidence.md)."""


class Roster(Protocol):
    """What matching needs of the patient list; storage fulfils it."""

    def find_by_keys(self, keys: tuple[str, ...], most: int = MOST_CANDIDATES) -> list[PersonRecord]:
        """Those who share blocking keys with the query, those with the rarest keys first; not all who share a common one."""
        ...

    def people(self) -> int:
        """How many persons are on the list."""
        ...

    def share_of(self, part: str, name: str) -> float | None:
        """How common a name is: the share of persons whose `part` ("family" or "given") has these letters, if known."""
        ...
