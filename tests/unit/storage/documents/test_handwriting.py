"""Handwriting in the record store: kept with its value, found in the work list, shown at the station, counted apart."""

from dataclasses import replace

from sqlmodel import Session

from classify.doubts import Doubt, DoubtCode
from classify.guess import Decision, DocumentGuess, FieldValue, FileGuess, PatientMatch, TypeGuess
from ocr.page import Box
from review_app.model import station, worklist
from storage.custody import batches, pages
from storage.documents import fields, indexing, leases, listing, moves
from storage.documents.fields import Correction
from storage.foundation.home import Home
from storage.foundation.tables.custody import Batch
from storage.foundation.tables.documents import Document
from storage.learning import accuracy
from tests.given.paper import typed
from tests.given.records import TESS, add_person, receive

BY_HAND = FieldValue("mrn", "00123456", "00123456", 0.8, 1, Box(10, 60, 200, 90), "label", is_handwritten=True)
PRINTED = FieldValue("name", "RIVERA, ANA", "Rivera, Ana", 0.97, 1, Box(10, 10, 200, 40), "label")


def _indexed(home: Home, name: bytes, *values: FieldValue) -> int:
    """A document of one page with these values."""
    batch_id = receive(home, name)
    doubts = (Doubt(DoubtCode.HANDWRITING, 1),) if any(value.is_handwritten for value in values) else ()
    guess = DocumentGuess((1,), TypeGuess("PROGRESS_NOTE", 0.9), values, PatientMatch(Decision.NONE), doubts)
    with home.writing() as session:
        batch = session.get_one(Batch, batch_id)
        pages.expect_pages(session, batch, [1])
        key = pages.keep_reading(session, home.vault, f"{batch_id}-1", typed("Progress note"), None, None)
        pages.note_reading(session, batch_id, typed("Progress note"), key)
        batches.advance(session, batch_id, "read")
        made = indexing.enter_guess(session, batch, FileGuess((guess,)))
        batches.advance(session, batch_id, "index")
    return made[0]


def test_the_list_of_documents_says_which_values_are_handwritten(home: Home) -> None:
    _indexed(home, b"form", BY_HAND, PRINTED)
    with home.reading() as session:
        (record,) = listing.list_documents(session)
    assert {name: value["handwritten"] for name, value in record["fields"].items()} == {"mrn": True, "name": False}
    assert record["flags"] == ["page_1_handwriting"]


def test_the_work_list_is_narrowed_to_handwriting(home: Home) -> None:
    written, _ = _indexed(home, b"form", BY_HAND), _indexed(home, b"print", PRINTED)
    everything = worklist.look(home, TESS)
    by_hand = worklist.look(home, TESS, worklist.WorklistFilter(handwriting=True))
    assert len(everything.rows) == 2
    assert [(row.id, row.why) for row in by_hand.rows] == [(written, "page 1 has handwriting")]


def test_what_is_indexed_anew_without_handwriting_loses_the_label(home: Home) -> None:
    made = _indexed(home, b"form", BY_HAND)
    guess = DocumentGuess((1,), TypeGuess("PROGRESS_NOTE", 0.9), (PRINTED,), PatientMatch(Decision.NONE))
    with home.writing() as session:
        indexing.describe(session, session.get_one(Document, made), guess)
    assert worklist.look(home, TESS, worklist.WorklistFilter(handwriting=True)).rows == ()


def test_the_station_stops_at_a_handwritten_value(home: Home) -> None:
    made = _indexed(home, b"form", BY_HAND, PRINTED)
    with home.writing() as session:
        shown = station.show(session, leases.claim(session, made, TESS), TESS)["fields"]
    assert (shown["mrn"]["isHandwritten"], shown["mrn"]["band"]) == (True, "check")
    assert (shown["name"]["isHandwritten"], shown["name"]["band"]) == (False, "auto")


def test_handwritten_values_are_counted_apart(home: Home) -> None:
    ana = add_person(home)
    for name, read, left in (
        (b"right", BY_HAND, "00123456"),
        (b"wrong", replace(BY_HAND, value="00128456"), "00123456"),
    ):
        _verify(home, _indexed(home, name, read, PRINTED), ana, left)
    with home.reading() as session:
        found = accuracy.measure(session)
    assert (found.handwritten["mrn"].seen, found.handwritten["mrn"].right) == (2, 1)
    assert "mrn" not in found.fields
    assert (found.fields["name"].seen, found.fields["name"].unseen) == (0, 2)  # nobody looked at the print
    rows = [row for row in accuracy.report_rows(found) if row["what"] == "handwritten"]
    assert [(row["name"], row["accuracy"], row["false_accepts"]) for row in rows] == [("mrn", 0.5, 0)]


def test_what_a_person_typed_is_nobodys_handwriting(home: Home) -> None:
    made = _indexed(home, b"form", BY_HAND)
    with home.writing() as session:
        leases.claim(session, made, TESS)
        fields.save_corrections(session, made, [Correction("mrn", "00123457")], TESS, version=1)
        (row,) = fields.current_fields(session, made)
    assert (row.value, row.is_handwritten) == ("00123457", False)


def _verify(home: Home, document_id: int, person_id: int, mrn: str) -> None:
    with home.writing() as session:
        leases.claim(session, document_id, TESS)
        version = fields.save_corrections(
            session, document_id, [Correction("mrn", mrn, is_confirmed=True)], TESS, version=1
        )
        _approve(session, document_id, person_id, version)


def _approve(session: Session, document_id: int, person_id: int, version: int) -> None:
    document = session.get_one(Document, document_id)
    document.person_id = person_id
    moves.move(session, document_id, "approve", TESS, version=version, override_mismatch=True, reason="a test")
