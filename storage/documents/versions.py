"""A document as it is filed, version by version: what is kept of it, which one is in the chart, what is different."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from classify import doctypes
from classify.fields.table import title_of
from storage.custody import pages
from storage.documents import amendments
from storage.documents.fields import current_fields
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Actor
from storage.foundation.states import DocumentState
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Encounter
from storage.foundation.tables.versions import FiledVersion


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different between two versions, in words for staff."""

    what: str
    before: str
    after: str


def keep(session: Session, document: Document, blob_id: str, actor: Actor) -> FiledVersion:
    """Keep a document as it is filed now as its next version, and end the amendment of which it came, in the caller's
    transaction."""
    version = as_it_is(session, document, next_number(session, document.id), blob_id, actor.name)
    if (amendment := amendments.open_of(session, document.id)) is not None:
        amendments.advance(amendment, "file", actor)
        session.add(amendment)
        version.amendment_id = amendment.id
    session.add(version)
    session.flush()
    document.filed_version_id = version.id
    session.add(document)
    return version


def as_it_is(
    session: Session, document: Document, number: int = 0, blob_id: str = "", filed_by: str = ""
) -> FiledVersion:
    """What a version of the document as it is now would hold; nothing is kept."""
    if document.person_id is None:
        raise StateRefused("Choose the patient first: a document is never filed to nobody.")
    rows = pages.pages_of_document(session, document.id)
    return FiledVersion(
        document_id=document.id,
        number=number,
        filed_at=utc_now(),
        filed_by=filed_by,
        verified_by=document.verified_by,
        blob_id=blob_id,
        person_id=document.person_id,
        encounter_id=document.encounter_id,
        type_code=document.type_code,
        service_date=document.service_date,
        labels=list(document.labels),
        pages=[
            {
                "page": row.id,
                "label": pages.label_of(session, document, row),
                "reading": row.reading_id,
                "turn": pages.shown_turn(row),
            }
            for row in rows
        ],
        fields=[
            {
                "name": row.name, "value": row.value, "page": row.page, "box": row.box, "source": row.source,
                "confidence": row.confidence,
            }
            for row in current_fields(session, document.id)
        ],
    )  # fmt: skip


def next_number(session: Session, document_id: int) -> int:
    """The number of the version that is filed next, from 1."""
    last = session.exec(select(func.max(FiledVersion.number)).where(FiledVersion.document_id == document_id)).one()
    return (last or 0) + 1


def of_document(session: Session, document_id: int) -> list[FiledVersion]:
    """Every version of a document that was filed, the first one first."""
    return list(
        session.exec(
            select(FiledVersion).where(FiledVersion.document_id == document_id).order_by(col(FiledVersion.number))
        )
    )


def numbered(session: Session, document_id: int, number: int) -> FiledVersion:
    """One version of a document, or StateRefused."""
    found = session.exec(
        select(FiledVersion).where(FiledVersion.document_id == document_id, FiledVersion.number == number)
    ).first()
    if found is None:
        raise StateRefused("There is no such version of this document.")
    return found


def in_chart(session: Session, document: Document) -> FiledVersion | None:
    """The version of a document that is in the chart, None when none is."""
    return session.get(FiledVersion, document.filed_version_id) if document.filed_version_id is not None else None


def is_amended(document: Document) -> bool:
    """Whether a document is on its way over the desk again while its filed version stays in the chart."""
    return document.filed_version_id is not None and document.state != DocumentState.FILED


def shown(session: Session, document: Document) -> Document | FiledVersion:
    """Kind, date, visit and labels of a document as the chart has them: of one that is amended, those of its filed version."""
    return (in_chart(session, document) if is_amended(document) else None) or document


def protected_by(session: Session, document: Document) -> list[dict[str, Any]]:
    """The labels that protect a document in the chart: its own, and while it is amended those of its filed version too."""
    if not is_amended(document):
        return document.labels
    version = in_chart(session, document)
    return [*document.labels, *(version.labels if version is not None else [])]


# ---- what is different


def changes(session: Session, before: FiledVersion, after: FiledVersion) -> list[Change]:
    """Everything that is different between two versions, in words for staff; empty when they say the same."""
    found = [
        Change("Kind of document", _kind(before), _kind(after)),
        Change("Date of service", before.service_date or "", after.service_date or ""),
        Change("Stay", _stay(session, before), _stay(session, after)),
    ]
    old, new = _values(before), _values(after)
    found += [
        Change(title_of(name), old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys((*old, *new))
        if name != "service_date"
    ]
    return [change for change in found if change.before != change.after] + _changes_of_pages(session, before, after)


def _kind(version: FiledVersion) -> str:
    return doctypes.type_or_placeholder(version.type_code).name


def _stay(session: Session, version: FiledVersion) -> str:
    visit = session.get(Encounter, version.encounter_id) if version.encounter_id is not None else None
    return visit.number or visit.account or "" if visit is not None else ""


def _values(version: FiledVersion) -> dict[str, str]:
    return {value["name"]: value["value"] for value in version.fields}


def _changes_of_pages(session: Session, before: FiledVersion, after: FiledVersion) -> list[Change]:
    """Pages by their places: taken out and turned ones by those of before, ones that came in by those of after."""
    old, new = [page["page"] for page in before.pages], [page["page"] for page in after.pages]
    at, now_at = {page: place for place, page in enumerate(old, 1)}, {page: place for place, page in enumerate(new, 1)}
    replaced = {
        row.id: row.replaces_id
        for page in new
        if page not in at and (row := session.get(Page, page)) and row.replaces_id in at
    }
    found = [
        Change("Page scanned again", f"page {at[gone]}", f"page {now_at[came]}")
        for came, gone in replaced.items()
        if gone is not None
    ]
    gone = [page for page in old if page not in now_at and page not in replaced.values()]
    came = [page for page in new if page not in at and page not in replaced]
    found += [Change("Page taken out", _listed(at[page] for page in gone), "")] if gone else []
    found += [Change("Page put in", "", _listed(now_at[page] for page in came))] if came else []
    stayed = [page for page in new if page in at]
    if stayed != [page for page in old if page in now_at]:
        found.append(
            Change("Order of pages", _listed(sorted(at[page] for page in stayed)), _listed(at[page] for page in stayed))
        )
    looks = {page["page"]: (page["reading"], page["turn"]) for page in before.pages}
    turned = [page["page"] for page in after.pages if looks.get(page["page"], _look(page)) != _look(page)]
    found += [Change("Page turned or read again", _listed(at[page] for page in turned), "")] if turned else []
    return found


def _look(page: dict[str, Any]) -> tuple[Any, Any]:
    return page["reading"], page["turn"]


def _listed(places: Iterable[int]) -> str:
    several: Sequence[str] = [str(place) for place in places]
    return f"{'page' if len(several) == 1 else 'pages'} {', '.join(several)}"
