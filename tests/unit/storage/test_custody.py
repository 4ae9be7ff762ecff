"""Receipts, the page account, and the writer of a batch's state."""

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from classify.guess import FileGuess
from storage.custody import batches, pages
from storage.documents import indexing
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE
from storage.foundation.states import BatchState
from storage.foundation.tables.custody import Batch, Page, Source
from tests.given.records import OLGA, SAM, read_and_index, receive


def test_receiving_the_same_claim_again_changes_nothing(home: Home) -> None:
    assert receive(home, b"scan", "claim-1") == receive(home, b"scan", "claim-1")
    with home.reading() as session:
        assert len(session.exec(select(Source)).all()) == 1


def test_the_same_content_twice_is_two_receipts_and_one_blob(home: Home) -> None:
    first, second = receive(home, b"scan", "claim-1"), receive(home, b"scan", "claim-2")
    with home.reading() as session:
        assert session.get_one(Batch, second).duplicate_of == first
        assert len({source.blob_id for source in session.exec(select(Source))}) == 1


def test_names_are_data_and_come_back_as_they_were_dropped(home: Home) -> None:
    name = b"=cmd|' /C calc'!A0\n\xff\x1b[31m.pdf"
    receive(home, b"scan", name=name)
    with home.reading() as session:
        row = batches.list_sources(session)[0]
    assert row["name"].encode("utf-8", "surrogateescape") == name
    assert batches.printable_name(name).isprintable()


def test_a_batch_whose_pages_do_not_add_up_cannot_move_on(home: Home) -> None:
    batch_id = receive(home, b"scan")
    with home.writing() as session:
        pages.expect_pages(session, session.get_one(Batch, batch_id), [3])
        batches.advance(session, batch_id, "read")
    with pytest.raises(DBAPIError, match="do not add up"), home.writing() as session:
        batches.advance(session, batch_id, "index")


def test_a_page_that_no_document_claims_is_held_not_lost(home: Home) -> None:
    batch_id = receive(home, b"scan")
    with home.writing() as session:
        batch = session.get_one(Batch, batch_id)
        pages.expect_pages(session, batch, [2])
        batches.advance(session, batch_id, "read")
        indexing.enter_guess(session, batch, FileGuess(()))
        batches.advance(session, batch_id, "index")
    with home.reading() as session:
        account = pages.ledger(session, batch_id)
    assert (account.found, account.held, account.balances) == (2, 2, True)


def test_pages_and_receipts_cannot_be_deleted(home: Home) -> None:
    read_and_index(home, receive(home, b"scan"), ["one"])
    for table in ("page", "source"):
        with pytest.raises(DBAPIError, match="never deleted"), home.engine.begin() as connection:
            connection.exec_driver_sql(f"DELETE FROM {table}")


def test_a_page_is_in_exactly_one_place(home: Home) -> None:
    read_and_index(home, receive(home, b"scan"), ["one"])
    with pytest.raises(DBAPIError, match="page_in_one_place"), home.writing() as session:
        session.exec(select(Page)).one().disposition = "blank"


def test_the_account_follows_a_page_from_waiting_to_filed(home: Home) -> None:
    batch_id = receive(home, b"scan")
    with home.writing() as session:
        pages.expect_pages(session, session.get_one(Batch, batch_id), [2])
    with home.reading() as session:
        assert pages.ledger(session).waiting == 2
    read_and_index(home, batch_id, ["one", "two"])
    with home.reading() as session:
        account = pages.ledger(session)
    assert (account.to_verify, account.waiting, account.balances) == (2, 0, True)


def test_a_quarantined_file_is_tried_again_and_only_a_supervisor_voids_it(home: Home) -> None:
    batch_id = receive(home, b"scan")
    with home.writing() as session:
        batches.advance(session, batch_id, "quarantine", reason_code="damaged", reason="It is damaged.")
    with pytest.raises(StateRefused, match="supervisor"), home.writing() as session:
        batches.advance(session, batch_id, "void", OLGA)
    with home.writing() as session:
        batches.advance(session, batch_id, "retry", OLGA)
        assert [b.id for b in batches.waiting(session, BatchState.RECEIVED)] == [batch_id]
        batches.advance(session, batch_id, "quarantine", MACHINE, reason_code="damaged", reason="Still.")
        assert batches.advance(session, batch_id, "void", SAM).state == BatchState.VOIDED


def test_back_file_work_waits_for_day_forward_work(home: Home) -> None:
    old, new = receive(home, b"old"), receive(home, b"new")
    with home.writing() as session:
        session.get_one(Batch, old).back_file = True
    with home.reading() as session:
        assert [b.id for b in batches.waiting(session, BatchState.RECEIVED)] == [new, old]
