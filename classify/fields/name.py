"""Patient name (HL7 XPN): family, given, middle, suffix, kept as 'FAMILY, GIVEN MIDDLE SUFFIX'."""

import re

from classify import normal
from classify.fields import givennames
from classify.fields.notnames import is_form_text
from classify.finding.field import Field
from classify.profile import Profile

_PROVIDERS = frozenset("md m.d rn r.n pa-c fnp aprn crna dnp lpn dpm dds".split())
"""Degrees and licences: the name beside one is of who treats."""


_AGED = re.compile(r"\s*\((?:[^()]*\d[^()]*\)?|[MFmf],?)$")
"""Sex and age in brackets behind a name, whole or cut short: Ana Rivera (F, 63 y)."""


_PAIR = 2


def _with_comma(text: str) -> str:
    """Two words in capitals of which only the second is a common first name, as the surname first: 'RIVERA ANA' of claims."""
    words = text.split()
    if len(words) != _PAIR or not text.isupper() or "," in text:
        return text
    first, last = (word.lower().strip(".") for word in words)
    return f"{words[0]}, {words[1]}" if last in givennames.GIVEN and first not in givennames.GIVEN else text


_KIN = frozenset(
    "mother father mom dad parent spouse wife husband son daughter sister brother sibling partner guardian friend aunt uncle "
    "grandmother grandfather niece nephew cousin self proxy agent representative".split()
)
"""How somebody is related, behind a comma where a first name stands: 'Lisa Cole, mother'."""


def parse(text: str, profile: Profile) -> tuple[str, bool] | None:
    """A name of at least two words without digits."""
    text = _AGED.sub("", text)
    if text.count(";") == 1 and "," not in text:
        text = text.replace(";", ",")  # RIVERA; ANA
    if sum(c.isdigit() for c in text) > 0 or ";" in text or len(text) < 4 or is_form_text(text):
        return None
    parts = normal.split_name(_with_comma(text))
    if parts is None:
        return None
    family, given, middle, suffix = parts
    if len(family) < 2 or not given[0].isalpha() or given.lower() in _KIN:
        return None
    rest = " ".join(part for part in (given, middle, suffix) if part)
    is_whole = len(given.strip(".")) > 1 and not _PROVIDERS & {word.lower().strip(".,()") for word in text.split()}
    return f"{family.upper()}, {rest.upper()}", is_whole  # an initial is no given name


def parse_part(text: str, profile: Profile) -> tuple[str, bool] | None:
    """A surname or a first name by itself: one to three words of letters; single letters are boxes of a form torn apart."""
    words = text.replace("-", " ").replace("'", "").split()
    is_torn = len(words) > 1 and max(map(len, words)) == 1
    if (
        not 1 <= len(words) <= 3
        or is_torn
        or not all(word.strip(".,").isalpha() for word in words)
        or is_form_text(text)
    ):
        return None
    kept = " ".join(text.strip(" .,").split())
    return kept.upper(), len(kept) > 1


FAMILY = Field(
    "family_name",
    ("last name", "surname", "family name", "patient last name", "patient's last name", "legal last name", "last"),
    parse_part,
    most_words=3,
)
GIVEN = Field(
    "given_name",
    ("first name", "given name", "patient first name", "patient's first name", "legal first name", "first", "forename", "first name mi", "first name middle initial"),
    parse_part,
    most_words=2,
)  # fmt: skip
"""Forms that ask for the parts of a name apart; find.py makes one name of them."""

FIELD = Field(
    "name",
    ("patient name", "patient's name", "name of patient", "name", "patient", "pt name", "patient full name",
     "patient name last first middle", "patient name (last, first, middle)", "resident name", "member name", "pt",
     "patient name last first", "client name", "pt name", "name of pt", "patients name", "full name", "patient last first", "name last first middle",
     "legal name", "patient legal name", "patient/client name", "name of resident", "resident", "patient full legal name", "decedent", "employee name",
     "name last first", "name of client", "patient name printed", "patient name print", "name of insured or patient", "patient identification", "patient/client", "resident pt", "client/patient", "patient id name",
     "name in full", "full name of patient", "patients full name", "pt name in full", "client resident name", "patient client name", "surname given name",
     "surname given names", "veteran", "veterans name", "veteran name", "beneficiary", "beneficiary name", "persons name", "person name", "service user",
     "individuals name", "individual", "patient identity", "participant", "patient name and address", "name and address of patient", "person served", "consumer", "patient veteran", "surname forename", "surname forenames", "apellidos nombre", "paciente", "individual name", "clients name", "client full name", "residents name", "patient resident", "patient please print", "name of resident"),
    parse,
    most_words=5,
    title="Patient name",
)  # fmt: skip
