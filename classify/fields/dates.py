"""Dates by role: birth, admission, discharge, service. Never 'the first date on the page'."""

import re
from dataclasses import replace
from datetime import date

from classify import normal
from classify.finding.field import Field
from classify.profile import Profile
from classify.rows import Row

_TIME = re.compile(r"\b\d{1,2}:\d{2}(:\d{2})?\s*([ap]\.?m\.?)?|\bat\b|\d{4}\s*h(ou)?rs?", re.IGNORECASE)


DAY = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|(?:19|20)\d{6}"
    rf"|\d{{4}}[\s/.-]?{normal.MONTH}[\s/.-]?\d{{1,2}}|\d{{1,2}}[\s/.-]?{normal.MONTH}[\s/,.-]{{0,2}}(?:\d{{4}}|\d{{2}})"
    rf"|{normal.MONTH}\s?\d{{1,2}},?\s?\d{{4}})\b"
)
"""How a day is printed in the midst of a text, as a pattern."""

_TORN_YEAR = re.compile(r"\d[/.\-](?:19|20)$")


_STROKE = re.compile(r"(?<=\w)\s*/\s*(?=\d)")


def find_date(text: str, profile: Profile) -> date | None:
    """The date that a value starts with, its time of day and misread digits put right, or None."""
    text = _AGE_BEFORE.sub("", _TIME.sub(" ", text).strip(" ,;.-()"))
    words = _STROKE.sub("/", text).split()
    if len(words) > 1 and _TORN_YEAR.search(words[0]) and re.fullmatch(r"\d{2}", words[1]):
        words = [words[0] + words[1], *words[2:]]  # 03/14/19 57
    if words and (compact := _COMPACT.match(words[0])):
        return _from_compact(compact, profile)
    for count in (1, 3, 2, 5):
        part = " ".join(words[:count])
        found = normal.parse_date(part, day_first=profile.day_first)
        if found is None and sum(c.isdigit() for c in part) >= 4 and not re.search(r"[A-Za-z]{3}", part):
            found = normal.parse_date(normal.read_as_digits(part), day_first=profile.day_first)
        if found is not None:
            return found
    return None


_AGE_BEFORE = re.compile(
    r"(?i)^\(?\d{1,3}\s?(?:y\.?/?o\.?|y(?:ea)?rs?\.?(?:\(s\))?|y)(?:\s?old)?\)?[\s,/-]+(?=\S*\d|[a-z])"
)
"""The age before a birthday: '67 yrs, 03/14/1957'."""

_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})[.,;]?$")
"""A date without separators, as line printers set it in fixed columns: 030923, 03092023."""


def _from_compact(found: re.Match[str], profile: Profile) -> date | None:
    return normal.parse_date(found[0].strip(".,;"), day_first=profile.day_first) or normal.parse_date(
        "/".join(found.groups()), day_first=profile.day_first
    )


_MONTH_FIRST = re.compile(r"\bMM\W{1,8}DD\b|\bM/D/Y", re.IGNORECASE)
_DAY_FIRST = re.compile(r"\bDD\W{1,8}MM\b|\bD/M/Y", re.IGNORECASE)


def as_printed(rows: tuple[Row, ...], profile: Profile) -> Profile:
    """The site's profile with the order of day and month that the page itself asks for: 'MM DD YYYY' on a national form."""
    text = "\n".join(row.text for row in rows) if profile.day_first else ""
    if _MONTH_FIRST.search(text) and not _DAY_FIRST.search(text):
        return replace(profile, day_first=False)
    return profile


def may_be_other_day(value: str) -> bool:
    """Whether day and month of an ISO date may change places."""
    _, month, day = value.split("-")
    return int(day) <= 12 and month != day


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


_LONGEST = 7
"""Words of a date at most: '67 yrs, 4 de marzo de 1957'."""

