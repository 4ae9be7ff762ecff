"""`chartroom demo`: draws a clinic, drops its scans, works them, prints what became of them, opens the app."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlmodel import col, func, select

from ingest.demo import staff
from ingest.demo.draw import draw_protected, draw_scans, merges_hl7, odd_files
from ingest.exchange.inbound.files import read_files
from ingest.exchange.inbound.table import read_table
from ingest.hotfolder import make_ready
from ingest.newprofile import draw_new_profile
from ingest.progress import bar, steps
from ingest.running import work_once
from ingest.serving import port_noted, start_review
from ingest.settings import Settings, load_settings
from ingest.site import load_site
from storage.custody import batches, pages
from storage.desk import rescans
from storage.documents import breakglass, listing, misfiling
from storage.foundation import accounts
from storage.foundation.home import Home
from storage.foundation.tables.desk import Remark
from storage.foundation.tables.documents import Document, Misfiling
from storage.opening import make_home
from storage.quality import reviews
from storage.roster import doubts, questions
from storage.roster.loading import load

Echo = Callable[[str], None]


def show(patients: int, seed: int, home_path: Path, *, open_review: bool, echo: Echo) -> int:
    """Run the demo in its own data home; 1 when a page is unaccounted for."""
    os.environ["CHARTROOM_HOME"] = str(home_path)
    os.environ.setdefault("CHARTROOM_SETTLE_SECONDS", "0.2")
    settings = load_settings()
    home = make_home(settings.home, settings.key_file)
    profile = home.path / "profile.toml"
    if not profile.exists():
        profile.write_text(_profile(), encoding="utf-8")
    load_site(home.path)
    with home.reading() as session:
        was_drawn = bool(batches.list_sources(session))
    if was_drawn:
        echo(f"The demo clinic is in {home.path} already; going on with it. Remove that folder to draw a new one.")
    else:
        _drop_clinic(home, settings, patients, seed, echo)
    _add_people(home)
    started = time.monotonic()
    with bar(sys.stderr, in_lines=True) as progress:
        work_once(settings.model_copy(update={"page_gap_seconds": 0.0}), home, progress)  # no scanner writes these
    seconds = time.monotonic() - started
    if staff.is_untouched(home):
        _work_the_desk(home, echo)
    balances = _tell(home, seconds, progress.pages, echo)
    if open_review:
        _open(home, settings, echo)
    else:
        echo(f"Go on with: CHARTROOM_HOME={home.path} chartroom user link tess, then chartroom review")
    home.close()
    return 0 if balances else 1


def _profile() -> str:
    """The profile of the demo clinic: that of a new data home, with second looks."""
    kinds = json.dumps(staff.QUALITY.double_key)
    return draw_new_profile().replace("#[quality]", "[quality]").replace("#double_key = []", f"double_key = {kinds}")


def _drop_clinic(home: Home, settings: Settings, patients: int, seed: int, echo: Echo) -> None:
    started = time.monotonic()
    echo(f"Drawing the paper of {patients} synthetic patients …")
    folder = home.path / "drawn"
    with steps(sys.stderr, "Drawing patients", in_lines=True) as tick:
        scans, clinic = draw_scans(patients, seed, folder, tick)
    extra = [*draw_protected(clinic, seed), *odd_files(scans)]
    for scan in extra:
        (folder / scan.name).write_bytes(scan.data)
    truth = json.dumps([scan.truth for scan in (*scans, *extra) if scan.truth["pages"]], indent=1)
    (folder / _TRUTH).write_text(truth, encoding="utf-8")
    if patients:
        load(home, read_table(folder / "roster.csv"), "demo")
    if merges := merges_hl7(clinic):
        (folder / _MERGES).write_text(merges, encoding="ascii")
    hot = settings.folders[0]
    make_ready(home, hot)
    for scan in (*scans, *extra):
        shutil.copyfile(folder / scan.name, hot / scan.name)
    count = sum(len(s.truth["pages"]) for s in (*scans, *extra))
    echo(
        f"Dropped {len(scans) + len(extra)} files with {count} pages into {hot} (drawn in {time.monotonic() - started:.0f} s)"
    )


_TRUTH = "truth.json"
_MERGES = "merges.hl7"


def _work_the_desk(home: Home, echo: Echo) -> None:
    """The staff's day, told from what was drawn; a clinic whose truth is gone is left as it is."""
    file = home.path / "drawn" / _TRUTH
    if not file.exists():
        return
    started = time.monotonic()
    with steps(sys.stderr, "Working as the staff", in_lines=True) as tick:
        staff.work_the_desk(home, json.loads(file.read_text(encoding="utf-8")), tick)
    if (merges := file.with_name(_MERGES)).exists():  # the registration system speaks after the day's filing
        load(home, read_files([merges], load_site(home.path)), "demo")
    echo(f"The clinic's staff verified, filed and corrected part of it ({time.monotonic() - started:.0f} s)")


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
        f"Patient    of {len(found)} documents: {linked['linked']} linked, {linked['ask']} that need review, {linked['none']} not found"
    )
    echo(f"Pages      {account}")
    for title, what in _waiting(home):
        echo(f"{title:<11}{what}")
    for row in [row for row in found if row["patient"]["decision"] == "ask"][:3]:
        echo(f"  asks: {row['source']} pages {row['pages']}: {'; '.join(row['patient']['reasons'][:2])}")
    return account.balances


def _waiting(home: Home) -> Iterator[tuple[str, str]]:
    """What the staff left for others, so that every screen shows something."""
    with home.reading() as session:
        rows = session.exec(select(Remark.kind, func.count()).group_by(Remark.kind)).all()
        remarks = {str(kind): count for kind, count in rows}
        proposed = len(misfiling.waiting(session, staff.SAM))
        confirmed = session.exec(
            select(func.count()).select_from(Misfiling).where(col(Misfiling.confirmed_at).is_not(None))
        ).one()
        looks = len(reviews.waiting(session, staff.SAM)) + len(reviews.waiting(session, staff.TESS))
        asked = len(rescans.waiting(session, staff.SAM))
        merged = len(questions.waiting(session, staff.SAM))
        doubtful = len(doubts.waiting(session, staff.SAM))
        protected = session.exec(select(func.count()).select_from(Document).where(Document.labels != [])).one()
        emergencies = len(breakglass.to_review(session, staff.AUDREY))
    yield "Waiting", f"{remarks.get('pend', 0)} pended, {remarks.get('query', 0)} queried, {remarks.get('escalate', 0)} escalated, {remarks.get('register', 0)} sent to registration, {asked} rescans asked for, {looks} quality reviews"  # fmt: skip
    yield "Corrected", f"{confirmed} wrong chart by two people, {proposed} more waiting for the second"
    yield "Merges", f"{merged} documents of a merged patient to confirm, {doubtful} merges that need review"
    yield "Protected", f"{protected} documents, {emergencies} emergency access to review"


def _add_people(home: Home) -> None:
    with home.writing() as session:
        known = {account.username for account in accounts.list_accounts(session)}
        for person in staff.PEOPLE:
            if person.name not in known:
                accounts.add_account(session, person.name, person.role, secrets.token_urlsafe(24))


def _open(home: Home, settings: Settings, echo: Echo) -> None:
    """The review app and the watch, until Ctrl-C."""
    with home.writing() as session:
        links = [(who.name, who.role, accounts.make_one_time_login(session, who.name)) for who in staff.PEOPLE]
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
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        review.wait()
    except KeyboardInterrupt:
        echo("Ending …")
    finally:
        for child in (review, watch):
            child.terminate()
            child.wait(timeout=20)
        noted.close()
