"""A fourth author's hospitals: other label words, ways of writing, layouts and kinds of pages than those of the first three.

Written from knowledge of paper (operating rooms, dialysis units, jails, pharmacies, insurers, blood banks, registries in the
U.S., Canada, Britain, India, South Africa), without looking at the labels or rules of classify or at its results. No word of
`WORDS` is one of the other authors'; `USUAL` has those that most paper prints (a test compares them). Where days and months
could be mistaken, the profile says the order; it never says label words.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from benchmarks import third_author
from benchmarks.display import FACES
from benchmarks.hospitals import Doctor, Hospital, Subject, normal
from benchmarks.people import Human
from benchmarks.third_author import Site
from classify.profile import Profile

# fmt: off
_BY_REGION: dict[str, dict[str, tuple[str, ...]]] = {
    "name": {
        "us": ("Pt Nm", "Patient: Last, First", "Patient's Name (Please Print)", "Pat Nm", "PT. NAME (LAST, FIRST, MI)", "Patient Identity", "Name/Patient"),
        "surgery": ("Patient Name - Print", "First & Last Name of Patient", "Print Name of Patient", "Pt. Name (print)", "Name of Pt. (print)"),
        "agency": ("Participant", "Participant Name", "Patient/Member Name", "Recipient Name", "Client's Full Name", "Member's Name"),
        "custody": ("Inmate Name", "Name of Inmate", "Detainee Name", "Offender Name (Last, First)", "I/M Name"), "uk": ("Px Name", "Patient (surname, forename)", "Patient's Full Name & Title", "Name of Service User"),
        "ca": ("Nom, prénom / Surname, First Name", "Client (Surname, First)", "Patient's Surname & Given Name(s)"), "world": ("Name of the Patient", "Patient's Name in Full", "Patient's Name & Surname", "Pt's Full Name"),
    },
    "mrn": {
        "us": ("Patient MR#", "Hosp. Med. Rec. No.", "Pt. Rec. No.", "Unit Rec #", "Hospital ID#", "Patient I.D.", "Enterprise ID", "CMRN", "Medical Rec. Nbr", "MPI #", "M.R. Number"),
        "surgery": ("Office Chart #", "Pt. Chart No.", "Our Chart No.", "Patient Chart #", "Patient File #", "Pt I.D. No."),
        "agency": ("Participant ID", "Clinical Rec #", "Agency Record #", "Client Rec. No.", "Pt. Record #"), "custody": ("Inmate Health Record #", "Medical File #", "Health Record ID", "Inmate Med. Rec. #"),
        "uk": ("Hospital Unit No.", "Trust No.", "District No.", "Casenotes", "PAS No.", "Hosp. Unit Number"), "ca": ("MRN/No. dossier", "Dossier No.", "Hosp. Record No.", "Patient File No."),
        "world": ("UHID", "UHID No.", "Folder No.", "Hospital Reg. No.", "CR No.", "UMR No."),
    },
    "dob": {
        "us": ("Pt's Birth Date", "Bth Date", "Date of Birth (Patient)", "B'date", "Pt. Date of Birth", "Patient's D.O.B.", "Birth Day"),
        "surgery": ("Pt. Birthday", "Patient's Birthday", "Date of Patient's Birth", "Pt B/D"), "agency": ("Participant DOB", "Member DOB", "Member's Date of Birth", "Recipient Birth Date"),
        "custody": ("Inmate DOB", "I/M DOB", "Offender DOB"), "uk": ("Patient DoB.", "Birth date (DoB)", "Date of Birth of Patient"), "ca": ("Naissance / Birth", "Date naiss. / DOB", "Birthdate of client"),
        "world": ("Dt. of Birth", "Date of Birth of Pt.", "Birth Date of the Patient"),
    },
    "sex": {
        "us": ("Pat Sex", "Gender (legal)", "Sex Code", "Assigned Sex", "Patient's Sex", "Sex on File"), "surgery": ("Sex of Pt.", "Gender of Pt.", "Sex (at birth)"),
        "agency": ("Participant Sex", "Member Sex", "Member Gender"), "custody": ("Inmate Sex", "Inmate Gender"), "uk": ("Pt Gender", "Gender (M/F)"), "ca": ("Sexe", "Sex (M/F/X)"), "world": ("Gender M/F", "Sex (Pt.)"),
    },
    "encounter": {
        "us": ("Enc. ID", "Hosp Enc #", "Enctr #", "Visit Num", "Pt Visit #", "CSN No.", "Admission ID #"), "surgery": ("Surgical Case #", "Visit ID #"), "agency": ("Treatment Episode #", "Admit #"),
        "custody": ("Encounter Ref", "Visit Ref. #"), "uk": ("Spell ID", "Attendance ID", "Admission Ref."), "ca": ("Visit/Enc. No.", "No. de visite"), "world": ("IP No.", "IPD No.", "In-Patient No.", "Admn. No."),
    },
    "account": {
        "us": ("Pt Acct", "Acct ID", "Acc't No.", "Account Nr", "Patient Billing #", "Hosp Account #"), "surgery": ("Billing Acct #", "Our Account #"), "agency": ("Billing ID", "Client Account"), "custody": ("Billing No.",),
        "uk": ("Patient Account Ref", "A/c No."), "ca": ("Account/Compte", "Billing Account No."), "world": ("Bill A/c No.", "Pt. A/c No."),
    },
    "admit_date": {
        "us": ("Adm. Date/Time", "Inpatient Since", "Admit DTTM", "Admitting Date", "Date In", "Hosp Admit Dt"), "surgery": ("Date of Hospital Admission", "Admit On"), "agency": ("Date Pt. Admitted", "Start of Stay"),
        "custody": ("Infirmary Adm.", "Date Admitted to Infirmary"), "uk": ("Admission (date)", "Date admitted to hospital"), "ca": ("Admission / Adm. le",), "world": ("D.O.A.", "Date & Time of Admission", "Admn. Date"),
    },
    "discharge_date": {
        "us": ("Disch. Date/Time", "Disch DTTM", "Date Out", "Discharge On"), "surgery": ("Date of Hosp. Discharge", "Disch'd On"), "agency": ("Date Pt. Discharged", "End of Stay"),
        "custody": ("Infirmary Disch.", "Date Released from Infirmary"), "uk": ("Discharge (date)", "Date discharged home"), "ca": ("Congé / Discharged",), "world": ("Dt. of Discharge", "Date & Time of Discharge"),
    },
    "service_date": {
        "us": ("Date of This Visit", "Svc Dt/Tm", "Date Pt. Seen", "Encounter Dt", "Visit Day", "Date of Care"), "surgery": ("Date Seen in Office", "DOS (visit)"), "agency": ("Date of Tx", "Tx Date", "Date Services Given"),
        "custody": ("Sick Call Date", "Date Seen by Medical"), "uk": ("Clinic attended on", "Date seen in clinic", "Date of contact (visit)"), "ca": ("Visite du / Visit of", "Seen on (date)"),
        "world": ("OPD Date", "Dt. of Visit"),
    },
    "payer": {
        "us": ("Ins Plan 1", "Primary Cov.", "Payer (Primary)", "Insured By", "Pri. Payer", "Health Insurance Co."), "surgery": ("Name of Insurance Co.", "Insurance Plan/Company"),
        "agency": ("Funding/Payer", "Health Plan Name"), "custody": ("Outside Insurance", "Insurance (if any)"), "uk": ("Insured with", "Insurance Provider"), "ca": ("Assurance / Insurance", "Third-Party Insurer"),
        "world": ("TPA / Insurer", "Medical Aid", "Insurance Co./TPA"),
    },
    "member_id": {
        "us": ("Subscr ID", "Ins. Member #", "ID on Card", "Insurance Policy/ID", "Policy/Member No.", "Health Plan ID"), "surgery": ("ID # from card", "Insurance Member No."),
        "agency": ("Plan Member #", "Health Plan Member ID"), "custody": ("Insurance Policy/ID #", "Ins. Policy ID"), "uk": ("Insurance Membership No.", "Scheme No."), "ca": ("No. de police / Policy", "Certificate/ID No."),
        "world": ("Medical Aid No.", "Policy / TPA ID", "Insurance Card No."),
    },
    "phone": {
        "us": ("Patient Tel.", "Ph. (Pt)", "Contact Ph", "Home/Cell", "Tel (H)", "Telephone (Home)"), "surgery": ("Best # to reach Pt.", "Ph. of Patient", "Home or Cell #"),
        "agency": ("Participant Phone", "Member Phone #", "Member Tel."), "custody": ("Phone before custody", "Inmate Home Phone"), "uk": ("Mob.", "Contact Tel.", "Tel. (home/mobile)"),
        "ca": ("Tél. (dom.) / Home", "Home Tel. No."), "world": ("Mob. No.", "Contact No. of Pt.", "Cell No."),
    },
    "attending": {
        "us": ("Physician, Attending", "Attending of Record", "MD-Attending", "Attend. MD", "Att'g Physician"), "surgery": ("Attending Surgeon", "Attend. Surgeon/MD"),
        "agency": ("Attending Physician/NP", "Attending M.D./D.O."), "custody": ("Attending Med. Officer", "Attending Provider (site)"), "uk": ("Consultant", "Consultant i/c", "Consultant's Name"),
        "ca": ("Most Resp. Physician", "Attending/MRP"), "world": ("Treating Doctor", "Consultant Doctor", "Doctor I/C"),
    },
}
WORDS = {field: tuple(dict.fromkeys(w for words in regions.values() for w in words)) for field, regions in _BY_REGION.items()}
"""Every label word of a field that is this author's own."""
USUAL: dict[str, tuple[str, ...]] = {
    "name": ("Patient Name", "Patient", "Name"), "mrn": ("MRN", "Medical Record #"), "dob": ("DOB", "Date of Birth"), "sex": ("Sex", "Gender"), "encounter": ("Encounter #", "Visit #"),
    "account": ("Account #", "Account No."), "admit_date": ("Admit Date", "Admission Date"), "discharge_date": ("Discharge Date",), "service_date": ("Date of Service", "DOS"), "payer": ("Insurance",),
    "member_id": ("Member ID", "Policy #"), "phone": ("Phone", "Telephone"), "attending": ("Attending", "Attending Physician"),
}
"""Words that most paper prints; one label in four has them."""

