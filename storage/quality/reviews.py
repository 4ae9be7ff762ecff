"""The second look itself: blind, by somebody else; then both answers are compared and one of them is wrong.

The second person sees the pages and no value. What they key is kept before anything is compared, and stays. Where the
two differ, the second person says who was wrong, now that both are seen; what they find on the pages besides is ticked.
A document of a sample is judged by a supervisor; for blind second keying anybody who verifies will do.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from classify.profile import Profile
from classify.validation import check_entry
from storage.documents import filing, identity, misfiling, moves, viewing
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.permissions import MACHINE, Action, Actor, can, check_can
from storage.foundation.states import DocumentState, ItemKind, LotState
from storage.foundation.tables.desk import Remark, RemarkKind
from storage.foundation.tables.documents import Document
from storage.foundation.tables.quality import QualityItem, QualityLot
from storage.foundation.tables.roster import Person
from storage.foundation.typed import VALUE, typed_reason, typed_text
from storage.foundation.vault import Vault
from storage.quality import lots
from storage.quality.defects import BY_CODE, FOUND_BY_KEYING, Weight, weighs
from storage.roster.names import has_mrn, names_of

_WHOSE = ("mrn", "dob", "name")

ASKED: dict[str, tuple[str, ...]] = {
    ItemKind.SAMPLE: (*_WHOSE, "type", "service_date"),
    ItemKind.INSPECTION: (*_WHOSE, "type", "service_date"),
    ItemKind.DOUBLE_KEY: _WHOSE,
}
"""What the second person keys, by why the document was drawn."""

_DATES = frozenset({"dob", "service_date"})
_NOTHING = "nothing"

HOLD_MINUTES = 60
"""A document that somebody keyed and left is free for somebody else after this long; what they keyed is then forgotten."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that the two people keyed otherwise: theirs is seen only after the second one is kept."""

    name: str
    first: str
    second: str


def waiting(session: Session, actor: Actor, limit: int = 200) -> list[QualityItem]:
    """What this person may look at again, oldest first: never what they verified themselves."""
    check_can(actor, Action.SECOND_KEY)
    kinds = lots.DRAWN if can(actor, Action.CHECK_QUALITY) else (ItemKind.DOUBLE_KEY,)
    rows = session.exec(
        select(QualityItem, Document)
        .join(Document, col(Document.id) == QualityItem.document_id)
        .where(
            col(QualityItem.kind).in_(kinds),
            col(QualityItem.decided_at).is_(None),
            QualityItem.verified_by != actor.name,
        )
        .order_by(col(QualityItem.id))
    )
    found = []
    for item, document in rows:
        if _is_free(item, actor) and lots.is_lookable(session, item) and viewing.may_open(session, document, actor):
            found.append(item)
            if len(found) == limit:
                break
    return found


def waiting_for_review(session: Session, actor: Actor) -> list[QualityItem]:
    """Documents that wait for a second look and are not filed, oldest first: for a supervisor who may let one go."""
    check_can(actor, Action.CHECK_QUALITY)
    rows = session.exec(
        select(QualityItem)
        .join(Document, col(Document.id) == QualityItem.document_id)
        .where(
            col(QualityItem.kind).in_(lots.DRAWN),
            col(QualityItem.decided_at).is_(None),
            Document.state == DocumentState.TO_QC,
        )
        .order_by(col(QualityItem.id))
    )
    return list(rows)


def file_without_review(session: Session, vault: Vault, item_id: int, actor: Actor, reason: str) -> QualityItem:
    """File a document without its second look, with a reason: where nobody else is there to look. It does not count as looked
    at; another document of its lot is drawn in its place."""
    check_can(actor, Action.CHECK_QUALITY)
    item = session.get(QualityItem, item_id)
    reason = typed_reason(reason, why="it is kept in place of the quality review")
    if item is None or item.kind not in lots.DRAWN or item.decided_at is not None:
        raise StateRefused("This document does not wait for quality review.")
    if session.get_one(Document, item.document_id).state == DocumentState.TO_QC:
        filing.file_document(session, vault, item.document_id, "pass_qc", actor)
    lots.advance_item(session, item, "file_without_review", actor)
    session.flush()
    session.add(
        Remark(
            document_id=item.document_id,
            kind=RemarkKind.COMMENT,
            text=f"No quality review: {reason}",
            said_by=actor.name,
        )
    )
    audit.record(session, actor, AuditAction.LET_GO, f"document:{item.document_id}", item=item_id)
    if item.lot_id is not None:
        decide_lot(session, session.get_one(QualityLot, item.lot_id), actor)
    return item


