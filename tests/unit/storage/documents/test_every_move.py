"""Every state of a document with every event by every role: allowed where this table says so, and nowhere else."""

import json
from datetime import date

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.documents import moves
from storage.documents.fields import Correction, save_corrections
from storage.foundation import audit
from storage.foundation.clock import utc_now
from storage.foundation.errors import NeedsInsisting, NotAllowed, StaleSave, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE, Actor, Role
from storage.foundation.states import DOCUMENT_MOVES, DocumentState
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Blob
from storage.foundation.tables.documents import Document, FieldRow, Misfiling
from storage.foundation.tables.roster import Encounter, Person
from storage.foundation.tables.versions import Amendment
from tests.given.records import add_person, read_and_index, receive
from tests.given.trying import last_event, rolled_back, rows_written

_PEOPLE = (Role.TECHNICIAN, Role.SUPERVISOR)
_SUPERVISOR = (Role.SUPERVISOR,)
_MACHINE = (Role.MACHINE,)

ALLOWED: dict[tuple[str, str], tuple[str, tuple[Role, ...]]] = {
    ("to_verify", "approve"): ("verified", _PEOPLE),
    ("to_verify", "self_file"): ("verified", _MACHINE),
    ("to_verify", "pend"): ("pended", _PEOPLE),
    ("to_verify", "query"): ("pended", _PEOPLE),
    ("to_verify", "escalate"): ("pended", _PEOPLE),
    ("to_verify", "register"): ("pended", _PEOPLE),
    ("to_verify", "ask_rescan"): ("rescan", _PEOPLE),
    ("to_verify", "join_rescan"): ("voided", _MACHINE),
    ("to_verify", "join"): ("voided", _PEOPLE),
    ("verified", "take_back"): ("to_verify", _PEOPLE),
    ("verified", "give_back"): ("to_verify", _MACHINE),
    ("verified", "sample"): ("to_qc", _MACHINE),
    ("verified", "file"): ("filed", _MACHINE),
    ("to_qc", "pass_qc"): ("filed", _SUPERVISOR),
    ("to_qc", "fail_qc"): ("to_verify", _SUPERVISOR),
    ("to_qc", "keyed_alike"): ("filed", _PEOPLE),
    ("to_qc", "keyed_otherwise"): ("to_verify", _PEOPLE),
    ("pended", "resume"): ("to_verify", _PEOPLE),
    ("pended", "registered"): ("to_verify", _MACHINE),
    ("rescan", "accept_as_is"): ("to_verify", _PEOPLE),
    ("rescan", "rescan_arrived"): ("to_verify", _MACHINE),
    ("voided", "unjoin"): ("to_verify", _PEOPLE),
    ("to_verify", "void_copy"): ("voided", _SUPERVISOR),
    ("to_verify", "void_replaced"): ("voided", _SUPERVISOR),
    ("voided", "bring_back"): ("to_verify", _SUPERVISOR),
    ("filed", "misfile"): ("misfiled", _SUPERVISOR),
    ("misfiled", "reopen"): ("to_verify", _SUPERVISOR),
    ("filed", "amend"): ("to_verify", _PEOPLE),
    ("to_verify", "cancel_amendment"): ("filed", _PEOPLE),
    ("pended", "cancel_amendment"): ("filed", _PEOPLE),
    ("rescan", "cancel_amendment"): ("filed", _PEOPLE),
}
"""Written by hand, so that a change of the table in states.py is noticed here."""

STATES = ("to_verify", "verified", "to_qc", "filed", "pended", "rescan", "voided", "misfiled")
EVENTS = sorted({event for _, event in ALLOWED})
CONFIRMED, NOT_CONFIRMED = 1, 2
"""Corrections of the document."""

NO_PART_IN_DOCUMENTS = (Role.OPERATOR, Role.AUDITOR, Role.ADMIN)


def _actor(role: Role) -> Actor:
    return MACHINE if role is Role.MACHINE else Actor(role.value, role)


@pytest.fixture(scope="module")
def document_id(shared_home: Home) -> int:
    """One document of a known patient, whose page says the same."""
    person_id = add_person(shared_home)
    [made] = read_and_index(shared_home, receive(shared_home, b"scan"), ["PROGRESS NOTE"], person_id)
    with shared_home.writing() as session:
        for confirmed_at in (utc_now(), None):
            session.add(
                Misfiling(
                    document_id=made, pages=[1], is_whole=True, person_id=person_id, reason="a reason", cause="other",
                    proposed_by="tess", confirmed_at=confirmed_at, type_code="PROGRESS_NOTE",
                )
            )  # fmt: skip
            session.flush()
        session.add(
            Amendment(
                document_id=made, of_number=1, reason_code="other", reason="a reason", opened_by="tess", before={}
            )
        )
    return made


