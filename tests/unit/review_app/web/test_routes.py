"""Our own routes: each for each role, what is nothing and what is too much, and that a refusal leaves no trace."""

import asyncio
import hashlib
import json

import pytest
from sqlmodel import col, select

from ingest.names import is_scan
from storage.foundation.permissions import Role
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Source
from storage.foundation.tables.documents import Document
from tests.given.web import Answer, ask
from tests.unit.review_app.web.conftest import NAMES, Room

OURS = (("x-chartroom-desk", "1"), ("sec-fetch-site", "same-origin"))
T, S, O = Role.TECHNICIAN, Role.SUPERVISOR, Role.OPERATOR  # noqa: E741 - the rows below are short

GETS: dict[str, tuple[tuple[Role, ...], str]] = {
    "/page/{filed}/1.jpg": ((T, S), "image/jpeg"),
    "/page/{filed}/1/full.jpg": ((T, S), "image/jpeg"),
    "/field/{filed}/mrn.jpg": ((T, S), "image/jpeg"),
    "/blank/{blank}.jpg": ((T, S), "image/jpeg"),
    "/filed/{filed}.pdf": ((T, S), "application/pdf"),
    "/filed/{filed}/1.jpg": ((T, S), "image/jpeg"),
    "/version/{filed}/1/1.jpg": ((T, S), "image/jpeg"),
    "/version/{filed}/1.pdf": ((T, S), "application/pdf"),
    "/papers/rescans.pdf": ((T, S, O), "application/pdf"),
    "/papers/scan-1.pdf": ((T, S, O), "application/pdf"),
}
KEPT_AS = {"/filed/{filed}.pdf": "00123456_Progress-note.pdf", "/1.pdf": "document-1_version-1_Progress-note.pdf"}
POSTS: dict[str, tuple[dict[str, object], tuple[Role, ...]]] = {
    "/desk/queue": ({}, (T, S)),
    "/desk/take": ({"id": "{at_desk}"}, (T,)),  # tess has it
    "/desk/search": ({"words": "rivera"}, (T, S)),
    "/desk/words": ({"id": "{at_desk}", "position": 1}, (T, S)),
    "/desk/history": ({"id": "{at_desk}", "name": "mrn"}, (T, S)),
    "/desk/recent": ({}, (T, S)),
    "/desk/group": ({"name": "mrn"}, (T, S)),
    "/desk/blanks": ({}, (T, S)),
    "/papers/sheets.pdf": ({"kind": "end"}, (T, S, O)),
}
CHANGES: dict[str, dict[str, object]] = {
    "/desk/act": {"action": "comment", "id": "{at_desk}", "token": "t1", "reason": "look"},
    "/desk/draft": {"id": "{at_desk}", "values": {"mrn": "1"}},
    "/desk/group-confirm": {"name": "mrn", "token": "t2", "cells": [{"id": "{at_desk}", "version": 1, "value": "1"}]},
    "/desk/blanks-decide": {"confirmed": ["{blank}"], "marked": []},
}
"""Requests that answer a refusal in a sentence, for the page shows it."""


def _path(room: Room, path: str) -> str:
    return path.format(filed=room.filed, blank=room.blank)


def _body(room: Room, asked: dict[str, object]) -> bytes:
    text = json.dumps(asked).replace('"{at_desk}"', str(room.at_desk)).replace('"{blank}"', str(room.blank))
    return text.encode()


def _post(room: Room, path: str, body: bytes | list[bytes], role: Role = T, headers: object = OURS) -> Answer:
    return ask(room.app()[0], "POST", path, headers=headers, cookie=room.tokens[role], body=body)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("role", list(NAMES))
