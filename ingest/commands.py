"""What each command does, as plain functions. Imports stay inside: a command pays for what it uses."""

import contextlib
import csv
import json
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.problems import UsageProblem

if TYPE_CHECKING:
    from ingest.pipeline import Pipeline
    from ingest.progress import Progress
    from ingest.settings import Settings
    from ingest.watcher import Left
    from storage.home import Home

Echo = Callable[[str], None]


@contextlib.contextmanager
def opened_home(
    *, make: bool = False, log: bool = False, echo: Echo = lambda line: None
) -> "Iterator[tuple[Settings, Home]]":
    """Settings and the open data home of this process; `make` makes the home, and says so, when there is none."""
    from ingest.settings import load_settings
    from storage.home import is_ready, make_home, open_home

    settings = load_settings()
    if make and not is_ready(settings.home):
        home = make_home(settings.home, settings.key_file)
        echo(f"Made a new data home in {home.path}, its key in {home.key_file}. 'chartroom key sheet' prints the key.")
    else:
        home = open_home(settings.home, settings.key_file)
    if log:
        from ingest.logs import start_log

        start_log(home.path / "logs")
    try:
        yield settings, home
    finally:
        home.close()


# ---- setting up


def init(echo: Echo) -> None:
    """Make the data home and its first account; on an existing home only say that it is there."""
    from ingest.settings import load_settings
    from storage import accounts
    from storage.home import is_ready, make_home
    from storage.permissions import Role

    settings = load_settings()
    was_ready = is_ready(settings.home)
    home = make_home(settings.home, settings.key_file)
    for folder in settings.folders:
        folder.mkdir(parents=True, exist_ok=True)
    echo(f"Data home    {home.path}")
    echo(f"Hot folder   {', '.join(map(str, settings.folders))}")
    echo(f"Key file     {home.key_file}")
    with home.writing() as session:
        if not accounts.list_accounts(session):
            import secrets

            accounts.add_account(session, "admin", Role.ADMIN, secrets.token_urlsafe(32))
            code = accounts.make_one_time_login(session, "admin", minutes=24 * 60)
            echo(f"First sign-in (once, within a day): http://127.0.0.1:{settings.port}/login?once={code}")
    if not was_ready:
        echo("")
        echo("Without the key file nobody can read this data. Print the recovery sheet now and keep it in two places:")
        echo("  chartroom key sheet      then  chartroom key confirm")
    home.close()


def print_recovery_sheet(echo: Echo) -> None:
    """The recovery sheet, for paper."""
    from storage import audit, keys
    from storage.permissions import MACHINE

    with opened_home() as (_, home):
        with home.writing() as session:
            audit.record(session, MACHINE, "print_recovery_sheet", "key")
        echo(f"Chartroom recovery sheet      data home {home.id}")
        echo("Keep two copies in two places. Anyone who has it can read the charts.")
        echo("")
        for line in keys.recovery_lines(keys.load_master_key(home.key_file)):
            echo(f"    {line}")
        echo("")
        echo("Type it back with 'chartroom key confirm'. A lost key file is made again with 'chartroom key restore'.")


def confirm_recovery_sheet(text: str, echo: Echo) -> None:
    """Note that the sheet was typed back right."""
    from storage import keys
    from storage.tables import Fact

    master = keys.master_from_recovery([line for line in text.splitlines() if line.strip()])
    with opened_home() as (_, home):
        if master != keys.load_master_key(home.key_file):
            raise UsageProblem("This is the recovery sheet of another data home.")
        with home.writing() as session:
            session.merge(Fact(name="recovery_sheet", value="confirmed"))
    echo("The recovery sheet is right and was noted as confirmed.")


