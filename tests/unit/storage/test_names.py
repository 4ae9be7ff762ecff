"""What a person is called, and which numbers are theirs."""

from datetime import date

import pytest

from storage.foundation.tables.roster import Person
from storage.roster.names import full_name, has_mrn, names_of, picker_line

ANA = Person(
    id=1, mrn="00123456", family="Rivera", given="Ana", middle="M", birth_date=date(1957, 3, 14), sex="F",
    names=[{"kind": "former", "family": "Montoya", "given": ""}, {"kind": "alias", "family": "Vega", "given": "Anita"}],
    other_mrns=["A-9"],
)  # fmt: skip
SENIOR = Person(id=2, mrn="7", family="Chen", given="Wei", suffix="Sr")


def test_a_name_is_shown_whole_and_without_gaps() -> None:
    assert (full_name(ANA), full_name(SENIOR)) == ("Rivera, Ana M", "Chen, Wei Sr")


def test_a_former_surname_goes_with_the_present_first_name() -> None:
    assert names_of(ANA) == ["Rivera, Ana", "Montoya, Ana", "Vega, Anita"]


@pytest.mark.parametrize(
    ("mrn", "is_theirs"), [("00123456", True), ("0012-3456", True), ("a9", True), ("123456", False), ("A-90", False)]
)
def test_a_number_is_theirs_now_or_from_before(mrn: str, is_theirs: bool) -> None:
    assert has_mrn(ANA, mrn) is is_theirs


def test_a_line_to_choose_from_tells_two_people_apart() -> None:
    assert picker_line(ANA) == "Rivera, Ana M · 03/14/1957 · F · MRN 00123456"
    assert picker_line(SENIOR) == "Chen, Wei Sr · no date of birth · MRN 7"