def _put_in(session: Session, document_id: int, state: str, holder: str) -> Document:
    session.exec(
        update(Document)
        .where(col(Document.id) == document_id)
        .values(state=state, claimed_by=holder, verified_by="tess", why_waiting="as before")
    )
    return session.get_one(Document, document_id, populate_existing=True)


def test_this_table_knows_all_states_and_events() -> None:
    assert set(DocumentState) == set(STATES)
    assert {move.event for move in DOCUMENT_MOVES} == set(EVENTS)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", EVENTS)
def test_a_document_moves_where_the_table_says_and_nowhere_else(
    shared_home: Home, document_id: int, state: str, event: str
) -> None:
    after, who = ALLOWED.get((state, event), ("", ()))
    for role in Role:
        actor = _actor(role)
        with rolled_back(shared_home) as session:
            document = _put_in(session, document_id, state, actor.name)
            version, written = document.version, rows_written(session)
            if role not in who:
                with pytest.raises(NotAllowed if role in NO_PART_IN_DOCUMENTS else StateRefused, match=r"\w.*\.$"):
                    moves.move(session, document_id, event, actor, correction=CONFIRMED)
                assert rows_written(session) == written, role
                assert (document.state, document.version) == (state, version)
                continue
            moved = moves.move(session, document_id, event, actor, version=version, correction=CONFIRMED)
            session.flush()
            session.refresh(document)
            assert (document.state, document.version) == (after, version + 1), role
            assert moved is document
            told = last_event(session, f"document:{document_id}")
            assert (told.action, told.actor, told.role, told.outcome) == (event, actor.name, role, "ok")
            detail = json.loads(told.detail)
            assert (detail["before"], detail["after"], detail["version"]) == (state, after, version + 1)
            assert detail["person"] == document.person_id
            assert not list(audit.find_breaks(session))


@pytest.mark.parametrize("role", NO_PART_IN_DOCUMENTS)
def test_who_has_no_part_in_documents_is_told_so_in_a_sentence(shared_home: Home, document_id: int, role: Role) -> None:
    with rolled_back(shared_home) as session, pytest.raises(NotAllowed) as refused:
        moves.move(session, document_id, "approve", _actor(role))
    assert str(refused.value) == (f"Your role ({role}) does not include: correct, index and approve. Ask a supervisor.")


@pytest.mark.parametrize(
    ("state", "event", "role", "sentence"),
    [
        ("filed", "misfile", Role.TECHNICIAN, "'misfile' on something filed needs a supervisor."),
        ("to_verify", "approve", Role.MACHINE, "'approve' on something to_verify needs a technician."),
        ("verified", "file", Role.SUPERVISOR, "'file' on something verified needs a machine."),
        ("filed", "approve", Role.SUPERVISOR, "'approve' is not possible while it is filed."),
        ("voided", "dance", Role.SUPERVISOR, "'dance' is not possible while it is voided."),
    ],
)
def test_the_sentence_says_what_is_lacking(
    shared_home: Home, document_id: int, state: str, event: str, role: Role, sentence: str
) -> None:
    with rolled_back(shared_home) as session:
        _put_in(session, document_id, state, _actor(role).name)
        with pytest.raises(StateRefused) as refused:
            moves.move(session, document_id, event, _actor(role), correction=CONFIRMED)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(("state", "event"), [("filed", "misfile"), ("misfiled", "reopen")])
@pytest.mark.parametrize("correction", [None, NOT_CONFIRMED, 999])
def test_nothing_leaves_a_chart_without_a_confirmed_correction(
    shared_home: Home, document_id: int, state: str, event: str, correction: int | None
) -> None:
    with rolled_back(shared_home) as session:
        _put_in(session, document_id, state, "sam")
        with pytest.raises(StateRefused, match="two people: propose the correction first"):
            moves.move(session, document_id, event, Actor("sam", Role.SUPERVISOR), correction=correction)


def test_the_correction_of_another_document_opens_nothing(shared_home: Home, document_id: int) -> None:
    with rolled_back(shared_home) as session:
        batch_id = _put_in(session, document_id, "filed", "sam").batch_id
        other = Document(batch_id=batch_id, type_code="PROGRESS_NOTE")
        session.add(other)
        session.flush()
        session.get_one(Misfiling, CONFIRMED).document_id = other.id
        with pytest.raises(StateRefused, match="two people: propose the correction first"):
            moves.move(session, document_id, "misfile", Actor("sam", Role.SUPERVISOR), correction=CONFIRMED)


@pytest.mark.parametrize(("state", "event"), [("filed", "amend"), ("to_verify", "cancel_amendment")])
def test_what_nobody_opened_an_amendment_of_is_not_amended(
    shared_home: Home, document_id: int, state: str, event: str
) -> None:
    with rolled_back(shared_home) as session:
        _put_in(session, document_id, state, "sam")
        session.exec(update(Amendment).values(outcome="cancelled"))
        with pytest.raises(StateRefused, match="by opening an amendment of it, with a reason"):
            moves.move(session, document_id, event, Actor("sam", Role.SUPERVISOR))


