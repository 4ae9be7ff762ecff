"""Every objection to a document that would file itself, in its own words, and what a class must have shown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.autofile import FEWEST, Record, is_sure, objections
from classify.doubts import Doubt, DoubtCode
from classify.guess import Decision, DocumentGuess, FieldValue, PatientMatch, TypeGuess
from classify.risk import exact_upper_bound, upper_bound
from classify.sensitivity import Label


def _value(name: str, value: str, confidence: float = 0.99, is_valid: bool = True) -> FieldValue:
    return FieldValue(name, value, value, confidence, 1, None, "label", is_valid)


MRN, NAME, DOB = _value("mrn", "00123456"), _value("name", "RIVERA, ANA"), _value("dob", "1957-03-14")
GOOD = DocumentGuess((1, 2), TypeGuess("LAB", 0.99, is_sure=True), (MRN, NAME, DOB), PatientMatch(Decision.LINKED))


@pytest.mark.parametrize(
    ("change", "outcome", "expected"),
    [
        ({}, "ok", ()),
        ({}, "blank", ()),
        ({}, "failed", ("a page is failed",)),
        ({}, "incomplete", ("a page is incomplete",)),
        ({}, "unreadable", ("a page is unreadable",)),
        ({"type": TypeGuess("LAB", 1.0)}, "ok", ("the kind of document is not sure",)),
        ({"match": PatientMatch(Decision.NONE)}, "ok", ("the patient is not linked",)),
        ({"match": PatientMatch(Decision.CONFIRMED)}, "ok", ("the patient is not linked",)),
        ({"doubts": (Doubt(DoubtCode.PAGES_REORDERED),)}, "ok", ("something contradicts or is missing",)),
        ({"labels": (Label("HIV", "HIV", 1),)}, "ok", ("it may be specially protected",)),
        ({"rescan": 4}, "ok", ("it was scanned again for another document",)),
        ({"unnamed_pages": (2,)}, "ok", ("a page does not say whose it is",)),
        ({"fields": ()}, "ok", ()),  # the patient was linked by a sheet: there is nothing to doubt
        ({"fields": (replace(MRN, confidence=0.95), NAME, DOB)}, "ok", ()),
        ({"fields": (replace(MRN, confidence=0.9499), NAME, DOB)}, "ok", ("the mrn was not read surely",)),
        ({"fields": (MRN, replace(NAME, confidence=0.9), DOB)}, "ok", ("the name was not read surely",)),
        ({"fields": (MRN, NAME, replace(DOB, is_valid=False))}, "ok", ("the dob was not read surely",)),
        ({"fields": (MRN, NAME, DOB, _value("mrn", "00999999", 0.5))}, "ok", ("the pages say more than one mrn",)),
        ({"fields": (MRN, NAME, DOB, _value("name", "KOWALCZYK, ROBERT", 0.6))}, "ok", ("the pages say more than one name",)),
        ({"fields": (MRN, NAME, DOB, _value("dob", "1990-01-01", 0.7))}, "ok", ("the pages say more than one dob",)),
        ({"fields": (MRN, NAME, DOB, _value("mrn", "00999999", 0.49))}, "ok", ()),  # less likely right than wrong
        ({"fields": (MRN, NAME, DOB, _value("phone", "1", 0.1), _value("phone", "2", 0.9))}, "ok", ()),  # says not who it is
    ],
)  # fmt: skip
def test_an_objection_says_what_it_is(change: dict[str, object], outcome: str, expected: tuple[str, ...]) -> None:
    document = replace(GOOD, **change)  # type: ignore[arg-type]
    assert objections(document, outcome) == expected


def test_several_objections_are_all_told() -> None:
    bad = replace(
        GOOD,
        type=TypeGuess("LAB", 0.5),
        match=PatientMatch(Decision.ASK),
        doubts=(Doubt(DoubtCode.PAGES_REPEATED),),
        unnamed_pages=(2,),
    )
    assert len(objections(bad, "failed")) == 5


@pytest.mark.parametrize(
    ("confidence", "is_valid", "expected"), [(0.95, True, True), (0.9499, True, False), (1.0, False, False)]
)
def test_a_value_is_sure_when_a_document_may_file_itself_with_it(
    confidence: float, is_valid: bool, expected: bool
) -> None:
    assert is_sure(confidence, is_valid=is_valid) is expected
    value = replace(MRN, confidence=confidence, is_valid=is_valid)
    assert (objections(replace(GOOD, fields=(value, NAME, DOB)), "ok") == ()) is expected


@pytest.mark.parametrize(
    ("would_file", "wrong", "target", "earned", "why"),
    [
        (FEWEST - 1, 0, 1.0, False, "one too few, whatever the target"),
        (FEWEST, 0, 0.01, True, "enough, and none wrong"),
        (FEWEST, 0, 0.001, False, "too few to show one in a thousand"),
        (3000, 0, 0.001, True, "three thousand show it"),
        (3000, 1, 0.001, False, "one wrong among them does not"),
        (3000, 1, 0.002, True, "but two in a thousand"),
        (3000, 3000, 1.0, True, "whoever aims at nothing reaches it"),
        (0, 0, 1.0, False, "nothing was verified"),
    ],
)
def test_a_class_earns_by_the_bound_of_its_risk(
    would_file: int, wrong: int, target: float, earned: bool, why: str
) -> None:
    assert Record("LAB", 5000, would_file, wrong).has_earned(target) is earned, why


@pytest.mark.parametrize(
    ("wrong", "count", "expected"),
    [(0, 0, 1.0), (0, 10, 0.213), (0, 300, 0.00894), (1, 300, 0.0148), (5, 100, 0.0992), (100, 100, 1.0)],
)
def test_the_bound_is_wilsons(wrong: int, count: int, expected: float) -> None:
    assert upper_bound(wrong, count) == pytest.approx(expected, rel=0.01)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_bound_lies_above_the_share_and_one_more_wrong_raises_it(counted: tuple[int, int]) -> None:
    wrong, count = counted
    assert wrong / count <= upper_bound(wrong, count) + 1e-9 <= 1.0 + 1e-9
    if wrong < count:
        assert upper_bound(wrong, count) < upper_bound(wrong + 1, count) or upper_bound(wrong + 1, count) > 1 - 1e-9
        assert upper_bound(2 * wrong, 2 * count) <= upper_bound(wrong, count), (
            "the same share of more documents is surer"
        )


@pytest.mark.parametrize(
    ("wrong", "count", "expected"), [(0, 2995, 0.001), (0, 59, 0.0495), (1, 100, 0.0466), (5, 5, 1.0), (0, 0, 1.0)]
)
def test_the_exact_bound_is_that_of_clopper_and_pearson(wrong: int, count: int, expected: float) -> None:
    assert exact_upper_bound(wrong, count) == pytest.approx(expected, rel=0.01)
