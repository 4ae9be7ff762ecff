"""The decision whose document it is: the score orders candidates, the guards decide.

On a list of 100,000 full of twins, juniors and relatives odds of 99 to 1 alone linked 561 of 16,000 queries
wrongly, with guards none (docs/evidence.md). So every guard speaks for itself, and none of them looks at the weights.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from classify import normal
from classify.guess import Decision, Evidence, PatientCandidate, PatientMatch, PersonRecord, Roster
from classify.matching import alike
from classify.matching.keys import keys_of_query, keys_of_twins
from classify.matching.levels import compare
from classify.matching.query import Query
from classify.matching.weights import WEIGHTS, weight_of

Table = Mapping[str, Mapping[str, float]]

LINK_AT = 6.63
"""Bits by which a candidate must be likelier than everybody else and nobody together (99 to 1); below, never linked."""

CLEAR_LEAD = 6.0
"""Bits by which the best must lead the next: 64 times likelier."""

_SHOWN = 9
_WORTH_SHOWING = -5.6
"""Bits from which a candidate is shown to a person: of those at it one in 350 is right."""

_SLOPE, _CENTRE = 0.292, 14.4
"""From bits to a probability. Evidence is not independent (a household shares name, house and telephone), and half of
what comes from strangers comes from relatives and namesakes: a lead of 6.6 bits, 99 to 1 by the sum, is right in 1 of 10.
Fitted on 9,900 undecided documents of a drawn list, kinds of paper mixed (benchmarks/matching.py prints said and found)."""

_LINKED = 0.9999
"""The probability of a candidate that passed every guard: none of 150,000 on drawn lists was wrong."""

_LEAST_PEOPLE = 65_536
"""A short patient list is a part of all who may come: the odds against any one person are at least these to one."""


@dataclass(frozen=True, slots=True)
class _Scored:
    person: PersonRecord
    evidence: tuple[Evidence, ...]
    bits: float

    @property
    def confirmed(self) -> set[str]:
        return {e.identifier for e in self.evidence if e.confirms}

    def has(self, identifier: str, *levels: str) -> bool:
        return any(e.identifier == identifier and e.level in levels for e in self.evidence)


def match_patient(query: Query, roster: Roster) -> PatientMatch:
    """Linked, ask or none, with candidates best first and a reason for the decision.

    Linked needs: given and family name confirmed; MRN the same, or date of birth the same and one more identifier;
    nothing that contradicts; no near-twin; a clear lead. Never on the MRN alone, never on name and date of birth alone.
    """
    keys = tuple(keys_of_query(query))
    if not keys or not roster.people():
        return PatientMatch(Decision.NONE, (), (_nobody_sentence(query, roster),))
    scored = _ranked(query, roster, keys)
    leads = _leads([s.bits for s in scored])
    plausible = [
        (s, lead) for s, lead in zip(scored, leads, strict=True) if lead >= _WORTH_SHOWING or _is_worth_showing(s)
    ]
    if not plausible:
        return PatientMatch(Decision.NONE, (), (_nobody_sentence(query, roster),))
    best, lead = plausible[0]
    reasons = tuple(_objections(query, best, lead, [s for s in scored if s is not best]))
    if not reasons:
        reasons = tuple(_twins_elsewhere(query, best, roster))
    candidates = tuple(
        PatientCandidate(s.person, round(_probability(lead), 6), s.evidence) for s, lead in plausible[:_SHOWN]
    )
    if not reasons:
        linked = replace(candidates[0], score=_LINKED)
        return PatientMatch(Decision.LINKED, (linked, *candidates[1:]), linked.reasons)
    if lead < _WORTH_SHOWING and not candidates[0].agrees:
        return PatientMatch(Decision.NONE, candidates, reasons)
    return PatientMatch(Decision.ASK, candidates, reasons)


def rank(query: Query, roster: Roster, table: Table = WEIGHTS) -> list[tuple[PersonRecord, float]]:
    """Everyone who may be meant, best first, each with the bits that speak for it; no guard is asked."""
    return [(s.person, s.bits) for s in _ranked(query, roster, tuple(keys_of_query(query)), table)]


def _ranked(query: Query, roster: Roster, keys: tuple[str, ...], table: Table = WEIGHTS) -> list[_Scored]:
    prior = math.log2(max(roster.people(), _LEAST_PEOPLE))
    scored = (_weigh(query, person, roster, prior, table) for person in roster.find_by_keys(keys))
    return sorted(scored, key=lambda s: (-s.bits, s.person.mrn))


def _weigh(query: Query, person: PersonRecord, roster: Roster, prior: float, table: Table) -> _Scored:
    evidence = []
    for identifier, level in compare(query, person):
        share = None
        if level.name in ("exact", "swapped") and identifier in ("family", "given"):
            share = roster.share_of(identifier, alike.letters(getattr(person, identifier)))
        weight = weight_of(identifier, level.name, share, table)
        evidence.append(
            Evidence(identifier, level.name, round(weight, 1), level.sentence, level.confirms, level.contradicts)
        )
    return _Scored(person, tuple(evidence), sum(e.weight for e in evidence) - prior)


def _leads(bits: Sequence[float]) -> list[float]:
    """Bits of each candidate over all others and nobody together."""
    odds = [2.0 ** max(-60.0, min(60.0, b)) for b in bits]
    total = 1.0 + math.fsum(odds)
    return [b - math.log2(max(total - o, 1.0)) for b, o in zip(bits, odds, strict=True)]


def _probability(lead: float) -> float:
    """What a lead of so many bits was worth on documents that no guard let through."""
    return 1.0 / (1.0 + math.exp(-_SLOPE * (max(-200.0, min(200.0, lead)) - _CENTRE)))


# ---- guards


def _objections(query: Query, best: _Scored, lead: float, others: Sequence[_Scored]) -> Iterator[str]:  # noqa: C901 - one guard a line
    """Every reason why this candidate must not be linked without a person; none means linked."""
    confirmed = best.confirmed
    for e in best.evidence:
        if e.contradicts:
            yield e.sentence
    for e in best.evidence:
        if _is_doubtful(e) and not _outweighed(e, confirmed):
            yield e.sentence
    if normal.NEWBORN & set(normal.plain(f"{query.given} {query.middle}").split()):
        yield "this may be a newborn under the mother's name"
    if alike.is_placeholder(query.family) or alike.is_placeholder(query.given):
        yield "the name on the page is a placeholder, not a name"
    if "given" not in confirmed:
        yield "first name not confirmed"
    if "family" not in confirmed:
        yield "surname not confirmed"
    if not confirmed & {"mrn", "dob"}:
        yield "neither MRN nor date of birth agrees"
    elif not confirmed & {"mrn", "encounter", "member_id", "ssn4", "phone", "address"} and not best.has(
        "mrn", "confusable"
    ):
        yield "name and date of birth alone are not enough"
    elif not best.has("given", "exact") and not confirmed & (_OWN | {"mrn"}) and not best.has("mrn", "confusable"):
        yield "the first name is not quite the same, and the rest a twin would share"
    yield from _rivals(query, best, others)
    if lead < LINK_AT:
        yield "the match score is too low to link it without a person"


_OWN = frozenset({"encounter", "ssn4"})
"""Identifiers that nobody else in a household has; a member id is often the family's."""


