"""Forms of the third author: agencies, therapists, states, offices, in two languages, pads, notes, labels, cards.

`PAGES` has every kind of page that one of its hospitals prints, those of benchmarks/third_author_prints.py included.
"""

from collections.abc import Callable, Sequence

from benchmarks.display import COURIER, HEIGHT, WIDTH, width_of
from benchmarks.hospital_paper import MARGIN, Cell, DrawnPage
from benchmarks.hospitals import Hospital, Subject
from benchmarks.third_author import date_words, name_words
from benchmarks.third_author_paper import Form, finish, start
from benchmarks.third_author_prints import (
    federal_print,
    lab_print,
    mainframe,
    sleep_study,
    snapshot,
    statement,
    system_note,
    table,
    tracing,
)


def draw_form(hospital: Hospital, kind: str, subject: Subject, seed: int) -> DrawnPage:
    """A page of this kind about this patient; the same seed draws the same page."""
    form = start(hospital, subject, f"third {hospital.seed} {kind} {seed}")
    PAGES[kind](form)
    return finish(form, kind)


def resident_assessment(form: Form) -> None:
    """A federal assessment of a nursing home: letters in combs, parts of the name lettered, the sex a code or a tick."""
    sheet, human, rng = form.sheet, form.subject.human, form.rng
    sheet.write(MARGIN, 36, "RESIDENT ASSESSMENT AND CARE SCREENING", 11, bold=True)
    sheet.write(MARGIN, 50, f"Section A  Identification Information    {form.hospital.name}", 9)
    y = 74.0
    names = (("A0500A. First name", human.given, 12), ("B. Middle initial", human.middle, 1), ("C. Last name", human.family, 18), ("D. Suffix", human.suffix, 3))  # fmt: skip
    for (label, text, cells), x in zip(names, (MARGIN, 330, MARGIN, 330), strict=True):
        sheet.write(x, y, label, 8)
        form.comb(x + 8, y + 15, text.upper(), 260, cells=cells)
        y += 36 if x > 300 else 0
    given, family = human.given.upper(), human.family.upper()
    for text in (given, family):
        form.note(form.said("name", " ".join(text.replace(" ", ""))), "comb of parts")
    sheet.write(MARGIN, y, "A0600A. Social Security Number", 8)
    form.comb(MARGIN + 8, y + 15, f"XXX-XX-{human.ssn4}", 260)
    sheet.write(330, y, "B. Medicare number", 8)
    form.comb(
        338,
        y + 15,
        f"{rng.randrange(1, 9)}EG{rng.randrange(1, 9)}TE{rng.randrange(1, 9)}MK{rng.randrange(10, 99)}",
        220,
    )
    y += 38
    sheet.write(MARGIN, y, "A0800. Gender", 8)
    if form.site.seed % 2:
        form.comb(MARGIN + 8, y + 15, "12"["MF".index(human.sex)], 20)
        sheet.write(MARGIN + 30, y + 16, "Enter code:   1. Male    2. Female", 8.5)
        form.say("sex", "coded box", str("MF".index(human.sex) + 1))
    else:
        form.ticks(MARGIN + 8, y + 15)
    sheet.write(330, y, "A0900. Birth Date", 8)
    form.comb_day(338, y + 15, human.born, "dob")
    y += 42
    sheet.write(MARGIN, y, "A1300A. Medical record number", 8)
    form.comb(MARGIN + 8, y + 15, human.mrn, 260, "mrn", cells=12)
    sheet.write(330, y, "B. Room number", 8)
    form.comb(338, y + 15, f"{rng.randrange(100, 400)}B", 220)
    y += 38
    sheet.write(MARGIN, y, "A1600. Entry Date (date of this admission into the facility)", 8)
    form.comb_day(MARGIN + 8, y + 15, form.subject.admitted, "admit_date")
    sheet.write(330, y, "A2300. Assessment Reference Date", 8)
    form.comb_day(338, y + 15, form.other_day(8))
    y += 46
    rows = [("A1300C. Name by which resident prefers to be addressed", human.given.title()), ("D. Lifetime occupation(s)", "Machinist"), ("A1800. Entered from", "03 Acute hospital"), ("Z0400. Signature of person completing", form.doctor(2)), ("Responsible party", f"{form.person(form.subject.relative)}, {form.phone(form.subject.relative)}")]  # fmt: skip
    for label, text in rows:
        right = sheet.write(MARGIN, y, label, 8)
        sheet.write(right + 10, y, text, 9, fit=WIDTH - MARGIN - right - 12)
        sheet.rule(right + 6, y + 3, WIDTH - MARGIN, y + 3)
        y += 19
    form.prose(form.body(6), y + 8, size=9)
    form.foot()
    form.open |= {"service_date", "attending", "phone", "payer", "member_id"}


