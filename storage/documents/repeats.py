"""Documents whose sheets came before, as another document: kept as a doubt, and decided by a person.

Nothing is discarded, held back or voided by itself. A voided document keeps its pages, so that it can be looked at and brought
back; in the page account they count as refused.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, func, or_, select

from classify.doubts import Doubt, DoubtCode, is_seen_before
from storage.custody import batches, pages
from storage.documents import amendments, leases, moves
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import REPEAT, DocumentState, RepeatState
from storage.foundation.tables.custody import Batch, Page
from storage.foundation.tables.documents import Document
from storage.foundation.tables.sheets import SeenBefore
from storage.foundation.typed import typed_reason

NEARLY_ALL = 0.8
"""Share of the pages of a document that came before, from which it is the same document: one page of five may be new, lost
between the covers of a copier, or read badly. Blank sides and pages without words say nothing."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A page that came before as another page (row ids), and how sure that is (0 to 1)."""

    page_id: int
    earlier_page_id: int
    probability: float


@dataclass(frozen=True, slots=True)
class Repeat:
    """A document and the one that it repeats, as a list shows them."""

    id: int
    document_id: int
    document_state: str
    type_code: str
    file: str
    earlier_id: int
    earlier_state: str
    earlier_file: str
    probability: float
    pages: int  # pairs of pages that show the same sheet
    state: RepeatState
    found_at: datetime
    answered_by: str | None


def note(
    session: Session, made: Sequence[int], compared: Mapping[int, Sequence[Sighting]], skipped: Sequence[int] = ()
) -> list[int]:
    """Flag those of the documents just made whose sheets came before; gives their ids.

    `compared` has an entry for each page that could be compared, by its row id. Documents that were asked for again
    (`skipped`) are left out.
    """
    found = []
    for document_id in made:
        if document_id not in skipped and _note_one(session, session.get_one(Document, document_id), compared):
            found.append(document_id)
    return found


def _note_one(session: Session, document: Document, compared: Mapping[int, Sequence[Sighting]]) -> bool:
    rows = [row for row in pages.pages_of_document(session, document.id) if row.id in compared]
    best = {row.id: list(_in_other_documents(session, document.id, compared[row.id])) for row in rows}
    seen = [row for row in rows if best[row.id]]
    if not seen or len(seen) < NEARLY_ALL * len(rows):
        return False
    earlier_id = Counter(there for row in seen for there in {there for there, _ in best[row.id]}).most_common(1)[0][0]
    pairs = [max((s for there, s in best[row.id] if there == earlier_id), key=_surest, default=None) for row in seen]
    kept = [pair for pair in pairs if pair is not None]
    row = SeenBefore(
        document_id=document.id, earlier_id=earlier_id, probability=min(pair.probability for pair in kept),
        pairs=[[pair.page_id, pair.earlier_page_id] for pair in kept],
    )  # fmt: skip
    session.add(row)
    document.flags = [*document.flags, str(Doubt(DoubtCode.SEEN_BEFORE, None, (str(earlier_id),)))]
    document.would_file_itself = False
    session.add(document)
    return True


def _surest(sighting: Sighting) -> float:
    return sighting.probability


def _in_other_documents(
    session: Session, document_id: int, sightings: Sequence[Sighting]
) -> Iterator[tuple[int, Sighting]]:
    """Those sightings whose earlier page is in another document that is not voided, each with that document."""
    for sighting in sightings:
        there = session.exec(
            select(Document.id)
            .join(Page, col(Page.document_id) == Document.id)
            .where(Page.id == sighting.earlier_page_id, Document.state != DocumentState.VOIDED)
        ).first()
        if there is not None and there != document_id:
            yield there, sighting


def forget(session: Session, document_ids: Sequence[int]) -> None:
    """Forget what was noted of documents that the machine makes anew."""
    either = or_(col(SeenBefore.document_id).in_(document_ids), col(SeenBefore.earlier_id).in_(document_ids))
    session.exec(delete(SeenBefore).where(either))


def count_open(session: Session) -> int:
    """How many documents wait for a decision."""
    return session.exec(select(func.count()).select_from(SeenBefore).where(col(SeenBefore.answer).is_(None))).one()


