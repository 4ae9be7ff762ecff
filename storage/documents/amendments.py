"""Amendments of filed documents: why they are opened, which one is open, and the one writer of their state."""

from collections.abc import Callable, Set
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.permissions import Action, Actor, can
from storage.foundation.states import AMENDMENT, DocumentState, Guard, Move
from storage.foundation.tables.documents import Document
from storage.foundation.tables.versions import Amendment


class Reason(StrEnum):
    """Why a filed document is amended; counted, so that the cause is cured and not the case."""

    WRONG_KIND = "wrong_kind"
    WRONG_DATE = "wrong_date"
    WRONG_STAY = "wrong_stay"
    WRONG_VALUE = "wrong_value"
    PAGE_ORDER = "page_order"
    BAD_PAGE = "bad_page"
    LATE_PAGE = "late_page"
    NOT_PART = "not_part"
    OTHER = "other"


REASONS: dict[str, str] = {
    Reason.WRONG_KIND: "the kind of document is wrong",
    Reason.WRONG_DATE: "a date is wrong",
    Reason.WRONG_STAY: "it is of another stay of this patient",
    Reason.WRONG_VALUE: "another field is wrong",
    Reason.PAGE_ORDER: "pages are in the wrong order, or turned",
    Reason.BAD_PAGE: "a page has to be scanned again",
    Reason.LATE_PAGE: "a page came later",
    Reason.NOT_PART: "a page is no part of it",
    Reason.OTHER: "another reason",
}
"""What staff read for each reason."""


def open_of(session: Session, document_id: int) -> Amendment | None:
    """The amendment of a document that is open, if there is one."""
    return session.exec(
        select(Amendment).where(Amendment.document_id == document_id, col(Amendment.outcome).is_(None))
    ).first()


def said(row: Amendment) -> str:
    """Why it was opened: the reason that was chosen, and what was written."""
    return f"{REASONS[row.reason_code]}: {row.reason}" if row.reason_code != Reason.OTHER else row.reason


def check_advance(row: Amendment, event: str, actor: Actor) -> Move:
    """The move of an amendment by this person, or a refusal."""
    found = AMENDMENT.find(row.state, event, actor.acts_as)
    for guard in found.guards:
        _GUARDS[guard](row, actor)
    return found


def advance(amendment: Amendment, event: str, actor: Actor) -> None:
    """Move an amendment along its table; the caller saves it, and the move of its document is what the log tells."""
    amendment.outcome = check_advance(amendment, event, actor).after
    amendment.ended_by, amendment.ended_at = actor.name, utc_now()


def _check_may_cancel(row: Amendment, actor: Actor) -> None:
    if row.opened_by != actor.name and not can(actor, Action.OVERRIDE):
        raise NotAllowed(f"{row.opened_by} opened this amendment. Ask them, or a supervisor, to cancel it.")


_GUARDS: dict[Guard, Callable[[Amendment, Actor], None]] = {Guard.PROPOSER_OR_SUPERVISOR: _check_may_cancel}


def check_patient_stays(document: Document) -> None:
    """StateRefused while a document is amended: a patient is only changed by two people, as a correction of a wrong chart."""
    if document.filed_version_id is not None and document.state != DocumentState.FILED:
        raise StateRefused(
            "This document is filed, and is being amended: its patient stays. If it is in the wrong chart, cancel the "
            "amendment and say so on the filed document."
        )


def check_pages_stay(document: Document) -> None:
    """StateRefused for a filed document that is amended: its pages go to no other document."""
    if document.filed_version_id is not None:
        raise StateRefused(
            "This document is filed, and is being amended: its pages go to no other document. Hide a page that is no part "
            "of it."
        )


def note_came(row: Amendment, page_id: int, place: dict[str, Any]) -> None:
    """Keep where a page was that comes into a document while it is amended; the first place counts."""
    known = {page["page"] for page in (*row.came, *row.before["pages"])}
    if page_id not in known:
        row.came = [*row.came, {"page": page_id, **place}]


def holding(session: Session, page_ids: Set[int], other_than: int | None = None) -> int | None:
    """The document being amended whose filed version has one of these pages, another one than `other_than`: what was hidden
    from it goes nowhere else before the amendment ends."""
    for row in session.exec(select(Amendment).where(col(Amendment.outcome).is_(None))):
        if row.document_id != other_than and page_ids & {kept["page"] for kept in row.before["pages"]}:
            return row.document_id
    return None
