"""Pages of the second author without a form: summaries of a visit, notes, letters, faxes, portals, line printers, labels."""

import random

from benchmarks.display import COURIER, HEIGHT, WIDTH, width_of
from benchmarks.hospital_paper import MARGIN, stick
from benchmarks.hospitals import normal
from benchmarks.second_author import day_text, person_text
from benchmarks.second_author_paper import Leaf

_SENTENCES = (
    "Tolerating a regular diet, pain 2 of 10.", "{relative} ({kin}) is here today and asked about discharge.",
    "Reviewed outside films from {earlier}.", "Hgb 11.4, WBC 7.8, platelets 212.", "Case number {number} was opened with the carrier.",
    "Dr. {doctor} will take over on {later}.", "Call {phone} with any fever over 101.", "Skin warm and dry, no rash.",
    "Last tetanus shot {earlier}.", "Wound vac output 40 ml.", "Denies chest pain, no shortness of breath.",
    "Spoke with {doctor} by phone, who agrees.", "Home oxygen order {number} is pending.", "Gait steady with cane.",
    "Next dose is due {later}.",
)  # fmt: skip
"""What the body of a page says; its days, numbers, telephones and names are nobody's index fields."""


def prose_of(leaf: Leaf, count: int) -> str:
    """Sentences with what misleads in them."""
    rng, relative = leaf.rng, leaf.subject.relative
    filled = {
        "earlier": leaf.day(-60), "later": leaf.day(25), "doctor": rng.choice(leaf.subject.doctors).family, "phone": leaf.other_phone(),
        "number": str(rng.randrange(10**6, 10**9)), "kin": "daughter" if relative.sex == "F" else "son",
        "relative": f"{relative.given.title()} {relative.family.title()}",
    }  # fmt: skip
    return " ".join(sentence.format(**filled) for sentence in rng.sample(_SENTENCES, count))


def after_visit_summary(leaf: Leaf) -> None:
    """The patient's name large, the number small under it, the visit beside; who and what comes next below and at the foot."""
    sheet, rng, labels = leaf.sheet, leaf.rng, leaf.hospital.labels
    name = leaf.say("name", "large head", person_text(leaf.subject.human, "First M. Last"))
    mrn = leaf.say("mrn", "under large head")
    served = leaf.say("service_date", "date with a time")
    sheet.write(MARGIN, 44, "AFTER VISIT SUMMARY", 17, bold=True)
    sheet.write(MARGIN, 72, name, 13, bold=True)
    right = sheet.write(MARGIN, 88, f"{labels['mrn']}: {mrn}", 9)
    if rng.random() < 0.6:
        sheet.write(right + 18, 88, f"{labels['dob']}: {leaf.say('dob', 'under large head')}", 9)
    sheet.write(330, 72, f"{served} {rng.randrange(8, 12)}:{rng.randrange(10, 60)} AM", 10)
    sheet.write(330, 88, f"{leaf.hospital.name}  {leaf.hospital.phone}", 9, fit=WIDTH - 330 - MARGIN)
    sheet.rule(MARGIN, 96, WIDTH - MARGIN, 96)
    sheet.write(MARGIN, 118, "Your instructions", 12, bold=True)
    sheet.write(MARGIN, 134, f"from {leaf.doctor(0)}", 9)
    y = leaf.prose(prose_of(leaf, 7), 154, right=380)
    sheet.write(400, 118, "Today's visit", 11, bold=True)
    for number, line in enumerate((f"You saw {leaf.doctor(1)} on", served, f"Blood pressure {rng.randrange(100, 160)}/80", "BMI 27.4", f"Refilled {rng.randrange(1, 5)} medicines")):  # fmt: skip
        sheet.write(400, 136 + 15 * number, line, 9, fit=WIDTH - 400 - MARGIN)
    y = max(y, 240) + 20
    sheet.write(MARGIN, y, "What's next", 12, bold=True)
    for number in range(3):
        sheet.write(MARGIN, y + 18 + 15 * number, f"{leaf.day(10 + 9 * number)}  {rng.choice(('Lab', 'Follow up', 'Imaging'))} with {leaf.doctor(number)}  {leaf.other_phone()}", 9)  # fmt: skip
    sheet.write(
        MARGIN, HEIGHT - 40, f"{name} ({labels['mrn']}: {mrn})  Printed {leaf.day(1)} 10:5{rng.randrange(10)} AM", 7.5
    )
    leaf.open |= {"attending", "encounter", "admit_date", "discharge_date"}


