"""When the last backup, check and drill were and how they ended: facts of the home, and a line of the audit log for each."""

import contextlib
import errno
import json
import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import StorageError
from storage.foundation.home import Home
from storage.foundation.permissions import Actor
from storage.foundation.tables.installation import Fact

log = logging.getLogger("chartroom.backup")


class Kind(StrEnum):
    """What was done; the name of its fact."""

    BACKUP = "backup_last"
    CHECK = "backup_last_check"
    DRILL = "backup_last_drill"


_ACTIONS = {
    Kind.BACKUP: AuditAction.BACK_UP,
    Kind.CHECK: AuditAction.CHECK_BACKUPS,
    Kind.DRILL: AuditAction.DRILL_BACKUP,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the last one ended; `good_at`: when one last ended well."""

    at: str  # ISO 8601, UTC
    place: str
    is_good: bool
    found: str  # a sentence for staff
    good_at: str | None

    @property
    def last_good(self) -> datetime | None:
        """When one last ended well."""
        return datetime.fromisoformat(self.good_at) if self.good_at else None


@dataclass(slots=True)
class Ending:
    """What is noted when it has ended; until somebody says otherwise it ended badly."""

    subject: str = "backups"
    is_good: bool = False
    found: str = "It was stopped before its end."
    detail: dict[str, int] = field(default_factory=dict)


def find_outcome(session: Session, kind: Kind) -> Outcome | None:
    """How the last one ended; None when there was none."""
    fact = session.get(Fact, kind)
    return Outcome(**json.loads(fact.value)) if fact else None


@contextlib.contextmanager
def noted(home: Home, kind: Kind, place: Path, actor: Actor) -> Iterator[Ending]:
    """What is done inside is kept as a fact and a line of the log, however it ends."""
    ending = Ending()
    try:
        yield ending
    except BaseException as error:
        ending.is_good, ending.found = False, _sentence(error, ending.found)
        try:
            _keep(home, kind, place, actor, ending)
        except (DBAPIError, OSError):  # the home itself is what failed: its own error is the one that is told
            log.exception("how it ended could not be noted")
        raise
    _keep(home, kind, place, actor, ending)


def _sentence(error: BaseException, otherwise: str) -> str:
    if isinstance(error, StorageError):
        return str(error)
    if isinstance(error, OSError):
        return f"The disk reported an error ({errno.errorcode.get(error.errno or 0, 'unknown')})."
    return otherwise


def _keep(home: Home, kind: Kind, place: Path, actor: Actor, ending: Ending) -> None:
    at = utc_now().isoformat(timespec="seconds")
    with home.writing() as session:
        before = find_outcome(session, kind)
        good_at = at if ending.is_good else before.good_at if before else None
        outcome = Outcome(at, str(place), ending.is_good, ending.found, good_at)
        session.merge(Fact(name=kind, value=json.dumps(asdict(outcome))))
        told = "ok" if ending.is_good else "failed"
        audit.record(session, actor, _ACTIONS[kind], ending.subject, outcome=told, **ending.detail)
