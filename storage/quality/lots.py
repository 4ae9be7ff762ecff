"""Which verified documents get a second look: drawn into lots as they come, before they are filed.

A lot collects the documents of one person (of one kind, where the site says so). Its sample is drawn while it fills, each
document with the chance that makes the sample exactly as large as the plan says (selection sampling, Knuth, The Art of
Computer Programming 2, 3.4.2, algorithm S), so that nobody knows beforehand which one it will be and nothing waits for
the lot to be full.
"""

import random
import secrets

from sqlmodel import Session, col, select

from classify.profile import Quality
from storage import documents
from storage.errors import StateRefused
from storage.permissions import MACHINE
from storage.quality.plans import AQLS, LEVELS, Severity, next_severity, plan_for
from storage.tables import Document, QualityItem, QualityLot

DRAWN = ("sample", "inspection", "double_key")
"""Kinds of item that somebody looks at; a `member` is in the lot and was not drawn."""

_SMALLEST = 2


def check_quality(quality: Quality) -> None:
    """StateRefused with a sentence when the site's quality policy asks for something that the standard does not have."""
    if quality.lot and quality.lot < _SMALLEST:
        raise StateRefused("profile.toml, [quality]: a lot holds 2 documents at least; 0 draws no samples.")
    if quality.level not in LEVELS:
        raise StateRefused(f"profile.toml, [quality]: level is one of {', '.join(LEVELS)}.")
    for name in ("major_aql", "minor_aql"):
        if getattr(quality, name) not in AQLS:
            raise StateRefused(f"profile.toml, [quality]: {name} is one of {', '.join(map(str, AQLS))} (percent).")
    if not 0 <= quality.double_key_share <= 1:
        raise StateRefused("profile.toml, [quality]: double_key_share is a share, 0.0 to 1.0.")


def hold_for_second_look(session: Session, document: Document, quality: Quality) -> bool:
    """Put an approved document into its lot; True when it was drawn, for a sample or for second keying, and now waits.

    A document is drawn once: what failed and was verified again is filed.
    """
    assert document.id is not None
    known = session.exec(select(QualityItem.id).where(QualityItem.document_id == document.id)).first()
    if known is not None or not (quality.lot or quality.double_key or quality.double_key_share):
        return False
    drawn = _join_lot(session, document, quality) if quality.lot else False
    if not drawn and _needs_second_key(document, quality):
        session.add(_item(document, "double_key"))
        drawn = True
    if drawn:
        documents.move(session, document.id, "sample", MACHINE, reason="drawn for a second look")
    return drawn


def end_lot(session: Session, lot: QualityLot) -> None:
    """Close a lot that is not full: it is as large as it became, and what the plan for that size still lacks is drawn
    from its members."""
    if lot.state != "filling":
        raise StateRefused("This lot takes no more documents already.")
    items = items_of(session, lot)
    if not items:
        raise StateRefused("This lot is empty.")
    major, minor = (
        plan_for(len(items), aql, lot.level, Severity(lot.severity)) for aql in (lot.major_aql, lot.minor_aql)
    )
    lot.size, lot.state = len(items), "full"
    lot.accept_major, lot.reject_major, lot.accept_minor, lot.reject_minor = (
        major.accept, major.reject, minor.accept, minor.reject,
    )  # fmt: skip
    wanted = max(major.size, minor.size)
    drawn = [item for item in items if item.kind == "sample"]
    members = [item for item in items if item.kind == "member"]
    for item in random.Random(lot.seed).sample(members, max(0, min(len(members), wanted - len(drawn)))):
        item.kind = "sample"
        session.add(item)
        _hold(session, item)
    lot.sample = max(wanted, len(drawn))
    session.add(lot)


