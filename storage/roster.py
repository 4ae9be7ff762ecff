"""The roster: the patients we may file to, loaded from lists, found by blocking keys."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, func, or_, select

from classify import normal, patients
from classify.guess import PersonRecord
from storage import audit
from storage.errors import RosterProblem
from storage.permissions import MACHINE, Action, Actor, check_can
from storage.tables import Encounter, Person, PersonKey

COLUMNS: dict[str, tuple[str, ...]] = {
    "mrn": ("mrn", "medical_record_number", "patient_id", "id", "chart", "chart_number", "record_number"),
    "family": ("family", "last", "last_name", "lastname", "surname", "family_name"),
    "given": ("given", "first", "first_name", "firstname", "given_name", "forename"),
    "middle": ("middle", "middle_name", "middlename", "mi"),
    "suffix": ("suffix", "name_suffix"),
    "birth_date": ("birth_date", "birthdate", "dob", "date_of_birth", "birth"),
    "sex": ("sex", "gender", "birth_sex"),
    "address": ("address", "street", "address_1", "address1"),
    "postcode": ("postcode", "zip", "zipcode", "zip_code", "postal_code"),
    "phone": ("phone", "telephone", "phone_number", "home_phone"),
    "ssn": ("ssn", "ssn4", "soc_sec_id", "social_security_number"),
    "member_id": ("member_id", "member", "subscriber_id", "mbi"),
    "aliases": ("aliases", "alias", "maiden", "maiden_name", "former_name"),
    "encounter": ("encounter", "encounter_number", "visit", "visit_number", "account", "account_number"),
    "admitted": ("admitted", "admit_date", "admission_date"),
    "discharged": ("discharged", "discharge_date"),
    "attending": ("attending", "attending_physician", "physician"),
}
"""Our field and the column heads under which other systems export it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How loading a list went; problems name the line."""

    new: int
    updated: int
    unchanged: int
    encounters: int
    problems: tuple[str, ...]


def load_csv(
    session: Session, path: Path, actor: Actor = MACHINE, progress: Callable[[int], None] = lambda done: None
) -> Loaded:
    """Load patients (and their encounters) from a CSV with a header row; loading again changes nothing.

    A bad row is reported with its line and the rest loads. RosterProblem when the file as a whole
    cannot be a patient list.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RosterProblem(f"{path.name} cannot be read as a UTF-8 text file. Save it as 'CSV UTF-8'.") from error
    reader = csv.DictReader(io.StringIO(text), delimiter=_delimiter(text))
    heads = _match_heads(reader.fieldnames or [])
    missing = [name for name in ("mrn", "family", "given") if name not in heads]
    if missing:
        names = {"mrn": "mrn", "family": "last_name", "given": "first_name"}
        raise RosterProblem(
            f"{path.name} has no column for {', '.join(names[name] for name in missing)}. Expected heads such as "
            "mrn, last_name, first_name, dob, sex."
        )
    counts = {"new": 0, "updated": 0, "unchanged": 0, "encounters": 0}
    problems: list[str] = []
    known = {person.mrn: person for person in session.exec(select(Person))}
    for row in reader:
        values = {name: (row.get(head) or "").strip() for name, head in heads.items()}
        try:
            _load_row(session, values, known, counts)
        except ValueError as error:
            problems.append(f"line {reader.line_num}: {error}")
        if reader.line_num % 500 == 0:
            progress(reader.line_num)
    session.flush()
    audit.record(
        session,
        actor,
        "load_roster",
        "roster",
        new=counts["new"],
        updated=counts["updated"],
        encounters=counts["encounters"],
        problems=len(problems),
    )
    return Loaded(counts["new"], counts["updated"], counts["unchanged"], counts["encounters"], tuple(problems))


def add_person(session: Session, person: Person) -> Person:
    """Add one person with blocking keys."""
    session.add(person)
    session.flush()
    _write_keys(session, person)
    return person


