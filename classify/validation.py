"""Edit checks: what a person types into a field is held to what that field can be, as what is read is.

Nobody is born tomorrow, and 99/99/2099 is no day: that is refused. A record number off the site's mask, or an NPI whose
check digit is wrong, may stand on the paper all the same: that is kept when the person says why.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from classify import normal
from classify.codes.checkdigits import is_right
from classify.fields import contact, coverage, dates, npi, social
from classify.fields.births import has_short_year
from classify.fields.ranked import base_of
from classify.fields.table import TITLES, title_of
from classify.profile import Profile

OLDEST = 125
"""Years that a patient may have lived: the oldest person whose age is proven died at 122."""

DATES = frozenset(name for name in TITLES if name == dates.DOB.name or name.endswith("_date"))
"""Fields that hold a day."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed as it is kept, and what is wrong with it: a sentence for the person, empty when nothing is.

    `may_stand`: it can be kept as it is, with a reason, because paper may say so.
    """

    value: str
    sentence: str = ""
    may_stand: bool = False

    @property
    def is_right(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.sentence


def check_entry(name: str, typed: str, profile: Profile) -> Entry:
    """One value as a person typed it, in the form that is kept. An empty one is right: the page does not show it."""
    text = " ".join(typed.split())
    if not text:
        return Entry("")
    base = base_of(name)
    if base in DATES:
        return _day(base, text, profile)
    check = _CHECKS.get(base)
    return check(text, profile) if check else Entry(text)


def written(value: str, profile: Profile) -> str:
    """A day as this site writes it (03/14/1957, or 14/03/1957 where the day comes first); anything else as it is."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day:%d/%m/%Y}" if profile.day_first else f"{day:%m/%d/%Y}"


def _day(name: str, text: str, profile: Profile) -> Entry:
    day = _read_day(text, profile)
    title, today = title_of(name), normal.today()
    if day is None:
        order = "day first" if profile.day_first else "month first"
        example = written("1957-03-14", profile)
        return Entry(text, f"{title}: “{text}” is no date. Type it as {example} ({order}), or leave it empty.")
    said = written(day.isoformat(), profile)
    if day > today:
        return Entry(text, f"{title}: {said} lies in the future. Type it as the page shows it.")
    if name == dates.DOB.name and has_short_year(text) and normal.age_on(day, today) < OLDEST - 100:
        return Entry(text, f"{title}: “{text}” may be {day.year} or {day.year - 100}. Type the year with four digits.")
    if name == dates.DOB.name and normal.age_on(day, today) > OLDEST:
        return Entry(
            text, f"{title}: {said} makes the patient older than {OLDEST} years. Type it as the page shows it."
        )
    if normal.age_on(day, today) > OLDEST:  # nobody alive then is a patient now
        return Entry(text, f"{title}: {said} is more than {OLDEST} years ago. Type it as the page shows it.")
    return Entry(day.isoformat())


_TIME = re.compile(r"(?i)(?<=\d)(?:,|\s+at)?\s+\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?$")
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")


def _read_day(text: str, profile: Profile) -> date | None:
    """The day that was typed, a time of day behind it left out; nothing is read into it as into a misread page."""
    bare = _TIME.sub("", text)
    if day := normal.parse_date(bare, day_first=profile.day_first):
        return day
    digits = _DIGITS.fullmatch(bare)
    return normal.parse_date("/".join(digits.groups()), day_first=profile.day_first) if digits else None


def _mrn(text: str, profile: Profile) -> Entry:
    return _masked("MRN", text, profile.mrn_pattern, profile.mrn_check_digit)


def _encounter(text: str, profile: Profile) -> Entry:
    return _masked("visit number", text, profile.encounter_pattern, profile.encounter_check_digit)


def _account(text: str, profile: Profile) -> Entry:
    return _masked("account number", text, profile.encounter_pattern, "")


def _masked(what: str, text: str, pattern: str, check_digit: str) -> Entry:
    compact = text.upper()
    if not re.fullmatch(pattern, compact):
        said = f"“{text}” does not look like this site's {what}s. Compare it with the page."
        return Entry(compact, said, may_stand=True)
    if not is_right(compact, check_digit):
        said = f"The check digit of {what} {compact} is wrong: a digit is misread or mistyped."
        return Entry(compact, said, may_stand=True)
    return Entry(compact)


def _npi(text: str, profile: Profile) -> Entry:
    digits = normal.number(text)
    if not re.fullmatch(r"\d{10}", digits):
        return Entry(text, f"An NPI has ten digits; “{text}” has not. Compare it with the page.", may_stand=True)
    if not npi.is_npi(digits):
        return Entry(
            digits, f"The check digit of NPI {digits} is wrong: a digit is misread or mistyped.", may_stand=True
        )
    return Entry(digits)


def _sex(text: str, profile: Profile) -> Entry:
    sex = normal.parse_sex(text) or ("O" if text.upper() == "O" else None)
    return Entry(sex) if sex else Entry(text, f"Sex: type M, F, O (other) or U (unknown), not “{text}”.")


def _name(text: str, profile: Profile) -> Entry:
    if sum(c.isalpha() for c in text) < _SHORTEST_NAME or any(c.isdigit() for c in text):
        return Entry(text, f"“{text}” is no name. Type surname, first name.")
    if normal.split_name(text) is None:
        return Entry(text, f"“{text}” is one name only. Type surname, first name.", may_stand=True)
    return Entry(text)


_SHORTEST_NAME = 2
"""Letters of a name: Ng, Xu."""


def _signer(text: str, profile: Profile) -> Entry:
    if sum(c.isalpha() for c in text) < _SHORTEST_NAME:
        return Entry(text, f"“{text}” is no name. Type it as the page shows it.")
    return Entry(text)


def _member(text: str, profile: Profile) -> Entry:
    compact = normal.number(text)
    found = coverage.parse_member(compact, profile)
    if found is None:
        return Entry(
            text, f"“{text}” does not look like a member id (five or more letters and digits).", may_stand=True
        )
    return Entry(found[0])


def _phone(text: str, profile: Profile) -> Entry:
    found = contact.parse_phone(text, profile)
    if found is None or not found[1]:
        return Entry(text, f"“{text}” is no telephone number of ten digits.", may_stand=True)
    return Entry(found[0])


def _ssn4(text: str, profile: Profile) -> Entry:
    found = social.parse(text, profile)
    if found is None or not found[1]:
        return Entry("", "Type the last four digits of the SSN only.")
    return Entry(found[0])


def _signature(text: str, profile: Profile) -> Entry:
    said = text.lower()
    if said in _SIGNATURES:
        return Entry(said)
    return Entry(text, f"Signature: type {', '.join(_SIGNATURES[:-1])} or {_SIGNATURES[-1]}, not “{text}”.")


_SIGNATURES = ("present", "absent", "unclear")
"""What a look at a signature line can find (ocr/marks.py)."""

_CHECKS: dict[str, Callable[[str, Profile], Entry]] = {
    "mrn": _mrn,
    "encounter": _encounter,
    "account": _account,
    "npi": _npi,
    "sex": _sex,
    "name": _name,
    "attending": _signer,
    "signed_by": _signer,
    "member_id": _member,
    "phone": _phone,
    "ssn4": _ssn4,
    "signature": _signature,
}
