"""The payer whose paper it is, or to whom a claim goes: its name stands in the head, and no label announces it.

A claim has name and address of the payer right of the middle (CMS-1500); an explanation of benefits, a claim form of an
insurer's own and a letter of its reviewers have the name at the top.
"""

import re
from collections.abc import Iterator, Sequence

from classify import normal
from classify.fields import coverage
from classify.finding.labels import FoundLabel
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Word

_BOX = re.compile(r"\(?\d{1,2}[a-z]?\.$|\d{1,2}[a-z]?\.[A-Z]")
"""The number of a box of CMS-1500 before its label: 1a., 2., 11d."""

_LEAST_BOXES = 4
_HEAD = 0.16
"""Share of a page above which the carrier block stands (NUCC, 1500 Claim Form Instruction Manual: upper right, lines 1 to 4)."""

_MIDDLE = 0.4
"""Share of the width right of which it begins."""

_GAP = 2.0
"""Heights of a word that part two cells; titles of claims are set wide."""

_PRINTED = frozenset("claim form approved committee uniform pica nucc omb copy page".split())
"""Words of what is printed in the head of every claim."""

_SURE = 0.75


def find(rows: tuple[Row, ...], anchors: list[FoundLabel], profile: Profile) -> Iterator[UnlabelledValue]:
    """The name in the carrier block of a claim, or at the top of an insurer's paper; nothing of any other page, and nothing
    where a label gives the payer."""
    boxes = [number for number, row in enumerate(rows) if _BOX.match(row.words[0].text)]
    if any(anchor.field == "payer" for anchor in anchors):
        return
    if len(boxes) < _LEAST_BOXES:
        yield from _of_the_insurer(rows, profile)
        return
    head = [row for row in rows[: boxes[0]] if row.top_share < _HEAD]
    if not any("claim" in normal.plain(row.text).split() for row in head):
        return
    wide = max(row.box.right for row in rows)
    for row in head:
        for words in _cells(row.words):
            text = " ".join(word.text for word in words)
            is_printed = bool(_PRINTED & set(normal.plain(text).split())) or any(c.isdigit() for c in text)
            parsed = None if is_printed else coverage.parse_payer(text, profile)
            if parsed is not None and words[0].box.left > _MIDDLE * wide:
                read = min(word.confidence for word in words)
                yield UnlabelledValue("payer", parsed[0], tuple(words), _SURE * read, "letterhead")
                return


_OF_AN_INSURER = re.compile(
    r"(?i)\b(?:explanation of (?:benefits|payment|review)|this is not a bill|utili[sz]ation (?:management|review)|claims? services|"
    r"medical claim|policy ?owner details|remittance advice)\b"
)
"""What only those who pay write at the head of their paper."""

_INSURERS_HEAD, _TOP = 0.35, 0.12
"""Shares of a page in which that stands, and in which the name does."""

_INSTITUTIONAL = re.compile(r"\bREV\.? ?CD\b|\bUB-?04\b|\bCMS-?1450\b")


def is_institutional(rows: tuple[Row, ...]) -> bool:
    """Whether a page is an institutional claim (UB-04)."""
    return any(_INSTITUTIONAL.search(row.text) for row in rows)


def is_of_an_insurer(rows: tuple[Row, ...]) -> bool:
    """Whether the head of a page says that an insurer wrote it."""
    return any(_OF_AN_INSURER.search(row.text) for row in rows if row.top_share <= _INSURERS_HEAD)


def _of_the_insurer(rows: tuple[Row, ...], profile: Profile) -> Iterator[UnlabelledValue]:
    """The first cell of the page that may be a payer, where its head says that an insurer wrote it."""
    if not is_of_an_insurer(rows):
        return
    for row in rows:
        if row.top_share > _TOP:
            return
        for words in _cells(row.words):
            text = " ".join(word.text for word in words)
            if _OF_AN_INSURER.search(text) or _TITLE.search(text) or any(c.isdigit() or c == ":" for c in text):
                continue
            parsed = coverage.parse_payer(text, profile)
            if parsed is not None:
                yield UnlabelledValue(
                    "payer", parsed[0], tuple(words), _SURE * min(word.confidence for word in words), "letterhead"
                )
                return


_TITLE = re.compile(r"(?i)\b(?:form|request|claim|statement|notice|page|fax|from|to)\b")


def _cells(words: Sequence[Word]) -> Iterator[list[Word]]:
    """The words of a row, parted where a gap is."""
    cell: list[Word] = []
    for word in words:
        if cell and word.box.left - cell[-1].box.right > _GAP * max(word.box.height, 12):
            yield cell
            cell = []
        cell.append(word)
    if cell:
        yield cell
