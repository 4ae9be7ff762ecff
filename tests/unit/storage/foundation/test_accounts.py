"""Accounts to the edges of their limits: passwords, locks, sessions, links, and what the log tells of them."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from storage.foundation import accounts
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, SignInRefused
from storage.foundation.home import Home
from storage.foundation.permissions import MACHINE, Actor, Role
from storage.foundation.tables.access import Account, OneTimeLogin, SignInFailure, WebSession
from storage.foundation.tables.audit import AuditEvent
from tests.given.trying import last_event, rolled_back, rows_written

PASSWORD = "correct-horse-battery"
ADA = Actor("ada", Role.ADMIN)
HERE = "192.0.2.7"


def test_passwords_are_hashed_as_owasp_asks_for() -> None:
    """OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB and two rounds at least."""
    hasher = accounts._hasher
    assert hasher.memory_cost >= 19 * 1024
    assert hasher.time_cost >= 2
    assert (
        f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}$" in accounts._NOBODY
    )  # as slow for nobody


@pytest.fixture
def trying(shared_home: Home, cheap_passwords: None) -> Iterator[Session]:
    """A transaction with Tess's account in it, rolled back at the end."""
    with rolled_back(shared_home) as session:
        accounts.add_account(session, "tess", Role.TECHNICIAN, PASSWORD)
        yield session


def _sign_in(session: Session, password: str = PASSWORD, name: str = "tess", address: str = HERE) -> str:
    signed_in = accounts.sign_in(session, name, password, address)
    assert signed_in is not None
    return signed_in.token


@pytest.mark.parametrize(("length", "is_taken"), [(11, False), (12, True), (1024, True), (1025, False), (0, False)])
def test_a_password_has_twelve_to_1024_characters(trying: Session, length: int, is_taken: bool) -> None:
    for change in (
        lambda: accounts.add_account(trying, "uma", Role.TECHNICIAN, ("p" + "kw7" * length)[:length], ADA),
        lambda: accounts.set_password(trying, "tess", ("p" + "kw7" * length)[:length], ADA),
    ):
        if is_taken:
            change()
            continue
        written = rows_written(trying)
        with pytest.raises(NotAllowed, match=r"^A password needs 12 to 1024 characters\.$"):
            change()
        assert rows_written(trying) == written


@pytest.mark.parametrize("name", ["tess.a", "t-1", "t_e", "T", "0"])
def test_names_that_are_taken(trying: Session, name: str) -> None:
    assert accounts.add_account(trying, name, Role.AUDITOR, PASSWORD, ADA).username == name


@pytest.mark.parametrize("name", ["", ".", "a b", "a/b", "josé", "a\n", "a:b", "shell:root", "<b>", "a'--", "..-_"])
def test_names_that_are_refused(trying: Session, name: str) -> None:
    with pytest.raises(NotAllowed, match=r"^A user name has letters, digits, dots, dashes and underscores only\.$"):
        accounts.add_account(trying, name, Role.AUDITOR, PASSWORD, ADA)


def test_nobody_is_the_machine_and_no_name_is_given_twice(trying: Session) -> None:
    with pytest.raises(NotAllowed):
        accounts.add_account(trying, "robot", Role.MACHINE, PASSWORD, ADA)
    with pytest.raises(NotAllowed, match=r"^There is an account tess already\.$"):
        accounts.add_account(trying, "tess", Role.AUDITOR, PASSWORD, ADA)


@pytest.mark.parametrize("change", ["set_password", "disable_account", "enable_account", "make_one_time_login"])
def test_who_is_not_there_is_told(trying: Session, change: str) -> None:
    calls: dict[str, Callable[[], object]] = {
        "set_password": lambda: accounts.set_password(trying, "nobody", PASSWORD, ADA),
        "disable_account": lambda: accounts.disable_account(trying, "nobody", ADA),
        "enable_account": lambda: accounts.enable_account(trying, "nobody", ADA),
        "make_one_time_login": lambda: accounts.make_one_time_login(trying, "nobody"),
    }
    with pytest.raises(NotAllowed, match=r"^There is no account nobody\.$"):
        calls[change]()


@pytest.mark.parametrize(("failures", "is_locked"), [(4, False), (5, True)])
def test_a_name_is_locked_after_five_wrong_passwords(trying: Session, failures: int, is_locked: bool) -> None:
    for _ in range(failures):
        assert accounts.sign_in(trying, "tess", "wrong", HERE) is None
    if not is_locked:
        _sign_in(trying)
        return
    with pytest.raises(SignInRefused) as refused:
        accounts.sign_in(trying, "tess", PASSWORD, "198.51.100.1")  # from wherever
    assert refused.value.locked
    assert str(refused.value) == "Too many wrong passwords. Please wait 5 minutes or ask an administrator."


