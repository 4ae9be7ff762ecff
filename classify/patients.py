"""Whose document is it: candidates by blocking keys, named comparison levels, guards that decide.

The score orders candidates; the guards decide. On a roster of 100,000 full of twins, juniors and
relatives a probability of 0.99 alone linked 561 of 16,000 queries wrongly, with guards none
(FINDINGS §3). Weights are log2 likelihood ratios, hand-set after the published ones there.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import jellyfish
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from classify import normal
from classify.guess import PatientCandidate, PatientMatch, PersonRecord, Roster

LINK_AT = 0.99
"""A candidate below this is never linked."""

CLEAR_LEAD = 6.0
"""log2 odds by which the best must lead the next: 64 times likelier."""

_PRIOR = 16.0
"""log2 of the odds against any one person of a roster of tens of thousands."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a page says about its patient; an empty string is 'not said'."""

    family: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    birth_date: date | None = None
    sex: str = ""
    mrn: str = ""
    encounters: tuple[str, ...] = ()
    member_id: str = ""
    phone: str = ""
    ssn4: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """How one identifier compares: its name, weight, whether it confirms or contradicts, and a sentence."""

    identifier: str
    name: str
    weight: float
    confirms: bool = False
    contradicts: bool = False
    sentence: str = ""


def match_patient(query: Query, roster: Roster) -> PatientMatch:
    """Linked, ask or none, with candidates best first and a reason for the decision.

    Linked needs: given and family name confirmed; MRN the same, or date of birth the same and one
    more identifier; nothing that contradicts; no near-twin; a clear lead. Never on the MRN alone,
    never on name and date of birth alone.
    """
    keys = tuple(dict.fromkeys(keys_of_query(query)))
    people = roster.find_by_keys(keys)
    scored = sorted(((*_weigh(query, person), person) for person in people), key=lambda s: (-s[0], s[2].mrn))
    plausible = [s for s in scored if _probability(s[0]) >= 0.02 or _is_worth_showing(s[1])]
    candidates = tuple(_candidate(total, levels, person) for total, levels, person in plausible[:9])
    if not candidates:
        return PatientMatch("none", (), (_nobody_sentence(query, roster),))
    total, levels, person = plausible[0]
    reasons = tuple(_objections(query, total, levels, person, plausible[1:]))
    if not reasons:
        return PatientMatch("linked", candidates, candidates[0].reasons)
    if candidates[0].score < 0.02 and not candidates[0].agrees:
        return PatientMatch("none", candidates, reasons)
    return PatientMatch("ask", candidates, reasons)


def keys_of_person(person: PersonRecord) -> Iterator[str]:
    """The blocking keys under which a person can be found, misreadings folded together."""
    seen = set()
    for key in _keys(
        [person.family, *person.aliases],
        person.given,
        person.birth_date,
        person.mrn,
        person.encounters,
        person.member_id,
        person.phone,
    ):
        if key not in seen:
            seen.add(key)
            yield key


def keys_of_query(query: Query) -> Iterator[str]:
    """The blocking keys of a query, with the swaps that only a query needs."""
    yield from _keys(
        [query.family],
        query.given,
        query.birth_date,
        query.mrn,
        query.encounters,
        query.member_id,
        query.phone,
    )
    if query.given and query.family:  # names written the other way round
        yield from _keys([query.given], query.family, query.birth_date, "", (), "", "")
    born = query.birth_date
    if born and born.day <= 12 and born.day != born.month:  # day and month swapped
        swapped = date(born.year, born.day, born.month)
        yield from _keys([query.family], query.given, swapped, "", (), "", "")


def fold(text: str) -> str:
    """A record number with the characters that OCR confuses made the same and leading zeros dropped."""
    return normal.read_as_digits(normal.number(text)).lstrip("0")


