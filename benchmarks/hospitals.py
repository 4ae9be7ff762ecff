"""Hospitals that nobody fitted on: how each prints whose paper it is, drawn habit by habit from a seed.

Label words, habits and layouts (benchmarks/hospital_pages.py, hospital_forms.py) were written from knowledge of U.S.
hospital paper, without looking at the labels or rules of classify; no label word is one of benchmarks/charts.py (a test
compares them). What is printed and its normal form come from one place, so that they cannot differ.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from benchmarks.display import FACES, Face
from benchmarks.people import Human
from classify.profile import Profile

# fmt: off
LABELS: dict[str, tuple[str, ...]] = {
    "name": ("Pt Name", "Patient Nm", "Patient's Name", "Patient Full Name", "Pt", "Resident", "Name (Last First MI)", "NAME-LAST, FIRST, MI", "Patient/Client", "Legal Name", "Client Name", "Name of Pt.", "Patient Identification"),
    "mrn": ("MR No", "Med Rec No", "MR Number", "Med. Record #", "Unit #", "Unit Number", "Hosp No", "Hosp. #", "Chart #", "Record No", "Health Record No.", "M.R.N.", "MRN#", "MRUN", "History No", "Clinic No", "Pt MRN"),
    "dob": ("Birth Dt", "BDATE", "B-DATE", "Date Born", "Born", "Birthday", "BIRTH", "Pt DOB", "DOB (M/D/Y)", "D O B", "Dt of Birth"),
    "sex": ("SX", "M/F", "Sex (M/F)", "Legal Sex", "Pt Sex", "Birth Sex", "Admin Sex", "Sex/Gender", "Sx (M/F)"),
    "encounter": ("Visit ID", "Enc #", "Episode No", "Adm No", "Admission No.", "Case #", "Stay No", "Visit Nbr", "Enc. Number", "Encntr No"),
    "account": ("Acct", "Acct #", "ACCT NO", "Account Nbr", "Pt Acct No", "Patient Acct #", "Hosp Acct", "HAR", "Account", "A/C No", "Account Number"),
    "admit_date": ("Adm", "ADM DT", "Adm Dt", "Admit", "Date Adm", "DOA", "Admit Dt", "Admission", "Date of Adm", "Entered Hosp."),
    "discharge_date": ("Disch", "DSCH DT", "Disch Dt", "Dschg", "D/C", "Date Disch", "Disc Date", "Discharge", "Date of Disch", "D/C Dt"),
    "service_date": ("Svc Date", "Date of Svc", "Visit Dt", "Date Seen", "Exam Date", "Clinic Date", "Svc Dt", "Date of Exam", "Serv. Date"),
    "payer": ("Ins", "INS CO", "Ins. Co.", "Carrier", "Primary Ins", "Prim Payor", "Payor", "Coverage", "Ins 1", "Plan Name", "Third Party Payor"),
    "member_id": ("Policy #", "Pol #", "Cert No", "Certificate #", "Ins ID", "Member #", "Mbr ID", "Subscriber #", "Contract No", "Ins ID No"),
    "phone": ("Ph", "Home Ph", "Tel", "Tel No", "Telephone #", "Hm Phone", "Pt Phone", "Phone (H)", "Cell", "Res. Phone", "PH#"),
    "attending": ("Attn Phys", "Att Phys", "Attg", "Att. MD", "Attend Dr", "ATTN DR", "Attending Dr.", "Staff Phys", "Attending Phys."),
}
"""What stands before, above or below a value, by field."""

_HOME_WORDS = ("{} No", "{} #", "{} Number", "{} ID")
"""A hospital's own word for its number, its initials in front; its profile says so."""

BETWEEN = {
    "nothing": "  ", "colon": ": ", "space colon": " : ", "full stop": ". ", "dash": " - ", "equals": " = ",
    "leader": " ........ ", "tab": "\t",
}
"""What stands between a label and its value on one line."""

BLOCKS = ("above", "above small", "below small", "border", "next line", "table row", "table column")
"""Other places of a label: over the value, under its line, in the border of its box, on the line before, in a ruled table."""

DATES = ("%m/%d/%Y", "short", "%d-%b-%Y", "long", "%Y%m%d", "%Y-%m-%d", "%m-%d-%y", "%m/%d/%y")
NAMES = ("LAST, FIRST M", "LAST,FIRST M", "Last, First M.", "First M. Last", "FIRST M LAST", "LAST FIRST M")
MRNS: dict[str, tuple[Callable[[int], str], str]] = {
    "zeros": (lambda n: f"{n:08d}", r"\d{8}"),
    "hyphens": (lambda n: f"{n // 10000 % 100:02d}-{n // 100 % 100:02d}-{n % 100:02d}", r"\d{2}-?\d{2}-?\d{2}"),
    "letter": (lambda n: f"M{n:07d}", r"M\d{7}"),
    "two letters": (lambda n: f"HX{n:08d}", r"HX\d{8}"),
    "check digit": (lambda n: f"{n:06d}-{n * 7 % 10}", r"\d{6}-?\d"),
    "seven": (lambda n: f"{4_000_000 + n}", r"\d{7}"),
}
"""How a record number is written, and the pattern that the site's profile has for it."""

