"""Named accounts, sign-in with slow-down, server-side sessions that really end.

A user name is written exactly as it was made, also at sign-in; no two names differ by capitals only. Whoever has a password that
somebody else set changes it before anything else opens (NIST SP 800-63B 5.1.1.2: a memorised secret is known to its person alone).
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session, col, func, select, update

from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed, SignInRefused
from storage.foundation.permissions import MACHINE, Action, Actor, Role, can, check_can
from storage.foundation.tables.access import Account, OneTimeLogin, SignInFailure, WebSession
from storage.foundation.tables.documents import Document

IDLE_MINUTES = 15
ABSOLUTE_HOURS = 12
LOCK_AFTER = 5
LOCK_MINUTES = 5
SHORTEST_PASSWORD = 12
_LONGEST = 1024

_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=1$YWFhYWFhYWFhYWFhYWFhYQ$4CvxqVqJQRVm5lmzYcKQ4H4eY1KbBxB5mH5T1mGZxkA"
"""Checked when the name is unknown, so that a wrong name takes as long as a wrong password."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: the token goes to the browser and is kept nowhere."""

    token: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is behind a session, and whether a new password comes before everything else."""

    actor: Actor
    must_change: bool


def add_account(
    session: Session, username: str, role: Role, password: str, by: Actor = MACHINE, *, must_change: bool = False
) -> Account:
    """A new named person; the password has at least 12 characters, no other rule (NIST SP 800-63B).

    One that an administrator thought of must be changed at the first sign-in; one that was given at the shell is taken for the
    person's own unless `must_change`. NotAllowed for a name that differs from another by capitals only.
    """
    check_can(by, Action.KEEP_ACCOUNTS)
    if not username.isascii() or not username.replace(".", "").replace("-", "").replace("_", "").isalnum():
        raise NotAllowed("A user name has letters, digits, dots, dashes and underscores only.")
    _check_password(password)
    if role is Role.MACHINE:
        raise NotAllowed("The machine has no account.")
    if taken := session.exec(select(Account.username).where(func.lower(Account.username) == username.lower())).first():
        why = "" if taken == username else " Two names that differ by capitals only would be mistaken for each other."
        raise NotAllowed(f"There is an account {taken} already.{why}")
    must_change = must_change or by != MACHINE
    account = Account(username=username, role=role, password_hash=_hasher.hash(password), must_change=must_change)
    session.add(account)
    audit.record(
        session, by, AuditAction.ADD_ACCOUNT, f"account:{username}", granted=role, **_told(must_change=must_change)
    )
    return account


def change_own_password(session: Session, actor: Actor, current: str, password: str, token: str = "") -> bool:
    """A new password for the person who asks, or False (and the failure is counted) when `current` is not theirs.

    Every other session of that person ends; `token` is the one they ask in. NotAllowed for a password that is too short or
    the same; SignInRefused after too many wrong tries. False instead of an error, because the count must be kept.
    """
    check_can(actor, Action.OWN_ACCOUNT)
    _check_password(password)
    account = _proved(session, actor.name, current, _OWN_DESK)
    if account is None:
        audit.record(session, actor, AuditAction.SET_PASSWORD, f"account:{actor.name}", outcome="refused")
        return False
    if current == password:
        raise NotAllowed("The new password is the current one. Choose another.")
    _keep_password(session, account, password, actor, but=_hash(token))
    return True


_OWN_DESK = "own-desk"


def set_password(session: Session, username: str, password: str, by: Actor) -> None:
    """A new password, given by an administrator; every open session of that person ends. Somebody else changes it at their
    next sign-in."""
    check_can(by, Action.KEEP_ACCOUNTS)
    _check_password(password)
    _keep_password(session, _account(session, username), password, by, must_change=by.name != username)


def _check_password(password: str) -> None:
    """Its length, and what is guessed first: repeated, in the order of the keys, or among the most used with digits added (NIST
    SP 800-63B 5.1.1.2)."""
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST:
        raise NotAllowed(f"A password needs {SHORTEST_PASSWORD} to {_LONGEST} characters.")
    plain = re.sub(r"[\W_]", "", password.casefold()) or password
    repeated = re.fullmatch(r"(.+?)\1+", plain)
    base = (repeated[1] if repeated else plain).strip("0123456789")
    if repeated or any(plain in row * 2 for row in _ROWS) or base in _MOST_USED:
        raise NotAllowed(
            "This password is among the first that are guessed. Choose several words that are yours alone."
        )


_ROWS = ("1234567890", "0987654321", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
"""Keys and letters in their order."""

_MOST_USED = frozenset(
    "admin administrator baseball chartroom changeme dragon football hospital iloveyou letmein master medicalrecords monkey "
    "password passw0rd princess qwerty qwertyuiop secret sunshine superman trustno welcome abc".split()
)
"""Words that head every published list of passwords, and those that are near in a record room."""


def _keep_password(
    session: Session, account: Account, password: str, by: Actor, but: str = "", *, must_change: bool = False
) -> None:
    account.password_hash, account.must_change = _hasher.hash(password), must_change
    session.add(account)
    end_sessions_of(session, account.username, but)
    audit.record(session, by, AuditAction.SET_PASSWORD, f"account:{account.username}", **_told(must_change=must_change))


def _told(*, must_change: bool) -> dict[str, Any]:
    """How the log tells that a password is changed at the next sign-in; nothing where it is the person's own."""
    return {"must_change": True} if must_change else {}


