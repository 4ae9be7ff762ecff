"""A third author's hospitals: other label words, ways of writing and layouts than those of the first two authors.

Written from knowledge of paper (prints of several record systems, mainframes, recorders, agencies, state forms, clinics and
offices in the U.S., Puerto Rico, Canada, Britain, Ireland and Australia), without looking at the labels or rules of classify
or at its results. No word of `WORDS` is one of the other authors'; `USUAL` has the few that most paper prints (a test
compares them). Where days and months could be mistaken, the profile says the order; it never says label words.
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
        "us": ("Pat Name", "Patient Legal Name", "Pt Name (L, F, MI)", "PATIENT NAME (LAST/FIRST/MI)", "Pat. Name", "Name-Pat"),
        "office": ("Print Patient Name", "Patient's Legal Name", "Pt's Name", "Name of Client", "Patient's Last, First Name"),
        "agency": ("Individual", "Person Served", "Consumer Name", "Resident (Last, First, MI)", "Patient/Resident Name", "Individual Name"),
        "veterans": ("Patient/Veteran", "Veteran Name", "Patient Name (L,F,M)"), "ca": ("Patient Last, First Name", "Nom / Name", "Patient Name/Nom"),
        "gb": ("Patient's Name (CAPITALS)", "Forename & Surname", "Surname & Forename(s)"), "au": ("Patient's Given & Family Name", "Family Name, Given Names", "Consumer"),
        "pr": ("Nombre del Paciente", "Paciente", "Nombre / Name", "Apellidos, Nombre"),
    },
    "mrn": {
        "us": ("MR#", "Medical Record No.", "Medical Rec #", "M/R #", "MR Nbr", "EMRN", "Facility MRN", "MedRec#", "Unit Record No.", "Hosp ID"),
        "office": ("Chart No.", "Patient Number", "Pat ID", "PT ID#", "EMR #", "Clinic Chart #", "Patient ID No."),
        "agency": ("Client Number", "Consumer ID", "Record Number", "Resident Number", "Res ID", "Record #"),
        "veterans": ("Local Record No.", "Facility Record #", "Patient Rec. No."), "ca": ("Hosp. Chart No.", "Hospital #", "No. de dossier / Chart No.", "Chart No."),
        "gb": ("Case Note No.", "Casenote Number", "PAS Number", "Unit No.", "Board No."), "au": ("UMRN", "M.R. No.", "Med. Rec. Number"),
        "pr": ("Núm. de Récord", "Expediente Núm.", "Récord Médico #", "Record Núm."),
    },
    "dob": {
        "us": ("D/O/B", "Patient Birthdate", "Pat DOB", "BD", "Pt. Birthdate", "Patient Date of Birth"),
        "office": ("Patient's Date of Birth", "B. Date", "Patient Birth Date", "Pt's DOB"), "agency": ("Client DOB", "Individual's DOB", "Resident DOB", "Date of Birth of Individual"),
        "veterans": ("Vet. Birth Date", "Vet DOB", "D. of Birth"), "ca": ("DDN / DOB", "Date de naissance / DOB", "Birth date (patient)"),
        "gb": ("D. of B.", "DOB of patient", "Birth date of patient"), "au": ("Pt D.O.B.", "DOB of patient", "Client D.O.B."),
        "pr": ("Fecha de Nacimiento", "Fecha Nac.", "F. Nac. / DOB", "Fecha de Nac."),
    },
    "sex": {
        "us": ("Administrative Sex", "Patient Gender", "Gndr", "Legal Gender", "Gender/Sex", "Pt. Gender"), "office": ("Patient's Gender", "Pt. Sex", "Sex of Patient"),
        "agency": ("Gender of Individual", "Client Gender", "Sex (Legal)"), "veterans": ("Birth Gender", "Pt Sex/Gender"), "ca": ("Sexe / Sex", "Administrative Gender"),
        "gb": ("Sex (as registered)", "Gender of patient"), "au": ("Sex (Pt)", "Admin Gender"), "pr": ("Sexo", "Sexo / Sex", "Género"),
    },
    "encounter": {
        "us": ("Financial #", "Fin. No.", "Enc ID", "Encounter Number", "CSN #", "Hospital Visit #", "Contact Serial #"), "office": ("Enc No", "Encounter Nbr", "Visit Ref #"),
        "agency": ("Episode #", "Episode ID", "Stay Number"), "veterans": ("Visit IEN", "Encounter Nbr"), "ca": ("Visite / Visit No.", "Hospital Visit No."),
        "gb": ("Inpatient No.", "Episode Ref."), "au": ("Adm. No.", "Episode Number"), "pr": ("Núm. de Visita", "Visita #", "Encuentro Núm."),
    },
    "account": {
        "us": ("Acct Number", "Pat. Acct #", "Patient Account No.", "HB Acct", "Hosp. Account No.", "Pat Cntl #"), "office": ("Acct. Number", "Patient Account Number", "Pt. Account #"),
        "agency": ("A/R Account", "Client Acct #"), "veterans": ("Bill Acct No.", "Patient Account No."), "ca": ("Hospital Acct. No.", "Compte / Account No."),
        "gb": ("Ledger No.", "Patient's A/C"), "au": ("Debtor No.", "Acct. Number"), "pr": ("Núm. de Cuenta", "Cuenta #"),
    },
    "admit_date": {
        "us": ("Adm Date", "Admit Date/Time", "Inpt Admit Date", "Date of Admit", "Hosp. Adm. Date", "Adm D/T"), "office": ("Hospital Admission Date", "Date Adm'd"),
        "agency": ("Facility Admit Date", "Admitted to Facility", "Date of Entry"), "veterans": ("Adm. Dt.", "Date/Time Admitted"), "ca": ("Date d'adm. / Adm. date", "Adm Date"),
        "gb": ("Adm. on", "Adm. to hospital"), "au": ("Date Admit", "Adm Date/Time"), "pr": ("Fecha de Admisión", "Admisión"),
    },
    "discharge_date": {
        "us": ("Disch Date", "D/C Date", "Discharge Date/Time", "Dschrg Date", "Date of D/C", "Disch D/T"), "office": ("Hospital Discharge Date", "DC Date"),
        "agency": ("Facility Discharge Date", "Date D/C'd", "Date of Exit"), "veterans": ("Disch. Dt.", "Date/Time Discharged"), "ca": ("Date de sortie / Disch. date", "Disch Date"),
        "gb": ("Disch. on", "Disch. from hospital"), "au": ("Sep. Date", "Date Disch/Sep"), "pr": ("Fecha de Alta", "Alta"),
    },
    "service_date": {
        "us": ("D.O.S.", "Date of Encounter", "Visit Date/Time", "Study Date", "Service Date/Time", "Svc. Date"), "office": ("Office Visit Date", "Date of Evaluation", "Eval Date", "Date of Treatment"),
        "agency": ("Date of Session", "Date(s) of Service", "Date of Contact"), "veterans": ("Visit D/T", "Date of Study"), "ca": ("Date de visite / Visit date", "Examination Date"),
        "gb": ("Seen on", "Date of consultation", "Clinic visit date"), "au": ("Date of Consult", "Attendance Date"), "pr": ("Fecha de Servicio", "Fecha de Visita"),
    },
    "payer": {
        "us": ("Primary Payor", "Payor Name", "INS #1", "Pri Ins", "Primary Plan", "Primary Insurance Company"), "office": ("Insurance Name", "Primary Carrier", "Name of Insurance", "1st Insurance"),
        "agency": ("Funding Source", "Payor Source", "Payer Name"), "veterans": ("Insurance 1", "Primary Insurer"), "ca": ("Assureur / Insurer", "Insurer Name"),
        "gb": ("Insurer Name", "Funder"), "au": ("Insurance Fund", "Funder"), "pr": ("Plan Médico", "Aseguradora", "Plan Médico Primario"),
    },
    "member_id": {
        "us": ("Subscriber No.", "Insurance ID", "Mem ID", "Policy ID", "Subscriber/Member ID", "Cert/ID No."), "office": ("Ins. ID #", "Insurance Policy #", "Enrollee ID"),
        "agency": ("Beneficiary ID", "Payer ID # (client)", "Pol. No."), "veterans": ("Subscriber ID #", "Policy ID"), "ca": ("Police / Policy No.", "Cert. No. (insurer)"),
        "gb": ("Insurer Ref. No.", "Member No."), "au": ("Fund Member No.", "Member No."), "pr": ("Núm. de Contrato", "Póliza Núm.", "Núm. de Afiliado"),
    },
    "phone": {
        "us": ("Home #", "Patient Phone", "Pref. Phone", "Home Phone #", "Phone-Home", "Pat. Phone", "Cell #"), "office": ("Cell/Home", "Day Phone", "Patient's Phone", "Home Telephone"),
        "agency": ("Client Phone", "Resident Phone", "Phone 1"), "veterans": ("Res Phone", "Phone [Residence]"), "ca": ("Tél. / Tel.", "Tel. (home)"),
        "gb": ("Tel (home)", "Mobile No.", "Day Tel."), "au": ("Ph (H)", "Mobile Ph."), "pr": ("Teléfono", "Tel. / Celular", "Tel. Res."),
    },
    "attending": {
        "us": ("Attend. Physician", "Attend Phys", "Att. Physician", "Atn Dr", "Attending Prov", "Attg MD"), "office": ("Attending Prvdr", "Attend. Dr."),
        "agency": ("Attg. Physician", "Attending (MD/DO)"), "veterans": ("Attending Staff", "Attend MD"), "ca": ("MRP", "Médecin traitant / Attending"),
        "gb": ("Named Consultant", "Cons. in charge"), "au": ("Treating Consultant", "AMO"), "pr": ("Médico que Atiende", "Médico de Cargo / Attending"),
    },
}
WORDS = {
    field: tuple(dict.fromkeys(w for words in regions.values() for w in words))
    for field, regions in _BY_REGION.items()
}
"""Every label word of a field that is this author's own."""
USUAL: dict[str, tuple[str, ...]] = {
    "name": ("Patient Name", "Patient"), "mrn": ("MRN",), "dob": ("DOB", "Date of Birth"), "sex": ("Sex", "Gender"),
    "phone": ("Phone",), "attending": ("Attending",), "account": ("Account #",),
}
"""Words that most paper prints; one label in five has them."""

