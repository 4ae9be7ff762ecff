"""Taking over what other systems say about patients: many registrations in one transaction, each one checked by itself.

Loading the same again changes nothing. A person is never deleted; what changes leaves its former value behind, so that
an old chart still finds its patient.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, insert, select

from classify import normal
from classify.demographics import FIELDS
from classify.guess import PersonRecord
from classify.matching import alike
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.permissions import Actor
from storage.foundation.tables.roster import Encounter, Person, PersonNumber
from storage.roster import keying
from storage.roster.messages import Loaded, Number, PersonUpdate, Registration, VisitUpdate
from storage.roster.rows import as_record, read_records

MOST_EDITS_OF_A_DATE, MOST_YEARS_APART = 2, 10
"""A date of birth that differs by more is no typing error."""

_KEPT_AS_FORMER = ("birth_date", "address", "postcode", "phone", "member_id")


@dataclass(slots=True)
class _NewPerson:
    """A person who is not kept yet; a plain object, for making a row object takes as long as keeping it."""

    id: int
    mrn: str
    family: str
    given: str
    middle: str = ""
    suffix: str = ""
    birth_date: date | None = None
    died: date | None = None
    sex: str = ""
    address: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    phone: str = ""
    ssn4: str = ""
    member_id: str = ""
    names: list[dict[str, str]] = field(default_factory=list)
    former: list[dict[str, str]] = field(default_factory=list)
    other_mrns: list[str] = field(default_factory=list)
    survivor_id: int | None = None
    said_at: str = ""
    loaded_at: datetime = field(default_factory=utc_now)


@dataclass(slots=True)
class _NewNumber:
    authority: str
    value: str
    person_id: int
    is_current: bool = True


@dataclass(slots=True)
class _NewVisit:
    number: str
    person_id: int
    account: str = ""
    admitted: date | None = None
    discharged: date | None = None
    kind: str = ""
    attending: str = ""
    service: str = ""
    disposition: str = ""
    is_cancelled: bool = False


_AnyPerson = Person | _NewPerson


class UpdateRefused(ValueError):
    """One row or message cannot be taken over; the sentence says why and holds no chart text."""


class RosterUpdate:
    """Registrations of one transaction: read what is known once, change it in memory, write it at the end."""

    def __init__(self, session: Session, actor: Actor, loaded: Loaded) -> None:
        self._session, self._actor, self._loaded = session, actor, loaded
        self._people: dict[int, _AnyPerson] = {}
        self._numbers: dict[Number, PersonNumber | _NewNumber] = {}
        self._visits: dict[str, Encounter | _NewVisit] = {}
        self._before: dict[int, PersonRecord] = {}
        self._new_people: list[_NewPerson] = []
        self._new_numbers: list[_NewNumber] = []
        self._new_visits: list[_NewVisit] = []
        self._changed: dict[int, set[str]] = {}
        self._fresh: set[int] = set()
        self._visited: set[int] = set()
        self._dated: set[int] = set()
        self._visits_of: dict[int, list[_NewVisit]] = {}
        self._next = (session.exec(select(func.max(col(Person.id)))).one() or 0) + 1

    def enter(self, told: Sequence[tuple[str, Registration]]) -> None:
        """Take over registrations, each with where it stands (a line, a message); what is refused becomes a problem."""
        self._read(registration for _, registration in told)
        for where, registration in told:
            try:
                self._enter(registration)
            except UpdateRefused as problem:
                self._loaded.refuse(where, str(problem))
        self._write()

    def person_of(self, said: PersonUpdate) -> Person:
        """The person a message is about, made when nobody has the number; changed as it says."""
        self._read([Registration(said)])
        person_id = self._enter_person(said).id
        self._write()
        return self._session.get_one(Person, person_id)

    # ---- reading what is known

    def _read(self, registrations: Iterable[Registration]) -> None:
        asked = list(registrations)
        values = {number.value for r in asked for number in r.person.numbers}
        for chunk in _chunks(sorted(values)):
            for row in self._session.exec(select(PersonNumber).where(col(PersonNumber.value).in_(chunk))):
                self._numbers.setdefault(Number(row.value, row.authority), row)
        self._read_people({row.person_id for row in self._numbers.values()})
        visits = {r.visit.number for r in asked if r.visit}
        for chunk in _chunks(sorted(visits)):
            for visit in self._session.exec(select(Encounter).where(col(Encounter.number).in_(chunk))):
                self._visits.setdefault(visit.number, visit)

    def _read_people(self, ids: set[int]) -> None:
        while missing := ids - self._people.keys():
            for chunk in _chunks(sorted(missing)):
                found = self._session.exec(select(Person).where(col(Person.id).in_(chunk)))
                self._people.update({person.id: person for person in found})
            ids = {p.survivor_id for p in self._people.values() if p.survivor_id}

    def _root(self, person_id: int) -> _AnyPerson:
        person = self._people[person_id]
        while person.survivor_id is not None:
            person = self._people[person.survivor_id]
        return person

    # ---- changing it

    def _enter(self, registration: Registration) -> None:
        if registration.visit is not None:
            self._check_visit(registration)
        person = self._enter_person(registration.person)
        if registration.visit is not None:
            self._enter_visit(person, registration.visit)

    def _enter_person(self, said: PersonUpdate) -> _AnyPerson:
        if not said.numbers:
            raise UpdateRefused("no MRN")
        rows = [self._numbers[number] for number in said.numbers if number in self._numbers]
        known = {person.id: person for row in rows for person in (self._root(row.person_id),)}
        if len(known) > 1:
            raise UpdateRefused(
                "its numbers belong to two patients of the list; send a merge (A40) or correct the numbers"
            )
        if not known:
            if not said.family or not said.given:
                raise UpdateRefused("no name")
            return self._add_person(said)
        person = next(iter(known.values()))
        is_retired = rows[0].person_id != person.id  # said of a row that was merged: it fills gaps of the survivor
        if not is_retired:
            _check_same_person(person, said)
        changed = self._take_over(person, said, fills_only=is_retired)
        changed |= self._add_numbers(person, said.numbers, rows[0].person_id)
        if changed and person.id not in self._fresh:
            self._changed.setdefault(person.id, set()).update(changed)
        self._loaded.updated += bool(changed)
        self._loaded.unchanged += not changed
        return person

    def _add_person(self, said: PersonUpdate) -> _NewPerson:
        first = said.numbers[0]
        if (
            ":" in shown_number(first)
            and self._session.exec(select(Person.id).where(Person.mrn == shown_number(first))).first()
        ):
            raise UpdateRefused(
                "its number is shown like that of another patient of the list; check the assigning authority"
            )
        values = {name: value for name in FIELDS if (value := getattr(said, name))}
        person = _NewPerson(id=self._next, mrn=shown_number(first), said_at=said.at, **values)
        person.names = [_name(n.kind, n.family, n.given) for n in said.names]
        self._next += 1
        self._people[person.id] = person
        self._new_people.append(person)
        self._fresh.add(person.id)
        self._loaded.new += 1
        self._add_numbers(person, said.numbers, person.id)
        return person

    def _add_numbers(self, person: _AnyPerson, numbers: Sequence[Number], owner_id: int) -> set[str]:
        """Numbers are kept with the row they were said of, so that they go with it when a merge is undone."""
        added = False
        for number in numbers:
            if number in self._numbers:
                continue
            self._remember(person)
            row = _NewNumber(number.authority, number.value, owner_id)
            self._numbers[number] = row
            self._new_numbers.append(row)
            shown = shown_number(number)
            if shown != person.mrn and shown not in person.other_mrns:
                person.other_mrns = [*person.other_mrns, shown]
            added = True
        return {"numbers"} if added else set()

    def _take_over(self, person: _AnyPerson, said: PersonUpdate, *, fills_only: bool = False) -> set[str]:
        """What is said now counts; what was before is kept as former. The names of what changed.

        What was said before something newer, and a list that says no time after a message that did, fill gaps only.
        """
        is_older = fills_only or bool(person.said_at and said.at < person.said_at)
        changed: set[str] = set()
        names, former = list(person.names), list(person.former)
        for name in FIELDS:
            new, old = getattr(said, name), getattr(person, name)
            if not new or new == old or (is_older and old):
                continue
            self._remember(person)
            if old and name in _KEPT_AS_FORMER:
                former.append({"what": name, "value": str(old)})
            if old and name in ("family", "given") and normal.letters(old) != normal.letters(new):
                names.append(_name("former", person.family, person.given if name == "given" else ""))
            setattr(person, name, new)
            changed.add(name)
        names += [_name(n.kind, n.family, n.given) for n in said.names]
        names = _once(name for name in names if name["family"] != person.family or name["given"])
        former = _once(entry for entry in former if entry["value"] != str(getattr(person, entry["what"]) or ""))
        if names != person.names:
            self._remember(person)
            person.names = names
            changed.add("names")
        if former != person.former:
            person.former = former
        if said.at and not is_older and said.at != person.said_at:
            self._remember(person)
            person.said_at = said.at
            self._dated.add(person.id)
        return changed

    def _remember(self, person: _AnyPerson) -> None:
        """Keep how a person was before the first change, to take out the keys that no longer hold."""
        if person.id not in self._before and person.id not in self._fresh:
            self._before[person.id] = as_record(person)

    def _check_visit(self, registration: Registration) -> None:
        visit = registration.visit
        assert visit is not None
        known = self._visits.get(visit.number)
        if known is None or not registration.person.numbers:
            return
        rows = [self._numbers[number] for number in registration.person.numbers if number in self._numbers]
        owner = self._owner(known)
        if any(self._root(row.person_id).id != owner for row in rows) or not rows:
            raise UpdateRefused("its visit number belongs to another patient of the list; send a visit move (A45)")

    def _owner(self, visit: Encounter | _NewVisit) -> int | None:
        if visit.person_id not in self._people:
            self._read_people({visit.person_id})
        return self._root(visit.person_id).id

    def _enter_visit(self, person: _AnyPerson, said: VisitUpdate) -> None:
        visit = self._visits.get(said.number)
        if visit is None:
            visit = _NewVisit(said.number, person.id)
            self._visits[said.number] = visit
            self._new_visits.append(visit)
            self._visits_of.setdefault(person.id, []).append(visit)
            self._loaded.encounters += 1
            self._visited.add(person.id)
        self._visited.add(person.id)
        if said.event == "cancelled":
            visit.is_cancelled = True
        elif said.event == "admitted":
            visit.is_cancelled = False
        if said.event == "discharge cancelled":
            visit.discharged, visit.disposition = None, ""
        for name in ("account", "kind", "admitted", "discharged", "attending", "service", "disposition"):
            value = getattr(said, name)
            if value and not (said.event == "discharge cancelled" and name in ("discharged", "disposition")):
                setattr(visit, name, value)
        if isinstance(visit, Encounter):
            self._session.add(visit)

    # ---- writing it

    def _write(self) -> None:
        session = self._session
        _insert(session, Person, self._new_people)
        _insert(session, PersonNumber, self._new_numbers)
        _insert(session, Encounter, self._new_visits)
        for person_id in (self._changed.keys() | self._dated) - self._fresh:
            session.add(self._people[person_id])
        session.flush()
        self._key()
        keying.count_names(session, ((p.family, p.given) for p in self._new_people))
        for person_id, changed in self._changed.items():
            audit.record(session, self._actor, AuditAction.UPDATE_PERSON, f"person:{person_id}", fields=sorted(changed))
        for kept in (self._people, self._numbers, self._visits, self._before, self._changed):
            kept.clear()
        for listed in (self._new_people, self._new_numbers, self._new_visits):
            listed.clear()
        self._fresh, self._visited, self._dated, self._visits_of = set(), set(), set(), {}

    def _key(self) -> None:
        """Keys and search words of everybody who is new, changed, or has a new visit."""
        session = self._session
        keying.drop_keys(
            session, ((key, person_id) for person_id, old in self._before.items() for key in keying.hashed_keys(old))
        )
        records = [as_record(person, self._numbers_of(person.id)) for person in self._new_people]
        keying.write_keys(session, ((key, record.id) for record in records for key in keying.hashed_keys(record)))
        keying.write_words(session, records, are_new=True)
        known = (self._changed.keys() | self._before.keys() | self._visited) - self._fresh
        for chunk in _chunks(sorted(known)):
            records = read_records(session, chunk)
            keying.write_keys(session, ((key, record.id) for record in records for key in keying.hashed_keys(record)))
            keying.write_words(session, records)

    def _numbers_of(self, person_id: int) -> tuple[str, ...]:
        visits = self._visits_of.get(person_id, ())
        return tuple(n for v in visits if not v.is_cancelled for n in (v.number, v.account) if n)


def shown_number(number: Number) -> str:
    """How a number is shown and matched: ours as it is, another's with its authority."""
    return f"{number.authority}:{number.value}" if number.authority else number.value


