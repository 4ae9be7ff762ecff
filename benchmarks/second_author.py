"""A second author's hospitals: other label words, values and layouts than those of benchmarks/hospitals.py.

Written from knowledge of hospital paper (prints of several record systems, line printers, federal, Canadian, British and
Australian forms, small clinics, nursing homes, laboratories, ambulances), without looking at the labels or rules of
classify or at its results, so that figures of the first author can be checked. No label word is one of the first author's
(a test compares them). Where days and months could be mistaken, the profile says the order; it never says label words.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from benchmarks.display import FACES
from benchmarks.hospitals import Doctor, Hospital, Subject, normal
from benchmarks.people import Human
from classify.profile import Profile

# fmt: off
_BY_REGION: dict[str, dict[str, tuple[str, ...]]] = {
    "name": {
        "us": ("Patient Name", "Patient", "Name of Patient", "Patient Name (Last, First)", "Pt. Name"),
        "clinic": ("Name", "Client", "Client's Name", "Individual's Name", "Full Name", "Patient (please print)"),
        "care": ("Resident Name", "Resident's Name", "Patient/Resident", "Name of Resident"),
        "federal": ("Veteran", "Veteran's Name", "Beneficiary", "Patient's Name (Last, First, Middle initial)"),
        "ca": ("Patient/Client Name", "Surname, Given Name", "Client/Resident Name"),
        "uk": ("Patient's full name", "Name of patient", "Service user", "Pt name in full"),
        "au": ("Full name of patient", "Name in full", "Person's name"),
    },
    "mrn": {
        "us": ("Medical Record Number", "Medical Record #", "MRN", "MR #", "Patient MRN", "Med Rec #", "MRN #"),
        "clinic": ("Chart Number", "Patient ID", "Client ID", "Patient #", "File No.", "Chart ID", "PID"),
        "care": ("Resident ID", "Resident #", "Med. Rec. No.", "Clinical Record No."),
        "federal": ("HR#", "Health Record #", "Register No.", "Register Number", "HRN"),
        "ca": ("Hospital File No.", "CRN", "Unique ID", "Hospital Card No."),
        "uk": ("Hospital Number", "Hosp. Number", "Hospital No.", "Patient No.", "Local Patient ID"),
        "au": ("UR No.", "URN", "U.R. Number", "UR Number"),
    },
    "dob": {
        "us": ("DOB", "Date of Birth", "Birthdate", "Birth Date", "Date/Birth"),
        "clinic": ("Date of birth", "D.O.B.", "Birth date", "Patient DOB"),
        "care": ("Birthdate", "DOB", "Date of Birth"),
        "federal": ("Date of Birth", "DOB", "B/D"),
        "ca": ("Birthdate", "Date of Birth", "Birth date"),
        "uk": ("DoB", "D.O.B.", "Date of birth", "Born on"),
        "au": ("D.O.B.", "DOB", "Date of birth"),
    },
    "sex": {
        "us": ("Sex", "Gender", "Sex at Birth", "Admin. Gender", "Patient Sex"),
        "clinic": ("Gender", "Sex assigned at birth", "Sex", "M or F"),
        "care": ("Gender", "Sex"), "federal": ("Sex", "Birth Sex (M/F)", "Sex at Birth"), "ca": ("Gender", "Sex"),
        "uk": ("Gender", "Sex"), "au": ("Sex", "Gender"),
    },
    "encounter": {
        "us": ("FIN", "FIN #", "FIN NBR", "CSN", "Encounter #", "Visit Number", "Hospital Encounter"),
        "clinic": ("Visit #", "Encounter ID", "Visit No."), "care": ("Admission ID", "Stay ID", "Admission #"),
        "federal": ("Encounter", "Visit #"), "ca": ("Encounter No.", "Visit No.", "Visit/Encounter No."),
        "uk": ("Episode", "Spell No.", "Attendance No."), "au": ("Episode No.", "Admission Number", "Visit Number"),
    },
    "account": {
        "us": ("Account #", "Patient Account", "Hospital Account #", "Account ID", "Acct Num", "Patient Control No.", "Billing Acct"),
        "clinic": ("Account No.", "Patient Account", "Acct. No."), "care": ("Account #", "Billing Account"),
        "federal": ("Account No.", "Patient Account"), "ca": ("Account No.", "Acct. No."),
        "uk": ("Account No.", "Invoice Account"), "au": ("Account No.", "Patient Account"),
    },
    "admit_date": {
        "us": ("Admit Date", "Admitted", "Admission Date", "Admit Dt/Tm", "Hosp Admit"),
        "clinic": ("Admission Date", "Admitted"), "care": ("Date Admitted", "Admission Date", "Original Admit", "Admitted On"),
        "federal": ("Date of Admission", "Admitted"), "ca": ("Admit Date", "Date of Admission", "Admitted On"),
        "uk": ("Date of admission", "Admitted on", "Admission Date"), "au": ("Admission Date", "Admitted", "Adm. Date"),
    },
    "discharge_date": {
        "us": ("Discharge Date", "Discharged", "Disch. Date", "Discharge Dt/Tm", "Dischg Date"),
        "clinic": ("Discharge Date", "Discharged"), "care": ("Date Discharged", "Discharge Date", "Discharged On"),
        "federal": ("Date of Discharge", "Released"), "ca": ("Discharge Date", "Date of Discharge"),
        "uk": ("Date of discharge", "Discharged on"), "au": ("Separation Date", "Date of Separation", "Discharge Date"),
    },
    "service_date": {
        "us": ("Date of Service", "DOS", "Visit Date", "Encounter Date", "Service Date"),
        "clinic": ("Date of Visit", "Session Date", "Appointment Date", "DOS", "Today's Visit"),
        "care": ("Date of Service", "Visit Date", "Treatment Date"), "federal": ("Date of Visit", "Visit Date", "Date of Service"),
        "ca": ("Visit Date", "Date of Visit", "Date of Service"), "uk": ("Date of attendance", "Clinic date seen", "Attended on"),
        "au": ("Date of Attendance", "Date of Service", "Consultation Date"),
    },
    "payer": {
        "us": ("Primary Insurance", "Payer", "Insurance", "Health Plan", "Primary Coverage", "Insurance Plan"),
        "clinic": ("Insurance Company", "Insurance", "Insurance Carrier", "Insurance Co. Name"),
        "care": ("Primary Payer", "Pay Source", "Payer Source"), "federal": ("Third Party Insurance", "Insurance", "Other Health Insurance"),
        "ca": ("Insurer", "Extended Health Plan"), "uk": ("Insurer", "Private Insurer"), "au": ("Health Fund", "Fund Name", "Private Health Fund"),
    },
    "member_id": {
        "us": ("Member ID", "Subscriber ID", "Policy Number", "Member ID Number", "Insured ID"),
        "clinic": ("Policy No.", "ID # on card", "Member ID", "Insurance ID #"), "care": ("Policy/ID #", "Policy Number"),
        "federal": ("Policy Number", "Insured's ID"), "ca": ("Policy No.", "Certificate No."),
        "uk": ("Membership No.", "Policy No."), "au": ("Membership No.", "Member Number", "Fund Membership No."),
    },
    "phone": {
        "us": ("Phone", "Home Phone", "Primary Phone", "Phone #", "Mobile"),
        "clinic": ("Telephone", "Cell Phone", "Best phone", "Daytime Phone", "Phone No."),
        "care": ("Phone Number", "Telephone"), "federal": ("Telephone Number", "Phone"), "ca": ("Telephone", "Home Tel."),
        "uk": ("Tel. no.", "Contact number", "Mobile"), "au": ("Contact No.", "Mobile", "Phone (home)"),
    },
    "attending": {
        "us": ("Attending", "Attending Provider", "Attending MD", "Attending Physician", "Attending Doctor"),
        "clinic": ("Attending Provider", "Attending"), "care": ("Attending Physician", "Attending MD"),
        "federal": ("Attending Physician", "Attending Provider"), "ca": ("MRP (Attending)", "Attending Physician", "Most Responsible Physician"),
        "uk": ("Consultant in charge", "Responsible consultant"), "au": ("Attending Medical Officer", "Attending Doctor", "Admitting/Attending"),
    },
}
WORDS = {field: tuple(dict.fromkeys(w for words in regions.values() for w in words)) for field, regions in _BY_REGION.items()}
"""Every label word of a field."""

_SHARES = {"us": 9, "clinic": 4, "care": 3, "federal": 3, "ca": 2, "uk": 2, "au": 2}
_DAY_FIRST = ("uk", "au")

DATES: dict[str, tuple[str, ...]] = {
    "us": ("%m-%d-%Y", "%b %-d, %Y", "%-m/%-d/%Y", "%d-%b-%y", "%m.%d.%Y", "^%b %d %Y"),
    "clinic": ("%-m/%-d/%Y", "%-m-%-d-%Y", "%b %-d, %Y", "%B %-d, %Y"),
    "care": ("%m-%d-%Y", "%-m/%-d/%Y", "%d-%b-%Y"),
    "federal": ("^%d%b%Y", "%d %b %Y", "^%b %d,%Y", "^%d %b %y"),
    "ca": ("%Y/%m/%d", "%Y-%b-%d", "%d/%b/%Y"),
    "uk": ("%d/%m/%Y", "%d.%m.%Y", "%-d %B %Y", "%d/%m/%y", "%d-%b-%Y"),
    "au": ("%d/%m/%Y", "%d-%b-%y", "%-d/%m/%Y"),
}
"""How days are written by region: strftime, `%-d` and `%-m` without a nought; ^: in capitals."""
_TWO_DIGITS = tuple(style for styles in DATES.values() for style in styles if "%y" in style)
_TWO_DIGITS_FROM = 1926
"""Births before are printed with the whole year: a hundred years later would not be in the future of the paper."""

NAMES: dict[str, tuple[str, ...]] = {
    "us": ("First M. LAST", "Last, First M", "Last,First M", "LAST FIRST M", "LAST, First M"),
    "clinic": ("First M. LAST", "First M Last", "Last, First M", "FIRST M. LAST"),
    "care": ("Last, First M", "LAST, FIRST, M", "First M Last"), "federal": ("LAST,FIRST M", "LAST FIRST M", "LAST, FIRST, M"),
    "ca": ("LAST, First M", "LAST, FIRST, M"), "uk": ("Title First LAST", "LAST, First (Title)", "First LAST"),
    "au": ("LAST, First", "LAST, First (Title)", "Title First LAST"),
}
MRNS: dict[str, tuple[Callable[[int], str], str]] = {
    "pairs": (lambda n: f"{n // 10000:02d} {n // 100 % 100:02d} {n % 100:02d}", r"\d{2} ?\d{2} ?\d{2}"),
    "threes": (lambda n: f"{n // 10**6:03d} {n // 1000 % 1000:03d} {n % 1000:03d}", r"\d{3} ?\d{3} ?\d{3}"),
    "prefix": (lambda n: f"MR-{n:07d}", r"MR-?\d{7}"),
    "last letter": (lambda n: f"{n:07d}{'ABCDEFGHJK'[n * 3 % 10]}", r"\d{7}[A-Z]"),
    "J": (lambda n: f"J{n:09d}", r"J\d{9}"),
    "E": (lambda n: f"E{n + 1_000_000}", r"E\d{7}"),
    "year": (lambda n: f"{n:06d}/{n % 7 + 10}", r"\d{6}/?\d{2}"),
    "ten": (lambda n: f"10{n:08d}", r"10\d{8}"),
    "site": (lambda n: f"03-{n:06d}", r"03-?\d{6}"),
    "six": (lambda n: f"{n:06d}", r"\d{6}"),
}
"""How a record number is written, and the pattern that the site's profile has for it."""

