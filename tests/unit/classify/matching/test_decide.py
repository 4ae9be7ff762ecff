"""The guards, one by one: what is enough to link a document, and every single reason that keeps it for a person."""

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.demographics import PersonName
from classify.guess import Decision, PatientMatch, PersonRecord
from classify.matching.decide import CLEAR_LEAD, _are_nearly, _leads, match_patient, rank
from classify.matching.query import Query
from tests.given.people import SmallRoster

BORN = date(1950, 4, 23)
TOM = PersonRecord(
    id=1, mrn="00800001", family="Baker", given="Thomas", middle="Lee", birth_date=BORN, sex="M", address="12 Elm St", city="Akron", postcode="44301", phone="330-555-0199", ssn4="2081", member_id="B123456789", encounters=("V800",)
)  # fmt: skip
NAMED = Query("Baker", "Thomas")
SAID: dict[str, dict[str, object]] = {
    "mrn": {"mrn": "00800001"},
    "dob": {"birth_date": BORN},
    "encounter": {"encounters": ("V800",)},
    "ssn4": {"ssn4": "2081"},
    "member": {"member_id": "B123456789"},
    "phone": {"phone": "330 555 0199"},
    "address": {"address": "12 Elm Street"},
    "sex": {"sex": "M"},
    "middle": {"middle": "Lee"},
    "postcode": {"postcode": "44301"},
    "city": {"city": "Akron"},
}


def _page(*said: str, name: Query = NAMED) -> Query:
    for part in said:
        name = replace(name, **SAID[part])  # type: ignore[arg-type]
    return name


def _match(query: Query, *people: PersonRecord) -> PatientMatch:
    return match_patient(query, SmallRoster(people or (TOM,)))


# ---- how many identifiers must agree


@pytest.mark.parametrize(
    "said",
    [
        ("mrn",), ("mrn", "dob"), ("mrn", "sex"), ("dob", "encounter"), ("dob", "ssn4"), ("dob", "member"), ("dob", "phone"), ("dob", "address"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_name_and_these_are_enough(said: tuple[str, ...]) -> None:
    match = _match(_page(*said))
    assert (match.decision, match.candidates[0].person) == ("linked", TOM)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ((), "neither MRN nor date of birth agrees"),
        (("dob",), "name and date of birth alone are not enough"),
        (("dob", "sex"), "name and date of birth alone are not enough"),
        (("dob", "middle"), "name and date of birth alone are not enough"),
        (("dob", "city", "postcode"), "name and date of birth alone are not enough"),
        (("dob", "sex", "middle", "city", "postcode"), "name and date of birth alone are not enough"),
        (("encounter",), "neither MRN nor date of birth agrees"),
        (("phone", "address"), "neither MRN nor date of birth agrees"),
        (("encounter", "ssn4", "member", "phone", "address"), "neither MRN nor date of birth agrees"),
    ],
    ids=str,
)
def test_a_name_and_no_more_than_these_is_asked(said: tuple[str, ...], sentence: str) -> None:
    match = _match(_page(*said))
    assert match.decision == "ask"
    assert sentence in match.reasons


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        (Query(), {"first name not confirmed", "surname not confirmed"}),
        (Query(family="Baker"), {"first name not confirmed"}),
        (Query(given="Thomas"), {"surname not confirmed"}),
        (Query("Baker", "T"), {"first name not confirmed"}),
        (Query("Baker", "Lee"), {"first name not confirmed"}),  # the middle name
        (Query("Thomas", "Baker"), {"first name not confirmed", "surname not confirmed"}),  # the other way round
        (Query("Baker-Young", "Thomas"), {"surname not confirmed"}),  # a part of it
    ],
)
def test_no_number_makes_up_for_a_name(name: Query, sentences: set[str]) -> None:
    match = _match(_page("mrn", "dob", "encounter", "ssn4", "member", "phone", "address", "sex", name=name))
    assert match.decision == "ask"
    assert set(match.reasons) == sentences


