"""Labels of protection that people give and lift: who may, what stays, what comes back, and that every door honours it at once."""

import json

import pytest
from sqlmodel import select

from storage.custody import pages
from storage.desk import approving, rearranging
from storage.desk.rearranging import PageEdit, understand_again
from storage.documents import access, breakglass, fields, filing, identity, labelling, leases
from storage.documents.search import find_pages
from storage.documents.viewing import may_open
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Document
from tests.given.desk import note, put, understand
from tests.given.records import OLGA, SAM, TESS, UMA, add_person

ANA = ("00123456", "Rivera, Ana", "03/14/1957")
HIV = note(*ANA, "HIV positive since 2009, on Biktarvy.")
PLAIN = note(*ANA, "resting in bed")
WHY = "it is the hospital's own leaflet"


def _held(home: Home, *texts: str) -> int:
    person = add_person(home)
    (document_id, *_) = put(home, list(texts), f"scan-{len(texts)}-{texts[0][-8:]}")
    with home.writing() as session:
        document = leases.claim(session, document_id, TESS)
        identity.choose_patient(session, document_id, person, TESS, version=document.version, retyped=ANA[0])
    return document_id


def _filed(home: Home, *texts: str) -> int:
    document_id = _held(home, *texts)
    with home.writing() as session:
        version = session.get_one(Document, document_id).version
        approving.approve(session, document_id, TESS, version=version, override_mismatch=True, reason="pages compared")
        filing.file_document(session, home.vault, document_id)
    return document_id


def _codes(home: Home, document_id: int) -> set[str]:
    with home.reading() as session:
        return {label.code for label in access.labels_of(session.get_one(Document, document_id))}


def _add(home: Home, document_id: int, code: str, actor: Actor = TESS, reason: str = "asked by the patient") -> None:
    with home.writing() as session:
        labelling.add(session, document_id, code, reason, actor)


def _lift(home: Home, document_id: int, code: str, actor: Actor = TESS, reason: str = WHY) -> None:
    with home.writing() as session:
        labelling.lift(session, document_id, code, reason, actor)


def _read_again(home: Home, document_id: int) -> None:
    with home.writing() as session:
        understand_again(session, session.get_one(Document, document_id), understand)


def test_a_label_that_a_person_gave_stays_when_type_and_reading_change(home: Home) -> None:
    document_id = _held(home, PLAIN)
    _add(home, document_id, "GDIS")
    _read_again(home, document_id)
    with home.writing() as session:
        version = session.get_one(Document, document_id).version
        fields.save_corrections(session, document_id, (), TESS, version=version, type_code="LAB")
    assert _codes(home, document_id) == {"GDIS"}
    with home.reading() as session:
        (label,) = labelling.labels_of(session, document_id, TESS).there
        assert (label.by, label.source, label.reason) == ("tess", "person", "genetic information: asked by the patient")


def test_a_label_that_a_person_lifted_does_not_come_back_by_reading_again(home: Home) -> None:
    document_id = _held(home, HIV)
    assert _codes(home, document_id) == {"HIV"}
    _lift(home, document_id, "HIV")
    _read_again(home, document_id)
    assert _codes(home, document_id) == set()
    with home.reading() as session:
        (lifted,) = labelling.labels_of(session, document_id, TESS).lifted
        assert (lifted.code, lifted.by, lifted.why) == ("HIV", "tess", WHY)
    _add(home, document_id, "HIV")
    assert _codes(home, document_id) == {"HIV"}


def test_a_page_that_comes_into_the_document_later_is_heard(home: Home) -> None:
    document_id = _held(home, note(*ANA, "HIV positive since 2009."), note(*ANA, "On Biktarvy.", kind="CONSULTATION"))
    _lift(home, document_id, "HIV")
    with home.writing() as session:
        other = next(d.id for d in session.exec(select(Document)) if d.id != document_id)
        leases.claim(session, other, TESS)
        document = session.get_one(Document, other)
        rearranging.rearrange(session, other, PageEdit("join"), TESS, understand, version=document.version)
    assert _codes(home, document_id) == {"HIV"}
    with home.reading() as session:
        (label,) = labelling.labels_of(session, document_id, TESS).there
        assert label.page == 2


def test_what_a_lifted_label_covered_speaks_from_then_on(home: Home) -> None:
    document_id = _held(home, note(*ANA, "HIV positive since 2009.", "VDRL drawn."))
    assert _codes(home, document_id) == {"HIV"}
    _lift(home, document_id, "HIV")
    assert _codes(home, document_id) == {"UNCLEAR"}
    _lift(home, document_id, "UNCLEAR")
    assert _codes(home, document_id) == set()


@pytest.mark.parametrize("actor", [SAM, TESS], ids=["supervisor", "technician"])
def test_adding_is_open_to_technicians_on_filed_documents_too(home: Home, actor: Actor) -> None:
    document_id = _filed(home, PLAIN)
    _add(home, document_id, "SDV", actor)
    with home.reading() as session:
        document = session.get_one(Document, document_id)
        assert (may_open(session, document, SAM), may_open(session, document, TESS)) == (True, False)


