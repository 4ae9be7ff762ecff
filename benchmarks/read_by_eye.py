"""What stands on real pages, read by eye and kept as hashes, and which words of a reading are right by it.

    python -m benchmarks.read_by_eye TRUTH.json      makes read_by_eye.json from the plain text, which is not kept here

The plain text: "path#page" → printed and written lines, [label, value, "printed" or "written"] pairs, and a note with
the resolution. A hash keeps text out of the repository; it is no secret, for a short word can be guessed.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ocr.page import Box

FILE = Path(__file__).parent / "read_by_eye.json"

_SALT = b"read by eye"

_FOLDED = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "−": "-"})
_OUTER = re.compile(r"^\W+|\W+$")  # a rule of underscores is a word, as in the figures of real-forms/README.md
_PLAIN = re.compile(r"[a-z0-9]+")

_MOST_WORDS, _LEAST_LETTERS = 4, 4
"""Neighbours that may be read without the gaps between them, and letters under which that is chance."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Hashes of what stands somewhere: whole words, runs of [a-z0-9], and neighbours without the gap between them."""

    words: Counter[str] = field(default_factory=Counter)
    plain: Counter[str] = field(default_factory=Counter)
    gapless: frozenset[str] = frozenset()

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.words + other.words, self.plain + other.plain, self.gapless | other.gapless)


@dataclass(frozen=True, slots=True)
class PairTruth:
    """A label and its value as hashes of whole words; where each may stand, when the truth says so."""

    label: tuple[str, ...]
    value: tuple[str, ...]
    is_written: bool = False
    label_places: tuple[Box, ...] = ()
    value_places: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class PageTruth:
    """What stands on a page: in print, in handwriting, and which labels have which values."""

    printed: Tokens
    written: Tokens = field(default_factory=Tokens)
    pairs: tuple[PairTruth, ...] = ()
    dpi: int = 0

    @property
    def all(self) -> Tokens:
        """Print and handwriting."""
        return self.printed + self.written


_TRUE_DPI = {"medical-forms/aws-textractor/multi_page_tiff.tiff#1": 118}
"""A letter page 1000 pixels wide whose tag says 300 dpi."""

Split = Callable[[str], tuple[str, ...]]


def whole_words(text: str) -> tuple[str, ...]:
    """Hashes of the words of a text: small letters, plain quotes and dashes, outer punctuation off."""
    return tuple(_hash(word) for part in _folded(text).split() if (word := _OUTER.sub("", part)))


def plain_tokens(text: str) -> tuple[str, ...]:
    """Hashes of the runs of letters and digits in a text."""
    return tuple(_hash(token) for token in _PLAIN.findall(_folded(text)))


def tokens_of(lines: Sequence[str]) -> Tokens:
    """All hashes of some lines of text."""
    text = "\n".join(lines)
    gapless = {
        _hash(joined)
        for line in lines
        for tokens in [_PLAIN.findall(_folded(line))]
        for start in range(len(tokens))
        for end in range(start + 2, min(len(tokens), start + _MOST_WORDS) + 1)
        if len(joined := "".join(tokens[start:end])) >= _LEAST_LETTERS
    }
    return Tokens(Counter(whole_words(text)), Counter(plain_tokens(text)), frozenset(gapless))


def right_words(
    texts: Sequence[str],
    confidences: Sequence[float],
    truth: Counter[str],
    split: Split,
    gapless: frozenset[str] = frozenset(),
) -> list[bool | None]:
    """Whether all tokens of each word stand on the page, the surest word first; None for a word without a token.

    Each token of the truth counts for one word only. Words in `gapless` are right too: the letters are, a gap is lost.
    """
    left = truth.copy()
    right: list[bool | None] = [None] * len(texts)
    for number in sorted(range(len(texts)), key=lambda number: -confidences[number]):
        tokens = split(texts[number])
        if not tokens:
            continue
        right[number] = is_there = Counter(tokens) <= left
        if is_there:
            left.subtract(tokens)
        elif gapless:
            right[number] = _hash("".join(_PLAIN.findall(_folded(texts[number])))) in gapless
    return right


def load_truth() -> dict[str, PageTruth]:
    """The pages read by eye, by "path in shared/data#page"."""
    pages: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: _page_from(page) for name, page in pages.items()}


def hashed(truth: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The plain text of pages read by eye as it is kept: hashes in the order of the hashes, pairs in the order of the page."""
    return {
        name: {
            "dpi": _TRUE_DPI.get(name) or _dpi_of(page["note"]),
            "printed": _kept(tokens_of(page["printed"])),
            "written": _kept(tokens_of(page["written"])),
            "pairs": [
                [" ".join(whole_words(label)), " ".join(whole_words(value)), kind]
                for label, value, kind in page["pairs"]
            ],
        }
        for name, page in truth.items()
    }


def _page_from(page: dict[str, Any]) -> PageTruth:
    pairs = tuple(
        PairTruth(tuple(label.split()), tuple(value.split()), kind == "written") for label, value, kind in page["pairs"]
    )
    return PageTruth(_tokens_from(page["printed"]), _tokens_from(page["written"]), pairs, page["dpi"])


def _tokens_from(kept: dict[str, str]) -> Tokens:
    return Tokens(Counter(kept["words"].split()), Counter(kept["plain"].split()), frozenset(kept["gapless"].split()))


def _kept(tokens: Tokens) -> dict[str, str]:
    return {
        "words": " ".join(sorted(tokens.words.elements())),
        "plain": " ".join(sorted(tokens.plain.elements())),
        "gapless": " ".join(sorted(tokens.gapless)),
    }


def _dpi_of(note: str) -> int:
    """The resolution that the note begins with; 0 when it says none."""
    found = re.search(r"(\d+) dpi", note)
    return int(found[1]) if found else 0


def _folded(text: str) -> str:
    return text.lower().translate(_FOLDED)


@cache
def _hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=8, salt=_SALT).hexdigest()


if __name__ == "__main__":
    plain_text = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    FILE.write_text(json.dumps(hashed(plain_text), indent=1) + "\n", encoding="utf-8")