@pytest.mark.parametrize(
    ("said", "decision", "why"),
    [
        (("dob", "phone"), "ask", "a twin has the same birthday and phone"),
        (("dob", "address"), "ask", "and lives in the same house"),
        (("dob", "member"), "ask", "and is insured with the family"),
        (("dob", "phone", "address", "member"), "ask", "all of which a house shares"),
        (("dob", "encounter"), "linked", "nobody else has the visit"),
        (("dob", "ssn4"), "linked", "nor the SSN"),
        (("dob", "mrn"), "linked", "nor the number"),
        (("mrn",), "linked", "nor the number"),
    ],
)
def test_a_short_form_of_the_name_needs_what_no_twin_shares(said: tuple[str, ...], decision: str, why: str) -> None:
    match = _match(_page(*said, name=Query("Baker", "Tom")))
    assert match.decision == decision, why
    if decision == "ask":
        assert match.reasons == ("the first name is not quite the same, and the rest a twin would share",)


def test_a_number_with_letters_read_for_digits_counts_beside_name_and_birthday_only() -> None:
    misread = replace(_page("dob"), mrn="OO8OOOOI")
    assert _match(misread).decision == "linked"
    assert _match(replace(misread, given="Tom")).decision == "linked"
    assert _match(replace(misread, birth_date=None)).reasons == ("neither MRN nor date of birth agrees",)


# ---- what is off by a character


@pytest.mark.parametrize(
    ("change", "said", "decision", "why"),
    [
        ({"mrn": "00800007"}, ("dob",), "ask", "the next number is the next patient's"),
        ({"mrn": "00800007"}, ("dob", "phone", "address", "member"), "ask", "which may be the twin's"),
        ({"mrn": "00800007"}, ("encounter", "ssn4"), "ask", "no birthday beside it"),
        ({"mrn": "00800007"}, ("dob", "encounter"), "linked", "nobody else has birthday and visit"),
        ({"mrn": "00800007"}, ("dob", "ssn4"), "linked", "nor birthday and SSN"),
        ({"mrn": "00800010"}, ("dob", "encounter"), "linked", "two neighbours swapped are one slip"),
        ({"mrn": "00800077"}, ("dob", "encounter"), "ask", "two digits are another number"),
        ({"birth_date": date(1950, 4, 28)}, ("mrn",), "ask", "a birthday one digit off"),
        ({"birth_date": date(1950, 4, 28)}, ("mrn", "phone"), "ask", "which the house shares"),
        ({"birth_date": date(1950, 4, 28)}, ("mrn", "encounter"), "linked", "number and visit agree"),
        ({"birth_date": date(1950, 4, 28)}, ("mrn", "ssn4"), "linked", "number and SSN agree"),
        ({"birth_date": date(1950, 4, 28)}, ("encounter", "ssn4"), "ask", "no number beside it"),
        ({"birth_date": date(1950, 8, 28)}, ("mrn", "encounter", "ssn4"), "ask", "two digits are another day"),
        ({"birth_date": date(1975, 4, 23)}, ("mrn", "encounter", "ssn4"), "ask", "father and son on one day"),
    ],
)
def test_a_character_that_is_off_must_be_outweighed(
    change: dict[str, object], said: tuple[str, ...], decision: str, why: str
) -> None:
    assert _match(replace(_page(*said), **change)).decision == decision, why  # type: ignore[arg-type]


def test_day_and_month_the_other_way_round_are_never_outweighed() -> None:
    """A swap is a slip of the pen as often as another person: whatever else agrees, a person looks."""
    known = replace(TOM, birth_date=date(1950, 4, 11))
    said = replace(_page("mrn", "encounter", "ssn4", "member", "phone", "address"), birth_date=date(1950, 11, 4))
    assert _match(said, known).reasons == ("day and month of birth swapped",)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (replace(_page("encounter", "ssn4"), mrn="00800007"), "MRN differs in one character (7 for 1)"),
        (replace(_page("encounter", "ssn4"), birth_date=date(1950, 4, 28)), "date of birth differs in one digit"),
    ],
)
def test_what_is_not_outweighed_is_told(query: Query, sentence: str) -> None:
    assert _match(query).reasons == (sentence, "neither MRN nor date of birth agrees")