def test_a_picture_or_paper_is_given_to_whom_it_is_for_and_nothing_to_others(room: Room, path: str, role: Role) -> None:
    who, kind = GETS[path]
    before = room.kept()
    answer = ask(room.app()[0], "GET", _path(room, path), cookie=room.tokens[role])
    if role not in who:
        assert (answer.status, answer.body) == (404, b"You do not have access.")
        assert room.kept() == before
        return
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    kept_as = next((f'; filename="{name}"' for part, name in KEPT_AS.items() if part in path), "")
    assert answer.headers["content-disposition"] == f"inline{kept_as}"
    assert answer.body.startswith(b"%PDF" if kind.endswith("pdf") else b"\xff\xd8")


@pytest.mark.parametrize("role", list(NAMES))
def test_the_file_as_it_was_dropped_is_kept_by_the_browser_and_opened_by_nothing(room: Room, role: Role) -> None:
    with room.home.reading() as session:
        source = session.exec(select(Source).limit(1)).one()
    before = room.kept()
    answer = ask(room.app()[0], "GET", f"/papers/original/{source.claim_id}", cookie=room.tokens[role])
    if role is not S:
        assert (answer.status, answer.body, room.kept()) == (404, b"You do not have access.", before)
        return
    assert answer.status == 200
    assert hashlib.sha256(answer.body).hexdigest() == source.sha256
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "action"),
    [
        ("/page/{filed}/1.jpg", "view_page"),
        ("/page/{filed}/1/full.jpg", "view_page"),
        ("/field/{filed}/mrn.jpg", "view_field"),
        ("/filed/{filed}.pdf", "view_filed"),
        ("/filed/{filed}/1.jpg", "view_filed"),
        ("/dropped/{filed}/1.jpg", "view_as_dropped"),
        ("/version/{filed}/1/1.jpg", "view_page"),
        ("/version/{filed}/1.pdf", "view_filed"),
    ],
)
def test_who_looked_is_written_down(room: Room, path: str, action: str) -> None:
    ask(room.app()[0], "GET", _path(room, path), cookie=room.tokens[S])
    with room.home.reading() as session:
        last = session.exec(select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(1)).one()
    assert (last.action, last.actor, last.subject) == (action, "sam", f"document:{room.filed}")


@pytest.mark.parametrize(
    "path",
    [
        "/page/9999/1.jpg", "/page/{filed}/0.jpg", "/page/{filed}/99.jpg", "/field/{filed}/no_such.jpg", "/field/9999/mrn.jpg",
        "/filed/{filed}/99.jpg", "/filed/9999/1.jpg", "/dropped/{filed}/0.jpg", "/dropped/{filed}/99.jpg", "/dropped/9999/1.jpg",
        "/version/{filed}/2/1.jpg", "/version/{filed}/1/99.jpg", "/version/{filed}/2.pdf", "/version/9999/1.pdf",
        f"/version/1/{10**30}.pdf", "/blank/9999.jpg", "/filed/9999.pdf", "/papers/scan-9999.pdf", "/page/9999/1/full.jpg", "/papers/original/none",
        f"/page/{10**30}/1.jpg", f"/page/1/{10**30}.jpg", f"/filed/{10**30}.pdf", f"/blank/{10**30}.jpg", f"/papers/scan-{10**30}.pdf",
    ],
)  # fmt: skip
def test_what_is_not_there_looks_like_what_one_may_not_see(room: Room, path: str) -> None:
    before = room.kept()
    answer = ask(room.app()[0], "GET", _path(room, path), cookie=room.tokens[S])
    assert (answer.status, answer.body) == (404, b"You do not have access.")
    assert room.kept() == before


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("role", list(NAMES))
def test_a_request_of_the_desk_is_answered_to_whom_it_is_for(room: Room, path: str, role: Role) -> None:
    asked, who = POSTS[path]
    before = room.kept()
    answer = _post(room, path, _body(room, asked), role)
    if role in who:
        assert answer.status == 200
    elif (path, role) == ("/desk/take", S):
        assert (answer.status, answer.json()["sentence"][:27]) == (409, "tess is working on this doc")
    else:
        assert answer.status == 404
        assert b"You do not have access" in answer.body
        assert room.kept() == before


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.ADMIN])
def test_a_change_by_the_wrong_role_is_refused_in_a_sentence(room: Room, path: str, role: Role) -> None:
    before = room.kept()
    answer = _post(room, path, _body(room, CHANGES[path]), role)
    assert answer.status == 200
    assert not answer.json()["ok"]
    assert answer.json()["sentence"] == (
        f"Your role ({role}) does not include: correct, index and approve. Ask a supervisor."
    )
    assert room.kept() == before


