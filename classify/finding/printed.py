"""Numbers and dates as they are printed over one word or several: set in groups, with a sign of the site's own, in words."""

import re
from collections.abc import Sequence

from classify import normal
from classify.profile import Profile
from ocr.page import Word

EDGES = "()[]{},.;:|*_#\"'"
"""Signs around a number or a date that are none of it."""

# ---- numbers

_OF_A_GROUP = re.compile(r"\d{2,5}")
_MOST_GROUPS = 4
_LEAST_OF_A_SITE = 5
"""Digits of a number that only the site's own pattern tells: one of five is no postcode."""


def has_digit(word: Word) -> bool:
    """Whether a word has a digit at all; most words of a page have none."""
    return not word.text.isalpha() and any(map(str.isdigit, word.text))


def after_colon(text: str) -> str:
    """What follows a label in the same word: MRN:00123456; an hour is no label."""
    head, colon, tail = text.partition(":")
    return tail if colon and tail and not head[-1:].isdigit() else text


def end_of_group(words: Sequence[Word], at: int) -> int:
    """The last word of a number set in groups (001 234 56), or `at` itself: groups of like size that stand close."""
    last = at
    while (
        last < min(at + _MOST_GROUPS, len(words))
        and has_digit(words[last])
        and _OF_A_GROUP.fullmatch(normal.read_as_digits(words[last].text.strip(EDGES)))
    ):
        if last > at and words[last].box.left - words[last - 1].box.right > max(words[last].box.height, 12):
            break
        last += 1
    digits = sum(len(word.text.strip(EDGES)) for word in words[at:last])
    return last - 1 if last - at > 1 and 6 <= digits <= 12 else at


def is_of_the_site(text: str, profile: Profile) -> bool:
    """Whether a word is written as this site writes its record or visit numbers, and a pattern of its own says so:
    114440/14, 12-14-20."""
    return sum(map(str.isdigit, text)) >= _LEAST_OF_A_SITE and any(
        re.fullmatch(pattern, text) is not None for pattern in profile.own_patterns.values()
    )


# ---- dates

_NUMERIC = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{4}|\d{1,2}([-/.])\d{1,2}\2\d{2}|\d{4}([-/.])\d{1,2}\3\d{1,2}")
_BEGINS = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|fev|avr|mai|jui|aou)"
"""What the names of months begin with, whatever became of the rest."""

_NAME = rf"{_BEGINS}[a-z]*\.?"
_NAMED_DAY = re.compile(
    rf"(?i)\d{{1,2}}[-/.\s]?{_NAME}[-/,.\s]*\d{{2,4}}|(?:1[89]|20)\d\d[-/.]?{_NAME}[-/.]?\d{{1,2}}|{_NAME}[-/.\s]?\d{{1,2}}[-/,.\s]+\d{{4}}"
)
_MONTH = re.compile(rf"(?i){_BEGINS}[a-z]{{0,7}}[.,]?")
_NAME_OF_MONTH = re.compile(r"[A-Z][A-Za-z0-9|!]{2,8}[.,]?")
"""What may be left of a month's name: 'Januory 18, 1944', '18 J4n 1944'."""

_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?[,.]?")
_YEAR = re.compile(r"1[4-9]\d\d|20\d\d")
_DAY_AND_YEAR = re.compile(r"(\d{1,2}(?:st|nd|rd|th)?),((?:1[89]|20)\d\d)")
_MONTH_AND_REST = 2
_COMPACT = re.compile(r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

SIZES = (5, 3, 2, 1)
"""Words that a date may stand in, the longest first: 14 de marzo de 1957; March 14, 1957; MAR 14,1957; 03/14/1957."""

_OF = frozenset({"de", "del", "of"})
_SPACED = re.compile(r"\d{2} \d{2} (?:19|20)\d\d")
"""A date in the boxes of a form: 03 14 1957."""


def date_text(words: Sequence[Word]) -> str:
    """What may be a date in one, two or three words (03/14/1957; MAR 14,1957; 14 Mar 1957; 03 / 14 / 1957), else ''."""
    parts = [after_colon(word.text).strip(EDGES) for word in words]
    if len(parts) == SIZES[0]:
        is_in_words = parts[1].lower() in _OF and parts[3].lower() in _OF and parts[0].isdigit()
        return f"{parts[0]} {parts[2]} {parts[4]}" if is_in_words and _YEAR.fullmatch(parts[4]) else ""
    if len(parts) == 1:
        digits = normal.read_as_digits(parts[0]) if sum(c.isdigit() for c in parts[0]) >= 4 else parts[0]
        is_one = _NUMERIC.fullmatch(digits) or _COMPACT.fullmatch(digits)
        return digits if is_one else parts[0] if _NAMED_DAY.fullmatch(parts[0]) else ""
    if len(parts) == _MONTH_AND_REST:
        both = _DAY_AND_YEAR.fullmatch(parts[1])
        return f"{parts[0]} {both[1]} {both[2]}" if both and _MONTH.fullmatch(parts[0]) else ""
    if _SPACED.fullmatch(" ".join(parts)):
        return "/".join(parts)
    if _YEAR.fullmatch(parts[0]) and _MONTH.fullmatch(parts[1]) and _DAY.fullmatch(parts[2]):
        return "" if words[2].text.endswith(",") else " ".join(parts)  # 'in 2019 March 14, 2020' is another day
    return _named_date(*parts, has_comma=words[1].text.rstrip().endswith(","))


def _named_date(first: str, second: str, third: str, *, has_comma: bool) -> str:
    """A date with the name of its month, digits put right, or ''; of a misread name only where the rest is a date's."""
    month, day = (second, first) if first[:1].isdigit() else (first, second)
    day, year = normal.read_as_digits(day), normal.read_as_digits(third)
    if not (_DAY.fullmatch(day) and _YEAR.fullmatch(year) and any(c.isdigit() for c in third)):
        return ""
    looks_like_one = _NAME_OF_MONTH.fullmatch(month) and (has_comma if month is first else True)
    if not _MONTH.fullmatch(month) and not looks_like_one:
        return ""
    return f"{month} {day} {year}" if month is first else f"{day} {month} {year}"