# ---- what contradicts, whatever else agrees

ALL_AGREE = _page(*SAID)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"family": "Nguyen"}, "surname differs"),
        ({"given": "Lucia"}, "first name differs"),
        ({"given": "B"}, "first initial differs"),
        ({"middle": "Roy"}, "middle name differs"),
        ({"birth_date": date(1939, 11, 30)}, "date of birth differs"),
        ({"birth_date": date(1939, 4, 23)}, "day and month of birth the same, year differs"),
        ({"sex": "F"}, "sex differs"),
        ({"mrn": "00999999"}, "MRN differs"),
        ({"ssn4": "5512"}, "last four of the SSN differ"),
        ({"ssn4": "2087"}, "last four of the SSN differ in one digit"),
        ({"served": date(1950, 4, 22)}, "the service was before this patient was born"),
    ],
)
def test_one_contradiction_outweighs_everything_that_agrees(change: dict[str, object], sentence: str) -> None:
    assert _match(ALL_AGREE).decision == "linked"
    match = _match(replace(ALL_AGREE, **change))  # type: ignore[arg-type]
    assert match.decision == "ask"
    assert match.reasons[0] == sentence


@pytest.mark.parametrize(
    "change",
    [
        {"encounters": ("V999",)},
        {"member_id": "C999999999"},
        {"phone": "216 555 0142"},
        {"address": "9 Far Road"},
        {"city": "Dayton", "postcode": "90210"},
        {"suffix": "Jr"},
    ],
    ids=["visit", "member", "phone", "address", "town", "suffix on the page only"],
)
def test_what_people_change_is_no_contradiction(change: dict[str, object]) -> None:
    assert _match(replace(ALL_AGREE, **change)).decision == "linked"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "said", "sentence"),
    [
        (("Lopez", "Baby Girl"), ("Lopez", "Baby Girl"), "this may be a newborn under the mother's name"),
        (("Lopez", "Infant"), ("Lopez", "Infant"), "this may be a newborn under the mother's name"),
        (("Doe", "John"), ("Doe", "John"), "the name on the page is a placeholder, not a name"),
        (("Unknown", "Trauma"), ("Unknown", "Trauma"), "the name on the page is a placeholder, not a name"),
        (("Test", "Patient"), ("Test", "Patient"), "the name on the page is a placeholder, not a name"),
    ],
)
def test_a_name_that_is_none_is_never_linked(known: tuple[str, str], said: tuple[str, str], sentence: str) -> None:
    person = replace(TOM, family=known[0], given=known[1], middle="")
    match = _match(replace(ALL_AGREE, family=said[0], given=said[1], middle=""), person)
    assert match.decision == "ask"
    assert sentence in match.reasons


@pytest.mark.parametrize("middle", ["Baby Boy", "Twin", "BB"])
def test_a_newborn_is_seen_in_the_middle_name_too(middle: str) -> None:
    person = replace(TOM, middle=middle)
    match = _match(replace(ALL_AGREE, middle=middle), person)
    assert "this may be a newborn under the mother's name" in match.reasons


# ---- rivals


