"""The patient's name in a running head, where no label announces it: 'RIVERA, ANA M   MRN: 00123   DOB: 03/14/1957'."""

from classify.fields import name as names
from classify.finding.labels import Anchor
from classify.finding.told import Told
from classify.profile import Profile
from classify.rows import Row

_IDENTIFIERS = frozenset({"mrn", "dob", "encounter", "account"})


def find_name(rows: tuple[Row, ...], anchors: list[Anchor]) -> Told | None:
    """The name at the beginning of a row in which two identifiers, or a record number, follow it."""
    by_row: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        by_row.setdefault(anchor.row, []).append(anchor)
    for number, row in enumerate(rows):
        labels = by_row.get(number, [])
        here = sorted(anchor.first for anchor in labels if anchor.field in _IDENTIFIERS)
        any_label = min((anchor.first for anchor in labels), default=0)
        if not here or any_label < 2 or here[0] > 6 or (row.top_share > 0.2 and row.top_share < 0.85):
            continue
        words = row.words[:any_label]
        parsed = names.parse(" ".join(word.text for word in words).strip(" |-,;"), Profile())
        if parsed is not None:
            read = 1.0
            for word in words:
                read *= word.confidence
            return Told("name", parsed[0], words, 0.9 * read, "running head")
    return None
