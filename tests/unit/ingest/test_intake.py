"""Intake: what is taken, when, and what is left of it at every step."""

import os
import time
from pathlib import Path

import pytest

from ingest import intake
from ingest.intake import HotFolder, take_in
from ingest.problems import CannotGoOn
from ingest.settings import Settings
from storage import batches, integrity
from storage.home import Home
from tests.paper import LINES, printed, saved

SCAN = saved([printed(LINES)], "PDF")


@pytest.fixture
def folder(tmp_path: Path) -> HotFolder:
    (tmp_path / "hot").mkdir()
    return HotFolder(tmp_path / "hot")


def _settings(**values: object) -> Settings:
    return Settings(**{"settle_seconds": 0, "minimum_free_megabytes": 0, **values})  # type: ignore[arg-type]


def _names(home: Home) -> list[tuple[str, str]]:
    with home.reading() as session:
        return [(row["name"], row["state"]) for row in batches.list_sources(session)]


def test_a_file_is_taken_in_and_its_original_lies_in_done(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    assert take_in(home, folder, _settings(), patient=False).taken == 1
    assert _names(home) == [("scan.pdf", "received")]
    assert [p for p in folder.path.iterdir() if not p.name.startswith(".")] == []
    (done,) = (folder.path / ".done").iterdir()
    assert done.suffix == ".pdf"
    assert done.read_bytes() == SCAN


def test_a_file_that_still_changes_waits(home: Home, folder: HotFolder) -> None:
    path = folder.path / "scan.pdf"
    settings = _settings(settle_seconds=30)
    for part in (SCAN[:100], SCAN):
        path.write_bytes(part)
        assert take_in(home, folder, settings, patient=True).taken == 0
    look = folder.looks[b"scan.pdf"]
    folder.looks[b"scan.pdf"] = intake.Look(
        look.size, look.modified, look.inode, time.monotonic() - 31, look.first_seen
    )
    assert take_in(home, folder, settings, patient=True).taken == 1


def test_a_file_that_somebody_writes_waits_however_calm_it_looks(home: Home, folder: HotFolder) -> None:
    path = folder.path / "scan.pdf"
    settings = _settings(settle_seconds=0.01)
    with path.open("wb") as writer:
        writer.write(SCAN)
        writer.flush()
        take_in(home, folder, settings, patient=False)
        look = folder.looks[b"scan.pdf"]
        folder.looks[b"scan.pdf"] = intake.Look(look.size, look.modified, look.inode, 0.0, 0.0)
        assert take_in(home, folder, settings, patient=False).taken == 0
    assert take_in(home, folder, settings, patient=False).taken == 1


def test_a_file_without_its_end_waits_for_it_then_comes_in_flagged(home: Home, folder: HotFolder) -> None:
    (folder.path / "cut.pdf").write_bytes(SCAN[:-2000].replace(b"%%EOF", b""))
    assert take_in(home, folder, _settings(incomplete_wait_seconds=600), patient=True).taken == 0
    assert take_in(home, folder, _settings(incomplete_wait_seconds=0), patient=True).taken == 1
    with home.reading() as session:
        assert batches.list_sources(session)[0]["flags"] == ["arrived_incomplete"]


def test_the_same_name_twice_is_two_files(home: Home, folder: HotFolder) -> None:
    for content in (SCAN, SCAN + b"\n"):
        (folder.path / "scan.pdf").write_bytes(content)
        take_in(home, folder, _settings(), patient=False)
    assert [name for name, _ in _names(home)] == ["scan.pdf", "scan.pdf"]
    assert len(list((folder.path / ".done").iterdir())) == 2


@pytest.mark.parametrize(
    "name",
    [b"a" * 251 + b".pdf", "ü".encode() * 125 + b".pdf", b"new\nline.pdf", b"-rf", b"=1+1.pdf", b"\xff\xfe.pdf", b"$(touch x).pdf", b"x" * 50],
)  # fmt: skip
def test_every_name_comes_back_byte_for_byte(home: Home, folder: HotFolder, name: bytes) -> None:
    with open(folder.raw + b"/" + name, "wb") as file:  # noqa: PTH123 - names are bytes
        file.write(SCAN)
    assert take_in(home, folder, _settings(), patient=False).taken == 1
    assert _names(home)[0][0].encode("utf-8", "surrogateescape") == name
    assert len(list((folder.path / ".claim").iterdir())) == 0


def test_what_is_no_file_is_told_once_and_never_touched(home: Home, folder: HotFolder, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(SCAN)
    (folder.path / "link.pdf").symlink_to(secret)
    (folder.path / "folder.pdf").mkdir()
    os.mkfifo(folder.path / "pipe.pdf")
    for _ in range(2):
        assert take_in(home, folder, _settings(), patient=False).taken == 0
        folder.looks.clear()
    assert _names(home) == [("folder.pdf", "refused"), ("link.pdf", "refused"), ("pipe.pdf", "refused")]
    assert (folder.path / "link.pdf").is_symlink()


def test_a_claim_left_by_a_killed_process_is_finished_once(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    intake._prepare(folder)
    claimed = intake._claim(folder, b"scan.pdf")
    assert claimed is not None
    claimed.close()  # the process died here
    assert intake.take_in_claimed(home, folder, _settings()) == 1
    assert intake.take_in_claimed(home, folder, _settings()) == 0
    assert _names(home) == [("scan.pdf", "received")]


def test_a_kill_between_commit_and_done_doubles_nothing(
    home: Home, folder: HotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    with monkeypatch.context() as patch:
        patch.setattr(intake, "_move_to_done", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take_in(home, folder, _settings(), patient=False)
    assert take_in(home, folder, _settings(), patient=False).taken == 1
    assert _names(home) == [("scan.pdf", "received")]
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == ()


def test_a_claim_held_by_another_watcher_is_left_alone(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    intake._prepare(folder)
    claimed = intake._claim(folder, b"scan.pdf")
    assert claimed is not None
    assert intake.take_in_claimed(home, folder, _settings()) == 0
    claimed.close()


def test_nothing_is_claimed_that_could_not_be_kept(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    with pytest.raises(CannotGoOn, match="nearly full"):
        take_in(home, folder, _settings(minimum_free_megabytes=10**9), patient=False)
    assert (folder.path / "scan.pdf").read_bytes() == SCAN


def test_a_folder_that_is_away_is_told(home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotGoOn, match="hot folder"):
        take_in(home, HotFolder(tmp_path / "file" / "hot"), _settings(), patient=False)


def test_done_is_emptied_after_its_days(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    take_in(home, folder, _settings(), patient=False)
    assert intake.sweep_done(folder, 30) == 0
    assert intake.sweep_done(folder, 0) == 1
