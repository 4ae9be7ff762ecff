"""Labels of several values at once, and the values behind them: 'DOB/Age/Sex: 03/04/57 / 69 / F', 'Age/Sex 82/M'."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from classify import normal
from classify.finding.field import Field, longest_value, until_gap, without_leaders
from classify.finding.labelgrammar import meaning
from classify.finding.labelwords import canonical
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Word

_PARTS: dict[str, str] = {
    **dict.fromkeys(("dob", "birth date", "birthdate", "date of birth", "born", "bdate", "d o b"), "dob"),
    **dict.fromkeys(("sex", "gender", "birth sex", "sx", "gend"), "sex"),
    **dict.fromkeys(("age", "race", "marital", "ms", "status", "ethnicity", "wt", "ht"), ""),
}
"""What stands between the slashes, and the field that it is; empty for what is not indexed."""

_SEX = re.compile(r"(?i)\b(male|female|m|f|u|x|unk|unknown)\b")
_AGE = re.compile(r"(?i)\b\d{1,3}\s*(?:-?\s*(?:y(?:ea)?rs?(?:\s*old)?|y\s?/?\s?o|y|mos?|months?|days?|d))?\b\.?")
_DATE = re.compile(
    r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[ -]?[A-Za-z]{3,9}\.?[ ,-]*\d{2,4}\b"
    r"|\b\d{4}[ /.-]?[A-Za-z]{3,9}\.?[ /.-]?\d{1,2}\b|\b[A-Za-z]{3,9}\.? \d{1,2}, ?\d{4}\b|\b(?:18|19|20)\d{6}\b"
)
_ANYTHING = re.compile(r"[^/|,\s]+")
_GLUED = re.compile(r"^(\d{1,3})([MFmf])$")
"""An age with the sex behind it: 68F."""

_MOST_WORDS = 8
_SURE = 0.96
"""Of 100 values whose words were read right, how many are right: a value among several may be another's."""


@dataclass(frozen=True, slots=True)
class Composite:
    """A label of several values: its first and last word in the row, its fields in order, and what follows it in its last word."""

    first: int
    last: int
    fields: tuple[str, ...]
    is_marked: bool
    tail: str
    stroke: str = ""
    """The sign that parts its values as it parts the label: 'Patient / DOB / MRN: Rivera, Ana / 03/14/1957 / 00123456'."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the values behind such a label: its field, normal form and words, and how sure it is."""

    field: str
    value: str
    words: tuple[Word, ...]
    confidence: float


def find(row: Row, fields: Mapping[str, Field], profile: Profile) -> Iterator[Composite]:
    """The labels of a row that stand for several values."""
    for label in _labels(row, fields):
        if label.is_marked or any(True for _ in _values(row, label, fields, profile)):
            yield label


def values_of(rows: Sequence[Row], number: int, fields: Mapping[str, Field], profile: Profile) -> Iterator[Part]:
    """The values behind such labels of a row, or else at the next row's beginning, or under or over the label."""
    row = rows[number]
    for label in _labels(row, fields):
        behind = list(_values(row, label, fields, profile))
        yield from behind if behind or label.stroke else _elsewhere(rows, number, label, fields, profile)


def _labels(row: Row, fields: Mapping[str, Field]) -> Iterator[Composite]:
    """What may be such labels by their words."""
    if not any("/" in word.text or word.text in _STROKES for word in row.words):
        return
    if (joint := _joint(row, fields)) is not None:
        yield joint
        return
    at = 0
    while at < len(row.words):
        found = _at(row, at)
        if found is not None:
            yield found
            at = found.last
        at += 1


def _elsewhere(
    rows: Sequence[Row], number: int, label: Composite, fields: Mapping[str, Field], profile: Profile
) -> list[Part]:
    """The values of a label that ends its row or stands in a column: all of them, or none."""
    row = rows[number]
    rest = row.words[label.last + 1 :]
    if label.tail:
        return []
    wanted = set(filter(None, label.fields))
    for step in (1, -1):
        if not 0 <= number + step < len(rows):
            continue
        other = rows[number + step]
        is_wrapped = step > 0 and _goes_on(row, other) and not any(c.isalnum() for word in rest for c in word.text)
        first = 0 if is_wrapped else _under(row.words[label.first], other)
        if first is None or not _is_near(row, other):
            continue
        found = list(_values(other, replace(label, first=first - 1, last=first - 1), fields, profile))
        if {part.field for part in found} == wanted:
            return found
    return []


def _under(label: Word, row: Row) -> int | None:
    """The first word of a row that begins where a label does, or None."""
    high = max(label.box.height, 12)
    return next((n for n, word in enumerate(row.words) if abs(word.box.left - label.box.left) <= 3 * high), None)


def _is_near(one: Row, other: Row) -> bool:
    apart = max(one.box.top, other.box.top) - min(one.box.bottom, other.box.bottom)
    return apart <= 2.2 * max(one.box.height, other.box.height, 12)


def _goes_on(row: Row, below: Row) -> bool:
    """Whether the next row begins at the margin of a row, close under it, as what had no room in it does."""
    high = max(below.words[0].box.height, 12)
    is_close = below.box.top - row.box.bottom <= 1.5 * high and abs(below.box.left - row.box.left) <= high
    return is_close and below.box.width < row.box.width / 2


def _at(row: Row, at: int) -> Composite | None:
    """The label that begins with this word, its parts between slashes with or without blanks around those."""
    return _of_single_words(row, at) or _of_words(row, at)


