"""How a page compares with a person: for each identifier a named level, what it means, and a sentence for staff.

A level says nothing of its weight: that is in weights.py, estimated from data. What confirms and what contradicts is
decided here, and the guards in decide.py hold whatever the weights are.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from classify import normal
from classify.guess import PersonRecord
from classify.matching import alike
from classify.matching.query import Query


class Level(NamedTuple):
    """A named level of agreement of one identifier."""

    name: str
    sentence: str = ""
    confirms: bool = False
    contradicts: bool = False


GIVEN_EXACT = Level("exact", "first name the same", confirms=True)
FAMILY_EXACT = Level("exact", "surname the same", confirms=True)
_GIVEN_SWAPPED = Level("swapped", "names the other way round")
_FAMILY_SWAPPED = Level("swapped")


def compare(query: Query, person: PersonRecord) -> Iterator[tuple[str, Level]]:
    """Identifier and level for all that both sides say; what either leaves out says nothing."""
    names = _Names(query, person)
    if names.are_swapped:
        yield "given", _GIVEN_SWAPPED
        yield "family", _FAMILY_SWAPPED
    else:
        if (level := names.given()) is not None:
            yield "given", level
        if (level := names.family()) is not None:
            yield "family", level
    for identifier, judge in _JUDGES:
        if (level := judge(query, person)) is not None:
            yield identifier, level


class _Names:
    """First name and surname, compared with the person's name and with every other name of the same person."""

    def __init__(self, query: Query, person: PersonRecord) -> None:
        self.said = (alike.letters(query.family), alike.letters(query.given))
        self.known = (alike.letters(person.family), alike.letters(person.given))
        self.query, self.person = query, person

    @property
    def are_swapped(self) -> bool:
        (family, given), (last, first) = self.said, self.known
        if not all((family, given, last, first)) or family in (given, last) or given == first:
            return False
        alikes = (_is_nearly(family, first), _is_nearly(given, last))
        return all(alikes) or (
            (family == first or given == last)
            and any(alikes)
            and alike.is_similar(given, last)
            and alike.is_similar(family, first)
        )

    def given(self) -> Level | None:
        said = self.said[1]
        if not said or not self.known[1]:
            return None
        level = _given(said, self.known[1], alike.letters(self.person.middle))
        if level.confirms:
            return level
        others = {alike.letters(name.given) for name in self.person.other_names if name.given}
        if any(_given(said, other, "").confirms for other in others):
            return Level("alias", "first name is another name of this patient", confirms=True)
        return level

    def family(self) -> Level | None:
        said, known = self.said[0], self.known[0]
        if not said or not known:
            return None
        if said == known:
            return FAMILY_EXACT
        if any(said == alike.letters(name.family) for name in self.person.other_names):
            return Level("alias", "surname is a former or other name", confirms=True)
        if alike.reads_alike(said, known):
            return Level("confusable", "surname differs by a misreading", confirms=True)
        if alike.is_slip(said, known):
            return Level("close", "surname differs in a letter", confirms=True)
        parts_said = set(normal.plain(self.query.family.replace("-", " ")).split())
        parts_known = set(normal.plain(self.person.family.replace("-", " ")).split())
        if parts_said & parts_known and (len(parts_said) > 1 or len(parts_known) > 1):
            return Level("part", "part of a double surname the same")
        if alike.sound(said) == alike.sound(known) and not alike.is_far(said, known):
            return Level("phonetic", "surname sounds alike but is spelled otherwise")
        if alike.is_similar(said, known):
            return Level("similar", "surname is only similar")
        return Level("else", "surname differs", contradicts=True)


def _is_nearly(said: str, known: str) -> bool:
    return said == known or alike.reads_alike(said, known) or alike.is_close(said, known)


