"""What the watch costs when nothing happens: CPU seconds of the daemon and all its children, over a minute.

    ./dev bench idle                  all cases at once (about three minutes)
    ./dev bench idle --seconds 300    for longer

An empty folder; a PDF that is cut off; a file without read rights; five hundred files that are cut off; and after a scan was read.
"""

import argparse
import contextlib
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.given.commands import Chartroom
from tests.given.paper import LINES, printed, saved

RESULTS = Path(__file__).parent / "results" / "idle-watch.csv"
TARGET = 0.01
"""Share of one core that may be used."""

SETTLE_SECONDS = 90.0
"""Until a watch has started, read what is to be read, let its workers go and slowed down to half a minute a look."""


@dataclass(frozen=True, slots=True)
class Case:
    """What lies in the hot folder."""

    name: str
    fill: Callable[[Chartroom], None]


def _empty(chartroom: Chartroom) -> None:
    chartroom.hot.mkdir(parents=True, exist_ok=True)


def _cut_off(number: int) -> Callable[[Chartroom], None]:
    def fill(chartroom: Chartroom) -> None:
        whole = saved([printed(LINES)], "PDF")
        for at in range(number):
            chartroom.drop(f"{at}.pdf", whole[: len(whole) - 2000 - at].replace(b"%%EOF", b""))

    return fill


def _unreadable(chartroom: Chartroom) -> None:
    chartroom.drop("locked.pdf", saved([printed(LINES)], "PDF"))
    (chartroom.hot / "locked.pdf").chmod(0)


def _mixed(chartroom: Chartroom) -> None:
    _cut_off(499)(chartroom)
    _unreadable(chartroom)


def _one_scan(chartroom: Chartroom) -> None:
    chartroom.drop("scan.pdf", saved([printed(LINES)], "PDF"))


CASES = (
    Case("empty folder", _empty),
    Case("one truncated PDF", _cut_off(1)),
    Case("one unreadable file", _unreadable),
    Case("500 waiting files", _mixed),
    Case("after a scan was read", _one_scan),
)


def main() -> None:
    """Run every case at the same time, print and keep what each cost; exit 1 when one costs too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--settle", type=float, default=SETTLE_SECONDS)
    chosen = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        running = [(case, stack.enter_context(_watching(folder / str(at), case))) for at, case in enumerate(CASES)]
        time.sleep(chosen.settle)
        before = [cpu_seconds(process.pid) for _, process in running]
        started = time.monotonic()
        time.sleep(chosen.seconds)
        wall = time.monotonic() - started
        used = [cpu_seconds(process.pid) - then for (_, process), then in zip(running, before, strict=True)]
        for case, process in running:
            if process.poll() is not None:
                sys.exit(f"The watch of '{case.name}' ended.")
    rows = [
        (case.name, round(wall, 1), round(cpu, 3), f"{cpu / wall:.2%}")
        for (case, _), cpu in zip(running, used, strict=True)
    ]
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("hot folder", "seconds", "cpu seconds", "share of a core"))
        writer.writerows(rows)
    for name, seconds, cpu, share in rows:
        print(f"{name:24} {cpu:7.3f} s of CPU in {seconds:.0f} s: {share} (target under {TARGET:.0%})")
    sys.exit(max(used) / wall >= TARGET)


@contextlib.contextmanager
def _watching(home: Path, case: Case) -> "Iterator[subprocess.Popen[bytes]]":
    """`chartroom watch` on a home of its own, by an account that rights bind."""
    chartroom = Chartroom(
        home, home.with_suffix(".key"), CHARTROOM_SETTLE_SECONDS="2", CHARTROOM_INCOMPLETE_WAIT_SECONDS="86400"
    )
    chartroom("init")
    case.fill(chartroom)
    line = [sys.executable, "-m", "ingest.cli", "watch"]
    if os.geteuid() == 0 and (setpriv := shutil.which("setpriv")):
        line = [setpriv, "--bounding-set=-dac_override,-dac_read_search", *line]
    with subprocess.Popen(line, env=chartroom.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(120)


def cpu_seconds(pid: int) -> float:
    """CPU time of a process, its children that ended, and its descendants that live (proc(5))."""
    children: dict[int, list[int]] = {}
    times: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(entry.name))
                times[int(entry.name)] = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    total, left = 0.0, [pid]
    while left:
        one = left.pop()
        total += times.get(one, 0.0)
        left += children.get(one, [])
    return total


if __name__ == "__main__":
    main()
