"""Under which keys a badly read page still finds the person, and which pages find nobody."""

from dataclasses import replace
from datetime import date

import pytest

from classify.demographics import PersonName
from classify.guess import PersonRecord
from classify.matching.keys import keys_of_mentions, keys_of_person, keys_of_query, keys_of_twins
from classify.matching.query import Query

SHE = PersonRecord(
    id=1, mrn="00123456", family="Garcia-Lopez", given="Elizabeth", birth_date=date(1957, 3, 4), sex="F", address="927 Juniper Ln", city="Akron", postcode="44301-1234", phone="330-555-0101", ssn4="2081",
    member_id="B123456789", other_names=(PersonName("Montoya"), PersonName("Vega", "Lucia")), other_mrns=("00987654",), other_phones=("3305550177",),
    other_addresses=("PO Box 17",), other_postcodes=("44122",), other_members=("C987654321",), encounters=("V2400881",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("page", "is_found", "why"),
    [
        (Query(mrn="OO12345G"), True, "letters read for digits"),
        (Query(mrn="123456"), True, "leading zeros lost"),
        (Query(mrn="00987654"), True, "a former number"),
        (Query(mrn="00123457"), False, "another digit is another key: something else must find her"),
        (Query(encounters=("V24OO881",)), True, "a visit, misread"),
        (Query(member_id="8123456789"), True, "a member id whose first letter was read as a digit"),
        (Query(member_id="C987654321"), True, "an earlier insurer's"),
        (Query(phone="(216) 555-0101"), True, "without regard to the area code"),
        (Query(phone="330-555-0177"), True, "an earlier phone"),
        (Query(address="927 N Juniper Lane"), True, "her house"),
        (Query(address="p.o. box 17"), True, "her earlier box"),
        (Query(birth_date=date(1957, 3, 4)), True, "her birthday, and nothing else"),
        (Query("Garcia-Lopez", "Elizabeth"), True, "her name"),
        (Query("Garcia-Lopcz", "Elizabcth"), True, "her name, misread"),
        (Query("Garcia-Lopez", "Betty"), True, "a short form"),
        (Query("Elizabeth", "Garcia-Lopez"), True, "the other way round"),
        (Query("Montoya", "Elizabeth"), True, "her maiden name"),
        (Query("Vega", "Lucia"), True, "another name as a whole"),
        (Query("Lopez", "", birth_date=date(1957, 8, 9)), True, "one of two surnames and the year"),
        (Query("Garcia", "", birth_date=date(1957, 8, 9)), True, "the other of them"),
        (Query("Garcia-Lopez", "", birth_date=date(1931, 3, 4)), True, "day and month, another year"),
        (Query("Garcia-Lopez", "Elizabeth", birth_date=date(1957, 4, 3)), True, "day and month swapped"),
        (Query("Grimes", "Ellen", postcode="44301"), True, "first letters in her postcode"),
        (Query("Grimes", "Ellen", postcode="44122"), True, "or in an earlier one"),
        (Query("Grimes", "Ellen", postcode="90210"), False, "first letters elsewhere"),
        (Query("Garcia-Lopez"), False, "a surname alone is too many people"),
        (Query(given="Elizabeth"), False, "and so is a first name"),
        (Query(postcode="44301", city="Akron", sex="F"), False, "and a town"),
        (Query(), False, "a page that says nothing"),
    ],
)
def test_a_page_shares_a_key_with_the_person(page: Query, is_found: bool, why: str) -> None:
    assert bool(set(keys_of_query(page)) & keys_of_person(SHE)) is is_found, why


def test_the_surest_keys_come_first_and_none_twice() -> None:
    said = Query(
        "Rivera",
        "Ana",
        "",
        "",
        date(1957, 3, 4),
        "F",
        mrn="00123456",
        encounters=("V1",),
        member_id="B12345",
        phone="330-555-0101",
    )
    keys = keys_of_query(said)
    assert [key.partition(":")[0] for key in keys[:5]] == ["m", "e", "i", "p", "d"]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("born", "swapped"),
    [
        (date(1957, 3, 4), "d:19570403"),
        (date(1957, 3, 12), "d:19571203"),
        (date(1957, 3, 13), None),  # there is no month 13
        (date(1957, 3, 3), None),  # the same either way
    ],
)
def test_a_birthday_is_looked_up_the_other_way_round_where_there_is_another_way(
    born: date, swapped: str | None
) -> None:
    days = [key for key in keys_of_query(Query("Rivera", "Ana", birth_date=born)) if key.startswith("d:")]
    assert days == [f"d:{born:%Y%m%d}", *([swapped] if swapped else [])]


def test_a_person_s_birthday_is_kept_one_way_only() -> None:
    assert {key for key in keys_of_person(SHE) if key.startswith("d:")} == {"d:19570304"}


@pytest.mark.parametrize(
    ("other", "is_found"),
    [
        (replace(SHE, id=2, mrn="9", given="Ruth"), True),  # a twin, by the birthday
        (replace(SHE, id=2, mrn="9", birth_date=date(1990, 1, 1), address=""), True),  # a namesake
        (
            PersonRecord(id=2, mrn="9", family="Nguyen", given="Hoa", address="927 Juniper Lane"),
            True,
        ),  # one of the house
        (
            PersonRecord(
                id=2, mrn="00123456", family="Nguyen", given="Hoa", phone="330-555-0101", encounters=("V2400881",)
            ),
            False,
        ),  # numbers only
    ],
)
def test_twins_are_looked_for_by_name_birthday_and_house(other: PersonRecord, is_found: bool) -> None:
    assert bool(set(keys_of_twins(SHE)) & keys_of_person(other)) is is_found


@pytest.mark.parametrize(
    ("numbers", "births", "is_found", "why"),
    [
        (("OO12345G",), (), True, "the MRN, misread"),
        (("V24OO881",), (), True, "the visit"),
        (("00123457",), (), False, "another number"),
        ((), (("Garcia-Lopez", date(1957, 3, 4)),), True, "surname and birthday"),
        ((), (("Montoya", date(1957, 3, 4)),), True, "a former surname"),
        ((), (("Garcia-Lopcz", date(1957, 3, 4)),), True, "misread"),
        ((), (("Garcia-Lopez", date(1957, 3, 5)),), False, "another day"),
        ((), (("Nguyen", date(1957, 3, 4)),), True, "the birthday alone: behind those who share the surname too"),
        ((), (("Nguyen", date(1957, 3, 5)),), False, "another surname and another day"),
        ((), (("", date(1957, 3, 4)),), False, "a birthday alone is too many people"),
    ],
)
def test_what_a_page_mentions_shares_keys_of_numbers_and_birthdays(
    numbers: tuple[str, ...], births: tuple[tuple[str, date], ...], is_found: bool, why: str
) -> None:
    assert bool(set(keys_of_mentions(numbers, births)) & keys_of_person(SHE)) is is_found, why
