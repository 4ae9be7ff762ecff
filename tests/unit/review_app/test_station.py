"""What the verify screen shows of a document, and what its keys do."""

import pytest

from review_app.model import station, worklist
from storage import documents
from storage.errors import NotAllowed
from storage.home import Home
from storage.permissions import Actor, Role
from storage.tables import Document
from tests.unit.storage.records import OLGA, SAM, TESS, UMA, add_person, read_and_index, receive

NOBODY: frozenset[int] = frozenset()


@pytest.fixture
def desk(home: Home) -> Home:
    """One document of two pages, linked to Ana."""
    read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE", "second page"], add_person(home))
    return home


def _message(document: dict[str, object], action: str, **more: object) -> dict[str, object]:
    return {
        "action": action,
        "id": document["id"],
        "version": document["version"],
        "values": {},
        "type": document["type"],
        "person": document["person"],
        **more,
    }


def _state(home: Home, document_id: object) -> str:
    with home.reading() as session:
        return session.get_one(Document, document_id).state


def test_a_document_shows_its_pages_fields_bands_and_candidates(desk: Home) -> None:
    shown = station.take_next(desk, TESS, NOBODY)
    assert shown is not None
    fields = {field["name"]: field for field in shown["fields"]}
    assert [page["src"] for page in shown["pages"]] == ["/page/1/1.jpg", "/page/1/2.jpg"]
    assert (fields["name"]["value"], fields["name"]["band"]) == ("RIVERA, ANA", "auto")
    assert (fields["mrn"]["band"], fields["dob"]["band"], fields["payer"]["band"]) == ("check", "missing", "empty")
    assert fields["name"]["page"] == 1
    assert all(0 <= edge <= 1 for edge in fields["name"]["box"])
    assert [candidate["mrn"] for candidate in shown["candidates"]] == ["00123456"]


def test_approve_keeps_the_corrections_and_files(desk: Home) -> None:
    shown = station.take_next(desk, TESS, NOBODY)
    assert shown is not None
    done = station.act(desk, TESS, _message(shown, "approve", values={"payer": " Medicare ", "colour": "red"}))
    assert done.left_desk
    assert _state(desk, shown["id"]) == "filed"
    with desk.reading() as session:
        values = {row.name: row.value for row in documents.current_fields(session, shown["id"])}
    assert values["payer"] == "Medicare"
    assert "colour" not in values
    assert station.take_next(desk, TESS, NOBODY) is None


def test_the_same_approval_twice_changes_nothing_more(desk: Home) -> None:
    shown = station.take_next(desk, TESS, NOBODY)
    assert shown is not None
    message = _message(shown, "approve")
    assert station.act(desk, TESS, message).left_desk
    assert not station.act(desk, TESS, message).left_desk
    assert _state(desk, shown["id"]) == "filed"


@pytest.mark.parametrize(("action", "state"), [("pend", "pended"), ("rescan", "rescan")])
def test_putting_aside_needs_a_reason_and_can_be_undone(desk: Home, action: str, state: str) -> None:
    shown = station.take_next(desk, TESS, NOBODY)
    assert shown is not None
    assert "reason" in station.act(desk, TESS, _message(shown, action)).sentence
    assert station.act(desk, TESS, _message(shown, action, reason="cut off")).left_desk
    assert _state(desk, shown["id"]) == state
    assert [row.why for row in worklist.look(desk, TESS).rows] == ["cut off"]
    assert "work list again" in worklist.resume(desk, TESS, int(shown["id"]))
    assert _state(desk, shown["id"]) == "to_verify"


def test_somebody_elses_document_is_refused_in_a_sentence(desk: Home) -> None:
    shown = station.take_next(desk, TESS, NOBODY)
    assert shown is not None
    assert station.take_next(desk, UMA, NOBODY) is None
    done = station.act(desk, UMA, _message(shown, "approve"))
    assert not done.left_desk
    assert "hold" in done.sentence
    assert _state(desk, shown["id"]) == "to_verify"


