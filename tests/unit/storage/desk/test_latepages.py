"""Pages that came later go where their numbers say, a page that is scanned again replaces the one before; both can be taken back."""

import pytest
from sqlmodel import col, select

from classify.sensitivity import LABELS
from storage.custody import pages
from storage.custody.integrity import verify
from storage.desk import amending, approving, latepages, rearranging, rescans
from storage.desk.rearranging import ChangeKind, PageEdit
from storage.documents import earlier, fields, filing, labelling, leases, search, versions
from storage.documents.fields import Correction
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.states import Disposition
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document, FieldRow
from tests.given.desk import note, put, understand
from tests.given.records import OLGA, SAM, TESS, UMA, add_person
from tests.given.template import Template

DOCUMENT = 1
ANA, LEE = ("00123456", "Rivera, Ana", "03/14/1957"), ("00777777", "Kim, Lee", "05/06/1960")
_PAGES = [note(*ANA, "zebra", "Page 1 of 4"), "walrus\nPage 2 of 4", "heron\nPage 4 of 4"]


@pytest.fixture(scope="module")
def starting_home(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A filed document of Ana that lacks its third page, and is being amended by Tess; Lee is on the list too."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("late"))
    add_person(home)
    add_person(home, "00777777", "Kim", "Lee")
    assert put(home, _PAGES, "scan.tif") == [DOCUMENT]
    with home.writing() as session:
        document = leases.claim(session, DOCUMENT, TESS)
        document.person_id, document.decision = 1, "confirmed"
        approving.approve(
            session, DOCUMENT, TESS, version=document.version, override_mismatch=True, reason="a test of it"
        )
        filing.file_document(session, home.vault, DOCUMENT)
        amending.open_amendment(session, DOCUMENT, "late_page", "page three came today", TESS)
    return Template.of(home)


def _edit(home: Home, edit: PageEdit) -> None:
    with home.writing() as session:
        version = session.get_one(Document, DOCUMENT).version
        rearranging.rearrange(session, DOCUMENT, edit, TESS, understand, version=version)


def _words(home: Home, document_id: int = DOCUMENT) -> list[str]:
    """The first word of each page, in order."""
    with home.reading() as session:
        return [
            read.words[0].text if (read := pages.reading_of(session, row)) else ""
            for row in pages.pages_of_document(session, document_id)
        ]


def _approve_and_file(home: Home) -> None:
    with home.writing() as session:
        approving.approve(
            session, DOCUMENT, TESS, version=session.get_one(Document, DOCUMENT).version, override_mismatch=True,
            reason="as the page says",
        )  # fmt: skip
        filing.file_document(session, home.vault, DOCUMENT)


def _has_no_problem(home: Home) -> None:
    with home.reading() as session:
        assert verify(session, home.vault).problems == ()
        assert pages.ledger(session).balances


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["egret\nPage 3 of 4"], [("page 3 of 4", 3, "")]),
        (["egret\nPage 3 of 4", "ibis\nPage 5 of 5"], [
            ("page 3 of 4", 3, ""), ("page 5 of 5", 5, "the document says that it has 4 pages"),
        ]),
        (["egret\nPage 2 of 4", "ibis\nPage 3 of 4"], [
            ("page 2 of 4", 3, "the document has a page 2 already: look at both"), ("page 3 of 4", 4, ""),
        ]),
        (["egret without a number"], [("", 4, "no page number is printed on it: it goes behind the others")]),
    ],
)  # fmt: skip
def test_pages_go_where_their_numbers_say(home: Home, texts: list[str], expected: list[tuple[str, int, str]]) -> None:
    late = put(home, [note(*ANA, texts[0]), *texts[1:]], "late.tif")[0]
    with home.reading() as session:
        assert [one.document_id for one in latepages.late_documents(session, DOCUMENT, TESS)] == [late]
        found = latepages.places_for(session, DOCUMENT, late, TESS)
    assert [(place.says, place.place, place.note) for place in found] == expected


def test_a_page_that_came_later_is_put_in_and_filed_with_the_next_version(home: Home) -> None:
    late = put(home, [note(*ANA, "egret", "Page 3 of 4")], "late.tif")[0]
    _edit(home, PageEdit(ChangeKind.PUT_IN, to_document=late, places=(3,)))
    assert _words(home) == ["PROGRESS", "walrus", "PROGRESS", "heron"]
    with home.writing() as session:
        assert session.get_one(Document, late).state == "voided"
        assert [hit.page for hit in search.find_pages(session, "heron", SAM)] == [3]  # what is filed
        assert search.find_pages(session, "egret", SAM) == []
    _approve_and_file(home)
    with home.writing() as session:
        assert [hit.page for hit in search.find_pages(session, "egret", SAM)] == [3]
        assert [hit.page for hit in search.find_pages(session, "heron", SAM)] == [4]
        before, after = earlier.list_versions(session, DOCUMENT, SAM)
        assert (before.changes, [(c.what, c.after) for c in after.changes]) == ((), [("Page put in", "page 3")])
        assert earlier.version_page(session, home.vault, DOCUMENT, 1, 4, SAM) is None
        assert earlier.version_page(session, home.vault, DOCUMENT, 2, 4, SAM)
    _has_no_problem(home)