EVERY_POST = [*POSTS, *CHANGES, "/desk/end_leases"]
NOT_OURS = {
    "no header of our page": (("sec-fetch-site", "same-origin"),),
    "another origin": (("x-chartroom-desk", "1"), ("sec-fetch-site", "cross-site")),
    "another port": (("x-chartroom-desk", "1"), ("sec-fetch-site", "same-site")),
    "typed as an address": (("x-chartroom-desk", "1"), ("sec-fetch-site", "none")),
}


@pytest.mark.parametrize("path", [path for path in EVERY_POST if path.startswith("/desk/")])
@pytest.mark.parametrize("from_where", NOT_OURS)
def test_the_desk_answers_our_own_page_only(room: Room, path: str, from_where: str) -> None:
    asked = POSTS[path][0] if path in POSTS else CHANGES.get(path, {})
    before = room.kept()
    answer = _post(room, path, _body(room, asked), T, NOT_OURS[from_where])
    assert (answer.status, answer.json()["sentence"]) == (403, "This is no request of Chartroom's own page.")
    assert room.kept() == before


@pytest.mark.parametrize("path", ["/papers/sheets.pdf", "/drop"])
def test_papers_and_dropped_files_need_the_header_of_our_page(room: Room, path: str) -> None:
    before = room.kept()
    answer = _post(room, path, b'{"kind": "end"}', T, [("x-file-name", "scan.pdf")])
    assert (answer.status, answer.json()["sentence"]) == (403, "This is no request of Chartroom's own page.")
    assert room.kept() == before


@pytest.mark.parametrize("path", [path for path in EVERY_POST if path.startswith("/desk/")])
@pytest.mark.parametrize("told", [True, False])
def test_a_body_that_is_too_large_is_refused(room: Room, path: str, told: bool) -> None:
    before = room.kept()
    answer = _post(room, path, b" " * 256_001 if told else [b" " * 100_000] * 3)
    assert (answer.status, answer.json()["sentence"]) == (413, "That is too much at once.")
    assert room.kept() == before


def test_the_largest_body_is_taken(room: Room) -> None:
    assert _post(room, "/desk/recent", b"{}" + b" " * 255_998).status == 200


NONSENSE = (
    b"[1]", b'"text"', b"7", b"null", b"{", b"\xff\xfe", b"{'id': 1}", b"[" * 100_000, b'{"id": ' + b"9" * 5_000 + b"}",
)  # fmt: skip


