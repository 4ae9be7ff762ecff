"""The record room in numbers: throughput, backlog and its age, what the machine got right, each person's own work."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from classify import doctypes
from classify.fields.table import title_of
from review_app.model.worklist import WAITS_FOR
from storage.desk.waiting import OTHER, REASONS
from storage.foundation.actions import AuditAction
from storage.foundation.clock import begin_of_day, kept_time, local_day, show_short_day, today, utc_now
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, Role, check_can
from storage.foundation.states import DocumentState
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Page
from storage.foundation.tables.desk import Remark, RemarkKind
from storage.foundation.tables.documents import Document
from storage.learning import accuracy

DAYS = 30

_AGES = (("under 1 h", 1 / 24), ("1 to 24 h", 1.0), ("1 to 3 days", 3.0), ("3 to 7 days", 7.0), ("over 7 days", 1e9))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything the screen draws; names of operators are there for supervisors and auditors only."""

    days: dict[str, int]  # approved a day
    by_hand: int
    by_machine: int
    operators: dict[str, int]
    backlog: dict[str, int]
    states: dict[str, int]
    waits: dict[str, int]  # pended documents, by what they wait for
    reasons: tuple[
        tuple[str, str, int, datetime], ...
    ]  # of those: what for, the reason, how many, since when the oldest
    outcomes: dict[str, int]
    corrected: dict[str, float]  # share of a field's machine values that a person changed, of those somebody looked at
    types: dict[str, float]  # share of documents whose type the machine told right, of those somebody looked at
    rejected: dict[str, int]  # what operators changed: their own corrections a field


def measure(home: Home, actor: Actor) -> Numbers:
    """The numbers of the last 30 days of this site, today among them; a technician sees whose work is whose only for their own."""
    check_can(actor, Action.SEE_NUMBERS)
    first = today() - timedelta(days=DAYS - 1)
    since = begin_of_day(first).isoformat()
    with home.reading() as session:
        approved = [
            (local_day(kept_time(event.at)), event.actor, event.action, event.subject)
            for event in session.exec(
                select(AuditEvent).where(
                    col(AuditEvent.action).in_(("approve", "self_file")), col(AuditEvent.at) >= since
                )
            )
        ]
        people = Counter(who for _, who, action, _ in approved if action == "approve")
        if actor.role is Role.TECHNICIAN:
            people = Counter({actor.name: people[actor.name]})
        found = accuracy.measure(session, first.isoformat())
        return Numbers(
            days=_by_day(Counter(day for day, *_ in approved)),
            by_hand=sum(action == "approve" for _, _, action, _ in approved),
            by_machine=sum(action == "self_file" for _, _, action, _ in approved),
            operators=dict(people.most_common(12)),
            backlog=_backlog(session),
            states=dict(session.exec(select(Document.state, func.count()).group_by(Document.state)).all()),
            waits=_waits(session),
            reasons=_reasons(session),
            outcomes=dict(session.exec(select(Page.outcome, func.count()).group_by(Page.outcome)).all()),
            corrected={
                title_of(name): round(1 - count.right / count.seen, 3)
                for name, count in sorted(found.fields.items(), key=lambda item: -item[1].seen)[:14]
                if count.seen
            },
            types={
                doctypes.type_or_placeholder(code).name: round(count.right / count.seen, 3)
                for code, count in sorted(found.kinds.items(), key=lambda item: -item[1].seen)[:14]
                if count.seen
            },
            rejected=_corrections(session, actor, since),
        )


def _by_day(counted: Counter[date]) -> dict[str, int]:
    days = [today() - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    return {show_short_day(day): counted[day] for day in days}


def _backlog(session: Session) -> dict[str, int]:
    now, counted = utc_now(), dict.fromkeys((name for name, _ in _AGES), 0)
    for created in session.exec(select(Document.created_at).where(Document.state == DocumentState.TO_VERIFY)):
        age = (now - created).total_seconds() / 86_400
        counted[next(name for name, most in _AGES if age < most)] += 1
    return counted


def _waits(session: Session) -> dict[str, int]:
    """Pended documents by the titles of the queues they wait in."""
    waits_for = func.coalesce(col(Document.waits_for), RemarkKind.PEND)
    pended = select(waits_for, func.count()).where(Document.state == DocumentState.PENDED).group_by(waits_for)
    counted = dict(session.exec(pended).all())
    return {title: counted.get(kind, 0) for kind, title in WAITS_FOR.items()}


def _reasons(session: Session) -> tuple[tuple[str, str, int, datetime], ...]:
    """Pended documents by queue and reason, in the order of both; the reason is the one given when it was pended last."""
    last = (
        select(func.max(Remark.id))
        .join(Document, col(Document.id) == Remark.document_id)
        .where(Document.state == DocumentState.PENDED, col(Remark.kind).in_(REASONS))
        .group_by(col(Remark.document_id))
    )
    counted = select(Remark.kind, Remark.code, func.count(), func.min(Remark.said_at)).where(col(Remark.id).in_(last))
    rows = {
        (kind, code or OTHER): (count, since)
        for kind, code, count, since in session.exec(counted.group_by(col(Remark.kind), col(Remark.code)))
    }
    return tuple(
        (WAITS_FOR[kind], reason, *rows[kind, code])
        for kind, codes in REASONS.items()
        for code, reason in codes.items()
        if (kind, code) in rows
    )


def _corrections(session: Session, actor: Actor, since: str) -> dict[str, int]:
    """Values that people changed, a field."""
    query = select(AuditEvent).where(AuditEvent.action == AuditAction.CORRECT, col(AuditEvent.at) >= since)
    if actor.role is Role.TECHNICIAN:
        query = query.where(AuditEvent.actor == actor.name)
    counted = Counter(title_of(json.loads(event.detail)["field"]) for event in session.exec(query))
    return dict(counted.most_common(14))
