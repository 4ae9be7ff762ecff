"""Drafts and actions by token: nothing typed is lost, and nothing sent twice is done twice."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, delete, select

from storage.documents import leases
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.desk import Draft, StationAction
from storage.foundation.tables.documents import Document

_LARGEST = 40_000


def save_draft(session: Session, document_id: int, content: Mapping[str, Any], actor: Actor) -> None:
    """Keep what was typed so far, and renew the lease. A draft is not a save: version and values stay."""
    document = leases.claim(session, document_id, actor)
    if len(str(content)) > _LARGEST:
        raise StateRefused("This draft is too long to be kept. Approve, or shorten what you typed.")
    draft = session.get(Draft, document.id) or Draft(document_id=document.id, content={}, saved_by="")
    draft.content, draft.saved_by, draft.saved_at = dict(content), actor.name, utc_now()
    session.add(draft)


def draft_of(session: Session, document_id: int) -> Draft | None:
    """What was typed and not approved, by whomever; None when nothing was."""
    return session.get(Draft, document_id)


def forget_draft(session: Session, document_id: int) -> None:
    """What was typed is in the document now."""
    session.exec(delete(Draft).where(col(Draft.document_id) == document_id))


def answer_of(session: Session, token: str, actor: Actor) -> dict[str, Any] | None:
    """What was answered when this action was carried out, or None when it was not yet."""
    done = session.exec(
        select(StationAction).where(StationAction.token == token, StationAction.username == actor.name)
    ).first()
    return dict(done.answer) if done else None


def note_answer(session: Session, token: str, answer: Mapping[str, Any], actor: Actor) -> None:
    """Remember an action as done, in the transaction that did it."""
    session.add(StationAction(token=token, username=actor.name, answer=dict(answer)))


def recent(session: Session, actor: Actor, most: int = 10) -> list[Document]:
    """The documents this person approved last that are not filed yet: they can be taken back."""
    check_can(actor, Action.VERIFY)
    return list(
        session.exec(
            select(Document)
            .where(Document.state == DocumentState.VERIFIED, Document.verified_by == actor.name)
            .order_by(col(Document.updated_at).desc())
            .limit(most)
        )
    )