GUARDED: dict[str, tuple[str, ...]] = {
    "approve": ("holds the lease", "has a patient", "fields agree"),
    "self_file": ("has a patient", "fields agree"),
    "pend": ("holds the lease",),
    "query": ("holds the lease",),
    "escalate": ("holds the lease",),
    "register": ("holds the lease",),
    "ask_rescan": ("holds the lease",),
    "join": ("holds the lease",),
    "void_copy": ("holds the lease",),
    "void_replaced": ("holds the lease",),
    "misfile": ("confirmed correction",),
    "reopen": ("confirmed correction",),
    "amend": ("being amended",),
    "cancel_amendment": ("being amended",),
}
"""What must be true besides; written by hand. The tests above and below try each."""


def test_each_move_has_its_guards_and_each_guard_its_function() -> None:
    assert {move.event: tuple(move.guards) for move in DOCUMENT_MOVES if move.guards} == GUARDED
    assert {guard for move in DOCUMENT_MOVES for guard in move.guards} == set(moves._GUARDS)
    assert {effect for move in DOCUMENT_MOVES for effect in move.effects} == set(moves._EFFECTS)


@pytest.mark.parametrize("event", ["approve", "self_file"])
def test_what_is_verified_finds_its_visit(shared_home: Home, document_id: int, event: str) -> None:
    actor = _actor(ALLOWED["to_verify", event][1][0])
    with rolled_back(shared_home) as session:
        document = _put_in(session, document_id, "to_verify", actor.name)
        visit = Encounter(number="V1", person_id=document.person_id or 0)
        session.add(visit)
        session.add(FieldRow(document_id=document_id, name="encounter", value="V1", source="label"))
        session.flush()
        assert moves.move(session, document_id, event, actor).encounter_id == visit.id


@pytest.mark.parametrize(
    ("state", "event", "blob"), [("verified", "file", True), ("to_qc", "pass_qc", True), ("verified", "sample", False)]
)
def test_the_log_names_the_filed_copy(shared_home: Home, document_id: int, state: str, event: str, blob: bool) -> None:
    with rolled_back(shared_home) as session:
        kept = session.exec(select(Blob.id)).first()
        _put_in(session, document_id, state, "sam").filed_blob_id = kept
        moves.move(session, document_id, event, _actor(ALLOWED[state, event][1][-1]))
        assert json.loads(last_event(session, f"document:{document_id}").detail).get("blob") == (kept if blob else None)


FROM_ANYWHERE = "cancel_amendment"
"""Whoever opened it may, wherever the document lies; storage/desk/amending.py asks whoever works on it first."""


@pytest.mark.parametrize("event", sorted({event for state, event in ALLOWED if state == "to_verify"} - {FROM_ANYWHERE}))
def test_a_technician_moves_only_what_lies_on_their_desk(shared_home: Home, document_id: int, event: str) -> None:
    if Role.TECHNICIAN not in ALLOWED["to_verify", event][1]:
        return
    with rolled_back(shared_home) as session:
        _put_in(session, document_id, "to_verify", "uma")
        written = rows_written(session)
        with pytest.raises(StateRefused, match="You do not hold this document any more"):
            moves.move(session, document_id, event, Actor("tess", Role.TECHNICIAN))
        assert rows_written(session) == written


@pytest.mark.parametrize(("state", "event"), sorted(ALLOWED))
def test_a_save_at_an_old_version_moves_nothing(shared_home: Home, document_id: int, state: str, event: str) -> None:
    actor = _actor(ALLOWED[state, event][1][-1])
    with rolled_back(shared_home) as session:
        document = _put_in(session, document_id, state, actor.name)
        written = rows_written(session)
        with pytest.raises(StaleSave, match="Nothing was overwritten"):
            moves.move(session, document_id, event, actor, version=document.version - 1, correction=CONFIRMED)
        assert rows_written(session) == written


@pytest.mark.parametrize(("state", "event"), sorted(ALLOWED))
def test_what_a_move_leaves_behind(shared_home: Home, document_id: int, state: str, event: str) -> None:
    """The lease ends unless the document is at a desk; why it waits is kept while it waits; the approver is named."""
    after, who = ALLOWED[state, event]
    actor = _actor(who[-1])
    with rolled_back(shared_home) as session:
        document = _put_in(session, document_id, state, actor.name)
        moves.move(session, document_id, event, actor, reason="a reason", correction=CONFIRMED)
        assert document.claimed_by == (actor.name if after == "to_verify" else None)
        assert document.why_waiting == (None if after in ("verified", "filed") else "a reason")
        assert document.verified_by == (actor.name if event == "approve" else "tess")
        assert json.loads(last_event(session, f"document:{document_id}").detail)["reason"] == "a reason"


