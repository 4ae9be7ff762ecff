"""Pages that a person turned, read again: what is to be read, and what becomes of it.

The row of a page says in which turn it is and in which it was read, so that a page whose reading a kill ended is found again.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from ocr.page import OcrPage
from storage.custody import pages
from storage.desk import turning
from storage.desk.rearranging import Understand, understand_again
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.permissions import MACHINE
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document
from storage.foundation.vault import Sealed, Vault

if TYPE_CHECKING:
    from ocr.sheetprint import SheetPrint

_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class TurnedPage:
    """A page to be read in its turn: `number` in its batch and `file_page` in its file `claim_id` (both 1-based), and the
    degrees clockwise that make the scan upright."""

    page_id: int
    batch_id: int
    number: int
    claim_id: str
    file_page: int
    turn: int
    way_up: int


def waiting(session: Session, limit: int = _AT_ONCE) -> list[TurnedPage]:
    """The next pages that were turned and are not read that way yet."""
    return [
        TurnedPage(
            row.id,
            row.batch_id,
            row.number,
            row.claim_id or "",
            row.file_page,
            row.turn,
            (row.rotation + pages.shown_turn(row)) % 360,
        )
        for row in pages.turned_unread(session, limit)
    ]


def keep(
    session: Session, vault: Vault, asked: TurnedPage, page: OcrPage, view: Sealed | None, pdf: Sealed | None,
    understand: Understand, sheet: "SheetPrint | None" = None,
) -> bool:  # fmt: skip
    """Keep what was read of a turned page and understand its document anew; False when the reading before still counts.

    The page may have been turned on, moved or approved meanwhile: the reading is kept for that turn, and the rest is left.
    """
    row = session.get_one(Page, asked.page_id)
    reading_id = turning.reading_id_of(row, asked.turn)
    if view is not None:
        pages.keep_reading(session, vault, reading_id, page, view, pdf, sheet)
    if row.turn != asked.turn or not pages.waits_to_be_read(row) or row.document_id is None:
        return False
    if not pages.turned_unread(session, 1, row.document_id):  # approved meanwhile
        return False
    document = session.get_one(Document, row.document_id)
    counts = view is not None and turning.switch(session, row, reading_id)
    if counts:
        session.flush()
        understand_again(session, document, understand)
    _note(session, document, row, counts=counts)
    return counts


def give_up(session: Session, asked: TurnedPage) -> None:
    """A page could not be read in its turn: what was read before stays, and it is not tried again until it is turned again."""
    row = session.get_one(Page, asked.page_id)
    if row.turn == asked.turn and row.document_id is not None and pages.turned_unread(session, 1, row.document_id):
        _note(session, session.get_one(Document, row.document_id), row, counts=False)


def _note(session: Session, document: Document, row: Page, *, counts: bool) -> None:
    """What came of a page, for whoever has its document on the desk and for the log."""
    if not counts:
        row.unread_turn = row.turn
        session.add(row)
    document.version += 1
    document.updated_at = utc_now()
    session.add(document)
    audit.record(
        session, MACHINE, AuditAction.READ_AGAIN, f"document:{document.id}", person=document.person_id, page=row.number,
        turn=row.turn, counts=counts, version=document.version,
    )  # fmt: skip
