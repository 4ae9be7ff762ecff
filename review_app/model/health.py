"""Is everything running: hot folders, the watch, disk, queues, backups. Each line says what to do when it is not."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import func, select

from ingest.settings import Settings
from storage.foundation.clock import utc_now
from storage.foundation.home import Home
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.custody import Batch, Blob
from storage.foundation.tables.documents import Document
from storage.foundation.tables.installation import Fact

_WAL_MEGABYTES = 256
"""A write-ahead log larger than this means that a reader holds it open (docs/evidence.md)."""

_SILENT_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at: ok, look (worth knowing) or wrong, what was found, and what to do."""

    mark: str
    name: str
    found: str
    advice: str = ""


def look(home: Home, settings: Settings, actor: Actor) -> list[Line]:
    """Everything, worst first."""
    check_can(actor, Action.SEE_HEALTH)
    lines = [
        *(_folder(folder, settings) for folder in settings.folders),
        _watch(home),
        _disk(home, settings),
        _log(home),
    ]
    with home.reading() as session:
        batches = dict(session.exec(select(Batch.state, func.count()).group_by(Batch.state)).all())
        documents = dict(session.exec(select(Document.state, func.count()).group_by(Document.state)).all())
        kept, size = session.exec(select(func.count(), func.coalesce(func.sum(Blob.size), 0)).select_from(Blob)).one()
        sheet = session.get(Fact, "recovery_sheet")
    waiting = batches.get("received", 0) + batches.get("read", 0)
    lines.append(Line("ok", "Reading queue", f"{waiting} files wait to be read"))
    lines.append(
        Line("ok", "Desk", f"{documents.get('to_verify', 0)} documents wait, {documents.get('pended', 0)} are pended")
    )
    odd = batches.get("quarantined", 0) + batches.get("duplicate", 0)
    lines.append(
        Line(
            "look" if odd else "ok",
            "Exceptions",
            f"{odd} files need somebody",
            "Open the Exceptions screen." if odd else "",
        )
    )
    lines.append(Line("ok", "Vault", f"{kept:,} files, {int(size) / 1e6:,.0f} MB"))
    lines.append(
        Line("ok", "Recovery sheet", "confirmed")
        if sheet
        else Line(
            "look", "Recovery sheet", "not typed back yet", "Run 'chartroom key sheet', then 'chartroom key confirm'."
        )
    )
    lines.append(
        Line("look", "Backup", "Chartroom makes none itself", "Copy the data home and the key file to another machine.")
    )
    order = {"wrong": 0, "look": 1, "ok": 2}
    return sorted(lines, key=lambda line: order[line.mark])


def _folder(folder: Path, settings: Settings) -> Line:
    if not folder.is_dir():
        return Line(
            "wrong", "Hot folder", f"{folder} cannot be reached", "Is the share mounted? Scans wait at the scanner."
        )
    if not os.access(folder, os.R_OK | os.W_OK):
        return Line("wrong", "Hot folder", f"{folder} cannot be written", "Give this account the rights on it.")
    waiting = sum(1 for entry in os.scandir(folder) if entry.is_file() and not entry.name.startswith("."))
    return Line("ok", "Hot folder", f"{folder}, {waiting} files lie there")


def _watch(home: Home) -> Line:
    with home.reading() as session:
        beat = session.get(Fact, "watch_beat")
    if beat is None:
        return Line("look", "Watch", "has not run here yet", "Start 'chartroom watch', or run 'chartroom run'.")
    silent = (utc_now() - datetime.fromisoformat(beat.value)).total_seconds()
    if silent > _SILENT_SECONDS:
        return Line(
            "wrong",
            "Watch",
            f"silent for {silent / 60:.0f} minutes",
            "Start 'chartroom watch' again and look at its log.",
        )
    return Line("ok", "Watch", f"alive {silent:.0f} s ago")


def _disk(home: Home, settings: Settings) -> Line:
    free = shutil.disk_usage(home.path).free // 1_000_000
    if free < settings.minimum_free_megabytes:
        return Line(
            "wrong", "Disk", f"{free:,} MB free", "Free space: nothing is taken in until then. Nothing is lost."
        )
    is_low = free < 10 * settings.minimum_free_megabytes
    return Line("look" if is_low else "ok", "Disk", f"{free:,} MB free", "It fills up soon." if is_low else "")


def _log(home: Home) -> Line:
    wal = home.path / "chartroom.db-wal"
    megabytes = wal.stat().st_size // 1_000_000 if wal.exists() else 0
    is_large = megabytes > _WAL_MEGABYTES
    return Line(
        "look" if is_large else "ok", "Database", f"write-ahead log {megabytes} MB",
        "Something reads without end. Restart the review app." if is_large else "",
    )  # fmt: skip
