"""The day of a visit in heads and titles: 'Office Visit - 12/23/2019 with Dr X', 'You saw Dr X on March 14, 2024', '3/14/2024 10:20 AM'."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from classify import normal
from classify.fields import dates
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Word

_HEAD = 0.2
"""Share of a page above which the head of a summary stands."""

_TITLES = 0.4
"""Share of a page above which the title of a visit stands; what follows lists other visits."""

_KINDS = r"(?:office|clinic|outpatient|telehealth|telemedicine|video|telephone|virtual|home|follow[ -]?up|urgent\scare|emergency|hospital|nurse|wellness)"
_TITLE = re.compile(
    rf"(?i:^{_KINDS}\s(?:visit|encounter|appointment)\s?[-–—|:,]?\s(?:on\s)?)(?P<day>{dates.DAY})(?=$|\s+(?i:with|at|by)\b)"
)
_SEEN = re.compile(
    rf"(?i:^you\s(?:saw|met\swith|were\s(?:last\s)?seen(?:\sby)?)\b)(?:\s(?!on\b)\S+){{0,7}}?\s(?i:on)\s(?P<day>{dates.DAY})"
)
"""What a summary says to the patient; 'You will see' is another day."""

_SUMMARY = re.compile(
    r"(?i)\b(?:after|office|clinic|clinical|end of)[\s-]visit\s(?:summary|instructions)\b|\bvisit\ssummary\b"
)
_WITH_CLOCK = re.compile(rf"(?P<day>{dates.DAY}),?\s(?i:at\s)?(?:\d{{1,2}}:\d{{2}}|[0-2]\d[0-5]\d)\b")
_TRACING = re.compile(r"(?i)\b(?:vent(?:ricular|\.)? rate|QRS dur\w*|PR int\w*)")
_STAMP = re.compile(rf"(?P<day>{dates.DAY}),?\s\d{{1,2}}:?\d{{2}}(?::\d{{2}})?\b")
"""What a recorder prints at the head of an electrocardiogram: the day and the minute or second at which it began."""

_OF_PRINTING = re.compile(
    r"(?i)\b(?:print\w*|run|sign\w*|report\w*|created|updated|faxed|sent|received|due|next|appointment|follow)\b"
)
"""Words before a day and an hour that make it another's than the visit's."""

_SURE = {"title": 0.9, "seen": 0.88, "clock": 0.85}
"""Of 100 such days whose words were read right, how many are the visit's."""

_LONGEST = 12
"""Words in which such a phrase stands."""


def find(rows: tuple[Row, ...], profile: Profile) -> Iterator[UnlabelledValue]:
    """The first day that a title, a sentence to the patient, or the head of a visit's summary gives."""
    head = [row for row in rows if row.top_share <= _HEAD]
    is_tracing = any(_TRACING.search(row.text) for row in rows)
    is_summary = any(_SUMMARY.search(row.text) for row in head)
    for number, row in enumerate(rows):
        for words in _phrases(rows, number):
            text = " ".join(word.text for word in words)
            match, kind = _TITLE.match(text) if row.top_share <= _TITLES else None, "title"
            if match is None:
                match, kind = _SEEN.match(text), "seen"
            if match is not None and (value := _value(words, match, kind, profile)):
                yield value
        if is_tracing and row in head and (match := _STAMP.search(row.text)):
            if _OF_PRINTING.search(row.text[: match.start()]):
                continue
            if value := _value(row.words, match, "clock", profile):
                yield value
            is_tracing = False
        if is_summary and row in head and (match := _WITH_CLOCK.search(row.text)):
            value = (
                None if _OF_PRINTING.search(row.text[: match.start()]) else _value(row.words, match, "clock", profile)
            )
            if value:
                yield value


def _phrases(rows: tuple[Row, ...], number: int) -> Iterator[list[Word]]:
    """What begins a row or a cell of it with a capital, and goes on under itself where its row ends."""
    row = rows[number]
    for at, word in enumerate(row.words):
        is_first = at == 0 or word.box.left - row.words[at - 1].box.right > _GAP * row.wide * max(word.box.height, 12)
        if is_first and word.text[:1].isupper():
            words = list(row.words[at : at + _LONGEST])
            yield [*words, *_under(rows, number, word)] if words[-1].text.lower() == "on" else words


_GAP = 1.5
"""Heights of a word that part two cells."""


def _under(rows: tuple[Row, ...], number: int, first: Word) -> Sequence[Word]:
    """The words of the next line of the same column."""
    high = max(first.box.height, 12)
    for row in rows[number + 1 : number + 4]:
        if row.box.top - first.box.bottom > 2 * high:
            break
        for at, word in enumerate(row.words):
            if abs(word.box.left - first.box.left) <= high / 2:
                return row.words[at : at + 3]
    return ()


def _value(words: Sequence[Word], match: re.Match[str], kind: str, profile: Profile) -> UnlabelledValue | None:
    day = dates.find_date(match["day"], profile)
    if day is None or day > normal.today():
        return None
    starts = list(accumulate((len(word.text) + 1 for word in words), initial=0))
    start, end = match.span("day")
    there = tuple(word for word, at in zip(words, starts, strict=False) if at < end and start < at + len(word.text))
    sure = _SURE[kind] * min(word.confidence for word in there)
    return UnlabelledValue("service_date", day.isoformat(), there, sure, "text")
