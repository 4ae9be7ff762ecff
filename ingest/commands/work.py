"""The work: run, watch, retry, void, separators. Imports stay inside: a command pays for what it uses."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.commands.opening import Echo, opened_home, operator
from ingest.problems import UsageProblem

if TYPE_CHECKING:
    from ingest.pipeline import Pipeline
    from ingest.progress import Progress
    from ingest.settings import Settings
    from ingest.watcher import Left
    from storage.foundation.home import Home


def run(echo: Echo) -> int:
    """Take in all that lies in the hot folders and work it; 0 when every file reached an end state."""
    with opened_home(make=True, log=True, echo=echo) as (settings, home), _progress_bar() as progress:
        left = work_once(settings, home, progress)
        _tell_what_lies_there(home, echo)
    if left.unreadable:
        echo(f"{left.unreadable} file(s) in the hot folder cannot be read: give this account the rights.")
    if left.writing:
        echo(f"{left.writing} file(s) are still being written; they wait in the hot folder.")
    if left.no_room:
        echo(f"{left.no_room} file(s) do not fit on the disk: free space. They wait in the hot folder.")
    return 1 if left.unreadable or left.writing or left.no_room else 0


def _tell_what_lies_there(home: "Home", echo: Echo) -> None:
    """Files by state and the page account, and where to look when somebody is needed."""
    from collections import Counter

    from storage.custody import batches, pages
    from storage.desk import blanks

    with home.reading() as session:
        states = Counter(row["state"] for row in batches.list_sources(session))
        account = pages.ledger(session)
        unseen = blanks.count_unseen(session)
    echo(f"Files  {', '.join(f'{n} {state}' for state, n in sorted(states.items())) or 'none'}")
    echo(f"Pages  {account}")
    if unseen:
        echo(f"{unseen} side(s) taken for blank wait for a glance: 'chartroom review', screen Blank sides.")
    if needy := states["quarantined"] + states["duplicate"] + states["refused"]:
        echo(f"{needy} file(s) need you: 'chartroom sources' says why.")


def work_once(settings: "Settings", home: "Home", progress: "Progress") -> "Left":
    """Take in and work until nothing is left; stands by while another process does the work."""
    from ingest.watcher import take_in_all

    home.vault.sweep()
    with _worked_lazily(home, settings, progress, threading.Event()) as work:
        return take_in_all(home, settings, work)


def watch(echo: Echo) -> None:
    """The daemon."""
    import signal

    from ingest.progress import Progress
    from ingest.watcher import watch as watch_folders

    with opened_home(make=True, log=True, echo=echo) as (settings, home):
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        echo(f"Watching {', '.join(map(str, settings.folders))} (Ctrl-C ends it)")
        with _worked_lazily(home, settings, Progress(), stop) as work:
            watch_folders(home, settings, work, stop)


_IDLE_SECONDS = 30.0
"""After so long without work the workers end: their memory is free, and nothing wakes to look for tasks."""


@contextlib.contextmanager
def _worked_lazily(
    home: "Home", settings: "Settings", progress: "Progress", stop: threading.Event
) -> Iterator[Callable[[], bool]]:
    """A function that does all waiting work until `stop`; workers start when there first is some, and one
    process at a time does it while others stand by."""
    from ingest.worker import work_pool
    from storage.foundation.states import BatchState

    with contextlib.ExitStack() as stack:
        made: list[Pipeline] = []

        def work() -> bool:
            from ingest.lock import sole_worker

            with home.reading() as session:
                from storage.custody import batches
                from storage.documents import moves
                from storage.foundation.clock import utc_now

                waits = any(batches.waiting(session, s, 1) for s in (BatchState.RECEIVED, BatchState.READ))
                until = utc_now() - timedelta(seconds=settings.take_back_seconds)
                if not waits and not moves.verified_ids(session, until, 1):
                    if made:
                        made[0].pool.rest(_IDLE_SECONDS)
                    return False
            with sole_worker(home) as is_sole:
                if not is_sole:
                    threading.Event().wait(0.2)  # the other process is at it; look again soon
                    return True
                if not made:
                    from ingest.pipeline import make_pipeline

                    pool = stack.enter_context(work_pool(settings.workers, settings.worker_megabytes))
                    made.append(make_pipeline(home, settings, pool, progress, stop))
                made[0].work()
                return True

        yield work


def retry(ids: Iterable[int], *, every: bool, echo: Echo) -> None:
    """Let quarantined files be read again, and held duplicates be taken anyway, at the next run."""
    from storage.custody import batches, pages
    from storage.foundation.states import BatchState
    from storage.foundation.tables.custody import Batch

    with opened_home() as (_, home), home.writing() as session:
        chosen = list(ids)
        if every:
            chosen = [b.id for b in batches.waiting(session, BatchState.QUARANTINED, 1_000_000) if b.id is not None]
        for batch_id in chosen:
            is_duplicate = session.get_one(Batch, batch_id).state == BatchState.DUPLICATE
            batches.advance(session, batch_id, "take_anyway" if is_duplicate else "retry", operator())
            pages.forget_failures(session, batch_id)
    echo(f"{len(chosen)} file(s) will be read again. Run 'chartroom run', or let the watch do it.")


def void(ids: Iterable[int], reason: str, echo: Echo) -> None:
    """Cancel refused files and duplicates; their originals stay in the vault."""
    from storage.custody import batches

    with opened_home() as (_, home), home.writing() as session:
        for batch_id in ids:
            batches.advance(session, batch_id, "void", operator(), reason_code="voided", reason=reason)
    echo("Voided. The dropped files are kept unchanged in the vault.")


def print_separators(
    number: int, kind: str | None, type_code: str, mrn: str, encounter: str, pages: int, out: Path, echo: Echo
) -> None:
    """Separator sheets as a PDF; the kind follows from what is to be on them."""
    from ingest.separators import draw_sheets

    meant = "batch" if pages else "patient" if mrn or encounter else "document"
    if kind is not None and kind != meant and (pages or mrn or encounter or type_code):
        raise UsageProblem(f"These options make a {meant} sheet, not a {kind} sheet.")
    if pages and (type_code or mrn or encounter):
        raise UsageProblem("A batch cover counts pages and says nothing of patient or document. Print one of each.")
    if type_code and (mrn or encounter):
        raise UsageProblem("A sheet starts a patient or a document, not both. Print one of each.")
    if not out.absolute().parent.is_dir():
        raise UsageProblem(f"The folder {out.absolute().parent} is not there.")
    kind = kind or meant
    draw_sheets(out, number, kind, type_code=type_code, mrn=mrn, encounter=encounter, pages=pages)
    echo(f"{number} sheet(s) in {out}. Print at 100 % on plain paper.")


@contextlib.contextmanager
def _progress_bar() -> "Iterator[Progress]":
    """A progress bar on a terminal, nothing elsewhere."""
    from ingest.progress import bar

    with bar(sys.stderr) as progress:
        yield progress