def test_the_wrong_passwords_of_one_lock_out_nobody_else_of_the_same_address(trying: Session) -> None:
    for _ in range(5):
        assert accounts.sign_in(trying, "uma", "a wrong password", HERE) is None
    with pytest.raises(SignInRefused):
        accounts.sign_in(trying, "uma", PASSWORD, HERE)
    _sign_in(trying)  # from the same address: a proxy, a terminal server


@pytest.mark.parametrize(("minutes", "is_locked"), [(4.9, True), (5.1, False)])
def test_a_lock_lasts_five_minutes(trying: Session, minutes: float, is_locked: bool) -> None:
    then = utc_now() - timedelta(minutes=minutes)
    trying.add_all(SignInFailure(key="name:tess", at=then) for _ in range(5))
    trying.flush()
    if is_locked:
        with pytest.raises(SignInRefused):
            accounts.sign_in(trying, "tess", PASSWORD, HERE)
    else:
        _sign_in(trying)


def test_a_wrong_try_is_in_the_log_without_the_name_that_was_typed(trying: Session) -> None:
    assert accounts.sign_in(trying, "rivera-password", "x", HERE) is None
    told = last_event(trying, "account")
    assert (told.action, told.outcome, told.actor) == ("sign_in", "refused", "machine")
    assert "rivera" not in told.detail
    assert HERE in told.detail


@pytest.mark.parametrize(
    ("started", "seen", "is_there"),
    [
        (timedelta(0), timedelta(0), True),
        (timedelta(hours=1), timedelta(minutes=14.9), True),
        (timedelta(hours=1), timedelta(minutes=15.1), False),
        (timedelta(hours=11.9), timedelta(0), True),
        (timedelta(hours=12.1), timedelta(0), False),  # however busy
    ],
)
def test_a_session_ends_by_idling_and_after_half_a_day(
    trying: Session, started: timedelta, seen: timedelta, is_there: bool
) -> None:
    token = _sign_in(trying)
    now = utc_now()
    trying.exec(update(WebSession).values(started_at=now - started, seen_at=now - seen))
    trying.expire_all()
    assert (accounts.who_is(trying, token) is not None) is is_there


def test_being_there_wakes_no_session_that_ended(trying: Session) -> None:
    token = _sign_in(trying)
    accounts.sign_out(trying, token)
    written = rows_written(trying)
    accounts.touch(trying, token)
    accounts.touch(trying, "made up")
    accounts.sign_out(trying, token)  # again
    accounts.sign_out(trying, "made up")
    assert rows_written(trying) == written
    assert accounts.who_is(trying, token) is None


def test_only_the_sessions_of_that_person_end(trying: Session) -> None:
    accounts.add_account(trying, "uma", Role.TECHNICIAN, PASSWORD)
    hers, again, other = _sign_in(trying), _sign_in(trying), _sign_in(trying, name="uma")
    accounts.set_password(trying, "tess", "another-password", ADA)
    assert [accounts.who_is(trying, token) is None for token in (hers, again, other)] == [True, True, False]
    assert accounts.sign_in(trying, "tess", PASSWORD, HERE) is None
    _sign_in(trying, "another-password")


def test_a_shut_account_opens_nothing_by_password_or_link(trying: Session) -> None:
    token, link = _sign_in(trying), accounts.make_one_time_login(trying, "tess")
    accounts.disable_account(trying, "tess", ADA)
    assert accounts.who_is(trying, token) is None
    assert accounts.sign_in(trying, "tess", PASSWORD, HERE) is None
    assert accounts.use_one_time_login(trying, link, HERE) is None
    assert [account.disabled for account in accounts.list_accounts(trying)] == [True]


def test_an_account_that_is_enabled_again_signs_in_as_before_and_nothing_old_opens(trying: Session) -> None:
    token, link = _sign_in(trying), accounts.make_one_time_login(trying, "tess")
    accounts.disable_account(trying, "tess", ADA)
    accounts.enable_account(trying, "tess", ADA)
    assert accounts.who_is(trying, token) is None
    assert accounts.use_one_time_login(trying, link, HERE) is None
    assert accounts.who_is(trying, _sign_in(trying)) == Actor("tess", Role.TECHNICIAN)
    again = accounts.make_one_time_login(trying, "tess")
    assert accounts.use_one_time_login(trying, again, HERE) is not None


def test_an_account_is_disabled_and_enabled_once(trying: Session) -> None:
    with pytest.raises(NotAllowed, match=r"^The account tess is not disabled\.$"):
        accounts.enable_account(trying, "tess", ADA)
    accounts.disable_account(trying, "tess", ADA)
    written = rows_written(trying)
    with pytest.raises(NotAllowed, match=r"^The account tess is disabled already\.$"):
        accounts.disable_account(trying, "tess", ADA)
    assert rows_written(trying) == written


