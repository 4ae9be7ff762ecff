"""The sex behind the age that stands with a birthday: 'DOB: 03/14/1957 (67 y.o. F)', 'DOB/Age: 14-Mar-1957 67Y F'."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from classify import normal
from classify.finding.unlabelled import UnlabelledValue
from classify.guess import FieldValue
from classify.rows import Row
from ocr.page import Word

_BEHIND = re.compile(
    r"(?i)[\s,;/(-]*(?:aged?:?\s)?(?P<age>\d{1,3})\s?-?(?:y(?:ea)?rs?\.?(?:[\s-]?old)?|y\.?\s?/?o\.?|y)[\s,;/|-]*(?P<sex>male|female|[mf](?!\.\s?(?-i:[A-Z])))\b(?!['’.-]\w)"
)
"""Behind the day: an age in years and a sex, with nothing else between."""

_MOST_WORDS = 8
"""Words of a day, an age and a sex."""

_GAP = 4.0
"""Heights of a word that part two cells of a row."""

_BELIEVED = 0.5
_OLDER = 60
"""Years by which a patient may have grown older since the paper was printed."""

_SURE = 0.93
"""Of 100 such sexes whose words were read right, how many are right."""


def find(rows: Sequence[Row], values: Sequence[FieldValue]) -> Iterator[UnlabelledValue]:
    """The sex behind each birthday of the patient, where the age between them is one that the birthday allows."""
    for value in values:
        if value.name != "dob" or value.is_of_another or value.confidence < _BELIEVED or not value.is_valid:
            continue
        words = _from(rows, value)
        text = " ".join(word.text for word in words)
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
