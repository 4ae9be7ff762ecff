"""Pages asked for again: a request for each, a slip with a code, and the new page in the place of the old."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from classify.doubts import Doubt, DoubtCode
from storage.custody import pages
from storage.custody.batches import printable_name
from storage.desk.rearranging import Understand, place_of, understand_again
from storage.documents import amendments, moves
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import MACHINE, Action, Actor, check_can
from storage.foundation.states import RESCAN, Disposition, DocumentState, RescanState
from storage.foundation.tables.custody import Batch, Page
from storage.foundation.tables.desk import Remark, RemarkKind, RescanRequest
from storage.foundation.tables.documents import Document
from storage.foundation.typed import typed_text


class RescanReason(StrEnum):
    """Why a page is asked for again."""

    CUT_OFF = "cut_off"
    TOO_FAINT = "too_faint"
    TOO_DARK = "too_dark"
    BLURRED = "blurred"
    FOLDED = "folded"
    WRONG_SIDE = "wrong_side"
    PAGE_MISSING = "page_missing"
    NOT_THIS_DOCUMENT = "not_this_document"
    OTHER = "other"


REASONS: dict[str, str] = {
    RescanReason.CUT_OFF: "cut off at an edge",
    RescanReason.TOO_FAINT: "too faint to read",
    RescanReason.TOO_DARK: "too dark to read",
    RescanReason.BLURRED: "blurred or moved",
    RescanReason.FOLDED: "folded, or covered by a note",
    RescanReason.WRONG_SIDE: "the other side is needed",
    RescanReason.PAGE_MISSING: "a page is missing",
    RescanReason.NOT_THIS_DOCUMENT: "another paper lay on it",
    RescanReason.OTHER: "other, see the remark",
}
"""What staff and the slip read for each reason."""


def ask(
    session: Session,
    document_id: int,
    page_ids: Sequence[int],
    reason_code: str,
    remark: str,
    actor: Actor,
    *,
    version: int,
) -> list[RescanRequest]:
    """Ask the scanning room for these pages, or with none of them for a page that is missing; the document waits."""
    check_can(actor, Action.VERIFY)
    if reason_code not in REASONS:
        raise StateRefused("Choose why the page is needed again.")
    theirs = {page.id for page in session.exec(select(Page).where(Page.document_id == document_id))}
    if set(page_ids) - theirs:
        raise StateRefused("One of these pages is not in this document any more. Load it again.")
    remark = typed_text(remark, what="The remark")
    wanted: list[int | None] = [*page_ids] or [None]
    made = [
        RescanRequest(
            document_id=document_id, page_id=page_id, reason_code=reason_code, remark=remark, asked_by=actor.name
        )
        for page_id in wanted
    ]
    session.add_all(made)
    why = REASONS[reason_code] + (f": {remark}" if remark else "")
    session.add(Remark(document_id=document_id, kind=RemarkKind.RESCAN, text=why, said_by=actor.name))
    moves.move(session, document_id, "ask_rescan", actor, version=version, reason=why)
    session.flush()
    return made


@dataclass(frozen=True, slots=True)
class Slip:
    """A page the scanning room is asked for: where the paper came from, and why; no name and no record number."""

    request_id: int
    document_id: int
    file: str
    page: int | None  # 1-based in the dropped file; None: a page that is missing
    received: datetime
    reason: str
    remark: str
    asked_by: str
    asked_at: datetime
    printed_at: datetime | None


def waiting(session: Session, actor: Actor) -> list[Slip]:
    """Requests that are not answered, oldest first; the scanning room sees them too."""
    check_can(actor, Action.SEE_BATCHES)
    rows = session.exec(
        select(RescanRequest, Document, Page)
        .join(Document, col(Document.id) == RescanRequest.document_id)
        .join(Page, col(Page.id) == RescanRequest.page_id, isouter=True)
        .where(col(RescanRequest.ended_at).is_(None))
        .order_by(col(RescanRequest.id))
    ).all()
    slips = []
    for request, document, page in rows:
        batch = session.get_one(Batch, page.batch_id if page else document.batch_id)
        slips.append(
            Slip(
                request.id, document.id, printable_name(batch.name), page.number if page else None,
                batch.created_at, REASONS[request.reason_code], request.remark, request.asked_by, request.asked_at,
                request.printed_at,
            )
        )  # fmt: skip
    return slips


def note_printed(session: Session, request_ids: Sequence[int], actor: Actor) -> None:
    """The slips of these requests were printed."""
    check_can(actor, Action.SEE_BATCHES)
    for row in session.exec(select(RescanRequest).where(col(RescanRequest.id).in_(list(request_ids)))):
        row.printed_at = utc_now()
        session.add(row)


def take_arrived(session: Session, request_id: int, arrived_id: int, understand: Understand) -> Document | None:
    """Put the pages of an arrived document in the place of the page they were asked for, and that document back on a desk.

    None when the request is unknown or ended: the pages stay a document of their own, for a person.
    """
    request = session.get(RescanRequest, request_id)
    if request is None or request.state is not RescanState.ASKED:
        return None
    document = session.get_one(Document, request.document_id)
    if document.state != DocumentState.RESCAN:
        return None
    new_pages = pages.pages_of_document(session, arrived_id)
    order = pages.pages_of_document(session, document.id)
    if (amendment := amendments.open_of(session, document.id)) is not None:
        for page in new_pages:
            amendments.note_came(amendment, page.id, place_of(page))
        session.add(amendment)
    old = session.get(Page, request.page_id) if request.page_id else None
    at = order.index(old) if old in order else len(order)
    if old is not None and old in order:
        order.remove(old)
        old.disposition, old.document_id, old.reason = (
            Disposition.REFUSED,
            None,
            f"scanned again for request {request_id}",
        )
        session.add(old)
    for page in new_pages:
        page.disposition, page.document_id, page.replaces_id = (
            Disposition.DOCUMENT,
            document.id,
            old.id if old else None,
        )
    order[at:at] = new_pages
    for position, page in enumerate(order):
        page.position = position
        session.add(page)
    session.flush()
    moves.move(session, arrived_id, "join_rescan", MACHINE)
    request.new_page_id = new_pages[0].id
    end(session, request, "arrive", MACHINE)
    understand_again(session, document, understand)
    document.flags = list(dict.fromkeys((*document.flags, str(Doubt(DoubtCode.SCANNED_AGAIN)))))
    document.priority = min(document.priority, 2)
    session.add(document)
    audit.record(
        session, MACHINE, AuditAction.RESCAN_PAGE, f"document:{document.id}", person=document.person_id,
        request=request_id, old=old.id if old else None, new=[page.id for page in new_pages],
    )  # fmt: skip
    still = select(RescanRequest.id).where(
        RescanRequest.document_id == document.id, col(RescanRequest.ended_at).is_(None)
    )
    if session.exec(still).first() is None:
        moves.move(session, document.id, "rescan_arrived", MACHINE)
    return document


def give_up(session: Session, document_id: int, actor: Actor) -> None:
    """The document goes on without the pages: its open requests end."""
    rows = select(RescanRequest).where(RescanRequest.document_id == document_id, col(RescanRequest.ended_at).is_(None))
    for row in session.exec(rows):
        end(session, row, "accept_as_is", actor)


def end(session: Session, request: RescanRequest, event: str, actor: Actor) -> None:
    """End a request along its table of states, in the caller's transaction; its document's move is what the log tells."""
    move = RESCAN.find(request.state, event, actor.acts_as)
    request.ended_at, request.outcome = utc_now(), move.after
    session.add(request)
