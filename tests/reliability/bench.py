"""Where things are broken on purpose: fresh data homes by copy, what is dropped into them, the library that disturbs calls."""

import hashlib
import random
import shutil
import struct
import subprocess
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from storage.opening import make_home
from tests.given.commands import Chartroom
from tests.reliability import product

_SOURCE = Path(__file__).with_name("faultshim.c")
_KILL_NUMBER = -9


class Fault(StrEnum):
    """What happens at one durable call."""

    KILL = "kill"
    DISK_FULL = "enospc"  # from that call on, until somebody makes room
    IO_ERROR = "eio"
    SHORT_WRITE = "short"


@dataclass(frozen=True, slots=True)
class Bench:
    """A scratch folder with a made data home that is copied for each try."""

    work: Path
    library: Path

    @property
    def key_file(self) -> Path:
        return self.work / "keys" / "home.key"

    def fresh(self, name: str, contents: list[bytes]) -> Chartroom:
        """A data home that nothing has happened in, with these files dropped: the first by itself, the others as a folder."""
        chartroom = Chartroom(self.work / name, self.key_file)
        shutil.copytree(self.work / "made", chartroom.home)
        for content in contents[:1]:
            chartroom.drop("scan.pdf", content)
        if len(contents) > 1:
            chartroom.drop_folder("box", {f"scan{number:03d}.pdf": data for number, data in enumerate(contents[1:])})
        return chartroom

    def disturbed(
        self, chartroom: Chartroom, fault: Fault | None = None, at: int = 0, record: Path | None = None
    ) -> tuple[product.Ended, int]:
        """`chartroom run` with this fault at this durable call: how it ended, and how many calls it came to."""
        counter = self.work / "counter"
        counter.write_bytes(bytes(64))
        more = {
            "LD_PRELOAD": str(self.library),
            "FAULT_ROOT": str(chartroom.home.resolve()),
            "FAULT_STATE": str(counter),
            "FAULT_AT": str(at),
            "FAULT_DO": fault or "",
            "FAULT_STICKY": "1" if fault is Fault.DISK_FULL else "0",
        }
        if record:
            more["FAULT_RECORD"] = str(record)
        ended = product.run(chartroom, "run", more)
        return ended, int(struct.unpack_from("q", counter.read_bytes(), 8)[0])


def make_bench(work: Path) -> Bench:
    """A bench in this folder, which must be empty: the library built (it needs gcc), a data home made."""
    work = work.resolve()
    library = work / "faultshim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-w", "-o", library, _SOURCE, "-ldl"], check=True)
    bench = Bench(work, library)
    make_home(work / "made", bench.key_file).close()
    return bench


def draw_contents(count: int, size: int, rng: random.Random) -> list[bytes]:
    """Contents to drop, the last the same as the first: a duplicate must be told apart from a file taken in twice."""
    contents = [rng.randbytes(size) for _ in range(count)]
    return [*contents[:-1], contents[0]]


def count_contents(contents: list[bytes]) -> Counter[str]:
    """How often each content was dropped, by SHA-256."""
    return Counter(hashlib.sha256(content).hexdigest() for content in contents)


def was_killed(ended: product.Ended) -> bool:
    """Whether the command died of the kill; 0 is right too, when the kill met one of its workers."""
    return ended.code in (_KILL_NUMBER, 0)
