"""Pages with labelled places: face sheets, lab reports, consents, claims, insurance cards, referrals, transfers, clinic cards.

`PAGES` has every kind of page that a hospital prints, those without a form included.
"""

from collections.abc import Callable

from benchmarks.display import COURIER, HEIGHT, WIDTH
from benchmarks.hospital_pages import (
    body,
    finish,
    letter,
    line_print,
    narrative,
    running_head,
    start,
    sticker,
    wristband,
)
from benchmarks.hospital_paper import MARGIN, Cell, DrawnPage, Paper
from benchmarks.hospitals import Hospital, Subject, date_text, name_text, sex_text


def draw_page(hospital: Hospital, kind: str, subject: Subject, seed: int) -> DrawnPage:
    """A page of this kind about this patient; the same seed draws the same page."""
    paper = start(hospital, subject, f"page {hospital.seed} {kind} {seed}")
    PAGES[kind](paper)
    return finish(paper, kind)


def _relative_cells(paper: Paper, before: str, *, born: bool) -> list[Cell]:
    """A relative's name, birthday and telephone under the very words that a patient's stand under, or with one before."""
    relative, labels = paper.subject.relative, paper.hospital.labels
    words = [f"{before} {_bare(word)}".strip() for word in ("Name", labels["dob"], labels["phone"])]
    values = [name_text(relative, paper.hospital.name_style), date_text(relative.born, paper.hospital.date), relative.phone]  # fmt: skip
    cells = [Cell(*both) for both in zip(words, values, strict=True)]
    return [*(cells if born else cells[::2]), Cell("Relation", paper.rng.choice(("Spouse", "Parent", "Child", "Sibling")))]  # fmt: skip


def _bare(label: str) -> str:
    """A label without its word for the patient."""
    return label.removeprefix("Pt ").removeprefix("Patient ")


def face_sheet(paper: Paper) -> None:
    """Registration's sheet: patient, guarantor, emergency contact and insurance, each under its heading."""
    y = paper.letterhead(paper.rng.choice(("INPATIENT FACE SHEET", "ADMISSION RECORD", "REGISTRATION SUMMARY"))) + 8
    fields = ["name", "mrn", "dob", "sex", "phone", "account", "admit_date", "discharge_date", "attending"]
    columns = paper.rng.choice((2, 3))
    inline = paper.rng.random() < 0.35
    way = paper.between if inline else ""
    for heading, cells in (
        ("", [*paper.cells(fields), *paper.strays(3)]),
        ("GUARANTOR", _relative_cells(paper, "", born=True)),
        ("NOTIFY IN EMERGENCY", _relative_cells(paper, "Contact", born=False)),
        ("INSURANCE", [*paper.cells(["payer", "member_id"]), Cell("Subscriber", name_text(paper.subject.relative, paper.hospital.name_style)), Cell("Subscr Birth Dt", date_text(paper.subject.relative.born, paper.hospital.date))]),
    ):  # fmt: skip
        if heading:
            paper.sheet.rule(MARGIN, y - 4, WIDTH - MARGIN, y - 4)
            paper.sheet.write(MARGIN, y + 9, heading, 10, bold=True)
            y += 30
        y = paper.block(cells, y, way=way, columns=columns)
    paper.open.add("service_date")
    paper.footer()


def lab_report(paper: Paper) -> None:
    """A cumulative report: who it is in two columns, results under days and times."""
    y = paper.letterhead("CUMULATIVE LABORATORY REPORT") + 4
    fields = ["name", "mrn", "dob", "sex", "encounter", "attending"]
    way = paper.between if paper.rng.random() < 0.7 else ""
    cells = [*paper.cells(fields), Cell("Ord Phys", paper.doctor(1)), *paper.strays(1)]
    y = paper.block(cells, y, way=way) + 8
    paper.sheet.write(MARGIN, y, "Collected", 8, bold=True)
    for column in range(4):
        paper.sheet.write(MARGIN + 130 + 95 * column, y, paper.day(column - 1), 8)
        paper.sheet.write(MARGIN + 130 + 95 * column, y + 11, f"{paper.rng.randrange(24):02d}{paper.rng.randrange(60):02d}", 8)  # fmt: skip
    y += 28
    for test, low, high in (("Sodium", 135, 145), ("Chloride", 98, 107), ("Glucose", 70, 99), ("WBC", 4, 11), ("Platelets", 150, 400), ("AST", 8, 40), ("ALT", 7, 56)):  # fmt: skip
        paper.sheet.write(MARGIN, y, test, 9)
        for column in range(4):
            paper.sheet.write(MARGIN + 130 + 95 * column, y, str(paper.rng.randrange(low, high + 9)), 9)
        paper.sheet.write(WIDTH - 90, y, f"{low}-{high}", 8)
        y += 15
    paper.sheet.write(MARGIN, y + 14, f"Accession {paper.rng.choice('CHM')}{paper.rng.randrange(10**7, 10**8)}   Verified by {paper.subject.doctors[2].family}", 8)  # fmt: skip
    paper.open.add("service_date")
    paper.footer()


