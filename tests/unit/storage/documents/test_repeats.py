"""When a document counts as one that came before, and which earlier one it names."""

import pytest
from sqlmodel import select

from storage.custody import pages
from storage.documents import repeats
from storage.documents.repeats import Sighting
from storage.foundation.home import Home
from storage.foundation.tables.documents import Document
from storage.foundation.tables.sheets import SeenBefore
from tests.given.records import TESS, read_and_index, receive


def _document(home: Home, name: str, count: int) -> tuple[int, list[int]]:
    """A document of so many pages; gives its id and those of its pages."""
    [made] = read_and_index(home, receive(home, name.encode()), [f"{name} page {n}" for n in range(count)])
    with home.reading() as session:
        return made, [page.id for page in pages.pages_of_document(session, made)]


@pytest.mark.parametrize(
    ("seen", "compared", "is_noted", "why"),
    [
        (5, 5, True, "all came before"),
        (4, 5, True, "one of five may be new"),
        (3, 5, False, "two of five are new"),
        (1, 1, True, "the others say nothing: blank sides, pages without words"),
        (0, 5, False, "nothing came before"),
        (0, 0, False, "no page could be compared"),
    ],
)
def test_nearly_all_pages_must_have_come_before(home: Home, seen: int, compared: int, is_noted: bool, why: str) -> None:
    earlier, old = _document(home, "earlier", 5)
    again, new = _document(home, "again", 5)
    sightings = {new[n]: ((Sighting(new[n], old[n], 0.9 + n / 100),) if n < seen else ()) for n in range(compared)}
    with home.writing() as session:
        assert repeats.note(session, [again], sightings) == ([again] if is_noted else []), why
    with home.reading() as session:
        rows = session.exec(select(SeenBefore)).all()
        flags = session.get_one(Document, again).flags
    assert [(row.document_id, row.earlier_id, len(row.pairs), row.probability) for row in rows] == (
        [(again, earlier, seen, 0.9)] if is_noted else []
    )
    assert flags == ([f"seen_before_in_document_{earlier}"] if is_noted else [])


def test_the_document_with_most_of_the_pages_is_named(home: Home) -> None:
    _, first = _document(home, "first", 1)
    second, others = _document(home, "second", 2)
    again, new = _document(home, "again", 3)
    old = (*first, *others)
    with home.writing() as session:
        repeats.note(session, [again], {n: (Sighting(n, o, 0.9),) for n, o in zip(new, old, strict=True)})
        row = session.exec(select(SeenBefore)).one()
    assert row.earlier_id == second
    assert row.pairs == [[new[1], old[1]], [new[2], old[2]]]


def test_a_voided_document_is_no_earlier_one(home: Home) -> None:
    earlier, old = _document(home, "earlier", 1)
    again, new = _document(home, "again", 1)
    with home.writing() as session:
        session.get_one(Document, earlier).state = "voided"
        assert repeats.note(session, [again], {new[0]: (Sighting(new[0], old[0], 0.9),)}) == []


def test_pages_that_were_asked_for_again_are_no_copy(home: Home) -> None:
    _, old = _document(home, "earlier", 1)
    again, new = _document(home, "again", 1)
    with home.writing() as session:
        assert repeats.note(session, [again], {new[0]: (Sighting(new[0], old[0], 0.9),)}, skipped=[again]) == []


def test_two_pages_of_one_document_are_no_copy_of_each_other(home: Home) -> None:
    made, (first, second) = _document(home, "twice", 2)
    with home.writing() as session:
        sightings = {first: (Sighting(first, second, 0.9),), second: (Sighting(second, first, 0.9),)}
        assert repeats.note(session, [made], sightings) == []


def test_what_is_decided_waits_no_more(home: Home) -> None:
    _, old = _document(home, "earlier", 1)
    again, new = _document(home, "again", 1)
    with home.writing() as session:
        repeats.note(session, [again], {new[0]: (Sighting(new[0], old[0], 0.9),)})
        assert repeats.count_open(session) == 1
        [row] = repeats.listed(session, TESS)
        repeats.keep_both(session, row.id, TESS)
        assert repeats.count_open(session) == 0
        assert repeats.listed(session, TESS) == []
        assert [found.answered_by for found in repeats.listed(session, TESS, decided=True)] == ["tess"]
