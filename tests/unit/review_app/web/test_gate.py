"""The gate: no session, no answer; and on every answer the same headers."""

import pytest
from sqlmodel import Session, col, select, update

from review_app.web import gate
from storage.foundation import accounts
from storage.foundation.permissions import Role
from storage.foundation.tables.access import WebSession
from tests.given.web import ask, connect
from tests.unit.review_app.web.conftest import NAMES, Room

GETS = (
    "/", "/verify", "/search?words=rivera", "/page/1/1.jpg", "/page/1/1/full.jpg", "/field/1/mrn.jpg", "/blank/2.jpg",
    "/filed/1.pdf", "/papers/rescans.pdf", "/papers/scan-1.pdf", "/papers/original/claim", "/_stcore/host-config", "/_stcore/agent", "/media/x.jpg",
)  # fmt: skip
POSTS = (
    "/desk/queue", "/desk/take", "/desk/act", "/desk/draft", "/desk/search", "/desk/words", "/desk/history", "/desk/recent",
    "/desk/end_leases", "/desk/group", "/desk/group-confirm", "/desk/blanks", "/desk/blanks-decide", "/papers/sheets.pdf", "/drop",
    "/logout", "/_stcore/upload_file/x",
)  # fmt: skip
EVERY = [*(("GET", path) for path in GETS), *(("POST", path) for path in POSTS)]
OURS = (("x-chartroom-desk", "1"), ("sec-fetch-site", "same-origin"))
FORGED = (("X-Chartroom-User", "sam"), ("x-chartroom-role", "supervisor"))

SAFE = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}


def _is_safe(headers: dict[str, str]) -> bool:
    policy = headers["content-security-policy"]
    return (
        headers.items() >= SAFE.items()
        and "default-src 'self'" in policy
        and "frame-ancestors 'none'" in policy
        and "object-src 'none'" in policy
        and "unsafe-eval' " not in policy.replace("wasm-unsafe-eval", "")
    )


@pytest.mark.parametrize(("method", "path"), EVERY)
@pytest.mark.parametrize("who", ["nobody", "an ended session", "a token made up", "a forged header"])
def test_nobody_gets_an_answer_without_a_session(room: Room, method: str, path: str, who: str) -> None:
    app, inner = room.app()
    cookie = {"an ended session": room.ended, "a token made up": "x" * 43}.get(who)
    headers = (*OURS, *(FORGED if who == "a forged header" else ()))
    before = room.kept()
    answer = ask(app, method, path, headers=headers, cookie=cookie, body=b'{"id": 1}')
    assert (answer.status, answer.body) == (401, b"Please sign in.")
    assert _is_safe(answer.headers)
    assert inner.reached == []
    assert room.kept() == before


@pytest.mark.parametrize("path", GETS)
def test_a_person_without_a_session_is_led_to_the_sign_in(room: Room, path: str) -> None:
    app, inner = room.app()
    answer = ask(app, "GET", path, headers=[("accept", "text/html,*/*")])
    assert (answer.status, answer.headers["location"]) == (303, "/login")
    assert _is_safe(answer.headers)
    assert inner.reached == []


def test_a_post_is_not_led_anywhere(room: Room) -> None:
    answer = ask(room.app()[0], "POST", "/desk/queue", headers=[("accept", "text/html"), *OURS])
    assert answer.status == 401


@pytest.mark.parametrize(("method", "path"), EVERY)
@pytest.mark.parametrize("role", [role for role in NAMES if role is not Role.SUPERVISOR])
def test_every_answer_to_everybody_has_the_safe_headers(room: Room, method: str, path: str, role: Role) -> None:
    if path == "/logout":
        return
    answer = ask(room.app()[0], method, path, headers=OURS, cookie=room.tokens[role], body=b"[]")
    assert answer.status < 500
    assert _is_safe(answer.headers)


def test_headers_of_streamlit_are_replaced_and_others_kept(room: Room) -> None:
    answer = ask(room.app()[0], "GET", "/a-screen", cookie=room.tokens[Role.SUPERVISOR])
    assert answer.body == b"screen"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-own"] == "kept"