def _is_doubtful(evidence: Evidence) -> bool:
    """A number or date that is off by what a misreading, or a slip of the pen, does to it."""
    return (evidence.identifier, evidence.level) in {("mrn", "one digit"), ("dob", "one digit"), ("dob", "swapped")}


def _outweighed(evidence: Evidence, confirmed: set[str]) -> bool:
    """Whether it is a misreading beyond doubt: one character is off, and enough others agree that only this person has.

    Needs the visit number or the SSN to agree. For a misread MRN the date of birth must agree too (`_rivals` checks that
    nobody else has the number); for a misread date of birth, the MRN.
    """
    if evidence.level != "one digit":
        return False
    other = "dob" if evidence.identifier == "mrn" else "mrn"
    return other in confirmed and bool(confirmed & _OWN)


def _rivals(query: Query, best: _Scored, others: Sequence[_Scored]) -> Iterator[str]:
    """Who else it may be: an encounter of another patient, one who fits nearly as well, a near-twin."""
    for identifier, what in (("encounter", "encounter"), ("mrn", "MRN"), ("member_id", "member id")):
        if identifier == "encounter" or identifier not in best.confirmed:
            owner = next((other for other in others if identifier in other.confirmed), None)
            if owner is not None:
                yield f"the {what} on the page belongs to MRN {owner.person.mrn}"
                break
    if others and best.bits - others[0].bits < CLEAR_LEAD:
        yield "another patient fits nearly as well"
    for other in others:
        if (why := _near_twin(query, best, other.person)) is not None:
            yield f"near-twin: MRN {other.person.mrn} has {why}"
            return