def _other(**change: object) -> PersonRecord:
    """Somebody else, of another name, age and house."""
    stranger = PersonRecord(
        id=2,
        mrn="00900002",
        family="Quigley",
        given="Norma",
        birth_date=date(1988, 9, 9),
        sex="F",
        address="9 Far Rd",
        city="Dayton",
        postcode="90210",
    )
    return replace(stranger, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "other", "sentence"),
    [
        (("mrn", "dob", "encounter"), {"encounters": ("V800",)}, "the encounter on the page belongs to MRN 00900002"),
        (("dob", "encounter"), {"other_mrns": ("00800007",)}, "the MRN on the page belongs to MRN 00900002"),
        (("dob", "encounter"), {"mrn": "00800007"}, "the MRN on the page belongs to MRN 00800007"),
    ],
)
def test_a_number_that_is_somebody_elses_is_told(
    said: tuple[str, ...], other: dict[str, object], sentence: str
) -> None:
    query = _page(*said)
    query = query if query.mrn else replace(query, mrn="00800007")  # one digit off, and the rest outweighs it
    assert _match(query).decision == "linked"
    match = _match(query, TOM, _other(**other))
    assert (match.decision, match.candidates[0].person) == ("ask", TOM)
    assert sentence in match.reasons


def test_a_member_id_that_is_somebody_elses_is_told_and_one_of_the_family_is_not() -> None:
    query = replace(_page("mrn", "dob"), member_id="C987654321")
    assert (
        "the member id on the page belongs to MRN 00900002"
        in _match(query, TOM, _other(member_id="C987654321")).reasons
    )
    assert _match(_page("mrn", "dob", "member"), TOM, _other(member_id="B123456789")).decision == "linked"


def test_two_who_fit_alike_are_both_shown_and_neither_is_linked() -> None:
    other = replace(TOM, id=2, mrn="00900002", encounters=(), ssn4="", phone="", address="")
    match = _match(_page("dob", "phone"), TOM, other)
    assert [candidate.person.mrn for candidate in match.candidates] == ["00800001", "00900002"]
    assert match.decision == "ask"


@pytest.mark.parametrize(
    ("said", "known", "is_close", "why"),
    [
        ({}, {}, True, "everything the same"),
        ({"city": "Akron"}, {"city": "Dayton"}, True, "five bits: the town alone tells nobody apart"),
        ({"sex": "M"}, {"sex": "F"}, False, "six bits: a man and a woman"),
        ({"postcode": "44301"}, {"postcode": "90210"}, False, "eight bits"),
        ({"address": "12 Elm St"}, {"address": "9 Far Rd"}, False, "thirteen bits"),
    ],
)
def test_the_best_must_lead_by_64_to_1(
    said: dict[str, object], known: dict[str, object], is_close: bool, why: str
) -> None:
    bare = replace(TOM, encounters=(), member_id="", ssn4="")
    other = replace(bare, id=2, mrn="00900002", **known)  # type: ignore[arg-type]
    query = replace(_page("dob", "phone"), **said)  # type: ignore[arg-type]
    assert ("another patient fits nearly as well" in _match(query, bare, other).reasons) is is_close, why
    (_, best), (_, next_best) = rank(query, SmallRoster((bare, other)))
    assert (best - next_best < CLEAR_LEAD) is is_close


class _Crowd(SmallRoster):
    """A list of very many, of whom these few are found."""

    def __init__(self, people: tuple[PersonRecord, ...], count: int) -> None:
        super().__init__(people)
        self._count = count

    def people(self) -> int:
        return self._count


@pytest.mark.parametrize(("bits", "decision"), [(16, "linked"), (18, "linked"), (19, "ask"), (26, "ask")])
def test_on_a_longer_list_the_same_agreement_is_likely_enough_no_more(bits: int, decision: str) -> None:
    """A letter off, a short form and the number are 25.5 bits; 6.63 of them must be left over."""
    query = replace(_page("mrn"), family="Bakr", given="Tom")
    match = match_patient(query, _Crowd((TOM,), 2**bits))
    assert match.decision == decision
    assert (match.reasons == ("the match score is too low to link it without a person",)) is (decision == "ask")
    assert rank(query, _Crowd((TOM,), 2**bits))[0][1] == pytest.approx(25.5 - bits)