def consent(paper: Paper) -> None:
    """A consent: labels in small print under the lines, another person's hand and telephone below."""
    y = paper.letterhead("CONSENT TO OPERATION AND ANESTHESIA") + 6
    y = paper.block(paper.cells_plain(["name", "dob"]), y, way="below small")
    y = paper.block(paper.cells_plain(["mrn", "sex"]), y, way="below small") + 8
    y = paper.prose(
        f"I authorize Dr. {paper.subject.doctors[0].family} and assistants to perform the operation named below. The nature of it, "
        "its risks and what else could be done were explained to me. I understand that no result is promised. " + body(paper, 4), y,
    )  # fmt: skip
    relative = paper.subject.relative
    rows = [
        [Cell("Patient or person who may consent", ""), Cell("Date / Time", f"{paper.day(0)} 0730")],
        [Cell("Relation to patient", "Spouse"), Cell("Printed name of relation", name_text(relative, paper.hospital.name_style))],
        [Cell("Witness", paper.doctor(3)), Cell("Telephone of relation", relative.phone)],
    ]  # fmt: skip
    for row in rows:
        y = paper.block(row, y + 14, way="below small")
    paper.open |= {"service_date", "attending"}
    paper.footer()


def claim(paper: Paper) -> None:
    """A claim of numbered boxes with their labels in small print; the insured is a relative."""
    sheet, subject, rng = paper.sheet, paper.subject, paper.rng
    human, relative = subject.human, subject.relative
    sheet.write(MARGIN, 40, "HEALTH INSURANCE CLAIM", 12, bold=True)
    sheet.write(400, 40, paper.say("payer", "numbered box"), 9)
    born = paper.say("dob", "numbered box", human.born.strftime("%m  %d  %Y"))
    paper.texts["dob"] = tuple(born.split())
    boxes: list[list[tuple[str, str, float]]] = [
        [("1a. INSURED'S I.D. NUMBER", paper.say("member_id", "numbered box"), 240), ("2. PATIENT'S NAME (Last, First, Middle)", paper.say("name", "numbered box", name_text(human, "LAST, FIRST M")), 292)],
        [("3. PATIENT'S BIRTH DATE      MM    DD    YYYY", born, 240), ("4. INSURED'S NAME (Last, First, Middle)", name_text(relative, "LAST, FIRST M"), 292)],
        [("5. PATIENT'S ADDRESS", human.address.upper(), 240), ("7. INSURED'S ADDRESS", relative.address.upper(), 292)],
        [("5d. TELEPHONE (Area Code)", paper.say("phone", "numbered box"), 240), ("11. INSURED'S POLICY GROUP", f"G{rng.randrange(10**4, 10**5)}", 292)],
        [("11a. INSURED'S DATE OF BIRTH", relative.born.strftime("%m  %d  %Y"), 240), ("17. NAME OF REFERRING PROVIDER", paper.doctor(1), 292)],
        [("18. HOSPITALIZATION DATES: FROM", paper.say("admit_date", "numbered box", date_text(subject.admitted, "%m/%d/%Y")), 240), ("18. HOSPITALIZATION DATES: TO", paper.say("discharge_date", "numbered box", date_text(subject.discharged, "%m/%d/%Y")), 292)],
        [("25. FEDERAL TAX I.D.", f"{rng.randrange(10, 99)}-{rng.randrange(10**6, 10**7)}", 240), ("26. PATIENT'S ACCOUNT NO.", paper.say("account", "numbered box"), 292)],
        [("31. SIGNATURE OF PHYSICIAN", paper.doctor(3), 240), ("33. BILLING PROVIDER & PHONE", f"{paper.hospital.phone}", 292)],
    ]  # fmt: skip
    y = 56.0
    for row in boxes:
        x = MARGIN
        for label, text, wide in row:
            sheet.frame(x, y, x + wide, y + 34)
            sheet.write(x + 3, y + 9, label, 6.5)
            sheet.write(x + 10, y + 27, text, 10.5, face=COURIER, fit=wide - 16)
            x += wide
        y += 34
    _ticked(paper, y + 14)
    for number in range(4):
        day = date_text(paper.other_day(number), "%m/%d/%y")
        sheet.write(MARGIN, y + 56 + 18 * number, f"{day}  {day}  21  99232  {rng.randrange(80, 400)}.00  1", 10, face=COURIER)  # fmt: skip
    paper.open |= {"service_date", "attending"}
    paper.footer()