def _given(said: str, known: str, middle: str) -> Level:
    if said == known:
        return GIVEN_EXACT
    if len(said) == 1 or len(known) == 1:
        if said[0] == known[0]:
            return Level("initial", "first initial the same")
        return Level("else", "first initial differs", contradicts=True)
    if alike.are_nicknames(said, known):
        return Level("nickname", "first name is a short form", confirms=True)
    if alike.reads_alike(said, known):
        return Level("confusable", "first name differs by a misreading", confirms=True)
    if alike.is_slip(said, known):
        return Level("close", "first name differs in a letter", confirms=True)
    if said == middle:
        return Level("middle", "first name is the middle name on the patient list")
    if alike.sound(said) == alike.sound(known) and not alike.is_far(said, known):
        return Level("phonetic", "first name sounds alike but is spelled otherwise")
    if alike.is_similar(said, known):
        return Level("similar", "first name is only similar")
    return Level("else", "first name differs", contradicts=True)


def _birth(query: Query, person: PersonRecord) -> Level | None:
    said, known = query.birth_date, person.birth_date
    if said is None or known is None:
        return None
    if said == known:
        return Level("exact", "date of birth the same", confirms=True)
    if (said.year, said.month, said.day) == (known.year, known.day, known.month):
        return Level("swapped", "day and month of birth swapped")
    if alike.edits(f"{said:%Y%m%d}", f"{known:%Y%m%d}") == 1:
        return Level("one digit", "date of birth differs in one digit")
    if (said.month, said.day) == (known.month, known.day):
        return Level("year", "day and month of birth the same, year differs", contradicts=True)
    return Level("else", "date of birth differs", contradicts=True)


def _sex(query: Query, person: PersonRecord) -> Level | None:
    if query.sex not in ("M", "F") or person.sex not in ("M", "F"):
        return None
    if query.sex == person.sex:
        return Level("same", "sex the same")
    return Level("else", "sex differs", contradicts=True)


def _mrn(query: Query, person: PersonRecord) -> Level | None:
    said = normal.number(query.mrn)
    written = [mrn for mrn in (person.mrn, *person.other_mrns) if mrn]
    known = [normal.number(mrn) for mrn in written]
    if not said or not known:
        return None
    if said == known[0]:
        return Level("exact", "MRN the same", confirms=True)
    if said in known:
        return Level("former", f"MRN is a former number of {person.mrn}", confirms=True)
    folded = alike.fold(query.mrn)  # as it is written: a small l is read for 1, a large L is not
    if any(folded == alike.fold(mrn) and len(said) == len(normal.number(mrn)) for mrn in written):
        return Level("confusable", "MRN the same but for letters that are read for digits")
    if any(len(said) == len(number) and alike.edits(said, number) == 1 for number in known):
        return Level("one digit", _digit_sentence(said, known))
    return Level("else", "MRN differs", contradicts=True)


def _digit_sentence(said: str, known: list[str]) -> str:
    number = next(number for number in known if len(said) == len(number) and alike.edits(said, number) == 1)
    differing = [(a, b) for a, b in zip(said, number, strict=True) if a != b]
    if len(differing) == 1:
        return f"MRN differs in one character ({differing[0][0]} for {differing[0][1]})"
    return "MRN has two neighbouring characters swapped"


def _encounter(query: Query, person: PersonRecord) -> Level | None:
    if not query.encounters or not person.encounters:
        return None
    said = {normal.number(e) for e in query.encounters}
    if said & {normal.number(e) for e in person.encounters}:
        return Level("exact", "encounter belongs to this patient", confirms=True)
    if {alike.fold(e) for e in query.encounters} & {alike.fold(e) for e in person.encounters}:
        return Level("confusable", "encounter belongs to this patient but for characters that are misread")
    return Level("else", "encounter is none that is known of this patient")


def _member(query: Query, person: PersonRecord) -> Level | None:
    said = "" if alike.is_dummy(query.member_id) else normal.number(query.member_id)
    written = [m for m in (person.member_id, *person.other_members) if m and not alike.is_dummy(m)]
    known = {normal.number(member) for member in written}
    if not said or not known:
        return None
    if said in known:
        return Level("exact", "member id the same", confirms=True)
    if alike.fold(query.member_id) in {alike.fold(member) for member in written}:
        return Level("confusable", "member id the same but for characters that are misread")
    if any(len(said) >= 6 and alike.edits(said, member) == 1 for member in known):
        return Level("one digit", "member id differs in one character")
    return Level("else", "member id differs")


