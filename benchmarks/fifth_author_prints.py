"""The fifth author's prints: what record systems, laboratories and dictation put on paper about a stay or a visit."""

from collections.abc import Callable

from benchmarks.display import COURIER, HEIGHT, WIDTH
from benchmarks.fifth_author import day_words, name_words
from benchmarks.fifth_author_paper import RIGHT, WORD, Page
from benchmarks.hospital_paper import MARGIN, Cell
from benchmarks.third_author_prints import table

_ID = ("name", "mrn", "dob", "sex")


def face_sheet(page: Page) -> None:
    """What registration knows: patient, stay, guarantor, emergency contact, coverages, providers."""
    rng, human = page.rng, page.subject.human
    y = page.letterhead(rng.choice(("FACE SHEET", "Patient Face Sheet", "ADMISSION RECORD", "INPATIENT FACESHEET", "Hospital Encounter Face Sheet")))  # fmt: skip
    first = [*page.cells(_ID), *page.national(), Cell("Address", f"{human.address}, {human.postcode}"), *page.cells_plain(["phone"]), Cell("Marital Status", rng.choice(("Married", "Single", "Divorced"))), Cell("Race", "White"), Cell("Language", "English")]  # fmt: skip
    y = page.section(rng.choice(("Patient Information", "Patient Demographics", "Patient")), first, y)
    stay = [*page.cells_plain(["encounter", "account", "admit_date", "discharge_date", "attending"]), Cell("Admitting Provider", page.doctor(0)), Cell("Patient Class", "Inpatient"), Cell("Unit/Room/Bed", f"4W/{rng.randrange(400, 440)}/A")]  # fmt: skip
    y = page.section(rng.choice(("Visit Information", "Encounter", "Admission Information")), stay, y)
    kin = rng.choice(("Guarantor", "Guarantor Name", "Responsible Party"))
    y = page.section("Guarantor", [*page.kin(kin, is_born=True), Cell("Employer", rng.choice(("Retired", "City Schools", "Walmart")))], y)  # fmt: skip
    y = page.section("Emergency Contact", [Cell("Contact Name", page.person(page.subject.relative)), Cell("Relationship", page.kinship), Cell("Contact Phone", page.other_phone())], y)  # fmt: skip
    y = page.section(rng.choice(("Coverage", "Insurance Information", "Primary Coverage")), [*page.cells_plain(["payer", "member_id"]), Cell("Group #", f"{rng.randrange(10**4, 10**6)}"), Cell("Subscriber", page.person(rng.choice((human, page.subject.relative)))), Cell("Secondary Insurance", page.other_payer), Cell("Secondary Policy #", f"{rng.randrange(10**8, 10**9)}A")], y)  # fmt: skip
    page.foot(["name", "mrn"])
    page.open |= {"service_date"}


def demographics(page: Page) -> None:
    """A terminal's print in typewriter letters, labels in capitals, two columns."""
    rng, labels, say, human = page.rng, page.hospital.labels, page.say, page.subject.human
    relative, habit = page.subject.relative, "typed columns"
    name = say("name", habit, name_words(human, "LAST,FIRST M").upper())
    sex = say("sex", habit, human.sex)
    kin = name_words(relative, "LAST,FIRST M").upper()
    page.typed(0, 40, page.hospital.name.upper()[:44])
    page.typed(58, 40, f"RUN {page.other_short(3)} {rng.randrange(1000, 2359)}")
    page.typed(0, 53, rng.choice(("REGISTRATION DEMOGRAPHIC RECORD", "ADM PATIENT INQUIRY", "PATIENT REGISTRATION RECORD")))  # fmt: skip
    page.sheet.rule(MARGIN, 60, RIGHT, 60)
    rows = [
        (f"PATIENT: {name}", f"{labels['account'].upper()}: {say('account', habit)}"), (f"ADDRESS: {human.address.upper()}", f"{labels['mrn'].upper()}: {say('mrn', habit)}"), (f"{human.postcode}", f"{labels['dob'].upper().split(' (')[0]}: {say('dob', habit)}"),
        (f"{labels['phone'].upper()}: {say('phone', habit)}", f"AGE/SEX: {page.subject.age}/{sex}"), (f"{labels['admit_date'].upper()}: {say('admit_date', habit)}", f"{labels['discharge_date'].upper()}: {say('discharge_date', habit)}"),
        (f"{labels['attending'].upper()}: {say('attending', habit)}", f"LOC: 3E   RM: {rng.randrange(300, 340)}-{rng.randrange(1, 3)}"), (f"PRIMARY CARE: {page.doctor(0)}", f"MS: {rng.choice('SMWD')}   RACE: W   REL: BAP"), ("", ""),
        (f"GUARANTOR: {kin}", f"REL TO PT: {page.kinship.upper()}"), (f"ADDRESS: {relative.address.upper()}", f"PHONE: {page.phone(relative)}"), (f"NEXT OF KIN: {kin}", f"PHONE: {page.other_phone()}"), ("", ""),
        (f"{labels['payer'].upper()}: {say('payer', habit)}", f"{labels['member_id'].upper()}: {say('member_id', habit)}"), (f"SUBSCRIBER: {kin}", f"GROUP: {rng.randrange(10**4, 10**6)}"), (f"SECOND INS: {page.other_payer.upper()}", f"POL: {rng.randrange(10**8, 10**9)}"),
        ("", ""), ("ADM DX: CHEST PAIN", f"ARRIVAL: AMBULANCE  {page.clock()}"), ("COMMENT: ADV DIRECTIVE ON FILE", f"CLERK: ADM.{rng.choice(('JKL', 'BTM'))}"),
    ]  # fmt: skip
    for number, (left, right) in enumerate(rows):
        page.sheet.write(MARGIN, 80 + 15 * number, left, 10, face=COURIER, fit=290)
        page.sheet.write(MARGIN + 306, 80 + 15 * number, right, 10, face=COURIER, fit=RIGHT - MARGIN - 306)
    page.open |= {"service_date", "encounter"}


