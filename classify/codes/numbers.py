"""A bare number in a barcode: what it may be, and how sure that is.

Legacy charts and labels carry a record or visit number with nothing around it. By itself such a code may as well be a form
number, a lot or an account, so that it is hardly ever sure: the patient list says whose it is (classify/anchored), and a
site's own mask and check digit say more.
"""

import re
from dataclasses import dataclass

from classify.codes.checkdigits import CHECK_DIGITS, is_right
from classify.profile import Profile
from ocr.page import Barcode

_NUMBER = re.compile(r"[A-Z]{0,4}-?\d{4,14}X?")
"""Not the hyphens of a drug code (NDC 0409-6102-02); a GS1 key of more digits is no record number."""

GS1 = frozenset({"]C1", "]d2", "]Q3", "]J1", "]e0"})
"""Symbology identifiers of GS1 codes (ISO/IEC 15424)."""

_OF_OTHERS = ("+", "=", "&", "(", "S1|", "PATCH", "HTTP", "\x1d")
"""How codes begin that are no patient's: supplier labels (HIBC +), blood products (ISBT 128 = and &), GS1, our own sheets."""

_TYPE_LETTERS = {"M": "mrn", "V": "encounter", "E": "encounter", "A": "account"}
"""Letters before a number that say what it is, where the site's own mask has none."""

_DEFAULT = Profile(forms=())

_PRIOR = {"default mask": 1 / 5, "own mask": 1 / 2, "own mask with letters": 9.0}
"""Odds that a bare code of such a shape is a record number and nothing else. Given, not fitted: no count of the codes on real
charts is known to us. A default mask fits one in all that a chart carries (record, visit, account, form, lot); digits of the
right length are rarer; the site's own letters before them are hardly ever another's."""

_BY_LETTER = 2.0
"""How much a letter before the number says which it is. Given, as the priors; no number fits a default mask and is likelier
right than wrong."""

_IN_A_LABEL = 2.0
"""How much name and birthday in the same code say that a number beside them is the patient's record number, and no visit or
account. Given."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a bare number may be: the field, the number without a letter that says its kind, and the chance that it is so."""

    field: str
    number: str
    chance: float


def bare_number(code: Barcode) -> str:
    """The number that is all a barcode says, stars and signs of its font left out; empty when it says anything else."""
    text = code.text.strip().upper()
    if code.symbology in GS1 or text.startswith(_OF_OTHERS):
        return ""
    text = text.strip("*$%").strip()
    return text if _NUMBER.fullmatch(text) else ""


def readings_of(number: str) -> tuple[str, ...]:
    """The number as encoded, and without a letter that may say its kind."""
    without = number[1:].lstrip("-")
    return (number, without) if number[:1] in _TYPE_LETTERS and without.isdigit() else (number,)


def meanings_of(number: str, profile: Profile, *, is_in_label: bool = False) -> tuple[Meaning, ...]:
    """What a bare number may be, the likeliest first; nothing where its check digit is wrong or no mask of the site fits."""
    odds: dict[tuple[str, str], float] = {}
    for field, pattern, usual, scheme in (
        ("mrn", profile.mrn_pattern, _DEFAULT.mrn_pattern, profile.mrn_check_digit),
        ("encounter", profile.encounter_pattern, _DEFAULT.encounter_pattern, profile.encounter_check_digit),
    ):
        reading = next((one for one in readings_of(number) if re.fullmatch(pattern, one)), "")
        if reading and is_right(reading, scheme):
            odds[(field, reading)] = (
                _PRIOR[_mask(reading, pattern, usual)]
                * (CHECK_DIGITS[scheme].by_chance if scheme else 1)
                * (_BY_LETTER if _TYPE_LETTERS.get(number[0]) == field else 1)
                * (_IN_A_LABEL if is_in_label else 1)
            )
    found = [Meaning(field, reading, round(o / (1 + o), 4)) for (field, reading), o in odds.items()]
    return tuple(sorted(found, key=lambda meaning: -meaning.chance))


def _mask(number: str, pattern: str, usual: str) -> str:
    if pattern == usual:
        return "default mask"
    digits = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
    has_letters = digits != number and not re.fullmatch(pattern, digits)
    return "own mask with letters" if has_letters else "own mask"
