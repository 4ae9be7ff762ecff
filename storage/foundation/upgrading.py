"""Before the schema of a data home is changed, its database is copied beside it, with how to go back."""

import errno
import logging
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from storage.foundation import database
from storage.foundation.clock import name_time, utc_now
from storage.foundation.errors import BackupRefused
from storage.foundation.folders import fsync_folder

log = logging.getLogger("chartroom.upgrade")

FOLDER = "before-upgrade"

_KEPT = 2
"""Copies that stay: of the last upgrade and the one before. Older ones are removed."""

_ROOM = 2
"""Times the size of the database that must be free: its copy, and a write-ahead log if the migration changes every page."""

_HOW = """\
{copy} is the database before the upgrade from schema {before} to {after}.

To go back:
1. Stop Chartroom: the watch, the review app, and every command.
2. Install the version of Chartroom from before.
3. In {home}: move chartroom.db, chartroom.db-wal and chartroom.db-shm away (do not delete them yet).
4. Copy {folder}/{copy} to chartroom.db.
5. Run 'chartroom verify'.
What was done after the upgrade is not in this copy. Scans taken in since are in the hot folder under .done: drop them again.
"""


def copy_before_upgrade(home: Path, engine: Engine, key: bytes, tell: Callable[[str], None]) -> None:
    """Copy the database when its schema is about to be changed; BackupRefused, and nothing changed, when that cannot be done."""
    before = database.schema_of(engine)
    if before is None or before >= database.SCHEMA:
        return
    with engine.connect().execution_options(chartroom_read_only=True) as connection:
        if database.damaged_pages(connection):
            raise BackupRefused(
                "The database is damaged, so it is not upgraded. Restore it from the last backup with the version of "
                "Chartroom that was installed before, then upgrade. Nothing was changed."
            )
    _check_room(home)
    copy = _copy(home, engine, key, before)
    sentence = (
        f"The database is upgraded (schema {before} to {database.SCHEMA}). It was copied before: {copy}. "
        f"How to go back is written beside it, in {copy.with_suffix('.txt').name}."
    )
    log.info("copied before the upgrade of schema %s", before)
    tell(sentence)


def _check_room(home: Path) -> None:
    size = sum(file.stat().st_size for file in home.glob("chartroom.db*"))
    free = shutil.disk_usage(home).free
    if free < _ROOM * size:
        raise _refused(home, size)


def _copy(home: Path, engine: Engine, key: bytes, before: str) -> Path:
    folder = home / FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    fsync_folder(home)
    for left in folder.glob(".*"):  # of a process that was killed; nobody else is here (storage/foundation/home.py)
        left.unlink()
    copy = folder / f"chartroom-{before}-{name_time(utc_now())}.db"
    temporary = folder / f".{copy.name}.{secrets.token_hex(4)}"
    try:
        database.copy_database(engine, temporary, key)
        how = _HOW.format(copy=copy.name, before=before, after=database.SCHEMA, home=home, folder=FOLDER)
        copy.with_suffix(".txt").write_text(how, encoding="utf-8")
        temporary.chmod(0o600)
        temporary.replace(copy)
    except OSError as error:
        copy.with_suffix(".txt").unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _refused(home, (home / "chartroom.db").stat().st_size) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)
    fsync_folder(folder)
    for old in sorted(folder.glob("chartroom-*.db"), key=lambda file: file.stat().st_mtime)[:-_KEPT]:
        old.unlink()
        old.with_suffix(".txt").unlink(missing_ok=True)
    return copy


def _refused(home: Path, size: int) -> BackupRefused:
    needed = max(1, _ROOM * size // 1_000_000)
    return BackupRefused(
        f"This version changes the database, and there is no room for a copy of it before: {needed:,} MB must be free in "
        f"{home}. Free space and start again. Nothing was changed; the version from before still opens it."
    )
