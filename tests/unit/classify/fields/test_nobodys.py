"""Numbers and names beside words that look like a label of the patient's and are another's: cases, clients, namesakes."""

import pytest

from classify.fields.find import find_fields
from classify.profile import Profile
from tests.given.paper import typed


def _values(name: str, text: str) -> set[str]:
    return {value.value for value in find_fields(typed(text), Profile()) if value.name == name}


@pytest.mark.parametrize(
    ("text", "numbers", "why"),
    [
        ("Case number 872029066 was opened with the carrier.", set(), "a carrier's case begins the row"),
        ("Call with any fever over 101. Case number 872029066", set(), "the sentence goes on in the next row"),
        ("Visit number 872029066 was cancelled.", set(), "a sentence about another visit"),
        ("Case number: 872029066", {"872029066"}, "a label"),
        ("Visit number 872029066     Unit 4W", {"872029066"}, "a label without a colon"),
        ("Visit #:V72029066", {"V72029066"}, "nothing between sign and number"),
    ],
)
def test_a_number_told_of_in_a_sentence_is_no_visit(text: str, numbers: set[str], why: str) -> None:
    assert _values("encounter", f"PROGRESS NOTE\n\nPatient: Rivera, Ana\n\n{text}\n") == numbers, why


def test_the_number_of_a_client_beside_a_name_is_no_visit() -> None:
    head = "Patient Information\nRIVERA,ANA M    Client #: 67760864\nDOB: 05/02/1957    Grace Okafor, MD"
    assert _values("encounter", head) == set()
    assert _values("mrn", head) == set()


def test_a_number_beside_a_name_that_nothing_announces_is_still_read() -> None:
    assert "67760864" in _values("mrn", "RIVERA,ANA M    67760864\n05/02/1957    F 66Y")


def test_a_warning_of_a_like_name_is_not_the_patient() -> None:
    page = "MEDICATION LIST\n\nPatient: Rivera, Ana\nMRN: 00418273\n\n** NAME ALERT: Rivera, Anna is also a patient here **"
    assert _values("name", page) == {"RIVERA, ANA"}


def test_a_numbered_box_with_the_telephone_over_its_value_gives_all_its_digits() -> None:
    page = (
        "4. Medical Record No.          5. Provider No.          6. Patient's Telephone No.\n"
        "   00418273                       123456                   312 555 0142"
    )
    assert _values("phone", page) == {"3125550142"}


def test_the_telephone_of_a_provider_in_such_a_box_is_not_the_patients() -> None:
    page = "5. Provider No.          6. Provider's Telephone No.\n   123456                   312 555 0142"
    assert not {v.value for v in find_fields(typed(page), Profile()) if v.name == "phone" and v.confidence >= 0.5}
