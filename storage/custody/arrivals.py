"""What still waits in the hot folders, as the watch saw it last: names, since when, and why it is not taken in.

The watch keeps the whole list with its beat, in one row that is written over; it is no history.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from storage.foundation.clock import kept_time
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.installation import Fact

_NAME = "watch_waiting"

MOST = 200
"""Files kept of a folder, the longest waiting first; of more the number is kept."""


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that is not taken in yet; its name is made printable, for a file name is data."""

    name: str
    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class WaitingFolder:
    """What waits in one hot folder, the longest waiting first, when somebody looked, and how many files are left out."""

    folder: str
    seen_at: datetime
    files: tuple[WaitingFile, ...]
    left_out: int = 0


def keep(session: Session, folders: Sequence[WaitingFolder]) -> None:
    """Write down what waits in the hot folders now."""
    record = [asdict(folder) for folder in folders]
    session.merge(Fact(name=_NAME, value=json.dumps(record, default=lambda at: at.isoformat())))


def waiting(session: Session, actor: Actor) -> list[WaitingFolder] | None:
    """What waited when the watch looked last; None where no watch has looked since this was kept."""
    check_can(actor, Action.SEE_BATCHES)
    fact = session.get(Fact, _NAME)
    if fact is None:
        return None
    return [
        WaitingFolder(
            folder["folder"],
            kept_time(folder["seen_at"]),
            tuple(WaitingFile(f["name"], kept_time(f["since"]), f["why"]) for f in folder["files"]),
            folder["left_out"],
        )
        for folder in json.loads(fact.value)
    ]
