"""Where the patient lives and can be reached: address and telephone."""

import re

from classify import normal
from classify.fields.notnames import is_sentence
from classify.finding.field import Field
from classify.profile import Profile

_STREET = re.compile(r"(?i)^(?:\d+[A-Z]?\s+\S+|p\.?\s?o\.?\s*box\s*\d+|r\.?r\.?\s*\d+)")
_PHONE = re.compile(r"[2-9]\d{2}[2-9]\d{6}")
"""North American Numbering Plan: neither area nor exchange begins with 0 or 1."""


def parse_address(text: str, profile: Profile) -> tuple[str, bool] | None:
    """Street and what follows it, as printed; valid when it begins with a house number or a box."""
    kept = " ".join(re.sub(r"[|_]", " ", text).split()).strip(" ,.")
    if sum(c.isalpha() for c in kept) < 3 or not any(c.isdigit() for c in kept) or is_sentence(kept):
        return None
    return kept, bool(_STREET.match(kept))


def parse_phone(text: str, profile: Profile) -> tuple[str, bool] | None:
    """Ten digits; a leading country code and misread digits are put right."""
    compact = re.sub(r"[^0-9A-Za-z]", "", text.split(" x")[0].split(" ext")[0])
    if sum(c.isdigit() for c in compact) < 7 or len(compact) > 11:
        return None
    digits = normal.read_as_digits(compact)
    digits = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    return (digits, bool(_PHONE.fullmatch(digits))) if digits.isdigit() and len(digits) in (7, 10) else None


_LONGEST = 6
"""Words of a telephone number at most: '( 330 ) 555 - 0101'."""

ADDRESS = Field(
    "address",
    ("address", "home address", "street address", "mailing address", "patient address", "residence", "street", "address line 1",
     "permanent address", "current address", "patient's address", "residential address", "address no street", "addr"),
    parse_address,
    most_words=10,
    title="Address",
)  # fmt: skip
PHONE = Field(
    "phone",
    ("phone", "telephone", "home phone", "phone number", "telephone number", "phone no", "tel", "tel no", "contact number", "patient phone", "home telephone",
     "telephone no", "phone #", "home phone number", "contact phone", "primary phone", "daytime phone", "ph", "telephone include area code", "residence phone", "res phone", "res telephone", "evening phone",
     "phone home", "telephone area code", "patient's telephone no", "patient telephone number", "patient's phone number"),
    parse_phone,
    longest=_LONGEST,
    most_words=4,
    title="Telephone",
    is_typed=True,
)  # fmt: skip
CELL = Field(
    "phone/other",
    ("cell", "cell phone", "mobile", "mobile phone", "patient cell", "pt cell", "cell number", "cellular", "cell no"),
    parse_phone,
    longest=_LONGEST,
    most_words=4,
    is_typed=True,
)
"""The telephone of whoever gives no other: where both are printed the first is the one of the patient's home."""