def _twins_elsewhere(query: Query, best: _Scored, roster: Roster) -> Iterator[str]:
    """A near-twin that shares no key with the page, for the page does not print what the two share."""
    for other in sorted(roster.find_by_keys(tuple(keys_of_twins(best.person))), key=lambda person: person.mrn):
        if (why := _near_twin(query, best, other)) is not None:
            yield f"near-twin: MRN {other.mrn} has {why}"
            return


def _near_twin(query: Query, best: _Scored, other: PersonRecord) -> str | None:
    """What another person shares that makes the two easily confused, whatever the page says; None when they are not.

    A namesake of another birthday in another house is no twin. Where the page prints no birthday, the MRN and the visit
    or SSN tell the two apart, and nothing less.
    """
    person, confirmed = best.person, best.confirmed
    if person.id == other.id or not _nearly_same_family(person, other):
        return None
    if other.birth_date is not None and other.birth_date == person.birth_date:
        return "the same surname and date of birth"  # or nearly the same, or one of both that was another's once
    said, known = alike.letters(other.given), alike.letters(person.given)
    is_namesake = said == known or alike.are_nicknames(said, known)
    if not is_namesake and not alike.is_close(said, known):
        return None
    if query.birth_date is not None and _nearly_same_day(person, other):
        return "the same name"
    if (other.suffix or person.suffix) and is_namesake:
        return "the same name but for Jr or Sr"
    if _share_a_house(person, other):
        return "the same name and address"
    if query.birth_date is None and not ("mrn" in confirmed and confirmed & _OWN):
        return "the same name"
    return None


def _share_a_house(person: PersonRecord, other: PersonRecord) -> bool:
    """Whether the two live, or lived, in one house or have one phone."""
    for ours, theirs in (
        (
            {*map(alike.house_of, (person.address, *person.other_addresses))},
            {*map(alike.house_of, (other.address, *other.other_addresses))},
        ),
        (
            {*map(alike.digits_of_phone, (person.phone, *person.other_phones))},
            {*map(alike.digits_of_phone, (other.phone, *other.other_phones))},
        ),
    ):
        if (ours & theirs) - {""}:
            return True
    return False


def _nearly_same_family(person: PersonRecord, other: PersonRecord) -> bool:
    """Whether the two have, or had, one surname, or two that are easily taken for each other."""
    ours, theirs = (
        [family for family in (p.family, *(n.family for n in p.other_names)) if family] for p in (person, other)
    )
    return any(_are_nearly(one, two) for one in ours for two in theirs)


def _are_nearly(one: str, two: str) -> bool:
    said, known = alike.letters(one), alike.letters(two)
    if said == known or alike.reads_alike(said, known) or alike.is_close(said, known):
        return True
    parts, others = (set(normal.plain(family.replace("-", " ")).split()) for family in (one, two))
    return bool(parts & others) and len(parts) + len(others) > 2


def _nearly_same_day(person: PersonRecord, other: PersonRecord) -> bool:
    if person.birth_date is None or other.birth_date is None:
        return True
    if (person.birth_date.month, person.birth_date.day) == (other.birth_date.day, other.birth_date.month):
        return person.birth_date.year == other.birth_date.year
    return alike.edits(f"{person.birth_date:%Y%m%d}", f"{other.birth_date:%Y%m%d}") <= 1


def _is_worth_showing(scored: _Scored) -> bool:
    """An exact number or two confirmed identifiers are shown to a person even when the sum is poor."""
    return len(scored.confirmed) >= 2 or bool(scored.confirmed & {"mrn", "encounter"})


def _nobody_sentence(query: Query, roster: Roster) -> str:
    if not roster.people():
        return "no patient list is loaded: run 'chartroom roster load FILE'"
    if not (query.family or query.mrn or query.encounters):
        return "no name or number was read on these pages"
    return "nobody on the patient list fits"