_SHARES = {"us": 8, "office": 4, "agency": 4, "veterans": 2, "ca": 2, "gb": 2, "au": 1, "pr": 2}
_DAY_FIRST = ("gb", "au")

DATES: dict[str, tuple[str, ...]] = {
    "us": ("%m/%d/%Y", "%b-%d-%Y", "%B %d, %Y", "%b. %-d, %Y", "^%b-%d-%Y", "%m / %d / %Y"),
    "office": ("%m/%d/%Y", "%b-%d-%Y", "%-m.%-d.%Y", "%B %-d%o, %Y", "%-m / %-d / %Y"),
    "agency": ("%m/%d/%Y", "%b. %-d, %Y", "%m %d %Y"), "veterans": ("%b %d, %Y", "^%b %d, %Y", "%m/%d/%Y"),
    "ca": ("%Y.%m.%d", "%Y %b %d", "^%Y %b %d", "%d/%b/%Y"), "gb": ("%-d%o %B %Y", "%d-%m-%Y", "%-d/%-m/%Y", "%d.%m.%y", "%d / %m / %Y"),
    "au": ("%-d.%-m.%Y", "%d-%m-%Y", "%-d %b. %Y"), "pr": ("%-d de %B de %Y", "es %d-%b-%Y", "%m/%d/%Y", "es %-d/%b/%Y"),
}
"""How days are written: strftime; `%o`: the ending of an ordinal; ^: in capitals; ` de ` and `es `: months in Spanish."""
_MESES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_TWO_DIGITS_FROM = 1926
"""Births before are printed with the whole year: a hundred years later would not be in the future of the paper."""

