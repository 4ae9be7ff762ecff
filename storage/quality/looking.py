"""The second look itself: blind, by somebody else; then both answers are compared and one of them is wrong.

The second person sees the pages and no value. What they key is kept before anything is compared, and stays. Where the
two differ, the second person says who was wrong, now that both are seen; what they find on the pages besides is ticked.
A document of a sample is judged by a supervisor; for blind second keying anybody who verifies will do.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from classify import normal
from storage import audit, documents, filing, pages, viewing
from storage.errors import NotAllowed, StateRefused
from storage.permissions import Action, Actor, can, check_can
from storage.quality import lots
from storage.quality.errors import BY_CODE, FOUND_BY_KEYING, Weight, weighs
from storage.states import DocumentState
from storage.tables import Document, Encounter, Person, QualityItem, QualityLot, utc_now
from storage.vault import Vault

ASKED = {"sample": ("mrn", "dob", "type", "service_date"), "inspection": ("mrn", "dob", "type", "service_date"), "double_key": ("mrn", "dob")}  # fmt: skip
"""What the second person keys, by why the document was drawn."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that the two people keyed otherwise: theirs is seen only after the second one is kept."""

    name: str
    first: str
    second: str


def waiting(session: Session, actor: Actor, limit: int = 200) -> list[QualityItem]:
    """What this person may look at again, oldest first: never what they verified themselves."""
    check_can(actor, Action.SECOND_KEY)
    kinds = lots.DRAWN if can(actor, Action.CHECK_QUALITY) else ("double_key",)
    rows = session.exec(
        select(QualityItem, Document)
        .join(Document, col(Document.id) == QualityItem.document_id)
        .where(
            col(QualityItem.kind).in_(kinds),
            col(QualityItem.decided_at).is_(None),
            QualityItem.operator != actor.name,
            col(Document.state).in_(pages.APPROVED_STATES),
        )
        .order_by(col(QualityItem.id))
        .limit(limit)
    )
    return [item for item, document in rows if viewing.may_open(session, document, actor)]


def key(session: Session, item_id: int, values: dict[str, str], actor: Actor) -> list[Difference]:
    """Keep what the second person reads on the pages, and give what differs; once kept it is not changed.

    A value that the page does not bear is left empty, and then not compared.
    """
    item = _open_item(session, item_id, actor)
    if item.keyed is None:
        asked = ASKED[item.kind]
        kept = {name: " ".join(values.get(name, "").split())[:80] for name in asked}
        if not (kept.get("mrn") or kept.get("dob")):
            raise StateRefused(
                "Key the MRN or the date of birth as the pages bear it; without either nothing is compared."
            )
        item.keyed, item.keyed_by = kept, actor.name
        item.differs = [name for name in asked if kept[name] and _first(session, item, name, kept[name]) is not None]
        session.add(item)
        audit.record(
            session, actor, "second_key", f"document:{item.document_id}", item=item_id, differs=list(item.differs)
        )
    return differences(session, item, actor)


def differences(session: Session, item: QualityItem, actor: Actor) -> list[Difference]:
    """Both values where they differ, for the person who keyed the second ones."""
    if item.keyed is None or item.keyed_by != actor.name:
        return []
    found = ((name, _first(session, item, name, item.keyed[name])) for name in item.differs)
    return [Difference(name, first, item.keyed[name]) for name, first in found if first is not None]


def decide(
    session: Session, vault: Vault, item_id: int, actor: Actor, *, wrong: list[str], slips: list[str], note: str = ""
) -> QualityItem:
    """Pass the document or send it back.

    `wrong` are error codes: what the first person had wrong, and what was found on the pages. `slips` are the keyed values
    in which the second person was wrong. Every difference is one or the other. A critical or major error sends the
    document back to the desk; minor ones are counted.
    """
    item = _open_item(session, item_id, actor)
    if item.keyed is None or item.keyed_by != actor.name:
        raise StateRefused("Key what the pages say first, without seeing the values.")
    unknown = set(wrong) - BY_CODE.keys()
    if unknown:
        raise StateRefused("There is no such kind of error.")
    open_ones = [name for name in item.differs if FOUND_BY_KEYING[name] not in wrong and name not in slips]
    if open_ones:
        raise StateRefused(f"Say who was wrong about: {', '.join(open_ones)}.")
    item.errors, item.slips = sorted(set(wrong)), sorted(set(slips) & set(item.differs))
    item.passed = not (weighs(item.errors, Weight.CRITICAL) or weighs(item.errors, Weight.MAJOR))
    item.decided_by, item.decided_at = actor.name, utc_now()
    session.add(item)
    audit.record(
        session, actor, "second_look", f"document:{item.document_id}",
        item=item_id, passed=int(bool(item.passed)), errors=list(item.errors), slips=list(item.slips),
    )  # fmt: skip
    _carry_out(session, vault, item, actor, note)
    session.flush()
    if item.lot_id is not None:
        decide_lot(session, session.get_one(QualityLot, item.lot_id), actor)
    return item


