"""Intake: what is taken, when, and what is left of it at every step."""

import errno
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import claims, completeness, copying, hotfolder, intake
from ingest.hotfolder import HotFolder
from ingest.intake import take_in
from ingest.problems import CannotGoOn
from ingest.settings import Settings
from storage.custody import batches, integrity
from storage.foundation.errors import SourceChanged
from storage.foundation.home import Home
from storage.foundation.vault import Sealed, Vault
from tests.given.paper import LINES, printed, saved

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
    assert take_in(home, folder, _settings(), waits_for_end=False).taken == 1
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
        assert take_in(home, folder, settings, waits_for_end=True).taken == 0
    look = folder.looks[b"scan.pdf"]
    folder.looks[b"scan.pdf"] = hotfolder.FileStamp(
        look.size, look.modified, look.inode, time.monotonic() - 31, look.first_seen
    )
    assert take_in(home, folder, settings, waits_for_end=True).taken == 1


def test_a_file_that_somebody_writes_waits_however_calm_it_looks(home: Home, folder: HotFolder) -> None:
    path = folder.path / "scan.pdf"
    settings = _settings(settle_seconds=0.01)
    with path.open("wb") as writer:
        writer.write(SCAN)
        writer.flush()
        take_in(home, folder, settings, waits_for_end=False)
        look = folder.looks[b"scan.pdf"]
        folder.looks[b"scan.pdf"] = hotfolder.FileStamp(look.size, look.modified, look.inode, 0.0, 0.0)
        assert take_in(home, folder, settings, waits_for_end=False).taken == 0
    assert take_in(home, folder, settings, waits_for_end=False).taken == 1


def test_a_file_without_its_end_waits_for_it_then_comes_in_flagged(home: Home, folder: HotFolder) -> None:
    (folder.path / "cut.pdf").write_bytes(SCAN[:-2000].replace(b"%%EOF", b""))
    assert take_in(home, folder, _settings(incomplete_wait_seconds=600), waits_for_end=True).taken == 0
    assert take_in(home, folder, _settings(incomplete_wait_seconds=0), waits_for_end=True).taken == 1
    with home.reading() as session:
        assert batches.list_sources(session)[0]["flags"] == ["arrived_incomplete"]


def test_the_same_name_twice_is_two_files(home: Home, folder: HotFolder) -> None:
    for content in (SCAN, SCAN + b"\n"):
        (folder.path / "scan.pdf").write_bytes(content)
        take_in(home, folder, _settings(), waits_for_end=False)
    assert [name for name, _ in _names(home)] == ["scan.pdf", "scan.pdf"]
    assert len(list((folder.path / ".done").iterdir())) == 2


@pytest.mark.parametrize(
    "name",
    [b"a" * 251 + b".pdf", "ü".encode() * 125 + b".pdf", b"new\nline.pdf", b"-rf", b"=1+1.pdf", b"\xff\xfe.pdf", b"$(touch x).pdf", b"x" * 50],
)  # fmt: skip
def test_every_name_comes_back_byte_for_byte(home: Home, folder: HotFolder, name: bytes) -> None:
    with open(folder.raw + b"/" + name, "wb") as file:  # noqa: PTH123 - names are bytes
        file.write(SCAN)
    assert take_in(home, folder, _settings(), waits_for_end=False).taken == 1
    assert _names(home)[0][0].encode("utf-8", "surrogateescape") == name
    assert len(list((folder.path / ".claim").iterdir())) == 0