def restore_key(text: str, echo: Echo) -> None:
    """Write the key file anew from the sheet, where none is."""
    import json as json_module

    from ingest.settings import load_settings
    from storage import keys

    settings = load_settings()
    master = keys.master_from_recovery([line for line in text.splitlines() if line.strip()])
    home_file = settings.home / "home.json"
    if not home_file.exists():
        raise UsageProblem(f"There is no Chartroom data in {settings.home}.")
    home_id = json_module.loads(home_file.read_text(encoding="utf-8"))["home_id"]
    path = settings.key_file or keys.default_key_file(home_id)
    if path.exists():
        raise UsageProblem(f"There is a key file already: {path}. Move it away first.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text(master.hex() + "\n", encoding="ascii")
    with opened_home():
        echo(f"The key file {path} was made again and opens the data.")


def show_settings(*, states: bool, types: bool, echo: Echo) -> None:
    """Every setting with its value and purpose, or one of the tables that the docs show."""
    if types:
        from classify.doctypes import draw_types

        echo(draw_types().rstrip())
        return
    if states:
        from storage.states import draw_moves

        echo(draw_moves().rstrip())
        return
    from ingest.settings import Settings, load_settings

    try:
        settings = load_settings()
    except UsageProblem as error:
        echo(f"{error}\n")
        settings = Settings.model_construct()
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        mark = " " if value == field.default or name == "home" else "*"
        echo(f"{mark} CHARTROOM_{name.upper():<26} {value!s:<24} {field.description}")
    echo("\n* changed from its default. How this hospital's charts look is in profile.toml in the data home.")


def doctor(echo: Echo) -> bool:
    """Checks of the machine, each with the fix; False when something needed is missing."""
    from ingest.doctor import look

    healthy = True
    for check in look():
        echo(f"[{check.mark}] {check.name}: {check.finding}")
        if check.fix:
            echo(f"       {check.fix}")
        healthy = healthy and check.mark != "no"
    return healthy


def add_user(name: str, role: str, password: str, echo: Echo) -> None:
    """Add a named account."""
    from storage import accounts
    from storage.permissions import Role

    with opened_home() as (_, home), home.writing() as session:
        accounts.add_account(session, name, Role(role), password)
    echo(f"{name} may sign in as {role}.")


def users() -> list[dict[str, Any]]:
    """The accounts."""
    from storage import accounts

    with opened_home() as (_, home), home.reading() as session:
        return [
            {"username": a.username, "role": a.role, "disabled": a.disabled} for a in accounts.list_accounts(session)
        ]


def disable_user(name: str, echo: Echo) -> None:
    """Shut an account."""
    from storage import accounts
    from storage.permissions import MACHINE

    with opened_home() as (_, home), home.writing() as session:
        accounts.disable_account(session, name, MACHINE)
    echo(f"{name} can no longer sign in; open sessions have ended.")


def print_login_link(name: str, echo: Echo) -> None:
    """A link that signs a person in once."""
    from storage import accounts

    with opened_home() as (settings, home), home.writing() as session:
        code = accounts.make_one_time_login(session, name)
    echo(f"http://127.0.0.1:{settings.port}/login?once={code}")


# ---- the work


def run(echo: Echo) -> int:
    """Take in all that lies in the hot folders and work it; 0 when every file reached an end state."""
    with opened_home(make=True, log=True, echo=echo) as (settings, home), _progress_bar() as progress:
        left = work_once(settings, home, progress)
        _tell_what_lies_there(home, echo)
    if left.unreadable:
        echo(f"{left.unreadable} file(s) in the hot folder cannot be read: give this account the rights.")
    if left.writing:
        echo(f"{left.writing} file(s) are still being written; they wait in the hot folder.")
    return 1 if left.unreadable or left.writing else 0


def _tell_what_lies_there(home: "Home", echo: Echo) -> None:
    """Files by state and the page account, and where to look when somebody is needed."""
    from collections import Counter

    from storage import batches, pages

    with home.reading() as session:
        states = Counter(row["state"] for row in batches.list_sources(session))
        account = pages.ledger(session)
    echo(f"Files  {', '.join(f'{n} {state}' for state, n in sorted(states.items())) or 'none'}")
    echo(f"Pages  {account}")
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


@contextlib.contextmanager
def _worked_lazily(
    home: "Home", settings: "Settings", progress: "Progress", stop: threading.Event
) -> Iterator[Callable[[], bool]]:
    """A function that does all waiting work until `stop`; workers start when there first is some, and one
    process at a time does it while others stand by."""
    from ingest.worker import work_pool
    from storage.states import BatchState

    with contextlib.ExitStack() as stack:
        made: list[Pipeline] = []

        def work() -> bool:
            from ingest.lock import sole_worker

            with home.reading() as session:
                from storage import batches, documents

                waits = any(batches.waiting(session, s, 1) for s in (BatchState.RECEIVED, BatchState.READ))
                if not waits and not documents.verified_ids(session, 1):
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
    from storage import batches, pages
    from storage.states import BatchState
    from storage.tables import Batch

    with opened_home() as (_, home), home.writing() as session:
        chosen = list(ids)
        if every:
            chosen = [b.id for b in batches.waiting(session, BatchState.QUARANTINED, 1_000_000) if b.id is not None]
        for batch_id in chosen:
            is_duplicate = session.get_one(Batch, batch_id).state == BatchState.DUPLICATE
            batches.advance(session, batch_id, "take_anyway" if is_duplicate else "retry", _operator())
            pages.forget_failures(session, batch_id)
    echo(f"{len(chosen)} file(s) will be read again. Run 'chartroom run', or let the watch do it.")


def void(ids: Iterable[int], reason: str, echo: Echo) -> None:
    """Cancel refused files and duplicates; their originals stay in the vault."""
    from storage import batches

    with opened_home() as (_, home), home.writing() as session:
        for batch_id in ids:
            batches.advance(session, batch_id, "void", _operator(), reason_code="voided", reason=reason)
    echo("Voided. The dropped files are kept unchanged in the vault.")


def print_separators(
    number: int, kind: str | None, type_code: str, mrn: str, encounter: str, out: Path, echo: Echo
) -> None:
    """Separator sheets as a PDF; the kind follows from what is to be on them."""
    from ingest.separators import draw_sheets

    meant = "patient" if mrn or encounter else "document"
    if kind is not None and kind != meant and (mrn or encounter or type_code):
        raise UsageProblem(f"These options make a {meant} sheet, not a {kind} sheet.")
    if type_code and (mrn or encounter):
        raise UsageProblem("A sheet starts a patient or a document, not both. Print one of each.")
    if not out.absolute().parent.is_dir():
        raise UsageProblem(f"The folder {out.absolute().parent} is not there.")
    kind = kind or meant
    draw_sheets(out, number, kind, type_code=type_code, mrn=mrn, encounter=encounter)
    echo(f"{number} sheet(s) in {out}. Print at 100 % on plain paper.")


def load_roster(file: Path, echo: Echo) -> int:
    """Load a patient list; 1 when rows had problems (the rest is loaded)."""
    from storage.roster import load_csv

    with opened_home(make=True) as (_, home), home.writing() as session:
        loaded = load_csv(session, file)
    echo(
        f"{loaded.new} new, {loaded.updated} updated, {loaded.unchanged} unchanged patients; {loaded.encounters} new encounters."
    )
    for problem in loaded.problems[:20]:
        echo(f"  not loaded: {problem}")
    if len(loaded.problems) > 20:
        echo(f"  … and {len(loaded.problems) - 20} more rows")
    return 1 if loaded.problems else 0


# ---- looking


def sources() -> list[dict[str, Any]]:
    """Every dropped file."""
    from storage import batches

    with opened_home() as (_, home), home.reading() as session:
        return batches.list_sources(session)


def list_documents() -> list[dict[str, Any]]:
    """Every document. It holds chart data, so that the listing is written into the audit log."""
    from storage import audit, documents

    with opened_home() as (_, home):
        with home.reading() as session:
            rows = documents.list_documents(session)
        with home.writing() as session:
            audit.record(session, _operator(), "list_documents", "documents", documents=len(rows))
    return rows


def list_pages() -> list[dict[str, Any]]:
    """Every page."""
    from storage import pages

    with opened_home() as (_, home), home.reading() as session:
        return pages.list_pages(session)


def search(words: str) -> list[dict[str, Any]]:
    """Filed pages that hold these words."""
    from storage.search import find_pages

    with opened_home() as (_, home), home.writing() as session:
        return [
            {
                "document": hit.document_id,
                "page": hit.page,
                "type": hit.type_code,
                "mrn": hit.mrn,
                "patient": hit.patient,
                "date": hit.service_date,
                "snippet": hit.snippet,
            }
            for hit in find_pages(session, words, _operator())
        ]


def verify(echo: Echo) -> int:
    """Check everything; 1 when anything does not agree."""
    from storage.integrity import verify as check

    with opened_home() as (_, home), home.reading() as session:
        report = check(session, home.vault)
    for problem in report.problems:
        echo(f"PROBLEM  {problem}")
    echo(f"{report.blobs} stored files, {report.events} audit lines, {len(report.problems)} problems.")
    if report.orphans:
        echo(f"{report.orphans} stored files belong to no record (left by an interrupted intake; harmless).")
    return 1 if report.problems else 0


def write_filed_pdf(document: int, out: Path, echo: Echo) -> None:
    """The filed PDF as a file."""
    from storage.filing import filed_pdf

    with opened_home() as (_, home), home.writing() as session:
        out.write_bytes(filed_pdf(session, home.vault, document, _operator()))
    echo(f"Wrote {out}. It holds patient data: keep it where only you can read it.")


# ---- tools that need no database


def read_files(
    files: Iterable[Path], *, as_json: bool, text: bool, pdf_folder: Path | None, engine: str, echo: Echo
) -> int:
    """Read files with no database, pages in parallel; 1 when a file was refused."""
    from ingest.reading import read_all

    return read_all(list(files), as_json=as_json, text=text, pdf_folder=pdf_folder, engine=engine, echo=echo)


def classify_texts(file: Path) -> Iterator[dict[str, Any]]:
    """Document type of each JSON line `{id, text}`."""
    from classify import doctypes
    from classify.identify import identify
    from classify.rows import rows_of_text

    for row in _json_rows(_text_of(file).splitlines()):
        guesses = identify(rows_of_text(str(row.get("text", ""))))
        kind = doctypes.by_code(guesses[0].code)
        yield {
            "id": row.get("id"),
            "code": kind.code,
            "loinc": kind.loinc,
            "confidence": guesses[0].confidence,
            "type": {"code": kind.code, "loinc": kind.loinc, "confidence": guesses[0].confidence},
            "candidates": [{"code": g.code, "confidence": g.confidence, "evidence": g.evidence} for g in guesses],
        }


def match_records(file: Path) -> Iterator[dict[str, Any]]:
    """Each record of field values against the roster: decision, candidates, reasons."""
    from classify.patients import match_patient
    from ingest.records import knows_any, query_of_record
    from storage.roster import StoredRoster

    with opened_home() as (_, home), home.reading() as session:
        roster = StoredRoster(session)
        for number, record in enumerate(_records(file), start=1):
            if number == 1 and not knows_any(record):
                raise UsageProblem(
                    f"{file.name} has no column that we know. Expected heads such as mrn, last_name, first_name, dob, sex."
                )
            result = match_patient(query_of_record(record), roster)
            linked = result.decision == "linked"
            yield {
                "id": record.get("id") or record.get("query_id") or str(number),
                "decision": result.decision,
                "mrn": result.candidates[0].person.mrn if linked else None,
                "reasons": list(result.reasons),
                "candidates": [
                    {
                        "mrn": c.person.mrn,
                        "score": c.score,
                        "agrees": list(c.agrees),
                        "differs": list(c.differs),
                        "evidence": list(c.reasons),
                    }
                    for c in result.candidates
                ],
            }


def review(port: int | None, echo: Echo) -> int:
    """Start the review app in a child process and wait for it."""
    import signal

    from ingest.serving import start_review

    with opened_home(make=True, echo=echo) as (settings, home):
        home_path = home.path
    echo(f"Review app: http://127.0.0.1:{port or settings.port}  (Ctrl-C ends it)")
    child = start_review(home_path, settings, port or settings.port)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.terminate()
        return child.wait()


def demo(patients: int, seed: int, home: Path, *, open_review: bool, echo: Echo) -> int:
    """The demo: see ingest/demo/show.py."""
    from ingest.demo.show import show

    return show(patients, seed, home, open_review=open_review, echo=echo)


def _operator() -> Any:
    """The person at this shell: who can open the key file may see what it opens, and is named in the log."""
    import getpass

    from storage.permissions import Actor, Role

    return Actor(f"shell:{getpass.getuser()}", Role.SUPERVISOR)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageProblem(
            f"{file.name} is not text. For a scan use 'chartroom read {file.name} --text' first."
        ) from error


def _records(file: Path) -> Iterator[dict[str, str]]:
    text = _text_of(file)
    if text.lstrip().startswith("{"):
        for row in _json_rows(text.splitlines()):
            fields = row.pop("fields", {})
            yield {str(k): "" if v is None else str(v) for k, v in {**row, **fields}.items()}
    else:
        for line in csv.DictReader(text.splitlines()):
            yield {str(k): v or "" for k, v in line.items() if isinstance(v, str | None)}


def _json_rows(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageProblem(f"Line {number} is not JSON. Expected one object a line.") from error
        if not isinstance(row, dict):
            raise UsageProblem(f"Line {number} is not a JSON object.")
        yield row


@contextlib.contextmanager
def _progress_bar() -> "Iterator[Progress]":
    """A progress bar on a terminal, nothing elsewhere."""
    from ingest.progress import bar

    with bar(sys.stderr) as progress:
        yield progress
