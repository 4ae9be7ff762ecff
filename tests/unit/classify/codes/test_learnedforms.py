"""Form numbers are learned from counts: enough documents, enough patients, one kind."""

import pytest

from classify.codes.learnedforms import Bearing, as_evidence, learn_forms


def _documents(key: str, *counts: tuple[str, int], persons: int = 50) -> list[Bearing]:
    return [
        Bearing(frozenset({key}), code, f"person {number % persons}")
        for code, count in counts
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("documents", "learned", "why"),
    [
        (_documents("HH1032", ("LAB", 5)), "LAB", "five of five"),
        (_documents("HH1032", ("LAB", 4)), "", "too few"),
        (_documents("HH1032", ("LAB", 1)), "", "one slip teaches nothing"),
        (_documents("HH1032", ("LAB", 19), ("EKG", 1)), "LAB", "one slip among twenty takes nothing away"),
        (_documents("HH1032", ("LAB", 5), ("EKG", 1)), "", "one of six may be a form of two kinds"),
        (_documents("HH1032", ("LAB", 10), ("EKG", 10)), "", "a form of two kinds"),
        (_documents("00123456", ("LAB", 40), persons=1), "", "the record number of one patient"),
        (_documents("00123456", ("LAB", 40), persons=2), "", "and of two"),
        ([Bearing(frozenset({"HH1032"}), "LAB", "")] * 9, "", "nobody's"),
    ],
)
def test_what_is_learned(documents: list[Bearing], learned: str, why: str) -> None:
    found = learn_forms(documents)
    assert [form.code for form in found.values()] == ([learned] if learned else []), why


def test_the_chance_grows_with_the_count_and_falls_with_slips() -> None:
    chances = [
        as_evidence(learn_forms(_documents("K1", ("LAB", count), ("EKG", slips))))["K1"][1]
        for count, slips in ((5, 0), (10, 0), (60, 0), (59, 1))
    ]
    assert chances[0] == pytest.approx(0.549, abs=0.01)
    assert chances[0] < chances[1] < chances[3] < chances[2]
    assert chances[2] > 0.95
