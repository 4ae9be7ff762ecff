"""Drops hostile things beside good scans, has them worked, and names everything that is not as it should be."""

import os
import re
import socket
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.opening import make_home
from tests.given.commands import Chartroom
from tests.reliability import product
from tests.reliability.hostile.item import BEACON, Expect, Item
from tests.reliability.hostile.names import RAN
from tests.reliability.hostile.things import SECRET, Outside, Thing
from tests.reliability.hostile.writing import good_pdf

REFUSED = frozenset({"refused", "quarantined"})
NOT_WHOLE = frozenset({"incomplete", "failed"})
GOOD_SCANS = 5
CHART_WORD = b"ZZPHI7731"
"""Stands on every good scan; no log and no output may hold it."""

MEMORY_LIMIT_MB = 4096  # a station of a records department; the product's own limits keep it lower
_NOT_FOR_PEOPLE = re.compile(r'Traceback|File "|0x[0-9a-f]{6}|\w+Error\b|\w+Exception\b')
_LARGEST_LOOKED_INTO = 50 << 20


@dataclass(slots=True)
class Fed:
    """What became of a hostile run."""

    items: int
    peak_mb: int
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


class Listener:
    """Listens where the addresses inside hostile files lead."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:  # closed: the run is over
                return
            self.calls += 1

    def close(self) -> None:
        self._socket.close()


def feed(work: Path, items: list[Item], things: tuple[Thing, ...] = (), seconds: float = 600) -> Fed:
    """Work these in a fresh data home in this folder; `faults` is empty when all was as it should be."""
    chartroom, outside, listener = _prepare(work), Outside(work / "outside"), Listener()
    outside.make()
    for number in range(GOOD_SCANS):
        chartroom.drop(f"good{number}.pdf", good_pdf(b"Good scan %d" % number, CHART_WORD))
    for item in items:
        chartroom.drop(item.name, item.data.replace(BEACON, b"http://127.0.0.1:%05d/" % listener.port))
    for thing in things:
        thing.make(chartroom.hot / thing.name, outside)
    fed = Fed(len(items) + len(things), 0)
    _work(chartroom, work, seconds, fed)
    if things:
        _work(chartroom, work, seconds, fed)  # what had to wait because it was being written
    listener.close()
    rows = _listed(chartroom)
    for item in items:
        _judge(os.fsdecode(item.name), item.expect, rows, fed, must_warn=item.must_warn)
    for thing in things:
        if rows.get(thing.name) or not thing.may_be_unseen:
            _judge(thing.name, thing.expect, rows, fed)
    for number in range(GOOD_SCANS):
        _judge(f"good{number}.pdf", Expect.ACCEPT, rows, fed)
    _judge_surroundings(chartroom, work, outside, listener, fed)
    return fed


def _prepare(work: Path) -> Chartroom:
    make_home(work / "home", work / "home.key").close()
    (work / "tmp").mkdir()
    return Chartroom(work / "home", work / "home.key", TMPDIR=str(work / "tmp"))


def _work(chartroom: Chartroom, work: Path, seconds: float, fed: Fed) -> None:
    process = product.start(chartroom, "run", output=work / "output")
    end = time.monotonic() + seconds
    while process.poll() is None:
        fed.peak_mb = max(fed.peak_mb, _resident_mb(process.pid))
        if time.monotonic() > end:
            product.kill(process)
            fed.faults["(run)"].append(f"did not end within {seconds:.0f} s")
            return
        time.sleep(0.1)  # between two looks at its memory
    if process.returncode < 0:
        fed.faults["(run)"].append(f"died of signal {-process.returncode}")
    if fed.peak_mb > MEMORY_LIMIT_MB:
        fed.faults["(run)"].append(f"{fed.peak_mb} MB resident")


def _resident_mb(group: int) -> int:
    """Memory of all processes of a group."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:  # it has just ended
                continue
            if int(fields[2]) == group:
                total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return total >> 20


def _listed(chartroom: Chartroom) -> dict[str, list[dict[str, Any]]]:
    """The rows of `chartroom sources` by name, each with the outcomes of its pages."""
    outcomes: dict[str, set[str]] = defaultdict(set)
    for page in chartroom.rows("pages"):
        outcomes[page["source"]].add(page["outcome"])
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in chartroom.rows("sources"):
        rows[row["name"]].append({**row, "outcomes": outcomes[row["name"]]})
    return rows


def _judge(
    name: str, expect: Expect, rows: dict[str, list[dict[str, Any]]], fed: Fed, *, must_warn: bool = False
) -> None:
    listed = rows.get(name, [])
    refused = [row for row in listed if row["state"] in REFUSED]
    faults = [fault for row in refused if (fault := _of_reason(row["reason"] or ""))]
    if not listed:
        faults.append("not mentioned at all")
    if expect is Expect.REFUSE and len(refused) < len(listed):
        faults.append(f"should be refused, is {[row['state'] for row in listed]}")
    if expect is Expect.TELL and not refused and not any(row["outcomes"] & NOT_WHOLE for row in listed):
        faults.append("nobody is told that it is not whole")
    if expect is Expect.ACCEPT and refused:
        faults.append(f"should be accepted, is refused: {refused[0]['reason']}")
    if must_warn and listed and not refused and not any(row["flags"] for row in listed):
        faults.append("should carry a flag")
    if faults:
        fed.faults[name] = faults


def _of_reason(reason: str) -> str | None:
    if len(reason) < 8:
        return "refused without a reason"
    return f"its reason is not for people: {reason[:90]}" if _NOT_FOR_PEOPLE.search(reason) else None


def _judge_surroundings(chartroom: Chartroom, work: Path, outside: Outside, listener: Listener, fed: Fed) -> None:  # noqa: C901 - one surrounding a branch
    faults = fed.faults["(around)"]
    verified = chartroom("verify", expect=None)
    if verified.returncode:
        faults.append(f"the archive does not verify: {verified.stdout}")
    if any((work / "tmp").rglob("*")):
        faults.append("something was left in TMPDIR")
    if not outside.is_untouched():
        faults.append("a file behind a link was changed")
    if listener.calls:
        faults.append(f"{listener.calls} calls to the address inside a file")
    if [path for place in (work, Path.cwd()) for path in place.glob(f"*{RAN}*")]:
        faults.append("a name was run as a command")
    for path in _plain_files(chartroom.home):
        content = path.read_bytes()
        if SECRET in content and path.parent != chartroom.hot:
            faults.append("content behind a link was read")
        if path.parent.name == "logs" and CHART_WORD in content:
            faults.append("chart text in a log")
    if CHART_WORD in (work / "output").read_bytes():
        faults.append("chart text in the output")
    if not faults:
        del fed.faults["(around)"]


def _plain_files(folder: Path) -> list[Path]:
    found = (Path(base) / name for base, _, names in os.walk(folder) for name in names)
    return [
        path
        for path in found
        if path.is_file() and not path.is_symlink() and path.stat().st_size < _LARGEST_LOOKED_INTO
    ]