def inspect_all(session: Session, lot: QualityLot) -> int:
    """Everything of a rejected lot is looked at, and all that the same person's open lots hold; how many documents."""
    lots = [lot.id, *session.exec(
        select(QualityLot.id).where(QualityLot.operator == lot.operator, col(QualityLot.state) == "filling")
    )]  # fmt: skip
    members = session.exec(
        select(QualityItem).where(col(QualityItem.lot_id).in_(lots), QualityItem.kind == "member")
    ).all()
    for item in members:
        item.kind = "inspection"
        session.add(item)
        _hold(session, item)
    return len(members)


def items_of(session: Session, lot: QualityLot) -> list[QualityItem]:
    """The documents of a lot as they came."""
    return list(session.exec(select(QualityItem).where(QualityItem.lot_id == lot.id).order_by(col(QualityItem.id))))


def _join_lot(session: Session, document: Document, quality: Quality) -> bool:
    operator = document.verified_by or MACHINE.name
    kind = document.type_code if quality.by_type else ""
    lot = _open_lot(session, operator, kind) or _new_lot(session, operator, kind, quality)
    items = items_of(session, lot)
    drawn = sum(item.kind == "sample" for item in items)
    chance = (lot.sample - drawn) / (lot.size - len(items))
    is_drawn = random.Random(f"{lot.seed}:{len(items)}").random() < chance
    item = _item(document, "sample" if is_drawn else "member", lot.id)
    session.add(item)
    if len(items) + 1 == lot.size:
        lot.state = "full"
        session.add(lot)
    session.flush()
    return is_drawn


def _open_lot(session: Session, operator: str, kind: str) -> QualityLot | None:
    return session.exec(
        select(QualityLot).where(
            QualityLot.operator == operator, QualityLot.type_code == kind, QualityLot.state == "filling"
        )
    ).first()


def _new_lot(session: Session, operator: str, kind: str, quality: Quality) -> QualityLot:
    before = list(
        session.exec(
            select(QualityLot)
            .where(
                QualityLot.operator == operator,
                QualityLot.type_code == kind,
                col(QualityLot.state).in_(("accepted", "rejected")),
            )
            .order_by(col(QualityLot.id))
        )
    )
    now = Severity(before[-1].severity) if before else Severity.NORMAL
    since = _run_of(before, now)
    severity = Severity.NORMAL if before and before[-1].is_between else next_severity(now, since)
    major = plan_for(quality.lot, quality.major_aql, quality.level, severity)
    minor = plan_for(quality.lot, quality.minor_aql, quality.level, severity)
    lot = QualityLot(
        operator=operator, type_code=kind, level=quality.level, major_aql=quality.major_aql, minor_aql=quality.minor_aql,
        severity=severity, size=quality.lot, sample=max(major.size, minor.size),
        accept_major=major.accept, reject_major=major.reject, accept_minor=minor.accept, reject_minor=minor.reject,
        seed=secrets.token_hex(8),
    )  # fmt: skip
    session.add(lot)
    session.flush()
    return lot


def _run_of(lots: list[QualityLot], severity: Severity) -> list[bool]:
    """Whether the newest lots in a row that were looked at this hard were accepted, oldest first."""
    run: list[bool] = []
    for lot in reversed(lots):
        if lot.severity != severity:
            break
        run.append(lot.state == "accepted")
    return run[::-1]


def _needs_second_key(document: Document, quality: Quality) -> bool:
    return document.type_code in quality.double_key or secrets.randbelow(10_000) < quality.double_key_share * 10_000


def _item(document: Document, kind: str, lot_id: int | None = None) -> QualityItem:
    assert document.id is not None
    return QualityItem(
        lot_id=lot_id, document_id=document.id, kind=kind, operator=document.verified_by or MACHINE.name,
        type_code=document.type_code, person_id=document.person_id,
    )  # fmt: skip


def _hold(session: Session, item: QualityItem) -> None:
    """A document that is not filed yet waits for its second look; one that is filed is looked at where it is."""
    document = session.get_one(Document, item.document_id)
    if document.state == "verified":
        documents.move(session, item.document_id, "sample", MACHINE, reason="drawn for a second look")
