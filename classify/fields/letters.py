"""To whom a letter is written: the name in its address window that the salutation greets.

    JUSTIN NISHEITON
    2594 Franklin Pl
    Dear Mr Nisheiton,

A letter to a patient says so nowhere else. One that names somebody in a RE: line, or behind a label, is about that one, and
nothing is taken from here.
"""

import re
from collections.abc import Iterator, Sequence

from classify import normal
from classify.fields import name
from classify.fields.facility import is_facility, up_to_gap
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Word

_DEAR = re.compile(
    r"^Dear\s(?P<title>(?:Mr|Mrs|Ms|Miss|Mx|Master)\b\.?(?:\s(?:&|and)\b)?\s)?(?P<who>[^,:]{2,60})[,:]?$"
)
_TITLE = re.compile(r"(?i)^(?:to:?\s|attn:?\s)?(?:the\s)?(?:mr|mrs|ms|miss|mx|master)\b\.?\s")
_STREET = re.compile(r"(?i)^(?:\d+[a-z]?\b|flat\b|apt\b|unit\b|p\.?\s?o\.?\sbox|rr?\s?\d|one\b)")
"""What the row under a name begins with on an envelope."""

_ROWS = 12
"""Rows above the salutation among which the address stands."""

_SURE = 0.88
"""Of 100 such names whose words were read right, how many are the patient's: some letters go to a parent or a partner."""


def find(rows: Sequence[Row], profile: Profile) -> Iterator[UnlabelledValue]:
    """The addressee, when the first salutation of the page greets that name."""
    for number, row in enumerate(rows):
        dear = _DEAR.match(_text(up_to_gap(row.words)))
        if dear is None or "&" in row.text or " and " in row.text.lower():
            continue
        greeted = normal.plain(dear["who"]).split()
        for at in range(number - 1, max(-1, number - _ROWS), -1):
            words = _addressee(rows, at)
            value = _value(words, greeted, profile, by_surname=dear["title"] is not None)
            if value is not None:
                yield UnlabelledValue("name", value, words, _SURE * min(word.confidence for word in words), "block")
                break
        return


def _addressee(rows: Sequence[Row], at: int) -> tuple[Word, ...]:
    """The words at the beginning of a row with a street under them, a title before them left out."""
    words, below = up_to_gap(rows[at].words), rows[at + 1]
    if not _STREET.match(below.text) or is_facility(_text(words)):
        return ()
    apart = abs(below.words[0].box.left - words[0].box.left)
    if apart > 2 * max(words[0].box.height, 12):
        return ()
    title = _TITLE.match(f"{_text(words)} ")
    return words[len(title[0].split()) :] if title else words


def _value(words: tuple[Word, ...], greeted: Sequence[str], profile: Profile, *, by_surname: bool) -> str | None:
    """The normal form of a name that a salutation greets by its surname, or whole."""
    parsed = name.parse(_text(words), profile) if words else None
    if parsed is None or not parsed[1] or not greeted:
        return None
    said = normal.plain(parsed[0]).split()
    is_greeted = set(greeted) <= set(said) and (by_surname or len(greeted) > 1)
    return parsed[0] if is_greeted else None


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