NAMES: dict[str, tuple[str, ...]] = {
    "us": ("LAST,First M", "Last , First M", "LAST/FIRST/M", "LAST^FIRST^M", "LAST First M", "Last, First, M."),
    "office": ("First M. Last", "FIRST LAST", "Title. First M. Last", "Last, First M"), "agency": ("Last, First, M.", "LAST First M", "First M. Last", "Last , First M"),
    "veterans": ("LAST,First M", "LAST,FIRST M"), "ca": ("LAST First M", "LAST, First"), "gb": ("Title. First Last", "LAST First (Title.)", "LAST First M"),
    "au": ("LAST First M", "Title. First Last"), "pr": ("LAST First M", "Last, First, M.", "First M. Last"),
}
MRNS: dict[str, tuple[Callable[[int], str], str]] = {
    "threes": (lambda n: f"{n // 10**6:03d}-{n // 1000 % 1000:03d}-{n % 1000:03d}", r"\d{3}-?\d{3}-?\d{3}"),
    "fours": (lambda n: f"{n // 10000:04d}-{n % 10000:04d}", r"\d{4}-?\d{4}"),
    "initials": (lambda n: f"SB-{n:06d}", r"SB-?\d{6}"),
    "letters around": (lambda n: f"A{n:06d}{'KLMNPQRT'[n * 5 % 8]}", r"A\d{6}[A-Z]"),
    "nine": (lambda n: f"{n:09d}", r"\d{9}"),
    "ten": (lambda n: f"{n:010d}", r"\d{10}"),
    "dots": (lambda n: f"{n // 10**4:03d}.{n // 100 % 100:02d}.{n % 100:02d}", r"\d{3}\.?\d{2}\.?\d{2}"),
    "year first": (lambda n: f"{n % 15 + 10}-{n:06d}", r"\d{2}-?\d{6}"),
    "some letter": (lambda n: f"{'BDGKT'[n % 5]}{n:06d}", r"[A-Z]\d{6}"),
    "site behind": (lambda n: f"{n:07d}-02", r"\d{7}-?02"),
}
"""How a record number is written, and the pattern that the site's profile has for it."""