def key(
    session: Session,
    item_id: int,
    values: dict[str, str],
    actor: Actor,
    *,
    day_first: bool = False,
    has_no_identity: bool = False,
) -> list[Difference]:
    """Keep what the second person reads on the pages, and give what differs; once kept it is not changed.

    A value that the page does not show is left empty, and then not compared. `has_no_identity` says that the pages name
    nobody: then only what is ticked afterwards counts.
    """
    item = _open_item(session, item_id, actor)
    if item.keyed is None or item.keyed_by != actor.name:
        asked = ASKED[item.kind]
        kept = {name: typed_text(values.get(name, ""), VALUE, f"The {name}") for name in asked}
        for name in _DATES & set(asked):
            entry = check_entry(name, kept[name], Profile(day_first=day_first))
            if not entry.is_right:
                raise StateRefused(entry.sentence)
            kept[name] = entry.value
        if has_no_identity:
            kept[_NOTHING] = "1"
        elif not any(kept[name] for name in _WHOSE):
            raise StateRefused(
                "Type the MRN, the date of birth or the name as the pages show it, or say that they show none."
            )
        item.keyed, item.keyed_by, item.keyed_at = kept, actor.name, utc_now()
        item.differs = [d.name for d in differences(session, item, actor)]
        session.add(item)
        audit.record(
            session,
            actor,
            AuditAction.SECOND_KEY,
            f"document:{item.document_id}",
            item=item_id,
            differs=list(item.differs),
        )
    return differences(session, item, actor)


def differences(session: Session, item: QualityItem, actor: Actor) -> list[Difference]:
    """Both values where they differ now, for the person who keyed the second ones."""
    if item.keyed is None or item.keyed_by != actor.name:
        return []
    found = ((name, _first(session, item, name, item.keyed.get(name, ""))) for name in ASKED[item.kind])
    return [Difference(name, first, item.keyed[name]) for name, first in found if first is not None]


def decide(
    session: Session, vault: Vault, item_id: int, actor: Actor, *, wrong: list[str], slips: list[str], note: str = ""
) -> QualityItem:
    """Pass the document or send it back.

    `wrong` are error codes: what the first person had wrong, and what was found on the pages. `slips` are the keyed values
    in which the second person was wrong. Every difference is one or the other. A critical or major error sends the
    document back to the desk, or, when it is filed, proposes its correction; minor ones are counted.
    """
    item = _open_item(session, item_id, actor)
    if item.keyed is None or item.keyed_by != actor.name:
        raise StateRefused("Enter what the page shows first, without seeing the values.")
    if set(wrong) - BY_CODE.keys():
        raise StateRefused("There is no such kind of error.")
    names = [d.name for d in differences(session, item, actor)]
    open_ones = [name for name in names if FOUND_BY_KEYING[name] not in wrong and name not in slips]
    if open_ones:
        raise StateRefused(f"Say who was wrong about: {', '.join(open_ones)}.")
    item.errors, item.slips = sorted(set(wrong)), sorted(set(slips) & set(names))
    item.passed = not (weighs(item.errors, Weight.CRITICAL) or weighs(item.errors, Weight.MAJOR))
    item.decided_by, item.decided_at = actor.name, utc_now()
    session.add(item)
    audit.record(
        session, actor, AuditAction.SECOND_LOOK, f"document:{item.document_id}",
        item=item_id, passed=int(bool(item.passed)), errors=list(item.errors), slips=list(item.slips),
    )  # fmt: skip
    _carry_out(session, vault, item, actor, typed_text(note, what="The note"))
    session.flush()
    if item.lot_id is not None:
        decide_lot(session, session.get_one(QualityLot, item.lot_id), actor)
    return item


def decide_lot(session: Session, lot: QualityLot, actor: Actor) -> None:
    """Accept or reject a lot whose sample was looked at wholly; a critical error rejects it at once.

    Documents that were reopened or re-verified leave the sample and are replaced from the same lot. A lot with no completed
    review is never accepted.
    """
    if lot.state not in (LotState.FILLING, LotState.FULL):
        return
    for item in lots.items_of(session, lot):
        if item.kind == ItemKind.SAMPLE and item.decided_at is None and not lots.is_lookable(session, item):
            lots.advance_item(session, item, "overtake", MACHINE)
            session.flush()
    if lot.state == LotState.FULL:
        lots.draw_missing(session, lot)
    drawn = [item for item in lots.items_of(session, lot) if item.kind == ItemKind.SAMPLE]
    done = [item for item in drawn if item.decided_at is not None]
    is_open = len(done) < len(drawn)
    critical = sum(weighs(item.errors, Weight.CRITICAL) for item in done)
    plans = dict(zip((Weight.MAJOR, Weight.MINOR), lots.plans_of(lot), strict=True))
    found = {weight: sum(weighs(item.errors, weight) for item in done[: plan.size]) for weight, plan in plans.items()}
    is_rejected = bool(critical) or any(found[weight] >= plan.reject for weight, plan in plans.items())
    if not is_rejected and (lot.state == LotState.FILLING or is_open or not done):
        return
    lot.is_between = not is_rejected and any(found[weight] > plan.accept for weight, plan in plans.items())
    to_inspect = lots.judge(session, lot, actor, is_rejected=is_rejected)
    audit.record(
        session, actor, AuditAction.DECIDE_LOT, f"lot:{lot.id}", outcome=lot.state, critical=critical,
        major=found[Weight.MAJOR], minor=found[Weight.MINOR], looked_at=len(done), inspect=to_inspect,
    )  # fmt: skip


