"""What pages mention without a label, as it travels from the worker to the patient list, and is kept until the list knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ocr.page import Box


class Kind(StrEnum):
    """What a mention looks like."""

    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    UNREADABLE_DATE = "unreadable date"
    PHONE = "phone"
    SSN4 = "ssn4"
    HOUSE = "house"


_LEAST_DIGITS = 6
"""Digits of a number that may be a record number beside a name."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a row that may be an identifier: as printed, where, how well read, and whether a role says they are another's.

    Of a name `words` are its words, with its comma as a word of its own; of a date `days` are its readings, the site's
    first. `first` and `last` are the places of its words in their row; `label` is the field whose label stands beside it,
    if any; a name `is_in_sentence` beside a word in small letters, and a
    number that is written as days are `may_be_day`. Boxes are upright, in pixels of the cleaned page as it was turned for these words.
    """

    kind: Kind
    words: tuple[str, ...]
    row: int
    first: int
    last: int
    box: Box
    confidence: float
    is_of_another: bool = False
    is_subject: bool = False
    label: str = ""
    days: tuple[date, ...] = ()
    is_handwritten: bool = False
    is_in_sentence: bool = False
    may_be_day: bool = False

    @property
    def text(self) -> str:
        """The words as printed."""
        return " ".join(self.words).replace(" ,", ",")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the words of one direction on a page mention; sizes in pixels, `turn` in degrees clockwise."""

    page: int
    turn: int
    width: int
    height: int
    dpi: int
    found: tuple[Mention, ...]
    is_list: bool = False

    @property
    def persons_in_rows(self) -> int:
        """Rows with the name of somebody, not said to be another than the patient, beside a number of six digits or more."""
        numbered = {m.row for m in self.of(Kind.NUMBER) if sum(c.isdigit() for c in m.text) >= _LEAST_DIGITS}
        named = {
            m.row: m.text for m in self.of(Kind.NAME) if "," in m.words and not m.is_of_another and m.row in numbered
        }
        return len(set(named.values()))

    def of(self, kind: Kind) -> Iterator[Mention]:
        """Mentions of one kind, in reading order."""
        return (mention for mention in self.found if mention.kind is kind)
