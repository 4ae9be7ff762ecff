"""Edit checks: what may be typed into a field, in which form it is kept, and what may stand with a reason."""

from datetime import timedelta

import pytest

from classify import normal
from classify.profile import Profile
from classify.validation import DATES, check_entry, written

US, EUROPE = Profile(), Profile(day_first=True)


@pytest.mark.parametrize(
    ("typed", "us", "europe"),
    [
        ("03/07/2004", "2004-03-07", "2004-07-03"),
        ("3-7-2004", "2004-03-07", "2004-07-03"),
        ("2004-03-07", "2004-03-07", "2004-03-07"),
        ("25/12/2003", "2003-12-25", "2003-12-25"),  # can only be read one way
        ("03072004", "2004-03-07", "2004-07-03"),
        ("March 7, 2004", "2004-03-07", "2004-03-07"),
        ("7 Mar 2004 at 10:05 pm", "2004-03-07", "2004-03-07"),
        ("", "", ""),
    ],
)
def test_a_day_is_kept_in_one_form_whatever_the_order(typed: str, us: str, europe: str) -> None:
    assert (check_entry("service_date", typed, US).value, check_entry("service_date", typed, EUROPE).value) == (
        us,
        europe,
    )
    assert check_entry("service_date", typed, US).is_right


@pytest.mark.parametrize(
    "typed",
    [
        "99/99/2099",
        "OB",
        "yesterday",
        "02/30/2001",
        "13/13/2001",
        "03/14/1957 or 1958",
        "O3/14/1957",
        "01/01/1850",
        "1957",
    ],
)
@pytest.mark.parametrize("name", sorted(DATES))
def test_what_is_no_day_is_refused_with_how_to_type_one(name: str, typed: str) -> None:
    for profile, example in ((US, "03/14/1957"), (EUROPE, "14/03/1957")):
        entry = check_entry(name, typed, profile)
        assert (entry.is_right, entry.may_stand) == (False, False)
        assert typed in entry.sentence
        assert example in entry.sentence


def test_nothing_has_happened_tomorrow() -> None:
    for name in DATES:
        tomorrow = normal.today() + timedelta(days=1)
        entry = check_entry(name, tomorrow.isoformat(), US)
        assert "future" in entry.sentence
        assert not entry.may_stand
        assert check_entry(name, normal.today().isoformat(), US).is_right


def test_a_year_of_birth_of_two_digits_that_may_be_two_is_asked_for_whole() -> None:
    short = f"{normal.today().year % 100:02d}"
    assert "four digits" in check_entry("dob", f"01/01/{short}", US).sentence
    assert check_entry("service_date", f"01/01/{short}", US).is_right
    assert check_entry("dob", "03/14/57", US).value == "1957-03-14"
    assert "older than" in check_entry("dob", "03/14/1890", US).sentence


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("mrn", "00123456", "00123456"), ("mrn", "ab-1234", "AB-1234"), ("npi", "1234567893", "1234567893"),
        ("signature", "Present", "present"), ("sex", "female", "F"), ("sex", "O", "O"), ("phone", "(312) 555-0188", "3125550188"), ("name", "Rivera,  Ana", "Rivera, Ana"),
        ("member_id", "xyz 123-456", "XYZ123456"), ("ssn4", "xxx-xx-1234", "1234"), ("ssn4", "123-45-6789", "6789"),
        ("diagnosis_2", "Sepsis", "Sepsis"), ("payer", "anything", "anything"),
    ],
)  # fmt: skip
def test_what_fits_is_kept_in_its_form(name: str, typed: str, kept: str) -> None:
    entry = check_entry(name, typed, US)
    assert (entry.value, entry.sentence) == (kept, "")


@pytest.mark.parametrize(
    ("name", "typed", "may_stand"),
    [
        ("mrn", "12-AB", True), ("mrn", "1", True), ("encounter", "x", True), ("account", "--", True),
        ("npi", "1234567890", True), ("npi", "12345", True), ("phone", "555", True), ("member_id", "12", True),
        ("name", "Madonna", True), ("name", "7", False), ("sex", "blue", False), ("signature", "maybe", False), ("ssn4", "12", False),
    ],
)  # fmt: skip
def test_what_does_not_fit_stands_only_where_paper_may_say_so(name: str, typed: str, may_stand: bool) -> None:
    entry = check_entry(name, typed, US)
    assert entry.sentence
    assert entry.may_stand is may_stand


def test_the_mask_of_the_site_counts() -> None:
    own = Profile(mrn_pattern=r"U\d{6}")
    assert check_entry("mrn", "u123456", own).value == "U123456"
    assert check_entry("mrn", "00123456", own).may_stand
    assert not check_entry("mrn", "00123456", own).is_right


def test_the_check_digit_of_the_site_counts() -> None:
    own = Profile(mrn_check_digit="luhn")
    assert check_entry("mrn", "79927398713", own).is_right
    entry = check_entry("mrn", "79927398710", own)
    assert "check digit" in entry.sentence
    assert entry.may_stand


def test_no_refused_secret_is_kept() -> None:
    assert check_entry("ssn4", "000-12-3456", US).value == ""


@pytest.mark.parametrize(
    ("value", "us", "europe"), [("1957-03-14", "03/14/1957", "14/03/1957"), ("", "", ""), ("soon", "soon", "soon")]
)
def test_a_day_is_shown_as_the_site_writes_it(value: str, us: str, europe: str) -> None:
    assert (written(value, US), written(value, EUROPE)) == (us, europe)


@pytest.mark.parametrize(
    ("name", "typed", "is_right"),
    [
        ("attending", "12345", False),
        ("signed_by", "7", False),
        ("attending", "Osei, R., MD", True),
        ("service_date", "01/01/1900", False),  # nobody alive then is a patient now
        ("signed_date", "01/01/1990", True),
    ],
)
def test_who_signs_has_a_name_and_a_day_lies_in_a_lifetime(name: str, typed: str, is_right: bool) -> None:
    assert check_entry(name, typed, US).is_right == is_right
