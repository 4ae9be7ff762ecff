"""A folder in a hot folder is one batch: when it is whole, what it becomes, and what a kill leaves of it."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from ingest import folders, hotfolder, intake
from ingest.claims import claim
from ingest.foldersettings import Completion, FolderWays
from ingest.hotfolder import HotFolder, Wait
from ingest.intake import take_in
from ingest.problems import CannotGoOn
from ingest.settings import Settings
from storage.custody import batches, integrity, receiving
from storage.custody.receiving import Origin
from storage.foundation.errors import SourceChanged
from storage.foundation.home import Home
from storage.foundation.tables.custody import Batch, NotAFile
from tests.given.paper import LINES, printed, saved

PAGE = printed(LINES)
SCAN = saved([PAGE], "PDF")
TIFF = saved([PAGE], "TIFF")


def _settings(**values: object) -> Settings:
    return Settings(**{"settle_seconds": 0, "minimum_free_megabytes": 0, **values})  # type: ignore[arg-type]


def _patient() -> Settings:
    return _settings(settle_seconds=0.001, page_gap_seconds=60)


def _drop(folder: HotFolder, name: str, files: dict[str, bytes]) -> Path:
    place = folder.path / name
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    return place


def _take(home: Home, folder: HotFolder, settings: Settings | None = None, *, waits: bool = False) -> int:
    return take_in(home, folder, settings or _settings(), waits_for_end=waits).taken


def _looks(home: Home, folder: HotFolder, settings: Settings, rounds: int = 3) -> Wait | None:
    """Why the only thing in the folder is not taken in after some rounds; None when it was."""
    taken, scan = 0, None
    for _ in range(rounds):
        for name, look in folder.looks.items():
            folder.looks[name] = replace(look, next_look=0.0, since=look.since - settings.settle_seconds)
        scan = take_in(home, folder, settings, waits_for_end=True)
        taken += scan.taken
    assert scan is not None
    return None if taken else next(iter(scan.waits.values())).wait


def _batches(home: Home) -> list[Batch]:
    with home.reading() as session:
        return list(session.exec(select(Batch).order_by(Batch.id)))  # type: ignore[arg-type]


def _files(home: Home, batch_id: int) -> list[str]:
    with home.reading() as session:
        return [source.name.decode() for _, source in batches.files_of(session, batch_id)]


def test_a_folder_is_one_batch_in_name_order_with_its_sub_folders(home: Home, folder: HotFolder) -> None:
    names = ["page 10.tif", "page 2.tif", "a/1.pdf", "page 1.tif"]
    _drop(folder, "box 7", {name: SCAN + name.encode() for name in names} | {"Thumbs.db": b"x", "@eaDir/y.jpg": b"y"})
    assert _take(home, folder) == 4
    (batch,) = _batches(home)
    assert (batch.name, batch.is_arriving, batch.state) == (b"box 7", False, "received")
    assert _files(home, batch.id) == ["box 7/a/1.pdf", "box 7/page 1.tif", "box 7/page 2.tif", "box 7/page 10.tif"]
    assert [p.name for p in folder.path.iterdir() if not p.name.startswith(".")] == []
    (done,) = (folder.path / ".done").iterdir()
    assert (done / "page 2.tif").read_bytes() == SCAN + b"page 2.tif"
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == ()
        rows = batches.list_sources(session)
    assert {row["folder"] for row in rows} == {"box 7"}
    assert len(rows) == 4


@pytest.mark.parametrize("files", [{}, {"Thumbs.db": b"x"}, {"index.csv": b"file,pages\na.tif,1\n"}])
def test_a_folder_without_scans_waits_for_them_and_is_told_after_a_while(
    home: Home, folder: HotFolder, files: dict[str, bytes]
) -> None:
    place = _drop(folder, "new", files)
    place.mkdir(exist_ok=True)

    def told() -> list[str]:
        with home.reading() as session:
            return [row.reason for row in session.exec(select(NotAFile))]

    assert _take(home, folder, waits=True) == 0
    assert told() == []
    assert _take(home, folder, _settings(incomplete_wait_seconds=0), waits=True) == 0
    assert told() == ["This folder holds no scans. Put the scans into it, or remove it."]
    (place / "1.pdf").write_bytes(SCAN)
    assert _take(home, folder) == 1
    assert told() == []


def test_a_folder_waits_as_long_as_a_scanner_takes_for_a_page(home: Home, folder: HotFolder) -> None:
    place = _drop(folder, "box", {"1.tif": TIFF})
    assert _looks(home, folder, _patient()) is Wait.NEXT_PAGE
    (place / "2.tif").write_bytes(TIFF)
    assert _looks(home, folder, _patient()) is Wait.NEXT_PAGE
    folder.clock_ahead = 3600.0  # by the clock of the server it has been still for an hour
    assert _looks(home, folder, _patient()) is None


@pytest.mark.parametrize("signal", ["box.done", "box/.done", "box/batch.done"])
def test_a_completion_signal_ends_the_waiting_and_is_no_scan(home: Home, folder: HotFolder, signal: str) -> None:
    _drop(folder, "box", {"1.tif": TIFF, "2.tif": TIFF + b"\0"})
    (folder.path / signal).write_bytes(b"")
    assert _looks(home, folder, _patient()) is None
    (batch,) = _batches(home)
    assert len(_files(home, batch.id)) == 2
    assert not (folder.path / "box.done").exists()


def test_an_index_file_whose_files_are_all_there_ends_the_waiting(home: Home, folder: HotFolder) -> None:
    place = _drop(folder, "box", {"1.tif": TIFF, "index.csv": b"File,Pages\n1.tif,1\n2.tif,1\n"})
    assert _looks(home, folder, _patient()) is Wait.NEXT_PAGE
    (place / "2.tif").write_bytes(TIFF + b"\0")
    assert _looks(home, folder, _patient()) is None


def test_a_folder_that_waits_for_signals_waits_for_nothing_else(home: Home, folder: HotFolder) -> None:
    folder.ways = FolderWays(Completion.SIGNAL)
    _drop(folder, "box", {"1.pdf": SCAN})
    (folder.path / "alone.pdf").write_bytes(SCAN)
    assert _take(home, folder) == 0
    (folder.path / "alone.done").write_bytes(b"")
    assert _take(home, folder) == 1
    (folder.path / "box.done").write_bytes(b"")
    assert _take(home, folder) == 1
    assert [batch.name for batch in _batches(home)] == [b"alone.pdf", b"box"]


def test_a_whole_tiff_waits_for_a_further_page_unless_its_writer_renames(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.tif").write_bytes(TIFF)
    assert _looks(home, folder, _patient()) is Wait.NEXT_PAGE
    folder.ways = FolderWays(Completion.RENAME)
    assert _looks(home, folder, _patient()) is None


def test_a_file_with_a_page_end_needs_no_gap_until_one_was_written_on_here(home: Home, folder: HotFolder) -> None:
    (folder.path / "one.pdf").write_bytes(SCAN)
    assert _looks(home, folder, _patient()) is None
    folder.note_gap(20)
    (folder.path / "two.pdf").write_bytes(SCAN + b"\n")
    assert _looks(home, folder, _patient()) is Wait.NEXT_PAGE
    folder.note_gap(7200)
    assert folder.longest_gap == 20, "two hours are no pause between two pages"


def test_the_writer_of_a_folder_is_waited_for_and_a_cut_file_taken_in_late_with_a_flag(
    home: Home, folder: HotFolder
) -> None:
    place = _drop(folder, "box", {"1.pdf": SCAN, "2.pdf": SCAN[:-200]})
    (folder.path / "box.done").touch()
    with (place / "1.pdf").open("ab"):
        assert _looks(home, folder, _patient()) is Wait.OPEN
    assert _looks(home, folder, _patient()) is Wait.NO_END
    assert _take(home, folder) == 2
    (batch,) = _batches(home)
    assert batch.flags == ["arrived_incomplete"]


def test_a_file_that_goes_away_while_a_folder_is_looked_at_ends_nothing(
    home: Home, folder: HotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _drop(folder, "box", {"1.pdf": SCAN, "2.pdf": SCAN})
    (folder.path / "alone.pdf").write_bytes(SCAN)
    real = folders.shows_its_end

    def gone(path: bytes) -> bool:
        (place / "2.pdf").unlink(missing_ok=True)
        return real(path)

    monkeypatch.setattr(folders, "shows_its_end", gone)
    assert _take(home, folder, waits=True) == 1
    assert _take(home, folder, waits=True) == 1
    assert {batch.name for batch in _batches(home)} == {b"alone.pdf", b"box"}


def test_where_a_scan_came_from_stays_with_it(home: Home, folder: HotFolder) -> None:
    folder.ways = FolderWays(origin=Origin("Ward 3", "fi-7160", "olga"))
    index = {"batch": {"operator": "peter", "box": "17"}, "documents": [{"file": "1.pdf"}]}
    _drop(folder, "box", {"1.pdf": SCAN, "index.json": json.dumps(index).encode()})
    (folder.path / "alone.pdf").write_bytes(SCAN)
    (folder.path / "alone.pdf.done").write_text('{"operator": "tess", "box": 3}')
    (folder.path / "plain.pdf").write_bytes(SCAN)
    (folder.path / "plain.done").write_bytes(b"\xff not ours")
    _take(home, folder)
    found = {batch.name: (batch.station, batch.scanner, batch.operator) for batch in _batches(home)}
    assert found == {
        b"box": ("Ward 3", "fi-7160", "peter"),
        b"alone.pdf": ("Ward 3", "fi-7160", "tess"),
        b"plain.pdf": ("Ward 3", "fi-7160", "olga"),
    }


def test_a_folder_dropped_twice_is_one_duplicate_and_one_with_a_known_file_goes_to_a_person(
    home: Home, folder: HotFolder
) -> None:
    files = {"1.pdf": SCAN, "2.pdf": SCAN + b"\n"}
    for name, more in (("a", {}), ("b", {}), ("c", {"3.pdf": SCAN + b"\n\n"})):
        _drop(folder, name, files | more)
        _take(home, folder)
    first, again, other = _batches(home)
    assert (first.duplicate_of, again.duplicate_of, other.duplicate_of) == (None, first.id, None)
    assert (first.flags, other.flags) == ([], ["duplicate"])


@pytest.mark.parametrize("where", ["opened", "copied", "committed", "closed"])
def test_a_kill_at_any_step_loses_nothing_and_doubles_nothing(
    home: Home, folder: HotFolder, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    _drop(folder, "box", {f"{n}.pdf": SCAN + b"\n" * n for n in range(4)})
    monkeypatch.setattr(folders, "_AT_ONCE", 2)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    module, name = {
        "opened": (folders, "_copied"),
        "copied": (folders, "_commit"),
        "committed": (receiving, "close_folder"),
        "closed": (folders, "move_to_done"),
    }[where]
    with monkeypatch.context() as patch:
        patch.setattr(module, name, killed)
        with pytest.raises(KeyboardInterrupt):
            _take(home, folder)
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == (), "as it was left"
    assert _take(home, folder) == 4
    (batch,) = _batches(home)
    assert len(_files(home, batch.id)) == 4
    assert not batch.is_arriving
    assert list((folder.path / ".claim").iterdir()) == []
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == ()


def test_what_a_writer_still_adds_to_a_claimed_folder_belongs_to_it(
    home: Home, folder: HotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _drop(folder, "box", {"1.pdf": SCAN})
    real = folders._commit

    def added_meanwhile(home: Home, batch_id: int, portion: list) -> None:  # type: ignore[type-arg]
        real(home, batch_id, portion)
        (place,) = (folder.path / ".claim").glob("*box")
        (place / "0.pdf").write_bytes(SCAN + b"\n")

    monkeypatch.setattr(folders, "_commit", added_meanwhile)
    assert _take(home, folder) == 2
    (batch,) = _batches(home)
    assert _files(home, batch.id) == ["box/0.pdf", "box/1.pdf"]


def test_a_batch_that_still_arrives_is_not_read(home: Home, folder: HotFolder) -> None:
    with home.writing() as session:
        receiving.open_folder(session, "claim", b"box", Origin())
    with home.reading() as session:
        assert batches.waiting(session, "received") == []  # type: ignore[arg-type]


def test_what_is_no_file_in_a_folder_is_told_and_never_opened(home: Home, folder: HotFolder, tmp_path: Path) -> None:
    place = _drop(folder, "box", {"1.pdf": SCAN})
    (tmp_path / "secret.pdf").write_bytes(SCAN + b"\n")
    (place / "2.pdf").symlink_to(tmp_path / "secret.pdf")
    (place / "inside").symlink_to(tmp_path)
    os.mkfifo(place / "3.pdf")
    assert _take(home, folder) == 1
    with home.reading() as session:
        assert sorted(row.name for row in session.exec(select(NotAFile))) == [b"box/2.pdf", b"box/3.pdf", b"box/inside"]


@pytest.mark.parametrize("inside", [b"sub/1.pdf", b"link.pdf", b"sub/deep/1.pdf"])
def test_no_link_on_the_way_to_a_file_is_followed(tmp_path: Path, inside: bytes) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "1.pdf").write_bytes(SCAN)
    box = tmp_path / "box"
    (box / "sub").mkdir(parents=True)
    (box / "sub" / "deep").symlink_to(tmp_path / "secret")
    (box / "link.pdf").symlink_to(tmp_path / "secret" / "1.pdf")
    if inside == b"sub/1.pdf":
        (box / "sub" / "1.pdf").write_bytes(b"plain")
        os.close(folders.open_inside(os.fsencode(box), inside))
        (box / "sub" / "1.pdf").unlink()
        (box / "sub" / "deep").unlink()
        (box / "sub").rmdir()
        (box / "sub").symlink_to(tmp_path / "secret")  # swapped after it was listed
    with pytest.raises(SourceChanged):
        folders.open_inside(os.fsencode(box), inside)


def test_a_folder_with_a_file_over_the_limit_stays_whole_where_it_is_until_that_is_smaller(
    home: Home, folder: HotFolder
) -> None:
    place = _drop(folder, "box", {"1.pdf": SCAN, "2.pdf": SCAN + bytes(2_000_000)})
    settings = _settings(file_megabytes=1)
    assert _take(home, folder, settings) == 0
    with home.reading() as session:
        assert "holds a file (2.pdf) larger than 1 MB" in session.exec(select(NotAFile)).one().reason
    (place / "2.pdf").write_bytes(SCAN + b"\n")
    assert _take(home, folder, settings) == 2
    with home.reading() as session:
        assert session.exec(select(NotAFile)).all() == []


def test_a_folder_that_goes_too_deep_is_told_and_left(home: Home, folder: HotFolder) -> None:
    _drop(folder, "box", {"1.pdf": SCAN, "/".join(["x"] * 25) + "/2.pdf": SCAN})
    assert _take(home, folder) == 0
    with home.reading() as session:
        assert session.exec(select(NotAFile)).one().kind == "too_deep"


def test_a_folder_of_done_goes_when_its_time_is_over(home: Home, folder: HotFolder) -> None:
    _drop(folder, "box", {"1.pdf": SCAN})
    _take(home, folder)
    assert intake.sweep_done(home, folder, 30) == 0
    assert intake.sweep_done(home, folder, 0) == 1
    assert list((folder.path / ".done").iterdir()) == []


def test_a_hot_folder_that_is_away_is_told_and_never_made_anew(home: Home, tmp_path: Path) -> None:
    away = HotFolder(tmp_path / "share" / "scans")
    with pytest.raises(CannotGoOn, match=r"is not there\. Check that its disk or network share is connected"):
        _take(home, away)
    assert not away.path.exists()
    hotfolder.make_ready(home, away.path)
    assert _take(home, away) == 0
    (away.path / ".claim").rmdir()
    (away.path / ".done").rmdir()  # the share is unmounted: its mount point is left
    with pytest.raises(CannotGoOn, match=r"its folder \.claim is not: its network share may not be connected"):
        _take(home, away)
    assert list(away.path.iterdir()) == []


def test_a_signal_that_was_taken_with_its_claim_is_not_read_for_another(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    (folder.path / "scan.done").write_text('{"operator": "tess"}')
    hotfolder.names(folder)
    claimed = claim(folder, b"scan.pdf")
    assert claimed is not None
    claimed.close()  # the process died here
    (folder.path / "scan.pdf").write_bytes(SCAN + b"\n")
    assert _take(home, folder) == 2
    assert [batch.operator for batch in _batches(home)] == ["tess", None]
