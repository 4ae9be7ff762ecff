"""Pages rearranged by hand: nothing lost, everything undone, the documents understood anew."""

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from classify.guess import DocumentGuess
from classify.index import index_pages
from classify.profile import Profile
from ocr.page import OcrPage
from storage.custody import integrity, pages
from storage.desk import rearranging
from storage.desk.rearranging import Changed, PageEdit
from storage.documents import fields, identity, leases, moves
from storage.documents.fields import Correction
from storage.foundation.errors import StaleSave, StateRefused, StorageError
from storage.foundation.home import Home
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document
from storage.learning import accuracy
from storage.roster.lookup import StoredRoster
from tests.given.records import TESS, UMA, add_person, read_and_index, receive
from tests.given.template import Template

ANA = "PROGRESS NOTE\nPatient Name: Rivera, Ana\nMRN: 00123456\nDOB: 03/14/1957\nresting"
WEI = "CONSULTATION\nPatient Name: Chen, Wei\nMRN: 00777777\nDOB: 01/02/1980\nseen today"


def understand(session: Session, read: list[OcrPage]) -> DocumentGuess:
    return index_pages(read, StoredRoster(session), Profile())


@pytest.fixture
def held(home: Home) -> tuple[Home, int]:
    """A document of four pages, the last two of somebody else, on Tess's desk."""
    person = add_person(home)
    add_person(home, "00777777", "Chen", "Wei")
    document_id = read_and_index(home, receive(home, b"scan"), [ANA, "page two", WEI, "page four"], person)[0]
    with home.writing() as session:
        leases.claim(session, document_id, TESS)
    return home, document_id


def _do(home: Home, document_id: int, kind: str, numbers: tuple[int, ...] = (), **more: object) -> Changed:
    with home.writing() as session:
        document = session.get_one(Document, document_id)
        ids = tuple(p.id for p in pages.pages_of_batch(session, document.batch_id) if p.number in numbers)
        change = PageEdit(kind, ids, **more)  # type: ignore[arg-type]
        return rearranging.rearrange(session, document_id, change, TESS, understand, version=document.version)


def _undo(home: Home, document_id: int) -> Changed:
    with home.writing() as session:
        return rearranging.undo(session, document_id, TESS, understand)


def _numbers(home: Home, document_id: int) -> list[int]:
    with home.reading() as session:
        return [page.number for page in pages.pages_of_document(session, document_id)]


def _value(home: Home, document_id: int, name: str) -> str:
    with home.reading() as session:
        return {row.name: row.value for row in fields.current_fields(session, document_id)}.get(name, "")


def test_a_split_gives_each_document_its_own_patient_type_and_values(held: tuple[Home, int]) -> None:
    home, first = held
    new = _do(home, first, "split", (3,)).documents[-1]
    assert (_numbers(home, first), _numbers(home, new)) == ([1, 2], [3, 4])
    assert (_value(home, first, "mrn"), _value(home, new, "mrn")) == ("00123456", "00777777")
    with home.reading() as session:
        row = session.get_one(Document, new)
        assert (row.type_code, row.claimed_by, row.state) == ("CONSULT", "tess", "to_verify")
        assert [person.mrn for _, person in fields.candidates_of(session, new)][:1] == ["00777777"]
        assert integrity.verify(session, home.vault).problems == ()


def test_a_split_is_undone(held: tuple[Home, int]) -> None:
    home, first = held
    new = _do(home, first, "split", (3,)).documents[-1]
    assert _undo(home, first).stay_on == first
    assert _numbers(home, first) == [1, 2, 3, 4]
    with home.reading() as session:
        assert session.get_one(Document, new).state == "voided"
        assert integrity.verify(session, home.vault).problems == ()
    with pytest.raises(StateRefused, match="nothing to undo"):
        _undo(home, first)


