"""Forms of the second author: demographics, registration, laboratory, imaging, ambulance, emergency, nursing home, federal.

`PAGES` has every kind of page that one of its hospitals prints, those without a form included.
"""

from collections.abc import Callable

from benchmarks.display import COURIER, HEIGHT, WIDTH
from benchmarks.hospital_paper import MARGIN, Cell, DrawnPage, Said
from benchmarks.hospitals import Hospital, Subject, normal
from benchmarks.second_author import day_text, person_text
from benchmarks.second_author_pages import (
    after_visit_summary,
    clinic_letter,
    fax_cover,
    medication_list,
    portal,
    prose_of,
    records_footer,
    specimen_labels,
    system_print,
)
from benchmarks.second_author_paper import Leaf, finish, start

_SPLIT = (("Last Name", "First Name", "MI"), ("Last", "First", "Middle"), ("Family name", "Given name", "Initial"), ("Surname", "Forename(s)", ""))  # fmt: skip


def draw_leaf(hospital: Hospital, kind: str, subject: Subject, seed: int) -> DrawnPage:
    """A page of this kind about this patient; the same seed draws the same page."""
    leaf = start(hospital, subject, f"leaf {hospital.seed} {kind} {seed}")
    PAGES[kind](leaf)
    return finish(leaf, kind)


def _split_name(leaf: Leaf) -> list[Cell]:
    """The name in boxes of its parts."""
    human = leaf.subject.human
    words = leaf.rng.choice(_SPLIT)
    parts = [f"{human.family} {human.suffix}".strip(), human.given, human.middle]
    parts = [part.upper() if leaf.hospital.seed % 2 else part.title() for part in parts]
    cells = [Cell(label, text) for label, text in zip(words, parts, strict=True) if label and text]
    if not words[2] and human.middle:
        cells[1] = Cell(words[1], f"{parts[1]} {parts[2]}")
    for text in (parts[0], parts[1]):
        leaf.note(Said("name", normal(leaf.subject, "name"), text), "name in parts")
    return cells


def _heading(leaf: Leaf, y: float, text: str) -> float:
    leaf.sheet.write(MARGIN, y, text, 10, bold=True)
    leaf.sheet.rule(MARGIN, y + 4, WIDTH - MARGIN, y + 4)
    return y + 24


def _kin(leaf: Leaf, name: str, *, born: bool = False) -> list[Cell]:
    """A relative under a word of its own, with the telephone, and the birthday under the patient's word."""
    relative, labels = leaf.subject.relative, leaf.hospital.labels
    cells = [Cell(name, leaf.person(relative)), Cell("Relationship", leaf.rng.choice(("Mother", "Spouse", "Son", "Sibling")))]  # fmt: skip
    if born:
        cells.append(Cell(labels["dob"], day_text(relative.born, leaf.hospital.date)))
    return [*cells, Cell(labels["phone"], leaf.phone(relative))]


def demographics(leaf: Leaf) -> None:
    """A system's face sheet in sections; the guarantor has birthday and telephone under the patient's words."""
    y = leaf.letterhead(leaf.rng.choice(("Patient Demographics", "Facesheet", "ADT Summary"))) + 4
    sections = [
        ("Patient Information", [*leaf.cells(["name", "mrn", "dob", "sex", "phone"]), Cell("Address", leaf.subject.human.address), Cell("SSN", f"xxx-xx-{leaf.subject.human.ssn4}")]),
        ("Admission", [*leaf.cells_plain(["account", "admit_date", "discharge_date", "attending"]), *leaf.strays(2)]),
        ("Guarantor", _kin(leaf, "Guarantor", born=True)),
        ("Coverage", [*leaf.cells_plain(["payer", "member_id"]), Cell("Group Number", f"{leaf.rng.randrange(10**4, 10**7)}"), Cell("Subscriber", leaf.person(leaf.subject.relative)), Cell("Subscriber DOB", day_text(leaf.subject.relative.born, leaf.hospital.date))]),
        ("Emergency Contacts", _kin(leaf, "Contact 1")),
    ]  # fmt: skip
    for heading, cells in sections:
        y = leaf.block(cells, _heading(leaf, y, heading)) + 2
    leaf.open |= {"service_date"}
    leaf.footer()


