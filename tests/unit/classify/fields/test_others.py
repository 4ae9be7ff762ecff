"""Sex, address, telephone, insurance, illness and place: what is printed, what is kept, what is refused."""

import pytest

from classify.fields import clinical, contact, coverage, facility, sex
from classify.fields.table import FIELDS, IDENTITY, TITLES, asked_of, title_of
from classify.profile import Profile

P = Profile()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("F", "F"), ("f.", "F"), ("Female", "F"), ("WOMAN", "F"), ("girl", "F"), ("M", "M"), ("male,", "M"), ("boy", "M"), ("X", "O"), ("Other", "O"),
        ("Nonbinary", "O"), ("Unknown", "U"), ("U", "U"), ("F 67 years", "F"),
        ("O", None),  # a circle to be marked
        ("M/F", None),  # what the form asks
        ("Married", None),
        ("Mother", None),
        ("Fever", None),
        ("67", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_sex_is_one_word(text: str, expected: str | None) -> None:
    assert sex.parse(text, P) == ((expected, True) if expected else None)


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("(330) 555-0101", ("3305550101", True), "as it is printed"),
        ("330.555.0101", ("3305550101", True), "with points"),
        ("1-330-555-0101", ("3305550101", True), "with the country"),
        ("330-555-0101 x22", ("3305550101", True), "without its extension"),
        ("330-555-0101 ext 22", ("3305550101", True), "without its extension"),
        ("330-S55-0lO1", ("3305550101", True), "letters read for digits"),
        ("555-0101", ("5550101", False), "seven digits: of which town?"),
        ("130-555-0101", ("1305550101", False), "no area begins with 1"),
        ("030-555-0101", ("0305550101", False), "nor with 0"),
        ("330-155-0101", ("3301550101", False), "no exchange begins with 1"),
        ("330-555-010", None, "a digit lost"),
        ("44-20-7946-0018", None, "abroad"),
        ("330-555-HELP", None, "letters that stand for no digits"),
        ("none", None, "a word"),
        ("", None, "nothing"),
    ],
)
def test_a_telephone_has_ten_digits(text: str, expected: tuple[str, bool] | None, why: str) -> None:
    assert contact.parse_phone(text, P) == expected, why


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("927 Juniper Ln", ("927 Juniper Ln", True), "a house"),
        ("927B Juniper Ln, Apt 4,", ("927B Juniper Ln, Apt 4", True), "with its flat"),
        ("| 927  Juniper Ln |", ("927 Juniper Ln", True), "between the rules of a box"),
        ("P.O. Box 17", ("P.O. Box 17", True), "a box"),
        ("PO BOX 17", ("PO BOX 17", True), "a box"),
        ("RR 2 Akron", ("RR 2 Akron", True), "a rural route"),
        ("Juniper Ln 927", ("Juniper Ln 927", False), "a number that stands last"),
        ("Akron OH 44301", ("Akron OH 44301", False), "a town"),
        ("Juniper Lane", None, "no number"),
        ("927", None, "no street"),
        ("1 of the 2 is to be seen", None, "a sentence"),
        ("", None, "nothing"),
    ],
)
def test_an_address_begins_with_a_house(text: str, expected: tuple[str, bool] | None, why: str) -> None:
    assert contact.parse_address(text, P) == expected, why


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("1EG4-TE5-MK73", ("1EG4TE5MK73", True), "Medicare"),
        ("1EG4 TE5 MK73", ("1EG4TE5MK73", True), "in three words"),
        ("IEG4-TES-MK73", ("1EG4TE5MK73", True), "letters where only digits can be"),
        ("lEG4-TE5-MK73", ("1EG4TE5MK73", True), "an l is a 1"),
        ("1eg4te5mk73", ("1EG4TE5MK73", True), "in small letters"),
        ("IEG4TE5MK73", ("1EG4TE5MK73", True), "the first is a digit"),
        ("1EGATE5MK73", ("1EGATE5MK73", True), "another insurer's number of as many letters"),
        ("B123456789", ("B123456789", True), "an insurer's"),
        ("b-123-456", ("B123456", True), "with hyphens"),
        ("B1234 extra", ("B1234", True), "with what follows"),
        ("B123", None, "too short"),
        ("ABCDE12", None, "two digits are a word"),
        ("none", None, "a word"),
        ("", None, "nothing"),
    ],
)
def test_a_member_id_is_read(text: str, expected: tuple[str, bool] | None, why: str) -> None:
    assert coverage.parse_member(text, P) == expected, why


@pytest.mark.parametrize(
    ("mbi", "expected"),
    [
        ("1EG4TE5MK73", "1EG4TE5MK73"),
        ("1EG4TE5MK7B", "1EG4TE5MK78"),
        ("1EGATE5MK73", None),  # a letter where only a digit can be, of which none looks like it
        ("0EG4TE5MK73", None),  # the first is no zero
        ("1BG4TE5MK73", None),  # B is no letter of an MBI
        ("1EG4TE5MK7", None),
        ("1EG4TE5MK733", None),
    ],
)
def test_an_mbi_is_repaired_where_only_a_digit_can_be(mbi: str, expected: str | None) -> None:
    assert coverage.repair_mbi(mbi) == expected