BLOCKS = ("gutter", "columns", "fused", "heads over", "caption under", "corner", "value first", "typed line", "run in")
"""Ways in which a form places labels and values (benchmarks/second_author_paper.py)."""

_TOWNS = "Larkspur Oxbow Garnet-Falls Penrose Holloway Three-Rivers Millbrae Cold-Spring Aldergate Kestrel Northmoor Sable Juniper-Flats Winslow-Park Ferris Brackenridge".split()
_KINDS = {
    "us": ("Regional Health", "General Hospital", "Health System", "Presbyterian Hospital"), "clinic": ("Family Practice", "Counseling Center", "Dental Group", "Orthopaedics LLC"),
    "care": ("Rehabilitation & Nursing Center", "Home Health, Inc.", "Care Center"), "federal": ("VA Medical Center", "Army Community Hospital", "Indian Health Center"),
    "ca": ("General Hospital", "Health Centre"), "uk": ("Royal Infirmary", "NHS Foundation Trust"), "au": ("Base Hospital", "Private Hospital"),
}
PAYERS = ("Evergreen Mutual PPO", "Lakeshore Health Partners", "Medicare Part B", "State Employees Benefit Plan", "Cascadia Advantage HMO", "Ironworkers Local 9 Trust", "Northfield Assurance", "Silverline Medigap F")
_PHONES = ("{}-{}-{}", "{}.{}.{}", "({}){}-{}", "{} {} {}", "{}/{}-{}")
# fmt: on


