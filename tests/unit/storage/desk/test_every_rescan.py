"""Every state of a request for a rescan with every event by every role, through its writer."""

import pytest
from sqlmodel import Session

from review_app.model import worklist
from storage.desk import rescans
from storage.documents import leases
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Role
from storage.foundation.states import RescanState
from storage.foundation.tables.desk import Remark, RemarkKind, RescanRequest
from tests.given import allowed
from tests.given.allowed import actor_of, events_of
from tests.given.records import TESS, add_person, read_and_index, receive
from tests.given.trying import rolled_back, rows_written


@pytest.fixture(scope="module")
def document_id(shared_home: Home) -> int:
    """One document of a known patient."""
    [made] = read_and_index(shared_home, receive(shared_home, b"scan"), ["PROGRESS NOTE"], add_person(shared_home))
    return made


def _request(session: Session, document_id: int, state: str) -> RescanRequest:
    request = RescanRequest(
        document_id=document_id, reason_code=rescans.RescanReason.BLURRED, asked_by="tess",
        outcome=None if state == "asked" else state,
    )  # fmt: skip
    session.add(request)
    session.flush()
    return request


@pytest.mark.parametrize("state", list(RescanState))
@pytest.mark.parametrize("event", events_of(allowed.RESCAN))
def test_a_request_ends_where_the_table_says_and_nowhere_else(
    shared_home: Home, document_id: int, state: str, event: str
) -> None:
    after, who = allowed.RESCAN.get((state, event), ("", ()))
    for role in Role:
        with rolled_back(shared_home) as session:
            request = _request(session, document_id, state)
            assert request.state == state
            written = rows_written(session)
            if role in who:
                rescans.end(session, request, event, actor_of(role))
                session.flush()
                session.refresh(request)
                assert (request.state, request.outcome) == (after, after), role
                assert request.ended_at is not None
                continue
            with pytest.raises(StateRefused, match=r"\w.*\.$"):
                rescans.end(session, request, event, actor_of(role))
            assert rows_written(session) == written
            assert (request.state, request.ended_at) == (state, None)


def test_every_reason_has_its_words() -> None:
    assert set(rescans.REASONS) == set(rescans.RescanReason)


def test_a_document_that_goes_on_as_it_is_ends_its_requests(home: Home) -> None:
    [made] = read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE"], add_person(home))
    with home.writing() as session:
        version = leases.claim(session, made, TESS).version
        [request] = rescans.ask(session, made, [], rescans.RescanReason.BLURRED, "", TESS, version=version)
        assert request.state is RescanState.ASKED
        assert session.get_one(Remark, 1).kind == RemarkKind.RESCAN
    assert worklist.resume(home, TESS, made) == f"Document {made} is on the work list again."
    with home.reading() as session:
        assert session.get_one(RescanRequest, request.id).state is RescanState.ACCEPTED
