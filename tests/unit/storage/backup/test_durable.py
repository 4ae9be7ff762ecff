"""A file is written whole, durable and as it was meant, or not at all."""

import hashlib
import os
from pathlib import Path

import pytest

from storage.backup import durable
from storage.backup.durable import Digest, Written, hash_file, write_bytes, write_whole
from storage.foundation.errors import BackupDamaged


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


def test_what_is_written_is_there_private_and_nothing_else_is(tmp_path: Path, scratch: Path) -> None:
    written = write_bytes(tmp_path / "a" / "b" / "file", scratch, b"content")
    assert written == Written(7, hashlib.sha256(b"content").hexdigest()) == hash_file(tmp_path / "a" / "b" / "file")
    assert (tmp_path / "a" / "b" / "file").stat().st_mode & 0o777 == 0o600
    assert list(scratch.iterdir()) == []


def test_what_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, scratch: Path) -> None:
    write_bytes(tmp_path / "file", scratch, b"old")

    def fails(digest: Digest) -> None:
        digest.write(b"half of the new")
        raise OSError

    with pytest.raises(OSError):
        write_whole(tmp_path / "file", scratch, fails)
    assert (tmp_path / "file").read_bytes() == b"old"
    assert list(scratch.iterdir()) == []


def test_a_disk_that_gives_back_something_else_is_told(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(handle: int) -> None:
        os.pwrite(handle, b"X", 2)

    monkeypatch.setattr(durable.os, "fsync", forgetful)
    with pytest.raises(BackupDamaged, match="gave back something else"):
        write_bytes(tmp_path / "file", scratch, b"content")
    assert not (tmp_path / "file").exists()


def test_a_file_has_its_bytes_and_its_name_fsynced_in_this_order(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(handle: int) -> None:
        happened.append(f"fsync {Path(f'/proc/self/fd/{handle}').readlink().parent.name}")
        fsync(handle)

    def noted_replace(path: Path, target: Path) -> Path:
        happened.append("rename")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    write_bytes(tmp_path / "file", scratch, b"content")
    assert happened == ["fsync tmp", "rename", f"fsync {tmp_path.parent.name}"]