def registration(leaf: Leaf) -> None:
    """A small office's form: the name in parts, who pays, whom to call, the card's numbers."""
    y = leaf.letterhead(leaf.rng.choice(("NEW PATIENT REGISTRATION", "Patient Information Update", "WELCOME TO OUR OFFICE"))) + 4  # fmt: skip
    way = leaf.rng.choice(("", "caption under", "typed line", "corner"))
    cells = [*_split_name(leaf), *leaf.cells_plain(["dob", "sex", "phone"]), Cell("Street Address", leaf.subject.human.address), Cell("Employer", "Halvorsen Freight")]  # fmt: skip
    y = leaf.block(cells, y + 4, way=way)
    y = leaf.block(
        _kin(leaf, "Person responsible for bill", born=True), _heading(leaf, y + 4, "RESPONSIBLE PARTY"), way=way
    )
    cells = [*leaf.cells_plain(["payer", "member_id"]), Cell("Policyholder", leaf.person(leaf.subject.relative)), Cell("Group #", f"{leaf.rng.randrange(10**4, 10**6)}")]  # fmt: skip
    y = leaf.block(cells, _heading(leaf, y + 4, "INSURANCE INFORMATION"), way=way)
    y = leaf.block(_kin(leaf, "In case of emergency notify"), _heading(leaf, y + 4, "EMERGENCY"), way=way)
    leaf.prose(
        f"I authorize payment to {leaf.hospital.name}. Referred by {leaf.doctor(1)}. Signed {leaf.day(0)}", y + 8
    )
    leaf.open |= {"service_date", "attending"}


def reference_lab(leaf: Leaf) -> None:
    """A commercial laboratory: patient, specimen and client in three columns; the client has an account and a telephone."""
    sheet, rng, labels = leaf.sheet, leaf.rng, leaf.hospital.labels
    sheet.write(MARGIN, 42, rng.choice(("NORTHLAKE DIAGNOSTICS", "UNITED PATHOLOGY LABORATORIES", "Corelab Inc.")), 14, bold=True)  # fmt: skip
    sheet.write(430, 42, f"Report Status: {rng.choice(('FINAL', 'PARTIAL'))}", 9, bold=True)
    sheet.rule(MARGIN, 50, WIDTH - MARGIN, 50)
    name = leaf.say("name", "heading over", person_text(leaf.subject.human, "LAST,FIRST M").upper())
    cells = leaf.cells(["dob", "sex"])
    patient = [name, *(f"{cell.label}: {cell.text}" for cell in cells), f"{labels['phone']}: {leaf.say('phone', 'lab column')}", f"{labels['mrn']}: {leaf.say('mrn', 'lab column')}"]  # fmt: skip
    for cell in cells:
        for said in cell.says:
            leaf.note(said, cell.habit or "lab column")
    specimen = [f"Specimen: {rng.choice('WNT')}{rng.randrange(10**5, 10**6)}{rng.choice('ABK')}", f"Requisition: {rng.randrange(10**6, 10**8)}", f"Collected: {leaf.day(0)} / 08:{rng.randrange(10, 60)}", f"Received: {leaf.day(1)} / 22:10", f"Reported: {leaf.day(2)} / 13:05"]  # fmt: skip
    client = [f"Client #: {rng.randrange(10**7, 10**8)}", leaf.doctor(0), leaf.hospital.name, leaf.hospital.street, f"Phone: {leaf.hospital.phone}"]  # fmt: skip
    for x, head, lines in ((MARGIN, "Patient Information", patient), (230, "Specimen Information", specimen), (410, "Client Information", client)):  # fmt: skip
        sheet.write(x, 66, head, 9.5, bold=True)
        for number, line in enumerate(lines):
            sheet.write(x, 82 + 13 * number, line, 9, fit=170)
    y = 166.0
    for x, head in zip((MARGIN, 240, 330, 420, 520), ("Test Name", "In Range", "Out Of Range", "Reference Range", "Lab"), strict=True):  # fmt: skip
        sheet.write(x, y, head, 9, bold=True)
    for test, low, high in (("CHOLESTEROL, TOTAL", 100, 199), ("HDL CHOLESTEROL", 40, 90), ("TRIGLYCERIDES", 40, 149), ("GLUCOSE", 65, 99), ("UREA NITROGEN (BUN)", 7, 25), ("ALT", 6, 29)):  # fmt: skip
        y += 15
        value = rng.randrange(low, high + 30)
        for x, text in zip((MARGIN, 240 if value <= high else 330, 420, 520), (test, str(value), f"{low}-{high}", "EN"), strict=True):  # fmt: skip
            sheet.write(x, y, text, 9)
    sheet.write(MARGIN, y + 30, f"Laboratory Director: {leaf.doctor(3)}  CLIA: 05D0{rng.randrange(10**6, 10**7)}", 8)
    leaf.open |= {"service_date", "attending"}


