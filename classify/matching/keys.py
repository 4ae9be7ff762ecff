"""Blocking keys: the ways in which a badly read page still finds the person, each a short string.

A key is made the same way from the page and from the person. Misreadings fold together inside a key (letter shapes,
O and 0, leading zeros, what a name sounds like), and no key needs all of a name or a date. When keys are made otherwise
than before, KEYS is raised, and patient lists are keyed again when they are opened.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from classify import normal
from classify.guess import PersonRecord
from classify.matching.alike import digits_of_phone, fold, groups_of, house_of, letters, shape, sound
from classify.matching.query import Query

KEYS = "2"
"""How the keys are made; a test notices when that changes."""


def keys_of_person(person: PersonRecord) -> set[str]:
    """Under which keys a person can be found."""
    names = [(person.family, person.given), *((n.family, n.given or person.given) for n in person.other_names)]
    return set(
        _keys(
            names,
            person.birth_date,
            (person.mrn, *person.other_mrns),
            person.encounters,
            (person.member_id, *person.other_members),
            (person.phone, *person.other_phones),
            (person.address, *person.other_addresses),
            (person.postcode, *person.other_postcodes),
        )
    )


def keys_of_query(query: Query) -> list[str]:
    """The keys to look under, the surest kinds first, with the swaps that only a page makes."""
    born = query.birth_date
    found = list(
        _keys(
            [(query.family, query.given)],
            born,
            (query.mrn,),
            query.encounters,
            (query.member_id,),
            (query.phone,),
            (query.address,),
            (query.postcode,),
        )
    )
    if query.given and query.family:  # names written the other way round
        found += _keys([(query.given, query.family)], born, (), (), (), (), (), ())
    if born and born.day <= 12 and born.day != born.month:  # day and month swapped
        swapped = date(born.year, born.day, born.month)
        found += _keys([(query.family, query.given)], swapped, (), (), (), (), (), ())
    return list(dict.fromkeys(found))


def keys_of_mentions(numbers: Iterable[str], births: Iterable[tuple[str, date]]) -> list[str]:
    """Under which keys those are whose MRN or visit number is one of these, or who have one of these surnames and birthdays.

    Who shares surname and day of the month comes before who shares the birthday alone, and both together come first.
    """
    found = [f"{mark}:{fold(number)}" for number in numbers for mark in "me"]
    for family, born in births:
        if last := letters(family):
            found += [_birth_key(last, born), f"d:{born:%Y%m%d}"]
    return list(dict.fromkeys(found))


def _birth_key(last: str, born: date) -> str:
    return f"fd:{shape(last)[:4]}:{born:%m%d}"


def keys_of_twins(person: PersonRecord) -> list[str]:
    """Under which keys those are who share name, birthday or house with a person, whatever a page says."""
    names = [(person.family, person.given), *((n.family, n.given or person.given) for n in person.other_names)]
    return list(dict.fromkeys(_keys(names, person.birth_date, (), (), (), (), (person.address,), ())))


def _keys(
    names: Iterable[tuple[str, str]],
    born: date | None,
    mrns: Iterable[str],
    encounters: Iterable[str],
    members: Iterable[str],
    phones: Iterable[str],
    addresses: Iterable[str],
    postcodes: Iterable[str],
) -> Iterator[str]:
    for mark, numbers in (("m", mrns), ("e", encounters), ("i", members)):
        yield from (f"{mark}:{fold(number)}" for number in numbers if number)
    yield from (f"p:{digits}" for phone in phones if (digits := digits_of_phone(phone)))
    yield from (f"h:{house}" for address in addresses if (house := house_of(address)))
    if born:
        yield f"d:{born:%Y%m%d}"
    for family, given in names:
        last, first = letters(family), letters(given)
        if last and first:
            yield from (f"z:{postcode[:5]}:{first[:2]}{last[:1]}" for postcode in postcodes if postcode)
            yield f"n:{shape(last)}:{shape(first)}"
            yield f"s:{sound(last)}:{sound(first)}"
            yield from (f"k:{sound(last)}:{group}" for group in groups_of(first))
        if not born:
            continue
        if last:
            yield f"fy:{sound(last)}:{born.year}"
            yield _birth_key(last, born)
            parts = re.split(r"[\s-]+", normal.plain(family)) if " " in family or "-" in family else ()
            yield from (f"fy:{sound(part)}:{born.year}" for part in parts if part)
