"""A fault, or a power cut, at each durable call of `chartroom backup` and `chartroom restore`: what is left is none or whole, and goes on."""

import random
import shutil
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.backup import age
from storage.backup.checking import Who, check_folder
from storage.backup.comparing import compare, read_all
from storage.backup.drilling import drill
from storage.backup.making import make_backup
from storage.backup.place import Place
from storage.backup.recipient import make_pair
from storage.backup.restoring import Target, restore
from storage.custody import integrity
from storage.foundation.errors import StorageError
from storage.foundation.home import Home
from storage.opening import open_home
from tests.given.commands import Chartroom
from tests.given.records import SAM
from tests.reliability import product
from tests.reliability.bench import Bench, Fault, was_killed
from tests.reliability.calls import NotClean, choose
from tests.reliability.disk import Disk, read_records
from tests.reliability.filled import fill
from tests.reliability.verdict import Try, Verdict


@dataclass(frozen=True, slots=True)
class _Desk:
    """One try: a folder with all that the command writes to, the command, its words, and who judges what is left."""

    root: Path
    chartroom: Chartroom
    words: tuple[str, ...]
    judge: Callable[["_Desk"], list[str]]

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    def moved_to(self, root: Path) -> "_Desk":
        """The same at another place."""
        key_file = self.chartroom.key_file
        if key_file.is_relative_to(self.root):
            key_file = root / key_file.relative_to(self.root)
        return _Desk(root, Chartroom(root / "home", key_file), self.words, self.judge)


def try_backup(
    bench: Bench, fault: Fault, sample: int | None = None, rng: random.Random | None = None
) -> Iterator[Try]:
    """This fault at every durable call of a backup, or a sample; the next backup must come to its end and stand a drill."""
    _make_templates(bench)
    yield from _try(bench, fault, sample, rng, _backup_desk, "backup")


def try_restore(
    bench: Bench, fault: Fault, sample: int | None = None, rng: random.Random | None = None
) -> Iterator[Try]:
    """This fault at every durable call of a restore, or a sample; the next restore must come to its end and verify."""
    _make_templates(bench)
    yield from _try(bench, fault, sample, rng, _restore_desk, "restore")


def try_power_cuts(
    bench: Bench, what: str, sample: int | None = None, rng: random.Random | None = None
) -> Iterator[Try]:
    """A power cut after every durable call of a `backup` or `restore`, or a sample: what is durable alone, and torn writes."""
    _make_templates(bench)
    desk = {"backup": _backup_desk, "restore": _restore_desk}[what](bench, "recorded")
    disk, record = Disk(desk.root), bench.work / "record"
    ended, _ = _disturbed(bench, desk, record=record)
    if ended.code != 0:
        raise NotClean(str(ended))
    records = list(read_records(record))
    chosen, number = choose(len(records), sample, rng), 0
    for call, made in enumerate(records, start=1):
        disk.follow(made)
        if call not in chosen:
            continue
        for kind, torn in (("only what was synced", None), ("torn writes", random.Random(call))):
            number += 1
            left = desk.moved_to(bench.work / f"cut-{number}")
            disk.cut(left.root, torn)
            problems = left.judge(left)
            shutil.rmtree(left.root)
            where = f"power cut after call {call} of {len(records)} of a {what} ({kind})"
            yield Try(where, number, 2 * len(chosen), Verdict(0, 0, tuple(problems)))


def _make_templates(bench: Bench) -> None:
    """A filled home with a backup key, its key in a file, and a backup of it."""
    home = open_home(bench.work / "made", bench.key_file)
    fill(home)
    (bench.work / "backup.key").write_text(age.write_identity(make_pair(home, SAM).secret))
    (bench.work / "backups").mkdir()
    make_backup(home, bench.work / "backups", SAM)
    home.close()


def _try(
    bench: Bench,
    fault: Fault,
    sample: int | None,
    rng: random.Random | None,
    desk_of: Callable[[Bench, str], _Desk],
    what: str,
) -> Iterator[Try]:
    desk = desk_of(bench, "undisturbed")
    ended, calls = _disturbed(bench, desk)
    problems = desk.judge(desk)
    if ended.code != 0 or problems:
        raise NotClean(f"{ended} {problems}")
    shutil.rmtree(desk.root)
    tried = choose(calls, sample, rng)
    for number, call in enumerate(tried, start=1):
        desk = desk_of(bench, f"{what}-{call}")
        ended, _ = _disturbed(bench, desk, fault, call)
        problems = desk.judge(desk)
        if fault is Fault.KILL and not was_killed(ended):
            problems.append(f"should have been killed and ended with {ended.code}: {ended.output}")
        if ended.code is None:
            problems.append("hung")
        shutil.rmtree(desk.root)
        yield Try(f"{fault} at call {call} of {calls} of a {what}", number, len(tried), Verdict(0, 0, tuple(problems)))