_TOWNS = "Ashgrove Pell-City Wexmoor Carrow Dunmere Tolland Quillan Ransom-Creek Orrin Bellhaven Marlow Stony-Fork Vesper Hollins Crane-Lake Tamarack".split()
_KINDS = ("Memorial Hospital", "Medical Center", "County Hospital", "Infirmary", "Community Hospital", "Clinic, P.C.", "Health Center", "Veterans Home", "University Hospitals")
_BRANDS = ("Blue Harbor Health Plan", "Medicare Part A", "Granite State Mutual", "Allied Teamsters Fund", "Prairie Select HMO", "Ohio Medicaid", "TriCounty Care", "Summit Peak Insurance", "Union Benefit Trust", "Keystone Choice PPO")
DOCTORS = "Haldane Voss Pruitt Ingram Castellano Iyer Novak Bergstrom Amari Delacroix Fenwick Oyelaran Tsang Whitcomb Zielinski".split()
_GIVEN = "Paul Irene Marcus Helen Victor Nadia Owen Priya Leon Greta".split()
RARE_SURNAMES = ("o'dell", "o'hara", "st. clair", "de la cruz", "van der meer", "smith-barlow", "ruiz-ortega", "mc nair", "d'angelo", "la rue")
# fmt: on


@dataclass(frozen=True, slots=True)
class Doctor:
    """A provider."""

    family: str
    given: str


@dataclass(frozen=True, slots=True)
class Hospital:
    """How one hospital prints; every habit is drawn by itself."""

    seed: int
    name: str
    street: str
    phone: str
    labels: dict[str, str]
    between: str
    block: str
    date: str
    name_style: str
    mrn_style: str
    sex_style: str
    pair: str  # what is printed as one: "", "dob/age/sex" or "age/sex"
    capitals: bool
    bold_labels: bool
    bold_values: bool
    face: Face
    wide_gap: float
    sticker_turn: int
    profile: Profile

    @property
    def habits(self) -> tuple[str, ...]:
        """Its habits as words."""
        return (self.between, self.block, self.date, self.name_style, self.mrn_style, self.sex_style, self.pair)

    def rng(self, purpose: str) -> random.Random:
        """Its own chance for a purpose."""
        return random.Random(f"{self.seed} {purpose}")


@dataclass(frozen=True, slots=True)
class Subject:
    """A patient with a stay, as one hospital's paper may say it; the relative and the other doctors are what misleads."""

    human: Human
    encounter: str
    account: str
    admitted: date
    discharged: date
    served: date
    payer: str
    attending: Doctor
    relative: Human
    doctors: tuple[Doctor, ...]

    @property
    def age(self) -> int:
        return years_between(self.human.born, self.served)


def draw_hospital(seed: int) -> Hospital:
    """A hospital with habits of its own; the same seed draws the same one."""
    rng = random.Random(f"hospital {seed}")
    name = f"{rng.choice(_TOWNS).replace('-', ' ')} {rng.choice(_KINDS)}"
    labels = {field: rng.choice(words) for field, words in LABELS.items()}
    name_style = rng.choice(NAMES)
    if not name_style.lower().startswith("last"):  # a label that asks for the surname first is followed by it
        labels["name"] = rng.choice([word for word in LABELS["name"] if "last" not in word.lower()])
    style = rng.choice(list(MRNS))
    day_first = rng.random() < 0.08
    if day_first:  # nobody prints the day first behind a label that asks for the month first
        labels["dob"] = random.Random(f"birth {seed}").choice([word for word in LABELS["dob"] if "M/D" not in word])
    own: dict[str, list[str]] = {}
    if rng.random() < 0.2:
        word = rng.choice(_HOME_WORDS).format("".join(part[0] for part in name.split()).upper())
        labels["mrn"], own = word, {"mrn": [word]}
    capitals = rng.random() < 0.35
    return Hospital(
        seed, name, f"{rng.randrange(10, 999)} Infirmary Road", _phone(rng), labels,
        between=rng.choice(list(BETWEEN)),
        block=rng.choice(BLOCKS),
        date="%d/%m/%Y" if day_first else rng.choice(DATES),
        name_style=name_style,
        mrn_style=style,
        sex_style=rng.choice(("F", "Female", "FEMALE")),
        pair=rng.choice(("", "", "dob/age/sex", "age/sex")),
        capitals=capitals,
        bold_labels=rng.random() < 0.4,
        bold_values=rng.random() < 0.3,
        face=rng.choice(FACES),
        wide_gap=rng.choice((30.0, 60.0, 600.0)),
        sticker_turn=rng.choice((0, 0, 90, 270)),
        profile=Profile(mrn_pattern=MRNS[style][1], day_first=day_first, labels=own),
    )  # fmt: skip


