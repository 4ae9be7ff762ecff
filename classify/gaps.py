"""Whether a new document begins between two pages: the evidence of the gap, and the chance that it makes.

No one cue decides. Forms without page numbers begin with a title and a block of identifiers; continuation pages
repeat a running head or nothing at all. WEIGHTS is a logistic fitted on drawn stacks of many hospitals
(`./dev bench train_understanding`), checked on hospitals that were kept out; do not edit it by hand.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from classify import normal
from classify.codes.formids import FormId
from classify.forms.recognise import Recognised
from classify.guess import FieldValue
from classify.identify import Vote
from classify.rows import Row
from classify.separators import Separator
from ocr.page import OcrPage

SURE = 0.85
"""A read identity below this does not begin a document by itself; it is still a reason to ask."""

_TITLED = 0.8
"""Strength from which a title stands for itself, whatever the page before announced."""

UNSURE = (0.12, 0.88)
"""Between these a person is told that a document may begin here."""

_PAGE_OF = re.compile(r"\bpage?\s*[:#]?\s*(\d{1,3})\s*(?:of|/|0f)\s*(\d{1,3})\b", re.IGNORECASE)
_PAGE = re.compile(r"^\W*(?:page|pg\.?|p\.)\s*[:#]?\s*(\d{1,3})\W*$|^\W*-\s*(\d{1,2})\s*-\W*$", re.IGNORECASE)
_OF = re.compile(r"^\W*(\d{1,2})\s*(?:of|/)\s*(\d{1,2})\W*$", re.IGNORECASE)
_REVISED = re.compile(
    r"(?i)^\W*(?:r|v|rev|revis(?:ed|ion)|ver|version|ed|edition|eff|effective|iss|issued?|print(?:ed)?|form|stock|item|cat(?:alog)?|"
    r"no|number|date[ds]?|created|reviewed|approved|updated|copyright|©)(?:\W|$)|#|\d"
)
"""Words of a form's foot beside which month and year stand: Rev. 5/12, Form MR-204 (2/11), Stock No. 3/04."""

