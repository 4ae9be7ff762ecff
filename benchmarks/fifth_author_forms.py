"""The fifth author's forms: what is filled in, signed, faxed, stuck on or worn."""

from collections.abc import Callable

from benchmarks.display import WIDTH
from benchmarks.fifth_author import day_words, name_words
from benchmarks.fifth_author_paper import RIGHT, WORD, Page
from benchmarks.hospital_paper import MARGIN, Cell, stick
from benchmarks.third_author_prints import table

_ID = ("name", "mrn", "dob", "sex")


def _stuck(page: Page, y: float) -> float:
    """A patient's label in the right corner, with or without the words of the frame that it was stuck in."""
    caption = page.rng.choice(("", "", "PATIENT LABEL", "Addressograph", "PATIENT IDENTIFICATION"))
    return page.sticker(y, caption=caption) + 16


def consent(page: Page) -> None:
    """A consent to an operation: a label, running text with the names of patient and surgeon, signatures."""
    rng, human = page.rng, page.subject.human
    y = _stuck(page, page.letterhead() - 12)
    y = page.title(rng.choice(("CONSENT FOR SURGERY OR PROCEDURE", "INFORMED CONSENT", "CONSENT TO TREATMENT")), y)
    name = page.say("name", "running text", name_words(human, "First M. Last"))
    y = page.prose(f"1. I, {name}, authorize {page.doctor(0)} and such assistants as may be selected to perform the following: left total knee arthroplasty.", y, size=10)  # fmt: skip
    for text in ("2. The nature, purpose, risks and benefits of the procedure, and the alternatives, have been explained to me. I understand that no guarantee has been made.", f"3. I consent to anesthesia under the direction of {page.doctor(1)}.", "4. I consent to the administration of blood or blood products if needed.", "5. I consent to the disposal of any tissue removed.", "6. I consent to the presence of students and observers."):  # fmt: skip
        y = page.prose(text, y, size=10)
    for word in ("Patient / Legal Guardian signature", "Witness signature", "Physician signature"):
        page.signature(MARGIN, y + 24, word, 330)
        page.sheet.write(350, y + 22, page.day(-1), 10)
        page.signature(346, y + 24, "Date", 440)
        page.sheet.write(456, y + 22, page.clock(), 10)
        page.signature(452, y + 24, "Time", RIGHT)
        y += 44
    y = page.lines(MARGIN, y + 12, (f"If signed by other than the patient: {page.subject.relative.given.title()} {page.subject.relative.family.title()}, {page.kinship.lower()}", f"Interpreter ID # {rng.randrange(10**4, 10**6)}"), fit=400)  # fmt: skip
    page.foot()
    page.open |= {"service_date", "attending", "account"}


def release(page: Page) -> None:
    """An authorization to release health information: patient, from whom, to whom, what, until when."""
    rng, human = page.rng, page.subject.human
    y = page.letterhead(rng.choice(("AUTHORIZATION FOR RELEASE OF HEALTH INFORMATION", "HIPAA Authorization to Disclose Protected Health Information", "REQUEST FOR RELEASE OF MEDICAL RECORDS")))  # fmt: skip
    y = page.block([*page.cells_plain(["name", "dob", "mrn", "phone"]), Cell("Address", f"{human.address}, {human.postcode}"), *page.national()], y) + 6  # fmt: skip
    y = page.block([Cell("Release to", f"{page.subject.relative.given.title()} {page.subject.relative.family.title()}"), Cell("Relationship", page.kinship), Cell("Phone", page.other_phone()), Cell("Fax", page.other_phone())], y) + 6  # fmt: skip
    page.sheet.write(MARGIN, y, f"Dates of service: from {page.day(-700)} to {page.day(30)}", 9.5)
    y += 22
    for row in (("Discharge Summary", "Operative Report", "Laboratory"), ("Radiology Reports", "ED Record", "Entire Record"), ("Immunizations", "Billing Records", "Other")):  # fmt: skip
        page.choices(MARGIN, y, row, rng.randrange(4), gap=50, size=9)
        y += 18
    y = page.prose(f"Purpose: continuing care. I understand that I may revoke this authorization in writing at any time. Unless revoked, it expires on {page.day(365)} or one year from the date signed. Information disclosed may be subject to redisclosure. Treatment is not conditioned on signing.", y + 10, size=9.5)  # fmt: skip
    page.signature(MARGIN, y + 30, "Signature of patient or representative", 340)
    page.sheet.write(364, y + 28, page.day(5), 10)
    page.signature(360, y + 30, "Date signed", 470)
    page.lines(MARGIN, y + 70, ("FOR OFFICE USE ONLY", f"ID verified: driver license   Processed by: KL   Date: {page.day(8)}   ROI #: {rng.randrange(10**5, 10**6)}"), size=8.5, fit=530)  # fmt: skip
    page.foot()
    page.open |= {"service_date"}


