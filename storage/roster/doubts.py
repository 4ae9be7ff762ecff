"""Merges that a feed asks for and a person must decide, because the two do not look like one human being.

Joining two people puts two charts into one: the worst error there is. So a merge whose names and birthdays disagree is
refused and kept as a doubt, in the audit log, until a supervisor merges the two by hand or declines.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from sqlmodel import Session, col, select

from classify.matching import alike
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.states import DOUBT, DoubtState
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.roster import Person
from storage.roster.messages import MergeDoubt
from storage.roster.registering import MOST_EDITS_OF_A_DATE, MOST_YEARS_APART, UpdateRefused

_UNKNOWN_BIRTHDAY = "19000101"
"""What registration systems put where a birthday is unknown."""


@dataclass(frozen=True, slots=True)
class OpenDoubt:
    """A merge that is left to a person, with the two as the list has them (none: nobody on the list)."""

    id: int
    loser: Person
    survivor: Person | None
    differs: str
    source: str

    @property
    def loser_mrn(self) -> str:
        return self.loser.mrn

    @property
    def survivor_mrn(self) -> str | None:
        return self.survivor.mrn if self.survivor else None


class MergeDoubted(UpdateRefused):
    """A merge that is not made by itself; it carries what is asked of a person."""

    def __init__(self, doubt: MergeDoubt) -> None:
        super().__init__(
            f"the two patients differ in {doubt.differs}, so they were not merged; a person decides: chartroom roster questions"
        )
        self.doubt = doubt


def find_difference(one: Person, other: Person) -> str:
    """What speaks against two rows being one human being, in words; empty when they agree well enough to merge.

    Another first name, or another birthday than a slip of the hand makes, is enough by itself: twins share all but the
    first name, father and son all but the birthday. A surname alone changes by marriage.
    """
    differs, is_enough = [], False
    if _are_other(one.family, other.family) and not _shares_surname(one, other):
        differs.append("surname")
    if _are_other(one.given, other.given):
        differs.append("first name")
        is_enough |= not _is_same_given(one, other)
    before, after = (f"{day:%Y%m%d}" if day else "" for day in (one.birth_date, other.birth_date))
    if before and after and before != after and _UNKNOWN_BIRTHDAY not in (before, after):
        differs.append("date of birth")
        is_enough |= (
            alike.edits(before, after) > MOST_EDITS_OF_A_DATE
            or abs(int(before[:4]) - int(after[:4])) > MOST_YEARS_APART
        )
    if one.sex and other.sex and "U" not in (one.sex, other.sex) and one.sex != other.sex:
        differs.append("sex")
    if _are_other(one.suffix, other.suffix):
        differs.append("Jr or Sr")
    return " and ".join(differs) if is_enough or len(differs) > 1 else ""


def keep(session: Session, actor: Actor, doubts: Iterable[MergeDoubt]) -> None:
    """Ask a person about these merges, in the caller's transaction; what was asked or declined is not asked again."""
    for doubt in doubts:
        subject = f"person:{doubt.loser_id}"
        asked = select(AuditEvent).where(AuditEvent.subject == subject, AuditEvent.action == AuditAction.DOUBT_MERGE)
        if any(json.loads(event.detail)["into"] == doubt.survivor_id for event in session.exec(asked)):
            continue
        audit.record(
            session, actor, AuditAction.DOUBT_MERGE, subject, into=doubt.survivor_id, differs=doubt.differs,
            source=doubt.source.partition(" ")[0],
        )  # fmt: skip


def waiting(session: Session, actor: Actor) -> list[OpenDoubt]:
    """Merges that wait for a person, oldest first."""
    check_can(actor, Action.VERIFY)
    declined = _declined(session)
    asked = select(AuditEvent).where(AuditEvent.action == AuditAction.DOUBT_MERGE).order_by(col(AuditEvent.seq))
    rows = [_doubt_of(session, event) for event in session.exec(asked)]
    return [row for row in rows if _state_of(session, row, declined) is DoubtState.OPEN]


def find_open(session: Session, doubt_id: int, event: str, actor: Actor) -> OpenDoubt:
    """The doubt that this person may decide so, or StateRefused when there is none or it was decided already."""
    asked = session.get(AuditEvent, doubt_id)
    if asked is None or asked.action != AuditAction.DOUBT_MERGE:
        raise StateRefused("There is no such merge to review, or it was decided already.")
    doubt = _doubt_of(session, asked)
    DOUBT.find(_state_of(session, doubt, _declined(session)), event, actor.acts_as)
    return doubt


def decline(session: Session, doubt_id: int, actor: Actor) -> None:
    """These two are two people: the merge is not made, and not asked about again."""
    check_can(actor, Action.OVERRIDE)
    doubt = find_open(session, doubt_id, "decline", actor)
    audit.record(session, actor, AuditAction.DECLINE_MERGE, f"person:{doubt.loser.id}", doubt=doubt_id)


def state_of(session: Session, doubt_id: int) -> DoubtState:
    """Whether a doubt waits, was declined, or the two were merged."""
    return _state_of(session, _doubt_of(session, session.get_one(AuditEvent, doubt_id)), _declined(session))


def _declined(session: Session) -> set[int]:
    events = session.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.DECLINE_MERGE))
    return {json.loads(event.detail)["doubt"] for event in events}


def _state_of(session: Session, doubt: OpenDoubt, declined: set[int]) -> DoubtState:
    """A merge is not written here: whether it was made, and not undone, is seen in the patient list."""
    if doubt.id in declined:
        return DoubtState.DECLINED
    loser, survivor = doubt.loser, doubt.survivor
    is_merged = _root(session, loser) == _root(session, survivor) if survivor else loser.survivor_id is not None
    return DoubtState.MERGED if is_merged else DoubtState.OPEN


def _doubt_of(session: Session, event: AuditEvent) -> OpenDoubt:
    detail = json.loads(event.detail)
    loser = session.get_one(Person, int(event.subject.removeprefix("person:")))
    survivor = session.get(Person, detail["into"]) if detail["into"] else None
    return OpenDoubt(event.seq, loser, survivor, detail["differs"], detail["source"])


def _root(session: Session, person: Person) -> int | None:
    while person.survivor_id is not None:
        person = session.get_one(Person, person.survivor_id)
    return person.id


def _are_other(one: str, other: str) -> bool:
    return bool(one and other) and alike.letters(one) != alike.letters(other)


def _shares_surname(one: Person, other: Person) -> bool:
    """Whether one was ever called what the other is called: maiden, married and former names."""
    families = [{alike.letters(p.family), *(alike.letters(n["family"]) for n in p.names)} for p in (one, other)]
    return not families[0].isdisjoint(families[1])


def _is_same_given(one: Person, other: Person) -> bool:
    """Whether two first names can be of one person: short form, slip, initial, middle name, or none given yet."""
    if alike.is_placeholder(one.given) or alike.is_placeholder(other.given):
        return True
    names = [
        [alike.letters(name) for name in (p.given, p.middle, *(n["given"] for n in p.names)) if alike.letters(name)]
        for p in (one, other)
    ]
    first = [listed[:1] for listed in names]
    pairs = [*product(first[0], names[1]), *product(names[0], first[1])]
    return not pairs or any(_can_be(a, b) for a, b in pairs)


def _can_be(one: str, other: str) -> bool:
    if min(len(one), len(other)) == 1:
        return one[0] == other[0]
    return one == other or alike.are_nicknames(one, other) or alike.is_similar(one, other)