def change_role(session: Session, username: str, role: Role, by: Actor) -> None:
    """Another role for an account. Its open sessions end, for they have the old one; whoever verifies no more gives their work
    back. NotAllowed for the role that it has, and for the last administrator who can sign in."""
    check_can(by, Action.KEEP_ACCOUNTS)
    account = _account(session, username)
    was = role_of(account)
    if role is Role.MACHINE:
        raise NotAllowed("The machine has no account.")
    if role is was:
        raise NotAllowed(f"{username} has the role {role} already.")
    _check_not_last(session, account)
    account.role = role
    session.add(account)
    end_sessions_of(session, username)
    verifies = can(Actor(username, role), Action.VERIFY)
    on_desk = [] if verifies else _give_back(session, username, by)
    audit.record(session, by, AuditAction.CHANGE_ROLE, f"account:{username}", was=was, granted=role, documents=on_desk)


def _check_not_last(session: Session, account: Account) -> None:
    """NotAllowed where nobody who keeps accounts could sign in afterwards."""
    if account.role != Role.ADMIN or account.disabled:
        return
    others = select(Account.id).where(
        Account.role == Role.ADMIN, col(Account.disabled).is_(False), Account.username != account.username
    )
    if session.exec(others).first() is None:
        raise NotAllowed(
            f"{account.username} is the last administrator who can sign in. Make another administrator first."
        )


def disable_account(session: Session, username: str, by: Actor) -> None:
    """Disable an account and end its sessions and links at once; accounts are never deleted. What was assigned to this
    person, or lay on their desk, is everybody's work again, and the log tells each document. NotAllowed for the last
    administrator who can sign in."""
    check_can(by, Action.KEEP_ACCOUNTS)
    account = _account(session, username)
    if account.disabled:
        raise NotAllowed(f"The account {username} is disabled already.")
    _check_not_last(session, account)
    account.disabled = True
    session.add(account)
    end_sessions_of(session, username)
    _end_one_time_logins(session, username)
    on_desk = _give_back(session, username, by)
    audit.record(session, by, AuditAction.DISABLE_ACCOUNT, f"account:{username}", documents=on_desk)


def enable_account(session: Session, username: str, by: Actor) -> None:
    """Let a disabled account sign in again, with the role and the password that it had; no work comes back by itself."""
    check_can(by, Action.KEEP_ACCOUNTS)
    account = _account(session, username)
    if not account.disabled:
        raise NotAllowed(f"The account {username} is not disabled.")
    account.disabled = False
    session.add(account)
    audit.record(session, by, AuditAction.ENABLE_ACCOUNT, f"account:{username}")


def _give_back(session: Session, username: str, by: Actor) -> list[int]:
    """Assign the work of a person to nobody, a line each, and end their claims; gives the documents on their desk."""
    assigned = select(Document).where(Document.assigned_to == username).order_by(col(Document.id))
    for document in session.exec(assigned).all():
        audit.record(
            session, by, AuditAction.ASSIGN, f"document:{document.id}", assignee=None, was=document.assigned_to
        )
        document.assigned_to = None
        session.add(document)
    on_desk = select(Document).where(Document.claimed_by == username).order_by(col(Document.id))
    claimed = session.exec(on_desk).all()
    for document in claimed:
        document.claimed_by = document.lease_until = None
        session.add(document)
    return [document.id for document in claimed]


def _end_one_time_logins(session: Session, username: str) -> None:
    """Links made before an account was disabled open nothing when it is enabled again."""
    open_links = (col(OneTimeLogin.username) == username, col(OneTimeLogin.used_at).is_(None))
    session.exec(update(OneTimeLogin).where(*open_links).values(expires_at=utc_now()))


def check_attempts(session: Session, username: str) -> None:
    """Refuse with SignInRefused(locked) after too many wrong passwords for this name.

    Counted by account alone: behind a proxy or a terminal server a whole department has one address, and one person's
    wrong passwords must not lock out the others.
    """
    since = utc_now() - timedelta(minutes=LOCK_MINUTES)
    of_this_name = select(func.count()).where(
        SignInFailure.key == f"name:{username[:80]}", col(SignInFailure.at) > since
    )
    if session.exec(of_this_name).one() >= LOCK_AFTER:
        raise SignInRefused(
            f"Too many wrong passwords. Please wait {LOCK_MINUTES} minutes or ask an administrator.", locked=True
        )


def sign_in(session: Session, username: str, password: str, address: str) -> SignedIn | None:
    """A new session, or None (and the failure is counted) when name or password is wrong.

    SignInRefused(locked) when there were too many wrong tries. None instead of an error, because
    the caller's transaction must keep the count.
    """
    account = _proved(session, username, password, address)
    return _open_session(session, account, address) if account else None


