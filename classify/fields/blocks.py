"""The patient where labels are few or none: running heads, RE: lines, patient labels and wristbands.

'RIVERA, ANA M   MRN: 00123   DOB: 03/14/1957', 'Rivera, Ana 00123456' at the head of a page, and the block

    RIVERA,ANA F 66Y
    00123456  03/14/57  V4410078

A name and what stands beside or under it are one person's. A page whose rows hold several persons each is a list, and
says of none of them that it is theirs.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from types import MappingProxyType

from classify import normal
from classify.codes.checkdigits import is_right
from classify.fields import attending, claims
from classify.fields.dates import find_date
from classify.fields.givennames import are_persons
from classify.fields.mentions import STATE, Kind, Mention, mentions_of
from classify.fields.others import Claims, rows_of_others
from classify.fields.sentences import has_hour, is_of_a_thing, is_of_an_event
from classify.finding.beside import is_bar
from classify.finding.field import until_gap
from classify.finding.labels import FoundLabel
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Box, Word

_IDENTIFIERS = frozenset({"mrn", "dob", "encounter", "account"})

_ANNOUNCING = frozenset({"re", "regarding", "subject", "client", "child", "patient", "pt", "name", "resident"})
"""Words that announce a patient only where identifiers stand near: a laboratory's client is a practice."""

_HEAD, _FOOT, _MIDDLE = 0.2, 0.85, 0.5
"""Shares of a page: above the first and under the second run heads; letters say in their upper half whom they are about."""

_ROWS = 3
"""Rows under the name that belong to its block, each no further below the one before than so many of its heights:"""
_ROW_GAP = 2.6

_INDENT = 3.0
"""Heights by which rows of a block begin apart."""

_SURE: dict[str, float] = {
    "name": 0.9,
    "unordered": 0.65,
    "mrn": 0.85,
    "encounter": 0.7,
    "sex": 0.9,
    "lone sex": 0.8,
    "aged": 0.93,
    "dob": 0.75,
    "stay": 0.75,
    "unlikely": 0.3,
}
"""Of 100 such values whose words were read right, how many are right; `aged` is a birthday that fits the age beside it."""

_NO_PATIENT = re.compile(
    r"(?i)\b(?:signed|dictated|transcribed|reviewed|authenticated|attested|witness|provider|physician|surgeon|attending|dr|cc|copy|copies|nurse|"
    r"guarantor|subscriber|insured|spouse|mother|father|guardian|contact|kin|employer|phone|from|by|to)\b"
)
"""Words beside a name that is not the patient's."""

_POSTCODE = re.compile(rf",? {STATE} \d{{5}}(?!\d)")
"""What the row of a place ends with, which a letterhead may have there too."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row with what it mentions, and the labels in it."""

    row: Row
    mentions: tuple[Mention, ...]
    labels: tuple[FoundLabel, ...]

    def unlabelled(self) -> tuple[Mention, ...]:
        """Its mentions that no label stands before; a label's own words are none."""
        return tuple(m for m in self.mentions if not any(_covers(label, m, self.row) for label in self.labels))


def find(
    lines: Sequence[Line], profile: Profile, told: Mapping[Box, str] = MappingProxyType({})
) -> Iterator[UnlabelledValue]:
    """Name, sex, birthday and numbers of every block that names a patient: a page with two is a question.

    What stands in the boxes `told` is the value of a label already: of that field. A list of patients gives nothing, and an
    institutional claim neither: there it stands in a box of its own.
    """
    rows = tuple(line.row for line in lines)
    if lists_persons(lines) or claims.is_institutional(rows):
        return
    days, others, said_of = _dates_of(lines), rows_of_others(rows), cache(lambda: Claims(rows))
    logged = {number for number, line in enumerate(lines) if _is_of_a_log(line)}
    used: set[Mention] = set()
    for number, line in enumerate(lines):
        if number in others:
            continue
        for name in line.unlabelled():
            if name.kind is not Kind.NAME or name in used or _is_anothers(name, line.row):
                continue
            if _is_told(name, told) or (number in logged and not any("," in word.text for word in name.words)):
                continue
            block = _block(name, number, lines)
            found = list(_values(name, block, line, profile, days, told))
            if found and said_of().is_of_another(number, name.first, name.end - 1):
                continue
            yield from found
            if found and len(block) > 1:
                known = {value.field for value in found} | {label.field for other in block for label in other.labels}
                yield from _of_the_stay(name, number, lines, profile, known)
            if found:
                used.update(mention for other in block for mention in other.mentions)


