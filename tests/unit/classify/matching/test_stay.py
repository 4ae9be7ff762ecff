"""To which stay a document belongs: by its number, by its days, or to none."""

from datetime import date

import pytest

from classify.matching.stay import Stay, find_stay

FEBRUARY = Stay(1, "V1", "A1", date(2024, 2, 1), date(2024, 2, 6))
OPEN = Stay(2, "V2", "A2", date(2024, 5, 1), None)
VISIT = Stay(3, "V3", "", date(2024, 3, 10), date(2024, 3, 10))
UNKNOWN = Stay(4, "V4", "A2")


@pytest.mark.parametrize(
    ("served", "is_found", "why"),
    [
        (date(2024, 1, 1), False, "31 days before admission"),
        (date(2024, 1, 2), True, "30 days before: drawn for the admission"),
        (date(2024, 2, 6), True, "the day of discharge"),
        (date(2024, 5, 6), True, "90 days after discharge: a late report"),
        (date(2024, 5, 7), False, "91 days after"),
        (None, True, "a page without a day"),
    ],
)
def test_a_number_is_believed_within_its_days(served: date | None, is_found: bool, why: str) -> None:
    assert find_stay([FEBRUARY], ["V1"], served) == (FEBRUARY if is_found else None), why


@pytest.mark.parametrize(
    ("served", "expected", "why"),
    [
        (date(2024, 1, 31), None, "the day before: without a number nothing is stretched"),
        (date(2024, 2, 1), FEBRUARY, "the day of admission"),
        (date(2024, 2, 6), FEBRUARY, "the day of discharge"),
        (date(2024, 2, 7), None, "the day after"),
        (date(2024, 3, 10), VISIT, "a visit of one day"),
        (date(2024, 5, 1), OPEN, "a stay that nobody closed: its first day"),
        (date(2024, 5, 2), None, "and no other day, for it may be over"),
        (None, None, "no number and no day"),
    ],
)
def test_without_a_number_only_the_days_themselves_say(served: date | None, expected: Stay | None, why: str) -> None:
    assert find_stay([FEBRUARY, OPEN, VISIT, UNKNOWN], [], served) == expected, why


@pytest.mark.parametrize(
    ("numbers", "served", "expected", "why"),
    [
        (["A2"], None, None, "two stays with one account and no day"),
        (["A2"], date(2024, 4, 20), None, "and both may be"),
        (["A2"], date(2024, 1, 1), UNKNOWN, "the other one is not open yet"),
        (["V1", "V2"], None, None, "two numbers of two stays"),
        (["V1", "V2"], date(2024, 2, 3), FEBRUARY, "of which the day fits one"),
        (["V9", "V1"], None, FEBRUARY, "a number that is nobody's beside one that is"),
        (["", "V1"], None, FEBRUARY, "an empty number says nothing"),
        ([""], date(2024, 2, 3), FEBRUARY, "and leaves the day to decide"),
        (["VI"], None, FEBRUARY, "I for 1"),
        (["V9"], date(2024, 2, 3), None, "a number that is nobody's is not guessed away"),
    ],
)
def test_what_is_not_the_only_one_is_none(
    numbers: list[str], served: date | None, expected: Stay | None, why: str
) -> None:
    assert find_stay([FEBRUARY, OPEN, UNKNOWN], numbers, served) == expected, why


def test_a_number_letter_for_letter_goes_before_one_that_is_alike() -> None:
    alike = Stay(5, "VI", "", date(2024, 2, 1), date(2024, 2, 6))
    assert find_stay([alike, FEBRUARY], ["V1"], None) == FEBRUARY
    assert find_stay([alike, FEBRUARY], ["Vl"], None) is None  # l may be either


def test_two_stays_of_one_day_are_left_to_a_person() -> None:
    again = Stay(6, "V6", "", date(2024, 2, 6), date(2024, 2, 9))
    assert find_stay([FEBRUARY, again], [], date(2024, 2, 6)) is None


def test_an_open_end_written_as_the_year_9999_breaks_nothing() -> None:
    stay = Stay(7, "V7", "", date(2024, 2, 1), date(9999, 12, 31))
    assert find_stay([stay], ["V7"], date(2024, 6, 1)) == stay
    assert find_stay([stay], [], date(2024, 6, 1)) == stay