def _keys(
    families: list[str],
    given: str,
    born: date | None,
    mrn: str,
    encounters: tuple[str, ...],
    member_id: str,
    phone: str,
) -> Iterator[str]:
    if mrn:
        yield f"m:{fold(mrn)}"
    for encounter in encounters:
        yield f"e:{fold(encounter)}"
    if member_id:
        yield f"i:{fold(member_id)}"
    digits = re.sub(r"\D", "", phone)[-10:]
    if len(digits) >= 7:
        yield f"p:{digits[-7:]}"
    first = normal.letters(given)
    for family in families:
        last = normal.letters(family)
        if last and first:
            yield f"n:{last}:{first}"
            yield f"s:{_sound(last)}:{_sound(first)}"
        if last and born:
            yield f"fd:{_sound(last)}:{born.year}"
            yield f"f4:{last[:4]}:{born.month:02d}{born.day:02d}"
        for part in re.split(r"[\s-]+", normal.plain(family)) if " " in family or "-" in family else ():
            if born and part:
                yield f"fd:{_sound(part)}:{born.year}"
    if first and born:
        yield f"gd:{first[:3]}:{born.isoformat()}"


def _sound(word: str) -> str:
    return str(jellyfish.metaphone(word))[:5] or word[:3]


# ---- comparison levels


def _weigh(query: Query, person: PersonRecord) -> tuple[float, tuple[Level, ...]]:
    levels = tuple(level for compare in _COMPARISONS if (level := compare(query, person)) is not None)
    swapped = _names_swapped(query, person)
    if swapped is not None:
        levels = (*swapped, *(level for level in levels if level.identifier not in ("given", "family")))
    return sum(level.weight for level in levels) - _PRIOR, levels


def _given(query: Query, person: PersonRecord) -> Level | None:
    said, known = normal.letters(query.given), normal.letters(person.given)
    if not said or not known:
        return None
    if said == known:
        return Level("given", "exact", 6.5, confirms=True, sentence="first name the same")
    if are_nicknames(said, known):
        return Level("given", "nickname", 4.5, confirms=True, sentence="first name is a short form")
    if len(said) == 1 or len(known) == 1:
        if said[0] == known[0]:
            return Level("given", "initial", 2.0, sentence="first initial the same")
        return Level("given", "else", -5.0, contradicts=True, sentence="first initial differs")
    if reads_alike(said, known) or (_is_close(said, known) and JaroWinkler.similarity(said, known) >= 0.92):
        return Level("given", "close", 4.0, confirms=True, sentence="first name differs by a misreading")
    if said == normal.letters(person.middle):
        return Level("given", "middle", 2.0, sentence="first name is the middle name on the roster")
    return Level("given", "else", -5.5, contradicts=True, sentence="first name differs")


def _family(query: Query, person: PersonRecord) -> Level | None:
    said, known = normal.letters(query.family), normal.letters(person.family)
    if not said or not known:
        return None
    if said == known:
        return Level("family", "exact", 8.0, confirms=True, sentence="surname the same")
    if said in {normal.letters(alias) for alias in person.aliases}:
        return Level("family", "alias", 7.0, confirms=True, sentence="surname is a former name")
    if reads_alike(said, known) or (_is_close(said, known) and JaroWinkler.similarity(said, known) >= 0.92):
        return Level("family", "close", 5.0, confirms=True, sentence="surname differs by a misreading")
    parts_said = set(normal.plain(query.family.replace("-", " ")).split())
    parts_known = set(normal.plain(person.family.replace("-", " ")).split())
    if parts_said & parts_known and (len(parts_said) > 1 or len(parts_known) > 1):
        return Level("family", "part", 4.0, sentence="part of a double surname the same")
    return Level("family", "else", -6.0, contradicts=True, sentence="surname differs")


def _birth(query: Query, person: PersonRecord) -> Level | None:
    said, known = query.birth_date, person.birth_date
    if said is None or known is None:
        return None
    if said == known:
        return Level("dob", "exact", 13.0, confirms=True, sentence="date of birth the same")
    if (said.year, said.month, said.day) == (known.year, known.day, known.month):
        return Level("dob", "swapped", 7.0, sentence="day and month of birth swapped")
    if DamerauLevenshtein.distance(f"{said:%Y%m%d}", f"{known:%Y%m%d}") == 1:
        return Level("dob", "one digit", 6.0, sentence="date of birth differs in one digit")
    return Level("dob", "else", -7.0, contradicts=True, sentence="date of birth differs")


