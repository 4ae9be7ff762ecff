"""Opens the data home for a command, and says who is at the shell. Imports stay inside: a command pays for what it uses."""

import contextlib
import os
import pwd
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.loudness import is_verbose

if TYPE_CHECKING:
    from ingest.settings import Settings
    from storage.foundation.home import Home
    from storage.foundation.permissions import Actor


@contextlib.contextmanager
def opened_home(*, log: bool = False) -> "Iterator[tuple[Settings, Home]]":
    """Settings and the open data home of this process.

    HomeNotReady says where it was looked for. Only `init` and `demo` make one: made by a command that was started in
    another folder, an empty hospital would look like the loss of a full one.
    """
    from ingest.settings import load_settings
    from ingest.site import load_site
    from storage.foundation.errors import HomeNotReady
    from storage.foundation.home import is_ready
    from storage.opening import open_home

    settings = load_settings()
    if not is_ready(settings.home):
        raise HomeNotReady(where_it_looked(settings))
    home = open_home(settings.home, settings.key_file)
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