@pytest.mark.parametrize("path", [path for path in EVERY_POST if path.startswith("/desk/")])
@pytest.mark.parametrize("body", NONSENSE, ids=lambda body: body[:9].decode("latin-1"))
def test_what_is_no_object_of_json_is_not_understood(room: Room, path: str, body: bytes) -> None:
    before = room.kept()
    answer = _post(room, path, body)
    assert answer.status == 400
    assert answer.json()["sentence"].startswith("This request is not understood.")
    assert room.kept() == before


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/desk/take", {}, 400),
        ("/desk/take", {"id": None}, 400),
        ("/desk/take", {"id": "x"}, 400),
        ("/desk/take", {"id": [1]}, 400),
        ("/desk/take", {"id": 10**30}, 400),
        ("/desk/take", {"id": float("inf")}, 400),
        ("/desk/take", {"id": float("nan")}, 400),
        ("/desk/take", {"id": 9999}, 409),
        ("/desk/words", {"id": 9999, "position": 1}, 404),
        ("/desk/words", {"id": 1}, 400),
        ("/desk/queue", {"have": [None]}, 400),
        ("/desk/queue", {"skip": [10**30]}, 400),
        ("/desk/history", {"id": 1}, 400),
        ("/desk/history", {"id": 10**30, "name": "mrn"}, 400),
        ("/desk/group", {}, 400),
        ("/desk/group-confirm", {"name": "mrn", "token": "n", "cells": 7}, 400),
        ("/desk/group-confirm", {"name": "mrn", "token": "n", "cells": [{"id": 1}]}, 400),
        ("/desk/group-confirm", {"name": "mrn", "token": "n", "cells": [[1]]}, 400),
        ("/desk/blanks-decide", {"marked": ["x"]}, 400),
        ("/desk/act", {}, 400),
        ("/desk/act", {"action": "explode", "token": "n", "id": 1}, 400),
        ("/desk/act", {"action": "approve", "id": 1}, 400),
        ("/desk/act", {"action": "approve", "token": "", "id": 1}, 400),
        ("/desk/act", {"action": "approve", "token": "n", "id": 1, "colour": "red"}, 400),
        ("/desk/act", {"action": "approve", "token": "n", "id": True}, 400),
        ("/desk/act", {"action": "rearrange", "token": "n", "id": 1, "change": {"kind": "turn", "by": 90}}, 400),
        ("/desk/act", {"action": "approve", "token": "n"}, 400),
        ("/desk/act", {"action": "approve", "token": "n", "id": 1, "values": 3}, 400),
        ("/desk/act", {"action": "approve", "token": "n", "id": 10**30}, 400),
        ("/desk/draft", {"id": 1, "values": [1]}, 400),
        ("/desk/search", {"words": "\ud800"}, 400),
        ("/desk/end_leases", {"ids": [10**30]}, 400),
    ],
)
def test_a_request_that_makes_no_sense_is_answered_and_changes_nothing(
    room: Room, path: str, asked: dict[str, object], status: int
) -> None:
    before = room.kept()
    answer = _post(room, path, json.dumps(asked).encode())
    assert answer.status == status, answer.body
    assert answer.json()["sentence"]
    assert room.kept() == before


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"id": "rivera"}, "id: "),
        ({"values": {"name": ["rivera"]}}, "values.name: "),
        ({"change": {"kind": "turn", "pages": ["rivera"], "named": [1]}}, "change.pages.0: "),
        ({"colour": "rivera"}, "colour: "),
    ],
)
def test_a_message_that_is_not_understood_is_told_by_its_key_and_never_by_what_was_sent(
    room: Room, changed: dict[str, object], wrong: str
) -> None:
    sent = {"action": "comment", "token": "n", "id": room.at_desk, **changed}
    answer = _post(room, "/desk/act", json.dumps(sent).encode())
    assert answer.status == 400
    assert [reason[: len(wrong)] for reason in answer.json()["wrong"]] == [wrong]
    assert b"rivera" not in answer.body


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_what_is_not_asked_by_post_does_nothing(room: Room, method: str) -> None:
    before = room.kept()
    for path in ("/desk/queue", "/desk/act", "/drop", "/logout"):
        app, inner = room.app()
        ask(app, method, path, headers=OURS, cookie=room.tokens[T], body=_body(room, CHANGES["/desk/act"]))
        assert inner.reached == [(path, "tess/technician")]
    assert room.kept() == before


def test_giving_back_gives_back_nobody_elses(room: Room) -> None:
    for role in (O, S):
        assert _post(room, "/desk/end_leases", json.dumps({"ids": [room.at_desk]}).encode(), role).status == 200
    with room.home.reading() as session:
        assert session.get_one(Document, room.at_desk).claimed_by == "tess"