def _backup_desk(bench: Bench, name: str) -> _Desk:
    root = bench.work / name
    chartroom = Chartroom(root / "home", bench.key_file)
    shutil.copytree(bench.work / "made", chartroom.home)
    (root / "backups").mkdir()
    return _Desk(root, chartroom, ("backup", str(root / "backups"), "--start-new"), _judge_backup)


def _judge_backup(desk: _Desk) -> list[str]:
    """Whatever is called a backup is whole; the home is as it was; the next backup copies the rest and stands a drill."""
    problems: list[str] = []
    there = Place(desk.backups)
    if any(there.is_whole(each) for each in there.backup_ids()):
        problems += [f"{found.file} {found.why}" for found in check_folder(desk.backups, Who()).damages]
    home = open_home(desk.chartroom.home, desk.chartroom.key_file)
    try:
        make_backup(home, desk.backups, SAM, starts_new=True)
        problems += [f"{found.file} {found.why}" for found in check_folder(desk.backups, Who()).damages]
        problems += drill(home, desk.backups, SAM).problems
    except (StorageError, OSError) as error:
        problems.append(f"the next backup: {error}")
    finally:
        home.close()
    problems += [f"{left} was left" for left in there.scratch.iterdir()]
    problems += [f"{left} was left" for left in (desk.chartroom.home / ".snapshot").iterdir()]
    return problems


def _restore_desk(bench: Bench, name: str) -> _Desk:
    root = bench.work / name
    root.mkdir()
    chartroom = Chartroom(root / "home", root / "keys" / "home.key")
    words = ("restore", str(bench.work / "backups"), "--key", str(bench.work / "backup.key"))
    return _Desk(root, chartroom, words, _judge_restore)


def _judge_restore(desk: _Desk) -> list[str]:
    """A home that opens is whole; any other is restored to its end by the same command."""
    home = desk.chartroom.home
    bench = desk.root.parent
    if (home / "home.json").exists() and not (home / ".restore.json").exists():
        return _verified(desk)
    secret = age.read_identity((bench / "backup.key").read_text())
    try:
        restored = restore(bench / "backups", (secret,), Target(home, desk.chartroom.key_file), SAM)
        problems = [*restored.report.problems, *(f"{blob_id} is lacking" for blob_id in restored.laid.lacking)]
    except (StorageError, OSError) as error:
        return [f"the next restore: {error}"]
    return [*problems, *_verified(desk)]


def _verified(desk: _Desk) -> list[str]:
    """Compared with the home that the backup is of."""
    made = open_home(desk.root.parent / "made", desk.root.parent / "keys" / "home.key")
    restored = open_home(desk.chartroom.home, desk.chartroom.key_file)
    try:
        return _differences(made, restored)
    finally:
        made.close()
        restored.close()


def _differences(made: Home, restored: Home) -> list[str]:
    """The backup's own line is behind the snapshot, and so is the line of the restore: lines are left to `verify`."""
    with restored.reading() as session:
        problems = list(integrity.verify(session, restored.vault).problems)
    told = [problem for problem in compare(made, restored).problems if not problem.startswith("audit line")]
    return [*problems, *told, *read_all(restored, lambda done, of: None)]


def _disturbed(
    bench: Bench, desk: _Desk, fault: Fault | None = None, at: int = 0, record: Path | None = None
) -> tuple[product.Ended, int]:
    counter = bench.work / "counter"
    counter.write_bytes(bytes(64))
    more = {
        "LD_PRELOAD": str(bench.library),
        "FAULT_ROOT": str(desk.root.resolve()),
        "FAULT_STATE": str(counter),
        "FAULT_AT": str(at),
        "FAULT_DO": fault or "",
        "FAULT_STICKY": "1" if fault is Fault.DISK_FULL else "0",
    }
    if record:
        more["FAULT_RECORD"] = str(record)
    ended = product.run(desk.chartroom, desk.words, more)
    return ended, int(struct.unpack_from("q", counter.read_bytes(), 8)[0])
