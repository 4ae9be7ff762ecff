"""Signing in and out: each answer, its cookie, and that a wrong try opens nothing."""

import pytest
from sqlmodel import Session, col, delete, func, select

from storage.foundation import accounts
from storage.foundation.permissions import Role
from storage.foundation.tables.access import SignInFailure, WebSession
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.documents import Document
from tests.given.web import Answer, ask
from tests.unit.review_app.web.conftest import PASSWORD, Room

WRONG = "The user name or the password is not right."


@pytest.fixture(autouse=True)
def _no_failures(room: Room) -> None:
    with room.home.writing() as session:
        session.exec(delete(SignInFailure))


def _sign_in(room: Room, username: str, password: str, **headers: str) -> Answer:
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return ask(room.app()[0], "POST", "/login", headers=given, body=f"username={username}&password={password}".encode())


def _sessions(session: Session) -> int:
    return session.exec(select(func.count()).select_from(WebSession)).one()


def _count(room: Room) -> int:
    with room.home.reading() as session:
        return _sessions(session)


def test_the_right_password_gives_a_cookie_that_scripts_and_other_sites_do_not_get(room: Room) -> None:
    answer = _sign_in(room, "sam", PASSWORD)
    assert (answer.status, answer.headers["location"]) == (303, "/home")
    name, _, rest = answer.headers["set-cookie"].partition("=")
    token, _, attributes = rest.partition(";")
    assert name == "chartroom_session"
    assert {part.strip().lower() for part in attributes.split(";")} == {"httponly", "path=/", "samesite=strict"}
    assert ask(room.app()[0], "GET", "/a-screen", cookie=token).body == b"screen"


@pytest.mark.parametrize(
    ("username", "password"), [("sam", "wrong"), ("nobody", PASSWORD), ("", ""), ("sam", ""), ("SAM", PASSWORD), ("sam%00", PASSWORD)]
)  # fmt: skip
def test_a_wrong_name_or_password_opens_nothing_and_the_answer_does_not_say_which(
    room: Room, username: str, password: str
) -> None:
    before = _count(room)
    answer = _sign_in(room, username, password)
    assert answer.status == 401
    assert WRONG in answer.body.decode()
    assert "set-cookie" not in answer.headers
    assert _count(room) == before


def test_a_body_that_is_no_form_opens_nothing(room: Room) -> None:
    for body in (b"", b"\xff\xfe\x00", b'{"username": "sam"}', b"username=sam&username=x"):
        assert ask(room.app()[0], "POST", "/login", body=body).status == 401


@pytest.mark.parametrize("body", [b"x" * 8_193, [b"x" * 5_000, b"x" * 5_000]], ids=["told", "in pieces"])
def test_a_form_that_is_too_long_is_not_read(room: Room, body: bytes | list[bytes]) -> None:
    before = room.kept()
    answer = ask(room.app()[0], "POST", "/login", body=body)
    assert answer.status == 413
    assert "That is too long." in answer.body.decode()
    assert room.kept() == before


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_signs_nobody_in(room: Room, site: str) -> None:
    before = _count(room)
    answer = _sign_in(room, "sam", PASSWORD, sec_fetch_site=site)
    assert answer.status == 403
    assert "Please sign in on this page." in answer.body.decode()
    assert _count(room) == before


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_page_signs_in(room: Room, site: str) -> None:
    assert _sign_in(room, "sam", PASSWORD, sec_fetch_site=site).status == 303


def test_too_many_wrong_passwords_are_told_and_shut_the_right_one_out(room: Room) -> None:
    for _ in range(accounts.LOCK_AFTER):
        assert _sign_in(room, "olga", "wrong").status == 401
    answer = _sign_in(room, "olga", PASSWORD)
    assert answer.status == 429
    assert "Too many wrong passwords. Please wait 5 minutes" in answer.body.decode()
    assert _sign_in(room, "sam", PASSWORD).status == 303  # from the same address, and somebody else


def test_a_link_signs_in_once(room: Room) -> None:
    with room.home.writing() as session:
        token = accounts.make_one_time_login(session, "tess")
    first, second = (ask(room.app()[0], "GET", f"/login?once={token}") for _ in range(2))
    assert (first.status, "set-cookie" in first.headers) == (303, True)
    assert (second.status, "set-cookie" in second.headers) == (401, False)
    assert "This link was used or is too old. Ask for a new one." in second.body.decode()


def test_what_was_typed_is_never_shown_again(room: Room) -> None:
    answer = _sign_in(room, "%3Cscript%3Ealert(1)%3C/script%3E", "secret")
    assert b"<script" not in answer.body
    assert b"secret" not in answer.body


def test_signing_out_ends_the_session_and_gives_the_documents_back(room: Room) -> None:
    with room.home.writing() as session:
        signed_in = accounts.sign_in(session, "sam", PASSWORD, "127.0.0.1")
        assert signed_in is not None
        document = session.get_one(Document, room.filed)
        document.claimed_by = "sam"
        session.add(document)
    app = room.app()[0]
    answer = ask(app, "POST", "/logout", cookie=signed_in.token)
    assert (answer.status, answer.headers["location"]) == (303, "/login")
    assert 'chartroom_session=""' in answer.headers["set-cookie"]
    assert ask(app, "GET", "/a-screen", cookie=signed_in.token).status == 401
    with room.home.reading() as session:
        assert session.get_one(Document, room.filed).claimed_by is None
        last = session.exec(select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(1)).one()
    assert (last.action, last.actor) == ("sign_out", "sam")
    assert ask(app, "GET", "/a-screen", cookie=room.tokens[Role.SUPERVISOR]).status == 200  # another browser of hers
