"""What the document says about the illness, in the words of the page: diagnosis, procedure, allergies, disposition."""

import re

from classify import normal
from classify.fields.notnames import is_sentence
from classify.finding.field import Field
from classify.profile import Profile

_CODE = re.compile(
    r"(?i)^(?:[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?|\d{4}[0-9A-Z]|\d{3}\.\d{1,2}|(?=\d*[A-Z])(?=[A-Z]*\d)[0-9BCDFGHX][0-9A-HJ-NP-Z]{6})$"
)
"""An ICD-10-CM, procedure (CPT, HCPCS, ICD-10-PCS) or ICD-9-CM code by its shape."""

_NONE_KNOWN = frozenset(
    "nka nkda nkfa none no known allergies;no known drug allergies;none known;no known food or drug allergies;no allergies;denies;denies allergies".replace(
        "nka nkda nkfa none ", "nka;nkda;nkfa;none;"
    ).split(";")
)


_NOTHING = frozenset({"none", "n a", "not applicable"})


_SEVERAL = re.compile(r"\s2[.)]\s")


def parse_text(text: str, profile: Profile) -> tuple[str, bool] | None:
    """A phrase of at least four letters, as printed; 'None' says that there is nothing."""
    kept = " ".join(re.sub(r"[|_\[\]{}]", " ", text).split()).strip(" :;,.-")
    if not _SEVERAL.search(kept):
        kept = re.sub(r"^\d{1,2}[.)]\s+", "", kept)  # the number of an item of a list
    if normal.plain(kept) in _NOTHING:
        return None
    if _CODE.match(kept):
        return kept.upper(), True
    return (kept, True) if sum(c.isalpha() for c in kept) >= 4 and kept[:1].isalnum() else None


_WHERE_TO = re.compile(
    r"(?i)\b(home|self[- ]care|snf|skilled|nursing|rehab|ltac|long[- ]term|hospice|expired|died|deceased|against medical|ama|transfer|acute care|psych|"
    r"assisted living|custodial|shelter|jail|police|eloped|left without|still patient|inpatient|observation|admitted|discharged|facility|hospital)"
)
"""Words that say where a patient went (UB-04 form locator 17, in words)."""

_SAYS_MORE = re.compile(
    r"(?i)\b(was|were|is|are|will|should|may|has|have|had)\b(?! (?:admitted|discharged|transferred)\b)"
)
"""What a disposition does not hold: 'Home medications were continued' says nothing of where somebody went."""


def parse_disposition(text: str, profile: Profile) -> tuple[str, bool] | None:
    """Where the patient went, in the words of the page; a sentence is none."""
    found = parse_text(text, profile)
    if found is None or not _WHERE_TO.search(found[0]) or is_sentence(found[0]) or _SAYS_MORE.search(found[0]):
        return None
    return found


def parse_allergies(text: str, profile: Profile) -> tuple[str, bool] | None:
    """NKA when the page says that none are known, else the list; an empty place is not NKA."""
    kept = " ".join(re.sub(r"[|_]", " ", text).split()).strip(" :;,.-")
    plain = normal.plain(kept)
    if plain in _NONE_KNOWN:
        return "NKA", True
    if sum(c.isalpha() for c in kept) < 4:
        return None
    return "; ".join(part.strip() for part in re.split(r"[;,/]| and ", kept) if part.strip()), True


def _field(name: str, title: str, labels: str, most_words: int = 8) -> Field:
    return Field(
        name,
        tuple(part.strip() for part in labels.split(";")),
        {"allergies": parse_allergies, "disposition": parse_disposition}.get(name, parse_text),
        most_words=most_words,
        title=title,
    )


DIAGNOSIS = _field(
    "diagnosis",
    "Diagnosis",
    "diagnosis; dx; diagnoses; working diagnosis; clinical diagnosis; impression and diagnosis",
)
PRINCIPAL = _field(
    "diagnosis/principal",
    "",
    "principal diagnosis; primary diagnosis; final diagnosis; discharge diagnosis; postoperative diagnosis; post-op diagnosis; principal dx; primary dx; "
    "final diagnoses; discharge diagnoses; discharge dx; postoperative diagnoses; postop diagnosis; post operative diagnosis",
)
ADMITTING = _field(
    "diagnosis/admitting",
    "",
    "admitting diagnosis; admission diagnosis; admit dx; admitting dx; preoperative diagnosis; pre-op diagnosis; preop diagnosis; pre operative diagnosis; "
    "preoperative diagnoses; provisional diagnosis; referring diagnosis; admission dx",
)
OTHER = _field(
    "diagnosis/other",
    "",
    "secondary diagnosis; secondary diagnoses; other diagnosis; other diagnoses; additional diagnosis; additional diagnoses; secondary dx; other dx",
)
PROCEDURE = _field(
    "procedure",
    "Procedure",
    "procedure; procedure performed; procedures performed; operation; operation performed; name of procedure; principal procedure; operative procedure; "
    "title of operation; planned procedure; proposed procedure; procedures",
)
ALLERGIES = _field(
    "allergies",
    "Allergies",
    "allergies; known allergies; drug allergies; allergy; medication allergies; food and drug allergies; allergies reactions",
    6,
)
DISPOSITION = _field(
    "disposition",
    "Disposition",
    "disposition; discharge disposition; discharged to; disposition at discharge; patient disposition; dispo; ed disposition; disch disposition; discharge to",
    6,
)
