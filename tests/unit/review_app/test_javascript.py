"""What goes between the screens' JavaScript and Python has the same names on both sides."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

import review_app
from review_app.model import acting, blanks, grouping, station, viewing
from review_app.model.messages import ConfirmedCell, DeskAction, DeskMessage, PageChange, read_message
from review_app.web.protocol import REQUESTS
from storage.foundation.home import Home
from tests.given.desk import understand
from tests.given.records import TESS, add_person, read_and_index, receive
from tests.given.typedefs import Keys, keys_of, misfits, read_typedefs

WIDGETS = Path(review_app.__file__).parent / "widgets"
SCRIPTS = {
    "station": WIDGETS / "station" / "types.js",
    "grid": WIDGETS / "grid" / "grid.js",
    "contact": WIDGETS / "contact" / "contact.js",
    "viewer": WIDGETS / "viewer" / "viewer.js",
}
TYPES = {name: read_typedefs(path) for name, path in SCRIPTS.items()}

SENT = [
    (script, request, re.match(r"\[(\w+),", pair)[1])  # type: ignore[index]
    for script, types in TYPES.items()
    if "Requests" in types
    for request, pair in keys_of("Requests", types).types.items()
]
"""Script, request, and the typedef of what is sent."""

PARTS: dict[str, tuple[str, type]] = {"PageChange": ("station", PageChange), "ConfirmedCell": ("grid", ConfirmedCell)}
"""Values inside of what is sent."""


def _compare(keys: Keys, message: type) -> None:
    fields = {field.name: field for field in dataclasses.fields(message)}
    assert keys.types.keys() == fields.keys()
    needed = {
        name
        for name, field in fields.items()
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    assert not needed & keys.optional, "Python asks for what the script may leave out"


@pytest.mark.parametrize(("script", "request_name", "typedef"), SENT)
def test_what_a_script_sends_has_the_keys_of_the_message(script: str, request_name: str, typedef: str) -> None:
    message = REQUESTS[request_name].message
    assert typedef == message.__name__
    _compare(keys_of(typedef, TYPES[script]), message)


@pytest.mark.parametrize("name", PARTS)
def test_what_is_inside_of_a_message_has_the_same_keys(name: str) -> None:
    script, part = PARTS[name]
    _compare(keys_of(name, TYPES[script]), part)


def test_every_request_is_one_that_a_script_sends() -> None:
    assert {request for _, request, _ in SENT} == REQUESTS.keys() - {"take"}  # what only a test and a stranger ask for


def test_the_station_names_the_actions_that_are_there() -> None:
    union = TYPES["station"]["DeskAction"]
    assert isinstance(union, str)
    assert re.findall(r'"(\w+)"', union) == [action.value for action in DeskAction]
    assert list(acting.ACTIONS) == list(DeskAction)


@pytest.mark.parametrize("path", sorted(WIDGETS.rglob("*.js")), ids=lambda path: path.name)
def test_every_script_is_checked_and_sends_under_known_names(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("// @ts-check\n")
    assert set(re.findall(r'request\((?:s, )?"([\w-]+)"', text)) <= REQUESTS.keys()
    assert set(re.findall(r'fetch\("/desk/([\w-]+)"', text)) <= REQUESTS.keys()


# ---- received


@pytest.fixture
def desk(home: Home) -> Home:
    """A document with a candidate, values, a remark, a draft, a neighbour and a second page."""
    read_and_index(home, receive(home, b"scan"), ["PROGRESS NOTE", "second page"], add_person(home))
    return home


def _act(home: Home, document: dict[str, Any], action: str, **more: object) -> dict[str, Any]:
    sent = {"action": action, "token": f"{action}-{more}"[:80], "id": document["id"], "version": document["version"]}
    return acting.act(home, TESS, read_message(DeskMessage, {**sent, **more}), understand)


def _fits(value: object, expression: str, script: str = "station") -> None:
    assert misfits(value, expression, TYPES[script], expression) == []


def test_the_station_knows_what_it_receives(desk: Home) -> None:
    _fits(station.catalog({}, TESS, 15), "Catalog")
    queue = station.take_queue(desk, TESS)
    _fits(queue, "Queue")
    document = queue["documents"][0]
    assert document["candidates"], "a document without candidates shows nothing of them"
    assert any(field["box"] for field in document["fields"].values())
    _fits(station.words_of_page(desk, TESS, document["id"], 1), "Word[]")
    _fits(station.history(desk, TESS, document["id"], "mrn"), "PastValue[]")
    _fits(acting.find_people(desk, TESS, "rivera"), "Person[]")


def test_the_station_knows_what_is_answered(desk: Home) -> None:
    document = station.take_queue(desk, TESS)["documents"][0]
    draft = {"id": document["id"], "values": {"payer": "Aetna"}, "type": document["type"], "person": None}
    _fits(acting.save_draft(desk, TESS, read_message(REQUESTS["draft"].message, draft)), "Outcome")
    commented = _act(desk, document, "comment", reason="seen")
    _fits(commented, "Answer")
    assert commented["documents"][0]["remarks"]
    assert commented["documents"][0]["draft"]
    stale = _act(desk, {**document, "version": 0}, "pend", values={"payer": "Aetna"}, reason="waits")
    assert stale["stale"]["differences"]
    _fits(stale, "Answer")
    change = {"kind": "hide", "pages": [document["pages"][1]["id"]], "named": [2], "why": "blank"}
    hidden = _act(desk, document, "rearrange", change=change)
    assert hidden["documents"][0]["others"]
    _fits(hidden, "Answer")


def test_the_station_knows_what_was_approved(desk: Home) -> None:
    approved = _act(desk, station.take_queue(desk, TESS)["documents"][0], "approve")
    assert approved["ok"]
    _fits(approved, "Answer")
    recent = station.recent(desk, TESS)
    assert recent
    _fits(recent, "RecentApproval[]")


def test_the_viewer_knows_what_it_receives(desk: Home) -> None:
    document = station.take_queue(desk, TESS)["documents"][0]
    shown = viewing.look(desk, TESS, document["id"], "progress")
    assert shown.pages[0].boxes
    _fits(shown.payload(), "ViewerDocument", "viewer")


@pytest.mark.parametrize("name", ["ViewerPage", "PageNote", "Box"])
def test_the_station_and_the_viewer_say_the_same_of_a_page(name: str) -> None:
    assert TYPES["station"][name] == TYPES["viewer"][name]


def test_the_viewer_s_page_has_the_keys_of_the_value() -> None:
    for name, value in (("ViewerPage", viewing.ViewerPage), ("ViewerDocument", viewing.ViewerDocument)):
        assert keys_of(name, TYPES["viewer"]).types.keys() == {field.name for field in dataclasses.fields(value)}
    assert keys_of("PageNote", TYPES["viewer"]).types.keys() == {f.name for f in dataclasses.fields(viewing.PageNote)}


def test_the_grid_and_the_contact_sheet_know_what_they_receive(desk: Home) -> None:
    found = grouping.take(desk, TESS, "mrn")
    assert found["cells"]
    _fits(found, "Group", "grid")
    _fits(blanks.sheet(desk, TESS), "Sheet", "contact")


# ---- the comparison itself


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"src": "a", "turn": 0, "boxes": [], "notes": []}, []),
        ({"src": "a", "turn": 0, "boxes": [(0, 0, 1, 1)], "notes": []}, []),
        ({"src": "a", "turn": 0, "boxes": []}, ["page.notes is missing"]),
        ({"src": "a", "turn": 0, "boxes": [], "notes": [], "dpi": 1}, ["page.dpi is not known to the script"]),
        ({"src": "a", "turn": "0", "boxes": [], "notes": []}, ["page.turn is no number"]),
        (
            {"src": "a", "turn": 0, "boxes": [(0, 0, 1)], "notes": []},
            ["page.boxes[0] is no [number, number, number, number]"],
        ),
    ],
)
def test_a_key_that_one_side_does_not_know_is_found(value: dict[str, object], says: list[str]) -> None:
    assert misfits(value, "ViewerPage", TYPES["viewer"], "page") == says
