"""Filing: the verified document becomes one searchable PDF in the vault and part of the chart."""

import re
from dataclasses import dataclass

from sqlmodel import Session, col, select

from classify import doctypes
from ocr import pdfpages
from storage.custody import pages
from storage.documents import moves, search, versions, viewing
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import NothingToFile
from storage.foundation.permissions import MACHINE, Action, Actor, check_can
from storage.foundation.tables.custody import Blob, Page, Reading
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Encounter, Person
from storage.foundation.tables.versions import FiledVersion
from storage.foundation.vault import Vault


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One filed document in chart order."""

    document_id: int
    type_code: str
    type_name: str
    service_date: str | None
    encounter: str | None
    pages: int
    version: int
    is_amended: bool  # on its way over the desk again; the line tells of the version that is filed


def file_document(
    session: Session, vault: Vault, document_id: int, event: str = "file", actor: Actor = MACHINE
) -> Document:
    """Build the searchable PDF of a verified document, keep it, index it, and move it to filed.

    `event` is the move that files it: by the machine, or by the person whose second look it passed.

    Pages that could not be read have a plain image page or, when no image could be made, a page
    that says so; NothingToFile when not one page has an image.
    """
    document = session.get_one(Document, document_id)
    person = session.get_one(Person, document.person_id)
    check_has_image(session, document_id)
    parts = [_page_pdf(session, vault, page) for page in pages.pages_of_document(session, document_id)]
    kind = doctypes.type_or_placeholder(document.type_code)
    number = versions.next_number(session, document_id)
    pdf = pdfpages.join_pages(
        [part or pdfpages.missing_page() for part in parts],
        title=f"{kind.name} {document.service_date or ''}".strip(),
        subject=f"MRN {person.mrn}, document {document_id}" + (f", version {number}" if number > 1 else ""),
    )
    document.filed_blob_id = vault.enter(session, vault.seal_bytes("filed", pdf))
    document.filed_at = utc_now()
    versions.keep(session, document, document.filed_blob_id, actor)
    search.index_document(session, document_id)
    return moves.move(session, document_id, event, actor)


def check_has_image(session: Session, document_id: int) -> None:
    """NothingToFile when not one page of a document has an image."""
    ids = [page.reading_id for page in pages.pages_of_document(session, document_id) if page.reading_id]
    readings = (session.get(Reading, reading_id) for reading_id in ids)
    if not any(reading is not None and reading.pdf_blob_id for reading in readings):
        raise NothingToFile("None of these pages has an image. Ask for a rescan.")


def filed_pdf(session: Session, vault: Vault, document_id: int, actor: Actor) -> bytes:
    """The filed PDF, for a person who may see it; the view is audited."""
    check_can(actor, Action.SEE_PAGES)
    document = session.get_one(Document, document_id)
    if document.filed_blob_id is None:
        raise NothingToFile("This document is not filed yet.")
    viewing.check_may_see(session, document, actor)
    version = versions.in_chart(session, document)
    audit.record(
        session, actor, AuditAction.VIEW_FILED, f"document:{document_id}", person=document.person_id,
        filed_version=version.number if version is not None else None,
    )  # fmt: skip
    return vault.read(session.get_one(Blob, document.filed_blob_id))


def filed_name(session: Session, document_id: int) -> str:
    """How the PDF of a filed document is called when it is kept: MRN_date_type.pdf, in letters that every system takes."""
    document = session.get_one(Document, document_id)
    person = session.get_one(Person, document.person_id)
    shown = versions.shown(session, document)
    kind = doctypes.type_or_placeholder(shown.type_code)
    parts = (person.mrn, shown.service_date or "", kind.name)
    return "_".join(filter(None, (re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") for part in parts))) + ".pdf"


def chart_of(session: Session, person_id: int, actor: Actor) -> list[ChartLine]:
    """A patient's filed documents in chart order: encounter, then kind of document, then date."""
    check_can(actor, Action.SEE_PAGES)
    rows = session.exec(
        select(Document, FiledVersion)
        .join(FiledVersion, col(FiledVersion.id) == Document.filed_version_id)
        .where(Document.person_id == person_id)
    ).all()
    lines = [_line(session, document, version, actor) for document, version in rows]
    audit.record(session, actor, AuditAction.VIEW_CHART, f"person:{person_id}", documents=len(lines))
    order = doctypes.chart_order()
    return sorted(
        lines,
        key=lambda line: (
            line.encounter or "~",
            order[line.type_code],
            line.service_date or "",
            line.document_id,
        ),
    )


def _line(session: Session, document: Document, version: FiledVersion, actor: Actor) -> ChartLine:
    shown = versions.shown(session, document)
    visit = session.get(Encounter, shown.encounter_id) if shown.encounter_id is not None else None
    return ChartLine(
        document_id=document.id,
        type_code=shown.type_code,
        type_name=doctypes.type_or_placeholder(shown.type_code).name
        if viewing.may_open(session, document, actor)
        else "Protected document",
        service_date=shown.service_date,
        encounter=visit.number if visit else None,
        pages=len(version.pages),
        version=version.number,
        is_amended=versions.is_amended(document),
    )


def _page_pdf(session: Session, vault: Vault, page: Page) -> bytes | None:
    reading = session.get(Reading, page.reading_id) if page.reading_id else None
    if reading is None or reading.pdf_blob_id is None:
        return None
    pdf = vault.read(session.get_one(Blob, reading.pdf_blob_id))
    turn = pages.shown_turn(page)
    return pdfpages.turn_page(pdf, turn) if turn else pdf
