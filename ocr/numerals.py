"""Dates and telephone numbers that a recogniser misread by a letter: the next likely character counts where it makes one.

What means the same however it is read (O for 0 in a field that holds only digits) is put right in classify, field by field.
"""

import re

CHARACTERS = "0123456789/-.()"
"""What dates and telephone numbers are made of."""

_MONTH, _DAY, _YEAR = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])", r"(?:(?:19|20)\d\d|\d\d)"
_DATE = rf"(?:{_MONTH}([-/.]){_DAY}\1{_YEAR}|{_DAY}([-/.]){_MONTH}\2{_YEAR})"
_PHONE = r"(?:\(\d{3}\)|\d{3}[-.])?\d{3}[-.]\d{4}"
_GRAMMAR = re.compile(f"{_DATE}|{_PHONE}")


def is_number(text: str) -> bool:
    """Whether a text is a date in digits or a telephone number of North America, with its separators."""
    return _GRAMMAR.fullmatch(text) is not None


def repaired(text: str, likely: str) -> str:
    """The text, or the date or telephone number that it is with other likely characters.

    `likely` has for every character of the text the likeliest one of CHARACTERS that is not the same. Letters are
    exchanged together, then one more character at a time; at least half of the text must be digits already.
    """
    if is_number(text) or len(likely) != len(text) or 2 * sum(c.isdigit() for c in text) < len(text):
        return text
    digits = "".join(c if c in CHARACTERS else other for c, other in zip(text, likely, strict=True))
    if is_number(digits):
        return digits
    ways = {digits[:n] + likely[n] + digits[n + 1 :] for n in range(len(digits))}
    valid = [way for way in ways if is_number(way)]
    return valid[0] if len(valid) == 1 else text
