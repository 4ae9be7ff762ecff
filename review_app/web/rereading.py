"""Pages that were turned at the desk are read again by a process beside this one, also where no watch runs."""

import atexit
import subprocess
import threading

from ingest.serving import start_rereading
from review_app.web import desk

_one_at_a_time = threading.Lock()
_running: list["subprocess.Popen[bytes]"] = []


def read_turned_soon() -> None:
    """A page was turned, or one waits that nobody has read: see to it that it is read now.

    Asked again while it waits, so that a process that ended just then is followed by another.
    """
    with _one_at_a_time:
        if _running and _running[0].poll() is None:
            return
        _running[:] = [start_rereading(desk.home().path)]


@atexit.register
def _end() -> None:
    for process in _running:
        process.terminate()
