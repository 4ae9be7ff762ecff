"""The patient's name in a running head, where no label announces it: 'RIVERA, ANA M   MRN: 00123   DOB: 03/14/1957'."""

import re

from classify.fields import name as names
from classify.finding.labels import FoundLabel
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row

_IDENTIFIERS = frozenset({"mrn", "dob", "encounter", "account"})


_CLIENT = frozenset({"client", "child", "re"})
"""Words that announce a patient only where identifiers follow: a laboratory's client is a practice."""


def find_name(rows: tuple[Row, ...], anchors: list[FoundLabel]) -> UnlabelledValue | None:
    """The name at the beginning of a row in which two identifiers, or a record number, follow it."""
    by_row: dict[int, list[FoundLabel]] = {}
    for anchor in anchors:
        by_row.setdefault(anchor.row, []).append(anchor)
    for number, row in enumerate(rows):
        labels = by_row.get(number, [])
        here = sorted(anchor.first for anchor in labels if anchor.field in _IDENTIFIERS)
        any_label = min((anchor.first for anchor in labels), default=0)
        if not here or any_label < 2 or here[0] > 6 or (row.top_share > 0.2 and row.top_share < 0.85):
            continue
        words = row.words[:any_label]
        if words[0].text.rstrip(":").lower() in _CLIENT:
            words = words[1:]
        parsed = names.parse(" ".join(word.text for word in words).strip(" |-,;"), Profile())
        if parsed is not None:
            read = 1.0
            for word in words:
                read *= word.confidence
            return UnlabelledValue("name", parsed[0], words, 0.9 * read, "running head")
    return None


_STICKER_ROWS = 2
"""Rows under the name on a patient label within which an identifier stands."""

_STATE = re.compile(
    r", (?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])\b[ .\d-]*$"
)
"""A place, which a letterhead may have there too (USPS Publication 28, Appendix B)."""


def find_sticker_name(rows: tuple[Row, ...], anchors: list[FoundLabel]) -> UnlabelledValue | None:
    """The name that stands by itself above the identifiers of a patient label: 'RIVERA, ANA M' over 'MRN: 00123'."""
    labelled = {anchor.row for anchor in anchors}
    identified = {anchor.row for anchor in anchors if anchor.field in _IDENTIFIERS}
    for number, row in enumerate(rows):
        below = rows[number + 1 : number + 1 + _STICKER_ROWS]
        near = [n for n, other in enumerate(below, number + 1) if n in identified and _stands_under(other, row)]
        if number in labelled or not near or "," not in row.text or _STATE.search(row.text):
            continue
        parsed = names.parse(row.text.strip(" |-,;"), Profile())
        if parsed is not None and parsed[1]:
            read = 1.0
            for word in row.words:
                read *= word.confidence
            return UnlabelledValue("name", parsed[0], row.words, 0.9 * read, "running head")
    return None


def _stands_under(row: Row, name: Row) -> bool:
    """Whether a row begins below a name, near enough to be of the same label."""
    high = name.box.height
    return abs(row.box.left - name.box.left) < 3 * high and row.box.top - name.box.bottom < 4 * high
