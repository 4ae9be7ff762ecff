"""Every state that a document of the chart can be in, with everything that can be done about its amendment, by every role:
allowed where this table says so and nowhere else, with its line in the log."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.desk import amending, approving
from storage.documents import amendments, fields, filing, identity, misfiling, versions
from storage.documents.fields import Correction
from storage.foundation import audit
from storage.foundation.errors import StateRefused, StorageError
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.states import AmendmentState
from storage.foundation.tables.documents import Document
from storage.foundation.tables.versions import Amendment
from tests.given import allowed
from tests.given.allowed import actor_of, events_of
from tests.given.records import TESS, add_person, read_and_index, receive, verify_and_file
from tests.given.trying import last_event, rolled_back, rows_written

_PEOPLE = (Role.TECHNICIAN, Role.SUPERVISOR)

DONE: dict[tuple[str, str], tuple[str, tuple[Role, ...], str]] = {
    ("filed", "open"): ("to_verify", _PEOPLE, "amend"),
    ("filed", "propose_misfile"): ("filed", (Role.MACHINE, *_PEOPLE), "propose_misfile"),
    ("to_verify", "cancel"): ("filed", _PEOPLE, "cancel_amendment"),
    ("pended", "cancel"): ("filed", _PEOPLE, "cancel_amendment"),
    ("rescan", "cancel"): ("filed", _PEOPLE, "cancel_amendment"),
    ("to_verify", "approve"): ("verified", _PEOPLE, "approve"),
    ("verified", "take_back"): ("to_verify", _PEOPLE, "take_back"),
    ("verified", "file"): ("filed", (Role.MACHINE,), "file"),
    ("to_qc", "pass_qc"): ("filed", (Role.SUPERVISOR,), "pass_qc"),
    ("to_qc", "keyed_alike"): ("filed", _PEOPLE, "keyed_alike"),
}
"""State after, who may, the line of the log; written by hand. In all states but the first the document is being amended."""

STATES = ("filed", "to_verify", "pended", "rescan", "verified", "to_qc")
NEVER = "choose_patient"


@dataclass(frozen=True, slots=True)
class Given:
    """A filed document of Ana, and Lee."""

    document: int
    lee: int


@pytest.fixture(scope="module")
def given(shared_home: Home) -> Given:
    ana, lee = add_person(shared_home), add_person(shared_home, "00777777", "Kim", "Lee")
    [made] = read_and_index(shared_home, receive(shared_home, b"scan"), ["PROGRESS NOTE", "two"], ana)
    verify_and_file(shared_home, made)
    return Given(made, lee)


def _put_in(session: Session, home: Home, given: Given, state: str, actor: Actor) -> Document:
    """The document in this state of an amendment that this person opened, as far as it may, and has on the desk."""
    if state != "filed":
        amending.open_amendment(session, given.document, "wrong_date", "the day is wrong", TESS)
        version = session.get_one(Document, given.document).version
        fields.save_corrections(
            session, given.document, [Correction("service_date", "2024-02-02")], TESS, version=version
        )
        session.exec(update(Amendment).values(opened_by=actor.name))
        session.exec(
            update(Document)
            .where(col(Document.id) == given.document)
            .values(state=state, claimed_by=actor.name, verified_by=actor.name)
        )
    session.expire_all()
    return session.get_one(Document, given.document)


def _file_by(event: str) -> Callable[[Session, Home, Given, Actor], object]:
    return lambda session, home, given, actor: filing.file_document(session, home.vault, given.document, event, actor)


DO: dict[str, Callable[[Session, Home, Given, Actor], object]] = {
    "open": lambda s, h, g, a: amending.open_amendment(s, g.document, "wrong_kind", "it is a consult", a),
    "cancel": lambda s, h, g, a: amending.cancel(s, g.document, a),
    "approve": lambda s, h, g, a: approving.approve(
        s, g.document, a, version=s.get_one(Document, g.document).version, override_mismatch=True, reason="a test of it"
    ),
    "take_back": lambda s, h, g, a: approving.take_back(s, g.document, a),
    "file": _file_by("file"),
    "pass_qc": _file_by("pass_qc"),
    "keyed_alike": _file_by("keyed_alike"),
    "propose_misfile": lambda s, h, g, a: misfiling.propose(s, g.document, [], g.lee, "page of Lee Kim", "other", a),
    NEVER: lambda s, h, g, a: identity.choose_patient(
        s, g.document, g.lee, a, version=s.get_one(Document, g.document).version, retyped="00777777"
    ),
}


def test_this_table_knows_all_that_can_be_done() -> None:
    assert {event for _, event in DONE} | {NEVER} == set(DO)
    assert {state for state, _ in DONE} == set(STATES)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", list(DO))
def test_an_amendment_goes_where_this_table_says_and_nowhere_else(
    shared_home: Home, given: Given, state: str, event: str
) -> None:
    after, who, told = DONE.get((state, event), ("", (), ""))
    for role in Role:
        actor = actor_of(role)
        with rolled_back(shared_home) as session:
            document = _put_in(session, shared_home, given, state, actor)
            person, version, written = document.person_id, versions.in_chart(session, document), rows_written(session)
            if role not in who:
                with pytest.raises(StorageError, match=r"\w.*\.$"):
                    DO[event](session, shared_home, given, actor)
                session.rollback()
                continue
            DO[event](session, shared_home, given, actor)
            session.flush()
            session.refresh(document)
            assert (document.state, document.person_id) == (after, person), role
            line = last_event(session, f"document:{given.document}")
            assert (line.action, line.actor, line.role, line.outcome) == (told, actor.name, role, "ok")
            now = versions.in_chart(session, document)
            assert version is not None
            assert now is not None
            is_new = after == "filed" and event not in ("cancel", "propose_misfile")
            assert now.number == version.number + is_new
            if told not in ("propose_misfile",):
                detail = json.loads(line.detail)
                assert (detail["before"], detail["after"]) == (state, after)
                assert (detail["filed_version"], detail["person"]) == (now.number, person)
            assert [row.outcome for row in session.exec(select(Amendment))] == _outcomes(state, event, after)
            assert rows_written(session) > written
            assert not list(audit.find_breaks(session))


def _outcomes(state: str, event: str, after: str) -> list[str | None]:
    """How the amendments of the document ended; None: open."""
    if state == "filed":
        return [None] if event == "open" else []
    if after != "filed":
        return [None]
    return ["cancelled" if event == "cancel" else "filed"]


@pytest.mark.parametrize("state", list(AmendmentState))
@pytest.mark.parametrize("event", events_of(allowed.AMENDMENT))
def test_the_row_of_an_amendment_ends_once(shared_home: Home, given: Given, state: str, event: str) -> None:
    after, who = allowed.AMENDMENT.get((state, event), ("", ()))
    for role in Role:
        actor = actor_of(role)
        with rolled_back(shared_home) as session:
            row = Amendment(
                document_id=given.document, of_number=1, reason_code="other", reason="a reason", opened_by=actor.name,
                before={}, outcome=None if state == "open" else state,
            )  # fmt: skip
            session.add(row)
            session.flush()
            assert row.state == state
            if role in who:
                amendments.advance(row, event, actor)
                assert (row.state, row.ended_by, row.ended_at is not None) == (after, actor.name, True)
                continue
            with pytest.raises(StateRefused, match=r"\w.*\.$"):
                amendments.advance(row, event, actor)
            assert row.ended_at is None
