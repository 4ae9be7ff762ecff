"""Which form numbers stand on verified documents of one kind: learned from counts, so that one slip teaches nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from classify.risk import exact_upper_bound

FEWEST, FEWEST_PERSONS = 5, 3
"""Verified documents that a form number needs, and patients that they are of: the record number of one patient stands on as
many documents as they have, and is no form."""

_PURE = 0.9
"""Share of its documents that must be of one kind; under ten of them that is all."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """A verified document that bears form numbers: their keys, its kind, and whose it is."""

    keys: frozenset[str]
    code: str
    person: str


@dataclass(frozen=True, slots=True)
class LearnedForm:
    """A form number that was learned: its kind, on how many verified documents of this kind it stood, and on how many in all."""

    code: str
    right: int
    of: int

    @property
    def chance(self) -> float:
        """The chance that the next document with this number is of the kind: one less the exact upper
        95 % bound of its errors (0.55 after 5 documents, 0.74 after 10, 0.95 after 59)."""
        return 1 - exact_upper_bound(self.of - self.right, self.of)


def learn_forms(documents: Iterable[Bearing]) -> dict[str, LearnedForm]:
    """The form numbers that say a kind, by key: on enough documents of enough patients, nearly all of one kind."""
    kinds: dict[str, Counter[str]] = {}
    persons: dict[str, set[str]] = {}
    for document in documents:
        for key in document.keys:
            kinds.setdefault(key, Counter())[document.code] += 1
            persons.setdefault(key, set()).add(document.person)
    found = {}
    for key, counts in kinds.items():
        (code, right), of = counts.most_common(1)[0], counts.total()
        if of >= FEWEST and len(persons[key] - {""}) >= FEWEST_PERSONS and right / of >= _PURE:
            found[key] = LearnedForm(code, right, of)
    return found


def as_evidence(learned: Mapping[str, LearnedForm]) -> dict[str, tuple[str, float]]:
    """Type codes and chances by key, as classify/formkinds.py weighs them."""
    return {key: (form.code, form.chance) for key, form in learned.items()}