_STANDS_OFF = 2.0
"""Line heights between a page number and what else stands in the row of the foot; words of one phrase stand within one."""
_CONTINUED = re.compile(r"(?i)\bcont(?:inued|'?d|\.)")
_CLOSED = re.compile(
    r"(?i)electronically signed|authenticated by|^\W*signed\b|end of (?:report|document|record)|\bdictated\b|^\W*D:\s?\d.*\bT:\s?\d|signature of"
)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What one page says that bears on where documents begin."""

    page: OcrPage
    rows: tuple[Row, ...]
    fields: tuple[FieldValue, ...]
    title: Vote | None
    place: tuple[int, int] | None  # 'page x of y'; y is 0 where only x is printed
    separator: Separator | None
    is_doubtful_separator: bool
    form: Recognised | None = None
    form_ids: tuple[FormId, ...] = ()
    labels: frozenset[tuple[int, int]] = frozenset()
    """Words of labels, each by the number of its row and its own number there."""

    _sure: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for value in self.fields:
            if value.is_valid and value.confidence >= SURE:
                self._sure.setdefault(value.name, value.value)

    def sure(self, name: str) -> str:
        """The value of a field that is valid and read well, or an empty string."""
        return self._sure.get(name, "")

    @property
    def person(self) -> tuple[str, str, str]:
        """Record number, name and birthday that the page surely says, each empty when it does not."""
        return self.sure("mrn"), self.sure("name"), self.sure("dob")


def place_of(rows: Sequence[Row], text: str) -> tuple[int, int] | None:
    """The number that a page bears, and of how many (0 when it does not say), or None."""
    found = _PAGE_OF.search(text)
    if found and 1 <= int(found[1]) <= int(found[2]):
        return int(found[1]), int(found[2])
    for row in (*rows[:3], *rows[-3:]):
        pieces = [row.text, " ".join(word.text for word in row.words[-2:]), row.words[-1].text]
        for piece in pieces:
            of = _OF.match(piece) if row.top_share > 0.85 else None
            if of and 1 <= int(of[1]) <= int(of[2]) and not _is_month_and_year(row, piece, of[1], of[2]):
                return int(of[1]), int(of[2])
            if alone := _PAGE.match(piece):
                return int(alone[1] or alone[2]), 0
    return None


def without_dates(all_facts: Sequence[PageFacts]) -> list[PageFacts]:
    """The pages of a file, of which '5/12' alone at the foot is a number only where another page bears 4/12 or 6/12.

    It may as well be when the form was revised. Both sides of a form say the same month and year, and pages of one
    document say different numbers.
    """
    places = {facts.place for facts in all_facts}
    found = []
    for facts in all_facts:
        if facts.place and may_be_date(facts):
            number, of = facts.place
            if places.isdisjoint({(number - 1, of), (number + 1, of)}):
                facts = replace(facts, place=None)
        found.append(facts)
    return found


def may_be_date(facts: PageFacts) -> bool:
    """Whether the place of a page is a month and a year of two digits, with a slash and no word or dash that says 'page'."""
    number, of = facts.place or (0, 0)
    if not (1 <= number <= 12 and of >= 10) or _PAGE_OF.search(facts.page.text):
        return False
    foot = [row.words[-1].text for row in facts.rows[-3:] if row.top_share > 0.85]
    return any(re.fullmatch(rf"\W*{number}/{of}\W*", text) for text in foot) and not any(
        "-" in row.text for row in facts.rows[-3:] if f"{number}/{of}" in row.text
    )


def _is_month_and_year(row: Row, piece: str, month: str, year: str) -> bool:
    """Whether '5/12' at the foot is rather when the form was revised than page 5 of 12.

    Month and year stand in brackets, have a leading zero, or stand beside a form number or a word such as Rev.
    """
    if "/" not in piece:
        return False
    before = row.words[: len(row.words) - len(piece.split())]
    stands_off = not before or row.words[len(before)].box.left - before[-1].box.right > _STANDS_OFF * row.box.height
    if int(month) > 12 or len(year) == 1:  # no month, no year: a score or a fraction stands close to its words
        return not stands_off
    is_dated = any(_REVISED.search(word.text) for word in before)
    return not stands_off or is_dated or "(" in piece or "[" in piece or month[0] == "0" or year[0] == "0"


EVIDENCE = (
    "says page 1", "number follows", "number does not follow", "last of its pages", "pages still to come", "title of another kind",
    "title again", "title continued", "strong title", "identifiers in a block", "same person", "other encounter", "same running head", "last page signed off",
    "last page ends early", "sentence goes on", "other size or make", "letterhead again",
)  # fmt: skip

# fmt: off
WEIGHTS: dict[str, float] = {"bias": -2.238, "says page 1": 4.697, "number follows": -4.427, "number does not follow": 1.5, "last of its pages": 4.028, "pages still to come": -3.779, "title of another kind": 2.059, "title again": -1.15, "title continued": -3.628, "strong title": 2.152, "identifiers in a block": 2.18, "same person": 0.3, "other encounter": 2.278, "same running head": -0.033, "last page signed off": 1.59, "last page ends early": -0.585, "sentence goes on": 0.002, "other size or make": 0.3, "letterhead again": 2.667}
# fmt: on


GIVEN: dict[str, float] = {"same form goes on": -2.0, "other form": 2.0}
"""Weights of form numbers, given and not fitted, for drawn stacks bear none: another form number tells as much as the title
of another kind (2.059), and one that goes on as much as half of 'number follows' (-4.427), which is counted beside it."""


def chance_of_begin(stack: Sequence[PageFacts], facts: PageFacts) -> tuple[float, tuple[str, ...]]:
    """The chance that a document begins with this page after the pages of `stack`, and what speaks most for or against."""
    evidence = evidence_of(stack, facts)
    parts = {name: WEIGHTS[name] * value for name, value in zip(EVIDENCE, evidence, strict=True) if value}
    parts |= {name: GIVEN[name] for name in _by_form_numbers(stack[-1], facts)}
    total = WEIGHTS["bias"] + sum(parts.values())
    strongest = sorted(parts, key=lambda name: -abs(parts[name]))[:3]
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), tuple(strongest)


def evidence_of(stack: Sequence[PageFacts], facts: PageFacts) -> tuple[float, ...]:
    """How much of each kind of evidence there is in the gap before this page, in the order of EVIDENCE."""
    first, last = stack[0], stack[-1]
    number, of = facts.place or (0, 0)
    last_number, last_of = last.place or (0, 0)
    follows = bool(number and last_number and number == last_number + 1 and (not of or not last_of or of == last_of))
    follows = follows or (not number and not last_number and heads_follow(last, facts))
    kind = first.title.code if first.title else ""
    here = facts.title.code if facts.title else ""
    top = " ".join(row.text for row in facts.rows[:3])
    is_continued = bool(_CONTINUED.search(top))
    is_other = bool(here and kind) and here != kind and not is_continued
    is_titled = is_other and facts.title is not None and facts.title.title >= _TITLED
    return (
        float(number == 1),
        float(follows),
        float(bool(number and last_number) and not follows and number != 1),
        float(bool(last_of) and last_number == last_of),
        float(bool(last_of) and last_number < last_of and number != 1 and (follows or not is_titled)),
        float(is_other),
        float(bool(here) and here == kind and not is_continued),
        float(is_continued),
        facts.title.title if facts.title and not is_continued else 0.0,
        _identifiers(facts),
        float(_is_same_person(last, facts)),
        float(_is_other_encounter(stack, facts)),
        _likeness(last, facts),
        float(any(_CLOSED.search(row.text) for row in last.rows[-6:])),
        float(_ends_early(last)),
        float(_goes_on(last, facts)),
        float(_is_other_make(last.page, facts.page)),
        float(_has_letterhead(facts) and not is_continued),
    )


def _by_form_numbers(last: PageFacts, facts: PageFacts) -> Iterator[str]:
    """What the form numbers of two pages say: page k+1 of the same form, or another form.

    Where neither says which page of its form it is, the same number twice may be the back or a second copy, and says nothing;
    nor do numbers that differ in what may say the sheet.
    """
    before, here = ([one for one in page.form_ids if one.is_named or one.place] for page in (last, facts))
    if {one.key for one in before} & {one.key for one in here}:
        places = [page.place[0] if page.place else 0 for page in (last, facts)]
        if places[0] and places[1] == places[0] + 1:
            yield "same form goes on"
    elif before and here and {one.family for one in before}.isdisjoint(one.family for one in here):
        yield "other form"


def _identifiers(facts: PageFacts) -> float:
    """Labelled fields in the upper half, as a share of eight: the head of a first page has many."""
    names = {
        value.name
        for value in facts.fields
        if value.box and value.source == "label" and value.box.top < 0.5 * max(facts.page.height, 1)
    }
    return min(len(names), 8) / 8


def _is_same_person(last: PageFacts, facts: PageFacts) -> bool:
    return any(facts.sure(name) and facts.sure(name) == last.sure(name) for name in ("mrn", "name", "dob"))


def _is_other_encounter(stack: Sequence[PageFacts], facts: PageFacts) -> bool:
    for name in ("encounter", "service_date", "admit_date"):
        then = next((before.sure(name) for before in stack if before.sure(name)), "")
        now = facts.sure(name)
        if then and now and normal.number(then) != normal.number(now):
            return True
    return False


def _likeness(last: PageFacts, facts: PageFacts) -> float:
    """How alike the uppermost rows of both pages are, numbers of pages aside; 0 to 1."""
    if not last.rows or not facts.rows:
        return 0.0
    one, other = (re.sub(r"\d{1,2}\s*of\s*\d{1,2}", "", facts_.rows[0].text) for facts_ in (last, facts))
    return max(0.0, fuzz.ratio(one, other) / 100 - 0.5) * 2 if len(one) > 5 else 0.0


def heads_follow(last: PageFacts, facts: PageFacts) -> bool:
    """Whether the heads of two pages name one person with the same words and end with numbers that follow: 'RIVERA, ANA
    00123456 2' after 'RIVERA, ANA 00123456 1'. A number alone there is no page number that `place_of` would believe."""
    if not last.rows or not facts.rows:
        return False
    (*then, before), (*now, number) = (
        [word.text.strip("|,;-*/") for word in row.words if word.text.strip("|,;-*/")] or [""]
        for row in (last.rows[0], facts.rows[0])
    )
    is_next = before.isdigit() and number.isdigit() and len(number) <= _LONGEST_PAGE and int(number) == int(before) + 1
    return is_next and then == now and bool(whose(last)[1]) and whose(last) == whose(facts)