@pytest.mark.parametrize("message", [{}, {"action": "explode"}, {"action": "approve", "id": 999, "version": 1}])
def test_nonsense_from_a_browser_changes_nothing(desk: Home, message: dict[str, object]) -> None:
    done = station.act(desk, TESS, message)
    assert not done.left_desk
    assert done.sentence


def test_a_patient_is_found_and_chosen(desk: Home) -> None:
    chen = add_person(desk, "00777777", "Chen", "Wei")
    shown = station.take_next(desk, TESS, NOBODY)
    assert shown is not None
    assert [p["mrn"] for p in station.find_people(desk, TESS, "chen")] == ["00777777"]
    refused = station.act(desk, TESS, _message(shown, "approve", person=chen))
    assert "MRN and the name" in refused.sentence  # the page still says Rivera
    assert not station.act(desk, TESS, _message(shown, "approve", person=chen, although=True)).left_desk  # no reason
    assert station.act(
        desk, TESS, _message(shown, "approve", person=chen, although=True, reason="mislabelled page")
    ).left_desk
    with desk.reading() as session:
        document = session.get_one(Document, shown["id"])
    assert (document.person_id, document.decision) == (chen, "confirmed")


def test_a_draft_keeps_what_was_typed_and_stays_on_the_desk(desk: Home) -> None:
    shown = station.take_next(desk, TESS, NOBODY)
    assert shown is not None
    assert not station.act(desk, TESS, _message(shown, "draft", values={"dob": "1957-03-14"})).left_desk
    again = station.show_again(desk, TESS, int(shown["id"]))
    assert again is not None
    assert {f["name"]: f["value"] for f in again["fields"]}["dob"] == "1957-03-14"


def test_skipped_documents_come_last_not_lost(desk: Home) -> None:
    read_and_index(desk, receive(desk, b"other"), ["one"])
    first = station.take_next(desk, TESS, NOBODY)
    assert first is not None
    second = station.take_next(desk, TESS, frozenset({int(first["id"])}))
    assert second is not None
    assert second["id"] != first["id"]


@pytest.mark.parametrize("actor", [OLGA, Actor("ada", Role.ADMIN), Actor("audrey", Role.AUDITOR)])
def test_other_roles_get_nothing(desk: Home, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        station.take_next(desk, actor, NOBODY)
    with pytest.raises(NotAllowed):
        worklist.look(desk, actor)
    assert not station.act(desk, actor, {"action": "approve", "id": 1, "version": 1}).left_desk


def test_the_work_list_shows_no_name_and_no_number(desk: Home) -> None:
    shown = str(worklist.look(desk, SAM).rows)
    assert "Rivera" not in shown
    assert "RIVERA" not in shown
    assert "00123456" not in shown


def test_a_corrected_identity_that_contradicts_the_patient_is_not_filed_by_a_plain_approve(desk: Home) -> None:
    shown = station.take_next(desk, TESS, NOBODY)
    assert shown is not None
    for values in ({"mrn": "00999999"}, {"name": "CHEN, WEI"}):
        done = station.act(desk, TESS, _message(shown, "approve", values=values))
        assert not done.left_desk
        assert "differ from the patient" in done.sentence
    assert _state(desk, shown["id"]) == "to_verify"


def test_a_filed_document_cannot_be_taken_to_the_desk_again(desk: Home) -> None:
    shown = station.take_next(desk, TESS, NOBODY)
    assert shown is not None
    station.act(desk, TESS, _message(shown, "approve"))
    assert station.show_again(desk, TESS, int(shown["id"])) is None


def test_a_skipped_document_is_free_for_others(desk: Home) -> None:
    shown = station.take_next(desk, TESS, NOBODY)
    assert shown is not None
    station.skip(desk, TESS, int(shown["id"]))
    other = station.take_next(desk, UMA, NOBODY)
    assert other is not None
    assert other["id"] == shown["id"]
