"""What was filed before: the versions of a document listed, shown and given out as such, and who saw each."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from classify import doctypes
from ocr import pdfpages
from storage.documents import amendments, breakglass, versions, viewing
from storage.documents.versions import Change
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import show_time
from storage.foundation.errors import NotAllowed
from storage.foundation.permissions import Action, Actor, Role, can, check_can
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Blob, Reading
from storage.foundation.tables.documents import Document, Misfiling
from storage.foundation.tables.versions import Amendment, FiledVersion
from storage.foundation.vault import Vault

_VIEWS = (AuditAction.VIEW_FILED, AuditAction.VIEW_PAGE, AuditAction.VIEW_FIELD)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who saw a version: when first, when last, and how often a page or the PDF was shown to them."""

    who: str
    first: datetime
    last: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a document as a list tells of it; `refusal` says why this person may not open it, else it is empty."""

    number: int
    filed_at: datetime
    verified_by: str
    reason: str  # of the amendment it came of; empty for others
    amended_by: str
    changes: tuple[Change, ...]  # what is different from the version before
    is_in_chart: bool
    viewers: tuple[Viewer, ...]
    refusal: str


def list_versions(session: Session, document_id: int, actor: Actor) -> list[Version]:
    """Every version of a document that was filed, the first one first, with who saw it; the list is told in the log."""
    document = session.get_one(Document, document_id)
    viewing.check_may_see(session, document, actor)
    rows = versions.of_document(session, document_id)
    seen = _viewers(session, document, rows)
    before: FiledVersion | None = None
    found = []
    for row in rows:
        amendment = session.get(Amendment, row.amendment_id) if row.amendment_id is not None else None
        refusal = _refusal(session, document, row, actor)
        hides = bool(refusal) or (before is not None and bool(_refusal(session, document, before, actor)))
        found.append(
            Version(
                row.number, row.filed_at, row.verified_by or row.filed_by,
                amendments.said(amendment) if amendment is not None else "",
                amendment.opened_by if amendment is not None else "",
                () if before is None or hides else tuple(versions.changes(session, before, row)),
                row.id == document.filed_version_id, seen.get(row.number, ()), refusal,
            )
        )  # fmt: skip
        before = row
    audit.record(session, actor, AuditAction.VIEW_VERSIONS, f"document:{document_id}", person=document.person_id)
    return found


def check_may_see(session: Session, document: Document, version: FiledVersion, actor: Actor) -> None:
    """NotAllowed for whom a version is protected by its labels or the document's of now, or by what lay in it wrongly."""
    check_can(actor, Action.SEE_PAGES)
    if refusal := _refusal(session, document, version, actor):
        raise NotAllowed(refusal)


def version_page(
    session: Session, vault: Vault, document_id: int, number: int, position: int, actor: Actor
) -> bytes | None:
    """The JPEG of a page of a version (position is 1-based) as it was when it was filed, audited; None when there is none."""
    document = session.get_one(Document, document_id)
    version = versions.numbered(session, document_id, number)
    check_may_see(session, document, version, actor)
    if not 1 <= position <= len(version.pages):
        return None
    audit.record(
        session, actor, AuditAction.VIEW_PAGE, f"document:{document_id}", person=document.person_id, page=position,
        filed_version=number,
    )  # fmt: skip
    reading = session.get(Reading, version.pages[position - 1]["reading"] or "")
    if reading is None or reading.view_blob_id is None:
        return None
    return vault.read(session.get_one(Blob, reading.view_blob_id))


def version_pdf(session: Session, vault: Vault, document_id: int, number: int, actor: Actor) -> bytes:
    """The PDF of a version, audited; of one that is in the chart no more every page says that it is superseded."""
    document = session.get_one(Document, document_id)
    version = versions.numbered(session, document_id, number)
    check_may_see(session, document, version, actor)
    audit.record(
        session,
        actor,
        AuditAction.VIEW_FILED,
        f"document:{document_id}",
        person=document.person_id,
        filed_version=number,
    )
    pdf = vault.read(session.get_one(Blob, version.blob_id))
    if version.id == document.filed_version_id:
        return pdf
    line = superseded(session, version)
    return pdfpages.stamp_pages(pdf, line, title=f"{doctypes.type_or_placeholder(version.type_code).name}: {line}")


def version_name(session: Session, document_id: int, number: int) -> str:
    """How the PDF of a version is called when it is kept."""
    version = versions.numbered(session, document_id, number)
    kind = doctypes.type_or_placeholder(version.type_code).name
    parts = (f"document-{document_id}", f"version-{number}", version.service_date or "", kind)
    return "_".join(filter(None, (re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") for part in parts))) + ".pdf"


def superseded(session: Session, version: FiledVersion) -> str:
    """How a version that is in the chart no more says so on paper and screens."""
    later = session.exec(
        select(FiledVersion)
        .where(FiledVersion.document_id == version.document_id, FiledVersion.number > version.number)
        .order_by(col(FiledVersion.number))
    ).first()
    filed = f"SUPERSEDED: version {version.number}, filed {show_time(version.filed_at, zone=True)}"
    if later is None:
        return f"{filed}, not in the chart any more"
    return f"{filed}, replaced by version {later.number} on {show_time(later.filed_at, zone=True)}"


def _refusal(session: Session, document: Document, version: FiledVersion, actor: Actor) -> str:
    if actor.role is Role.SUPERVISOR:
        return ""
    is_protected = bool(version.labels or versions.protected_by(session, document))
    if is_protected and not (
        can(actor, Action.SEE_PROTECTED) or breakglass.open_until(session, document.id, actor) is not None
    ):
        return "This version is protected. Ask a supervisor to open it for you."
    if _lay_wrongly(session, version):
        return "Pages of this version were taken out of a wrong chart. Ask a supervisor to open it for you."
    return ""


def _lay_wrongly(session: Session, version: FiledVersion) -> bool:
    """Whether a correction of a wrong chart was made of this version: it holds pages of somebody else."""
    done = select(Misfiling.id).where(
        Misfiling.document_id == version.document_id, col(Misfiling.confirmed_at) >= version.filed_at
    )
    return session.exec(done).first() is not None


def _viewers(session: Session, document: Document, rows: list[FiledVersion]) -> dict[int, tuple[Viewer, ...]]:
    """Who saw each version, by number. The log tells the version since there are amendments; before, there was only the first."""
    seen: dict[tuple[int, str], list[datetime]] = {}
    for event, number in _views(session, document, rows):
        seen.setdefault((number, event.actor), []).append(datetime.fromisoformat(event.at))
    found: dict[int, list[Viewer]] = {}
    for (number, who), times in seen.items():
        found.setdefault(number, []).append(Viewer(who, min(times), max(times), len(times)))
    return {number: tuple(sorted(people, key=lambda viewer: viewer.first)) for number, people in found.items()}


def _views(session: Session, document: Document, rows: list[FiledVersion]) -> Iterator[tuple[AuditEvent, int]]:
    if not rows:
        return
    first_filed = rows[0].filed_at
    opened = session.exec(
        select(Amendment.opened_at).where(Amendment.document_id == document.id).order_by(col(Amendment.id))
    ).first()
    events = select(AuditEvent).where(
        AuditEvent.subject == f"document:{document.id}", col(AuditEvent.action).in_(_VIEWS), AuditEvent.outcome == "ok"
    )
    for event in session.exec(events.order_by(col(AuditEvent.seq))):
        number = json.loads(event.detail).get("filed_version")
        at = datetime.fromisoformat(event.at)
        if number is None and at >= first_filed and (opened is None or at < opened):
            number = rows[0].number
        if number is not None:
            yield event, number