def test_what_people_put_together_otherwise_is_counted_as_errors_of_separation(held: tuple[Home, int]) -> None:
    home, first = held
    new = _do(home, first, "split", (3,)).documents[-1]
    with home.writing() as session:
        for document_id in (first, new):
            document = session.get_one(Document, document_id)
            moves.move(
                session, document_id, "approve", TESS, version=document.version, override_mismatch=True, reason="a test"
            )
    with home.reading() as session:
        counted = accuracy.measure(session).separation
    assert (counted.documents, counted.wrong) == (2, 1)
    assert counted.errors == {"not_begun": 1, "begun_wrongly": 0, "page_elsewhere": 0, "out_of_order": 0}
    assert counted.record()["accuracy"] == 0.5


def test_a_change_that_was_taken_back_is_no_error_of_separation(held: tuple[Home, int]) -> None:
    home, first = held
    new = _do(home, first, "split", (3,)).documents[-1]
    joined = _do(home, new, "join")
    _undo(home, joined.stay_on)
    _undo(home, first)
    with home.writing() as session:
        document = session.get_one(Document, first)
        document.person_id, document.decision = 1, "confirmed"
        moves.move(session, first, "approve", TESS, version=document.version, override_mismatch=True, reason="a test")
    with home.reading() as session:
        assert accuracy.measure(session).separation.wrong == 0


def test_two_documents_are_joined_and_parted_again(held: tuple[Home, int]) -> None:
    home, first = held
    new = _do(home, first, "split", (3,)).documents[-1]
    joined = _do(home, new, "join")
    assert joined.stay_on == first
    assert _numbers(home, first) == [1, 2, 3, 4]
    with home.reading() as session:
        assert session.get_one(Document, new).state == "voided"
    _undo(home, first)
    assert (_numbers(home, first), _numbers(home, new)) == ([1, 2], [3, 4])
    with home.reading() as session:
        assert session.get_one(Document, new).state == "to_verify"
        assert integrity.verify(session, home.vault).problems == ()


def test_documents_confirmed_for_two_patients_are_not_joined(held: tuple[Home, int]) -> None:
    home, first = held
    new = _do(home, first, "split", (3,)).documents[-1]
    with home.writing() as session:
        for document_id, mrn in ((first, "00123456"), (new, "00777777")):
            document = session.get_one(Document, document_id)
            person = StoredRoster(session).find_by_keys(())  # nobody by no key
            assert person == []
            owner = next(p for _, p in fields.candidates_of(session, document_id) if p.mrn == mrn)
            identity.choose_patient(session, document_id, owner.id, TESS, version=document.version, retyped=mrn)
    with pytest.raises(StateRefused, match="different patients"):
        _do(home, new, "join")


