"""A site's policy of second looks: every refusal in its sentence, and presets that are no refusals themselves."""

import math
from dataclasses import replace

import pytest

from storage.foundation.errors import StateRefused
from storage.quality.defects import BY_CODE, ERRORS, FOUND_BY_KEYING, Weight, weighs
from storage.quality.policy import PRESETS, Quality, check_quality


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_a_policy(preset: str) -> None:
    check_quality(Quality(**PRESETS[preset]))


def test_without_a_policy_nothing_is_drawn() -> None:
    check_quality(Quality())
    assert (Quality().lot, Quality().double_key, Quality().double_key_share) == (0, [], 0.0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lot": 1}, "lot is 2 documents or more; 0 draws no samples."),
        ({"lot": -5}, "lot is 2 documents or more; 0 draws no samples."),
        ({"level": "IV"}, "level is one of I, II, III."),
        ({"level": "ii"}, "level is one of I, II, III."),
        ({"major_aql": 0.66}, "major_aql is one of 0.01, 0.015,"),
        ({"minor_aql": 0}, "minor_aql is one of 0.01, 0.015,"),
        ({"double_key_share": 1.01}, "double_key_share is a share, 0.0 to 1.0."),
        ({"double_key_share": -0.1}, "double_key_share is a share, 0.0 to 1.0."),
        ({"double_key_share": math.nan}, "double_key_share is a share, 0.0 to 1.0."),
        ({"double_key": ["LAB", "NO_SUCH"]}, "double_key names no document type 'NO_SUCH'."),
    ],
)
def test_what_there_is_not_is_refused_in_a_sentence(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(StateRefused) as refused:
        check_quality(replace(Quality(), **change))  # type: ignore[arg-type]
    assert str(refused.value).startswith(f"profile.toml, [quality]: {sentence}")


@pytest.mark.parametrize("change", [{"lot": 2}, {"major_aql": 1}, {"minor_aql": 10}, {"double_key_share": 1}])
def test_the_edges_are_allowed(change: dict[str, object]) -> None:
    check_quality(replace(Quality(), **change))  # type: ignore[arg-type]


WEIGHTS = {
    "critical": {"wrong_patient", "wrong_encounter", "foreign_page", "missing_page", "not_protected"},
    "major": {"wrong_type", "wrong_date", "illegible", "cut_off", "wrong_value"},
    "minor": {"skewed", "out_of_order", "blank_kept", "title"},
}


def test_every_error_has_its_weight() -> None:
    assert {w: {e.code for e in ERRORS if e.weight == w} for w in Weight} == WEIGHTS
    assert len(BY_CODE) == len(ERRORS)
    assert all(error.title for error in ERRORS)


def test_what_blind_keying_finds_is_an_error_of_the_list() -> None:
    assert set(FOUND_BY_KEYING.values()) <= set(BY_CODE)
    assert [weighs([FOUND_BY_KEYING[name]], Weight.CRITICAL) for name in ("mrn", "dob", "name", "type")] == [
        True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "weight", "does"),
    [
        ([], Weight.MINOR, False),
        (["skewed"], Weight.MINOR, True),
        (["skewed"], Weight.MAJOR, False),
        (["skewed", "wrong_patient"], Weight.CRITICAL, True),
        (["wrong_type", "skewed"], Weight.CRITICAL, False),
    ],
)
def test_what_a_document_weighs_is_told_by_its_errors(codes: list[str], weight: Weight, does: bool) -> None:
    assert weighs(codes, weight) is does
