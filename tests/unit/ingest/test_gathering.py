"""Index files that lie in a hot folder itself: their scans come in with them, once, whenever it is killed."""

import json
import os

import pytest
from sqlmodel import select

from ingest import claims, hotfolder
from ingest.foldersettings import Completion, FolderWays
from ingest.hotfolder import HotFolder, Wait
from ingest.intake import take_in
from ingest.settings import Settings
from storage.custody import batches, integrity
from storage.custody.declared import Declared
from storage.foundation.home import Home
from storage.foundation.tables.custody import Batch
from tests.given.paper import LINES, printed, saved

PAGE = printed(LINES)
SCAN = saved([PAGE], "PDF")
TIFF = saved([PAGE], "TIFF")
LIST = b"File name,MRN,Pages\n1.tif,00123456,1\n2.pdf,00777777,1\n"


def _settings(**values: object) -> Settings:
    return Settings(**{"settle_seconds": 0, "minimum_free_megabytes": 0, **values})  # type: ignore[arg-type]


def _drop(folder: HotFolder, **files: bytes) -> None:
    for name, content in files.items():
        (folder.path / name.replace("_", ".")).write_bytes(content)


def _take(home: Home, folder: HotFolder, settings: Settings | None = None, *, waits: bool = True) -> hotfolder.Sweep:
    return take_in(home, folder, settings or _settings(), waits_for_end=waits)


def _batches(home: Home) -> list[list[str]]:
    with home.reading() as session:
        found = session.exec(select(Batch).order_by(Batch.id)).all()  # type: ignore[arg-type]
        return [[source.name.decode() for _, source in batches.files_of(session, batch.id)] for batch in found]


def _declared(home: Home) -> Declared:
    with home.reading() as session:
        kept = session.exec(select(Batch)).one().declared
    assert kept is not None
    return Declared.from_json(kept)


def _is_sound(home: Home) -> bool:
    with home.reading() as session:
        return integrity.verify(session, home.vault).problems == ()


def test_the_scans_that_an_index_file_names_come_in_with_it_and_others_alone(home: Home, folder: HotFolder) -> None:
    _drop(folder, box_csv=LIST, **{"1_tif": TIFF, "2_pdf": SCAN, "3_pdf": SCAN + b"\n"})
    (folder.path / "1.tif.done").touch()
    assert _take(home, folder).taken == 3
    assert sorted(_batches(home)) == [["3.pdf"], ["box/1.tif", "box/2.pdf"]]
    assert sorted(path.name for path in folder.path.iterdir()) == [".claim", ".done"]
    assert list((folder.path / ".claim").iterdir()) == []
    assert _is_sound(home)


@pytest.mark.parametrize(
    ("index", "says"),
    [
        ("7.xml", b"<doc><MRN>00123456</MRN><DocType>LAB</DocType></doc>"),
        ("7.TIF.json", json.dumps({"mrn": "00123456", "type": "LAB"}).encode()),
        ("7.csv", b"MRN;00123456\nType;LAB\n"),
    ],
)
def test_an_index_file_named_as_its_scan_is_about_that_scan(
    home: Home, folder: HotFolder, index: str, says: bytes
) -> None:
    (folder.path / index).write_bytes(says)
    (folder.path / "7.tif").write_bytes(TIFF)
    assert _take(home, folder).taken == 1
    (document,) = _declared(home).documents
    assert (document.file, document.mrn, document.kind) == ("7.tif", "00123456", "LAB")


def test_scans_wait_for_all_that_their_index_file_names_and_come_without_them_after_a_while(
    home: Home, folder: HotFolder
) -> None:
    _drop(folder, box_csv=LIST, **{"1_tif": TIFF})
    waits = _take(home, folder).waits
    assert {name: look.wait for name, look in waits.items()} == {b"1.tif": Wait.LISTED, b"box.csv": Wait.LISTED}
    assert _batches(home) == []
    assert _take(home, folder, _settings(incomplete_wait_seconds=0)).taken == 1
    assert _batches(home) == [["box/1.tif"]]
    assert len(_declared(home).documents) == 2  # the missing one is told (storage/custody/declared.py)


