"""The commands of backups: what they print, their JSON, their exit codes and refusals."""

import json
import re
from pathlib import Path

import pytest

from storage.backup import age
from storage.foundation.home import Home
from tests.given.records import receive
from tests.given.shell import Shell


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for backups."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def keyed(shell: Shell, home: Home, tmp_path: Path) -> Path:
    """The file of the backup key of this home, in which one scan was received."""
    receive(home, b"scan")
    shell("backup", "key", "--out", tmp_path / "backup.key")
    return tmp_path / "backup.key"


def test_the_key_is_printed_as_a_sheet_and_written_where_it_is_wanted(shell: Shell, home: Home, tmp_path: Path) -> None:
    printed = shell("backup", "key", "--out", tmp_path / "backup.key").out
    assert f"Chartroom backup key      data home {home.id}" in printed
    assert len(re.findall(r"^    [1-8]  \S{4} \S{3} \S$", printed, re.MULTILINE)) == 8
    (identity,) = re.findall(r"AGE-SECRET-KEY-\S+", printed)
    kept = (tmp_path / "backup.key").read_text()
    assert identity in kept
    assert f"# public key: {age.recipient_of(age.read_identity(identity))}\n" in kept
    assert (tmp_path / "backup.key").stat().st_mode & 0o777 == 0o600


def test_a_key_file_in_the_home_or_over_another_file_is_refused(shell: Shell, home: Home, tmp_path: Path) -> None:
    assert "inside the data home" in shell.refusal("backup", "key", "--out", home.path / "backup.key")
    (tmp_path / "there").write_text("already")
    assert "is there already" in shell.refusal("backup", "key", "--out", tmp_path / "there")
    assert "no backup key yet" in shell("backup", tmp_path, expect=1).err
    shell("backup", "key")
    assert "--replace" in shell.refusal("backup", "key", "--out", tmp_path / "second")
    assert not (tmp_path / "second").exists()


def test_a_backup_is_made_listed_checked_and_tried_out(shell: Shell, keyed: Path, folder: Path) -> None:
    (made,) = shell.rows("backup", folder)
    assert (made["files"], made["copied"], made["missing"]) == (1, 1, [])
    (row,) = shell.rows("backup", "list", folder)
    assert (row["backup"], row["files"], row["state"]) == (made["backup"], 1, "finished")
    again = shell("backup", "make", folder).out
    assert "1 stored files (0 MB), 0 copied (0 MB)." in again
    assert shell("backup", "check", folder).out == "2 backups, 11 files read, 0 damaged.\n"
    assert shell.rows("backup", "check", folder, "--key", keyed)[-1]["damaged"] == 0
    (drilled,) = shell.rows("backup", "drill", folder, "--key", keyed)
    assert (drilled["problems"], drilled["with_paper_key"], drilled["files"]) == ([], True, 1)
    assert "Try the backup key itself once a year" in shell("backup", "drill", folder).out


def test_damage_is_named_and_mended(shell: Shell, keyed: Path, folder: Path) -> None:
    shell("backup", folder)
    (stored,) = (file for file in (folder / "files").rglob("*") if file.is_file())
    stored.unlink()
    printed = shell("backup", "check", folder, expect=1).out
    assert printed.startswith(f"DAMAGED  {stored.relative_to(folder)} is missing\n")
    assert f"chartroom backup mend {folder}" in printed
    rows = shell.rows("backup", "check", folder, expect=1)
    assert [row.get("why") for row in rows] == ["is missing", None]
    assert shell.rows("backup", "mend", folder)[0]["copied"] == 1
    assert shell("backup", "check", folder).out.startswith("2 backups")


def test_a_backup_that_lacks_a_file_of_the_vault_ends_with_one(
    shell: Shell, home: Home, keyed: Path, folder: Path
) -> None:
    (blob,) = home.vault.ids_on_disk()
    home.vault.path(blob).unlink()
    printed = shell("backup", folder, expect=1).out
    assert f"PROBLEM  stored file {blob} is damaged or missing in the data home" in printed
    assert shell.rows("backup", "list", folder)[0]["missing"] == [blob]
    assert "1 files missing" in shell("backup", "list", folder).out


def test_a_home_is_restored_where_the_settings_say(
    shell: Shell, home: Home, keyed: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell("backup", folder)
    assert "is not empty" in shell("restore", folder, "--key", keyed, expect=1).err
    monkeypatch.setenv("CHARTROOM_HOME", str(tmp_path / "again"))
    monkeypatch.setenv("CHARTROOM_KEY_FILE", str(tmp_path / "again.key"))
    assert shell.rows("backup", "check", folder, "--key", keyed)[-1]["damaged"] == 0  # without a home, too
    (row,) = shell.rows("restore", folder, "--key", keyed)
    assert (row["home"], row["problems"], row["files"]) == (str(tmp_path / "again"), [], 1)
    assert (tmp_path / "again.key").read_text() == home.key_file.read_text()
    assert "0 problems" in shell("verify").out


def test_the_sheet_is_typed_in(
    shell: Shell, home: Home, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = shell("backup", "key").out
    lines = "".join(line + "\n" for line in sheet.splitlines() if re.match(r"    [1-8]  ", line))
    shell("backup", folder)
    monkeypatch.setenv("CHARTROOM_HOME", str(tmp_path / "again"))
    monkeypatch.setenv("CHARTROOM_KEY_FILE", str(tmp_path / "again.key"))
    assert "Line 1" in shell.refusal("restore", folder, stdin="nothing of it\n")
    assert "0 problems." in shell("restore", folder, stdin=lines).out


def test_a_folder_without_backups_is_told(shell: Shell, home: Home, folder: Path) -> None:
    assert shell("backup", "list", folder).out == f"There is no backup in {folder}.\n"
    assert shell.rows("backup", "list", folder) == []
    assert "no backup in" in shell.refusal("backup", "check", folder)
    assert "is not there" in shell.refusal("backup", "list", folder / "away")
    (folder / "backups" / "20260101T000000Z-aaaaaa").mkdir(parents=True)
    assert "not finished: no backup" in shell("backup", "list", folder).out


def test_every_command_of_backups_shows_examples(shell: Shell) -> None:
    for words in (
        ("backup",),
        *(("backup", name) for name in ("make", "mend", "list", "check", "drill", "key")),
        ("restore",),
    ):
        assert "Examples:" in shell(*words, "--help").out


def test_json_is_one_line_each(shell: Shell, keyed: Path, folder: Path) -> None:
    lines = shell("backup", "--json", folder).out.splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["documents"] == 0
