"""What people type: dates in the order of their hospital, and nothing cut without a word."""

import itertools
from datetime import date
from typing import Any

import pytest

from classify.profile import Profile
from review_app.model import acting, grouping, station
from review_app.model.messages import DeskMessage, DraftRequest, GroupConfirmRequest, read_message
from storage.desk import remarks, rescans, waiting
from storage.documents import breakglass, fields, identity
from storage.documents.fields import Correction
from storage.foundation.errors import StateRefused, ValueRefused
from storage.foundation.home import Home
from storage.foundation.tables.documents import Document, FieldRow
from storage.foundation.tables.roster import Person
from storage.roster.finding import find_people
from tests.given.desk import understand
from tests.given.records import TESS, add_person, read_and_index, receive

_TOKENS = itertools.count()


@pytest.fixture
def desk(home: Home) -> Home:
    """One document, whose patient was born on the 4th of March."""
    person = add_person(home, birth_date=date(1957, 3, 4))
    read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE"], person)
    return home


def _comment(home: Home, day_first: bool = False, **more: object) -> dict[str, Any]:
    shown = station.take_queue(home, TESS)["documents"][0]
    message = {
        "action": "undo" if "values" in more else "comment", "id": shown["id"], "version": shown["version"], "values": {},
        "type": shown["type"], "person": shown["person"], "token": f"t{next(_TOKENS)}", "reason": "seen", **more,
    }  # fmt: skip
    return acting.act(home, TESS, read_message(DeskMessage, message), understand, profile=Profile(day_first=day_first))


def _pend(
    home: Home, day_first: bool, as_printed: tuple[str, ...] = (), reason: str = "waits", **values: str
) -> dict[str, Any]:
    shown = station.take_queue(home, TESS)["documents"][0]
    message = {
        "action": "pend", "id": shown["id"], "version": shown["version"], "values": values, "type": shown["type"],
        "person": shown["person"], "token": f"t{next(_TOKENS)}", "reason": reason, "code": "missing_page",
        "as_printed": list(as_printed),
    }  # fmt: skip
    return acting.act(home, TESS, read_message(DeskMessage, message), understand, profile=Profile(day_first=day_first))


def _value(home: Home, name: str) -> str:
    return next(row.value for row in _rows(home) if row.name == name)


def _rows(home: Home) -> list[FieldRow]:
    with home.reading() as session:
        return fields.current_fields(session, 1)


@pytest.mark.parametrize(
    ("typed", "day_first", "kept"),
    [
        ("03/04/1957", False, "1957-03-04"),
        ("03/04/1957", True, "1957-04-03"),
        ("04/03/1957", True, "1957-03-04"),
        ("25/03/1957", False, "1957-03-25"),  # can only be read one way
        ("1957-03-04", True, "1957-03-04"),
        ("4 Mar 1957", True, "1957-03-04"),
    ],
)
def test_a_date_is_kept_as_this_hospital_writes_dates(desk: Home, typed: str, day_first: bool, kept: str) -> None:
    assert _pend(desk, day_first, dob=typed)["ok"]
    assert _value(desk, "dob") == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("dob", "99/99/2099"),
        ("dob", "OB"),
        ("dob", "01/01/2099"),
        ("service_date", "yesterday"),
        ("sex", "old"),
        ("name", "7"),
    ],
)
def test_what_cannot_be_the_value_of_a_field_is_refused_at_that_field(desk: Home, name: str, typed: str) -> None:
    before = {row.name: row.value for row in _rows(desk)}
    answer = _pend(desk, False, **{name: typed})  # type: ignore[arg-type]
    assert (answer["ok"], answer["needs"], answer["field"]) == (False, "value", name)
    assert typed in answer["sentence"] or "future" in answer["sentence"]
    again = _pend(desk, False, as_printed=(name,), reason="it says so", **{name: typed})
    assert not again["ok"], "nobody can insist on a day that is none"
    assert {row.name: row.value for row in _rows(desk)} == before


def test_a_number_off_the_mask_is_kept_only_as_printed_with_a_reason(desk: Home) -> None:
    assert _pend(desk, False, mrn="12-AB")["needs"] == "as_printed"
    assert not _pend(desk, False, as_printed=("mrn",), reason="", mrn="12-AB")["ok"]
    assert _value(desk, "mrn") == "00123456"
    assert _pend(desk, False, as_printed=("mrn",), reason="old clinic number", mrn="12-AB")["ok"]
    row = next(row for row in _rows(desk) if row.name == "mrn")
    assert (row.value, row.is_valid) == ("12-AB", False)
    with desk.reading() as session:
        assert "Kept as printed: MRN. old clinic number" in [r.text for r in remarks.remarks_of(session, 1)]