class StoredRoster:
    """The patient list as `classify` asks for it (its Roster protocol)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find_by_keys(self, keys: tuple[str, ...]) -> list[PersonRecord]:
        """Everyone who shares a blocking key, capped so that a common name cannot flood the score."""
        if not keys:
            return []
        hits = self._session.exec(
            select(PersonKey.person_id, func.count().label("shared"))
            .where(col(PersonKey.value).in_(keys))
            .group_by(col(PersonKey.person_id))
            .order_by(func.count().desc())
            .limit(400)
        ).all()
        ids = [person_id for person_id, _ in hits]
        people = self._session.exec(select(Person).where(col(Person.id).in_(ids))).all()
        visits: dict[int, list[str]] = {}
        for number, person_id in self._session.exec(
            select(Encounter.number, Encounter.person_id).where(col(Encounter.person_id).in_(ids))
        ):
            visits.setdefault(person_id, []).append(number)
        return [as_record(person, tuple(visits.get(person.id or 0, ()))) for person in people]

    def has_anyone(self) -> bool:
        """Whether a patient list was loaded at all."""
        return self._session.exec(select(Person.id).limit(1)).first() is not None


def find_people(session: Session, words: str, actor: Actor, limit: int = 9) -> list[Person]:
    """Patients for the search box: parts of names, an MRN, a date of birth, in any order."""
    check_can(actor, Action.SEARCH)
    query = select(Person)
    for word in words.split()[:6]:
        born = normal.parse_date(word)
        like = f"{_escape_like(word)}%"
        conditions: list[ColumnElement[bool]] = [
            col(Person.family).ilike(like, escape="\\"),
            col(Person.given).ilike(like, escape="\\"),
            col(Person.mrn).ilike(like, escape="\\"),
        ]
        if born:
            conditions.append(col(Person.birth_date) == born)
        query = query.where(or_(*conditions))
    found = list(session.exec(query.order_by(col(Person.family), col(Person.given)).limit(limit)))
    audit.record(
        session,
        actor,
        "search_patient",
        "roster",
        query=session.info["keys"].blind_hash(words.casefold()),
        hits=len(found),
    )
    return found


def as_record(person: Person, encounters: tuple[str, ...] = ()) -> PersonRecord:
    """A roster row in the form that matching takes."""
    assert person.id is not None
    return PersonRecord(
        id=person.id,
        mrn=person.mrn,
        family=person.family,
        given=person.given,
        middle=person.middle,
        suffix=person.suffix,
        birth_date=person.birth_date,
        sex=person.sex,
        postcode=person.postcode,
        phone=person.phone,
        ssn4=person.ssn4,
        member_id=person.member_id,
        aliases=tuple(person.aliases),
        encounters=encounters,
    )


def _load_row(session: Session, values: dict[str, str], known: dict[str, Person], counts: dict[str, int]) -> None:
    if not values["mrn"]:
        raise ValueError("no MRN")
    if not values["family"] or not values["given"]:
        raise ValueError("no name")
    said = {name: value for name, value in _person_fields(values) if value not in ("", None, [])}
    person = known.get(values["mrn"])
    if person is None:
        person = add_person(session, Person(mrn=values["mrn"], **said))
        known[person.mrn] = person
        counts["new"] += 1
    else:
        _check_same_person(person, said)
        counts["updated" if _update(session, person, said) else "unchanged"] += 1
    if values.get("encounter"):
        counts["encounters"] += _load_encounter(session, person, values)


def _check_same_person(person: Person, said: dict[str, Any]) -> None:
    """A number that now names somebody else is a mistake in the list: everything filed to it would change owner."""
    differs = [
        what
        for what, known, new in (
            ("date of birth", person.birth_date, said.get("birth_date")),
            ("sex", person.sex, said.get("sex")),
            ("first name", normal.letters(person.given), normal.letters(said["given"])),
            ("surname", normal.letters(person.family), normal.letters(said["family"])),
        )
        if known and new and known != new
    ]
    if "date of birth" in differs or len(differs) > 1:
        raise ValueError(f"this MRN is on the roster with another {' and '.join(differs)}; not changed, please check")


def _update(session: Session, person: Person, said: dict[str, Any]) -> bool:
    """Take over what the list says; what it does not say stays. True when anything changed."""
    aliases = [*said.get("aliases", []), *person.aliases]
    if normal.letters(person.family) != normal.letters(said["family"]):
        aliases.append(person.family)  # a maiden name is the largest loss of recall (FINDINGS §3)
    said["aliases"] = list(dict.fromkeys(aliases))
    changed = [name for name, value in said.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, said[name])
    if changed:
        session.add(person)
        session.flush()
        _write_keys(session, person)
        audit.record(session, MACHINE, "update_person", f"person:{person.id}", fields=sorted(changed))
    return bool(changed)


def _person_fields(values: dict[str, str]) -> Iterator[tuple[str, Any]]:
    for name in ("family", "given", "middle", "suffix", "address", "postcode", "phone", "member_id"):
        yield name, values.get(name, "")
    yield "sex", normal.parse_sex(values.get("sex", "")) or ""
    yield "ssn4", "".join(c for c in values.get("ssn", "") if c.isdigit())[-4:]
    born = values.get("birth_date", "")
    parsed = normal.parse_date(born)
    if born and parsed is None:
        raise ValueError(
            f"the date of birth (shape {normal.shape_of(born)}) is no real date; use YYYY-MM-DD or MM/DD/YYYY"
        )
    yield "birth_date", parsed
    yield "aliases", [part.strip() for part in values.get("aliases", "").split(";") if part.strip()]


def _load_encounter(session: Session, person: Person, values: dict[str, str]) -> int:
    known = session.exec(select(Encounter).where(Encounter.number == values["encounter"])).first()
    if known is not None:
        return 0
    assert person.id is not None
    admitted: date | None = normal.parse_date(values.get("admitted", ""))
    session.add(
        Encounter(
            number=values["encounter"],
            person_id=person.id,
            admitted=admitted,
            discharged=normal.parse_date(values.get("discharged", "")),
            attending=values.get("attending", ""),
        )
    )
    session.flush()
    _write_keys(session, person)
    return 1


def _write_keys(session: Session, person: Person) -> None:
    assert person.id is not None
    session.exec(delete(PersonKey).where(col(PersonKey.person_id) == person.id))
    visits = tuple(session.exec(select(Encounter.number).where(Encounter.person_id == person.id)))
    for key in patients.keys_of_person(as_record(person, visits)):
        session.add(PersonKey(person_id=person.id, value=key))
    session.flush()


def _match_heads(heads: Sequence[str]) -> dict[str, str]:
    compact = {"_".join(head.strip().lower().replace("-", " ").replace("_", " ").split()): head for head in heads}
    found: dict[str, str] = {}
    for name, spellings in COLUMNS.items():
        for spelling in spellings:
            if spelling in compact and compact[spelling] not in found.values():
                found[name] = compact[spelling]
                break
    return found


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max(",;\t|", key=head.count)


def _escape_like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