def test_a_short_list_is_weighed_as_if_it_were_longer() -> None:
    one = rank(_page("mrn"), SmallRoster((TOM,)))[0][1]
    two = rank(_page("mrn"), SmallRoster((TOM, _other())))[0][1]
    assert one == two


class _Common(SmallRoster):
    """A list that knows how common names are."""

    def share_of(self, part: str, name: str) -> float | None:
        return {"family": 0.02, "given": 0.03}[part] if name in ("baker", "thomas") else None


def test_a_common_name_weighs_less_than_a_rare_one() -> None:
    assert rank(_page("mrn"), _Common((TOM,)))[0][1] < rank(_page("mrn"), SmallRoster((TOM,)))[0][1]


# ---- near-twins: who may be on the list beside the one that fits


@pytest.mark.parametrize(
    ("why", "other", "sentence"),
    [
        ("a twin", {"family": "Baker", "birth_date": BORN}, "the same surname and date of birth"),
        ("a twin with a letter off in the list", {"family": "Bakers", "birth_date": BORN}, "the same surname and date of birth"),
        ("a twin with a double surname", {"family": "Young-Baker", "birth_date": BORN}, "the same surname and date of birth"),
        ("a twin under a former name", {"other_names": (PersonName("Baker"),), "birth_date": BORN}, "the same surname and date of birth"),
        ("a namesake a day apart", {"family": "Baker", "given": "Thomas", "birth_date": date(1950, 4, 24)}, "the same name"),
        ("a namesake whose birthday nobody knows", {"family": "Baker", "given": "Tommy", "birth_date": None}, "the same name"),
        ("a namesake a misread digit apart", {"family": "Baker", "given": "Tom", "birth_date": date(1956, 4, 23)}, "the same name"),
        ("a senior", {"family": "Baker", "given": "Thomas", "suffix": "Sr"}, "the same name but for Jr or Sr"),
        ("a senior under a short form", {"family": "Baker", "given": "Tom", "suffix": "III"}, "the same name but for Jr or Sr"),
        ("a namesake in the house", {"family": "Baker", "given": "Thomas", "address": "12 Elm Street"}, "the same name and address"),
        ("a namesake who lived in the house", {"family": "Baker", "given": "Thomas", "other_addresses": ("12 Elm",)}, "the same name and address"),
        ("a namesake with the phone", {"family": "Baker", "given": "Thomas", "phone": "(330) 555-0199"}, "the same name and address"),
        ("a namesake who had the phone", {"family": "Baker", "given": "Thomas", "other_phones": ("5550199",)}, "the same name and address"),
    ],
)  # fmt: skip
def test_a_near_twin_on_the_list_is_named(why: str, other: dict[str, object], sentence: str) -> None:
    match = _match(_page("mrn", "dob", "sex"), TOM, _other(**other))
    assert match.decision == "ask", why
    assert f"near-twin: MRN 00900002 has {sentence}" in match.reasons


@pytest.mark.parametrize(
    ("born", "decision"),
    [
        (date(1950, 11, 4), "ask"),  # day and month the other way round
        (date(1975, 11, 4), "linked"),  # and another year: no slip of a pen
        (date(1950, 4, 12), "ask"),  # a digit
        (date(1950, 5, 12), "linked"),  # two digits
    ],
)
def test_a_namesake_is_near_when_a_slip_makes_the_birthday_the_same(born: date, decision: str) -> None:
    known = replace(TOM, birth_date=date(1950, 4, 11))
    namesake = _other(family="Baker", given="Thomas", birth_date=born)
    assert _match(replace(_page("mrn"), birth_date=date(1950, 4, 11)), known, namesake).decision == decision