@pytest.mark.parametrize("way_back", ["undo", "cancel"])
def test_what_was_put_in_becomes_a_document_of_its_own_again(home: Home, way_back: str) -> None:
    late = put(home, [note(*ANA, "egret", "Page 3 of 4"), "ibis\nPage 5 of 5"], "late.tif")[0]
    _edit(home, PageEdit(ChangeKind.PUT_IN, to_document=late, places=(3, 5)))
    assert len(_words(home)) == 5
    with home.writing() as session:
        if way_back == "undo":
            rearranging.undo(session, DOCUMENT, TESS, understand)
        else:
            amending.cancel(session, DOCUMENT, TESS)
    assert _words(home) == ["PROGRESS", "walrus", "heron"]
    assert _words(home, late) == ["PROGRESS", "ibis"]
    with home.reading() as session:
        assert session.get_one(Document, late).state == "to_verify"
    _has_no_problem(home)
    if way_back == "cancel":  # it is no change that could be undone now
        with home.writing() as session:
            amending.open_amendment(session, DOCUMENT, "late_page", "page three came today", TESS)
            with pytest.raises(StateRefused, match="nothing to undo"):
                rearranging.undo(session, DOCUMENT, TESS, understand)


@pytest.mark.parametrize("places", [(), (3, 4), (0,), (5,), (2, 2)])
def test_each_page_gets_one_place(home: Home, places: tuple[int, ...]) -> None:
    late = put(home, [note(*ANA, "egret")], "late.tif")[0]
    with pytest.raises(StateRefused, match="which place it gets"):
        _edit(home, PageEdit(ChangeKind.PUT_IN, to_document=late, places=places))
    _has_no_problem(home)


def test_pages_of_another_patient_are_not_put_in(home: Home) -> None:
    lee = put(home, [note(*LEE, "egret")], "lee.tif")[0]
    with home.writing() as session:
        document = session.get_one(Document, lee)
        document.person_id, document.decision = 2, "confirmed"
    unclear = put(home, [note(*LEE, "ibis")], "unclear.tif")[0]
    with home.writing() as session:
        document = session.get_one(Document, unclear)
        document.person_id, document.decision = None, "ask"
        assert latepages.late_documents(session, DOCUMENT, TESS) == []
    for late, sentence in ((lee, "of another patient"), (unclear, "name another patient")):
        with home.reading() as session, pytest.raises(StateRefused, match=sentence):
            latepages.places_for(session, DOCUMENT, late, TESS)
        with pytest.raises(StateRefused, match=sentence):
            _edit(home, PageEdit(ChangeKind.PUT_IN, to_document=late, places=(1,)))
    assert _words(home) == ["PROGRESS", "walrus", "heron"]


def test_what_is_filed_protected_or_on_another_desk_is_not_put_in(home: Home) -> None:
    late = put(home, [note(*ANA, "egret")], "late.tif")[0]
    with pytest.raises(StateRefused, match="in this document already"):
        _edit(home, PageEdit(ChangeKind.PUT_IN, to_document=DOCUMENT, places=(1, 2, 3)))
    with pytest.raises(StateRefused, match="no such document"):
        _edit(home, PageEdit(ChangeKind.PUT_IN, to_document=99, places=(1,)))
    with home.writing() as session:
        labelling.add(session, leases.claim(session, late, SAM).id, "BH", "a note of a clinic", SAM)
        leases.end_all(session, SAM)
        assert latepages.late_documents(session, DOCUMENT, TESS) == []
        with pytest.raises(NotAllowed, match="protected"):
            latepages.places_for(session, DOCUMENT, late, TESS)
        leases.claim(session, late, UMA)
    with home.reading() as session, pytest.raises(StateRefused, match="uma is working on this document"):
        latepages.places_for(session, DOCUMENT, late, TESS)
    with home.reading() as session, pytest.raises(NotAllowed):
        latepages.places_for(session, DOCUMENT, late, OLGA)
    with home.reading() as session, pytest.raises(NotAllowed):
        latepages.late_documents(session, DOCUMENT, OLGA)


def test_a_label_goes_along_and_what_was_lifted_for_another_scan_is_asked_again(home: Home) -> None:
    assert "BH" in LABELS
    late = put(home, [note(*ANA, "egret")], "late.tif")[0]
    with home.writing() as session:
        leases.claim(session, late, TESS)
        labelling.add(session, late, "BH", "a note of a clinic", TESS)
        labelling.add(session, late, "SEX", "a note of a clinic", TESS)
        labelling.lift(session, late, "SEX", "it is not that", TESS)
    _edit(home, PageEdit(ChangeKind.PUT_IN, to_document=late, places=(4,)))
    with home.reading() as session:
        document = session.get_one(Document, DOCUMENT)
        assert ([label["code"] for label in document.labels], document.lifted) == (["BH"], [])


