"""The database as it is at one moment, copied while everybody works, and what it names."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection
from sqlmodel import SQLModel, func, select

from storage.backup.contents import Table, read_contents
from storage.backup.durable import hash_file
from storage.backup.locks import held
from storage.foundation import database
from storage.foundation.errors import BackupRefused
from storage.foundation.home import Home
from storage.foundation.tables.audit import AuditEvent
from storage.foundation.tables.custody import Page
from storage.foundation.tables.documents import Document


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored file that the snapshot names, and its bytes in the vault."""

    id: str
    size: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A copy of the database at rest: under the key of the home, hashed, counted."""

    file: Path
    sha256: str
    schema: str
    stored: tuple[Stored, ...]
    tables: tuple[Table, ...]
    head: str  # MAC of the last line of the audit log
    documents: int
    pages: int
    lines: int


@contextlib.contextmanager
def taken(home: Home) -> Iterator[Snapshot]:
    """A snapshot, gone at the end. BackupRefused for a damaged database: a backup of it would look sound."""
    scratch = home.path / ".snapshot"
    scratch.mkdir(exist_ok=True, mode=0o700)
    with held(home.path / ".snapshot.lock", "Another backup of this data home is running. Wait until it has ended."):
        _sweep(scratch)  # what a killed backup left: a whole database
        try:
            file = scratch / "chartroom.db"
            database.copy_database(home.engine, file, home.keys.database)
            _check_undamaged(home)
            yield _look_at(file, home.keys.database)
        finally:
            _sweep(scratch)


def _sweep(scratch: Path) -> None:
    for left in scratch.iterdir():
        left.unlink()


def _check_undamaged(home: Home) -> None:
    with home.engine.connect().execution_options(chartroom_read_only=True) as connection:
        damaged = database.damaged_pages(connection)
    if damaged:
        home.engine.dispose()  # a connection that met such a page writes no more
        raise BackupRefused(
            f"The database is damaged ({len(damaged)} pages): a backup of it would hold nothing in their place and look "
            "sound. Run 'chartroom verify', then restore the last backup into another folder."
        )


def _look_at(file: Path, key: bytes) -> Snapshot:
    engine = database.make_engine(file, key)
    try:
        with engine.connect().execution_options(chartroom_read_only=True) as connection:
            if [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check")] != ["ok"]:
                raise BackupRefused("The database is damaged. Run 'chartroom verify'.")
            rows = connection.exec_driver_sql("SELECT id, size FROM blob ORDER BY id")
            stored = tuple(Stored(str(row[0]), int(row[1])) for row in rows)
            head = connection.exec_driver_sql("SELECT mac FROM audit_event ORDER BY seq DESC LIMIT 1").scalar()
            counts = [_count(connection, table) for table in (Document, Page, AuditEvent)]
        schema, tables = database.schema_of(engine) or "", read_contents(engine)
    finally:
        engine.dispose()
    return Snapshot(file, hash_file(file).sha256, schema, stored, tables, str(head or ""), *counts)


def _count(connection: Connection, table: type[SQLModel]) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
