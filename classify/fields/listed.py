"""Diagnoses in a numbered list below their label: '1. Pneumonia', '2. Gout' …"""

import re
from collections.abc import Iterator

from classify import normal
from classify.fields.clinical import ADMITTING, DIAGNOSIS, OTHER, PRINCIPAL, parse_text
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row

_LABELS = {
    normal.plain(label): field.name for field in (DIAGNOSIS, PRINCIPAL, ADMITTING, OTHER) for label in field.labels
}
_ITEM = re.compile(r"^\W*(\d{1,2})[.)]$")
_SURE = 0.85
"""Not measured: an item is believed, and never so sure that a document could file itself with it (classify/autofile.py)."""


def find(rows: tuple[Row, ...], profile: Profile) -> Iterator[UnlabelledValue]:
    """Every item of such lists. The first is what the label says, those behind it are others; numbers must follow."""
    for number, row in enumerate(rows):
        name = _LABELS.get(normal.plain(row.text))
        if name is None:
            continue
        for count, item in enumerate(rows[number + 1 :], start=1):
            numbered = _ITEM.match(item.words[0].text)
            if numbered is None or int(numbered[1]) != count or len(item.words) < 2:
                break
            words = item.words[1:]
            parsed = parse_text(" ".join(word.text for word in words), profile)
            if parsed is not None:
                sure = _SURE * min(word.confidence for word in words)
                yield UnlabelledValue(name if count == 1 else OTHER.name, parsed[0], words, sure, "label")
