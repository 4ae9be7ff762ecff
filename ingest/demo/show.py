"""`chartroom demo`: draws a clinic, drops its scans, works them, prints what became of them, opens the app."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ingest.demo.draw import draw_scans
from ingest.exchange.inbound.table import read_table
from ingest.progress import bar
from ingest.running import work_once
from ingest.serving import port_noted, start_review
from ingest.settings import Settings, load_settings
from ingest.site import load_site
from storage.custody import batches, pages
from storage.documents import listing
from storage.foundation import accounts
from storage.foundation.home import Home
from storage.foundation.permissions import Role
from storage.opening import make_home
from storage.roster.loading import load

Echo = Callable[[str], None]

_PEOPLE = (("tess", Role.TECHNICIAN), ("sam", Role.SUPERVISOR), ("audrey", Role.AUDITOR))


def show(patients: int, seed: int, home_path: Path, *, open_review: bool, echo: Echo) -> int:
    """Run the demo in its own data home; 1 when a page is unaccounted for."""
    os.environ["CHARTROOM_HOME"] = str(home_path)
    os.environ.setdefault("CHARTROOM_SETTLE_SECONDS", "0.2")
    settings = load_settings()
    home = make_home(settings.home, settings.key_file)
    load_site(home.path)
    with home.reading() as session:
        was_drawn = bool(batches.list_sources(session))
    if was_drawn:
        echo(f"The demo clinic is in {home.path} already; going on with it. Remove that folder to draw a new one.")
    else:
        _drop_clinic(home, settings, patients, seed, echo)
    started = time.monotonic()
    with bar(sys.stderr) as progress:
        work_once(settings, home, progress)
    _add_people(home)
    balances = _tell(home, time.monotonic() - started, progress.pages, echo)
    if open_review:
        _open(home, settings, echo)
    else:
        echo(f"Go on with: CHARTROOM_HOME={home.path} chartroom user link tess, then chartroom review")
    home.close()
    return 0 if balances else 1


def _drop_clinic(home: Home, settings: Settings, patients: int, seed: int, echo: Echo) -> None:
    echo(f"Drawing the paper of {patients} synthetic patients …")
    scans, _ = draw_scans(patients, seed, home.path / "drawn")
    load(home, read_table(home.path / "drawn" / "roster.csv"), "demo")
    hot = settings.folders[0]
    hot.mkdir(parents=True, exist_ok=True)
    for scan in scans:
        shutil.copyfile(home.path / "drawn" / scan.name, hot / scan.name)
    echo(f"Dropped {len(scans)} files with {sum(len(s.truth['pages']) for s in scans)} pages into {hot}")


def _tell(home: Home, seconds: float, read: int, echo: Echo) -> bool:
    with home.reading() as session:
        files = Counter(row["state"] for row in batches.list_sources(session))
        found = listing.list_documents(session)
        account = pages.ledger(session)
    linked = Counter(row["patient"]["decision"] for row in found)
    states = Counter(row["state"] for row in found)
    echo("")
    if read:
        echo(f"Read {read} pages in {seconds:.0f} s ({60 * read / seconds:.0f} pages a minute)")
    echo(f"Files      {', '.join(f'{n} {state}' for state, n in sorted(files.items()))}")
    echo(f"Documents  {len(found)}: {', '.join(f'{n} {state}' for state, n in sorted(states.items()))}")
    echo(
        f"Patient    of {len(found)} documents: {linked['linked']} linked, {linked['ask']} for a person to decide, {linked['none']} not found"
    )
    echo(f"Pages      {account}")
    for row in [row for row in found if row["patient"]["decision"] == "ask"][:3]:
        echo(f"  asks: {row['source']} pages {row['pages']}: {'; '.join(row['patient']['reasons'][:2])}")
    return account.balances


def _add_people(home: Home) -> None:
    with home.writing() as session:
        known = {account.username for account in accounts.list_accounts(session)}
        for name, role in _PEOPLE:
            if name not in known:
                accounts.add_account(session, name, role, secrets.token_urlsafe(24))


def _open(home: Home, settings: Settings, echo: Echo) -> None:
    """The review app and the watch, until Ctrl-C."""
    with home.writing() as session:
        links = [(name, role, accounts.make_one_time_login(session, name)) for name, role in _PEOPLE]
    watch = subprocess.Popen(
        [sys.executable, "-m", "ingest.cli", "watch"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    noted = contextlib.ExitStack()
    noted.enter_context(port_noted(home.path, settings.port))
    review = start_review(home.path, settings.port)
    echo("")
    echo("Sign in with one of these links (each works once, within the hour):")
    for name, role, token in links:
        echo(f"  {role.value:<11} {name:<7} http://127.0.0.1:{settings.port}/login?once={token}")
    echo(f"Drop your own scans into {settings.folders[0]}. End with Ctrl-C.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        review.wait()
    except KeyboardInterrupt:
        echo("Ending …")
    finally:
        for child in (review, watch):
            child.terminate()
            child.wait(timeout=20)
        noted.close()