BLOCKS = ("dots", "prompt", "bar", "label right", "centred under", "comb", "pipes", "tildes", "one row", "spine")
"""Ways in which a form places labels and values (benchmarks/third_author_paper.py)."""

_SEXES = ("F", "Fem", "female", "F - Female", "FEMALE", "2-Female")
_TOWNS = "Alder-Bay Pinebrook Santa-Lucia Coldwater Harmony Elk-Prairie Norwick Redstone Wabash-Bend Tidewater Laurelton Mesa-Verde Fairhope Copperfield Saginaw-Bluff Ivywood".split()
_KINDS = {
    "us": ("Methodist Hospital", "Regional Medical Ctr", "University Health", "Baptist Hospital"), "office": ("Internal Medicine PA", "Eye & Ear Associates", "Physical Therapy", "Pediatrics & Adult Med."),
    "agency": ("Behavioral Health", "Hospice & Palliative Care", "Manor Nursing Facility"), "veterans": ("VA Health Care System", "VA Outpatient Clinic"),
    "ca": ("District Hospital", "Hôpital général / General Hospital"), "gb": ("Teaching Hospital", "University Hospital", "Medical Practice"),
    "au": ("District Hospital", "Community Health Service"), "pr": ("Hospital Regional", "Centro Médico", "Clínica Familiar"),
}
PAYERS = ("Great Basin Health Plan", "Medicare A and B", "Triple Crown Salud", "Palmetto Choice POS", "Teachers Mutual Health", "Community Care Medicaid", "Pioneer Blue HMO", "Farmers Benefit Association")
_PHONES = ("{} {}-{}", "({}) {} {}", "({})-{}-{}", "{} - {} - {}", "{}{}{}", "({}) {}.{}")
_DOCTORS = ("Given Family MD", "Family MD, Given", "G. Family, DO", "Family,Given MD", "FAMILY^GIVEN", "Dr. Family, Given")
# fmt: on


