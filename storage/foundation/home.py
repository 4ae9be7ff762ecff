"""A data home: one installation's database, vault and hot folder, opened with its key.

Opening asks nothing. A kill at any moment leaves either no home or one that opens: the key file
exists before `home.json` names it, and the schema is made in one transaction.
"""

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

import storage.foundation.schema  # noqa: F401 - a row is only saved when the tables that it points to are loaded too
from storage.foundation import database, keys, upgrading
from storage.foundation.errors import HomeNotReady, KeyMissing
from storage.foundation.folders import fsync_folder, make_folder
from storage.foundation.vault import Vault

_FOLDERS = ("vault", "vault/tmp", "hot", "logs")

RESTORING = ".restore.json"
"""Lies in a data home that is being made again from a backup, until all of it is there (storage/backup/restoring.py)."""


@dataclass(frozen=True, slots=True)
class Home:
    """An open data home. Use `writing()` for one transaction that changes, `reading()` to look."""

    path: Path
    id: str
    key_file: Path
    keys: keys.Keys
    engine: Engine
    vault: Vault

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """One IMMEDIATE transaction: committed at the end, rolled back on any error."""
        with (
            Session(self.engine, info={"keys": self.keys}, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only looks and never waits for a writer."""
        engine = self.engine.execution_options(chartroom_read_only=True)
        with Session(engine, info={"keys": self.keys}, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        """Give back the database connections."""
        self.engine.dispose()


def is_ready(path: Path) -> bool:
    """Whether a data home was made here."""
    return (path / "home.json").exists()


def create(
    path: Path,
    key_file: Path | None,
    finish: Callable[[Home], None],
    tell: Callable[[str], None] = lambda sentence: None,
) -> Home:
    """Make whatever a data home at `path` still lacks, bring its schema up to date, `finish` it, and give it open.

    Before an older schema is changed the database is copied, and `tell` is told where and how to go back. Nobody else makes
    or finishes it meanwhile; repeating it is harmless.
    """
    _check_restored(path)
    make_folder(path)
    with _alone(path):
        for name in _FOLDERS:
            (path / name).mkdir(exist_ok=True, mode=0o700)
        fsync_folder(path / "vault")
        if not is_ready(path):
            home_id = secrets.token_hex(8)
            keys.make_key_file(key_file or keys.default_key_file(home_id))
            _write_once(path / "home.json", json.dumps({"home_id": home_id, "format": 1}))
        home = connect(path, key_file)
        _check_not_lost(home)
        upgrading.copy_before_upgrade(path, home.engine, home.keys.database, tell)
        database.migrate(home.engine)
        finish(home)
        return home


def connect(path: Path, key_file: Path | None) -> Home:
    """A data home as it is, its schema perhaps an older one; KeyMissing or KeyWrong with what to do."""
    _check_restored(path)
    home_id = json.loads((path / "home.json").read_text(encoding="utf-8"))["home_id"]
    where = key_file or keys.default_key_file(home_id)
    if where.resolve().is_relative_to(path.resolve()):
        raise KeyMissing(
            f"The key file {where} lies inside the data home, where a thief would find both. "
            "Move it elsewhere and set CHARTROOM_KEY_FILE."
        )
    derived = keys.Keys.derived_from(keys.load_master_key(where))
    engine = database.make_engine(path / "chartroom.db", derived.database)
    return Home(path, home_id, where, derived, engine, Vault(path / "vault", derived.vault))


def _check_restored(path: Path) -> None:
    """A data home of which only a part was restored is never worked with, nor finished as if it were a new one."""
    if (path / RESTORING).exists():
        raise HomeNotReady(f"Restoring {path} has not ended. Run 'chartroom restore' again: it goes on where it was.")


def _check_not_lost(home: Home) -> None:
    """A new database is never made beside the files of an old one: that would look like an archive with nothing in it."""
    if database.schema_of(home.engine) is None and any(home.vault.ids_on_disk()):
        home.close()
        raise HomeNotReady(
            f"The database of {home.path} is missing or empty, and its stored files are there. "
            "Restore the backup into another folder: 'chartroom restore --help'."
        )


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    handle = os.open(path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write_once(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    fsync_folder(path.parent)