@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("a stranger", {}),
        ("a stranger born on the day", {"birth_date": BORN}),
        ("a wife in the house", {"family": "Baker", "address": "12 Elm St", "phone": "330-555-0199"}),
        ("a namesake of another age and house", {"family": "Baker", "given": "Thomas"}),
        ("a namesake born twelve days later", {"family": "Baker", "given": "Thomas", "birth_date": date(1950, 5, 5)}),
        ("a namesake in another house without a known street", {"family": "Baker", "given": "Thomas", "address": "", "phone": ""}),
        ("the same first name in another family", {"given": "Thomas", "birth_date": BORN}),
        ("a family of a name that sounds alike", {"family": "Becker", "given": "Thomas", "address": "12 Elm St"}),
        ("a junior of another first name", {"family": "Baker", "given": "Henry", "suffix": "Jr"}),
    ],
)  # fmt: skip
def test_who_is_no_near_twin_does_not_keep_a_document_back(why: str, other: dict[str, object]) -> None:
    match = _match(_page("mrn", "dob", "sex"), TOM, _other(**other))
    assert (match.decision, match.candidates[0].person) == ("linked", TOM), why


@pytest.mark.parametrize(
    ("said", "decision"),
    [(("mrn",), "ask"), (("mrn", "phone", "address"), "ask"), (("mrn", "encounter"), "linked"), (("mrn", "ssn4"), "linked")],
)  # fmt: skip
def test_without_a_birthday_only_what_no_namesake_shares_tells_them_apart(said: tuple[str, ...], decision: str) -> None:
    namesake = _other(family="Baker", given="Thomas")
    assert _match(_page(*said), TOM, namesake).decision == decision


# ---- what is shown to a person


def test_at_most_nine_are_shown_best_first_and_equals_by_their_number() -> None:
    people = [replace(TOM, id=n, mrn=f"0080{n:04}", encounters=()) for n in range(12, 0, -1)]
    match = _match(_page("dob"), *people)
    assert [c.person.id for c in match.candidates] == list(range(1, 10))
    assert match.decision == "ask"


def test_an_exact_number_is_shown_however_poor_the_rest() -> None:
    match = _match(replace(_page("mrn"), family="Nguyen", given="Lucia", sex="F", birth_date=date(2001, 1, 1)))
    assert [c.person for c in match.candidates] == [TOM]
    assert match.decision == "ask"
    assert match.candidates[0].score < 0.01


def test_who_shares_a_street_and_no_more_is_nobody() -> None:
    match = _match(Query("Nguyen", "Lucia", address="12 Elm St", postcode="44301", sex="F"))
    assert (match.decision, match.reasons) == ("none", ("nobody on the patient list fits",))


def test_the_chance_of_a_linked_one_is_that_of_a_passed_guard_and_of_an_asked_one_its_lead() -> None:
    linked, asked = _match(ALL_AGREE).candidates[0], _match(_page("dob")).candidates[0]
    assert linked.score == 0.9999
    assert 0 < asked.score < 0.5


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (Query(), "no name or number was read on these pages"),
        (Query(given="Ann"), "no name or number was read on these pages"),
        (Query("Zzyzx", "Ann"), "nobody on the patient list fits"),
        (Query(mrn="99999999"), "nobody on the patient list fits"),
        (Query(encounters=("V1",)), "nobody on the patient list fits"),
    ],
)
def test_when_nobody_fits_the_reason_says_why(query: Query, sentence: str) -> None:
    assert _match(query) == PatientMatch(Decision.NONE, (), (sentence,))


# ---- what holds for any page and any list