@dataclass(frozen=True, slots=True)
class House(Hospital):
    """A hospital of the second author."""

    region: str = "us"
    phone_style: str = ""
    doctor_style: str = ""


def draw_house(seed: int) -> House:
    """A hospital with habits of its own; the same seed draws the same one."""
    rng = random.Random(f"second author {seed}")
    region = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    name = f"{rng.choice(_TOWNS).replace('-', ' ')} {rng.choice(_KINDS[region])}"
    style = rng.choice(list(MRNS))
    name_style = rng.choice(NAMES[region])
    labels = {field: rng.choice(words[region]) for field, words in _BY_REGION.items()}
    if not name_style.lower().startswith("last"):  # a label that asks for the surname first is followed by it
        labels["name"] = rng.choice([w for w in _BY_REGION["name"][region] if "Last" not in w and "Surname" not in w])
    phone = rng.choice(_PHONES)
    return House(
        seed, name, f"{rng.randrange(100, 9900)} {rng.choice(('Wellness Pkwy', 'N. Cathedral Ave', 'Route 9', 'College Rd'))}",
        phone.format(rng.randrange(201, 989), rng.randrange(200, 999), f"{rng.randrange(10000):04d}"), labels,
        between="colon",
        block=rng.choice(BLOCKS),
        date=rng.choice(DATES[region]),
        name_style=name_style,
        mrn_style=style,
        sex_style=rng.choice(("F", "Female", "FEMALE", "(F)")),
        pair=rng.choice(("", "", "years", "years sex", "age/sex")),
        capitals=rng.random() < 0.25,
        bold_labels=rng.random() < 0.5,
        bold_values=rng.random() < 0.25,
        face=rng.choice(FACES),
        wide_gap=rng.choice((30.0, 60.0, 600.0)),
        sticker_turn=0,
        profile=Profile(mrn_pattern=MRNS[style][1], day_first=region in _DAY_FIRST),
        region=region,
        phone_style=phone,
        doctor_style=rng.choice(("Dr Given Family", "Prof Given Family") if region in _DAY_FIRST else ("Given Family, M.D.", "Family, Given, MD", "FAMILY,GIVEN")),
    )  # fmt: skip


