"""Days and numbers that a sentence says to be nobody's identity: 'consent was signed on 08/05/2024', 'Order 72893126'."""

from classify.rows import Row
from ocr.page import Word

_BEFORE_DAYS = frozenset("on of since until till by from to in for through dated after before and between".split())
_BIRTH = frozenset("born birth birthdate birthday dob d.o.b bdate".split())
_WORDS_BEFORE = 4
"""Words among which 'born' makes the day of a sentence a birthday: born on, whose date of birth is the."""

_THINGS = frozenset(
    "order accession job invoice authorization requisition ticket batch claim room ext extension suite rx prescription license licence npi dea upin "
    "protocol specimen".split()
)
"""Words right before numbers that are no patient's: 'Order 72893126 was sent to the pharmacy'. None of them is a surname,
as Page, Box and Check are."""


def is_of_an_event(rows: tuple[Row, ...], number: int, first: int) -> bool:
    """Whether a small word of a sentence stands right before a date, at the end of the row before where it begins one."""
    words = list(rows[number].words[:first])
    if len(words) < _WORDS_BEFORE and number and _goes_on(rows[number - 1], rows[number]):
        words = [*rows[number - 1].words, *words]
    before = [word.text.lower().strip(".,;:()") for word in words[-_WORDS_BEFORE:]]
    is_small = bool(before) and before[-1] in _BEFORE_DAYS and words[-1].text.islower()
    return is_small and _BIRTH.isdisjoint(before)


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


def _is_close(one: Word, other: Word) -> bool:
    return other.box.left - one.box.right <= 1.5 * max(other.box.height, 12)


def _is_thing(word: Word) -> bool:
    return word.text.lower().strip(".:#,()") in _THINGS


def _goes_on(above: Row, row: Row) -> bool:
    """Whether a row follows close under another, as lines of one paragraph do."""
    return row.box.top - above.box.bottom <= 1.5 * max(row.box.height, 12)
