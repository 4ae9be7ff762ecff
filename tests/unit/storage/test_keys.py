"""The master key and its recovery sheet."""

import secrets
import stat
from pathlib import Path

import pytest

from storage.foundation import keys
from storage.foundation.errors import KeyMissing, KeyWrong
from storage.opening import make_home, open_home


def test_the_recovery_sheet_gives_the_key_back_however_it_is_typed() -> None:
    master = secrets.token_bytes(32)
    lines = keys.recovery_lines(master)
    assert len(lines) == 8
    assert keys.master_from_recovery(lines) == master
    assert keys.master_from_recovery([line[3:].lower().replace("0", "o").replace("1", "l") for line in lines]) == master


def test_a_mistyped_line_is_named() -> None:
    lines = keys.recovery_lines(secrets.token_bytes(32))
    wrong = "Y" if lines[4][5] != "Y" else "X"
    lines[4] = lines[4][:5] + wrong + lines[4][6:]
    with pytest.raises(KeyWrong, match="Line 5"):
        keys.master_from_recovery(lines)


def test_0_for_z_which_no_line_tells_is_told_by_all_of_them() -> None:
    lines = keys.recovery_lines(bytes(range(32)))
    number = next(i for i, line in enumerate(lines) if "Z" in line[3:7] or "0" in line[3:7])
    place = next(i for i in range(3, 7) if lines[number][i] in "0Z")
    other = {"0": "Z", "Z": "0"}[lines[number][place]]
    lines[number] = lines[number][:place] + other + lines[number][place + 1 :]
    with pytest.raises(KeyWrong, match="do not belong together"):
        keys.master_from_recovery(lines)


def test_two_swapped_lines_are_noticed() -> None:
    lines = keys.recovery_lines(secrets.token_bytes(32))
    lines[1], lines[2] = "2" + lines[2][1:], "3" + lines[1][1:]
    with pytest.raises(KeyWrong):
        keys.master_from_recovery(lines)


def test_the_key_file_is_for_this_account_only_and_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "a.key"
    master = keys.make_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.make_key_file(path) == master


def test_a_home_opens_only_with_its_own_key(tmp_path: Path) -> None:
    make_home(tmp_path / "a", tmp_path / "a.key").close()
    make_home(tmp_path / "b", tmp_path / "b.key").close()
    with pytest.raises(KeyWrong, match="does not fit"):
        home = open_home(tmp_path / "a", tmp_path / "b.key")
        home.close()
    with pytest.raises(KeyMissing, match="recovery sheet"):
        open_home(tmp_path / "a", tmp_path / "gone.key")


def test_a_key_inside_the_data_home_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="inside the data home"):
        make_home(tmp_path / "a", tmp_path / "a" / "my.key")
