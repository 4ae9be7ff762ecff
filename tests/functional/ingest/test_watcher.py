"""The watch: takes in what events missed, survives a full disk and a folder that is away, ends on a disk error."""

import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from ingest import intake, watcher
from ingest.hotfolder import HotFolder
from ingest.settings import Settings
from storage.custody import arrivals, batches, receiving
from storage.foundation.home import Home
from tests.given.paper import LINES, printed, saved
from tests.given.records import OLGA

SCAN = saved([printed(LINES)], "PDF")


def _settings(hot: Path) -> Settings:
    return Settings(hot_folders=str(hot), settle_seconds=0, minimum_free_megabytes=0)


def _watch_until(
    home: Home, settings: Settings, condition: Callable[[], bool], work: Callable[[], bool] = lambda: False
) -> None:
    """Run the watch in this thread until the condition holds (asked between rounds) or two minutes pass."""
    stop = threading.Event()
    guard = threading.Timer(120, stop.set)
    guard.start()

    def round_done() -> bool:
        busy = work()
        if condition():
            stop.set()
        return busy or not stop.is_set()

    try:
        watcher.watch(home, settings, round_done, stop)
        assert condition()
    finally:
        guard.cancel()


def _taken(home: Home) -> int:
    with home.reading() as session:
        return len(batches.list_sources(session))


