"""What waits for a person when they have signed in: a tile each, with how much, and where it leads."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from ingest.health import Mark, check_home
from ingest.settings import Settings
from review_app.model import worklist
from storage.custody import arrivals
from storage.desk import blanks
from storage.documents import breakglass, misfiling, repeats
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, Role, can, check_can
from storage.foundation.states import BatchState, DocumentState
from storage.foundation.tables.access import Account
from storage.foundation.tables.custody import Batch
from storage.foundation.tables.desk import RemarkKind, RescanRequest
from storage.quality import reviews
from storage.roster import doubts, questions


@dataclass(frozen=True, slots=True)
class Tile:
    """One thing that waits: what it is called, how much of it, what it means, and its screen."""

    title: str
    count: int
    means: str
    href: str


def tiles(home: Home, settings: Settings, actor: Actor) -> tuple[Tile, ...]:
    """What waits for this person, in the order of the day's work; nothing is claimed, and nobody is named."""
    check_can(actor, Action.OWN_ACCOUNT)
    found = _of_work(home, actor) if can(actor, Action.VERIFY) else []
    with home.reading() as session:
        found += [
            Tile(title, count(session, actor), means, href)
            for action, title, means, href, count in _OTHERS
            if can(actor, action)
        ]
    if actor.role is Role.ADMIN:  # others find it under System; looking takes a second
        open_checks = sum(check.mark is not Mark.OK for check in check_home(home, settings, actor))
        found.append(Tile("System", open_checks, "checks that failed or need attention", "/system"))
    return tuple(found)


_WORK: tuple[tuple[str, str, str, frozenset[Role]], ...] = (
    (worklist.MINE, "assigned to you, or on your desk", "/worklist?queue=mine", frozenset({Role.TECHNICIAN, Role.SUPERVISOR})),
    (DocumentState.TO_VERIFY, "documents on the work list", "/", frozenset({Role.TECHNICIAN, Role.SUPERVISOR})),
    (RemarkKind.ESCALATE, "questions that a supervisor decides", "/worklist?queue=escalate", frozenset({Role.SUPERVISOR})),
    (RemarkKind.QUERY, "documents that wait for a provider", "/worklist?queue=query", frozenset({Role.TECHNICIAN, Role.SUPERVISOR})),
    (RemarkKind.REGISTER, "patients who are not on the list", "/registration", frozenset({Role.TECHNICIAN, Role.SUPERVISOR})),
)  # fmt: skip
"""Queues of the work list: which, what waits in it, its screen, and whose it is."""


def _of_work(home: Home, actor: Actor) -> list[Tile]:
    counted = worklist.count(home, actor)
    return [
        Tile(worklist.QUEUES[queue], counted[queue], means, href)
        for queue, means, href, roles in _WORK
        if actor.role in roles
    ]


def _corrections(session: Session, actor: Actor) -> int:
    return sum(len(kind.waiting(session, actor)) for kind in (questions, misfiling, doubts))


def _emergencies(session: Session, actor: Actor) -> int:
    return len(breakglass.to_review(session, actor))


def _first_passwords(session: Session, _: Actor) -> int:
    waits = col(Account.must_change).is_(True), col(Account.disabled).is_(False)
    return session.exec(select(func.count(col(Account.id))).where(*waits)).one()


def _exceptions(session: Session, _: Actor) -> int:
    held = col(Batch.state).in_((BatchState.QUARANTINED, BatchState.DUPLICATE))
    return session.exec(select(func.count()).select_from(Batch).where(held)).one()


def _rescans(session: Session, _: Actor) -> int:
    return session.exec(select(func.count(col(RescanRequest.id))).where(col(RescanRequest.ended_at).is_(None))).one()


def _arriving(session: Session, actor: Actor) -> int:
    folders = arrivals.waiting(session, actor) or ()
    return sum(len(folder.files) + folder.left_out for folder in folders)


_OTHERS: tuple[tuple[Action, str, str, str, Callable[[Session, Actor], int]], ...] = (
    (Action.VERIFY, "Blank sides", "to confirm at one glance", "/blanks", lambda session, _: blanks.count_unseen(session)),
    (Action.SEE_BATCHES, "Hot folder", "files that are not taken in yet", "/scans", _arriving),
    (Action.SEE_BATCHES, "Exceptions", "files on hold", "/exceptions", _exceptions),
    (Action.VERIFY, "The same sheet again", "documents whose sheets came before", "/exceptions", lambda session, _: repeats.count_open(session)),
    (Action.SEE_BATCHES, "Rescans", "pages to scan again", "/rescans", _rescans),
    (Action.VERIFY, "Corrections", "matches, merges and wrong charts to review", "/corrections", _corrections),
    (Action.REVIEW_ACCESS, "Emergency access", "uses that nobody has reviewed", "/corrections", _emergencies),
    (Action.SECOND_KEY, "Quality review", "documents for your review", "/looks", lambda s, a: len(reviews.waiting(s, a))),
    (Action.KEEP_ACCOUNTS, "Accounts", "passwords that nobody has changed yet", "/accounts", _first_passwords),
)  # fmt: skip
"""What waits beside the work list: the right to it, its title, what it is, its screen, and how it is counted."""
