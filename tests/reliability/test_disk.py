"""The harness itself: a power cut takes what was not synced, and a lost or doubled file is called so."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.bench import Bench, Fault, count_contents
from tests.reliability.disk import Disk, read_records
from tests.reliability.verdict import judge

pytestmark = pytest.mark.reliability

_OPEN = "f = os.open('new', os.O_CREAT | os.O_WRONLY); os.write(f, b'words');"
_SYNC_NAME = "os.fsync(os.open('.', os.O_RDONLY));"


@pytest.mark.parametrize(
    ("program", "left"),
    [
        (_OPEN, {}),
        (_OPEN + "os.fsync(f);", {}),  # the bytes are durable, their name is not
        (_OPEN + _SYNC_NAME, {"new": b""}),  # the name is, the bytes are not
        (_OPEN + "os.fsync(f);" + _SYNC_NAME, {"new": b"words"}),
        (_OPEN + "os.fsync(f);" + _SYNC_NAME + "os.rename('new', 'newer')", {"new": b"words"}),
        (_OPEN + "os.fsync(f); os.rename('new', 'newer');" + _SYNC_NAME, {"newer": b"words"}),
        ("f = open('new', 'w'); f.write('words'); f.flush(); os.fsync(f);" + _SYNC_NAME, {"new": b"words"}),
    ],
)
def test_a_power_cut_leaves_what_was_synced(bench: Bench, program: str, left: dict[str, bytes]) -> None:
    folder = bench.work / "folder"
    folder.mkdir()
    disk, record = Disk(folder), bench.work / "calls"
    faults = {"LD_PRELOAD": str(bench.library), "FAULT_ROOT": str(folder), "FAULT_RECORD": str(record)}
    subprocess.run([sys.executable, "-c", f"import os; {program}"], cwd=folder, env=faults, check=True)
    for made in read_records(record):
        disk.follow(made)
    disk.cut(bench.work / "cut")
    assert _files(bench.work / "cut") == left


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_fault_happens_at_the_call_that_was_asked_for(bench: Bench) -> None:
    ended, calls = bench.disturbed(bench.fresh("killed", [b"scan"]), Fault.KILL, 3)
    assert (ended.code, calls) == (-9, 3)


def test_a_file_that_is_gone_is_lost_and_one_too_many_is_doubled(bench: Bench) -> None:
    chartroom = bench.fresh("home", [b"one", b"two"])
    assert judge(chartroom, count_contents([b"one", b"two"])).is_sound
    assert judge(chartroom, count_contents([b"one", b"two", b"three"])).lost == 1
    assert judge(chartroom, count_contents([b"two"])).problems
    chartroom.drop("again.pdf", b"two")
    assert judge(chartroom, count_contents([b"one", b"two"])).doubled == 1


def test_an_archive_that_does_not_verify_is_not_sound(bench: Bench) -> None:
    chartroom = bench.fresh("home", [b"one"])
    assert judge(chartroom, count_contents([b"one"])).is_sound
    for folder in (chartroom.home / "vault").glob("??"):
        shutil.rmtree(folder)
    assert not judge(chartroom, count_contents([b"one"])).is_sound