def test_another_role_ends_the_session(trying: Session) -> None:
    token = _sign_in(trying)
    account = trying.exec(select(Account).where(Account.username == "tess")).one()
    account.role = Role.ADMIN
    trying.add(account)
    assert accounts.who_is(trying, token) is None


def test_a_link_that_is_too_old_opens_nothing(trying: Session) -> None:
    link = accounts.make_one_time_login(trying, "tess", minutes=60)
    row = trying.exec(select(OneTimeLogin)).one()
    assert timedelta(minutes=59) < row.expires_at - utc_now() <= timedelta(minutes=60)
    assert link not in row.token_hash
    row.expires_at = utc_now() - timedelta(seconds=1)
    trying.add(row)
    trying.flush()
    assert accounts.use_one_time_login(trying, link, HERE) is None
    assert accounts.use_one_time_login(trying, "made up", HERE) is None


def test_everything_about_accounts_is_told_with_who_did_it(trying: Session) -> None:
    accounts.add_account(trying, "uma", Role.AUDITOR, PASSWORD, ADA)
    accounts.set_password(trying, "uma", PASSWORD, ADA)
    accounts.sign_out(trying, _sign_in(trying, name="uma"))
    accounts.disable_account(trying, "uma", ADA)
    accounts.enable_account(trying, "uma", ADA)
    accounts.make_one_time_login(trying, "uma")
    told = trying.exec(select(AuditEvent).where(AuditEvent.subject == "account:uma").order_by(col(AuditEvent.seq)))
    assert [(event.action, event.actor) for event in told] == [
        ("add_account", "ada"), ("set_password", "ada"), ("sign_in", "uma"), ("sign_out", "uma"), ("disable_account", "ada"),
        ("enable_account", "ada"), ("make_one_time_login", MACHINE.name),
    ]  # fmt: skip


# ---- one's own password

TESS = Actor("tess", Role.TECHNICIAN)


def test_a_person_changes_their_password_and_stays_signed_in_here_only(trying: Session) -> None:
    here, elsewhere = _sign_in(trying), _sign_in(trying)
    assert accounts.change_own_password(trying, TESS, PASSWORD, "a-new-long-password", here)
    assert accounts.who_is(trying, here) == TESS
    assert accounts.who_is(trying, elsewhere) is None
    assert accounts.sign_in(trying, "tess", PASSWORD, HERE) is None
    _sign_in(trying, "a-new-long-password")


def test_a_wrong_current_password_changes_nothing_is_counted_and_locks(trying: Session) -> None:
    token = _sign_in(trying)
    for _ in range(accounts.LOCK_AFTER):
        assert not accounts.change_own_password(trying, TESS, "guess", "a-new-long-password", token)
    event = last_event(trying, "account:tess")
    assert (event.action, event.actor, event.outcome) == ("set_password", "tess", "refused")
    with pytest.raises(SignInRefused):
        accounts.change_own_password(trying, TESS, PASSWORD, "a-new-long-password", token)
    assert accounts.who_is(trying, token) == TESS


@pytest.mark.parametrize(
    ("new", "sentence"),
    [("short", "A password needs 12 to 1024 characters."), (PASSWORD, "The new password is the current one.")],
)
def test_a_new_password_is_long_enough_and_new(trying: Session, new: str, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        accounts.change_own_password(trying, TESS, PASSWORD, new)


def test_a_disabled_account_changes_no_password(trying: Session) -> None:
    accounts.disable_account(trying, "tess", ADA)
    assert not accounts.change_own_password(trying, TESS, PASSWORD, "a-new-long-password")


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "passwordpassword",
        "Password1234!",
        "123456789012",
        "qwertyuiopas",
        "abcabcabcabc",
        "welcome20262026",
        "------------",
    ],
)
def test_what_is_guessed_first_is_no_password(home: Home, password: str) -> None:
    with home.writing() as session, pytest.raises(NotAllowed, match="first that are guessed"):
        accounts.add_account(session, "new", Role.TECHNICIAN, password)


@pytest.mark.usefixtures("cheap_passwords")
@pytest.mark.parametrize(
    "password", ["correct-horse-battery", "my password is long", "four gray pelicans", "ababab and then some"]
)
def test_several_words_are_a_password(home: Home, password: str) -> None:
    with home.writing() as session:
        accounts.add_account(session, "new", Role.TECHNICIAN, password)
        assert session.exec(select(Account.username).where(Account.username == "new")).one() == "new"


# ---- names, roles, the last administrator


