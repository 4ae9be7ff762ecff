"""Pages of a filed document as they were dropped, beside what was filed of them, for whoever may have the original."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.documents import filing, versions, viewing
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.errors import NothingToFile
from storage.foundation.permissions import Action, Actor, can, check_can
from storage.foundation.tables.custody import Blob, Page, Source
from storage.foundation.tables.documents import Document
from storage.foundation.vault import Vault


@dataclass(frozen=True, slots=True)
class DroppedPage:
    """The file in which a page came, and its number there (1-based)."""

    blob: Blob
    number: int


def may_compare(session: Session, document_id: int, actor: Actor) -> int:
    """How many pages of the filed version this person may see as they were dropped; 0: none."""
    document = session.get_one(Document, document_id)
    version = versions.in_chart(session, document)
    return len(version.pages) if version is not None and can(actor, Action.GET_ORIGINAL) else 0


def filed_page(session: Session, vault: Vault, document_id: int, position: int, actor: Actor) -> bytes | None:
    """The filed PDF in which page `position` (1-based) is, audited; None when it has no such page, NothingToFile when there is
    none."""
    version = versions.in_chart(session, session.get_one(Document, document_id))
    if version is not None and not 1 <= position <= len(version.pages):
        return None
    return filing.filed_pdf(session, vault, document_id, actor)


def dropped_page(session: Session, document_id: int, position: int, actor: Actor) -> DroppedPage | None:
    """Where a page of the filed version (position is 1-based) came from, audited; None when there is no such page.

    NothingToFile when the document is not filed.
    """
    check_can(actor, Action.GET_ORIGINAL)
    document = session.get_one(Document, document_id)
    viewing.check_may_see(session, document, actor)
    version = versions.in_chart(session, document)
    if version is None:
        raise NothingToFile("This document is not filed yet.")
    if not 1 <= position <= len(version.pages):
        return None
    page = session.get_one(Page, version.pages[position - 1]["page"])
    audit.record(
        session, actor, AuditAction.VIEW_AS_DROPPED, f"document:{document_id}", person=document.person_id, page=position,
        filed_version=version.number,
    )  # fmt: skip
    blob = session.get_one(Blob, session.get_one(Source, page.claim_id).blob_id)
    return DroppedPage(blob, page.file_page)
