"""The sensitivity labels of a document as they are kept, and what becomes of them when its kind is corrected, its pages are
understood anew, or go to another document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from classify import normal
from classify.rows import rows_of as page_rows
from classify.sensitivity import (
    Label,
    LabelSource,
    Lifted,
    labels_from,
    minors_own,
    relabelled,
    signs_of,
    with_minor,
    without_lifted,
)
from storage.custody import pages
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Person

_OF_THE_KIND = ": this kind of document"
"""How the reason of a standing label ended before its source was kept."""


def rows_of(labels: Iterable[Label]) -> list[dict[str, Any]]:
    """Labels as they are kept with a document."""
    return [_row_of(label) for label in labels]


def _row_of(label: Label) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": label.code, "reason": label.reason, "page": label.page, "source": label.source.value,
    }  # fmt: skip
    if label.by:
        row |= {"by": label.by, "at": label.at}
    return row if label.via is None else {**row, "via": label.via}


def labels_of(document: Document) -> tuple[Label, ...]:
    """The labels of a document; of those kept by earlier versions the reason says what they rest on."""
    return tuple(
        Label(
            row["code"], row["reason"], row.get("page") or 1, _source(row), row.get("by", ""), row.get("at", ""),
            row.get("via"),
        )
        for row in document.labels
    )  # fmt: skip


def lifted_of(document: Document) -> tuple[Lifted, ...]:
    """The labels that people lifted from a document."""
    return tuple(
        Lifted(
            row["code"], row["reason"], row["why"], row["by"], row["at"], tuple(row["pages"]),
            LabelSource(row["source"]),
        )
        for row in document.lifted
    )  # fmt: skip


def relabel(session: Session, document: Document) -> None:
    """Give a document the standing labels of the kind that a person says it is, and take away those of the kind before.

    Labels that words of the pages or a person gave stay, and what a person lifted does not come back.
    """
    labels = relabelled(labels_of(document), document.type_code, *born_and_served(session, document))
    document.labels = rows_of(without_lifted(labels, lifted_of(document)))
    session.add(document)


def keep_decisions(session: Session, document: Document, before: Sequence[Label]) -> None:
    """After the pages were understood anew: labels that a person gave stay, and those that a person lifted do not come back.

    `before`: the labels as they were. Pages that came into the document since a label was lifted are heard.
    """
    given = tuple(label for label in before if label.source is LabelSource.PERSON)
    labels = labels_of(document)
    if document.lifted:
        labels = _from_pages(session, document)
    codes = {label.code for label in given}
    kept = (*given, *(label for label in labels if label.code not in codes))
    document.labels = rows_of(with_minor(kept, *born_and_served(session, document)) if given else kept)
    session.add(document)


def _from_pages(session: Session, document: Document) -> tuple[Label, ...]:
    """The labels that kind and pages give a document, without those that people lifted."""
    lifted = lifted_of(document)
    signs = without_lifted(_signs_of(session, document), lifted)
    labels = labels_from(signs, document.type_code, *born_and_served(session, document))
    return without_lifted(labels, lifted)


def _signs_of(session: Session, document: Document) -> tuple[Label, ...]:
    read = [
        (pages.label_of(session, document, row), reading)
        for row in pages.pages_of_document(session, document.id)
        if (reading := pages.reading_of(session, row)) is not None
    ]
    return signs_of([(number, page_rows(reading)) for number, reading in read])


def born_and_served(session: Session, document: Document) -> tuple[date | None, date | None]:
    """When the patient was born and the care was given, as far as it is known."""
    person = session.get(Person, document.person_id) if document.person_id is not None else None
    return person.birth_date if person is not None else None, normal.parse_date(document.service_date or "")


def remove(session: Session, document: Document, lift: Lifted) -> None:
    """Take a label off, and with it that of a minor's own consent where nothing is left that a minor may consent to; signs that
    it covered, and that nobody lifted, speak from now on."""
    there = tuple(label for label in labels_of(document) if label.code != lift.code)
    kept = tuple(
        label for label in there if label.code != "MINOR" or label.source is LabelSource.PERSON or minors_own(there)
    )
    document.labels, document.lifted = rows_of(kept), [*document.lifted, lifted_row(lift)]
    codes = {label.code for label in kept}
    covered = (label for label in _from_pages(session, document) if label.code not in codes)
    document.labels = rows_of((*kept, *covered))
    session.add(document)


def lifted_row(lift: Lifted) -> dict[str, Any]:
    """A lifted label as it is kept."""
    return {**asdict(lift), "pages": list(lift.pages), "source": lift.source.value}


def take_along(session: Session, source: Document, target: Document, numbers: Sequence[int]) -> None:
    """Pages went from one document to another: labels that a person gave go along, and what was lifted from them stays lifted.

    A label that came with these pages goes back with them.
    """
    there = {label.code for label in labels_of(target)}
    came = [
        replace(label, via=source.id)
        for label in labels_of(source)
        if label.source is LabelSource.PERSON and label.via != target.id and label.code not in there
    ]
    target.labels = [*target.labels, *rows_of(came)]
    lifted = [replace(lift, pages=tuple(n for n in lift.pages if n in numbers)) for lift in lifted_of(source)]
    known = {(lift.code, lift.pages) for lift in lifted_of(target)}
    target.lifted = [
        *target.lifted,
        *(lifted_row(lift) for lift in lifted if lift.pages and (lift.code, lift.pages) not in known),
    ]
    session.add(target)


def give_back(session: Session, source: Document, target: Document) -> None:
    """A move of pages was undone: what came along with them from `target` leaves `source` again."""
    source.labels = [row for row in source.labels if row.get("via") != target.id]
    session.add(source)


def goes_with_every_part(row: Mapping[str, Any]) -> bool:
    """Whether a kept label is that of the whole document: of its kind, or given by a person."""
    return is_standing(row) or _source(row) is LabelSource.PERSON


def is_standing(row: Mapping[str, Any]) -> bool:
    """Whether a kept label rests on the kind of document, so that it goes with every part of it."""
    return _source(row) is LabelSource.KIND


def _source(row: Mapping[str, Any]) -> LabelSource:
    if said := row.get("source"):
        return LabelSource(said)
    return LabelSource.KIND if str(row["reason"]).endswith(_OF_THE_KIND) else LabelSource.TEXT
