"""Before the schema of a home is changed its database is copied; without room for that nothing is changed."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from alembic import command

from storage.foundation import database, keys, upgrading
from storage.foundation.errors import BackupRefused
from storage.opening import make_home, open_home

OLDER = "0012"


@pytest.fixture
def old_home(tmp_path: Path) -> tuple[Path, Path]:
    """A data home as the version before left it, with a patient in it; and its key file."""
    home = make_home(tmp_path / "home", tmp_path / "keys" / "home.key")
    home.close()
    for file in home.path.glob("chartroom.db*"):
        file.unlink()
    engine = database.make_engine(home.path / "chartroom.db", home.keys.database)
    with engine.begin() as connection:
        command.upgrade(database.alembic_config(connection), OLDER)
        connection.exec_driver_sql("INSERT INTO fact (name, value) VALUES ('canary', 'sings')")
    engine.dispose()
    return home.path, home.key_file


def _schema(file: Path, key_file: Path) -> str | None:
    engine = database.make_engine(file, keys.Keys.derived_from(keys.load_master_key(key_file)).database)
    try:
        return database.schema_of(engine)
    finally:
        engine.dispose()


def test_the_database_is_copied_and_how_to_go_back_is_written_beside_it(old_home: tuple[Path, Path]) -> None:
    path, key_file = old_home
    told: list[str] = []
    open_home(path, key_file, told.append).close()
    (copy,) = (path / upgrading.FOLDER).glob("*.db")
    assert _schema(path / "chartroom.db", key_file) == database.SCHEMA
    assert _schema(copy, key_file) == OLDER
    assert told == [
        f"The database is upgraded (schema {OLDER} to {database.SCHEMA}). It was copied before: {copy}. "
        f"How to go back is written beside it, in {copy.with_suffix('.txt').name}."
    ]
    how = copy.with_suffix(".txt").read_text(encoding="utf-8")
    assert f"Copy before-upgrade/{copy.name} to chartroom.db" in how
    assert copy.stat().st_mode & 0o077 == 0


def test_the_way_back_leads_back(old_home: tuple[Path, Path]) -> None:
    path, key_file = old_home
    open_home(path, key_file).close()
    (copy,) = (path / upgrading.FOLDER).glob("*.db")
    for file in path.glob("chartroom.db*"):
        file.unlink()
    shutil.copy(copy, path / "chartroom.db")
    engine = database.make_engine(
        path / "chartroom.db", keys.Keys.derived_from(keys.load_master_key(key_file)).database
    )
    assert database.schema_of(engine) == OLDER
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT value FROM fact WHERE name = 'canary'").scalar() == "sings"
    engine.dispose()


def test_a_home_that_is_current_is_not_copied(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", tmp_path / "keys" / "home.key")
    home.close()
    open_home(home.path, home.key_file).close()
    assert not (home.path / upgrading.FOLDER).exists()


_Usage = namedtuple("_Usage", "total used free")


def test_without_room_for_the_copy_nothing_is_changed(
    old_home: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key_file = old_home
    monkeypatch.setattr(upgrading.shutil, "disk_usage", lambda folder: _Usage(1, 1, 1000))
    with pytest.raises(
        BackupRefused, match=r"no room for a copy of it before: \d+ MB must be free.*Nothing was changed"
    ):
        open_home(path, key_file)
    assert _schema(path / "chartroom.db", key_file) == OLDER
    assert not (path / upgrading.FOLDER).exists()


def test_a_disk_that_fills_up_meanwhile_refuses_too(
    old_home: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key_file = old_home

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database, "copy_database", full)
    with pytest.raises(BackupRefused, match="no room for a copy"):
        open_home(path, key_file)
    assert _schema(path / "chartroom.db", key_file) == OLDER
    assert [file.suffix for file in (path / upgrading.FOLDER).iterdir()] == []


def test_a_damaged_database_is_not_upgraded(old_home: tuple[Path, Path]) -> None:
    path, key_file = old_home
    with (path / "chartroom.db").open("r+b") as file:
        file.seek(-2000, 2)
        file.write(b"X")
    with pytest.raises(BackupRefused, match="damaged, so it is not upgraded"):
        open_home(path, key_file)


def test_the_copies_of_the_last_two_upgrades_stay(old_home: tuple[Path, Path]) -> None:
    path, key_file = old_home
    folder = path / upgrading.FOLDER
    folder.mkdir()
    for number in (1, 2, 3):
        for suffix in ("db", "txt"):
            (folder / f"chartroom-000{number}-2020.{suffix}").write_text("old")
    (folder / ".chartroom-0004.db.left").write_text("of a process that was killed")
    open_home(path, key_file).close()
    kept = sorted(file.name for file in folder.iterdir())
    assert len(kept) == 4
    assert [name.split("-")[1] for name in kept if name.endswith(".db")] == ["0003", OLDER]
