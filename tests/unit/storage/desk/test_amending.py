"""A filed document corrected without claiming a wrong chart: a new version, the old one kept, and nothing left by a cancel."""

import io
import json
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, select, update

from ocr.page import Box, Note, NoteKind, OcrPage
from review_app.model import amending as model
from review_app.model import viewing as looking
from storage.custody.integrity import verify
from storage.desk import amending, approving, blanks, rearranging, remarks, rereading, rescans, waiting
from storage.desk.rearranging import ChangeKind, PageEdit
from storage.documents import (
    amendments,
    breakglass,
    earlier,
    fields,
    filing,
    identity,
    labelling,
    leases,
    misfiling,
    search,
    versions,
    viewing,
)
from storage.documents.fields import Correction
from storage.documents.search import Filter
from storage.foundation.errors import NotAllowed, StateRefused
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Page, Reading
from storage.foundation.tables.desk import PageChange, RemarkKind
from storage.foundation.tables.documents import CandidateRow, Document, FieldRow
from storage.foundation.tables.versions import Amendment, FiledVersion
from tests.given.desk import note, put, read_page, understand
from tests.given.records import OLGA, SAM, TESS, UMA, add_person
from tests.given.template import Template

DOCUMENT, ANA, LEE = 1, 1, 2
AUDITOR = Actor("audrey", Role.AUDITOR)
_PAGES = [
    note("00123456", "Rivera, Ana", "03/14/1957", "Date of Service: 02/01/2024", "zebra of the first page"),
    "the second page has a giraffe",
    "the third page has a walrus",
]


