"""A file through the browser: whole or not at all, under a name that leads nowhere else, over no other file."""

import json
from pathlib import Path

import pytest

from ingest.dropping import Drop, safe_name
from ingest.problems import UsageProblem
from ingest.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "hot").mkdir()
    return Settings(home=tmp_path, file_megabytes=1)


@pytest.mark.parametrize(
    ("said", "kept"),
    [("scan.pdf", "scan.pdf"), ("../../etc/scan.pdf", "scan.pdf"), ("C:\\scans\\a.tif", "a.tif"), (".hidden.pdf", "hidden.pdf"),
     ("a\nb.pdf", "ab.pdf"), ("x" * 400 + ".pdf", "x" * 176 + ".pdf")],
)  # fmt: skip
def test_a_name_leads_nowhere_else(said: str, kept: str) -> None:
    assert safe_name(said) == kept


@pytest.mark.parametrize("said", ["記録" * 85 + ".pdf", "é" * 250 + ".tif", "a" + "😀" * 70 + ".pdf"])
def test_a_name_is_cut_in_bytes_and_never_within_a_character(settings: Settings, said: str) -> None:
    with Drop(settings, said) as drop:
        drop.write(b"scan")
        kept = drop.finish()
    assert len(kept.encode()) <= 180
    assert kept.endswith(said[-6:])
    assert (settings.home / "hot" / kept).read_bytes() == b"scan"


@pytest.mark.parametrize(
    "said", ["scan.tmp", "scan.PART", "~$scan.pdf", ".scan.pdf.swp", "Thumbs.db", "._scan.pdf", "desktop.ini", ".~lock.scan.pdf#", "a.crdownload"]
)  # fmt: skip
def test_a_name_that_intake_never_takes_is_refused_at_the_door(said: str) -> None:
    with pytest.raises(UsageProblem, match="never taken in"):
        safe_name(said)


@pytest.mark.parametrize("said", ["", "..", "/", "\x00"])
def test_no_name_is_refused(said: str) -> None:
    with pytest.raises(UsageProblem, match="Rename"):
        safe_name(said)


def test_a_whole_file_is_dropped_and_never_over_another(settings: Settings) -> None:
    for content in (b"one", b"two"):
        with Drop(settings, "scan.pdf") as drop:
            drop.write(content)
            drop.finish()
    hot = settings.home / "hot"
    found = {path.name: path.read_bytes() for path in hot.iterdir() if path.suffix == ".pdf"}
    assert found == {"scan.pdf": b"one", "scan (2).pdf": b"two"}


def test_a_dropped_file_says_that_it_is_whole_and_who_dropped_it(settings: Settings) -> None:
    with Drop(settings, "scan.tif", "tess") as drop:
        drop.write(b"one")
        drop.finish()
    assert json.loads((settings.home / "hot" / "scan.tif.done").read_text()) == {"operator": "tess"}


def test_what_is_not_finished_or_too_large_leaves_nothing(settings: Settings) -> None:
    with Drop(settings, "cut.pdf") as drop:
        drop.write(b"half")
    with pytest.raises(UsageProblem, match="larger than 1 MB"), Drop(settings, "large.pdf") as drop:
        drop.write(b"x" * 1_000_001)
    with pytest.raises(UsageProblem, match="empty"), Drop(settings, "empty.pdf") as drop:
        drop.finish()
    assert list((settings.home / "hot").iterdir()) == []
