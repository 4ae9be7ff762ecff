"""Medical record number: a string as the site's pattern says; leading zeros matter."""

import re

from classify import normal
from classify.fields.anchor import Field
from classify.profile import Profile


def parse(text: str, profile: Profile) -> tuple[str, bool] | None:
    """A record number; letters misread for digits are turned back when the pattern then fits."""
    word = text.split()[0] if text.split() else ""
    compact = word.strip("#:.,;()[]").upper()
    if not any(c.isdigit() for c in normal.read_as_digits(compact)) or len(compact) < 3:
        return None
    if re.fullmatch(profile.mrn_pattern, compact):
        return compact, True
    repaired = normal.read_as_digits(compact)
    if re.fullmatch(profile.mrn_pattern, repaired):
        return repaired, True
    return (compact, False) if sum(c.isdigit() for c in compact) >= 3 else None


FIELD = Field(
    "mrn",
    ("mrn", "medical record number", "medical record no", "medical record #", "med rec no", "med rec #", "mr#", "mr #", "mr no",
     "record number", "chart number", "chart no", "chart #", "hospital number", "unit number", "unit no", "patient id", "patient no",
     "m.r. no", "med. rec. no.", "mr number", "patient number", "hospital no", "patient identification number", "pt id", "record no"),
    parse,
    most_words=2,
    title="MRN",
)  # fmt: skip