DOB = Field(
    "dob",
    ("dob", "date of birth", "birth date", "birthdate", "d.o.b.", "d o b", "patient's birth date", "patient dob", "born", "birthday",
     "patient date of birth", "birth dt", "b day", "bday", "d of b", "dt of birth", "date of birth mm dd yyyy", "patient birth date", "patient birthdate", "pt dob", "bdate", "b date", "patients dob", "date born", "birth", "born on", "b/d", "birthdt", "bd", "dob m d y", "dob mm dd yyyy", "patient born"),
    parse_birth,
    longest=_LONGEST,
    is_typed=True,
    title="Date of birth",
)  # fmt: skip
ADMIT = Field(
    "admit_date",
    ("admission date", "admit date", "date of admission", "admitted", "date admitted", "adm date", "admit dt", "admission",
     "admit date/time", "admit", "adm", "date of adm", "admit date time", "admission dt", "adm dt", "date of admit", "admitted on", "admit on",
     "inpatient admission date", "hospital admission date", "start of care", "date of admission to hospital", "entered hospital", "doa", "admit date from", "adm day",
     "hospitalization dates from", "dates of hospitalization from", "hospitalized from", "hospitalization from", "inpatient from", "confined from", "dates of stay from", "admit dt/tm", "admission dt/tm", "hosp admit"),
    parse,
    longest=_LONGEST,
    is_typed=True,
    title="Admitted",
)  # fmt: skip
DISCHARGE = Field(
    "discharge_date",
    ("discharge date", "date of discharge", "discharged", "date discharged", "disch date", "disch", "d/c date", "discharge dt",
     "discharge date/time", "dc date", "disch dt", "date of disch", "discharged on", "dc dt", "d c dt", "discharge date time",
     "separation date", "date of separation", "date separated", "separated on", "released", "date released", "released on", "release date",
     "dis date", "date discharge", "hospital discharge date", "d/c", "left hospital", "dsch",
     "hospitalization dates to", "dates of hospitalization to", "hospitalized to", "hospitalization to", "hospitalization dates through", "inpatient to", "confined to", "dates of stay to", "discharge dt/tm", "disch dt/tm"),
    parse,
    longest=_LONGEST,
    is_typed=True,
    title="Discharged",
)  # fmt: skip
RELEASED = frozenset({"released", "date released", "released on", "release date"})
"""Labels of a discharge where an admission is told as well; alone they are a result's or a record's."""

SERVICE = Field(
    "service_date",
    ("date of service", "service date", "dos", "date", "visit date", "date of visit", "date of procedure", "date of operation",
     "procedure date", "exam date", "date of exam", "date of consultation", "consult date", "report date", "note date", "study date",
     "date of surgery", "surgery date", "date of study", "encounter date", "date/time", "collection date", "date collected", "collected",
     "order date", "date of evaluation", "date of report", "date of test", "test date", "date of encounter", "svc date", "visit dt", "service dt", "date of exam",
     "exam dt", "performed", "date performed", "procedure dt", "date of consult", "date seen", "seen on", "appointment date", "date of appointment", "date s of service",
     "dates of service", "clinic date", "clinic visit date", "operation date", "date of op", "todays date", "today's date", "collection dt", "collected date", "specimen date", "date of call", "date time", "date of attendance", "attendance date", "attended on", "date attended", "clinic date seen",
     "session date", "date of session", "consultation date", "today's visit"),
    parse,
    longest=_LONGEST,
    is_typed=True,
    title="Date of service",
)  # fmt: skip
DICTATED = Field(
    "dictated_date",
    ("dictated", "date dictated", "dictated on", "dictation date", "dd", "d"),
    parse,
    longest=_LONGEST,
    title="Dictated",
    is_typed=True,
)
SIGNED = Field(
    "signed_date",
    (
        "date signed",
        "signed on",
        "signature date",
        "date of signature",
        "signed date",
        "authenticated on",
        "date time signed",
        "esigned on",
        "date authenticated",
    ),
    parse,
    longest=_LONGEST,
    title="Signed on",
    is_typed=True,
)
PRINTED = Field(
    "printed_date",
    ("printed", "print date", "date printed", "printed on", "run date", "report run", "transcribed", "date transcribed", "transcribed on", "dt", "t", "typed",
     "received", "date received", "reported", "date reported", "report printed", "faxed", "scanned"),
    parse,
    longest=_LONGEST,
    title="Printed",
    is_typed=True,
)  # fmt: skip
"""When paper was made, dictated or signed: never the day of the service, so each has a field of its own."""