@pytest.mark.parametrize(("role", "name"), NAMES.items())
def test_who_sits_there_is_told_by_the_gate_and_by_nobody_else(room: Room, role: Role, name: str) -> None:
    app, inner = room.app()
    ask(app, "GET", "/a-screen", headers=FORGED, cookie=room.tokens[role])
    assert inner.reached == [("/a-screen", f"{name}/{role}")]


@pytest.mark.parametrize("path", ["/login", "/_stcore/health"])
def test_two_addresses_are_open(room: Room, path: str) -> None:
    app, inner = room.app()
    answer = ask(app, "GET", path, headers=FORGED)
    assert answer.status == 200
    assert _is_safe(answer.headers)
    assert inner.reached == ([] if path == "/login" else [("/_stcore/health", "/")])


@pytest.mark.parametrize("path", ["/login/", "/login/x", "/_stcore/health/", "/_stcore/healthy", "//login", "/LOGIN"])
def test_an_address_that_is_like_an_open_one_is_shut(room: Room, path: str) -> None:
    app, inner = room.app()
    assert ask(app, "GET", path).status == 401
    assert inner.reached == []


@pytest.mark.parametrize(
    "path",
    ["/_stcore/agent", "/_stcore/metrics", "/_stcore/upload_file/a/b", "/media/abc.jpg", "/component/x", "/a/../b", "/a//b", "/.."],
)  # fmt: skip
@pytest.mark.parametrize("role", list(NAMES))
def test_what_streamlit_would_answer_to_anybody_is_shut_to_everybody(room: Room, path: str, role: Role) -> None:
    app, inner = room.app()
    answer = ask(app, "GET", path, cookie=room.tokens[role])
    assert (answer.status, answer.body) == (404, b"There is nothing here.")
    assert inner.reached == []


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.TECHNICIAN, "/verify"),
        (Role.OPERATOR, "/scanning"),
        (Role.AUDITOR, "/corrections"),
        (Role.ADMIN, "/accounts"),
    ],
)
def test_the_own_start_screen_is_led_to_the_root(room: Room, role: Role, path: str) -> None:
    answer = ask(room.app()[0], "GET", path, cookie=room.tokens[role])
    assert (answer.status, answer.headers["location"]) == (303, "/")


HTML = ("accept", "text/html,*/*")


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/nonsense", "/missing"),
        ("/a/b", "/missing"),  # Streamlit would show a blank page
        ("/Worklist/?queue=pend", "/worklist?queue=pend"),
        ("/verify?document=3", "/?document=3"),
    ],
)
def test_an_address_without_a_screen_is_led_to_one(room: Room, asked: str, led_to: str) -> None:
    answer = ask(room.app()[0], "GET", asked, headers=[HTML], cookie=room.tokens[Role.TECHNICIAN])
    assert (answer.status, answer.headers["location"]) == (303, led_to)


@pytest.mark.parametrize(
    "path", ["/", "/worklist", "/audit", "/plain", "/missing", "/page/1/1.jpg", "/static/a.js", "/_stcore/host-config"]
)
def test_screens_and_parts_of_them_are_led_nowhere(room: Room, path: str) -> None:
    answer = ask(room.app()[0], "GET", path, headers=[HTML], cookie=room.tokens[Role.TECHNICIAN])
    assert "location" not in answer.headers


def test_a_role_that_was_changed_ends_the_session_at_the_next_request(room: Room) -> None:
    app, inner = room.app()
    token = room.tokens[Role.AUDITOR]
    with room.home.writing() as session:
        _set_role(session, "audrey", "supervisor")
    try:
        assert ask(app, "GET", "/a-screen", cookie=token).status == 401
    finally:
        with room.home.writing() as session:
            _set_role(session, "audrey", "auditor")
    assert ask(app, "GET", "/a-screen", cookie=token).status == 200
    assert len(inner.reached) == 1


def _set_role(session: Session, name: str, role: str) -> None:
    session.exec(update(accounts.Account).where(col(accounts.Account.username) == name).values(role=role))


