"""What is written by hand is a proposal: it is told, it is looked at, and it is never sure by itself."""

from dataclasses import replace

import pytest

from classify.autofile import objections
from classify.doubts import Doubt, DoubtCode, read_doubt
from classify.fields.find import find_fields
from classify.guess import FieldValue
from classify.index import index_file, weighed
from classify.profile import Profile
from ocr.page import HANDWRITTEN_MOST, Box, Mark, MarkKind, OcrPage
from tests.given.paper import typed
from tests.given.people import SmallRoster

FORM = "PROGRESS NOTE\nPatient Name: Rivera, Ana M\nMRN: 00123456\nDOB: 03/14/1957\nSex: F\n"
A_NOTE = Mark(MarkKind.HANDWRITING, Box(100, 900, 900, 1200))


def _by_hand(text: str, *written: str, confidence: float = 0.99) -> OcrPage:
    """The page with these words in handwriting, read as surely as print."""
    page = typed(text, confidence=confidence)
    return replace(page, words=tuple(replace(w, is_handwritten=w.text in written) for w in page.words))


def _fields(page: OcrPage) -> dict[str, FieldValue]:
    return {value.name: value for value in find_fields(page, Profile())}


def test_a_handwritten_value_says_so_and_is_never_sure() -> None:
    found = _fields(_by_hand(FORM, "00123456", "03/14/1957"))
    assert (found["mrn"].is_handwritten, found["dob"].is_handwritten) == (True, True)
    assert found["mrn"].confidence == found["dob"].confidence == HANDWRITTEN_MOST
    assert not found["name"].is_handwritten
    assert found["name"].confidence > 0.95


def test_one_word_by_hand_makes_the_whole_value_a_proposal() -> None:
    found = _fields(_by_hand(FORM, "Ana"))
    assert found["name"].is_handwritten
    assert found["name"].confidence == HANDWRITTEN_MOST


def test_a_name_before_its_identifiers_and_one_from_two_labels_are_proposals_too() -> None:
    head = _fields(_by_hand("RIVERA, ANA M MRN: 00123456 DOB: 03/14/1957\nseen today\n", "RIVERA,"))
    parts = _fields(_by_hand("Last Name: Rivera\nFirst Name: Ana\nMRN: 00123456\n", "Ana"))
    assert (head["name"].value, head["name"].is_handwritten) == ("RIVERA, ANA M", True)
    assert (parts["name"].value, parts["name"].is_handwritten) == ("RIVERA, ANA", True)
    assert head["name"].confidence <= HANDWRITTEN_MOST
    assert parts["name"].confidence <= HANDWRITTEN_MOST


MRN = FieldValue("mrn", "00123456", "00123456", HANDWRITTEN_MOST, 1, None, "label", is_handwritten=True)


@pytest.mark.parametrize("places", [1, 2, 9])
def test_however_many_hands_say_it_it_is_never_sure(places: int) -> None:
    (value,) = weighed(tuple(replace(MRN, page=page) for page in range(1, places + 1)))
    assert value.is_handwritten
    assert value.confidence <= HANDWRITTEN_MOST


def test_what_is_printed_too_is_no_handwritten_value() -> None:
    (value,) = weighed((MRN, replace(MRN, confidence=0.97, page=2, is_handwritten=False)))
    assert not value.is_handwritten
    assert value.confidence > 0.95


def test_pages_with_handwriting_are_told_and_the_patient_is_linked_all_the_same() -> None:
    read, unread = _by_hand(f"{FORM}Page 1 of 2", "F"), replace(typed(f"{FORM}Page 2 of 2", 2), marks=(A_NOTE,))
    (document,) = index_file([read, unread], SmallRoster(), Profile()).documents
    assert document.doubts == (Doubt(DoubtCode.HANDWRITING, 1), Doubt(DoubtCode.HANDWRITING, 2))
    assert document.match.decision == "linked"
    assert "something contradicts or is missing" in objections(document, "ok")
    assert read_doubt(str(document.doubts[1])) == document.doubts[1]
    assert document.doubts[1].sentence == "page 2 has handwriting"


def test_a_signature_on_its_line_is_no_handwriting() -> None:
    page = replace(typed(FORM), marks=(Mark(MarkKind.SIGNATURE, Box(100, 900, 600, 980)),))
    (document,) = index_file([page], SmallRoster(), Profile()).documents
    assert document.doubts == ()
