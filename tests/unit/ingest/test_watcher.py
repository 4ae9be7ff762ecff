"""The watch: takes in what events missed, survives a full disk and a folder that is away, ends on a disk error."""

import errno
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import intake, watcher
from ingest.settings import Settings
from storage import batches
from storage.home import Home
from tests.paper import LINES, printed, saved

SCAN = saved([printed(LINES)], "PDF")


def _settings(hot: Path) -> Settings:
    return Settings(hot_folders=str(hot), settle_seconds=0, minimum_free_megabytes=0)  # type: ignore[call-arg]


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

    def full_at_first(*arguments: object) -> None:
        if left[0]:
            left[0] -= 1
            raise OSError(errno.ENOSPC, "no space")
        real(*arguments)  # type: ignore[arg-type]

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
    settings = Settings(hot_folders=f"{tmp_path / 'file' / 'away'}:{hot}", settle_seconds=0, minimum_free_megabytes=0)  # type: ignore[call-arg]
    _watch_until(home, settings, lambda: _taken(home) == 1)
    assert _taken(home) == 1