@pytest.mark.parametrize("event", ["approve", "self_file"])
def test_nothing_is_verified_for_nobody(shared_home: Home, document_id: int, event: str) -> None:
    actor = _actor(ALLOWED["to_verify", event][1][0])
    with rolled_back(shared_home) as session:
        _put_in(session, document_id, "to_verify", actor.name).person_id = None
        written = rows_written(session)
        with pytest.raises(StateRefused, match="a document is never filed to nobody"):
            moves.move(session, document_id, event, actor)
        assert rows_written(session) == written


@pytest.mark.parametrize(
    ("state", "event", "closes"),
    [("verified", "file", True), ("to_verify", "join", True), ("to_qc", "pass_qc", True), ("to_verify", "pend", False)],
)
def test_a_batch_is_closed_with_its_last_document(
    shared_home: Home, document_id: int, state: str, event: str, closes: bool
) -> None:
    actor = _actor(ALLOWED[state, event][1][-1])
    with rolled_back(shared_home) as session:
        batch_id = _put_in(session, document_id, state, actor.name).batch_id
        moves.move(session, document_id, event, actor)
        assert (last_event(session, f"batch:{batch_id}").action == "close") is closes


def test_insisting_takes_a_reason_and_is_told_in_the_log(shared_home: Home, document_id: int) -> None:
    tess = Actor("tess", Role.TECHNICIAN)
    with rolled_back(shared_home) as session:
        document = _put_in(session, document_id, "to_verify", "tess")
        corrections = [Correction("mrn", "00999999")]
        version = save_corrections(session, document_id, corrections, tess, version=document.version)
        for reason in (None, ""):
            with pytest.raises(NeedsInsisting, match="The MRN in the fields differ from the patient"):
                moves.move(
                    session, document_id, "approve", tess, version=version, override_mismatch=True, reason=reason
                )
        with pytest.raises(NeedsInsisting):
            moves.move(session, document_id, "approve", tess, version=version, reason="she moved")
        moves.move(session, document_id, "approve", tess, version=version, override_mismatch=True, reason="she moved")
        detail = json.loads(last_event(session, f"document:{document_id}").detail)
        assert (detail["override_mismatch"], detail["reason"]) == (True, "she moved")


def test_no_document_no_move(shared_home: Home, document_id: int) -> None:
    with rolled_back(shared_home) as session:
        before = session.get(AuditEvent, 1)
        with pytest.raises(StateRefused, match="There is no such document"):
            moves.move(session, document_id + 999, "approve", MACHINE)
        assert session.get(AuditEvent, 1) is before


@pytest.mark.parametrize(
    ("name", "value", "source", "says"),
    [
        ("service_date", "1950-01-01", "person:sam", "The date of service is before the patient's date of birth"),
        ("admit_date", "1950-01-01", "label", ""),  # the mother's, in a newborn's chart
        ("encounter", "V99999999", "person:sam", "Visit V99999999 is none of this patient's on the list"),
        ("encounter", "V99999999", "label", ""),  # the list may not have it yet
        ("encounter", "V1", "person:sam", ""),
        ("service_date", "2024-01-01", "person:sam", ""),
    ],
)
def test_what_cannot_be_of_this_patient_needs_insisting(
    shared_home: Home, document_id: int, name: str, value: str, source: str, says: str
) -> None:
    with rolled_back(shared_home) as session:
        document = _put_in(session, document_id, "to_verify", "sam")
        session.get_one(Person, document.person_id).birth_date = date(1957, 3, 14)
        session.add(Encounter(number="V1", person_id=document.person_id or 0))
        session.add(FieldRow(document_id=document_id, name=name, value=value, source=source))
        session.flush()
        sam = Actor("sam", Role.SUPERVISOR)
        if says:
            with pytest.raises(NeedsInsisting, match=says):
                moves.move(session, document_id, "approve", sam)
            assert (
                moves.move(session, document_id, "approve", sam, override_mismatch=True, reason="page seen").state
                == "verified"
            )
        else:
            assert moves.move(session, document_id, "approve", sam).state == "verified"


def test_a_stay_that_ends_before_it_begins_needs_insisting(shared_home: Home, document_id: int) -> None:
    with rolled_back(shared_home) as session:
        _put_in(session, document_id, "to_verify", "sam")
        for name, value in (("admit_date", "2024-03-05"), ("discharge_date", "2024-03-01")):
            session.add(FieldRow(document_id=document_id, name=name, value=value, source="person:sam"))
        session.flush()
        with pytest.raises(NeedsInsisting, match="The discharge is before the admission"):
            moves.move(session, document_id, "approve", Actor("sam", Role.SUPERVISOR))
