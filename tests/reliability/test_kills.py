"""SIGKILL, power cuts, full disks and two watches, against the command line: a sample of the calls.

All of them are tried by `./dev reliability`.
"""

import json
import random
import signal
import time
from collections.abc import Iterable

import pytest

from tests.given.commands import Chartroom
from tests.given.paper import LINES, printed, saved
from tests.reliability.arrivals import try_random_kills
from tests.reliability.bench import Bench, Fault, draw_contents
from tests.reliability.calls import try_faults
from tests.reliability.powercut import try_power_cuts
from tests.reliability.verdict import Try

pytestmark = pytest.mark.reliability
CONTENTS = draw_contents(3, 20_000, random.Random(1))


def _assert_sound(tries: Iterable[Try], at_least: int) -> None:
    made = list(tries)
    assert [t for t in made if not t.verdict.is_sound] == []
    assert len(made) >= at_least


@pytest.mark.parametrize(
    ("fault", "sample"),
    [(Fault.KILL, 8), (Fault.DISK_FULL, 6), (Fault.IO_ERROR, 5), (Fault.SHORT_WRITE, 3)],
)
def test_a_fault_at_a_durable_call_loses_nothing_and_doubles_nothing(bench: Bench, fault: Fault, sample: int) -> None:
    _assert_sound(try_faults(bench, fault, CONTENTS, sample), at_least=sample)


def test_a_power_cut_loses_nothing_and_doubles_nothing(bench: Bench) -> None:
    _assert_sound(try_power_cuts(bench, CONTENTS, sample=5), at_least=10)


@pytest.mark.parametrize(("kills", "watches"), [(8, 1), (6, 2)])
def test_watches_killed_at_random_lose_nothing_and_double_nothing(bench: Bench, kills: int, watches: int) -> None:
    _assert_sound(try_random_kills(bench, kills, watches, random.Random(1)), at_least=kills)


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
