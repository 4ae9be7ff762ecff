"""Social Security number: only its last four digits are kept, whatever the page prints (docs/evidence.md)."""

import re

from classify import normal
from classify.finding.field import Field
from classify.profile import Profile

_WHOLE = re.compile(r"(\d{3})[- ]?(\d{2})[- ]?(\d{4})")
_MASKED = re.compile(r"(?i)(?:[x*#•]{3}[- ]?[x*#•]{2}[- ]?|[x*#•]{1,5})?(\d{4})")


def parse(text: str, profile: Profile) -> tuple[str, bool] | None:
    """The last four digits of a whole or masked number; area 000, 666, 9xx, group 00 and serial 0000 are never given."""
    said = text.strip(" .,:;")
    digits = normal.read_as_digits(said) if not re.search(r"(?i)[x*#•]", said) else said
    if whole := _WHOLE.fullmatch(digits):
        area, group, serial = whole.groups()
        is_valid = area not in ("000", "666") and area[0] != "9" and group != "00" and serial != "0000"
        return serial, is_valid
    masked = _MASKED.fullmatch(said)
    return (masked[1], masked[1] != "0000") if masked else None


FIELD = Field(
    "ssn4",
    ("ssn", "social security number", "social security no", "soc sec no", "soc sec", "social security", "ss no", "ss#", "last 4 ssn", "last four ssn", "ssn last 4", "ssn xxx xx"),
    parse,
    most_words=3,
    title="SSN (last 4)",
    is_secret=True,
)  # fmt: skip