def intake(form: Form) -> None:
    """A behavioural health intake: labels under the lines, a guardian, who sent, who pays."""
    rng = form.rng
    y = (
        form.letterhead(rng.choice(("INTAKE ASSESSMENT", "Behavioral Health Screening", "HOSPICE ELECTION AND INTAKE")))
        + 8
    )
    way = "" if form.hospital.block in ("comb", "label right", "spine", "one row") else "centred under"
    y = form.block(form.cells(["name", "dob", "sex", "mrn", "phone", "service_date"]), y, way=way, title="CLIENT")
    y = form.block([*form.cells_plain(["payer", "member_id"]), Cell("County of residence", "Lorain"), *form.kin("Guardian / Significant Other"), Cell("Referred by", form.doctor(0)), Cell("Referral Date", form.day(-14))], y + 6, way=way, title="SOCIAL")  # fmt: skip
    for heading in ("Presenting problem", "Treatment history", "Risk screen"):
        form.sheet.write(MARGIN, y + 4, heading.upper(), 9, bold=True)
        y = form.prose(form.body(4), y + 18)
    form.sheet.write(MARGIN, y + 6, f"Clinician: {form.doctor(1)}, LPCC    Next appointment: {form.day(7)} {form.clock()}    Crisis line {form.other_phone()}", 8.5, fit=532)  # fmt: skip
    form.foot()
    form.open |= {"attending", "admit_date", "encounter"}


def therapy_evaluation(form: Form) -> None:
    """A therapist's evaluation: tables of one row, onset and start of care, visits allowed, a doctor's certification."""
    rng = form.rng
    y = form.letterhead(rng.choice(("PHYSICAL THERAPY INITIAL EVALUATION", "Occupational Therapy Evaluation", "Plan of Care / Certification"))) + 8  # fmt: skip
    way = "one row" if form.hospital.block not in ("spine", "pipes", "tildes") else ""
    y = form.block(form.cells(["name", "mrn", "dob", "sex", "service_date"]), y, way=way, title="PATIENT")
    y = form.block([*form.cells_plain(["payer", "member_id"]), Cell("Visits Auth'd", "12"), Cell("Auth No", f"{rng.randrange(10**6, 10**8)}"), Cell("Onset Date", form.day(-45))], y, way=way, title="PAYER")  # fmt: skip
    y = form.block([Cell("Referring Prov.", form.doctor(0)), Cell("NPI", f"1{rng.randrange(10**8, 10**9)}"), Cell("SOC Date", form.day(-3)), Cell("Tx Dx", "M54.50"), Cell("Surgery Date", form.day(-40))], y, way=way, title="CARE")  # fmt: skip
    rows = [("Joint", "AROM L", "AROM R", "MMT L", "MMT R")]
    rows += [(what, str(rng.randrange(20, 140)), str(rng.randrange(20, 140)), "4/5", "4+/5") for what in ("Shoulder flexion", "Knee extension", "Hip abduction", "Ankle DF")]  # fmt: skip
    y = table(form, y + 10, (MARGIN, 200, 280, 360, 440), rows)
    y = form.prose("GOALS: " + form.body(6), y + 8)
    form.sheet.write(
        MARGIN,
        y + 6,
        f"Therapist: {form.subject.doctors[3].given} {form.subject.doctors[3].family}, PT, DPT   {form.day(1)}",
        9,
    )
    y = form.prose(f"I certify the need for these services from {form.day(-3)} through {form.day(87)}. Physician ______________ Date ________ Fax to {form.other_phone()}", y + 24, size=9)  # fmt: skip
    form.foot(["name"])
    form.open |= {"attending", "encounter", "admit_date"}


