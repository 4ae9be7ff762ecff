"""What words speak for, before a site has verified anything: headings and phrases of each kind, with weights.

The weights (wording.json) come from `./dev bench train_wording`: headings and pages that were written for it, and
clinical notes counted phrase by phrase. A word that OCR broke is taken for the one it is a letter away from.
"""

import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from classify import normal

NO_TITLE = "NONE"
"""What a heading is that names no kind: a letterhead, the head of a section."""

_FEWEST_LETTERS = 5
"""Shorter words have too many neighbours to be told from a misread one."""

_BEGINNING = 4
"""Letters by which words of a heading are alike."""

_MOST_WORDS = 14
"""A row of more words is a sentence, no title."""


@dataclass(frozen=True)
class Wording:
    """Weights of pieces of text for kinds of document.

    `heads` holds words and pairs of a heading, `phrases` those of a whole document; each piece has a weight for the
    kinds it speaks for or against. `biases` are what speaks for a kind when nothing is said.
    """

    heads: Mapping[str, Mapping[str, float]]
    head_biases: Mapping[str, float]
    phrases: Mapping[str, Mapping[str, float]]
    biases: Mapping[str, float]
    together: Mapping[str, float]

    @cached_property
    def head_neighbours(self) -> dict[str, str]:
        """Each word of a heading under itself and itself less a letter."""
        return _neighbours(word for piece in self.heads for word in piece.split() if not piece.endswith("~"))

    @cached_property
    def phrase_neighbours(self) -> dict[str, str]:
        """The same for the words of phrases."""
        return _neighbours(word for piece in self.phrases for word in piece.split())

    def hear_heading(self, text: str) -> dict[str, float]:
        """The chance of each kind that a heading announces; empty when it is too long for one.

        `text` is plain (classify.normal); what is missing to 1 is the chance that it is no title.
        """
        words = text.split()
        if not 0 < len(words) <= _MOST_WORDS:
            return {}
        pieces = [piece for piece in head_pieces(_mended(words, self.head_neighbours)) if piece in self.heads]
        if not pieces:
            return {}
        share = 1 / math.sqrt(len(pieces))
        scores = dict(self.head_biases)
        for piece in pieces:
            for code, weight in self.heads[piece].items():
                scores[code] += share * weight
        top = max(scores.values())
        odds = {code: math.exp(score - top) for code, score in scores.items()}
        total = sum(odds.values())
        return {code: odd / total for code, odd in odds.items() if code != NO_TITLE and odd > 0.02 * total}

    def hear_body(self, text: str) -> dict[str, float]:
        """How far a whole document lies on the side of each kind, about -1 to 1; empty when nothing known is said."""
        said = self._said(text)
        if not said:
            return {}
        share = 1 / math.sqrt(len(said))
        scores = dict(self.biases)
        for piece in said:
            for code, weight in self.phrases[piece].items():
                scores[code] += share * weight
        return scores

    def telling(self, text: str, code: str, most: int = 3) -> tuple[str, ...]:
        """What in a document speaks most for a kind: its phrases, the strongest first, no word twice."""
        weights = {piece: self.phrases[piece].get(code, 0.0) for piece in self._said(text)}
        told: list[str] = []
        for piece in sorted(weights, key=lambda piece: (-weights[piece], -len(piece))):
            if len(told) == most or weights[piece] <= 0:
                break
            if not set(piece.split()) & {word for known in told for word in known.split()}:
                told.append(piece)
        return tuple(told)

    def _said(self, text: str) -> set[str]:
        words = _mended(text.split(), self.phrase_neighbours)
        return {piece for piece in body_pieces(words) if piece in self.phrases}


def plain_words(text: str) -> str:
    """Plain letters, & as the word that it is; numbers all alike, for which number it is says nothing of the kind."""
    return re.sub(r"\d+", "9", normal.plain(text.replace("&", " and ")))


def head_pieces(words: Sequence[str]) -> Iterator[str]:
    """The words of a heading, how they begin (nurse and nursing are one), its pairs, and which word is first and last."""
    yield from words
    yield from (f"{word[:_BEGINNING]}~" for word in words if len(word) > _BEGINNING)
    yield from (f"{one} {two}" for one, two in zip(("^", *words), (*words, "$"), strict=True))


def body_pieces(words: Sequence[str]) -> Iterator[str]:
    """The words of a document and its pairs."""
    yield from words
    yield from (f"{one} {two}" for one, two in itertools.pairwise(words))


def _neighbours(words: Iterable[str]) -> dict[str, str]:
    near: dict[str, str] = {}
    known = {word for word in words if len(word) >= _FEWEST_LETTERS}
    for word in sorted(known):
        for less in _less_a_letter(word):
            near.setdefault(less, word)
    near.update({word: word for word in known})
    return near


def _less_a_letter(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _mended(words: Sequence[str], near: Mapping[str, str]) -> list[str]:
    """The words, those that are nobody's taken for the known word that differs in one letter, if there is one."""
    return [word if len(word) < _FEWEST_LETTERS else near.get(word) or _nearest(word, near) for word in words]


def _nearest(word: str, near: Mapping[str, str]) -> str:
    return next((near[less] for less in _less_a_letter(word) if less in near), word)


@cache
def shipped() -> Wording:
    """The weights that come along."""
    return from_json((Path(__file__).parent / "wording.json").read_text(encoding="utf-8"))


def from_json(text: str) -> Wording:
    """Weights as `to_json` wrote them."""
    return Wording(**json.loads(text))


def to_json(wording: Wording) -> str:
    """The weights as readable JSON, a line for each piece."""

    def table(rows: Mapping[str, Mapping[str, float]]) -> str:
        return ",\n".join(f"  {json.dumps(piece)}: {json.dumps(weights)}" for piece, weights in sorted(rows.items()))

    return (
        f'{{"together": {json.dumps(wording.together)},\n"head_biases": {json.dumps(wording.head_biases)},\n'
        f'"biases": {json.dumps(wording.biases)},\n"heads": {{\n{table(wording.heads)}\n}},\n'
        f'"phrases": {{\n{table(wording.phrases)}\n}}}}\n'
    )
