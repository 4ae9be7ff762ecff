"""What second looks say: errors a person, a kind of document, and over all; and how many wrong patients there may be."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlmodel import Session, col, func, select

from classify.risk import exact_upper_bound
from storage.foundation.clock import local_day
from storage.foundation.permissions import Action, Actor, Role, check_can
from storage.foundation.states import ItemKind, LotState
from storage.foundation.tables.quality import QualityItem, QualityLot
from storage.quality.defects import ERRORS, Weight, weighs
from storage.quality.lots import DRAWN


@dataclass(slots=True)
class Tally:
    """Documents looked at again, and those with an error of each weight; slips are the second person's own."""

    looked_at: int = 0
    critical: int = 0
    major: int = 0
    minor: int = 0
    wrong: int = 0  # documents with a critical or a major error
    wrong_patient: int = 0
    slips: int = 0

    def add(self, item: QualityItem) -> None:
        """Count one document that was looked at."""
        self.looked_at += 1
        self.critical += weighs(item.errors, Weight.CRITICAL)
        self.major += weighs(item.errors, Weight.MAJOR)
        self.minor += weighs(item.errors, Weight.MINOR)
        self.wrong += weighs(item.errors, Weight.CRITICAL) or weighs(item.errors, Weight.MAJOR)
        self.wrong_patient += "wrong_patient" in item.errors
        self.slips += bool(item.slips)

    @property
    def right(self) -> float | None:
        """Share of documents without a critical or major error; None when none was looked at."""
        return 1 - self.wrong / self.looked_at if self.looked_at else None

    @property
    def wrong_patient_bound(self) -> float:
        """Upper 95 % bound of the share of documents at the wrong patient; 1.0 when none was looked at."""
        return exact_upper_bound(self.wrong_patient, self.looked_at) if self.looked_at else 1.0


@dataclass(slots=True)
class Figures:
    """All of it: over everything, a person, a kind of document, an error."""

    all: Tally = field(default_factory=Tally)
    operators: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    types: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    errors: dict[str, int] = field(default_factory=dict)
    drawn: int = 0
    waiting: int = 0


def measure(session: Session, actor: Actor, since: str = "") -> Figures:
    """Count second looks, since a day of this site (ISO) when given; a technician sees whose work is whose only for their own. Samples
    and documents keyed twice count; the rest of a rejected lot does not, for it was chosen because something was wrong."""
    check_can(actor, Action.SEE_NUMBERS)
    found = Figures(errors={error.title: 0 for error in ERRORS})
    titles = {error.code: error.title for error in ERRORS}
    for item in _looked_at(session):
        if since and local_day(item.joined_at).isoformat() < since:
            continue
        found.all.add(item)
        found.types[item.type_code].add(item)
        if actor.role is not Role.TECHNICIAN or item.verified_by == actor.name:
            found.operators[item.verified_by].add(item)
        for code in item.errors:
            found.errors[titles[code]] += 1
    drawn = select(func.count()).where(col(QualityItem.kind).in_(DRAWN))
    found.drawn = session.exec(drawn).one()
    found.waiting = session.exec(drawn.where(col(QualityItem.decided_at).is_(None))).one()
    return found


def lots_of(session: Session, actor: Actor, limit: int = 50) -> list[tuple[QualityLot, Tally, int]]:
    """The newest lots, each with what its sample showed so far, and how many documents are in it; a technician's own only.

    What a lot that still fills has shown is not told: whose lot it is would know when its sample is used up.
    """
    check_can(actor, Action.SEE_NUMBERS)
    query = select(QualityLot).order_by(col(QualityLot.id).desc()).limit(limit)
    if actor.role is Role.TECHNICIAN:
        query = query.where(QualityLot.verified_by == actor.name)
    found = session.exec(query).all()
    ids = [lot.id for lot in found]
    sizes = dict(
        session.exec(
            select(QualityItem.lot_id, func.count())
            .where(col(QualityItem.lot_id).in_(ids))
            .group_by(col(QualityItem.lot_id))
        ).all()
    )
    tallies: dict[int | None, Tally] = defaultdict(Tally)
    for item in session.exec(
        select(QualityItem).where(
            col(QualityItem.lot_id).in_([lot.id for lot in found if lot.state != LotState.FILLING]),
            QualityItem.kind == ItemKind.SAMPLE,
            col(QualityItem.decided_at).is_not(None),
        )
    ):
        tallies[item.lot_id].add(item)
    return [(lot, tallies[lot.id], sizes.get(lot.id, 0)) for lot in found]


def _looked_at(session: Session) -> Iterable[QualityItem]:
    return session.exec(
        select(QualityItem).where(
            col(QualityItem.kind).in_((ItemKind.SAMPLE, ItemKind.DOUBLE_KEY)), col(QualityItem.decided_at).is_not(None)
        )
    )
