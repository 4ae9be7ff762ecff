"""Weights from data: counted on confirmed pairs, or fitted without labels; what is expected is worked out by hand."""

import math
from collections import Counter

import pytest

from classify.matching.estimate import Pattern, count, estimate
from classify.matching.weights import WEIGHTS

SAME: Pattern = (("sex", "same"), ("dob", "exact"))
OTHER: Pattern = (("sex", "else"), ("dob", "else"))


def _bits(same: int, all_same: int, other: int, all_other: int, levels: int) -> float:
    """log2 of m / u, each with half a pair added a level."""
    m = (same + 0.5) / (all_same + 0.5 * levels)
    u = (other + 0.5) / (all_other + 0.5 * levels)
    return math.log2(m / u)


@pytest.mark.parametrize(
    ("identifier", "level", "same", "other"),
    [("sex", "same", 90, 50), ("sex", "else", 10, 50), ("dob", "exact", 90, 50), ("dob", "else", 10, 50)],
)
def test_a_level_weighs_how_much_oftener_it_is_seen_in_one_person_than_in_two(
    identifier: str, level: str, same: int, other: int
) -> None:
    table = count([SAME] * 90 + [OTHER] * 10, [SAME] * 50 + [OTHER] * 50)
    assert table[identifier][level] == pytest.approx(_bits(same, 100, other, 100, len(WEIGHTS[identifier])))


def test_a_level_hardly_seen_keeps_its_shipped_weight() -> None:
    seven = count([SAME] * 4, [SAME] * 3)
    eight = count([SAME] * 4, [SAME] * 4)
    assert seven["sex"]["same"] == WEIGHTS["sex"]["same"]
    assert eight["sex"]["same"] == pytest.approx(_bits(4, 4, 4, 4, 2)) == pytest.approx(0.0)
    assert eight["mrn"] == WEIGHTS["mrn"]


def test_no_weight_is_larger_than_twenty_bits_either_way() -> None:
    same: Counter[Pattern] = Counter({(("sex", "same"),): 10**9})
    other: Counter[Pattern] = Counter({(("sex", "else"),): 10**9})
    assert _bits(10**9, 10**9, 0, 10**9, 2) > 30, "without the limit"
    assert count(same, other)["sex"] == {"same": 20.0, "else": -20.0}


def test_fitted_without_labels_it_tells_the_pairs_of_one_person_from_chance() -> None:
    """A fifth of the candidates agree in everything, as chance hardly does: both levels of agreement gain weight."""
    candidates = [SAME] * 200 + [OTHER] * 780 + [(("sex", "same"), ("dob", "else"))] * 20
    by_chance = [SAME] * 2 + [OTHER] * 498 + [(("sex", "same"), ("dob", "else"))] * 500
    table = estimate(candidates, by_chance)
    u_exact = (2 + 0.5) / (1000 + 0.5 * len(WEIGHTS["dob"]))
    assert table["dob"]["exact"] == pytest.approx(math.log2(1 / u_exact), abs=0.1)
    assert table["sex"]["same"] == pytest.approx(math.log2(1 / 0.502), abs=0.1)
    assert table["dob"]["else"] < -5
    assert table["sex"]["else"] < -5


def test_fitted_levels_that_were_not_seen_keep_their_shipped_weight() -> None:
    table = estimate([SAME] * 50 + [OTHER] * 50, [OTHER] * 100)
    assert table["mrn"] == WEIGHTS["mrn"]
    assert table["dob"]["one digit"] == WEIGHTS["dob"]["one digit"]
    assert table["dob"]["exact"] != WEIGHTS["dob"]["exact"]


def test_a_level_that_chance_never_shows_is_taken_as_rare_as_its_shipped_weight_says() -> None:
    table = estimate([SAME] * 100, [(("sex", "else"),)] * 10)
    assert table["dob"]["exact"] == pytest.approx(math.log2(1 / (0.5 / 2 ** WEIGHTS["dob"]["exact"])), abs=0.2)


def test_nothing_to_count_leaves_the_shipped_table() -> None:
    assert count([], []) == WEIGHTS
    assert estimate([], []) == WEIGHTS