def end_lot(session: Session, lot_id: int, actor: Actor) -> QualityLot:
    """Close a lot that is not full, so that it can be judged."""
    check_can(actor, Action.CHECK_QUALITY)
    lot = session.get(QualityLot, lot_id)
    if lot is None:
        raise StateRefused("There is no such QA batch.")
    lots.end_lot(session, lot, actor)
    audit.record(session, actor, AuditAction.END_LOT, f"lot:{lot_id}", size=lot.size, sample=lot.sample)
    decide_lot(session, lot, actor)
    return lot


def _carry_out(session: Session, vault: Vault, item: QualityItem, actor: Actor, note: str) -> None:
    document = session.get_one(Document, item.document_id)
    said = ", ".join(BY_CODE[code].title.lower() for code in item.errors)
    if document.state != DocumentState.TO_QC:  # it is filed already
        if item.passed:
            return
        session.add(
            Remark(
                document_id=item.document_id,
                kind=RemarkKind.COMMENT,
                text=f"Quality review: {said}. {note}".strip(),
                said_by=actor.name,
            )
        )
        if "wrong_patient" in item.errors and misfiling.open_of(session, item.document_id) is None:
            misfiling.propose(
                session,
                item.document_id,
                [],
                None,
                f"quality review {item.id}: {said}",
                misfiling.Cause.WRONG_CHOICE,
                actor,
            )
        return
    if item.passed:
        event = "pass_qc" if can(actor, Action.CHECK_QUALITY) else "keyed_alike"
        filing.file_document(session, vault, item.document_id, event, actor)
        return
    event = "fail_qc" if can(actor, Action.CHECK_QUALITY) else "keyed_otherwise"
    moves.move(session, item.document_id, event, actor, reason=f"quality review: {said}")
    document.priority, document.verified_by = 1, None
    document.why_waiting = f"Quality review: {said}. {note}".strip()
    session.add(document)


def _open_item(session: Session, item_id: int, actor: Actor) -> QualityItem:
    check_can(actor, Action.SECOND_KEY)
    item = session.get(QualityItem, item_id)
    if item is None or item.kind not in lots.DRAWN:
        raise StateRefused("This document was not sampled for quality review.")
    if item.kind != ItemKind.DOUBLE_KEY:
        check_can(actor, Action.CHECK_QUALITY)
    document = session.get_one(Document, item.document_id)
    if actor.name in (item.verified_by, document.verified_by):
        raise NotAllowed("You verified this document: somebody else must review it.")
    if item.decided_at is not None:
        raise StateRefused("This document was reviewed already.")
    if not _is_free(item, actor):
        raise StateRefused(f"{item.keyed_by} is reviewing this document.")
    if not lots.is_lookable(session, item):
        raise StateRefused("This document was changed since it was drawn; there is nothing to review any more.")
    viewing.check_may_see(session, document, actor)
    return item


def _is_free(item: QualityItem, actor: Actor) -> bool:
    """Whether nobody else is at it: somebody who keyed it and has not decided holds it for an hour."""
    if item.keyed_by in (None, actor.name):
        return True
    return item.keyed_at is None or item.keyed_at < utc_now() - timedelta(minutes=HOLD_MINUTES)


def _first(session: Session, item: QualityItem, name: str, keyed: str) -> str | None:
    """What the first person left where the second one keyed otherwise; None when they agree or there is nothing to compare."""
    if not keyed:
        return None
    document = session.get_one(Document, item.document_id)
    person = session.get_one(Person, document.person_id)
    if name == "mrn":
        return None if has_mrn(person, keyed) else person.mrn
    if name == "name":
        known = names_of(person)
        return None if any(identity.is_named(keyed, one) for one in known) else known[0]
    first = {
        "dob": person.birth_date.isoformat() if person.birth_date else "",
        "type": document.type_code,
        "service_date": document.service_date or "",
    }[name]
    return None if keyed == first or (name == "dob" and not first) else first
