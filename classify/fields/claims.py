"""The payer of a claim: its name and address stand in the head, right of the middle, and no label announces them."""

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
    """The name in the carrier block of a claim; nothing of any other page, and nothing where a label gives the payer."""
    boxes = [number for number, row in enumerate(rows) if _BOX.match(row.words[0].text)]
    if len(boxes) < _LEAST_BOXES or any(anchor.field == "payer" for anchor in anchors):
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
