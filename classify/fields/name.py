"""Patient name (HL7 XPN): family, given, middle, suffix, kept as 'FAMILY, GIVEN MIDDLE SUFFIX'."""

from classify import normal
from classify.fields.labels import Field
from classify.fields.notnames import is_form_text
from classify.profile import Profile


def parse(text: str, profile: Profile) -> tuple[str, bool] | None:
    """A name of at least two words without digits."""
    if sum(c.isdigit() for c in text) > 0 or len(text) < 4 or is_form_text(text):
        return None
    parts = normal.split_name(text)
    if parts is None:
        return None
    family, given, middle, suffix = parts
    if len(family) < 2 or not given[0].isalpha():
        return None
    rest = " ".join(part for part in (given, middle, suffix) if part)
    return f"{family.upper()}, {rest.upper()}", len(given.strip(".")) > 1  # an initial is no given name


FIELD = Field(
    "name",
    ("patient name", "patient's name", "name of patient", "name", "patient", "pt name", "patient full name",
     "patient name last first middle", "patient name (last, first, middle)", "resident name", "member name", "pt",
     "patient name last first", "client name", "pt name", "name of pt", "patients name", "full name", "patient last first", "name last first middle",
     "legal name", "patient legal name", "patient/client name", "name of resident", "resident", "patient full legal name", "decedent", "employee name",
     "name last first", "name of client", "patient name printed", "patient name print", "name of insured or patient"),
    parse,
    most_words=5,
    title="Patient name",
)  # fmt: skip
