"""Dates and telephone numbers in which a letter was misread."""

import pytest

from ocr.numerals import is_number, repaired


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("3/14/1957", True),
        ("03-14-57", True),
        ("14.03.1957", True),  # day first
        ("13/32/1957", False),
        ("3/14-1957", False),  # two separators are none of a date
        ("3/14/1857", False),
        ("646-555-0111", True),
        ("(646)555-0111", True),
        ("555-0111", True),
        ("646 555 0111", False),  # three words
        ("03141957", False),
        ("", False),
    ],
)
def test_dates_in_digits_and_telephone_numbers_are_known_by_their_separators(text: str, is_one: bool) -> None:
    assert is_number(text) is is_one


@pytest.mark.parametrize(
    ("text", "likely", "result"),
    [
        ("3/14/1957", "8-79-7062", "3/14/1957"),  # right as it is
        ("SSS-0192", "5551/263", "555-0192"),
        ("O3/14/19S7", "0/--/-2050", "03/14/1957"),
        ("0S/41/1976", "65/-1-/025", "0S/41/1976"),  # with S as 5 it is still no date, and two ways make one
        ("03/41/1976", "--./7..-.-", "03/41/1976"),  # the likely ones make none
        ("13/31/1957", "08-21.2062", "03/31/1957"),  # one way only
        ("555-015%", "-.-/(..3", "555-0153"),
        ("Smith-12", "51100-07", "Smith-12"),  # mostly letters
        ("O3/14", "0/--/", "O3/14"),
        ("SSS-0192", "", "SSS-0192"),  # nothing else is likely
    ],
)
def test_the_next_likely_character_counts_where_it_makes_a_date_or_a_telephone_number(
    text: str, likely: str, result: str
) -> None:
    assert repaired(text, likely) == result
