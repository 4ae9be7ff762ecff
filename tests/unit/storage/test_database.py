"""The engine: encrypted, durable, no lost updates; models and migrations agree."""

import multiprocessing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy.exc import DBAPIError

from storage import database
from storage.home import Home, open_home
from storage.tables import Fact


def _count_up(path: Path, key_file: Path, times: int) -> None:
    home = open_home(path, key_file)
    for _ in range(times):
        with home.writing() as session:
            fact = session.get_one(Fact, "count")
            fact.value = str(int(fact.value) + 1)
            session.add(fact)
    home.close()


def test_four_processes_lose_no_update(home: Home) -> None:
    """SQLModel's default transactions lost 271 of 400 (FINDINGS)."""
    with home.writing() as session:
        session.add(Fact(name="count", value="0"))
    context = multiprocessing.get_context("spawn")
    people = [context.Process(target=_count_up, args=(home.path, home.key_file, 50)) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    with home.reading() as session:
        assert session.get_one(Fact, "count").value == "200"


def test_the_database_is_as_durable_as_it_must_be(home: Home) -> None:
    with home.reading() as session:
        connection = session.connection()
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "mmap_size")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "mmap_size": 0,
    }


def test_nothing_can_be_read_in_the_database_file(home: Home) -> None:
    with home.writing() as session:
        session.add(Fact(name="canary", value="ZZPHI-CANARY"))
    for file in home.path.glob("chartroom.db*"):
        data = file.read_bytes()
        assert b"ZZPHI-CANARY" not in data
        assert b"SQLite format" not in data


def test_models_and_migrations_agree(home: Home) -> None:
    with home.engine.begin() as connection:
        assert command.check(database.alembic_config(connection)) is None  # raises when they differ


def test_the_newest_migration_is_the_one_we_expect() -> None:
    versions = sorted((Path(database.__file__).parent / "migrations" / "versions").glob("[0-9]*.py"))
    assert versions[-1].name.startswith(database.SCHEMA)


def test_an_error_rolls_everything_back(home: Home) -> None:
    with pytest.raises(RuntimeError), home.writing() as session:
        session.add(Fact(name="half", value="1"))
        session.flush()
        raise RuntimeError
    with home.reading() as session:
        assert session.get(Fact, "half") is None


def test_the_log_and_the_custody_rows_cannot_be_changed_by_sql(home: Home) -> None:
    from storage import audit
    from storage.permissions import MACHINE

    with home.writing() as session:
        audit.record(session, MACHINE, "test", "nothing")
    for statement in (
        "UPDATE audit_event SET actor = 'x'",
        "DELETE FROM audit_event",
        "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event",
    ):
        with pytest.raises(DBAPIError, match="append-only"), home.engine.begin() as connection:
            connection.exec_driver_sql(statement)
