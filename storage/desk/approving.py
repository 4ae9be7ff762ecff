"""Approve and take back: from here on a document is found by its words, and until it is filed it can come back."""

from sqlmodel import Session

from storage.custody import pages
from storage.desk import drafts
from storage.documents import leases, moves, search, versions
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Actor, Role
from storage.foundation.states import DocumentState
from storage.foundation.tables.documents import Document


def approve(
    session: Session,
    document_id: int,
    actor: Actor,
    *,
    version: int,
    override_mismatch: bool = False,
    reason: str | None = None,
) -> Document:
    """Approve a document; its pages are found by their words at once, and filed a little later.

    StateRefused while a page that was turned is still being read: its words may name somebody else, or protect the document.
    Who approves in spite of a mismatch does not wait for it.
    """
    unread = pages.turned_unread(session, 1, document_id)
    if unread and not (override_mismatch and reason):
        raise StateRefused(
            f"Page {unread[0].position + 1} is still being read in its new direction. Approve it in a moment."
        )
    document = moves.move(
        session, document_id, "approve", actor, version=version, override_mismatch=override_mismatch, reason=reason
    )
    if versions.is_amended(document):
        _check_changed(session, document)  # until it is filed, search finds the version that is in the chart
    else:
        search.index_document(session, document_id)
    drafts.forget_draft(session, document_id)
    return document


def take_back(session: Session, document_id: int, actor: Actor) -> Document:
    """Put an approved document that is not filed yet back on this person's desk; its approver or a supervisor may."""
    document = session.get(Document, document_id)
    if document is None:
        raise StateRefused("There is no such document.")
    if actor.role is not Role.SUPERVISOR and document.verified_by != actor.name:
        raise StateRefused(f"{document.verified_by or 'Nobody'} approved this document; a supervisor can take it back.")
    if document.state == DocumentState.FILED:
        raise StateRefused(
            "This document is filed already. Open it in the chart: “Amend”, or “This is in the wrong chart”."
        )
    moves.move(session, document_id, "take_back", actor)
    if not versions.is_amended(document):
        search.forget_document(session, document_id)
    document.verified_by = None
    return leases.lease(session, document, actor)


def _check_changed(session: Session, document: Document) -> None:
    """StateRefused when the document says just what its filed version says: there is nothing to file."""
    version = versions.in_chart(session, document)
    if version is not None and not versions.changes(session, version, versions.as_it_is(session, document)):
        raise StateRefused("Nothing differs from the version that is filed. Correct it, or cancel the amendment.")