@dataclass(frozen=True, slots=True)
class Site(Hospital):
    """A hospital of the third author."""

    region: str = "us"
    phone_style: str = ""
    doctor_style: str = ""
    has_times: bool = False  # admissions, discharges and visits are printed with a time


def draw_site(seed: int) -> Site:
    """A hospital with habits of its own; the same seed draws the same one."""
    rng = random.Random(f"third author {seed}")
    region = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    style, name_style = rng.choice(list(MRNS)), rng.choice(NAMES[region])
    labels = {field: _word(rng, field, region, name_style) for field in _BY_REGION}
    phone = rng.choice(_PHONES)
    return Site(
        seed, f"{rng.choice(_TOWNS).replace('-', ' ')} {rng.choice(_KINDS[region])}",
        f"{rng.randrange(100, 9900)} {rng.choice(('Hospital Dr', 'Clinic Loop', 'E. Main St', 'Medical Arts Blvd'))}",
        phone.format(rng.randrange(201, 989), rng.randrange(200, 999), f"{rng.randrange(10000):04d}"), labels,
        between="colon",
        block=rng.choice(BLOCKS),
        date=rng.choice(DATES[region]),
        name_style=name_style,
        mrn_style=style,
        sex_style="Femenino" if region == "pr" else rng.choice(_SEXES),
        pair=rng.choice(("", "", "dash age", "sex/age", "born sex", "years first")),
        capitals=rng.random() < 0.25,
        bold_labels=rng.random() < 0.4,
        bold_values=rng.random() < 0.3,
        face=rng.choice(FACES),
        wide_gap=rng.choice((30.0, 60.0, 600.0)),
        sticker_turn=90,
        profile=Profile(mrn_pattern=MRNS[style][1], day_first=region in _DAY_FIRST),
        region=region,
        phone_style=phone,
        doctor_style=rng.choice(("Mr G Family", "Dr. G. Family")) if region in _DAY_FIRST else rng.choice(_DOCTORS),
        has_times=rng.random() < 0.4,
    )  # fmt: skip


def _word(rng: random.Random, field: str, region: str, name_style: str) -> str:
    """A label word; one that asks for the surname first only where it is first, or for the first name where that is."""
    if field in USUAL and rng.random() < 0.2:
        return rng.choice(USUAL[field])
    words = list(_BY_REGION[field][region])
    if field == "name":
        wrong = ("Forename &", "Given &") if name_style.startswith(("LAST", "Last")) else ("Last", "(L,", "Surname &", "Family Name,", "Apellidos")  # fmt: skip
        words = [word for word in words if not any(part in word for part in wrong)] or list(USUAL["name"])
    return rng.choice(words)


def enter(hospital: Hospital, human: Human, number: int) -> Human:
    """The human with this hospital's record number."""
    return replace(human, mrn=MRNS[hospital.mrn_style][0](number))


# ---- printed


def date_words(day: date, style: str) -> str:
    """A day in a style of `DATES`, or any of strftime; years that two digits leave open are whole."""
    if style == "%d.%m.%y" and day.year < _TWO_DIGITS_FROM:
        style = "%d.%m.%Y"
    pattern = style.removeprefix("es ").lstrip("^")
    if " de " in style or style.startswith("es "):
        month = _MESES[day.month - 1]
        pattern = pattern.replace("%B", month).replace("%b", month[:3])
    ending = "th" if 11 <= day.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    pattern = pattern.replace("%-d", str(day.day)).replace("%-m", str(day.month)).replace("%o", ending)
    text = day.strftime(pattern).replace("May.", "May")
    return text.upper() if style.startswith("^") else text