def _is_told(name: Mention, told: Mapping[Box, str]) -> bool:
    """Whether words like a name are the value of a label of something else: a payer's, a doctor's."""
    return any(
        field not in ("name", "family_name", "given_name") and name.box.share_of(box) > 0.5
        for box, field in told.items()
    )


def _is_of_a_log(line: Line) -> bool:
    """Whether a row begins with a day and its hour, as a log of orders and of what was done has them."""
    first = line.mentions[0] if line.mentions else None
    return first is not None and first.kind is Kind.DATE and first.first == 0 and has_hour(line.row, 0, first.end - 1)


def lines_of(rows: tuple[Row, ...], anchors: list[FoundLabel], profile: Profile) -> list[Line]:
    """The rows of a page with what they mention and their labels; made once a page."""
    by_row: dict[int, list[FoundLabel]] = {}
    for anchor in anchors:
        by_row.setdefault(anchor.row, []).append(anchor)
    lines = []
    for number, row in enumerate(rows):
        labels = tuple(by_row.get(number, ()))
        words = {at for label in labels for at in range(label.first, label.last + 1)}
        found = mentions_of(row.words, profile, words)
        lines.append(Line(row, tuple(m for m in found if not _is_told_of_something_else(m, rows, number)), labels))
    return lines


def _is_told_of_something_else(mention: Mention, rows: tuple[Row, ...], number: int) -> bool:
    """Whether a sentence says of a day or number that it is an event's or a thing's."""
    if mention.kind is Kind.DATE:
        return is_of_an_event(rows, number, mention.first)
    return mention.kind is Kind.NUMBER and is_of_a_thing(rows, number, mention.first)


def _covers(label: FoundLabel, mention: Mention, row: Row) -> bool:
    """Whether a mention is of the words of a label, or its value: nothing but signs between them."""
    last = label.last if label.tail else label.last + 1  # of 'MRN:00123456 F' the sex is not the label's
    if label.first <= mention.first <= last or label.first < mention.end <= last:
        return True
    if label.tail:
        return False
    between = row.words[label.last + 1 : mention.first]
    return bool(between) and not any(c.isalnum() for word in between for c in word.text)


def lists_persons(lines: Sequence[Line]) -> bool:
    """Whether the page is a list of patients (a census, a schedule): several rows each hold another name beside a number
    and a day, without labels of their own. A list of charges has descriptions there (ROOM SEMI PRIV), which no comma and
    no common first name makes names."""
    names = []
    for line in lines:
        said = line.unlabelled()
        own = [m for m in said if m.kind is Kind.NAME and not _is_anothers(m, line.row)]
        if own and len({m.kind for m in said} - {Kind.NAME}) >= _LEAST_KINDS:
            names.append(own[0])
    return len({normal.letters(name.value) for name in names}) > 1 and are_persons(
        [[word.text for word in name.words] for name in names]
    )


def lists_numbers(lines: Sequence[Line], profile: Profile) -> bool:
    """Whether a column headed as record numbers holds several: a list of patients, whatever became of their names."""
    for number, line in enumerate(lines):
        for label in line.labels:
            if label.field == "mrn" and not label.tail and ":" not in line.row.words[label.last].text:
                head = line.row.words[label.first].box
                if len(set(_column(lines[number + 1 :], head, profile))) > 1:
                    return True
    return False


