"""Which verified documents get a second look: drawn into lots as they come, before they are filed.

A lot collects the documents of one person (of one kind, where the site says so). Its sample is drawn while it fills, each
document with the chance that makes the sample exactly as large as the plan says (selection sampling, Knuth, The Art of
Computer Programming 2, 3.4.2, algorithm S), so that nobody knows beforehand which one it will be and nothing waits for
the lot to be full.
"""

import random
import secrets
from collections.abc import Callable

from sqlmodel import Session, col, func, select

from storage.custody import pages
from storage.documents import moves
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import MACHINE, Actor
from storage.foundation.states import ITEM, LOT, DocumentState, Effect, Guard, ItemKind, LotState
from storage.foundation.tables.documents import Document
from storage.foundation.tables.quality import QualityItem, QualityLot
from storage.quality.defects import Weight, weighs
from storage.quality.plans import Plan, Severity, next_severity, plan_for
from storage.quality.policy import Quality

DRAWN = (ItemKind.SAMPLE, ItemKind.INSPECTION, ItemKind.DOUBLE_KEY)
"""Kinds of item that somebody looks at; a `member` is in the lot and was not drawn."""


def hold_for_second_look(session: Session, document: Document, quality: Quality) -> bool:
    """Put an approved document into its lot; True when it was drawn, for a sample or for second keying, and now waits.

    A document is drawn once; one that was sent back for a critical error is keyed again after it was verified anew,
    whatever the policy, so that nobody puts their own finding right alone.
    """
    last = session.exec(
        select(QualityItem).where(QualityItem.document_id == document.id).order_by(col(QualityItem.id).desc())
    ).first()
    if last is not None:
        drawn = last.passed is False and weighs(last.errors, Weight.CRITICAL)
    else:
        drawn = _join_lot(session, document, quality) if quality.lot else False
        drawn = drawn or _needs_second_key(document, quality)
    if drawn and (last is not None or not _was_drawn(session, document)):
        session.add(_item(document, ItemKind.DOUBLE_KEY))
    if drawn:
        moves.move(session, document.id, "sample", MACHINE, reason="sampled for quality review")
    return drawn


def plans_of(lot: QualityLot) -> tuple[Plan, Plan]:
    """The plans of a lot for major and for minor errors; each is judged on as many documents as it asks for."""
    major, minor = (
        plan_for(lot.size, aql, lot.level, Severity(lot.severity)) for aql in (lot.major_aql, lot.minor_aql)
    )
    return major, minor


def advance_lot(session: Session, lot: QualityLot, event: str, actor: Actor) -> None:
    """Move a lot along its table of states, in the caller's transaction; the caller writes the audit event."""
    move = LOT.find(lot.state, event, actor.acts_as)
    for guard in move.guards:
        _LOT_GUARDS[guard](session, lot)
    lot.state = move.after
    session.add(lot)


def advance_item(session: Session, item: QualityItem, event: str, actor: Actor) -> None:
    """Move a document of a lot along its table of states, in the caller's transaction; the caller writes the audit event."""
    move = ITEM.find(item.kind, event, actor.acts_as)
    for guard in move.guards:
        _ITEM_GUARDS[guard](item)
    item.kind = move.after
    if Effect.CLOSE_ITEM in move.effects:
        item.decided_by, item.decided_at = actor.name, utc_now()
    session.add(item)


def _check_has_documents(session: Session, lot: QualityLot) -> None:
    if not items_of(session, lot):
        raise StateRefused("This QA batch is empty.")


def _check_is_undecided(item: QualityItem) -> None:
    if item.decided_at is not None:
        raise StateRefused("This document was reviewed already.")


_LOT_GUARDS: dict[Guard, Callable[[Session, QualityLot], None]] = {Guard.NOT_EMPTY: _check_has_documents}
_ITEM_GUARDS: dict[Guard, Callable[[QualityItem], None]] = {Guard.UNDECIDED: _check_is_undecided}


def end_lot(session: Session, lot: QualityLot, actor: Actor) -> None:
    """Close a lot that is not full: it is as large as it became, and what the plans for that size still lack is drawn
    from what was not."""
    advance_lot(session, lot, "end", actor)
    items = items_of(session, lot)
    lot.size = len(items)
    drawn = sum(item.kind == ItemKind.SAMPLE for item in items)
    lot.sample = max(drawn, *(plan.size for plan in plans_of(lot)))
    session.add(lot)
    draw_missing(session, lot)


def draw_missing(session: Session, lot: QualityLot) -> None:
    """Draw what the sample of a full lot still lacks, from what was not drawn: the lot was ended early, or a document of the
    sample was let go, left the chart or was verified anew."""
    items = items_of(session, lot)
    missing = lot.sample - sum(item.kind == ItemKind.SAMPLE for item in items)
    others = [item for item in items if item.kind == ItemKind.MEMBER and is_lookable(session, item)]
    for item in random.Random(f"{lot.seed}:{len(others)}").sample(others, max(0, min(len(others), missing))):
        advance_item(session, item, "draw", MACHINE)
        hold(session, item)
    session.flush()


