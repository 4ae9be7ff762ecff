"""Labels that nothing sets off from their value: told by a value of their kind right behind them.

'Born 03/14/1957 Sex F' has neither colon nor gap. A label is one there when it does not stand inside a sentence: what is
before it is no word in small letters, and its value is followed by another label, a gap, a bar or the end of the row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from classify.finding.field import Field, longest_value, until_gap, without_leaders
from classify.normal import plain
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Word

BARS = frozenset("| ¦ ‖ • · || ; / ~".split())
"""Signs between the fields of a row."""

_LEAST_DIGITS = 5
"""Of a number that the site's pattern does not know: the fewest that one right behind its label has."""

IDENTITY = frozenset(
    "mrn dob sex encounter account service_date admit_date discharge_date member_id group npi ssn4".split()
)
"""Fields whose labels stand in the midst of a row; there a telephone may be any lawyer's."""

_ANYBODYS = frozenset({"date", "date time", "visit", "account", "id"})
"""Labels that announce a field at the beginning of a row only: any signer has a date behind his name."""

_TELEPHONES = frozenset({"phone", "phone/other"})

_NAMES = frozenset({"name", "attending", "payer", "payer/carrier"})
"""Fields whose values are told from other words only by what follows them."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value right behind a label: the number of its first word in the row, and of the first word after it."""

    first: int
    end: int


def value_behind(
    row: Row, first: int, last: int, field: Field, profile: Profile, *, follows_identity: bool = False
) -> Value | None:
    """The value right behind a label (its first and last word), or None when the words do not stand as label and value.

    Behind a label that says whose the row is (`follows_identity`) a telephone is that person's.
    """
    is_any = (field.name not in IDENTITY and not (follows_identity and field.name in _TELEPHONES)) or (
        plain(" ".join(word.text for word in row.words[first : last + 1])) in _ANYBODYS
    )
    if not field.is_typed or (is_any and first > 0) or not _begins_a_field(row, first):
        return None
    following = until_gap(row.words[last + 1 :])
    words = without_leaders(following)
    found = longest_value(field, words, profile)
    if found is None or (not found[2] and (field.name in profile.own_patterns or _digits(words[0]) < _LEAST_DIGITS)):
        return None
    start = last + 1 + len(following) - len(words)
    end = start + _length(field, words[: found[3]], found[0], profile)
    return Value(start, end) if _ends_a_field(row, end) else None


def _digits(word: Word) -> int:
    return sum(map(str.isdigit, word.text))


def _length(field: Field, words: Sequence[Word], value: str, profile: Profile) -> int:
    """How many words a value takes up; what is read from a word alone says the same with any words behind it."""
    for count in range(1, len(words)):
        found = longest_value(field, words[:count], profile)
        if found is not None and found[0] == value:
            return count
    return len(words)


def name_behind(row: Row, first: int, last: int, next_label: int, field: Field, profile: Profile) -> bool:
    """Whether all the words between a label and the next one are a name: 'Patient Beatrice Okafor Record No 00418273'."""
    if field.name not in _NAMES or not _begins_a_field(row, first, is_strict=True):
        return False
    words = without_leaders(list(row.words[last + 1 : next_label]))
    found = longest_value(field, words, profile) if words else None
    return found is not None and found[2] and found[3] == len(words) and all(is_capital(word.text) for word in words)


def is_bar(text: str) -> bool:
    """Whether a word is only a sign between two fields."""
    return text in BARS


def _begins_a_field(row: Row, at: int, *, is_strict: bool = False) -> bool:
    """Whether a label may begin here: at the row's beginning, after a gap or bar, or after a value."""
    if at == 0:
        return row.words[0].text != "born"  # of a sentence that began in the row before
    before, word = row.words[at - 1], row.words[at]
    is_parted = (
        before.text.endswith(("|", ";", ",")) and not word.text[:1].islower()
    )  # 'Kenneth Lewis, born' is a sentence
    if is_bar(before.text) or is_parted or (before.text in _DASHES and not word.text[:1].islower()):
        return True
    gap = word.box.left - before.box.right
    if gap > _GAP * row.wide * max(1, min(word.box.height, before.box.height)):
        return True
    is_after_value = is_capital(before.text) or any(c.isdigit() for c in before.text)
    return not is_strict and is_after_value and not word.text[:1].islower()


_DASHES = frozenset("- – —".split())
"""Signs between a name and what follows it: 'Re: RIVERA, ANA - Birthdate 03/14/1957'."""

_GAP = 0.8
"""Height of a word, so many times, that is more than a blank."""


def _ends_a_field(row: Row, end: int) -> bool:
    """Whether a field may end before this word: no word in small letters goes on."""
    if end >= len(row.words):
        return True
    after, last = row.words[end], row.words[end - 1]
    gap = after.box.left - last.box.right
    return gap > _GAP * row.wide * max(1, min(after.box.height, last.box.height)) or not after.text[:1].islower()


def is_capital(text: str) -> bool:
    """Whether a word begins as names do: with a capital, or as de and van."""
    letters = text.strip("(\"'“")
    return letters[:1].isupper() or letters.lower() in _SMALL_IN_NAMES


_SMALL_IN_NAMES = frozenset("de la del van von der den da di el al bin ibn y".split())
