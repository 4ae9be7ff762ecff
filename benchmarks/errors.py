"""Errors of a reading against the printed words: the order of words is left out, so that columns do not count against anyone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True, slots=True)
class Errors:
    """Counts over one page, or added up over many."""

    printed_words: int = 0
    found_words: int = 0
    spurious_words: int = 0
    printed_characters: int = 0
    wrong_characters: int = 0

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(
            self.printed_words + other.printed_words,
            self.found_words + other.found_words,
            self.spurious_words + other.spurious_words,
            self.printed_characters + other.printed_characters,
            self.wrong_characters + other.wrong_characters,
        )

    @property
    def recall(self) -> float:
        """Share of the printed words that were read to the letter."""
        return self.found_words / max(1, self.printed_words)

    @property
    def word_error(self) -> float:
        """Words missed or made up, the larger of both, per printed word."""
        return max(self.printed_words - self.found_words, self.spurious_words) / max(1, self.printed_words)

    @property
    def character_error(self) -> float:
        """Characters to insert, delete or change, per printed character."""
        return self.wrong_characters / max(1, self.printed_characters)


def count_errors(printed: Sequence[str], read: Sequence[str]) -> Errors:
    """Pair equal words first, then each word left with the most similar one, and count what differs."""
    wanted, got = Counter(printed), Counter(read)
    same = wanted & got
    missed = sorted((wanted - same).elements(), key=len, reverse=True)
    extra = list((got - same).elements())
    spurious = len(extra)
    wrong = 0
    for word in missed:
        best = min(extra, key=lambda other: Levenshtein.distance(word, other), default=None)
        if best is not None and (distance := Levenshtein.distance(word, best)) < max(len(word), len(best)):
            wrong += distance
            extra.remove(best)
        else:
            wrong += len(word)
    wrong += sum(map(len, extra))
    return Errors(len(printed), sum(same.values()), spurious, sum(map(len, printed)), wrong)