def test_a_page_scanned_again_takes_the_place_and_the_one_before_is_kept_in_its_version(home: Home) -> None:
    with home.writing() as session:
        second = pages.pages_of_document(session, DOCUMENT)[1]
        version = session.get_one(Document, DOCUMENT).version
        (request,) = rescans.ask(session, DOCUMENT, [second.id], "blurred", "", TESS, version=version)
    new = put(home, ["seal\nPage 2 of 4"], "again.tif")[0]
    with home.writing() as session:
        rescans.take_arrived(session, request.id, new, understand)
        assert session.get_one(Page, second.id).disposition == Disposition.REFUSED
        leases.claim(session, DOCUMENT, TESS)
    assert _words(home) == ["PROGRESS", "seal", "heron"]
    with home.writing() as session:
        assert [hit.page for hit in search.find_pages(session, "walrus", SAM)] == [2]
    _has_no_problem(home)
    _approve_and_file(home)
    with home.writing() as session:
        assert search.find_pages(session, "walrus", SAM) == []
        assert [hit.page for hit in search.find_pages(session, "seal", SAM)] == [2]
        _, after = earlier.list_versions(session, DOCUMENT, SAM)
        assert [(c.what, c.before, c.after) for c in after.changes] == [("Page scanned again", "page 2", "page 2")]
        first, second_version = versions.of_document(session, DOCUMENT)
        assert [page["page"] for page in first.pages] != [page["page"] for page in second_version.pages]
        assert earlier.version_page(session, home.vault, DOCUMENT, 1, 2, SAM)
    _has_no_problem(home)


def test_a_page_scanned_again_goes_back_when_the_amendment_is_cancelled(home: Home) -> None:
    with home.writing() as session:
        second = pages.pages_of_document(session, DOCUMENT)[1]
        version = session.get_one(Document, DOCUMENT).version
        (request,) = rescans.ask(session, DOCUMENT, [second.id], "blurred", "", TESS, version=version)
    new = put(home, ["seal\nPage 2 of 4"], "again.tif")[0]
    with home.writing() as session:
        rescans.take_arrived(session, request.id, new, understand)
    with home.writing() as session:
        amending.cancel(session, DOCUMENT, TESS)
    assert (_words(home), _words(home, new)) == (["PROGRESS", "walrus", "heron"], ["seal"])
    with home.reading() as session:
        assert session.get_one(Document, new).state == "to_verify"
        assert [row.replaces_id for row in pages.pages_of_document(session, new)] == [None]
    _has_no_problem(home)


def test_a_hidden_page_that_came_in_is_hidden_again_by_a_cancel(home: Home) -> None:
    """Pages of the scan that were hidden before it was filed."""
    with home.writing() as session:
        amending.cancel(session, DOCUMENT, TESS)
    two = put(home, [note(*ANA, "otter", "Page 1 of 2"), "lynx\nPage 2 of 2"], "two.tif")[0]
    with home.writing() as session:
        document = leases.claim(session, two, TESS)
        document.person_id, document.decision = 1, "confirmed"
        last = pages.pages_of_document(session, two)[1].id
        rearranging.rearrange(
            session,
            two,
            PageEdit(ChangeKind.HIDE, (last,), why="duplicate"),
            TESS,
            understand,
            version=document.version,
        )
        version = session.get_one(Document, two).version
        approving.approve(session, two, TESS, version=version, override_mismatch=True, reason="as the page says")
        filing.file_document(session, home.vault, two)
        version = amending.open_amendment(session, two, "late_page", "it belongs to it", TESS).version
        rearranging.rearrange(session, two, PageEdit(ChangeKind.RESTORE, (last,)), TESS, understand, version=version)
        assert session.get_one(Page, last).document_id == two
        amending.cancel(session, two, TESS)
        row = session.get_one(Page, last)
        assert (row.disposition, row.document_id, row.reason) == ("refused", None, "hidden: duplicate")
    _has_no_problem(home)


def test_what_was_typed_on_a_page_of_one_scan_stays_when_a_page_of_another_moves(home: Home) -> None:
    """Pages of two scans bear the same numbers: page 1 of what was put in is not page 1 of its neighbour."""
    put(home, [note(*LEE, "otter"), note(*ANA, "lynx")], "neighbours.tif")
    with home.writing() as session:
        amending.cancel(session, DOCUMENT, TESS)
        first, second = (
            row.document_id or 0
            for row in session.exec(select(Page).where(Page.batch_id == 2).order_by(col(Page.number)))
        )
        typed = leases.claim(session, first, TESS)
        fields.save_corrections(session, first, [Correction("mrn", "00777778")], TESS, version=typed.version)
        session.get_one(Document, second).person_id = 1
        leases.claim(session, second, TESS)
    late = put(home, [note(*ANA, "egret")], "late.tif")[0]
    with home.writing() as session:
        change = PageEdit(ChangeKind.PUT_IN, to_document=late, places=(1,))
        version = session.get_one(Document, second).version
        rearranging.rearrange(session, second, change, TESS, understand, version=version)
        kept = session.exec(select(FieldRow.document_id).where(FieldRow.value == "00777778")).all()
    assert kept == [first]
