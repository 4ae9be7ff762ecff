"""The patient whom the opening sentence of a note names: 'Ana Rivera is a 66-year-old woman, born March 14, 1957 (MRN 00123456)'."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from classify.finding.field import Field
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Word

_FIRST_ROWS = 25
"""Rows among which a note opens."""

_PART = r"[A-Z][\w'’-]+"
_SAINT = r"(?:St\.\s)?"
_NAME = rf"(?:{_PART}(?:\s[A-Z]\.?)?(?:\s{_SAINT}{_PART}){{1,3}}(?:,?\s(?:Jr|Sr|II|III|IV)\b\.?)?|{_SAINT}[A-Z][\w'’-]+,\s?{_PART}(?:\s[A-Z]\.?)?)"
_TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Master)\.?\s)?"
_BRACKET = r"(?:\s?\([^)]{1,60}\))?"
_AGED = r"(?:\d{1,3}|[a-z]+(?:-[a-z]+)?)[\s-]?(?:years?|yrs?|y\.?)[\s-]?(?:o(?:ld)?\.?|/o)?"
_SEX = r"(?:[A-Za-z-]+,?\s){0,3}?(?P<sex>woman|man|female|male|gentleman|lady|boy|girl)\b"
_BEGIN = r"(?:^|[.:!?]\s|\n)"
_OPENINGS = tuple(
    re.compile(pattern)
    for pattern in (
        # Ana Rivera is a 66-year-old woman; The patient, Ana Rivera, was a 66-year-old; Ana Rivera (MRN 00123456), a 66-year-old
        rf"{_BEGIN}(?:(?:The|This|Our)\spatient,?\s(?:is\s)?)?{_TITLE}(?P<name>{_NAME}){_BRACKET},?\s(?:is|was)?\s?(?:an?\s)(?:[a-z]+,?\s){{0,3}}?{_AGED}\s{_SEX}",
        # This 66-year-old woman, Ana Rivera,
        rf"{_BEGIN}(?:This|The|Our)\s(?:[a-z]+,?\s){{0,3}}?{_AGED}\s{_SEX},?\s(?:named\s)?{_TITLE}(?P<name>{_NAME})(?=[\s,.(])",
        # I saw Ana Rivera, a 66-year-old woman; I had the pleasure of seeing Ana Rivera
        rf"\b(?:saw|seeing|evaluated|evaluating|meeting|met|of|examined)\s{_TITLE}(?P<name>{_NAME}){_BRACKET},?\s(?:who\s(?:is|was)\s)?an?\s(?:[a-z]+,?\s){{0,3}}?{_AGED}\s{_SEX}",
        # This is a 66-year-old woman; She is
        rf"{_BEGIN}(?:(?:This|The|Our)(?:\spatient)?(?:\sis)?|(?:Pt\.?|Patient|He|She)|(?:Mr|Mrs|Ms|Miss)\.?\s{_PART}),?\s(?:is|was)?\s?(?:an?\s)?(?:[a-z]+,?\s){{0,3}}?{_AGED}\s{_SEX}",
    )
)
_SEXES = {"woman": "F", "female": "F", "lady": "F", "girl": "F", "man": "M", "male": "M", "gentleman": "M", "boy": "M"}

_BORN = re.compile(
    r"(?i)\b(?:born(?:\son)?|dob|d\.o\.b\.|date\sof\sbirth|birth\s?date)[:\s]+(?P<value>[\w/,.\s-]{6,20})"
)
_NUMBER = re.compile(
    r"(?i)\b(?:mrn|mr|(?:medical\s|hospital\s|chart\s|unit\s)(?:record\s)?(?:number|no\.?)?|(?:medical\s)?record(?:\snumber|\sno\.?)?)[#:\s]*(?P<value>[A-Z]{0,4}-?\d[\d-]{3,11})\b"
)
_SENTENCE_END = re.compile(r"(?<![A-Z])(?<!Dr)(?<!Mr)(?<!Ms)(?<!Mrs)[.!?]\s+(?=[A-Z])")

_SURE = {"name": 0.9, "sex": 0.93, "dob": 0.93, "mrn": 0.93}
"""Of 100 values whose words were read right, how many are right."""


def find(rows: tuple[Row, ...], fields: Mapping[str, Field], profile: Profile) -> Iterator[UnlabelledValue]:
    """What the opening sentence says of the patient: name, sex, birthday, record number."""
    words = [word for row in rows[:_FIRST_ROWS] for word in row.words]
    ends = {id(row.words[-1]) for row in rows[:_FIRST_ROWS] if row.words}
    starts, text = [], ""
    for word in words:
        starts.append(len(text))
        text += word.text + ("\n" if id(word) in ends else " ")
    openings = [match for pattern in _OPENINGS if (match := pattern.search(text)) is not None]
    opening = min(openings, key=lambda match: match.start(), default=None)
    if opening is None:
        return
    end = _SENTENCE_END.search(text, opening.end())
    rest = (opening.start(), end.start() if end else min(len(text), opening.end() + 300))
    found = [("sex", _SEXES[opening["sex"]], opening.span("sex"))]
    named = opening.groupdict().get("name")
    if named and (name := fields["name"].parse(" ".join(named.split()), profile)) and name[1]:
        found.append(("name", name[0], opening.span("name")))
    for field, pattern in (("dob", _BORN), ("mrn", _NUMBER)):
        match = pattern.search(text, *rest)
        value = fields[field].parse(" ".join(match["value"].split()), profile) if match else None
        if match is not None and value is not None and value[1]:
            found.append((field, value[0], match.span("value")))
    for field, said, (start, stop) in found:
        there = tuple(_between(words, starts, start, stop))
        yield UnlabelledValue(field, said, there, _SURE[field] * min(word.confidence for word in there), "text")


def _between(words: list[Word], starts: list[int], start: int, end: int) -> Iterator[Word]:
    """The words in which these characters of the text stand."""
    yield from words[bisect_right(starts, start) - 1 : bisect_right(starts, max(start, end - 1))]
