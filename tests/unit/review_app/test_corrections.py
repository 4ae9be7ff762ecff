"""Pages in the wrong chart: what is said on the document itself, and what the second person sees beside the page."""

import pytest
from sqlmodel import select

from review_app.model import corrections
from storage.documents import misfiling
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Misfiling
from tests.given.records import OLGA, SAM, TESS, add_person, read_and_index, receive, verify_and_file
from tests.given.template import Template

FILED, LEE = 1, 2


@pytest.fixture(scope="module")
def starting_home(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A document of two pages and a neighbour in Ana's chart, one in Lee's, one that waits."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("filed"))
    ana, lee = add_person(home), add_person(home, "00777777", "Kim", "Lee")
    assert (ana, lee) == (1, LEE)
    for number, (texts, person) in enumerate(
        [(["PROGRESS NOTE one", "page of Lee"], ana), (["PROGRESS NOTE"], ana), (["PROGRESS NOTE"], lee)]
    ):
        (document,) = read_and_index(home, receive(home, b"scan %d" % number, f"scan-{number}"), texts, person)
        verify_and_file(home, document)
    read_and_index(home, receive(home, b"waits"), ["PROGRESS NOTE"], ana)
    return Template.of(home)


def _propose(home: Home, pages: tuple[int, ...] = (), to: int | None = LEE) -> int:
    with home.writing() as session:
        corrections.propose(session, FILED, pages, to, "label of Lee Kim", "wrong_sticker", TESS)
        return session.exec(select(Misfiling.id)).one()


def test_only_what_is_filed_can_be_in_the_wrong_chart_and_only_who_verifies_says_so(home: Home) -> None:
    found = corrections.offer(home, TESS, FILED)
    assert found is not None
    assert (found.pages, found.waiting) == (((1, 1), (2, 2)), "")
    assert corrections.offer(home, TESS, 4) is None  # waits at the desk: its patient is chosen there
    assert corrections.offer(home, OLGA, FILED) is None


def test_a_proposal_is_told_on_the_document_and_names_what_may_have_the_same_mistake(home: Home) -> None:
    with home.writing() as session:
        said = corrections.propose(session, FILED, [2], LEE, "label of Lee Kim", "wrong_sticker", TESS)
    assert said.startswith("Correction 1 of document 1 is proposed. A second supervisor must confirm it.")
    assert said.endswith("Check these too, they may have the same mistake: 2.")
    found = corrections.offer(home, SAM, FILED)
    assert found is not None
    assert "tess proposed a correction: label of Lee Kim" in found.waiting


def test_the_second_person_sees_the_page_what_it_says_and_both_charts(home: Home) -> None:
    number = _propose(home, (2,))
    seen = corrections.compare(home, SAM, number)
    assert (seen.document_id, seen.position, seen.pages) == (FILED, 2, "page 2 of 2")
    assert (seen.reason, seen.cause) == ("label of Lee Kim", "a wrong label on the page")
    assert "00123456" in seen.now.patient
    assert len(seen.now.rows) == 2
    assert seen.proposed is not None
    assert "00777777" in seen.proposed.patient
    assert len(seen.proposed.rows) == 1
    assert seen.refusal == ""
    with home.reading() as session:
        told = session.exec(select(AuditEvent.subject).where(AuditEvent.action == "view_chart")).all()
    assert told == ["person:1", "person:2"]


def test_of_the_whole_document_everything_that_was_read_is_shown(home: Home) -> None:
    said = dict(corrections.compare(home, SAM, _propose(home, to=None)).said)
    assert said["Patient name"] == "RIVERA, ANA"


def test_who_may_not_confirm_is_told_why(home: Home) -> None:
    number = _propose(home)
    assert "does not include" in corrections.compare(home, TESS, number).refusal
    with home.writing() as session:
        session.get_one(Misfiling, number).proposed_by = "shell:sam"
    assert "takes two people" in corrections.compare(home, SAM, number).refusal
    with home.writing() as session:
        misfiling.withdraw(session, number, SAM)
    with pytest.raises(StateRefused, match="already"):
        corrections.compare(home, SAM, number)
