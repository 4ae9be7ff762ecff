"""The audit log: append-only, each line chained to the one before by HMAC-SHA-256.

Triggers refuse UPDATE and DELETE; the chain shows an edit made behind them. Canonical JSON: sorted
keys, ASCII, no floats, so that the same event always gives the same bytes.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from storage.foundation.actions import keys_of
from storage.foundation.clock import utc_now
from storage.foundation.permissions import Actor
from storage.foundation.tables.audit import AuditEvent

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Broken:
    """A line of the log that is not what was written."""

    seq: int
    why: str


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    *,
    outcome: str = "ok",
    **detail: str | int | list[str] | list[int] | None,
) -> None:
    """Append one event in the caller's transaction; detail holds ids and hashes, never chart text.

    `action` is an AuditAction or the event of a move. ValueError for any other, and for a key that its line has not.
    """
    allowed = keys_of(action)
    if allowed is None or (odd := detail.keys() - set(allowed)):
        raise ValueError(f"the audit log knows no {action}" if allowed is None else f"{action} tells no {min(odd)}")
    session.flush()
    last = session.exec(select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(1)).first()
    event = AuditEvent(
        seq=last.seq + 1 if last else 1,
        at=utc_now().isoformat(timespec="microseconds"),
        actor=actor.name,
        role=actor.role,
        action=action,
        subject=subject,
        outcome=outcome,
        detail=_canonical(detail),
        previous=last.mac if last else FIRST,
        mac="",
    )
    event.mac = _mac(session.info["keys"].audit, event)
    session.add(event)
    session.flush()


def find_breaks(session: Session) -> Iterator[Broken]:
    """Every place where the chain does not hold, oldest first."""
    key, previous, expected = session.info["keys"].audit, FIRST, 1
    for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.seq))):
        if event.seq != expected:
            yield Broken(event.seq, f"line {expected} is missing")
        if event.previous != previous:
            yield Broken(event.seq, "does not follow from the line before")
        if not hmac.compare_digest(event.mac, _mac(key, event)):
            yield Broken(event.seq, "was changed")
        previous, expected = event.mac, event.seq + 1


def _canonical(detail: dict[str, Any]) -> str:
    return json.dumps(detail, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _mac(key: bytes, event: AuditEvent) -> str:
    line = _canonical(
        {
            name: getattr(event, name)
            for name in ("seq", "at", "actor", "role", "action", "subject", "outcome", "detail", "previous")
        }
    )
    return hmac.new(key, line.encode("ascii"), hashlib.sha256).hexdigest()