def test_pages_are_moved_put_in_order_turned_hidden_and_restored(held: tuple[Home, int]) -> None:
    home, first = held
    new = _do(home, first, "split", (3,)).documents[-1]
    _do(home, first, "move", (2,), to_document=new)
    assert (_numbers(home, first), _numbers(home, new)) == ([1], [3, 4, 2])
    _do(home, new, "reorder", (2,), position=0)
    assert _numbers(home, new) == [2, 3, 4]
    _do(home, new, "hide", (4,), why="duplicate")
    assert _numbers(home, new) == [2, 3]
    _do(home, new, "turn", (3,), degrees=90)
    _do(home, new, "restore", (4,))
    assert _numbers(home, new) == [2, 3, 4]
    with home.reading() as session:
        ledger = pages.ledger(session)
        assert (ledger.found, ledger.to_verify, ledger.balances) == (4, 4, True)
        assert session.exec(select(Page.turn).where(Page.number == 3)).one() == 90
        assert integrity.verify(session, home.vault).problems == ()
    for _ in range(6):
        _undo(home, first if _numbers(home, first) != [1] or not _numbers(home, new) else new)
    assert _numbers(home, first) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("kind", "numbers", "more", "why"),
    [
        ("split", (1,), {}, "first page already"),
        ("join", (), {}, "No document lies before"),
        ("hide", (1, 2, 3, 4), {"why": "blank"}, "at least one page"),
        ("hide", (1,), {"why": "boring"}, "Say why"),
        ("turn", (1,), {"degrees": 45}, "90, 180 or 270"),
        ("move", (1,), {"to_document": 999}, "no such document"),
        ("restore", (1,), {}, "hidden page"),
        ("reorder", (1,), {"position": 0}, "changes nothing"),
        ("shred", (1,), {}, "no such change"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    held: tuple[Home, int], kind: str, numbers: tuple[int, ...], more: dict[str, object], why: str
) -> None:
    home, first = held
    with pytest.raises(StateRefused, match=why):
        _do(home, first, kind, numbers, **more)
    assert _numbers(home, first) == [1, 2, 3, 4]


def test_what_a_person_typed_goes_with_its_page(held: tuple[Home, int]) -> None:
    home, first = held
    with home.writing() as session:
        fields.save_corrections(session, first, [Correction("mrn", "00123459")], TESS, version=1)
    new = _do(home, first, "split", (2,)).documents[-1]
    assert _value(home, first, "mrn") == "00123459"
    assert _value(home, new, "mrn") == "00777777"


def test_paper_that_gives_no_better_image_is_marked_and_the_mark_is_undone(held: tuple[Home, int]) -> None:
    home, document_id = held

    def marked() -> list[int]:
        with home.reading() as session:
            return [p.number for p in pages.pages_of_document(session, document_id) if p.is_best_possible]

    _do(home, document_id, "best_possible", (2,))
    assert marked() == [2]
    _undo(home, document_id)
    assert marked() == []


def test_a_stale_or_a_foreign_change_is_refused(held: tuple[Home, int]) -> None:
    home, first = held
    with pytest.raises(StaleSave), home.writing() as session:
        rearranging.rearrange(session, first, PageEdit("split", (3,)), TESS, understand, version=99)
    with pytest.raises(StateRefused, match="hold"), home.writing() as session:
        rearranging.rearrange(session, first, PageEdit("split", (3,)), UMA, understand, version=1)


KINDS = ("split", "join", "move", "reorder", "hide", "restore", "turn", "undo")


@pytest.fixture(scope="module")
def five_pages(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A home with a document of five pages, to be copied."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("pages"))
    read_and_index(home, receive(home, b"scan"), [ANA, "two", WEI, "four", "five"], add_person(home))
    return Template.of(home)


@settings(max_examples=25)
@given(steps=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 5), st.integers(0, 4)), max_size=8))
def test_no_sequence_of_changes_loses_a_page(five_pages: Template, steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(five_pages.copied_to(Path(folder))) as home:
        for kind, number, more in steps:
            with home.reading() as session:
                page = session.exec(select(Page).where(Page.number == number)).one()
                alive = session.exec(select(Document.id).where(Document.state == "to_verify")).all()
            document_id = page.document_id or alive[more % len(alive)]
            try:
                with home.writing() as session:
                    leases.claim(session, document_id or 0, TESS)
                if kind == "undo":
                    _undo(home, document_id or 0)
                else:
                    _do(
                        home,
                        document_id or 0,
                        kind,
                        (number,),
                        degrees=90,
                        position=more,
                        why="blank",
                        to_document=alive[more % len(alive)],
                    )
            except StorageError:
                pass  # refused in a sentence; what counts is that nothing is lost
        with home.reading() as session:
            rows = session.exec(select(Page)).all()
            assert sorted(row.number for row in rows) == [1, 2, 3, 4, 5]
            assert pages.ledger(session).balances
            for document in session.exec(select(Document).where(Document.state == "to_verify")):
                order = [p.position for p in pages.pages_of_document(session, document.id)]
                assert order == list(range(len(order)))
                assert order
            assert integrity.verify(session, home.vault).problems == ()