def radiology(leaf: Leaf) -> None:
    """An imaging group's report with a head of two columns."""
    y = leaf.letterhead(leaf.rng.choice(("DIAGNOSTIC IMAGING REPORT", "Imaging Consultation", "MRI LUMBAR SPINE WITHOUT CONTRAST")))  # fmt: skip
    cells = [*leaf.cells(["name", "dob", "mrn", "sex", "service_date"]), Cell("Referring", leaf.doctor(0)), Cell("Accession No.", f"{leaf.rng.choice('RX')}{leaf.rng.randrange(10**7, 10**8)}"), Cell("Comparison", leaf.day(-300))]  # fmt: skip
    way = leaf.rng.choice(("", "gutter", "columns", "fused"))
    y = leaf.block(cells, y + 6, way=way) + 4
    for heading in ("CLINICAL HISTORY", "FINDINGS", "IMPRESSION"):
        leaf.sheet.write(MARGIN, y, heading + ":", 10, bold=True)
        y = leaf.prose(prose_of(leaf, 4), y + 14)
    leaf.sheet.write(MARGIN, y + 8, f"Electronically signed by {leaf.doctor(2)} {leaf.day(1)} 16:42", 9)
    leaf.sheet.write(MARGIN, y + 22, f"Transcribed {leaf.day(1)}  Copy to: {leaf.doctor(1)}", 8)
    leaf.open |= {"attending", "encounter"}


def ambulance(leaf: Leaf) -> None:
    """A run sheet: incident, unit, crew and times first, then the patient, name in parts."""
    rng = leaf.rng
    y = leaf.letterhead("PREHOSPITAL CARE REPORT") + 2
    head = [
        Cell("Incident #", f"{rng.randrange(10**6, 10**8)}"), Cell("Unit", f"M{rng.randrange(10, 99)}"), Cell("Crew 1", leaf.doctor(0).split(" M.D.")[0]),
        *leaf.cells_plain(["service_date"]), Cell("Dispatched", "14:02"), Cell("At Hospital", "14:41"),
    ]  # fmt: skip
    way = rng.choice(("heads over", "caption under", "gutter"))
    y = leaf.block(head, y + 8, way=way)
    cells = [*_split_name(leaf), *leaf.cells(["dob", "sex"]), *leaf.cells_plain(["phone", "payer", "member_id"]), *_kin(leaf, "Informant")]  # fmt: skip
    y = leaf.block(cells, _heading(leaf, y + 6, "PATIENT"), way=way)
    y = leaf.prose("NARRATIVE: " + prose_of(leaf, 7), y + 10)
    leaf.sheet.write(MARGIN, y + 6, f"Receiving: {leaf.hospital.name}   Report to: {leaf.doctor(1)}   PCR rev {rng.randrange(1, 9)}", 9, fit=520)  # fmt: skip
    leaf.open |= {"attending", "encounter", "account", "admit_date", "mrn"}


def ed_record(leaf: Leaf) -> None:
    """An emergency record: a table of labels over values, triage, dispositions."""
    y = leaf.letterhead(
        leaf.rng.choice(("EMERGENCY DEPARTMENT RECORD", "ED TRIAGE", "Emergency Physician Documentation"))
    )
    way = leaf.rng.choice(("heads over", "caption under", ""))
    cells = [*leaf.cells(["name", "mrn", "dob", "sex", "encounter", "service_date", "attending"]), *leaf.strays(3)]
    y = leaf.block(cells, y + 8, way=way) + 6
    for text in (f"Chief complaint: {leaf.rng.choice(('abdominal pain', 'fall', 'cough'))}", f"Brought by: {leaf.person(leaf.subject.relative)}, tel {leaf.phone(leaf.subject.relative)}", f"EMS run {leaf.rng.randrange(10**5, 10**7)}"):  # fmt: skip
        leaf.sheet.write(MARGIN, y, text, 9.5)
        y += 14
    y = leaf.prose(prose_of(leaf, 9), y + 8)
    leaf.sheet.write(MARGIN, y + 6, f"Seen by: {leaf.doctor(1)}   Follow up: {leaf.doctor(2)} {leaf.day(14)}", 9)
    leaf.open |= {"admit_date", "discharge_date"}
    leaf.footer()


