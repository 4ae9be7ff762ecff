"""Whoever has a password that an administrator set changes it before anything else opens."""

from collections.abc import Iterator

import pytest
from sqlmodel import delete

from storage.foundation import accounts
from storage.foundation.permissions import Actor, Role
from storage.foundation.tables.access import SignInFailure
from tests.given.web import Answer, ask, connect
from tests.unit.review_app.web.conftest import Room
from tests.unit.review_app.web.test_gate import EVERY, GETS, OURS

ADA = Actor("ada", Role.ADMIN)
GIVEN, OWN = "from-the-administrator", "all-of-my-own-words"
PAGE = (("accept", "text/html"),)


@pytest.fixture
def uma(room: Room) -> Iterator[str]:
    """A session of Uma, whose password Ada has just set."""
    with room.home.writing() as session:
        session.exec(delete(SignInFailure))
        if "uma" not in [account.username for account in accounts.list_accounts(session)]:
            accounts.add_account(session, "uma", Role.TECHNICIAN, GIVEN)
        accounts.set_password(session, "uma", GIVEN, ADA)
        signed_in = accounts.sign_in(session, "uma", GIVEN, "127.0.0.1")
    assert signed_in is not None
    yield signed_in.token


def _change(room: Room, token: str, current: str = GIVEN, new: str = OWN, again: str = OWN, site: str = "") -> Answer:
    headers = [("sec-fetch-site", site)] if site else []
    body = f"current={current}&new={new}&again={again}".encode()
    return ask(room.app()[0], "POST", "/password", headers=headers, cookie=token, body=body)


@pytest.mark.parametrize(("method", "path"), [case for case in EVERY if case[1] != "/logout"])
def test_nothing_else_opens_before(room: Room, uma: str, method: str, path: str) -> None:
    app, inner = room.app()
    before = room.kept()
    answer = ask(app, method, path, headers=OURS, cookie=uma, body=b'{"id": 1}')
    assert (answer.status, answer.body) == (403, b"Change your password first.")
    assert inner.reached == []
    assert room.kept() == before


@pytest.mark.parametrize("path", [*GETS, "/home", "/account"])
def test_a_screen_leads_to_the_form(room: Room, uma: str, path: str) -> None:
    app, inner = room.app()
    answer = ask(app, "GET", path, headers=PAGE, cookie=uma)
    assert (answer.status, answer.headers["location"], inner.reached) == (303, "/password", [])


def test_no_screen_is_drawn_over_a_websocket_either(room: Room, uma: str) -> None:
    app, inner = room.app()
    sent = connect(app, "/_stcore/stream", headers=[("host", "desk"), ("origin", "http://desk")], cookie=uma)
    assert (sent, inner.reached) == ([{"type": "websocket.close", "code": 1008}], [])


def test_the_form_asks_for_both_and_offers_to_sign_out(room: Room, uma: str) -> None:
    answer = ask(room.app()[0], "GET", "/password", headers=PAGE, cookie=uma)
    text = answer.body.decode()
    assert answer.status == 200
    assert "An administrator set your password. Choose your own before you go on." in text
    assert text.count('type="password"') == 3
    assert 'formaction="/logout"' in text
    assert ask(room.app()[0], "POST", "/logout", cookie=uma).headers["location"] == "/login"


def test_a_password_of_one_s_own_opens_everything(room: Room, uma: str) -> None:
    with room.home.writing() as session:
        other = accounts.sign_in(session, "uma", GIVEN, "127.0.0.1")
    answer = _change(room, uma)
    assert (answer.status, answer.headers["location"]) == (303, "/home")
    assert ask(room.app()[0], "GET", "/a-screen", cookie=uma).body == b"screen"
    assert other is not None
    assert ask(room.app()[0], "GET", "/a-screen", cookie=other.token).status == 401  # sessions elsewhere end
    again = ask(room.app()[0], "GET", "/password", headers=PAGE, cookie=uma)
    assert (again.status, again.headers["location"]) == (303, "/home")


@pytest.mark.parametrize(
    ("said", "status", "sentence"),
    [
        ({"current": "wrong"}, 401, "The current password is not right."),
        ({"again": "something-else-again"}, 400, "The two new passwords differ. Nothing was changed."),
        ({"new": "short", "again": "short"}, 400, "A password needs 12 to 1024 characters."),
        ({"new": GIVEN, "again": GIVEN}, 400, "The new password is the current one. Choose another."),
        ({"site": "cross-site"}, 403, "Please change your password on this page."),
        ({"new": "x" * 9_000}, 413, "That is too long."),
    ],
)
def test_a_refusal_says_why_and_opens_nothing(
    room: Room, uma: str, said: dict[str, str], status: int, sentence: str
) -> None:
    answer = _change(room, uma, **said)
    assert (answer.status, sentence in answer.body.decode()) == (status, True)
    assert OWN not in answer.body.decode()
    assert ask(room.app()[0], "GET", "/a-screen", cookie=uma).status == 403


def test_too_many_wrong_passwords_are_refused_here_too(room: Room, uma: str) -> None:
    for _ in range(accounts.LOCK_AFTER):
        assert _change(room, uma, current="wrong").status == 401
    assert _change(room, uma).status == 429


def test_nobody_changes_a_password_without_a_session(room: Room) -> None:
    assert _change(room, room.ended).status == 401
    answer = ask(room.app()[0], "GET", "/password", headers=PAGE)
    assert (answer.status, answer.headers["location"]) == (303, "/login")
