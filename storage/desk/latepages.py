"""Pages that came later, on their way into a filed document: which documents may hold them, and where their numbers say they go."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from classify import doctypes
from classify.gaps import place_of
from classify.rows import rows_of
from storage.custody import pages
from storage.desk import rearranging
from storage.documents import leases, viewing
from storage.documents.leases import document_of
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import CandidateRow, Document

_MOST = 50
"""Documents offered: what fits into a list that somebody looks through."""


@dataclass(frozen=True, slots=True)
class Late:
    """A document that waits and may hold pages of a filed one."""

    document_id: int
    type_name: str
    pages: int


@dataclass(frozen=True, slots=True)
class Place:
    """A page that came later: its own place in its document, what is printed on it, and the place it gets (1-based)."""

    position: int
    says: str  # "page 3 of 5"; empty: no number is printed
    place: int
    note: str  # what whoever confirms should know; empty: nothing


def late_documents(session: Session, document_id: int, actor: Actor) -> list[Late]:
    """Documents that wait to be verified and are this patient's, or may be, the oldest first."""
    check_can(actor, Action.AMEND)
    document = document_of(session, document_id)
    may_be = select(CandidateRow.document_id).where(
        CandidateRow.person_id == document.person_id, CandidateRow.rank == 1
    )
    rows = session.exec(
        select(Document)
        .where(
            Document.id != document_id,
            Document.state == DocumentState.TO_VERIFY,
            col(Document.filed_version_id).is_(None),
            or_(
                Document.person_id == document.person_id,
                col(Document.person_id).is_(None) & col(Document.id).in_(may_be),
            ),
        )
        .order_by(col(Document.id))
        .limit(_MOST)
    )
    return [
        Late(row.id, doctypes.type_or_placeholder(row.type_code).name, len(pages.pages_of_document(session, row.id)))
        for row in rows
        if _may_take(session, row, actor)
    ]


def places_for(session: Session, document_id: int, late_id: int, actor: Actor) -> list[Place]:
    """Where each page of another document goes by the number that is printed on it; behind the others where none is."""
    check_can(actor, Action.AMEND)
    document, late = document_of(session, document_id), document_of(session, late_id)
    leases.check_can_claim(late, actor)
    viewing.check_may_see(session, late, actor)
    rearranging.check_is_of(session, late, document)
    here = _numbers(session, pages.pages_of_document(session, document_id))
    order: list[tuple[int | None, int]] = [(number, -1) for number, _ in here]  # number, own place of a page that comes
    found: dict[int, tuple[str, str]] = {}
    said = {of for _, of in here if of}
    there = {number for number, _ in here}
    for position, (number, of) in enumerate(_numbers(session, pages.pages_of_document(session, late_id)), start=1):
        notes = []
        if number is None:
            notes.append("no page number is printed on it: it goes behind the others")
        elif number in there:
            notes.append(f"the document has a page {number} already: look at both")
        if of and said and of not in said:
            notes.append(f"the document says that it has {', '.join(map(str, sorted(said)))} pages")
        says = f"page {number} of {of}" if of else f"page {number}" if number is not None else ""
        found[position] = (says, "; ".join(notes))
        order.insert(_at(order, number), (number, position))
    at = {position: place for place, (_, position) in enumerate(order, start=1)}
    return [Place(position, says, at[position], note) for position, (says, note) in found.items()]


def _at(order: Sequence[tuple[int | None, int]], number: int | None) -> int:
    """The index behind the last page that bears this number or a smaller one; the end without a number. Before the first page
    that bears a larger one where no smaller is."""
    if number is None:
        return len(order)
    smaller = [at for at, (other, _) in enumerate(order) if other is not None and other <= number]
    larger = [at for at, (other, _) in enumerate(order) if other is not None and other > number]
    return smaller[-1] + 1 if smaller else larger[0] if larger else len(order)


def _numbers(session: Session, rows: Sequence[Page]) -> list[tuple[int | None, int]]:
    """The number that each page bears, and of how many (0: not said)."""
    found: list[tuple[int | None, int]] = []
    for row in rows:
        read = pages.reading_of(session, row)
        place = place_of(rows_of(read), read.text) if read is not None and read.words else None
        found.append(place or (None, 0))
    return found


def _may_take(session: Session, document: Document, actor: Actor) -> bool:
    try:
        leases.check_can_claim(document, actor)
        viewing.check_may_see(session, document, actor)
    except (StateRefused, NotAllowed):
        return False
    return True