def _column(lines: Sequence[Line], head: Box, profile: Profile) -> Iterator[str]:
    """The record numbers right under a head, row by row, until a row of other labels."""
    bottom, high = head.bottom, max(head.height, 12)
    for line in lines:
        if line.row.box.top - bottom > _COLUMN_GAP * high or any(label.field for label in line.labels):
            return
        bottom = line.row.box.bottom
        for mention in line.mentions:
            is_under = abs(mention.box.left - head.left) <= _COLUMN_GAP * high
            if mention.kind is Kind.NUMBER and is_under and re.fullmatch(profile.mrn_pattern, mention.value):
                yield normal.number(mention.value)


_COLUMN_GAP = 3.0
"""Heights of a head, so many times, between the rows of its column, and by which their left edges differ."""


def _is_anothers(name: Mention, row: Row) -> bool:
    """Whether a degree stands beside a name, or a word before it that makes it another person's, or a town's."""
    after = row.words[name.end : name.end + 1]
    is_parted = name.words[-1].text.endswith(",")  # 'Rivera, Ana Pt DOB' is no therapist
    degrees = [word.text.lower().strip(".,()") for word in (*name.words, *after)]
    if any(word in normal.DEGREES and (word != "pt" or is_parted) for word in degrees):
        return True
    before = [
        word for word in row.words[: name.first] if name.words[0].box.left - word.box.right < _NEAR * name.box.height
    ]
    return bool(_NO_PATIENT.search(" ".join(word.text for word in before)) or _POSTCODE.search(row.text))


_NEAR = 20.0
"""Heights of a name within which words before it may say whose it is."""


def _block(name: Mention, number: int, lines: Sequence[Line]) -> list[Line]:
    """The lines that belong to a name: its own, and those that begin under it, close below each other.

    Rows of another column between them, as of a letterhead beside a patient label, are none of them.
    """
    left, high = name.box.left, max(12, name.box.height)
    block, bottom = [lines[number]], name.box.bottom
    for line in lines[number + 1 :]:
        under = [word for word in line.row.words if word.box.left >= left - _INDENT * high]
        if len(block) > _ROWS or line.row.box.top - bottom > _ROW_GAP * high:
            break
        if not under:
            continue
        is_named = any(m.kind is Kind.NAME and m.box.left >= left - _INDENT * high for m in line.mentions)
        if is_named or under[0].box.left > left + _INDENT * high or not _begins_a_cell(under[0], line.row):
            break
        block.append(line)
        bottom = under[0].box.bottom
    return block


def _begins_a_cell(word: Word, row: Row) -> bool:
    """Whether a word stands at the beginning of its row or behind a gap, and not in the midst of what is said there."""
    before = [other for other in row.words if other.box.left < word.box.left]
    return not before or _is_apart(before[-1], word) or _is_sign(before[-1].text)


