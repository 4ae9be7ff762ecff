"""Who may look at which page, and that they did."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from classify.doubts import read_doubt
from ocr.page import NoteKind, OcrPage
from storage.custody import pages
from storage.documents import breakglass, fields, leases, versions
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed
from storage.foundation.permissions import Action, Actor, Role, can, check_can
from storage.foundation.tables.custody import Blob, Page, Reading
from storage.foundation.tables.documents import Document
from storage.foundation.vault import Vault


def check_may_see(session: Session, document: Document, actor: Actor) -> None:
    """Who verifies sees what they have on the desk, for as long as their claim runs, and whatever is not protected, or was
    opened in need, also while it waits or somebody else works on it; a supervisor sees all."""
    check_can(actor, Action.SEE_PAGES)
    if actor.role is Role.SUPERVISOR or leases.holds(document, actor) or may_open(session, document, actor):
        return
    if document.state in pages.APPROVED_STATES:
        raise NotAllowed("This document is protected. Ask a supervisor to open it for you.")
    raise NotAllowed("This document is protected. Work on it at the desk, or ask a supervisor to open it for you.")


MAY_OPEN_SQL = (
    "((d.labels = '[]' AND coalesce(v.labels, '[]') = '[]') OR :sees_protected OR d.id IN "
    "(SELECT document_id FROM break_glass WHERE username = :viewer AND until > :viewed_at))"
)
"""`may_open` as a condition on document d and, while it is amended, its filed version v; `rights_of` gives its parameters."""


def rights_of(actor: Actor) -> dict[str, object]:
    """The parameters of MAY_OPEN_SQL for a person."""
    now = utc_now().isoformat(timespec="microseconds")
    return {"sees_protected": can(actor, Action.SEE_PROTECTED), "viewer": actor.name, "viewed_at": now}


@dataclass(frozen=True, slots=True)
class PageNote:
    """What a file holds beside the picture of a page: a note, a stamp, the value of a form field."""

    kind: str
    name: str
    text: str


def notes_of(session: Session, document: Document, rows: Sequence[Page]) -> dict[int, tuple[PageNote, ...]]:
    """Notes, stamps and field values beside the pictures of a document's pages, by position (1-based).

    Readings are only opened where the document's flags tell of notes.
    """
    if not any(doubt.is_a_note for flag in document.flags if (doubt := read_doubt(flag))):
        return {}
    found = {}
    for position, row in enumerate(rows, start=1):
        if notes := notes_in(pages.reading_of(session, row)):
            found[position] = notes
    return found


def notes_in(reading: OcrPage | None) -> tuple[PageNote, ...]:
    """Notes, stamps and field values beside the picture of a page; a value that its box shows is none."""
    if reading is None:
        return ()
    shown = (note for note in reading.notes if note.kind is not NoteKind.FIELD or not note.is_shown)
    return tuple(PageNote(note.kind.value, note.name, note.text) for note in shown)


def may_open(session: Session, document: Document, actor: Actor) -> bool:
    """Whether this person may open a filed document: one with a sensitivity label, an unclear one too, only with the right
    to, or for a while after breaking the glass (45 CFR 164.508(a)(2), 42 CFR Part 2)."""
    if not versions.protected_by(session, document) or can(actor, Action.SEE_PROTECTED):
        return True
    return breakglass.open_until(session, document.id, actor) is not None


def page_view(session: Session, vault: Vault, document_id: int, position: int, actor: Actor) -> bytes | None:
    """The JPEG of a page (position is 1-based), audited; None when the page has no image."""
    reading = _viewed(session, document_id, position, actor)
    if reading is None or reading.view_blob_id is None:
        return None
    return vault.read(session.get_one(Blob, reading.view_blob_id))


def page_pdf(session: Session, vault: Vault, document_id: int, position: int, actor: Actor) -> bytes | None:
    """The page as a PDF of its own, with the image as it was scanned, audited; None when the page has no image."""
    reading = _viewed(session, document_id, position, actor)
    if reading is None or reading.pdf_blob_id is None:
        return None
    return vault.read(session.get_one(Blob, reading.pdf_blob_id))


def field_place(
    session: Session, vault: Vault, document_id: int, name: str, actor: Actor
) -> tuple[bytes, tuple[float, float, float, float]] | None:
    """The JPEG of the page that a value was read on, and where it stands as shares of it (left, top, right, bottom);
    audited as a view. None when it stands nowhere."""
    document = session.get_one(Document, document_id)
    check_may_see(session, document, actor)
    value = next((row for row in fields.current_fields(session, document_id) if row.name == name), None)
    if value is None or not value.page or not value.box:
        return None
    rows = pages.pages_of_document(session, document_id)
    page = next((row for row in rows if pages.label_of(session, document, row) == value.page), None)
    read = pages.reading_of(session, page) if page else None
    reading = session.get(Reading, page.reading_id) if page and page.reading_id else None
    if page is None or reading is None or reading.view_blob_id is None or read is None or not read.width:
        return None
    audit.record(
        session,
        actor,
        AuditAction.VIEW_FIELD,
        f"document:{document_id}",
        person=document.person_id,
        page=page.number,
        field=name,
        filed_version=_filed_version(session, document),
    )
    left, top, right, bottom = value.box
    place = (left / read.width, top / read.height, right / read.width, bottom / read.height)
    return vault.read(session.get_one(Blob, reading.view_blob_id)), place


def _viewed(session: Session, document_id: int, position: int, actor: Actor) -> Reading | None:
    document = session.get_one(Document, document_id)
    check_may_see(session, document, actor)
    if leases.holds(document, actor):
        leases.lease(session, document, actor)  # who reads a long document still has it
    rows = pages.pages_of_document(session, document_id)
    if not 1 <= position <= len(rows):
        return None
    audit.record(
        session, actor, AuditAction.VIEW_PAGE, f"document:{document_id}", person=document.person_id, page=position,
        filed_version=_filed_version(session, document),
    )  # fmt: skip
    reading_id = rows[position - 1].reading_id
    return session.get(Reading, reading_id) if reading_id else None


def _filed_version(session: Session, document: Document) -> int | None:
    """The number of the version that somebody sees who looks at the document itself; None at the desk."""
    version = versions.in_chart(session, document)
    return version.number if version is not None and not versions.is_amended(document) else None