def _sex(query: Query, person: PersonRecord) -> Level | None:
    if query.sex not in ("M", "F") or person.sex not in ("M", "F"):
        return None
    if query.sex == person.sex:
        return Level("sex", "same", 1.0, sentence="sex the same")
    return Level("sex", "else", -5.0, contradicts=True, sentence="sex differs")


def _mrn(query: Query, person: PersonRecord) -> Level | None:
    said, known = normal.number(query.mrn), normal.number(person.mrn)
    if not said or not known:
        return None
    if said == known:
        return Level("mrn", "exact", 17.0, confirms=True, sentence="MRN the same")
    if fold(said) == fold(known):
        return Level("mrn", "confusable", 13.0, sentence="MRN the same but for characters that are misread")
    if len(said) == len(known) and DamerauLevenshtein.distance(said, known) == 1:
        return Level("mrn", "one digit", 4.0, sentence="MRN differs in one character")
    return Level("mrn", "else", -7.0, contradicts=True, sentence="MRN differs")


def _encounter(query: Query, person: PersonRecord) -> Level | None:
    if not query.encounters or not person.encounters:
        return None
    if {normal.number(e) for e in query.encounters} & {normal.number(e) for e in person.encounters}:
        return Level("encounter", "exact", 14.0, confirms=True, sentence="encounter belongs to this patient")
    if {fold(e) for e in query.encounters} & {fold(e) for e in person.encounters}:
        return Level("encounter", "confusable", 8.0, sentence="encounter belongs to this patient, misread")
    return None


def _member(query: Query, person: PersonRecord) -> Level | None:
    said, known = normal.number(query.member_id), normal.number(person.member_id)
    if not said or not known:
        return None
    if said == known:
        return Level("member_id", "exact", 12.0, confirms=True, sentence="member id the same")
    return Level("member_id", "else", -1.0, sentence="member id differs")


def _ssn4(query: Query, person: PersonRecord) -> Level | None:
    if not query.ssn4 or not person.ssn4:
        return None
    if query.ssn4 == person.ssn4:
        return Level("ssn4", "exact", 10.0, confirms=True, sentence="last four of the SSN the same")
    return Level("ssn4", "else", -5.0, contradicts=True, sentence="last four of the SSN differ")


def _phone(query: Query, person: PersonRecord) -> Level | None:
    said, known = (re.sub(r"\D", "", text)[-10:] for text in (query.phone, person.phone))
    if len(said) < 7 or len(known) < 7:
        return None
    if said[-7:] == known[-7:]:
        return Level("phone", "exact", 8.0, confirms=True, sentence="phone the same")
    return Level("phone", "else", -0.5, sentence="phone differs")


def _postcode(query: Query, person: PersonRecord) -> Level | None:
    if not query.postcode or not person.postcode:
        return None
    if query.postcode[:5] == person.postcode[:5]:
        return Level("postcode", "exact", 5.0, sentence="postcode the same")
    return Level("postcode", "else", -1.0, sentence="postcode differs")


def _middle(query: Query, person: PersonRecord) -> Level | None:
    said, known = normal.letters(query.middle), normal.letters(person.middle)
    if not said or not known:
        return None
    if said[0] == known[0]:
        return Level("middle", "initial", 2.0, sentence="middle initial the same")
    return Level("middle", "else", -3.0, contradicts=True, sentence="middle name differs")


def _suffix(query: Query, person: PersonRecord) -> Level | None:
    said, known = normal.letters(query.suffix), normal.letters(person.suffix)
    if said == known:
        return None
    if said and known:
        return Level("suffix", "else", -8.0, contradicts=True, sentence="Jr/Sr differs")
    return Level("suffix", "one missing", -1.0, sentence="Jr/Sr on one side only")