_SHARES = {"us": 9, "surgery": 4, "agency": 4, "custody": 2, "uk": 3, "ca": 2, "world": 3}
_DAY_FIRST = ("uk", "world")

DATES: dict[str, tuple[str, ...]] = {
    "us": ("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "^%d-%b-%Y", "%b %d %Y", "%m.%d.%y"), "surgery": ("%m/%d/%Y", "%-m/%-d/%y", "%b. %-d, %Y", "%-m-%-d-%y"), "agency": ("%m/%d/%Y", "%m-%d-%Y", "%B %-d, %Y"),
    "custody": ("%m/%d/%y", "^%d%b%y", "%Y%m%d", "^%d %b %Y"), "uk": ("%d/%m/%Y", "%-d %b %Y", "%d.%m.%Y", "%d %m %Y", "%d-%b-%y"), "ca": ("%Y-%m-%d", "%b %-d/%y", "%d-%b-%Y", "^%Y/%b/%d"),
    "world": ("%d-%m-%Y", "%d/%m/%Y", "%-d/%-m/%Y", "%d %b, %Y", "%-d%o %b %Y", "%d/%m/%y"),
}
"""How days are written, in the words of benchmarks/third_author.py."""
_SHORT_YEARS_FROM = 1926

NAMES: dict[str, tuple[str, ...]] = {
    "us": ("Last,First,M", "LAST, FIRST M.", "LAST; FIRST M", "Last, First M", "First M. LAST"), "surgery": ("First M Last", "FIRST M. LAST", "Last, First M", "Title. First M. Last"),
    "agency": ("Last, First M", "LAST, First M.", "First M Last"), "custody": ("LAST, FIRST M.", "LAST; FIRST M"), "uk": ("Title. First Last", "LAST, First, Title", "LAST First (Title.)"),
    "ca": ("LAST, FIRST M.", "Last, First M"), "world": ("Title. First M. Last", "Title. FIRST LAST", "First Last"),
}
MRNS: dict[str, tuple[Callable[[int], str], str]] = {
    "three two two": (lambda n: f"{n // 10000:03d}-{n // 100 % 100:02d}-{n % 100:02d}", r"\d{3}-?\d{2}-?\d{2}"),
    "two three three": (lambda n: f"{n // 10**6:02d} {n // 1000 % 1000:03d} {n % 1000:03d}", r"\d{2} ?\d{3} ?\d{3}"),
    "slash": (lambda n: f"{n // 100:05d}/{n % 100:02d}", r"\d{5}/?\d{2}"),
    "letters hyphens": (lambda n: f"CH-{n // 1000:03d}-{n % 1000:03d}", r"CH-?\d{3}-?\d{3}"),
    "prefix point": (lambda n: f"ALD1.{n:07d}", r"ALD1\.?\d{7}"),
    "letter year": (lambda n: f"H{n:06d}/{n % 9 + 11}", r"H\d{6}/?\d{2}"),
    "eleven": (lambda n: f"1000{n:07d}", r"1000\d{7}"),
    "letter behind": (lambda n: f"{n:07d}-{'ABEHJKMW'[n * 3 % 8]}", r"\d{7}-?[A-Z]"),
}
"""How a record number is written, and the pattern that the site's profile has for it."""

BLOCKS = ("low corner", "ledger", "strip", "brackets", "numbered", "fill in", "check grid", "colon column", "joint")
"""Ways in which a form places labels and values (benchmarks/fourth_author_pages.py)."""

_SEXES = ("F", "Female", "f", "F (Female)", "FEM")
_TOWNS = "Calder Fort-Ames Linden-Grove Sweetwater Ellsmere Port-Nolan Highgate Mossy-Creek Stanhope Riverton Auburn-Hill Dovecote Kingsmead Lantern-Bay".split()
_KINDS = {
    "us": ("Health Medical Center", "Mercy Hospital", "Trauma Center", "Kidney & Transplant Hospital"), "surgery": ("Ambulatory Surgery Center", "Eye Surgeons PC", "Orthopedic Specialists"),
    "agency": ("Dialysis Center", "PACE Program", "Community Health Plan Clinic"), "custody": ("County Jail Health Services", "Correctional Medical Unit"), "uk": ("NHS Trust", "Eye Infirmary", "Nuffield Clinic"),
    "ca": ("Civic Hospital", "Centre de santé / Health Centre"), "world": ("Apollo Multispeciality", "Mission Hospital", "Provincial Hospital"),
}
PAYERS = ("Redwood Health Assurance", "Medicare Advantage Gold", "Buckhorn Mutual HMO", "Carpenters Welfare Fund", "Tri-State Blue Choice", "Sunrise Medical Scheme", "Plains Medicaid Managed Care", "Beacon Employers PPO")
_PHONES = ("({}) {}-{}", "{}-{}-{}", "{} {}-{}", "{}-{} {}", "({}) {}{}", "{}.{} {}")
_DOCTORS = ("Given Family, MD", "Family, Given, M.D.", "FAMILY, GIVEN MD", "Dr Given Family", "Dr. G Family")
# fmt: on


@dataclass(frozen=True, slots=True)
class Institution(Site):
    """A hospital of the fourth author."""

    has_hints: bool = False  # labels of days say their order
    after_phone: str = ""


def draw_institution(seed: int) -> Institution:
    """A hospital with habits of its own; the same seed draws the same one."""
    rng = random.Random(f"fourth author {seed}")
    region = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    style, name_style, phone = rng.choice(list(MRNS)), rng.choice(NAMES[region]), rng.choice(_PHONES)
    return Institution(
        seed, f"{rng.choice(_TOWNS).replace('-', ' ')} {rng.choice(_KINDS[region])}",
        f"{rng.randrange(10, 9900)} {rng.choice(('Harbour St', 'Campus Drive', 'County Rd 12', 'Queen St W'))}",
        phone.format(rng.randrange(201, 989), rng.randrange(200, 999), f"{rng.randrange(10000):04d}"),
        {field: _word(rng, field, region, name_style) for field in _BY_REGION},
        between="colon", block=rng.choice(BLOCKS), date=rng.choice(DATES[region]), name_style=name_style, mrn_style=style,
        sex_style=rng.choice(_SEXES), pair=rng.choice(("", "", "fused age", "age in brackets", "years / sex", "beside the name")),
        capitals=rng.random() < 0.2, bold_labels=rng.random() < 0.4, bold_values=rng.random() < 0.3, face=rng.choice(FACES),
        wide_gap=rng.choice((30.0, 60.0, 600.0)), sticker_turn=0, profile=Profile(mrn_pattern=MRNS[style][1], day_first=region in _DAY_FIRST),
        region=region, phone_style=phone, doctor_style=rng.choice(_DOCTORS), has_times=rng.random() < 0.35,
        has_hints=rng.random() < 0.3, after_phone=rng.choice(("", "", " (H)", " cell")),
    )  # fmt: skip


def with_other_words(hospital: Hospital) -> Hospital:
    """The same hospital on paper of a shop or an insurer, which has words of its own."""
    rng = hospital.rng("other words")
    return replace(hospital, labels={field: _word(rng, field, "us", hospital.name_style) for field in _BY_REGION})


def _word(rng: random.Random, field: str, region: str, name_style: str) -> str:
    """A label word; one that asks for the surname or the first name first only where it is first."""
    words = list(USUAL[field] if rng.random() < 0.25 else _BY_REGION[field][region])
    if field == "name":
        wrong = ("First &", "Name & Surname") if name_style.lower().startswith("last") else ("Last, First", "LAST", "surname", "Surname &", "Surname, First", "(Surname")  # fmt: skip
        words = [word for word in words if not any(part in word for part in wrong)] or list(USUAL["name"])
    return rng.choice(words)


def admit(hospital: Hospital, human: Human, number: int) -> Human:
    """The human with this hospital's record number."""
    return replace(human, mrn=MRNS[hospital.mrn_style][0](number))


# ---- printed


def date_line(day: date, style: str) -> str:
    """A day in a style of `DATES`, or any of strftime; years that two digits leave open are whole."""
    if day.year < _SHORT_YEARS_FROM and style != "%m/%d/%y":  # asked for: benchmarks/adversaries.py
        style = style.replace("%y", "%Y")
    return third_author.date_words(day, style)


def hint_of(style: str) -> str:
    """The order of a day in digits as a label says it, none where the month is a word."""
    plain = style.lstrip("^").replace("%-", "%")
    if "%b" in plain or "%B" in plain:
        return ""
    return f" ({plain.replace('%m', 'mm').replace('%d', 'dd').replace('%Y', 'yyyy').replace('%y', 'yy')})"


def name_line(human: Human, style: str) -> str:
    """A name in a style of `NAMES`."""
    family, given, middle = human.family.title(), human.given.title(), human.middle.upper()
    match style:
        case "Last,First,M":
            return ",".join(part for part in (f"{family} {human.suffix}".strip(), given, middle) if part)
        case "LAST; FIRST M":
            return third_author.name_words(human, "LAST, FIRST M").replace(", ", "; ")
        case "LAST, First, Title":
            return f"{third_author.name_words(human, 'LAST, First')}, {'Mr' if human.sex == 'M' else 'Ms'}"
        case _:
            return third_author.name_words(human, style)


def doctor_line(doctor: Doctor, style: str) -> str:
    """A provider's name in one of the styles of `Institution.doctor_style`."""
    if "FAMILY" in style:
        return f"{doctor.family}, {doctor.given} MD".upper()
    given = doctor.given[0] if "G Family" in style else doctor.given
    return style.replace("Given", given).replace("Family", doctor.family).replace(" G ", f" {given} ")


def sex_line(sex: str, style: str) -> str:
    """A sex as a letter, a word or both."""
    word = {"M": "Male", "F": "Female"}[sex]
    return {"F": sex, "Female": word, "f": sex.lower(), "F (Female)": f"{sex} ({word})", "FEM": {"M": "MALE", "F": "FEM"}[sex]}[style]  # fmt: skip


def line_of(site: Site, subject: Subject, field: str) -> str:
    """The value of a field as this hospital prints it."""
    human = subject.human
    match field:
        case "name":
            return name_line(human, site.name_style)
        case "dob":
            return date_line(human.born, site.date)
        case "sex":
            return sex_line(human.sex, site.sex_style)
        case "attending":
            return doctor_line(subject.attending, site.doctor_style)
        case _:
            return third_author.words_of(site, subject, field)


def normal_line(site: Site, subject: Subject, field: str) -> str:
    """The normal form of a field as printed: of an attending with an initial only, the initial."""
    if field == "attending" and site.doctor_style == "Dr. G Family":
        return f"{subject.attending.family}, {subject.attending.given[0]}".upper()
    return normal(subject, field)
