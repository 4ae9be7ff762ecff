"""Words of a row that may identify somebody, told by their look alone: names, numbers, dates, telephones, houses."""

import re
from collections.abc import Iterator, Set
from datetime import date, timedelta

from classify import normal
from classify.fields.notnames import is_form_text
from classify.fields.others import role_words
from classify.finding.printed import EDGES, SIZES, after_colon, date_text, end_of_group, has_digit, is_of_the_site
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
        is_number = first == last and "-" in words[0] and is_of_the_site(words[0], profile)
        if is_number:
            yield Kind.NUMBER, first, last, words, ()
        if kind is Kind.DATE or not is_number:
            yield token
        taken.update(range(first, last + 1))
    for token in (*_phones(row.words), *_numbers(row.words, profile)):
        _, first, last, _, _ = token
        if taken.isdisjoint(range(first, last + 1)):
            taken.update(range(first, last + 1))
            yield token
    yield from _names(row.words, taken | labels)
    yield from _houses(row.words)


# ---- dates


def _dates(words: tuple[Word, ...], profile: Profile) -> Iterator[Token]:
    at = 0
    while at < len(words):
        is_day_next = at + 1 < len(words) and len(words[at + 1].text) <= _LONGEST_DAY and has_digit(words[at + 1])
        for size in SIZES if has_digit(words[at]) or is_day_next else ():
            text = date_text(words[at : at + size]) if at + size <= len(words) else ""
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
    text = date_text(words) if words[-2].text[:1].isdigit() or words[0].text[:1].isdigit() else ""
    days = _readings(text, profile) if text else ()
    last = len(row.words) - 1
    return (Kind.DATE, last - 1, last, (text,), days) if days else None


_DAY_AND_MONTH = 2


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


_LONGEST_DAY = 9  # 31st,1957

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


def _phones(words: tuple[Word, ...]) -> Iterator[Token]:
    for at, word in enumerate(words):
        if not has_digit(word):
            continue
        text = after_colon(word.text).strip(".,;:|")
        if match := _SSN.fullmatch(text):
            yield Kind.SSN4, at, at, (match[1],), ()
        elif _PHONE.fullmatch(text):
            yield Kind.PHONE, at, at, (text,), ()
        elif at + 1 < len(words) and re.fullmatch(r"\(?\d{3}\)?", text):
            both = f"{text} {words[at + 1].text.strip('.,;:|')}"
            if _PHONE.fullmatch(both):
                yield Kind.PHONE, at, at + 1, (both,), ()


def _numbers(words: tuple[Word, ...], profile: Profile) -> Iterator[Token]:
    at = 0
    while at < len(words):
        if not has_digit(words[at]):
            at += 1
            continue
        last = end_of_group(words, at)
        if last > at:
            text = "".join(normal.read_as_digits(word.text.strip(EDGES)) for word in words[at : last + 1])
            yield Kind.NUMBER, at, last, (text,), ()
            at = last + 1
            continue
        if text := _number_text(words[at].text, profile):
            yield Kind.NUMBER, at, at, (text,), ()
        at += 1


def _number_text(text: str, profile: Profile) -> str:
    """A word that may be a record number as it is printed, letters misread for digits turned back when most are digits."""
    printed = after_colon(text).strip(EDGES)
    candidates = [printed.upper(), normal.read_as_digits(printed).upper()]
    for candidate in candidates if printed.isupper() or printed.isdigit() else reversed(candidates):  # a small l is a 1
        digits = sum(c.isdigit() for c in candidate)
        is_year = len(candidate) == 4 and candidate[:2] in ("18", "19", "20")
        is_number = _NUMBER.fullmatch(candidate) and _LEAST_DIGITS <= digits <= _MOST_DIGITS and not is_year
        if is_number or is_of_the_site(candidate, profile):
            return candidate if 2 * sum(c.isdigit() for c in printed) >= len(printed) else ""
    return ""


# ---- names

_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_NO_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun male female am pm est pst cst yes no age sex "
    "infirmary hospital clinic center centre medical health healthcare regional general university memorial county community associates group "
    "count blood cell cells platelets wave axis rhythm sinus nonspecific abnormality lead vent rate "
    "services service financial accounts access relations education portal safety rights advocate responsibilities instructions information "
    "dear sincerely regards street avenue road drive lane court boulevard suite apt floor fax phone tel box building usa".split()
)
GAP_OF_NAME = 1.2
"""Line heights between two words of a name at most; in a typed line a space is half as wide as the line is high. After a
wider gap the sex or the age stands."""


def _names(words: tuple[Word, ...], taken: set[int]) -> Iterator[Token]:
    """Runs of words that look like a name: capitals, no words of forms, close to each other, at most one comma."""
    run: list[tuple[int, str]] = []  # the word's place in the row, and its text or a comma
    for at, word in enumerate(words):
        is_far = bool(run) and word.box.left - words[run[-1][0]].box.right > GAP_OF_NAME * max(word.box.height, 12)
        said = after_colon(word.text)
        if said != word.text:  # Name:Rivera,
            yield from _finished(run)
            run = []
        parts = [] if at in taken else _name_parts(said)
        if run and (is_far or not parts):
            if is_far or not _is_of_an_organisation(words, at, run):
                yield from _finished(run)
            run = []
        for part in parts:
            if part == ";":
                yield from _finished(run)
                run = []
            else:
                run.append((at, part))
    yield from _finished(run)


_ORGANISATIONS = frozenset(
    "hospital hospitals infirmary clinic clinics center centre health healthcare medical university foundation trust associates assoc assn association group "
    "practice pharmacy laboratory laboratories partners llc inc pllc pc corp ltd nhs hospice school college institute".split()
)
"""Words that end the name of a hospital, a practice or a firm."""

_FIRMS = frozenset("trust foundation assoc assn associates nhs llc inc pllc ltd corp".split())
"""Words of which no name of a person is made."""

_OF_LABELS = frozenset("record records rec number no num id card mrn name file unit nbr nr".split())
"""Words behind those of organisations that make a label of them: Hospital No, Medical Record Number."""


def _is_of_an_organisation(words: tuple[Word, ...], at: int, run: list[tuple[int, str]]) -> bool:
    """Whether a run of words is the beginning of an organisation's name, which goes on with this word."""
    if any(text == "," for _, text in run) or normal.plain(words[at].text) not in _ORGANISATIONS:
        return False
    following = words[at + 1 : at + 2]
    is_label = words[at].text.endswith((":", "#")) or any(
        normal.plain(word.text) in _OF_LABELS or word.text.startswith("#") for word in following
    )
    return not is_label


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
    if not commas and any(word.lower() in _FIRMS for word in words):
        return
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
