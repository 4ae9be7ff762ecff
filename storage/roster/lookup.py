"""The patient list as matching asks for it (the Roster protocol of classify/guess.py)."""

import heapq
import math
from collections import defaultdict

from sqlmodel import Session, col, func, select

from classify.guess import MOST_CANDIDATES, PersonRecord
from storage.foundation.tables.roster import NameCount, Person
from storage.roster.keying import hashed
from storage.roster.rows import read_records

_MOST_SHARING = 300
"""Persons looked at under one key: what more share says too little, and the right one has rarer keys."""


class StoredRoster:
    """The patient list in the database; name counts and the size are read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._shares: dict[tuple[str, str], float | None] = {}
        self._people: int | None = None

    def find_by_keys(self, keys: tuple[str, ...], most: int = MOST_CANDIDATES) -> list[PersonRecord]:
        """Who shares keys with the query: at most so many, those first whose shared keys are rare."""
        if not keys:
            return []
        connection = self._session.connection()
        everyone = max(self.people(), 1)
        sums: defaultdict[int, float] = defaultdict(float)
        for key in keys:
            found = connection.exec_driver_sql(
                "SELECT person_id FROM person_key WHERE value = ? LIMIT ?", (hashed(key), _MOST_SHARING)
            ).all()
            rarity = math.log2(1 + everyone / max(1, len(found)))
            for (person_id,) in found:
                sums[person_id] += rarity
        ids = heapq.nlargest(most, sums, key=lambda person_id: (sums[person_id], -person_id))
        return read_records(self._session, ids)

    def people(self) -> int:
        """How many rows the list has; none is ever deleted."""
        if self._people is None:
            self._people = self._session.exec(select(func.max(col(Person.id)))).one() or 0
        return self._people

    def share_of(self, part: str, name: str) -> float | None:
        """How common a surname or first name is on this list; None on a list too short to say."""
        if self.people() < _LEAST_TO_COUNT:
            return None
        if (part, name) not in self._shares:
            bearers = self._session.get(NameCount, (part, name))
            self._shares[part, name] = bearers.people / self.people() if bearers else None
        return self._shares[part, name]


_LEAST_TO_COUNT = 5000
"""Persons from which on a list says how common a name is."""
