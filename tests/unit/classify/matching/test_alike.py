"""What may be the same name or number, written, spoken or read otherwise, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.matching import alike


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("J0hn5on", "johnson"),
        ("R1vera", "rlvera"),
        ("8rown", "brown"),
        ("O'Brien-Lee", "obrienlee"),
        ("Núñez", "nunez"),
        ("105", "105"),  # a number is no misread name
        ("", ""),
    ],
)
def test_a_digit_in_a_name_is_a_misread_letter(written: str, expected: str) -> None:
    assert alike.letters(written) == expected


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("burns", "bums", True),  # rn, m
        ("clark", "dark", True),  # cl, d
        ("rivcra", "rivera", True),
        ("rlvera", "rivera", True),
        ("joncs", "jones", True),
        ("wivvel", "wiwel", True),
        ("gomoz", "gomcz", True),
        ("jean", "joan", False),  # an e may be a c and an o may be a c, but an e is no o
        ("leo", "lee", False),
        ("al", "ai", False),  # two letters are anything
        ("mary", "mark", False),
    ],
)
def test_letter_shapes_that_ocr_confuses_read_alike(said: str, known: str, expected: bool) -> None:
    assert alike.reads_alike(said, known) is expected


@pytest.mark.parametrize(
    ("said", "known", "expected", "why"),
    [
        ("johnson", "jonson", True, "seven letters, one off"),
        ("andersson", "anderson", True, "one off"),
        ("kowalczyk", "kowalcyzk", True, "two neighbours swapped"),
        ("gonzalezes", "gonsales", False, "two letters longer and another one off"),
        ("christensen", "kristensen", False, "names that begin otherwise are other names"),
        ("garcla", "garcia", True, "six letters, one off, and four alike where they begin"),
        ("marla", "maria", False, "in five letters one in the middle is much"),
        ("smith", "smyth", False, "in five letters one is much"),
        ("ann", "anna", False, "three letters are too few"),
        ("hanson", "janson", False, "six letters of which the first differs"),
        ("martinez", "martines", True, "the last letter differs"),
        ("martins", "marti", False, "two letters off where five are left"),
    ],
)
def test_few_edits_are_close_only_where_names_begin_alike(said: str, known: str, expected: bool, why: str) -> None:
    assert alike.is_close(said, known) is expected, why


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("johnson", "jonson", True),
        ("kowalczyk", "kowalcyzk", True),
        ("martinez", "martines", True),
        ("garcla", "garcia", True),
        ("hernandez", "fernandez", False),  # names that begin otherwise are other names
        ("iohansson", "johansson", True),  # but for letters that OCR takes for each other
        ("martinez", "martin", False),  # and so are those that go on
        ("williams", "william", False),
        ("danielle", "daniel", False),
        ("smith", "jones", False),
    ],
)
def test_a_slip_leaves_the_beginning_and_the_end_of_a_name(said: str, known: str, expected: bool) -> None:
    assert alike.is_slip(said, known) is expected
    assert alike.is_slip(known, said) is expected


_NAMES = st.text("abcdeijlmnorsv", max_size=10)


@given(_NAMES, _NAMES)
def test_alikeness_of_two_names_is_the_same_from_either_side(one: str, other: str) -> None:
    for judge in (alike.reads_alike, alike.is_close, alike.is_similar, alike.is_far, alike.are_nicknames):
        assert judge(one, other) == judge(other, one)
    assert alike.edits(one, other) == alike.edits(other, one)


@given(_NAMES, _NAMES)
def test_what_is_far_is_neither_similar_nor_close(one: str, other: str) -> None:
    if alike.is_far(one, other):
        assert not alike.is_similar(one, other)
        assert not alike.is_close(one, other)


@given(_NAMES.filter(lambda name: len(name) >= 3))
def test_a_name_reads_like_itself(name: str) -> None:
    assert alike.reads_alike(name, name)
    assert not alike.are_nicknames(name, name), "the same name is no short form"


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("bob", "robert", True),
        ("bill", "william", True),
        ("peggy", "margaret", True),
        ("bob", "bill", False),
        ("robert", "richard", False),
        ("chris", "christine", True),  # and christopher: a short form of several names
        ("christine", "christopher", False),
        ("robert", "robert", False),
    ],
)
def test_short_forms_are_known(said: str, known: str, expected: bool) -> None:
    assert alike.are_nicknames(said, known) is expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("00123456", "123456"),
        ("OO12345G", "123456"),
        ("mr-001234", "MR001234"),
        ("0000", ""),
        ("", ""),
    ],
)
def test_a_folded_number_has_no_misread_letters_and_no_leading_zeros(number: str, expected: str) -> None:
    assert alike.fold(number) == expected


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("00123456", "00123456", 0),
        ("00123455", "00123456", 1),
        ("00124356", "00123456", 1),  # two neighbours swapped
        ("00133455", "00123456", 2),
        ("99999999", "00123456", 3),  # three and more
        ("", "123", 3),
    ],
)
def test_edits_are_counted_up_to_three(said: str, known: str, expected: int) -> None:
    assert alike.edits(said, known) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(330) 555-0101", "5550101"),
        ("+1 330 555 0101", "5550101"),
        ("555-0101", "5550101"),
        ("5550101 ext 22", "5010122"),  # an extension is taken for a part of the number
        ("555-010", ""),
        ("000-000-0000", ""),
        ("999-9999", ""),
        ("121-212-1212", ""),  # two digits in turn are typed, not dialled
        ("none", ""),
    ],
)
def test_a_phone_is_its_last_seven_digits_or_nothing(text: str, expected: str) -> None:
    assert alike.digits_of_phone(text) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("NONE", True),
        ("SELF PAY", True),
        ("", True),
        ("0000", True),
        ("9-9-9-9", True),
        ("1234", True),
        ("123456789", True),
        ("2081", False),
        ("12345678", False),
        ("B123456789", False),
    ],
)
def test_what_is_typed_where_there_is_no_number_is_known(number: str, expected: bool) -> None:
    assert alike.is_dummy(number) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Doe", True),
        ("UNKNOWN", True),
        ("Baby Girl A", True),
        ("Newborn", True),
        ("Infant of Maria", True),
        ("Test", True),
        ("Babyboy", True),
        ("Boyd", False),
        ("Doerr", False),
        ("Testa", False),
        ("Name", True),
        ("", False),
    ],
)
def test_names_that_are_none_are_known(name: str, expected: bool) -> None:
    assert alike.is_placeholder(name) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("927 Juniper Ln", "juniper"[:5]),
        ("PO Box 17", "box17"),
        ("", ""),
        ("12 North Street", "north"),  # what is left when every word is a word of streets
        ("1 E St", "e"),
    ],
)
def test_a_street_is_what_follows_the_house_number(address: str, expected: str) -> None:
    assert alike.street_of(alike.house_of(address)).startswith(expected)
    assert bool(alike.house_of(address)) is bool(expected)
