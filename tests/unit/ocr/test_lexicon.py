"""Whether a text may be a word or a number, for choosing between two readings of it."""

import pytest

from ocr.lexicon import Known, known


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Filters", "Pilters"), ("Benefits", "Bonefits"), ("DEADLINE", "OEADLINE"), ("Full", "FulI"),
        ("cholecystectomy", "cho1ecystectomy"), ("RECEIVED", "RECEI VED"), ("5th", "Sth"), ("$125.00", "$125,00"),
        ("370,000.00", "370, 000,00"), ("03/14/1957", "03/14/19577"), ("12/31/99", "32/31/99"), ("14:05", "14:75"),
        ("(646) 555-0111", "555-01l1"), ("DATE 3/17/82", "DATE3/17/82"), ("Follow-up", "Foilow-up"),
        ("98.6°F", "98.6°E"), ("500mg", "500rng"), ("patient's", "paticnt's"), ("O'Brien,", "O'Bricn,"),
        ("mateo.jackson@example.com", "jackson@example."),
    ],
)  # fmt: skip
def test_what_is_written_so_comes_before_what_is_not(better: str, worse: str) -> None:
    assert known(better) is Known.YES
    assert known(worse) is not Known.YES


@pytest.mark.parametrize("text", ["", "--", "J.", "W.O.", "MD", "DOB", "XKCP#", "A12B3", "Lum", "[ ]", "2-Hydroxy"])
def test_signs_initials_codes_and_short_names_say_nothing(text: str) -> None:
    assert known(text) is Known.UNSAID


@pytest.mark.parametrize("text", ["McKay", "DeShawn", "MRSA", "and/or", "Name:", "“Home”", "Smith-Jones"])
def test_capitals_and_signs_as_they_stand_in_print(text: str) -> None:
    assert known(text) is not Known.NO


def test_one_part_that_is_no_word_spoils_the_rest() -> None:
    assert known("discharge surnmary") is Known.NO
    assert known("discharge J.") is Known.YES
