"""Opens the data home for a command, and says who is at the shell. Imports stay inside: a command pays for what it uses."""

import contextlib
import os
import pwd
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ingest.loudness import is_verbose

if TYPE_CHECKING:
    from ingest.settings import Settings
    from storage.foundation.home import Home
    from storage.foundation.permissions import Actor

F = TypeVar("F", bound=Callable[..., Any])


@contextlib.contextmanager
def opened_home(*, log: bool = False) -> "Iterator[tuple[Settings, Home]]":
    """Settings and the open data home of this process.

    HomeNotReady says where it was looked for. Only `init` and `demo` make one: made by a command that was started in
    another folder, an empty hospital would look like the loss of a full one.
    """
    import click

    from ingest.settings import load_settings
    from ingest.site import load_site
    from storage.foundation.errors import HomeNotReady
    from storage.foundation.home import is_ready
    from storage.opening import open_home

    settings = load_settings()
    if not is_ready(settings.home):
        raise HomeNotReady(where_it_looked(settings))
    home = open_home(settings.home, settings.key_file, lambda sentence: click.echo(sentence, err=True))
    load_site(settings.home)
    if log or is_verbose():
        from ingest.logs import start_log

        start_log(home.path / "logs", to_screen=is_verbose())
    try:
        yield settings, home
    finally:
        home.close()


def where_it_looked(settings: "Settings") -> str:
    """Where no data home is, why it was looked for there, and what to do."""
    why = "CHARTROOM_HOME says so" if "CHARTROOM_HOME" in os.environ else "CHARTROOM_HOME is not set"
    return (
        f"There is no Chartroom data in {settings.home} ({why}). Set CHARTROOM_HOME to your data home, "
        "or make a new one there with 'chartroom init'."
    )


def shell_actor() -> "Actor":
    """The person at this shell, with a supervisor's rights: who can open the key file may see what it opens.

    Two persons are two accounts of the system: neither LOGNAME nor sudo makes another person of somebody.
    """
    from storage.foundation.permissions import Actor, Role

    return Actor(f"shell:{_user_name()}", Role.SUPERVISOR)


_WHO = (
    "This takes two people, and the system account {name} is nobody's in Chartroom. "
    "Say who you are: --as YOUR-ACCOUNT, with its password."
)


def person_at_shell(home: "Home", account: str, *, from_stdin: bool = False) -> "Actor":
    """Who acts where an act takes two people: an account of Chartroom with its own rights, never the system account alone.

    `account` is who somebody says they are, proved by its password; empty: the enabled account that is called like the
    system account. So nobody is two people by working at the desk and at the shell. UsageProblem and NotAllowed say what
    is missing.
    """
    import click

    from ingest.problems import UsageProblem
    from storage.foundation import accounts
    from storage.foundation.errors import NotAllowed
    from storage.foundation.permissions import Actor

    with home.reading() as session:
        known = {row.username.casefold(): row for row in accounts.list_accounts(session) if not row.disabled}
    if not account:
        if (row := known.get(_user_name().casefold())) is None:
            raise UsageProblem(_WHO.format(name=_user_name()))
        return Actor(f"shell:{row.username}", accounts.role_of(row))
    password = sys.stdin.readline().rstrip("\n") if from_stdin else click.prompt("Password", hide_input=True)
    with home.writing() as session:
        proved = accounts.prove(session, account, password, "shell")
    if proved is None:
        raise NotAllowed("The user name or the password is not right.")
    return Actor(f"shell:{proved.name}", proved.role)


def as_person(command: "F") -> "F":
    """The options by which somebody says who they are: --as and --password-stdin."""
    import click

    command = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")(command)
    return click.option(
        "--as",
        "account",
        default="",
        help="Your own account, where the system account is not called so; asks its password.",
    )(command)


_LOGIN = Path("/proc/self/loginuid")
"""Who signed in to this session, kept by the kernel through su and sudo (audit(7)); the largest number when nobody did."""

_NOBODY = 2**32 - 1


def _user_name() -> str:
    uid = os.getuid()
    with contextlib.suppress(OSError, ValueError):
        login = int(_LOGIN.read_text(encoding="ascii"))
        uid = uid if login == _NOBODY else login
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"
