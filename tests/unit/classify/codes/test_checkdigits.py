"""Check digits against examples of their standards, and one changed digit."""

import pytest

from classify.codes.checkdigits import CHECK_DIGITS, is_right

EXAMPLES = {
    "luhn": "79927398713",  # ISO/IEC 7812-1, the usual worked example
    "mod11": "9434765919",  # an NHS number of the NHS Data Dictionary
    "mod97-10": "79444",  # ISO/IEC 7064: 794 and its check 44
    "gs1": "6291041500213",  # GS1 General Specifications 7.9, the worked GTIN-13
}


@pytest.mark.parametrize(("scheme", "number"), EXAMPLES.items())
def test_the_example_of_the_standard_is_right_and_no_number_beside_it(scheme: str, number: str) -> None:
    assert is_right(number, scheme)
    for place, digit in enumerate(number):
        changed = number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :]
        assert not is_right(changed, scheme), changed


def test_every_scheme_has_its_example() -> None:
    assert set(EXAMPLES) == set(CHECK_DIGITS)


@pytest.mark.parametrize(
    ("number", "scheme", "expected", "why"),
    [
        ("080442957X", "mod11", True, "ISBN-10: a remainder of 10 is an X"),
        ("M-79927398713", "luhn", True, "letters and hyphens do not count"),
        ("ABC", "luhn", False, "no digit"),
        ("0", "luhn", False, "too few digits to say anything"),
        ("anything", "", True, "no scheme, no check"),
    ],
)
def test_odd_numbers(number: str, scheme: str, expected: bool, why: str) -> None:
    assert is_right(number, scheme) is expected, why
