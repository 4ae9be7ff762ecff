"""Documents that are of none of the patients they are asked about: where they go, and what the log tells."""

import json

import pytest
from sqlmodel import Session, select

from storage.custody import integrity
from storage.desk import waiting, wrongpatient
from storage.documents import leases, misfiling
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.desk import Draft, Remark
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import PatientQuestion, Person
from storage.roster import questions
from tests.given.records import SAM, TESS, UMA, add_person, read_and_index, receive, verify_and_file


@pytest.fixture
def asked(home: Home) -> Home:
    """A document of Ana that waits, and one that is filed; both are asked about."""
    ana = add_person(home)
    for name in (b"one", b"two"):
        read_and_index(home, receive(home, name), ["PROGRESS NOTE"], ana)
    verify_and_file(home, 2)
    with home.writing() as session:
        person = session.get_one(Person, ana)
        for document in (1, 2):
            questions.ask(session, session.get_one(Document, document), "the lists were merged", person, None)
        questions.ask(session, session.get_one(Document, 1), "a visit was moved", person, None)
    return home


def _told(session: Session) -> list[tuple[str, dict[str, object]]]:
    rows = session.exec(select(AuditEvent).where(AuditEvent.subject == "document:1"))
    return [(row.action, json.loads(row.detail)) for row in rows][-3:]


def test_a_document_goes_back_to_the_work_list_without_a_patient_and_with_the_reason(asked: Home) -> None:
    with asked.writing() as session:
        session.add(Draft(document_id=1, content={"values": {"mrn": "1"}, "person": 1}, saved_by="uma"))
        before = session.get_one(Document, 1).version
        document = wrongpatient.to_work_list(session, 1, "  another  birthday ", TESS)
        assert (document.state, document.person_id, document.decision) == ("to_verify", None, "ask")
        assert document.decision_reasons == ["a person turned down the patient of the list"]
        assert document.version == before + 1
        assert session.get_one(Draft, 1).content == {"values": {"mrn": "1"}, "person": None}
        assert [(r.kind, r.text, r.said_by) for r in session.exec(select(Remark))] == [
            ("comment", "another birthday", "tess")
        ]
        assert _told(session) == [
            ("turn_down_patient", {"before_person": 1, "person": None, "version": before + 1}),
            ("confirm_patient", {"answer": "turned_down"}),
            ("confirm_patient", {"answer": "turned_down"}),
        ]
        assert [q.document_id for q in questions.waiting(session, TESS)] == [2]
    with asked.reading() as session:
        assert integrity.verify(session, asked.vault).problems == ()  # the log tells what the tables say


def test_a_document_of_somebody_who_is_not_on_the_list_waits_for_registration(asked: Home) -> None:
    with asked.writing() as session:
        with pytest.raises(StateRefused, match="Choose a reason: no such patient on the list"):
            wrongpatient.to_registration(session, 1, "", "", TESS)
    with asked.writing() as session:
        document = wrongpatient.to_registration(session, 1, "not_listed", "", TESS)
        assert (document.state, document.waits_for, document.person_id) == ("pended", "register", None)
        assert document.claimed_by is None
        assert session.get_one(PatientQuestion, 1).answer == "turned_down"


def test_a_document_that_waits_for_something_goes_on_waiting_without_its_patient(asked: Home) -> None:
    with asked.writing() as session:
        version = leases.claim(session, 1, TESS).version
        waiting.put_aside(session, 1, "pend", "missing_page", "", TESS, version=version)
        with pytest.raises(StateRefused, match="waits for something else"):
            wrongpatient.to_registration(session, 1, "not_listed", "", TESS)
        document = wrongpatient.to_work_list(session, 1, "another birthday", TESS)
        assert (document.state, document.waits_for, document.person_id) == ("pended", "pend", None)
        assert document.why_waiting == "a page is missing"


def test_a_filed_document_leaves_its_chart_by_two_people_only(asked: Home) -> None:
    with asked.writing() as session:
        with pytest.raises(StateRefused, match="This document is filed"):
            wrongpatient.to_work_list(session, 2, "another birthday", TESS)
        number = wrongpatient.propose_correction(session, 2, "another birthday", "wrong_list", TESS)
        assert session.get_one(Document, 2).person_id == 1
        assert session.get_one(PatientQuestion, 2).answer is None
    with asked.writing() as session:
        misfiling.confirm(session, number, SAM, "seen on paper")
        assert session.get_one(PatientQuestion, 2).answer == "moved"
        with pytest.raises(StateRefused, match="answered already"):
            wrongpatient.propose_correction(session, 2, "again hers", "wrong_list", TESS)


@pytest.mark.parametrize(
    ("reason", "sentence"), [(" ", "Write the reason, in two words or more"), ("x" * 501, "at most 500 are kept")]
)
def test_a_reason_is_needed_and_fits(asked: Home, reason: str, sentence: str) -> None:
    with asked.writing() as session, pytest.raises(StateRefused, match=sentence):
        wrongpatient.to_work_list(session, 1, reason, TESS)


def test_what_is_on_a_desk_or_on_its_way_into_a_chart_is_left_there(asked: Home) -> None:
    with asked.writing() as session:
        leases.claim(session, 1, UMA)
        with pytest.raises(StateRefused, match="uma is working on this document"):
            wrongpatient.to_work_list(session, 1, "another birthday", TESS)
        session.get_one(Document, 1).state = "verified"
        with pytest.raises(StateRefused, match="approved and not filed yet"):
            wrongpatient.to_work_list(session, 1, "another birthday", UMA)
        assert session.get_one(PatientQuestion, 1).answer is None