def state_form(form: Form) -> None:
    """A state's form for an injury or a claim of disability: numbered boxes, combs, an employer, a claim number, a carrier."""
    sheet, subject, human, rng = form.sheet, form.subject, form.subject.human, form.rng
    title = rng.choice(("FIRST REPORT OF AN INJURY, OCCUPATIONAL DISEASE OR DEATH", "CLAIM FOR DISABILITY BENEFITS - PHYSICIAN'S STATEMENT"))  # fmt: skip
    person = "Injured worker's" if "INJURY" in title else "Claimant's"
    sheet.write(MARGIN, 38, title, 11, bold=True)
    sheet.write(MARGIN, 52, f"Bureau of Benefits, PO Box {rng.randrange(1000, 9999)}   Customer line {form.other_phone()}   Form C-{rng.randrange(3, 99)} rev. 7/{rng.randrange(90, 99)}", 7.5)  # fmt: skip
    left, middle, right, y = MARGIN, 316.0, WIDTH - MARGIN, 66.0
    mrn_label, is_written = form.hospital.labels["mrn"], form.site.seed % 2 == 0
    boxes: list[tuple[str, str, str]] = [
        (f"1. {person} name (last, first, middle initial)", "name", name_words(human, "LAST, First M")), ("2. Claim number", "", f"{rng.randrange(10, 24)}-{rng.randrange(10**5, 10**6)}"),
        ("3. Birth date", "dob", ""), ("4. Sex", "sex", ""), ("5. Home telephone (area code)", "phone", ""), ("6. Mailing address", "", human.address),
        ("7. Employer's name", "", "Copperfield Stamping Co."), ("8. Employer's telephone", "", form.other_phone()), ("9. Date of injury or onset", "", form.day(-5)), ("10. Date last worked", "", form.day(-4)),
        ("11. Compensation carrier or MCO", "", "Buckeye Managed Comp"), ("12. Treating physician and NPI", "", f"{form.doctor(0)} 1{rng.randrange(10**8, 10**9)}"),
        ("13. Person to notify", "", f"{form.person(subject.relative)} {form.phone(subject.relative)}"), (f"14. {mrn_label} at this facility", "mrn" if is_written else "", human.mrn if is_written else ""),
    ]  # fmt: skip
    for number, (label, name, text) in enumerate(boxes):
        x, wide = (left, middle - left) if number % 2 == 0 else (middle, right - middle)
        sheet.frame(x, y, x + wide, y + 36)
        sheet.write(x + 3, y + 8, label, 6.5, fit=wide - 6)
        if name == "dob":
            form.comb_day(x + 8, y + 22, human.born, "dob")
        elif name == "phone":
            form.comb(x + 8, y + 22, "".join(c for c in human.phone if c.isdigit()), wide - 20, "phone")
        elif name == "sex":
            form.ticks(x + 12, y + 25, turned=form.site.seed % 3 == 0)
        elif text:
            sheet.write(
                x + 10, y + 25, form.say(name, "numbered box", text) if name else text, 10, face=COURIER, fit=wide - 20
            )
        y += 36 if number % 2 else 0
    y = form.prose(f"15. How it happened: Slipped on a wet floor on {form.day(-5)}. {form.body(5)}", y + 18, size=9)
    sheet.write(MARGIN, y + 8, f"16. Signed {form.subject.doctors[0].given} {form.subject.doctors[0].family}   {form.day(2)}    Reviewer {rng.randrange(100, 999)}    Bureau copy", 8.5)  # fmt: skip
    form.open |= {"service_date", "attending", "payer", "member_id", "admit_date"}