def register(hospital: Hospital, human: Human, number: int) -> Human:
    """The human with this hospital's record number."""
    return replace(human, mrn=MRNS[hospital.mrn_style][0](number))


def draw_subject(human: Human, relative: Human, rng: random.Random) -> Subject:
    """A stay of this patient; a stay that the patient list knows has its number and days."""
    first = max(date(2004, 1, 1), human.born + timedelta(days=30))
    admitted = first + timedelta(days=rng.randrange(max(1, (date(2025, 9, 1) - first).days)))
    encounter = f"V{rng.randrange(10**8):08d}"
    if human.visits:
        encounter, admitted = human.visits[-1]
    stay = rng.randrange(1, 12)
    doctors = tuple(Doctor(f, rng.choice(_GIVEN)) for f in rng.sample(DOCTORS, 5))
    return Subject(
        human, encounter, f"{rng.randrange(10**9, 10**10)}", admitted, admitted + timedelta(days=stay),
        admitted + timedelta(days=rng.randrange(stay + 1)), rng.choice(_BRANDS), doctors[0], relative, doctors[1:],
    )  # fmt: skip


def with_rare_name(human: Human, rng: random.Random) -> Human:
    """One in four with a surname of two words, an apostrophe or a hyphen; one man in eight a Jr or III."""
    if rng.random() < 0.25:
        human = replace(human, family=rng.choice(RARE_SURNAMES))
    if human.sex == "M" and rng.random() < 0.12:
        human = replace(human, suffix=rng.choice(("Jr", "III")))
    return human


# ---- printed, and its normal form


def date_text(day: date, style: str) -> str:
    """A date in a style of `DATES`, or any of strftime."""
    if style == "short":
        return f"{day.month}/{day.day}/{day:%y}"
    if style == "long":
        return f"{day:%B} {day.day}, {day.year}"
    return day.strftime(style).upper() if "%b" in style else day.strftime(style)


def name_text(human: Human, style: str) -> str:
    """A name in a style of `NAMES`."""
    family, given, middle = human.family.title(), human.given.title(), human.middle.upper()
    comma = {"LAST, FIRST M": ", ", "LAST,FIRST M": ",", "Last, First M.": ", ", "LAST FIRST M": " "}.get(style)
    if comma == " " and (not middle or human.suffix or " " in family):
        comma = ", "  # without a middle initial nobody could tell which is the surname
    point = "." if middle and "M." in style else ""
    if comma:
        text = f"{family}{' ' + human.suffix if human.suffix else ''}{comma}{given} {middle}{point}"
    else:
        text = f"{given} {middle}{point} {family}{', ' + human.suffix if human.suffix else ''}"
    text = " ".join(text.split())
    return text.upper() if style.isupper() else text


def doctor_text(doctor: Doctor, style: str) -> str:
    """A provider's name as forms have it."""
    text = (
        f"{doctor.family}, {doctor.given} MD"
        if style.lower().startswith("last")
        else f"{doctor.given} {doctor.family}, MD"
    )
    return text.upper() if style.isupper() else text


def printed(hospital: Hospital, subject: Subject, field: str) -> str:
    """The value of a field as this hospital prints it."""
    human = subject.human
    match field:
        case "name":
            return name_text(human, hospital.name_style)
        case "dob":
            return date_text(human.born, hospital.date)
        case "admit_date" | "discharge_date" | "service_date":
            return date_text(_day(subject, field), hospital.date)
        case "sex":
            return sex_text(human.sex, hospital.sex_style)
        case "attending":
            return doctor_text(subject.attending, hospital.name_style)
        case _:
            return normal(subject, field) if field != "phone" else human.phone


def normal(subject: Subject, field: str) -> str:
    """The normal form of a field, as benchmarks/truth.py compares it."""
    human = subject.human
    match field:
        case "name":
            return normal_name(human)
        case "dob":
            return human.born.isoformat()
        case "admit_date" | "discharge_date" | "service_date":
            return _day(subject, field).isoformat()
        case "attending":
            return f"{subject.attending.family}, {subject.attending.given}".upper()
        case "payer" | "encounter" | "account":
            return str(getattr(subject, field))
        case _:
            return str(getattr(human, field))


def normal_name(human: Human) -> str:
    """LAST, FIRST MIDDLE in capitals."""
    return f"{human.family}, {human.given} {human.middle}".strip().upper()


def sex_text(sex: str, style: str) -> str:
    """A sex as a letter or a word."""
    words = {"M": "Male", "F": "Female"}
    return {"F": sex, "Female": words[sex], "FEMALE": words[sex].upper()}[style]


def years_between(born: date, day: date) -> int:
    """Whole years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _day(subject: Subject, field: str) -> date:
    return {"admit_date": subject.admitted, "discharge_date": subject.discharged, "service_date": subject.served}[field]


def _phone(rng: random.Random) -> str:
    return f"({rng.randrange(201, 989)}) {rng.randrange(200, 999)}-{rng.randrange(10000):04d}"
