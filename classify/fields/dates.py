"""Dates by role: birth, admission, discharge, service. Never 'the first date on the page'."""

import re
from datetime import date

from classify import normal
from classify.fields.anchor import Field
from classify.profile import Profile

_TIME = re.compile(r"\b\d{1,2}:\d{2}(:\d{2})?\s*([ap]\.?m\.?)?|\bat\b|\d{4}\s*h(ou)?rs?", re.IGNORECASE)


def find_date(text: str, profile: Profile) -> date | None:
    """The date that a value starts with, its time of day and misread digits put right, or None."""
    text = _TIME.sub(" ", text).strip(" ,;.-")
    words = text.replace(" / ", "/").replace("/ ", "/").replace(" /", "/").split()
    for count in (1, 3, 2):
        part = " ".join(words[:count])
        found = normal.parse_date(part, day_first=profile.day_first)
        if found is None and sum(c.isdigit() for c in part) >= 4 and not re.search(r"[A-Za-z]{3}", part):
            found = normal.parse_date(normal.read_as_digits(part), day_first=profile.day_first)
        if found is not None:
            return found
    return None


def parse(text: str, profile: Profile) -> tuple[str, bool] | None:
    """An ISO date; not in the future."""
    found = find_date(text, profile)
    return (found.isoformat(), found <= normal.today()) if found else None


def parse_birth(text: str, profile: Profile) -> tuple[str, bool] | None:
    """An ISO date of birth: an age of 0 to 120 years today."""
    found = find_date(text, profile)
    if found is None:
        return None
    return found.isoformat(), 0 <= normal.today().year - found.year <= 120 and found <= normal.today()


DOB = Field(
    "dob",
    ("dob", "date of birth", "birth date", "birthdate", "d.o.b.", "d o b", "patient's birth date", "patient dob", "born", "birthday",
     "patient date of birth"),
    parse_birth,
    title="Date of birth",
)  # fmt: skip
ADMIT = Field(
    "admit_date",
    ("admission date", "admit date", "date of admission", "admitted", "date admitted", "adm date", "admit dt", "admission",
     "admit date/time", "admit", "adm", "date of adm"),
    parse,
    title="Admitted",
)  # fmt: skip
DISCHARGE = Field(
    "discharge_date",
    ("discharge date", "date of discharge", "discharged", "date discharged", "disch date", "disch", "d/c date", "discharge dt",
     "discharge date/time", "dc date"),
    parse,
    title="Discharged",
)  # fmt: skip
SERVICE = Field(
    "service_date",
    ("date of service", "service date", "dos", "date", "visit date", "date of visit", "date of procedure", "date of operation",
     "procedure date", "exam date", "date of exam", "date of consultation", "consult date", "report date", "note date", "study date",
     "date of surgery", "surgery date", "date of study", "encounter date", "date/time", "collection date", "date collected", "collected",
     "order date", "date of evaluation", "date of report", "date of test", "test date"),
    parse,
    title="Date of service",
)  # fmt: skip