def registration(page: Page) -> None:
    """A new patient's form: patient, responsible party, insurance with its subscriber, emergency contact."""
    rng, human, relative = page.rng, page.subject.human, page.subject.relative
    holder = rng.choice((human, relative))
    y = page.letterhead(rng.choice(("PATIENT REGISTRATION FORM", "New Patient Information", "Patient Registration")))
    cells = [*page.cells_plain(["name", "dob", "sex", "phone"]), Cell("Address", human.address), Cell("City/State/ZIP" if page.site.region == "us" else "Town", f"{page.facility.place.rsplit(' ', 1)[0]} {human.postcode}"), *page.national(), Cell("Email", f"{human.given}{rng.randrange(10, 99)}@mail.com"), Cell("Employer", "Self")]  # fmt: skip
    y = page.section("Patient Information", cells, y)
    y = page.section(rng.choice(("Responsible Party", "Guarantor Information", "Spouse / Parent Information")), [*page.kin("Name", is_born=True), Cell("Employer", "County Schools"), Cell("Work Phone", page.other_phone())], y)  # fmt: skip
    y = page.section("Insurance Information", [*page.cells_plain(["payer", "member_id"]), Cell("Group #", f"{rng.randrange(10**4, 10**6)}"), Cell(rng.choice(("Subscriber Name", "Insured's Name", "Policy Holder")), page.person(holder)), Cell("Subscriber DOB", day_words(holder.born, page.hospital.date)), Cell("Secondary Insurance", rng.choice(("None", page.other_payer)))], y)  # fmt: skip
    y = page.section("Emergency Contact", [Cell("Contact", page.person(relative)), Cell("Relationship", page.kinship), Cell("Contact Phone", page.other_phone()), Cell("Referred by", page.doctor(1))], y)  # fmt: skip
    y = page.prose("I authorize payment of benefits to the provider and the release of information needed to process my claims. I am responsible for all charges not covered.", y + 2, size=9)  # fmt: skip
    page.signature(MARGIN, y + 26, "Signature", 320)
    page.sheet.write(344, y + 24, page.day(1), 10)
    page.signature(340, y + 26, "Date", 450)
    page.foot()
    page.open |= {"service_date", "attending"}


