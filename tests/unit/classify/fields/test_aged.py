"""The sex behind an age that stands with the birthday; ages that do not fit and other words are none."""

import pytest

from classify.fields.find import find_fields
from classify.profile import Profile
from tests.given.paper import typed


def _sexes(text: str) -> set[str]:
    return {
        value.value for value in find_fields(typed(text), Profile()) if value.name == "sex" and value.confidence > 0.5
    }


@pytest.mark.parametrize(
    ("text", "sexes", "why"),
    [
        ("DOB: 05/02/1957 (67 y.o. F)", {"F"}, "in brackets"),
        ("DOB: 05/02/1957 67 yo M", {"M"}, "behind"),
        ("DOB/Age: 02-May-1957 67Y F", {"F"}, "a label of two"),
        ("Birthdate: May 2, 1957 (67 y.o. male)", {"M"}, "a day of three words"),
        ("Birthdate: 1957-May-02, 67 years old, female", {"F"}, "in full"),
        ("DOB:05/02/57 (67 y.o. F)", {"F"}, "no blank behind the colon"),
        ("DOB: 05/02/1957 F", {"F"}, "alone at the end of the cell"),
        ("67 yrs | Female | DOB: 05/02/1957 | MRN: 00123456", {"F"}, "between the bars of a banner"),
        ("Patient: Rivera, Ana (F, 63 y)", {"F"}, "in brackets behind the name"),
        ("Mother: Rivera, Ana (F, 63 y)", set(), "behind a relative's name"),
        ("M | S | W | D", set(), "bars of a form that says nothing of a patient"),
        ("DOB: 05/02/1957 (67 y)", set(), "an age alone"),
        ("DOB: 05/02/1957 67 y.o. F. Rivera, MD", set(), "the initial of a doctor"),
        ("DOB: 05/02/1957          67 y.o. mother", set(), "a relative's age"),
        ("DOB: 05/02/1957 (97 y.o. F)", set(), "nobody born then has been so old"),
        ("Spouse: Rivera, Luis   DOB: 05/02/1957 (67 y.o. M)", set(), "a spouse's"),
    ],
)
def test_the_sex_behind_the_age_of_a_birthday_is_the_patients(text: str, sexes: set[str], why: str) -> None:
    assert _sexes(f"PROGRESS NOTE\n\nPatient: Rivera, Ana\n{text}\n\nSeen today.") == sexes, why


def test_a_sex_of_its_own_label_is_not_told_twice() -> None:
    values = find_fields(typed("Sex: F\nDOB: 05/02/1957 (67 y.o. F)"), Profile())
    assert [value.value for value in values if value.name == "sex"] == ["F"]


@pytest.mark.parametrize(
    ("text", "sexes"),
    [
        ("Sex assigned at birth: Female", {"F"}),
        ("Admin. Gender: M", {"M"}),
        ("M or F: F", {"F"}),
        ("MI: F   DOB: 05/02/1957", set()),  # the middle initial
        ("Last Name: Rivera   First Name: Ana   MI: M", set()),
    ],
)
def test_labels_of_the_sex_and_of_the_middle_initial_are_told_apart(text: str, sexes: set[str]) -> None:
    assert _sexes(f"PREHOSPITAL CARE REPORT\n\n{text}") == sexes
