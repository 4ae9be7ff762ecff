"""What an index field is, and how its value is read from words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from classify.profile import Profile
from ocr.page import Word

Parse = Callable[[str, Profile], "tuple[str, bool] | None"]
"""Text after a label to (normal form, is valid), or None when it is no such value at all."""


@dataclass(frozen=True, slots=True)
class Field:
    """One index field: its name, labels, how its value is read, and how many words it may have.

    Where `most_words` say nothing, more are looked at, up to `longest`. `is_typed` is for values that nothing else looks like
    (a date, a sex, a number with digits): they show how a page is laid out. Of `is_secret` ones the value is kept and not how
    it was printed.
    """

    name: str
    labels: tuple[str, ...]
    parse: Parse
    most_words: int = 4
    title: str = ""
    is_typed: bool = False
    is_secret: bool = False
    longest: int = 0


def longest_value(field: Field, words: Sequence[Word], profile: Profile) -> tuple[str, str, bool, int] | None:
    """Value, raw text, validity and number of words: the longest beginning of these words that is such a value."""
    fewer = range(min(len(words), field.most_words), 0, -1)
    for count in (*fewer, *range(field.most_words + 1, min(len(words), field.longest) + 1)):
        raw = " ".join(word.text for word in words[:count]).strip(" :;,.-_|")
        parsed = field.parse(raw, profile) if raw else None
        if parsed is not None:
            return parsed[0], raw, parsed[1], count
    return None


def without_leaders(words: list[Word]) -> list[Word]:
    """Words without the dots, lines and brackets that lead up to a value."""
    first = next((i for i, word in enumerate(words) if any(c.isalnum() for c in word.text)), len(words))
    words = words[first:]
    if words and words[0].text[:1] in "._-:|=([":
        words = [replace(words[0], text=words[0].text.lstrip("._-:|=([")), *words[1:]]
    return words


def until_gap(words: Iterable[Word]) -> list[Word]:
    """Words up to a gap that is wider than any space in a value (four line heights)."""
    kept: list[Word] = []
    for word in words:
        if kept and word.box.left - kept[-1].box.right > 4 * max(word.box.height, 12):
            break
        kept.append(word)
    return kept