def name_words(human: Human, style: str) -> str:
    """A name in a style of `NAMES`."""
    family, given, middle = human.family.title(), human.given.title(), human.middle.upper()
    title = {"M": "Mr.", "F": "Ms."}[human.sex]
    family = family.upper() if "LAST" in style else family
    given = given.upper() if "FIRST" in style else given
    whole = f"{family} {human.suffix}".strip()
    middle = f"{middle}." if middle and "M." in style else middle if "M" in style else ""
    match style:
        case "LAST/FIRST/M" | "LAST^FIRST^M":
            return style[4].join(part for part in (whole, given, middle) if part)
        case "Last, First, M.":
            return ", ".join(part for part in (whole, given, middle) if part)
        case "Last , First M":
            text = f"{whole} , {given} {middle}"
        case "LAST,First M" | "LAST,FIRST M":
            text = f"{whole},{given} {middle}"
        case "LAST First M" | "LAST First (Title.)":
            text = f"{whole} {given} {middle if 'Title' not in style else f'({title})'}"
        case _ if style.startswith(("LAST", "Last")):
            text = f"{whole}, {given} {middle}"
        case _:
            text = f"{title if 'Title' in style else ''} {given} {middle} {family} {human.suffix}"
    return " ".join(text.split())


def doctor_words(doctor: Doctor, style: str) -> str:
    """A provider's name in one of the styles of `Site.doctor_style`."""
    family, given = doctor.family, doctor.given
    return {
        "Given Family MD": f"{given} {family} MD", "Family MD, Given": f"{family} MD, {given}",
        "G. Family, DO": f"{given[0]}. {family}, DO", "Family,Given MD": f"{family},{given} MD",
        "FAMILY^GIVEN": f"{family}^{given}".upper(), "Dr. Family, Given": f"Dr. {family}, {given}",
        "Mr G Family": f"Mr {given[0]} {family}", "Dr. G. Family": f"Dr. {given[0]}. {family}",
    }[style]  # fmt: skip


def phone_words(site: Site, phone: str) -> str:
    """A telephone number as this hospital writes it."""
    digits = "".join(c for c in phone if c.isdigit())
    return site.phone_style.format(digits[:3], digits[3:6], digits[6:])


def sex_words(sex: str, style: str) -> str:
    """A sex as a letter, a word, a letter and a word, a code and a word, or in Spanish."""
    word = {"M": "Male", "F": "Female"}[sex]
    return {
        "F": sex, "Fem": {"M": "Male", "F": "Fem"}[sex], "female": word.lower(), "F - Female": f"{sex} - {word}", "FEMALE": word.upper(),
        "2-Female": f"{'MF'.index(sex) + 1}-{word}", "Femenino": {"M": "Masculino", "F": "Femenino"}[sex],
    }[style]  # fmt: skip


def words_of(site: Site, subject: Subject, field: str) -> str:
    """The value of a field as this hospital prints it."""
    human = subject.human
    match field:
        case "name":
            return name_words(human, site.name_style)
        case "dob":
            return date_words(human.born, site.date)
        case "admit_date" | "discharge_date" | "service_date":
            return date_words(date.fromisoformat(normal(subject, field)), site.date)
        case "sex":
            return sex_words(human.sex, site.sex_style)
        case "attending":
            return doctor_words(subject.attending, site.doctor_style)
        case "phone":
            return phone_words(site, human.phone)
        case _:
            return normal(subject, field)


def normal_words(site: Site, subject: Subject, field: str) -> str:
    """The normal form of a field as printed: of an attending with an initial only, the initial."""
    if field == "attending" and site.doctor_style in ("G. Family, DO", "Mr G Family", "Dr. G. Family"):
        return f"{subject.attending.family}, {subject.attending.given[0]}".upper()
    return normal(subject, field)