def listed(session: Session, actor: Actor, *, decided: bool = False, limit: int = 500) -> list[Repeat]:
    """Documents whose sheets came before, oldest first: those that wait for a decision, or those decided, newest first."""
    check_can(actor, Action.VERIFY)
    query = select(SeenBefore).limit(limit)
    if decided:
        query = query.where(col(SeenBefore.answer).is_not(None)).order_by(col(SeenBefore.id).desc())
    else:
        query = query.where(col(SeenBefore.answer).is_(None)).order_by(col(SeenBefore.id))
    return [_repeat(session, row) for row in session.exec(query)]


def find_repeat(session: Session, repeat_id: int) -> SeenBefore:
    """The row with this number, or StateRefused."""
    row = session.get(SeenBefore, repeat_id)
    if row is None:
        raise StateRefused("There is no such pair of documents.")
    return row


def keep_both(session: Session, repeat_id: int, actor: Actor) -> None:
    """The two are two sheets, or both are wanted: the doubt is lifted."""
    check_can(actor, Action.VERIFY)
    row = find_repeat(session, repeat_id)
    close(session, row, "keep_both", actor)
    document = session.get_one(Document, row.document_id)
    document.flags = [flag for flag in document.flags if not is_seen_before(flag)]
    document.version += 1
    document.updated_at = utc_now()
    session.add(document)


def void_copy(session: Session, repeat_id: int, actor: Actor, reason: str) -> None:
    """The new document is a copy of the earlier one: it is voided, and keeps its pages. Only while it waits to be verified."""
    row = find_repeat(session, repeat_id)
    _void(session, row, row.document_id, "void_copy", actor, reason)


def void_replaced(session: Session, repeat_id: int, actor: Actor, reason: str) -> None:
    """The new document takes the place of the earlier one, which is voided and keeps its pages. Only while that waits to be
    verified: what is filed leaves a chart by a correction that two people make."""
    row = find_repeat(session, repeat_id)
    earlier = session.get_one(Document, row.earlier_id)
    if is_in_chart(session, earlier):
        raise StateRefused("The earlier document is filed. Propose a correction of it under Corrections.")
    _void(session, row, row.earlier_id, "void_replaced", actor, reason)


def bring_back(session: Session, repeat_id: int, actor: Actor) -> int:
    """The document that was voided waits to be verified again, and the decision is open; gives its number."""
    check_can(actor, Action.OVERRIDE)
    row = find_repeat(session, repeat_id)
    document_id = row.earlier_id if row.state is RepeatState.REPLACED else row.document_id
    close(session, row, "bring_back", actor)
    moves.move(session, document_id, "bring_back", actor)
    return document_id


def is_in_chart(session: Session, document: Document) -> bool:
    """Whether a document is filed, or is one that is filed and being amended; it is not voided as a copy."""
    return document.state == DocumentState.FILED or amendments.open_of(session, document.id) is not None


def _void(session: Session, row: SeenBefore, document_id: int, event: str, actor: Actor, reason: str) -> None:
    check_can(actor, Action.OVERRIDE)
    if is_in_chart(session, session.get_one(Document, document_id)):
        raise StateRefused("This document is filed. Propose a correction of it under Corrections.")
    reason = typed_reason(reason, why="it is kept in the log beside the voided document")
    close(session, row, event, actor)
    leases.claim(session, document_id, actor)  # refused while somebody works on it
    moves.move(session, document_id, event, actor, reason=reason)


def close(session: Session, row: SeenBefore, event: str, actor: Actor) -> None:
    """Answer along the table of states and write the audit event, in the caller's transaction."""
    move = REPEAT.find(row.state, event, actor.acts_as)
    is_open = move.after == RepeatState.OPEN
    row.answer = None if is_open else move.after
    row.answered_by, row.answered_at = (None, None) if is_open else (actor.name, utc_now())
    session.add(row)
    audit.record(
        session, actor, AuditAction.DECIDE_REPEAT, f"document:{row.document_id}", answer=event, earlier=row.earlier_id
    )


def _repeat(session: Session, row: SeenBefore) -> Repeat:
    document, earlier = session.get_one(Document, row.document_id), session.get_one(Document, row.earlier_id)
    names = [
        batches.printable_name(session.get_one(Batch, found.batch_id).name) for found in (document, earlier)
    ]  # fmt: skip
    return Repeat(
        row.id, document.id, document.state, document.type_code, names[0], earlier.id, earlier.state, names[1],
        row.probability, len(row.pairs), row.state, row.found_at, row.answered_by,
    )  # fmt: skip
