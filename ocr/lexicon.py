"""Whether a word may be one: a word of English or of medicine, or a number, amount, date or time as they are written.

It helps to choose between two readings of a word (Filters, Pilters; 5th, Sth). It never alters what was read.
"""

import lzma
import re
from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from pathlib import Path


class Known(IntEnum):
    """Whether a text is a word or number; signs, initials and codes of letters and digits say neither."""

    NO = -1
    UNSAID = 0
    YES = 1


LIST = Path(__file__).with_name("words.xz")
"""One word a line, sorted, in small letters; made by benchmarks/make_lexicon.py."""

_OUTER = " .,:;!?()[]{}<>\"'`*|_~-–—‘’“”•#/\\"
_PARTS = re.compile(r"[-/–—&+,;:()]|(?<=[a-z]\.)(?=[A-Z][a-z])")
_POSSESSIVE = re.compile(r"['’]s?$")

_ABBREVIATED = re.compile(r"[^\W\d]{0,2}|(?:[^\W\d]{1,2}\.)+[^\W\d]{0,2}")
"""One or two letters, or initials with their full stops: nearly any of them abbreviate something."""

_SHORT, _LONGEST_ABBREVIATION = 3, 4
"""Letters of a name or an abbreviation that no list need have (Lum); capitals that may stand for something (ACCT)."""

_ARTICLE = re.compile(r"^[ODLodl]['’](?=[A-Za-z]{2})")
_CAPITAL_INSIDE = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von)[A-Z][a-z]+$")

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]{2,})+")

_UNITS = (
    "mg|mcg|ug|g|gm|kg|ml|l|dl|cc|mm|cm|in|ft|lb|lbs|oz|hr|hrs|min|am|pm|a|p|x|yo|y|s|d|k|m|meq|units?|u|v|%|°|°f|°c"
)
_MONTH, _DAY, _YEAR = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])", r"(?:(?:1[89]|20)\d\d|\d\d)"
_NUMBER = re.compile(
    rf"""(?xi) [$£€#+±<>≤≥~'’-]?(?:
      \d+ | \d+\.\d+ | \d{{1,3}}(?:,\d{{3}})+(?:\.\d\d?)?                    # numbers and amounts
    | (?:\d+|\d*\.\d+|\d{{1,3}}(?:,\d{{3}})+)(?:{_UNITS})\.?                 # with their unit
    | \d*(?:1st|2nd|3rd|[04-9]th|1[123]th)                                   # ordinals
    | {_MONTH}[-/.]{_DAY}[-/.]{_YEAR} | {_DAY}[-/.]{_MONTH}[-/.]{_YEAR} | {_MONTH}[-/]{_YEAR} | \d{{4}}-\d\d-\d\d
    | {_MONTH}[-/]{_DAY}
    | (?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?:[ap]\.?m?\.?)?               # times
    | (?:1[-.])?\(?\d{{3}}\)?[-./]?\d{{3}}[-.]\d{{4}} | \d{{3}}-\d{{4}}       # telephone numbers
    | \d{{3}}-\d\d-\d{{4}} | \d{{5}}-\d{{4}} | \d+/\d+ | \d+-\d+
    )%?"""
)
_DIGITS_AND_SIGNS = re.compile(r"[\d.,:/$-]+")
_DIGIT_IN_A_WORD = re.compile(r"[a-z]{2}\d[a-z]{2}")


def known(text: str) -> Known:
    """Whether a text, signs around it left out, is a word or number as they are written; of several, whether all may be."""
    said = {one for word in text.split() for one in _parts_of(word)}
    return Known.NO if Known.NO in said else max(said, default=Known.UNSAID)


def _parts_of(word: str) -> Iterator[Known]:
    core = word.strip(_OUTER)
    if _EMAIL.fullmatch(core):
        yield Known.YES
    elif any(c.isdigit() for c in core):
        yield _is_number(word, core)
    else:
        yield from (_is_word(part) for part in _PARTS.split(core) if part)


def _is_number(text: str, core: str) -> Known:
    if _NUMBER.fullmatch(core) or _NUMBER.fullmatch(text):
        return Known.YES
    is_misread = _DIGITS_AND_SIGNS.fullmatch(core) or _DIGIT_IN_A_WORD.search(core)
    return Known.NO if is_misread else Known.UNSAID


def _is_word(part: str) -> Known:
    word = _POSSESSIVE.sub("", _ARTICLE.sub("", part.strip(_OUTER)))
    if _ABBREVIATED.fullmatch(word):
        return Known.UNSAID
    if not word.isalpha():
        return Known.NO
    if word.lower() in _words() and _is_cased(word):
        return Known.YES
    return Known.UNSAID if len(word) <= (_LONGEST_ABBREVIATION if word.isupper() else _SHORT) else Known.NO


def _is_cased(word: str) -> bool:
    """Whether capitals stand as they do in print: all, the first, none, or McKay; not FulI."""
    return word.isupper() or word[1:].islower() or _CAPITAL_INSIDE.match(word) is not None


@cache
def _words() -> frozenset[str]:
    return frozenset(lzma.decompress(LIST.read_bytes()).decode("utf-8").split("\n"))
