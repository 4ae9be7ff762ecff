"""Where documents begin: each cue speaks alone, and they are weighed together."""

import pytest

from classify.gaps import EVIDENCE, WEIGHTS, chance_of_begin, place_of
from classify.profile import Profile
from classify.rows import rows_of_text
from classify.split import read_facts
from tests.paper import typed

NOTE = "PROGRESS NOTE\nPatient Name: Rivera, Ana     MRN: 00123456\nDOB: 03/14/1957     Sex: F\nDate of Service: 02/01/2024\n"
BODY = "The patient rested well and the\nlungs were clear on both sides"


def _facts(text: str, number: int = 1):  # type: ignore[no-untyped-def]
    return read_facts(typed(text, number), Profile())


@pytest.mark.parametrize(
    ("before", "after", "begins"),
    [
        (NOTE + BODY, "DISCHARGE SUMMARY\nPatient Name: Rivera, Ana     MRN: 00123456\nHOSPITAL COURSE\n" + BODY, True),
        (NOTE + BODY, "of the chest without rales\n" + BODY, False),
        (NOTE + "Electronically signed by Wei Chen, MD", "CONSULTATION\nREASON FOR CONSULTATION\n" + BODY, True),
        (NOTE + BODY, "PROGRESS NOTE - continued\n" + BODY, False),
        (NOTE + BODY + "\nPage 1 of 2", BODY + "\nPage 2 of 2", False),
        (NOTE + BODY + "\nPage 2 of 2", NOTE + BODY + "\nPage 1 of 3", True),
    ],
    ids=["another title", "no title", "after a signature", "continued", "the next number", "page 1 again"],
)
def test_a_gap_is_told_by_its_evidence(before: str, after: str, begins: bool) -> None:
    chance, strongest = chance_of_begin([_facts(before)], _facts(after, 2))
    assert (chance > 0.5) == begins
    assert strongest
    assert set(strongest) <= set(EVIDENCE)


def test_every_kind_of_evidence_has_a_weight() -> None:
    assert set(WEIGHTS) == {"bias", *EVIDENCE}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("PROGRESS NOTE\nPage 2 of 3", (2, 3)),
        ("PROGRESS NOTE\nPage: 2/3", (2, 3)),
        ("PROGRESS NOTE\nPage 2", (2, 0)),
        ("PROGRESS NOTE\n- 4 -", (4, 0)),
        ("PROGRESS NOTE\nPage 5 of 3", None),  # no such page
        ("PROGRESS NOTE\nBP 120 of 80", None),
    ],
)
def test_the_number_of_a_page_is_read(text: str, place: tuple[int, int] | None) -> None:
    assert place_of(rows_of_text(text), text) == place
