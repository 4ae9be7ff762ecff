"""Who signed and when, and how an order was given: what a signature line or stamp says."""

import re
from collections.abc import Iterator

from classify import normal
from classify.fields import attending
from classify.fields.dates import find_date
from classify.fields.told import Told
from classify.profile import Profile
from classify.rows import Row

_SIGNED = re.compile(
    r"(?i)\b(?:(?:electronically|digitally)\s+(?:signed|authenticated)(?:\s+and\s+\w+)?|authenticated|e-?signed|signed\s+electronically|signed)"
    r"\s*(?:by\b)?\s*[:;]?\s*(?P<who>[A-Z][\w.,' -]{3,60}?)(?:\s*(?:,\s*)?(?:on|at|date|dated)?\s*[:;]?\s*"
    r"(?P<when>\d[\d/.\-]{5,9}|\d{1,2}\s\w{3}\s\d{4}|[A-Z][a-z]{2}\s\d{1,2},\s\d{4}))?(?:\W|$)"
)
_ORDER = re.compile(
    r"(?<![A-Za-z])(?:(v\.?\s?o\.?|verbal order)|(t\.?\s?o\.?|telephone order|phone order))(?=[\s/:,.)]|$)",
    re.IGNORECASE,
)
_ORDER_SIGNS = re.compile(
    r"(?i)\bv\.\s?o\.|\bt\.\s?o\.|\bV\.?O\.?\s*(?:/|dr\b|per\b)|\bT\.?O\.?\s*(?:/|dr\b|per\b)|verbal order|telephone order|phone order"
)


def find(rows: tuple[Row, ...], profile: Profile) -> Iterator[Told]:
    """The signer and the date of signing, and the mode of orders that were given by voice or telephone."""
    for row in rows:
        text = row.text
        match = _SIGNED.search(text)
        read = min((word.confidence for word in row.words), default=0.0)
        if match and (who := attending.parse(_without_title(match["who"]), profile)):
            yield Told("signed_by", who[0], row.words, 0.85 * read, "text")
            if match["when"] and (when := find_date(match["when"], profile)):
                yield Told("signed_date", when.isoformat(), row.words, 0.85 * read, "text")
        if _ORDER_SIGNS.search(text) and (mode := _ORDER.search(text)):
            yield Told("order_mode", "verbal" if mode[1] else "telephone", row.words, 0.8 * read, "text")


def _without_title(text: str) -> str:
    return re.sub(r"(?i)[,\s]+(?:m\.?d\.?|d\.?o\.?|r\.?n\.?|np|pa(?:-c)?|ph\.?d\.?)\b.*$", "", normal_spaces(text))


def normal_spaces(text: str) -> str:
    """The text with single blanks."""
    return " ".join(normal.plain(text).split()) if not text.isascii() else " ".join(text.split())
