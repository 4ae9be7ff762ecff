"""The search box for people: by parts of names, numbers, date of birth, phone; typing errors and spellings forgiven."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import DamerauLevenshtein
from sqlmodel import Session, col, select

from classify import normal
from classify.guess import PersonRecord
from classify.matching import alike
from classify.matching.keys import keys_of_query
from classify.matching.query import Query
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.roster import Person, PersonNumber
from storage.roster.lookup import StoredRoster
from storage.roster.merging import root_of
from storage.roster.rows import read_records

_SHORTEST_PHONE = 4  # digits that may be the end of a telephone number
_FEWEST_LETTERS = 2  # typed in all: one letter finds nobody
_LONG_NAME = 6  # letters from which two of a name may be mistyped

_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed: names, dates, numbers."""

    names: tuple[str, ...]
    births: tuple[date, ...]
    numbers: tuple[str, ...]


def find_people(session: Session, words: str, actor: Actor, limit: int = 9, *, day_first: bool = False) -> list[Person]:
    """Patients for the search box, best first: beginnings of names, MRN, encounter, member id, phone or date of birth in
    any order. Where too few are found, names that sound alike or are mistyped. The search is audited."""
    check_can(actor, Action.SEARCH)
    asked = _read(words, day_first=day_first)
    ids = _begin_with(session, asked) if asked.names or asked.births or asked.numbers else []
    if len(ids) < limit and asked.names:
        ids += [i for i in _nearly(session, asked) if i not in ids]
    found = {record.id: record for record in read_records(session, ids[:200])}
    order = sorted(found, key=lambda i: _rank(asked, found[i]))[:limit]
    people = {person.id: person for person in session.exec(select(Person).where(col(Person.id).in_(order)))}
    audit.record(
        session, actor, AuditAction.SEARCH_PATIENT, "roster", query=session.info["keys"].blind_hash(words.casefold()), hits=len(order)
    )  # fmt: skip
    return [people[i] for i in order if i in people]


def person_with_mrn(session: Session, mrn: str) -> Person:
    """The patient whose MRN this is now or was before, merged rows followed; StateRefused when nobody has it."""
    row = session.get(PersonNumber, ("", mrn.strip()))
    if row is None:
        raise StateRefused(f"There is no patient with MRN {mrn.strip()}.")
    return root_of(session, row.person_id)


def _read(words: str, *, day_first: bool) -> _Asked:
    names, births, numbers = [], [], []
    for word in words.replace(",", " ").split()[:8]:
        day = normal.parse_date(word, day_first=day_first)
        if day is not None:
            births.append(day)
        elif any(c.isdigit() for c in word):
            numbers.append(normal.number(word).lower())
        elif letters := normal.letters(word):
            names.append(letters)
    return _Asked(tuple(names), tuple(births), tuple(n for n in numbers if n))


def _begin_with(session: Session, asked: _Asked) -> list[int]:
    """Everyone of whom each typed word begins a name or a number; one letter alone finds nobody."""
    terms = [f'("f{name}"* OR "g{name}"*)' for name in asked.names]
    terms += [f'"d{day:%Y%m%d}"' for day in asked.births]
    for number in asked.numbers:
        phone = re.sub(r"\D", "", number)
        terms.append(f'("n{number}"*' + (f' OR "p{phone[-10:]}"*' if len(phone) >= _SHORTEST_PHONE else "") + ")")
    if sum(map(len, (*asked.names, *asked.numbers))) < _FEWEST_LETTERS and not asked.births:
        return []
    rows = session.connection().exec_driver_sql(
        "SELECT rowid FROM person_text WHERE person_text MATCH ? LIMIT ?", (" AND ".join(terms), _LOOKED_AT)
    )
    return [row[0] for row in rows]


def _nearly(session: Session, asked: _Asked) -> list[int]:
    """Those whose names sound like or are spelled almost like what was typed, in either order."""
    roster = StoredRoster(session)
    born = asked.births[0] if asked.births else None
    found: dict[int, None] = {}
    sounds = " AND ".join(f'"x{alike.sound(name).lower()}"' for name in asked.names)
    rows = session.connection().exec_driver_sql(
        "SELECT rowid FROM person_text WHERE person_text MATCH ? LIMIT ?", (sounds, _LOOKED_AT)
    )
    for record in read_records(session, [row[0] for row in rows]):
        if _is_nearly(asked.names, record) and (born is None or record.birth_date == born):
            found[record.id] = None
    for family, given in _orders(asked.names):
        for record in roster.find_by_keys(tuple(keys_of_query(Query(family, given, birth_date=born)))):
            if _is_nearly(asked.names, record) and (born is None or record.birth_date == born):
                found[record.id] = None
    return list(found)


def _orders(names: Sequence[str]) -> Iterable[tuple[str, str]]:
    if len(names) == 1:
        return [(names[0], "")]
    return [(names[-1], names[0]), (names[0], names[1])]


def _is_nearly(names: Sequence[str], record: PersonRecord) -> bool:
    theirs = [
        normal.letters(n)
        for n in (record.family, record.given, record.middle, *(o.family for o in record.other_names))
        if n
    ]
    return all(any(_sounds_or_reads(name, other) for other in theirs) for name in names)


def _sounds_or_reads(said: str, known: str) -> bool:
    if alike.sound(said) == alike.sound(known) or alike.are_nicknames(said, known) or alike.reads_alike(said, known):
        return True
    return DamerauLevenshtein.distance(said, known, score_cutoff=2) <= (1 if len(said) < _LONG_NAME else 2)


def _rank(asked: _Asked, record: PersonRecord) -> tuple[int, int, str, str, int]:
    """The same before beginnings before alike; then by name."""
    family, given = normal.letters(record.family), normal.letters(record.given)
    whole = sum(name in (family, given) for name in asked.names)
    whole += sum(n in {normal.number(m).lower() for m in (record.mrn, *record.other_mrns)} for n in asked.numbers)
    begun = sum(family.startswith(name) or given.startswith(name) for name in asked.names)
    return -whole, -begun, family, given, record.id
