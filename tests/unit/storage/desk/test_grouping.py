"""Group verification: which documents a grid leases, and that it is kept wholly or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from review_app.model import grouping as grid
from review_app.model.messages import GroupConfirmRequest, read_message
from storage.desk import drafts, grouping
from storage.desk.grouping import Entry
from storage.documents import fields, leases
from storage.foundation.clock import utc_now
from storage.foundation.errors import StaleSave, StateRefused
from storage.foundation.home import Home
from storage.foundation.tables.desk import StationAction
from storage.foundation.tables.documents import Document, FieldRow
from tests.given.records import SAM, TESS, UMA, add_person, read_and_index, receive
from tests.given.trying import contents, rolled_back

SURE = 0.85


@pytest.fixture(scope="module")
def documents(shared_home: Home) -> list[int]:
    """Five documents of one patient whose MRN was read badly in each."""
    person = add_person(shared_home)
    return [
        read_and_index(shared_home, receive(shared_home, f"scan {n}".encode()), ["a page"], person)[0] for n in range(5)
    ]


@pytest.fixture
def trying(shared_home: Home, documents: list[int]) -> Iterator[Session]:
    """A transaction that is rolled back."""
    with rolled_back(shared_home) as session:
        yield session


def _set(session: Session, document_id: int, **values: object) -> None:
    document = session.get_one(Document, document_id)
    for name, value in values.items():
        setattr(document, name, value)
    session.add(document)
    session.flush()


def _taken(session: Session, **more: object) -> list[int]:
    return [cell.document_id for cell in grouping.take(session, TESS, "mrn", SURE, **more)]  # type: ignore[arg-type]


def test_a_grid_leases_what_it_shows_for_twenty_minutes(trying: Session, documents: list[int]) -> None:
    assert _taken(trying) == documents
    for document_id in documents:
        document = trying.get_one(Document, document_id)
        assert document.claimed_by == "tess"
        assert document.lease_until is not None
        assert timedelta(minutes=19) < document.lease_until - utc_now() <= timedelta(minutes=leases.LEASE_MINUTES)


def test_a_grid_shows_values_as_they_are_kept_and_not_as_they_were_printed(trying: Session) -> None:
    assert {cell.value for cell in grouping.take(trying, TESS, "name", 1.0)} == {"RIVERA, ANA"}  # raw: Rivera, Ana


def test_a_grid_holds_no_more_than_is_asked_for(trying: Session, documents: list[int]) -> None:
    assert _taken(trying, most=2) == documents[:2]
    assert trying.get_one(Document, documents[2]).claimed_by is None
    assert grouping.MOST == 50


def test_the_most_urgent_come_first(trying: Session, documents: list[int]) -> None:
    _set(trying, documents[3], priority=1)
    _set(trying, documents[4], priority=9)
    assert _taken(trying) == [documents[n] for n in (3, 0, 1, 2, 4)]


@pytest.mark.parametrize(
    ("change", "is_shown"),
    [
        ({"claimed_by": "uma", "lease_until": timedelta(minutes=5)}, False),
        ({"claimed_by": "uma", "lease_until": timedelta(minutes=-1)}, True),  # her lease ran out
        ({"claimed_by": "tess", "lease_until": timedelta(minutes=5)}, True),
        ({"claimed_by": "machine", "lease_until": timedelta(minutes=5)}, False),  # still being entered
        ({"state": "pended"}, False),
        ({"state": "verified"}, False),
        ({"state": "filed"}, False),
    ],
)
def test_which_documents_are_free(
    trying: Session, documents: list[int], change: dict[str, object], is_shown: bool
) -> None:
    change = {k: utc_now() + v if isinstance(v, timedelta) else v for k, v in change.items()}
    _set(trying, documents[0], **change)
    offered = dict(grouping.waiting(trying, TESS, SURE))
    assert offered == {"mrn": 5 if is_shown else 4}
    assert (documents[0] in _taken(trying)) is is_shown


@pytest.mark.parametrize(
    ("confidence", "source", "is_valid", "is_doubtful"),
    [
        (0.84, "label", True, True),
        (0.85, "label", True, False),
        (0.99, "label", True, False),
        (0.99, "label", False, True),  # read well, and no MRN
        (0.10, "person:uma", True, False),
    ],
)
def test_which_values_are_doubtful(
    trying: Session, documents: list[int], confidence: float, source: str, is_valid: bool, is_doubtful: bool
) -> None:
    row = next(row for row in fields.current_fields(trying, documents[0]) if row.name == "mrn")
    row.confidence, row.source, row.is_valid = confidence, source, is_valid
    trying.add(row)
    trying.flush()
    assert (documents[0] in _taken(trying)) is is_doubtful


def test_a_value_that_was_replaced_is_not_asked_about(trying: Session, documents: list[int]) -> None:
    row = next(row for row in fields.current_fields(trying, documents[0]) if row.name == "mrn")
    row.is_current = False
    trying.add(row)
    trying.flush()
    assert documents[0] not in _taken(trying)


def test_what_is_confirmed_is_a_person_s_value_and_the_documents_are_free_again(
    trying: Session, documents: list[int]
) -> None:
    cells = grouping.take(trying, TESS, "mrn", SURE)
    entries = [Entry(cell.document_id, cell.version, cell.value) for cell in cells]
    assert grouping.confirm(trying, "mrn", entries, TESS) == 5
    for cell in cells:
        document = trying.get_one(Document, cell.document_id, populate_existing=True)
        row = next(row for row in fields.current_fields(trying, cell.document_id) if row.name == "mrn")
        assert (row.value, row.source, row.confidence) == (cell.value, "person:tess", 1.0)
        assert (document.claimed_by, document.lease_until, document.version) == (None, None, cell.version + 1)
        assert document.state == "to_verify"
    assert grouping.waiting(trying, TESS, SURE) == []


@pytest.mark.parametrize(
    ("name", "spoilt", "kind", "sentence"),
    [
        ("mrn", {"version": 99}, StaleSave, "Somebody saved this document while you looked at it."),
        ("mrn", {"value": ""}, StateRefused, "is empty. Type it, or mark it with Delete for the desk."),
        ("npi", {}, StateRefused, "has no such field."),
        ("mrn", {"document_id": 9999}, StateRefused, "Document 9999 has no such field."),
    ],
)
def test_one_bad_value_is_told_with_its_sentence(
    trying: Session,
    documents: list[int],
    name: str,
    spoilt: dict[str, object],
    kind: type[Exception],
    sentence: str,
) -> None:
    cells = grouping.take(trying, TESS, "mrn", SURE)
    entries = [Entry(cell.document_id, cell.version, cell.value) for cell in cells]
    last = {"document_id": entries[-1].document_id, "version": entries[-1].version, "value": "1", **spoilt}
    with pytest.raises(kind) as refused:
        grouping.confirm(trying, name, [*entries[:-1], Entry(**last)], TESS)  # type: ignore[arg-type]
    assert sentence in str(refused.value)


@pytest.mark.parametrize("by", ["uma", "nobody"])
def test_a_document_that_went_elsewhere_meanwhile_is_not_saved(trying: Session, documents: list[int], by: str) -> None:
    cells = grouping.take(trying, TESS, "mrn", SURE)
    _set(trying, documents[1], claimed_by=None if by == "nobody" else by)
    with pytest.raises(StateRefused, match="You do not hold this document any more"):
        grouping.confirm(trying, "mrn", [Entry(c.document_id, c.version, c.value) for c in cells], TESS)


def test_nothing_to_confirm_is_refused(trying: Session) -> None:
    with pytest.raises(StateRefused, match=r"^Nothing is left to confirm: every value is marked\.$"):
        grouping.confirm(trying, "mrn", [], TESS)


# ---- as the grid sends it: one transaction, one token


@pytest.fixture
def taken(shared_home: Home, documents: list[int]) -> Iterator[dict[str, object]]:
    """A grid of all five; afterwards they are free again."""
    yield {**grid.take(shared_home, TESS, "mrn"), "token": "first"}
    with shared_home.writing() as session:
        leases.end_leases(session, documents, TESS)


def _as_sent(taken: dict[str, Any]) -> GroupConfirmRequest:
    """The grid as its script sends it, without pictures and title."""
    cells = [{key: value for key, value in cell.items() if key != "src"} for cell in taken["cells"]]
    return read_message(GroupConfirmRequest, {"name": taken["name"], "token": taken["token"], "cells": cells})


@pytest.mark.parametrize(
    "spoilt",
    [{"version": 99}, {"value": "   "}, {"value": "9" * 201}, {"id": 9999}],
    ids=["saved meanwhile", "empty", "too long", "not there"],
)
def test_all_values_are_kept_or_none(shared_home: Home, taken: dict[str, object], spoilt: dict[str, object]) -> None:
    taken["cells"][-1].update(spoilt)  # type: ignore[index]
    before = contents(shared_home)
    answer = grid.confirm(shared_home, TESS, _as_sent(taken))
    assert answer["ok"] is False
    assert answer["sentence"].endswith(".")
    assert contents(shared_home) == before


def test_a_marked_value_may_be_anything(shared_home: Home, taken: dict[str, object], documents: list[int]) -> None:
    taken["cells"][0].update(value="", version=99, marked=True)  # type: ignore[index]
    assert grid.confirm(shared_home, TESS, _as_sent(taken)) == {"ok": True, "sentence": "4 values are confirmed."}
    with shared_home.reading() as session:
        row = session.exec(select(FieldRow).where(FieldRow.document_id == documents[0], FieldRow.name == "mrn")).one()
        assert row.source == "label"
        assert session.get_one(Document, documents[0]).claimed_by == "tess"  # it is on her desk


def test_a_token_counts_for_who_sent_it(shared_home: Home, documents: list[int]) -> None:
    with shared_home.writing() as session:
        drafts.note_answer(session, "of tess", {"ok": True, "sentence": "hers"}, TESS)
    with shared_home.reading() as session:
        assert drafts.answer_of(session, "of tess", TESS) == {"ok": True, "sentence": "hers"}
        assert drafts.answer_of(session, "of tess", UMA) is None
        assert drafts.answer_of(session, "of nobody", TESS) is None
        assert session.exec(select(StationAction).where(StationAction.username == "uma")).first() is None


def test_a_supervisor_takes_a_grid_as_a_technician_does(trying: Session, documents: list[int]) -> None:
    cells = grouping.take(trying, SAM, "mrn", 1.1)
    assert cells
    assert {trying.get_one(Document, cell.document_id).claimed_by for cell in cells} == {"sam"}
