"""Group verification: the same field of many documents at once, leased, confirmed, marked, and given back."""

from typing import Any

import pytest
from sqlmodel import select

from review_app.model import grouping
from review_app.model.messages import GroupConfirmRequest, read_message
from storage.custody import integrity
from storage.documents import fields
from storage.foundation.errors import NotAllowed
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Document, FieldRow
from tests.given.records import OLGA, TESS, UMA, add_person, read_and_index, receive
from tests.given.template import Template


@pytest.fixture(scope="module")
def starting_home(empty_home: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Six documents of one patient whose MRN was read badly in each."""
    home = empty_home.copied_to(tmp_path_factory.mktemp("many"))
    person = add_person(home)
    for number in range(6):
        read_and_index(home, receive(home, f"scan {number}".encode()), ["a page"], person)
    return Template.of(home)


@pytest.fixture
def many(home: Home) -> Home:
    """The data home with those six."""
    return home


def _confirm(home: Home, found: dict[str, Any], token: str = "t", **changed: object) -> dict[str, object]:
    cells = [{key: value for key, value in cell.items() if key != "src"} for cell in found["cells"]]
    sent = {"name": found["name"], "token": token, "cells": cells, **changed}
    return grouping.confirm(home, TESS, read_message(GroupConfirmRequest, sent))


def _mrn(home: Home, document_id: int) -> FieldRow:
    with home.reading() as session:
        return next(row for row in fields.current_fields(session, document_id) if row.name == "mrn")


def test_fields_with_doubtful_values_are_offered_with_how_many(many: Home) -> None:
    assert grouping.fields_waiting(many, TESS) == {"mrn": "MRN (6 doubtful)"}  # the name was read well


def test_a_grid_holds_no_field_that_the_kind_of_document_does_not_carry(many: Home) -> None:
    with many.writing() as session:
        for document_id, code in ((1, "CONSENT_PROC"), (2, "LAB")):
            session.get_one(Document, document_id).type_code = code
            session.add(
                FieldRow(
                    document_id=document_id, name="signature", value="absent", confidence=0.7, page=1, source="ink"
                )
            )
    assert grouping.fields_waiting(many, TESS)["signature"] == "Signature (1 doubtful)"
    assert [cell["id"] for cell in grouping.take(many, TESS, "signature")["cells"]] == [1]


def test_nobody_else_gets_the_documents_of_a_grid(many: Home) -> None:
    mine = grouping.take(many, TESS, "mrn")["cells"]
    assert len(mine) == 6
    assert grouping.take(many, UMA, "mrn")["cells"] == []
    assert len(grouping.take(many, TESS, "mrn")["cells"]) == 6  # again, after a reload


def test_the_rest_is_confirmed_and_what_was_marked_waits_for_the_desk(many: Home) -> None:
    found = grouping.take(many, TESS, "mrn")
    found["cells"][0]["marked"] = True
    found["cells"][1]["value"] = "00123457"
    assert _confirm(many, found) == {"ok": True, "sentence": "5 values are confirmed."}
    marked, typed, confirmed = (_mrn(many, found["cells"][at]["id"]) for at in (0, 1, 2))
    assert (marked.source, marked.confidence) == ("label", 0.6)
    assert (typed.value, typed.source) == ("00123457", "person:tess")
    assert (confirmed.value, confirmed.source, confirmed.confidence) == ("00123456", "person:tess", 1.0)
    with many.reading() as session:
        actions = [event.action for event in session.exec(select(AuditEvent)) if event.action in ("confirm", "correct")]
        assert sorted(actions) == ["confirm"] * 4 + ["correct"]
        left = session.get_one(Document, found["cells"][2]["id"])
        assert (left.claimed_by, left.state) == (None, "to_verify")  # it is approved at the desk all the same
        assert integrity.verify(session, many.vault).problems == ()
    assert grouping.fields_waiting(many, TESS) == {"mrn": "MRN (1 doubtful)"}


def test_the_same_confirmation_again_is_done_once(many: Home) -> None:
    found = grouping.take(many, TESS, "mrn")
    first = _confirm(many, found)
    assert _confirm(many, found) == first
    refused = _confirm(many, found, "another")
    assert not refused["ok"]
    assert "saved this document" in str(refused["sentence"])


def test_one_stale_value_keeps_the_whole_grid_back(many: Home) -> None:
    found = grouping.take(many, TESS, "mrn")
    found["cells"][3]["version"] += 1
    assert not _confirm(many, found)["ok"]
    assert _mrn(many, found["cells"][0]["id"]).source == "label"


def test_marking_everything_confirms_nothing(many: Home) -> None:
    found = grouping.take(many, TESS, "mrn")
    for cell in found["cells"]:
        cell["marked"] = True
    assert "every value is marked" in str(_confirm(many, found)["sentence"])


def test_a_grid_is_narrowed_to_a_kind_of_document(many: Home) -> None:
    assert grouping.take(many, TESS, "mrn", "LAB")["cells"] == []
    assert len(grouping.take(many, TESS, "mrn", "PROGRESS_NOTE")["cells"]) == 6


def test_the_scanning_room_verifies_nothing(many: Home) -> None:
    with pytest.raises(NotAllowed):
        grouping.take(many, OLGA, "mrn")


def test_what_was_marked_does_not_come_back_into_the_grid(many: Home) -> None:
    first = grouping.take(many, TESS, "mrn")["cells"][0]["id"]
    assert first not in [cell["id"] for cell in grouping.take(many, TESS, "mrn", skip=[first])["cells"]]


def test_a_document_with_two_readings_of_a_field_is_not_asked_about_twice(many: Home) -> None:
    found = grouping.take(many, TESS, "mrn")
    with many.writing() as session:
        for cell in found["cells"]:
            session.add(
                FieldRow(document_id=cell["id"], name="mrn", value="00123466", confidence=0.4, page=1, source="label")
            )
    assert _confirm(many, grouping.take(many, TESS, "mrn"))["ok"]
    assert grouping.fields_waiting(many, TESS) == {}
    assert grouping.take(many, TESS, "mrn")["cells"] == []


@pytest.mark.parametrize(("name", "value", "sentence"), [("<b>evil", "x", "no such field"), ("mrn", " ", "is empty")])
def test_a_field_that_is_not_there_and_an_empty_value_are_refused(
    many: Home, name: str, value: str, sentence: str
) -> None:
    found = grouping.take(many, TESS, "mrn")
    found["cells"][0]["value"] = value
    answer = _confirm(many, {**found, "name": name})
    assert sentence in str(answer["sentence"])
    assert _mrn(many, found["cells"][1]["id"]).source == "label"
