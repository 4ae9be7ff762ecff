"""SIGKILL, power cuts, full disks and two watchers, against the command line.

The harness (../shared/tools/reliability) is generic: it drives four command lines, breaks things at
every durable call, and names every lost or doubled file. Here a sample of the calls is tried; all of
them are tried per release (docs/reliability.md).
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import SHARED_TOOLS
from tests.given.commands import Chartroom
from tests.given.paper import LINES, printed, saved

pytestmark = pytest.mark.reliability
WRAP = Path(__file__).with_name("wrap.sh")


def _loop(tmp_path: Path, *arguments: str) -> dict[str, object]:
    harness = SHARED_TOOLS / "reliability" / "kill_loop.py"
    if not harness.exists():
        pytest.skip("the harness (../shared/tools) is not beside this clone")
    if not shutil.which("gcc"):
        pytest.skip("the harness needs gcc")
    memory = Path("/dev/shm")
    work = memory if os.access(memory, os.W_OK) else tmp_path
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("CHARTROOM_")},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CHARTROOM_KEY_FILE": str(tmp_path / "keys" / "kill.key"),
    }
    commands = {"--run": "run", "--list": "list", "--verify": "verify", "--daemon": "daemon"}
    flags = [part for flag, verb in commands.items() for part in (flag, f"{WRAP} {verb} {{root}}")]
    done = subprocess.run(
        [sys.executable, harness, "--json", "--work", str(work), *flags, *arguments],
        env=env, capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip
    assert done.stdout, done.stderr
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, result
    return result


@pytest.mark.parametrize(
    ("mode", "arguments"),
    [
        ("sigkill", ("--files", "2", "--limit", "8")),
        ("powercut", ("--files", "2", "--limit", "5")),
        ("enospc", ("--files", "2", "--limit", "6")),
        ("eio", ("--files", "2", "--limit", "5")),
        ("short", ("--files", "2", "--limit", "3")),
        ("random", ("--kills", "8", "--min-ms", "300", "--max-ms", "1500")),
        ("two", ("--kills", "6", "--min-ms", "300", "--max-ms", "1500")),
    ],
)
def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path, mode: str, arguments: tuple[str, ...]) -> None:
    result = _loop(tmp_path, "--mode", mode, *arguments)
    assert result["tries"]
    assert (result["failed"], result["lost"], result["doubled"]) == (0, 0, 0)


def test_a_kill_while_pages_are_read_loses_none_and_reads_none_twice(chartroom: Chartroom) -> None:
    pages = [printed([*LINES, f"page {n}"]) for n in range(6)]
    chartroom.drop("chart.tif", saved(pages, "TIFF", compression="tiff_lzw"))
    process = chartroom.start("run")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        done = chartroom("pages", "--json", expect=None)
        read = [row for row in map(json.loads, done.stdout.splitlines()) if row["outcome"] == "ok"]
        if len(read) >= 2:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = [row["page"] for row in chartroom.rows("pages") if row["outcome"] == "ok"]
    chartroom("run")
    rows = chartroom.rows("pages")
    assert len(kept) >= 2
    assert [(row["page"], row["outcome"]) for row in rows] == [(n, "ok") for n in range(1, 7)]
    assert chartroom.rows("sources")[0]["state"] == "indexed"
    chartroom("verify")
