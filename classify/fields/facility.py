"""The facility: whose letterhead it is."""

import re

from classify.fields.notnames import is_sentence
from classify.finding.field import Field
from classify.finding.unlabelled import UnlabelledValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import Word

_KIND = re.compile(
    r"(?i)\b(hospital|medical cent(?:er|re)|clinic|health system|healthcare|health care|health cent(?:er|re)|infirmary|sanatorium|"
    r"medical group|physicians|associates|hospice|nursing home|surgery cent(?:er|re)|laborator(?:y|ies)|imaging|rehabilitation cent(?:er|re))\b"
)


_ORGANISATION = re.compile(
    r"(?i)\b(?:cent(?:er|re)|trust|program(?:me)?|surgeons|institute|foundation|department|partners|llc|pllc|inc|ltd|corp|services|"
    r"pharmacy|agency|university|college|network|specialists|consultants|council|authority)\b|\bP\.?C\.?$"
)
"""Words of the names of those who are no persons, beside the kinds of facilities."""


def is_organisation(text: str) -> bool:
    """Whether words like a name are those of a facility or of another organisation: 'Riverton Trauma Center', 'Eye Surgeons PC'."""
    return is_facility(text) or _ORGANISATION.search(text) is not None


def is_facility(text: str) -> bool:
    """Whether a text names a hospital, a clinic, a laboratory or a practice."""
    return _KIND.search(text) is not None


def parse(text: str, profile: Profile) -> tuple[str, bool] | None:
    """The name of a facility, as printed."""
    kept = " ".join(re.sub(r"[^\w&.,' -]", " ", text).split()).strip(" ,.")
    if sum(c.isalpha() for c in kept) < 4 or is_sentence(kept):
        return None
    return kept, bool(_KIND.search(kept))


_OF_THE = re.compile(r"(?i) of the ")
"""What joins the name of a facility to its place: 'University Hospital of the Ozarks'."""


def find(rows: tuple[Row, ...]) -> UnlabelledValue | None:
    """The first of the uppermost rows that names a hospital, clinic, laboratory or practice and little else."""
    for row in rows[:5]:
        words = up_to_gap(row.words)
        text = " ".join(word.text for word in words).strip(" |-_.,")
        if row.top_share > 0.16 or ":" in text or any(c.isdigit() for c in text):
            continue
        if _KIND.search(text) and 2 <= len(text.split()) <= 8 and not is_sentence(_OF_THE.sub(" ", text)):
            read = min(word.confidence for word in words)
            return UnlabelledValue("facility", " ".join(text.split()), words, 0.9 * read, "letterhead")
    return None


def up_to_gap(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words of a row up to a gap wider than any space in a name: a patient label may stand to the right."""
    for at in range(1, len(words)):
        if words[at].box.left - words[at - 1].box.right > 4 * max(words[at].box.height, 12):
            return words[:at]
    return words


FIELD = Field(
    "facility",
    ("facility", "facility name", "hospital", "hospital name", "clinic", "location of service", "place of service", "name of facility"),
    parse,
    most_words=8,
    title="Facility",
)  # fmt: skip