def history_form(page: Page) -> None:
    """A questionnaire that the patient fills in: answers on rules, boxes, medicines, family."""
    rng = page.rng
    page.sheet.write(MARGIN, 46, rng.choice(("MEDICAL HISTORY FORM", "HEALTH HISTORY QUESTIONNAIRE", "Patient Intake Form")), 14, bold=True)  # fmt: skip
    page.sheet.write(400, 46, page.hospital.name, 9, fit=172)
    today = Cell(rng.choice(("Today's Date", "Date")), page.text("service_date"), (page.said("service_date", page.text("service_date")),)) if rng.random() < 0.5 else Cell("Date of last update", page.day(2))  # fmt: skip
    y = page.block([*page.cells(["name", "dob", "sex"]), today, Cell("Age", str(page.subject.age)), Cell("Primary Care Physician", page.doctor(0)), Cell("Pharmacy", f"Corner Drug {page.other_phone()}")], 74, way=rng.choice(("blank", "under", "corner", page.hospital.block))) + 4  # fmt: skip
    y = page.heading(y, "Have you ever had")
    words = "Asthma,Anemia,Arthritis,Cancer,Depression,Diabetes,Epilepsy,Heart attack,Hepatitis,High blood pressure,Kidney disease,Migraine,Stroke,Thyroid disease,Tuberculosis".split(",")  # fmt: skip
    for number, word in enumerate(words):
        x, at = MARGIN + 178 * (number % 3), y + 16 * (number // 3)
        page.sheet.tick(x, at + 1, ticked=rng.random() < 0.25)
        page.sheet.write(x + 15, at, word, 9)
    y = page.heading(y + 92, "Current medications")
    y = table(page, y, (MARGIN, 200, 300, 400), [("Medication", "Dose", "Started", "Prescribed by"), ("Metformin", "500 mg", page.day(-800), page.doctor(1)), ("Lisinopril", "10 mg", page.day(-300), page.doctor(0))]) + 6  # fmt: skip
    y = page.heading(y, "Surgeries and family history")
    y = table(page, y, (MARGIN, 200, 300, 400), [("Procedure / Relative", "Date / Age", "Hospital", "Notes"), ("Tonsillectomy", page.day(-6000), "Mercy", ""), ("Mother", "71", "", "Hypertension"), ("Father", "deceased 64", "", "MI")]) + 6  # fmt: skip
    y = page.prose(f"Last physical exam: {page.day(-400)}.  Last menstrual period / PSA: {page.day(-30)}.  Smoking: never.  Emergency contact: {page.subject.relative.given.title()} {page.subject.relative.family.title()}, {page.phone(page.subject.relative)}.", y)  # fmt: skip
    page.signature(MARGIN, y + 24, "Patient signature", 320)
    page.signature(340, y + 24, "Reviewed by", RIGHT)
    page.foot()
    page.open |= {"service_date", "attending", "phone"}


def immunization(page: Page) -> None:
    """A record of vaccinations with days, lots and sites."""
    rng = page.rng
    y = page.letterhead(rng.choice(("IMMUNIZATION RECORD", "Vaccine Administration Record", "Certificate of Immunization Status")))  # fmt: skip
    kin = rng.choice(("Responsible Party", "Mother's Maiden Name", "Guardian/Contact"))
    y = page.block([*page.cells(["name", "dob", "sex", "mrn"]), Cell(kin, page.person(page.subject.relative) if "Maiden" not in kin else "Turner"), Cell("PCP", page.doctor(0))], y) + 6  # fmt: skip
    rows = [("Vaccine", "Date Given", "Lot #", "Mfr", "Site", "VIS Date", "By")]
    rows += [(vaccine, page.day(offset), f"{rng.choice('UAX')}{rng.randrange(1000, 9999)}", rng.choice(("PFR", "SKB", "MSD")), rng.choice(("LD", "RD")), page.day(offset - 700), rng.choice(("KL", "MS"))) for vaccine, offset in (("Influenza", -30), ("Tdap", -1500), ("Hep B #1", -2500), ("Hep B #2", -2440), ("MMR", -3000), ("Pneumococcal 20", -200), ("Zoster #1", -420), ("Hep A", -180))]  # fmt: skip
    y = table(page, y, (MARGIN, 140, 222, 290, 340, 385, 470), rows)
    page.prose(f"TB skin test placed {page.day(-100)}, read {page.day(-98)}: 0 mm. Next due {page.day(300)}. {page.body(1)}", y + 10)  # fmt: skip
    page.signature(MARGIN, 640, "Signature of provider", 320)
    page.foot()
    page.open |= {"service_date", "attending"}


def prescription(page: Page) -> None:
    """A prescription: the prescriber's head, name, address and date on rules, medicine, refills."""
    rng, sheet, human = page.rng, page.sheet, page.subject.human
    sheet.frame(70, 40, 540, 470)
    for text, y, size in ((page.doctor(0), 66.0, 13.0), (page.hospital.name, 82.0, 10.0), (f"{page.hospital.street}, {page.facility.place}   Tel {page.hospital.phone}", 95.0, 8.5), ((f"DEA # B{rng.choice('FKM')}{rng.randrange(10**6, 10**7)}   NPI {page.npi}   " if page.site.region == "us" else "") + f"Lic # {rng.randrange(10**4, 10**6)}", 107.0, 8.5)):  # fmt: skip
        sheet.write(90, y, text, size, bold=size > 12, fit=430)
    sheet.rule(90, 116, 520, 116)
    label = rng.choice(("Name", "Patient Name", "Patient", "For"))
    name = page.say("name", "blank")
    date_cell = Cell(rng.choice(("Date", "Date Written", "Date Issued")), page.text("service_date"))
    at = sheet.write(92, 140, f"{label}:", 10.5) + 4
    sheet.write(at + 2, 140, name, 10.5, fit=354 - at)
    sheet.rule(at, 143, 360, 143)
    sheet.write(372, 140, f"{page.hospital.labels['dob'].split(' (')[0]}: {page.say('dob', 'blank')}", 10.5, fit=150)
    sheet.write(92, 162, f"Address: {human.address}", 10.5, fit=260)
    sheet.write(372, 162, f"{date_cell.label}: {date_cell.text}", 10.5, fit=150)
    sheet.write(92, 210, "Rx", 26, bold=True)
    page.lines(130, 220, (rng.choice(("Amoxicillin 500 mg capsules", "Prednisone 20 mg tablets")), "Sig: take 1 by mouth three times daily for 10 days", f"Disp: #{rng.randrange(20, 60)} (thirty)", f"Refills: {rng.randrange(0, 4)}"), size=11, step=20, fit=380)  # fmt: skip
    page.choices(130, 330, ("Dispense as written", "May substitute"), 1, gap=30, size=9)
    page.signature(300, 400, "Signature of prescriber", 520)
    sheet.write(90, 440, f"Valid until {page.day(365)}.  Security features: void background.  Serial {rng.randrange(10**7, 10**8)}", 7.5)  # fmt: skip
    if page.hospital.sticker_turn:
        stick(page, page.sticker_lines(), 90, left=440, top=500, size=8)
    elif rng.random() < 0.4:
        page.sticker(540)
    page.open |= {"service_date", "attending", "phone"}


def death_certificate(page: Page) -> None:
    """A worksheet of a death certificate: numbered boxes, parents, informant, funeral home, certifier, causes."""
    rng, human, relative = page.rng, page.subject.human, page.subject.relative
    page.sheet.write(120, 40, rng.choice(("CERTIFICATE OF DEATH", "MEDICAL CERTIFICATION OF DEATH - WORKSHEET", "U.S. STANDARD CERTIFICATE OF DEATH")) if page.site.region == "us" else "MEDICAL CERTIFICATE OF CAUSE OF DEATH", 13, bold=True)  # fmt: skip
    page.sheet.write(MARGIN, 56, f"LOCAL FILE NO. {rng.randrange(10**4, 10**6)}", 7.5)
    page.sheet.write(430, 56, f"STATE FILE NO. {rng.randrange(10**6, 10**7)}", 7.5)
    name, family = name_words(human, "First M Last"), relative.family.title()
    cells = [
        Cell("1. DECEDENT'S LEGAL NAME (First, Middle, Last)", name, (page.said("name", name),)), Cell("2. SEX", WORD[human.sex], (page.said("sex", WORD[human.sex]),)), Cell("3. SOCIAL SECURITY NUMBER" if page.site.region == "us" else "3. REGISTRATION DISTRICT", f"xxx-xx-{human.ssn4}" if page.site.region == "us" else "North"), Cell("4a. AGE - Last Birthday (Years)", str(page.subject.age)),
        Cell("5. DATE OF BIRTH (Mo/Day/Yr)" if not page.hospital.profile.day_first else "5. DATE OF BIRTH", page.text("dob"), (page.said("dob", page.text("dob")),)), Cell("6. BIRTHPLACE", page.facility.place), Cell("7. RESIDENCE", human.address), Cell("9. MARITAL STATUS AT TIME OF DEATH", "Widowed"),
        Cell("11. FATHER'S NAME", f"Harold {human.family.title()}"), Cell("12. MOTHER'S NAME PRIOR TO FIRST MARRIAGE", "Edith Turner"), Cell("13a. INFORMANT'S NAME", f"{relative.given.title()} {family}"), Cell("13b. RELATIONSHIP TO DECEDENT", page.kinship),
        Cell("14. PLACE OF DEATH", "Hospital - Inpatient"), Cell("15. FACILITY NAME", page.hospital.name), Cell("21. FUNERAL FACILITY", "Lakeside Funeral Home"), Cell("29. ACTUAL OR PRESUMED DATE OF DEATH", page.day(7)),
        Cell("30. TIME OF DEATH", page.clock()), Cell("45. NAME OF CERTIFIER", page.doctor(0)), Cell("47. LICENSE NUMBER", f"{rng.randrange(10**4, 10**6)}"), Cell("49. DATE CERTIFIED", page.day(9)),
    ]  # fmt: skip
    y = page.block(cells, 80, way="corner", columns=2)
    y = page.heading(y + 10, "32. PART I. CAUSE OF DEATH")
    y = page.lines(MARGIN, y, ("a. Acute respiratory failure                  (days)", "b. Due to: pneumonia                          (1 week)", "c. Due to: chronic obstructive pulmonary disease   (years)"), fit=500)  # fmt: skip
    page.lines(MARGIN, y + 4, ("PART II. Other significant conditions: type 2 diabetes", "33. Was an autopsy performed?  No", "37. Manner of death: Natural"), fit=500)  # fmt: skip
    page.foot()
    page.open |= {"attending", "discharge_date", "service_date", "admit_date"}


def birth_certificate(page: Page) -> None:
    """A copy of the patient's birth certificate: child, parents with a birthday of their own, who filed it and when."""
    rng, sheet, human = page.rng, page.sheet, page.subject.human
    sheet.write(150, 46, rng.choice(("CERTIFICATE OF LIVE BIRTH", "CERTIFICATION OF BIRTH", "Certified Copy of Birth Record")), 14, bold=True)  # fmt: skip
    sheet.write(MARGIN, 62, f"{page.facility.place.split(' ')[0]} Department of Health, Vital Records   State File No. {rng.randrange(100, 199)}-{rng.randrange(10**5, 10**6)}", 8.5)  # fmt: skip
    name, mother = name_words(human, "First M Last"), human.born.replace(year=human.born.year - 27, day=min(human.born.day, 28))  # fmt: skip
    cells = [
        Cell(rng.choice(("1. CHILD'S NAME", "Name of child", "1. Child - Name (First, Middle, Last)")), name, (page.said("name", name),)), Cell(rng.choice(("2. SEX", "Sex")), WORD[human.sex], (page.said("sex", WORD[human.sex]),)),
        Cell(rng.choice(("3. DATE OF BIRTH", "Date of birth")), page.text("dob"), (page.said("dob", page.text("dob")),)), Cell("4. TIME OF BIRTH", page.clock()), Cell("5. FACILITY NAME", page.hospital.name), Cell("6. PLACE OF BIRTH", page.facility.place),
        Cell("7. MOTHER'S MAIDEN NAME", rng.choice(("Edith Ann Turner", "Rosa Marie Delgado"))), Cell("8. MOTHER'S DATE OF BIRTH", day_words(mother, page.hospital.date)), Cell("9. FATHER'S NAME", f"Harold {human.family.title()}"), Cell("10. FATHER'S BIRTHPLACE", "Kentucky"),
        Cell("11. ATTENDANT", page.doctor(0)), Cell("12. REGISTRAR", f"{page.subject.doctors[2].given} {page.subject.doctors[2].family}"), Cell("13. DATE FILED", day_words(human.born.replace(day=28), "%m/%d/%Y") if human.born.day != 28 and page.site.region == "us" else "on file"), Cell("14. DATE ISSUED", page.day(-900)),
    ]  # fmt: skip
    y = page.block(cells, 96, way=rng.choice(("corner", "under", "colon", "blank")), columns=2) + 10
    y = page.prose("This is to certify that the above is a true copy of the record on file in this office. Not valid without the raised seal of the registrar.", y)  # fmt: skip
    page.lines(MARGIN, y + 10, (f"Copied to chart {page.day(1)} by REG{rng.randrange(10, 99)}", f"Serial {rng.choice('ABC')}{rng.randrange(10**6, 10**7)}"), size=9)  # fmt: skip
    page.open |= {"attending", "service_date"}


def directive(page: Page) -> None:
    """A health care power of attorney: who appoints whom in running text, signatures, a label of the hospital."""
    rng, human, relative = page.rng, page.subject.human, page.subject.relative
    y = _stuck(page, 34)
    y = page.title(rng.choice(("ADVANCE DIRECTIVE FOR HEALTH CARE", "HEALTH CARE POWER OF ATTORNEY", "LIVING WILL")), y)
    name, agent = page.say("name", "running text", name_words(human, "First M. Last")), f"{relative.given.title()} {relative.family.title()}"  # fmt: skip
    y = page.prose(f"I, {name}, of {human.address}, being of sound mind, appoint my {page.kinship.lower()}, {agent}, telephone {page.phone(relative)}, as my health care agent. If my agent is unable to serve, I appoint {page.subject.doctors[2].given} {page.subject.doctors[2].family}, telephone {page.other_phone()}.", y, size=10.5)  # fmt: skip
    for text in ("I do not want life-sustaining treatment if I have a terminal condition.", "I want comfort care and pain relief at all times.", "I wish to donate my organs and tissues.", "I want tube feeding continued."):  # fmt: skip
        page.sheet.tick(MARGIN, y + 1, ticked=rng.random() < 0.6)
        y = page.prose(text, y, left=MARGIN + 18, size=10)
    y += 20
    for word, who in (("Signature of principal", name), ("Witness 1", f"{page.subject.doctors[3].given} {page.subject.doctors[3].family}"), ("Witness 2", f"{page.subject.doctors[1].given} {page.subject.doctors[1].family}")):  # fmt: skip
        page.signature(MARGIN, y, f"{word}: {who}", 340)
        page.sheet.write(364, y - 2, page.day(-200), 10)
        page.signature(360, y, "Date", RIGHT)
        y += 42
    page.lines(MARGIN, y, (f"Notary public. My commission expires {page.day(700)}.", f"Scanned to chart {page.day(2)} by HIM"), size=9, fit=400)  # fmt: skip
    page.foot()
    page.open |= {"service_date", "attending", "phone"}


def transfer_form(page: Page) -> None:
    """A transfer between hospitals: who, from where, to where, why, vital signs, who agreed."""
    rng, relative = page.rng, page.subject.relative
    y = page.letterhead(rng.choice(("PATIENT TRANSFER FORM", "INTERFACILITY TRANSFER (EMTALA)", "Inter-Facility Transfer Summary")))  # fmt: skip
    y = page.block([*page.cells([*_ID, "admit_date", "attending"]), *page.cells_plain(["payer", "member_id"])], y) + 4
    y = page.section("Contact", [*page.kin(rng.choice(("Next of Kin", "Emergency Contact", "Family notified")))], y)
    y = page.section("Transfer", [Cell("From", page.hospital.name), Cell("Receiving Facility", "University Hospital"), Cell("Accepting Physician", page.doctor(0)), Cell("Accepted", f"{page.day(3)} {page.clock()}"), Cell("Transferring Physician", page.doctor(1)), Cell("Report called to", f"{page.subject.doctors[2].family} RN {page.other_phone()}"), Cell("Mode", "ALS ambulance"), Cell("Unit #", f"M{rng.randrange(1, 60)}")], y)  # fmt: skip
    page.choices(MARGIN, y, ("Stable for transfer", "Unstable, benefits outweigh risks"), 0, gap=30)
    y += 22
    y = page.story(y, (("Reason for transfer", "Higher level of care, cardiac catheterization."), ("Summary", page.body(4)), ("Sent with patient", f"Copies of chart, x-rays of {page.day(1)}, medication list. Belongings to {relative.given.title()}.")))  # fmt: skip
    page.signature(MARGIN, y + 24, "Physician signature", 320)
    page.sheet.write(344, y + 22, page.day(3), 10)
    page.signature(340, y + 24, "Date", RIGHT)
    page.foot(["name", "dob"])
    page.open |= {"service_date", "encounter", "phone", "discharge_date"}


def fax_cover(page: Page) -> None:
    """A fax's first sheet: from, to, about whom."""
    rng, sheet = page.rng, page.sheet
    page.letterhead()
    sheet.write(MARGIN, 110, rng.choice(("FAX", "FACSIMILE TRANSMITTAL", "Fax Cover Sheet")), 22, bold=True)
    name, born, labels = page.say("name", "RE line"), page.say("dob", "RE line"), page.hospital.labels
    mrn = f"  {labels['mrn']} {page.say('mrn', 'RE line')}" if rng.random() < 0.5 else ""
    cells = [("TO:", page.doctor(0)), ("FROM:", f"Medical Records, {page.hospital.name}"), ("FAX:", page.other_phone()), ("PHONE:", page.hospital.phone), ("DATE:", page.day(5)), ("PAGES:", f"{rng.randrange(2, 40)} including cover"), ("CC:", page.doctor(1))]  # fmt: skip
    about = rng.choice((f"{name}  DOB {born}{mrn}", f"{name}, {labels['dob']}: {born}{mrn}", f"Records of {name} ({born}){mrn}"))  # fmt: skip
    y = 150.0
    for label, text in [*cells, ("RE:", about)]:
        sheet.write(MARGIN, y, label, 11, bold=True)
        sheet.write(MARGIN + 66, y, text, 11, fit=RIGHT - MARGIN - 66)
        sheet.rule(MARGIN, y + 5, RIGHT, y + 5)
        y += 24
    page.choices(MARGIN, y + 6, ("Urgent", "For Review", "Please Reply", "As Requested"), 3, gap=30, size=10)
    y = page.prose(f"Comments: Please see attached records from {page.day(-30)} through {page.day(2)}. Referral # {rng.randrange(10**6, 10**8)}. Please call {page.other_phone()} if pages are missing.", y + 40, size=11)  # fmt: skip
    page.prose("CONFIDENTIALITY NOTICE: The documents accompanying this transmission contain confidential health information that is legally privileged. If you are not the intended recipient, you are notified that any disclosure, copying or distribution is strictly prohibited. Please notify the sender immediately.", 660, size=8.5)  # fmt: skip
    page.open |= {"service_date", "attending", "mrn", "phone"}


def referral(page: Page) -> None:
    """A referral from one office to another with insurance and a reason."""
    rng = page.rng
    y = page.letterhead(rng.choice(("REFERRAL FORM", "Referral Request", "Specialist Referral", "PHYSICIAN REFERRAL")))
    y = page.section("Patient Information", [*page.cells(["name", "dob", "sex", "phone"]), Cell("Address", page.subject.human.address), *page.national(), *page.cells_plain(["payer", "member_id"]), Cell("Authorization #", f"A{rng.randrange(10**6, 10**8)}")], y)  # fmt: skip
    y = page.section("Referring Provider", [Cell("Provider Name", page.doctor(0)), Cell("NPI", page.npi), Cell("Office Phone", page.other_phone()), Cell("Office Fax", page.other_phone())], y)  # fmt: skip
    y = page.section("Referred To", [Cell("Specialist", page.doctor(1)), Cell("Specialty", rng.choice(("Cardiology", "Neurology"))), Cell("Clinic Phone", page.other_phone()), Cell("Appointment", f"{page.day(20)} {page.clock()}")], y)  # fmt: skip
    page.choices(MARGIN, y, ("Routine", "Urgent", "STAT"), rng.randrange(3), gap=30)
    y += 22
    y = page.story(y, (("Reason for referral", f"Evaluate and treat. {page.body(2)}"), ("Diagnosis", "I48.91 atrial fibrillation, E11.9 type 2 diabetes."), ("Relevant history", page.body(3))))  # fmt: skip
    page.signed(y + 4, page.doctor(0), 1)
    page.foot(["name", "dob"])
    page.open |= {"service_date", "attending", "mrn"}


def labels_sheet(page: Page) -> None:
    """A sheet of the patient's labels, all the same, and a chart label."""
    lines = page.sticker_lines()
    top = 40.0
    for _ in range(4):
        bottom = top
        for right in (MARGIN + 250, RIGHT):
            bottom = page.sticker(top, right=right, lines=lines, is_framed=page.site.seed % 2 == 0)
        top = bottom + 24
    page.block([*page.cells([*_ID, "encounter", "admit_date"])], top + 20, left=MARGIN, right=WIDTH - MARGIN)
    page.open |= {"attending", "account", "service_date"}


def wristband(page: Page) -> None:
    """A copy of a wristband over the page of an allergy or fall band."""
    rng, sheet, human = page.rng, page.sheet, page.subject.human
    sheet.write(MARGIN, 50, f"{page.hospital.name} - ID band verification", 10, fit=400)
    sheet.frame(MARGIN, 80, RIGHT, 150)
    name, mrn, born = page.say("name", "wristband", name_words(human, "LAST, FIRST M")), page.say("mrn", "wristband"), page.say("dob", "wristband")  # fmt: skip
    sex, labels = page.say("sex", "wristband", human.sex), page.hospital.labels
    sheet.write(MARGIN + 90, 100, name, 13, bold=True, fit=260)
    sheet.write(MARGIN + 90, 118, f"{labels['mrn']}: {mrn}   DOB: {born}   {page.subject.age}Y {sex}", 10, fit=320)
    admitted = page.say("admit_date", "wristband")
    sheet.write(MARGIN + 90, 134, f"{labels['encounter']}: {page.say('encounter', 'wristband')}   Adm: {admitted}   Dr: {page.subject.attending.family}", 9, fit=320)  # fmt: skip
    for number in range(30):
        sheet.rule(MARGIN + 12 + number * 2.2 + number % 3 * 0.6, 92, MARGIN + 12 + number * 2.2 + number % 3 * 0.6, 138)  # fmt: skip
    sheet.frame(MARGIN, 180, 330, 220)
    sheet.write(MARGIN + 12, 204, rng.choice(("ALLERGY: PENICILLIN", "FALL RISK")), 13, bold=True)
    page.lines(MARGIN, 260, (f"Band applied {page.day(1)} {page.clock()} by {page.subject.doctors[2].given} {page.subject.doctors[2].family} RN", f"Second check {page.subject.doctors[1].given} {page.subject.doctors[1].family} RN", "Reason: band replaced"), fit=400)  # fmt: skip
    page.foot()
    page.open |= {"attending", "service_date"}


def instructions(page: Page) -> None:
    """What a patient takes home from a ward, signed, with a label."""
    rng = page.rng
    y = _stuck(page, page.letterhead() - 10)
    y = page.title(rng.choice(("DISCHARGE INSTRUCTIONS", "Home Care Instructions", "PATIENT DISCHARGE INSTRUCTIONS")), y)  # fmt: skip
    y = page.block(page.cells_plain(["name", "discharge_date"]), y) + 4
    y = page.story(y, (("Diet", "Regular, low salt."), ("Activity", "No lifting over 10 lb for 2 weeks. No driving while taking pain medicine."), ("Medications", "Ibuprofen 600 mg every 6 hours as needed. Next dose 6 PM."), ("Follow-up", f"{page.doctor(0)} on {page.day(18)}, call {page.other_phone()}. Suture removal {page.day(22)}."), ("Call your doctor if", "fever over 101 F, redness or drainage, trouble breathing.")))  # fmt: skip
    y = page.prose("I have received and understand these instructions.", y + 8)
    page.signature(MARGIN, y + 22, f"{rng.choice(('Patient', 'Patient or family'))} signature", 300)
    page.signature(320, y + 22, f"RN {page.subject.doctors[2].given} {page.subject.doctors[2].family}", RIGHT)
    page.foot()
    page.open |= {"attending", "service_date", "account"}


def anesthesia(page: Page) -> None:
    """An anesthesia record: an imprint of the plate, boxes with times, a grid of pressures."""
    rng, sheet = page.rng, page.sheet
    sheet.write(MARGIN, 44, rng.choice(("ANESTHESIA RECORD", "ANESTHETIC RECORD")), 14, bold=True)
    sheet.write(MARGIN, 58, page.hospital.name, 9, fit=260)
    bottom = _stuck(page, 30)
    surgery = page.cell("service_date", rng.choice(("Date", "Date of Surgery", "Date of Anesthesia")))
    if surgery.label == "Date":  # a bare word that says not of what
        surgery = Cell("Date", page.day(1))
    cells = [surgery, Cell("OR #", f"{rng.randrange(1, 20)}"), Cell("Surgeon", page.doctor(0)), Cell("Anesthesiologist", page.doctor(1)), Cell("CRNA", page.doctor(2)), Cell("Procedure", "Lap chole"), Cell("ASA", "2"), Cell("Ht/Wt", "170 cm 80 kg"), Cell("Anes Start", page.clock()), Cell("Anes End", page.clock()), Cell("NPO since", "Midnight"), Cell("Allergies", "NKDA")]  # fmt: skip
    y = page.block(cells, max(bottom, 100) + 6, way="corner") + 14
    rows = [("Time", *(f"{hour:02d}{minute}" for hour in (8, 9) for minute in ("00", "15", "30", "45")))]
    rows += [(name, *(str(rng.randrange(low, high)) for _ in range(8))) for name, low, high in (("SBP", 95, 150), ("DBP", 55, 90), ("HR", 55, 95), ("SpO2", 97, 101), ("EtCO2", 32, 40), ("Temp", 35, 38), ("Sevo %", 1, 3), ("Propofol", 0, 2), ("Fentanyl", 0, 50), ("Fluids", 100, 400))]  # fmt: skip
    y = table(page, y, (MARGIN, *(110 + 56 * n for n in range(8))), rows)
    page.prose(f"Remarks: easy mask, grade 1 view, 7.0 ETT at 21 cm. {page.body(2)} To PACU stable. Last anesthetic {page.day(-900)}.", y + 12)  # fmt: skip
    page.foot()
    page.open |= {"attending", "service_date", "account"}


FORMS: dict[str, Callable[[Page], None]] = {
    "consent": consent, "release": release, "registration": registration, "history form": history_form, "immunization record": immunization,
    "prescription": prescription, "death certificate": death_certificate, "birth certificate": birth_certificate, "directive": directive,
    "transfer": transfer_form, "fax cover": fax_cover, "referral": referral, "labels": labels_sheet, "wristband": wristband,
    "discharge instructions": instructions, "anesthesia record": anesthesia,
}  # fmt: skip