def nursing_home(leaf: Leaf) -> None:
    """A nursing home's sheet: responsible party, physicians, pharmacy, funeral home."""
    rng = leaf.rng
    y = leaf.letterhead(rng.choice(("RESIDENT FACE SHEET", "Admission Record", "RESIDENT PROFILE"))) + 4
    fields = ["name", "mrn", "dob", "sex", "admit_date", "attending", "payer", "member_id"]
    cells = [*leaf.cells(fields), Cell("Room/Unit", f"{rng.randrange(100, 300)}-B"), Cell("Prior Hospital Stay", f"{leaf.day(-9)} - {leaf.day(-2)}")]  # fmt: skip
    y = leaf.block(cells, y + 4)
    for heading, cells in (
        ("RESPONSIBLE PARTY", _kin(leaf, "Name of responsible party", born=True)),
        ("PROVIDERS", [Cell("Alternate MD", leaf.doctor(0)), Cell("Dentist", leaf.doctor(1)), Cell("Pharmacy", f"Corner Drug {leaf.other_phone()}"), Cell("Funeral Home", f"Ames & Sons {leaf.other_phone()}")]),
        ("DIAGNOSES", [Cell("1", f"Hypertension, onset {leaf.day(-700)}"), Cell("2", f"Hip fracture, onset {leaf.day(-12)}")]),
    ):  # fmt: skip
        y = leaf.block(cells, _heading(leaf, y + 4, heading), way="" if heading != "DIAGNOSES" else "gutter")
    leaf.open |= {"service_date"}
    leaf.footer()


def home_health(leaf: Leaf) -> None:
    """A certification of numbered boxes: start of care, period, agency, diagnoses; the sex is ticked."""
    sheet, rng = leaf.sheet, leaf.rng
    sheet.write(MARGIN, 40, "HOME HEALTH CERTIFICATION AND PLAN OF CARE", 12, bold=True)
    born = leaf.say("dob", "numbered box")
    rows = [
        [("1. Patient's Claim No.", f"{rng.randrange(10**8, 10**9)}A"), ("2. Start of Care Date", leaf.day(-20)), ("3. Certification Period", f"{leaf.day(-20)} to {leaf.day(39)}")],
        [("4. Medical Record No.", leaf.say("mrn", "numbered box")), ("5. Provider No.", f"{rng.randrange(10**5, 10**6)}"), ("6. Patient's Telephone No.", leaf.say("phone", "numbered box"))],
        [("7. Patient's Name", leaf.say("name", "numbered box")), ("8. Agency", leaf.hospital.name), ("9. Date of Birth", born)],
        [("11. Principal Diagnosis / Date", f"I50.9  {leaf.day(-21)}"), ("12. Surgical Procedure / Date", f"N/A  {leaf.day(-90)}"), ("13. Nurse and Verbal SOC", f"{leaf.subject.doctors[3].family} RN {leaf.day(-19)}")],
        [("24. Physician's Name", leaf.doctor(0)), ("25. Date HHA Received Signed POT", leaf.day(8)), ("26. Caregiver", leaf.person(leaf.subject.relative))],
    ]  # fmt: skip
    y, wide = 60.0, (WIDTH - 2 * MARGIN) / 3
    for row in rows:
        for column, (label, text) in enumerate(row):
            x = MARGIN + column * wide
            sheet.frame(x, y, x + wide, y + 30)
            sheet.write(x + 3, y + 8, label, 6.5)
            sheet.write(x + 8, y + 23, text, 10, face=COURIER, fit=wide - 14)
        y += 30
    sheet.write(MARGIN + 3, y + 16, "10. Sex", 6.5)
    for number, (sex, word) in enumerate((("M", "Male"), ("F", "Female"))):
        sheet.tick(MARGIN + 60 + 80 * number, y + 18, ticked=sex == leaf.subject.human.sex)
        sheet.write(MARGIN + 76 + 80 * number, y + 17, word, 9)
    leaf.say("sex", "ticked box", {"M": "Male", "F": "Female"}[leaf.subject.human.sex])
    leaf.prose("22. Goals: " + prose_of(leaf, 8), y + 50)
    leaf.open |= {"service_date", "attending", "admit_date", "member_id", "discharge_date"}


