"""Who signed and when, and how an order was given: what a signature line or stamp says."""

import re
from collections.abc import Iterator

from classify.fields import attending
from classify.fields.dates import find_date
from classify.finding.unlabelled import UnlabelledValue
from classify.guess import FieldValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import MarkKind, MarkState, OcrPage

_SIGNED = re.compile(
    r"(?i)\b(?:(?:electronically|digitally)\s+(?:signed|authenticated)|authenticated|e-?signed|signed\s+electronically|signed)\b(?:\s+by\b)?\s*[:;]?\s*"
)
_DAY = re.compile(r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2}\s[A-Z][a-z]{2}\s\d{4}|[A-Z][a-z]{2}\s\d{1,2},\s?\d{4}")
_LONGEST_LINE = 200
"""Letters after 'signed by' that may name the signer; these patterns take the square of a text's length."""

_BETWEEN = re.compile(r"(?i)[\s,;:]*(?:\b(?:on|at|date|dated|date signed|signed)\b[\s,;:]*)*$")
_ORDER = re.compile(
    r"(?<![A-Za-z])(?:(v\.?\s?o\.?|verbal order)|(t\.?\s?o\.?|telephone order|phone order))(?=[\s/:,.)]|$)",
    re.IGNORECASE,
)
_ORDER_SIGNS = re.compile(
    r"(?i)\bv\.\s?o\.|\bt\.\s?o\.|\bV\.?O\.?\s*(?:/|dr\b|per\b)|\bT\.?O\.?\s*(?:/|dr\b|per\b)|verbal order|telephone order|phone order"
)


def find(rows: tuple[Row, ...], profile: Profile) -> Iterator[UnlabelledValue]:
    """The signer and the date of signing, and the mode of orders that were given by voice or telephone."""
    for row in rows:
        text = row.text
        read = min((word.confidence for word in row.words), default=0.0)
        if match := _SIGNED.search(text):
            rest = text[match.end() : match.end() + _LONGEST_LINE]
            day = _DAY.search(rest)
            name = _BETWEEN.sub("", rest[: day.start()] if day else rest)
            who = attending.parse(_without_title(name), profile)
            if who is not None:
                yield UnlabelledValue("signed_by", who[0], row.words, 0.85 * read, "text")
                if day and (when := find_date(day[0], profile)):
                    yield UnlabelledValue("signed_date", when.isoformat(), row.words, 0.85 * read, "text")
        if _ORDER_SIGNS.search(text) and (mode := _ORDER.search(text)):
            yield UnlabelledValue("order_mode", "verbal" if mode[1] else "telephone", row.words, 0.8 * read, "text")


_MARK_CONFIDENCE = {MarkState.PRESENT: 0.7, MarkState.ABSENT: 0.7, MarkState.UNCLEAR: 0.3}
"""How far a look at the line is believed: ink on a signature line is a suggestion, a person confirms it."""


def find_marks(page: OcrPage) -> Iterator[FieldValue]:
    """Whether something is written on each signature line: present, absent or unclear, with its place."""
    for mark in page.marks:
        if mark.kind is MarkKind.SIGNATURE and mark.state is not None:
            sure = _MARK_CONFIDENCE.get(mark.state, 0.3)
            yield FieldValue("signature", str(mark.state), "", sure, page.number, mark.box, "ink")


def _without_title(text: str) -> str:
    return re.sub(
        r"(?i)[,\s]+(?:m\.?d\.?|d\.?o\.?|r\.?n\.?|np|fnp|aprn|crna|cnm|pt|dpt|lcsw|pa(?:-c)?|ph\.?d\.?)\b.*$",
        "",
        " ".join(text.split()),
    )