def test_a_birthday_that_a_person_typed_and_nobody_can_read_differs(desk: Home) -> None:
    """Rows kept before typed values were checked."""
    with desk.writing() as session:
        session.add(FieldRow(document_id=1, name="dob", value="99/99/2099", confidence=1.0, source="person:tess"))
    with desk.reading() as session:
        document = session.get_one(Document, 1)
        _, differs = identity.compare_said(session, document, session.get_one(Person, document.person_id))
    assert "dob" in differs


def test_no_service_keeps_a_day_that_is_none(desk: Home) -> None:
    shown = station.take_queue(desk, TESS)["documents"][0]
    with desk.writing() as session, pytest.raises(ValueRefused, match="is no date"):
        fields.save_corrections(session, 1, [Correction("service_date", "yesterday")], TESS, version=shown["version"])


@pytest.mark.parametrize(("day_first", "found"), [(True, 1), (False, 0)])
def test_a_birthday_in_the_search_box_is_in_the_hospital_s_order(desk: Home, day_first: bool, found: int) -> None:
    with desk.writing() as session:
        assert len(find_people(session, "04/03/1957", TESS, day_first=day_first)) == found
    assert len(acting.find_people(desk, TESS, "04/03/1957", day_first=day_first)) == found


@pytest.mark.parametrize(("day_first", "ok"), [(True, True), (False, False)])
def test_a_patient_is_confirmed_by_a_birthday_typed_in_the_hospital_s_order(
    desk: Home, day_first: bool, ok: bool
) -> None:
    other = add_person(desk, "00777777", "Lee", "Margaret", birth_date=date(1960, 5, 6))
    shown = station.take_queue(desk, TESS)["documents"][0]
    message = {
        "action": "pend", "id": shown["id"], "version": shown["version"], "values": {}, "type": shown["type"],
        "person": other, "retyped": "06/05/1960", "token": "t", "reason": "waits", "code": "missing_page",
    }  # fmt: skip
    answer = acting.act(
        desk, TESS, read_message(DeskMessage, message), understand, profile=Profile(day_first=day_first)
    )
    assert (answer["ok"], answer.get("needs")) == (ok, None if ok else "retype")


def test_a_grid_keeps_dates_in_the_hospital_s_order(desk: Home) -> None:
    shown = station.take_queue(desk, TESS)["documents"][0]
    with desk.writing() as session:
        typed = [Correction("dob", "1957-01-01")]
        version = fields.save_corrections(session, 1, typed, TESS, version=shown["version"])
    cells = [{"id": 1, "version": version, "value": "04/03/1957"}]
    sent = read_message(GroupConfirmRequest, {"name": "dob", "token": "g", "cells": cells})
    answer = grouping.confirm(desk, TESS, sent, profile=Profile(day_first=True))
    assert answer["ok"], answer
    assert _value(desk, "dob") == "1957-03-04"


LONG = "word " * 200


@pytest.mark.parametrize(
    ("typed", "says"),
    [({"values": {"name": LONG}}, "The Patient name has 999 letters"), ({"reason": LONG}, "at most 500 are kept")],
)
def test_what_is_too_long_at_the_desk_is_refused_and_nothing_is_kept(
    desk: Home, typed: dict[str, Any], says: str
) -> None:
    before = _value(desk, "name")
    answer = _comment(desk, **typed)
    assert not answer["ok"]
    assert says in answer["sentence"]
    assert _value(desk, "name") == before


def test_a_draft_keeps_what_was_typed_to_the_last_letter(desk: Home) -> None:
    shown = station.take_queue(desk, TESS)["documents"][0]
    assert acting.save_draft(desk, TESS, DraftRequest(shown["id"], {"name": LONG}))["ok"]
    again = station.take(desk, TESS, shown["id"])
    assert again["draft"]["values"]["name"] == LONG


def test_no_service_cuts_what_it_is_given(desk: Home) -> None:
    station.take_queue(desk, TESS)
    with desk.writing() as session:
        version = session.get_one(Document, 1).version
        for service in (
            lambda: remarks.comment(session, 1, LONG, TESS),
            lambda: waiting.put_aside(session, 1, "pend", "other", LONG, TESS, version=version),
            lambda: rescans.ask(session, 1, [], next(iter(rescans.REASONS)), LONG, TESS, version=version),
            lambda: breakglass.break_glass(session, 1, TESS, "ETREAT", LONG),
        ):
            with pytest.raises(StateRefused, match="at most 500"):
                service()
