"""A new folder is there after a power cut, and so is every one above it that was made with it."""

import os
from pathlib import Path

import pytest

from storage.foundation import keys
from storage.foundation.folders import make_folder


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every folder whose names were made durable, in order."""
    found: list[Path] = []
    fsync = os.fsync

    def noted(handle: int) -> None:
        found.append(Path(f"/proc/self/fd/{handle}").readlink())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    return found


def test_each_new_folder_is_fsynced_into_the_one_above_it(tmp_path: Path, synced: list[Path]) -> None:
    make_folder(tmp_path / "a" / "b")
    assert synced == [tmp_path, tmp_path / "a"]
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    make_folder(tmp_path / "a" / "b")
    assert len(synced) == 2


def test_a_key_file_in_a_new_folder_outlives_a_power_cut(tmp_path: Path, synced: list[Path]) -> None:
    """Its folder was not fsynced into the one above: after a power cut a new home was there and its key was not."""
    keys.make_key_file(tmp_path / "new" / "home.key")
    assert synced[0] == tmp_path
    assert synced[-1] == tmp_path / "new"
