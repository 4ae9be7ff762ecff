"""Blank sides that nobody has looked at: a person confirms them at one glance, or makes pages of them.

A side with three words in pencil measures like an empty one; so every side that the machine calls blank is seen once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from classify.doubts import Doubt, DoubtCode
from classify.guess import DocumentGuess
from ocr.page import OcrPage, PageOutcome
from storage.custody import batches, pages
from storage.desk.rearranging import understand_again
from storage.documents import amendments
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import BatchState, Disposition
from storage.foundation.tables.custody import Batch, Blob, Page, Reading
from storage.foundation.tables.documents import Document
from storage.foundation.vault import Vault

Understand = Callable[[Session, list[OcrPage]], DocumentGuess]

SHEET = 60
"""Sides on one contact sheet: as many as are seen at a glance on a screen of 1440 pixels, in six rows."""

SEEN_LATER = "a person saw something on this side"


@dataclass(frozen=True, slots=True)
class BlankSide:
    """One side that was taken for blank: the file it came in, its number there, and how much ink was measured."""

    page_id: int
    batch_id: int
    file: str
    number: int
    pages: int
    ink_share: float
    is_whole_file: bool  # every side of its file is blank


def count_unseen(session: Session) -> int:
    """How many blank sides nobody has looked at."""
    return session.exec(select(func.count()).select_from(Page).where(_UNSEEN)).one()


def contact_sheet(session: Session, actor: Actor, limit: int = SHEET) -> list[BlankSide]:
    """The next sides to confirm, oldest file first; that they were shown is audited."""
    check_can(actor, Action.VERIFY)
    query = (
        select(Page, Batch)
        .join(Batch, col(Batch.id) == Page.batch_id)
        .where(_UNSEEN, col(Batch.state).in_((BatchState.INDEXED, BatchState.CLOSED)))
        .order_by(col(Page.batch_id), col(Page.number))
        .limit(limit)
    )
    found = [
        BlankSide(
            row.id, row.batch_id, batches.printable_name(batch.name), row.number, batch.pages_found or 0,
            row.ink_share, not _has_other_pages(session, row.batch_id),
        )
        for row, batch in session.exec(query)
    ]  # fmt: skip
    if found:
        audit.record(session, actor, AuditAction.VIEW_BLANK_SIDES, "pages", pages=[side.page_id for side in found])
    return found


def blank_view(session: Session, vault: Vault, page_id: int, actor: Actor) -> bytes | None:
    """The image of a side that was taken for blank (150 dpi JPEG); None when it has none or is no blank side."""
    check_can(actor, Action.VERIFY)
    row = session.get(Page, page_id)
    if row is None or row.disposition != Disposition.BLANK:
        return None
    reading = session.get(Reading, row.reading_id) if row.reading_id else None
    if reading is None or reading.view_blob_id is None:
        return None
    return vault.read(session.get_one(Blob, reading.view_blob_id))


def confirm_blank(session: Session, page_ids: Sequence[int], actor: Actor) -> int:
    """This person saw that these sides are blank; gives how many. Repeating is harmless."""
    check_can(actor, Action.VERIFY)
    rows = [row for row in _rows(session, page_ids) if row.disposition == Disposition.BLANK and row.seen_by is None]
    for row in rows:
        row.seen_by, row.seen_at = actor.name, utc_now()
        session.add(row)
    if rows:
        audit.record(session, actor, AuditAction.CONFIRM_BLANK, "pages", pages=[row.id for row in rows])
        session.flush()
        for batch_id in sorted({row.batch_id for row in rows}):
            batches.close_if_finished(session, batch_id)
    return len(rows)


def keep_as_page(session: Session, page_id: int, actor: Actor, understand: Understand) -> int:
    """A side that is not blank after all becomes a document to verify; at the desk it is joined to its neighbours.

    Gives the document's number; StateRefused when the side has another place by now.
    """
    check_can(actor, Action.VERIFY)
    row = session.get(Page, page_id)
    if row is None or row.disposition != Disposition.BLANK:
        raise StateRefused("This side is not among the blank ones any more.")
    if amended := amendments.holding(session, {row.id}):
        raise StateRefused(f"This side is of document {amended}, which is being amended. Restore it there.")
    document = Document(batch_id=row.batch_id, type_code="OTHER")
    session.add(document)
    session.flush()
    row.disposition, row.document_id, row.position = Disposition.DOCUMENT, document.id, 0
    row.outcome, row.reason = PageOutcome.UNREADABLE, SEEN_LATER
    row.seen_by, row.seen_at = actor.name, utc_now()
    session.add(row)
    session.flush()
    understand_again(session, document, understand)
    document.flags = list(dict.fromkeys((*document.flags, str(Doubt(DoubtCode.UNREADABLE, row.number)))))
    session.add(document)
    audit.record(
        session, actor, AuditAction.NOT_BLANK, f"document:{document.id}",
        after=document.state, batch=row.batch_id, pages=[row.number],
    )  # fmt: skip
    return document.id


_UNSEEN = (col(Page.disposition) == Disposition.BLANK) & col(Page.seen_by).is_(None)


def _rows(session: Session, page_ids: Sequence[int]) -> list[Page]:
    return list(session.exec(select(Page).where(col(Page.id).in_(page_ids))))


def _has_other_pages(session: Session, batch_id: int) -> bool:
    return any(row.disposition != Disposition.BLANK for row in pages.pages_of_batch(session, batch_id))
