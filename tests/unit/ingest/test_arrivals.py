"""What waits in the hot folders is kept with its reason, for a screen that says how old that knowledge is."""

import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingest import arrivals
from ingest.arrivals import Arrivals
from ingest.intake import HotFolder, take_in
from ingest.settings import Settings
from review_app.model import scans
from storage.custody import arrivals as kept
from storage.foundation.clock import utc_now
from storage.foundation.errors import NotAllowed
from storage.foundation.home import Home
from storage.foundation.permissions import Actor, Role
from tests.given.paper import LINES, printed, saved
from tests.given.records import OLGA

SCAN = saved([printed(LINES)], "PDF")
CUT = SCAN[: len(SCAN) // 2]


class Desk:
    """A hot folder, and what the watch keeps of it."""

    def __init__(self, home: Home, path: Path, **settings: object) -> None:
        path.mkdir()
        self.home, self.folder = home, HotFolder(path)
        self.settings = Settings(hot_folders=str(path), settle_seconds=0, minimum_free_megabytes=0, **settings)  # type: ignore[arg-type]
        self.arrivals = Arrivals(self.settings)

    def look(self, older: float = 0) -> dict[str, str]:
        """Name and reason of all that waits after a round in which every file is so many seconds older."""
        self.round()
        for name, look in self.folder.looks.items():
            self.folder.looks[name] = replace(
                look, since=look.since - older, first_seen=look.first_seen - older, next_look=0.0
            )
        self.round()
        self.arrivals.write(self.home)
        return {name: why for name, _, _, why in scans.arriving(self.home, OLGA).rows}

    def round(self) -> None:
        self.arrivals.see(self.folder, take_in(self.home, self.folder, self.settings, waits_for_end=True))


def test_a_file_that_has_just_come_is_no_news_and_one_without_its_end_is(home: Home, tmp_path: Path) -> None:
    desk = Desk(home, tmp_path / "hot")
    (desk.folder.path / "scan.pdf").write_bytes(CUT)
    assert desk.look() == {}
    found = desk.look(older=120)
    assert list(found) == ["scan.pdf"]
    assert found["scan.pdf"].startswith("Its end is missing: it is still being copied, or the copy broke off.")
    ((_, folder, since, _),) = scans.arriving(home, OLGA).rows
    assert folder == str(tmp_path / "hot")
    assert timedelta(seconds=115) < utc_now() - since < timedelta(seconds=300)
    (desk.folder.path / "scan.pdf").unlink()
    assert desk.look() == {}


def test_a_file_that_is_held_open_or_may_not_be_read_says_so(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(home, tmp_path / "hot")
    (desk.folder.path / "open.pdf").write_bytes(CUT)
    (desk.folder.path / "locked.pdf").write_bytes(CUT)
    monkeypatch.setattr(
        "ingest.completeness.writer_lease", lambda path: "written" if path.endswith(b"open.pdf") else "free"
    )

    def shows_its_end(path: bytes) -> bool:
        raise PermissionError(13, "no right to read it")

    monkeypatch.setattr("ingest.completeness.shows_its_end", shows_its_end)
    assert desk.look(older=60) == {
        "open.pdf": "A program still has it open for writing; it is taken in once it is closed",
        "locked.pdf": "Chartroom may not read it: give it the right to, or copy the file again",
    }


def test_a_file_that_still_changes_says_so(home: Home, tmp_path: Path) -> None:
    desk = Desk(home, tmp_path / "hot", incomplete_wait_seconds=600)
    desk.settings = desk.settings.model_copy(update={"settle_seconds": 30.0})
    desk.arrivals = Arrivals(desk.settings)
    (desk.folder.path / "grows.pdf").write_bytes(CUT)
    desk.round()
    look = desk.folder.looks[b"grows.pdf"]
    desk.folder.looks[b"grows.pdf"] = replace(look, first_seen=look.first_seen - 600)
    (desk.folder.path / "grows.pdf").write_bytes(CUT + b"more")
    desk.round()
    desk.arrivals.write(home)
    ((_, _, _, why),) = scans.arriving(home, OLGA).rows
    assert why == "It still changes; it is taken in once it did not for 30 s"


def test_a_file_that_is_too_large_or_finds_no_room_says_so(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(home, tmp_path / "hot", file_megabytes=1)
    (desk.folder.path / "large.tif").write_bytes(b"II*\0" + bytes(1_100_000))
    assert desk.look() == {
        "large.tif": "It is larger than 1 MB, the limit of this site. Split it, or ask your administrator to raise the limit"
    }
    (desk.folder.path / "large.tif").unlink()
    (desk.folder.path / "scan.pdf").write_bytes(SCAN)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10))
    assert desk.look() == {"scan.pdf": "It does not fit on the disk: free space. Smaller files are taken in"}


def test_a_name_is_made_printable(home: Home, tmp_path: Path) -> None:
    desk = Desk(home, tmp_path / "hot")
    Path(
        os.fsdecode(os.fsencode(desk.folder.path) + "/a\u202efdp.\x1b[2J\udcff.pdf".encode("utf-8", "surrogateescape"))
    ).write_bytes(CUT)
    (name,) = desk.look(older=120)
    assert name == "a\\u202efdp.\\x1b[2J\\xff.pdf"


def test_of_many_files_those_that_wait_longest_are_kept_and_the_others_counted(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "MOST", 2)
    desk = Desk(home, tmp_path / "hot")
    for number in range(5):
        (desk.folder.path / f"{number}.pdf").write_bytes(CUT)
    assert list(desk.look(older=120)) == ["0.pdf", "1.pdf"]
    assert "3 more files wait." in scans.arriving(home, OLGA).sentence


def test_a_list_that_stays_the_same_is_written_with_the_beat_only(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(home, tmp_path / "hot")
    (desk.folder.path / "scan.pdf").write_bytes(CUT)
    desk.look(older=120)
    before = _only_folder(home)
    monkeypatch.setattr(arrivals, "_WRITE_SECONDS", 0.0)
    desk.round()
    assert not desk.arrivals.is_news()
    desk.arrivals.write(home)  # with the beat
    after = _only_folder(home)
    assert (after.files, after.seen_at > before.seen_at) == (before.files, True)
    (desk.folder.path / "scan.pdf").unlink()
    desk.round()
    assert desk.arrivals.is_news()
    monkeypatch.setattr(arrivals, "_WRITE_SECONDS", 60.0)
    assert not desk.arrivals.is_news()  # it was written a moment ago


def _only_folder(home: Home) -> kept.WaitingFolder:
    with home.reading() as session:
        found = kept.waiting(session, OLGA)
    assert found is not None
    return found[0]


def test_before_a_watch_has_looked_the_screen_says_so(home: Home) -> None:
    found = scans.arriving(home, OLGA)
    assert (found.rows, found.sentence) == (
        (), "No watch has looked into the hot folders yet: start 'chartroom watch'."
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        scans.arriving(home, Actor("ada", Role.ADMIN))


@pytest.mark.parametrize(
    ("age", "ago", "is_stale"),
    [(timedelta(seconds=12), "12 s ago", False), (timedelta(minutes=7), "7 min ago", True), (timedelta(days=3), "3 d ago", True)],
)  # fmt: skip
def test_the_screen_says_how_old_its_knowledge_is(
    home: Home, monkeypatch: pytest.MonkeyPatch, age: timedelta, ago: str, is_stale: bool
) -> None:
    seen = utc_now()
    with home.writing() as session:
        kept.keep(session, [kept.WaitingFolder("/hot", seen, ())])
    monkeypatch.setattr(scans, "utc_now", lambda: seen + age)
    said = scans.arriving(home, OLGA).sentence
    assert said.startswith(f"The watch looked {ago}, at ")
    assert ("It may have stopped" in said) is is_stale