def _check_same_person(person: _AnyPerson, said: PersonUpdate) -> None:
    """A number that now names somebody else is a mistake: everything filed to it would change owner.

    A surname may change (marriage), and a registration system may put right a mistyped first name, birthday or sex; one
    thing at a time, and never to what a twin or a junior would have.
    """
    differs = []
    if _differ(person.family, said.family) and not _was_called(person, said):
        differs.append("surname")
    known, new = alike.letters(person.given), alike.letters(said.given)
    if known and new and known != new:
        differs.append("first name")
        is_put_right = (
            alike.are_nicknames(known, new) or alike.is_similar(known, new) or min(len(known), len(new)) == 1
            or alike.is_placeholder(person.given)
        )  # fmt: skip
        if not is_put_right:
            differs.append("first name altogether")
    if person.birth_date and said.birth_date and person.birth_date != said.birth_date:
        differs.append("date of birth")
        before, after = (f"{day:%Y%m%d}" for day in (person.birth_date, said.birth_date))
        if (
            not said.may_correct
            or alike.edits(before, after) > MOST_EDITS_OF_A_DATE
            or abs(person.birth_date.year - said.birth_date.year) > MOST_YEARS_APART
        ):
            differs.append("date of birth altogether")
    if person.sex and said.sex and person.sex != said.sex:
        differs.append("sex")
    if _differ(person.suffix, said.suffix):
        differs.append("Jr or Sr")
    if len(differs) > 1:
        what = [name for name in differs if "altogether" not in name]
        raise UpdateRefused(f"this MRN is on the roster with another {' and '.join(what)}; not changed, please check")


def _differ(known: str, new: str) -> bool:
    return bool(known and new) and alike.letters(known) != alike.letters(new)


def _was_called(person: _AnyPerson, said: PersonUpdate) -> bool:
    """Whether the message itself, or the list, says that the two surnames are of one person."""
    ours = {alike.letters(name["family"]) for name in person.names}
    theirs = {alike.letters(name.family) for name in said.names}
    return alike.letters(said.family) in ours or alike.letters(person.family) in theirs


def _name(kind: str, family: str, given: str) -> dict[str, str]:
    return {"kind": kind, "family": family, "given": given}


def _once(entries: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    kept: dict[tuple[str, ...], dict[str, str]] = {}
    for entry in entries:
        kept.setdefault(tuple(v for k, v in sorted(entry.items()) if k != "kind"), entry)
    return list(kept.values())


def _insert(session: Session, table: Any, rows: Sequence[Any]) -> None:
    if rows:
        columns = type(rows[0]).__slots__
        session.connection().execute(
            insert(table.__table__), [{name: getattr(row, name) for name in columns} for row in rows]
        )


def _chunks(values: Sequence[Any], size: int = 900) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