def judge(session: Session, lot: QualityLot, actor: Actor, *, is_rejected: bool) -> int:
    """Accept or reject a lot. With a rejected one go the open lots of the same person, and everything in them is looked at;
    gives how many documents that is."""
    if not is_rejected:
        advance_lot(session, lot, "accept", actor)
        lot.decided_at = utc_now()
        return 0
    open_lots = session.exec(
        select(QualityLot).where(
            QualityLot.verified_by == lot.verified_by,
            col(QualityLot.state) == LotState.FILLING,
            QualityLot.id != lot.id,
        )
    ).all()
    found, now = 0, utc_now()
    for one in (lot, *open_lots):
        advance_lot(session, one, "reject", actor)
        one.decided_at = now
        for item in items_of(session, one):
            if item.kind == ItemKind.MEMBER:
                advance_item(session, item, "inspect", MACHINE)
                hold(session, item)
                found += 1
    return found


def items_of(session: Session, lot: QualityLot) -> list[QualityItem]:
    """The documents of a lot as they came."""
    return list(session.exec(select(QualityItem).where(QualityItem.lot_id == lot.id).order_by(col(QualityItem.id))))


def is_lookable(session: Session, item: QualityItem) -> bool:
    """Whether the document is still what was drawn: in the chart or on its way there, as the same person verified it."""
    document = session.get_one(Document, item.document_id)
    is_same = (document.verified_by or MACHINE.name) == item.verified_by
    return is_same and document.state in pages.APPROVED_STATES


def hold(session: Session, item: QualityItem) -> None:
    """A document that is not filed yet waits for its second look; one that is filed is looked at where it is."""
    document = session.get_one(Document, item.document_id)
    if document.state == DocumentState.VERIFIED:
        moves.move(session, item.document_id, "sample", MACHINE, reason="sampled for quality review")


def _was_drawn(session: Session, document: Document) -> bool:
    drawn = select(QualityItem.id).where(
        QualityItem.document_id == document.id, col(QualityItem.kind).in_(DRAWN), col(QualityItem.decided_at).is_(None)
    )
    return session.exec(drawn).first() is not None


def _join_lot(session: Session, document: Document, quality: Quality) -> bool:
    verified_by = document.verified_by or MACHINE.name
    kind = document.type_code if quality.by_type else ""
    lot = _open_lot(session, verified_by, kind) or _new_lot(session, verified_by, kind, quality)
    counted = dict(
        session.exec(
            select(QualityItem.kind, func.count()).where(QualityItem.lot_id == lot.id).group_by(QualityItem.kind)
        ).all()
    )
    size = sum(counted.values())
    chance = (lot.sample - (size - counted.get(ItemKind.MEMBER, 0))) / (lot.size - size)
    is_drawn = random.Random(f"{lot.seed}:{size}").random() < chance
    session.add(_item(document, ItemKind.SAMPLE if is_drawn else ItemKind.MEMBER, lot.id))
    if size + 1 == lot.size:
        advance_lot(session, lot, "fill", MACHINE)
    session.flush()
    return is_drawn


def _open_lot(session: Session, verified_by: str, kind: str) -> QualityLot | None:
    return session.exec(
        select(QualityLot).where(
            QualityLot.verified_by == verified_by, QualityLot.type_code == kind, QualityLot.state == LotState.FILLING
        )
    ).first()


def _new_lot(session: Session, verified_by: str, kind: str, quality: Quality) -> QualityLot:
    before = list(
        session.exec(
            select(QualityLot)
            .where(
                QualityLot.verified_by == verified_by,
                QualityLot.type_code == kind,
                col(QualityLot.state).in_((LotState.ACCEPTED, LotState.REJECTED)),
            )
            .order_by(col(QualityLot.id))
        )
    )
    now = Severity(before[-1].severity) if before else Severity.NORMAL
    severity = Severity.NORMAL if before and before[-1].is_between else next_severity(now, _run_of(before, now))
    lot = QualityLot(
        verified_by=verified_by, type_code=kind, level=quality.level, major_aql=quality.major_aql, minor_aql=quality.minor_aql,
        severity=severity, size=quality.lot, sample=0, seed=secrets.token_hex(8),
    )  # fmt: skip
    lot.sample = max(plan.size for plan in plans_of(lot))
    session.add(lot)
    session.flush()
    return lot


def _run_of(lots: list[QualityLot], severity: Severity) -> list[bool]:
    """Whether the newest lots in a row that were looked at this hard were accepted, oldest first."""
    run: list[bool] = []
    for lot in reversed(lots):
        if lot.severity != severity:
            break
        run.append(lot.state == LotState.ACCEPTED)
    return run[::-1]


def _needs_second_key(document: Document, quality: Quality) -> bool:
    return document.type_code in quality.double_key or secrets.randbelow(10_000) < quality.double_key_share * 10_000


def _item(document: Document, kind: ItemKind, lot_id: int | None = None) -> QualityItem:
    return QualityItem(
        lot_id=lot_id, document_id=document.id, kind=kind, verified_by=document.verified_by or MACHINE.name,
        type_code=document.type_code, person_id=document.person_id,
    )  # fmt: skip
