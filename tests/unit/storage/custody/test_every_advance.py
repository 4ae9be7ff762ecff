"""Every state of a batch with every event by every role: allowed where this table says so, and nowhere else."""

import json

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from storage.custody import batches
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE, Actor, Role
from storage.foundation.states import BATCH_MOVES, BatchState
from storage.foundation.tables.custody import Batch
from tests.given.records import receive
from tests.given.trying import last_event, rolled_back, rows_written

_STAFF = (Role.OPERATOR, Role.TECHNICIAN, Role.SUPERVISOR)
_SUPERVISOR = (Role.SUPERVISOR,)
_MACHINE = (Role.MACHINE,)

ALLOWED: dict[tuple[str, str], tuple[str, tuple[Role, ...]]] = {
    ("received", "read"): ("read", _MACHINE),
    ("received", "hold_duplicate"): ("duplicate", _MACHINE),
    ("received", "quarantine"): ("quarantined", _MACHINE),
    ("read", "index"): ("indexed", _MACHINE),
    ("read", "quarantine"): ("quarantined", _MACHINE),
    ("indexed", "close"): ("closed", _MACHINE),
    ("duplicate", "take_anyway"): ("received", _SUPERVISOR),
    ("duplicate", "void"): ("voided", _SUPERVISOR),
    ("quarantined", "retry"): ("received", _STAFF),
    ("quarantined", "void"): ("voided", _SUPERVISOR),
}
"""Written by hand, so that a change of the table in states.py is noticed here."""

STATES = ("received", "read", "indexed", "closed", "duplicate", "quarantined", "voided")
EVENTS = sorted({event for _, event in ALLOWED})
NO_PART_IN_SCANS = (Role.AUDITOR, Role.ADMIN)


def _actor(role: Role) -> Actor:
    return MACHINE if role is Role.MACHINE else Actor(role.value, role)


@pytest.fixture(scope="module")
def batch_id(shared_home: Home) -> int:
    """A file that was taken in."""
    return receive(shared_home, b"scan")


def _put_in(session: Session, batch_id: int, state: str) -> Batch:
    session.exec(
        update(Batch)
        .where(col(Batch.id) == batch_id)
        .values(state=state, pages_found=0, attempts=3, duplicate_of=batch_id, reason_code="before", reason="as before")
    )
    return session.get_one(Batch, batch_id, populate_existing=True)


def test_this_table_knows_all_states_and_events() -> None:
    assert set(BatchState) == set(STATES)
    assert {move.event for move in BATCH_MOVES} == set(EVENTS)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", EVENTS)
def test_a_batch_moves_where_the_table_says_and_nowhere_else(
    shared_home: Home, batch_id: int, state: str, event: str
) -> None:
    after, who = ALLOWED.get((state, event), ("", ()))
    for role in Role:
        actor = _actor(role)
        with rolled_back(shared_home) as session:
            batch = _put_in(session, batch_id, state)
            version, written = batch.version, rows_written(session)
            if role not in who:
                with pytest.raises(NotAllowed if role in NO_PART_IN_SCANS else StateRefused, match=r"\w.*\.$"):
                    batches.advance(session, batch_id, event, actor)
                assert rows_written(session) == written, role
                assert (batch.state, batch.version) == (state, version)
                continue
            batches.advance(session, batch_id, event, actor, reason_code="code", reason="A sentence.")
            session.flush()
            session.refresh(batch)
            assert (batch.state, batch.version) == (after, version + 1), role
            assert (batch.reason_code, batch.reason) == ("code", "A sentence.")
            told = last_event(session, f"batch:{batch_id}")
            assert (told.action, told.actor, told.role, told.outcome) == (event, actor.name, role, "ok")
            assert json.loads(told.detail) == {"before": state, "after": after, "reason": "code"}


@pytest.mark.parametrize(("state", "event"), sorted(ALLOWED))
def test_what_a_move_leaves_behind(shared_home: Home, batch_id: int, state: str, event: str) -> None:
    """A file that is tried again has all its attempts again; a duplicate that is taken is none any more."""
    actor = _actor(ALLOWED[state, event][1][-1])
    with rolled_back(shared_home) as session:
        batch = _put_in(session, batch_id, state)
        batches.advance(session, batch_id, event, actor)
        assert batch.attempts == (0 if event in ("retry", "take_anyway") else 3)
        assert batch.duplicate_of == (None if event == "take_anyway" else batch_id)
        assert (batch.reason_code, batch.reason) == (None, None)


def test_the_machine_is_who_acts_when_nobody_is_named(shared_home: Home, batch_id: int) -> None:
    with rolled_back(shared_home) as session:
        _put_in(session, batch_id, "received")
        batches.advance(session, batch_id, "quarantine")
        assert last_event(session, f"batch:{batch_id}").actor == "machine"


@pytest.mark.parametrize("state", [state for state in STATES if state != "indexed"])
def test_only_an_indexed_batch_is_closed(shared_home: Home, batch_id: int, state: str) -> None:
    with rolled_back(shared_home) as session:
        _put_in(session, batch_id, state)
        assert batches.close_if_finished(session, batch_id) is False


def test_an_attempt_is_counted_and_is_no_move(shared_home: Home, batch_id: int) -> None:
    with rolled_back(shared_home) as session:
        batch = _put_in(session, batch_id, "received")
        version = batch.version
        assert batches.count_attempt(session, batch_id) == 4
        assert (batch.state, batch.version) == ("received", version)
