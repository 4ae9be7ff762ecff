"""The engine: encrypted, durable, no lost updates; models and migrations agree."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy.exc import DBAPIError

from storage.foundation import database
from storage.foundation.errors import StorageError
from storage.foundation.home import Home
from storage.foundation.tables.installation import Fact
from storage.opening import open_home


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
    versions = sorted((Path(database.__file__).parents[1] / "migrations" / "versions").glob("[0-9]*.py"))
    assert versions[-1].name.startswith(database.SCHEMA)


def test_a_home_of_a_newer_version_is_refused_and_left_as_it_is(home: Home) -> None:
    with home.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match=r"newer Chartroom \(schema 9999, this one knows"):
        open_home(home.path, home.key_file)
    assert database.schema_of(home.engine) == "9999"


def test_a_library_that_can_damage_a_database_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The WAL-reset race (sqlite.org/wal.html#walresetbug)."""
    monkeypatch.setattr(database, "OLDEST_SAFE_SQLITE", (99, 0, 0))
    with pytest.raises(StorageError, match="can damage a database"):
        database.make_engine(tmp_path / "new.db", bytes(32))
    assert not (tmp_path / "new.db").exists()


def test_an_error_rolls_everything_back(home: Home) -> None:
    with pytest.raises(RuntimeError), home.writing() as session:
        session.add(Fact(name="half", value="1"))
        session.flush()
        raise RuntimeError
    with home.reading() as session:
        assert session.get(Fact, "half") is None


def test_the_log_and_the_custody_rows_cannot_be_changed_by_sql(home: Home) -> None:
    from storage.foundation import audit
    from storage.foundation.actions import AuditAction
    from storage.foundation.permissions import MACHINE

    with home.writing() as session:
        audit.record(session, MACHINE, AuditAction.SIGN_OUT, "nothing")
    for statement in (
        "UPDATE audit_event SET actor = 'x'",
        "DELETE FROM audit_event",
        "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event",
    ):
        with pytest.raises(DBAPIError, match="append-only"), home.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_a_filled_home_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    from alembic import command

    engine = database.make_engine(tmp_path / "old.db", bytes(32))
    with engine.begin() as connection:
        command.upgrade(database.alembic_config(connection), "0001")
        now = "2026-01-01T00:00:00.000000+00:00"
        for statement in (
            f"INSERT INTO person (mrn, family, given, middle, suffix, sex, address, postcode, phone, ssn4, member_id, aliases, loaded_at)"
            f" VALUES ('00123456', 'Rivera', 'Ana', '', '', 'F', '', '', '', '', '', '[\"Montoya\"]', '{now}')",
            f"INSERT INTO batch (state, flags, back_file, attempts, version, created_at, updated_at) VALUES ('read', '[]', 0, 0, 1, '{now}', '{now}')",
            f"INSERT INTO document (batch_id, state, type_code, type_confidence, decision, decision_reasons, person_id, flags, outcome, priority, version,"
            f" created_at, updated_at) VALUES (1, 'to_verify', 'LAB', 0.9, 'linked', '[]', 1, '[]', 'ok', 5, 1, '{now}', '{now}')",
            "INSERT INTO page (batch_id, number, disposition, outcome, document_id, position, turn, rotation, skew_degrees, dpi, words, mean_confidence)"
            " VALUES (1, 1, 'document', 'ok', 1, 0, 0, 0, 0, 300, 9, 0.9)",
            "INSERT INTO page_text (words, document_id, position) VALUES ('zebra crossing', 1, 1)",
        ):
            connection.exec_driver_sql(statement)
    database.migrate(engine)
    assert database.schema_of(engine) == database.SCHEMA
    with engine.connect() as connection:
        assert (
            connection.exec_driver_sql("SELECT names FROM person").scalar()
            == '[{"kind": "former", "family": "Montoya", "given": ""}]'
        )
        assert connection.exec_driver_sql("SELECT value, person_id FROM person_number").fetchall() == [("00123456", 1)]
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT rowid, document_id, position FROM page_text WHERE page_text MATCH 'zebra'"
        )
        assert [tuple(row) for row in found] == [((1 << 20) + 1, 1, 1)]
        kept = connection.exec_driver_sql(
            "SELECT type_code, person_id, type_guesses, type_is_sure FROM document"
        ).fetchall()
        assert [tuple(row) for row in kept] == [("LAB", 1, "[]", 0)]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
    engine.dispose()
