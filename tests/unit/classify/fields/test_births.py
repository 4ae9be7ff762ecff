"""Years of birth of two digits."""

from dataclasses import replace
from datetime import date

import pytest

from classify import normal
from classify.fields.births import UNDECIDED, has_short_year, settled
from classify.guess import FieldValue
from classify.rows import rows_of
from tests.given.paper import typed

BORN = FieldValue("dob", "2025-12-20", "12/20/25", 0.99, 1, None, "label")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(normal, "today", lambda: date(2026, 11, 29))


def _served(day: str, name: str = "service_date") -> FieldValue:
    return FieldValue(name, day, day, 0.99, 1, None, "label")


def _days(*others: FieldValue, text: str = "", born: FieldValue = BORN) -> list[tuple[str, float]]:
    found = settled((born, *others), rows_of(typed(text)) if text else ())
    return [(value.value, value.confidence) for value in found if value.name == "dob"]


@pytest.mark.parametrize("raw", ["12/20/25", "2-3-57", "20 Dec 25", "122025", "12.20.25."])
def test_two_digits_are_seen(raw: str) -> None:
    assert has_short_year(raw)


@pytest.mark.parametrize("raw", ["12/20/2025", "1925-12-20", "20 Dec 1925", "12202025", "19251220"])
def test_four_digits_are_four(raw: str) -> None:
    assert not has_short_year(raw)


def test_nobody_is_served_before_birth() -> None:
    assert _days(_served("2014-06-02")) == [("1925-12-20", 0.99)]
    assert _days(_served("2014-06-02", "admit_date")) == [("1925-12-20", 0.99)]


def test_where_nothing_decides_both_are_kept_and_neither_is_sure() -> None:
    assert _days() == [("2025-12-20", UNDECIDED), ("1925-12-20", UNDECIDED)]
    assert _days(_served("2026-05-01")) == [("2025-12-20", UNDECIDED), ("1925-12-20", UNDECIDED)]


def test_a_doubtful_date_decides_nothing() -> None:
    assert len(_days(replace(_served("2014-06-02"), confidence=0.3))) == 2


@pytest.mark.parametrize(
    ("text", "year"),
    [("Age: 88", 1925), ("66 y/o, Age 88", 1925), ("AGE 088", 1925), ("88-year-old woman", 1925), ("88/F", 1925)],
)
def test_the_age_that_is_printed_decides(text: str, year: int) -> None:
    assert _days(_served("2014-06-02"), text=text)[0][0] == f"{year}-12-20"
    assert [day[:4] for day, _ in _days(text=text)] == [str(year)]


def test_the_age_tells_a_child_from_its_great_grandmother() -> None:
    born = replace(BORN, value="2015-03-01", raw="3/1/15")
    assert _days(_served("2024-06-02"), born=born, text="Age 9") == [("2015-03-01", 0.99)]
    assert _days(_served("2024-06-02"), born=born, text="Age 109") == [("1915-03-01", 0.99)]


def test_a_year_that_can_be_one_only_is_sure() -> None:
    assert _days(born=replace(BORN, value="1957-03-14", raw="3/14/57")) == [("1957-03-14", 0.99)]


def test_a_day_that_one_century_does_not_have() -> None:
    assert [day for day, _ in _days(born=replace(BORN, value="2000-02-29", raw="2/29/00"))] == ["2000-02-29"]


def test_dates_of_four_digits_are_left_alone() -> None:
    assert _days(born=replace(BORN, raw="12/20/2025")) == [("2025-12-20", 0.99)]
