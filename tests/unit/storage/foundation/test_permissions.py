"""Who may do what: the table of roles, and every service function that refuses before it changes anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from storage.custody import batches
from storage.desk import (
    amending,
    approving,
    blanks,
    drafts,
    grouping,
    latepages,
    rearranging,
    remarks,
    rescans,
    waiting,
    wrongpatient,
)
from storage.documents import (
    breakglass,
    earlier,
    fields,
    filing,
    identity,
    labelling,
    leases,
    misfiling,
    moves,
    search,
    viewing,
)
from storage.foundation import accounts
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, StorageError
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE, Action, Actor, Role, can, check_can
from storage.foundation.states import By
from storage.foundation.tables.access import BreakGlass
from storage.foundation.tables.custody import Batch
from storage.foundation.tables.documents import Document, Misfiling
from storage.foundation.tables.quality import QualityItem, QualityLot
from storage.quality import figures, reviews
from storage.roster import doubts, finding, merging, questions
from tests.given.desk import understand
from tests.given.records import add_person, read_and_index, receive
from tests.given.trying import rolled_back, rows_written

# fmt: off
#                                  machine operator technician supervisor auditor admin
MATRIX: dict[Action, str] = {
    Action.SEE_BATCHES:           "yes     yes      yes        yes        -       -",
    Action.SEE_PAGES:             "yes     -        yes        yes        -       -",
    Action.SEE_PROTECTED:         "yes     -        -          yes        -       -",
    Action.BREAK_GLASS:           "-       -        yes        yes        -       -",
    Action.REVIEW_ACCESS:         "-       -        -          yes        yes     -",
    Action.SEARCH:                "yes     -        yes        yes        -       -",
    Action.ADD_LABEL:             "-       -        yes        yes        -       -",
    Action.LIFT_WORDS:            "-       -        yes        yes        -       -",
    Action.LIFT_LABEL:            "-       -        -          yes        -       -",
    Action.VERIFY:                "yes     -        yes        yes        -       -",
    Action.AMEND:                 "-       -        yes        yes        -       -",
    Action.OVERRIDE:              "-       -        -          yes        -       -",
    Action.RETRY:                 "yes     yes      yes        yes        -       -",
    Action.DROP:                  "-       yes      yes        yes        -       -",
    Action.SECOND_KEY:            "-       -        yes        yes        -       -",
    Action.CHECK_QUALITY:         "-       -        -          yes        -       -",
    Action.SEE_NUMBERS:           "-       -        yes        yes        yes     -",
    Action.SEE_HEALTH:            "-       yes      -          yes        -       yes",
    Action.SEE_AUDIT:             "-       -        -          yes        yes     -",
    Action.KEEP_ACCOUNTS:         "yes     -        -          -          -       yes",
    Action.GET_ORIGINAL:          "-       -        -          yes        -       -",
    Action.KEEP_BACKUPS:          "yes     -        -          yes        -       yes",
    Action.OWN_ACCOUNT:           "-       yes      yes        yes        yes     yes",
}
# fmt: on
_ROLES = (Role.MACHINE, Role.OPERATOR, Role.TECHNICIAN, Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN)


def _may(action: Action) -> set[Role]:
    return {role for role, says in zip(_ROLES, MATRIX[action].split(), strict=True) if says == "yes"}


def _actor(role: Role) -> Actor:
    return MACHINE if role is Role.MACHINE else Actor(role.value, role)


def test_this_table_knows_all_roles_and_actions() -> None:
    assert set(MATRIX) == set(Action)
    assert set(_ROLES) == set(Role)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_what_the_table_says(role: Role, action: Action) -> None:
    actor = _actor(role)
    assert can(actor, action) is (role in _may(action))
    if role in _may(action):
        check_can(actor, action)
        return
    with pytest.raises(NotAllowed) as refused:
        check_can(actor, action)
    assert str(refused.value) == f"Your role ({role}) does not include: {action}. Ask a supervisor."


@pytest.mark.parametrize(
    ("role", "seen_as"),
    [
        (Role.MACHINE, By.MACHINE),
        (Role.SUPERVISOR, By.SUPERVISOR),
        (Role.TECHNICIAN, By.TECHNICIAN),
        (Role.AUDITOR, By.AUDITOR),
        (Role.OPERATOR, By.TECHNICIAN),  # check_can comes first; the tables of states know four hands
        (Role.ADMIN, By.TECHNICIAN),
    ],
)
def test_how_the_table_of_states_sees_a_role(role: Role, seen_as: By) -> None:
    assert _actor(role).acts_as is seen_as


# ---- the services


@dataclass(frozen=True, slots=True)
class Given:
    """What the services are asked about: a document at a desk, a filed one, and what waits beside them."""

    home: Home
    session: Session
    document: int
    version: int
    filed: int
    person: int
    page: int
    proposal: int
    glass: int
    item: int
    lot: int
    batch: int


Call = Callable[[Given, Actor], Any]

# fmt: off
SERVICES: dict[str, tuple[Action, Call]] = {
    # custody
    "batches.advance": (Action.RETRY, lambda g, a: batches.advance(g.session, g.batch, "retry", a)),
    # documents
    "leases.claim_queue": (Action.VERIFY, lambda g, a: leases.claim_queue(g.session, a, 2)),
    "leases.claim": (Action.VERIFY, lambda g, a: leases.claim(g.session, g.document, a)),
    "fields.save_corrections": (Action.VERIFY, lambda g, a: fields.save_corrections(
        g.session, g.document, [fields.Correction("mrn", "1")], a, version=g.version)),
    "identity.choose_patient": (Action.VERIFY, lambda g, a: identity.choose_patient(
        g.session, g.document, g.person, a, version=g.version)),
    "moves.move": (Action.VERIFY, lambda g, a: moves.move(g.session, g.document, "pend", a, reason="later")),
    "misfiling.propose": (Action.VERIFY, lambda g, a: misfiling.propose(
        g.session, g.filed, [], None, "wrong chart", "other", a)),
    "misfiling.confirm": (Action.OVERRIDE, lambda g, a: misfiling.confirm(g.session, g.proposal, a, "seen on paper")),
    "misfiling.withdraw": (Action.VERIFY, lambda g, a: misfiling.withdraw(g.session, g.proposal, a)),
    "misfiling.waiting": (Action.VERIFY, lambda g, a: misfiling.waiting(g.session, a)),
    "misfiling.tombstones": (Action.SEE_PAGES, lambda g, a: misfiling.tombstones(g.session, g.person, a)),
    "misfiling.suspects": (Action.VERIFY, lambda g, a: misfiling.suspects(g.session, g.proposal, a)),
    "breakglass.break_glass": (Action.BREAK_GLASS, lambda g, a: breakglass.break_glass(
        g.session, g.filed, a, "ETREAT", "in the emergency room")),
    "breakglass.to_review": (Action.REVIEW_ACCESS, lambda g, a: breakglass.to_review(g.session, a)),
    "breakglass.review": (Action.REVIEW_ACCESS, lambda g, a: breakglass.review(g.session, g.glass, a, "as it should be")),
    "search.find_pages": (Action.SEARCH, lambda g, a: search.find_pages(g.session, "note", a)),
    "filing.filed_pdf": (Action.SEE_PAGES, lambda g, a: filing.filed_pdf(g.session, g.home.vault, g.filed, a)),
    "filing.chart_of": (Action.SEE_PAGES, lambda g, a: filing.chart_of(g.session, g.person, a)),
    "viewing.page_view": (Action.SEE_PAGES, lambda g, a: viewing.page_view(g.session, g.home.vault, g.filed, 1, a)),
    "viewing.page_pdf": (Action.SEE_PAGES, lambda g, a: viewing.page_pdf(g.session, g.home.vault, g.filed, 1, a)),
    "viewing.field_place": (Action.SEE_PAGES, lambda g, a: viewing.field_place(
        g.session, g.home.vault, g.filed, "mrn", a)),
    "labelling.labels_of": (Action.SEE_PAGES, lambda g, a: labelling.labels_of(g.session, g.filed, a)),
    "labelling.add": (Action.ADD_LABEL, lambda g, a: labelling.add(g.session, g.filed, "SEX", "in need", a)),
    "labelling.lift": (Action.LIFT_WORDS, lambda g, a: labelling.lift(g.session, g.filed, "SEX", "in need", a)),
    "earlier.list_versions": (Action.SEE_PAGES, lambda g, a: earlier.list_versions(g.session, g.filed, a)),
    "earlier.version_page": (Action.SEE_PAGES, lambda g, a: earlier.version_page(
        g.session, g.home.vault, g.filed, 1, 1, a)),
    "earlier.version_pdf": (Action.SEE_PAGES, lambda g, a: earlier.version_pdf(g.session, g.home.vault, g.filed, 1, a)),
    # desk
    "amending.open_amendment": (Action.AMEND, lambda g, a: amending.open_amendment(
        g.session, g.filed, "wrong_date", "the day is wrong", a)),
    "amending.cancel": (Action.AMEND, lambda g, a: amending.cancel(g.session, g.filed, a)),
    "latepages.late_documents": (Action.AMEND, lambda g, a: latepages.late_documents(g.session, g.document, a)),
    "latepages.places_for": (Action.AMEND, lambda g, a: latepages.places_for(g.session, g.filed, g.document, a)),
    "approving.approve": (Action.VERIFY, lambda g, a: approving.approve(g.session, g.document, a, version=g.version)),
    "approving.take_back": (Action.VERIFY, lambda g, a: approving.take_back(g.session, _approved_by(g, a), a)),
    "blanks.contact_sheet": (Action.VERIFY, lambda g, a: blanks.contact_sheet(g.session, a)),
    "blanks.blank_view": (Action.VERIFY, lambda g, a: blanks.blank_view(g.session, g.home.vault, g.page, a)),
    "blanks.confirm_blank": (Action.VERIFY, lambda g, a: blanks.confirm_blank(g.session, [g.page], a)),
    "blanks.keep_as_page": (Action.VERIFY, lambda g, a: blanks.keep_as_page(g.session, g.page, a, understand)),
    "drafts.save_draft": (Action.VERIFY, lambda g, a: drafts.save_draft(g.session, g.document, {"mrn": "1"}, a)),
    "drafts.recent": (Action.VERIFY, lambda g, a: drafts.recent(g.session, a)),
    "grouping.waiting": (Action.VERIFY, lambda g, a: grouping.waiting(g.session, a, 0.9)),
    "grouping.take": (Action.VERIFY, lambda g, a: grouping.take(g.session, a, "mrn", 0.9)),
    "grouping.confirm": (Action.VERIFY, lambda g, a: grouping.confirm(
        g.session, "mrn", [grouping.Entry(g.document, g.version, "1")], a)),
    "rearranging.rearrange": (Action.VERIFY, lambda g, a: rearranging.rearrange(
        g.session, g.document, rearranging.PageEdit("turn", (1,), 90), a, understand, version=g.version)),
    "rearranging.undo": (Action.VERIFY, lambda g, a: rearranging.undo(g.session, g.document, a, understand)),
    "waiting.put_aside": (Action.VERIFY, lambda g, a: waiting.put_aside(
        g.session, g.document, "pend", "missing_page", "", a, version=g.version)),
    "waiting.put_back": (Action.VERIFY, lambda g, a: waiting.put_back(g.session, g.document, a)),
    "waiting.take_up": (Action.VERIFY, lambda g, a: waiting.take_up(g.session, g.document, a)),
    "leases.count_free": (Action.VERIFY, lambda g, a: leases.count_free(g.session, a)),
    "waiting.assign": (Action.VERIFY, lambda g, a: waiting.assign(g.session, [g.document], "", a)),
    "remarks.comment": (Action.VERIFY, lambda g, a: remarks.comment(g.session, g.document, "look", a)),
    "rescans.ask": (Action.VERIFY, lambda g, a: rescans.ask(
        g.session, g.document, [], "too_faint", "", a, version=g.version)),
    "rescans.waiting": (Action.SEE_BATCHES, lambda g, a: rescans.waiting(g.session, a)),
    "rescans.note_printed": (Action.SEE_BATCHES, lambda g, a: rescans.note_printed(g.session, [1], a)),
    # quality
    "reviews.waiting": (Action.SECOND_KEY, lambda g, a: reviews.waiting(g.session, a)),
    "reviews.stuck": (Action.CHECK_QUALITY, lambda g, a: reviews.waiting_for_review(g.session, a)),
    "reviews.let_go": (Action.CHECK_QUALITY, lambda g, a: reviews.file_without_review(
        g.session, g.home.vault, g.item, a, "nobody else is here")),
    "reviews.key": (Action.SECOND_KEY, lambda g, a: reviews.key(g.session, g.item, {"mrn": "1"}, a)),
    "reviews.decide": (Action.SECOND_KEY, lambda g, a: reviews.decide(
        g.session, g.home.vault, g.item, a, wrong=[], slips=[])),
    "reviews.end_lot": (Action.CHECK_QUALITY, lambda g, a: reviews.end_lot(g.session, g.lot, a)),
    "figures.measure": (Action.SEE_NUMBERS, lambda g, a: figures.measure(g.session, a)),
    "figures.lots_of": (Action.SEE_NUMBERS, lambda g, a: figures.lots_of(g.session, a)),
    # roster
    "merging.merge_doubted": (Action.OVERRIDE, lambda g, a: merging.merge_doubted(g.session, 1, "same birthday", a)),
    "doubts.waiting": (Action.VERIFY, lambda g, a: doubts.waiting(g.session, a)),
    "doubts.decline": (Action.OVERRIDE, lambda g, a: doubts.decline(g.session, 1, a)),
    "questions.waiting": (Action.VERIFY, lambda g, a: questions.waiting(g.session, a)),
    "questions.confirm": (Action.VERIFY, lambda g, a: questions.confirm(g.session, 1, a)),
    "wrongpatient.to_work_list": (Action.VERIFY, lambda g, a: wrongpatient.to_work_list(g.session, 1, "not hers", a)),
    "wrongpatient.to_registration": (Action.VERIFY, lambda g, a: wrongpatient.to_registration(
        g.session, 1, "not_listed", "", a)),
    "wrongpatient.propose_correction": (Action.VERIFY, lambda g, a: wrongpatient.propose_correction(
        g.session, 1, "not hers", "other", a)),
    "finding.find_people": (Action.SEARCH, lambda g, a: finding.find_people(g.session, "rivera", a)),
    # accounts
    "accounts.add_account": (Action.KEEP_ACCOUNTS, lambda g, a: accounts.add_account(
        g.session, "new", Role.AUDITOR, "a long password", a)),
    "accounts.set_password": (Action.KEEP_ACCOUNTS, lambda g, a: accounts.set_password(
        g.session, "somebody", "a long password", a)),
    "accounts.change_own_password": (Action.OWN_ACCOUNT, lambda g, a: accounts.change_own_password(
        g.session, a, "a long password", "another password")),
    "accounts.disable_account": (Action.KEEP_ACCOUNTS, lambda g, a: accounts.disable_account(g.session, "somebody", a)),
    "accounts.change_role": (Action.KEEP_ACCOUNTS, lambda g, a: accounts.change_role(
        g.session, "somebody", Role.AUDITOR, a)),
    "accounts.enable_account": (Action.KEEP_ACCOUNTS, lambda g, a: accounts.enable_account(g.session, "somebody", a)),
}
# fmt: on
"""Every service function that a person can call, and the action that it asks the table for."""


def _pended(given: Given) -> None:
    document = given.session.get_one(Document, given.document)
    document.state, document.waits_for = "pended", "pend"
    given.session.flush()


def _approved_by(given: Given, actor: Actor) -> int:
    document = given.session.get_one(Document, given.document)
    document.state, document.verified_by = "verified", actor.name
    given.session.flush()
    return given.document


@pytest.fixture(scope="module")
def ids(shared_home: Home) -> dict[str, int]:
    """A document at a desk, a filed one with a proposal, an opened glass and a second look, and a quarantined file."""
    person = add_person(shared_home)
    [document] = read_and_index(shared_home, receive(shared_home, b"one"), ["PROGRESS NOTE"], person)
    [filed] = read_and_index(shared_home, receive(shared_home, b"two"), ["PROGRESS NOTE"], person)
    batch = receive(shared_home, b"three")
    with shared_home.writing() as session:
        batches.advance(session, batch, "quarantine", reason_code="unreadable")
        leases.claim(session, filed, Actor("uma", Role.TECHNICIAN))
        moves.move(session, filed, "approve", Actor("uma", Role.TECHNICIAN))
        filing.file_document(session, shared_home.vault, filed)
        proposal = misfiling.propose(session, filed, [], None, "not hers", "other", Actor("uma", Role.TECHNICIAN))
        glass = BreakGlass(
            document_id=filed, username="uma", purpose="ETREAT", reason="in need", until=utc_now() + timedelta(hours=1)
        )
        lot = QualityLot(
            verified_by="uma", level="II", major_aql=0.65, minor_aql=2.5, severity="normal", size=90, sample=5, seed="1"
        )
        session.add_all((glass, lot))
        session.flush()
        item = QualityItem(
            lot_id=lot.id, document_id=filed, kind="double_key", verified_by="uma", type_code="PROGRESS_NOTE"
        )
        session.add(item)
        accounts.add_account(session, "somebody", Role.OPERATOR, "a long password")
        session.flush()
        found = {
            "document": document,
            "filed": filed,
            "person": person,
            "page": 1,
            "proposal": proposal,
            "batch": batch,
        }
        return {**found, "glass": glass.id, "lot": lot.id, "item": item.id}


def _given(home: Home, session: Session, ids: dict[str, int], holder: Actor) -> Given:
    document = session.get_one(Document, ids["document"])
    document.claimed_by, document.lease_until = holder.name, utc_now() + timedelta(minutes=5)
    session.flush()
    return Given(home=home, session=session, version=document.version, **ids)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_refuses_the_wrong_role_before_it_changes_anything(
    shared_home: Home, ids: dict[str, int], name: str
) -> None:
    action, call = SERVICES[name]
    for role in set(Role) - _may(action):
        with rolled_back(shared_home) as session:
            given = _given(shared_home, session, ids, _actor(role))
            if name == "approving.take_back":
                _approved_by(given, _actor(role))
            if name in ("waiting.put_back", "waiting.take_up"):
                _pended(given)
            written = rows_written(session)
            with pytest.raises(NotAllowed, match=r"^Your role \("):
                call(given, _actor(role))
            assert rows_written(session) == written, role


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.usefixtures("cheap_passwords")
def test_a_service_is_open_to_the_roles_of_its_action(shared_home: Home, ids: dict[str, int], name: str) -> None:
    action, call = SERVICES[name]
    for role in _may(action) - {Role.MACHINE}:
        with rolled_back(shared_home) as session:
            given = _given(shared_home, session, ids, _actor(role))
            try:
                call(given, _actor(role))
            except NotAllowed as refused:  # of this row, perhaps: withdrawing what somebody else proposed
                assert not str(refused).startswith("Your role ("), role
            except StorageError:
                pass  # allowed, and refused for what the row is


@pytest.mark.usefixtures("cheap_passwords")
def test_everybody_changes_their_own_password_and_nobody_elses(shared_home: Home, ids: dict[str, int]) -> None:
    somebody = Actor("somebody", Role.OPERATOR)
    with rolled_back(shared_home) as session:
        assert accounts.change_own_password(session, somebody, "a long password", "another password")
        for who in (somebody, Actor("sam", Role.SUPERVISOR)):  # without the current one, only an administrator
            with pytest.raises(NotAllowed):
                accounts.set_password(session, "somebody", "another password", who)


def test_the_file_of_this_list_is_a_quarantined_one(shared_home: Home, ids: dict[str, int]) -> None:
    with shared_home.reading() as session:
        assert session.get_one(Batch, ids["batch"]).state == "quarantined"
        assert session.get_one(Misfiling, ids["proposal"]).confirmed_at is None
