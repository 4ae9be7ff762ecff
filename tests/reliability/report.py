"""The long form of the reliability tests: everything that can be broken on purpose, told as the table of docs/reliability.md.

`./dev reliability` runs it; `--only NAME` runs one row, `--minutes N` ends each row after its share of that time.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from storage.opening import make_home
from tests.browser.conftest import PASSWORD, add_people, opened, review
from tests.given.commands import Chartroom
from tests.reliability import backups
from tests.reliability.amendments import try_amendment
from tests.reliability.arrivals import try_random_kills
from tests.reliability.bench import Bench, Fault, draw_contents, make_bench
from tests.reliability.calls import try_faults
from tests.reliability.conftest import scratch_place
from tests.reliability.filled import fill
from tests.reliability.hostile.corpus import GROUPS
from tests.reliability.hostile.feeding import Fed, feed
from tests.reliability.hostile.things import THINGS
from tests.reliability.powercut import try_power_cuts
from tests.reliability.probe import Who, try_everything
from tests.reliability.tampering import TRIES, try_tampering
from tests.reliability.verdict import Try, Verdict

CONTENTS = draw_contents(2, 20_000, random.Random(1))
KILLS = 40
SECONDS_A_GROUP = 1800  # the bombs of PDFs hold 10,000 pages: more than 200 s on a busy machine of two cores
_SOUND = Verdict(0, 0, ())


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what is broken, how, and the tries; `counts_files`: losses and doubles can be told."""

    name: str
    what: str
    how: str
    tries: Callable[[Path], Iterator[Try]]
    counts_files: bool = True
    is_one_run: bool = False  # judged at its end, so it is never cut short


@dataclass(slots=True)
class Line:
    """What a row came to."""

    row: Row
    done: int = 0
    of: int = 0
    survived: int = 0
    lost: int = 0
    doubled: int = 0
    last: str = ""

    def add(self, made: Try) -> None:
        self.done, self.of, self.last = self.done + 1, made.of, made.where
        self.survived += made.verdict.is_sound
        self.lost += made.verdict.lost
        self.doubled += made.verdict.doubled

    def markdown(self) -> str:
        cut = f" (of {self.of}: the time was over)" if self.done < self.of else ""
        files = f"{self.lost} | {self.doubled}" if self.row.counts_files else "|"
        return f"| {self.row.what} | {self.row.how} | {self.survived} of {self.done}{cut} | {files} |"


def _on_bench(tries: Callable[[Bench], Iterator[Try]]) -> Callable[[Path], Iterator[Try]]:
    return lambda work: tries(make_bench(work))


def _at_every_call(fault: Fault) -> Callable[[Path], Iterator[Try]]:
    return _on_bench(lambda bench: try_faults(bench, fault, CONTENTS))


def _backup(fault: Fault) -> Callable[[Path], Iterator[Try]]:
    return _on_bench(lambda bench: backups.try_backup(bench, fault))


def _restore(fault: Fault) -> Callable[[Path], Iterator[Try]]:
    return _on_bench(lambda bench: backups.try_restore(bench, fault))


def _amendment(ends: str, fault: Fault) -> Callable[[Path], Iterator[Try]]:
    return _on_bench(lambda bench: try_amendment(bench, fault, ends))


def _cut(what: str) -> Callable[[Path], Iterator[Try]]:
    return _on_bench(lambda bench: backups.try_power_cuts(bench, what))


def _random_kills(watches: int) -> Callable[[Path], Iterator[Try]]:
    return _on_bench(lambda bench: try_random_kills(bench, KILLS, watches, random.Random(1)))


def _tamper(work: Path) -> Iterator[Try]:
    home = make_home(work / "filled", work / "home.key")
    fill(home)
    home.close()
    for number, tampering in enumerate(TRIES, start=1):
        told = try_tampering(home.path, home.key_file, work, tampering)
        yield Try(tampering.name, number, len(TRIES), _verdict([told] if told else []))


def _feed(work: Path) -> Iterator[Try]:
    groups = {group: draw() for group, draw in GROUPS.items()}
    total = sum(len(items) for items in groups.values()) + len(THINGS) + len(groups) + 1
    number = 0
    for group, items in {**groups, "things": []}.items():
        (work / group).mkdir()
        fed = feed(work / group, items, THINGS if group == "things" else (), SECONDS_A_GROUP)
        names = [item.name.decode(errors="surrogateescape") for item in items] or [thing.name for thing in THINGS]
        for name in names:
            number += 1
            yield Try(f"{group}: {name!a}", number, total, _verdict(fed.faults.pop(name, [])))
        number += 1
        yield Try(f"{group}: beside them, at most {fed.peak_mb} MB", number, total, _verdict(_rest(fed)))
        shutil.rmtree(work / group)


def _rest(fed: Fed) -> list[str]:
    return [f"{name}: {fault}" for name, faults in fed.faults.items() for fault in faults]


