"""What a row says without any label: names, dates, numbers of the shape of a record number, a sex beside an age."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from classify import normal
from classify.codes.checkdigits import is_right
from classify.fields import name as names
from classify.fields.contact import parse_phone
from classify.fields.dates import find_date
from classify.fields.facility import is_organisation
from classify.fields.givennames import GIVEN, is_given_first
from classify.fields.others import PROVIDERS
from classify.fields.ranked import is_insurer
from classify.finding.beside import is_bar, is_capital
from classify.finding.printed import EDGES, SIZES, end_of_group
from classify.profile import Profile
from ocr.page import Box, Word, box_of


class Kind(StrEnum):
    """What a mention is."""

    NAME = "name"
    DATE = "date"
    NUMBER = "number"
    SEX = "sex"


@dataclass(frozen=True, slots=True)
class Mention:
    """One of them: its normal form, its words, the number of the first of these in the row, and, of a sex, the age beside it.

    `is_ordered` is False for a name in capitals without a comma (RIVERA ANA), whose order only habit tells.
    """

    kind: Kind
    value: str
    words: tuple[Word, ...]
    first: int
    age: int | None = None
    is_ordered: bool = True

    @property
    def end(self) -> int:
        """The number of the word behind it."""
        return self.first + len(self.words)

    @property
    def box(self) -> Box:
        return box_of(self.words)


_LEAST_DIGITS, _LEAST_OF_A_SITE = 6, 5
"""The fewest that a number without label has; where the site says what its own look like, one of five is no postcode."""

_MOST_NAME = 5
"""Words of a name."""

_LONGEST_ABBREVIATION = 3
"""Letters of Jr., St. and of an initial with their full stop; after any longer word that has one a sentence ends."""

_GAP = 1.5
"""Height of a word, so many times, that parts two names or a name and a title."""

STREETS = frozenset(
    "st street rd road ave avenue ln lane dr drive blvd boulevard ct court pl place way hwy highway pkwy cir circle ter suite apt".split()
)
"""Words that streets end with (USPS Publication 28, Appendix C)."""

_DATE_DIGITS = 3
_OLDEST = 120

_AGE = r"(?P<age>\d{1,3})\s*(?:y(?:rs?|o|ears?)?\.?(?:/?o(?:ld)?\.?)?)?"
_TOGETHER = re.compile(
    rf"(?i){_AGE}\s*[/-]?\s*(?P<sex>male|female|m|f)|(?P<sex2>male|female|m|f)\s*[/-]?\s*(?P<age2>\d{{1,3}})\s*(?:y(?:rs?|o)?)?"
)
_PHONE = re.compile(r"\(?\d{3}\)?[-. ]?\d{3}[-.]\d{4}|\d{3}-\d{4}|\(\d{3}\)")


def mentions_of(words: Sequence[Word], profile: Profile, labels: Set[int] = frozenset()) -> tuple[Mention, ...]:
    """Every mention in a row of words, from left to right; no name holds one of the words (by number) that are `labels`."""
    return tuple(_found(words, profile, labels))


def _found(words: Sequence[Word], profile: Profile, labels: Set[int]) -> Iterator[Mention]:
    at = 0
    while at < len(words):
        mention = None
        if not is_bar(words[at].text) and at not in labels:
            end = min((label for label in labels if label > at), default=len(words))
            mention = (
                _date(words, at, profile) or _sex(words, at) or _number(words, at, profile) or _name(words, at, end)
            )
        if mention is None:
            at += 1
        else:
            yield mention
            at = mention.end


def _date(words: Sequence[Word], at: int, profile: Profile) -> Mention | None:
    for count in (1, *SIZES[1:-1], SIZES[0]):
        some = words[at : at + count]
        text = " ".join(word.text for word in some).strip("()[],;.|")
        if len(some) < count or sum(c.isdigit() for c in text) < _DATE_DIGITS:
            continue
        if count == 1 and "-" in text and re.fullmatch(profile.mrn_pattern, text):
            return None  # 12-03-57 where record numbers are written so
        found = find_date(text, profile)
        if found is not None and _is_whole(text):
            return Mention(Kind.DATE, found.isoformat(), tuple(some), at)
    return None


def _is_whole(text: str) -> bool:
    """Whether a text is a date from end to end: find_date reads what begins with one."""
    return (
        re.fullmatch(
            r"[\d/.-]{6,10}|\d\d \d\d \d{4}|\d{1,2}(?:st|nd|rd|th)?(?: de)?[ /-]?[A-Za-z]{3,10}\.?(?: de)?[ ,/-]*\d{2,4}|[A-Za-z]{3,10}\.?[ /.-]?\d{1,2}(?:st|nd|rd|th)?,?[ /.-]?\d{4}|\d{4}[ /.-]?[A-Za-z]{3,9}\.?[ /.-]?\d{1,2}",
            text,
        )
        is not None
    )


def _sex(words: Sequence[Word], at: int) -> Mention | None:
    after = words[at + 1] if at + 1 < len(words) else None
    third = words[at + 2] if at + 2 < len(words) else None
    for some in ((words[at], after, third), (words[at], after), (words[at],)):
        there = [word for word in some if word is not None]
        if len(there) == len(some) and (found := _sex_and_age(" ".join(word.text for word in there))):
            return Mention(Kind.SEX, found[0], tuple(there), at, age=found[1])
    return None


def _sex_and_age(text: str) -> tuple[str, int] | None:
    """Sex and age of 82/M, or of F 66Y; letters that OCR gives for digits are digits in an age."""
    said = text.strip(" ,;()|")
    match = _TOGETHER.fullmatch(said) or _TOGETHER.fullmatch(_with_digits(said))
    if match is None or (age := int(match["age"] or match["age2"])) > _OLDEST:
        return None
    sex = normal.parse_sex(match["sex"] or match["sex2"])
    return (sex, age) if sex else None


def _with_digits(text: str) -> str:
    """F GGY as F 66Y: in a word that ends with Y, letters before it are misread digits."""
    return re.sub(r"(?i)\b(\w{1,3})(y(?:o|rs?)?)\b", lambda m: normal.read_as_digits(m[1]) + m[2], text)


def _number(words: Sequence[Word], at: int, profile: Profile) -> Mention | None:
    last = end_of_group(words, at)
    if last > at:  # 001 234 56
        joined = "".join(word.text.strip(EDGES) for word in words[at : last + 1])
        if re.fullmatch(profile.mrn_pattern, joined) and is_right(joined, profile.mrn_check_digit):
            return Mention(Kind.NUMBER, joined, tuple(words[at : last + 1]), at)
    said = words[at].text.strip("()[]#.,;:|").upper()
    least = _LEAST_OF_A_SITE if "mrn" in profile.own_patterns else _LEAST_DIGITS
    is_number = sum(c.isdigit() for c in said) >= least and not _PHONE.fullmatch(said)
    if not is_number or (at and parse_phone(f"{words[at - 1].text} {said}", profile) and "(" in words[at - 1].text):
        return None
    if re.fullmatch(profile.mrn_pattern, said) or re.fullmatch(profile.encounter_pattern, said):
        return Mention(Kind.NUMBER, said, (words[at],), at)
    return None


_MONTH = re.compile(rf"{normal.MONTH}$")
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?[,.]?$")


def _begins_a_date(words: Sequence[Word], at: int) -> bool:
    """Whether a month and a number stand here, so that no name goes on: 'B-day March 27, 1970'."""
    return at + 1 < len(words) and bool(_MONTH.match(words[at].text) and _DAY.match(words[at + 1].text))


def _name(words: Sequence[Word], at: int, last: int) -> Mention | None:
    """The longest run of capitalised words from here, up to the word numbered `last`, that is a name."""
    if _is_role(words[at].text):
        return None
    end = at
    while end < min(last, at + _MOST_NAME) and _may_be_name(words[end].text):
        is_apart = end > at and words[end].box.left - words[end - 1].box.right > _GAP * max(words[end].box.height, 12)
        if is_apart or (end > at and (_sex(words, end) is not None or _begins_a_date(words, end))):
            break
        end += 1
        if words[end - 1].text.endswith(".") and len(words[end - 1].text) > _LONGEST_ABBREVIATION:
            break  # 'to see Ms. Rivera. Dressing changed'
    while end > at + 1 and words[end - 1].text.lower().strip(".,()") in normal.DEGREES:
        end -= 1
    text, is_ordered = _in_order(" ".join(word.text for word in words[at:end]).strip(" |-,;:."))
    is_other = (
        is_organisation(text)
        or is_insurer(text)
        or words[end - 1].text.lower().strip(".,") in STREETS
        or any(word.text.lower().rstrip(".,") in STREETS and word.text.endswith(",") for word in words[at:end])
        or _PLACE.fullmatch(text) is not None
    )
    parsed = None if is_other else names.parse(text, Profile())
    if parsed is None or not parsed[1] or parsed[0].partition(", ")[2].lower() in normal.PARTICLES:
        return None
    return Mention(Kind.NAME, parsed[0], tuple(words[at:end]), at, is_ordered=is_ordered)


STATE = "(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
"""The abbreviation of a state (USPS Publication 28, Appendix B), as a pattern."""

_PLACE = re.compile(rf"[A-Za-z .'-]+, ?(?:{STATE}|ON|QC|BC|AB|MB|SK|NS|NB)|[A-Za-z .'-]+,? (?:NSW|VIC|QLD|TAS|ACT)")
"""A town and its state or province: Akron, OH; Orange NSW. Two letters without a comma may be initials."""


def _may_be_name(text: str) -> bool:
    return (
        is_capital(text)
        and not text.endswith(":")
        and not any(c.isdigit() for c in text)
        and text.lower() not in _ANNOUNCING
    )


def _is_role(text: str) -> bool:
    """Whether a word is of a label of those who treat: 'Referring RIVERA, ANA'."""
    return text.lower().rstrip(":.") in PROVIDERS and text.lower() not in GIVEN


_ANNOUNCING = frozenset("re regarding subject attn dear".split())
"""Words before a name that are none of it, with a colon or without."""


def _in_order(text: str) -> tuple[str, bool]:
    """A name as it is read, with a comma where capitals begin with the surname, and whether that order is sure.

    An initial tells it (ANA M RIVERA, RIVERA ANA M), or that one end of it is a common first name and the other is none.
    Else the first word in capitals is taken for the surname.
    """
    words = text.split()
    if "," in text or not text.isupper() or (len(words) > 2 and len(words[1].strip(".")) == 1):
        return text, True
    if words[0].lower() not in normal.PARTICLES and any(word.lower() in normal.PARTICLES for word in words[1:-1]):
        return text, True  # ANA DE LA CRUZ
    ends_with_initial = len(words) > 2 and len(words[-1].strip(".")) == 1
    first, last = (word.strip(".").lower() in GIVEN for word in (words[0], words[-1]))
    if first and not last and not ends_with_initial:
        return text, True
    if first and last and not ends_with_initial:
        given_first = is_given_first(*(word.strip(".").lower() for word in (words[0], words[-1])))
        if given_first is not None:
            return (text if given_first else f"{words[0]}, {' '.join(words[1:])}"), True
    return f"{words[0]}, {' '.join(words[1:])}", ends_with_initial or (last and not first)