def bilingual(form: Form) -> None:
    """A registration in two languages: the Spanish word, a stroke, the English one; the one who pays is a relative."""
    human, rng, labels = form.subject.human, form.rng, form.hospital.labels
    y = form.letterhead("HOJA DE REGISTRO / REGISTRATION FORM") + 6
    way = "comb" if form.hospital.block == "comb" else "centred under"
    words = {
        "name": "Nombre del paciente / Patient's name", "dob": "Fecha de nacimiento / Date of birth", "sex": "Sexo / Sex", "phone": "Teléfono / Telephone",
        "mrn": f"Núm. de expediente / {labels['mrn']}", "payer": "Seguro médico / Insurance", "member_id": "Núm. de póliza / Policy no.",
    }  # fmt: skip
    kin_words = (
        "Nombre / Name",
        "Parentesco / Relationship",
        "Fecha de nacimiento / Date of birth",
        "Teléfono / Telephone",
    )

    def both(names: Sequence[str]) -> list[Cell]:
        return [Cell(words[c.says[0].field], c.text, c.says) for c in form.cells_plain(names)]

    def others() -> list[Cell]:
        return [Cell(word, c.text) for word, c in zip(kin_words, form.kin("", is_born=True), strict=True)]

    y = form.block([*both(["name", "dob", "sex", "phone", "mrn"]), Cell("Dirección / Address", human.address)], form.heading(y, "PACIENTE / PATIENT") + 4, way=way)  # fmt: skip
    y = form.block(others(), form.heading(y + 8, "PERSONA RESPONSABLE / RESPONSIBLE PARTY") + 4, way=way)
    y = form.block([*both(["payer", "member_id"]), Cell("Grupo / Group", f"{rng.randrange(10**4, 10**6)}"), Cell("Asegurado / Insured", form.person(form.subject.relative))], form.heading(y + 8, "SEGURO / COVERAGE") + 4, way=way)  # fmt: skip
    y = form.block(others()[::3], form.heading(y + 8, "EN CASO DE EMERGENCIA / EMERGENCY") + 4, way=way)
    form.prose(f"Autorizo el tratamiento por {form.doctor(0)} y la facturación a mi plan. Firma / Signature ____________ Fecha / Date {form.day(0)}. Traducido por / Interpreter: {form.subject.doctors[2].given} {form.subject.doctors[2].family}, {form.other_phone()}.", y + 10, size=9)  # fmt: skip
    form.foot()
    form.open |= {"service_date", "attending"}


