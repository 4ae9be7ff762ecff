"""Beliefs and how they are summed up: what speaks for a person, what against, which value is the best."""

import pytest

from classify.guess import (
    Decision,
    DocumentGuess,
    Evidence,
    FieldValue,
    PatientCandidate,
    PatientMatch,
    PersonRecord,
    TypeGuess,
)

ANA = PersonRecord(id=1, mrn="00123456", family="Rivera", given="Ana")


@pytest.mark.parametrize(
    ("evidence", "agrees", "differs", "why"),
    [
        (Evidence("mrn", "exact", 15.0, "MRN the same", confirms=True), True, False, "confirms"),
        (Evidence("mrn", "else", -7.0, "MRN differs", contradicts=True), False, True, "contradicts"),
        (Evidence("sex", "same", 1.0, "sex the same"), True, False, "weighs for"),
        (Evidence("city", "else", -1.0, "city differs"), False, True, "weighs against"),
        (Evidence("given", "similar", 0.0, "only similar"), False, False, "weighs nothing"),
        (Evidence("ssn4", "one digit", 2.0, "one digit", contradicts=True), True, True, "orders upwards, and keeps from linking"),
        (Evidence("dob", "year", 0.0, "year differs", contradicts=True), False, True, "contradicts without a weight"),
    ],
)  # fmt: skip
def test_what_agrees_and_what_differs(evidence: Evidence, agrees: bool, differs: bool, why: str) -> None:
    candidate = PatientCandidate(ANA, 0.5, (evidence,))
    assert (candidate.agrees == (evidence.identifier,)) is agrees, why
    assert (candidate.differs == (evidence.identifier,)) is differs, why
    assert candidate.reasons == (evidence.sentence,)


def test_what_has_no_sentence_is_no_reason() -> None:
    names = (Evidence("given", "swapped", 3.0, "names the other way round"), Evidence("family", "swapped", 4.0))
    assert PatientCandidate(ANA, 0.5, names).reasons == ("names the other way round",)
    assert PatientCandidate(ANA, 0.5).reasons == ()


def _value(name: str, value: str, confidence: float, page: int = 1) -> FieldValue:
    return FieldValue(name, value, value, confidence, page, None, "label")


@pytest.mark.parametrize(
    ("fields", "best"),
    [
        ((), None),
        ((_value("dob", "1957-03-14", 0.9),), None),
        ((_value("mrn", "1", 0.2),), "1"),
        ((_value("mrn", "1", 0.2), _value("mrn", "2", 0.9), _value("mrn", "3", 0.5)), "2"),
        ((_value("mrn", "1", 0.9, 1), _value("mrn", "2", 0.9, 2)), "1"),  # of equals the first
        ((_value("mrn", "1", 0.2), _value("dob", "1957-03-14", 0.9)), "1"),
    ],
)
def test_the_best_value_of_a_field_is_the_surest(fields: tuple[FieldValue, ...], best: str | None) -> None:
    found = DocumentGuess((1,), TypeGuess("LAB", 0.9), fields, PatientMatch(Decision.NONE)).best("mrn")
    assert (found.value if found else None) == best