_LONGEST_PAGE = 3
"""Digits of a page number."""


def whose(facts: PageFacts) -> tuple[str, str]:
    """Record number and name that a page mentions, with a label or without, each empty when it does not."""
    best: dict[str, str] = {}
    for value in facts.fields:
        if value.is_valid and value.confidence >= _MENTIONED and not value.is_of_another:
            best.setdefault(value.name, value.value)
    return normal.number(best.get("mrn", "")), best.get("name", "")


_MENTIONED = 0.6
"""Confidence of what a running head or patient label says without a label, when its words were read well."""


def _ends_early(last: PageFacts) -> bool:
    """Whether the writing of a page ends well above its foot (a footer of one row left out)."""
    rows = [row for row in last.rows if row.top_share < 0.93]
    return bool(rows) and rows[-1].top_share < 0.62


def _goes_on(last: PageFacts, facts: PageFacts) -> bool:
    """A last line without a full stop before a page that begins in small letters."""
    ends = [row.text for row in last.rows if row.top_share < 0.93]
    return bool(ends and facts.rows) and ends[-1][-1:].isalpha() and facts.rows[0].text[:1].islower()


def _is_other_make(one: OcrPage, other: OcrPage) -> bool:
    """Another size of paper, resolution or way of feeding."""
    if not one.dpi or not other.dpi:
        return False
    wide = one.width / one.dpi, other.width / other.dpi
    high = one.height / one.dpi, other.height / other.dpi
    return abs(wide[0] - wide[1]) > 0.4 or abs(high[0] - high[1]) > 0.4 or one.dpi != other.dpi


def _has_letterhead(facts: PageFacts) -> bool:
    return any(value.name == "facility" and value.source == "letterhead" for value in facts.fields)
