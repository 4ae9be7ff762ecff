"""Words of a row that may identify somebody, told by their look alone: names, numbers, dates, telephones, houses."""

import re
from collections.abc import Iterator, Set
from datetime import date, timedelta

from classify import normal
from classify.fields.notnames import is_form_text
from classify.fields.others import role_words
from classify.mentioned import Kind
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Word

_LONGEST_NAME = 6
"""Words of a name; what is longer is a heading or a sentence in capitals."""


Token = tuple[Kind, int, int, tuple[str, ...], tuple[date, ...]]


def tokens_of(row: Row, profile: Profile, labels: Set[int] = frozenset()) -> Iterator[Token]:
    """Every mention of a row: kind, first and last word, words, readings; words of labels are in no name."""
    taken: set[int] = set()
    for token in _dates(row.words, profile):
        kind, first, last, words, _ = token
        is_number = first == last and _is_of_the_site(words[0], profile)
        if is_number:
            yield Kind.NUMBER, first, last, words, ()
        if kind is Kind.DATE or not is_number:
            yield token
        taken.update(range(first, last + 1))
    for token in (*_phones(row.words), *_numbers(row.words)):
        _, first, last, _, _ = token
        if taken.isdisjoint(range(first, last + 1)):
            taken.update(range(first, last + 1))
            yield token
    yield from _names(row.words, taken | labels)
    yield from _houses(row.words)


def _is_of_the_site(text: str, profile: Profile) -> bool:
    """Whether what may be a date is written as the site writes its record numbers: 12-14-20 is either, 25-81-99 no date."""
    return "-" in text and re.fullmatch(profile.mrn_pattern, text) is not None


# ---- dates

_NUMERIC = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{4}|\d{1,2}([-/.])\d{1,2}\2\d{2}|\d{4}([-/.])\d{1,2}\3\d{1,2}")
_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_NAMED_DAY = re.compile(rf"(?i)\d{{1,2}}[-/.\s]?{_NAME}[-/,\s]*\d{{2,4}}|(?:1[89]|20)\d\d[-/.]?{_NAME}[-/.]?\d{{1,2}}")
_MONTH = re.compile(r"(?i)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[.,]?")
_NAME_OF_MONTH = re.compile(r"[A-Z][A-Za-z0-9|!]{2,8}[.,]?")
"""What may be left of a month's name: 'Januory 18, 1944', '18 J4n 1944'."""

