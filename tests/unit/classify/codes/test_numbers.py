"""A bare number in a barcode: what is one, what it may be, and how sure."""

import pytest

from classify.codes.numbers import bare_number, meanings_of, readings_of
from classify.profile import Profile
from ocr.page import Barcode, Box

BOX = Box(0, 0, 100, 40)


@pytest.mark.parametrize(
    ("text", "symbology", "number", "why"),
    [
        ("00123456", "]C0", "00123456", "plain, leading zeros kept"),
        ("*00123456*", "]A0", "00123456", "the stars of a Code 39 font"),
        ("$00123456", "]A0", "00123456", "a sign that some systems print before it"),
        ("m00123456", "]C0", "M00123456", "with a letter"),
        ("LT-30918", "]C0", "LT-30918", "letters and a hyphen"),
        ("0409-6102-02", "]C0", "", "a drug code (NDC)"),
        ("0112345678901231", "]C1", "", "GS1-128: a product"),
        ("00123456", "]d2", "", "GS1 DataMatrix"),
        ("+A123B4C5D6E71G", "]C0", "", "HIBC supplier label"),
        ("=W123408123456", "]C0", "", "ISBT 128 donation number"),
        ("S1|P|00123456||12", "]Q1", "", "our separator sheet"),
        ("https://example.org/00123456", "]Q1", "", "a link"),
        ("PATCHT", "]A0", "", "a patch sheet"),
        ("123", "]C0", "", "too short"),
        ("123456789012345678", "]C0", "", "too long for a record number"),
        ("00123456|RIVERA", "]d1", "", "more than a number"),
    ],
)
def test_what_is_a_bare_number(text: str, symbology: str, number: str, why: str) -> None:
    assert bare_number(Barcode("Code128", text, BOX, symbology)) == number, why


def test_a_letter_that_may_say_the_kind_is_read_both_ways() -> None:
    assert readings_of("M00123456") == ("M00123456", "00123456")
    assert readings_of("00123456") == ("00123456",)
    assert readings_of("LT-30918") == ("LT-30918",)


@pytest.mark.parametrize(
    ("profile", "number", "field", "low", "high", "why"),
    [
        (Profile(), "00123456", "mrn", 0.1, 0.5, "the default mask fits anything"),
        (Profile(mrn_pattern=r"\d{8}"), "00123456", "mrn", 0.3, 0.5, "eight digits may be a lot"),
        (Profile(mrn_pattern=r"U\d{7}"), "U0012345", "mrn", 0.85, 0.95, "the site's own letter"),
        (Profile(mrn_check_digit="luhn"), "79927398713", "mrn", 0.6, 0.85, "a check digit, and no mask"),
        (
            Profile(mrn_pattern=r"\d{11}", mrn_check_digit="luhn"),
            "79927398713",
            "mrn",
            0.8,
            0.9,
            "mask and check digit",
        ),
        (Profile(mrn_pattern=r"\d{5}", mrn_check_digit="mod97-10"), "79444", "mrn", 0.95, 0.99, "two check digits"),
        (
            Profile(mrn_pattern=r"\d{8}", encounter_pattern=r"9\d{9}"),
            "V9001234567",
            "encounter",
            0.5,
            0.75,
            "V says visit",
        ),
    ],
)
def test_how_sure_a_bare_number_is(
    profile: Profile, number: str, field: str, low: float, high: float, why: str
) -> None:
    best = meanings_of(number, profile)[0]
    assert best.field == field, why
    assert low <= best.chance <= high, why


def test_no_bare_number_is_sure_with_the_masks_of_the_defaults() -> None:
    assert all(
        m.chance < 0.5 for number in ("00123456", "M00123456", "V2400881") for m in meanings_of(number, Profile())
    )


def test_a_number_whose_check_digit_is_wrong_is_no_record_number() -> None:
    profile = Profile(mrn_pattern=r"\d{11}", encounter_pattern=r"V\d{7}", mrn_check_digit="luhn")
    assert meanings_of("79927398710", profile) == ()


def test_name_and_birthday_in_the_same_code_say_more() -> None:
    alone, in_label = meanings_of("00123456", Profile()), meanings_of("00123456", Profile(), is_in_label=True)
    assert in_label[0].chance > alone[0].chance
