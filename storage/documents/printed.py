"""What pages print of a patient of the list: name, record number, birthday; so that a correction is decided by the paper."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from classify import normal
from storage.custody import pages
from storage.documents.identity import is_named
from storage.foundation.tables.documents import Document, FieldRow
from storage.foundation.tables.roster import Person
from storage.roster.names import has_mrn, names_of

IDENTIFIERS = ("name", "mrn", "dob")
"""What a page is compared in with each chart, as at the desk."""

_NEAR = 3
"""Words between surname and first name: a middle name, a title, a suffix."""

_LONGEST_DATE = 3
"""Words of a date: *March 14, 1957*."""


class Verdict(StrEnum):
    """How an identifier of a patient stands to what the pages print."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_READ = "not read"


@dataclass(frozen=True, slots=True)
class Printed:
    """What some pages print: the words of each, and the values that were read on them, by field."""

    words: tuple[tuple[str, ...], ...]
    values: dict[str, tuple[str, ...]]


def printed_on(session: Session, document: Document, numbers: Sequence[int]) -> Printed:
    """What the pages of a document with these numbers in the scan print."""
    rows = [page for page in pages.pages_of_document(session, document.id) if page.number in numbers]
    readings = [pages.reading_of(session, row) for row in rows]
    labels = {pages.label_of(session, document, row) for row in rows}
    found = session.exec(
        select(FieldRow)
        .where(FieldRow.document_id == document.id, col(FieldRow.page).in_(labels), col(FieldRow.is_current).is_(True))
        .order_by(col(FieldRow.confidence).desc(), col(FieldRow.id))
    )
    values: dict[str, dict[str, None]] = {}
    for row in found:
        if row.value:
            values.setdefault(row.name, {})[row.value] = None
    return Printed(
        tuple(tuple(word.text for word in reading.words) for reading in readings if reading is not None),
        {name: tuple(several) for name, several in values.items()},
    )


def verdicts(printed: Printed, person: Person, *, day_first: bool = False) -> dict[str, Verdict]:
    """Each of `IDENTIFIERS` of a patient against the pages; a value that nothing on them contradicts or repeats is not read.

    `day_first` is how this site writes days: of a day without a label nothing else tells it.
    """
    agrees = {
        "name": any(is_named(said, name) for said in printed.values.get("name", ()) for name in names_of(person))
        or any(_prints_name(words, name) for words in printed.words for name in names_of(person)),
        "mrn": any(has_mrn(person, said) for said in (*printed.values.get("mrn", ()), *_numbers(printed.words))),
        "dob": person.birth_date is not None
        and (
            any(normal.parse_date(said) == person.birth_date for said in printed.values.get("dob", ()))
            or any(normal.parse_date(said, day_first=day_first) == person.birth_date for said in _dates(printed.words))
        ),
    }
    return {
        name: Verdict.AGREES if agrees[name] else Verdict.DIFFERS if name in printed.values else Verdict.NOT_READ
        for name in IDENTIFIERS
    }


def is_named_there(found: dict[str, Verdict]) -> bool:
    """Whether pages name a patient: by name or number. A birthday alone is shared by many."""
    return Verdict.AGREES in (found["name"], found["mrn"])


def _prints_name(words: Sequence[str], name: str) -> bool:
    """Whether surname and first name stand near each other, in either order."""
    family, _, given = name.partition(", ")
    surname, first = _parts(family), _parts(given)[:1]
    said = [part for word in words for part in _parts(word)]
    if not surname or not first:
        return False
    for at in range(len(said) - len(surname) + 1):
        if said[at : at + len(surname)] == surname:
            after = at + len(surname)
            if first[0] in (*said[max(0, at - _NEAR) : at], *said[after : after + _NEAR]):
                return True
    return False


def _parts(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _numbers(pages_words: Sequence[Sequence[str]]) -> Iterator[str]:
    for words in pages_words:
        yield from (word for word in words if any(map(str.isdigit, word)))


def _dates(pages_words: Sequence[Sequence[str]]) -> Iterator[str]:
    for words in pages_words:
        for at in range(len(words)):
            for length in range(1, _LONGEST_DATE + 1):
                text = " ".join(words[at : at + length])
                if any(map(str.isdigit, text)):
                    yield text
