"""What is left after something was broken: is every dropped file there, once, and does the archive agree with itself?"""

from collections import Counter
from dataclasses import dataclass, field

from sqlmodel import select

from storage.custody import integrity
from storage.foundation.tables.custody import Source
from storage.opening import open_home
from tests.given.commands import Chartroom
from tests.reliability import product

_RECOVERY_RUNS = 3  # a run that meets a lease of the dead one may end with a file still waiting


@dataclass(frozen=True, slots=True)
class Verdict:
    """Files lost and doubled, and everything else that is not as it should be."""

    lost: int
    doubled: int
    problems: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        return not (self.lost or self.doubled or self.problems)


@dataclass(frozen=True, slots=True)
class Try:
    """One thing broken on purpose: where, which of how many, and what came of it."""

    where: str
    number: int
    of: int
    verdict: Verdict


@dataclass(slots=True)
class Tally:
    """The tries of one kind, counted."""

    tries: int = 0
    survived: int = 0
    lost: int = 0
    doubled: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, made: Try) -> None:
        self.tries += 1
        self.survived += made.verdict.is_sound
        self.lost += made.verdict.lost
        self.doubled += made.verdict.doubled
        if not made.verdict.is_sound:
            self.failures.append(f"{made.where}: {made.verdict}")


def judge(chartroom: Chartroom, dropped: Counter[str], also: tuple[str, ...] = ()) -> Verdict:
    """Work the data home again, undisturbed, then compare it with what was dropped (counts by SHA-256)."""
    problems = [*also, *_recover(chartroom)]
    home = open_home(chartroom.home, chartroom.key_file)
    try:
        with home.reading() as session:
            taken = Counter(session.exec(select(Source.sha256)))
            problems += integrity.verify(session, home.vault).problems
    finally:
        home.close()
    problems += [f"{sha[:8]} is in the archive and was never dropped" for sha in taken.keys() - dropped.keys()]
    waiting = [path for path in chartroom.hot.iterdir() if not path.name.startswith(".")]
    if waiting:
        problems.append(f"{len(waiting)} files still lie in the hot folder")
    lost, doubled = dropped - taken, Counter({sha: taken[sha] - n for sha, n in dropped.items() if taken[sha] > n})
    return Verdict(lost.total(), doubled.total(), tuple(problems))


def _recover(chartroom: Chartroom) -> list[str]:
    for _ in range(_RECOVERY_RUNS):
        ended = product.run(chartroom, "run")
        if ended.code == 0:
            return []
    return [f"the recovery run ends with {ended.code}: {ended.output}"]
