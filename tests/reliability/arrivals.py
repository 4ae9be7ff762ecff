"""Files arrive while the watch runs and is killed at random: one watch, or two on the same folder."""

import hashlib
import random
import time
from collections import Counter
from collections.abc import Iterator

from tests.given.commands import Chartroom
from tests.reliability import product
from tests.reliability.bench import Bench
from tests.reliability.verdict import Try, Verdict, judge

SHORTEST_LIFE, LONGEST_LIFE = 0.3, 1.5
"""Seconds between two kills: a watch needs about one to start, so some die before their first file and some amid one."""

_SAME_AGAIN = 0.1  # share of files whose content was dropped just before
_A_FOLDER = 0.1  # share of what is dropped that is a folder of four files
_A_LIST = 0.1  # share that is an index file with the two scans that it names
_SOUND = Verdict(0, 0, ())


def try_random_kills(bench: Bench, kills: int, watches: int, rng: random.Random) -> Iterator[Try]:
    """This many kills; the last try judges all files that arrived."""
    chartroom = bench.fresh(f"watched-by-{watches}", [])
    dropped: Counter[str] = Counter()
    log = bench.work / "watch.log"
    running = [product.start(chartroom, "watch", output=log) for _ in range(watches)]
    try:
        for number in range(1, kills):
            _drop_for(rng.uniform(SHORTEST_LIFE, LONGEST_LIFE), chartroom, dropped, rng)
            victim = rng.randrange(watches)
            yield Try(f"kill {number}", number, kills, _ended_by_itself(running[victim].poll()))
            product.kill(running[victim])
            running[victim] = product.start(chartroom, "watch", output=log)
    finally:
        for process in running:
            product.kill(process)
    yield Try(f"{kills} kills over {dropped.total()} files", kills, kills, judge(chartroom, dropped))


def _drop_for(seconds: float, chartroom: Chartroom, dropped: Counter[str], rng: random.Random) -> None:
    end = time.monotonic() + seconds
    content = rng.randbytes(1000)
    while time.monotonic() < end:
        if rng.random() >= _SAME_AGAIN:
            content = rng.randbytes(rng.randint(100, 20_000))
        files = {f"s{dropped.total():05d}.pdf": content}
        what = rng.random()
        if what < _A_FOLDER:
            files |= {f"sub/{number}.pdf": rng.randbytes(1000) for number in range(3)}
            chartroom.drop_folder(f"f{dropped.total():05d}", files)
        else:
            if what < _A_FOLDER + _A_LIST:
                files = _with_a_list(dropped.total(), files, rng)
            for name, data in files.items():
                chartroom.drop(name, data)
        dropped.update(hashlib.sha256(data).hexdigest() for data in files.values())
        time.sleep(rng.uniform(0, 0.05))  # the pace of arrivals


def _with_a_list(number: int, files: dict[str, bytes], rng: random.Random) -> dict[str, bytes]:
    """An index file, and after it this file and another, which it names."""
    files = {**files, f"m{number:05d}.pdf": rng.randbytes(1000)}
    return {f"l{number:05d}.csv": "\n".join(["file name", *files]).encode(), **files}


def _ended_by_itself(code: int | None) -> Verdict:
    return _SOUND if code is None else Verdict(0, 0, (f"the watch ended by itself with {code}",))
