"""What the watch says of files that have to wait: once, after some seconds, for what, and what came of it."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import arrivals, intake
from ingest.hotfolder import HotFolder, Wait
from ingest.intake import take_in
from ingest.settings import Settings
from ingest.telling import WatchTeller
from storage.foundation.home import Home
from tests.given.paper import LINES, printed, saved

SCAN = saved([printed(LINES)], "PDF")
CUT = SCAN[: len(SCAN) // 2]


class Desk:
    """A hot folder, its watch, and what the watch said."""

    def __init__(self, home: Home, path: Path) -> None:
        path.mkdir()
        self.home, self.folder = home, HotFolder(path)
        self.settings = Settings(hot_folders=str(path), settle_seconds=0, minimum_free_megabytes=0)
        self.said: list[str] = []
        self.teller = WatchTeller(home, self.settings, self.said.append)

    def look(self) -> list[str]:
        """The lines of one round, without their time."""
        self.said.clear()
        self.teller.see(self.folder, take_in(self.home, self.folder, self.settings, waits_for_end=True))
        self.teller.tell()
        return [line[10:] for line in self.said]

    def age(self, seconds: float) -> None:
        """Let every file look as it did that much longer, and be looked at again."""
        for name, look in self.folder.looks.items():
            self.folder.looks[name] = replace(
                look, since=look.since - seconds, first_seen=look.first_seen - seconds, next_look=0.0
            )


@pytest.fixture
def desk(home: Home, tmp_path: Path) -> Desk:
    return Desk(home, tmp_path / "hot")


NO_END = (
    "scan.pdf: waits. Its end is missing: it is still being copied, or the copy broke off. "
    "It is taken in as it is 10 min after it came"
)


def test_a_file_without_its_end_is_told_once_after_some_seconds(desk: Desk) -> None:
    (desk.folder.path / "scan.pdf").write_bytes(CUT)
    assert desk.look() == []
    desk.age(arrivals.WAITING_SECONDS)
    assert desk.look() == [NO_END]
    desk.age(120)
    assert desk.look() == []
    (desk.folder.path / "scan.pdf").write_bytes(SCAN)
    assert desk.look() == []  # what becomes of it is told when it is read
    (desk.folder.path / "scan.pdf").write_bytes(CUT)  # another file of that name
    desk.look()
    desk.age(arrivals.WAITING_SECONDS)
    assert desk.look() == [NO_END]


def test_a_file_that_somebody_takes_away_again_is_told(desk: Desk) -> None:
    path = desk.folder.path / "scan.pdf"
    path.write_bytes(CUT)
    desk.look()
    desk.age(arrivals.WAITING_SECONDS)
    desk.look()
    path.unlink()
    assert desk.look() == ["scan.pdf: not in the folder any more, and not taken in"]
    assert desk.look() == []


@pytest.mark.parametrize(
    ("wait", "sentence"),
    [
        (Wait.OPEN, "A program still has it open for writing; it is taken in once it is closed"),
        (Wait.UNREADABLE, "Chartroom may not read it: give it the right to, or copy the file again"),
        (Wait.CHANGING, "It still changes; it is taken in once it did not for 0 s"),
    ],
)
def test_what_a_file_waits_for_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch, wait: Wait, sentence: str) -> None:
    def state(*arguments: object, **more: object) -> None:
        desk.folder.looks[b"scan.pdf"] = replace(desk.folder.looks[b"scan.pdf"], wait=wait)

    (desk.folder.path / "scan.pdf").write_bytes(CUT)
    desk.look()
    desk.age(arrivals.WAITING_SECONDS)
    monkeypatch.setattr(intake, "state_of", state)
    assert desk.look() == [f"scan.pdf: waits. {sentence}"]
    assert desk.look() == []


def test_a_file_that_somebody_writes_is_known_by_its_open_handle(desk: Desk) -> None:
    with (desk.folder.path / "scan.pdf").open("wb") as file:
        file.write(CUT)
        file.flush()
        desk.look()
        desk.age(arrivals.WAITING_SECONDS)
        assert "open for writing" in desk.look()[0]
    desk.age(30)
    assert desk.look() == []
    desk.age(60)  # it was closed, and does not change: the copy broke off
    assert desk.look() == [NO_END]


def test_many_files_that_wait_are_no_flood(desk: Desk) -> None:
    for number in range(50):
        (desk.folder.path / f"{number:02}.pdf").write_bytes(CUT)
    desk.look()
    desk.age(arrivals.WAITING_SECONDS)
    said = desk.look()
    assert len(said) == 21
    assert said[-1] == f"30 more files in {desk.folder.path}: waiting too"
    assert desk.look() == []


def test_a_file_that_is_too_large_to_be_taken_in_does_not_wait(desk: Desk) -> None:
    path = desk.folder.path / "scan.pdf"
    path.touch()
    os.truncate(path, 2_000_000_000)
    desk.look()
    desk.age(arrivals.WAITING_SECONDS)
    assert [line for line in desk.look() if "waits" in line] == []