def _ssn4(query: Query, person: PersonRecord) -> Level | None:
    if not query.ssn4 or not person.ssn4 or alike.is_dummy(query.ssn4) or alike.is_dummy(person.ssn4):
        return None
    if query.ssn4 == person.ssn4:
        return Level("exact", "last four of the SSN the same", confirms=True)
    if alike.edits(query.ssn4, person.ssn4) == 1:
        return Level("one digit", "last four of the SSN differ in one digit", contradicts=True)
    return Level("else", "last four of the SSN differ", contradicts=True)


def _phone(query: Query, person: PersonRecord) -> Level | None:
    said = alike.digits_of_phone(query.phone)
    known = {digits for phone in (person.phone, *person.other_phones) if (digits := alike.digits_of_phone(phone))}
    if not said or not known:
        return None
    if said in known:
        return Level("exact", "phone the same", confirms=True)
    return Level("else", "phone differs")


def _address(query: Query, person: PersonRecord) -> Level | None:
    said = alike.house_of(query.address)
    known = {house for address in (person.address, *person.other_addresses) if (house := alike.house_of(address))}
    if not said or not known:
        return None
    if said in known and (said[0].isdigit() or said.startswith("box")):
        return Level("same house", "address the same", confirms=True)
    street = alike.street_of(said)
    if len(street) >= 3 and any(street == alike.street_of(house) for house in known):
        return Level("street", "street the same, house number not")
    if any(alike.edits(said, house) <= 1 for house in known):
        return Level("close", "address differs in a character")
    return Level("else", "address differs")


def _city(query: Query, person: PersonRecord) -> Level | None:
    said, known = alike.letters(query.city), alike.letters(person.city)
    if not said or not known:
        return None
    if said == known or alike.reads_alike(said, known):
        return Level("exact", "city the same")
    if alike.is_close(said, known):
        return Level("close", "city differs in a letter")
    return Level("else", "city differs")


def _postcode(query: Query, person: PersonRecord) -> Level | None:
    said = query.postcode[:5]
    known = {postcode[:5] for postcode in (person.postcode, *person.other_postcodes) if postcode}
    if not said or not known:
        return None
    if said in known:
        return Level("exact", "postcode the same")
    if any(alike.edits(said, postcode) == 1 for postcode in known):
        return Level("one digit", "postcode differs in one digit")
    return Level("else", "postcode differs")


def _middle(query: Query, person: PersonRecord) -> Level | None:
    said, known = alike.letters(query.middle), alike.letters(person.middle)
    if not said or not known:
        return None
    if said == known and len(said) > 1:
        return Level("exact", "middle name the same")
    if said[0] == known[0] and (min(len(said), len(known)) == 1 or alike.is_close(said, known)):
        return Level("initial", "middle initial the same")
    return Level("else", "middle name differs", contradicts=True)


def _suffix(query: Query, person: PersonRecord) -> Level | None:
    said, known = alike.letters(query.suffix), alike.letters(person.suffix)
    if said == known:
        return Level("same", "Jr or Sr the same") if said else None
    if said and known:
        return Level("else", "Jr/Sr differs", contradicts=True)
    return Level("one missing", "Jr/Sr on one side only")


def _alive(query: Query, person: PersonRecord) -> Level | None:
    """A service after death; sixty days are left for reports that come late (docs/evidence.md)."""
    if query.served is None or person.died is None or _days(person.died, query.served) <= 60:
        return None
    return Level("after death", "the patient had died before this service", contradicts=True)


def _born(query: Query, person: PersonRecord) -> Level | None:
    if query.served is None or person.birth_date is None or query.served >= person.birth_date:
        return None
    return Level("before birth", "the service was before this patient was born", contradicts=True)


def _days(since: date, until: date) -> int:
    return (until - since).days


_JUDGES: tuple[tuple[str, Callable[[Query, PersonRecord], Level | None]], ...] = (
    ("dob", _birth),
    ("sex", _sex),
    ("mrn", _mrn),
    ("encounter", _encounter),
    ("member_id", _member),
    ("ssn4", _ssn4),
    ("phone", _phone),
    ("address", _address),
    ("postcode", _postcode),
    ("city", _city),
    ("middle", _middle),
    ("suffix", _suffix),
    ("alive", _alive),
    ("born", _born),
)