def test_lifting_from_the_chart_takes_a_supervisor_and_then_everybody_sees_it(home: Home) -> None:
    document_id = _filed(home, HIV)
    with pytest.raises(NotAllowed):
        _lift(home, document_id, "HIV", TESS)
    with home.writing() as session:  # emergency access opens it, and lifts nothing
        breakglass.break_glass(session, document_id, TESS, "ETREAT", "needed for treatment")
    with pytest.raises(NotAllowed, match="Only a supervisor"):
        _lift(home, document_id, "HIV", TESS)
    with home.writing() as session:
        assert find_pages(session, "Biktarvy", UMA) == []
        assert [line.type_name for line in filing.chart_of(session, 1, UMA)] == ["Protected document"]
        with pytest.raises(NotAllowed):
            filing.filed_pdf(session, home.vault, document_id, UMA)
    _lift(home, document_id, "HIV", SAM)
    with home.writing() as session:
        assert [hit.document_id for hit in find_pages(session, "Biktarvy", UMA)] == [document_id]
        assert [line.type_name for line in filing.chart_of(session, 1, UMA)] == ["Progress note"]
        assert filing.filed_pdf(session, home.vault, document_id, UMA).startswith(b"%PDF")
    _add(home, document_id, "R", UMA)
    with home.writing() as session:
        assert find_pages(session, "Biktarvy", UMA) == []
        with pytest.raises(NotAllowed):
            filing.filed_pdf(session, home.vault, document_id, UMA)


def test_a_technician_lifts_what_words_gave_on_their_own_desk_and_nothing_else(home: Home) -> None:
    document_id = _held(home, HIV)
    with pytest.raises(NotAllowed):
        _lift(home, document_id, "HIV", UMA)  # it is on Tess's desk
    _add(home, document_id, "SDV", SAM, "the ward asked for it")
    with pytest.raises(NotAllowed, match="Only a supervisor"):
        _lift(home, document_id, "SDV", TESS)
    with home.writing() as session:
        version = session.get_one(Document, document_id).version
        fields.save_corrections(session, document_id, (), TESS, version=version, type_code="SUD_RECORD")
    with pytest.raises(NotAllowed, match="Only a supervisor"):
        _lift(home, document_id, "ETH", TESS)  # it follows from law
    _add(home, document_id, "GDIS", TESS)
    _lift(home, document_id, "GDIS", TESS)  # a slip of one's own
    _lift(home, document_id, "HIV", TESS)
    assert _codes(home, document_id) == {"SDV", "ETH"}
    _lift(home, document_id, "SDV", SAM)
    _lift(home, document_id, "ETH", SAM)
    _read_again(home, document_id)
    assert _codes(home, document_id) == set()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.ADMIN])
def test_nobody_else_changes_labels(home: Home, role: Role) -> None:
    document_id = _filed(home, HIV)
    for change in (_add, _lift):
        with pytest.raises(NotAllowed):
            change(home, document_id, "HIV", Actor(OLGA.name, role))


def test_a_change_without_a_reason_or_of_a_label_that_is_none_is_refused(home: Home) -> None:
    document_id = _held(home, HIV)
    for reason in ("", " ok  "):
        with pytest.raises(StateRefused, match="reason"):
            _add(home, document_id, "SEX", TESS, reason)
        with pytest.raises(StateRefused, match="reason"):
            _lift(home, document_id, "HIV", TESS, reason)
    with pytest.raises(StateRefused, match="no label 'SECRET'"):
        _add(home, document_id, "SECRET")
    with pytest.raises(StateRefused, match="does not bear"):
        _lift(home, document_id, "SEX")


def test_the_log_tells_who_changed_which_label_and_why(home: Home) -> None:
    document_id = _held(home, HIV)
    _add(home, document_id, "SEX")
    _lift(home, document_id, "HIV")
    with home.reading() as session:
        told = session.exec(select(AuditEvent).where(AuditEvent.action.in_(("add_label", "lift_label")))).all()  # type: ignore[attr-defined]
    details = [json.loads(event.detail) for event in told]
    assert [(event.action, event.actor, event.subject) for event in told] == [
        ("add_label", "tess", f"document:{document_id}"),
        ("lift_label", "tess", f"document:{document_id}"),
    ]
    assert [(d["label"], d["reason"], d.get("source")) for d in details] == [
        ("SEX", "asked by the patient", None),
        ("HIV", WHY, "text"),
    ]


def test_a_split_takes_what_people_decided_along_and_its_undo_leaves_nothing(home: Home) -> None:
    document_id = _held(home, PLAIN, "page two", "HIV positive since 2009.")
    _add(home, document_id, "SDV")
    _lift(home, document_id, "HIV")
    with home.writing() as session:
        document = session.get_one(Document, document_id)
        third = pages.pages_of_document(session, document_id)[2]
        change = PageEdit("split", (third.id,))
        done = rearranging.rearrange(session, document_id, change, TESS, understand, version=document.version)
    new = next(d for d in done.documents if d != document_id)
    assert (_codes(home, document_id), _codes(home, new)) == ({"SDV"}, {"SDV"})
    with home.writing() as session:
        undone = rearranging.undo(session, document_id, TESS, understand)
        assert undone.gone == (new,)
    assert _codes(home, document_id) == {"SDV"}


def test_a_moved_page_brings_its_label_and_takes_it_back_when_the_move_is_undone(home: Home) -> None:
    document_id = _held(home, PLAIN, "page two", note(*ANA, "seen", kind="CONSULTATION"))
    _add(home, document_id, "SDV")
    with home.writing() as session:
        other = next(d.id for d in session.exec(select(Document)) if d.id != document_id)
        document = session.get_one(Document, document_id)
        second = pages.pages_of_document(session, document_id)[1]
        change = PageEdit("move", (second.id,), to_document=other)
        rearranging.rearrange(session, document_id, change, TESS, understand, version=document.version)
    assert (_codes(home, document_id), _codes(home, other)) == ({"SDV"}, {"SDV"})
    with home.writing() as session:
        rearranging.undo(session, document_id, TESS, understand)
    assert (_codes(home, document_id), _codes(home, other)) == ({"SDV"}, set())
