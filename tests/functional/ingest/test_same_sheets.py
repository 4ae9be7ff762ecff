"""The same sheet again, on its way through the pipeline: a doubt names the earlier document, and a person decides."""

import threading
from datetime import date

import numpy as np
import pytest
from sqlmodel import select

from ingest.indexing import index_batches
from ingest.pipeline import Pipeline
from ingest.progress import Progress
from ingest.settings import Settings
from ingest.site import Site
from ocr.imaging import cv2, to_jpeg
from ocr.inkpicture import ink_of_view
from ocr.page import OcrPage
from ocr.sheetprint import make_print
from review_app.model import repeats as model
from storage.custody import batches, integrity, pages
from storage.documents import indexing, leases, moves, repeats
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.states import BatchState, RepeatState
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Batch
from storage.foundation.tables.documents import Document
from storage.foundation.tables.sheets import SeenBefore
from storage.foundation.tables.versions import Amendment
from tests.given.desk import read_page
from tests.given.paper import blank
from tests.given.pools import InlinePool
from tests.given.records import OLGA, SAM, TESS, UMA, add_person, pictures, receive

FORM = """PROGRESS NOTE
Patient Name: {name}
MRN: {mrn}
DOB: {born}
Date of service: {day}
Pulse {pulse} and weight 7{pulse} kg
Record every value at the time
it was taken and sign below
SUBJECTIVE resting comfortably
ASSESSMENT AND PLAN continue"""
ANA = {"name": "Rivera, Ana", "mrn": "00123456", "born": "03/14/1957"}
ONE = FORM.format(**ANA, day="01/07/2024", pulse=72)
MISREAD = ONE.replace("comfortably", "comfortab1y").replace("every", "evrey")
OTHER_DAY = FORM.format(**ANA, day="11/28/2023", pulse=95)


def _index(
    home: Home, name: str, texts: list[str], *, with_pictures: bool = True, drawn_over: bool = False
) -> list[int]:
    """A batch of pages that were read, indexed as the machine does it; gives its documents."""
    batch_id = receive(home, name.encode(), name=f"{name}.tif".encode())
    with home.writing() as session:
        pages.expect_pages(session, session.get_one(Batch, batch_id), [len(texts)])
        for number, text in enumerate(texts, start=1):
            page = read_page(text, number) if text else blank(number)
            shown = _view(page, text, drawn_over=drawn_over) if with_pictures and text else None
            view = home.vault.seal_bytes("view", shown) if shown else None
            made = make_print(page, ink_of_view(shown, page.width / page.dpi) if shown else None)
            key = pages.keep_reading(session, home.vault, f"{name}-{number}", page, view, None, made)
            pages.note_reading(session, batch_id, page, key)
        batches.advance(session, batch_id, "read")
    pipeline = Pipeline(home, Settings(), InlinePool(), Site(), Progress(), threading.Event())  # type: ignore[arg-type]
    with home.reading() as session:
        waiting = batches.waiting(session, BatchState.READ, 10)
    index_batches(pipeline, waiting)
    with home.reading() as session:
        return list(session.exec(select(Document.id).where(Document.batch_id == batch_id)))