def _values(
    name: Mention, block: Sequence[Line], line: Line, profile: Profile, days: Sequence[date], told: Mapping[Box, str]
) -> Iterator[UnlabelledValue]:
    left = name.box.left - _INDENT * max(12, name.box.height)
    is_head = line.row.top_share <= _HEAD or line.row.top_share >= _FOOT
    here = [
        m
        for other in block
        for m in other.unlabelled()
        if m.kind is not Kind.NAME and (m.box.left >= left or (is_head and other is line))
    ]
    here = _without_days_as_numbers(here, profile)
    labelled = {
        label.field for other in block for label in other.labels if other.row.words[label.first].box.left >= left
    }
    is_announced = _is_announced(name, line.row)
    own_row = {m.kind for m in line.unlabelled() if m.kind is not Kind.NAME} | {
        Kind.NUMBER for label in line.labels if label.field in _IDENTIFIERS and label.first > name.first
    }
    kinds = {m.kind for m in here}
    is_plain = "," not in " ".join(word.text for word in name.words) and name.is_ordered
    is_running_head = is_head and bool(own_row & {Kind.NUMBER, Kind.DATE}) and _starts_cell(name, line.row)
    is_re_line = is_announced and line.row.top_share <= _MIDDLE and bool(labelled & _IDENTIFIERS or own_row)
    is_full = len(kinds) >= _LEAST_KINDS
    evidence = len(labelled & _IDENTIFIERS) + len(kinds)
    is_labelled = bool(labelled & _IDENTIFIERS) and (not is_plain or evidence >= _LEAST_KINDS)
    is_label = _starts_cell(name, line.row) and len(block) > 1 and (is_full or is_labelled)
    if not (is_running_head or is_re_line or is_label):
        return
    kind = "name" if name.is_ordered or is_announced else "unordered"
    yield _told("name", name.value, name.words, kind)
    sex = next((m for m in here if m.kind is Kind.SEX), None)
    alone = next((word for other in block for word in _lone_sex(other, left)), None)
    if "sex" not in labelled and sex is not None:
        yield _told("sex", sex.value, sex.words, "sex")
    elif "sex" not in labelled and alone is not None:
        yield _told("sex", str(normal.parse_sex(alone.text)), (alone,), "lone sex")
    free = [m for m in here if not any(m.box.share_of(box) > 0.5 for box in told)]
    admitted = [m for other in block for m in other.mentions if m in free and _is_an_admission(m, other.row)]
    if "admit_date" not in labelled and len(admitted) == 1:
        yield _told("admit_date", admitted[0].value, admitted[0].words, "stay")
    free = [m for m in free if m not in admitted]
    if "dob" not in labelled:
        born = [
            m
            for m in free
            if m.kind is Kind.DATE
            and not any(m.words[0] in o.row.words and has_hour(o.row, m.first, m.end - 1) for o in block)
        ]
        yield from _birthday(born, sex.age if sex else None, days)
    alone_here = [m for other in block for m in _standing_alone(other) if m in free]
    yield from _numbers(alone_here, labelled, profile)


_ADMITTED = frozenset({"a", "ad", "adm", "admit", "admitted"})
"""What embossed plates and stickers print before the day of admission."""


def _is_an_admission(mention: Mention, row: Row) -> bool:
    """Whether a day stands right behind a word for an admission that begins its cell: 'A 03/13/2005'."""
    if mention.kind is not Kind.DATE or not mention.first:
        return False
    if normal.plain(row.words[mention.first - 1].text) not in _ADMITTED:
        return False
    return mention.first == 1 or _is_apart(row.words[mention.first - 2], row.words[mention.first - 1])


# ---- the stay, around a patient label


def _of_the_stay(
    name: Mention, number: int, lines: Sequence[Line], profile: Profile, known: Set[str]
) -> Iterator[UnlabelledValue]:
    """Visit number and day of admission in the line right over the name of a patient label, and the doctor under it."""
    above = _line_above(name, number, lines)
    if above is not None:
        days = [m for m in above.unlabelled() if m.kind is Kind.DATE]
        visits = [
            m
            for m in above.unlabelled()
            if m.kind is Kind.NUMBER
            and re.fullmatch(profile.encounter_pattern, m.value)
            and m in _standing_alone(above)
        ]
        if visits and not known & {"encounter", "account"}:
            yield _told("encounter", visits[0].value, visits[0].words, "encounter")
        if visits and len(days) == 1 and "admit_date" not in known:
            yield _told("admit_date", days[0].value, days[0].words, "stay")
    doctor = None if "attending" in known else _doctor_under(name, lines[number + 1 :], profile)
    if doctor is not None:
        yield doctor