@pytest.fixture(scope="module")
def starting_home(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A filed document of three pages in Ana's chart; Lee is on the list too."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("amended"))
    assert (add_person(home), add_person(home, "00777777", "Kim", "Lee")) == (ANA, LEE)
    made = put(home, _PAGES, "scan.tif")
    assert made == [DOCUMENT]
    with home.writing() as session:
        document = leases.claim(session, DOCUMENT, TESS)
        version = fields.save_corrections(
            session, DOCUMENT, [Correction("service_date", "2024-02-01")], TESS, version=document.version,
            type_code="PROGRESS_NOTE",
        )  # fmt: skip
        document.person_id = ANA
        approving.approve(session, DOCUMENT, TESS, version=version, override_mismatch=True, reason="as the page says")
        filing.file_document(session, home.vault, DOCUMENT)
    return Template.of(home)


def _open(home: Home, actor: Actor = TESS, code: str = "wrong_date") -> Document:
    with home.writing() as session:
        return amending.open_amendment(session, DOCUMENT, code, "the day is wrong", actor)


def _correct(home: Home, day: str = "2024-02-02", actor: Actor = TESS, kind: str | None = None) -> None:
    with home.writing() as session:
        version = session.get_one(Document, DOCUMENT).version
        fields.save_corrections(
            session, DOCUMENT, [Correction("service_date", day)], actor, version=version, type_code=kind
        )


def _approve(home: Home, actor: Actor = TESS) -> None:
    with home.writing() as session:
        approving.approve(
            session, DOCUMENT, actor, version=session.get_one(Document, DOCUMENT).version, override_mismatch=True,
            reason="as the page says",
        )  # fmt: skip


def _file(home: Home) -> None:
    with home.writing() as session:
        filing.file_document(session, home.vault, DOCUMENT)


def _edit(home: Home, edit: PageEdit, actor: Actor = TESS) -> None:
    with home.writing() as session:
        version = session.get_one(Document, DOCUMENT).version
        rearranging.rearrange(session, DOCUMENT, edit, actor, understand, version=version)


def _page_ids(home: Home) -> list[int]:
    with home.reading() as session:
        rows = select(Page.id).where(Page.document_id == DOCUMENT).order_by(col(Page.position))
        return list(session.exec(rows))


def _has_no_problem(home: Home) -> None:
    with home.reading() as session:
        assert verify(session, home.vault).problems == ()


def _dump(home: Home) -> dict[str, Any]:
    """All that the database says of documents, values and pages, but times, leases and the count of saves."""
    left_out = {"id", "version", "updated_at", "created_at", "lease_until", "claimed_by", "why_waiting"}
    tables: tuple[type[SQLModel], ...] = (Document, FieldRow, CandidateRow, Page, FiledVersion)
    with home.reading() as session:
        return {
            table.__name__: [row.model_dump(exclude=left_out) for row in session.exec(select(table))]
            for table in tables
        }


def test_what_is_filed_is_its_first_version(home: Home) -> None:
    with home.reading() as session:
        (version,) = versions.of_document(session, DOCUMENT)
        document = session.get_one(Document, DOCUMENT)
        assert (version.number, version.verified_by, version.filed_by) == (1, "tess", "machine")
        assert (version.type_code, version.service_date, version.person_id) == ("PROGRESS_NOTE", "2024-02-01", ANA)
        assert (version.id, version.blob_id) == (document.filed_version_id, document.filed_blob_id)
        assert [page["label"] for page in version.pages] == [1, 2, 3]
        assert {value["name"]: value["value"] for value in version.fields}["mrn"] == "00123456"
    _has_no_problem(home)


def test_an_amendment_is_filed_as_the_next_version_and_chart_search_and_pdf_follow(home: Home) -> None:
    _open(home)
    _correct(home, kind="DISCHARGE_SUMMARY")
    _edit(home, PageEdit(ChangeKind.REORDER, (_page_ids(home)[2],), position=1))
    with home.writing() as session:  # all the while the filed version is in the chart
        (line,) = filing.chart_of(session, ANA, SAM)
        assert (line.type_code, line.service_date, line.version, line.is_amended) == (
            "PROGRESS_NOTE",
            "2024-02-01",
            1,
            True,
        )
        (hit,) = search.find_pages(session, "walrus", SAM)
        assert (hit.page, hit.type_code, hit.service_date) == (3, "PROGRESS_NOTE", "2024-02-01")
        assert search.find_pages(session, "", SAM, only=Filter(type_code="DISCHARGE_SUMMARY")) == []
        assert len(search.find_pages(session, "", SAM, only=Filter(type_code="PROGRESS_NOTE"))) == 1
    _approve(home)
    with home.writing() as session:  # approved and not filed yet: still
        assert [hit.page for hit in search.find_pages(session, "walrus", SAM)] == [3]
        assert [line.version for line in filing.chart_of(session, ANA, SAM)] == [1]
    _file(home)
    with home.writing() as session:
        (line,) = filing.chart_of(session, ANA, SAM)
        assert (line.type_code, line.service_date, line.version, line.is_amended) == (
            "DISCHARGE_SUMMARY", "2024-02-02", 2, False,
        )  # fmt: skip
        (hit,) = search.find_pages(session, "walrus", SAM)
        assert (hit.page, hit.type_code, hit.service_date) == (2, "DISCHARGE_SUMMARY", "2024-02-02")
        assert len(search.find_pages(session, "", SAM, only=Filter(type_code="DISCHARGE_SUMMARY"))) == 1
        pdf = filing.filed_pdf(session, home.vault, DOCUMENT, SAM)
        with pikepdf.open(io.BytesIO(pdf)) as document:
            assert (len(document.pages), str(document.docinfo["/Subject"])) == (
                3,
                "MRN 00123456, document 1, version 2",
            )
    second, first = model.list_versions(home, SAM, DOCUMENT)
    with home.reading() as session:
        assert (first.is_in_chart, second.is_in_chart, second.amended_by) == (False, True, "tess")
        assert second.reason == "a date is wrong: the day is wrong"
        assert [(c.what, c.before, c.after) for c in second.changes] == [
            ("Kind of document", "Progress note", "Discharge summary"),
            ("Date of service", "2024-02-01", "2024-02-02"),
            ("Order of pages", "pages 1, 2, 3", "pages 1, 3, 2"),
        ]
        assert session.exec(select(Amendment.outcome)).one() == "filed"
    assert model.changed(second).startswith(
        "Kind of document: Progress note → Discharge summary; Date of service: 02/01/2024"
    )
    _has_no_problem(home)


def test_the_version_before_is_shown_as_such_and_who_saw_which_is_listed(home: Home) -> None:
    with home.writing() as session:
        viewing.page_view(session, home.vault, DOCUMENT, 2, UMA)
        filing.filed_pdf(session, home.vault, DOCUMENT, SAM)
    _open(home)
    _correct(home)
    with home.writing() as session:
        viewing.page_view(session, home.vault, DOCUMENT, 1, TESS)  # at the desk: of no version
        filing.filed_pdf(session, home.vault, DOCUMENT, UMA)
    _approve(home)
    _file(home)
    with home.writing() as session:
        viewing.page_view(session, home.vault, DOCUMENT, 1, TESS)
        assert earlier.version_page(session, home.vault, DOCUMENT, 1, 3, SAM)
        assert earlier.version_page(session, home.vault, DOCUMENT, 1, 4, SAM) is None
        old = earlier.version_pdf(session, home.vault, DOCUMENT, 1, SAM)
        kept = earlier.version_pdf(session, home.vault, DOCUMENT, 2, SAM)
        assert kept == filing.filed_pdf(session, home.vault, DOCUMENT, SAM)
        with pytest.raises(StateRefused, match="no such version"):
            earlier.version_pdf(session, home.vault, DOCUMENT, 3, SAM)
    with pikepdf.open(io.BytesIO(old)) as document:
        assert str(document.docinfo["/Title"]).startswith("Progress note: SUPERSEDED: version 1, filed ")
        assert len(document.pages) == 3
    with home.writing() as session:
        first, second = earlier.list_versions(session, DOCUMENT, SAM)
    assert [(viewer.who, viewer.times) for viewer in first.viewers] == [("uma", 2), ("sam", 3)]
    assert [(viewer.who, viewer.times) for viewer in second.viewers] == [("tess", 1), ("sam", 2)]
    shown = model.look_at(home, SAM, DOCUMENT, 1)
    assert "SUPERSEDED: version 1" in shown.title
    assert [page.src.partition("?")[0] for page in shown.pages] == [f"/version/1/1/{at}.jpg" for at in (1, 2, 3)]
    assert model.superseded(home, DOCUMENT, 2) == ""


def test_a_cancelled_amendment_leaves_nothing_behind_but_the_log(home: Home) -> None:
    before = _dump(home)
    _open(home)
    _correct(home, kind="DISCHARGE_SUMMARY")
    first, second, third = _page_ids(home)
    _edit(home, PageEdit(ChangeKind.REORDER, (third,), position=0))
    _edit(home, PageEdit(ChangeKind.TURN, (first,), degrees=90))
    _edit(home, PageEdit(ChangeKind.HIDE, (second,), why="not_part"))
    assert _dump(home) != before
    with home.writing() as session:
        amending.cancel(session, DOCUMENT, TESS)
    assert _dump(home) == before
    with home.writing() as session:
        document = session.get_one(Document, DOCUMENT)
        assert (document.state, document.claimed_by, document.why_waiting) == ("filed", None, None)
        assert session.exec(select(Amendment.outcome)).one() == "cancelled"
        assert [hit.page for hit in search.find_pages(session, "walrus", SAM)] == [3]
        told = session.exec(select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(2)).all()[1]
        assert told.action == "cancel_amendment"
        assert json.loads(told.detail)["blob"] == document.filed_blob_id
    _has_no_problem(home)
    _open(home)  # it can be amended again


@pytest.mark.parametrize("put_aside", ["pend", "rescan"])
def test_an_amendment_that_waits_for_something_is_cancelled_too(home: Home, put_aside: str) -> None:
    before = _dump(home)
    version = _open(home).version
    with home.writing() as session:
        if put_aside == "pend":
            waiting.put_aside(session, DOCUMENT, RemarkKind.PEND, "missing_page", "", TESS, version=version)
        else:
            rescans.ask(session, DOCUMENT, _page_ids(home)[:1], "blurred", "", TESS, version=version)
    with home.writing() as session:
        amending.cancel(session, DOCUMENT, TESS)
        assert rescans.waiting(session, SAM) == []
    assert _dump(home) == before
    _has_no_problem(home)


def test_a_label_of_protection_that_somebody_gave_meanwhile_stays(home: Home) -> None:
    _open(home)
    with home.writing() as session:
        labelling.add(session, DOCUMENT, "BH", "a note of a psychiatrist", TESS)
        assert [line.type_name for line in filing.chart_of(session, ANA, UMA)] == ["Protected document"]
        assert search.find_pages(session, "walrus", UMA) == []
    with home.writing() as session:
        amending.cancel(session, DOCUMENT, TESS)
        assert [label["code"] for label in session.get_one(Document, DOCUMENT).labels] == ["BH"]
        with pytest.raises(NotAllowed):
            earlier.version_page(session, home.vault, DOCUMENT, 1, 1, UMA)


def test_a_version_that_was_protected_stays_so_when_the_next_one_is_not(home: Home) -> None:
    with home.writing() as session:
        labelling.add(session, DOCUMENT, "BH", "a note of a psychiatrist", SAM)
    _open(home, SAM)
    _correct(home, actor=SAM)
    _approve(home, SAM)
    _file(home)
    with home.writing() as session:
        labelling.lift(session, DOCUMENT, "BH", "it was another clinic", SAM)
        viewing.check_may_see(session, session.get_one(Document, DOCUMENT), UMA)
        with pytest.raises(NotAllowed, match="protected"):
            earlier.version_page(session, home.vault, DOCUMENT, 2, 1, UMA)
        assert [bool(version.refusal) for version in earlier.list_versions(session, DOCUMENT, UMA)] == [False, True]
        assert [len(version.changes) for version in earlier.list_versions(session, DOCUMENT, UMA)] == [0, 0]
        breakglass.break_glass(session, DOCUMENT, UMA, next(iter(breakglass.PURPOSES)), "he is being treated now")
        assert earlier.version_page(session, home.vault, DOCUMENT, 2, 1, UMA)
    assert model.look_at(home, UMA, DOCUMENT, 2).until
    assert model.look_at(home, SAM, DOCUMENT, 2).until == ""


def test_notes_of_the_file_stand_beside_the_pages_of_a_version_too(home: Home) -> None:
    with home.writing() as session:
        row = session.exec(select(Page).where(Page.document_id == DOCUMENT, Page.position == 1)).one()
        reading = session.get_one(Reading, row.reading_id)
        note = Note(NoteKind.STAMP, "RECEIVED", Box(0, 0, 9, 9))
        reading.data = replace(OcrPage.from_bytes(reading.data), notes=(note,)).to_bytes()
    _open(home)
    for shown in (model.look_at(home, SAM, DOCUMENT, 1), looking.look(home, SAM, DOCUMENT)):
        assert [[note.text for note in page.notes] for page in shown.pages] == [[], ["RECEIVED"], []]


def test_pages_of_somebody_else_in_an_old_version_are_for_supervisors(home: Home) -> None:
    with home.writing() as session:
        proposal = misfiling.propose(session, DOCUMENT, (2,), LEE, "page of Lee Kim", "mixed_batch", TESS)
    with home.writing() as session:
        misfiling.confirm(session, proposal, SAM, "seen on paper")
        assert session.get_one(Document, DOCUMENT).filed_version_id is None
        assert versions.in_chart(session, session.get_one(Document, DOCUMENT)) is None
        leases.claim(session, DOCUMENT, TESS)
    _approve(home)
    _file(home)
    with home.writing() as session:
        assert [line.version for line in filing.chart_of(session, ANA, SAM)] == [2]
        with pytest.raises(NotAllowed, match="wrong chart"):
            earlier.version_page(session, home.vault, DOCUMENT, 1, 2, UMA)
        assert earlier.version_page(session, home.vault, DOCUMENT, 1, 2, SAM)
        assert earlier.version_page(session, home.vault, DOCUMENT, 2, 2, UMA)
    _has_no_problem(home)


# ---- what an amendment never does


def _choose_lee(session: Session, document: Document) -> None:
    identity.choose_patient(session, DOCUMENT, LEE, TESS, version=document.version, retyped="00777777")


def _to_registration(session: Session, document: Document) -> None:
    waiting.put_aside(session, DOCUMENT, RemarkKind.REGISTER, "not_listed", "", TESS, version=document.version)


def _whose(session: Session, document: Document) -> None:
    waiting.put_aside(session, DOCUMENT, RemarkKind.PEND, "patient_unclear", "", TESS, version=document.version)


@pytest.mark.parametrize("change", [_choose_lee, _to_registration, _whose])
def test_its_patient_stays(home: Home, change: Any) -> None:
    _open(home)
    with home.writing() as session, pytest.raises(StateRefused, match="its patient stays"):
        change(session, session.get_one(Document, DOCUMENT))
    with home.reading() as session:
        assert session.get_one(Document, DOCUMENT).person_id == ANA


def test_its_pages_go_to_no_other_document(home: Home) -> None:
    other = put(home, ["PROGRESS NOTE", "a page more"], "other.tif")[0]
    _open(home)
    pages = _page_ids(home)
    for edit in (
        PageEdit(ChangeKind.SPLIT, (pages[1],)),
        PageEdit(ChangeKind.JOIN),
        PageEdit(ChangeKind.MOVE, (pages[1],), to_document=other),
    ):
        with pytest.raises(StateRefused, match="its pages go to no other document"):
            _edit(home, edit)
    _has_no_problem(home)


def test_what_was_done_before_it_was_filed_is_not_undone(home: Home) -> None:
    _open(home)
    _edit(home, PageEdit(ChangeKind.TURN, (_page_ids(home)[0],), degrees=180))
    with home.writing() as session:
        rearranging.undo(session, DOCUMENT, TESS, understand)
        with pytest.raises(StateRefused, match="nothing to undo"):
            rearranging.undo(session, DOCUMENT, TESS, understand)
    with home.writing() as session:  # a change of before, as a document that was split off would have it
        session.add(PageChange(batch_id=1, document_id=DOCUMENT, kind="split", before=[], after=[], done_by="tess"))
        session.flush()
        session.exec(update(Amendment).values(before={"last_change": 99, "pages": []}))
        session.expire_all()
        with pytest.raises(StateRefused, match="is filed"):
            rearranging.undo(session, DOCUMENT, TESS, understand)


def test_an_amendment_that_changes_nothing_is_not_filed(home: Home) -> None:
    _open(home)
    with pytest.raises(StateRefused, match="Nothing differs"):
        _approve(home)
    with home.writing() as session:
        fields.save_corrections(
            session, DOCUMENT, [Correction("mrn", "00123456", is_confirmed=True)], TESS,
            version=session.get_one(Document, DOCUMENT).version,
        )  # fmt: skip
    with pytest.raises(StateRefused, match="Nothing differs"):
        _approve(home)


@pytest.mark.parametrize(
    ("code", "text", "sentence"),
    [
        ("", "the day is wrong", "Choose why the document is amended."),
        ("dance", "the day is wrong", "Choose why the document is amended."),
        ("wrong_date", "", "what is wrong"),
        ("wrong_date", "day", "what is wrong"),
    ],
)
def test_an_amendment_has_a_reason(home: Home, code: str, text: str, sentence: str) -> None:
    with home.writing() as session, pytest.raises(StateRefused, match=sentence):
        amending.open_amendment(session, DOCUMENT, code, text, TESS)
    _has_no_problem(home)


@pytest.mark.parametrize("actor", [OLGA, AUDITOR, Actor("adam", Role.ADMIN)])
def test_only_who_verifies_amends(home: Home, actor: Actor) -> None:
    with pytest.raises(NotAllowed, match="amend a filed document"):
        _open(home, actor)
    _open(home)
    with home.writing() as session, pytest.raises(NotAllowed, match="amend a filed document"):
        amending.cancel(session, DOCUMENT, actor)


def test_what_waits_for_two_people_or_is_amended_already_is_not_amended(home: Home) -> None:
    with home.writing() as session:
        proposal = misfiling.propose(session, DOCUMENT, (), None, "page of Lee Kim", "other", TESS)
    with pytest.raises(StateRefused, match="wrong chart waits"):
        _open(home)
    with home.writing() as session:
        misfiling.withdraw(session, proposal, TESS)
    _open(home)
    with pytest.raises(StateRefused, match="being amended already"):
        _open(home, SAM)
    with home.writing() as session, pytest.raises(StateRefused, match="being amended"):
        misfiling.propose(session, DOCUMENT, (), None, "page of Lee Kim", "other", TESS)
    waits = put(home, ["PROGRESS NOTE"], "waits.tif")[0]
    with home.writing() as session, pytest.raises(StateRefused, match="not filed"):
        amending.open_amendment(session, waits, "other", "the day is wrong", TESS)


def test_a_protected_document_is_amended_by_who_may_open_it(home: Home) -> None:
    with home.writing() as session:
        labelling.add(session, DOCUMENT, "BH", "a note of a psychiatrist", SAM)
    with pytest.raises(NotAllowed, match="protected"):
        _open(home)
    _open(home, SAM)


def test_an_amendment_is_cancelled_by_who_opened_it_or_a_supervisor(home: Home) -> None:
    _open(home)
    with home.writing() as session, pytest.raises(NotAllowed, match="tess opened this amendment"):
        amending.cancel(session, DOCUMENT, UMA)
    _correct(home)
    _approve(home)
    with home.writing() as session, pytest.raises(StateRefused, match="approved already"):
        amending.cancel(session, DOCUMENT, TESS)
    with home.writing() as session:
        approving.take_back(session, DOCUMENT, TESS)
        assert [hit.page for hit in search.find_pages(session, "walrus", SAM)] == [3]
        amending.cancel(session, DOCUMENT, SAM)
        with pytest.raises(StateRefused, match="not being amended"):
            amending.cancel(session, DOCUMENT, SAM)


def test_who_works_on_it_is_asked_before_it_is_cancelled(home: Home) -> None:
    _open(home)
    with home.writing() as session:
        leases.end_all(session, TESS)
        leases.claim(session, DOCUMENT, UMA)
        with pytest.raises(StateRefused, match="uma is working on this document"):
            amending.cancel(session, DOCUMENT, TESS)


def test_a_page_that_was_hidden_from_it_goes_nowhere_else_meanwhile(home: Home) -> None:
    _open(home)
    hidden = _page_ids(home)[2]
    _edit(home, PageEdit(ChangeKind.HIDE, (hidden,), why="blank"))
    with home.reading() as session:
        assert amendments.holding(session, {hidden}) == DOCUMENT
        assert amendments.holding(session, {hidden}, other_than=DOCUMENT) is None
    with home.writing() as session, pytest.raises(StateRefused, match="being amended"):
        blanks.keep_as_page(session, hidden, TESS, understand)


def test_a_version_is_never_changed_or_deleted(home: Home) -> None:
    for statement in (
        "UPDATE filed_version SET type_code = 'OTHER'",
        "DELETE FROM filed_version",
        "UPDATE document SET filed_version_id = NULL",
    ):
        with pytest.raises(IntegrityError), home.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_the_desk_tells_that_it_is_an_amendment_and_no_words_of_it_are_in_the_log(home: Home) -> None:
    _open(home)
    offer = model.offer(home, UMA, DOCUMENT)
    assert offer is not None
    assert offer.waiting.startswith("tess is amending the filed document since ")
    assert "a date is wrong: the day is wrong. Version 1 stays in the chart" in offer.waiting
    assert (offer.may_amend, offer.may_cancel, offer.on_desk) == (False, False, False)
    with home.reading() as session:
        assert remarks.remarks_of(session, DOCUMENT) == []
        for event in session.exec(select(AuditEvent)):
            assert "the day is wrong" not in event.detail
        told = session.exec(select(AuditEvent).where(AuditEvent.action == "amend")).one()
        assert json.loads(told.detail)["reason"] == "a date is wrong"


def test_a_change_of_the_tables_is_noticed(home: Home) -> None:
    with home.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER filed_version_no_update")
        connection.exec_driver_sql("UPDATE filed_version SET number = 2, pages = '[{\"page\": 99}]'")
    with home.reading() as session:
        problems = verify(session, home.vault).problems
    assert problems == ("document:1: version 1 is missing", "document:1: a page of version 2 is missing")


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_a_page_that_is_turned_in_an_amendment_is_read_again(home: Home, is_cancelled: bool) -> None:
    _open(home)
    third = _page_ids(home)[2]
    _edit(home, PageEdit(ChangeKind.TURN, (third,), degrees=180))
    with home.reading() as session:
        (asked,) = rereading.waiting(session)
    assert (asked.page_id, asked.turn) == (third, 180)
    if is_cancelled:
        with home.writing() as session:
            amending.cancel(session, DOCUMENT, TESS)
    view = home.vault.seal_bytes("view", b"the page the other way up")
    with home.writing() as session:
        read = read_page("the third page has a walrus and a narwhal", 3)
        counts = rereading.keep(session, home.vault, asked, read, view, None, understand)
        assert counts is not is_cancelled
        assert rereading.waiting(session) == []
    if not is_cancelled:
        _approve(home)
        _file(home)
        first, second = model.list_versions(home, SAM, DOCUMENT)[::-1]
        assert [(change.what, change.before) for change in second.changes] == [("Page turned or read again", "page 3")]
        assert first.changes == ()
    with home.writing() as session:
        assert len(search.find_pages(session, "narwhal", SAM)) == int(not is_cancelled)
        assert len(search.find_pages(session, "walrus", SAM)) == 1
    _has_no_problem(home)
