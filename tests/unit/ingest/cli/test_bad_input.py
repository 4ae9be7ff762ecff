"""Nonsense at the shell ends in one sentence and an exit code, never in a traceback."""

from pathlib import Path

import pytest

from storage.foundation.home import Home
from tests.given.shell import Shell

HUGE = "9" * 20


@pytest.mark.parametrize(
    "arguments",
    [
        ("retry", HUGE), ("void", HUGE, "--reason", "x"), ("open", HUGE), ("misfile", "confirm", HUGE),
        ("misfile", "withdraw", HUGE), ("roster", "confirm", HUGE), ("open", "0"), ("open", "--", "-3"),
        ("roster", "listen", "--port", "99999"), ("review", "--port", "0"), ("roster", "find", "a", "--limit", "-1"),
        ("demo", "--patients", "-1", "--no-review"), ("report", "accuracy", "--since", "yesterday"), ("train", "--use", "-1"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_number_or_day_that_cannot_be_is_wrong_usage(shell: Shell, home: Home, arguments: tuple[str, ...]) -> None:
    assert "Error: Invalid value" in shell(*arguments, expect=2).err


NOT_TEXT = "Zürich".encode("latin-1") * 3


@pytest.mark.parametrize("command", [("match",), ("classify",), ("train", "--examples")], ids=" ".join)
def test_a_file_that_is_not_utf_8_is_named(shell: Shell, home: Home, tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(NOT_TEXT)
    assert "list.csv is not UTF-8 text" in shell.refusal(*command, file)


def test_a_recovery_sheet_that_is_not_text_is_told(shell: Shell, home: Home, tmp_path: Path) -> None:
    file = tmp_path / "sheet.txt"
    file.write_bytes(b"\xff\xfe\x00" + NOT_TEXT)
    assert shell.refusal("key", "confirm", file)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"mrn": "1", "fields": [1]}\n', "'fields' of a record is an object"),
        ("mrn,name\n1," + "x" * 140_000 + "\n", "is not a table"),
    ],
    ids=["a list of fields", "a cell without end"],
)
def test_records_of_an_odd_make_are_refused(shell: Shell, home: Home, tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "records"
    file.write_text(content)
    assert says in shell.refusal("match", file)


def test_a_record_without_fields_is_its_own_values(shell: Shell, home: Home, tmp_path: Path) -> None:
    file = tmp_path / "records"
    file.write_text('{"id": "a", "mrn": "1", "fields": null}\n')
    assert [row["id"] for row in shell.rows("match", file)] == ["a"]


def test_sheets_are_not_written_over_a_folder(shell: Shell, tmp_path: Path) -> None:
    assert "is a folder" in shell.refusal("separators", "1", "--kind", "end", "--out", tmp_path)


def test_an_address_of_nobody_is_named(shell: Shell, home: Home) -> None:
    assert "Nothing can listen on nohost.invalid" in shell("roster", "listen", "--host", "nohost.invalid", expect=1).err
