"""The screen of second looks: what it shows blind, the sentence of each end, and what figures prove."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from review_app.model import secondlooks
from storage.documents import leases, moves
from storage.foundation.errors import NotAllowed
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from storage.foundation.tables.desk import Remark
from storage.foundation.tables.documents import Document
from storage.foundation.tables.quality import QualityItem
from storage.quality import lots
from storage.quality.figures import Figures, Tally
from storage.quality.policy import Quality
from tests.given.records import SAM, TESS, UMA, add_person, read_and_index, receive

RIGHT = {"mrn": "00123456"}


@pytest.fixture
def drawn(home: Home) -> Iterator[tuple[Home, int, int]]:
    """A document that Tess verified and that waits for blind second keying: home, item, document."""
    [document] = read_and_index(home, receive(home, b"scan"), ["one", "two"], add_person(home))
    with home.writing() as session:
        leases.claim(session, document, TESS)
        moves.move(session, document, "approve", TESS)
        lots.hold_for_second_look(session, session.get_one(Document, document), Quality(double_key=["PROGRESS_NOTE"]))
        item = session.exec(select(QualityItem)).one()
    yield home, item.id, document


def _document(home: Home, document: int) -> Document:
    with home.reading() as session:
        return session.get_one(Document, document)


def _remarks(session: Session, document: int) -> list[str]:
    return [row.text for row in session.exec(select(Remark).where(Remark.document_id == document))]


def test_the_second_person_sees_pages_and_no_value(drawn: tuple[Home, int, int]) -> None:
    home, item, document = drawn
    look = secondlooks.next_look(home, UMA)
    assert look is not None
    assert (look.item, look.why, look.asked) == (item, "keyed a second time", ("mrn", "dob", "name"))
    assert (look.is_keyed, look.differences, look.waiting) == (False, (), 1)
    assert [page.src.partition("?")[0] for page in look.pages.pages] == [
        f"/page/{document}/1.jpg", f"/page/{document}/2.jpg",
    ]  # fmt: skip
    assert look.pages.title == f"Document {document}"
    assert all(page.boxes == () for page in look.pages.pages)
    assert not any(text in repr(look) for text in ("Rivera", "00123456", "PROGRESS", "Progress"))


def test_after_keying_both_answers_are_seen_by_who_keyed(drawn: tuple[Home, int, int]) -> None:
    home, item, _ = drawn
    assert secondlooks.key(home, UMA, item, {"mrn": "00999999"}) == ""
    look = secondlooks.next_look(home, UMA)
    assert look is not None
    assert look.is_keyed
    assert [(d.name, d.first, d.second) for d in look.differences] == [("mrn", "00123456", "00999999")]
    assert secondlooks.next_look(home, SAM) is None  # hers for an hour


@pytest.mark.parametrize("actor", [TESS, Actor("olga2", Role.TECHNICIAN)])
def test_nobody_is_shown_their_own_document(drawn: tuple[Home, int, int], actor: Actor) -> None:
    home, _, _ = drawn
    assert (secondlooks.next_look(home, actor) is None) is (actor is TESS)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.ADMIN])
def test_other_roles_see_nothing(drawn: tuple[Home, int, int], role: Role) -> None:
    with pytest.raises(NotAllowed):
        secondlooks.next_look(drawn[0], Actor("x", role))
    with pytest.raises(NotAllowed):
        secondlooks.stuck_rows(drawn[0], Actor("x", role))


@pytest.mark.parametrize(
    ("wrong", "sentence", "state"),
    [
        ([], "Document {} passed.", "filed"),
        (["title"], "Document {} passed.", "filed"),
        (["wrong_date"], "Document {} is back on the work list, before all others.", "to_verify"),
        (["wrong_patient"], "Document {} is back on the work list, before all others.", "to_verify"),
    ],
)
def test_the_sentence_says_what_happened(
    drawn: tuple[Home, int, int], wrong: list[str], sentence: str, state: str
) -> None:
    home, item, document = drawn
    secondlooks.key(home, UMA, item, RIGHT)
    assert secondlooks.decide(home, UMA, item, wrong, [], "") == sentence.format(document)
    assert _document(home, document).state == state


def test_who_waits_is_listed_for_a_supervisor_who_may_let_it_go(drawn: tuple[Home, int, int]) -> None:
    home, item, document = drawn
    [row] = secondlooks.stuck_rows(home, SAM)
    assert [*row[:4], row[5]] == [item, document, "keyed a second time", "tess", ""]
    assert (
        secondlooks.file_without_review(home, SAM, item, "no")
        == "Write the reason, in two words or more: it is kept in place of the quality review."
    )
    assert secondlooks.file_without_review(home, SAM, item, "nobody else is here") == (
        f"Document {document} is filed without a quality review; it does not count as reviewed."
    )
    assert secondlooks.stuck_rows(home, SAM) == []
    assert _document(home, document).state == "filed"
    with home.reading() as session:
        assert _remarks(session, document) == ["No quality review: nobody else is here"]
    assert secondlooks.measure(home, SAM).all.looked_at == 0


def test_a_lot_that_fills_tells_its_size_and_nothing_of_its_sample(drawn: tuple[Home, int, int]) -> None:
    home, _, _ = drawn
    [document] = read_and_index(home, receive(home, b"another"), ["a page"], 1)
    with home.writing() as session:
        leases.claim(session, document, TESS)
        moves.move(session, document, "approve", TESS)
        lots.hold_for_second_look(
            session, session.get_one(Document, document), Quality(lot=12, major_aql=4.0, minor_aql=4.0)
        )
    [row] = secondlooks.lot_rows(home, SAM)
    assert row[1:] == ["tess", "all", "normal", "1 of 12", "3 will be", "– (0)", "– (0)", "– (0)", "filling"]
    sentence = secondlooks.end_lot(home, SAM, row[0])
    assert sentence == f"QA batch {row[0]} has 1 documents; 1 of them are reviewed."


@pytest.mark.parametrize(
    ("tally", "sentence"),
    [
        (Tally(), "No document was reviewed yet: nothing is known about wrong patients."),
        (
            Tally(looked_at=2_995),
            "0 of 2995 reviewed documents were filed to the wrong patient: with 95 % confidence at most 0.1 % of all are. "
            "Without an error it takes 2,995 reviews to show 0.1 %.",
        ),
        (
            Tally(looked_at=100, wrong_patient=1),
            "1 of 100 reviewed documents were filed to the wrong patient: with 95 % confidence at most 4.66 % of all are. "
            "Without an error it takes 2,995 reviews to show 0.1 %.",
        ),
    ],
)
def test_figures_say_at_most_and_never_none(tally: Tally, sentence: str) -> None:
    assert secondlooks.bound_sentence(Figures(all=tally)) == sentence


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [("type", "PROGRESS_NOTE", "Progress note"), ("type", "", "–"), ("mrn", "007", "007"), ("mrn", "", "–")],
)
def test_a_value_is_shown_as_people_read_it(name: str, value: str, text: str) -> None:
    assert secondlooks.shown(name, value) == text


def test_keyed_values_have_titles_and_errors_that_occurred_are_counted() -> None:
    assert [secondlooks.title(name) for name in ("type", "name", "mrn")] == [
        "Document type", "Patient name (last, first)", "MRN",
    ]  # fmt: skip
    assert secondlooks.errors_of(Figures(errors={"Wrong patient": 2, "Askew": 0})) == {"Wrong patient": 2}
    assert secondlooks.ERROR_TITLES["wrong_patient"] == "Wrong patient (critical)"
