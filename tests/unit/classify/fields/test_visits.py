"""The day of a visit in titles, in sentences to the patient and in the head of a summary; not days of printing or to come."""

import pytest

from classify.fields.find import find_fields
from classify.profile import Profile
from tests.given.paper import typed


def _served(text: str) -> set[str]:
    return {v.value for v in find_fields(typed(text), Profile()) if v.name == "service_date" and v.confidence > 0.5}


@pytest.mark.parametrize(
    ("text", "days", "why"),
    [
        ("Office Visit - 12/23/2019 with Dr. Okafor", {"2019-12-23"}, "the title of a visit"),
        ("Video Visit 23-Dec-19 with Dr. Okafor", {"2019-12-23"}, "a named month"),
        ("You saw Grace Okafor, MD on December 23, 2019", {"2019-12-23"}, "a sentence to the patient"),
        ("You saw Grace Okafor, MD on\nDecember 23, 2019", {"2019-12-23"}, "over two lines"),
        ("AFTER VISIT SUMMARY\nAna Rivera      12/23/2019 10:20 AM", {"2019-12-23"}, "the head of a summary"),
        ("You were last seen in this clinic on 12/23/2019.", {"2019-12-23"}, "in a letter of recall"),
        ("Letter date: 12/23/2019", set(), "the day of a letter"),
        ("Clinic date seen: 12/23/2019", {"2019-12-23"}, "a label"),
        (
            "RIVERA, ANA      23-Dec-2019 10:30:16\nVent. rate 62 BPM\nQRS duration 104 ms",
            {"2019-12-23"},
            "the stamp of a recorder",
        ),
        ("RIVERA, ANA      23-Dec-2019 10:30:16\nseen for pain", set(), "a stamp on any other page"),
        ("Visit date: 12/23/2019   Surgery date: 11/20/2019", {"2019-12-23"}, "the operation was another day"),
        ("Surgery date: 11/20/2019", {"2019-11-20"}, "an operation is the service where no visit is told"),
        ("Date of Attendance: 2019-Dec-23", {"2019-12-23"}, "a label, year first"),
        ("Attended on 12/23/2019", {"2019-12-23"}, "a label without colon"),
        ("Next Office Visit - 12/23/2019 with Dr. Okafor", set(), "the next one"),
        ("Office Visit - 12/23/2094 with Dr. Okafor", set(), "still to come"),
        ("You will see Grace Okafor, MD on December 23, 2019", set(), "what was to come"),
        ("Message from Luis Rivera on 12/23/2019", set(), "a message"),
        ("AFTER VISIT SUMMARY\nAna Rivera      Printed 12/23/2019 10:20 AM", set(), "when it was printed"),
        ("LAB REPORT\nAna Rivera      12/23/2019 10:20 AM", set(), "a day and an hour of something else"),
    ],
)
def test_the_day_of_a_visit_is_told_by_what_stands_around_it(text: str, days: set[str], why: str) -> None:
    assert _served(text) == days, why


def test_the_day_and_hour_of_a_visit_are_no_birthday() -> None:
    values = find_fields(typed("AFTER VISIT SUMMARY\nAna M. Rivera   12/23/2019 10:20 AM\nMRN: 00418273"), Profile())
    assert [value for value in values if value.name == "dob"] == []


def test_a_birthday_under_a_name_without_an_hour_is_still_one() -> None:
    values = find_fields(typed("RIVERA, ANA M   05/02/1957   00418273"), Profile())
    assert "1957-05-02" in {value.value for value in values if value.name == "dob"}