def _probe(work: Path) -> Iterator[Try]:
    chartroom = Chartroom(work / "data", work / "data.key")
    chartroom("init")
    add_people(chartroom)
    with opened(chartroom) as home:
        document = fill(home)
    with review(chartroom) as port:
        made = list(try_everything(port, Who("uma", PASSWORD), Who("ada", PASSWORD), f"/filed/{document}.pdf"))
    for number, refusal in enumerate(made, start=1):
        yield Try(refusal.what, number, len(made), _verdict([] if refusal.is_refused else [refusal.what]))


def _verdict(problems: list[str]) -> Verdict:
    return Verdict(0, 0, tuple(problems)) if problems else _SOUND


_FILLED = "3 documents, 2 of them filed"
_TWO = "2 files of the same content"
ROWS = (
    Row("sigkill", "SIGKILL before every durable call of a run", _TWO, _at_every_call(Fault.KILL)),
    Row("powercut", "power cut after every durable call", "same; only what was fsynced survives, and torn writes",
        _on_bench(lambda bench: try_power_cuts(bench, CONTENTS))),
    Row("enospc", "disk full from every durable call on, space freed later", _TWO, _at_every_call(Fault.DISK_FULL)),
    Row("eio", "I/O error at every durable call", _TWO, _at_every_call(Fault.IO_ERROR)),
    Row("short", "every write is a short one, once", _TWO, _at_every_call(Fault.SHORT_WRITE)),
    Row("random", "`watch` killed at random while files arrive", f"{KILLS} kills", _random_kills(1), is_one_run=True),
    Row("two", "two watches on the same folder, killed at random", f"{KILLS} kills", _random_kills(2), is_one_run=True),
    Row("backup", "SIGKILL before every durable call of a backup", _FILLED, _backup(Fault.KILL), False),
    Row("restore", "SIGKILL before every durable call of a restore", _FILLED, _restore(Fault.KILL), False),
    Row("backup-enospc", "disk full from every durable call of a backup on", _FILLED, _backup(Fault.DISK_FULL), False),
    Row("restore-enospc", "disk full from every durable call of a restore on", _FILLED, _restore(Fault.DISK_FULL), False),
    Row("backup-eio", "I/O error at every durable call of a backup", _FILLED, _backup(Fault.IO_ERROR), False),
    Row("restore-eio", "I/O error at every durable call of a restore", _FILLED, _restore(Fault.IO_ERROR), False),
    Row("backup-powercut", "power cut after every durable call of a backup", _FILLED, _cut("backup"), False),
    Row("restore-powercut", "power cut after every durable call of a restore", _FILLED, _cut("restore"), False),
    Row("amend", "SIGKILL before every durable call of an amendment", _FILLED, _amendment("file", Fault.KILL)),
    Row("amend-cancel", "the same, cancelled at its end", _FILLED, _amendment("cancel", Fault.KILL)),
    Row("amend-enospc", "disk full from every durable call of an amendment on", _FILLED, _amendment("file", Fault.DISK_FULL)),
    Row("amend-eio", "I/O error at every durable call of an amendment", _FILLED, _amendment("file", Fault.IO_ERROR)),
    Row("tamper", "stored files, rows, audit lines, database and key changed", "one change each", _tamper, False),
    Row("hostile", "hostile files, names and things", "dropped beside good scans", _feed, False),
    Row("web", "unauthorised tries at the review app", "cookies, headers, WebSocket, traversal, guessing", _probe, False),
)  # fmt: skip


def main() -> int:
    """Run the rows that were asked for; 1 when anything did not survive."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", choices=[row.name for row in ROWS], help="one row")
    parser.add_argument("--minutes", type=float, help="end after this long, each row with its share")
    asked = parser.parse_args()
    rows = [row for row in ROWS if asked.only in (None, row.name)]
    share = asked.minutes * 60 / len(rows) if asked.minutes else float("inf")
    lines = [_run(row, share) for row in rows]
    _say("| what | how | survived | lost | doubled |\n|---|---|---|---|---|")
    for line in lines:
        _say(line.markdown())
    return 1 if any(line.survived < line.done for line in lines) else 0


def _run(row: Row, seconds: float) -> Line:
    line, start = Line(row), time.monotonic()
    with _scratch() as work:
        for made in row.tries(work):
            line.add(made)
            _show(line, made)
            if time.monotonic() - start > seconds and not row.is_one_run:
                break
    _say(f"\r{row.name}: {line.survived} of {line.done} in {time.monotonic() - start:.0f} s; {line.last}", sys.stderr)
    return line


def _show(line: Line, made: Try) -> None:
    if not made.verdict.is_sound:
        _say(f"\r{line.row.name}: {made.where}: {made.verdict}", sys.stderr)
    elif sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{line.row.name}: {made.number} of {made.of}")


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="reliability-", dir=scratch_place()) as folder:
        yield Path(folder)


def _say(text: str, stream: TextIO = sys.stdout) -> None:
    stream.write(f"{text}\n")
    stream.flush()


if __name__ == "__main__":
    sys.exit(main())