def _ticked(paper: Paper, y: float) -> None:
    """The sex as two boxes, one of them with a cross."""
    sheet = paper.sheet
    sheet.write(MARGIN + 3, y, "3. SEX", 6.5)
    for number, sex in enumerate("MF"):
        x = MARGIN + 60 + 60 * number
        sheet.write(x, y, sex, 9)
        sheet.tick(x + 10, y + 1, ticked=sex == paper.subject.human.sex)
    paper.say("sex", "ticked box", paper.subject.human.sex)


def insurance_card(paper: Paper) -> None:
    """Both sides of a card, copied: the brand is the payer, the member's name and number stand beside many others."""
    sheet, rng = paper.sheet, paper.rng
    between = paper.between_in_line if rng.random() < 0.6 else "above"
    sheet.frame(60, 70, 330, 240)
    sheet.write(76, 96, paper.say("payer", "card"), 15, bold=True, fit=240)
    member = rng.choice(("Member Name", "MEMBER", "Insured", "Cardholder"))
    number = rng.choice(("ID", "Member No", "ID #", "Enrollee ID"))
    cells = [
        Cell(member, paper.say("name", "card", name_text(paper.subject.human, rng.choice(("FIRST M LAST", "First M. Last"))))),
        Cell(number, paper.say("member_id", "card")), Cell("Grp", f"{rng.randrange(10**4, 10**6)}"),
        Cell("RxBIN", f"{rng.randrange(10**5, 10**6)}"), Cell("Plan Code", f"{rng.randrange(100, 999)}"),
        Cell("Eff", paper.day(-200)),
    ]  # fmt: skip
    paper.block(cells, 128, way=between, columns=1 if between != "above" else 2, left=76, right=320)
    sheet.frame(350, 70, 572, 240)
    for row, line in enumerate((f"Members call {rng.randrange(800, 889)}-555-{rng.randrange(10**3, 10**4)}", f"Providers {rng.randrange(800, 889)}-555-{rng.randrange(10**3, 10**4)}", f"Claims: PO Box {rng.randrange(100, 9999)}", f"PCP {paper.doctor(1)}", "This card does not prove coverage.")):  # fmt: skip
        sheet.write(362, 100 + 18 * row, line, 8, fit=200)
    sheet.write(60, 280, f"Copied at registration {paper.day(0)}", 8)
    paper.open |= {"service_date", "attending"}


def referral(paper: Paper) -> None:
    """A referral by fax: senders and receivers with telephones first, then the patient."""
    sheet, rng = paper.sheet, paper.rng
    far = f"{rng.randrange(201, 989)}-{rng.randrange(200, 999)}-{rng.randrange(10**3, 10**4)}"
    sheet.write(
        MARGIN,
        20,
        f"{paper.day(1)} 14:{rng.randrange(10, 60)}   FROM: {paper.hospital.phone}   TO: {far}   P.02/03",
        7,
        face=COURIER,
    )
    y = paper.letterhead("REFERRAL") + 4
    for left, right in ((f"To: {paper.doctor(0)}", f"From: {paper.doctor(1)}"), (f"Fax: {far}", f"Phone: {paper.hospital.phone}"), ("Pages: 3", f"Sent: {paper.day(1)}")):  # fmt: skip
        sheet.write(MARGIN, y, left, 9)
        sheet.write(320, y, right, 9)
        y += 15
    sheet.rule(MARGIN, y, WIDTH - MARGIN, y)
    fields = ["name", "dob", "sex", "phone", "payer", "member_id"]
    way = rng.choice((paper.between, ""))
    y = paper.block([*paper.cells(fields), *paper.strays(2)], y + 24, way=way)
    sheet.write(MARGIN, y + 8, f"Authorization {rng.randrange(10**8, 10**9)}, good until {paper.day(90)}", 9)
    y = paper.prose("Reason: " + body(paper, 5), y + 30)
    sheet.write(MARGIN, y + 6, f"Contact {paper.subject.relative.given.title()} {paper.subject.relative.family.title()} {paper.subject.relative.phone} to schedule", 9)  # fmt: skip
    paper.open |= {"service_date", "attending"}
    paper.footer()


