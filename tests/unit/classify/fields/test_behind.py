"""Labels in brackets behind their value; brackets inside a label, and rows of other people."""

import pytest

from classify.fields.find import find_fields
from classify.profile import Profile
from tests.given.paper import typed

_SURE = 0.95


def _best(text: str) -> dict[str, tuple[str, float]]:
    found: dict[str, tuple[str, float]] = {}
    for value in find_fields(typed(text), Profile()):
        found.setdefault(value.name, (value.value, value.confidence))
    return found


PAGE = """ADMISSION RECORD

RIVERA, ANA M (Patient name)
05/02/1957 (Date of birth)
00418273 (MRN)
F (Sex)
312-555-0142 (Phone #)
03/04/2021 (Admit Date)"""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "RIVERA, ANA M"),
        ("dob", "1957-05-02"),
        ("mrn", "00418273"),
        ("sex", "F"),
        ("phone", "3125550142"),
        ("admit_date", "2021-03-04"),
    ],
)
def test_a_label_in_brackets_names_what_stands_before_it(field: str, value: str) -> None:
    told, confidence = _best(PAGE)[field]
    assert told == value
    assert 0.5 <= confidence < _SURE


def test_a_guarantor_named_in_brackets_has_the_rows_below() -> None:
    found = _best("RIVERA, LUIS (Guarantor)\nHusband (Relationship)\n07/09/1955 (Date of birth)\n312-555-0199 (Phone)")
    assert [name for name in ("name", "dob", "phone") if found.get(name, ("", 0.0))[1] >= 0.5] == []


def test_brackets_that_belong_to_the_label_before_them_do_not_turn_it_round() -> None:
    found = _best("Sex (M/F): F\nPatient Name (Last, First): Rivera, Ana\nBirth date (MM/DD/YYYY): 05/02/1957")
    assert (found["sex"][0], found["name"][0], found["dob"][0]) == ("F", "RIVERA, ANA", "1957-05-02")


def test_brackets_in_a_sentence_are_no_label() -> None:
    assert "admit_date" not in _best("He came on 03/04/2021 (admitted) and was well.")
