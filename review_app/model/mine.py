"""One person's own work: documents a day and an hour, fields corrected; theirs alone to see, and their supervisor's."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlmodel import Session, col, select

from classify.fields.table import title_of
from storage.foundation import accounts
from storage.foundation.actions import AuditAction
from storage.foundation.clock import begin_of_day, kept_time, local_time, today
from storage.foundation.errors import NotAllowed
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, Role, can, check_can
from storage.foundation.tables.audit import AuditEvent

DAYS = 14

_APPROVE = "approve"
_ASIDE = ("pend", "query", "escalate", "register", "ask_rescan")
_COUNTED = (_APPROVE, AuditAction.CORRECT, *_ASIDE)

_BREAK = timedelta(minutes=5)
"""A longer time between two actions is a break and no work: of documents at the desk, next to none takes so long."""

_LEAST = timedelta(minutes=10)
"""Less work than this tells no rate: two documents in a minute are no hundred and twenty an hour."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a person did on one day; `an_hour` is None when they worked too little to tell."""

    day: date
    documents: int
    put_aside: int
    fields: int
    minutes: int
    an_hour: int | None


@dataclass(frozen=True, slots=True)
class OwnWork:
    """The last days, newest first, and which fields were corrected in them."""

    name: str
    days: tuple[Day, ...]
    corrected: dict[str, int]

    @property
    def today(self) -> Day:
        return self.days[0]


def measure(home: Home, actor: Actor, name: str = "") -> OwnWork:
    """The last days of a person: the actor's own, or for a supervisor those of anybody."""
    check_can(actor, Action.OWN_ACCOUNT)
    name = name or actor.name
    if name != actor.name and not may_see_others(actor):
        raise NotAllowed("You see your own numbers; those of others are for a supervisor.")
    last = today()
    first = begin_of_day(last - timedelta(days=DAYS - 1))
    with home.reading() as session:
        events = _events(session, name, first)
    by_day: dict[date, list[tuple[datetime, str]]] = defaultdict(list)
    corrected: Counter[str] = Counter()
    for at, action, detail in events:
        by_day[at.date()].append((at, action))
        if action == AuditAction.CORRECT:
            corrected[title_of(json.loads(detail)["field"])] += 1
    days = [last - timedelta(days=back) for back in range(DAYS)]
    return OwnWork(name, tuple(_day(day, by_day[day]) for day in days), dict(corrected.most_common(12)))


def people(home: Home, actor: Actor) -> list[str]:
    """Whose work this person may look at: their own, and as a supervisor that of everybody who verifies."""
    if not may_see_others(actor):
        return [actor.name]
    with home.reading() as session:
        names = [a.username for a in accounts.list_accounts(session) if can(Actor("", Role(a.role)), Action.VERIFY)]
    return list(dict.fromkeys((actor.name, *names)))


def may_see_others(actor: Actor) -> bool:
    """Whether this person sees the numbers of others."""
    return actor.role is Role.SUPERVISOR


def _events(session: Session, name: str, since: datetime) -> list[tuple[datetime, str, str]]:
    """What this person did since then, in the time of this site: a working day is one here."""
    rows = session.exec(
        select(AuditEvent)
        .where(
            col(AuditEvent.at) >= since.isoformat(),
            AuditEvent.actor == name,
            col(AuditEvent.action).in_(_COUNTED),
        )
        .order_by(col(AuditEvent.seq))
    )
    return [(local_time(kept_time(row.at)), row.action, row.detail) for row in rows]


def _day(day: date, events: Iterable[tuple[datetime, str]]) -> Day:
    events = list(events)
    did = Counter(action for _, action in events)
    worked = _worked([at for at, _ in events])
    hours = worked / timedelta(hours=1)
    return Day(
        day,
        documents=did[_APPROVE],
        put_aside=sum(did[action] for action in _ASIDE),
        fields=did[AuditAction.CORRECT],
        minutes=round(worked / timedelta(minutes=1)),
        an_hour=round(did[_APPROVE] / hours) if worked >= _LEAST else None,
    )


def _worked(times: list[datetime]) -> timedelta:
    """The time between actions that is no break."""
    gaps = (later - earlier for earlier, later in pairwise(times))
    return sum((gap for gap in gaps if gap <= _BREAK), timedelta())
