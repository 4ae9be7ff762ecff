"""Sign-in, sessions that end, and who may do what."""

from datetime import timedelta

import pytest

from storage.foundation import accounts
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, SignInRefused
from storage.foundation.home import Home
from storage.foundation.permissions import _WHO, Action, Actor, Role, can
from storage.foundation.tables.access import Account, WebSession

PASSWORD = "correct-horse-battery"
pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def tess(home: Home) -> Home:
    with home.writing() as session:
        accounts.add_account(session, "tess", Role.TECHNICIAN, PASSWORD)
    return home


def _sign_in(home: Home, password: str = PASSWORD, name: str = "tess") -> accounts.SignedIn | None:
    with home.writing() as session:
        return accounts.sign_in(session, name, password, "127.0.0.1")


def _who(home: Home, token: str) -> Actor | None:
    with home.reading() as session:
        return accounts.who_is(session, token)


def test_the_right_password_opens_a_session_and_signing_out_ends_it(tess: Home) -> None:
    signed_in = _sign_in(tess)
    assert signed_in is not None
    assert _who(tess, signed_in.token) == Actor("tess", Role.TECHNICIAN)
    with tess.writing() as session:
        accounts.sign_out(session, signed_in.token)
    assert _who(tess, signed_in.token) is None


def test_neither_password_nor_token_is_kept(tess: Home) -> None:
    signed_in = _sign_in(tess)
    assert signed_in is not None
    with tess.reading() as session:
        account = session.get_one(Account, 1)
        assert account.password_hash.startswith("$argon2id$")
        assert session.get(WebSession, signed_in.token) is None


@pytest.mark.parametrize(
    ("name", "password"),
    [("tess", "wrong"), ("nobody", PASSWORD), ("", ""), ("' OR 1=1--", "x"), ("tess", "y" * 100_000)],
)
def test_a_wrong_name_or_password_opens_nothing(tess: Home, name: str, password: str) -> None:
    assert _sign_in(tess, password, name) is None


def test_five_wrong_passwords_lock_even_the_right_one_out(tess: Home) -> None:
    for _ in range(accounts.LOCK_AFTER):
        assert _sign_in(tess, "wrong") is None
    with pytest.raises(SignInRefused) as refused:
        _sign_in(tess)
    assert refused.value.locked


def test_a_session_idles_out_and_has_an_absolute_end(tess: Home) -> None:
    for column, age in (("seen_at", timedelta(minutes=16)), ("started_at", timedelta(hours=13))):
        signed_in = _sign_in(tess)
        assert signed_in is not None
        with tess.writing() as session:
            row = session.get_one(WebSession, accounts._hash(signed_in.token))
            setattr(row, column, utc_now() - age)
        assert _who(tess, signed_in.token) is None


def test_shutting_an_account_or_changing_its_password_ends_its_sessions(tess: Home) -> None:
    machine = Actor("machine", Role.MACHINE)
    signed_in = _sign_in(tess)
    assert signed_in is not None
    with tess.writing() as session:
        accounts.set_password(session, "tess", "another-long-password", machine)
    assert _who(tess, signed_in.token) is None
    signed_in = _sign_in(tess, "another-long-password")
    assert signed_in is not None
    with tess.writing() as session:
        accounts.disable_account(session, "tess", machine)
    assert _who(tess, signed_in.token) is None
    assert _sign_in(tess, "another-long-password") is None


def test_a_one_time_link_works_once(tess: Home) -> None:
    with tess.writing() as session:
        token = accounts.make_one_time_login(session, "tess")
    with tess.writing() as session:
        assert accounts.use_one_time_login(session, token, "here") is not None
    with tess.writing() as session:
        assert accounts.use_one_time_login(session, token, "here") is None
        assert accounts.use_one_time_login(session, "guess", "here") is None


def test_short_passwords_odd_names_and_second_accounts_are_refused(tess: Home) -> None:
    for name, password in (("uma", "short"), ("u ma", PASSWORD), ("tess", PASSWORD)):
        with pytest.raises(NotAllowed), tess.writing() as session:
            accounts.add_account(session, name, Role.TECHNICIAN, password)


def test_a_technician_makes_no_accounts(tess: Home) -> None:
    with pytest.raises(NotAllowed), tess.writing() as session:
        accounts.add_account(session, "uma", Role.TECHNICIAN, PASSWORD, Actor("tess", Role.TECHNICIAN))


def test_the_administrator_and_the_auditor_see_no_chart() -> None:
    for role in (Role.ADMIN, Role.AUDITOR, Role.OPERATOR):
        for action in (Action.SEE_PAGES, Action.SEARCH, Action.VERIFY):
            assert not can(Actor("x", role), action), (role, action)


def test_every_action_has_somebody() -> None:
    assert set(_WHO) == set(Action)
    assert all(_WHO.values())