def visit_summary(page: Page) -> None:
    """What a patient takes home: the name, number and birthday at the top, what was done, what is next."""
    rng, sheet, labels = page.rng, page.sheet, page.hospital.labels
    sheet.write(MARGIN, 46, "AFTER VISIT SUMMARY", 16, bold=True)
    sheet.write(400, 40, page.hospital.name, 10, bold=True, fit=172)
    name = page.say("name", "name alone", name_words(page.subject.human, "First M. Last"))
    sheet.write(MARGIN, 64, f"{name}   {labels['mrn']}: {page.say('mrn', 'line under a title')}   {labels['dob']}: {page.say('dob', 'line under a title')}", 10, fit=500)  # fmt: skip
    served = page.say("service_date", "line under a title")
    sheet.write(MARGIN, 82, f"{served} {page.clock()}   {page.hospital.name}   {page.hospital.phone}", 9, fit=500)
    sheet.rule(MARGIN, 90, RIGHT, 90)
    left = page.heading(112, "Instructions")
    left = page.prose(f"from {page.doctor(0)}. {page.body(4)}", left)
    y = page.story(left + 6, (("Today's Visit", f"You saw {page.doctor(0)} on {served} for: follow-up of hypertension, medication refill."), ("What's Next", f"{page.day(30)} Office visit with {page.doctor(1)} at 10:20 AM. {page.day(45)} Mammogram, 2nd floor. {page.body(2)}"), ("Your Medication List", "amLODIPine 5 mg tablet, take 1 tablet daily. atorvastatin 40 mg tablet, take 1 tablet nightly. Stop taking: ibuprofen.")))  # fmt: skip
    page.story(y + 4, (("Care Team", f"{page.doctor(0)} (PCP), {page.doctor(1)} (Cardiology) phone {page.other_phone()}"), ("MyChart", f"Activation code {rng.choice('QZX')}{rng.randrange(10, 99)}TR-4KD{rng.randrange(10, 99)}. Expires {page.day(60)}.")))  # fmt: skip
    word, number = page.say("name", "foot", name_words(page.subject.human, "First M. Last")), page.say("mrn", "foot")
    sheet.write(MARGIN, HEIGHT - 30, f"{word} ({labels['mrn']}: {number}) • Printed at {page.day(13)} {page.clock()}", 8, fit=430)  # fmt: skip
    sheet.write(500, HEIGHT - 30, "Page 1 of 3", 8)
    page.open |= {"attending", "encounter", "sex"}


