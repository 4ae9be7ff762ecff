"""chartroom original: a scan as it was dropped, into files of its own."""

from pathlib import Path

from ingest.hotfolder import HotFolder
from ingest.intake import take_in
from ingest.settings import Settings
from storage.foundation.home import Home
from tests.given.paper import LINES, printed, saved
from tests.given.records import receive
from tests.given.shell import Shell

SCAN = saved([printed(LINES)], "PDF")


def _drop_folder(home: Home, hot: Path) -> None:
    (hot / "box" / "sub").mkdir(parents=True)
    (hot / "box" / "1.pdf").write_bytes(SCAN)
    (hot / "box" / "sub" / "2.pdf").write_bytes(SCAN + b"\n")
    (hot / "box" / "index.csv").write_bytes(b"file\n1.pdf\nsub/2.pdf\n")
    take_in(home, HotFolder(hot), Settings(settle_seconds=0, minimum_free_megabytes=0), waits_for_end=False)


def test_a_folder_is_written_with_its_sub_folders_and_its_index_file_over_nothing(
    shell: Shell, home: Home, tmp_path: Path
) -> None:
    _drop_folder(home, tmp_path / "hot")
    out = tmp_path / "out"
    said = shell("original", "1", "--out", str(out)).out
    assert (out / "1.pdf").read_bytes() == SCAN
    assert (out / "sub" / "2.pdf").read_bytes() == SCAN + b"\n"
    assert (out / "index.csv").read_bytes().startswith(b"file\n")
    assert oct((out / "1.pdf").stat().st_mode)[-3:] == "600"
    assert said.count("SHA-256") == 3
    assert "was not written over" in shell("original", "1", "--out", str(out), expect=1).err
    shell("original", "1", "--out", str(tmp_path / "one"), "--file", "2.pdf")
    assert [path.name for path in (tmp_path / "one" / "sub").iterdir()] == ["2.pdf"]
    assert "has no file '3.pdf'" in shell("original", "1", "--file", "3.pdf", expect=1).err


def test_a_name_leads_nowhere_else(shell: Shell, home: Home, tmp_path: Path) -> None:
    receive(home, b"x", name=b"../../etc/scan.pdf")
    shell("original", "1", "--out", str(tmp_path / "out"))
    assert (tmp_path / "out" / "etc" / "scan.pdf").read_bytes() == b"x"
