"""Days and numbers that a sentence says to be nobody's identity: 'consent was signed on 08/05/2024', 'Order 72893126'."""

import re

from classify.rows import Row
from ocr.page import Word

_BEFORE_DAYS = frozenset("on of since until till by from to in for through dated after before and between".split())
_BIRTH = frozenset("born birth birthdate birthday dob d.o.b bdate b.d nacimiento nacido nacida naissance".split())
_AGED = frozenset("age aged old yo y/o year-old".split())
_WORDS_BEFORE = 4
"""Words among which 'born' makes the day of a sentence a birthday: born on, whose date of birth is the."""

_THINGS = frozenset(
    "order accession job invoice authorization requisition ticket batch claim room ext extension suite rx prescription license licence npi dea upin "
    "protocol specimen".split()
)
"""Words right before numbers that are no patient's: 'Order 72893126 was sent to the pharmacy'. None of them is a surname,
as Page, Box and Check are."""


_HOUR = re.compile(r"\(?\d{1,2}:\d{2}(?::\d{2})?\b|\(?\d{4} ?h(?:rs?|ours?)?\b|(?:[01]\d|2[0-3])[0-5]\d(?:\s|$)")
"""The hour behind a day, which no birthday without a label has."""

_LEAST_OF_A_WORD = 3
"""Letters of a word in small letters that is no sex, initial or 'yo'."""


def is_of_an_event(rows: tuple[Row, ...], number: int, first: int) -> bool:
    """Whether a sentence tells of a day: a small word stands a blank before it (at the end of the row before where it begins
    one), 'Last tetanus shot 06/04/2023'; or an hour stands behind it."""
    row = rows[number]
    words = list(row.words[:first])
    is_first = not words
    if len(words) < _WORDS_BEFORE and number and _goes_on(rows[number - 1], row):
        words = [*rows[number - 1].words, *words]
    before = [word.text.lower().strip(".,;:()") for word in words[-_WORDS_BEFORE:]]
    if not _BIRTH.isdisjoint(before):
        return False
    if not words or not words[-1].text.islower():
        return False
    is_told = len(before[-1]) >= _LEAST_OF_A_WORD and before[-1].isalpha() and words[-1].text.isalpha()
    is_close = not is_first and _is_close(words[-1], row.words[first])
    return before[-1] in _BEFORE_DAYS or (is_told and is_close)


_MADE = frozenset("printed signed faxed typed dictated transcribed".split())
"""Words before the day on which paper was made."""


def has_hour(row: Row, first: int, last: int) -> bool:
    """Whether an hour stands behind a day (its first and last word), or a word of printing before it: '3/14/2024 10:20 AM'
    is nobody's birthday."""
    if first and row.words[first - 1].text.lower().strip(".,:()") in _MADE:
        return True
    behind = row.words[last + 1 : last + 3]
    text = " ".join(word.text for word in behind).lstrip("/@- ").removeprefix("at ")
    return bool(behind) and _is_close(row.words[last], behind[0]) and _HOUR.match(text) is not None


def tells_of_birth(row: Row, first: int) -> bool:
    """Whether a word of birth or age stands among those before a day."""
    before = {word.text.lower().strip(".,;:()") for word in row.words[max(0, first - _WORDS_BEFORE) : first]}
    return not before.isdisjoint(_BIRTH | _AGED)


def is_of_a_thing(rows: tuple[Row, ...], number: int, first: int) -> bool:
    """Whether a word right before a number says that it is an order's, a room's or the like."""
    row = rows[number]
    if first == 0:
        above = rows[number - 1] if number else None
        return above is not None and _goes_on(above, row) and _is_thing(above.words[-1])
    before, word = row.words[first - 1], row.words[first]
    return _is_close(before, word) and _is_thing(before)


def is_in_sentence(row: Row, first: int, last: int) -> bool:
    """Whether a word in small letters stands a blank before or behind these words."""
    beside = [(first - 1, first), (last, last + 1)]
    return any(
        _is_close(row.words[one], row.words[other]) and row.words[at].text[:1].islower()
        for one, other in beside
        if one >= 0 and other < len(row.words)
        for at in ((one,) if other == first else (other,))
    )


_LEAST_OF_PROSE = 4
"""Words in small letters of a row that is running text."""


def is_prose(row: Row) -> bool:
    """Whether a row is running text."""
    return sum(word.text[:1].islower() and len(word.text) > 1 for word in row.words) >= _LEAST_OF_PROSE


def _is_close(one: Word, other: Word) -> bool:
    return other.box.left - one.box.right <= 1.5 * max(other.box.height, 12)


def _is_thing(word: Word) -> bool:
    return word.text.lower().strip(".:#,()") in _THINGS


def _goes_on(above: Row, row: Row) -> bool:
    """Whether a row follows close under another, as lines of one paragraph do."""
    return row.box.top - above.box.bottom <= 1.5 * max(row.box.height, 12)