_FAMILIES = st.sampled_from(["Baker", "Bakers", "Baker-Young", "Becker", "Young", ""])
_GIVENS = st.sampled_from(["Thomas", "Tom", "Tomas", "Tim", "T", "Karen", "Baby Boy", ""])
_DAYS = st.sampled_from([BORN, date(1950, 4, 24), date(1950, 4, 11), date(1950, 11, 4), date(1975, 4, 23), None])
_MRNS = st.sampled_from(["00800001", "00800002", "OO800001", "00800010", "00999999", ""])
_VISITS = st.sampled_from([(), ("V800",), ("V900",)])
_PHONES, _SSNS = st.sampled_from(["3305550199", "2165550142", ""]), st.sampled_from(["2081", "2087", "9999", ""])
_QUERIES = st.builds(
    Query, family=_FAMILIES, given=_GIVENS, suffix=st.sampled_from(["", "Jr"]), birth_date=_DAYS, sex=st.sampled_from(["M", "F", ""]), mrn=_MRNS,
    encounters=_VISITS, phone=_PHONES, ssn4=_SSNS,
)  # fmt: skip
_LISTED = st.builds(
    PersonRecord, id=st.just(0), mrn=_MRNS.filter(bool), family=_FAMILIES.filter(bool), given=_GIVENS.filter(bool),
    suffix=st.sampled_from(["", "", "Jr"]), birth_date=_DAYS, sex=st.sampled_from(["M", "F"]), phone=_PHONES, ssn4=_SSNS, encounters=_VISITS,
)  # fmt: skip


def _numbered(people: list[PersonRecord]) -> tuple[PersonRecord, ...]:
    return tuple(replace(person, id=number) for number, person in enumerate(people, 1))


@settings(max_examples=400)
@given(_QUERIES, st.lists(_LISTED, min_size=1, max_size=4).map(_numbered))
def test_nobody_is_ever_linked_with_fewer_than_two_agreeing_identifiers(
    query: Query, people: tuple[PersonRecord, ...]
) -> None:
    match = match_patient(query, SmallRoster(people))
    if match.decision != "linked":
        assert match.reasons, "a refusal says why"
        return
    evidence = {e.identifier: e for e in match.candidates[0].evidence}
    confirmed = {name for name, e in evidence.items() if e.confirms}
    assert {"family", "given"} <= confirmed
    numbers = confirmed & {"mrn", "encounter", "ssn4", "phone", "member_id", "address"}
    assert "mrn" in confirmed or ("dob" in confirmed and (numbers or evidence["mrn"].level == "confusable"))
    assert not any(e.contradicts for e in evidence.values())


@settings(max_examples=300)
@given(_QUERIES, st.lists(_LISTED, min_size=1, max_size=3).map(_numbered), _LISTED)
def test_one_more_on_the_list_may_take_a_link_away_and_never_moves_it_to_another(
    query: Query, people: tuple[PersonRecord, ...], more: PersonRecord
) -> None:
    before = match_patient(query, SmallRoster(people))
    after = match_patient(query, SmallRoster((*people, replace(more, id=99))))
    if before.decision == "linked" and after.decision == "linked":
        assert after.candidates[0].person == before.candidates[0].person


@settings(max_examples=200)
@given(_QUERIES, st.lists(_LISTED, min_size=2, max_size=4, unique_by=lambda p: p.mrn).map(_numbered))
def test_the_order_of_the_list_decides_nothing(query: Query, people: tuple[PersonRecord, ...]) -> None:
    assert match_patient(query, SmallRoster(people)) == match_patient(query, SmallRoster(people[::-1]))


_WORSE: dict[str, tuple[object, ...]] = {
    "family": ("", "Bakcr", "Bakr", "Becker", "Nguyen"),
    "given": ("", "Tom", "Thornas", "T", "Lucia"),
    "middle": ("", "L", "Roy"),
    "birth_date": (None, date(1950, 4, 28), date(1975, 4, 23), date(2001, 1, 1)),
    "sex": ("", "F"),
    "mrn": ("", "OO8OOOOI", "00800007", "00999999"),
    "encounters": ((), ("V999",)),
    "member_id": ("", "B123456788", "C999999999"),
    "phone": ("", "2165550142"),
    "ssn4": ("", "2087", "5512"),
    "postcode": ("", "44302", "90210"),
    "address": ("", "14 Elm St", "9 Far Rd"),
    "city": ("", "Dayton"),
}