@pytest.mark.parametrize("name", ["Tess", "TESS", "tesS"])
def test_a_name_that_differs_by_case_only_is_refused(trying: Session, name: str) -> None:
    written = rows_written(trying)
    with pytest.raises(NotAllowed, match=r"^There is an account tess already\."):
        accounts.add_account(trying, name, Role.AUDITOR, PASSWORD, ADA)
    assert rows_written(trying) == written
    assert accounts.sign_in(trying, name, PASSWORD, HERE) is None  # a name is written as it was made


def test_another_role_ends_the_sessions_is_told_and_works_from_then_on(trying: Session) -> None:
    token = _sign_in(trying)
    accounts.change_role(trying, "tess", Role.AUDITOR, ADA)
    event = last_event(trying, "account:tess")
    assert (event.action, event.actor) == ("change_role", "ada")
    assert event.detail == '{"documents":[],"granted":"auditor","was":"technician"}'
    assert accounts.who_is(trying, token) is None
    assert accounts.who_is(trying, _sign_in(trying)) == Actor("tess", Role.AUDITOR)


@pytest.mark.parametrize(
    ("role", "sentence"),
    [(Role.TECHNICIAN, "tess has the role technician already."), (Role.MACHINE, "The machine has no account.")],
)
def test_a_role_that_changes_nothing_or_is_nobody_s_is_refused(trying: Session, role: Role, sentence: str) -> None:
    written = rows_written(trying)
    with pytest.raises(NotAllowed, match=f"^{sentence}$"):
        accounts.change_role(trying, "tess", role, ADA)
    assert rows_written(trying) == written


@pytest.mark.parametrize(
    "change",
    [
        lambda session, by: accounts.disable_account(session, "ada", by),
        lambda session, by: accounts.change_role(session, "ada", Role.AUDITOR, by),
    ],
)
@pytest.mark.parametrize("by", [ADA, MACHINE])
def test_the_last_administrator_who_can_sign_in_stays_one(
    trying: Session, change: Callable[[Session, Actor], None], by: Actor
) -> None:
    accounts.add_account(trying, "ada", Role.ADMIN, PASSWORD)
    accounts.add_account(trying, "otto", Role.ADMIN, PASSWORD)
    accounts.disable_account(trying, "otto", ADA)  # he cannot sign in, and does not count
    written = rows_written(trying)
    with pytest.raises(NotAllowed, match=r"^ada is the last administrator who can sign in\."):
        change(trying, by)
    assert rows_written(trying) == written
    accounts.enable_account(trying, "otto", ADA)
    change(trying, by)
    with pytest.raises(NotAllowed, match=r"^otto is the last administrator"):
        accounts.disable_account(trying, "otto", by)


# ---- a password that somebody else set


def _must_change(session: Session, name: str) -> bool:
    return session.exec(select(Account.must_change).where(Account.username == name)).one()


@pytest.mark.parametrize(
    ("by", "asked", "must_change"), [(ADA, False, True), (MACHINE, False, False), (MACHINE, True, True)]
)
def test_a_password_that_somebody_else_thought_of_is_changed_first(
    trying: Session, by: Actor, asked: bool, must_change: bool
) -> None:
    accounts.add_account(trying, "uma", Role.AUDITOR, PASSWORD, by, must_change=asked)
    visitor = accounts.find_visitor(trying, _sign_in(trying, name="uma"))
    assert visitor == accounts.Visitor(Actor("uma", Role.AUDITOR), must_change)
    assert ("must_change" in trying.exec(_told("add_account", "uma")).one()) is must_change


def _told(action: str, name: str) -> SelectOfScalar[str]:
    return select(AuditEvent.detail).where(AuditEvent.action == action, AuditEvent.subject == f"account:{name}")


def test_a_password_of_one_s_own_lifts_it_and_one_of_an_administrator_asks_for_it_again(trying: Session) -> None:
    accounts.set_password(trying, "tess", "from-the-administrator", ADA)
    assert _must_change(trying, "tess")
    with pytest.raises(NotAllowed, match="The new password is the current one"):
        accounts.change_own_password(trying, TESS, "from-the-administrator", "from-the-administrator")
    assert accounts.change_own_password(trying, TESS, "from-the-administrator", "all-of-my-own-words")
    assert not _must_change(trying, "tess")
    accounts.add_account(trying, "ada", Role.ADMIN, PASSWORD)
    accounts.set_password(trying, "ada", "she-chose-this-herself", ADA)
    assert not _must_change(trying, "ada")


def test_nobody_acts_at_the_shell_by_a_password_that_somebody_else_set(trying: Session) -> None:
    assert accounts.prove(trying, "tess", PASSWORD, "shell") == TESS
    accounts.set_password(trying, "tess", "from-the-administrator", ADA)
    with pytest.raises(NotAllowed, match="Change it first: sign in to the review app, or chartroom user password tess"):
        accounts.prove(trying, "tess", "from-the-administrator", "shell")
    assert accounts.prove(trying, "tess", "wrong", "shell") is None