def prescription(form: Form) -> None:
    """A prescription pad copied on a page: the doctor at the top, name and birthday over ruled lines, a form of safety."""
    sheet, rng, human = form.sheet, form.rng, form.subject.human
    left, right, top = 120.0, 492.0, 70.0
    sheet.frame(left, top, right, 520)
    doctor = form.subject.doctors[0]
    for number, (text, size) in enumerate(((f"{doctor.given} {doctor.family}, M.D.   {form.subject.doctors[1].given} {form.subject.doctors[1].family}, CNP", 10.0), (form.hospital.name, 9.0), (f"{form.hospital.street}  Tel {form.hospital.phone}", 8.0), (f"DEA B{doctor.family[0]}{rng.randrange(10**6, 10**7)}   NPI 1{rng.randrange(10**8, 10**9)}   Lic 35.{rng.randrange(10**5, 10**6)}", 7.5))):  # fmt: skip
        size = min(size, size * 350 / width_of(text, sheet.face, size))
        sheet.write(306 - width_of(text, sheet.face, size) / 2, top + 18 + 13 * number, text, size)
    name, born = form.say("name", "pad", name_words(human, "First M. Last")), form.say("dob", "pad")
    rows = [("Patient Name" if form.site.seed % 2 else "For", name, 0.0, 1.0), ("Address", human.address, 0.0, 1.0), ("DOB" if form.site.seed % 3 else "Birth date", born, 0.0, 0.52), ("Date", form.day(0), 0.54, 1.0)]  # fmt: skip
    if form.site.seed % 2:
        rows += [(form.hospital.labels["mrn"], form.say("mrn", "pad"), 0.0, 0.52), ("Wt", "68 kg", 0.54, 1.0)]
    y = top + 84
    for label, text, begin, end in rows:
        x, stop = left + 14 + begin * 344, left + 14 + end * 344
        at = sheet.write(x, y, label, 8, fit=110) + 5
        sheet.write(at + 3, y, text, 10, face=COURIER, fit=stop - at - 6)
        sheet.rule(at, y + 4, stop, y + 4)
        y += 22 if end == 1.0 else 0
    sheet.write(left + 16, y + 30, "Rx", 24, bold=True)
    for number, line in enumerate((rng.choice(("Amoxicillin 875 mg tab", "Lisinopril 20 mg tab", "Percocet 5/325")), f"Sig: 1 po {rng.choice(('bid', 'qd', 'q6h prn pain'))}", f"Disp: #{rng.choice(('10 (ten)', '30 (thirty)', '90 (ninety)'))}", f"Refill {rng.randrange(4)}   void after {form.day(180)}")):  # fmt: skip
        sheet.write(left + 70, y + 40 + 18 * number, line, 11)
    sheet.write(left + 16, 496, "Dispense as written ______________", 8)
    sheet.write(left + 200, 496, f"Serial {rng.randrange(10**8, 10**9)}  Batch K{rng.randrange(100, 999)}", 7)
    form.prose(f"Faxed to Fairhope Pharmacy {form.other_phone()} at {form.clock()}; {form.subject.relative.given.title()} {form.subject.relative.family.title()} will pick up.", 560, size=9)  # fmt: skip
    form.open |= {"service_date", "attending"}


def excuse(form: Form) -> None:
    """A note for work or school: a sentence says who was here and when, the body when he may go back."""
    sheet, human, rng = form.sheet, form.subject.human, form.rng
    y = (
        form.letterhead(rng.choice(("RETURN TO WORK / SCHOOL", "To Whom It May Concern:", "CERTIFICATE OF ILLNESS")))
        + 16
    )
    sheet.write(MARGIN, y, form.day(14), 10)
    name, born = form.say("name", "sentence", name_words(human, "First M. Last")), form.say("dob", "sentence", date_words(human.born, "%B %-d, %Y" if not form.hospital.profile.day_first else "%-d %B %Y"))  # fmt: skip
    title = {"M": "Mr.", "F": "Ms."}[human.sex]
    if rng.random() < 0.5:
        when = f"was seen in our office on {form.say('service_date', 'sentence')}"
        form.open |= {"admit_date", "discharge_date"}
    else:
        when = f"was hospitalized from {form.say('admit_date', 'sentence')} through {form.say('discharge_date', 'sentence')}"
        form.open |= {"service_date"}
    opening = rng.choice((f"This is to certify that {title} {name} (DOB {born}) {when}.", f"Please be advised that my patient {name}, born {born}, {when}.", f"RE: {name}, date of birth {born}. The above named patient {when}."))  # fmt: skip
    pronoun = {"M": "He", "F": "She"}[human.sex]
    y = form.prose(f"{opening} {pronoun} may return to full duty on {form.day(21)}, with no lifting over 10 pounds until {form.day(35)}. {pronoun} will be seen again on {form.day(28)}.", y + 30, size=11)  # fmt: skip
    y = form.prose(f"Please excuse {form.subject.relative.given.title()} {form.subject.relative.family.title()}, who had to drive, on the same days. Questions: {form.other_phone()}, ext. {rng.randrange(100, 999)}.", y + 4, size=11)  # fmt: skip
    sheet.write(MARGIN, y + 16, "Sincerely,", 11)
    sheet.write(MARGIN, y + 64, form.doctor(0), 11)
    sheet.write(MARGIN, y + 90, f"{form.hospital.labels['mrn']} {form.say('mrn', 'small print')}   Dictated not read   ref {rng.randrange(1000, 9999)}/kl", 7.5)  # fmt: skip
    form.open |= {"attending", "sex"}


