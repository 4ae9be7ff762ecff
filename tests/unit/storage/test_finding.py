"""Whose MRN it is: the patient of a number of today, of a former one, or of a row that was merged."""

import pytest

from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.roster.finding import person_with_mrn
from storage.roster.loading import load
from storage.roster.messages import Merge, Number, PersonUpdate, Registration
from tests.given.records import add_person


@pytest.fixture
def merged(home: Home) -> Home:
    """Ana, who has two former numbers of merged rows, and Lee, who has a number of the laboratory."""
    for mrn in ("00123456", "00777777", "00888888"):
        add_person(home, mrn)
    ana, twice = PersonUpdate(numbers=(Number("00123456"),)), PersonUpdate(numbers=(Number("00777777"),))
    load(
        home,
        [("1", Merge(twice, (Number("00888888"),), "A40 1")), ("2", Merge(ana, (Number("00777777"),), "A40 2"))],
        "test",
    )
    lee = PersonUpdate(numbers=(Number("00999999"), Number("L-1", "LAB")), family="Kim", given="Lee")
    load(home, [("3", Registration(lee))], "test")
    return home


@pytest.mark.parametrize(
    ("typed", "mrn"),
    [
        ("00123456", "00123456"),
        ("00777777", "00123456"),  # merged into Ana
        ("00888888", "00123456"),  # merged into one who was merged into Ana
        (" 00777777 ", "00123456"),  # as it is pasted
        ("00999999", "00999999"),
    ],
)
def test_a_number_finds_whose_it_is_now(merged: Home, typed: str, mrn: str) -> None:
    with merged.reading() as session:
        assert person_with_mrn(session, typed).mrn == mrn


@pytest.mark.parametrize(
    "typed",
    [
        "123456",  # leading zeros matter
        "0012345",  # the beginning of a number is no number
        "L-1",  # of the laboratory, and no MRN
        "",
    ],
)
def test_a_number_that_nobody_has_is_refused(merged: Home, typed: str) -> None:
    with merged.reading() as session, pytest.raises(StateRefused, match=f"^There is no patient with MRN {typed}\\.$"):
        person_with_mrn(session, typed)
