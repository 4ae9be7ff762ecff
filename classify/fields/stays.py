"""Admission and discharge in running text and as ranges: 'was admitted on 03/04/2021 and discharged 03/09/2021', 'LOS: 3/4 - 3/9'."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from classify import normal
from classify.fields import dates
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Word

_MOST_ROWS = 80
"""Rows of a page that are read through; a page of typed text has some 60."""

_DAY = dates.DAY
_WORDS = r"(?:\s(?!(?:and|but|then|who|where|when|until|discharged|admitted|born)\b)[A-Za-z'’/-]+,?){0,8}?"
"""Words of one sentence between the verb and its day: 'admitted to the medical service on'."""

_RUN = r"[^:;]{3,70}?"
"""What stands between such a label and the kind of stay: the number of the visit and a name of the hospital."""

_TO = r"\s?(?i:to|through|thru|until|till|and|-|–)\s?"
_ADMITTED = (
    re.compile(rf"(?i:\badmitted\b{_WORDS}(?:\son)?)\s(?P<admit_date>{_DAY})"),
    re.compile(
        rf"(?i:\badmission\b(?:\s(?:date|day))?(?:\sto(?:\s[a-z]+){{1,4}})?,?\s(?:(?:was|is)\s)?(?:on\s|of\s)?)(?P<admit_date>{_DAY})"
    ),
)
_DISCHARGED = (
    re.compile(rf"(?i:\bdischarged\b{_WORDS}(?:\son)?)\s(?P<discharge_date>{_DAY})"),
    re.compile(
        rf"(?i:\bdischarge\b(?:\s(?:date|day))?(?:\sto(?:\s[a-z]+){{1,4}})?,?\s(?:(?:was|is)\s)?(?:on\s|of\s)?)(?P<discharge_date>{_DAY})"
    ),
)
_RANGES = (
    re.compile(
        rf"(?i:\b(?:adm(?:it|ission|itted)?\.?\s?/\s?(?:d/c|dsch|disch?|discharged?)\.?(?:\sdates?)?|(?:dates?\sof\s)?(?:hospitali[sz]ation|confinement)s?(?:\sdates?)?"
        rf"|(?:hospital|inpatient|dates?\sof)\sstay|length\sof\sstay|los)\b\s?[:#-]?\s?(?:from\s?:?\s?)?)(?P<admit_date>{_DAY}){_TO}(?P<discharge_date>{_DAY})"
    ),
    re.compile(
        rf"(?i:\b(?:admitted|hospitali[sz]ed|inpatient)\b{_WORDS}\sfrom\s)(?P<admit_date>{_DAY}){_TO}(?P<discharge_date>{_DAY})"
    ),
    # Encounter info: V123456, General Hospital, Inpatient, 3/1/2024 - 3/5/2024
    re.compile(
        rf"(?i:\b(?:encounter|visit|admission|stay)(?:\s(?:info(?:rmation)?|details?|data))?\s?[:#]{_RUN},\s?(?:inpatient|observation),)"
        rf"\s(?P<admit_date>{_DAY}){_TO}(?P<discharge_date>{_DAY})"
    ),
)
_EARLIER = re.compile(
    r"(?i)\b(?:previous(?:ly)?|prior|earlier|formerly|first|initial(?:ly)?|last|recent(?:ly)?|another|history|again|once|ago|will|to|if|not|planned|"
    r"mother|father|sister|brother|husband|wife|son|daughter|baby|infant)\W+(?:(?:was|been|be|is|had|has|were)\W+){0,2}$"
)
"""Words before the verb that make it another stay, or another's: 'was last admitted', 'his mother was admitted'."""

_SURE = 0.9
"""Of 100 such days whose words were read right, how many are the stay's: a note tells of earlier ones too."""

_DOUBTED = 0.6
"""The same where the text names another day of its kind."""


_STEMS = ("adm", "discharg", "hospitali", "confine", "stay", "los", "inpatient")


def find(rows: tuple[Row, ...], profile: Profile) -> Iterator[UnlabelledValue]:
    """The first admission and discharge that the text tells, not those of an earlier stay or of a relative."""
    words = [word for row in rows[:_MOST_ROWS] for word in row.words]
    starts = list(accumulate((len(word.text) + 1 for word in words), initial=0))[:-1]
    text = " ".join(word.text for word in words)
    if not any(stem in text.lower() for stem in _STEMS):
        return
    ranges = [match for pattern in _RANGES for match in pattern.finditer(text)]
    for name, patterns in (("admit_date", _ADMITTED), ("discharge_date", _DISCHARGED)):
        told = [*ranges, *(match for pattern in patterns for match in pattern.finditer(text))]
        days = [
            (match.span(name), day)
            for match in sorted(told, key=lambda match: match.start(name))
            if not _is_another(text, match.start())
            and (day := dates.find_date(match[name].rstrip(","), profile)) is not None
            and day <= normal.today()
        ]
        if days:
            (start, end), first = days[0]
            there = _between(words, starts, start, end)
            sure = _SURE if len({day for _, day in days}) == 1 else _DOUBTED
            yield UnlabelledValue(name, first.isoformat(), there, sure * min(w.confidence for w in there), "text")


_FAR = 60
"""Letters before the verb in which such a word stands."""


def _is_another(text: str, start: int) -> bool:
    before = re.split(r"[.;:!?]\s", text[max(0, start - _FAR) : start])[-1]
    return _EARLIER.search(before) is not None


def _between(words: Sequence[Word], starts: Sequence[int], start: int, end: int) -> tuple[Word, ...]:
    """The words in which these characters of the text stand."""
    return tuple(words[bisect_right(starts, start) - 1 : bisect_right(starts, max(start, end - 1))])