_COMPARISONS: tuple[Callable[[Query, PersonRecord], Level | None], ...] = (
    _given, _family, _birth, _sex, _mrn, _encounter, _member, _ssn4, _phone, _postcode, _middle, _suffix,
)  # fmt: skip


def _names_swapped(query: Query, person: PersonRecord) -> tuple[Level, ...] | None:
    if normal.letters(query.family) != normal.letters(person.given) or not query.family:
        return None
    if normal.letters(query.given) != normal.letters(person.family) or query.given == query.family:
        return None
    return (
        Level("given", "swapped", 3.0, sentence="names the other way round"),
        Level("family", "swapped", 4.0),
    )


def _is_close(said: str, known: str) -> bool:
    """At most one edit in short names, two in names of eight letters or more."""
    allowed = 1 if max(len(said), len(known)) < 8 else 2
    return DamerauLevenshtein.distance(said, known) <= allowed and min(len(said), len(known)) >= 4


_ALIKE = (("rn", "m"), ("cl", "d"), ("vv", "w"), ("ii", "u"), ("li", "h"), ("l", "i"), ("e", "c"), ("o", "c"))
"""Letter shapes that Tesseract takes for each other."""


def reads_alike(said: str, known: str) -> bool:
    """Whether the two are the same once letter shapes that OCR confuses are made the same."""
    for wide, narrow in _ALIKE:
        said, known = said.replace(wide, narrow), known.replace(wide, narrow)
    return said == known and len(said) >= 3


_NICKNAMES = tuple(
    frozenset(group.split())
    for group in (
        "robert rob bob bobby robbie", "william will bill billy willie liam", "richard rick dick rich ricky",
        "james jim jimmy jamie", "john jack johnny jon", "jonathan jon", "joseph joe joey", "michael mike mick mickey",
        "thomas tom tommy", "charles charlie chuck", "christopher chris topher", "daniel dan danny", "matthew matt",
        "anthony tony", "andrew andy drew", "edward ed eddie ted ned", "steven steve stephen", "kenneth ken kenny",
        "ronald ron ronnie", "timothy tim", "gregory greg", "lawrence larry laurence", "samuel sam", "benjamin ben",
        "elizabeth liz beth betty lizzie eliza betsy", "margaret peggy maggie meg marge", "katherine kathy kate katie catherine cathy kathryn",
        "patricia pat patty trish tricia", "jennifer jen jenny", "barbara barb", "susan sue suzie suzanne", "deborah deb debbie debra",
        "dorothy dot dottie", "theresa teresa terry tess", "rebecca becky becca", "jacqueline jackie", "pamela pam", "sandra sandy",
        "virginia ginny", "victoria vicky tori", "alexander alex sandy", "alexandra alex sandra", "nicholas nick", "frederick fred freddie",
        "francis frank", "frances fran", "gerald jerry gerry", "donald don donnie", "david dave", "peter pete", "raymond ray", "walter walt",
        "judith judy", "cynthia cindy", "kimberly kim", "christine chris christina tina", "nancy ann", "anne ann anna", "mary molly polly",
        "philip phil phillip", "arthur art", "albert al bert", "eugene gene", "harold harry hal", "henry hank harry", "leonard len lenny",
    )
)  # fmt: skip


def are_nicknames(said: str, known: str) -> bool:
    return any(said in group and known in group for group in _NICKNAMES)


# ---- guards