def _of_single_words(row: Row, at: int) -> Composite | None:
    """Such a label whose parts are a word each: 'DOB/Age/Sex', 'DOB / Sex'."""
    text, last = row.words[at].text, at
    while (
        last + 1 < len(row.words)
        and last - at < _MOST_WORDS
        and (text.endswith("/") or row.words[last + 1].text.startswith("/"))
    ):
        last += 1
        text += row.words[last].text
    head, colon, tail = text.partition(":")
    if "/" not in head or any(c.isdigit() for c in head):
        return None
    parts = [normal.plain(part) for part in head.split("/")]
    if len(parts) < 2 or not all(part in _PARTS for part in parts):
        return None
    return Composite(at, last, tuple(_PARTS[part] for part in parts), bool(colon), tail)


def _joint(row: Row, fields: Mapping[str, Field]) -> Composite | None:
    """The label that begins a row, its parts between strokes up to a colon, with as many values between strokes behind it."""
    last = next((n for n, word in enumerate(row.words) if word.text.endswith(":")), None)
    if last is None:
        return None
    for stroke in _STROKES:
        labels = _between(row.words[: last + 1], stroke)
        values = _between(row.words[last + 1 :], stroke)
        if len(labels) < _LEAST_JOINT or len(labels) != len(values) or not all(labels):
            continue
        known = _listed(tuple(fields.values()))
        wholes = [canonical(" ".join(word.text for word in part)) for part in labels]
        named = tuple(known.get(whole) or meaning(whole) or "" for whole in wholes)
        if any("relation" in whole for whole in wholes):  # how somebody else is related, and that one's birthday
            named = tuple("" if field in _OF_A_PERSON else field for field in named)
        elif not any(named):
            continue
        return Composite(0, last, named, is_marked=True, tail="", stroke=stroke)
    return None


_LEAST_JOINT = 2
_STROKES = ("/", "-", "|")
"""What parts the labels of a joint one, and in the same way the values behind them."""

_OF_A_PERSON = frozenset({"name", "dob", "sex", "phone", "relationship"})


def _between(words: Sequence[Word], stroke: str) -> list[list[Word]]:
    """Words in parts, as strokes of their own part them."""
    parts: list[list[Word]] = [[]]
    for word in words:
        if word.text == stroke:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


@cache
def _listed(fields: tuple[Field, ...]) -> dict[str, str]:
    """The field of each label, by its words in full."""
    return {canonical(label): field.name for field in fields for label in field.labels if canonical(label)}


def _joint_values(row: Row, label: Composite, fields: Mapping[str, Field], profile: Profile) -> Iterator[Part]:
    for name, words in zip(label.fields, _between(row.words[label.last + 1 :], label.stroke), strict=True):
        field = fields.get(name)
        found = longest_value(field, words, profile) if field is not None and words else None
        if found is not None and found[2]:
            there = tuple(words[: found[3]])
            yield Part(name, found[0], there, _SURE * min(word.confidence for word in there))


def _of_words(row: Row, at: int) -> Composite | None:
    """The label that begins with this word, its parts of several words each: 'Date of Birth / Sex (legal)'."""
    best = None
    for last in range(at + 2, min(at + _MOST_WORDS + 2, len(row.words))):
        words = [word.text for word in row.words[at : last + 1]]
        head, colon, tail = words[-1].partition(":")
        if any(any(c.isdigit() for c in word) or word.endswith(":") for word in (*words[:-1], head)):
            break
        parts = [normal.plain(part) for part in " ".join([*words[:-1], head]).split("/")]
        fields = tuple(_field_of(part) for part in parts)
        if len(parts) > 1 and None not in fields and len(set(fields)) == len(fields):
            best = Composite(at, last, tuple(field or "" for field in fields), bool(colon), tail)
        if colon:
            break
    return best


def _field_of(part: str) -> str | None:
    """The field of one part of such a label, empty for what is not indexed, None for what is no label."""
    if part in _PARTS:
        return _PARTS[part]
    field = meaning(canonical(part))
    return field if field in ("dob", "sex") else None


def _values(row: Row, label: Composite, fields: Mapping[str, Field], profile: Profile) -> Iterator[Part]:
    """Each value in its turn: a date, an age, a sex; a part that is not there is left out."""
    if label.stroke:
        yield from _joint_values(row, label, fields, profile)
        return
    words = until_gap(without_leaders(list(row.words[label.last + 1 : label.last + 1 + _MOST_WORDS])))
    if label.tail:
        words = [row.words[label.last], *words]
    texts = [label.tail, *(word.text for word in words[1:])] if label.tail else [word.text for word in words]
    texts = [_GLUED.sub(r"\1 \2", text) for text in texts]
    text, at = " ".join(texts), 0
    for name in label.fields:
        pattern = {"dob": _DATE, "sex": _SEX}.get(
            name, _AGE if text[at : at + 12].strip(" /,|-")[:1].isdigit() else _ANYTHING
        )
        match = pattern.search(text, at)
        if match is None or any(c.isalnum() for c in text[at : match.start()]):
            continue
        at = match.end()
        found = fields[name].parse(match[0], profile) if name in fields else None
        if found is not None and found[1]:
            there = _words_at(words, texts, match.start(), match.end())
            yield Part(name, found[0], there, _SURE * min(word.confidence for word in there))


def _words_at(words: list[Word], texts: list[str], start: int, end: int) -> tuple[Word, ...]:
    """The words in which these characters of the joined text stand."""
    found, at = [], 0
    for word, text in zip(words, texts, strict=True):
        if at < end and start < at + len(text):
            found.append(word)
        at += len(text) + 1
    return tuple(found)