_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?[,.]?")
_YEAR = re.compile(r"1[4-9]\d\d|20\d\d")
_COMPACT = re.compile(r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_EDGES = "()[]{},.;:|*_#\"'"


def _dates(words: tuple[Word, ...], profile: Profile) -> Iterator[Token]:
    at = 0
    while at < len(words):
        is_day_next = at + 1 < len(words) and len(words[at + 1].text) <= _LONGEST_DAY and _has_digit(words[at + 1])
        for size in (3, 1) if _has_digit(words[at]) or is_day_next else ():
            text = _date_text(words[at : at + size], size)
            days = _readings(text, profile) if text else ()
            if days or (text and not _is_soon(text, profile)):
                yield Kind.DATE if days else Kind.UNREADABLE_DATE, at, at + size - 1, (text,), days
                at += size - 1
                break
        at += 1


def date_over_rows(row: Row, below: Row, profile: Profile) -> Token | None:
    """A date whose year begins the next row: 'born on October 31,' / '1993, came to us'."""
    if len(row.words) < _DAY_AND_MONTH or below.box.top - row.box.bottom > 1.5 * max(below.box.height, 12):
        return None
    words = (*row.words[-_DAY_AND_MONTH:], below.words[0])
    text = _date_text(words, len(words)) if words[-2].text[:1].isdigit() or words[0].text[:1].isdigit() else ""
    days = _readings(text, profile) if text else ()
    last = len(row.words) - 1
    return (Kind.DATE, last - 1, last, (text,), days) if days else None


_DAY_AND_MONTH = 2


def _has_digit(word: Word) -> bool:
    return not word.text.isalpha() and any(map(str.isdigit, word.text))


def _date_text(words: tuple[Word, ...], size: int) -> str:
    """What may be a date in one word, or in three (March 14, 1957; 14 Mar 1957; 03 / 14 / 1957), else ''."""
    if len(words) < size:
        return ""
    parts = [_after_colon(word.text).strip(_EDGES) for word in words]
    if size == 1:
        digits = normal.read_as_digits(parts[0]) if sum(c.isdigit() for c in parts[0]) >= 4 else parts[0]
        is_one = _NUMERIC.fullmatch(digits) or _COMPACT.fullmatch(digits)
        return digits if is_one else parts[0] if _NAMED_DAY.fullmatch(parts[0]) else ""
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


def _readings(text: str, profile: Profile) -> tuple[date, ...]:
    """What day a date may mean: as the site writes dates, in the other order, and for a year of two digits a century earlier."""
    found = []
    for day_first in (profile.day_first, not profile.day_first):
        day = normal.parse_date(text, day_first=day_first)
        if day is not None and day <= normal.today():
            found.append(day)
            if not re.search(r"\d{4}", text) and day.year > 1980:
                found.append(_century_before(day))
    return tuple(dict.fromkeys(found))


_LONGEST_DAY = 5  # 31st,

_SOON = timedelta(days=730)
"""A date no further ahead is an appointment; what lies beyond, or is no day at all (07 Feb 1460), was misread."""


def _is_soon(text: str, profile: Profile) -> bool:
    day = normal.parse_date(text, day_first=profile.day_first)
    return day is not None and normal.today() < day <= normal.today() + _SOON


def _century_before(day: date) -> date:
    return day.replace(year=day.year - 100, day=28 if (day.month, day.day) == (2, 29) else day.day)


# ---- numbers

_NUMBER = re.compile(r"[A-Z]{0,4}-?\d(?:[\d-]*\d)?[A-Z]?")
_PHONE = re.compile(r"(?:\+?1[-. ]?)?\(?\d{3}\)?[-. /]?\d{3}[-. ]\d{4}")
_SSN = re.compile(r"(?:\d{3}|[Xx*#]{3})-(?:\d{2}|[Xx*#]{2})-(\d{4})")
_LEAST_DIGITS, _MOST_DIGITS = 4, 14
_OF_A_GROUP = re.compile(r"\d{2,5}")


def _phones(words: tuple[Word, ...]) -> Iterator[Token]:
    for at, word in enumerate(words):
        if not _has_digit(word):
            continue
        text = _after_colon(word.text).strip(".,;:|")
        if match := _SSN.fullmatch(text):
            yield Kind.SSN4, at, at, (match[1],), ()
        elif _PHONE.fullmatch(text):
            yield Kind.PHONE, at, at, (text,), ()
        elif at + 1 < len(words) and re.fullmatch(r"\(?\d{3}\)?", text):
            both = f"{text} {words[at + 1].text.strip('.,;:|')}"
            if _PHONE.fullmatch(both):
                yield Kind.PHONE, at, at + 1, (both,), ()


def _numbers(words: tuple[Word, ...]) -> Iterator[Token]:
    at = 0
    while at < len(words):
        if not _has_digit(words[at]):
            at += 1
            continue
        last = _end_of_group(words, at)
        if last > at:
            text = "".join(normal.read_as_digits(word.text.strip(_EDGES)) for word in words[at : last + 1])
            yield Kind.NUMBER, at, last, (text,), ()
            at = last + 1
            continue
        if text := _number_text(words[at].text):
            yield Kind.NUMBER, at, at, (text,), ()
        at += 1


def _end_of_group(words: tuple[Word, ...], at: int) -> int:
    """The last word of a number set in groups (001 234 56), or `at` itself: groups of like size that stand close."""
    last = at
    while (
        last < min(at + 4, len(words))
        and _has_digit(words[last])
        and _OF_A_GROUP.fullmatch(normal.read_as_digits(words[last].text.strip(_EDGES)))
    ):
        if last > at and words[last].box.left - words[last - 1].box.right > max(words[last].box.height, 12):
            break
        last += 1
    digits = sum(len(word.text.strip(_EDGES)) for word in words[at:last])
    return last - 1 if last - at > 1 and 6 <= digits <= 12 else at


def _number_text(text: str) -> str:
    """A word that may be a record number as it is printed, letters misread for digits turned back when most are digits."""
    printed = _after_colon(text).strip(_EDGES)
    candidates = [printed.upper(), normal.read_as_digits(printed).upper()]
    for candidate in candidates if printed.isupper() or printed.isdigit() else reversed(candidates):  # a small l is a 1
        digits = sum(c.isdigit() for c in candidate)
        is_year = len(candidate) == 4 and candidate[:2] in ("18", "19", "20")
        if _NUMBER.fullmatch(candidate) and _LEAST_DIGITS <= digits <= _MOST_DIGITS and not is_year:
            return candidate if 2 * sum(c.isdigit() for c in printed) >= len(printed) else ""
    return ""


def _after_colon(text: str) -> str:
    """What follows a label in the same word: MRN:00123456."""
    head, colon, tail = text.partition(":")
    return tail if colon and tail and not head[-1:].isdigit() else text


# ---- names

_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_NO_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun male female am pm est pst cst yes no age sex "
    "infirmary hospital clinic center centre medical health healthcare regional general university memorial county community associates group "
    "count blood cell cells platelets wave axis rhythm sinus nonspecific abnormality lead vent rate "
    "services service financial accounts access relations education portal safety rights advocate responsibilities instructions information "
    "street avenue road drive lane court boulevard suite apt floor fax phone tel box building usa".split()
)
GAP_OF_NAME = 1.2
"""Line heights between two words of a name at most; in a typed line a space is half as wide as the line is high. After a
wider gap the sex or the age stands."""


