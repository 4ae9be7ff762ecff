"""Pages asked for again: the slip brings the new image to the place of the old."""

import pytest
from sqlmodel import Session, select

from classify.guess import DocumentGuess
from classify.index import index_file, index_pages
from classify.profile import Profile
from classify.separators import make_payload
from ingest.separators import draw_slips
from ocr.page import OcrPage
from storage.custody import batches, integrity, pages
from storage.desk import rescans
from storage.documents import fields, indexing, leases, listing
from storage.foundation.errors import NotAllowed
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.tables.custody import Batch, Page
from storage.foundation.tables.desk import RescanRequest
from storage.foundation.tables.documents import Document
from storage.roster.lookup import StoredRoster
from tests.given.paper import typed
from tests.given.records import OLGA, TESS, add_person, read_and_index, receive

FIRST = "PROGRESS NOTE\nPatient Name: Rivera, Ana\nMRN: 00123456\nDOB: 03/14/1957\nresting"


def understand(session: Session, read: list[OcrPage]) -> DocumentGuess:
    return index_pages(read, StoredRoster(session), Profile())


def _asked(home: Home) -> tuple[int, int]:
    """A document of three pages whose second is asked for again; document and request."""
    made = read_and_index(home, receive(home, b"scan"), [FIRST, "faint", "page three"], add_person(home))[0]
    with home.writing() as session:
        leases.claim(session, made, TESS)
        page = pages.pages_of_document(session, made)[1]
        request = rescans.ask(session, made, [page.id], "too_faint", "left half", TESS, version=1)[0]
        return made, request.id


def _scan_again(home: Home, slip: str, text: str) -> int | None:
    """A second scan, slip first, through the machine; the document that the page went to."""
    batch_id = receive(home, text.encode())
    read = [typed("Rescan slip", 1, (slip,)), typed(text, 2)]
    with home.writing() as session:
        batch = session.get_one(Batch, batch_id)
        pages.expect_pages(session, batch, [2])
        for page in read:
            pages.note_reading(
                session,
                batch_id,
                page,
                pages.keep_reading(session, home.vault, f"{batch_id}-{page.number}", page, None, None),
            )
        batches.advance(session, batch_id, "read")
        guess = index_file(read, StoredRoster(session), Profile())
        made = indexing.enter_guess(session, batch, guess)
        batches.advance(session, batch_id, "index")
        asked_for = guess.documents[0].rescan
        assert guess.separators == (1,)
        went_to = rescans.take_arrived(session, asked_for, made[0], understand) if asked_for is not None else None
        return went_to.id if went_to else None


def test_the_new_page_takes_the_place_of_the_old_and_the_document_is_verified_again(home: Home) -> None:
    made, request = _asked(home)
    assert _scan_again(home, make_payload("R", str(request)), "Allergies: penicillin\nnow clear") == made
    with home.reading() as session:
        document = session.get_one(Document, made)
        rows = pages.pages_of_document(session, made)
        assert (document.state, "scanned_again" in document.flags) == ("to_verify", True)
        assert [row.number for row in rows] == [1, 2, 3]  # of the first scan, the second, the first
        assert rows[1].batch_id != rows[0].batch_id
        old = session.get_one(Page, rows[1].replaces_id)
        assert (old.disposition, old.number, old.document_id) == ("refused", 2, None)
        values = {row.name: row for row in fields.current_fields(session, made)}
        assert values["allergies"].page == 2
        assert session.get_one(RescanRequest, request).outcome == "arrived"
        assert all(ledger.balances for ledger in (pages.ledger(session), *(pages.ledger(session, b) for b in (1, 2))))
        assert listing.list_documents(session)[0]["pages"] == [1, 3]
        assert integrity.verify(session, home.vault).problems == ()


@pytest.mark.parametrize("slip", ["R|999", "R|"])
def test_a_slip_of_no_request_leaves_the_page_to_a_person(home: Home, slip: str) -> None:
    made, _ = _asked(home)
    kind, number = slip.split("|")
    assert _scan_again(home, make_payload(kind, number), "some page") is None
    with home.reading() as session:
        assert session.get_one(Document, made).state == "rescan"
        states = session.exec(select(Document.state).where(Document.id != made)).all()
    assert list(states) == ["to_verify"]


def test_a_slip_twice_is_used_once(home: Home) -> None:
    made, request = _asked(home)
    payload = make_payload("R", str(request))
    assert _scan_again(home, payload, "clear") == made
    assert _scan_again(home, payload, "clear again") is None


def test_a_request_that_was_given_up_takes_no_page_any_more(home: Home) -> None:
    """Somebody accepted the page as it is; the paper comes all the same, and a person looks at it."""
    made, request = _asked(home)
    with home.writing() as session:
        rescans.give_up(session, made, TESS)
    with home.reading() as session:
        ended = session.get_one(RescanRequest, request)
        assert (ended.outcome, ended.ended_at is not None) == ("accepted", True)
        assert rescans.waiting(session, OLGA) == []
    assert _scan_again(home, make_payload("R", str(request)), "clear") is None
    with home.reading() as session:
        assert [page.number for page in pages.pages_of_document(session, made)] == [1, 2, 3]
        assert pages.ledger(session).balances


def test_the_slips_say_where_the_paper_lies_and_no_name(home: Home) -> None:
    _, request = _asked(home)
    with home.reading() as session:
        slips = rescans.waiting(session, OLGA)
    assert [(s.request_id, s.file, s.page, s.reason, s.remark) for s in slips] == [
        (request, "scan.tif", 2, "too faint to read", "left half")
    ]
    assert draw_slips(slips).startswith(b"%PDF")
    assert "Rivera" not in str(slips)
    with home.writing() as session:
        rescans.note_printed(session, [request], OLGA)
    with home.reading() as session:
        assert rescans.waiting(session, OLGA)[0].printed_at is not None
        with pytest.raises(NotAllowed):
            rescans.waiting(session, Actor("audrey", Role.AUDITOR))
