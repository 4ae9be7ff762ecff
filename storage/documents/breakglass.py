"""Break-glass: a protected document opened in need, with a purpose and a reason, for an hour, and reviewed afterwards.

45 CFR 164.312(a)(2)(ii), emergency access procedure; purposes are HL7 v3 ActReason codes.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import ACCESS, Guard
from storage.foundation.tables.access import BreakGlass
from storage.foundation.tables.documents import Document
from storage.foundation.typed import typed_reason


class Purpose(StrEnum):
    """Codes of HL7 v3 ActReason."""

    EMERGENCY_TREATMENT = "ETREAT"
    BREAK_THE_GLASS = "BTG"


PURPOSES: dict[str, str] = {
    Purpose.EMERGENCY_TREATMENT: "emergency treatment",
    Purpose.BREAK_THE_GLASS: "another urgent need, as the reason says",
}
"""What staff read for each purpose."""

MINUTES = 60
"""How long emergency access stays open."""


def break_glass(session: Session, document_id: int, actor: Actor, purpose: str, reason: str) -> BreakGlass:
    """Open one protected document for this person for an hour; the audit log and a review task tell it at once."""
    check_can(actor, Action.BREAK_GLASS)
    if purpose not in PURPOSES:
        raise StateRefused("Choose the purpose and write the reason: somebody will review it.")
    reason = typed_reason(reason, why="somebody will review it")
    if session.get(Document, document_id) is None:
        raise StateRefused("There is no such document.")
    opened = BreakGlass(
        document_id=document_id,
        username=actor.name,
        purpose=purpose,
        reason=reason,
        until=utc_now() + timedelta(minutes=MINUTES),
    )
    session.add(opened)
    audit.record(session, actor, AuditAction.BREAK_GLASS, f"document:{document_id}", purpose=purpose)
    return opened


def open_until(session: Session, document_id: int, actor: Actor) -> datetime | None:
    """Until when this person may look at a protected document they broke the glass of; None when they may not."""
    return session.exec(
        select(BreakGlass.until)
        .where(
            BreakGlass.document_id == document_id,
            BreakGlass.username == actor.name,
            col(BreakGlass.until) > utc_now(),
        )
        .order_by(col(BreakGlass.until).desc())
    ).first()


def to_review(session: Session, actor: Actor) -> list[BreakGlass]:
    """Broken glasses that nobody has reviewed, oldest first."""
    check_can(actor, Action.REVIEW_ACCESS)
    return list(
        session.exec(select(BreakGlass).where(col(BreakGlass.reviewed_at).is_(None)).order_by(col(BreakGlass.id)))
    )


def review(session: Session, glass_id: int, actor: Actor, finding: str) -> None:
    """Say what the review found; nobody reviews themselves."""
    check_can(actor, Action.REVIEW_ACCESS)
    glass = session.get(BreakGlass, glass_id)
    if glass is None:
        raise StateRefused("This was reviewed already.")
    move = ACCESS.find(glass.state, "review", actor.acts_as)
    for guard in move.guards:
        _GUARDS[guard](glass, actor)
    finding = typed_reason(finding, "what the review found")
    glass.reviewed_by, glass.reviewed_at, glass.finding = actor.name, utc_now(), finding
    session.add(glass)
    audit.record(session, actor, AuditAction.REVIEW_BREAK_GLASS, f"document:{glass.document_id}", glass=glass_id)


def _check_is_other(glass: BreakGlass, actor: Actor) -> None:
    if glass.username == actor.name:
        raise NotAllowed("Somebody else reviews what you opened.")


_GUARDS: dict[Guard, Callable[[BreakGlass, Actor], None]] = {Guard.OTHER_PERSON: _check_is_other}
