"""What another system says about patients and visits, whatever its format: CSV, HL7 ADT, FHIR."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from classify.demographics import Demographics, PersonName


class Number(NamedTuple):
    """A medical record number and who gave it; the authority is empty for our own."""

    value: str
    authority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUpdate(Demographics):
    """A person as a message or a row tells: an empty value is not said, and changes nothing.

    The first number is the current one. `at` is when it was said (ISO, sortable): what was said before something newer
    fills gaps only. `may_correct`: a registration system may put right a date of birth; a list may not.
    """

    numbers: tuple[Number, ...]
    names: tuple[PersonName, ...] = ()
    at: str = ""
    may_correct: bool = False


@dataclass(frozen=True, slots=True)
class VisitUpdate:
    """A visit or stay. `event` says what happened to it: cancelled, discharge cancelled, or nothing out of the way."""

    number: str
    account: str = ""
    kind: str = ""
    admitted: date | None = None
    discharged: date | None = None
    attending: str = ""
    service: str = ""
    disposition: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """A person, and the visit it is about."""

    person: PersonUpdate
    visit: VisitUpdate | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Two numbers that are one human being (A40, A18, A34): the loser's becomes a number of the survivor.

    `is_renaming`: the number itself was changed (A47), the person was always the same.
    """

    survivor: PersonUpdate
    losers: tuple[Number, ...]
    source: str
    is_renaming: bool = False


@dataclass(frozen=True, slots=True)
class VisitMove:
    """A visit that belongs to somebody else than it was registered to (A45)."""

    person: PersonUpdate
    visits: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    before: tuple[Number, ...] = ()  # whose visits they were, when the message says


@dataclass(frozen=True, slots=True)
class Unmerge:
    """Two numbers that were merged and are two people (A37)."""

    one: Number
    other: Number
    source: str


RosterMessage = Registration | Merge | VisitMove | Unmerge


@dataclass(frozen=True, slots=True)
class MergeDoubt:
    """A merge that was asked for: of whom into whom (none: nobody on the list), what differs, and which event asked."""

    loser_id: int
    survivor_id: int | None
    differs: str
    source: str


@dataclass(slots=True)
class Loaded:
    """How loading went; problems name the line or the message, reasons count why, doubts are merges for a person."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    encounters: int = 0
    merged: int = 0
    moved: int = 0
    questions: int = 0
    problems: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    doubts: list[MergeDoubt] = field(default_factory=list)

    def refuse(self, where: str, reason: str) -> None:
        """Note what was not loaded, where it stands, and why."""
        self.problems.append(f"{where}: {reason}")
        self.reasons[reason] += 1

    def add(self, other: "Loaded") -> None:
        """Count what a part did."""
        for name in ("new", "updated", "unchanged", "encounters", "merged", "moved", "questions"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.problems += other.problems
        self.reasons += other.reasons
        self.doubts += other.doubts
