"""Is everything there and running: this machine, the data home, hot folders, the watch, disk, queues.

`chartroom doctor` and the *System* screen show the same checks; each says what to do when it is not so.
"""

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.settings import Settings, load_settings
from ocr.page import Second

if TYPE_CHECKING:
    from storage.backup.outcomes import Outcome
    from storage.foundation.home import Home
    from storage.foundation.permissions import Actor

_WAL_MEGABYTES = 256
"""A write-ahead log larger than this means that a reader holds it open (docs/evidence.md)."""

_SILENT_SECONDS = 90
"""The watch writes its beat every half minute; three of them missed are no delay."""


_BACKUP_EVERY = timedelta(hours=26)
"""A day, and two hours for a nightly backup that takes longer than yesterday's."""

_CHECK_EVERY = timedelta(days=30)

_NO_BACKUP_KEY = "Run 'chartroom backup key' once, then 'chartroom backup DIR' each night (docs/backup.md)."


class Mark(StrEnum):
    """How a check ended: fine, worth knowing, or needed and missing."""

    OK = "ok"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and what to do."""

    mark: Mark
    name: str
    found: str
    advice: str = ""


def check_machine() -> Iterator[Check]:
    """What `chartroom doctor` looks at: the machine first, then the data home as far as it is there."""
    settings = load_settings()
    yield Check(Mark.OK if sys.version_info >= (3, 11) else Mark.WRONG, "Python", sys.version.split()[0])
    yield _sqlite()
    yield _opencv()
    yield _engine(settings)
    yield _second_recogniser(settings)
    yield _pdf_writer()
    yield _disk(settings.home if settings.home.exists() else Path.cwd(), settings)
    yield from _home(settings.home, settings.key_file)
    for folder in settings.folders:  # one that is not there yet is made by the first command
        check = _folder(folder)
        yield replace(check, mark=Mark.LOOK) if check.mark is Mark.WRONG else check
    yield Check(Mark.LOOK, "Parsers", "workers run under memory and time limits; they are not confined further")


def check_home(home: "Home", settings: Settings, actor: "Actor") -> list[Check]:
    """What the *System* screen shows of an open data home, worst first; NotAllowed for who may not see it."""
    from storage.foundation.permissions import Action, check_can

    check_can(actor, Action.SEE_HEALTH)
    checks = [
        *(_folder(folder) for folder in settings.folders),
        _watch(home),
        _engine(settings),
        _second_recogniser(settings),
        _disk(home.path, settings),
        _log(home),
        *_queues(home),
        _recovery_sheet(home),
        *_backups(home),
    ]
    order = {Mark.WRONG: 0, Mark.LOOK: 1, Mark.OK: 2}
    return sorted(checks, key=lambda check: order[check.mark])


def _sqlite() -> Check:
    from sqlcipher3 import dbapi2

    from storage.foundation.database import OLDEST_SAFE_SQLITE

    fine = dbapi2.sqlite_version_info >= OLDEST_SAFE_SQLITE
    return Check(
        Mark.OK if fine else Mark.WRONG,
        "Database",
        f"SQLCipher, SQLite {dbapi2.sqlite_version}",
        "" if fine else "Install sqlcipher3 >= 0.6.4.",
    )


def _opencv() -> Check:
    from ocr.errors import ImagingMissing

    try:
        from ocr.imaging import cv2
    except ImagingMissing as error:
        return Check(Mark.WRONG, "OpenCV", "cannot start", str(error))
    return Check(Mark.OK, "OpenCV", cv2.__version__)


def _engine(settings: Settings) -> Check:
    from ocr.errors import OcrError

    try:
        from ocr.tesseract import open_engine

        name = open_engine(settings.engine).name
    except OcrError as error:
        return Check(Mark.WRONG, "OCR engine", "none", str(error))
    way = "Tesseract inside each worker" if name.startswith("tesserocr") else "the program, started for each page"
    return Check(Mark.OK, "OCR engine", f"{name} ({way})")


def _second_recogniser(settings: Settings) -> Check:
    from ocr.probe import State, probe_second

    name, chosen = "Second recogniser", settings.second_recogniser
    if chosen is Second.OFF:
        return Check(Mark.OK, name, "switched off by CHARTROOM_SECOND_RECOGNISER")
    probe = probe_second()
    if probe.state is State.READS:
        return Check(Mark.OK, name, f"{probe.name}, reads ({chosen})")
    if probe.state is State.MISSING:
        mark = Mark.WRONG if chosen is Second.ALWAYS else Mark.LOOK
        return Check(mark, name, "not installed", "Run './dev setup'. Until then Tesseract reads alone.")
    advice = "Remove .venv and run './dev setup', or set CHARTROOM_SECOND_RECOGNISER=off: Tesseract then reads alone."
    return Check(Mark.WRONG, name, "installed, but does not read", advice)


def _pdf_writer() -> Check:
    has = importlib.util.find_spec("reportlab") is not None
    return Check(
        Mark.OK if has else Mark.WRONG,
        "PDF writer",
        "reportlab" if has else "missing",
        "" if has else "Run './dev setup'.",
    )


def _home(path: Path, key_file: Path | None) -> Iterator[Check]:
    from ingest.site import load_site
    from storage.foundation.errors import StorageError
    from storage.foundation.home import is_ready
    from storage.opening import open_home

    if not is_ready(path):
        yield Check(Mark.LOOK, "Data home", f"none in {path}", "Run 'chartroom init'.")
        return
    try:
        home = open_home(path, key_file)
    except StorageError as error:
        yield Check(Mark.WRONG, "Data home", str(path), str(error))
        return
    yield Check(Mark.OK, "Data home", f"{path} (encrypted, key in {home.key_file})")
    yield _recovery_sheet(home)
    yield from _backups(home)
    home.close()
    load_site(path)


def _recovery_sheet(home: "Home") -> Check:
    from storage.foundation.tables.installation import Fact

    with home.reading() as session:
        if session.get(Fact, "recovery_sheet") is not None:
            return Check(Mark.OK, "Recovery sheet", "confirmed")
    advice = "Run 'chartroom key sheet', write it down, then 'chartroom key confirm'."
    return Check(Mark.LOOK, "Recovery sheet", "recovery key not confirmed", advice)


def _backups(home: "Home") -> Iterator[Check]:
    """When the last backup, check and drill were, and how they ended."""
    from storage.backup.outcomes import Kind, find_outcome
    from storage.backup.recipient import find_recipient

    with home.reading() as session:
        has_key = find_recipient(session) is not None
        for kind, name, limit, advice in (
            (Kind.BACKUP, "Backup", _BACKUP_EVERY, "Run 'chartroom backup DIR' each night (docs/backup.md)."),
            (Kind.CHECK, "Backup check", _CHECK_EVERY, "Run 'chartroom backup check DIR' each month."),
            (Kind.DRILL, "Backup drill", _CHECK_EVERY, "Run 'chartroom backup drill DIR' each month."),
        ):
            yield _last(name, find_outcome(session, kind), limit, advice if has_key else _NO_BACKUP_KEY)


def _last(name: str, last: "Outcome | None", limit: timedelta, advice: str) -> Check:
    from storage.foundation.clock import show_time, utc_now

    if last is None:
        return Check(Mark.LOOK, name, "none yet", advice)
    when = show_time(datetime.fromisoformat(last.at))
    if not last.is_good:
        good = f"The last good one: {show_time(last.last_good)}." if last.last_good else "There is no good one yet."
        return Check(Mark.WRONG, name, f"{when}, failed: {last.found} {good}", f"{advice} Folder: {last.place}.")
    is_old = last.last_good is None or utc_now() - last.last_good > limit
    found = f"{when}, in {last.place}: {last.found}"
    return Check(Mark.LOOK if is_old else Mark.OK, name, found, f"It is too long ago. {advice}" if is_old else "")


def _folder(folder: Path) -> Check:
    if not folder.is_dir():
        return Check(
            Mark.WRONG,
            "Hot folder",
            f"{folder} cannot be reached",
            "'chartroom init' makes it. Is the share mounted? Scans wait at the scanner.",
        )
    if not os.access(folder, os.R_OK | os.W_OK):
        return Check(Mark.WRONG, "Hot folder", f"{folder} cannot be written", "Give this account the rights on it.")
    waiting = sum(1 for entry in os.scandir(folder) if entry.is_file() and not entry.name.startswith("."))
    return Check(Mark.OK, "Hot folder", f"{folder}, {waiting} files lie there")


def _queues(home: "Home") -> Iterator[Check]:
    from sqlmodel import func, select

    from storage.foundation.states import BatchState, DocumentState
    from storage.foundation.tables.custody import Batch, Blob
    from storage.foundation.tables.documents import Document

    with home.reading() as session:
        batches = dict(session.exec(select(Batch.state, func.count()).group_by(Batch.state)).all())
        documents = dict(session.exec(select(Document.state, func.count()).group_by(Document.state)).all())
        kept, size = session.exec(select(func.count(), func.coalesce(func.sum(Blob.size), 0)).select_from(Blob)).one()
    waiting = batches.get(BatchState.RECEIVED, 0) + batches.get(BatchState.READ, 0)
    yield Check(Mark.OK, "Reading queue", f"{waiting} files wait to be read")
    wait, pended = documents.get(DocumentState.TO_VERIFY, 0), documents.get(DocumentState.PENDED, 0)
    yield Check(Mark.OK, "Desk", f"{wait} documents to verify, {pended} pended")
    odd = batches.get(BatchState.QUARANTINED, 0) + batches.get(BatchState.DUPLICATE, 0)
    yield Check(
        Mark.LOOK if odd else Mark.OK,
        "Exceptions",
        f"{odd} files need attention",
        "Open the Exceptions screen." if odd else "",
    )
    yield Check(Mark.OK, "Vault", f"{kept:,} files, {int(size) / 1e6:,.0f} MB")


def _watch(home: "Home") -> Check:
    from storage.foundation.clock import utc_now
    from storage.foundation.tables.installation import Fact

    with home.reading() as session:
        beat = session.get(Fact, "watch_beat")
    if beat is None:
        return Check(Mark.LOOK, "Watch", "has not run here yet", "Start 'chartroom watch', or run 'chartroom run'.")
    silent = (utc_now() - datetime.fromisoformat(beat.value)).total_seconds()
    if silent > _SILENT_SECONDS:
        found = f"silent for {silent / 60:.0f} minutes"
        return Check(Mark.WRONG, "Watch", found, "Start 'chartroom watch' again and look at its log.")
    return Check(Mark.OK, "Watch", f"alive {silent:.0f} s ago")


def _disk(path: Path, settings: Settings) -> Check:
    free = shutil.disk_usage(path).free // 1_000_000
    found = f"{free:,} MB free"
    if free < settings.minimum_free_megabytes:
        advice = "Free space: nothing is taken in until then. Nothing is lost."
        return Check(Mark.WRONG, "Disk", found, advice)
    is_low = free < 10 * settings.minimum_free_megabytes
    return Check(Mark.LOOK if is_low else Mark.OK, "Disk", found, "It fills up soon." if is_low else "")


def _log(home: "Home") -> Check:
    wal = home.path / "chartroom.db-wal"
    megabytes = wal.stat().st_size // 1_000_000 if wal.exists() else 0
    is_large = megabytes > _WAL_MEGABYTES
    return Check(
        Mark.LOOK if is_large else Mark.OK,
        "Database",
        f"write-ahead log {megabytes} MB",
        "Something reads without end. Restart the review app." if is_large else "",
    )
