"""Dates of one document that cannot all be right."""

from dataclasses import replace
from datetime import date

import pytest

from classify.consistency import disagreements
from classify.guess import Decision, FieldValue
from classify.index import index_file
from classify.profile import Profile
from tests.given.paper import typed
from tests.given.people import ALL, ANA, SmallRoster


def _value(name: str, day: str, confidence: float = 0.97, raw: str = "") -> FieldValue:
    return FieldValue(name, day, raw or day, confidence, 1, None, "label")


@pytest.mark.parametrize(
    ("values", "doubts"),
    [
        ([("dob", "1957-03-14"), ("service_date", "2024-03-04")], []),
        ([("dob", "2024-03-04"), ("admit_date", "2024-03-04")], []),  # a newborn
        ([("dob", "2024-03-05"), ("service_date", "2024-03-04")], ["born_after_the_service"]),
        ([("dob", "2024-03-05"), ("discharge_date", "2024-03-04")], ["born_after_the_service"]),
        ([("admit_date", "2024-03-04"), ("discharge_date", "2024-03-04")], []),
        ([("admit_date", "2024-03-04"), ("discharge_date", "2024-03-03")], ["discharged_before_admission"]),
        ([("admit_date", "2024-03-04")], []),
    ],
)
def test_what_cannot_be_is_a_doubt(values: list[tuple[str, str]], doubts: list[str]) -> None:
    assert [str(doubt) for doubt in disagreements(tuple(_value(*value) for value in values))] == doubts


def test_a_doubtful_date_says_nothing_against_another() -> None:
    assert not list(disagreements((_value("dob", "2024-03-05", 0.6), _value("service_date", "2024-03-04"))))


def test_a_year_of_birth_of_two_digits_that_nothing_decides_is_asked_about() -> None:
    both = (_value("dob", "2025-12-20", 0.5, "12/20/25"), _value("dob", "1925-12-20", 0.5, "12/20/25"))
    assert [str(doubt) for doubt in disagreements(both)] == ["year_of_birth_unclear"]
    assert not list(disagreements((*both, _value("dob", "1925-12-20"))))  # another place says it in full


def test_a_document_with_such_dates_is_linked_by_a_person() -> None:
    page = "Patient Name: Rivera, Ana M\nMRN: 00123456\nDOB: 03/14/1957\nAdmission Date: {}\nDischarge Date: 03/04/2024"
    well, badly = (
        index_file([typed(page.format(day))], SmallRoster(ALL), Profile()).documents[0]
        for day in ("03/01/2024", "03/09/2024")
    )
    assert well.match.decision is Decision.LINKED
    assert badly.match.decision is Decision.ASK
    assert "the discharge is before the admission: compare both with the page" in badly.match.reasons


@pytest.mark.parametrize("year", [1925, 2025])
def test_the_list_decides_the_century_of_a_birthday(year: int) -> None:
    person = replace(ANA, birth_date=date(year, 12, 20))
    page = "Patient Name: Rivera, Ana M\nMRN: 00123456\nDOB: 12/20/25"
    guess = index_file([typed(page)], SmallRoster((person,)), Profile()).documents[0]
    assert guess.match.decision is Decision.LINKED
    assert [value.value for value in guess.fields if value.name == "dob"] == [f"{year}-12-20"]
    assert not guess.doubts


def test_two_of_one_name_in_two_centuries_are_left_to_a_person() -> None:
    old, young = (
        replace(ANA, birth_date=date(1925, 12, 20)),
        replace(ANA, id=99, mrn="00777777", birth_date=date(2025, 12, 20)),
    )
    page = "Patient Name: Rivera, Ana M\nDOB: 12/20/25\nPhone: 330-555-0101"
    guess = index_file([typed(page)], SmallRoster((old, young)), Profile()).documents[0]
    assert guess.match.decision is Decision.ASK


SEEN = "Patient Name: Rivera, Ana M\nMRN: 00123456\nDate of Service: 03/04/2024\n"


@pytest.mark.parametrize(
    ("lines", "doubts", "why"),
    [
        ("DOB: 03/14/1957   Age: 66", (), "she was 66"),
        ("DOB: 03/14/1957   Age: 67", (), "a year off, on another day of the stay"),
        ("DOB: 03/14/1957   Age: 41", ("page_1_age_differs",), "somebody else's age"),
        ("DOB: 03/14/1957\nAge of onset 41", (), "no age of hers"),
        ("DOB: 03/14/1957\nMother: Eva Rivera   Age: 88", (), "her mother's"),
        ("DOB: 03/14/1957\nAge: 66\nAges: 18-65", (), "whom a form is for"),
        ("DOB: 03/14/1957\nAge: 5 months", (), "an age in months"),
        ("Phone: (330) 555-0101   Age: 41", ("page_1_age_differs",), "no birthday: against that of the list"),
        ("DOB: 03/14/1957\nShe is a 41-year-old woman.", ("page_1_age_differs",), "in the opening of a note"),
        ("DOB: 03/14/1957   Sex: F", (), "her sex"),
    ],
)
def test_an_age_that_does_not_fit_is_a_doubt(lines: str, doubts: tuple[str, ...], why: str) -> None:
    ana = replace(ANA, phone="3305550101")
    guess = index_file([typed(SEEN + lines)], SmallRoster((ana,)), Profile()).documents[0]
    assert tuple(map(str, guess.doubts)) == doubts, why
    assert guess.match.decision is (Decision.ASK if doubts else Decision.LINKED), why


def test_a_sex_that_is_not_that_of_the_list_is_asked_about() -> None:
    page = "RIVERA,ANA M 66Y\n00123456  03/14/1957\n\nMale\nPROGRESS NOTE\nseen 03/04/2024, doing well"
    text = "Rivera, Ana M   MRN 00123456\nThe patient, Ana Rivera, is a 66-year-old man, born March 14, 1957."
    guess = index_file([typed(text)], SmallRoster(ALL), Profile()).documents[0]
    assert guess.match.decision is not Decision.LINKED
    assert index_file([typed(page)], SmallRoster(ALL), Profile()).documents[0].match.decision is Decision.LINKED
