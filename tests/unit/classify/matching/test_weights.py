"""What a level weighs, in bits: as the table says, and of names by how common they are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.matching.weights import WEIGHTS, weight_of


@pytest.mark.parametrize(
    ("share", "bits"),
    [
        (0.5, 4.0),  # half of all people: four bits are the least, the same name is never nothing
        (1 / 16, 4.0),
        (1 / 32, 5.0),
        (1 / 1024, 10.0),
        (1 / 16_384, 14.0),
        (1 / 1_000_000, 14.0),  # one that nobody else has may still be a misreading
        (0.0, 14.0),
    ],
)
def test_the_same_name_weighs_as_much_as_it_is_rare(share: float, bits: float) -> None:
    assert weight_of("family", "exact", share) == pytest.approx(bits)
    assert weight_of("given", "exact", share) == pytest.approx(bits)


def test_names_the_other_way_round_cost_four_bits_once() -> None:
    share = 1 / 1024
    assert weight_of("family", "swapped", share) == pytest.approx(10.0)
    assert weight_of("given", "swapped", share) == pytest.approx(6.0)


@pytest.mark.parametrize("level", ["nickname", "confusable", "close", "initial", "else"])
def test_of_all_other_levels_the_table_alone_says(level: str) -> None:
    assert weight_of("given", level, 1 / 1024) == WEIGHTS["given"][level] == weight_of("given", level)


def test_another_table_may_be_weighed_with() -> None:
    assert weight_of("dob", "exact", table={"dob": {"exact": 1.5}}) == 1.5


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_commoner_name_never_weighs_more(one: float, other: float) -> None:
    rare, common = sorted((one, other))
    assert weight_of("family", "exact", common) <= weight_of("family", "exact", rare)
    assert math.isfinite(weight_of("family", "exact", rare))
