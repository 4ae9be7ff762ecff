"""Medical record number: a string as the site's pattern says; leading zeros matter."""

import re

from classify import normal
from classify.codes.checkdigits import is_right
from classify.finding.field import Field
from classify.profile import Profile

_DATE = re.compile(r"^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$")


def parse(text: str, profile: Profile) -> tuple[str, bool] | None:
    """A record number; letters misread for digits are turned back when the pattern then fits."""
    words = text.split()
    if len(words) > 1 and len(words[0]) < 6 and all(normal.read_as_digits(word).isdigit() for word in words):
        words = ["".join(words)]  # 001 234 56: a number set in groups, or torn by the scan
    word = words[0] if words else ""
    if _DATE.match(word):
        return None
    printed = word.strip("#:.,;()[]")
    compact, repaired = printed.upper(), normal.read_as_digits(printed).upper()  # l is a 1 and L is none
    if not any(c.isdigit() for c in repaired) or len(compact) < 3:
        return None
    for candidate in (compact, repaired):
        if re.fullmatch(profile.mrn_pattern, candidate) and is_right(candidate, profile.mrn_check_digit):
            return candidate, True
    return (compact, False) if sum(c.isdigit() for c in compact) >= 3 else None


FIELD = Field(
    "mrn",
    ("mrn", "medical record number", "medical record no", "medical record #", "med rec no", "med rec #", "mr#", "mr #", "mr no",
     "record number", "chart number", "chart no", "chart #", "hospital number", "unit number", "unit no", "patient id", "patient no",
     "m.r. no", "med. rec. no.", "mr number", "patient number", "hospital no", "patient identification number", "pt id", "record no", "med record number", "med rec", "medical record", "medical rec no", "hospital mrn", "patient mrn", "pt mrn", "mr num",
     "history number", "history no", "hospital id", "chart id", "patient record number", "mrn no", "mrn number", "pat id", "patient id no", "patient id number",
     "patient no mrn", "hosp no", "med rec number", "facility mrn", "record id",
     "health record number", "hospital record number", "clinic number", "clinic record number", "file number", "chart record number", "mrun", "unit record", "unit record number", "hospital record", "medical record unit number", "patient unit number", "umrn", "urn", "emrn", "epi number", "empi", "patient file number", "record num", "chart",
     "hrn", "hr no", "health record no", "ur no", "ur number", "unit record no", "client id", "resident id", "resident no",
     "resident number", "unique id", "unique patient id", "hospital file no", "hospital file number", "hospital card no", "crn", "register no", "register number",
     "clinical record no", "local patient id", "file no", "pid", "chart id no", "health card file no"),
    parse,
    most_words=3,
    is_typed=True,
    title="MRN",
)  # fmt: skip
