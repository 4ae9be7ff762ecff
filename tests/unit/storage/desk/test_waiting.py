"""What is put aside: an answer takes it up with its question; what waits for registration is nobody's until the list knows the patient, and then comes back by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session, select

from classify.guess import Decision
from ingest.rematching import match_due
from review_app.model import registration, station, worklist
from storage.custody import integrity
from storage.desk import waiting
from storage.documents import fields, leases
from storage.documents.fields import Correction
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Actor
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Person
from storage.roster.loading import load
from storage.roster.messages import Number, PersonUpdate, Registration
from tests.given.desk import note, put
from tests.given.records import OLGA, SAM, TESS, UMA

ANA = PersonUpdate(
    numbers=(Number("00123456"),), family="Rivera", given="Ana", birth_date=date(1957, 3, 14), sex="F",
    address="12 Elm Street", phone="3305550101",
)  # fmt: skip
EVA = PersonUpdate(numbers=(Number("00123999"),), family="Rivera", given="Eva", birth_date=date(1957, 3, 14), sex="F")
OF_ANA = note("00123456", "Rivera, Ana", "03/14/1957", "Sex: F", "seen today, no complaints")


def _load(home: Home, *people: PersonUpdate) -> None:
    assert load(home, ((f"{i}", Registration(one)) for i, one in enumerate(people)), "test").problems == []


def _send(home: Home, document_id: int, code: str = "not_listed", text: str = "") -> None:
    with home.writing() as session:
        document = leases.claim(session, document_id, TESS)
        waiting.put_aside(session, document_id, "register", code, text, TESS, version=document.version)


def _row(home: Home, document_id: int = 1) -> Document:
    with home.reading() as session:
        return session.get_one(Document, document_id)


@pytest.fixture
def unknown(home: Home) -> Home:
    """One document of somebody who is not on the list."""
    put(home, [OF_ANA], "scan")
    return home


def test_it_waits_with_what_was_read_and_comes_back_when_the_patient_is_registered(unknown: Home) -> None:
    _send(unknown, 1, text="came by ambulance")
    (row,) = registration.look(unknown, TESS)
    assert dict(zip(registration.VALUES, row.values, strict=True))["name"] == "RIVERA, ANA"
    assert (row.reason, row.remark, row.sent_by) == ("no such patient on the list", "came by ambulance", "tess")
    _load(unknown, ANA)
    assert match_due(unknown).otherwise == 1
    after = _row(unknown)
    assert (after.state, after.decision, after.waits_for) == ("to_verify", Decision.LINKED, None)
    assert registration.look(unknown, TESS) == ()
    assert "it now fits MRN 00123456" in " ".join(station.take(unknown, TESS, 1)["flags"])
    with unknown.reading() as session:
        assert integrity.verify(session, unknown.vault).problems == ()
        told = session.exec(select(AuditEvent.actor).where(AuditEvent.action == "registered")).all()
    assert told == ["machine"]


def test_a_patient_whom_the_machine_linked_and_a_person_did_not_accept_is_nobody_s(home: Home) -> None:
    _load(home, ANA)
    put(home, [OF_ANA], "scan")
    assert _row(home).decision == Decision.LINKED
    _send(home, 1)
    after = _row(home)
    assert (after.person_id, after.decision, after.state) == (None, Decision.NONE, "pended")
    _load(home, replace(ANA, phone="3305559999"))  # her row changes: she was turned down
    match_due(home)
    assert (_row(home).state, _row(home).person_id) == ("pended", None)
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == ()


def test_the_candidate_who_was_turned_down_does_not_bring_it_back(home: Home) -> None:
    _load(home, EVA)
    put(home, [OF_ANA], "scan")
    offered = [p.mrn for p in _candidates(home)]
    _send(home, 1)
    _load(home, replace(EVA, phone="3305559999"))  # the list changes, and she is not meant still
    match_due(home)
    assert (offered, _row(home).state) == (["00123999"], "pended")
    _load(home, ANA)
    match_due(home)
    assert _row(home).state == "to_verify"


def _candidates(home: Home) -> list[Person]:
    with home.reading() as session:
        return [person for _, person in fields.candidates_of(session, 1)]


def test_what_a_person_typed_is_what_the_list_is_asked(home: Home) -> None:
    put(home, [note("00999999", "Rivero, Anna", "03/14/1951", "seen today, no complaints")], "scan")
    with home.writing() as session:
        document = leases.claim(session, 1, TESS)
        typed = [Correction("mrn", "00123456"), Correction("name", "RIVERA, ANA"), Correction("dob", "1957-03-14")]
        fields.save_corrections(session, 1, typed, TESS, version=document.version)
    _send(home, 1)
    _load(home, ANA)
    match_due(home)
    assert (_row(home).state, _row(home).decision) == ("to_verify", Decision.LINKED)


def test_a_document_that_was_linked_keeps_being_asked_for(home: Home) -> None:
    """Of one that the machine linked nothing is kept to ask the list with; it is made of its values."""
    _load(home, EVA)
    put(home, [note("00123999", "Rivera, Eva", "03/14/1957", "Sex: F", "seen today, no complaints")], "scan")
    with home.writing() as session:
        document = leases.claim(session, 1, TESS)
        assert document.decision == Decision.LINKED
        typed = [Correction("mrn", "00123456"), Correction("name", "RIVERA, ANA")]
        fields.save_corrections(session, 1, typed, TESS, version=document.version)
    _send(home, 1)
    _load(home, ANA)
    match_due(home)
    assert _row(home).state == "to_verify"


@pytest.fixture
def session(unknown: Home) -> Iterator[Session]:
    with unknown.writing() as opened:
        yield opened


def test_only_what_is_on_the_desk_is_put_aside(session: Session) -> None:
    version = session.get_one(Document, 1).version
    with pytest.raises(StateRefused, match="You do not hold this document"):
        waiting.put_aside(session, 1, "register", "not_listed", "", TESS, version=version)
    leases.claim(session, 1, TESS)
    with pytest.raises(StateRefused, match="sent to registration"):
        waiting.put_aside(session, 1, "forget", "other", "", TESS, version=version)
    with pytest.raises(NotAllowed):
        waiting.put_aside(session, 1, "pend", "missing_page", "", OLGA, version=version)
    with pytest.raises(StateRefused, match="does not wait any more"):
        session.get_one(Document, 1).state = "voided"
        waiting.assign(session, [1], "", SAM)


def test_the_list_of_registration_is_told_in_the_log_once_a_visit(unknown: Home) -> None:
    _send(unknown, 1)
    rows = registration.look(unknown, UMA)
    registration.look(unknown, UMA, told=frozenset({1}))
    registration.note_saved(unknown, UMA, rows)
    with unknown.reading() as session:
        told = session.exec(select(AuditEvent.action, AuditEvent.subject).where(AuditEvent.actor == "uma")).all()
    assert told == [("view_list", "list:registration"), ("export_list", "list:registration")]
    with pytest.raises(NotAllowed):
        registration.look(unknown, OLGA)


def test_of_a_patient_whose_data_were_out_of_date_the_same_link_is_news(home: Home) -> None:
    _load(home, ANA)
    put(home, [OF_ANA], "scan")
    _send(home, 1, code="list_differs")
    _load(home, replace(ANA, phone="3305559999"))
    match_due(home)
    after = _row(home)
    assert (after.state, after.decision) == (
        "to_verify",
        Decision.ASK,
    )  # what its pages mention was not kept: a person looks


def test_a_page_that_is_being_read_again_may_say_whose_it_is(unknown: Home) -> None:
    with unknown.writing() as session:
        session.exec(select(Page)).one().turn = 90
    with pytest.raises(StateRefused, match="being read as you turned it"):
        _send(unknown, 1)


@pytest.mark.parametrize(("kind", "code"), [("pend", "patient_unclear"), ("escalate", "patient_doubt")])
def test_who_is_in_doubt_whose_it_is_leaves_no_link_behind(home: Home, kind: str, code: str) -> None:
    _load(home, ANA)
    put(home, [OF_ANA], "scan")
    with home.writing() as session:
        document = leases.claim(session, 1, TESS)
        waiting.put_aside(session, 1, kind, code, "Rivera, Ana or her twin?", TESS, version=document.version)
    after = _row(home)
    assert (after.person_id, after.decision, after.why_waiting) == (
        None, Decision.ASK, f"{waiting.REASONS[kind][code]}: Rivera, Ana or her twin?",
    )  # fmt: skip
    with home.reading() as session:
        told = session.exec(select(AuditEvent.detail).where(AuditEvent.action == kind)).one()
    assert "Rivera" not in told
    assert waiting.REASONS[kind][code] in told


def test_values_of_protected_documents_are_no_part_of_the_list(unknown: Home) -> None:
    _send(unknown, 1)
    with unknown.writing() as session:
        session.get_one(Document, 1).labels = [{"code": "HIV", "reason": "HIV status", "page": 1}]
    (hidden,) = registration.look(unknown, UMA)
    assert set(hidden.values) == {"protected", ""}
    (shown,) = registration.look(unknown, SAM)
    assert "RIVERA, ANA" in shown.values


def _ask(home: Home, kind: str, code: str, text: str = "Rivera or her twin?") -> None:
    with home.writing() as session:
        document = leases.claim(session, 1, TESS)
        waiting.put_aside(session, 1, kind, code, text, TESS, version=document.version)


@pytest.mark.parametrize(
    ("kind", "code", "actor", "may"),
    [
        ("escalate", "legal", SAM, True),
        ("escalate", "legal", TESS, False),  # she asked; a supervisor answers
        ("query", "no_date", TESS, True),
        ("query", "no_date", SAM, True),
        ("pend", "illegible", UMA, True),
        ("register", "newborn", SAM, False),  # the list answers
    ],
)
def test_who_may_answer_takes_it_up_with_the_question_on_top(
    unknown: Home, kind: str, code: str, actor: Actor, may: bool
) -> None:
    _ask(unknown, kind, code)
    opened = worklist.open_one(unknown, actor, 1)
    assert opened is not None
    assert opened.may_take_up is may
    assert opened.asked.startswith("tess ")
    assert "Rivera or her twin?" in opened.asked
    outcome = worklist.take_up(unknown, actor, 1)
    assert outcome.ok is may, outcome.sentence
    if not may:
        assert _row(unknown).state == "pended"
        return
    assert (_row(unknown).state, _row(unknown).claimed_by) == ("to_verify", actor.name)
    (shown,) = station.landing(unknown, actor)["documents"]
    assert shown["flags"][0] == opened.asked
    assert shown["remarks"][-1]["text"].endswith("Rivera or her twin?")
    with unknown.reading() as session:
        assert integrity.verify(session, unknown.vault).problems == ()


def test_put_back_keeps_what_was_asked_and_gives_it_to_no_desk_by_itself(unknown: Home) -> None:
    _ask(unknown, "escalate", "legal")
    assert station.look_in(unknown, TESS)["free"] == 0
    assert "work list again" in worklist.resume(unknown, SAM, 1)
    (row,) = worklist.look(unknown, SAM, worklist.WorklistFilter(queue="to_verify")).rows
    assert "a legal or court matter: Rivera or her twin?" in row.why
    opened = worklist.open_one(unknown, SAM, 1)
    assert opened is not None
    assert opened.asked.startswith("tess asked a supervisor, ")
    looked = station.look_in(unknown, TESS)  # what an idle desk does
    assert (looked["documents"], looked["free"]) == ([], 1)
    assert _row(unknown).claimed_by is None
    assert station.look_in(unknown, TESS, skip=[1])["free"] == 0
    assert station.look_in(unknown, SAM)["free"] == 1
    (shown,) = station.take_queue(unknown, TESS)["documents"]  # she asks for the next one
    assert shown["flags"][0] == opened.asked
    assert station.look_in(unknown, UMA)["free"] == 0


def test_a_settled_question_is_asked_no_more(unknown: Home) -> None:
    _ask(unknown, "escalate", "legal")
    worklist.take_up(unknown, SAM, 1)
    with unknown.writing() as session:
        document = leases.claim(session, 1, SAM)
        waiting.put_aside(session, 1, "pend", "illegible", "", SAM, version=document.version)
    opened = worklist.open_one(unknown, SAM, 1)
    assert opened is not None
    assert opened.asked.startswith("sam pended it, ")
    assert worklist.open_one(unknown, SAM, 77) is None
