"""A site's rules for its kinds of document: a regular expression, where on which page it must stand, and what must not."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from classify.rows import Row
from ocr.page import Box, around

HEAD, FOOT = 0.25, 0.85
"""Share of a page from its top down to which its head reaches, and from which its foot begins."""

LONGEST_ROW, MOST_LETTERS = 400, 6000
"""Letters of a row and of a place that a rule is asked about; a page of small print has 5,000."""


class Where(StrEnum):
    """The part of a page on which a pattern must be found."""

    HEAD = "head"
    FOOT = "foot"
    ANYWHERE = "anywhere"


class Which(StrEnum):
    """The page of a document on which a pattern must be found."""

    FIRST = "first"
    LAST = "last"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class TypeRule:
    """A rule of the profile, by its place in the file (from 1): pages on which `pattern` is found and `unless` is not are of
    this kind. Rows are lines of the text (`^` and `$` stand at their ends), words are one blank apart."""

    number: int
    code: str
    pattern: str
    where: Where = Where.ANYWHERE
    page: Which = Which.FIRST
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that a document fulfils: the words that do, their page and place."""

    rule: TypeRule
    words: str
    page: int
    box: Box

    @property
    def sentence(self) -> str:
        """The rule and the words, as the desk shows why a document is of its kind."""
        return f"rule {self.rule.number} of the profile: “{self.words}”"


def find_hits(pages: Sequence[tuple[int, tuple[Row, ...]]], rules: Sequence[TypeRule]) -> tuple[Hit, ...]:
    """What the rules of a site find on the pages of a document, in the order of the rules, one each."""
    return tuple(hit for rule in rules if (hit := _hit_of(rule, pages)) is not None)


def _hit_of(rule: TypeRule, pages: Sequence[tuple[int, tuple[Row, ...]]]) -> Hit | None:
    asked = {Which.FIRST: pages[:1], Which.LAST: pages[-1:], Which.ANY: pages}[rule.page]
    return next((hit for number, rows in asked if (hit := _on_page(rule, number, rows)) is not None), None)


def _on_page(rule: TypeRule, number: int, rows: tuple[Row, ...]) -> Hit | None:
    here = [row for row in rows if _lies(row, rule.where)]
    text, starts = _text_of(here)
    found = compiled(rule.pattern).search(text)
    if found is None or not found[0].strip() or (rule.unless and compiled(rule.unless).search(text)):
        return None
    first, last = (
        max(at for at, start in enumerate(starts) if start <= place) for place in (found.start(), found.end() - 1)
    )
    box = around(row.box for row in here[first : last + 1])
    return Hit(rule, " ".join(found[0].split())[:60], number, box)


def _lies(row: Row, where: Where) -> bool:
    if where is Where.HEAD:
        return row.top_share <= HEAD
    return row.top_share >= FOOT if where is Where.FOOT else True


def _text_of(rows: Sequence[Row]) -> tuple[str, list[int]]:
    """Rows as lines of a text, cut to what a rule is asked about, and where each begins."""
    lines, starts, at = [], [], 0
    for row in rows:
        line = row.text[:LONGEST_ROW]
        if at + len(line) > MOST_LETTERS:
            break
        lines.append(line)
        starts.append(at)
        at += len(line) + 1
    return "\n".join(lines), starts


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern with `^` and `$` at the ends of rows; re.error for what is none."""
    return re.compile(pattern, re.MULTILINE)


def stress_texts(pattern: str) -> Iterator[str]:
    """Texts on which a pattern that backtracks without end does so: long runs of what it may be made of, and then a stop.

    Runs of each of its own letters, of its words, and of letters, digits and blanks in turn (Davis et al. 2018, The impact
    of regular expression denial of service in practice: the attack is a repeated pump and a suffix that fails).
    """
    words = re.findall(r"[A-Za-z0-9]{2,}", pattern)[:8]
    pumps = [*dict.fromkeys(c for c in pattern if c.isalnum())][:16]
    for pump in (
        "a",
        "A",
        "0",
        " ",
        "-",
        ".",
        "a ",
        "A1 ",
        "ab",
        "0-",
        "1/",
        *pumps,
        *words,
        *(f"{word} " for word in words),
    ):
        line = (pump * LONGEST_ROW)[: LONGEST_ROW - 1] + "\x00"
        yield "\n".join([line] * (MOST_LETTERS // LONGEST_ROW))


CPU_SECONDS = 0.5
"""Time that a pattern may take on one of these texts, fifteen lines full of what it is looking for; an ordinary one takes a
thousandth of it."""
