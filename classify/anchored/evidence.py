"""What stands on the pages of a person of the patient list: names beside numbers and dates, and where."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from classify import normal
from classify.anchored.names import SaidName, names_of, read_as
from classify.anchored.tokens import GAP_OF_NAME
from classify.finding.confidence import as_read
from classify.guess import FieldValue, PersonRecord
from classify.matching import alike
from classify.mentioned import Kind, Mention, Mentions
from ocr.page import Box

SOURCE = "patient list"

HEAD = 0.25
"""Share of a page from its top that is its head: patient labels and running heads stand there."""

_BLOCK_ROWS, _BLOCK_INCHES = 3, 2.0
"""A block of identifiers: rows below the first, and how high it is at most; a patient label is one to two inches high."""

_ANCHORS = frozenset({"mrn", "encounter", "dob"})
"""Beside a name, these say who it is; telephone, house and insurance are shared in a family."""

_BASE = {1: 0.96, 2: 0.98}
"""Confidence of values of a person of whom so many identifiers beside the name stand there; more add nothing."""

_MISREAD = 0.4
"""Factor for what agrees but for characters that OCR confuses: as it was read it is hardly ever right (0 of 3)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A value of a person on a page: the field, the value as the page says it, the mention, and whether it is letter for letter."""

    field: str
    value: str
    mention: Mention
    part: Mentions
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A person's name on a page, and the identifiers of the same person that stand with it."""

    name: SaidName
    seen: Seen
    beside: tuple[Seen, ...]
    others: tuple[Mention, ...]  # unlabelled numbers and dates of the same block that are not the person's