def records_footer(leaf: Leaf) -> None:
    """A note whose identity stands at its foot, in small type; some with a line that says the stay."""
    sheet, rng = leaf.sheet, leaf.rng
    title = rng.choice(("Progress Note", "Cardiology Consult", "Care Management Note"))
    sheet.write(MARGIN, 40, title, 14, bold=True)
    lines = [("Result type", title), ("Result date", leaf.day(1)), ("Result status", "Auth (Verified)"), ("Performed by", f"{leaf.doctor(0)} on {leaf.day(1)}"), ("Verified by", f"{leaf.doctor(1)} on {leaf.day(2)}")]  # fmt: skip
    if rng.random() < 0.5:
        stay = ", ".join((leaf.say("encounter", "run of the stay"), leaf.hospital.name, "Inpatient", f"{leaf.say('admit_date', 'run of the stay')} - {leaf.say('discharge_date', 'run of the stay')}"))  # fmt: skip
        lines.append(("Encounter info", stay))
        fields = ["name", "mrn", "dob", "sex"]
    else:
        fields = ["name", "mrn", "dob", "sex", "encounter", "admit_date", "attending"]
    for number, (label, text) in enumerate(lines):
        sheet.write(MARGIN, 62 + 13 * number, f"{label}:", 9, bold=True)
        sheet.write(MARGIN + 90, 62 + 13 * number, text, 9, fit=WIDTH - 2 * MARGIN - 90)
    y = 156.0
    for heading in ("Subjective", "Objective", "Impression and Plan"):
        sheet.write(MARGIN, y, heading, 10, bold=True)
        y = leaf.prose(prose_of(leaf, 6), y + 14)
    sheet.rule(MARGIN, HEIGHT - 150, WIDTH - MARGIN, HEIGHT - 150)
    way = rng.choice(("", "run in", "fused", "caption under"))
    leaf.block(leaf.cells(fields), HEIGHT - 134, way=way)
    leaf.open |= {"service_date", "attending"}
    sheet.write(MARGIN, HEIGHT - 24, f"Printed: {leaf.day(400)}   Page 1 of 1   Completed Action List: Sign", 7)


def fax_cover(leaf: Leaf) -> None:
    """A cover sheet: who sends, who receives, and whom it is about in one line."""
    sheet, rng, labels = leaf.sheet, leaf.rng, leaf.hospital.labels
    leaf.letterhead("FACSIMILE TRANSMITTAL SHEET")
    rows = (
        ("TO:", leaf.doctor(0), "FROM:", f"{leaf.subject.relative.given.title()} Ellison, HIM"), ("COMPANY:", "Riverbend Cardiology Assoc.", "DATE:", leaf.day(4)),
        ("FAX NUMBER:", leaf.other_phone(), "TOTAL PAGES:", str(rng.randrange(2, 30))), ("PHONE NUMBER:", leaf.other_phone(), "SENDER'S REF:", f"{rng.randrange(10**6, 10**8)}"),
    )  # fmt: skip
    y = 140.0
    for row in rows:
        for x, text, bold in zip((MARGIN, 130, 330, 425), row, (True, False, True, False), strict=True):
            sheet.write(x, y, text, 9.5, bold=bold, fit=180 if not bold else 90)
        y += 22
    name = leaf.say("name", "RE line")
    rest = "  ".join(f"{labels[f]} {leaf.say(f, 'RE line')}" for f in rng.choice((("dob",), ("dob", "mrn"), ("mrn", "dob"))))  # fmt: skip
    sheet.write(MARGIN, y, rng.choice(("RE:", "RE: PATIENT", "Regarding:", "In re:", "Pt:")), 10, bold=True)
    sheet.write(130, y, f"{name}{rng.choice((', ', '   ', ' - ', '; '))}{rest}", 10, fit=430)
    sheet.rule(MARGIN, y + 8, WIDTH - MARGIN, y + 8)
    sheet.write(MARGIN, y + 30, "[ ] URGENT   [x] FOR REVIEW   [ ] PLEASE REPLY", 9)
    y = leaf.prose("NOTES/COMMENTS: records you asked for. " + prose_of(leaf, 3), y + 54)
    leaf.prose("This message may hold information protected by law. If you are not the one it is meant for, call us at once and destroy all copies.", y + 20, size=8)  # fmt: skip
    leaf.open |= {"service_date", "attending"}


