"""The patient whom the opening sentence of a note names: 'Ana Rivera is a 66-year-old woman, born March 14, 1957 (MRN 00123456)'."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from classify import normal
from classify.fields.dates import DAY
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
_BRACKET = (
    r"(?:\s?\([^)]{1,60}\)|,\s(?:DOB|born(?:\son)?|date\sof\sbirth)[:\s]\s?[\w/.-]{2,12}(?:\s[\w.]{1,9},?\s\d{2,4})?)?"
)
"""What may stand behind the name: a number in brackets, or the birthday."""
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
        # This is to certify that Mr. Ana Rivera was seen; Ana Rivera (DOB 03/14/1957) was seen
        rf"\b(?:certify|certifies|verify|verifies|confirm|confirms|attest|attests)\sthat\s{_TITLE}(?P<name>{_NAME})(?=[\s,.(])",
        rf"(?:^|\s){_TITLE}(?P<name>{_NAME})\s?\(\s?(?:DOB|D\.O\.B\.|[Bb]orn|[Dd]ate\sof\s[Bb]irth|[Bb]irth\s?date)[\s:]",
        # I, Ana Rivera, born March 14, 1957, of … appoint
        rf"{_BEGIN}I,\s(?P<name>{_NAME}),",
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
_SEEN = re.compile(
    rf"\b(?:whom\sI\s(?:saw|evaluated|examined|reviewed)|I\s(?:saw|evaluated|examined)|(?:was|were)\s(?:seen|evaluated|examined)|"
    rf"(?:man|woman|male|female|gentleman|lady|patient)\s(?:who\swas\s)?(?:seen|evaluated|examined))\b(?:[\s,]+(?!on\b|last\b)[\w'’./-]+){{0,16}}?[\s,]+on\s(?P<value>{DAY})"
)
"""The day on which a note or a letter says that its patient was seen: 'whom I saw in clinic on 24/06/2010'."""

_SENTENCE_END = re.compile(r"(?<![A-Z])(?<!Dr)(?<!Mr)(?<!Ms)(?<!Mrs)[.!?]\s+(?=[A-Z])")

_SURE = {"name": 0.9, "sex": 0.93, "dob": 0.93, "mrn": 0.93, "service_date": 0.85}
"""Of 100 values whose words were read right, how many are right."""


def find(rows: tuple[Row, ...], fields: Mapping[str, Field], profile: Profile) -> Iterator[UnlabelledValue]:
    """What the opening sentence says of the patient: name, sex, birthday, record number."""
    words = [word for row in rows[:_FIRST_ROWS] for word in row.words]
    ends = {id(row.words[-1]) for row in rows[:_FIRST_ROWS] if row.words}
    starts, text = [], ""
    for word in words:
        starts.append(len(text))
        text += word.text + ("\n" if id(word) in ends else " ")
    yield from _seen(text, words, starts, fields, profile)
    openings = [match for pattern in _OPENINGS if (match := pattern.search(text)) is not None]
    opening = min(openings, key=lambda match: match.start(), default=None)
    if opening is None:
        return
    end = _SENTENCE_END.search(text, opening.end())
    rest = (opening.start(), end.start() if end else min(len(text), opening.end() + 300))
    said_sex = opening.groupdict().get("sex")
    found = [("sex", _SEXES[said_sex], opening.span("sex"))] if said_sex else []
    named = opening.groupdict().get("name")
    if (
        named
        and not _is_surname(named)
        and (name := fields["name"].parse(" ".join(named.split()), profile))
        and name[1]
    ):
        found.append(("name", name[0], opening.span("name")))
    for field, pattern in (("dob", _BORN), ("mrn", _NUMBER)):
        match = pattern.search(text, *rest)
        value = fields[field].parse(" ".join(match["value"].split()), profile) if match else None
        if match is not None and value is not None and value[1]:
            found.append((field, value[0], match.span("value")))
    for field, said, (start, stop) in found:
        there = tuple(_between(words, starts, start, stop))
        yield UnlabelledValue(field, said, there, _SURE[field] * min(word.confidence for word in there), "text")


def _is_surname(named: str) -> bool:
    """Whether two words of a name are a surname alone: 'Mr. La Rue is a 54-year-old man'."""
    words = named.split()
    return all(word.lower().strip(".") in normal.PARTICLES | {"st", "saint"} for word in words[:-1])


def _seen(
    text: str, words: list[Word], starts: list[int], fields: Mapping[str, Field], profile: Profile
) -> Iterator[UnlabelledValue]:
    """The first day on which the text says that its patient was seen."""
    match = _SEEN.search(text)
    value = fields["service_date"].parse(" ".join(match["value"].split()), profile) if match else None
    if match is not None and value is not None and value[1]:
        there = tuple(_between(words, starts, *match.span("value")))
        sure = _SURE["service_date"] * min(word.confidence for word in there)
        yield UnlabelledValue("service_date", value[0], there, sure, "text")


def _between(words: list[Word], starts: list[int], start: int, end: int) -> Iterator[Word]:
    """The words in which these characters of the text stand."""
    yield from words[bisect_right(starts, start) - 1 : bisect_right(starts, max(start, end - 1))]