def test_what_is_no_file_is_told_once_and_never_touched(home: Home, folder: HotFolder, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(SCAN)
    (folder.path / "link.pdf").symlink_to(secret)
    os.mkfifo(folder.path / "pipe.pdf")
    for _ in range(2):
        assert take_in(home, folder, _settings(), waits_for_end=False).taken == 0
        folder.looks.clear()
    assert _names(home) == [("link.pdf", "refused"), ("pipe.pdf", "refused")]
    assert (folder.path / "link.pdf").is_symlink()


def test_a_claim_left_by_a_killed_process_is_finished_once(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    hotfolder.prepare(home, folder)
    claimed = claims.claim(folder, b"scan.pdf")
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
        patch.setattr(intake, "move_to_done", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take_in(home, folder, _settings(), waits_for_end=False)
    assert take_in(home, folder, _settings(), waits_for_end=False).taken == 1
    assert _names(home) == [("scan.pdf", "received")]
    with home.reading() as session:
        assert integrity.verify(session, home.vault).problems == ()


def test_a_claim_held_by_another_watcher_is_left_alone(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    hotfolder.prepare(home, folder)
    claimed = claims.claim(folder, b"scan.pdf")
    assert claimed is not None
    assert intake.take_in_claimed(home, folder, _settings()) == 0
    claimed.close()


def test_a_file_that_another_watcher_claimed_meanwhile_is_theirs(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    hotfolder.prepare(home, folder)
    (folder.path / "scan.pdf").unlink()
    assert claims.claim(folder, b"scan.pdf") is None


@pytest.mark.parametrize(
    ("grown", "is_copied"), [(1_000_001, False), (1, True)], ids=["over the limit", "while copied"]
)
def test_a_file_that_changes_under_its_claim_is_kept_when_it_is_calm(
    home: Home, folder: HotFolder, monkeypatch: pytest.MonkeyPatch, grown: int, is_copied: bool
) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    hotfolder.prepare(home, folder)
    claimed = claims.claim(folder, b"scan.pdf")
    assert claimed is not None

    (path,) = (folder.path / ".claim").glob("*scan.pdf")
    seal = Vault.seal

    def grow() -> None:
        with path.open("ab") as writer:
            writer.write(bytes(grown))

    def sealed_meanwhile(vault: Vault, kind: str, chunks: Iterable[bytes], digest: str) -> Sealed:
        grow()
        return seal(vault, kind, chunks, digest)

    if is_copied:
        monkeypatch.setattr(Vault, "seal", sealed_meanwhile)
    else:
        grow()
    with pytest.raises(SourceChanged):
        intake._keep(home, folder, claimed, (), _settings(file_megabytes=1))
    claimed.close()
    assert _names(home) == []
    monkeypatch.undo()
    assert intake.take_in_claimed(home, folder, _settings()) == 1
    assert _names(home) == [("scan.pdf", "received")]


def test_somebody_elses_file_in_a_sticky_folder_is_told_and_left(
    home: Home, folder: HotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)

    def refused(*paths: object) -> None:
        raise PermissionError(errno.EPERM, "sticky")

    monkeypatch.setattr(os, "rename", refused)
    assert take_in(home, folder, _settings(), waits_for_end=False).taken == 0
    assert folder.unreadable == {b"scan.pdf"}
    assert (folder.path / "scan.pdf").read_bytes() == SCAN


def test_nothing_is_claimed_that_could_not_be_kept(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    with pytest.raises(CannotGoOn, match="nearly full"):
        take_in(home, folder, _settings(minimum_free_megabytes=10**9), waits_for_end=False)
    assert (folder.path / "scan.pdf").read_bytes() == SCAN


def test_a_folder_that_is_away_is_told(home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotGoOn, match="hot folder"):
        take_in(home, HotFolder(tmp_path / "file" / "hot"), _settings(), waits_for_end=False)


def test_done_is_emptied_after_its_days(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(SCAN)
    take_in(home, folder, _settings(), waits_for_end=False)
    assert intake.sweep_done(home, folder, 30) == 0
    assert intake.sweep_done(home, folder, 0) == 1


# ---- nothing in a folder stalls the rest


def _sources(home: Home) -> dict[str, str]:
    return dict(_names(home))


def test_a_file_over_the_limit_is_listed_and_left_and_those_behind_it_go_on(home: Home, folder: HotFolder) -> None:
    huge = folder.path / "a-huge.tif"
    huge.touch()
    os.truncate(huge, 10 * 1024**4)  # sparse: ten terabytes of nothing
    (folder.path / "scan.pdf").write_bytes(SCAN)
    settings = _settings(file_megabytes=1)
    for _ in range(2):
        take_in(home, folder, settings, waits_for_end=True)
    assert _sources(home) == {"scan.pdf": "received", "a-huge.tif": "refused"}
    with home.reading() as session:
        reason = next(row["reason"] for row in batches.list_sources(session) if row["state"] == "refused")
    assert "1 MB" in reason
    assert "Split it" in reason
    assert huge.stat().st_size == 10 * 1024**4


def test_a_file_over_the_limit_that_was_made_smaller_is_taken_in_also_after_a_restart(
    home: Home, folder: HotFolder
) -> None:
    scan = folder.path / "scan.pdf"
    scan.write_bytes(SCAN + b"\n" * 1_000_000)
    take_in(home, folder, _settings(file_megabytes=1), waits_for_end=True)
    assert _sources(home) == {"scan.pdf": "refused"}
    scan.write_bytes(SCAN)
    assert take_in(home, HotFolder(folder.path), _settings(file_megabytes=1), waits_for_end=True).taken == 1
    assert _names(home) == [("scan.pdf", "received")]


def test_a_file_over_the_limit_that_went_is_listed_no_longer(home: Home, folder: HotFolder) -> None:
    (folder.path / "scan.pdf").write_bytes(b"x" * 1_000_001)
    take_in(home, folder, _settings(file_megabytes=1), waits_for_end=True)
    (folder.path / "scan.pdf").unlink()
    take_in(home, folder, _settings(file_megabytes=1), waits_for_end=True)
    assert _names(home) == []


def test_a_file_that_does_not_fit_waits_alone(
    home: Home, folder: HotFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (folder.path / "a-large.pdf").write_bytes(SCAN + b"\n" * 900_000)
    (folder.path / "scan.pdf").write_bytes(SCAN)
    free = [1_000_000]
    monkeypatch.setattr(intake.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free[0]}))
    with caplog.at_level("WARNING", "chartroom"):
        first = take_in(home, folder, _settings(), waits_for_end=False)
        second = take_in(home, folder, _settings(), waits_for_end=False)
    assert (first.taken, first.no_room, second.taken, second.no_room) == (1, 1, 0, 1)
    assert caplog.text.count("does not fit") == 1
    free[0] = 10**9
    assert take_in(home, folder, _settings(), waits_for_end=False).taken == 1


def test_a_file_that_changes_while_it_is_copied_is_copied_again_when_it_is_calm(
    home: Home, folder: HotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.path / "a.pdf").write_bytes(SCAN)
    (folder.path / "b.pdf").write_bytes(SCAN + b"\n")
    real = copying.chunks
    writes = iter([b"more", b""])

    def while_somebody_writes(handle: int) -> Iterator[bytes]:
        yield from real(handle)
        if more := next(writes, b""):
            (claim,) = (folder.path / ".claim").iterdir()
            claim.write_bytes(SCAN + more)

    monkeypatch.setattr(copying, "chunks", while_somebody_writes)
    first = take_in(home, folder, _settings(), waits_for_end=True)
    assert (first.taken, first.waiting) == (1, 1)
    assert _sources(home) == {"b.pdf": "received"}
    assert take_in(home, folder, _settings(), waits_for_end=True).taken == 0  # not yet: its pause is not over
    (entry,) = folder.later
    folder.later[entry] = replace(folder.later[entry], next_look=0.0)
    assert take_in(home, folder, _settings(), waits_for_end=True).taken == 1
    assert _sources(home) == {"b.pdf": "received", "a.pdf": "received"}
    (kept,) = [done.read_bytes() for done in (folder.path / ".done").iterdir() if done.read_bytes() != SCAN + b"\n"]
    assert kept == SCAN + b"more"


@pytest.mark.parametrize("code", [errno.ESTALE, errno.ETIMEDOUT, errno.EAGAIN, errno.EINTR, errno.EBUSY, errno.ENOENT])
@pytest.mark.parametrize("where", ["shows_its_end", "claim", "_keep"])
def test_what_passes_over_one_file_keeps_no_other(
    home: Home, folder: HotFolder, monkeypatch: pytest.MonkeyPatch, where: str, code: int
) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (folder.path / name).write_bytes(SCAN + name.encode())
    module = completeness if where == "shows_its_end" else intake
    real = getattr(module, where)

    def troubled(*arguments: object) -> object:
        claimed = [a for a in arguments if isinstance(a, claims.Claimed)]
        if any(b"b.pdf" in bytes(a) for a in arguments if isinstance(a, bytes)) or any(
            c.name == b"b.pdf" for c in claimed
        ):
            raise OSError(code, "trouble")
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(module, where, troubled)
        scan = take_in(home, folder, _settings(), waits_for_end=True)
    assert (scan.taken, scan.waiting) == (2, 1)
    for waits in (folder.looks, folder.later):
        for key, look in waits.items():
            waits[key] = replace(look, next_look=0.0)
    assert take_in(home, folder, _settings(), waits_for_end=True).taken == 1
    assert set(_sources(home)) == {"a.pdf", "b.pdf", "c.pdf"}


@pytest.mark.parametrize(
    "name",
    ["Thumbs.db", ".DS_Store", "._scan.pdf", "@eaDir", "desktop.ini", ".~lock.scan.pdf#", "~$scan.pdf", ".nfs0000001", ".fuse_hidden01",
     "scan.pdf.part", "scan.pdf.TMP", "scan.crdownload", ".scan.swp", "$RECYCLE.BIN", "System Volume Information", ".Trash-1000"],
)  # fmt: skip
def test_what_systems_leave_behind_is_no_scan_and_nobody_is_asked_about_it(
    home: Home, folder: HotFolder, name: str
) -> None:
    if name in ("@eaDir", "$RECYCLE.BIN", "System Volume Information", ".Trash-1000"):
        (folder.path / name).mkdir()
    else:
        (folder.path / name).write_bytes(SCAN)
    scan = take_in(home, folder, _settings(), waits_for_end=False)
    assert (scan.taken, scan.waiting) == (0, 0)
    assert _names(home) == []
    assert (folder.path / name).exists()


@pytest.mark.parametrize("name", ["thumbs.pdf", "scan.nfs", ".hidden.pdf", "a~$b.pdf", "part", "desktop.ini.pdf"])
def test_scans_with_names_like_those_are_taken_in(home: Home, folder: HotFolder, name: str) -> None:
    (folder.path / name).write_bytes(SCAN)
    assert take_in(home, folder, _settings(), waits_for_end=False).taken == 1


# ---- a watch that costs nothing


def test_a_waiting_file_is_not_opened_again_before_its_time(
    home: Home, folder: HotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = folder.path / "cut.pdf"
    cut.write_bytes(SCAN[:-2000].replace(b"%%EOF", b""))
    opened: list[bytes] = []
    real = completeness.shows_its_end
    monkeypatch.setattr(completeness, "shows_its_end", lambda path: opened.append(path) or real(path))
    pauses = []
    for _ in range(12):
        for _ in range(5):
            assert take_in(home, folder, _settings(), waits_for_end=True).waiting == 1
        look = folder.looks[b"cut.pdf"]
        pauses.append(look.pause)
        folder.looks[b"cut.pdf"] = replace(look, next_look=0.0)  # its pause is over
    assert len(opened) == 12
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30]
    folder.touched.add(b"cut.pdf")  # an event speaks of it
    take_in(home, folder, _settings(), waits_for_end=True)
    cut.write_bytes(SCAN)
    assert take_in(home, folder, _settings(), waits_for_end=True).taken == 1
    assert len(opened) == 14


def test_a_round_says_whether_anything_looked_otherwise(home: Home, folder: HotFolder) -> None:
    (folder.path / "cut.pdf").write_bytes(SCAN[:-2000].replace(b"%%EOF", b""))
    news = [take_in(home, folder, _settings(), waits_for_end=True).is_news for _ in range(3)]
    (folder.path / "cut.pdf").write_bytes(SCAN[:-1900].replace(b"%%EOF", b""))
    news += [take_in(home, folder, _settings(), waits_for_end=True).is_news for _ in range(2)]
    assert news == [True, False, False, True, False]