@dataclass(frozen=True, slots=True)
class Anchored:
    """A person of the list who stands on the pages with name and at least one own number or birthday."""

    person: PersonRecord
    places: tuple[Place, ...]

    @property
    def seen(self) -> tuple[Seen, ...]:
        """Every value, names first."""
        return tuple(dict.fromkeys(seen for place in self.places for seen in (place.seen, *place.beside)))

    @property
    def pages(self) -> frozenset[int]:
        """Pages that name the person."""
        return frozenset(place.seen.part.page for place in self.places)

    def best(self, field: str) -> str:
        """The value of a field, exact ones first, or an empty string."""
        return next((s.value for s in sorted(self.seen, key=lambda s: not s.is_exact) if s.field == field), "")

    def values(self) -> Iterator[FieldValue]:
        """The values as fields: as sure as they stand, never surer than their words were read."""
        many = len({seen.field for seen in self.seen} - {"name"})
        base = _BASE[min(many, max(_BASE))]
        for seen in self.seen:
            mention = seen.mention
            sure = min(base if seen.is_exact else base * _MISREAD, mention.confidence)
            raw = seen.value if seen.field == "ssn4" else mention.text
            yield FieldValue(
                seen.field, seen.value, raw, as_read(sure, by_hand=mention.is_handwritten), seen.part.page,
                box_on_page(mention.box, seen.part), SOURCE, is_handwritten=mention.is_handwritten,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hint:
    """A person of the list whose number stands with birthday or surname on a page without a readable name."""

    person: PersonRecord
    page: int
    mrn: str = ""
    encounter: str = ""


def box_on_page(box: Box, part: Mentions) -> Box:
    """The box of words that run another way, on the page as it lies."""
    return box.turned((360 - part.turn) % 360, part.width, part.height) if part.turn else box


def find_anchor(person: PersonRecord, parts: Sequence[Mentions]) -> Anchored | None:
    """The person as the pages name him or her, or None: both names, and beside them an MRN, visit number or birthday.

    Beside: within four rows and two inches, or both in the head of the page. What a role word says is another's does
    not count.
    """
    places = tuple(place for part in parts if not part.is_list for place in _places(person, part))
    return Anchored(person, places) if places else None


def find_hint(person: PersonRecord, parts: Sequence[Mentions]) -> Hint | None:
    """MRN or visit number of a person where birthday or surname stands with it, whatever became of the first name."""
    families = {alike.letters(family) for family, _ in names_of(person)}
    for part in parts:
        seen = [] if part.is_list else list(_all_identifiers(person, part))
        signs = [s.mention for s in seen if s.field == "dob"]
        for number in (s for s in seen if s.field in ("mrn", "encounter")):
            if number.is_exact:
                runs = (m for m in part.of(Kind.NAME) if not m.is_of_another)
                signs += [m for m in runs if families & {alike.letters(word) for word in m.words}]
            if any(stand_together(sign, number.mention, part) for sign in signs):
                said = {number.field: number.value}
                return Hint(person, part.page, said.get("mrn", ""), said.get("encounter", ""))
    return None


def _all_identifiers(person: PersonRecord, part: Mentions) -> Iterator[Seen]:
    for mention in part.found:
        if mention.kind is not Kind.NAME and not mention.is_of_another:
            yield from _identifiers(person, mention, part)


def _places(person: PersonRecord, part: Mentions) -> Iterator[Place]:
    seen = list(_all_identifiers(person, part))
    if not any(s.field in _ANCHORS for s in seen):
        return
    for mention, name in names_on(person, part):
        beside = tuple(s for s in seen if stand_together(mention, s.mention, part))
        if any(s.field in _ANCHORS for s in beside):
            taken = {(s.mention.row, s.mention.first) for s in seen}
            others = tuple(
                m
                for m in part.found
                if m.kind is not Kind.NAME
                and not m.is_of_another
                and (m.row, m.first) not in taken
                and stand_together(mention, m, part)
            )
            yield Place(name, Seen("name", name.value, mention, part, name.is_exact), beside, others)


def names_on(person: PersonRecord, part: Mentions) -> Iterator[tuple[Mention, SaidName]]:
    """Where a name of the person stands: in one run of words, in two cells of a row, or surname over first name."""
    runs = [m for m in part.of(Kind.NAME) if not m.is_of_another]
    letters = {alike.letters(word)[:1] for name in names_of(person) for word in name}
    for number, run in enumerate(runs):
        if alike.letters(run.words[0])[:1] not in letters and not any(c.isdigit() for c in run.words[0]):
            continue
        if name := read_as(run.words, person):
            yield run, name
            continue
        for other in runs[number + 1 : number + 8]:
            if not are_cells(run, other):
                continue
            words = (*run.words, ",", *other.words) if "," not in (*run.words, *other.words) else ()
            back = (*other.words, ",", *run.words) if words else ()
            if words and (name := read_as(words, person) or read_as(back, person)):
                yield joined(run, other), name


def joined(one: Mention, other: Mention) -> Mention:
    """Two runs as one name."""
    return replace(
        one,
        words=(*one.words, *other.words),
        last=other.last,
        box=one.box.joined(other.box),
        confidence=min(one.confidence, other.confidence),
    )


_CELL_GAP = 20
"""Line heights between surname and first name in two cells of a form's row at most; closer than a gap of a name (tokens.py)
a full stop or a bracket parts them: 'to see Ms. Rivera. Will follow up'."""


def are_cells(one: Mention, other: Mention) -> bool:
    """Whether two runs stand side by side in a row with no word between, or one right under the other."""
    high = max(one.box.height, 12)
    if one.is_in_sentence or other.is_in_sentence:
        return False
    if one.row == other.row:
        return other.first == one.last + 1 and GAP_OF_NAME * high < other.box.left - one.box.right < _CELL_GAP * high
    is_under = 0 < other.row - one.row <= 1 and other.box.top - one.box.bottom < 2 * high
    return is_under and abs(one.box.left - other.box.left) < 2 * high


def stand_together(one: Mention, other: Mention, part: Mentions) -> bool:
    """Whether two mentions stand in one block of a page, or both in its head."""
    if abs(one.row - other.row) <= _BLOCK_ROWS:
        apart = max(one.box.top, other.box.top) - min(one.box.bottom, other.box.bottom)
        if apart <= _BLOCK_INCHES * (part.dpi or 300):
            return True
    return is_in_head(one, part) and is_in_head(other, part)


def is_in_head(mention: Mention, part: Mentions) -> bool:
    """Whether it stands in the uppermost quarter of the page."""
    return mention.box.bottom <= HEAD * max(part.height, 1)


def shape_of_number(number: str) -> str:
    """What numbers of one kind have in common: letters, and how many digits; a letter that may be a digit counts as one."""
    return re.sub(r"\d", "9", normal.number(normal.read_as_digits(number)))


def _identifiers(person: PersonRecord, mention: Mention, part: Mentions) -> Iterator[Seen]:
    """Which identifier of the person a mention is, if any."""
    for field, value, is_exact in _READERS[mention.kind](person, mention):
        yield Seen(field, value, mention, part, is_exact)


_Read = tuple[str, str, bool]
"""Field, value as the page says it, and whether it is the person's letter for letter."""


def _birthday(person: PersonRecord, mention: Mention) -> Iterator[_Read]:
    if mention.label in ("", "dob") and person.birth_date is not None and person.birth_date in mention.days:
        day = as_the_site_reads(mention, person.birth_date)
        yield "dob", day.isoformat(), day == person.birth_date


def _phone(person: PersonRecord, mention: Mention) -> Iterator[_Read]:
    said = alike.digits_of_phone(mention.text)
    if said and said in {alike.digits_of_phone(phone) for phone in (person.phone, *person.other_phones)}:
        yield "phone", re.sub(r"\D", "", mention.text)[-10:], True


def _ssn4(person: PersonRecord, mention: Mention) -> Iterator[_Read]:
    if mention.text == person.ssn4 and not alike.is_dummy(person.ssn4):
        yield "ssn4", mention.text, True


def _house(person: PersonRecord, mention: Mention) -> Iterator[_Read]:
    addresses = [address for address in (person.address, *person.other_addresses) if mention.words[0] in address]
    if addresses and (house := alike.house_of(mention.text)) and house in map(alike.house_of, addresses):
        yield "address", mention.text, True


def _number(person: PersonRecord, mention: Mention) -> Iterator[_Read]:
    for field, numbers in _numbers_of(person):
        is_exact = _is_number(mention.text, numbers)
        is_own = mention.label in _MEANS[field] or (field == "mrn" and is_exact and mention.label in _OTHER_NUMBERS)
        if is_own and is_exact is not None:
            yield field, mention.text, is_exact
            return


_READERS: dict[Kind, Callable[[PersonRecord, Mention], Iterator[_Read]]] = {
    Kind.DATE: _birthday,
    Kind.UNREADABLE_DATE: lambda person, mention: iter(()),
    Kind.PHONE: _phone,
    Kind.SSN4: _ssn4,
    Kind.HOUSE: _house,
    Kind.NUMBER: _number,
}

_OTHER_NUMBERS = ("member_id", "encounter", "account")
"""Labels beside which an MRN may stand: 'ID', 'No.' and the like are those of insurance or account, and mean the patient's."""

LOOKED_UP = ("", "mrn", *_OTHER_NUMBERS)
"""Labels beside a number that is looked up in the list."""

_MEANS = {
    "mrn": ("", "mrn"),
    "encounter": ("", "encounter", "account"),
    "member_id": ("", "member_id"),
}
"""Fields whose label may stand beside a number that is taken for this one."""


def _numbers_of(person: PersonRecord) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "mrn", (person.mrn, *person.other_mrns)
    yield "encounter", person.encounters
    yield "member_id", (person.member_id, *person.other_members)


def _is_number(said: str, known: Sequence[str]) -> bool | None:
    """Whether this is one of the numbers: letter for letter (True), or but for characters that OCR confuses (False)."""
    plain = normal.number(said)
    for number in known:
        if number and plain == normal.number(number):
            return True
    folded = alike.fold(said)
    is_misread = any(folded == alike.fold(n) and len(plain) == len(normal.number(n)) for n in known if n)
    return False if is_misread and not alike.is_dummy(said) else None


def as_the_site_reads(mention: Mention, born: date) -> date:
    """A birthday as the site reads the date; another century of a two-digit year is no other reading."""
    first = mention.days[0]
    return born if (born.month, born.day) == (first.month, first.day) else first
