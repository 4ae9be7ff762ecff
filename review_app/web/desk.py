"""The one open data home of this process, who sits at a request, and the filing of what was approved."""

import logging
import threading
from functools import cache

from sqlmodel import Session
from starlette.requests import HTTPConnection

from classify.guess import DocumentGuess
from ingest.dropping import Drop
from ingest.filing import file_verified
from ingest.settings import Settings, load_settings
from ingest.site import Site, load_site
from ingest.understanding import Understanding
from ocr.page import OcrPage
from storage.foundation import accounts
from storage.foundation.accounts import Visitor
from storage.foundation.home import Home
from storage.foundation.permissions import Actor
from storage.opening import open_home
from storage.quality.policy import check_quality

log = logging.getLogger("chartroom.desk")

COOKIE = "chartroom_session"
_TOUCH_SECONDS = 15.0


@cache
def settings() -> Settings:
    """The settings of this process."""
    return load_settings()


@cache
def home() -> Home:
    """The data home, opened once."""
    opened = open_home(settings().home, settings().key_file)
    load_site(opened.path)  # its own kinds of document have names here
    return opened


def dropping(name: str, actor: Actor) -> Drop:
    """A file that comes through the browser, on its way into the first hot folder."""
    return Drop(settings(), name, actor.name)


def visitor_of(connection: HTTPConnection) -> Visitor | None:
    """Who a request comes from, asked of the database each time, so that an ended session ends at once."""
    token = connection.cookies.get(COOKIE, "")
    if not token:
        return None
    with home().reading() as session:
        return accounts.find_visitor(session, token, settings().idle_minutes)


def note_presence(connection: HTTPConnection) -> None:
    """The person is at the desk: their idle time starts again."""
    with home().writing() as session:
        accounts.touch(session, connection.cookies.get(COOKIE, ""))


@cache
def site() -> Site:
    """What this hospital wrote into its profile, read once."""
    found = load_site(home().path)
    check_quality(found.quality)
    return found


@cache
def _understanding() -> Understanding:
    return Understanding(home(), site().profile)


def understand(session: Session, pages: list[OcrPage]) -> DocumentGuess:
    """What the machine makes of pages that a person said are one document."""
    return _understanding().index(session, pages)


_filing = threading.Event()
_started = threading.Lock()


def file_soon() -> None:
    """Something was approved: file it when it can no longer be taken back, also where no watch runs."""
    _filing.set()
    if _started.acquire(blocking=False):  # one thread a process, for as long as it lives
        threading.Thread(target=_file_forever, name="filing", daemon=True).start()


def _file_forever() -> None:
    wait = settings().take_back_seconds
    try:
        while True:
            _filing.wait()
            _filing.clear()
            threading.Event().wait(wait + 0.1)  # the time in which it may be taken back
            while file_verified(home(), wait, site().quality):
                pass
    finally:
        _started.release()  # whatever ended it is told by the thread; the next approval starts another