def clinic_letter(leaf: Leaf) -> None:
    """A letter with references at its head and the patient in a block between address and greeting."""
    sheet, rng, subject = leaf.sheet, leaf.rng, leaf.subject
    y = leaf.letterhead() + 4
    for text in (f"Our ref: {subject.doctors[0].family[:2].upper()}/{rng.choice('abk')}m/{rng.randrange(1000, 9999)}", f"Dictated {leaf.day(2)}   Typed {leaf.day(5)}", "", leaf.doctor(1), "The Surgery, 12 Orchard Lane"):  # fmt: skip
        sheet.write(MARGIN, y, text, 10)
        y += 14
    y += 8
    labels, human = leaf.hospital.labels, subject.human
    title = "Mr" if human.sex == "M" else "Ms"
    name = leaf.say("name", "block of a letter")
    first = (
        name if title in name else f"{title} {name}" if not leaf.house.name_style.lower().startswith("last") else name
    )
    lines = [rng.choice((first, f"Re: {first}", f"RE {first}")), human.address]
    fields = rng.choice((("dob", "mrn"), ("mrn", "dob", "phone"), ("dob", "mrn", "service_date")))
    lines += [f"{labels[f]}{rng.choice((': ', ' ', ' - '))}{leaf.say(f, 'block of a letter')}" for f in fields]
    if leaf.house.region == "uk":
        lines.append(f"NHS No: {rng.randrange(400, 700)} {rng.randrange(100, 999)} {rng.randrange(1000, 9999)}")
    for line in lines:
        sheet.write(MARGIN, y, line, 10, bold=True)
        y += 14
    sheet.write(MARGIN, y + 12, f"Dear {leaf.subject.doctors[1].given} / Dr {leaf.subject.doctors[1].family}", 10)
    y = leaf.prose(f"I saw {'him' if human.sex == 'M' else 'her'} with {subject.relative.given.title()} {subject.relative.family.title()}. {prose_of(leaf, 8)}", y + 36)  # fmt: skip
    sheet.write(MARGIN, y + 10, "Yours sincerely", 10)
    sheet.write(MARGIN, y + 50, leaf.doctor(2), 10)
    sheet.write(MARGIN, y + 70, f"cc {leaf.person(subject.relative)}, {leaf.doctor(3)}", 9)
    leaf.open |= {"service_date", "attending"}


