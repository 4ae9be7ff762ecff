"""The patient decision: who may be linked, and everything that must go to a person."""

from dataclasses import replace
from datetime import date

import pytest

from classify.matching.decide import match_patient
from classify.matching.keys import keys_of_person, keys_of_query
from classify.matching.query import Query
from tests.unit.classify.people import ALL, ANA, BOB, SmallRoster

FULL = Query("Rivera", "Ana", "M", "", date(1957, 3, 14), "F", "00123456")


def _decide(query: Query) -> tuple[str, str | None]:
    match = match_patient(query, SmallRoster())
    return match.decision, match.candidates[0].person.mrn if match.candidates else None


@pytest.mark.parametrize(
    ("why", "query"),
    [
        ("everything agrees", FULL),
        ("no date of birth on the page", replace(FULL, birth_date=None, sex="")),
        ("no MRN, but the encounter is hers", replace(FULL, mrn="", encounters=("V2400881",))),
        ("no MRN, but the phone is hers", replace(FULL, mrn="", phone="(330) 555-0101")),
        ("no MRN, but the member id is hers", replace(FULL, mrn="", member_id="B123456789")),
        ("one misread letter in the surname", replace(FULL, family="Rlvera")),
        ("no middle name", replace(FULL, middle="")),
    ],
)
def test_linked(why: str, query: Query) -> None:
    assert _decide(query) == ("linked", "00123456"), why


@pytest.mark.parametrize(
    ("why", "query"),
    [
        ("MRN alone", Query(mrn="00123456")),
        ("MRN and date of birth without a name", Query(mrn="00123456", birth_date=date(1957, 3, 14))),
        ("name and date of birth alone", replace(FULL, mrn="", middle="")),
        ("name, date of birth and sex", replace(FULL, mrn="")),
        ("another MRN is printed", replace(FULL, mrn="00999999")),
        ("the MRN is misread in one character", replace(FULL, mrn="00123455")),
        ("date of birth differs", replace(FULL, birth_date=date(1961, 7, 9))),
        ("day and month swapped", replace(FULL, birth_date=date(1957, 4, 13), mrn="00123456")),
        ("sex differs", replace(FULL, sex="M")),
        ("middle name differs", replace(FULL, middle="T")),
        ("first name differs", replace(FULL, given="Lucia")),
        ("only an initial", replace(FULL, given="A")),
        ("surname differs", replace(FULL, family="Montoya")),
        ("names the other way round", replace(FULL, family="Ana", given="Rivera")),
        ("a twin of somebody", Query("Okafor", "Grace", "", "", date(1980, 5, 5), "F", "00200001")),
        ("a namesake has nearly the same number, and no birthday is printed", Query("Smith", "John", mrn="00500001")),
        ("the encounter belongs to somebody else", replace(FULL, encounters=("V7777777",))),
        ("John Doe, whoever that is", Query("Doe", "John", "", "", date(1937, 5, 16), "M", "00700001")),
        ("a newborn without a name", Query("Lopez", "Baby Girl A", "", "", date(2024, 5, 5), "F", "00700002")),
        ("junior and senior", Query("Chen", "Wei", "", "", date(1950, 1, 2), "M", "00300001")),
        ("junior printed, senior's number", Query("Chen", "Wei", "", "Jr", date(1950, 1, 2), "M", "00300001")),
    ],
)
def test_left_to_a_person(why: str, query: Query) -> None:
    decision, first = _decide(query)
    assert decision == "ask", why
    assert first is not None


@pytest.mark.parametrize(
    "query",
    [Query(), Query("Nobody", "Here", "", "", date(1990, 1, 1)), Query(family="Zzz")],
)
def test_nobody_is_invented(query: Query) -> None:
    match = match_patient(query, SmallRoster())
    assert match.decision == "none"
    assert match.reasons


def test_a_short_form_and_a_former_name_are_the_same_person() -> None:
    query = Query("Kowal", "Bob", "", "", date(1944, 12, 1), "M", "00400001")
    assert _decide(query) == ("linked", "00400001")


def test_the_reasons_are_sentences() -> None:
    match = match_patient(replace(FULL, mrn="00999999"), SmallRoster())
    assert "MRN differs" in match.reasons
    assert "surname the same" in match.candidates[0].reasons
    assert "mrn" in match.candidates[0].differs


def test_without_a_roster_the_reason_says_what_to_do() -> None:
    assert "roster load" in match_patient(FULL, SmallRoster(())).reasons[0]


@pytest.mark.parametrize(
    "query",
    [
        replace(FULL, mrn="OO12345G", family="", given="", birth_date=None),
        replace(FULL, mrn="", family="Rivcra"),
        replace(FULL, mrn="", given="Anna", family="Rivera-Lopez"),
        replace(FULL, mrn="", family="Ana", given="Rivera"),
        Query("Kowalczyk", "Robert", birth_date=date(1944, 1, 12)),  # day and month swapped
    ],
)
def test_blocking_survives_bad_reading(query: Query) -> None:
    wanted = BOB if query.family == "Kowalczyk" else ANA
    assert wanted in SmallRoster().find_by_keys(tuple(keys_of_query(query)))


def test_every_person_is_found_by_their_own_record() -> None:
    for person in ALL:
        query = Query(person.family, person.given, birth_date=person.birth_date)
        assert set(keys_of_query(query)) & set(keys_of_person(person))