def decide_lot(session: Session, lot: QualityLot, actor: Actor) -> None:
    """Accept or reject a lot whose sample was looked at wholly; a critical error rejects it at once."""
    if lot.state not in ("filling", "full"):
        return
    drawn = [item for item in lots.items_of(session, lot) if item.kind == "sample"]
    done = [item for item in drawn if item.decided_at is not None]
    critical, major, minor = (sum(weighs(item.errors, weight) for item in done) for weight in Weight)
    is_rejected = bool(critical) or major >= lot.reject_major or minor >= lot.reject_minor
    if not is_rejected and (lot.state == "filling" or len(done) < len(drawn)):
        return
    lot.is_between = not is_rejected and (major > lot.accept_major or minor > lot.accept_minor)
    lot.state, lot.decided_at = "rejected" if is_rejected else "accepted", utc_now()
    session.add(lot)
    to_inspect = lots.inspect_all(session, lot) if is_rejected else 0
    audit.record(
        session, actor, "decide_lot", f"lot:{lot.id}",
        outcome=lot.state, critical=critical, major=major, minor=minor, looked_at=len(done), inspect=to_inspect,
    )  # fmt: skip


def end_lot(session: Session, lot_id: int, actor: Actor) -> QualityLot:
    """Close a lot that is not full, so that it can be judged."""
    check_can(actor, Action.CHECK_QUALITY)
    lot = session.get(QualityLot, lot_id)
    if lot is None:
        raise StateRefused("There is no such lot.")
    lots.end_lot(session, lot)
    audit.record(session, actor, "end_lot", f"lot:{lot_id}", size=lot.size, sample=lot.sample)
    decide_lot(session, lot, actor)
    return lot


def _carry_out(session: Session, vault: Vault, item: QualityItem, actor: Actor, note: str) -> None:
    document = session.get_one(Document, item.document_id)
    if document.state != DocumentState.TO_QC:  # it is filed: what is wrong is corrected by two people, or amended
        return
    if item.passed:
        event = "pass_qc" if can(actor, Action.CHECK_QUALITY) else "keyed_alike"
        filing.file_document(session, vault, item.document_id, event, actor)
        return
    said = ", ".join(BY_CODE[code].title.lower() for code in item.errors)
    event = "fail_qc" if can(actor, Action.CHECK_QUALITY) else "keyed_otherwise"
    documents.move(session, item.document_id, event, actor, reason=f"second look: {said}")
    document.priority, document.verified_by = 1, None
    document.why_waiting = " ".join(f"Second look: {said}. {note}".split())[:300]
    session.add(document)


def _open_item(session: Session, item_id: int, actor: Actor) -> QualityItem:
    check_can(actor, Action.SECOND_KEY)
    item = session.get(QualityItem, item_id)
    if item is None or item.kind not in lots.DRAWN:
        raise StateRefused("This document was not drawn for a second look.")
    if item.kind != "double_key":
        check_can(actor, Action.CHECK_QUALITY)
    if item.operator == actor.name:
        raise NotAllowed("You verified this document: somebody else looks at it again.")
    if item.decided_at is not None:
        raise StateRefused("This document was looked at already.")
    if item.keyed_by not in (None, actor.name):
        raise StateRefused(f"{item.keyed_by} is looking at this document.")
    document = session.get_one(Document, item.document_id)
    if document.state not in pages.APPROVED_STATES:
        raise StateRefused(
            f"This document is {document.state.replace('_', ' ')} now; it is looked at again when approved."
        )
    viewing.check_may_see(session, document, actor)
    return item


def _first(session: Session, item: QualityItem, name: str, keyed: str) -> str | None:
    """What the first person left where the second one keyed otherwise; None when they agree or there is nothing to compare."""
    document = session.get_one(Document, item.document_id)
    person = session.get_one(Person, document.person_id)
    if name == "mrn":
        same = normal.number(keyed) in map(normal.number, (person.mrn, *person.other_mrns))
        return None if same else person.mrn
    if name == "dob":
        born = person.birth_date.isoformat() if person.birth_date else ""
        day = normal.parse_date(keyed)
        return None if born and day and day.isoformat() == born else born
    if name == "encounter":
        visit = session.get(Encounter, document.encounter_id) if document.encounter_id else None
        return (
            None if visit and normal.number(keyed) == normal.number(visit.number) else (visit.number if visit else "")
        )
    if name == "type":
        return None if keyed == document.type_code else document.type_code
    day = normal.parse_date(keyed)
    return None if day and day.isoformat() == (document.service_date or "") else document.service_date or ""