def portal(leaf: Leaf) -> None:
    """A page of a patient portal that somebody printed: a proxy's name, a line of identity, an address of the web."""
    sheet, rng, labels = leaf.sheet, leaf.rng, leaf.hospital.labels
    sheet.write(MARGIN, 30, f"{leaf.day(30)}, 7:{rng.randrange(10, 60)} PM", 7.5)
    sheet.write(260, 30, "MyRecord - Visit Details", 7.5)
    sheet.write(MARGIN, 62, leaf.hospital.name, 14, bold=True)
    sheet.write(
        380, 62, f"Signed in: {leaf.subject.relative.given.title()} {leaf.subject.relative.family.title()} (proxy)", 8
    )
    between = rng.choice((" | ", "   ", " • ", ", "))
    parts = [
        f"{labels['name']}: {leaf.say('name', 'line of a portal', person_text(leaf.subject.human, 'First M. Last'))}"
    ]
    parts += [
        f"{labels[f]}: {leaf.say(f, 'line of a portal')}" for f in rng.choice((("dob", "mrn"), ("dob", "mrn", "sex")))
    ]
    parts.append(f"PCP: {leaf.doctor(1)}")
    sheet.write(MARGIN, 86, between.join(parts), 9.5, fit=WIDTH - 2 * MARGIN)
    sheet.write(
        MARGIN,
        112,
        f"Office Visit - {leaf.say('service_date', 'title of a visit')} with {leaf.doctor(0)}",
        12,
        bold=True,
    )
    y = 136.0
    for heading in ("Notes from Care Team", "Progress Notes"):
        sheet.write(MARGIN, y, f"{heading}  {leaf.doctor(0)} at {leaf.day(1)} 9:30 AM", 9, bold=True)
        y = leaf.prose(prose_of(leaf, 7), y + 14)
    sheet.write(MARGIN, y, f"Message from {leaf.subject.relative.given.title()} {leaf.subject.relative.family.title()} on {leaf.day(3)}", 9)  # fmt: skip
    sheet.write(MARGIN, HEIGHT - 24, f"https://myrecord.example.org/visits/{rng.randrange(10**8, 10**9)}", 7.5)
    sheet.write(540, HEIGHT - 24, "1/1", 7.5)
    leaf.open |= {"attending", "encounter"}


def system_print(leaf: Leaf) -> None:
    """The head of an older record system's report in fixed columns, three values a line, and lines of results."""
    subject, human, rng = leaf.subject, leaf.subject.human, leaf.rng
    style = "%d/%m/%y" if leaf.hospital.profile.day_first else "%m/%d/%y"
    six = {
        f: leaf.say(f, "fixed head", day_text(day, style if day.year > 1925 else style.replace("y", "Y")))
        for f, day in (("admit_date", subject.admitted), ("discharge_date", subject.discharged), ("dob", human.born))
    }
    name = leaf.say("name", "fixed head", person_text(human, "LAST,FIRST M").upper())
    doctor = f"{subject.attending.family},{subject.attending.given}".upper()
    account, mrn = leaf.say("account", "fixed head"), leaf.say("mrn", "fixed head")
    sex, attending = leaf.say("sex", "fixed head", human.sex), leaf.say("attending", "fixed head", doctor)
    rows = (
        (f"PATIENT: {name}", f"ACCT NUM: {account}", f"LOC:  {rng.choice(('4W', 'ICU', 'MS'))}"),
        (f"DOB/AGE/SX: {six['dob']} {subject.age}/{sex}", f"MED REC NUM: {mrn}", f"ROOM: {rng.randrange(200, 500)}"),
        (f"ATTENDING: {attending}", f"ADMITTED: {six['admit_date']}", f"BED:  {rng.randrange(1, 3)}"),
        ("STATUS: DIS IN", f"DISCHARGED: {six['discharge_date']}", f"OTHR: {subject.doctors[0].family.upper()}"),
    )
    _typed(leaf, 0, 36, f"RUN DATE: {day_text(leaf.other_day(6), style)}          {leaf.hospital.name.upper()} LIVE")
    _typed(leaf, 0, 48, f"RUN TIME: {_clock(rng)}     {rng.choice(('PATIENT CARE INQUIRY', 'LAB SUMMARY', 'ORDER AUDIT TRAIL'))}")  # fmt: skip
    for number, row in enumerate(rows):
        for column, text in zip((0, 40, 70), row, strict=True):
            _typed(leaf, column, 76 + 12 * number, text)
    y = 140.0
    for number in range(16):
        day = day_text(leaf.other_day(number % 5), style)
        what = rng.choice(("NA 139", "K 4.2", "VITALS TAKEN", "DIET: CARDIAC", "AMBULATED"))
        _typed(leaf, 0, y, f"{day} {_clock(rng)}  {what:18} {rng.choice(subject.doctors).family.upper()[:6]:8} {rng.randrange(10**5, 10**7)}")  # fmt: skip
        y += 12
    _typed(leaf, 0, y + 12, f"NEXT OF KIN: {person_text(subject.relative, 'LAST,FIRST M').upper()}  {leaf.phone(subject.relative)}")  # fmt: skip
    leaf.open |= {"service_date", "encounter"}


