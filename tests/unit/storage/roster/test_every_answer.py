"""Every state of a question about a patient, and of a doubt about a merge, with every event by every role."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, col, select

from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.states import DoubtState, QuestionState
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import PatientQuestion, Person, PersonMerge
from storage.roster import doubts, merging, questions
from storage.roster.messages import Loaded, MergeDoubt
from tests.given import allowed
from tests.given.allowed import actor_of, events_of
from tests.given.records import SAM, TESS, add_person, read_and_index, receive
from tests.given.trying import last_event, rolled_back, rows_written


@pytest.fixture(scope="module")
def document_id(shared_home: Home) -> int:
    """One document of a known patient, and somebody else on the list."""
    [made] = read_and_index(shared_home, receive(shared_home, b"scan"), ["PROGRESS NOTE"], add_person(shared_home))
    add_person(shared_home, "00777777", "Kim", "Lee", birth_date=date(1957, 3, 14))
    return made


def _question(session: Session, document_id: int, state: str) -> PatientQuestion:
    row = PatientQuestion(
        document_id=document_id, reason="the patient was merged", answer=None if state == "open" else state
    )
    session.add(row)
    session.flush()
    return row


@pytest.mark.parametrize("state", list(QuestionState))
@pytest.mark.parametrize("event", events_of(allowed.QUESTION))
def test_a_question_is_answered_where_the_table_says_and_nowhere_else(
    shared_home: Home, document_id: int, state: str, event: str
) -> None:
    after, who = allowed.QUESTION.get((state, event), ("", ()))
    for role in Role:
        actor = actor_of(role)
        with rolled_back(shared_home) as session:
            row = _question(session, document_id, state)
            written = rows_written(session)
            if role in who:
                questions.close(session, row, event, actor)
                session.flush()
                session.refresh(row)
                assert (row.state, row.answer, row.answered_by) == (after, after, actor.name)
                told = last_event(session, f"document:{document_id}")
                assert (told.action, told.actor, told.role) == ("confirm_patient", actor.name, role)
                assert json.loads(told.detail) == {"answer": after}
                continue
            with pytest.raises(StateRefused, match=r"\w.*\.$"):
                questions.close(session, row, event, actor)
            assert rows_written(session) == written, role
            assert row.state == state


@pytest.mark.parametrize("state", list(QuestionState))
def test_who_verifies_confirms_an_open_question(shared_home: Home, document_id: int, state: str) -> None:
    for role in Role:
        with rolled_back(shared_home) as session:
            row = _question(session, document_id, state)
            if state == "open" and role in (Role.TECHNICIAN, Role.SUPERVISOR):
                questions.confirm(session, row.id, actor_of(role))
                assert row.state is QuestionState.STAYS
                continue
            has_part = role in (Role.MACHINE, Role.TECHNICIAN, Role.SUPERVISOR)
            with pytest.raises(StateRefused if has_part else NotAllowed, match=r"\w.*\.$"):
                questions.confirm(session, row.id, actor_of(role))
            assert row.state == state


@pytest.mark.parametrize("number", [1, 999])
def test_a_question_is_answered_once(shared_home: Home, document_id: int, number: int) -> None:
    with rolled_back(shared_home) as session:
        _question(session, document_id, "stays").id = 1
        with pytest.raises(StateRefused, match=r"^This question was answered already\.$"):
            questions.confirm(session, number, TESS)


# ---- merges that a person decides


def _doubt(session: Session, state: str) -> tuple[int, Person, Person]:
    """A merge that was asked for, in this state; its number and the two."""
    ana, lee = session.exec(select(Person).order_by(col(Person.id))).all()
    doubts.keep(session, SAM, [MergeDoubt(ana.id, lee.id, "surname and first name", "A40 M1")])
    session.flush()
    number = session.exec(select(AuditEvent.seq).where(AuditEvent.action == "doubt_merge")).one()
    if state == "declined":
        doubts.decline(session, number, SAM)
    if state == "merged":
        merging.merge_people(session, ana, lee, "by hand", SAM, Loaded())
    session.flush()
    assert doubts.state_of(session, number) == state
    return number, ana, lee


BY_HAND: dict[str, Callable[[Session, int, Actor], object]] = {
    "decline": doubts.decline,
    "merge": lambda session, number, actor: merging.merge_doubted(session, number, "the same birthday", actor),
}


@pytest.mark.parametrize("state", list(DoubtState))
@pytest.mark.parametrize("event", list(BY_HAND))
@pytest.mark.usefixtures("document_id")
def test_a_doubt_is_decided_where_the_table_says_and_nowhere_else(shared_home: Home, state: str, event: str) -> None:
    for role in Role:
        with rolled_back(shared_home) as session:
            number, ana, _ = _doubt(session, state)
            written = rows_written(session)
            if role is Role.SUPERVISOR and (state, event) in allowed.DOUBT:
                BY_HAND[event](session, number, actor_of(role))
                assert doubts.state_of(session, number) == allowed.DOUBT[state, event][0]
                told = last_event(session, f"person:{ana.id}")
                assert (told.action, told.role) == (f"{event}_{'person' if event == 'merge' else 'merge'}", role)
                continue
            with pytest.raises(StateRefused if role is Role.SUPERVISOR else NotAllowed, match=r"\w.*\.$"):
                BY_HAND[event](session, number, actor_of(role))
            assert rows_written(session) == written
            assert doubts.state_of(session, number) == state


@pytest.mark.usefixtures("document_id")
def test_a_merge_that_is_undone_waits_for_a_person_again(shared_home: Home) -> None:
    with rolled_back(shared_home) as session:
        number, *_ = _doubt(session, "merged")
        assert doubts.waiting(session, TESS) == []
        joined = session.exec(select(PersonMerge)).one()
        merging.unmerge_people(session, joined, "A37 M2", SAM, Loaded())
        assert doubts.state_of(session, number) is DoubtState.OPEN
        assert [doubt.id for doubt in doubts.waiting(session, TESS)] == [number]
        document = session.exec(select(Document)).one()
        answers = [
            row.answer
            for row in session.exec(select(PatientQuestion).where(PatientQuestion.document_id == document.id))
        ]
        assert answers == ["undone", None]  # that it was merged is no question any more; that it was parted is one


@pytest.mark.parametrize("event", list(BY_HAND))
@pytest.mark.usefixtures("document_id")
def test_a_line_of_the_log_that_is_no_doubt_is_not_decided(shared_home: Home, event: str) -> None:
    with rolled_back(shared_home) as session:
        for number in (1, 9999):
            with pytest.raises(StateRefused, match="There is no such merge to review, or it was decided already"):
                BY_HAND[event](session, number, SAM)