@given(st.dictionaries(st.sampled_from(sorted(_WORSE)), st.integers(0, 4), min_size=1), st.sampled_from(sorted(_WORSE)))
def test_a_worse_copy_never_scores_higher(damage: dict[str, int], more: str) -> None:
    roster = SmallRoster((TOM,))
    worse = replace(ALL_AGREE, **{part: _WORSE[part][min(n, len(_WORSE[part]) - 1)] for part, n in damage.items()})  # type: ignore[arg-type]
    assert _bits(worse, roster) < _bits(ALL_AGREE, roster)
    if more not in damage:  # and one thing more that is not said is worth no more either
        left_out = replace(worse, **{more: _WORSE[more][0]})  # type: ignore[arg-type]
        assert _bits(left_out, roster) < _bits(worse, roster) or _bits(worse, roster) == -math.inf


def _bits(query: Query, roster: SmallRoster) -> float:
    """What speaks for Tom; nothing at all when the page shares no key with him."""
    return {person.id: bits for person, bits in rank(query, roster)}.get(TOM.id, -math.inf)


@pytest.mark.parametrize(
    ("page", "listed"), [("Fernandez", "Hernandez"), ("Martin", "Martinez"), ("William", "Williams")]
)
def test_another_surname_of_nearly_the_same_letters_is_never_linked(page: str, listed: str) -> None:
    """Each is a common name of its own: a number that is read right does not make the two one."""
    on_list = replace(TOM, family=listed)
    for said in (("mrn",), ("dob", "phone"), ("mrn", "dob", "encounter")):
        assert _match(_page(*said, name=Query(page, "Thomas")), on_list).decision == "ask", said


@pytest.mark.parametrize(
    ("bits", "leads"),
    [
        ([10.0], [10.0]),  # over nobody alone
        ([10.0, 10.0], [10 - math.log2(1025), 10 - math.log2(1025)]),
        ([10.0, 3.0], [10 - math.log2(9), 3 - math.log2(1025)]),
        ([0.0, 0.0, 0.0], [-math.log2(3)] * 3),
        ([70.0, 65.0], [10.0, 5.0]),  # what is past counting is taken as 60 bits
    ],
)
def test_a_lead_is_over_all_others_and_nobody_together(bits: list[float], leads: list[float]) -> None:
    assert _leads(bits) == pytest.approx(leads)


@pytest.mark.parametrize(
    ("one", "two", "are_nearly"),
    [
        ("Baker", "Baker", True),
        ("Barnes", "Bames", True),  # rn read as m
        ("Garcia-Lopez", "Lopez", True),  # part of a double surname
        ("Garcia Lopez", "Garcia", True),
        ("Lopez", "Garcia", False),
        ("Garcia-Lopez", "Ortiz-Vega", False),  # two double ones that share nothing
        ("de Souza", "Okafor", False),
    ],
)
def test_surnames_are_nearly_the_same_by_letters_or_by_a_part(one: str, two: str, are_nearly: bool) -> None:
    assert (_are_nearly(one, two), _are_nearly(two, one)) == (are_nearly, are_nearly)


class _Counted(SmallRoster):
    """A list on which every surname is borne by one in a thousand, and every first name by one in four."""

    def share_of(self, part: str, name: str) -> float | None:
        return {"family": 0.001, "given": 0.25}[part]


def test_names_that_are_the_same_weigh_by_how_common_they_are_on_this_list() -> None:
    said = {e.identifier: e.weight for e in match_patient(NAMED, _Counted((TOM,))).candidates[0].evidence}
    assert said == {
        "family": pytest.approx(-math.log2(0.001), abs=0.06),
        "given": 4.0,
    }  # no name gives less than 4 bits
    swapped = {
        e.identifier: e.weight
        for e in match_patient(Query("Thomas", "Baker", birth_date=BORN), _Counted((TOM,))).candidates[0].evidence
    }
    assert swapped["family"] == said["family"]
    assert swapped["given"] == 0.0  # and four less for standing the other way round