def immunizations(form: Form) -> None:
    """A record of vaccines: many days and lots; parent and physician beside the patient."""
    rng = form.rng
    y = form.letterhead(rng.choice(("OFFICIAL IMMUNIZATION RECORD", "VACCINE ADMINISTRATION RECORD", "Growth and Immunization Summary"))) + 6  # fmt: skip
    cells = [*form.cells(["name", "dob", "sex", "mrn"]), *form.kin("Parent/Guardian or Spouse"), Cell("State Registry ID", f"{rng.randrange(10**6, 10**7)}"), Cell("Provider of record", form.doctor(0))]  # fmt: skip
    y = form.block(cells, y, title="IDENTITY") + 8
    rows = [("Vaccine", "Date given", "Lot", "Site", "VIS date", "Given by")]
    for number, vaccine in enumerate(("Tdap", "MMR", "Hep B #1", "Hep B #2", "Varicella", "Influenza", "Pneumovax 23", "Shingrix #1", "Shingrix #2", "COVID-19")):  # fmt: skip
        rows.append((vaccine, form.day(-1500 + 140 * number), f"{rng.choice('AUX')}{rng.randrange(100, 999)}{rng.choice('BDF')}A", rng.choice(("L deltoid", "R deltoid")), form.day(-1700 + 140 * number), form.subject.doctors[number % 4].family))  # fmt: skip
    y = table(form, y, (MARGIN, 130, 235, 305, 375, 480), rows)
    y = form.prose(f"Next due {form.day(365)}. Height 66 in. on {form.day(-20)}, 51st percentile. Questions: County Board of Health {form.other_phone()}.", y + 10, size=9)  # fmt: skip
    form.sheet.write(MARGIN, y, f"Authorized signature {form.doctor(1)}  {form.day(3)}", 9)
    form.foot()
    form.open |= {"service_date", "attending", "phone"}


# ---- labels and cards