def _view(page: OcrPage, text: str, *, drawn_over: bool) -> bytes:
    """What is drawn is what is written, whatever was read of it; and where asked a stamp in which nothing was read."""
    drawn = text.replace("comfortab1y", "comfortably").replace("evrey", "every")
    view = pictures(tuple(drawn.splitlines()), page.words)[0]
    if not drawn_over:
        return view
    picture = cv2.imdecode(np.frombuffer(view, np.uint8), cv2.IMREAD_GRAYSCALE)
    high, wide = picture.shape
    cv2.circle(picture, (wide // 2, 4 * high // 5), wide // 12, 60, wide // 100)
    return to_jpeg(picture, 90)


def _document(home: Home, document_id: int) -> Document:
    with home.reading() as session:
        return session.get_one(Document, document_id)


def _pairs(home: Home) -> list[tuple[int, int]]:
    with home.reading() as session:
        return [(row.document_id, row.earlier_id) for row in session.exec(select(SeenBefore))]


@pytest.fixture
def clinic(home: Home) -> Home:
    add_person(home, birth_date=date(1957, 3, 14))
    add_person(home, "00777777", "Chen", "Wei", birth_date=date(1960, 5, 5))
    return home


def test_a_sheet_scanned_twice_bears_a_doubt_that_names_the_earlier_document(clinic: Home) -> None:
    [first] = _index(clinic, "first", [ONE])
    [again] = _index(clinic, "again", [MISREAD])
    document = _document(clinic, again)
    assert f"seen_before_in_document_{first}" in document.flags
    assert document.would_file_itself is False
    assert document.state == "to_verify"
    assert document.decision == _document(clinic, first).decision  # whose it is is no less clear for it
    assert _document(clinic, first).flags == []
    assert _pairs(clinic) == [(again, first)]


def test_another_filling_of_the_form_bears_none(clinic: Home) -> None:
    _index(clinic, "first", [ONE])
    wei = FORM.format(name="Chen, Wei", mrn="00777777", born="05/05/1960", day="01/07/2024", pulse=72)
    for name, text in (("day", OTHER_DAY), ("person", wei)):
        [made] = _index(clinic, name, [text])
        assert not any(flag.startswith("seen_before") for flag in _document(clinic, made).flags)
    assert _pairs(clinic) == []


def test_without_pictures_words_alone_find_it(clinic: Home) -> None:
    [first] = _index(clinic, "first", [ONE], with_pictures=False)
    [again] = _index(clinic, "again", [ONE + "\nFAX 10:42"], with_pictures=False)
    assert _pairs(clinic) == [(again, first)]


def test_a_filed_document_is_found_too(clinic: Home) -> None:
    [first] = _index(clinic, "first", [ONE])
    with clinic.writing() as session:
        leases.claim(session, first, TESS)
        moves.move(session, first, "approve", TESS, override_mismatch=True, reason="a test")
    [again] = _index(clinic, "again", [MISREAD])
    assert _pairs(clinic) == [(again, first)]


def test_a_document_of_which_half_is_new_is_no_copy(clinic: Home) -> None:
    _index(clinic, "first", [ONE])
    _index(clinic, "again", [MISREAD, OTHER_DAY.replace("PROGRESS NOTE", "continued on")])
    assert _pairs(clinic) == []


def test_blank_sides_of_a_copy_say_nothing(clinic: Home) -> None:
    [first] = _index(clinic, "first", [ONE])
    [again] = _index(clinic, "again", [MISREAD, ""])
    assert _pairs(clinic) == [(again, first)]


def test_a_batch_that_is_indexed_anew_is_noted_once(clinic: Home) -> None:
    [first] = _index(clinic, "first", [ONE])
    [again] = _index(clinic, "again", [MISREAD])
    with clinic.writing() as session:
        indexing.forget_some(session, _document(clinic, again).batch_id)
    assert _pairs(clinic) == []
    assert _document(clinic, first).state == "to_verify"


# ---- what a person decides


@pytest.fixture
def pair(clinic: Home) -> tuple[Home, int, int, int]:
    """A home, the pair, the new document and the earlier one."""
    [first] = _index(clinic, "first", [ONE])
    [again] = _index(clinic, "again", [MISREAD])
    with clinic.reading() as session:
        return clinic, session.exec(select(SeenBefore.id)).one(), again, first


def test_both_are_kept_and_the_doubt_is_lifted(pair: tuple[Home, int, int, int]) -> None:
    home, repeat_id, again, _ = pair
    assert model.answer(home, TESS, repeat_id, model.KEEP_BOTH).ok
    assert not any(flag.startswith("seen_before") for flag in _document(home, again).flags)
    assert _document(home, again).would_file_itself is False  # by a person only
    assert model.lines(home, TESS) == []
    assert [line.decided for line in model.lines(home, TESS, decided=True)] == ["both kept by tess"]
    assert not model.answer(home, TESS, repeat_id, model.KEEP_BOTH).ok


def test_a_copy_is_voided_with_a_reason_and_keeps_its_pages(pair: tuple[Home, int, int, int]) -> None:
    home, repeat_id, again, first = pair
    assert model.answer(home, SAM, repeat_id, model.VOID_COPY, "faxed again by the clinic").ok
    assert _document(home, again).state == "voided"
    assert _document(home, first).state == "to_verify"
    with home.reading() as session:
        assert len(pages.pages_of_document(session, again)) == 1
        ledger = pages.ledger(session)
        assert (ledger.found, ledger.to_verify, ledger.refused) == (2, 1, 1)
        assert ledger.balances
        assert integrity.verify(session, home.vault).problems == ()
        events = session.exec(select(AuditEvent).where(AuditEvent.subject == f"document:{again}")).all()
        assert [e.action for e in events if e.actor == "sam"] == ["decide_repeat", "void_copy"]
        assert "faxed again by the clinic" in events[-1].detail
        assert session.get_one(Batch, _document(home, again).batch_id).state == BatchState.CLOSED


def test_the_earlier_one_is_replaced_while_it_is_not_filed(pair: tuple[Home, int, int, int]) -> None:
    home, repeat_id, again, first = pair
    assert model.answer(home, SAM, repeat_id, model.VOID_REPLACED, "the first scan was cut off").ok
    assert (_document(home, first).state, _document(home, again).state) == ("voided", "to_verify")


def test_what_is_filed_is_not_replaced(clinic: Home) -> None:
    [first] = _index(clinic, "first", [ONE])
    [again] = _index(clinic, "again", [MISREAD])
    with clinic.writing() as session:
        session.get_one(Document, first).state = "filed"
        repeat_id = session.exec(select(SeenBefore.id)).one()
        with pytest.raises(StateRefused, match="Propose a correction"):
            repeats.void_replaced(session, repeat_id, SAM, "the first scan was cut off")
        session.rollback()
    assert _document(clinic, again).state == "to_verify"


def test_a_voided_one_is_brought_back(pair: tuple[Home, int, int, int]) -> None:
    home, repeat_id, again, _ = pair
    model.answer(home, SAM, repeat_id, model.VOID_COPY, "faxed again by the clinic")
    assert model.answer(home, SAM, repeat_id, model.BRING_BACK).ok
    assert _document(home, again).state == "to_verify"
    with home.reading() as session:
        assert session.get_one(SeenBefore, repeat_id).state is RepeatState.OPEN
        assert integrity.verify(session, home.vault).problems == ()


@pytest.mark.parametrize("event", [model.VOID_COPY, model.VOID_REPLACED])
def test_voiding_takes_a_supervisor_and_a_reason(pair: tuple[Home, int, int, int], event: str) -> None:
    home, repeat_id, again, first = pair
    with home.writing() as session, pytest.raises(NotAllowed):
        getattr(repeats, event)(session, repeat_id, TESS, "faxed again by the clinic")
    refused = model.answer(home, SAM, repeat_id, event, "copy")
    assert not refused.ok
    assert "two words" in refused.sentence
    assert {_document(home, found).state for found in (again, first)} == {"to_verify"}
    with home.reading() as session:
        assert session.get_one(SeenBefore, repeat_id).state is RepeatState.OPEN


def test_what_somebody_works_on_is_not_voided(pair: tuple[Home, int, int, int]) -> None:
    home, repeat_id, again, _ = pair
    with home.writing() as session:
        leases.claim(session, again, UMA)
    refused = model.answer(home, SAM, repeat_id, model.VOID_COPY, "faxed again by the clinic")
    assert not refused.ok
    assert "uma is working on this document" in refused.sentence
    assert _document(home, again).state == "to_verify"


def test_the_scanning_room_sees_no_pairs(pair: tuple[Home, int, int, int]) -> None:
    with pytest.raises(NotAllowed):
        model.lines(pair[0], OLGA)


# ---- side by side


def test_both_pages_stand_side_by_side_with_what_differs(clinic: Home) -> None:
    [first] = _index(clinic, "first", [ONE])
    [again] = _index(clinic, "again", [ONE + "\nRECEIVED MEDICAL RECORDS"])
    with clinic.reading() as session:
        repeat_id = session.exec(select(SeenBefore.id)).one()
    both = model.side_by_side(clinic, SAM, repeat_id)
    assert both.new.title == f"New: document {again}, page 1 of 1"
    assert both.earlier.pages[0].src.startswith(f"/page/{first}/1.jpg")
    assert {(one, other, what) for one, other, what in both.differences} == {
        (word, "", "only on the new one") for word in ("RECEIVED", "MEDICAL", "RECORDS")
    }
    assert len(both.new.pages[0].boxes) == 3
    assert both.earlier.pages[0].boxes == ()
    assert all(0 <= edge <= 1 for box in both.new.pages[0].boxes for edge in box)
    assert both.answers == (model.KEEP_BOTH, model.VOID_COPY, model.VOID_REPLACED)
    assert model.side_by_side(clinic, TESS, repeat_id).answers == (model.KEEP_BOTH,)
    with clinic.reading() as session:
        viewed = session.exec(select(AuditEvent.subject).where(AuditEvent.action == "view_words")).all()
    assert set(viewed) == {f"document:{first}", f"document:{again}"}


def test_a_protected_document_is_not_shown_beside_its_copy(pair: tuple[Home, int, int, int]) -> None:
    home, repeat_id, again, _ = pair
    with home.writing() as session:
        session.get_one(Document, again).labels = [{"code": "SUD", "reason": "a test", "page": 1, "source": "words"}]
    with pytest.raises(NotAllowed):
        model.side_by_side(home, TESS, repeat_id)
    assert model.side_by_side(home, SAM, repeat_id).pairs == 1


def test_ink_in_which_nothing_was_read_is_told_too(clinic: Home) -> None:
    [first] = _index(clinic, "first", [ONE])
    [again] = _index(clinic, "again", [ONE], drawn_over=True)
    assert _pairs(clinic) == [(again, first)]
    with clinic.reading() as session:
        repeat_id = session.exec(select(SeenBefore.id)).one()
    both = model.side_by_side(clinic, SAM, repeat_id)
    assert ("a stamp, a mark or writing", "", "only on the new one") in both.differences
    assert both.new.pages[0].boxes
    assert both.earlier.pages[0].boxes == ()


def test_a_filed_document_that_is_being_amended_is_not_voided(pair: tuple[Home, int, int, int]) -> None:
    home, repeat_id, again, first = pair
    for document_id, answer in ((first, model.VOID_REPLACED), (again, model.VOID_COPY)):
        with home.writing() as session:
            session.add(
                Amendment(
                    document_id=document_id,
                    of_number=1,
                    reason_code="other",
                    reason="the date is wrong",
                    opened_by="tess",
                )
            )
        assert answer not in model.side_by_side(home, SAM, repeat_id).answers
        refused = model.answer(home, SAM, repeat_id, answer, "faxed again by the clinic")
        assert "Propose a correction" in refused.sentence
