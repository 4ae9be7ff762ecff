"""Numbers that say who, which visit and who treats: record numbers, visits, NPIs, the last four of an SSN."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.fields import encounter, mrn, npi, social
from classify.normal import luhn_is_right
from classify.profile import Profile

P = Profile()
SITE = Profile(mrn_pattern=r"\d{8}", encounter_pattern=r"V\d{7}")


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("00123456", ("00123456", True), "leading zeros are kept"),
        ("MR001234", ("MR001234", True), "letters first"),
        ("mr-001234", ("MR-001234", True), "in small letters"),
        ("#00123456", ("00123456", True), "a number sign"),
        ("(00123456)", ("00123456", True), "in brackets"),
        ("00123456, seen", ("00123456", True), "with what follows"),
        ("OO12345G", ("00123456", True), "letters read for digits"),
        ("SS12345", ("SS12345", True), "letters before digits are letters: matching folds them"),
        ("001 23 456", ("00123456", True), "set in groups"),
        ("0O1 23 456", ("00123456", True), "set in groups and misread"),
        ("0012345l", ("00123451", True), "an l is a 1"),
        ("001 23 45l", ("00123451", True), "an l is a 1, in groups too"),
        ("0012345L", ("0012345L", False), "a capital L is none"),
        ("12345 6", ("123456", True), "torn by the scan"),
        ("123456 78", ("123456", True), "a whole number and something beside it"),
        ("A12", None, "two digits"),
        ("123", ("123", False), "three digits: somebody's number, not of our pattern"),
        ("AB-12345-C", ("AB-12345-C", False), "not of our pattern"),
        ("1234567890123", ("1234567890123", False), "longer than our numbers"),
        ("03/14/1957", None, "a date"),
        ("3.14.57", None, "a date"),
        ("none", None, "a word"),
        ("pending", None, "a word"),
        ("12", None, "too short"),
        ("-", None, "a line"),
        ("", None, "nothing"),
    ],
)
def test_a_record_number_is_read_by_the_pattern(text: str, expected: tuple[str, bool] | None, why: str) -> None:
    assert mrn.parse(text, P) == expected, why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00123456", ("00123456", True)),
        ("O0123456", ("00123456", True)),
        ("0012345", ("0012345", False)),  # a digit lost is told, not made up
        ("001234567", ("001234567", False)),
        ("MR001234", ("MR001234", False)),
    ],
)
def test_a_site_s_own_pattern_tells_what_is_valid(text: str, expected: tuple[str, bool]) -> None:
    assert mrn.parse(text, SITE) == expected


@pytest.mark.parametrize(
    ("text", "profile", "expected"),
    [
        ("V2400881", P, ("V2400881", True)),
        ("v2400881.", P, ("V2400881", True)),
        ("24-00881", P, ("24-00881", True)),
        ("2400881 Main", P, ("2400881", True)),
        ("V24008l1", P, ("V2400811", True)),  # an l is a 1
        ("ER-24O0881", P, ("ER-2400881", True)),  # a letter read for a digit
        ("V2400881", SITE, ("V2400881", True)),
        ("V240088", SITE, ("V240088", False)),
        ("V240", SITE, None),  # three digits of another pattern are nothing
        ("none", P, None),
        ("12", P, None),
        ("", P, None),
    ],
)
def test_a_visit_is_read_by_the_pattern(text: str, profile: Profile, expected: tuple[str, bool] | None) -> None:
    assert encounter.parse(text, profile) == expected


# ---- NPI


@pytest.mark.parametrize(
    ("digits", "expected", "why"),
    [
        ("1234567893", True, "the example of the standard"),
        ("1234567890", False, "another check digit"),
        ("1234567983", False, "two neighbours swapped"),
        ("2234567891", True, "an organisation"),
        ("3234567899", False, "begins with 3"),
        ("0234567895", False, "begins with 0"),
        ("123456789", False, "nine digits"),
        ("12345678930", False, "eleven"),
        ("123456789X", False, "a letter"),
        ("", False, "nothing"),
    ],
)
def test_an_npi_is_checked_by_its_last_digit(digits: str, expected: bool, why: str) -> None:
    assert npi.is_npi(digits) is expected, why


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("1234567893", ("1234567893", True), "right"),
        ("1234567893 Chen", ("1234567893", True), "with what follows"),
        ("l23456789E", None, "a letter that stands for no digit"),
        ("l234567893", ("1234567893", True), "an l is a 1"),
        ("I2345G7893", ("1234567893", True), "letters read for digits"),
        ("1234567898", ("1234567898", False), "a misread digit is never taken for good"),
        ("123456789", None, "nine digits"),
        ("12345678930", None, "eleven digits"),
        ("OISSBZGDQO", None, "letters alone are no number"),
        ("pending", None, "a word"),
        ("", None, "nothing"),
    ],
)
def test_an_npi_is_read_from_what_is_printed(text: str, expected: tuple[str, bool] | None, why: str) -> None:
    assert npi.parse(text, P) == expected, why


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("79927398713", True),  # the example of ISO/IEC 7812-1
        ("79927398710", False),
        ("0", True),
        ("18", True),
        ("81", False),
        ("4111111111111111", True),
    ],
)
def test_the_last_digit_checks_the_others(number: str, expected: bool) -> None:
    assert luhn_is_right(number) is expected


@given(st.from_regex(r"[12]\d{8}", fullmatch=True), st.integers(0, 9), st.integers(1, 9))
def test_every_single_misread_digit_of_an_npi_is_noticed(nine: str, place: int, by: int) -> None:
    (right,) = [f"{nine}{last}" for last in range(10) if npi.is_npi(f"{nine}{last}")]
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert not npi.is_npi(wrong)


# ---- SSN


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("372-26-2081", ("2081", True), "whole"),
        ("372 26 2081", ("2081", True), "with blanks"),
        ("372262081", ("2081", True), "without anything"),
        ("37Z-Z6-Z081", ("2081", True), "letters read for digits"),
        ("XXX-XX-2081", ("2081", True), "masked"),
        ("***-**-2081", ("2081", True), "masked"),
        ("###-##-2081", ("2081", True), "masked"),
        ("•••••2081", ("2081", True), "masked"),
        ("xxxxx2081", ("2081", True), "masked"),
        ("2081", ("2081", True), "the last four"),
        ("2081.", ("2081", True), "the end of a sentence"),
        ("0000", ("0000", False), "never given"),
        ("XXX-XX-0000", ("0000", False), "never given"),
        ("000-26-2081", ("2081", False), "area 000"),
        ("666-26-2081", ("2081", False), "area 666"),
        ("900-26-2081", ("2081", False), "area 9xx"),
        ("372-00-2081", ("2081", False), "group 00"),
        ("372-26-0000", ("0000", False), "serial 0000"),
        ("899-26-2081", ("2081", True), "the last area that was given"),
        ("372-26-208", None, "a digit lost"),
        ("372-26-20811", None, "a digit too many"),
        ("XXX-26-2081", None, "masked by halves"),
        ("12081", None, "five digits"),
        ("208", None, "three digits"),
        ("refused", None, "a word"),
        ("", None, "nothing"),
    ],
)
def test_of_an_ssn_the_last_four_are_read(text: str, expected: tuple[str, bool] | None, why: str) -> None:
    assert social.parse(text, P) == expected, why


@given(st.from_regex(r"\d{3}[- ]?\d{2}[- ]?\d{4}", fullmatch=True))
def test_no_more_than_four_digits_of_an_ssn_come_out(text: str) -> None:
    found = social.parse(text, P)
    assert found is not None
    assert found[0] == "".join(c for c in text if c.isdigit())[-4:]


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("79927398713", ("79927398713", True), "the check digit is right"),
        ("79927398710", ("79927398710", False), "it is wrong: misread, or another hospital's"),
        ("7992739B713", ("79927398713", True), "an 8 read as a B is put right"),
        ("7992739B710", ("7992739B710", False), "no reading of it is right"),
    ],
)
def test_a_check_digit_finds_misread_record_numbers(text: str, expected: tuple[str, bool], why: str) -> None:
    assert mrn.parse(text, Profile(mrn_pattern=r"\d{11}", mrn_check_digit="luhn")) == expected, why


def test_the_check_digit_of_visits_is_not_that_of_accounts() -> None:
    profile = Profile(encounter_pattern=r"\d{11}", encounter_check_digit="luhn")
    assert encounter.ENCOUNTER.parse("79927398710", profile) == ("79927398710", False)
    assert encounter.ENCOUNTER.parse("79927398713", profile) == ("79927398713", True)
    assert encounter.ACCOUNT.parse("79927398710", profile) == ("79927398710", True)