def label_sheet(form: Form) -> None:
    """Labels of one patient left on their sheet, bars and all, and a wristband that runs up the margin."""
    sheet, subject, human, rng, say = form.sheet, form.subject, form.subject.human, form.rng, form.say
    habit = "label of a sheet"
    name, mrn, born, sex = say("name", habit), say("mrn", habit), say("dob", habit), say("sex", habit, human.sex)
    visit, admitted = say("encounter", habit), say("admit_date", habit)
    doctor = say("attending", habit)
    variants = (
        [name, f"{mrn}  {sex}  {subject.age}Y", f"{born}", f"{visit}  ADM {admitted}", doctor],
        [f"{visit}   {mrn}", name, f"DOB {born}  {sex}", doctor, f"Admit {admitted}"],
        [f"{name}  ({sex})", f"MR {mrn}  V# {visit}", f"B: {born} {subject.age} yrs", f"A: {admitted}  Att: {doctor}"],
    )
    lines = variants[form.site.seed % 3]
    for number in range(rng.choice((9, 12, 14))):
        x, y = MARGIN - 10 + 172 * (number % 3), 40.0 + 92 * (number // 3)
        sheet.frame(x, y, x + 166, y + 84)
        for row, line in enumerate(lines):
            sheet.write(x + 7, y + 13 + 11 * row, line, 8.5, face=COURIER, fit=152)
        for bar in range(40):
            if (bar * bar + number + bar // 3) % 3:
                sheet.rule(x + 10 + 2.4 * bar, y + 68, x + 10 + 2.4 * bar, y + 80)
    sheet.frame(550, 40, 596, 700)
    band = f"{name}   {mrn}   {born}   {sex}   {visit}"
    size = min(12.0, 12.0 * 560 / width_of(band, sheet.face, 12, bold=True))
    sheet.write(HEIGHT - 680, 570, band, size, bold=True, turn=90)
    sheet.write(HEIGHT - 680, 586, f"{form.hospital.name}    FALL RISK    Allergy: Sulfa", 8, turn=90)
    sheet.write(MARGIN, 740, "Labels are for this stay only. Destroy at discharge.   Stock 5160-M", 7.5)
    form.open |= {"service_date", "account"}


def index_card(form: Form) -> None:
    """A card of the old master index, typed over printed heads; earlier stays and a relative's name under it."""
    sheet, human, rng, subject = form.sheet, form.subject.human, form.rng, form.subject
    left, right = 70.0, 542.0
    sheet.frame(left, 90, right, 400)
    heads = form.hospital.labels
    family, given = f"{human.family} {human.suffix}".strip().upper(), human.given.upper()
    rows: list[list[tuple[str, str, float, str]]] = [
        [("LAST NAME", family, 0.0, "name"), ("FIRST", given, 0.32, "name"), ("M.I.", human.middle.upper(), 0.6, ""), (heads["mrn"].upper(), human.mrn, 0.7, "mrn")],
        [("ADDRESS", human.address.upper(), 0.0, ""), ("TEL.", form.text("phone"), 0.7, "phone")],
        [("BIRTH DATE", form.text("dob"), 0.0, "dob"), ("SEX", human.sex, 0.32, "sex"), ("M S W D", "M", 0.42, ""), ("NEAREST RELATIVE", name_words(subject.relative, "LAST, FIRST"), 0.52, "")],
    ]  # fmt: skip
    y = 104.0
    for row in rows:
        for number, (head, text, at, field) in enumerate(row):
            x = left + 8 + at * (right - left - 12)
            stop = left + 8 + (row[number + 1][2] if number + 1 < len(row) else 1.0) * (right - left - 12)
            sheet.write(x, y, head, 6, fit=stop - x - 6)
            if field:
                form.say(field, "typed card", text)
            if text:
                sheet.write(x, y + 16, text, 10, face=COURIER, fit=stop - x - 8)
        sheet.rule(left, y + 24, right, y + 24)
        y += 36
    places = (left + 8, 170.0, 270.0, 360.0)
    for x, head in zip(places, ("ADMITTED", "DISCHARGED", "SERVICE", "PHYSICIAN"), strict=True):
        sheet.write(x, y, head, 6)
    for number in range(5):
        days = (form.other_short(-4000 + 700 * number), form.other_short(-3990 + 700 * number))
        texts = (*days, rng.choice(("MED", "SURG", "OB", "ORTHO")), form.subject.doctors[number % 4].family.upper())
        for x, text in zip(places, texts, strict=True):
            sheet.write(x, y + 20 + 18 * number, text, 10, face=COURIER)
    sheet.write(
        left + 8,
        392,
        f"{form.hospital.name.upper()}   CARD {rng.randrange(1, 4)}   FILMED REEL {rng.randrange(100, 999)}",
        7,
    )
    form.open |= {"admit_date", "discharge_date", "service_date", "attending"}


PAGES: dict[str, Callable[[Form], None]] = {
    "system note": system_note, "snapshot": snapshot, "mainframe": mainframe, "lab print": lab_print, "tracing": tracing,
    "sleep study": sleep_study, "federal print": federal_print, "statement": statement, "resident assessment": resident_assessment,
    "intake": intake, "therapy evaluation": therapy_evaluation, "state form": state_form, "bilingual": bilingual,
    "prescription": prescription, "excuse": excuse, "immunizations": immunizations, "label sheet": label_sheet, "index card": index_card,
}  # fmt: skip
"""How each kind of page is drawn."""