def test_the_last_scan_that_is_named_ends_the_waiting(home: Home, folder: HotFolder) -> None:
    folder.ways = FolderWays(Completion.SIGNAL)  # and nothing else would
    _drop(folder, box_csv=LIST, **{"1_tif": TIFF})
    assert _take(home, folder).taken == 0
    _drop(folder, **{"2_pdf": SCAN, "4_pdf": SCAN + b"\n"})
    scan = _take(home, folder)
    assert scan.taken == 2
    assert {name: look.wait for name, look in scan.waits.items()} == {b"4.pdf": Wait.NO_SIGNAL}
    assert scan.claimed == {b"box.csv", b"1.tif", b"2.pdf"}


def test_a_scan_that_is_written_or_has_no_end_keeps_the_others(home: Home, folder: HotFolder) -> None:
    _drop(folder, box_csv=LIST, **{"1_tif": TIFF, "2_pdf": SCAN[:300]})
    assert set(_take(home, folder).waits) == {b"1.tif", b"2.pdf", b"box.csv"}
    folder.looks.clear()  # as if half a second had passed
    with (folder.path / "2.pdf").open("wb") as writer:
        writer.write(SCAN)
        writer.flush()
        assert {look.wait for look in _take(home, folder).waits.values()} == {Wait.OPEN}
    folder.looks.clear()
    assert _take(home, folder).taken == 2


def test_what_is_no_index_file_is_taken_in_as_before(home: Home, folder: HotFolder) -> None:
    _drop(folder, patients_csv=b"mrn,name\n00123456,Ana\n", notes_json=b"{", **{"1_pdf": SCAN})
    assert _take(home, folder, _settings(incomplete_wait_seconds=0)).taken == 3
    assert sorted(_batches(home)) == [["1.pdf"], ["notes.json"], ["patients.csv"]]


def test_an_index_file_whose_scans_never_come_goes_to_a_person(home: Home, folder: HotFolder) -> None:
    _drop(folder, box_csv=LIST)
    assert _take(home, folder).waiting == 1
    assert _take(home, folder, _settings(incomplete_wait_seconds=0)).taken == 1
    assert _batches(home) == [["box.csv"]]


def test_a_scan_that_two_index_files_name_goes_with_the_first(home: Home, folder: HotFolder) -> None:
    _drop(folder, a_csv=LIST, b_csv=LIST, **{"1_tif": TIFF, "2_pdf": SCAN})
    assert _take(home, folder, waits=False).taken == 3
    assert sorted(_batches(home)) == [["a/1.tif", "a/2.pdf"], ["b.csv"]]


@pytest.mark.parametrize("step", range(12))
def test_a_kill_at_any_step_of_gathering_loses_nothing_and_doubles_nothing(
    home: Home, folder: HotFolder, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    _drop(folder, box_csv=LIST, **{"1_tif": TIFF, "2_pdf": SCAN})
    count = 0

    def killed_at(real: object) -> object:
        def call(*arguments: object, **named: object) -> object:
            nonlocal count
            count += 1
            if count > step:
                raise KeyboardInterrupt
            return real(*arguments, **named)  # type: ignore[operator]

        return call

    with monkeypatch.context() as patch:
        patch.setattr(claims, "fsync_folder", killed_at(claims.fsync_folder))
        for name in ("rename", "mkdir", "unlink"):
            patch.setattr(os, name, killed_at(getattr(os, name)))
        try:
            _take(home, folder)
        except KeyboardInterrupt:
            assert _is_sound(home), "as it was left"
    folder.looks.clear()
    _take(home, folder)
    _take(home, folder)
    assert _batches(home) == [["box/1.tif", "box/2.pdf"]]
    assert list((folder.path / ".claim").iterdir()) == []
    assert _is_sound(home)


def test_a_claim_in_which_nothing_came_to_lie_is_removed(home: Home, folder: HotFolder) -> None:
    (folder.path / ".claim" / "0123__box").mkdir()
    (folder.path / ".claim" / "0124__box").mkdir()
    (folder.path / ".claim" / "0124__box" / ".gathering").touch()
    assert _take(home, folder).taken == 0
    assert list((folder.path / ".claim").iterdir()) == []
    assert _batches(home) == []
