"""Persons as matching sees them, read many at a time."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from classify.demographics import DATES, FIELDS, PersonName
from classify.guess import PersonRecord

_PLAIN = ("id", "mrn", *FIELDS)

_DATED = tuple(map(_PLAIN.index, DATES))

_PERSONS = f"""
SELECT {", ".join(_PLAIN)}, names, former, other_mrns
FROM person WHERE id IN (SELECT value FROM json_each(?)) AND survivor_id IS NULL"""  # noqa: S608 - column names of our own, no value

_VISITS = """
SELECT person_id, number, account FROM encounter
WHERE person_id IN (SELECT value FROM json_each(?)) AND NOT is_cancelled"""


def read_records(session: Session, ids: Sequence[int]) -> list[PersonRecord]:
    """The persons with these ids, with their encounters; those who were merged into another are left out."""
    if not ids:
        return []
    connection, wanted = session.connection(), (json.dumps(list(ids)),)
    visits: dict[int, list[str]] = {}
    for person_id, number, account in connection.exec_driver_sql(_VISITS, wanted):
        visits.setdefault(person_id, []).extend(n for n in (number, account) if n)
    rows = connection.exec_driver_sql(_PERSONS, wanted)
    return [_record(row, tuple(visits.get(row[0], ()))) for row in rows]


def as_record(person: Any, encounters: tuple[str, ...] = ()) -> PersonRecord:
    """A row of the patient list (or one that is not kept yet) in the form that matching takes."""
    plain = tuple(getattr(person, name) for name in _PLAIN)
    return _made(plain, person.names, person.former, person.other_mrns, encounters)


def _record(row: Any, encounters: tuple[str, ...]) -> PersonRecord:
    values = list(row[: len(_PLAIN)])
    for dated in _DATED:
        values[dated] = _day(values[dated])
    names, former, mrns = (_list(text) for text in row[len(_PLAIN) :])
    return _made(tuple(values), names, former, mrns, encounters)


def _made(
    values: tuple[Any, ...],
    names: list[dict[str, str]],
    former: list[dict[str, str]],
    mrns: list[str],
    encounters: tuple[str, ...],
) -> PersonRecord:
    plain = dict(zip(_PLAIN, values, strict=True))
    return PersonRecord(
        **plain,
        other_names=tuple(PersonName(n["family"], n["given"], n["kind"]) for n in names),
        other_mrns=tuple(mrns),
        other_phones=_former(former, "phone"),
        other_addresses=_former(former, "address"),
        other_postcodes=_former(former, "postcode"),
        other_members=_former(former, "member_id"),
        encounters=encounters,
    )


def _former(former: list[dict[str, str]], what: str) -> tuple[str, ...]:
    return tuple(entry["value"] for entry in former if entry["what"] == what) if former else ()


def _list(text: str) -> list[Any]:
    return [] if text == "[]" else json.loads(text)


def _day(text: str | date | None) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else text
