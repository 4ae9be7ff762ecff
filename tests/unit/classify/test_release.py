"""A document files itself only when its class has earned it and nothing speaks against it."""

from dataclasses import replace

import pytest

from classify.autofile import Record, objections
from classify.doubts import Doubt, DoubtCode
from classify.guess import Decision, DocumentGuess, FieldValue, PatientMatch, TypeGuess
from classify.sensitivity import Label

GOOD = DocumentGuess(
    (1,),
    TypeGuess("LAB", 0.99, is_sure=True),
    (FieldValue("mrn", "00123456", "00123456", 0.99, 1, None, "label"),),
    PatientMatch(Decision.LINKED),
)


def test_nothing_speaks_against_a_document_that_was_read_well() -> None:
    assert objections(GOOD, "ok") == ()


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"type": TypeGuess("LAB", 0.99)}, "ok"),
        ({"match": PatientMatch(Decision.ASK)}, "ok"),
        ({}, "timeout"),
        ({"doubts": (Doubt(DoubtCode.OTHER_VALUE, 2, ("name",)),)}, "ok"),
        ({"labels": (Label("HIV", "HIV", 1),)}, "ok"),
        ({"fields": (FieldValue("mrn", "00123456", "00123456", 0.9, 1, None, "label"),)}, "ok"),
        ({"fields": (FieldValue("dob", "2090-01-01", "", 0.99, 1, None, "label", False),)}, "ok"),
    ],
    ids=["kind", "patient", "page", "flag", "sensitive", "badly read", "not valid"],
)
def test_each_doubt_alone_keeps_a_document_for_a_person(change: dict[str, object], outcome: str) -> None:
    doubtful = replace(GOOD, **change)  # type: ignore[arg-type]
    assert len(objections(doubtful, outcome)) == 1


def test_a_class_earns_it_by_its_bound_and_not_by_luck() -> None:
    assert not Record("LAB", 100, 100, 0).has_earned(0.05)  # too few, whatever the arithmetic
    assert Record("LAB", 4000, 3500, 0).has_earned(0.001)
    assert not Record("LAB", 4000, 3500, 2).has_earned(0.001)
