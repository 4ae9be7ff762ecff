"""Dates by role: what is printed, what is read, and what is no date at all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify import normal
from classify.fields import dates
from classify.profile import Profile

US, DAY_FIRST = Profile(), Profile(day_first=True)


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("03/14/1957", "1957-03-14", "as it is printed here"),
        ("3/4/57", "1957-03-04", "two digits: the last such year"),
        ("03-14-1957", "1957-03-14", "with hyphens"),
        ("03.14.1957", "1957-03-14", "with points"),
        ("14.03.1957", "1957-03-14", "only one order is possible"),
        ("1957-03-14T00:00:00", "1957-03-14", "from an export"),
        ("19570314", "1957-03-14", "from HL7"),
        ("14-MAR-1957", "1957-03-14", "from a lab system"),
        ("Mar. 14, 1957", "1957-03-14", "in words"),
        ("14th March 1957", "1957-03-14", "in words"),
        ("03/14/1957 14:05", "1957-03-14", "with its time"),
        ("03/14/1957 at 2:05 p.m.", "1957-03-14", "with its time"),
        ("03/14/1957 1405 hrs", "1957-03-14", "with its time"),
        ("03/14/1957, 67 years", "1957-03-14", "with what follows"),
        ("03 / 14 / 1957", "1957-03-14", "the boxes of a form"),
        ("03/ 14/ 1957", "1957-03-14", "the boxes of a form"),
        ("03 14 57", "1957-03-14", "the boxes of a form, without strokes"),
        ("03/14/19 57", "1957-03-14", "a year torn apart"),
        ("03/14/20 24", "2024-03-14", "a year torn apart"),
        ("O3/I4/l957", "1957-03-14", "letters read for digits"),
        ("03/14/1957.", "1957-03-14", "the end of a sentence"),
    ],
)
def test_a_date_is_read_as_it_is_printed(text: str, expected: str, why: str) -> None:
    found = dates.find_date(text, US)
    assert found is not None, why
    assert found.isoformat() == expected, why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing"),
        ("14:05", "a time"),
        ("02/30/2024", "no such day"),
        ("02/29/2023", "no leap year"),
        ("13/13/2024", "no such month"),
        ("00/14/1957", "no such month"),
        ("04/31/2024", "no such day"),
        ("120/80", "a blood pressure"),
        ("03/1957", "no day"),
        ("1957", "no more than a year"),
        ("67 years", "an age"),
        ("today", "a word"),
        ("see 03/14/1957", "a value begins with its date"),
        ("March 1957", "no day"),
        ("Marching 14, 1957", "no month"),
        ("03/14/957", "a year of three digits"),
        ("03/14/19577", "a year of five"),
        ("03/14/1779", "older than any patient"),
        ("330-555-0101", "a phone number"),
        ("OI/lO/2O24", "three digits are too few to trust the rest"),
        ("SOS/OB/ISBB", "letters alone are no misread date"),
    ],
)
def test_what_is_no_date_is_refused(text: str, why: str) -> None:
    assert dates.find_date(text, US) is None, why


@pytest.mark.parametrize(
    ("text", "us", "day_first"),
    [
        ("04/03/1957", "1957-04-03", "1957-03-04"),
        ("04.03.57", "1957-04-03", "1957-03-04"),
        ("04 03 1957", "1957-04-03", "1957-03-04"),
        ("O4/O3/1957", "1957-04-03", "1957-03-04"),  # also when digits were misread
        ("25/03/1957", "1957-03-25", "1957-03-25"),  # only one order is possible
        ("03/25/1957", "1957-03-25", "1957-03-25"),
        ("1957-04-03", "1957-04-03", "1957-04-03"),  # ISO has one order
        ("19570403", "1957-04-03", "1957-04-03"),
        ("3 Apr 1957", "1957-04-03", "1957-04-03"),
    ],
)
def test_a_site_that_writes_the_day_first_is_read_so(text: str, us: str, day_first: str) -> None:
    assert dates.parse_birth(text, US) == (us, True)
    assert dates.parse_birth(text, DAY_FIRST) == (day_first, True)


@pytest.mark.parametrize(
    ("days_from_today", "as_date", "as_birth"),
    [(-1, True, True), (0, True, True), (1, False, False), (400, False, False)],
)
def test_a_day_to_come_is_read_and_not_valid(days_from_today: int, as_date: bool, as_birth: bool) -> None:
    text = (normal.today() + timedelta(days=days_from_today)).strftime("%m/%d/%Y")
    read, born = dates.parse(text, US), dates.parse_birth(text, US)
    assert read is not None
    assert born is not None
    assert (read[1], born[1]) == (as_date, as_birth)


@pytest.mark.parametrize(
    ("age", "is_valid"), [(0, True), (1, True), (119, True), (120, True), (121, False), (130, False)]
)
def test_nobody_is_older_than_120(age: int, is_valid: bool) -> None:
    year = normal.today().year - age
    assert dates.parse_birth(f"01/01/{year}", US) == (f"{year}-01-01", is_valid)
    assert dates.parse(f"01/01/{year}", US) == (f"{year}-01-01", True), "a document may be as old"


def test_a_two_digit_year_of_birth_is_never_to_come() -> None:
    year = normal.today().year
    this, following = f"{year % 100:02}", f"{(year + 1) % 100:02}"
    assert dates.parse_birth(f"01/01/{this}", US) == (f"{year}-01-01", True)
    assert dates.parse_birth(f"01/01/{following}", US) == (f"{year - 99}-01-01", True)


@given(
    st.dates(date(1900, 1, 1), date(2020, 12, 31)),
    st.sampled_from(["", " 14:05", " at 9:30 am", ", 67 years", " (printed)"]),
)
def test_whatever_follows_a_date_it_is_read(day: date, tail: str) -> None:
    for form in ("%m/%d/%Y", "%Y-%m-%d", "%d %b %Y"):
        assert dates.find_date(day.strftime(form) + tail, US) == day


@given(st.text("0123456789/.-OlIS ", max_size=14))
def test_no_text_of_digits_breaks_the_reader_and_a_valid_birthday_is_a_possible_one(text: str) -> None:
    found = dates.parse_birth(text, US)
    if found is not None and found[1]:
        assert date.fromisoformat(found[0]) <= normal.today()
        assert normal.today().year - date.fromisoformat(found[0]).year <= 120
