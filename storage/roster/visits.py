"""Visits and stays of a patient, and which of them a document belongs to."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from classify import normal
from classify.matching.stay import Stay, find_stay
from storage.foundation.tables.roster import Encounter


def stay_of(session: Session, person_id: int, numbers: Sequence[str], served: str | None) -> int | None:
    """The patient's visit that these numbers and this day of service (ISO) mean, or None; see classify/matching/stay.py."""
    rows = session.exec(
        select(Encounter).where(Encounter.person_id == person_id, col(Encounter.is_cancelled).is_(False))
    )
    stays = [Stay(v.id, v.number, v.account, v.admitted, v.discharged) for v in rows]
    day: date | None = normal.parse_date(served) if served else None
    found = find_stay(stays, [number for number in numbers if number], day)
    return found.id if found else None
