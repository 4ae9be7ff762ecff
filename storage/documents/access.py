"""The sensitivity labels of a document as they are kept, and what becomes of them when its kind is corrected."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from classify import normal
from classify.sensitivity import Label, LabelSource, relabelled
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Person

_OF_THE_KIND = ": this kind of document"
"""How the reason of a standing label ended before its source was kept."""


def rows_of(labels: Iterable[Label]) -> list[dict[str, Any]]:
    """Labels as they are kept with a document."""
    return [
        {"code": label.code, "reason": label.reason, "page": label.page, "source": label.source.value}
        for label in labels
    ]


def labels_of(document: Document) -> tuple[Label, ...]:
    """The labels of a document; of those kept by earlier versions the reason says what they rest on."""
    return tuple(Label(row["code"], row["reason"], row.get("page") or 1, _source(row)) for row in document.labels)


def relabel(session: Session, document: Document) -> None:
    """Give a document the standing labels of the kind that a person says it is, and take away those of the kind before.

    Labels that words of the pages or a person gave stay.
    """
    person = session.get(Person, document.person_id) if document.person_id is not None else None
    served = normal.parse_date(document.service_date or "")
    born = person.birth_date if person is not None else None
    document.labels = rows_of(relabelled(labels_of(document), document.type_code, born, served))
    session.add(document)


def is_standing(row: Mapping[str, Any]) -> bool:
    """Whether a kept label rests on the kind of document, so that it goes with every part of it."""
    return _source(row) is LabelSource.KIND


def _source(row: Mapping[str, Any]) -> LabelSource:
    if said := row.get("source"):
        return LabelSource(said)
    return LabelSource.KIND if str(row["reason"]).endswith(_OF_THE_KIND) else LabelSource.TEXT
