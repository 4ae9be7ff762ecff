"""The patient whom the opening sentence of a note names."""

import pytest

from classify.fields import narrative
from classify.fields.table import FIELDS
from classify.profile import Profile
from classify.rows import rows_of
from tests.given.paper import typed

BY_NAME = {field.name: field for field in FIELDS}


def _told(text: str) -> dict[str, str]:
    return {told.field: told.value for told in narrative.find(rows_of(typed(text)), BY_NAME, Profile())}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ana Rivera is a 66-year-old woman, born March 14, 1957 (medical record\n00123456), referred for pain.",
            {"name": "RIVERA, ANA", "sex": "F", "dob": "1957-03-14", "mrn": "00123456"},
        ),
        ("HISTORY\nMr. Luis M. Rivera is an 82 year old gentleman", {"name": "RIVERA, LUIS M", "sex": "M"}),
        ("Ana Rivera was a pleasant 66 y/o female (DOB 3/14/1957).", {"name": "RIVERA, ANA", "sex": "F", "dob": "1957-03-14"}),
        ("This is a 66-year-old right-handed woman seen today.", {"sex": "F"}),
        ("The patient is a forty-year-old man.", {"sex": "M"}),
        ("Seen in clinic. Ana Rivera is a 66-year-old woman.", {"name": "RIVERA, ANA", "sex": "F"}),
        (
            "This is to certify that Mr. Luis Rivera (DOB 03/14/1957) was seen in our office.",
            {"name": "RIVERA, LUIS", "dob": "1957-03-14"},
        ),
        ("I, Ana M Rivera, born March 14, 1957, of 12 Mill St, appoint my son", {"name": "RIVERA, ANA M", "dob": "1957-03-14"}),
        # of others
        ("Her mother is a 66-year-old woman", {}),
        ("Lives with Ana Rivera, who is a 66-year-old woman", {}),
        ("A 66-year-old woman", {}),
        # what the next sentence says is not the opening's
        ("Ana Rivera is a 66-year-old woman. Her son was born March 14, 1987.", {"name": "RIVERA, ANA", "sex": "F"}),
    ],
)  # fmt: skip
def test_an_opening_tells_whom_it_is_about(text: str, expected: dict[str, str]) -> None:
    assert _told(text) == expected


def test_words_of_a_value_are_those_that_say_it() -> None:
    found = {
        told.field: told
        for told in narrative.find(rows_of(typed("Ana Rivera is a 66-year-old woman")), BY_NAME, Profile())
    }
    assert [word.text for word in found["name"].words] == ["Ana", "Rivera"]
    assert [word.text for word in found["sex"].words] == ["woman"]
