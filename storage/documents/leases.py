"""Claims: a document is on one desk at a time, by a lease that a crash or a closed browser cannot keep for ever."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select, update

from storage.foundation.clock import show_hour, utc_now
from storage.foundation.errors import StaleSave, StateRefused
from storage.foundation.permissions import MACHINE, Action, Actor, Role, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.documents import Document

LEASE_MINUTES = 20
"""A claim outlives a coffee break, not a shift; every saved draft renews it."""


def claim_queue(session: Session, actor: Actor, want: int, skip: Iterable[int] = ()) -> list[Document]:
    """The most urgent free documents, leased to this person: the one on the desk and the next, so that they can be loaded.

    Those already leased to this person come first, then those that are assigned to them; what is assigned to somebody else
    is left to them.
    """
    check_can(actor, Action.VERIFY)
    is_free = _is_free(actor)
    found: list[Document] = []
    for condition in (
        (Document.claimed_by == actor.name,),
        (is_free, Document.assigned_to == actor.name),
        (is_free, col(Document.assigned_to).is_(None)),
    ):
        if len(found) < want:
            found += session.exec(
                select(Document)
                .where(Document.state == DocumentState.TO_VERIFY, col(Document.id).not_in(list(skip)), *condition)
                .order_by(col(Document.priority), col(Document.created_at), col(Document.id))
                .limit(want - len(found))
            )
    for document in found:
        lease(session, document, actor)
    return found


def _is_free(actor: Actor) -> ColumnElement[bool]:
    return or_(
        col(Document.claimed_by).is_(None),
        (col(Document.claimed_by) != actor.name) & (col(Document.lease_until) < utc_now()),
    )


def count_free(session: Session, actor: Actor, skip: Iterable[int] = ()) -> int:
    """How many documents this person would get by asking for the next ones; nothing is claimed by counting."""
    check_can(actor, Action.VERIFY)
    could_be_claimed = (
        Document.state == DocumentState.TO_VERIFY,
        col(Document.id).not_in(list(skip)),
        _is_free(actor),
        or_(col(Document.assigned_to).is_(None), Document.assigned_to == actor.name),
    )
    return session.exec(select(func.count()).where(*could_be_claimed)).one()


def claim(session: Session, document_id: int, actor: Actor) -> Document:
    """Lease one document; StateRefused names who has it when somebody else does, or where it went."""
    document = document_of(session, document_id)
    check_can_claim(document, actor)
    return lease(session, document, actor)


def check_can_claim(document: Document, actor: Actor) -> None:
    """StateRefused when this document cannot come onto this person's desk: it waits for something, or is somebody's work."""
    check_can(actor, Action.VERIFY)
    if document.state != DocumentState.TO_VERIFY:
        raise StateRefused(f"This document is {document.state.replace('_', ' ')} now.")
    if document.claimed_by == MACHINE.name and is_held(document):
        raise StateRefused("This document is still being entered. Try again in a minute.")
    if is_held(document) and document.claimed_by != actor.name:
        raise StateRefused(f"{document.claimed_by} is working on this document until {_until(document)}.")
    if document.assigned_to not in (None, actor.name) and actor.role is not Role.SUPERVISOR:
        raise StateRefused(f"This document is the work of {document.assigned_to}. Ask them, or a supervisor.")


def _until(document: Document) -> str:
    return show_hour(document.lease_until) if document.lease_until else ""


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


def held_by(session: Session, actor: Actor) -> list[Document]:
    """What this person has on the desk already, most urgent first; nothing is claimed by asking."""
    check_can(actor, Action.VERIFY)
    mine = select(Document).where(
        Document.state == DocumentState.TO_VERIFY,
        Document.claimed_by == actor.name,
        col(Document.lease_until) > utc_now(),
    )
    return list(session.exec(mine.order_by(col(Document.priority), col(Document.created_at), col(Document.id))))


def waiting(session: Session) -> int:
    """How many documents wait to be verified."""
    return session.exec(select(func.count()).where(Document.state == DocumentState.TO_VERIFY)).one()


def assigned_to(session: Session, actor: Actor) -> int:
    """How many documents that wait to be verified are assigned to this person."""
    mine = (Document.state == DocumentState.TO_VERIFY, Document.assigned_to == actor.name)
    return session.exec(select(func.count()).where(*mine)).one()


def is_held(document: Document) -> bool:
    """Whether somebody's lease on it still runs."""
    return document.claimed_by is not None and document.lease_until is not None and document.lease_until > utc_now()


def holds(document: Document, actor: Actor) -> bool:
    """Whether this person's lease on it still runs; one that has ended opens nothing protected."""
    return document.claimed_by == actor.name and is_held(document)


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