def transfer(paper: Paper) -> None:
    """A summary at transfer or death: many days, next of kin, who accepts."""
    is_death = paper.rng.random() < 0.4
    y = paper.letterhead("DEATH SUMMARY" if is_death else "INTERFACILITY TRANSFER RECORD") + 6
    fields = ["name", "mrn", "account", "dob", "sex", "admit_date", "discharge_date", "attending"]
    cells = [
        *paper.cells(fields), Cell("Onset", paper.day(-6)), Cell("Last Seen", paper.day(-1)),
        Cell("Pronounced by" if is_death else "Accepting Phys", paper.doctor(2)),
        Cell("Next of Kin", name_text(paper.subject.relative, paper.hospital.name_style)),
        Cell("Kin Tel", paper.subject.relative.phone), Cell("Facility Tel", paper.hospital.phone),
    ]  # fmt: skip
    y = paper.block(cells, y, columns=3, way="" if paper.rng.random() < 0.8 else paper.between)
    paper.prose(body(paper, 9), y + 12)
    paper.open.add("service_date")
    paper.footer()


def clinic_card(paper: Paper) -> None:
    """An old card: printed words, typed values, and a line a visit."""
    sheet, rng = paper.sheet, paper.rng
    sheet.frame(50, 50, 562, 400)
    sheet.write(64, 70, paper.hospital.name.upper(), 10, bold=True)
    rows = [["name", "mrn"], ["dob", "phone"], ["payer", "sex"]]
    y = 96.0
    for row in rows:
        for column, field in enumerate(row):
            x = 64 + 290 * column
            label = paper.label(paper.hospital.labels[field])
            right = sheet.write(x, y, label, 7.5, fit=90)
            text = paper.say(field, "typed card")
            sheet.write(right + 8, y, text, 10.5, face=COURIER, fit=x + (280 if not column else 196) - right - 10)
            sheet.rule(right + 5, y + 4, x + (278 if not column else 196), y + 4)
        y += 24
    relative = paper.subject.relative
    sheet.write(64, y, "Spouse", 7.5)
    sheet.write(110, y, name_text(relative, "LAST, FIRST M"), 10.5, face=COURIER, fit=230)
    sheet.write(354, y, "Ref. by", 7.5)
    sheet.write(390, y, paper.doctor(1).upper(), 10.5, face=COURIER, fit=165)
    y += 26
    for number in range(8):
        day = date_text(paper.other_day(60 * number - 500), "short")
        sheet.write(64, y, f"{day:9} {rng.choice(('BP 140/80  wt 171', 'refill x 3', 'URI, fluids', 'no show', 'cast off'))}  ${rng.randrange(5, 60)}", 10, face=COURIER)  # fmt: skip
        y += 18
    paper.open |= {"service_date", "attending"}


def visit_slip(paper: Paper) -> None:
    """A clinic's slip of one visit: the day of service, the number of the visit, the sex once as M or F."""
    y = paper.letterhead("CLINIC VISIT") + 6
    fields = ["name", "mrn", "dob", "sex", "encounter", "service_date", "attending", "payer", "member_id"]
    y = paper.block([*paper.cells(fields), *paper.strays(5)], y, columns=paper.rng.choice((2, 3)))
    sex = sex_text(paper.subject.human.sex, paper.hospital.sex_style)
    y = paper.prose(f"{body(paper, 6)} Seen with {'his' if sex[0] == 'M' else 'her'} family.", y + 10)
    paper.sheet.write(MARGIN, min(y + 10, HEIGHT - 60), f"Return {paper.day(30)}", 9)
    paper.footer()


PAGES: dict[str, Callable[[Paper], None]] = {
    "face sheet": face_sheet, "sticker": sticker, "wristband": wristband, "running head": running_head, "letter": letter,
    "narrative": narrative, "line print": line_print, "lab report": lab_report, "consent": consent, "claim": claim,
    "insurance card": insurance_card, "referral": referral, "transfer": transfer, "clinic card": clinic_card,
    "visit slip": visit_slip,
}  # fmt: skip
"""How each kind of page is drawn."""
