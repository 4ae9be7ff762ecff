"""Every state of a correction of a wrong chart, and of an emergency access, with every event by every role."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from storage.documents import breakglass, misfiling
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, StateRefused, StorageError
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE, Actor, Role
from storage.foundation.states import AccessState, CorrectionState
from storage.foundation.tables.access import BreakGlass
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Misfiling
from tests.given import allowed
from tests.given.allowed import actor_of, events_of
from tests.given.records import UMA, add_person, read_and_index, receive, verify_and_file
from tests.given.trying import last_event, rolled_back, rows_written

MEANS: dict[str, dict[str, Any]] = {
    "proposed": {},
    "confirmed": {"confirmed_by": "sam", "confirmed_at": utc_now()},
    "withdrawn": {"withdrawn_at": utc_now()},
}
"""The columns that each state of a correction is read from."""


@pytest.fixture(scope="module")
def document_id(shared_home: Home) -> int:
    """One filed document."""
    [made] = read_and_index(shared_home, receive(shared_home, b"scan"), ["PROGRESS NOTE"], add_person(shared_home))
    verify_and_file(shared_home, made)
    return made


def _correction(session: Session, document_id: int, state: str, by: str = "uma") -> Misfiling:
    row = Misfiling(
        document_id=document_id, pages=[1], is_whole=True, person_id=1, reason="a reason", cause="other", proposed_by=by,
        type_code="PROGRESS_NOTE", **MEANS[state],
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _do(session: Session, row: Misfiling, event: str, actor: Actor) -> None:
    if event == "confirm":
        misfiling.confirm(session, row.id, actor, "seen on paper")
    else:
        misfiling.withdraw(session, row.id, actor)


@pytest.mark.parametrize("state", list(CorrectionState))
@pytest.mark.parametrize("event", events_of(allowed.CORRECTION))
def test_a_correction_moves_where_the_table_says_and_nowhere_else(
    shared_home: Home, document_id: int, state: str, event: str
) -> None:
    after, who = allowed.CORRECTION.get((state, event), ("", ()))
    no_part = (
        Role.OPERATOR,
        Role.AUDITOR,
        Role.ADMIN,
        *((Role.TECHNICIAN, Role.MACHINE) if event == "confirm" else ()),
    )
    for role in Role:
        actor = actor_of(role)
        with rolled_back(shared_home) as session:
            row = _correction(session, document_id, state, "uma" if event == "confirm" else actor.name)
            assert row.state == state
            written = rows_written(session)
            if role in who and role not in no_part:
                _do(session, row, event, actor)
                session.flush()
                session.refresh(row)
                assert row.state == after, role
                assert (row.confirmed_by == actor.name) is (event == "confirm")
                told = session.exec(
                    select(AuditEvent).where(AuditEvent.actor == actor.name).order_by(col(AuditEvent.seq))
                )
                actions = [line.action for line in told if line.subject == f"document:{document_id}"]
                assert actions == (["misfile", "reopen", "hand_over"] if event == "confirm" else ["withdraw_misfile"])
                continue
            with pytest.raises(NotAllowed if role in no_part else StateRefused, match=r"\w.*\.$"):
                _do(session, row, event, actor)
            assert rows_written(session) == written, role
            assert row.state == state


@pytest.mark.parametrize("state", ["confirmed", "withdrawn"])
@pytest.mark.parametrize("event", events_of(allowed.CORRECTION))
def test_a_correction_ends_once(shared_home: Home, document_id: int, state: str, event: str) -> None:
    with rolled_back(shared_home) as session:
        row = _correction(session, document_id, state)
        with pytest.raises(StateRefused) as refused:
            _do(session, row, event, Actor("sam", Role.SUPERVISOR))
    assert str(refused.value) == "This correction was confirmed or withdrawn already."


@pytest.mark.parametrize(
    ("event", "actor", "error", "sentence"),
    [
        ("confirm", Actor("uma", Role.SUPERVISOR), NotAllowed, "takes two people: somebody else must confirm it"),
        ("confirm", Actor("shell:Uma", Role.SUPERVISOR), NotAllowed, "takes two people"),  # the same human being
        ("withdraw", Actor("tess", Role.TECHNICIAN), NotAllowed, "Ask them, or a supervisor, to withdraw it"),
        ("withdraw", MACHINE, StateRefused, "needs a technician"),
    ],
)
def test_the_guards_of_a_correction(
    shared_home: Home, document_id: int, event: str, actor: Actor, error: type[StorageError], sentence: str
) -> None:
    with rolled_back(shared_home) as session:
        row = _correction(session, document_id, "proposed")
        with pytest.raises(error, match=sentence):
            _do(session, row, event, actor)
        assert row.state == "proposed"


def test_a_supervisor_withdraws_what_another_proposed(shared_home: Home, document_id: int) -> None:
    with rolled_back(shared_home) as session:
        row = _correction(session, document_id, "proposed")
        misfiling.withdraw(session, row.id, Actor("sam", Role.SUPERVISOR))
        assert row.state == "withdrawn"


def test_what_is_proposed_begins_where_the_table_begins(shared_home: Home, document_id: int) -> None:
    with rolled_back(shared_home) as session:
        number = misfiling.propose(session, document_id, [], None, "another patient's", misfiling.Cause.OTHER, UMA)
        assert session.get_one(Misfiling, number).state is CorrectionState.PROPOSED
        assert last_event(session, f"document:{document_id}").action == "propose_misfile"


# ---- emergency access


def _opened(session: Session, document_id: int, state: str, by: str = "uma") -> BreakGlass:
    glass = BreakGlass(
        document_id=document_id, username=by, purpose=breakglass.Purpose.EMERGENCY_TREATMENT, reason="in need",
        until=utc_now() + timedelta(hours=1), reviewed_at=utc_now() if state == "reviewed" else None,
    )  # fmt: skip
    session.add(glass)
    session.flush()
    return glass


@pytest.mark.parametrize("state", list(AccessState))
def test_an_emergency_access_is_reviewed_where_the_table_says_and_nowhere_else(
    shared_home: Home, document_id: int, state: str
) -> None:
    after, who = allowed.ACCESS.get((state, "review"), ("", ()))
    for role in Role:
        actor = actor_of(role)
        with rolled_back(shared_home) as session:
            glass = _opened(session, document_id, state)
            written = rows_written(session)
            if role in who:
                breakglass.review(session, glass.id, actor, "it was needed")
                assert (glass.state, glass.reviewed_by, glass.finding) == (after, role, "it was needed")
                told = last_event(session, f"document:{document_id}")
                assert (told.action, told.actor, json.loads(told.detail)) == (
                    "review_break_glass", actor.name, {"glass": glass.id},
                )  # fmt: skip
                continue
            has_part = role in (Role.AUDITOR, Role.SUPERVISOR)
            with pytest.raises(StateRefused if has_part else NotAllowed, match=r"\w.*\.$"):
                breakglass.review(session, glass.id, actor, "it was needed")
            assert rows_written(session) == written
            assert glass.state == state


def test_nobody_reviews_their_own_access(shared_home: Home, document_id: int) -> None:
    with rolled_back(shared_home) as session:
        glass = _opened(session, document_id, "to_review", "sam")
        with pytest.raises(NotAllowed, match="Somebody else reviews what you opened"):
            breakglass.review(session, glass.id, Actor("sam", Role.SUPERVISOR), "it was needed")
        assert glass.state == "to_review"


def test_an_access_is_reviewed_once(shared_home: Home, document_id: int) -> None:
    with rolled_back(shared_home) as session:
        glass = _opened(session, document_id, "reviewed")
        for number in (glass.id, 999):
            with pytest.raises(StateRefused, match=r"^This was reviewed already\.$"):
                breakglass.review(session, number, Actor("audrey", Role.AUDITOR), "again reviewed")
