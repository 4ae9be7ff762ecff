"""A fault at each durable call of a run: killed, the disk full, an I/O error, a short write."""

import random
import shutil
from collections.abc import Iterator

from tests.reliability.bench import Bench, Fault, count_contents, was_killed
from tests.reliability.product import Ended
from tests.reliability.verdict import Try, judge


class NotClean(Exception):
    """The undisturbed run already fails: then no fault proves anything."""


def count_calls(bench: Bench, contents: list[bytes]) -> int:
    """How many durable calls a run over these contents makes; NotClean when it is not sound by itself."""
    chartroom = bench.fresh("undisturbed", contents)
    ended, calls = bench.disturbed(chartroom)
    verdict = judge(chartroom, count_contents(contents))
    if ended.code != 0 or not verdict.is_sound:
        raise NotClean(f"{ended} {verdict}")
    shutil.rmtree(chartroom.home)
    return calls


def try_faults(
    bench: Bench, fault: Fault, contents: list[bytes], sample: int | None = None, rng: random.Random | None = None
) -> Iterator[Try]:
    """This fault at every durable call of a run, or at a sample of them; each in a fresh data home."""
    calls = count_calls(bench, contents)
    tried = choose(calls, sample, rng)
    for number, call in enumerate(tried, start=1):
        chartroom = bench.fresh(f"call-{call}", contents)
        ended, _ = bench.disturbed(chartroom, fault, call)
        verdict = judge(chartroom, count_contents(contents), _misbehaved(fault, ended))
        shutil.rmtree(chartroom.home)
        yield Try(f"{fault} at call {call} of {calls}", number, len(tried), verdict)


def choose(calls: int, sample: int | None, rng: random.Random | None) -> list[int]:
    """The numbers of all calls, or of a sample."""
    every = range(1, calls + 1)
    if sample is None or sample >= calls:
        return list(every)
    return sorted((rng or random.Random(1)).sample(every, sample))


def _misbehaved(fault: Fault, ended: Ended) -> tuple[str, ...]:
    if fault is Fault.KILL and not was_killed(ended):
        return (f"should have been killed and ended with {ended.code}",)
    return ("hung",) if ended.code is None else ()
