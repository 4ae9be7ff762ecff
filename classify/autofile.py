"""May a document file itself? Only when its class has earned it from measured risk, and nothing speaks against it.

A class earns it when people looked at enough documents of it that would have filed themselves, and the upper 95 % bound of the share that the
machine had wrong, in the kind or in any identifying field, lies under the site's target. Nothing is earned on the
first day, and the site switches filing on for each class by name (`self_filing` in the profile); until then the
decisions are made in the shadow and only counted. (One wrong link in a thousand goes unseen in a hundred looked at:
3,000 decisions without a wrong one are asked for, docs/evidence.md.)
"""

from dataclasses import dataclass

from classify.guess import Decision, DocumentGuess
from classify.risk import upper_bound

FEWEST = 300
"""Verified documents of a class under which no bound is believed, whatever its arithmetic."""


_SURE = 0.95
"""Of values with this confidence none of 658 was wrong on held-out pages (docs/understanding.md)."""


@dataclass(frozen=True, slots=True)
class Record:
    """How the machine did on the verified documents of one class that it would have filed itself."""

    code: str
    verified: int
    would_file: int  # of those that somebody looked at
    wrong: int
    unseen: int = 0  # would have filed itself, and nobody looked at what it says

    @property
    def risk(self) -> float:
        """Upper 95 % bound of the share of wrong ones among those it would have filed."""
        return upper_bound(self.wrong, self.would_file)

    def has_earned(self, target: float) -> bool:
        """Whether the measured risk is under the site's target, on enough documents."""
        return self.would_file >= FEWEST and self.risk <= target


def is_sure(confidence: float, *, is_valid: bool) -> bool:
    """Whether a value is one with which a document may file itself."""
    return is_valid and confidence >= _SURE


def objections(guess: DocumentGuess, worst_outcome: str) -> tuple[str, ...]:  # noqa: C901 - one objection a line
    """Why a document needs a person, whatever its class has earned; empty when nothing speaks against it.

    The answer is kept with the document when it is entered (`would_file_itself`). That row lets it go, and the risk of its
    class is counted on the same row.
    """
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
    if guess.rescan is not None:
        found.append("it was scanned again for another document")
    if guess.unnamed_pages:
        found.append("a page does not say whose it is")
    for name in ("mrn", "name", "dob"):
        if sum(value.name == name and value.confidence >= 0.5 for value in guess.fields) > 1:
            found.append(f"the pages say more than one {name}")
        value = guess.best(name)
        if value is not None and not is_sure(value.confidence, is_valid=value.is_valid):
            found.append(f"the {name} was not read surely")
    return tuple(found)