def _proved(session: Session, username: str, password: str, address: str) -> Account | None:
    """The enabled account whose password this is; else the failure is counted and told."""
    check_attempts(session, username)
    account = session.exec(select(Account).where(Account.username == username)).first()
    if not _fits(account.password_hash if account else _NOBODY, password) or account is None or account.disabled:
        session.add(SignInFailure(key=f"name:{username[:80]}"))
        blind = session.info["keys"].blind_hash(username)
        audit.record(session, MACHINE, AuditAction.SIGN_IN, "account", outcome="refused", name=blind, address=address)
        return None
    return account


def prove(session: Session, username: str, password: str, address: str) -> Actor | None:
    """Who somebody is, by their password, without a session; None as `sign_in`, which counts the same failures. NotAllowed for
    a password that somebody else set and that is not changed yet."""
    account = _proved(session, username, password, address)
    if account is not None and account.must_change:
        raise NotAllowed(
            f"The password of {username} was set by an administrator. Change it first: sign in to the review app, or "
            f"chartroom user password {username}."
        )
    return Actor(account.username, role_of(account)) if account else None


def role_of(account: Account) -> Role:
    """What the person of this account may do."""
    return Role(account.role)


def make_one_time_login(session: Session, username: str, minutes: int = 60) -> str:
    """A token that signs this person in once; printed by the demo and at first start."""
    _account(session, username)
    token = secrets.token_urlsafe(24)
    session.add(
        OneTimeLogin(token_hash=_hash(token), username=username, expires_at=utc_now() + timedelta(minutes=minutes))
    )
    audit.record(session, MACHINE, AuditAction.MAKE_ONE_TIME_LOGIN, f"account:{username}")
    return token


def use_one_time_login(session: Session, token: str, address: str) -> SignedIn | None:
    """A new session for an unused, unexpired one-time token, or None."""
    login = session.get(OneTimeLogin, _hash(token))
    if login is None or login.used_at is not None or login.expires_at < utc_now():
        audit.record(session, MACHINE, AuditAction.SIGN_IN, "account", outcome="refused", address=address)
        return None
    login.used_at = utc_now()
    session.add(login)
    account = _account(session, login.username)
    return None if account.disabled else _open_session(session, account, address)


def who_is(session: Session, token: str, idle_minutes: float = IDLE_MINUTES) -> Actor | None:
    """The person behind a session token, or None when it ended, idled out or is too old."""
    found = find_visitor(session, token, idle_minutes)
    return found.actor if found else None


def find_visitor(session: Session, token: str, idle_minutes: float = IDLE_MINUTES) -> Visitor | None:
    """The same, and whether this person has to change their password first."""
    row = session.get(WebSession, _hash(token))
    now = utc_now()
    if (
        row is None
        or row.ended_at is not None
        or now - row.seen_at > timedelta(minutes=idle_minutes)
        or now - row.started_at > timedelta(hours=ABSOLUTE_HOURS)
    ):
        return None
    account = session.exec(select(Account).where(Account.username == row.username)).first()
    if account is None or account.disabled or account.role != row.role:
        return None
    return Visitor(Actor(row.username, Role(row.role)), account.must_change)


def touch(session: Session, token: str) -> None:
    """Note that the person is still at the desk."""
    row = session.get(WebSession, _hash(token))
    if row is not None and row.ended_at is None:
        row.seen_at = utc_now()
        session.add(row)


def sign_out(session: Session, token: str) -> None:
    """End a session on the server, not only in the browser."""
    row = session.get(WebSession, _hash(token))
    if row is not None and row.ended_at is None:
        row.ended_at = utc_now()
        session.add(row)
        audit.record(session, Actor(row.username, Role(row.role)), AuditAction.SIGN_OUT, f"account:{row.username}")


def end_sessions_of(session: Session, username: str, but: str = "") -> None:
    """End every open session of a person, except the one with this hash of a token."""
    for row in session.exec(
        select(WebSession).where(
            WebSession.username == username, col(WebSession.ended_at).is_(None), WebSession.token_hash != but
        )
    ):
        row.ended_at = utc_now()
        session.add(row)


def actor_named(session: Session, username: str) -> Actor:
    """The person with this account; NotAllowed when there is none."""
    account = _account(session, username)
    return Actor(account.username, Role(account.role))


def list_accounts(session: Session) -> list[Account]:
    """Every account, by name."""
    return list(session.exec(select(Account).order_by(col(Account.username))))


def _open_session(session: Session, account: Account, address: str) -> SignedIn:
    token = secrets.token_urlsafe(32)
    actor = Actor(account.username, Role(account.role))
    session.add(WebSession(token_hash=_hash(token), username=account.username, role=account.role))
    audit.record(session, actor, AuditAction.SIGN_IN, f"account:{account.username}", address=address)
    return SignedIn(token, actor)


def _account(session: Session, username: str) -> Account:
    account = session.exec(select(Account).where(Account.username == username)).first()
    if account is None:
        raise NotAllowed(f"There is no account {username}.")
    return account


def _fits(password_hash: str, password: str) -> bool:
    if len(password) > _LONGEST:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