def _objections(
    query: Query,
    total: float,
    levels: tuple[Level, ...],
    person: PersonRecord,
    others: list[tuple[float, tuple[Level, ...], PersonRecord]],
) -> Iterator[str]:
    """Every reason why this candidate must not be linked without a person; none means linked."""
    confirmed = {level.identifier for level in levels if level.confirms}
    for level in levels:
        if level.contradicts:
            yield level.sentence
    if query.mrn and not any(level.identifier == "mrn" and level.name == "exact" for level in levels):
        yield "the MRN on the page is not this patient's"
    for level in levels:
        if level.identifier == "dob" and level.name in ("swapped", "one digit"):
            yield level.sentence
    if normal.NEWBORN & set(normal.plain(f"{query.given} {query.middle}").split()):
        yield "this may be a newborn under the mother's name"
    if _is_placeholder(query.family) or _is_placeholder(query.given):
        yield "the name on the page is a placeholder, not a name"
    if "given" not in confirmed:
        yield "first name not confirmed"
    if "family" not in confirmed:
        yield "surname not confirmed"
    if not confirmed & {"mrn", "dob"}:
        yield "neither MRN nor date of birth agrees"
    elif "mrn" not in confirmed and not confirmed & {"encounter", "member_id", "ssn4", "phone"}:
        yield "name and date of birth alone are not enough"
    if _probability(total) < LINK_AT:
        yield "not likely enough"
    yield from _rivals(query, total, person, others)


_PLACEHOLDERS = frozenset(
    "anonymous unknown unk doe test testing patient baby babyboy babygirl boy girl newborn infant twin nobody noname none "
    "name lastname firstname refused declined unidentified trauma xxx zzz na".split()
)


def _is_placeholder(name: str) -> bool:
    """Names that hospitals write when they know none; two of them are not the same person (newborns, John Doe)."""
    parts = normal.plain(name).split()
    return bool(parts) and (normal.letters(name) in _PLACEHOLDERS or parts[0] in ("baby", "newborn", "infant"))


def _rivals(
    query: Query,
    total: float,
    person: PersonRecord,
    others: list[tuple[float, tuple[Level, ...], PersonRecord]],
) -> Iterator[str]:
    for _, levels, other in others:
        if any(level.identifier == "encounter" and level.confirms for level in levels):
            yield f"the encounter on the page belongs to MRN {other.mrn}"
            return
    if others and total - others[0][0] < CLEAR_LEAD:
        yield "another patient fits nearly as well"
    for _, _, other in others:
        same_family = normal.letters(other.family) == normal.letters(person.family)
        same_given = normal.letters(other.given) == normal.letters(person.given)
        if same_family and other.birth_date is not None and other.birth_date == person.birth_date:
            yield f"near-twin: MRN {other.mrn} has the same surname and date of birth"
            return
        is_unsure_who = query.birth_date is None or _nearly_same_day(person, other)
        if same_family and same_given and (is_unsure_who or other.suffix or person.suffix):
            yield f"near-twin: MRN {other.mrn} has the same name"
            return


def _nearly_same_day(person: PersonRecord, other: PersonRecord) -> bool:
    if person.birth_date is None or other.birth_date is None:
        return True
    return DamerauLevenshtein.distance(f"{person.birth_date:%Y%m%d}", f"{other.birth_date:%Y%m%d}") <= 2


def _is_worth_showing(levels: tuple[Level, ...]) -> bool:
    """An exact number or two confirmed identifiers are shown to a person even when the sum is poor."""
    confirmed = [level.identifier for level in levels if level.confirms]
    return len(confirmed) >= 2 or "mrn" in confirmed or "encounter" in confirmed


def _candidate(total: float, levels: tuple[Level, ...], person: PersonRecord) -> PatientCandidate:
    return PatientCandidate(
        person,
        round(_probability(total), 6),
        tuple(level.identifier for level in levels if level.confirms or level.weight > 0),
        tuple(level.identifier for level in levels if level.contradicts or level.weight < 0),
        tuple(level.sentence for level in levels if level.sentence),
    )


def _probability(total: float) -> float:
    return float(1 / (1 + 2.0 ** -max(-60.0, min(60.0, total))))


def _nobody_sentence(query: Query, roster: Roster) -> str:
    if not roster.has_anyone():
        return "no patient list is loaded: run 'chartroom roster load FILE'"
    if not (query.family or query.mrn or query.encounters):
        return "no name or number was read on these pages"
    return "nobody on the patient list fits"
