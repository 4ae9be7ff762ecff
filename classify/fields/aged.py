"""The sex behind the age that stands with a birthday: 'DOB: 03/14/1957 (67 y.o. F)', 'DOB/Age: 14-Mar-1957 67Y F'."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from classify import normal
from classify.finding.unlabelled import UnlabelledValue
from classify.guess import FieldValue
from classify.rows import Row
from ocr.page import Word

_BEHIND = re.compile(
    r"(?i)[\s,;/(-]*(?:aged?:?\s)?(?P<age>\d{1,3})\s?-?(?:y(?:ea)?rs?\.?(?:[\s-]?old)?|y\.?\s?/?o\.?|y)[\s,;/|-]*(?P<sex>male|female|[mf](?!\.\s?(?-i:[A-Z])))\b(?!['’.-]\w)"
)
"""Behind the day: an age in years and a sex, with nothing else between."""

_ALONE = re.compile(r"[\s,;/|•-]+(?P<sex>(?i:male|female)|[MF])$")
"""Behind the day, and the end of the cell: 'DOB 03/14/1957 M'."""

_MOST_WORDS = 8
"""Words of a day, an age and a sex."""

_GAP = 4.0
"""Heights of a word that part two cells of a row."""

_BELIEVED = 0.5
_OLDER = 60
"""Years by which a patient may have grown older since the paper was printed."""

_SURE, _SURE_ALONE = 0.93, 0.9
"""Of 100 such sexes whose words were read right, how many are right; alone behind the day, or between the bars of a banner."""


def find(rows: Sequence[Row], values: Sequence[FieldValue]) -> Iterator[UnlabelledValue]:
    """The sex behind each birthday of the patient, where the age between them is one that the birthday allows."""
    for value in values:
        if value.name != "dob" or value.is_of_another or value.confidence < _BELIEVED or not value.is_valid:
            continue
        words = _from(rows, value)
        text = " ".join(word.text for word in words)
        alone = _ALONE.search(text)
        if alone is not None and _is_only_a_day(text[: alone.start()]) and (sex := normal.parse_sex(alone["sex"])):
            yield UnlabelledValue("sex", sex, (words[-1],), _SURE_ALONE * words[-1].confidence, "label")
            continue
        match = next((m for m in _BEHIND.finditer(text) if _is_only_a_day(text[: m.start()])), None)
        if match is None or not _is_age_of(int(match["age"]), value.value):
            continue
        sex = normal.parse_sex(match["sex"])
        there = tuple(words[: len(text[: match.end()].split())])
        if sex is not None:
            yield UnlabelledValue("sex", sex, there[-1:], _SURE * min(word.confidence for word in there), "label")


def _from(rows: Sequence[Row], value: FieldValue) -> list[Word]:
    """The words of a row from the beginning of a value on, up to the next cell."""
    if value.box is None:
        return []
    for row in rows:
        for at, word in enumerate(row.words):
            middle = word.box.top + word.box.height / 2
            if word.box.left <= value.box.left < word.box.right and value.box.top <= middle <= value.box.bottom:
                first = replace(word, text=word.text.rpartition(":")[2] or word.text)  # DOB:03/14/1957
                return _cell([first, *row.words[at + 1 : at + _MOST_WORDS]], row.wide)
    return []


def _cell(words: Sequence[Word], wide: float) -> list[Word]:
    cell = list(words[:1])
    for word in words[1:]:
        if word.box.left - cell[-1].box.right > _GAP * wide * max(word.box.height, 12):
            break
        cell.append(word)
    return cell


def _is_only_a_day(text: str) -> bool:
    """Whether a text is a day and nothing else: its only word of letters is a month."""
    words = re.findall(r"[A-Za-z]+", text)
    return (
        sum(c.isdigit() for c in text) >= _DAY_DIGITS and len(words) <= 1 and all(len(word) >= _MONTH for word in words)
    )


_DAY_DIGITS, _MONTH = 3, 3


def _is_age_of(age: int, born: str) -> bool:
    """Whether somebody born then was of that age on a day that has been, not long ago."""
    return 0 <= normal.age_on(date.fromisoformat(born), normal.today()) - age <= _OLDER


_AGE = r"\d{1,3}\s?(?:y(?:ea)?rs?|y\.?/?o\.?|y)?\.?"
_BEHIND_A_NAME = re.compile(
    rf"[(\[]\s?(?:(?P<sex>M|F|Male|Female)[,;/]?\s?{_AGE}|{_AGE}[,;/]?\s?(?P<last>M|F|Male|Female))\s?[)\]]",
    re.IGNORECASE,
)


_OPEN = re.compile(
    r"\s(?:(?P<sex>MALE|FEMALE|Male|Female)[,;/]?\s?\d{1,3}\s?(?i:y(?:ea)?rs?|y\.?/?o\.?|y)\.?|\d{1,3}[\s-]?(?i:y(?:ea)?rs?(?:[\s-]old)?|y\.?/?o\.?|y)\.?[,;/]?\s?(?P<last>(?i:male|female)|[MF])\b)"
)
"""The same without brackets; years must be said, and of 'Rivera, Ana M 66Y' the letter may be an initial: 'Rivera, Ana 63 yo F'."""


def find_behind_names(rows: Sequence[Row], values: Sequence[FieldValue]) -> Iterator[UnlabelledValue]:
    """The sex in brackets with the age behind the patient's name: 'Rivera, Ana (F, 63 y)'."""
    for value in values:
        if value.name == "name" and not value.is_of_another and value.confidence >= _BELIEVED and value.is_valid:
            words = _from(rows, value)
            text = " ".join(word.text for word in words)
            match = _BEHIND_A_NAME.search(text) or _OPEN.search(text)
            said = (match["sex"] or match["last"]) if match else ""
            sex = normal.parse_sex(said) if said else None
            if sex is not None:
                yield UnlabelledValue("sex", sex, tuple(words), _SURE * min(word.confidence for word in words), "label")


_BAR = re.compile(r"[|•·~¦–—]+")
_WORDS_OF_A_SEX = frozenset({"m", "f", "male", "female", "femenino", "masculino"})
_LEAST_BARS = 2


def find_between_bars(rows: Sequence[Row], values: Sequence[FieldValue]) -> Iterator[UnlabelledValue]:
    """The sex as a cell of a banner that says whose the page is: '67 yrs • Female • DOB: 03/14/1957 • MRN: 00123456'."""
    told = [
        v.box for v in values if v.box and v.name in _IDENTITY and v.confidence >= _BELIEVED and not v.is_of_another
    ]
    for row in rows:
        bars = [n for n, word in enumerate(row.words) if _BAR.fullmatch(word.text)]
        if len(bars) < _LEAST_BARS or not any(
            row.box.top <= (box.top + box.bottom) / 2 <= row.box.bottom for box in told
        ):
            continue
        for first, last in pairwise([-1, *bars, len(row.words)]):
            cell = row.words[first + 1 : last]
            if len(cell) == 1 and cell[0].text.lower() in _WORDS_OF_A_SEX and (sex := normal.parse_sex(cell[0].text)):
                yield UnlabelledValue("sex", sex, (cell[0],), _SURE_ALONE * cell[0].confidence, "label")


_IDENTITY = frozenset({"mrn", "dob", "name", "encounter", "account"})