def lab_report(page: Page) -> None:
    """A reference laboratory's report: patient, specimen and physician in three columns, results in rows."""
    rng, sheet, human, labels = page.rng, page.sheet, page.subject.human, page.hospital.labels
    sheet.write(MARGIN, 44, rng.choice(("LabOne Diagnostics", "Quality Reference Laboratory", "National Clinical Labs")), 15, bold=True)  # fmt: skip
    sheet.write(340, 44, f"{rng.choice(('Patient Report', 'LABORATORY REPORT'))}   Status: FINAL", 10, bold=True, fit=230)  # fmt: skip
    sheet.rule(MARGIN, 52, RIGHT, 52)
    third = (RIGHT - MARGIN) / 3
    says = {f: page.say(f, "three columns", human.sex if f == "sex" else None) for f in (*_ID, "phone")}
    sex = rng.choice((f"Gender: {says['sex']}   Age: {page.subject.age}", f"Age: {page.subject.age}   Sex: {says['sex']}", f"Sex: {says['sex']}"))  # fmt: skip
    columns = (
        ("PATIENT INFORMATION", (says["name"], f"{labels['dob']}: {says['dob']}", sex, f"Phone: {says['phone']}", f"{rng.choice(('Patient ID', labels['mrn']))}: {says['mrn']}")),
        ("SPECIMEN INFORMATION", (f"Specimen: {rng.choice('CQ')}{rng.choice('LW')}{rng.randrange(10**6, 10**7)}", f"Requisition: {rng.randrange(10**6, 10**7)}", f"Collected: {page.day(-1)} / {page.clock()}", f"Received: {page.day(1)} / {page.clock()}", f"Reported: {page.day(2)} / {page.clock()}")),
        ("CLIENT INFORMATION", (f"Client #: {rng.randrange(10**7, 10**8)}", page.doctor(0), page.hospital.name, page.hospital.street, f"Ph: {page.hospital.phone}")),
    )  # fmt: skip
    for number, (title, texts) in enumerate(columns):
        x = MARGIN + number * third
        sheet.write(x, 68, title, 8.5, bold=True)
        page.lines(x, 84, texts, size=9, fit=third - 12)
    sheet.rule(MARGIN, 142, RIGHT, 142)
    rows = [("Test Name", "In Range", "Out of Range", "Reference Range", "Lab")]
    for test, low, high, unit in (("Glucose", 65, 99, "mg/dL"), ("Urea nitrogen (BUN)", 7, 25, "mg/dL"), ("Creatinine", 1, 2, "mg/dL"), ("Sodium", 135, 146, "mmol/L"), ("Potassium", 3, 6, "mmol/L"), ("Calcium", 8, 11, "mg/dL"), ("Albumin", 3, 6, "g/dL"), ("ALT", 9, 46, "U/L"), ("Cholesterol, total", 125, 200, "mg/dL"), ("HDL cholesterol", 40, 90, "mg/dL"), ("Triglycerides", 40, 150, "mg/dL"), ("TSH", 1, 5, "mIU/L"), ("Hemoglobin A1c", 4, 6, "%")):  # fmt: skip
        value = rng.randrange(low, high + high // 4 + 1)
        rows.append((test, str(value) if value <= high else "", f"{value} H" if value > high else "", f"{low}-{high} {unit}", "TBR"))  # fmt: skip
    y = table(page, 160, (MARGIN, 220, 290, 370, 500), rows, size=9)
    page.prose(f"Comments: {page.body(1)} Fasting reference interval. Result called to {page.doctor(1)} {page.day(2)}. CLIA 36D{rng.randrange(10**6, 10**7)}. Laboratory director: {page.doctor(3)}.", y + 10, size=8.5)  # fmt: skip
    sheet.write(MARGIN, HEIGHT - 34, f"Patient: {page.say('name', 'foot')}   {labels['dob']}: {page.say('dob', 'foot')}   Report date {page.day(2)}", 8, fit=430)  # fmt: skip
    sheet.write(500, HEIGHT - 34, "Page 1 of 2", 8)
    page.open |= {"service_date", "attending", "encounter"}


def radiology(page: Page) -> None:
    """A radiologist's report with exam date, order and accession number."""
    rng = page.rng
    y = page.letterhead(rng.choice(("RADIOLOGY REPORT", "Diagnostic Imaging Report", "Department of Radiology", "IMAGING RESULT")))  # fmt: skip
    label = rng.choice(("Exam Date", "Date of Exam", "Date of Service", "Study Date", "Exam Date"))
    extras = [page.cell("service_date", label), Cell("Accession #", f"{rng.randrange(10**7, 10**8)}"), Cell(rng.choice(("Ordering Provider", "Ordering Physician", "Referring Physician")), page.doctor(0)), Cell("Exam", rng.choice(("CT ABDOMEN PELVIS W CONTRAST", "XR CHEST 2 VIEWS", "MRI BRAIN WO CONTRAST")))]  # fmt: skip
    y = page.identify([*_ID, "encounter"] if rng.random() < 0.5 else _ID, y, extras) + 4
    y = page.story(y, (("History", f"{page.subject.age}-year-old {WORD[page.subject.human.sex].lower()} with pain."), ("Comparison", f"CT of {page.day(-300)} and radiograph dated {page.day(-30)}."), ("Technique", "Axial images were obtained following administration of 100 mL of intravenous contrast. Dose reduction techniques were used."), ("Findings", "The lung bases are clear. The liver, spleen, pancreas and adrenal glands are unremarkable. No hydronephrosis. There is no free fluid or free air. The bowel is normal in caliber. No suspicious osseous lesion."), ("Impression", "1. No acute findings. 2. Stable 4 mm nodule, follow up in 12 months.")))  # fmt: skip
    y = page.signed(y + 6, page.doctor(1), 2)
    page.lines(MARGIN, y, (f"Workstation: RAD-{rng.randrange(10, 99)}", f"cc: {page.doctor(2)}, {page.doctor(3)}"), size=8.5, fit=400)  # fmt: skip
    page.foot(["name", "mrn", "dob"])
    page.open |= {"attending", "admit_date", "sex"}


def operative(page: Page) -> None:
    """A report of an operation."""
    rng = page.rng
    y = page.letterhead(rng.choice(("OPERATIVE REPORT", "Operative Note", "REPORT OF OPERATION")))
    surgery = page.cell("service_date", rng.choice(("Date of Surgery", "Date of Procedure", "Date of Operation", "Date of Service", "Surgery Date")))  # fmt: skip
    y = page.identify([*_ID, rng.choice(("account", "encounter"))], y, [surgery]) + 2
    people = [("Surgeon", page.doctor(0)), ("Assistant", page.doctor(1)), ("Anesthesiologist", page.doctor(2))]
    for label, text in people:
        y = page.lines(MARGIN, y, (f"{label.upper()}: {text}",), fit=500)
    y = page.story(y + 6, (("Preoperative Diagnosis", "Symptomatic cholelithiasis."), ("Postoperative Diagnosis", "Same."), ("Procedure", "Laparoscopic cholecystectomy with intraoperative cholangiogram."), ("Anesthesia", "General endotracheal."), ("Estimated Blood Loss", "25 mL."), ("Indications", f"This is a {page.subject.age}-year-old {WORD[page.subject.human.sex].lower()} who presented on {page.day(-20)}. {page.body(1)} Consent was signed on {page.day(-1)}."), ("Description of Procedure", "After informed consent was obtained, the patient was brought to the operating room and placed supine. A time-out was performed. The abdomen was prepped and draped. Pneumoperitoneum was established. The gallbladder was retracted, the cystic duct and artery were clipped and divided. Hemostasis was confirmed. Counts were correct.")))  # fmt: skip
    y = page.signed(y + 2, page.doctor(0))
    page.lines(MARGIN, y, (f"cc: {page.doctor(3)}",), size=8.5)
    page.foot(["name", "mrn", "dob"])
    page.open |= {"attending", "admit_date", "discharge_date"}


def discharge_summary(page: Page) -> None:
    """What happened in a stay, in dictated prose."""
    rng = page.rng
    y = page.letterhead(rng.choice(("DISCHARGE SUMMARY", "Discharge Summary", "Physician Hospital Discharge Summary")))
    y = page.identify([*_ID, rng.choice(("account", "encounter")), "admit_date", "discharge_date", "attending"], y, [Cell(rng.choice(("PCP", "Primary Care Provider")), page.doctor(0))]) + 4  # fmt: skip
    title = {"M": "Mr.", "F": "Ms."}[page.subject.human.sex]
    y = page.story(y, (("Admission Diagnosis", "Community acquired pneumonia."), ("Discharge Diagnosis", "1. Pneumonia, resolved. 2. Type 2 diabetes mellitus. 3. Hypertension."), ("Consultants", f"{page.doctor(1)}, Pulmonary; {page.doctor(2)}, Cardiology."), ("Hospital Course", f"{title} {page.subject.human.family.title()} is a {page.subject.age} y.o. {WORD[page.subject.human.sex].lower()} who presented with cough and fever since {page.day(-5)}. {page.body(4)}"), ("Discharge Medications", "Amoxicillin-clavulanate 875 mg twice daily for 5 days; metformin 500 mg twice daily."), ("Disposition", f"Home with {page.kinship.lower()}. Follow up with {page.doctor(0)} on {page.day(20)}, phone {page.other_phone()}.")))  # fmt: skip
    page.signed(y + 6, page.text("attending") if rng.random() < 0.5 else page.doctor(3), 14)
    page.foot(["name", "mrn"])
    page.open |= {"service_date", "phone"}


def history_physical(page: Page) -> None:
    """An admission's history and examination."""
    rng, human = page.rng, page.subject.human
    y = page.letterhead(rng.choice(("HISTORY AND PHYSICAL", "History & Physical", "H&P")))
    y = page.identify([*_ID, "admit_date", "encounter"], y, page.strays(2)) + 4
    y = page.story(y, (("Chief Complaint", "Chest pain."), ("History of Present Illness", f"{name_words(human, 'First Last')} is a {page.subject.age} y.o. {WORD[human.sex].lower()} with a history of hypertension who was seen in clinic {page.day(-9)}. {page.body(3)}"), ("Past Medical History", f"Hypertension (2009), GERD, cataract surgery {page.day(-700)}."), ("Social History", page.body(1)), ("Physical Exam", page.body(3)), ("Assessment and Plan", f"1. Chest pain: serial troponins, stress test. 2. Hypertension: continue home medications. {page.body(1)}")))  # fmt: skip
    page.note(page.said("name", name_words(human, "First Last")), "narrative")
    page.signed(y + 4, page.doctor(0))
    page.foot(["name", "mrn", "dob"])
    page.open |= {"attending", "service_date"}


def progress_note(page: Page) -> None:
    """A note of an office or a ward, by the system that prints it."""
    rng, vendor = page.rng, page.facility.vendor
    if vendor in ("athena", "allscripts"):
        y = _office_head(page)
    else:
        y = page.letterhead(rng.choice(("PROGRESS NOTE", "Progress Notes", "Office Visit", "Clinic Note")))
        y = page.identify([*_ID, "service_date"], y, [Cell(rng.choice(("Provider", "Author", "Seen by")), page.doctor(0))]) + 4  # fmt: skip
    y = page.story(y, (("Subjective", page.body(3)), ("Objective", page.body(3)), ("Assessment", "1. Essential hypertension (I10). 2. Type 2 diabetes (E11.9)."), ("Plan", page.body(4))))  # fmt: skip
    page.signed(y + 6, page.doctor(0))
    page.foot(["name", "dob"])
    page.open |= {"attending", "encounter", "phone", "sex", "mrn", "account"}


def _office_head(page: Page) -> float:
    """The head of an office system's note."""
    say, human, labels, rng = page.say, page.subject.human, page.hospital.labels, page.rng
    y = page.letterhead()
    name = say("name", "office head", name_words(human, "LAST, First M"))
    if page.facility.vendor == "athena":
        page.sheet.write(MARGIN, y, f"{name} (id #{say('mrn', 'office head')}, dob: {say('dob', 'office head')})", 11, bold=True, fit=500)  # fmt: skip
        page.sheet.write(MARGIN, y + 15, f"{rng.choice(('Encounter Date', 'Date of Service'))}: {say('service_date', 'office head')}   Provider: {page.doctor(0)}", 9.5, fit=500)  # fmt: skip
        return y + 38
    sex = say("sex", "office head", WORD[human.sex])
    texts = (f"{name}   {page.subject.age} Y old {sex}, {labels['dob']}: {say('dob', 'office head')}", f"Account Number: {say('account', 'office head')}", f"{human.address}, {human.postcode}   Home: {say('phone', 'office head')}", f"Insurance: {say('payer', 'office head')}   Guarantor: {page.person(page.subject.relative)}", f"PCP: {page.doctor(1)}   Referring: {page.doctor(2)}", f"Appointment Facility: {page.hospital.name}", f"{say('service_date', 'office head')}   Progress Notes: {page.doctor(0)}")  # fmt: skip
    return page.lines(MARGIN, y, texts, fit=500) + 10


def ed_record(page: Page) -> None:
    """An emergency department's record: arrival, triage, physician's note, disposition."""
    rng = page.rng
    y = page.letterhead(rng.choice(("EMERGENCY DEPARTMENT RECORD", "ED Provider Note", "Emergency Room Record")))
    extras = [page.cell("service_date"), Cell("Arrival Time", page.clock()), Cell("Mode of Arrival", rng.choice(("Walk-in", "EMS"))), Cell("Acuity", f"{rng.randrange(2, 5)}"), Cell("ED Provider", page.doctor(0)), Cell("PCP", page.doctor(1))]  # fmt: skip
    y = page.identify([*_ID, "encounter", "phone"], y, extras) + 2
    y = page.heading(y, "Triage")
    rows = [("Time", "BP", "HR", "RR", "Temp", "SpO2", "Pain", "RN")]
    rows += [(f"{rng.randrange(10, 23)}:{rng.randrange(10, 60)}", f"{rng.randrange(100, 170)}/{rng.randrange(55, 98)}", str(rng.randrange(60, 110)), "18", "98.6", "97%", f"{rng.randrange(0, 9)}/10", rng.choice(("KL", "MS"))) for _ in range(3)]  # fmt: skip
    y = table(page, y, (MARGIN, 100, 170, 220, 270, 330, 390, 450), rows) + 4
    y = page.story(y, (("Chief Complaint", "Abdominal pain for two days."), ("HPI", f"{page.subject.age}-year-old {WORD[page.subject.human.sex].lower()}, last seen here {page.day(-60)}. {page.body(3)}"), ("ED Course", page.body(4)), ("Disposition", f"Discharged home at {page.clock()} with {page.kinship.lower()}, follow up with {page.doctor(1)} by {page.day(8)}.")))  # fmt: skip
    page.signed(y + 4, page.doctor(0))
    page.foot(["name", "mrn"])
    page.open |= {"attending", "admit_date", "discharge_date"}


def flowsheet(page: Page) -> None:
    """A ward's table of vital signs with a label or a block at the top."""
    rng = page.rng
    y = page.letterhead(rng.choice(("VITAL SIGNS FLOWSHEET", "Nursing Flowsheet", "GRAPHIC RECORD")))
    y = page.identify([*_ID, "admit_date"], y, [Cell("Unit", "5 East")]) + 8
    days = [page.day(offset) for offset in (2, 2, 3, 3, 4, 4)]
    rows: list[tuple[str, ...]] = [("", *days), ("Time", *("0800", "2000") * 3)]
    ranges = (("Temp", 97, 101), ("Pulse", 58, 110), ("Resp", 12, 24), ("BP Systolic", 98, 170), ("BP Diastolic", 55, 98), ("SpO2 %", 91, 100), ("Pain (0-10)", 0, 9), ("Intake PO mL", 100, 900), ("IV mL", 0, 1000), ("Urine mL", 150, 900), ("Stool", 0, 3), ("Weight kg", 70, 72), ("Braden", 14, 23), ("Fall risk", 1, 4), ("RN initials", 0, 0))  # fmt: skip
    rows += [(name, *(str(rng.randrange(low, high)) if high else rng.choice(("JB", "TC")) for _ in days)) for name, low, high in ranges]  # fmt: skip
    places = (MARGIN, 130, 204, 278, 352, 426, 500)
    top = y - 12
    y = table(page, y, places, rows)
    for x in (*places, RIGHT + 4):
        page.sheet.rule(x - 4, top, x - 4, y - 10)
    page.prose(f"Notes: {page.body(3)} Signature JB: Joan Baker RN. TC: {page.subject.doctors[2].given} {page.subject.doctors[2].family} RN.", y + 14, size=9)  # fmt: skip
    page.foot(["name", "mrn"])
    page.open |= {"attending", "service_date", "encounter"}


def medication_record(page: Page) -> None:
    """Medicines by the hour: order days, stop days, initials."""
    rng = page.rng
    y = page.letterhead(rng.choice(("MEDICATION ADMINISTRATION RECORD", "MAR")))
    y = page.identify([*_ID, "encounter", "admit_date", "attending"], y, [Cell("Allergies", rng.choice(("NKDA", "Codeine"))), Cell("Room", f"{rng.randrange(200, 500)}"), Cell("Ht/Wt", "168 cm / 81 kg")]) + 6  # fmt: skip
    page.sheet.write(MARGIN, y, f"Period {page.day(1)} 0700 to {page.day(2)} 0659", 9)
    rows: list[tuple[str, ...]] = [("Medication", "Dose / Route", "Start", "Stop", "0900", "1300", "2100")]
    drugs = (("Lisinopril", "10 mg PO daily"), ("Metoprolol tartrate", "25 mg PO BID"), ("Heparin", "5,000 units SQ Q8H"), ("Insulin lispro", "sliding scale SQ"), ("Pantoprazole", "40 mg IV daily"), ("Acetaminophen PRN", "650 mg PO Q6H"), ("Ondansetron PRN", "4 mg IV Q6H"))  # fmt: skip
    rows += [(drug, dose, page.day(1), page.day(30), *(rng.choice(("", "JB", "TC 0912")) for _ in range(3))) for drug, dose in drugs]  # fmt: skip
    y = table(page, y + 18, (MARGIN, 150, 262, 336, 410, 465, 520), rows)
    page.prose(f"{page.body(2)} Verified by pharmacist {page.doctor(2)} {page.day(1)}.", y + 10, size=9)
    page.foot(["name", "mrn", "dob"])
    page.open |= {"service_date"}


def pathology(page: Page) -> None:
    """A surgical pathology report."""
    rng = page.rng
    y = page.letterhead(rng.choice(("SURGICAL PATHOLOGY REPORT", "Pathology Report")))
    extras = [Cell(rng.choice(("Accession #", "Case #", "Specimen #")), f"S{rng.randrange(10, 25)}-{rng.randrange(1000, 30000)}"), Cell("Collected", page.day(-2)), Cell("Received", page.day(1)), Cell("Reported", page.day(3)), Cell("Submitting Physician", page.doctor(0))]  # fmt: skip
    y = page.identify([*_ID, "account"], y, extras) + 4
    y = page.story(y, (("Final Diagnosis", "A. Colon, ascending, polypectomy: tubular adenoma. Negative for high-grade dysplasia."), ("Clinical History", page.body(1)), ("Gross Description", f"Received in formalin labeled with the patient's name, {page.hospital.labels['mrn']} and \"ascending colon\" are two fragments of tan tissue, 0.4 x 0.3 x 0.2 cm. Entirely submitted in A1."), ("Microscopic Description", "Microscopic examination supports the diagnosis.")))  # fmt: skip
    page.signed(y + 4, page.doctor(1), 3)
    page.foot(["name", "mrn"])
    page.open |= {"attending", "service_date", "encounter"}


def consult_letter(page: Page) -> None:
    """A letter from one doctor to another with a line that says about whom."""
    rng, human, labels, relative = page.rng, page.subject.human, page.hospital.labels, page.subject.relative
    y = page.letterhead()
    style = "%d %B %Y" if page.hospital.profile.day_first else "%B %-d, %Y"
    doctor = page.subject.doctors[0]
    y = page.lines(MARGIN, y + 8, (day_words(page.other_day(13), style), "", f"{doctor.given} {doctor.family}, MD" if page.site.region == "us" else f"Dr {doctor.given} {doctor.family}", f"{rng.randrange(10, 999)} {rng.choice(('Oak Street', 'Station Road'))}", page.facility.place, ""), size=10.5, fit=300)  # fmt: skip
    name, born, mrn = page.say("name", "RE line", name_words(human, "First M Last" if page.site.region in ("us", "ca") else "Title First Last")), page.say("dob", "RE line"), page.say("mrn", "RE line")  # fmt: skip
    nation = "".join(f"   {cell.label}: {cell.text}" for cell in page.national())
    served = page.say("service_date", "RE line")
    match rng.randrange(3):
        case 0:
            y = page.lines(MARGIN, y, (f"RE: {name}", f"{labels['dob']}: {born}", f"{labels['mrn']}: {mrn}{nation}", f"{rng.choice(('Date of Visit', 'Date of Service', 'DOS'))}: {served}"), size=10.5, fit=460)  # fmt: skip
        case 1:
            y = page.lines(MARGIN, y, (f"Re:  {name}   {labels['dob']} {born}   {labels['mrn']} {mrn}{nation}",), size=10.5, fit=532)  # fmt: skip
        case _:
            y = page.lines(MARGIN, y, (f"RE: {name}, {labels['dob']}: {born}", f"{human.address}, {human.postcode}", f"{labels['mrn']}: {mrn}{nation}"), size=10.5, fit=532)  # fmt: skip
    title = {"M": "Mr.", "F": "Mrs."}[human.sex]
    y = page.prose(f"Dear Dr. {doctor.family}:", y + 12, size=10.5)
    y = page.prose(f"Thank you for referring {title} {human.family.title()}, whom I saw in the {rng.choice(('cardiology', 'orthopaedic', 'neurology'))} clinic on {served}. As you know, {'he' if human.sex == 'M' else 'she'} is a {page.subject.age}-year-old {'gentleman' if human.sex == 'M' else 'lady'} with palpitations since {page.day(-80)}. {page.body(4)}", y, size=10.5)  # fmt: skip
    y = page.prose(f"{page.body(3)} I will see {'him' if human.sex == 'M' else 'her'} again on {page.day(60)}. {'His' if human.sex == 'M' else 'Her'} {page.kinship.lower()}, {relative.given.title()} {relative.family.title()}, was present.", y, size=10.5)  # fmt: skip
    page.lines(MARGIN, y + 10, ("Sincerely," if page.site.region == "us" else "Yours sincerely,", "", "", page.doctor(1), f"cc: {page.doctor(2)}; {page.doctor(3)}"), size=10.5, fit=400)  # fmt: skip
    page.foot()
    page.open |= {"attending", "sex"}


def narrative(page: Page) -> None:
    """A typed note that says who it is about in its first sentence, with nothing but a name and number at the top."""
    rng, human, labels = page.rng, page.subject.human, page.hospital.labels
    sheet, born = page.sheet, page.say("dob", "narrative")
    sheet.write(MARGIN, 46, page.hospital.name, 13, bold=True, fit=400)
    sheet.write(MARGIN, 62, rng.choice(("CONSULTATION", "Psychological Evaluation", "PHYSICAL THERAPY EVALUATION", "Telephone Encounter")), 11, bold=True)  # fmt: skip
    sheet.write(400, 62, f"{labels['mrn']}: {page.say('mrn', 'head')}", 10, fit=172)
    served, name = page.say("service_date", "narrative"), page.say("name", "narrative", name_words(human, "First M. Last"))  # fmt: skip
    word = page.say("sex", "narrative", WORD[human.sex].lower())
    opening = rng.choice((f"{name} is a {page.subject.age}-year-old {word} (DOB {born}) who was seen on {served} at the request of {page.doctor(0)}.", f"I saw {name}, a {page.subject.age} y.o. {word} born {born}, in consultation on {served}.", f"The patient, {name}, date of birth {born}, is a {page.subject.age} year old {word} evaluated on {served}."))  # fmt: skip
    y = page.prose(f"{opening} {page.body(3)}", 92, size=10.5)
    for count in (4, 4, 3):
        y = page.prose(page.body(count), y, size=10.5)
    page.signed(y + 6, page.doctor(1))
    page.foot()
    page.open |= {"attending", "admit_date", "encounter"}


def continuation(page: Page) -> None:
    """A later page of a note: the identity in a running head at the top or the right, then nothing but prose."""
    rng, labels = page.rng, page.hospital.labels
    name, mrn, born = (page.say(f, "running head") for f in ("name", "mrn", "dob"))
    number = rng.randrange(2, 5)
    match rng.randrange(4):
        case 0:
            y = page.lines(MARGIN, 40, (f"{labels['name'] if ',' not in labels['name'] else 'Patient'}: {name}    {labels['mrn']}: {mrn}    {labels['dob']}: {born}    Page {number}",), size=9, fit=532)  # fmt: skip
        case 1:
            y = page.lines(MARGIN, 40, (f"{name} | {labels['mrn']} {mrn} | DOB {born} | page {number} of 5",), size=9, fit=532)  # fmt: skip
        case 2:
            y = page.lines(372, 40, (name, f"{labels['mrn']}: {mrn}", f"{labels['dob']}: {born}", f"Page {number} of 5"), size=9, fit=200)  # fmt: skip
        case _:
            y = page.lines(MARGIN, 40, (name, f"{labels['mrn']}: {mrn}   {labels['dob']}: {born}", f"{rng.choice(('Discharge Summary', 'Progress Note', 'Consultation'))} (continued), page {number}"), size=9, fit=400)  # fmt: skip
    page.sheet.rule(MARGIN, y, RIGHT, y)
    y = page.prose(page.body(5), y + 20)
    y = page.story(y, (("Assessment", f"1. Hypertension, controlled. 2. Chronic kidney disease stage 3. {page.body(3)}"), ("Recommendations", page.body(6))), size=10)  # fmt: skip
    page.signed(y + 6, page.doctor(0))
    page.sheet.write(MARGIN, HEIGHT - 20, f"Printed {page.day(15)} {page.clock()}", 7)
    page.open |= {"attending", "service_date", "encounter"}


def tracing_head(page: Page) -> None:
    """An electrocardiogram's printed head over three plain strips."""
    rng, sheet, say = page.rng, page.sheet, page.say
    name, born, served = say("name", "recorder"), say("dob", "recorder"), say("service_date", "recorder")
    mrn, sex = say("mrn", "recorder"), say("sex", "recorder", WORD[page.subject.human.sex])
    page.lines(MARGIN, 40, (f"{rng.choice(('Name', 'Patient'))}: {name}", f"ID: {mrn}", f"{rng.choice(('DOB', 'Birth date'))}: {born}   {page.subject.age} yr", f"{rng.choice(('Sex', 'Gender'))}: {sex}", f"Room: {rng.randrange(100, 600)}"), fit=180)  # fmt: skip
    page.lines(236, 40, (f"{served} {rng.randrange(10, 20)}:{rng.randrange(10, 60)}", f"Vent. rate  {rng.randrange(55, 110)} bpm", f"PR interval  {rng.randrange(120, 210)} ms", f"QRS duration  {rng.randrange(70, 120)} ms", "P-R-T axes  54 12 38"), fit=130)  # fmt: skip
    page.lines(380, 40, (page.hospital.name, "Normal sinus rhythm", "Normal ECG", f"Compared with ECG of {page.day(-400)}", f"Confirmed by {page.doctor(1)}"), fit=190)  # fmt: skip
    for number, lead in enumerate(("I", "II", "V1", "V5")):
        y = 200.0 + 130 * number
        sheet.write(MARGIN, y - 40, lead, 10, bold=True)
        x = MARGIN
        while x < WIDTH - 80:
            for dx, top, ex, bottom in ((0, 0, 26, 0), (26, 0, 29, -34), (29, -34, 32, 8), (32, 8, 34, 0), (34, 0, 44, -6), (44, -6, 50, 0)):  # fmt: skip
                sheet.rule(x + dx, y + top, x + ex, y + bottom)
            x += 50
    sheet.write(MARGIN, 680, f"Referred by: {page.doctor(0)}     Technician: {rng.choice(('KS', 'DML'))}     25 mm/s  10 mm/mV  150 Hz     Order # {rng.randrange(10**7, 10**9)}", 8, fit=532)  # fmt: skip
    page.open |= {"attending", "encounter"}


PRINTS: dict[str, Callable[[Page], None]] = {
    "face sheet": face_sheet, "demographics": demographics, "visit summary": visit_summary, "lab report": lab_report, "radiology": radiology,
    "operative report": operative, "discharge summary": discharge_summary, "history and physical": history_physical, "progress note": progress_note,
    "ed record": ed_record, "flowsheet": flowsheet, "medication record": medication_record, "pathology": pathology, "letter": consult_letter,
    "narrative": narrative, "continuation": continuation, "tracing": tracing_head,
}  # fmt: skip
