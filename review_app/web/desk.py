"""The one open data home of this process, and who sits at a request."""

from functools import cache

from starlette.requests import HTTPConnection

from ingest.settings import Settings, load_settings
from storage import accounts
from storage.home import Home, open_home
from storage.permissions import Actor

COOKIE = "chartroom_session"
_TOUCH_SECONDS = 15.0


@cache
def settings() -> Settings:
    """The settings of this process."""
    return load_settings()


@cache
def home() -> Home:
    """The data home, opened once."""
    return open_home(settings().home, settings().key_file)


def actor_of(connection: HTTPConnection) -> Actor | None:
    """Who a request comes from, asked of the database each time, so that an ended session ends at once."""
    token = connection.cookies.get(COOKIE, "")
    if not token:
        return None
    with home().reading() as session:
        return accounts.who_is(session, token, settings().idle_minutes)


def note_presence(connection: HTTPConnection) -> None:
    """The person is at the desk: their idle time starts again."""
    with home().writing() as session:
        accounts.touch(session, connection.cookies.get(COOKIE, ""))
