"""What labels give and what the patient list gives of one document, put together, and where they contradict each other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from classify import normal
from classify.anchored.evidence import Anchored, Hint, shape_of_number
from classify.anchored.names import SaidName, names_of, read_as
from classify.anchored.persons import RECENT, is_birthlike
from classify.doubts import Doubt, DoubtCode
from classify.guess import UNLABELLED, FieldValue, PersonRecord
from classify.matching import alike
from classify.matching.query import Query
from classify.mentioned import Kind
from classify.samename import same_name

_HEARD = 0.3
"""Confidence from which a labelled name may be the patient's; a relative's, known as such, lies below 0.1."""


def contradictions(anchored: Anchored, query: Query, fields: tuple[FieldValue, ...]) -> Iterator[Doubt]:
    """What labels say that is not this person's: another name, MRN or birthday. A misreading is left to the guards."""
    person, page = anchored.person, min(anchored.pages)
    said = [value for value in fields if value.name == "name" and value.is_valid and value.confidence >= _HEARD]
    others = [value for value in said if not _may_be_of(value.value, person)]
    if others:
        yield Doubt(DoubtCode.OTHER_VALUE, others[0].page, ("name",))
    if query.mrn and not any(_is_nearly(query.mrn, mrn) for mrn in (person.mrn, *person.other_mrns)):
        yield Doubt(DoubtCode.OTHER_VALUE, page, ("mrn",))
    if query.birth_date and person.birth_date and not _is_nearly_day(query.birth_date, person.birth_date):
        yield Doubt(DoubtCode.OTHER_VALUE, page, ("dob",))


def _may_be_of(name: str, person: PersonRecord) -> bool:
    """Whether a labelled name may be the person's: one that matching would confirm, or with initials or one of two surnames."""
    if read_as(name.replace(",", " , ").split(), person) is not None:
        return True
    return any(same_name(name, f"{family}, {given}") for family, given in names_of(person))


def fill(query: Query, anchored: Anchored, newest: date | None) -> Query:
    """The query with what the person's places say and the labels do not.

    Where the block of the name has a number like an MRN, or a birthday, that is not this person's, that is what the page
    says: the guards see it.
    """
    name = _best_name(anchored)
    born = anchored.best("dob")
    takes_name = not query.family or len(query.given.strip(".")) < 2
    return replace(
        query,
        family=name.family if takes_name else query.family,
        given=name.given if takes_name else query.given,
        middle=name.middle if takes_name else query.middle,
        suffix=name.suffix or query.suffix,
        birth_date=query.birth_date or (date.fromisoformat(born) if born else _other_day(anchored, newest)),
        mrn=query.mrn or anchored.best("mrn") or _other_number(anchored),
        encounters=tuple(dict.fromkeys((*query.encounters, *filter(None, (anchored.best("encounter"),))))),
        member_id=query.member_id or anchored.best("member_id"),
        phone=query.phone or anchored.best("phone"),
        address=query.address or anchored.best("address"),
        ssn4=query.ssn4 or anchored.best("ssn4"),
    )


def with_hint(query: Query, hint: Hint) -> Query:
    """The query with MRN or visit number of somebody whose name is not readable, so that a person sees whose."""
    return replace(
        query,
        mrn=query.mrn or hint.mrn,
        encounters=query.encounters or tuple(filter(None, (hint.encounter,))),
    )


def with_values(fields: tuple[FieldValue, ...], anchored: Anchored, believed: float) -> tuple[FieldValue, ...]:
    """The fields of a document with those that the list gives: in the place of what no label gave, in support of the same.

    A field that labels say otherwise stays as it is; what stood without a label gives way.
    """
    best: dict[str, FieldValue] = {}
    for value in sorted(anchored.values(), key=lambda v: -v.confidence):
        best.setdefault(value.name, value)
    fields = tuple(value for value in fields if value.source not in UNLABELLED or value.name not in best)
    given = {value.name for value in fields if value.confidence >= believed}
    made = []
    for value in fields:
        own = best.get(value.name)
        if own is not None and _is_same(value, own):
            value = replace(value, confidence=max(value.confidence, own.confidence))
            given.add(value.name)
        made.append(value)
    given |= {"encounter"} if "account" in given else set()
    return (*made, *(value for name, value in best.items() if name not in given))


def _is_same(one: FieldValue, other: FieldValue) -> bool:
    if one.name == "name":
        return normal.letters(one.value) == normal.letters(other.value)
    return normal.number(one.value) == normal.number(other.value)


def _best_name(anchored: Anchored) -> SaidName:
    """The name at the place with most identifiers; one with Jr or Sr counts before one without."""
    return max(
        anchored.places, key=lambda p: (bool(p.name.suffix), len({s.field for s in p.beside}), p.name.is_exact)
    ).name


def _other_day(anchored: Anchored, newest: date | None) -> date | None:
    """A birthday beside the name that is not the person's, where the person's stands nowhere; an infant's too."""
    for place in anchored.places:
        for mention in place.others:
            if mention.kind is Kind.DATE and mention.label in ("", "dob") and is_birthlike(mention, newest, RECENT):
                return mention.days[0]
    return None


def _other_number(anchored: Anchored) -> str:
    """A number beside the name that looks like an MRN of this list and is none of the person's."""
    shape = shape_of_number(anchored.person.mrn)
    for place in anchored.places:
        for mention in place.others:
            if mention.kind is Kind.NUMBER and mention.label in ("", "mrn") and shape_of_number(mention.text) == shape:
                return mention.text
    return ""


def _is_nearly(said: str, known: str) -> bool:
    one, other = normal.number(said), normal.number(known)
    return alike.fold(said) == alike.fold(known) or (len(one) == len(other) and alike.edits(one, other) <= 1)


def _is_nearly_day(said: date, known: date) -> bool:
    is_swapped = (said.year, said.month, said.day) == (known.year, known.day, known.month)
    return said == known or is_swapped or alike.edits(f"{said:%Y%m%d}", f"{known:%Y%m%d}") <= 1
