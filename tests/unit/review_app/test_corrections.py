"""Pages in the wrong chart: what is said on the document itself, and what the second person sees beside the page."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from review_app.model import corrections
from storage.desk import remarks
from storage.documents import identity, leases, misfiling, printed
from storage.documents.printed import Verdict
from storage.foundation.errors import StateRefused
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Document, Misfiling
from storage.foundation.tables.roster import Person
from tests.given.desk import put
from tests.given.records import OLGA, SAM, TESS, UMA, add_person, read_and_index, receive, verify_and_file
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


def test_nothing_of_a_correction_is_taken_for_granted_and_what_it_does_is_said_before_it_is_pressed() -> None:
    offer = corrections.Offer(FILED, ((1, 4), (2, 5), (3, 6)), "")
    nothing = corrections.Draft(None, None, "", None)
    assert corrections.unsaid(nothing) == "Say which pages are in the wrong chart. Nothing was proposed."
    assert corrections.sentence(offer, nothing) == ""
    paged = replace(nothing, pages=(5,))
    assert corrections.unsaid(paged).startswith("Choose the right patient, or that the patient is not known yet.")
    lee = replace(paged, to=LEE, whose="Kim, Lee · 1960-05-06")
    assert corrections.unsaid(lee) == "Choose a cause. Nothing was proposed."
    assert corrections.sentence(offer, lee) == "Page 2 of 3: goes to Kim, Lee · 1960-05-06."
    unknown = replace(lee, pages=(4, 5, 6), to=corrections.NOT_KNOWN, cause="other")
    assert corrections.unsaid(unknown) == ""
    assert corrections.sentence(offer, unknown) == (
        "The whole document: leaves this chart and waits at the desk, the patient not known yet."
    )


def _page_of(home: Home, *lines: str) -> int:
    """A page filed to Ana; gives the proposal that it is Lee's."""
    (document,) = put(home, ["\n".join(("PROGRESS NOTE", *lines))], f"scan {lines}.tif")
    with home.writing() as session:
        row = leases.claim(session, document, TESS)
        identity.choose_patient(session, document, 1, TESS, version=row.version, retyped="00123456")
    verify_and_file(home, document)
    with home.writing() as session:
        return misfiling.propose(session, document, [], LEE, "label of Lee Kim", "wrong_sticker", TESS)


def _verdicts(side: corrections.ChartSide) -> list[str]:
    return [verdict[0] for _, _, verdict in side.against_page]


@pytest.mark.parametrize(
    ("lines", "now", "proposed", "warns"),
    [
        (("Patient Name: Rivera, Ana", "MRN: 00123456"), "✓✓–", "✗✗–", True),
        (("Patient Name: Kim, Lee", "MRN: 00777777"), "✗✗–", "✓✓–", False),
        (("seen with Ana Rivera today",), "✓––", "–––", True),  # a name without a label is printed all the same
        (("a label: 00123456",), "–✓–", "–––", True),
        (("signed by A. Rivera",), "–––", "–––", False),  # a surname alone is anybody's
        (("no complaints",), "–––", "–––", False),
    ],
)
def test_both_charts_are_held_against_the_page_and_one_that_it_names_is_told(
    home: Home, lines: tuple[str, ...], now: str, proposed: str, warns: bool
) -> None:
    seen = corrections.compare(home, SAM, _page_of(home, *lines))
    assert seen.proposed is not None
    assert ("".join(_verdicts(seen.now)), "".join(_verdicts(seen.proposed))) == (now, proposed)
    assert seen.names_present.startswith("The page names the patient it is filed to now") is warns


def test_a_name_that_is_printed_is_read_on_the_page(home: Home) -> None:
    assert dict(corrections.compare(home, SAM, _page_of(home, "seen with Ana Rivera today")).said) == {
        "Patient name": "Rivera, Ana"
    }


def test_confirming_against_the_page_takes_a_reason_that_stays_beside_it(home: Home) -> None:
    number = _page_of(home, "Patient Name: Rivera, Ana", "MRN: 00123456")
    with home.writing() as session, pytest.raises(StateRefused, match="although the page names the patient"):
        corrections.confirm(session, number, "", SAM)
    with home.writing() as session:
        said = corrections.confirm(session, number, "a form of Lee with her name as contact", SAM)
        assert "waits at the desk, before all others." in said
        moved = session.get_one(Misfiling, number).moved_to or 0
        assert remarks.remarks_of(session, moved)[-1].text == "a form of Lee with her name as contact"


def test_a_waiting_correction_names_pages_as_the_proposer_saw_them_and_patients_for_those_who_may_see(
    home: Home,
) -> None:
    number = _propose(home, (2,))
    (row,) = corrections.list_waiting(home, SAM)
    assert (row.id, row.pages) == (number, "page 2 of 2")
    assert (row.now, row.proposed) == ("Rivera, Ana · MRN 00123456", "Kim, Lee · MRN 00777777")
    with home.writing() as session:
        session.get_one(Document, FILED).labels = [{"code": "HIV", "reason": "HIV status", "page": 1}]
    assert corrections.list_waiting(home, UMA)[0].now == "MRN 00123456"


@pytest.mark.parametrize(("day_first", "verdict"), [(True, Verdict.AGREES), (False, Verdict.NOT_READ)])
def test_a_birthday_without_a_label_is_read_as_the_site_writes_days(day_first: bool, verdict: Verdict) -> None:
    page = printed.Printed((("seen", "03/04/1957"),), {})
    ana = Person(mrn="00123456", family="Rivera", given="Ana", birth_date=date(1957, 4, 3))
    assert printed.verdicts(page, ana, day_first=day_first)["dob"] is verdict