# ---- papers


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"kind": "dance"}, "There is no sheet of kind dance."),
        ({}, "This request is not understood. Please load the page again."),
        ({"kind": "end", "number": 1001}, "The number of sheets is from 1 to 1000."),
        ({"kind": "end", "number": -1}, "The number of sheets is from 1 to 1000."),
        ({"kind": "patient"}, "A patient sheet needs --mrn."),
        ({"kind": "document", "type": "NO_SUCH"}, "There is no document type NO_SUCH. See docs/document-types.md."),
        ({"kind": "end", "number": "many"}, "This request is not understood. Please load the page again."),
        ({"kind": "end", "number": [2]}, "This request is not understood. Please load the page again."),
        ({"kind": "end", "number": float("inf")}, "This request is not understood. Please load the page again."),
        ([1], "This request is not understood. Please load the page again."),
        ("end", "This request is not understood. Please load the page again."),
    ],
)
def test_sheets_that_cannot_be_printed_are_refused_in_a_sentence(room: Room, asked: object, sentence: str) -> None:
    answer = _post(room, "/papers/sheets.pdf", json.dumps(asked).encode(), O)
    assert (answer.status, answer.json()["sentence"]) == (400, sentence)


def test_a_body_of_sheets_that_is_too_large_is_refused(room: Room) -> None:
    answer = _post(room, "/papers/sheets.pdf", [b'{"kind": "end"', b" " * 5_000, b"}"], O)
    assert (answer.status, answer.json()["sentence"]) == (413, "That is too much at once.")


@pytest.mark.parametrize("role", [T, S, O])
def test_a_dropped_file_lies_in_the_hot_folder_whole(room: Room, role: Role) -> None:
    headers = [*OURS, ("x-file-name", f"scan%20of%20{role}.pdf")]
    answer = _post(room, "/drop", [b"%PDF-", b"1.7"], role, headers)
    assert (answer.status, answer.json()["sentence"]) == (200, f"scan of {role}.pdf is in the hot folder.")
    assert (room.home.path / "hot" / f"scan of {role}.pdf").read_bytes() == b"%PDF-1.7"


@pytest.mark.parametrize(
    ("name", "body", "role", "status"),
    [
        ("scan.pdf", [b"x"], Role.AUDITOR, 404),
        ("scan.pdf", [b"x"], Role.ADMIN, 404),
        ("", [b"x"], O, 400),
        ("..%2F..", [b"x"], O, 400),
        ("scan.part", [b"x"], O, 400),
        ("scan.pdf", [b""], O, 400),
        ("scan.pdf", [b"x" * 600_000, b"x" * 600_000], O, 400),
    ],
)
def test_a_file_that_is_refused_leaves_nothing_behind(
    room: Room, name: str, body: list[bytes], role: Role, status: int
) -> None:
    before = room.kept()
    answer = _post(room, "/drop", body, role, [*OURS, ("x-file-name", name)])
    assert answer.status == status
    assert room.kept() == before


def test_a_full_disk_is_told_without_the_name_of_the_file(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(*_: object) -> None:
        raise OSError(28, "No space left on device", "rivera ana.pdf")

    monkeypatch.setattr("ingest.dropping.Drop.write", is_full)
    before = room.kept()
    answer = _post(room, "/drop", b"x", O, [*OURS, ("x-file-name", "rivera ana.pdf")])
    assert answer.status == 507
    assert "rivera" not in answer.json()["sentence"]
    assert answer.json()["sentence"]
    assert room.kept() == before


def test_a_name_that_is_taken_in_is_a_scan() -> None:
    assert is_scan(b"scan of operator.pdf")


def test_a_browser_that_goes_away_in_the_middle_of_its_request_is_no_error(room: Room) -> None:
    app, _ = room.app()
    sent: list[dict[str, object]] = []
    messages: list[dict[str, object]] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]
    given = [(b"host", b"desk"), (b"cookie", f"chartroom_session={room.tokens[T]}".encode())]
    given += [(key.encode(), value.encode()) for key, value in OURS]
    scope = {
        "type": "http", "method": "POST", "path": "/desk/queue", "query_string": b"", "headers": given, "scheme": "http",
        "http_version": "1.1", "server": ("desk", 80), "client": ("127.0.0.1", 1), "root_path": "", "raw_path": b"/desk/queue",
    }  # fmt: skip

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 499
