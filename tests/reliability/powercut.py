"""A power cut after each durable call of one recorded run: the disk that is left is worked again and judged."""

import random
import shutil
from collections.abc import Iterator

from tests.given.commands import Chartroom
from tests.reliability.bench import Bench, count_contents
from tests.reliability.calls import NotClean, choose
from tests.reliability.disk import Disk, read_records
from tests.reliability.verdict import Try, judge


def try_power_cuts(
    bench: Bench, contents: list[bytes], sample: int | None = None, rng: random.Random | None = None
) -> Iterator[Try]:
    """After every call, or a sample: once with what is durable alone, once with a random legal part of the rest."""
    recorded = bench.fresh("recorded", contents)
    disk = Disk(recorded.home)
    record = bench.work / "record"
    ended, _ = bench.disturbed(recorded, record=record)
    if ended.code != 0:
        raise NotClean(str(ended))
    records = list(read_records(record))
    chosen = choose(len(records), sample, rng)
    number = 0
    for call, made in enumerate(records, start=1):
        disk.follow(made)
        if call not in chosen:
            continue
        for kind, torn in (("only what was synced", None), ("torn writes", random.Random(call))):
            number += 1
            left = Chartroom(bench.work / f"cut-{number}", bench.key_file)
            disk.cut(left.home, torn)
            left.hot.mkdir(exist_ok=True)
            verdict = judge(left, count_contents(contents))
            shutil.rmtree(left.home)
            yield Try(f"power cut after call {call} of {len(records)} ({kind})", number, 2 * len(chosen), verdict)
