"""Pages that were turned at the desk are read again in this process's own worker, also where no watch runs."""

import threading

from ingest.turned import read_turned
from ingest.worker import work_pool
from review_app.web import desk
from storage.custody import pages

_REST_SECONDS = 30.0
"""How long the worker is kept for the next page: starting one takes two seconds."""

_asked = threading.Event()
_started = threading.Lock()


def read_turned_soon() -> None:
    """A page was turned, or one waits that nobody has read: read it now."""
    _asked.set()
    if _started.acquire(blocking=False):  # one thread a process, and none while nothing is turned
        threading.Thread(target=_read_while_asked, name="turned pages", daemon=True).start()


def _read_while_asked() -> None:
    settings = desk.settings()
    try:
        with work_pool(1, settings.worker_megabytes) as pool:
            while _asked.wait(_REST_SECONDS):
                _asked.clear()
                while _waits():
                    read_turned(desk.home(), settings, pool, desk.understand)
    finally:
        _started.release()  # whatever ended it is told by the thread; the next page that is turned starts another


def _waits() -> bool:
    with desk.home().reading() as session:
        return bool(pages.turned_unread(session, 1))
