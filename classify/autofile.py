"""May a document file itself? Only when its class has earned it from measured risk, and nothing speaks against it.

A class earns it when enough documents of it were verified by people and the upper 95 % bound of the share that the
machine had wrong, in the kind or in any identifying field, lies under the site's target. Nothing is earned on the
first day, and the site switches filing on for each class by name (`self_filing` in the profile); until then the
decisions are made in the shadow and only counted. (One wrong link in a thousand goes unseen in a hundred looked at:
3,000 decisions without a wrong one are asked for, docs/evidence.md.)
"""

from collections.abc import Iterable
from dataclasses import dataclass

from classify.guess import Decision, DocumentGuess
from classify.risk import upper_bound

FEWEST = 300
"""Verified documents of a class under which no bound is believed, whatever its arithmetic."""


@dataclass(frozen=True, slots=True)
class Record:
    """How the machine did on the verified documents of one class that it would have filed itself."""

    code: str
    verified: int
    would_file: int
    wrong: int

    @property
    def risk(self) -> float:
        """Upper 95 % bound of the share of wrong ones among those it would have filed."""
        return upper_bound(self.wrong, self.would_file)

    def has_earned(self, target: float) -> bool:
        """Whether the measured risk is under the site's target, on enough documents."""
        return self.would_file >= FEWEST and self.risk <= target


def may_file_itself(guess: DocumentGuess, worst_outcome: str, earned: Iterable[str]) -> bool:
    """True only for an earned class and a document against which nothing speaks."""
    return guess.type.code in set(earned) and not objections(guess, worst_outcome)


def objections(guess: DocumentGuess, worst_outcome: str) -> tuple[str, ...]:
    """Why a document needs a person, whatever its class has earned; empty when nothing speaks against it."""
    found = []
    if not guess.type.is_sure:
        found.append("the kind of document is not sure")
    if guess.match.decision != Decision.LINKED:
        found.append("the patient is not linked")
    if worst_outcome not in ("ok", "blank"):
        found.append(f"a page is {worst_outcome}")
    if guess.doubts:
        found.append("something contradicts or is missing")
    if guess.labels:
        found.append("it may be specially protected")
    if guess.unnamed_pages:
        found.append("a page does not say whose it is")
    for name in ("mrn", "name", "dob"):
        if sum(value.name == name and value.confidence >= 0.5 for value in guess.fields) > 1:
            found.append(f"the pages say more than one {name}")
        value = guess.best(name)
        if value is not None and (value.confidence < 0.95 or not value.is_valid):
            found.append(f"the {name} was not read surely")
    return tuple(found)