@pytest.mark.parametrize(
    ("parse", "text", "expected"),
    [
        (coverage.parse_group, "GRP-1234", ("GRP1234", True)),
        (coverage.parse_group, "100 Akron", ("100", True)),
        (coverage.parse_group, "12", None),
        (coverage.parse_group, "none", None),
        (coverage.parse_group, "", None),
        (coverage.parse_bin, "610014", ("610014", True)),
        (coverage.parse_bin, "6I0O14", ("610014", True)),
        (coverage.parse_bin, "6l0014", ("610014", True)),
        (coverage.parse_bin, "61001", ("61001", False)),  # a digit lost
        (coverage.parse_bin, "6100140", ("6100140", False)),
        (coverage.parse_bin, "6100", None),
        (coverage.parse_bin, "none", None),
        (coverage.parse_bin, "", None),
        (coverage.parse_code, "ADV", ("ADV", True)),
        (coverage.parse_code, "-", None),
        (coverage.parse_code, "", None),
        (coverage.parse_relationship, "Self", ("self", True)),
        (coverage.parse_relationship, "Wife.", ("spouse", True)),
        (coverage.parse_relationship, "Daughter", ("child", True)),
        (coverage.parse_relationship, "Father", ("parent", True)),
        (coverage.parse_relationship, "Neighbor", None),
        (coverage.parse_relationship, "", None),
        (coverage.parse_payer, "Blue Cross & Blue Shield of Ohio", ("Blue Cross & Blue Shield of Ohio", True)),
        (coverage.parse_payer, "Aetna | PPO", ("Aetna PPO", True)),
        (coverage.parse_payer, "Medicare Part A and B", ("Medicare Part A and B", True)),
        (coverage.parse_payer, "aetna", None),  # a name begins with a capital
        (coverage.parse_payer, "BCB", None),  # three letters are anything
        (coverage.parse_payer, "I agree to the terms", None),
        (coverage.parse_payer, "", None),
        (facility.parse, "Lakeside General Hospital", ("Lakeside General Hospital", True)),
        (facility.parse, "Lakeside", ("Lakeside", False)),  # somewhere
        (facility.parse, "seen at the clinic by the nurse", None),
        (facility.parse, "ICU", None),
    ],
)
def test_what_insurers_and_places_print_is_read(parse, text: str, expected: tuple[str, bool] | None) -> None:  # type: ignore[no-untyped-def]
    assert parse(text, P) == expected


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("NKDA", ("NKA", True), "none known"),
        ("No known drug allergies.", ("NKA", True), "none known"),
        ("Denies", ("NKA", True), "none known"),
        ("none", ("NKA", True), "none known"),
        ("Penicillin, latex and sulfa", ("Penicillin; latex; sulfa", True), "a list"),
        ("Penicillin", ("Penicillin", True), "one"),
        ("no known problem with latex", ("no known problem with latex", True), "a person reads it"),
        ("____", None, "an empty place is not NKA"),
        ("", None, "an empty place is not NKA"),
        ("PCN", None, "three letters are anything"),
    ],
)
def test_allergies_are_a_list_or_known_to_be_none(text: str, expected: tuple[str, bool] | None, why: str) -> None:
    assert clinical.parse_allergies(text, P) == expected, why


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("Home", ("Home", True), "a place"),
        ("SNF", None, "three letters are no phrase"),
        ("Skilled nursing facility", ("Skilled nursing facility", True), "a place"),
        ("Expired", ("Expired", True), "an end"),
        ("Left AMA", ("Left AMA", True), "an end"),
        ("Was discharged home", ("Was discharged home", True), "the verb of leaving is no story"),
        ("Home medications were continued", None, "says nothing of where somebody went"),
        ("She is to go home", None, "a sentence"),
        ("Stable", None, "a state, no place"),
    ],
)
def test_a_disposition_says_where_somebody_went(text: str, expected: tuple[str, bool] | None, why: str) -> None:
    assert clinical.parse_disposition(text, P) == expected, why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acute appendicitis.", ("Acute appendicitis", True)),
        ("| Pneumonia |", ("Pneumonia", True)),
        ("i50.23", ("I50.23", True)),  # a code is kept in capitals
        ("K35", ("K35", True)),
        ("250.00", ("250.00", True)),
        ("99213", ("99213", True)),
        ("0DTJ4ZZ", ("0DTJ4ZZ", True)),
        ("1234567", None),  # digits alone are no procedure
        ("CHF", None),  # three letters are anything
        ("None.", None),  # nothing
        ("Not applicable", None),
        ("- -", None),
        ("", None),
    ],
)
def test_a_diagnosis_is_a_phrase_or_a_code(text: str, expected: tuple[str, bool] | None) -> None:
    assert clinical.parse_text(text, P) == expected


# ---- the table


def test_no_two_fields_have_a_name_or_a_label_in_common() -> None:
    names = [field.name for field in FIELDS]
    assert len(names) == len(set(names))
    owners: dict[str, str] = {}
    for field in FIELDS:
        for label in field.labels:
            assert owners.setdefault(label, field.name) == field.name, label


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_no_field_reads_a_value_from_nothing(field) -> None:  # type: ignore[no-untyped-def]
    for nothing in ("", " ", "_", "-", ":", "....", "( )"):
        assert field.parse(nothing, P) is None


def test_identity_is_asked_of_every_kind_and_titles_are_words() -> None:
    for code, section in (
        ("FACE_SHEET", "identity"),
        ("PHOTO_ID", "identity"),
        ("LAB", "results"),
        ("X", "unheard of"),
    ):
        assert set(IDENTITY) <= set(asked_of(code, section))
    assert title_of("dob") == "Date of birth"
    assert title_of("blood_type") == "Blood type"
    assert all(TITLES.values())