def enroll(hospital: Hospital, human: Human, number: int) -> Human:
    """The human with this hospital's record number."""
    return replace(human, mrn=MRNS[hospital.mrn_style][0](number))


# ---- printed


def day_text(day: date, style: str) -> str:
    """A day in a style of `DATES`, or any of strftime; years that two digits leave open are whole."""
    if style in _TWO_DIGITS and day.year < _TWO_DIGITS_FROM:
        style = style.replace("%y", "%Y")
    text = day.strftime(style.lstrip("^").replace("%-d", str(day.day)).replace("%-m", str(day.month)))
    return text.upper() if style.startswith("^") else text


def person_text(human: Human, style: str) -> str:
    """A name in a style of `NAMES`."""
    family, given, middle = human.family.title(), human.given.title(), human.middle.upper()
    point = "." if "M." in style and middle else ""
    middle = middle if "M" in style.replace("Mr", "") else ""
    title = {"M": "Mr", "F": "Ms"}[human.sex]
    if "LAST" in style:
        family = family.upper()
    if "FIRST" in style:
        given = given.upper()
    if style == "LAST FIRST M" and (not middle or human.suffix or " " in family):
        style = "LAST, First M"  # without a middle initial nobody could tell which is the surname
    if style.lower().startswith("last"):
        comma = "," if style[4:5] == "," and style[5:6] != " " else ", " if style[4:5] == "," else " "
        second = f", {middle}" if style.endswith(", M") and middle else f" {middle}"
        text = f"{family}{comma}{given}{second} {human.suffix}"
        text = text.strip() + (f" ({title})" if "Title" in style else "")
    else:
        text = f"{title if 'Title' in style else ''} {given} {middle}{point} {family} {human.suffix}"
    return " ".join(text.split())


def clinician_text(doctor: Doctor, style: str) -> str:
    """A provider's name in one of the styles of `House.doctor_style`."""
    return {
        "Dr Given Family": f"Dr {doctor.given} {doctor.family}",
        "Prof Given Family": f"Prof {doctor.given} {doctor.family}, FRCS",
        "Given Family, M.D.": f"{doctor.given} {doctor.family}, M.D.",
        "FAMILY,GIVEN": f"{doctor.family},{doctor.given}".upper(),
    }.get(style, f"{doctor.family}, {doctor.given}, MD")


def phone_text(house: House, phone: str) -> str:
    """A telephone number as this hospital writes it."""
    digits = "".join(c for c in phone if c.isdigit())
    return house.phone_style.format(digits[:3], digits[3:6], digits[6:])


def value_text(house: House, subject: Subject, field: str) -> str:
    """The value of a field as this hospital prints it."""
    human = subject.human
    match field:
        case "name":
            return person_text(human, house.name_style)
        case "dob":
            return day_text(human.born, house.date)
        case "admit_date" | "discharge_date" | "service_date":
            return day_text(date.fromisoformat(normal(subject, field)), house.date)
        case "sex":
            word = {"M": "Male", "F": "Female"}[human.sex]
            return {"F": human.sex, "Female": word, "(F)": f"{word} ({human.sex})"}.get(house.sex_style, word.upper())
        case "attending":
            return clinician_text(subject.attending, house.doctor_style)
        case "phone":
            return phone_text(house, human.phone)
        case _:
            return normal(subject, field)
