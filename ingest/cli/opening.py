"""Opens the data home for a command, and says who is at the shell. Imports stay inside: a command pays for what it uses."""

import contextlib
import getpass
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.settings import Settings
    from storage.foundation.home import Home
    from storage.foundation.permissions import Actor


@contextlib.contextmanager
def opened_home(
    *, make: bool = False, log: bool = False, echo: Callable[[str], None] = lambda line: None
) -> "Iterator[tuple[Settings, Home]]":
    """Settings and the open data home of this process; `make` makes the home, and says so, when there is none."""
    from ingest.settings import load_settings
    from ingest.site import load_site
    from storage.foundation.home import is_ready
    from storage.opening import make_home, open_home

    settings = load_settings()
    if make and not is_ready(settings.home):
        home = make_home(settings.home, settings.key_file)
        echo(f"Made a new data home in {home.path}, its key in {home.key_file}. 'chartroom key sheet' prints the key.")
    else:
        home = open_home(settings.home, settings.key_file)
    load_site(settings.home)
    if log:
        from ingest.logs import start_log

        start_log(home.path / "logs")
    try:
        yield settings, home
    finally:
        home.close()


def shell_actor() -> "Actor":
    """The person at this shell, with a supervisor's rights: who can open the key file may see what it opens."""
    from storage.foundation.permissions import Actor, Role

    return Actor(f"shell:{getpass.getuser()}", Role.SUPERVISOR)
