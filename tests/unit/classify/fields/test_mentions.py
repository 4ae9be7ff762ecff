"""What a row says without labels."""

from dataclasses import replace

import pytest

from classify.fields.mentions import mentions_of
from classify.profile import Profile
from classify.rows import rows_of
from tests.given.paper import typed

P = Profile()
SITE = replace(P, mrn_pattern=r"\d{2}-\d{2}-\d{2}|\d{5}")


def _said(text: str, profile: Profile = P) -> list[tuple[str, str]]:
    (row,) = rows_of(typed(text))
    return [(str(m.kind), m.value) for m in mentions_of(row.words, profile)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RIVERA,ANA F 66Y", [("name", "RIVERA, ANA"), ("sex", "F")]),
        ("Mc Nair, Scott F.   M 35 YRS", [("name", "MC NAIR, SCOTT F"), ("sex", "M")]),
        ("00123456  03/14/57  V4410078", [("number", "00123456"), ("date", "1957-03-14"), ("number", "V4410078")]),
        ("19570314", [("date", "1957-03-14")]),
        ("March 14, 1957", [("date", "1957-03-14")]),
        ("14-MAR-1957", [("date", "1957-03-14")]),
        ("Dr. Wei Chen, MD", [("name", "CHEN, WEI")]),
        # what is none
        ("Lakeside General Hospital", []),
        ("927 Juniper Ln", []),
        ("(330) 555-0101", []),
        ("330-555-0101", []),
        ("Akron, OH 44301", []),
        ("12345", []),
        ("the patient was seen", []),
        ("120/80", []),
        ("98.6", []),
        ("66/X", []),
    ],
)
def test_names_days_numbers_and_sexes(text: str, said: list[tuple[str, str]]) -> None:
    assert _said(text) == said


def test_numbers_have_the_shape_that_the_site_says() -> None:
    assert _said("12-34-56", SITE) == [("number", "12-34-56")]
    assert _said("44301", SITE) == [("number", "44301")]


def test_an_age_is_kept_with_its_sex() -> None:
    (row,) = rows_of(typed("82/M"))
    (mention,) = mentions_of(row.words, P)
    assert mention.age == 82


def test_no_name_holds_a_word_of_a_label() -> None:
    (row,) = rows_of(typed("Rivera, Ana Attending Chen"))
    (mention,) = [m for m in mentions_of(row.words, P, {2}) if m.first == 0]
    assert mention.value == "RIVERA, ANA"