def _typed(leaf: Leaf, column: int, y: float, text: str) -> None:
    """A string that begins in a column of the printer, 84 a line."""
    leaf.sheet.write(MARGIN + column * width_of("0", COURIER, 10.4), y, text, 10.4, face=COURIER)


def specimen_labels(leaf: Leaf) -> None:
    """A sheet of tube labels, some left over, stuck on a page of the laboratory."""
    subject, rng = leaf.subject, leaf.rng
    name = leaf.say("name", "specimen label")
    born, sex, mrn = leaf.say("dob", "specimen label"), leaf.say("sex", "specimen label", subject.human.sex), leaf.say("mrn", "specimen label")  # fmt: skip
    labels = leaf.hospital.labels
    has_words = rng.random() < 0.5
    lines = [name, f"{labels['mrn'] + ':' if has_words else ''}{mrn}  {sex} {subject.age}Y", f"{labels['dob'] + ': ' if has_words else ''}{born}"]  # fmt: skip
    leaf.sheet.write(MARGIN, 44, f"{leaf.hospital.name} - Specimen labels not used", 12, bold=True, fit=500)
    for number in range(4):
        tube = [f"{rng.choice('CHU')}{rng.randrange(1000, 9999)}-{number + 1}  {rng.choice(('LAV', 'SST', 'BLU', 'URN'))}", *lines, f"Coll {leaf.day(number)} {_clock(rng)} ____"]  # fmt: skip
        stick(leaf, tube, 0, left=MARGIN + 270 * (number % 2), top=80 + 110 * (number // 2))
    leaf.prose(f"Returned to {leaf.doctor(0)}'s office. {prose_of(leaf, 3)}", 340)
    leaf.open |= {"service_date", "attending", "encounter"}
    leaf.footer()


def medication_list(leaf: Leaf) -> None:
    """What is taken, who prescribed it and when; a warning of somebody with a like name."""
    sheet, rng = leaf.sheet, leaf.rng
    y = leaf.letterhead(rng.choice(("Current Medications", "HOME MEDICATION LIST", "Medication Reconciliation"))) + 4
    y = leaf.block(leaf.cells_plain(rng.choice((("name", "dob", "mrn", "phone"), ("name", "mrn", "dob", "sex", "phone")))), y)  # fmt: skip
    human = subject_like(leaf)
    if rng.random() < 0.5:
        sheet.write(MARGIN, y + 2, f"** NAME ALERT: {human} is also a patient here **", 9, bold=True)
        y += 18
    for x, head in zip((MARGIN, 200, 330, 470), ("Medication", "Directions", "Prescriber", "Started"), strict=True):
        sheet.write(x, y + 6, head, 9, bold=True)
    for number, drug in enumerate(rng.sample(("lisinopril 10 mg", "metformin 500 mg", "atorvastatin 20 mg", "warfarin 2 mg", "albuterol inhaler", "sertraline 50 mg"), 5)):  # fmt: skip
        for x, text in zip((MARGIN, 200, 330, 470), (drug, rng.choice(("1 daily", "twice a day", "as needed")), leaf.doctor(number % 4), leaf.day(-200 - 60 * number)), strict=True):  # fmt: skip
            sheet.write(x, y + 24 + 16 * number, text, 9, fit=130)
    sheet.write(MARGIN, y + 130, f"Pharmacy: Corner Drug {leaf.other_phone()}   Rx {rng.randrange(10**6, 10**7)}   Reviewed with {leaf.person(leaf.subject.relative)}", 9, fit=WIDTH - 2 * MARGIN)  # fmt: skip
    leaf.open |= {"service_date", "attending"}
    leaf.footer()


def _clock(rng: random.Random) -> str:
    """A time of four digits."""
    return f"{rng.randrange(24):02d}{rng.randrange(60):02d}"


def subject_like(leaf: Leaf) -> str:
    """A name one letter from the patient's."""
    family, rest = normal(leaf.subject, "name").split(",", 1)
    given = rest.split()[0]
    return f"{family.title()}, {given.title()}{'e' if given[-1] != 'E' else 'a'}"
