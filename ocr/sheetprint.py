"""What a page is found by when the same sheet comes again: keys of what is written on it, its words and its ink as they are
compared.

The keys are the smallest hashes (bottom-k sketch; Cohen and Kaplan 2007, after Broder's MinHash 1997) of pairs of words that
hold a number, and of triples of others: two scans of one sheet share about as many of them as words that were read alike. What
is written by hand is not read; its blanks have keys of their own (ocr/blanks.py).
"""

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np
import numpy.typing as npt

from ocr import blanks
from ocr.inkpicture import INK_DPI, InkPicture
from ocr.page import OcrPage, Word

Boxes = npt.NDArray[np.float64]
"""A row a word: left, top, right, bottom in 1/200 inch of the cleaned page."""

UNITS = 200
"""Units an inch: coarse enough for two bytes, fine enough for a letter."""

NUMBER_KEYS, TEXT_KEYS = 16, 16
"""Of each kind. Where two thirds of the words are read alike, a third of the triples are: five of sixteen are shared."""

_MOST_WORDS = 2_000  # a dense page of a newspaper has 3,000; what lies behind is not compared
_LEAST_WORDS = 6  # fewer say too little to find a page by
_KEPT = "1"  # of the form in which words are kept

_LOOK_ALIKE = str.maketrans("olizsbgq|!", "0112589911")
"""Letters that recognisers take for digits and the other way round, as one."""

_EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class SheetPrint:
    """Of one page: how many words are compared, the keys that it is found by and those it looks for (64 bits, signed), its words,
    blanks and ink as they are kept."""

    words: int
    keys: tuple[int, ...]
    sought: tuple[int, ...]
    data: bytes
    blanks: bytes = b""
    ink: bytes = b""


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The words of a page as they are compared: `texts` as read, `plain` with letters that look alike as one; confidences 0 to 1;
    the size of the page in 1/200 inch."""

    texts: tuple[str, ...]
    plain: tuple[str, ...]
    boxes: Boxes
    confidences: npt.NDArray[np.float64]
    width: float
    height: float


def make_print(page: OcrPage, picture: InkPicture | None = None) -> SheetPrint | None:
    """The print of a page and of the picture of its ink, or None of a page with too few words to be told from others."""
    lines = _lines(page)
    words = [(text, word) for line in lines for text, word in line][:_MOST_WORDS]
    if len(words) < _LEAST_WORDS or not page.width:
        return None
    scale = UNITS / (page.dpi or UNITS)
    numbers = (page.width, page.height, *(edge for _, word in words for edge in word.box))
    sized = np.clip(np.rint(np.array(numbers, np.float64) * scale), 0, 32_767).astype("<u2")
    sure = np.array([round(word.confidence * 100) for _, word in words], np.uint8)
    texts = "\n".join(text for text, _ in words).encode("utf-8", "replace")
    kept = b"\0".join((_KEPT.encode(), str(len(words)).encode(), texts)) + b"\0" + sized.tobytes() + sure.tobytes()
    plain = [[(plain_text(text), is_number(text)) for text, _ in line] for line in lines]
    keys, data = _keys(plain), zlib.compress(kept, 1)
    if picture is None:
        return SheetPrint(len(words), keys, keys, data)
    texts_of = [text for line in plain for text, _ in line][:_MOST_WORDS]
    printed = blanks.Printed(texts_of, sized[2:].reshape(-1, 4) * (INK_DPI / UNITS), sure / 100)
    found = blanks.find_blanks(printed, picture)
    return SheetPrint(
        len(words),
        (*keys, *sorted(blanks.keys_kept(found) - set(keys))),
        (*keys, *sorted(blanks.keys_looked_for(found) - set(keys))),
        data,
        blanks.packed(found),
        picture.packed(),
    )


def read_print(data: bytes) -> SheetWords:
    """The words that `make_print` kept."""
    _, count, texts, rest = zlib.decompress(data).split(b"\0", 3)
    n = int(count)
    sized = np.frombuffer(rest, "<u2", 2 + 4 * n).astype(np.float64)
    sure = np.frombuffer(rest, np.uint8, n, offset=2 * (2 + 4 * n)) / 100
    said = tuple(texts.decode().split("\n"))
    return SheetWords(said, tuple(map(plain_text, said)), sized[2:].reshape(n, 4), sure, sized[0], sized[1])


def words_of(page: OcrPage) -> SheetWords | None:
    """The words of a page as they are compared, or None of one with too few."""
    made = make_print(page)
    return read_print(made.data) if made else None


@lru_cache(maxsize=20_000)
def plain_text(text: str) -> str:
    """A word with small letters, without signs at its ends, and with letters and digits that look alike as one."""
    return _EDGES.sub("", text.casefold()).translate(_LOOK_ALIKE)


def _lines(page: OcrPage) -> list[list[tuple[str, Word]]]:
    """The words that hold a letter or digit, a text line each; what runs another way than its page is left out."""
    upright = [word for word in page.words if word.turn == 0]
    return [
        [(word.text.replace("\n", " ").replace("\0", ""), word) for word in line if any(c.isalnum() for c in word.text)]
        for _, line in groupby(upright, key=lambda word: word.line)
    ]


def is_number(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 2


def _keys(lines: Sequence[Sequence[tuple[str, bool]]]) -> tuple[int, ...]:
    numbers, texts = set[int](), set[int]()
    for line in lines:
        words = [(plain, is_number) for plain, is_number in line if plain]
        numbers.update(map(_hash, _numbers(words)))
        texts.update(map(_hash, _triples([plain for plain, _ in words])))
    return (*sorted(numbers)[:NUMBER_KEYS], *sorted(texts - numbers)[:TEXT_KEYS])


def _numbers(words: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, ...]]:
    """Each number of a line with the word before and with the word behind it."""
    plain = [text for text, _ in words]
    for at, (_, is_number) in enumerate(words):
        if is_number:
            yield tuple(plain[max(0, at - 1) : at + 1])
            yield tuple(plain[at : at + 2])


def _triples(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for at in range(max(1, len(words) - 2)):
        triple = tuple(words[at : at + 3])
        if sum(map(len, triple)) >= 6:
            yield triple


def _hash(words: tuple[str, ...]) -> int:
    digest = hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