def _names(words: tuple[Word, ...], taken: set[int]) -> Iterator[Token]:
    """Runs of words that look like a name: capitals, no words of forms, close to each other, at most one comma."""
    run: list[tuple[int, str]] = []  # the word's place in the row, and its text or a comma
    for at, word in enumerate(words):
        is_far = bool(run) and word.box.left - words[run[-1][0]].box.right > GAP_OF_NAME * max(word.box.height, 12)
        parts = [] if at in taken else _name_parts(word.text)
        if run and (is_far or not parts):
            yield from _finished(run)
            run = []
        for part in parts:
            if part == ";":
                yield from _finished(run)
                run = []
            else:
                run.append((at, part))
    yield from _finished(run)


def _name_parts(text: str) -> list[str]:
    """The words and commas of a printed word that may be of a name, ';' where a name ends; nothing when it is none."""
    bare = text.strip("()[]{}|*_\"'")
    if (not bare[:1].isupper() and bare != ",") or bare.endswith(":"):
        return []  # small letters, or a label
    ends = bare.endswith((".", ";", ")", "]")) or text.endswith((")", "]"))
    begins = text.startswith(("(", "["))
    parts: list[str] = [";"] if begins else []
    for piece in re.split(r"(,)", bare.rstrip(";")):
        if piece == ",":
            parts.append(",")
            continue
        word = piece.strip(".")
        if not word:
            continue
        if not _is_of_a_name(word):
            return []
        parts.append(word)
    is_short = len(normal.letters(bare)) <= 2  # an initial, Jr. or St.
    return [*parts, ";"] if ends and not (bare.endswith(".") and is_short) else parts


def _is_of_a_name(word: str) -> bool:
    if not word[0].isupper() or len(word) > _LONGEST_WORD:
        return False
    repaired = word
    if not word.isalpha():
        letters = sum(map(str.isalpha, word))
        repaired = word.translate(_AS_LETTERS) if letters > 2 * sum(map(str.isdigit, word)) else word
    if not _WORD.fullmatch(repaired):
        return False
    plain = word.lower() if word.isascii() and word.isalpha() else normal.plain(word)
    is_no_name = plain in role_words() or plain in _NO_NAMES or (plain not in _ALSO_NAMES and is_form_text(word))
    return len(word) == 1 or not is_no_name


_ALSO_NAMES = frozenset("will ray may mar grace hope mark art rose dawn bill guy chase".split())
"""First names that are words of forms and sentences too."""

_LONGEST_WORD = 25


_AS_LETTERS = str.maketrans("0158|!", "olsbll")


def _finished(run: list[tuple[int, str]]) -> Iterator[Token]:
    while run and run[-1][1] == ",":
        run.pop()
    while run and (run[0][1] == "," or (len(run) > 1 and run[0][1] == "I" and run[1][1] == ",")):
        run.pop(0)  # "I, Myron Rosenthal, direct …"
    words = tuple(text for _, text in run)
    commas = words.count(",")
    if words and len(words) - commas <= _LONGEST_NAME and commas <= 2 and any(len(word) > 1 for word in words):
        yield Kind.NAME, run[0][0], run[-1][0], words, ()


# ---- houses

_HOUSE_NUMBER = re.compile(r"\d{1,5}[A-Za-z]?")


def _houses(words: tuple[Word, ...]) -> Iterator[Token]:
    """A house number with the two or three words after it, which may be a street."""
    for at in range(len(words) - 1):
        if _HOUSE_NUMBER.fullmatch(words[at].text) and words[at + 1].text[:1].isupper():
            last = min(at + 3, len(words) - 1)
            yield Kind.HOUSE, at, last, tuple(word.text for word in words[at : last + 1]), ()
