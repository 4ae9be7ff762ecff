"""A fifth author's hospitals: the ordinary paper of a records department, each habit as often as it is seen.

Written from knowledge of paper (face sheets, notes and results of the common record systems, forms, claims, cards; mostly of
the U.S., some of Canada, Britain, Ireland, Australia, India), without looking at the labels or rules of classify or at its
results. The third and the fourth author have words that nobody before them had: the long tail. This one draws each hospital's
words by how common they are (`_WEIGHTED`: a word and its weight), so that a value that is missed here is missed often. Each
page may leave its hospital's habits, as the paper of another department does (`vary`). Where days and months could be
mistaken, the profile says the order; it never says label words.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from benchmarks import fourth_author, third_author
from benchmarks.display import COURIER, HELVETICA, TIMES
from benchmarks.hospitals import Doctor, Hospital, Subject, normal
from benchmarks.people import Human
from benchmarks.third_author import Site
from classify.profile import Profile

# fmt: off
_WEIGHTED: dict[str, dict[str, str]] = {
    "name": {
        "us": "Patient Name 20 | Name 10 | Patient 10 | Patient's Name 3 | Pt Name 3 | Pt. Name 1 | PATIENT NAME (Last, First, MI) 1 | Name (Last, First, Middle) 1 | Resident Name 0.5 | Client Name 0.5",
        "uk": "Name 8 | Patient Name 6 | Patient 5 | Full Name 1 | Patient's name 2", "ca": "Patient Name 8 | Name 6 | Patient 4 | Client Name 1", "au": "Patient Name 5 | Name 5 | Patient 4",
        "in": "Patient Name 8 | Name 5 | Name of Patient 4 | Patient's Name 2",
    },
    "mrn": {
        "us": "MRN 24 | Medical Record # 6 | Medical Record Number 6 | MR# 5 | MR # 4 | Med Rec # 3 | Medical Record No. 3 | MRN # 2 | Patient ID 2 | Unit # 2 | Med. Rec. No. 1 | MR Number 1 | Chart # 2 | Chart No. 0.5",
        "uk": "Hospital No 8 | Hospital Number 6 | Hospital No. 5 | MRN 4 | Hosp No 2 | Unit No 1", "ca": "MRN 8 | Chart # 3 | Hospital # 2 | Medical Record # 2 | Unit # 1", "au": "MRN 8 | UR No 5 | URN 4 | UR Number 2 | Unit Record No. 1",
        "in": "UHID 6 | MRN 4 | MR No. 4 | UHID No. 3 | Hospital No. 2 | Reg. No. 1",
    },
    "dob": {
        "us": "DOB 30 | Date of Birth 16 | Birth Date 6 | Birthdate 4 | D.O.B. 3 | Patient DOB 2 | Date of Birth (MM/DD/YYYY) 1 | Birth date 1", "uk": "Date of Birth 10 | DOB 10 | D.O.B. 3 | DoB 2 | Born 1",
        "ca": "DOB 8 | Date of Birth 8 | Birthdate 2", "au": "DOB 8 | Date of Birth 6 | D.O.B. 2", "in": "DOB 5 | Date of Birth 5 | D.O.B. 1",
    },
    "sex": {
        "us": "Sex 20 | Gender 12 | M/F 1 | Legal Sex 2 | Patient Sex 1 | Sex (M/F) 1 | Birth Sex 0.5", "uk": "Sex 8 | Gender 8", "ca": "Sex 8 | Gender 5", "au": "Sex 6 | Gender 4", "in": "Sex 6 | Gender 6",
    },
    "encounter": {
        "us": "Visit # 6 | CSN 6 | FIN 5 | Encounter # 5 | Visit Number 4 | Encounter Number 2 | Encounter ID 2 | Enc # 1 | Visit No. 1 | Visit ID 2 | Encounter 2 | Admission # 0.5", "uk": "Episode No 3 | Visit No 2 | Encounter No 1 | Spell No 0.5",
        "ca": "Visit # 4 | Encounter # 4 | Visit No. 2", "au": "Visit No 3 | Episode No 3 | Admission No 2", "in": "IP No. 5 | Visit No. 3 | IP Number 2 | Encounter No. 2 | Admission No. 2",
    },
    "account": {
        "us": "Account # 10 | Acct # 10 | Account Number 7 | Account No. 3 | Acct No. 2 | Acct 2 | Patient Account # 3 | Patient Account Number 2 | Account 2 | Hospital Account 1 | HAR 1 | Pt Acct # 1 | Acct Num 1", "uk": "Account No 3 | Account Number 3",
        "ca": "Account # 4 | Account No. 3", "au": "Account No 4 | Account Number 2", "in": "Bill No. 1 | Account No. 3",
    },
    "admit_date": {
        "us": "Admit Date 10 | Admission Date 9 | Date of Admission 5 | Adm Date 5 | Admitted 3 | Admit 2 | Admit Dt 1 | Adm. Date 1 | Admit Date/Time 2 | Adm Dt 1", "uk": "Date of Admission 6 | Admission Date 5 | Admitted 2 | Date admitted 2",
        "ca": "Admission Date 5 | Admit Date 5 | Date of Admission 2 | Admitted 2", "au": "Admission Date 5 | Date of Admission 4 | Admitted 2 | Adm Date 1", "in": "Date of Admission 8 | DOA 4 | Admission Date 4 | Date & Time of Admission 1",
    },
    "discharge_date": {
        "us": "Discharge Date 10 | Date of Discharge 5 | Disch Date 5 | D/C Date 4 | Discharged 3 | Disch Dt 1 | Discharge 1 | DC Date 1 | Discharge Date/Time 1", "uk": "Date of Discharge 6 | Discharge Date 5 | Discharged 2 | Date discharged 2",
        "ca": "Discharge Date 6 | Discharged 2 | Date of Discharge 2", "au": "Discharge Date 5 | Date of Discharge 4 | Discharged 2", "in": "Date of Discharge 8 | DOD 2 | Discharge Date 4",
    },
    "service_date": {
        "us": "Date of Service 10 | DOS 6 | Service Date 4 | Visit Date 5 | Date of Visit 4 | Encounter Date 4 | Date 2", "uk": "Clinic Date 5 | Date of Clinic 3 | Date seen 3 | Date of attendance 3 | Visit date 1",
        "ca": "Date of Service 5 | Visit Date 5 | Service Date 3", "au": "Date of Service 4 | Visit Date 3 | Date of Attendance 2", "in": "Visit Date 4 | Date of Visit 4 | Date of Consultation 2",
    },
    "payer": {
        "us": "Insurance 10 | Primary Insurance 8 | Payer 5 | Insurance Company 5 | Payor 4 | Primary Ins 4 | Insurance Name 2 | Primary Payer 2 | Insurance Carrier 2 | Ins 1 | Insurance Plan 2 | Plan Name 2 | Plan 2 | Ins Co 1 | Carrier 1",
        "uk": "Insurer 4 | Insurance Company 3 | Insurance 2", "ca": "Insurance 4 | Insurer 2 | Insurance Company 2", "au": "Health Fund 6 | Fund 2 | Insurance 1", "in": "Insurance 3 | Insurance Company 4 | TPA/Insurance 2 | Payer 2",
    },
    "member_id": {
        "us": "Member ID 10 | Subscriber ID 6 | Policy # 6 | Policy Number 4 | ID # 2 | Member ID # 3 | Insurance ID 3 | Member # 2 | Subscriber # 1 | ID Number 2 | Policy No. 1 | Subscriber Number 1 | Policy ID 1 | Member Number 1", "uk": "Policy No 4 | Membership No 4 | Policy Number 2",
        "ca": "Policy # 4 | Certificate # 2 | Policy No. 2 | Member ID 2", "au": "Member No 4 | Membership No 4 | Member Number 2", "in": "Policy No. 6 | Member ID 3 | Insurance ID 1",
    },
    "phone": {
        "us": "Phone 10 | Home Phone 8 | Telephone 4 | Phone # 3 | Phone Number 3 | Cell Phone 3 | Mobile Phone 2 | Tel 2 | Home 1 | Home Ph 1 | Patient Phone 2 | Cell 1", "uk": "Tel 4 | Telephone 4 | Mobile 3 | Tel No 3 | Home Tel 1 | Phone 1",
        "ca": "Phone 5 | Home Phone 4 | Telephone 2 | Tel 1", "au": "Phone 4 | Mobile 4 | Telephone 2", "in": "Mobile No. 5 | Phone 3 | Contact No. 4 | Mobile 2",
    },
    "attending": {
        "us": "Attending 8 | Attending Physician 8 | Attending Provider 6 | Attending MD 3 | Attending Phys 1 | Attending Dr 1 | Attn Dr 0.5 | Attend Phys 0.5 | Att Phys 0.5", "uk": "Consultant 10 | Responsible Consultant 1 | Named Consultant 1",
        "ca": "Attending 3 | Attending Physician 4 | MRP 2", "au": "Consultant 5 | Attending Doctor 2 | Attending Medical Officer 1", "in": "Consultant 6 | Treating Doctor 2 | Attending Consultant 2 | Consultant Name 1",
    },
}


def _weighted(text: str) -> tuple[tuple[str, float], ...]:
    """Words with their weights, from `word weight | word weight`."""
    return tuple((word, float(weight)) for word, weight in (part.strip().rsplit(" ", 1) for part in text.split("|")))


_WORDS = {field: {region: _weighted(text) for region, text in regions.items()} for field, regions in _WEIGHTED.items()}
WORDS = {field: tuple(dict.fromkeys(word for words in regions.values() for word, _ in words)) for field, regions in _WORDS.items()}
"""Every label word of a field; many are those of other authors, for hospitals share them."""

_VENDOR_WORDS = {
    "epic": {"mrn": "MRN", "encounter": "CSN", "name": "Patient Name", "sex": "Legal Sex", "payer": "Payer", "member_id": "Subscriber ID"}, "cerner": {"mrn": "MRN", "encounter": "FIN", "name": "Patient"},
    "meditech": {"mrn": "Unit #", "account": "Acct #", "name": "Patient", "admit_date": "Adm Date"}, "allscripts": {"mrn": "MRN", "name": "Patient"}, "athena": {"name": "Patient", "dob": "DOB"}, "paper": {},
}
"""What the prints of a record system call things; two of three of its hospitals left it so."""

REGIONS = {"us": 21, "ca": 2, "uk": 2, "au": 1, "ie": 1, "in": 1.5}
_SPEAKS_AS = {"ie": "uk"}
_DAY_FIRST = ("uk", "au", "ie", "in")
_ENGLISH_DAYS = "%d/%m/%Y 10 | %d/%m/%y 2 | %-d/%-m/%Y 2 | %d-%b-%Y 3 | %d %b %Y 3 | %d %B %Y 1 | %d.%m.%Y 1"
DATES = {region: _weighted(text) for region, text in {
    "us": "%m/%d/%Y 14 | %-m/%-d/%Y 7 | %m/%d/%y 6 | %-m/%-d/%y 3 | %m-%d-%Y 1.5 | %d-%b-%Y 1 | ^%d-%b-%Y 1 | %B %-d, %Y 1 | %b %-d, %Y 1 | %Y-%m-%d 0.7", "ca": "%Y-%m-%d 6 | %d-%b-%Y 3 | %m/%d/%Y 3 | %b %-d, %Y 2 | %Y/%m/%d 1",
    "uk": _ENGLISH_DAYS, "au": _ENGLISH_DAYS, "ie": _ENGLISH_DAYS, "in": "%d/%m/%Y 8 | %d-%m-%Y 5 | %d-%b-%Y 4 | %d/%m/%y 1",
}.items()}
"""How days are written and how often, in the words of benchmarks/third_author.py."""

_ENGLISH_NAMES = "LAST, First (Title) 4 | Title First Last 3 | LAST, First 3 | First Last 2 | First LAST 2"
NAMES = {region: _weighted(text) for region, text in {
    "us": "LAST, FIRST M 7 | Last, First M 7 | LAST,FIRST M 4 | Last, First M. 3 | First M. Last 5 | First M Last 3 | LAST, FIRST 3 | First Last 3 | FIRST M LAST 2 | Last, First 3 | FIRST LAST 1", "ca": "LAST, FIRST M 4 | Last, First M 4 | LAST, First 2 | First Last 2",
    "uk": _ENGLISH_NAMES, "au": "LAST, First 5 | LAST, First M 2 | First LAST 2 | First Last 2", "ie": _ENGLISH_NAMES, "in": "Title. First M Last 5 | First Last 4 | FIRST M LAST 4 | Title. FIRST LAST 2",
}.items()}
MRNS: dict[str, tuple[Callable[[int], str], str, float]] = {
    "seven digits": (lambda n: f"{3_000_000 + n}", r"\d{7}", 6), "eight with zeros": (lambda n: f"{n:08d}", r"\d{8}", 6), "six digits": (lambda n: f"{n:06d}", r"\d{6}", 4), "eight digits": (lambda n: f"{21_000_000 + n}", r"\d{8}", 4),
    "pairs with hyphens": (lambda n: f"{n // 10000 % 100:02d}-{n // 100 % 100:02d}-{n % 100:02d}", r"\d{2}-?\d{2}-?\d{2}", 3), "threes with hyphens": (lambda n: f"{n // 10**6:03d}-{n // 1000 % 1000:03d}-{n % 1000:03d}", r"\d{3}-?\d{3}-?\d{3}", 2),
    "nine digits": (lambda n: f"100{n:06d}", r"100\d{6}", 3), "M and nine": (lambda n: f"M{n:09d}", r"M\d{9}", 3), "letter and seven": (lambda n: f"E{1_000_000 + n}", r"E\d{7}", 2), "ten with zeros": (lambda n: f"{n:010d}", r"\d{10}", 1),
    "letter and six": (lambda n: f"K{n:06d}", r"K\d{6}", 1),
}
"""How a record number is written, the pattern that the site's profile has for it, and its weight."""

