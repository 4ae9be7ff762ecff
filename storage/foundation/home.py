"""A data home: one installation's database, vault and hot folder, opened with its key.

Opening asks nothing. A kill at any moment leaves either no home or one that opens: the key file
exists before `home.json` names it, and the schema is made in one transaction.
"""

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from classify import doctypes
from classify.profile import load_profile
from storage.foundation import database, keys
from storage.foundation.errors import HomeNotReady, KeyMissing
from storage.foundation.tables.installation import Fact
from storage.foundation.vault import Vault, fsync_folder

_FOLDERS = ("vault", "vault/tmp", "hot", "logs")


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


def make_home(path: Path, key_file: Path | None = None) -> Home:
    """Make whatever a data home at `path` still lacks, and open it. Repeating it is harmless."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(path):
        for name in _FOLDERS:
            (path / name).mkdir(exist_ok=True, mode=0o700)
        fsync_folder(path / "vault")
        if not is_ready(path):
            home_id = secrets.token_hex(8)
            keys.make_key_file(key_file or keys.default_key_file(home_id))
            _write_once(path / "home.json", json.dumps({"home_id": home_id, "format": 1}))
        home = _open(path, key_file)
        database.migrate(home.engine)
        _key_patients(home)
        return home


def open_home(path: Path, key_file: Path | None = None) -> Home:
    """Open a data home; HomeNotReady, KeyMissing or KeyWrong with what to do.

    An older schema, and keys of the patient list that were made otherwise, are brought up to date first.
    """
    if not is_ready(path):
        raise HomeNotReady(f"There is no Chartroom data in {path}. Run 'chartroom init' first.")
    home = _open(path, key_file)
    if database.schema_of(home.engine) != database.SCHEMA or not _keys_are_current(home):
        home.close()
        return make_home(path, key_file)
    return home


def _keys_are_current(home: Home) -> bool:
    with home.reading() as session:
        kept = session.get(Fact, "key_version")
    return kept is not None and kept.value == database.KEYS


def _key_patients(home: Home) -> None:
    """A patient list whose keys were made by another version is keyed anew: minutes for a million persons."""
    if _keys_are_current(home):
        return
    from storage.roster import keying

    with home.writing() as session:
        keying.make_anew(session)


def _open(path: Path, key_file: Path | None) -> Home:
    home_id = json.loads((path / "home.json").read_text(encoding="utf-8"))["home_id"]
    where = key_file or keys.default_key_file(home_id)
    if where.resolve().is_relative_to(path.resolve()):
        raise KeyMissing(
            f"The key file {where} lies inside the data home, where a thief would find both. "
            "Move it elsewhere and set CHARTROOM_KEY_FILE."
        )
    derived = keys.Keys.derived_from(keys.load_master_key(where))
    engine = database.make_engine(path / "chartroom.db", derived.database)
    doctypes.use_site_types(load_profile(path / "profile.toml").types)
    return Home(path, home_id, where, derived, engine, Vault(path / "vault", derived.vault))


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
