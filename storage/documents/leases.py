"""Claims: a document is on one desk at a time, by a lease that a crash or a closed browser cannot keep for ever."""

from collections.abc import Iterable
from datetime import timedelta

from sqlmodel import Session, col, func, or_, select, update

from storage.foundation.clock import utc_now
from storage.foundation.errors import StaleSave, StateRefused
from storage.foundation.permissions import MACHINE, Action, Actor, Role, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.documents import Document

LEASE_MINUTES = 20
"""A claim outlives a coffee break, not a shift; every saved draft renews it."""


def claim_queue(session: Session, actor: Actor, want: int, skip: Iterable[int] = ()) -> list[Document]:
    """The most urgent free documents, leased to this person: the one on the desk and the next, so that they can be loaded.

    Those already leased to this person come first, and count.
    """
    check_can(actor, Action.VERIFY)
    open_ones = (Document.state == DocumentState.TO_VERIFY, col(Document.id).not_in(list(skip)))
    order = (col(Document.priority), col(Document.created_at), col(Document.id))
    mine = select(Document).where(Document.claimed_by == actor.name, *open_ones).order_by(*order).limit(want)
    found = list(session.exec(mine))
    if len(found) < want:
        is_free = or_(
            col(Document.claimed_by).is_(None),
            (col(Document.claimed_by) != actor.name) & (col(Document.lease_until) < utc_now()),
        )
        free = select(Document).where(is_free, *open_ones).order_by(*order).limit(want - len(found))
        found += session.exec(free)
    for document in found:
        lease(session, document, actor)
    return found


def claim(session: Session, document_id: int, actor: Actor) -> Document:
    """Lease one document; StateRefused names who has it when somebody else does, or where it went."""
    check_can(actor, Action.VERIFY)
    document = session.get(Document, document_id)
    if document is None:
        raise StateRefused("There is no such document.")
    if document.state != DocumentState.TO_VERIFY:
        raise StateRefused(f"This document is {document.state.replace('_', ' ')} now.")
    if document.claimed_by == MACHINE.name and is_held(document):
        raise StateRefused("This document is still being entered. Try again in a minute.")
    if is_held(document) and document.claimed_by != actor.name:
        raise StateRefused(f"{document.claimed_by} is working on this document until {document.lease_until:%H:%M} UTC.")
    return lease(session, document, actor)


def lease(session: Session, document: Document, actor: Actor) -> Document:
    """Give, or renew, this person's lease."""
    document.claimed_by = actor.name
    document.lease_until = utc_now() + timedelta(minutes=LEASE_MINUTES)
    session.add(document)
    return document


def end_leases(session: Session, document_ids: Iterable[int], actor: Actor) -> None:
    """Give claimed documents back to the work list; those of others stay theirs."""
    session.exec(
        update(Document)
        .where(col(Document.id).in_(list(document_ids)), col(Document.claimed_by) == actor.name)
        .values(claimed_by=None, lease_until=None)
    )


def end_all(session: Session, actor: Actor) -> None:
    """Give back everything that this person holds, as signing out does."""
    session.exec(
        update(Document).where(col(Document.claimed_by) == actor.name).values(claimed_by=None, lease_until=None)
    )


def waiting(session: Session) -> int:
    """How many documents wait to be verified."""
    return session.exec(select(func.count()).where(Document.state == DocumentState.TO_VERIFY)).one()


def is_held(document: Document) -> bool:
    """Whether somebody's lease on it still runs."""
    return document.claimed_by is not None and document.lease_until is not None and document.lease_until > utc_now()


def check_holds(document: Document, actor: Actor) -> None:
    """A technician changes only what they took from the work list; a supervisor may step in, though not while the machine
    still enters the documents of a batch."""
    if document.claimed_by == MACHINE.name and actor.role is not Role.MACHINE and is_held(document):
        raise StateRefused("This document is still being entered. Try again in a minute.")
    if actor.role is Role.TECHNICIAN and document.claimed_by != actor.name:
        raise StateRefused("You do not hold this document any more. Take it from the work list again.")


def leased_document(session: Session, document_id: int, actor: Actor, version: int | None) -> Document:
    """A document that waits for verification on this person's desk, at the version they looked at; else a refusal."""
    document = document_of(session, document_id)
    check_version(document, version)
    if document.state != DocumentState.TO_VERIFY:
        raise StateRefused(
            f"This document is {document.state.replace('_', ' ')}; its pages can no longer be changed here."
        )
    check_holds(document, actor)
    return document


def document_of(session: Session, document_id: int) -> Document:
    """The document with this id, or StateRefused."""
    document = session.get(Document, document_id)
    if document is None:
        raise StateRefused("There is no such document.")
    return document


def check_version(document: Document, version: int | None) -> None:
    """StaleSave when somebody saved since the person looked."""
    if version is not None and version != document.version:
        raise StaleSave(
            "Somebody saved this document while you looked at it. Nothing was overwritten; "
            "it was loaded again, please check and save once more."
        )
