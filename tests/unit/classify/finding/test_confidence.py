"""How sure a value is: every doubt takes away, none adds, and the figures are those of the table."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.fields.table import FIELDS
from classify.finding.confidence import AGREEMENT, FEATURES, KINDS, WEIGHTS, confidence_of, features_of, with_others
from classify.finding.labels import FoundLabel
from classify.finding.places import Found, Side
from ocr.page import Agreement, Box, Word

LABEL = FoundLabel("mrn", 0, 0, 2, 1.0, True, 3, "")
WORD = Word("00123456", Box(200, 100, 300, 120), 0.97, 0)
GOOD = Found("mrn", "00123456", "00123456", (WORD,), True, LABEL, Side.RIGHT, 0.95, 0.5, 0)


def _sure(found: Found, dpi: int = 300, is_near_relative: bool = False) -> float:
    return confidence_of(features_of(found, dpi=dpi, is_near_relative=is_near_relative))


def _feature(found: Found, name: str, dpi: int = 300) -> float:
    return features_of(found, dpi=dpi, is_near_relative=False)[FEATURES.index(name)]


def test_every_feature_has_a_weight_and_every_kind_a_field() -> None:
    assert set(WEIGHTS) == {"bias", *FEATURES}
    assert set(AGREEMENT) == {"bias", "own", "agrees", "differs"}
    assert set(KINDS) <= {field.name for field in FIELDS}


def test_a_value_well_read_beside_its_label_is_sure() -> None:
    assert _sure(GOOD) > 0.95


@pytest.mark.parametrize(
    ("doubt", "worse"),
    [
        ("badly read", replace(GOOD, words=(replace(WORD, confidence=0.5),))),
        ("one word of two badly read", replace(GOOD, words=(WORD, replace(WORD, confidence=0.3)))),
        ("a misread label", replace(GOOD, anchor=replace(LABEL, closeness=0.86))),
        ("no habit of this page", replace(GOOD, habit=0.1)),
        ("words left out", replace(GOOD, left_out=3)),
        ("not valid", replace(GOOD, is_valid=False)),
        ("a number longer than others", replace(GOOD, value="001234567890")),
    ],
)
def test_each_doubt_makes_a_value_less_sure(doubt: str, worse: Found) -> None:
    assert _sure(worse) < _sure(GOOD), doubt


def test_a_value_in_a_relatives_row_is_not_believed() -> None:
    assert _sure(GOOD, is_near_relative=True) < 0.5


@pytest.mark.parametrize(
    ("dpi", "most"),
    [(300, 1.0), (200, 1.0), (199, 0.88), (150, 0.88), (72, 0.88)],
)
def test_under_200_dpi_nothing_that_one_recogniser_read_is_surer_than_88_in_100(dpi: int, most: float) -> None:
    assert _sure(GOOD, dpi=dpi) <= most
    assert (_sure(GOOD, dpi=dpi) > 0.88) is (dpi >= 200)


@pytest.mark.parametrize("dpi", [199, 150, 72])
@pytest.mark.parametrize(
    ("said", "is_capped"),
    [
        ((Agreement.SAME,), False),
        ((Agreement.SAME, Agreement.SAME), False),
        ((Agreement.SAME, Agreement.OTHER), True),
        ((Agreement.SILENT,), True),
        ((Agreement.NOT_ASKED, Agreement.SAME), True),
    ],
)
def test_a_coarse_page_that_both_recognisers_read_alike_is_as_good_as_a_fine_one(
    dpi: int, said: tuple[Agreement, ...], is_capped: bool
) -> None:
    found = replace(GOOD, words=tuple(replace(WORD, agreement=agreement) for agreement in said))
    assert (_sure(found, dpi=dpi) <= 0.88) is is_capped
    assert is_capped or _sure(found, dpi=dpi) == _sure(found, dpi=300)


@pytest.mark.parametrize(
    ("feature", "found", "expected"),
    [
        ("misread_label", replace(GOOD, anchor=replace(LABEL, closeness=0.9)), 0.5),
        ("no_colon", replace(GOOD, anchor=replace(LABEL, is_marked=False)), 1.0),
        ("no_colon", GOOD, 0.0),
        ("gap", replace(GOOD, gap=10.0), 1.0),
        ("gap", replace(GOOD, gap=90.0), 3.0),  # farther is no worse
        ("gap", replace(GOOD, gap=10.0, side=Side.BELOW), 0.0),  # below, a gap is an indent
        ("left_out", replace(GOOD, left_out=9), 4.0),  # more is no worse
        ("not_valid", replace(GOOD, is_valid=False), 1.0),
        ("one_word_label", replace(GOOD, anchor=replace(LABEL, words=1)), 1.0),
        ("is_number", GOOD, 1.0),
        ("is_date", replace(GOOD, field="dob"), 1.0),
        ("is_name", replace(GOOD, field="guarantor"), 1.0),
        ("is_text", replace(GOOD, field="diagnosis"), 1.0),
        ("is_text", GOOD, 0.0),
        ("long_number", replace(GOOD, value="0012345678"), 1.0),
        ("long_number", replace(GOOD, value="001234"), 0.0),
        ("long_number", replace(GOOD, value="RIVERA, ANA MARIA", field="name"), 0.0),  # only of numbers
    ],
)
def test_what_tells_how_far_a_value_can_be_trusted(feature: str, found: Found, expected: float) -> None:
    assert _feature(found, feature) == pytest.approx(expected)


@pytest.mark.parametrize(("dpi", "expected"), [(300, 0.0), (200, 0.0), (150, 0.5), (100, 1.0)])
def test_coarseness_is_counted_below_200_dpi(dpi: int, expected: float) -> None:
    assert _feature(GOOD, "coarse", dpi) == pytest.approx(expected)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_worse_read_value_is_never_surer(one: float, other: float) -> None:
    worse, better = sorted((one, other))
    assert _sure(replace(GOOD, words=(replace(WORD, confidence=worse),))) <= _sure(
        replace(GOOD, words=(replace(WORD, confidence=better),))
    )


@given(st.floats(0.0, 1.0), st.integers(0, 9), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_the_surer_another_value_the_less_sure_this_one(own: float, agrees: int, less: float, more: float) -> None:
    less, more = sorted((less, more))
    assert with_others(own, agrees, more) <= with_others(own, agrees, less)


@pytest.mark.parametrize(("own", "differs", "least", "most"), [(0.99, 0.0, 0.99, 1.0), (0.99, 0.99, 0.9, 0.99), (0.6, 0.99, 0.0, 0.2), (0.1, 0.0, 0.0, 0.1)])  # fmt: skip
def test_a_contradiction_costs_a_doubtful_value_most(own: float, differs: float, least: float, most: float) -> None:
    assert least <= with_others(own, 0, differs) <= most


@given(st.lists(st.floats(-1e6, 1e6), min_size=len(FEATURES), max_size=len(FEATURES)))
def test_a_confidence_is_a_chance_whatever_the_features(features: list[float]) -> None:
    assert 0.0 <= confidence_of(features) <= 1.0