def _line_above(name: Mention, number: int, lines: Sequence[Line]) -> Line | None:
    """The line over a name that begins where it does and names nobody."""
    high = max(12, name.box.height)
    for line in reversed(lines[max(0, number - 2) : number]):
        here = [word for word in line.row.words if word.box.left >= name.box.left - _INDENT * high]
        if not here:
            continue
        is_close = name.box.top - here[0].box.bottom <= _ROW_GAP * high
        is_under = abs(here[0].box.left - name.box.left) <= _INDENT * high
        return line if is_close and is_under and not any(m.kind is Kind.NAME for m in line.mentions) else None
    return None


def _doctor_under(name: Mention, lines: Sequence[Line], profile: Profile) -> UnlabelledValue | None:
    """The doctor whom a patient label names under the patient: 'DR RIVERA, ANA' begins a line of its own there."""
    high, bottom = max(12, name.box.height), name.box.bottom
    for line in lines[: 3 * _ROWS]:
        here = [word for word in line.row.words if word.box.left >= name.box.left - _INDENT * high]
        if not here:
            continue
        if here[0].box.top - bottom > _ROW_GAP * high or abs(here[0].box.left - name.box.left) > _INDENT * high:
            return None
        bottom = here[0].box.bottom
        if normal.plain(here[0].text) == "dr" and len(here) > 1:
            words = until_gap(here[1:])
            parsed = attending.parse(" ".join(word.text for word in words), profile)
            return _told("attending", parsed[0], tuple(words), "stay") if parsed is not None and parsed[1] else None
    return None


def _standing_alone(line: Line) -> Iterator[Mention]:
    """The numbers of a line that no word stands close before: 'Order 72893126' is neither the patient's nor the visit's."""
    ends = {m.end for m in line.mentions}
    for mention in line.mentions:
        if mention.kind is not Kind.NUMBER:
            continue
        before = line.row.words[mention.first - 1] if mention.first else None
        if before is not None and _is_of_a_label(before.text):
            continue
        if before is None or mention.first in ends or _is_sign(before.text) or _is_apart(before, mention.words[0]):
            yield mention


def _is_of_a_label(text: str) -> bool:
    """Whether a word ends a label, one that is in no list: 'Client #: 67760864' is the number of a practice."""
    said = normal.plain(text)
    return ("#" in text or text.endswith(":")) and said not in _ANNOUNCING


def _is_sign(text: str) -> bool:
    """Whether a word is a bar, a dash or a star between two values of a running head."""
    return is_bar(text) or not any(c.isalnum() for c in text)


def _is_apart(before: Word, word: Word) -> bool:
    return word.box.left - before.box.right > 2 * max(12, word.box.height)


def _lone_sex(line: Line, left: float) -> Iterator[Word]:
    """Letters or words for a sex that stand behind a day, a number or a bare age of a block, or in a cell of their own behind
    its name."""
    words = line.row.words
    ends = {m.end for m in line.mentions if m.kind in (Kind.DATE, Kind.NUMBER)}
    ends |= {
        m.end
        for m in line.mentions
        if m.kind is Kind.NAME and m.end < len(words) and _is_apart(m.words[-1], words[m.end])
    }
    ends |= {at for at in range(1, len(words)) if _BARE_AGE.fullmatch(words[at - 1].text)}
    for at, word in enumerate(words):
        if word.box.left >= left and word.text.lower().strip(",.") in _SEXES and (at in ends or at == 0):
            yield word


_BARE_AGE = re.compile(r"\d{1,3}")

_SEXES = frozenset({"m", "f", "male", "female"})

_LEAST_KINDS = 2
"""Kinds of mentions under a name that make a patient label of them, where none has a label."""


def _starts_cell(name: Mention, row: Row) -> bool:
    """Whether nothing but a number or a bar stands close before a name."""
    first = _first_of(name, row)
    if first == 0:
        return True
    before = row.words[first - 1]
    return (
        _is_apart(before, row.words[first])
        or _is_sign(before.text)
        or any(c.isdigit() for c in before.text)
        or normal.plain(before.text) in _ANNOUNCING
    )


