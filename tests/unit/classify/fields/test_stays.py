"""Admission and discharge in running text and as ranges; not those of earlier stays, of relatives, or still to come."""

import pytest

from classify.fields.find import find_fields
from classify.profile import Profile
from tests.given.paper import typed

P = Profile()


def _told(text: str) -> dict[str, str]:
    return {
        v.name: v.value for v in reversed(find_fields(typed(text), P)) if v.name in ("admit_date", "discharge_date")
    }


BOTH = {"admit_date": "2021-03-04", "discharge_date": "2021-03-09"}
ADMITTED = {"admit_date": "2021-03-04"}


@pytest.mark.parametrize(
    ("text", "told", "why"),
    [
        ("She was admitted on 03/04/2021 with pneumonia.", ADMITTED, "a sentence"),
        ("The patient was admitted March 4, 2021 to the ICU.", ADMITTED, "without 'on'"),
        ("who was admitted to the medical service on 4 Mar 2021.", ADMITTED, "words between"),
        ("Admission was on March 4, 2021. He did well.", ADMITTED, "the noun"),
        ("was admitted 03/04/2021 and discharged home on 03/09/2021.", BOTH, "both in one sentence"),
        ("She was admitted from 03/04/2021 to 03/09/2021.", BOTH, "from and to"),
        ("LOS: 03/04/2021 - 03/09/2021", BOTH, "length of stay"),
        ("ADM/DSCH 03/04/21 - 03/09/21", BOTH, "a range behind a label of two"),
        ("Dates of hospitalization: from 03/04/2021 through 03/09/2021", BOTH, "a range in words"),
        ("18. HOSPITALIZATION DATES: FROM 03/04/2021   TO 03/09/2021", BOTH, "CMS-1500, box 18"),
        ("Encounter info: V4410078, Mercy Hospital, Inpatient, 3/4/2021 - 3/9/2021", BOTH, "a line of the stay"),
        ("Visit details: V4410078, Inpatient, 2021-Mar-04 to 2021-Mar-09", BOTH, "the year first"),
        ("Prior Hospital Stay: 3/4/2021 - 3/9/2021", {}, "a line of an earlier stay"),
        ("Certification period, Inpatient, 3/4/2021 - 3/9/2021", {}, "a line of something else"),
        ("She was last admitted on 11/02/2019.", {}, "an earlier stay"),
        ("previously admitted 11/02/2019; was admitted on 03/04/2021.", ADMITTED, "an earlier one beside it"),
        ("Her mother was admitted on 11/02/2019.", {}, "a relative's"),
        ("He will be admitted on 03/04/2021.", {}, "not yet"),
        ("He admitted to drinking on weekends.", {}, "no day"),
        ("Discharge instructions were given on 03/04/2021.", {}, "what was given"),
        ("LOS: 3 days", {}, "how long"),
        ("She was seen on 03/04/2021.", {}, "a visit"),
    ],
)
def test_a_stay_that_the_text_tells_is_found(text: str, told: dict[str, str], why: str) -> None:
    assert _told(f"HISTORY AND PHYSICAL\n\n{text}") == told, why


def test_two_admissions_are_not_sure() -> None:
    values = find_fields(typed("was admitted on 03/04/2021. A note.\nShe was admitted on 05/06/2021."), P)
    (value,) = [value for value in values if value.name == "admit_date"]
    assert (value.value, value.confidence < 0.7) == ("2021-03-04", True)


def test_the_line_of_a_stay_begins_with_the_number_of_the_visit() -> None:
    values = find_fields(typed("Encounter info: V4410078, Mercy Hospital, Inpatient, 3/4/2021 - 3/9/2021"), P)
    assert [value.value for value in values if value.name == "encounter"] == ["V4410078"]
