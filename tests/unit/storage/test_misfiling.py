"""Filed to the wrong chart: two people, a tombstone, who saw it, what else may be wrong."""

import pytest

from storage.custody import pages
from storage.custody.integrity import verify
from storage.documents import filing, leases, misfiling, moves, search, viewing
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.states import DocumentState
from storage.foundation.tables.documents import Document, Misfiling
from storage.foundation.tables.roster import Person
from storage.roster import merging
from storage.roster.loading import load
from storage.roster.messages import Loaded, Merge, Number, PersonUpdate
from tests.given.records import OLGA, SAM, TESS, UMA, add_person, read_and_index, receive
from tests.given.template import Template

SUE = Actor("sue", Role.SUPERVISOR)
WRONG = (1, 1, 2)


@pytest.fixture(scope="module")
def starting_home(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A filed document of three pages in Ana's chart; Lee is on the list too."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("wrong"))
    ana = add_person(home)
    lee = add_person(home, "00777777", "Kim", "Lee")
    texts = ["PROGRESS NOTE one", "second zebra page", "third page"]
    (document,) = read_and_index(home, receive(home, b"scan"), texts, ana)
    _file(home, document)
    assert (document, ana, lee) == WRONG
    return Template.of(home)


@pytest.fixture
def wrong(home: Home) -> tuple[int, int, int]:
    """The document that is in the wrong chart, Ana, Lee."""
    return WRONG


def _file(home: Home, document: int, actor: Actor = TESS) -> None:
    with home.writing() as session:
        row = leases.claim_queue(session, actor, 1)[0]
        assert row is not None
        assert row.id == document
        moves.move(session, document, "approve", actor, override_mismatch=True, reason="a test")
        filing.file_document(session, home.vault, document)


def _propose(home: Home, document: int, pages: tuple[int, ...], to: int | None, actor: Actor = TESS) -> int:
    with home.writing() as session:
        return misfiling.propose(session, document, pages, to, "page of Lee Kim", "mixed_batch", actor)


def _has_no_problem(home: Home) -> None:
    with home.reading() as session:
        assert verify(session, home.vault).problems == ()


def test_a_page_moves_to_its_patient_after_two_people_and_leaves_a_tombstone(
    home: Home, wrong: tuple[int, int, int]
) -> None:
    document, ana, lee = wrong
    with home.writing() as session:
        viewing.page_view(session, home.vault, document, 2, UMA)
        viewing.page_view(session, home.vault, document, 3, UMA)
        filing.filed_pdf(session, home.vault, document, SAM)
    proposal = _propose(home, document, (2,), lee)
    with home.writing() as session:
        assert [h.document_id for h in search.find_pages(session, "zebra", SAM)] == [document]  # nothing moved yet
        moved = misfiling.confirm(session, proposal, SAM, "seen on paper")
        assert (moved.person_id, moved.state, moved.priority) == (lee, DocumentState.TO_VERIFY, 1)
    with home.writing() as session:
        left = session.get_one(Document, document)
        assert (left.person_id, left.state) == (ana, DocumentState.TO_VERIFY)
        assert [p.number for p in pages.pages_of_document(session, document)] == [1, 3]
        assert [p.number for p in pages.pages_of_document(session, moved.id)] == [2]
        assert search.find_pages(session, "zebra", SAM) == []
        (stone,) = misfiling.tombstones(session, ana, SAM)
        assert (stone.pages, stone.cause, stone.proposed_by, stone.confirmed_by) == ([2], "mixed_batch", "tess", "sam")
        assert stone.filed_blob_id is not None
        assert [(s["who"], s["how"]) for s in stone.seen_by] == [
            ("uma", "view_page"),
            ("sam", "view_filed"),
            ("sam", "search"),
        ]
    _has_no_problem(home)
    _file(home, moved.id)
    _file(home, document)
    with home.writing() as session:
        assert [h.mrn for h in search.find_pages(session, "zebra", SAM)] == ["00777777"]
        assert [line.document_id for line in filing.chart_of(session, ana, SAM)] == [document]
    _has_no_problem(home)


def test_a_whole_document_goes_back_to_the_desk_even_when_nobody_knows_whose_it_is(
    home: Home, wrong: tuple[int, int, int]
) -> None:
    document, _, _ = wrong
    proposal = _propose(home, document, (), None)
    with home.writing() as session:
        moved = misfiling.confirm(session, proposal, SAM, "seen on paper")
        assert (moved.id, moved.person_id, moved.decision) == (document, None, "none")
    with home.writing() as session, pytest.raises(StateRefused, match="already"):
        misfiling.confirm(session, proposal, SAM, "seen on paper")
    _has_no_problem(home)


def test_one_person_alone_cannot_do_it(home: Home, wrong: tuple[int, int, int]) -> None:
    document, _, lee = wrong
    proposal = _propose(home, document, (2,), lee, SAM)
    with home.writing() as session, pytest.raises(NotAllowed, match="two people"):
        misfiling.confirm(session, proposal, SAM, "seen on paper")
    with home.writing() as session, pytest.raises(NotAllowed):
        misfiling.confirm(session, proposal, UMA)
    with home.writing() as session, pytest.raises(NotAllowed):
        misfiling.propose(session, document, (), lee, "is of Lee", "other", OLGA)
    with home.writing() as session:
        misfiling.confirm(session, proposal, SUE, "seen on paper")


@pytest.mark.parametrize(
    ("pages", "reason", "cause", "why"),
    [
        ((9,), "is of Lee", "other", "not a page"),
        ((), " ", "other", "Write why"),
        ((), "is of Lee", "because", "Choose a cause"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(
    home: Home, wrong: tuple[int, int, int], pages: tuple[int, ...], reason: str, cause: str, why: str
) -> None:
    document, _, lee = wrong
    with home.writing() as session, pytest.raises(StateRefused, match=why):
        misfiling.propose(session, document, pages, lee, reason, cause, TESS)


def test_a_second_proposal_the_same_chart_and_an_unfiled_document_are_refused(
    home: Home, wrong: tuple[int, int, int]
) -> None:
    document, ana, lee = wrong
    with home.writing() as session, pytest.raises(StateRefused, match="in this patient's chart already"):
        misfiling.propose(session, document, (), ana, "is of Lee", "other", TESS)
    proposal = _propose(home, document, (1,), lee)
    with home.writing() as session, pytest.raises(StateRefused, match="waits for confirmation"):
        misfiling.propose(session, document, (), lee, "is of Lee", "other", TESS)
    with home.writing() as session:
        misfiling.withdraw(session, proposal, TESS)
        assert misfiling.waiting(session, TESS) == []
    (unfiled,) = read_and_index(home, receive(home, b"other"), ["NOTE"], ana)
    with home.writing() as session, pytest.raises(StateRefused, match="not filed"):
        misfiling.propose(session, unfiled, (), lee, "is of Lee", "other", TESS)


def test_what_may_have_the_same_mistake_is_named(home: Home, wrong: tuple[int, int, int]) -> None:
    document, ana, lee = wrong
    (other,) = read_and_index(home, receive(home, b"other"), ["PROGRESS NOTE four"], ana)
    _file(home, other)
    proposal = _propose(home, document, (), lee)
    with home.writing() as session:
        found = misfiling.suspects(session, proposal, SAM)
        assert [(s.document_id, s.mrn) for s in found] == [(other, "00123456")]
        assert "tess" in found[0].why
        assert session.get_one(Misfiling, proposal).confirmed_at is None


def test_the_patient_may_be_merged_between_the_two_people(home: Home, wrong: tuple[int, int, int]) -> None:
    document, ana, lee = wrong
    proposal = _propose(home, document, (), lee)
    survivor = add_person(home, "00888888", "Kim", "Lee")
    told = Merge(PersonUpdate(numbers=(Number("00888888"),)), (Number("00777777"),), "A40")
    load(home, [("1", told)], "test")
    with home.writing() as session:
        assert misfiling.confirm(session, proposal, SAM, "seen on paper").person_id == survivor
    assert ana != survivor


def test_charts_that_became_one_need_no_correction(home: Home, wrong: tuple[int, int, int]) -> None:
    document, ana, lee = wrong
    proposal = _propose(home, document, (), lee)
    with home.writing() as session:  # by hand: a feed may not merge people of two names
        merging.merge_people(
            session, session.get_one(Person, ana), session.get_one(Person, lee), "by hand: sure", SAM, Loaded()
        )
    with home.writing() as session, pytest.raises(StateRefused, match="one patient's"):
        misfiling.confirm(session, proposal, SAM, "seen on paper")


def test_one_human_being_is_not_two_people_at_the_shell_and_at_the_desk(
    home: Home, wrong: tuple[int, int, int]
) -> None:
    document, _, lee = wrong
    proposal = _propose(home, document, (), lee, TESS)
    with home.writing() as session, pytest.raises(NotAllowed, match="two people"):
        misfiling.confirm(session, proposal, Actor("shell:tess", Role.SUPERVISOR))
    with home.writing() as session, pytest.raises(NotAllowed, match="Somebody else proposed"):
        misfiling.withdraw(session, proposal, UMA)
    with home.writing() as session, pytest.raises(StateRefused, match="two people"):
        moves.move(session, document, "misfile", SAM)


def test_who_looked_at_a_chart_that_was_merged_is_listed(home: Home, wrong: tuple[int, int, int]) -> None:
    document, ana, _ = wrong
    with home.writing() as session:
        filing.chart_of(session, ana, UMA)
    survivor = add_person(home, "00888888", "Rivera", "Ana")
    load(home, [("1", Merge(PersonUpdate(numbers=(Number("00888888"),)), (Number("00123456"),), "A40"))], "test")
    proposal = _propose(home, document, (), None)
    with home.writing() as session:
        misfiling.confirm(session, proposal, SAM, "seen on paper")
        row = session.get_one(Misfiling, proposal)
        assert row.person_id == survivor
        assert [(s["who"], s["how"]) for s in row.seen_by] == [("uma", "view_chart")]