_HONORIFIC = re.compile(r"(?i)\(?(?:mr|mrs|ms|miss|mx|master)\.?\)?")


def _first_of(name: Mention, row: Row) -> int:
    """The first word of a name with the titles before it."""
    first = name.first
    while first and _HONORIFIC.fullmatch(row.words[first - 1].text):
        first -= 1
    return first


def _is_announced(name: Mention, row: Row) -> bool:
    """Whether the word before a name announces the patient: 'RE: Mr Rivera', 'Records of Rivera, Ana', 'For Ana Rivera'."""
    before = [normal.plain(word.text) for word in row.words[: _first_of(name, row)]]
    return bool(before) and (before[-1] in _ANNOUNCING or before[-2:] == ["records", "of"] or before == ["for"])


def _without_days_as_numbers(here: Sequence[Mention], profile: Profile) -> list[Mention]:
    """The mentions of a block where record numbers may look like days (12-03-57): beside one that is none, the rest are days."""
    days = {m.box: find_date(m.value, profile) for m in here if m.kind is Kind.NUMBER and "-" in m.value}
    numbers = [
        m for m in here if m.kind is Kind.NUMBER and not days.get(m.box) and re.fullmatch(profile.mrn_pattern, m.value)
    ]
    if not numbers:
        return list(here)
    return [replace(m, kind=Kind.DATE, value=day.isoformat()) if (day := days.get(m.box)) else m for m in here]


def _birthday(found: Sequence[Mention], age: int | None, days: Sequence[date]) -> Iterator[UnlabelledValue]:
    """The earliest day of a block; surer when the age beside it is that of a day of this page, unlikely when of none."""
    if not found:
        return
    earliest = min(found, key=lambda m: m.value)
    born = date.fromisoformat(earliest.value)
    others = [day for day in days if day > born]
    kind = "dob"
    if age is not None:
        kind = (
            "aged" if any(abs(normal.age_on(born, day) - age) <= 1 for day in (*others, normal.today())) else "unlikely"
        )
    elif not others and len(found) == 1 and (normal.today() - born).days < _NEWBORN:
        kind = "unlikely"
    yield _told("dob", earliest.value, earliest.words, kind)


_NEWBORN = 400
"""Days within which a single day of a block is rather that of the service."""


def _numbers(found: Sequence[Mention], labelled: set[str], profile: Profile) -> Iterator[UnlabelledValue]:
    """The record number and the visit's: the first that can only be one, or the first of all."""
    rest = list(dict.fromkeys(found))
    if "mrn" not in labelled:
        may_be = [
            m for m in rest if re.fullmatch(profile.mrn_pattern, m.value) and is_right(m.value, profile.mrn_check_digit)
        ]
        only = [m for m in may_be if not re.fullmatch(profile.encounter_pattern, m.value)]
        plain = [m for m in may_be if m.value[0].isdigit()]
        best = next(iter(only or plain or may_be), None)
        if best is not None:
            yield _told("mrn", best.value, best.words, "mrn")
            rest.remove(best)
    if not labelled & {"encounter", "account"}:
        visit = next(
            (
                m
                for m in rest
                if re.fullmatch(profile.encounter_pattern, m.value)
                and is_right(m.value, profile.encounter_check_digit)
                and not find_date(m.value, profile)
            ),
            None,
        )
        if visit is not None:
            yield _told("encounter", visit.value, visit.words, "encounter")


def _dates_of(lines: Sequence[Line]) -> list[date]:
    return [date.fromisoformat(m.value) for line in lines for m in line.mentions if m.kind is Kind.DATE]


def _told(field: str, value: str, words: tuple[Word, ...], kind: str) -> UnlabelledValue:
    return UnlabelledValue(field, value, words, _SURE[kind] * math.prod(word.confidence for word in words), "block")
