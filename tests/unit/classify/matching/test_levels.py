"""How a page compares with a person: level by level, which identifier says what, and how heavily."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classify.demographics import PersonName
from classify.guess import PersonRecord
from classify.matching.levels import Level, compare
from classify.matching.query import Query
from classify.matching.weights import WEIGHTS

SHE = PersonRecord(
    id=1, mrn="00123456", family="Rivera", given="Ana", middle="Maria", birth_date=date(1957, 3, 14), sex="F", address="927 Juniper Ln, Apt 4", city="Akron", postcode="44301", phone="330-555-0101", ssn4="2081",
    member_id="B123456789", other_names=(PersonName("Montoya"), PersonName("Vega", "Lucia", "alias")), other_mrns=("00987654",), other_phones=("3305550177",),
    other_addresses=("PO Box 17",), other_postcodes=("44122",), other_members=("C987654321",), encounters=("V2400881",),
)  # fmt: skip


def _level(identifier: str, query: Query, person: PersonRecord = SHE) -> Level | None:
    return dict(compare(query, person)).get(identifier)


def _name_of(level: Level | None) -> str:
    return level.name if level else ""


# ---- names


@pytest.mark.parametrize(
    ("said", "known", "expected", "why"),
    [
        ("Rivera", "Rivera", "exact", "letter for letter"),
        ("RIVERA", "Rivera", "exact", "capitals say nothing"),
        ("OBrien", "O'Brien", "exact", "an apostrophe says nothing"),
        ("Munoz", "Muñoz", "exact", "accents say nothing"),
        ("Garcia-Lopez", "Garcia Lopez", "exact", "a hyphen says nothing"),
        ("J0hnson", "Johnson", "exact", "a zero in a name is an o"),
        ("8aker", "Baker", "exact", "an 8 in a name is a B"),
        ("Rlvera", "Rivera", "confusable", "l for i"),
        ("Bums", "Burns", "confusable", "m for rn"),
        ("Dark", "Clark", "confusable", "d for cl"),
        ("Rivcra", "Rivera", "confusable", "c for e"),
        ("Jonson", "Johnson", "close", "a letter left out"),
        ("Riviera", "Rivera", "close", "a letter too many"),
        ("Rodrigues", "Rodriguez", "close", "spelled the other way"),
        ("Ngyuen", "Nguyen", "close", "two neighbours swapped"),
        ("Garcia", "Garcia Lopez", "part", "one of two surnames"),
        ("Rivera-Lopez", "Rivera", "part", "a second surname on the page"),
        ("Smyth", "Smith", "phonetic", "heard, not read: may be another family"),
        ("Reed", "Reid", "phonetic", "the same"),
        ("Laurie", "Lori", "phonetic", "heard, with half of the letters another"),
        ("Rite", "Wright", "else", "sounds alike, and no misreading makes the one of the other"),
        ("Lee", "Leo", "phonetic", "three letters are too few for a misread one"),
        ("Jansen", "Hansen", "similar", "another first letter is another name, or a bad scan"),
        ("Garza", "Garcia", "similar", "two names of the same look"),
        ("Lopez", "Gomez", "else", "three letters of five are nothing"),
        ("Nguyen", "Rivera", "else", "another name"),
    ],
)
def test_a_surname_is_compared_by_levels(said: str, known: str, expected: str, why: str) -> None:
    level = _level("family", Query(family=said), replace(SHE, family=known, other_names=()))
    assert level is not None
    assert level.name == expected, why
    assert level.confirms == (expected in ("exact", "confusable", "close"))
    assert level.contradicts == (expected == "else")


@pytest.mark.parametrize(
    ("said", "known", "expected", "why"),
    [
        ("Ana", "Ana", "exact", "letter for letter"),
        ("Seán", "Sean", "exact", "accents say nothing"),
        ("Bob", "Robert", "nickname", "a short form"),
        ("Robert", "Bob", "nickname", "the list may hold the short form"),
        ("Jack", "John", "nickname", "a short form without a letter in common but one"),
        ("Micheal", "Michael", "nickname", "a spelling that is as common as a short form"),
        ("Arma", "Anna", "else", "rm for nn is in no table of shapes"),
        ("Jirn", "Jim", "confusable", "rn for m"),
        ("Michele", "Michelle", "close", "one letter less"),
        ("Danielle", "Daniel", "phonetic", "a name that goes on is another name"),
        ("A", "Ana", "initial", "an initial confirms nothing"),
        ("Ana", "A", "initial", "an initial on the list neither"),
        ("B", "Ana", "else", "another initial"),
        ("Maria", "Ana", "middle", "called by her middle name"),
        ("Joan", "Jean", "phonetic", "an e is no o: a twin may be called so"),
        ("Filip", "Philip", "phonetic", "heard, not read"),
        ("Erin", "Eric", "similar", "too short for a misread letter"),
        ("Lucia", "Ana", "else", "another name"),
        ("Mark", "Mary", "similar", "four letters are too few for a misread one"),
    ],
)
def test_a_first_name_is_compared_by_levels(said: str, known: str, expected: str, why: str) -> None:
    level = _level("given", Query(given=said), replace(SHE, given=known, other_names=()))
    assert level is not None
    assert level.name == expected, why
    assert level.confirms == (expected in ("exact", "nickname", "confusable", "close"))
    assert level.contradicts == (expected == "else")


@pytest.mark.parametrize(
    ("family", "given", "expected", "why"),
    [
        ("Montoya", "Ana", {"family": "alias", "given": "exact"}, "her maiden name"),
        ("Vega", "Lucia", {"family": "alias", "given": "alias"}, "another name as a whole"),
        ("Rivera", "Lucius", {"family": "exact", "given": "else"}, "another first name than any of hers"),
        ("Montoyo", "Ana", {"family": "else", "given": "exact"}, "a former name is believed letter for letter only"),
    ],
)
def test_other_names_of_a_person_confirm(family: str, given: str, expected: dict[str, str], why: str) -> None:
    levels = {name: level.name for name, level in compare(Query(family, given), SHE)}
    assert levels == expected, why


@pytest.mark.parametrize(
    ("family", "given", "known", "are_swapped", "why"),
    [
        ("Ana", "Rivera", ("Rivera", "Ana"), True, "written the other way round"),
        ("Ana", "Rlvera", ("Rivera", "Ana"), True, "the other way round, and a letter misread"),
        ("Thomas", "James", ("James", "Thomas"), True, "two names that may each be either"),
        ("Thomas", "James", ("Thomas", "James"), False, "as on the list"),
        ("Thomas", "Thomas", ("Thomas", "Thomas"), False, "one name twice has no order"),
        ("Ana", "", ("Rivera", "Ana"), False, "half a name has no order"),
        ("Ana", "Lopez", ("Rivera", "Ana"), False, "only one of them fits the other place"),
        ("Rivera", "Lopez", ("Rivera", "Ana"), False, "the surname stands where it belongs"),
    ],
)
def test_names_the_other_way_round_are_seen_and_confirm_nothing(
    family: str, given: str, known: tuple[str, str], are_swapped: bool, why: str
) -> None:
    levels = dict(compare(Query(family, given), replace(SHE, family=known[0], given=known[1], other_names=())))
    assert (_name_of(levels.get("given")) == "swapped") is are_swapped, why
    if are_swapped:
        assert not any(level.confirms or level.contradicts for level in levels.values())


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("Maria", "Maria", "exact"),
        ("M", "Maria", "initial"),
        ("M.", "Maria", "initial"),
        ("M", "M", "initial"),  # two initials are no name
        ("Marian", "Maria", "initial"),  # a letter off: no more than its initial is believed
        ("Martha", "Maria", "else"),  # the same initial, another name
        ("T", "Maria", "else"),
        ("", "Maria", ""),
        ("Maria", "", ""),
    ],
)
def test_a_middle_name_is_compared_by_levels(said: str, known: str, expected: str) -> None:
    level = _level("middle", Query(middle=said), replace(SHE, middle=known))
    assert _name_of(level) == expected
    if level is not None:
        assert level.contradicts == (expected == "else")
        assert not level.confirms, "a middle name never counts as an identifier"


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("", "", ""),
        ("Jr", "Jr.", "same"),
        ("JR", "jr", "same"),
        ("Jr", "Sr", "else"),
        ("II", "III", "else"),
        ("", "Jr", "one missing"),
        ("Jr", "", "one missing"),
    ],
)
def test_junior_and_senior_are_told_apart(said: str, known: str, expected: str) -> None:
    level = _level("suffix", Query(suffix=said), replace(SHE, suffix=known))
    assert _name_of(level) == expected
    assert level is None or level.contradicts == (expected == "else")


# ---- birthday, sex, life


@pytest.mark.parametrize(
    ("said", "expected", "contradicts"),
    [
        (date(1957, 3, 14), "exact", False),
        (date(1957, 3, 15), "one digit", False),
        (date(1957, 8, 14), "one digit", False),  # 3 for 8
        (date(1951, 3, 14), "one digit", False),
        (date(1975, 3, 14), "one digit", False),  # two neighbours swapped
        (date(1957, 3, 25), "else", True),  # two digits
        (date(1957, 4, 15), "else", True),
        (date(1939, 3, 14), "year", True),  # mother and daughter on one day
        (date(2001, 12, 31), "else", True),
        (None, "", False),
    ],
)
def test_a_birthday_is_compared_by_levels(said: date | None, expected: str, contradicts: bool) -> None:
    level = _level("dob", Query(birth_date=said))
    assert _name_of(level) == expected
    if level is not None:
        assert (level.confirms, level.contradicts) == (expected == "exact", contradicts)


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        (date(1957, 4, 3), date(1957, 3, 4), "swapped"),
        (date(1957, 3, 4), date(1957, 4, 3), "swapped"),
        (date(1957, 11, 1), date(1957, 1, 11), "swapped"),
        (date(1958, 4, 3), date(1957, 3, 4), "else"),  # swapped and another year
        (date(1957, 5, 5), date(1957, 5, 5), "exact"),  # the same either way
    ],
)
def test_day_and_month_the_other_way_round_confirm_nothing(said: date, known: date, expected: str) -> None:
    level = _level("dob", Query(birth_date=said), replace(SHE, birth_date=known))
    assert _name_of(level) == expected
    assert level is not None
    assert level.confirms == (expected == "exact")


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("F", "F", "same"),
        ("M", "F", "else"),
        ("O", "F", ""),  # other says nothing of either
        ("U", "F", ""),
        ("F", "U", ""),
        ("F", "O", ""),
        ("", "F", ""),
        ("F", "", ""),
    ],
)
def test_only_two_known_sexes_are_compared(said: str, known: str, expected: str) -> None:
    level = _level("sex", Query(sex=said), replace(SHE, sex=known))
    assert _name_of(level) == expected
    assert level is None or level.contradicts == (expected == "else")
    assert level is None or not level.confirms, "half of all people have the same"


@pytest.mark.parametrize(
    ("served", "died", "contradicts"),
    [
        (date(2020, 1, 1), date(2020, 1, 1), False),  # on the day
        (date(2020, 3, 1), date(2020, 1, 1), False),  # sixty days: the last laboratory reports
        (date(2020, 3, 2), date(2020, 1, 1), True),  # sixty-one
        (date(2019, 1, 1), date(2020, 1, 1), False),
        (None, date(2020, 1, 1), False),
        (date(2020, 3, 2), None, False),
    ],
)
def test_nobody_is_treated_long_after_death(served: date | None, died: date | None, contradicts: bool) -> None:
    level = _level("alive", Query(served=served), replace(SHE, died=died))
    assert (level is not None and level.contradicts) is contradicts


@pytest.mark.parametrize(
    ("served", "contradicts"),
    [(date(1957, 3, 13), True), (date(1957, 3, 14), False), (date(2024, 1, 1), False), (None, False)],
)
def test_nobody_is_treated_before_birth(served: date | None, contradicts: bool) -> None:
    level = _level("born", Query(served=served))
    assert (level is not None and level.contradicts) is contradicts
    assert _level("born", Query(served=served), replace(SHE, birth_date=None)) is None


# ---- numbers


@pytest.mark.parametrize(
    ("said", "expected", "sentence"),
    [
        ("00123456", "exact", "MRN the same"),
        ("001-234-56", "exact", "MRN the same"),
        ("00987654", "former", "MRN is a former number of 00123456"),
        ("OO12345G", "confusable", "MRN the same but for letters that are read for digits"),
        ("OO987654", "confusable", "MRN the same but for letters that are read for digits"),  # of a former number
        ("00l23456", "confusable", "MRN the same but for letters that are read for digits"),  # a small l for 1
        ("00123450", "one digit", "MRN differs in one character (0 for 6)"),
        ("00124356", "one digit", "MRN has two neighbouring characters swapped"),
        ("00987655", "one digit", "MRN differs in one character (5 for 4)"),  # of a former number
        ("00123400", "else", "MRN differs"),  # two digits are another number
        ("123456", "else", "MRN differs"),  # leading zeros matter
        ("0123456", "else", "MRN differs"),
        ("001234567", "else", "MRN differs"),  # a digit too many is no misread digit
        ("0012345", "else", "MRN differs"),
    ],
)
def test_a_record_number_is_compared_by_levels(said: str, expected: str, sentence: str) -> None:
    level = _level("mrn", Query(mrn=said))
    assert level is not None
    assert (level.name, level.sentence) == (expected, sentence)
    assert level.confirms == (expected in ("exact", "former"))
    assert level.contradicts == (expected == "else")


@pytest.mark.parametrize("said", ["", "-", " . "])
def test_a_record_number_of_no_characters_says_nothing(said: str) -> None:
    assert _level("mrn", Query(mrn=said)) is None
    assert _level("mrn", Query(mrn="00123456"), replace(SHE, mrn="", other_mrns=())) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("V2400881",), "exact"),
        (("v-2400881",), "exact"),
        (("V9999999", "V2400881"), "exact"),  # one of the numbers on the page
        (("V24O0881",), "confusable"),  # O for 0
        (("V24008B1",), "confusable"),  # B for 8
        (("V240088l",), "confusable"),  # a small l for 1
        (("V2400882",), "else"),  # another visit: their numbers run in order, so a digit is a difference
        (("V9999999",), "else"),
        ((), ""),
    ],
)
def test_an_encounter_is_the_patients_or_unknown(said: tuple[str, ...], expected: str) -> None:
    level = _level("encounter", Query(encounters=said))
    assert _name_of(level) == expected
    if level is not None:
        assert level.confirms == (expected == "exact")
        assert not level.contradicts, "the list may not know today's visit"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("B123456789", "exact"),
        ("b 123-456-789", "exact"),
        ("C987654321", "exact"),  # of an earlier insurer
        ("8I23456789", "confusable"),
        ("Bl23456789", "confusable"),  # a small l for 1
        ("B123456788", "one digit"),
        ("B999999999", "else"),
        ("", ""),
        ("NONE", ""),
        ("SELF PAY", ""),
        ("0000000", ""),
        ("123456789", ""),  # what is typed to get past a field
    ],
)
def test_a_member_id_is_compared_by_levels(said: str, expected: str) -> None:
    level = _level("member_id", Query(member_id=said))
    assert _name_of(level) == expected
    if level is not None:
        assert level.confirms == (expected == "exact")
        assert not level.contradicts, "people change insurers"


def test_one_digit_of_a_short_member_id_is_another_member() -> None:
    assert _name_of(_level("member_id", Query(member_id="B1234"), replace(SHE, member_id="B1235"))) == "else"
    assert _name_of(_level("member_id", Query(member_id="B12345"), replace(SHE, member_id="B12346"))) == "one digit"


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("2081", "2081", "exact"),
        ("2087", "2081", "one digit"),
        ("2018", "2081", "one digit"),
        ("9999", "2081", ""),  # typed where there is none
        ("2081", "0000", ""),
        ("7777", "7777", ""),  # two nothings are not one
        ("1234", "1234", ""),
        ("5512", "2081", "else"),
        ("", "2081", ""),
    ],
)
def test_the_last_four_of_an_ssn_agree_or_contradict(said: str, known: str, expected: str) -> None:
    level = _level("ssn4", Query(ssn4=said), replace(SHE, ssn4=known))
    assert _name_of(level) == expected
    if level is not None:
        assert level.confirms == (expected == "exact")
        assert level.contradicts == (expected != "exact"), "of four digits no misreading is taken for granted"


# ---- where somebody lives


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("(330) 555-0101", "exact"),
        ("1-330-555-0101", "exact"),
        ("555-0101", "exact"),  # without the area code
        ("(216) 555-0101", "exact"),  # area codes change
        ("330-555-0177", "exact"),  # an earlier one
        ("330-555-0102", "else"),
        ("555", ""),
        ("999-999-9999", ""),
        ("", ""),
    ],
)
def test_a_phone_is_its_last_seven_digits(said: str, expected: str) -> None:
    level = _level("phone", Query(phone=said))
    assert _name_of(level) == expected
    assert level is None or not level.contradicts, "people change phones"


@pytest.mark.parametrize(
    ("said", "expected", "confirms"),
    [
        ("927 Juniper Lane", "same house", True),
        ("927 N Juniper Ln Apt 12", "same house", True),
        ("P.O. Box 17", "same house", True),
        ("929 Juniper Lane", "street", False),  # next door
        ("Juniper Lane", "street", False),  # no house number
        ("P.O. Box 18", "close", False),  # another box has a name of its own: no street in common
        ("927 Jumiper Lane", "close", False),
        ("12 Elm St", "else", False),
        ("", "", False),
    ],
)
def test_an_address_is_its_house(said: str, expected: str, confirms: bool) -> None:
    level = _level("address", Query(address=said))
    assert _name_of(level) == expected
    if level is not None:
        assert (level.confirms, level.contradicts) == (confirms, False)


def test_the_same_street_without_a_number_on_both_sides_is_no_house() -> None:
    level = _level("address", Query(address="General Delivery"), replace(SHE, address="General Delivery"))
    assert level is not None
    assert (level.name, level.confirms) == ("street", False)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("44301", "exact"),
        ("44301-1234", "exact"),
        ("44122", "exact"),  # where she lived before
        ("44302", "one digit"),
        ("44310", "one digit"),
        ("90210", "else"),
        ("", ""),
    ],
)
def test_a_postcode_is_compared_by_its_five_digits(said: str, expected: str) -> None:
    level = _level("postcode", Query(postcode=said))
    assert _name_of(level) == expected
    assert level is None or (not level.confirms and not level.contradicts)


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("AKRON", "Akron", "exact"),
        ("Akrcn", "Akron", "exact"),  # a misreading is as good as the city
        ("Cincinatti", "Cincinnati", "close"),
        ("Dayton", "Akron", "else"),
        ("", "Akron", ""),
        ("Akron", "", ""),
    ],
)
def test_a_city_never_confirms(said: str, known: str, expected: str) -> None:
    level = _level("city", Query(city=said), replace(SHE, city=known))
    assert _name_of(level) == expected
    assert level is None or (not level.confirms and not level.contradicts)


# ---- all of them together

FULL = Query(
    "Rivera", "Ana", "Maria", "Jr", date(1957, 3, 14), "F", mrn="00123456", encounters=("V2400881",), member_id="B123456789", phone="330-555-0101", ssn4="2081", postcode="44301",
    address="927 Juniper Ln", city="Akron",
)  # fmt: skip
BLANKS: dict[str, object] = {"birth_date": None, "encounters": (), "served": None}


def test_two_empty_sides_say_nothing() -> None:
    assert list(compare(Query(), SHE)) == []
    assert list(compare(FULL, PersonRecord(id=9, mrn=""))) == [
        ("suffix", Level("one missing", "Jr/Sr on one side only"))
    ]


@pytest.mark.parametrize(
    ("part", "identifier"),
    [
        ("family", "family"), ("given", "given"), ("middle", "middle"), ("birth_date", "dob"), ("sex", "sex"), ("mrn", "mrn"),
        ("encounters", "encounter"), ("member_id", "member_id"), ("phone", "phone"), ("ssn4", "ssn4"), ("postcode", "postcode"),
        ("address", "address"), ("city", "city"),
    ],
)  # fmt: skip
def test_what_the_page_leaves_out_is_left_out_and_changes_nothing_else(part: str, identifier: str) -> None:
    without = dict(compare(replace(FULL, **{part: BLANKS.get(part, "")}), SHE))  # type: ignore[arg-type]
    whole = dict(compare(FULL, SHE))
    assert identifier not in without
    assert without == {name: level for name, level in whole.items() if name != identifier}


_WORDS = st.sampled_from(
    "Rivera Rlvera Riviera Lopez Montoya Ana Anna Maria Ann Jean Joan Bob Robert R Li Lee Smith Smyth Garcia-Lopez O'Brien 8aker".split()
)
_DAYS = st.dates(date(1950, 1, 1), date(1952, 12, 31))
_NUMBERS = st.from_regex(r"00[0-3]{4}[0-9OIl]", fullmatch=True)
_QUERIES = st.builds(
    Query, family=_WORDS, given=_WORDS, middle=_WORDS, suffix=st.sampled_from(["", "Jr", "Sr"]), birth_date=_DAYS, sex=st.sampled_from("MFU"),
    mrn=_NUMBERS, encounters=st.lists(_NUMBERS, max_size=2).map(tuple), member_id=_NUMBERS, phone=st.just("") | st.from_regex(r"555010[0-9]", fullmatch=True),
    ssn4=st.from_regex(r"20[0-9]{2}", fullmatch=True), postcode=st.from_regex(r"4430[0-9]", fullmatch=True),
    address=st.sampled_from(["", "927 Juniper Ln", "929 Juniper Ln", "PO Box 7", "General Delivery"]), city=_WORDS, served=_DAYS,
)  # fmt: skip


def _person(said: Query) -> PersonRecord:
    return PersonRecord(
        id=7, mrn=said.mrn, family=said.family, given=said.given, middle=said.middle, suffix=said.suffix, birth_date=said.birth_date, sex=said.sex, address=said.address, city=said.city, postcode=said.postcode,
        phone=said.phone, ssn4=said.ssn4, member_id=said.member_id, encounters=said.encounters,
    )  # fmt: skip


@given(_QUERIES, _QUERIES)
def test_every_level_has_a_weight_and_its_sign_follows_what_it_means(said: Query, known: Query) -> None:
    for identifier, level in compare(said, _person(known)):
        weight = WEIGHTS[identifier][level.name]
        assert not (level.confirms and level.contradicts)
        if level.confirms:
            assert weight >= 4, "an identifier that counts is worth sixteen to one at least"
        if level.contradicts and (identifier, level.name) != ("ssn4", "one digit"):
            assert weight <= 0, "only a misread SSN orders upwards what it keeps from being linked"
        assert level.sentence or (identifier, level.name) == ("family", "swapped"), "staff see every level once"


_SMALL_L = Query(encounters=("000000l",), mrn="000000l", member_id="000000l")
_ONE = Query(encounters=("0000001",), mrn="0000001", member_id="0000001")


@example(_ONE, _SMALL_L)
@given(_QUERIES, _QUERIES)
def test_numbers_and_dates_compare_the_same_from_either_side(one: Query, other: Query) -> None:
    symmetric = ("dob", "sex", "mrn", "encounter", "member_id", "ssn4", "phone", "postcode", "city", "middle", "suffix")
    there = {name: level.name for name, level in compare(one, _person(other)) if name in symmetric}
    back = {name: level.name for name, level in compare(other, _person(one)) if name in symmetric}
    assert there == back


@given(_QUERIES)
def test_a_person_agrees_with_the_own_record_in_everything_that_is_said(said: Query) -> None:
    levels = dict(compare(replace(said, served=None), _person(said)))
    assert not any(level.contradicts for level in levels.values())
    assert levels["dob"].confirms
    assert levels["mrn"].name == "exact"


def test_of_each_identifier_a_better_level_never_weighs_less_than_a_worse_one() -> None:
    ladders = {
        "given": ("exact", "confusable", "close", "phonetic", "similar", "else"),
        "family": ("exact", "alias", "confusable", "close", "part", "phonetic", "similar", "else"),
        "dob": ("exact", "swapped", "one digit", "year", "else"),
        "mrn": ("exact", "former", "confusable", "one digit", "else"),
        "encounter": ("exact", "confusable", "else"),
        "member_id": ("exact", "confusable", "one digit", "else"),
        "ssn4": ("exact", "one digit", "else"),
        "address": ("same house", "close", "street", "else"),
        "postcode": ("exact", "one digit", "else"),
        "middle": ("exact", "initial", "else"),
        "suffix": ("same", "one missing", "else"),
    }
    for identifier, ladder in ladders.items():
        weights = [WEIGHTS[identifier][level] for level in ladder]
        assert weights == sorted(weights, reverse=True), identifier
