"""Blocking keys as they are kept: hashed to 63 bits, so that a million persons' keys stay small and say nothing."""

from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import blake2b

from sqlmodel import Session, col, select

from classify import normal
from classify.guess import PersonRecord
from classify.matching.alike import letters, sound
from classify.matching.keys import KEYS, keys_of_person
from storage.foundation.home import Home
from storage.foundation.tables.installation import Fact
from storage.foundation.tables.roster import Person
from storage.roster import changes
from storage.roster.rows import read_records

_WITH_AREA_CODE = 10  # digits of a telephone number (North American numbering plan)

_CHUNK = 2000


def is_current(home: Home) -> bool:
    """Whether the patient list of this home has keys as this version makes them."""
    with home.reading() as session:
        kept = session.get(Fact, "key_version")
    return kept is not None and kept.value == KEYS


def bring_up_to_date(home: Home) -> None:
    """Key a patient list whose keys were made by another version: minutes for a million persons."""
    if is_current(home):
        return
    with home.writing() as session:
        make_anew(session)


def hashed(key: str) -> int:
    """A key as the number it is kept under; two keys that share one cost a comparison, never a link."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") >> 1


def hashed_keys(record: PersonRecord) -> set[int]:
    """Under which numbers a person is kept."""
    return {hashed(key) for key in keys_of_person(record)}


def write_keys(session: Session, pairs: Iterable[tuple[int, int]]) -> None:
    """Add (key, person) pairs; those that are there already stay. Documents that look under them are due again."""
    rows = list(pairs)
    if rows:
        session.connection().exec_driver_sql("INSERT OR IGNORE INTO person_key (value, person_id) VALUES (?, ?)", rows)
        changes.note_change(session, (row[0] for row in rows))


def drop_keys(session: Session, pairs: Iterable[tuple[int, int]]) -> None:
    """Take (key, person) pairs out. Documents that look under them are due again."""
    rows = list(pairs)
    if rows:
        session.connection().exec_driver_sql("DELETE FROM person_key WHERE value = ? AND person_id = ?", rows)
        changes.note_change(session, (row[0] for row in rows))


def write_words(session: Session, records: Iterable[PersonRecord], *, are_new: bool = False) -> None:
    """Make people findable by the search box: names, numbers, date of birth, phone."""
    rows = [(record.id, searchable_words(record)) for record in records]
    if rows:
        connection = session.connection()
        if not are_new:
            connection.exec_driver_sql("DELETE FROM person_text WHERE rowid = ?", [(row[0],) for row in rows])
        connection.exec_driver_sql("INSERT INTO person_text (rowid, words) VALUES (?, ?)", rows)


def forget_words(session: Session, ids: Iterable[int]) -> None:
    """The search box finds these no more."""
    rows = [(person_id,) for person_id in ids]
    if rows:
        session.connection().exec_driver_sql("DELETE FROM person_text WHERE rowid = ?", rows)


def searchable_words(record: PersonRecord) -> str:
    """The words that the search box knows of a person; a mark in front keeps surnames, first names, numbers, phones, dates
    and how a name sounds apart."""
    words = [
        f"f{_word(w)}" for family in (record.family, *(n.family for n in record.other_names)) for w in family.split()
    ]
    words += [
        f"g{_word(w)}"
        for given in (record.given, record.middle, *(n.given for n in record.other_names))
        for w in given.split()
    ]
    words += [
        f"n{normal.number(number).lower()}"
        for number in (record.mrn, *record.other_mrns, *record.encounters, record.member_id)
        if number
    ]
    words += [
        f"p{digits}"
        for phone in (record.phone, *record.other_phones)
        if (digits := "".join(filter(str.isdigit, phone))[-10:])
    ]
    words += [
        f"p{digits[-7:]}"
        for phone in (record.phone, *record.other_phones)
        if len(digits := "".join(filter(str.isdigit, phone))) >= _WITH_AREA_CODE
    ]
    names = (record.family, record.given, *(name.family for name in record.other_names))
    words += [f"x{sound(letters(name)).lower()}" for name in names if letters(name)]
    if record.birth_date:
        words.append(f"d{record.birth_date:%Y%m%d}")
    return " ".join(words)


def _word(text: str) -> str:
    return normal.letters(text)


def count_names(session: Session, people: Iterable[tuple[str, str]]) -> None:
    """Add persons' surnames and first names to the counts that say how common a name is."""
    counts: Counter[tuple[str, str]] = Counter()
    for family, given in people:
        counts["family", normal.letters(family)] += 1
        counts["given", normal.letters(given)] += 1
    rows = [(part, name, people) for (part, name), people in counts.items() if name]
    if rows:
        session.connection().exec_driver_sql(
            "INSERT INTO name_count (part, name, people) VALUES (?, ?, ?) "
            "ON CONFLICT (part, name) DO UPDATE SET people = people + excluded.people",
            rows,
        )


def make_anew(session: Session, progress: Callable[[int], None] = lambda done: None) -> int:
    """Make the keys, search words and name counts of everybody anew; gives how many persons there are."""
    connection = session.connection()
    for statement in (
        "DELETE FROM person_key",
        "DELETE FROM name_count",
        "INSERT INTO person_text (person_text) VALUES ('delete-all')",
    ):
        connection.exec_driver_sql(statement)
    last, done = 0, 0
    while ids := session.exec(
        select(Person.id)
        .where(col(Person.id) > last, col(Person.survivor_id).is_(None))
        .order_by(col(Person.id))
        .limit(_CHUNK)
    ).all():
        records = read_records(session, [i for i in ids if i is not None])
        write_keys(session, ((key, record.id) for record in records for key in hashed_keys(record)))
        write_words(session, records)
        count_names(session, ((record.family, record.given) for record in records))
        last, done = ids[-1] or 0, done + len(records)
        progress(done)
    changes.mark_all_due(session)
    mark_current(session)
    return done


def mark_current(session: Session) -> None:
    """Keep by which version the keys were made."""
    session.merge(Fact(name="key_version", value=KEYS))
