"""Takes in and works what lies in the hot folders, once or for ever, with workers that start when there first is work."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from ingest.lock import sole_worker
from ingest.progress import Progress
from ingest.settings import Settings
from ingest.telling import WatchTeller
from ingest.watcher import Left, take_in_all, watch
from ingest.worker import work_pool
from storage.custody import batches, pages
from storage.documents import moves
from storage.foundation.clock import utc_now
from storage.foundation.home import Home
from storage.foundation.states import BatchState
from storage.roster import openmatches

if TYPE_CHECKING:
    from ingest.pipeline import Pipeline

_IDLE_SECONDS = 30.0
"""After so long without work the workers end: their memory is free, and nothing wakes to look for tasks."""


def work_once(settings: Settings, home: Home, progress: Progress) -> Left:
    """Take in and work until nothing is left; stands by while another process does the work."""
    home.vault.sweep()
    with _lazy_work(home, settings, progress, threading.Event()) as work:
        return take_in_all(home, settings, work)


def work_forever(settings: Settings, home: Home, stop: threading.Event, teller: WatchTeller) -> None:
    """Take in and work whatever is dropped, until `stop` is set, and let `teller` say what becomes of it."""
    with _lazy_work(home, settings, Progress(report=lambda progress: teller.wake()), stop) as work:

        def work_and_wake() -> bool:
            did_something = work()
            if did_something:
                teller.wake()
            return did_something

        watch(home, settings, work_and_wake, stop, teller)


@contextlib.contextmanager
def _lazy_work(
    home: Home, settings: Settings, progress: Progress, stop: threading.Event
) -> Iterator[Callable[[], bool]]:
    """A function that does all waiting work until `stop`; workers start when there first is some, and one
    process at a time does it while others stand by."""
    with contextlib.ExitStack() as stack:
        made: list[Pipeline] = []

        def work() -> bool:
            with home.reading() as session:
                waits = any(batches.waiting(session, s, 1) for s in (BatchState.RECEIVED, BatchState.READ))
                is_due = bool(openmatches.due(session, 1))
                until = utc_now() - timedelta(seconds=settings.take_back_seconds)
                waits = waits or bool(moves.verified_ids(session, until, 1) or pages.turned_unread(session, 1))
            did_match = is_due and _match_again(home)
            if not waits:
                if made and not did_match:
                    made[0].pool.rest(_IDLE_SECONDS)
                return did_match
            with sole_worker(home) as is_sole:
                if not is_sole:
                    threading.Event().wait(0.2)  # the other process is at it; look again soon
                    return True
                if not made:
                    from ingest.pipeline import make_pipeline  # loads OpenCV: a watch without work needs none

                    with home.writing() as session:  # before there is a pool: a locked database is tried again
                        batches.close_finished(session)  # what a version before closed later
                    pool = stack.enter_context(work_pool(settings.workers, settings.worker_megabytes))
                    made.append(make_pipeline(home, settings, pool, progress, stop))
                made[0].work()
                return True

        yield work


def _match_again(home: Home) -> bool:
    """Match some documents again whose patient the list did not say before it changed; no worker is needed."""
    from ingest.rematching import match_due  # loads numpy: a watch without work needs none

    return match_due(home).documents > 0