def test_files_are_taken_in_even_when_no_event_says_so(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import contextlib

    monkeypatch.setattr(watcher, "_woken_by_events", lambda *_: contextlib.nullcontext())
    hot = tmp_path / "hot"
    hot.mkdir()
    for number in range(5):
        (hot / f"{number}.pdf").write_bytes(SCAN + b"\n" * number)
    _watch_until(home, _settings(hot), lambda: _taken(home) == 5)
    assert _taken(home) == 5


def test_a_full_disk_is_told_and_tried_again(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hot = tmp_path / "hot"
    hot.mkdir()
    (hot / "scan.pdf").write_bytes(SCAN)
    left = [2]
    real = intake._keep

    def full_at_first(*arguments: object) -> int:
        if left[0]:
            left[0] -= 1
            raise OSError(errno.ENOSPC, "no space")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "_keep", full_at_first)
    _watch_until(home, _settings(hot), lambda: _taken(home) == 1)
    assert left == [0]


def test_a_disk_error_ends_the_watch(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a failed fsync the kernel may have dropped the data: never retry and smile (PostgreSQL, 2018)."""
    hot = tmp_path / "hot"
    hot.mkdir()
    (hot / "scan.pdf").write_bytes(SCAN)

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(intake, "_keep", broken)
    with pytest.raises(OSError, match="input/output"):
        watcher.watch(home, _settings(hot), lambda: False, threading.Event())
    assert len(list((hot / ".claim").iterdir())) == 1  # it waits there for the next start


def test_one_folder_that_is_away_does_not_stop_another(home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    hot = tmp_path / "hot"
    hot.mkdir()
    (hot / "scan.pdf").write_bytes(SCAN)
    settings = Settings(hot_folders=f"{tmp_path / 'file' / 'away'}:{hot}", settle_seconds=0, minimum_free_megabytes=0)
    _watch_until(home, settings, lambda: _taken(home) == 1)
    assert _taken(home) == 1


def test_a_database_that_another_process_holds_is_waited_for_and_told_once(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hot = tmp_path / "hot"
    hot.mkdir()
    (hot / "scan.pdf").write_bytes(SCAN)
    monkeypatch.setattr(watcher, "_FIRST_RETRY", 0.01)
    busy = OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))
    left = {"receive": 3, "work": 3, "beat": 2}
    real, beat = receiving.receive, watcher._beat

    def locked(what: str) -> None:
        if left[what]:
            left[what] -= 1
            raise busy

    monkeypatch.setattr(receiving, "receive", lambda *a: (locked("receive"), real(*a))[1])
    monkeypatch.setattr(watcher, "_beat", lambda home: (locked("beat"), beat(home)))
    monkeypatch.setattr(watcher, "BEAT_SECONDS", 0.0)
    with caplog.at_level("WARNING", "chartroom"):
        _watch_until(
            home, _settings(hot), lambda: _taken(home) == 1 and not any(left.values()), lambda: bool(locked("work"))
        )
    assert left == {"receive": 0, "work": 0, "beat": 0}
    assert caplog.text.count("busy") == 3  # the folder, the work, the beat: each told once


def test_a_single_run_waits_for_a_locked_database_too(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hot = tmp_path / "hot"
    hot.mkdir()
    (hot / "scan.pdf").write_bytes(SCAN)
    monkeypatch.setattr(watcher, "_FIRST_RETRY", 0.01)
    tries = iter([OperationalError("BEGIN", {}, Exception("database is locked"))] * 3)
    real = receiving.receive

    def locked(*arguments: object) -> int:
        if (error := next(tries, None)) is not None:
            raise error
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(receiving, "receive", locked)
    assert watcher.take_in_all(home, _settings(hot), lambda: False) == watcher.Left()
    assert _taken(home) == 1
    monkeypatch.setattr(watcher, "_PATIENCE_SECONDS", 0.0)
    tries = iter([OperationalError("BEGIN", {}, Exception("database is locked"))] * 3)
    (hot / "more.pdf").write_bytes(SCAN + b"\n")
    with pytest.raises(OperationalError):
        watcher.take_in_all(home, _settings(hot), lambda: False)


def test_a_folder_that_does_not_answer_holds_no_other(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung, hot = tmp_path / "hung", tmp_path / "hot"
    for path in (hung, hot):
        path.mkdir()
        (path / "scan.pdf").write_bytes(SCAN + path.name.encode())
    answers = threading.Event()
    real = intake.names

    def silent(folder: HotFolder) -> list[bytes]:
        if folder.path == hung:
            answers.wait(120)
        return real(folder)

    monkeypatch.setattr(intake, "names", silent)
    settings = Settings(hot_folders=f"{hung}:{hot}", settle_seconds=0, minimum_free_megabytes=0)

    def one_is_there() -> bool:
        if _taken(home) == 1:
            answers.set()
        return _taken(home) == 2

    _watch_until(home, settings, one_is_there)
    assert _taken(home) == 2


def test_our_own_looks_wake_nobody_and_what_others_do_does(tmp_path: Path) -> None:
    scan, named, new = tmp_path / "scan.pdf", tmp_path / "named.pdf", tmp_path / "new.pdf"
    scan.write_bytes(SCAN)
    folder, wake = HotFolder(tmp_path), threading.Event()

    def is_told(name: bytes) -> bool:
        end = time.monotonic() + 30
        while name not in folder.touched and time.monotonic() < end:
            wake.wait(0.1)
            wake.clear()
        return name in folder.touched

    with watcher._woken_by_events([folder], [wake]):
        for _ in range(3):
            assert intake.writer_lease(os.fsencode(scan)) == "free"
            assert intake.shows_its_end(os.fsencode(scan))
        (tmp_path / "Thumbs.db").write_bytes(b"x")
        new.write_bytes(SCAN)
        assert is_told(b"new.pdf")
        assert folder.touched == {b"new.pdf"}  # events keep their order: what was done before woke nobody
        scan.rename(named)
        assert is_told(b"named.pdf")
        new.unlink()
        folder.touched.clear()
        named.chmod(0o600)
        assert is_told(b"named.pdf")


def test_the_watch_keeps_what_waits_with_its_reason(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.arrivals.WAITING_SECONDS", 0.0)
    hot = tmp_path / "hot"
    hot.mkdir()
    (hot / "cut.pdf").write_bytes(b"%PDF-1.7 its end has not come yet")

    def kept() -> list[arrivals.WaitingFile]:
        with home.reading() as session:
            return [file for folder in arrivals.waiting(session, OLGA) or () for file in folder.files]

    _watch_until(home, _settings(hot), lambda: bool(kept()))
    (file,) = kept()
    assert file.name == "cut.pdf"
    assert file.why.startswith("Its end is missing")
