"""Where documents begin: each cue speaks alone, and they are weighed together."""

import pytest

from classify.gaps import EVIDENCE, WEIGHTS, chance_of_begin, place_of
from classify.profile import Profile
from classify.rows import rows_of, rows_of_text
from classify.split import read_facts, split_pages
from tests.given.paper import typed

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


def _foot(text: str) -> str:
    """A page of sixty lines, the last of which is this foot."""
    return "\n".join(["PROGRESS NOTE", *(["the lungs were clear"] * 58), text])


@pytest.mark.parametrize(
    ("foot", "place"),
    [
        ("3/12", (3, 12)),
        ("- 3/12 -", (3, 12)),
        ("3 of 12", (3, 12)),
        ("(3 of 12)", (3, 12)),
        ("Page 3/12", (3, 12)),
        ("MR-204 Rev. 5/12 Page 1 of 2", (1, 2)),
        ("MR-204 (Rev. 5/12) page 2/2", (2, 2)),
        ("13/20", (13, 20)),  # there is no month 13
    ],
)
def test_a_page_number_at_the_foot_is_read(foot: str, place: tuple[int, int]) -> None:
    assert place_of(rows_of_text(_foot(foot)), _foot(foot)) == place


@pytest.mark.parametrize(
    "foot",
    [
        "Rev. 5/12",
        "REV 5/12",
        "(Rev. 5/12)",
        "Rev. 1/06",
        "Rev. 1/16",
        "(02/12)",
        "(2/12)",
        "02/12",  # page numbers have no leading zeros
        "3/04",
        "Form 1234 (Rev 10/2019)",
        "Form 1234 (Rev 10/19)",
        "Form 1234 5/12",
        "MR-204 5/12",
        "HCFA-1500 (12/90)",
        "Stock No. 3/04",
        "Stock No. 3/14",
        "Item # 4/11",
        "Revised 5/12",
        "Revision date 5/12",
        "Effective 1/15",
        "Ed. 6/13",
        "Version 2/11",
        "Nursing flow sheet, printed 4/10",
        "Signature Date 5/12",
        "Pain at rest 3/10",  # a score
        "OD 6/12",  # a visual acuity
        "Strength 4/5",
    ],
)
def test_month_and_year_at_the_foot_of_a_form_are_no_page_number(foot: str) -> None:
    assert place_of(rows_of_text(_foot(foot)), _foot(foot)) is None


@pytest.mark.parametrize(
    ("left", "right", "place"),
    [
        ("Lakeside General Hospital", "2/3", (2, 3)),
        ("Lakeside General Hospital", "3/12", (3, 12)),
        ("MR-204", "2/3", (2, 3)),  # no year has one digit
        ("MR-204", "3/12", None),
        ("Rev. 2019", "3/12", None),
    ],
)
def test_a_number_that_stands_off_in_the_foot_is_a_page_number(
    left: str, right: str, place: tuple[int, int] | None
) -> None:
    page = typed("\n".join(["PROGRESS NOTE", *(["the lungs were clear"] * 48), left + " " * 40 + right]))
    assert place_of(rows_of(page), page.text) == place


def test_the_two_sides_of_a_revised_form_are_not_missing_ten_pages() -> None:
    sides = [typed(_foot("MR-204 Rev. 5/12"), 1), typed("\n".join(["the lungs were clear"] * 50), 2)]
    flags = [flag for stack in split_pages(sides, Profile()).stacks for flag in stack.flags]
    assert not any("missing" in flag or "repeated" in flag for flag in flags)