def federal_note(leaf: Leaf) -> None:
    """A chronological record: lines of notes, the identity at the foot in boxes with tiny captions."""
    sheet, rng, subject = leaf.sheet, leaf.rng, leaf.subject
    sheet.write(MARGIN, 40, "HEALTH RECORD", 10, bold=True)
    sheet.write(250, 40, "CHRONOLOGICAL RECORD OF MEDICAL CARE", 11, bold=True)
    sheet.frame(MARGIN, 52, WIDTH - MARGIN, HEIGHT - 170)
    y = 66.0
    for offset in (0, 40, 90):
        sheet.write(MARGIN + 4, y, leaf.day(offset), 9)
        y = leaf.prose(f"{prose_of(leaf, 5)} {rng.choice(subject.doctors).family}", y + 14, left=MARGIN + 90)
    cells = [*leaf.cells_plain(["name", "sex", "dob", "mrn"]), Cell("SPONSOR'S NAME", leaf.person(subject.relative)), Cell("RELATIONSHIP TO SPONSOR", "Spouse"), Cell("DEPART./SERVICE", "Army"), Cell("RECORDS MAINTAINED AT", leaf.hospital.name), Cell("RANK/GRADE", "SSG")]  # fmt: skip
    sheet.write(MARGIN, HEIGHT - 156, "PATIENT'S IDENTIFICATION (Use this space for Mechanical Imprint)", 6)
    leaf.block(cells, HEIGHT - 138, way="caption under")
    sheet.write(MARGIN, HEIGHT - 30, f"STANDARD FORM {rng.randrange(500, 700)} (REV. {rng.randrange(1, 13)}-84)", 7)
    leaf.open |= {"service_date", "attending"}


def session_note(leaf: Leaf) -> None:
    """A therapist's, dentist's or counsellor's note of one visit; a relative takes part."""
    rng = leaf.rng
    y = leaf.letterhead(rng.choice(("Individual Session Note", "PHYSICAL THERAPY DAILY NOTE", "Dental Treatment Record", "Speech Therapy Visit")))  # fmt: skip
    cells = leaf.cells(["name", "mrn", "dob", "service_date", "payer", "member_id"])
    y = leaf.block([*cells, Cell("Clinician", leaf.doctor(0)), Cell("Start/End", "10:00 - 10:50"), Cell("Auth. No.", f"{rng.randrange(10**7, 10**9)}")], y + 4)  # fmt: skip
    y = leaf.prose(f"Also present: {leaf.person(leaf.subject.relative)}, {leaf.phone(leaf.subject.relative)}. {prose_of(leaf, 8)}", y + 8)  # fmt: skip
    leaf.sheet.write(MARGIN, y + 12, f"{leaf.doctor(0)}   {leaf.day(1)}   Supervised by {leaf.doctor(1)}", 9)
    leaf.sheet.write(MARGIN, y + 26, f"Next visit {leaf.day(7)}", 9)
    leaf.open |= {"attending", "encounter"}


PAGES: dict[str, Callable[[Leaf], None]] = {
    "demographics": demographics, "registration": registration, "reference lab": reference_lab, "radiology": radiology,
    "ambulance": ambulance, "ed record": ed_record, "nursing home": nursing_home, "home health": home_health,
    "federal note": federal_note, "session note": session_note, "after visit summary": after_visit_summary,
    "records footer": records_footer, "fax cover": fax_cover, "clinic letter": clinic_letter, "portal": portal,
    "system print": system_print, "specimen labels": specimen_labels, "medication list": medication_list,
}  # fmt: skip
"""How each kind of page is drawn."""