def test_being_there_is_noted_at_most_every_fifteen_seconds(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    app, _ = room.app()
    noted: list[str] = []
    clock = [1000.0]
    monkeypatch.setattr(gate.desk, "note_presence", lambda connection: noted.append(connection.url.path))
    monkeypatch.setattr(gate.time, "monotonic", lambda: clock[0])
    for seconds in (0, 5, 14.9, 15, 20, 30):
        clock[0] = 1000.0 + seconds
        ask(app, "GET", f"/at-{seconds}", cookie=room.tokens[Role.TECHNICIAN])
    assert noted == ["/at-0", "/at-15", "/at-30"]


def test_being_there_starts_the_idle_time_again(room: Room) -> None:
    with room.home.reading() as session:
        before = session.exec(select(WebSession.seen_at).where(WebSession.username == "olga")).one()
    ask(room.app()[0], "GET", "/a-screen", cookie=room.tokens[Role.OPERATOR])
    with room.home.reading() as session:
        assert session.exec(select(WebSession.seen_at).where(WebSession.username == "olga")).one() > before


# ---- WebSockets

STREAM = "/_stcore/stream"
HERE = (("origin", "http://desk"),)


@pytest.mark.parametrize(
    ("headers", "role"),
    [
        (HERE, None),
        ((*HERE, *FORGED), None),
        ((), Role.TECHNICIAN),  # no browser leaves the origin out
        ((("origin", "http://evil.example"),), Role.TECHNICIAN),
        ((("origin", "http://desk.evil.example"),), Role.SUPERVISOR),
        ((("origin", "null"),), Role.SUPERVISOR),
        ((("origin", "http://desk:9999"),), Role.SUPERVISOR),
    ],
)
def test_a_websocket_is_shut_to_strangers_and_other_sites(
    room: Room, headers: tuple[tuple[str, str], ...], role: Role | None
) -> None:
    app, inner = room.app()
    sent = connect(app, STREAM, headers=headers, cookie=room.tokens[role] if role else None, messages=["rerun"])
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert inner.reached == []


@pytest.mark.parametrize("origin", ["http://desk", "https://desk"])
def test_a_websocket_of_our_own_page_gets_through_as_who_sits_there(room: Room, origin: str) -> None:
    app, inner = room.app()
    connect(app, STREAM, headers=[("origin", origin), *FORGED], cookie=room.tokens[Role.OPERATOR], messages=["a", "b"])
    assert inner.reached == [(STREAM, "olga/operator")]
    assert [m.get("text") for m in inner.received if m["type"] == "websocket.receive"] == ["a", "b"]


def test_a_session_that_ends_ends_its_websocket_at_the_next_message(room: Room) -> None:
    app, inner = room.app()
    with room.home.writing() as session:
        signed_in = accounts.sign_in(session, "tess", "correct-horse-battery", "127.0.0.1")
    assert signed_in is not None

    def sign_out() -> None:
        with room.home.writing() as session:
            accounts.sign_out(session, signed_in.token)

    sent = connect(app, STREAM, headers=HERE, cookie=signed_in.token, messages=["before", sign_out, "after"])
    assert [m.get("text") for m in inner.received if m["type"] == "websocket.receive"] == ["before"]
    assert inner.received[-1]["type"] == "websocket.disconnect"
    assert sent[-1] == {"type": "websocket.close", "code": 1008}


def test_an_open_screen_asks_whether_its_session_stands_and_keeps_none_alive_by_asking(room: Room) -> None:
    app, inner = room.app()
    with room.home.writing() as session:
        session.exec(update(WebSession).values(seen_at=WebSession.started_at))
    for cookie, status in ((None, 401), (room.ended, 401), ("x" * 43, 401), (room.tokens[Role.TECHNICIAN], 204)):
        answer = ask(app, "GET", gate.STILL_SIGNED_IN, cookie=cookie)
        assert (answer.status, answer.body) == (status, b"")
        assert _is_safe(answer.headers)
    with room.home.reading() as session:
        assert session.exec(select(WebSession).where(WebSession.seen_at != WebSession.started_at)).all() == []
    assert inner.reached == []
