"""The work: run, watch, retry, void. Imports stay inside: a command pays for what it uses."""

import sys
from typing import TYPE_CHECKING

import click

from ingest.cli.given import ROW
from ingest.cli.opening import opened_home, shell_actor
from ingest.cli.output import note

if TYPE_CHECKING:
    from storage.foundation.home import Home


@click.command()
def run() -> None:
    """Process everything in the hot folders once and exit. Exit 0 when every file reached an end state."""
    from ingest.progress import bar
    from ingest.running import work_once

    with opened_home(log=True) as (settings, home), bar(sys.stderr) as progress:
        left = work_once(settings, home, progress)
        _print_totals(home)
    if left.unreadable:
        click.echo(f"{left.unreadable} file(s) in the hot folder cannot be read: give this account the rights.")
    if left.writing:
        click.echo(f"{left.writing} file(s) are still being written; they wait in the hot folder.")
    if left.no_room:
        click.echo(f"{left.no_room} file(s) do not fit on the disk: free space. They wait in the hot folder.")
    if left.unreadable or left.writing or left.no_room:
        sys.exit(1)


def _print_totals(home: "Home") -> None:
    """Files by state and the page account, and where to look when somebody is needed."""
    from collections import Counter

    from storage.custody import batches, pages
    from storage.desk import blanks
    from storage.foundation.states import BatchState

    with home.reading() as session:
        states = Counter(row["state"] for row in batches.list_sources(session))
        account = pages.ledger(session)
        unseen = blanks.count_unseen(session)
    click.echo(f"Files  {', '.join(f'{n} {state}' for state, n in sorted(states.items())) or 'none'}")
    click.echo(f"Pages  {account}")
    if unseen:
        click.echo(f"{unseen} side(s) taken for blank wait for a look: 'chartroom review', screen Blank sides.")
    if needy := states[BatchState.QUARANTINED] + states[BatchState.DUPLICATE] + states["refused"]:
        click.echo(f"{needy} file(s) need you: 'chartroom sources' says why.")


@click.command()
def watch() -> None:
    """Process files as they arrive in the hot folders, until Ctrl-C.

    Prints where it looks, then a line for each file: its pages, its documents, what waits. With -v it also shows the log, and
    a sign of life when nothing came for five minutes.
    """
    import signal
    import threading

    from ingest.lock import sole_watch
    from ingest.running import work_forever
    from ingest.telling import WatchTeller

    with opened_home(log=True) as (settings, home), sole_watch(home) as is_sole:
        stop = threading.Event()
        asked: list[int] = []

        def end(number: int, _: object) -> None:
            asked.append(number)
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        teller = WatchTeller(home, settings, click.echo)
        teller.begin(is_sole=is_sole)
        work_forever(settings, home, stop, teller)
    if signal.SIGINT in asked:  # Ctrl-C, told as by every other command; a service that is ended by SIGTERM ended well
        raise click.Abort


@click.command()
@click.argument("ids", nargs=-1, type=ROW)
@click.option("--all", "is_all", is_flag=True, help="Every quarantined file.")
def retry(ids: tuple[int, ...], is_all: bool) -> None:
    """Try quarantined files again, or take a held duplicate anyway, by the id that 'chartroom sources' shows."""
    from storage.custody import batches, pages
    from storage.foundation.states import BatchState
    from storage.foundation.tables.custody import Batch

    with opened_home() as (_, home), home.writing() as session:
        chosen = list(ids)
        if is_all:
            chosen = [b.id for b in batches.waiting(session, BatchState.QUARANTINED, 1_000_000) if b.id is not None]
        for batch_id in chosen:
            is_duplicate = session.get_one(Batch, batch_id).state == BatchState.DUPLICATE
            batches.advance(session, batch_id, "take_anyway" if is_duplicate else "retry", shell_actor())
            pages.forget_failures(session, batch_id)
    note(f"{len(chosen)} file(s) will be read again. Run 'chartroom run', or let the watch do it.")


@click.command()
@click.argument("ids", nargs=-1, type=ROW, required=True)
@click.option("--reason", required=True, help="Why; 'chartroom sources' shows it.")
def void(ids: tuple[int, ...], reason: str) -> None:
    """Cancel quarantined files and duplicates, by the id that 'chartroom sources' shows."""
    from storage.custody import batches

    with opened_home() as (_, home), home.writing() as session:
        for batch_id in ids:
            batches.void(session, batch_id, shell_actor(), reason)
    note("Voided. The dropped files are kept unchanged in the vault.")
