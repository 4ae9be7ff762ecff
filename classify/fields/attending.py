"""Attending or author: a provider's name, titles dropped."""

from classify import normal
from classify.fields.notnames import is_form_text
from classify.finding.field import Field
from classify.profile import Profile


def parse(text: str, profile: Profile) -> tuple[str, bool] | None:
    """A provider's name of at least two words, or a surname after 'Dr.'."""
    if sum(c.isdigit() for c in text) > 0 or is_form_text(text):
        return None
    parts = normal.split_name(text)
    if parts is not None:
        family, given, middle, _ = parts
        return " ".join(p for p in (f"{family.upper()},", given.upper(), middle.upper()) if p), True
    words = normal.plain(text).split()
    if words and words[0] == "dr" and len(words) > 1:
        return words[1].upper(), True
    return None


FIELD = Field(
    "attending",
    ("attending", "attending physician", "attending provider", "attending md", "physician", "provider", "doctor", "author", "surgeon",
     "admitting physician", "attending dr", "rendering provider", "primary physician", "dictated by", "consulting physician",
     "radiologist", "pathologist", "ordering provider", "physician of record", "responsible provider", "responsible physician", "attending doctor", "attending phys",
     "attg", "attending surgeon", "treating physician", "treating provider", "provider name", "physician name", "attending physician name", "examining physician",
     "admitting provider", "admitting md", "attending of record", "doctor name", "consultant", "interpreting physician", "read by", "performed by", "clinician", "staff physician", "staff md", "staff doctor", "attending staff", "attn md", "staff attending", "attending physician md",
     "most responsible physician", "mrp", "mrp attending", "attending medical officer", "admitting attending", "consultant in charge", "responsible consultant",
     "attending consultant", "supervising physician", "medical officer", "amo"),
    parse,
    most_words=5,
    title="Attending",
)  # fmt: skip
