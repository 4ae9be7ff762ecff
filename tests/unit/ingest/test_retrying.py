"""How the watch and a single run try again: with longer and longer pauses, and each trouble told once."""

import errno
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from ingest import hotfolder, intake, watcher
from ingest.hotfolder import Sweep
from ingest.problems import CannotGoOn
from ingest.settings import Settings
from ingest.watcher import Left, _patiently, _RepeatedWarnings, take_in_all
from storage.foundation.home import Home

LOCKED = OperationalError("BEGIN", {}, Exception("database is locked"))
AWAY = OSError(errno.ESTALE, "away")
BROKEN = OSError(errno.EIO, "input/output error")
FULL = OSError(errno.ENOSPC, "full")


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, []  # type: float, list[float]

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(watcher, "time", made)
    return made


class Step:
    """A step that ends in these ways, one after another, the last one for ever."""

    def __init__(self, *ends: object) -> None:
        self.ends, self.calls = list(ends), 0

    def __call__(self, *_: object, **__: object) -> Any:
        self.calls += 1
        end = self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]
        if isinstance(end, Exception):
            raise end
        return end


@pytest.mark.parametrize("error", [LOCKED, AWAY])
def test_a_single_run_tries_again_what_passes_each_time_later(clock: Clock, error: Exception) -> None:
    step = Step(error, error, error, "done")
    assert _patiently(step) == "done"
    assert clock.slept == [0.5, 1.0, 2.0]


def test_its_patience_ends_after_two_minutes(clock: Clock) -> None:
    with pytest.raises(OperationalError):
        _patiently(Step(LOCKED))
    assert sum(clock.slept) <= 120.0
    assert clock.slept[:7] == [0.5, 1, 2, 4, 8, 16, 32]


@pytest.mark.parametrize("error", [BROKEN, FULL, ValueError("a bug"), CannotGoOn("away")])
def test_what_does_not_pass_is_raised_at_once(clock: Clock, error: Exception) -> None:
    step = Step(error)
    with pytest.raises(type(error)):
        _patiently(step)
    assert (step.calls, clock.slept) == (1, [])


@pytest.mark.parametrize(
    ("scans", "left"),
    [
        ([Sweep(0, 0, 0)], Left()),
        ([Sweep(2, 0, 0), Sweep(0, 0, 0)], Left()),
        ([Sweep(0, 2, 2)], Left(0, 2, 0)),
        ([Sweep(0, 3, 1, 2)], Left(0, 1, 2)),
        ([Sweep(0, 1, 0), Sweep(1, 0, 0), Sweep(0, 0, 0)], Left()),
        ([Sweep(0, 3, 1, 1)], Left(1, 1, 1)),  # somebody writes for longer than a minute
    ],
)
def test_a_single_run_ends_when_nothing_is_left_to_do(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock, scans: list[Sweep], left: Left
) -> None:
    monkeypatch.setattr(intake, "take_in", Step(*scans))
    settings = Settings(hot_folders=str(tmp_path / "hot"), settle_seconds=0)
    assert take_in_all(home, settings, lambda: False) == left
    assert (clock.now > 1060.0) is bool(left.writing)


HERE = Path("/hot")


def test_a_trouble_is_told_once_and_its_end_too(caplog: pytest.LogCaptureFixture) -> None:
    told = _RepeatedWarnings()
    with caplog.at_level("INFO", "chartroom"):
        for end in (LOCKED, LOCKED, LOCKED, AWAY, AWAY, None, None, LOCKED):
            with told.suppress(HERE):
                if end is not None:
                    raise end
    assert [record.getMessage()[:30] for record in caplog.records] == [
        "The database is busy. Try agai",
        "A folder or file cannot be rea",
        "it goes on",
        "The database is busy. Try agai",
    ]


def test_the_pause_doubles_up_to_a_minute_and_begins_anew() -> None:
    told = _RepeatedWarnings()
    pauses: list[float] = []
    for _ in range(9):
        with told.suppress(HERE):
            raise CannotGoOn("The folder is away.")
        pauses.append(told.pause)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    with told.suppress(HERE):
        pass
    assert told.pause == 0.0


@pytest.mark.parametrize("error", [BROKEN, ValueError("a bug")])
def test_what_does_not_pass_ends_the_watch(error: Exception) -> None:
    with pytest.raises(type(error)), _RepeatedWarnings().suppress(HERE):
        raise error


@pytest.mark.parametrize(
    ("content", "ends"),
    [
        (b"%PDF-1.7\n...\n%%EOF\n", True),
        (b"%PDF-1.7\n...", False),
        (b"\xff\xd8\xff\xe0" + b"x" * 50 + b"\xff\xd9", True),
        (b"\xff\xd8\xff\xe0" + b"x" * 50, False),
        (b"hello", True),  # of no known kind: there is no end to wait for
        (b"\0" * 5_000, False),  # laid out by a network copy whose bytes have not come
        (b"", False),
    ],
)
def test_whether_a_file_shows_its_end(tmp_path: Path, content: bytes, ends: bool) -> None:
    (tmp_path / "a").write_bytes(content)
    assert intake.shows_its_end(bytes(tmp_path / "a")) is ends


def test_a_folder_that_cannot_be_made_is_told(home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotGoOn, match=r"^The hot folder .* cannot be written\. Check its rights\.$"):
        hotfolder.make_ready(home, tmp_path / "file" / "hot")