BLOCKS = _weighted("colon 12 | column 6 | corner 6 | bold 5 | above 4 | under 4 | blank 4 | row 3 | header 3 | dots 1 | dash 1 | next 1")
"""Ways in which a page places labels and values (benchmarks/fifth_author_paper.py)."""

_SEXES = _weighted("F 10 | Female 10 | FEMALE 2 | female 1")
_PAIRS = _weighted("none 9 | age in brackets 4 | age / sex 4 | behind the name 2 | day age sex 3 | age sex 2")
_PHONES = {"us": _weighted("({}) {}-{} 8 | {}-{}-{} 8 | {}.{}.{} 1 | ({}){}-{} 1"), "uk": _weighted("{} {} {} 1")}
_DOCTORS = {"us": _weighted("Given Family, MD 8 | Family, Given, MD 4 | FAMILY, GIVEN MD 3 | Given Family MD 3 | Dr. Given Family 2 | Family,Given MD 2"), "uk": _weighted("Dr G Family 4 | Dr Given Family 3 | Mr G Family 2")}
_TOWNS = "Brookfield Cedar-Falls Northgate Lakeview Fairmont Oak-Ridge Westbrook Franklin Greenville Clayton Salem Milford Hudson Ashland Georgetown Springdale".split()
_KINDS = {
    "us": "Memorial Hospital|General Hospital|Medical Center|Regional Medical Center|Community Hospital|Family Medicine|Internal Medicine Associates|Health System|Children's & Women's Hospital|Orthopaedics, P.A.",
    "ca": "General Hospital|Health Sciences Centre|Community Care Clinic", "uk": "Hospitals NHS Foundation Trust|General Hospital|Royal Infirmary", "au": "Base Hospital|District Hospital|Private Hospital", "ie": "University Hospital|General Hospital", "in": "Multi Speciality Hospital|Institute of Medical Sciences",
}
_STREETS = ("Main Street", "Hospital Drive", "Medical Center Blvd", "Park Avenue", "Church Road")
_PLACES = {"us": ("Springfield, OH 45501", "Dayton, TN 37321", "Salem, VA 24153"), "ca": ("Hamilton, ON L8N 3Z5",), "uk": ("Leeds LS9 7TF", "Bristol BS2 8HW"), "au": ("Orange NSW 2800",), "ie": ("Galway H91 YR71",), "in": ("Pune 411001",)}
PAYERS: dict[str, tuple[str, ...]] = {
    "us": ("Medicare Part A & B", "Blue Cross Blue Shield", "BCBS of Tennessee", "Aetna PPO", "UnitedHealthcare", "Cigna Open Access", "Humana Gold Plus", "Anthem Blue Access", "State Medicaid HMO", "Tricare East", "Kaiser Permanente", "Molina Healthcare", "Wellcare of Ohio"),
    "ca": ("OHIP", "Sun Life", "Manulife", "Green Shield Canada"), "uk": ("Bupa", "AXA Health", "Aviva Health", "Vitality Health"), "au": ("Medibank Private", "HCF", "nib Health"), "ie": ("Vhi Healthcare", "Laya Healthcare"), "in": ("Star Health", "ICICI Lombard", "New India Assurance"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Facility(Site):
    """A hospital or practice of the fifth author."""

    vendor: str = "paper"  # whose record system it prints from
    place: str = ""


def pick(rng: random.Random, weighted: tuple[tuple[str, float], ...]) -> str:
    """One of these, by weight."""
    return rng.choices([word for word, _ in weighted], [weight for _, weight in weighted])[0]


def draw_facility(seed: int) -> Facility:
    """A hospital with habits of its own; the same seed draws the same one."""
    rng = random.Random(f"fifth author {seed}")
    region = rng.choices(list(REGIONS), list(REGIONS.values()))[0]
    english = "us" if region in ("us", "ca") else "uk"
    mrn_style = rng.choices(list(MRNS), [weight for _, _, weight in MRNS.values()])[0]
    phone = pick(rng, _PHONES[english])
    vendor = pick(rng, _weighted("epic 8 | cerner 5 | meditech 4 | allscripts 2 | athena 2 | paper 5"))
    drawn = Facility(
        seed, f"{rng.choice(_TOWNS).replace('-', ' ')} {rng.choice(_KINDS[region].split('|'))}",
        f"{rng.randrange(10, 9900)} {rng.choice(_STREETS)}", phone.format(rng.randrange(201, 989), rng.randrange(200, 999), f"{rng.randrange(10000):04d}"),
        labels={}, between="colon", block=pick(rng, BLOCKS), date=pick(rng, DATES[region]), name_style=pick(rng, NAMES[region]),
        mrn_style=mrn_style, sex_style=pick(rng, _SEXES), pair=pick(rng, _PAIRS), capitals=rng.random() < 0.2,
        bold_labels=rng.random() < 0.5, bold_values=rng.random() < 0.2, face=rng.choices((HELVETICA, TIMES, COURIER), (7, 3, 1))[0],
        wide_gap=rng.choice((30.0, 60.0, 600.0)), sticker_turn=rng.choice((0, 0, 0, 90)),
        profile=Profile(mrn_pattern=MRNS[mrn_style][1], day_first=region in _DAY_FIRST),
        region=region, phone_style=phone, doctor_style=pick(rng, _DOCTORS[english]), has_times=rng.random() < 0.3,
        vendor=vendor, place=rng.choice(_PLACES[region]),
    )  # fmt: skip
    own = _VENDOR_WORDS[vendor] if region == "us" else {}
    labels = {f: own[f] if f in own and rng.random() < 2 / 3 else _word(rng, f, drawn) for f in _WORDS}
    return replace(drawn, labels=labels)


def vary(hospital: Hospital, rng: random.Random) -> Facility:
    """The same hospital as one of its pages has it: now and then another way, style or word than its usual ones."""
    assert isinstance(hospital, Facility)
    region = hospital.region
    drawn = replace(
        hospital,
        block=pick(rng, BLOCKS) if rng.random() < 0.6 else hospital.block,
        pair=pick(rng, _PAIRS) if rng.random() < 0.5 else hospital.pair,
        sex_style=pick(rng, _SEXES) if rng.random() < 0.3 else hospital.sex_style,
        date=pick(rng, DATES[region]) if rng.random() < 0.25 else hospital.date,
        name_style=pick(rng, NAMES[region]) if rng.random() < 0.3 else hospital.name_style,
        face=rng.choice((HELVETICA, TIMES, COURIER)) if rng.random() < 0.25 else hospital.face,
        capitals=hospital.capitals != (rng.random() < 0.15),
        bold_labels=hospital.bold_labels != (rng.random() < 0.3),
    )
    is_other = rng.random() < 0.35  # the paper of a department with words of its own
    labels = {
        f: _word(rng, f, drawn) if is_other or not _fits(word, drawn) else word for f, word in hospital.labels.items()
    }
    return replace(drawn, labels=labels)


def _word(rng: random.Random, field: str, facility: Facility) -> str:
    """A label word by its weight, of those that fit what stands behind it."""
    words = _WORDS[field][_SPEAKS_AS.get(facility.region, facility.region)]
    return pick(rng, tuple((word, weight) for word, weight in words if _fits(word, facility)))


def _fits(word: str, facility: Facility) -> bool:
    """Whether a label that asks for an order or a letter is followed by it."""
    if "Last, First" in word:
        return facility.name_style.lower().startswith("last")
    if "MM/DD" in word:
        return facility.date == "%m/%d/%Y"
    return "M/F" not in word or facility.sex_style == "F"


def with_fitting_words(hospital: Hospital) -> Facility:
    """The same hospital, plain words where one asks for what does not follow (a style was changed for a case)."""
    assert isinstance(hospital, Facility)
    plain = {"name": "Patient Name", "dob": "Date of Birth", "sex": "Sex"}
    return replace(hospital, labels={f: w if _fits(w, hospital) else plain[f] for f, w in hospital.labels.items()})


def enroll(hospital: Hospital, human: Human, number: int) -> Human:
    """The human with this hospital's record number."""
    return replace(human, mrn=MRNS[hospital.mrn_style][0](number))


def with_own_numbers(facility: Facility, subject: Subject, rng: random.Random) -> Subject:
    """The stay with a payer and, where the patient list knows no visit, numbers in this hospital's form."""
    form = facility.seed % 4
    account = (f"{rng.randrange(10**8, 10**9)}", f"{rng.randrange(10**11, 10**12)}", f"H{rng.randrange(10**8):010d}", f"{rng.randrange(10**7, 10**8)}")[form]  # fmt: skip
    encounter = (f"{rng.randrange(10**8, 10**9)}", subject.encounter, f"{rng.randrange(10**9, 10**10)}", f"{rng.randrange(10**7, 10**8)}")[form]  # fmt: skip
    if subject.human.visits:
        encounter = subject.encounter
    return replace(subject, payer=rng.choice(PAYERS[facility.region]), account=account, encounter=encounter)


# ---- printed


def day_words(day: date, style: str) -> str:
    """A day in a style of `DATES`, or any of strftime; years that two digits leave open are whole."""
    return fourth_author.date_line(day, style)


def name_words(human: Human, style: str) -> str:
    """A name in a style of `NAMES`."""
    title = {"M": "Mr", "F": "Mrs" if human.id % 2 else "Ms"}[human.sex]
    match style:
        case "LAST, First (Title)":
            return f"{third_author.name_words(human, 'LAST, First')} ({title})"
        case "Title First Last":
            return f"{title} {third_author.name_words(human, 'First Last')}"
        case _:
            return third_author.name_words(human, style)


def doctor_words(doctor: Doctor, style: str) -> str:
    """A provider's name in one of the styles of `_DOCTORS`."""
    if style == "FAMILY, GIVEN MD":
        return f"{doctor.family}, {doctor.given} MD".upper()
    given = doctor.given[0] if " G " in style else doctor.given
    return style.replace("Given", given).replace(" G ", f" {given} ").replace("Family", doctor.family)


def sex_words(sex: str, style: str) -> str:
    """A sex as a letter or a word."""
    word = {"M": "Male", "F": "Female"}[sex]
    return {"F": sex, "Female": word, "FEMALE": word.upper(), "female": word.lower()}[style]


def words_of(site: Site, subject: Subject, field: str) -> str:
    """The value of a field as this hospital prints it."""
    human = subject.human
    match field:
        case "name":
            return name_words(human, site.name_style)
        case "dob":
            return day_words(human.born, site.date)
        case "admit_date" | "discharge_date" | "service_date":
            return day_words(date.fromisoformat(normal(subject, field)), site.date)
        case "sex":
            return sex_words(human.sex, site.sex_style)
        case "attending":
            return doctor_words(subject.attending, site.doctor_style)
        case _:
            return third_author.words_of(site, subject, field)


def normal_words(subject: Subject, field: str, text: str) -> str:
    """The normal form of a field as printed: of an attending with an initial only, the initial."""
    attending = subject.attending
    if field == "attending" and attending.given.casefold() not in text.casefold():
        return f"{attending.family}, {attending.given[0]}".upper()
    return normal(subject, field)
