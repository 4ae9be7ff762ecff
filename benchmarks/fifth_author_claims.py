"""The fifth author's paper of insurers and billing: cards, claims, explanations of benefits, statements."""

from collections.abc import Callable

from benchmarks.display import COURIER, HELVETICA
from benchmarks.fifth_author import day_words, name_words
from benchmarks.fifth_author_paper import RIGHT, Page
from benchmarks.hospital_paper import MARGIN, Cell
from benchmarks.third_author_prints import table


def insurance_card(page: Page) -> None:
    """Copies of both sides of a card, and the line that registration stamped under them; some cards are a spouse's."""
    rng, sheet, human, relative = page.rng, page.sheet, page.subject.human, page.subject.relative
    sheet.frame(80, 60, 410, 250)
    sheet.write(94, 84, page.say("payer", "brand on a card"), 15, bold=True, fit=220)
    sheet.write(330, 84, rng.choice(("PPO", "HMO", "POS", "EPO")), 12, bold=True)
    number, name = page.say("member_id", "card"), name_words(human, rng.choice(("First M Last", "FIRST M LAST", "First Last")))  # fmt: skip
    is_spouses = rng.random() < 0.3
    holder = name_words(relative, "First M Last") if is_spouses else page.say("name", "card", name)
    label = rng.choice(("Member ID", "Identification Number", "ID", "Subscriber ID", "Member ID #", "ID Number"))
    who = rng.choice(("Subscriber", "Subscriber Name")) if is_spouses else rng.choice(("Member", "Member Name", "Subscriber", "Name", "Subscriber Name"))  # fmt: skip
    if rng.random() < 0.5:
        page.lines(94, 112, (f"{who}: {holder}", f"{label}: {number}", f"Group #: {rng.randrange(10**4, 10**7)}", "Plan: Gold 1500"), size=10, step=15, fit=300)  # fmt: skip
    else:
        page.lines(94, 108, (who, holder, "", label, number), size=10, step=14, fit=300)
    if is_spouses:
        page.lines(94, 188, (f"Dependents: {name}",), size=9, fit=200)
        page.open |= {"name"}  # a card of two people does not say whose page it is
    page.lines(94, 206, (f"RxBIN {rng.randrange(10**5, 10**6)}   RxPCN ADV   RxGrp RX{rng.randrange(1000, 9999)}", f"Effective {page.day(-300)}"), size=8.5, fit=200)  # fmt: skip
    page.lines(310, 188, ("Copays", "Office $25", "Specialist $50", "ER $250"), size=8.5, step=12, fit=90)
    sheet.frame(80, 280, 410, 440)
    page.lines(94, 304, (f"Customer service: 1-800-{rng.randrange(200, 999)}-{rng.randrange(1000, 9999)}", f"Providers: 1-888-{rng.randrange(200, 999)}-{rng.randrange(1000, 9999)}", f"Submit claims to: PO Box {rng.randrange(1000, 99999)}, El Paso TX 79998", f"Payer ID {rng.randrange(10**4, 10**5)}", "This card does not guarantee coverage."), size=9, step=16, fit=300)  # fmt: skip
    if rng.random() < 0.6:
        page.block(page.cells_plain(["name", "mrn", "dob"] if rng.random() < 0.5 else ["name", "account"]), 490, left=80, right=540)  # fmt: skip
        sheet.write(80, 580, f"Copied {page.day(0)} by registration, verified on line {page.day(0)}", 9)
    page.open |= {"mrn", "service_date", "account", "dob"}


def hospital_claim(page: Page) -> None:
    """A hospital's claim: the numbered boxes of the UB-04 in the U.S., an itemized invoice elsewhere."""
    if page.site.region != "us":
        _invoice(page)
        return
    rng, sheet, subject, human = page.rng, page.sheet, page.subject, page.subject.human
    sheet.face = HELVETICA  # preprinted
    name = name_words(human, "LAST, FIRST M").replace(",", "") if rng.random() < 0.3 else name_words(human, "LAST, FIRST M")  # fmt: skip
    account, mrn, payer, member = (page.say(f, "numbered box") for f in ("account", "mrn", "payer", "member_id"))
    page.say("name", "numbered box", name)
    page.note_as("dob", human.born.isoformat(), f"{human.born:%m%d%Y}", "numbered box")
    page.note_as("admit_date", subject.admitted.isoformat(), f"{subject.admitted:%m%d%y}", "numbered box")
    sex = page.say("sex", "numbered box", human.sex)
    boxes = (
        (24, (("1", page.hospital.name, 200), ("2", page.hospital.street, 140), ("3a PAT. CNTL #", account, 130), ("4 TYPE OF BILL", "0111", 62))),
        (51, (("", page.facility.place, 200), ("b. MED. REC. #", mrn, 140), ("5 FED. TAX NO.", f"{rng.randrange(10, 99)}-{rng.randrange(10**6, 10**7)}", 90), ("6 STATEMENT COVERS PERIOD", f"{subject.admitted:%m%d%y} {subject.discharged:%m%d%y}", 102))),
        (78, (("8 PATIENT NAME", name, 240), ("9 PATIENT ADDRESS", f"{human.address} {human.postcode}".upper(), 292))),
        (105, (("10 BIRTHDATE", f"{human.born:%m%d%Y}", 80), ("11 SEX", sex, 40), ("12 ADMISSION DATE", f"{subject.admitted:%m%d%y}", 90), ("13 HR", "14", 36), ("14 TYPE", "1", 44), ("15 SRC", "7", 44), ("16 DHR", "11", 44), ("17 STAT", "01", 48), ("18 CONDITION CODES", "", 106))),
        (132, (("31 OCCURRENCE CODE DATE", f"11 {page.other_day(-3):%m%d%y}", 150), ("38", name_words(subject.relative, "FIRST LAST"), 382))),
    )  # fmt: skip
    for top, row in boxes:
        _boxes(page, top, row)
    rows = [("42 REV. CD.", "43 DESCRIPTION", "44 HCPCS / RATE", "45 SERV. DATE", "46 SERV. UNITS", "47 TOTAL CHARGES")]
    for code, what in (("0120", "ROOM & BOARD SEMI"), ("0250", "PHARMACY"), ("0300", "LABORATORY"), ("0320", "DX X-RAY"), ("0450", "EMERG ROOM"), ("0730", "EKG/ECG"), ("0258", "IV SOLUTIONS"), ("0270", "MED-SUR SUPPLIES"), ("0351", "CT SCAN/HEAD"), ("0360", "OR SERVICES"), ("0370", "ANESTHESIA"), ("0410", "RESPIRATORY SVC"), ("0710", "RECOVERY ROOM"), ("0001", "TOTAL CHARGE")):  # fmt: skip
        rows.append((code, what, str(rng.randrange(10**4, 10**5)), f"{page.other_day(rng.randrange(1, 4)):%m%d%y}", str(rng.randrange(1, 9)), f"{rng.randrange(100, 9000)}.00"))  # fmt: skip
    y = table(page, 178, (MARGIN, 100, 250, 330, 410, 490), rows) + 8
    y = _boxes(page, y, (("50 PAYER NAME", payer, 180), ("51 HEALTH PLAN ID", f"{rng.randrange(10**4, 10**6)}", 100), ("52 REL", "Y", 40), ("53 ASG", "Y", 40), ("56 NPI", page.npi, 172)))  # fmt: skip
    y = _boxes(page, y, (("58 INSURED'S NAME", name_words(subject.relative, "LAST, FIRST M"), 180), ("59 P. REL", "01", 60), ("60 INSURED'S UNIQUE ID", member, 140), ("62 INSURANCE GROUP NO.", f"{rng.randrange(10**4, 10**6)}", 152)))  # fmt: skip
    y = _boxes(page, y, (("66 DX", "J189", 60), ("67 A", "E119", 60), ("69 ADMIT DX", "R0602", 80), ("70 PATIENT REASON DX", "R05", 120), ("74 PRINCIPAL PROCEDURE CODE DATE", f"0BJ08ZZ {page.other_day(2):%m%d%y}", 212)))  # fmt: skip
    attending, other = subject.attending, subject.doctors[0]
    text = f"LAST {attending.family.upper()} FIRST {attending.given.upper()}"
    page.note_as("attending", f"{attending.family}, {attending.given}".upper(), text, "numbered box")
    y = _boxes(page, y, (("76 ATTENDING", f"NPI {page.npi} {text}", 300), ("77 OPERATING", f"LAST {other.family.upper()} FIRST {other.given.upper()}", 232)))  # fmt: skip
    sheet.write(MARGIN, y + 10, "UB-04 CMS-1450   OMB APPROVAL PENDING   THE CERTIFICATIONS ON THE REVERSE APPLY TO THIS BILL", 6.5)  # fmt: skip
    page.open |= {"service_date", "discharge_date", "encounter"}


def _boxes(page: Page, top: float, row: tuple[tuple[str, str, int], ...], high: float = 26) -> float:
    """A row of boxes of these widths, a small label in the corner of each; gives its lower edge."""
    x = MARGIN
    for label, text, wide in row:
        page.sheet.frame(x, top, x + wide, top + high)
        if label:
            page.sheet.write(x + 2, top + 7, label, 6, fit=wide - 4)
        if text:
            page.sheet.write(x + 4, top + high - 5, text, 9.5, face=COURIER, fit=wide - 8)
        x += wide
    return top + high


def _invoice(page: Page) -> None:
    """A hospital's itemized invoice."""
    rng = page.rng
    y = page.letterhead(rng.choice(("INVOICE", "FINAL BILL", "Hospital Account")))
    y = page.block([*page.cells(["name", "dob", "sex", "mrn"]), *page.cells_plain(["admit_date", "discharge_date", "payer", "member_id", "attending"]), Cell("Invoice No", f"INV{rng.randrange(10**5, 10**7)}"), Cell("Invoice Date", page.day(20)), Cell("Ward", "Ward 6")], y) + 8  # fmt: skip
    rows = [("Date", "Description", "Qty", "Amount")]
    rows += [(page.day(offset), what, str(rng.randrange(1, 6)), f"{rng.randrange(50, 4000)}.00") for offset, what in ((1, "Accommodation"), (2, "Theatre fee"), (2, "Pathology"), (3, "Pharmacy"), (3, "Radiology"))]  # fmt: skip
    y = table(page, y, (MARGIN, 150, 380, 450), rows) + 8
    page.prose(f"Payment due {page.day(50)}. Account of {page.person(page.subject.relative)} ({page.kinship.lower()}), telephone {page.phone(page.subject.relative)}. Queries: {page.other_phone()}.", y)  # fmt: skip
    page.foot()
    page.open |= {"service_date", "encounter", "account"}


def office_claim(page: Page) -> None:
    """A doctor's claim: the numbered boxes of the CMS-1500 in the U.S., an insurer's own form elsewhere."""
    if page.site.region != "us":
        _insurer_form(page)
        return
    rng, sheet, subject, human, relative = page.rng, page.sheet, page.subject, page.subject.human, page.subject.relative
    sheet.face = HELVETICA  # preprinted
    page.lines(330, 34, (page.say("payer", "address of a claim"), f"PO BOX {rng.randrange(1000, 99999)}", "LEXINGTON KY 40512"), size=9, fit=230, typed=True)  # fmt: skip
    sheet.write(MARGIN, 46, "HEALTH INSURANCE CLAIM FORM", 12, bold=True)
    sheet.write(MARGIN, 58, "APPROVED BY NATIONAL UNIFORM CLAIM COMMITTEE (NUCC) 02/12", 6)
    name = page.say("name", "numbered box", name_words(human, "LAST, FIRST M"))
    member, phone, account = (page.say(f, "numbered box") for f in ("member_id", "phone", "account"))
    is_self = relative.family != human.family or page.kinship in ("Daughter", "Son")
    insured, birth = (human, human.born) if is_self else (relative, relative.born)
    page.note_as("dob", human.born.isoformat(), f"{human.born:%m %d %Y}", "numbered box")
    page.say("sex", "ticked box", human.sex)
    served = subject.served
    page.note_as("service_date", served.isoformat(), f"{served:%m %d %y}", "claim line")
    y = _boxes(page, 70, (("1. TYPE OF COVERAGE (Medicare #) (Medicaid #) (ID#/DoD#) (ID#) (ID#)", "", 340), ("1a. INSURED'S I.D. NUMBER (For Program in Item 1)", member, 192)))  # fmt: skip
    page.choices(MARGIN + 4, y - 6, ("Medicare", "Medicaid", "Tricare", "Group", "Other"), 0 if "Medicare" in subject.payer else 1 if "Medicaid" in subject.payer else 3, gap=12, size=7.5)  # fmt: skip
    y = _boxes(page, y, (("2. PATIENT'S NAME (Last Name, First Name, Middle Initial)", name, 200), ("3. PATIENT'S BIRTH DATE             SEX", f"{human.born:%m %d %Y}", 140), ("4. INSURED'S NAME (Last Name, First Name, Middle Initial)", "SAME" if is_self else name_words(insured, "LAST, FIRST M"), 192)))  # fmt: skip
    page.choices(316, y - 5, ("M", "F"), "MF".index(human.sex), gap=8, size=8)
    y = _boxes(page, y, (("5. PATIENT'S ADDRESS (No., Street)", human.address.upper(), 200), ("6. PATIENT RELATIONSHIP TO INSURED", "", 140), ("7. INSURED'S ADDRESS (No., Street)", insured.address.upper(), 192)))  # fmt: skip
    page.choices(MARGIN + 204, y - 5, ("Self", "Spouse", "Child"), 0 if is_self else 2 if page.kinship in ("Mother", "Father") else 1, gap=6, size=7)  # fmt: skip
    y = _boxes(page, y, (("ZIP CODE", human.postcode, 80), ("TELEPHONE (Include Area Code)", phone, 120), ("8. RESERVED FOR NUCC USE", "", 140), ("TELEPHONE (Include Area Code)", page.phone(insured), 192)))  # fmt: skip
    y = _boxes(page, y, (("9. OTHER INSURED'S NAME (Last Name, First Name, Middle Initial)", name_words(relative, "LAST, FIRST M"), 200), ("10. IS PATIENT'S CONDITION RELATED TO:", "NO", 140), ("11. INSURED'S POLICY GROUP OR FECA NUMBER", f"{rng.randrange(10**4, 10**6)}", 192)))  # fmt: skip
    y = _boxes(page, y, (("9a. OTHER INSURED'S POLICY OR GROUP NUMBER", f"{rng.randrange(10**7, 10**9)}", 200), ("b. AUTO ACCIDENT?", "NO", 140), ("a. INSURED'S DATE OF BIRTH", f"{birth:%m %d %Y}", 192)))  # fmt: skip
    y = _boxes(page, y, (("12. PATIENT'S OR AUTHORIZED PERSON'S SIGNATURE", f"SIGNATURE ON FILE  {page.other_short(-30)}", 340), ("13. INSURED'S OR AUTHORIZED PERSON'S SIGNATURE", "SIGNATURE ON FILE", 192)))  # fmt: skip
    y = _boxes(page, y, (("14. DATE OF CURRENT ILLNESS, INJURY OR PREGNANCY (LMP)", f"{page.other_day(-20):%m %d %y}", 200), ("15. OTHER DATE", f"{page.other_day(-60):%m %d %y}", 140), ("16. DATES PATIENT UNABLE TO WORK", "", 192)))  # fmt: skip
    y = _boxes(page, y, (("17. NAME OF REFERRING PROVIDER OR OTHER SOURCE", f"DN {subject.doctors[0].given} {subject.doctors[0].family} MD".upper(), 200), ("17b. NPI", page.npi, 140), ("18. HOSPITALIZATION DATES RELATED TO CURRENT SERVICES", "", 192)))  # fmt: skip
    y = _boxes(page, y, (("21. DIAGNOSIS OR NATURE OF ILLNESS OR INJURY", "A. I10   B. E119   C. R0789", 340), ("23. PRIOR AUTHORIZATION NUMBER", f"{rng.randrange(10**8, 10**10)}", 192)))  # fmt: skip
    rows = [("24. A. DATE(S) OF SERVICE", "B. PLACE", "D. PROCEDURES", "E. DX", "F. CHARGES", "J. PROVIDER ID #")]
    rows += [(f"{served:%m %d %y}  {served:%m %d %y}", "11", code, "A", f"{rng.randrange(30, 400)} 00", page.npi) for code in ("99214", "36415", "93000", "80053", "85025")]  # fmt: skip
    y = table(page, y + 14, (MARGIN, 180, 240, 330, 380, 460), rows, size=8) + 2
    y = _boxes(page, y, (("25. FEDERAL TAX I.D. NUMBER", f"{rng.randrange(10, 99)}-{rng.randrange(10**6, 10**7)}", 130), ("26. PATIENT'S ACCOUNT NO.", account, 130), ("27. ACCEPT ASSIGNMENT?", "YES", 80), ("28. TOTAL CHARGE", f"$ {rng.randrange(200, 900)} 00", 96), ("29. AMOUNT PAID", "$ 25 00", 96)))  # fmt: skip
    _boxes(page, y, (("31. SIGNATURE OF PHYSICIAN OR SUPPLIER", f"{subject.doctors[1].given} {subject.doctors[1].family} MD {page.other_short(4)}".upper(), 200), ("32. SERVICE FACILITY LOCATION INFORMATION", page.hospital.name.upper(), 166), ("33. BILLING PROVIDER INFO & PH #", page.hospital.name.upper(), 166)))  # fmt: skip
    sheet.write(MARGIN, 730, "NUCC Instruction Manual available at: www.nucc.org     PLEASE PRINT OR TYPE     FORM 1500 (02-12)", 7)  # fmt: skip
    page.open |= {"attending", "encounter", "mrn"}


def _insurer_form(page: Page) -> None:
    """An insurer's claim form with the policy owner and the person who was treated."""
    rng, relative = page.rng, page.subject.relative
    page.sheet.write(MARGIN, 44, page.say("payer", "brand at the head"), 16, bold=True, fit=300)
    page.sheet.write(340, 44, rng.choice(("HEALTH INSURANCE CLAIM FORM", "CLAIM FORM", "Medical Claim")), 12, bold=True, fit=232)  # fmt: skip
    y = page.section("Policy owner details", [*page.cells_plain(["member_id"]), Cell("Policy owner", page.person(relative)), Cell("Date of birth", day_words(relative.born, page.hospital.date)), Cell("Address", relative.address), Cell("Best contact number", page.phone(relative)), Cell("Email", "claims@mail.com")], 74)  # fmt: skip
    y = page.section("Who is this claim for?", [*page.cells(["name", "dob", "sex"]), *page.cells_plain(["phone"]), Cell("Relationship to policy owner", page.kinship)], y)  # fmt: skip
    y = page.section("Treatment", [page.cell("service_date", rng.choice(("Date of treatment", "Date of Service"))), Cell("Provider", page.hospital.name), Cell("Treated by", page.doctor(0)), Cell("Referred by", page.doctor(1)), Cell("Invoice total", f"{rng.randrange(50, 900)}.00"), Cell("Claim number", f"{rng.randrange(10**6, 10**9)}")], y)  # fmt: skip
    y = page.prose("I declare that the information given is true and complete. I authorise the insurer to collect health information relevant to this claim.", y + 4)  # fmt: skip
    page.signature(MARGIN, y + 26, "Signature of policy owner", 320)
    page.sheet.write(344, y + 24, page.day(9), 10)
    page.signature(340, y + 26, "Date", RIGHT)
    page.foot()
    page.open |= {"attending", "mrn", "account"}


def benefits(page: Page) -> None:
    """An explanation of benefits: subscriber's address, claim, patient, provider, lines of charges."""
    rng, sheet, relative = page.rng, page.sheet, page.subject.relative
    sheet.write(MARGIN, 44, page.say("payer", "brand at the head"), 16, bold=True, fit=300)
    sheet.write(350, 44, "EXPLANATION OF BENEFITS", 12, bold=True, fit=222)
    sheet.write(350, 58, "THIS IS NOT A BILL", 9)
    page.lines(MARGIN, 90, (name_words(relative, "FIRST M LAST"), relative.address.upper(), relative.postcode), size=10.5, typed=True)  # fmt: skip
    page.lines(350, 84, (f"Statement Date: {page.day(40)}", f"Subscriber: {name_words(relative, 'First M Last')}", f"Group Number: {rng.randrange(10**4, 10**7)}", f"Customer Service: 1-800-{rng.randrange(200, 999)}-{rng.randrange(1000, 9999)}"), size=9.5, fit=222)  # fmt: skip
    cells = [page.cell("name", rng.choice(("Patient Name", "Patient", "Member Name", "Patient name"))), page.cell("member_id", rng.choice(("Member ID", "Subscriber ID", "ID Number"))), Cell("Claim Number", f"{rng.randrange(10**10, 10**12)}"), Cell("Provider", page.hospital.name), Cell("Date Received", page.day(10)), Cell("Date Processed", page.day(36)), page.cell("account", "Patient Account Number"), Cell("Relationship", rng.choice(("Dependent", "Spouse")))]  # fmt: skip
    y = page.block(cells, 152) + 10
    served = page.say("service_date", "column of days")
    rows: list[tuple[str, ...]] = [(rng.choice(("Date of Service", "Service Date")), "Description", "Billed", "Allowed", "Deductible", "Plan Paid", "You Owe")]  # fmt: skip
    rows += [(served, what, *(f"{rng.randrange(10, 900)}.00" for _ in range(5))) for what in ("Office visit", "Lab services", "X-ray")]  # fmt: skip
    y = table(page, y, (MARGIN, 126, 220, 290, 360, 430, 505), rows) + 8
    sheet.write(MARGIN, y, f"Total you may owe: ${rng.randrange(10, 500)}.{rng.randrange(10, 99)}", 11, bold=True)
    page.prose(f"Remark codes: A1 amount exceeds the contracted rate. You have met $640.00 of your deductible for the year beginning {page.day(-100)}. You have the right to appeal by {page.day(220)}. Check # {rng.randrange(10**6, 10**8)} issued {page.day(38)}.", y + 24, size=9)  # fmt: skip
    page.open |= {"attending", "dob"}


def statement(page: Page) -> None:
    """A patient's bill: guarantor's address, account, charges and payments, a slip to return."""
    rng, sheet, relative = page.rng, page.sheet, page.subject.relative
    y = page.letterhead(rng.choice(("PATIENT STATEMENT", "Billing Statement", "ITEMIZED STATEMENT")))
    page.lines(MARGIN, y + 4, (name_words(relative, "FIRST M LAST"), relative.address.upper(), relative.postcode), size=10.5, typed=True)  # fmt: skip
    cells = [page.cell("account"), page.cell("name"), Cell("Statement Date", page.day(30)), Cell("Due Date", page.day(51)), Cell("Guarantor", page.person(relative)), page.cell("payer")]  # fmt: skip
    y = page.block(cells, y + 60) + 8
    served = page.say("service_date", "column of days")
    rows = [("Date of Service", "Description", "Provider", "Charges", "Payments", "Balance"), (served, "Office visit level 4", page.doctor(0), "240.00", "", "240.00"), (served, "Venipuncture", page.doctor(0), "22.00", "", "262.00"), (page.day(25), "Insurance payment", "", "", "-180.00", "82.00"), (page.day(27), "Adjustment", "", "", "-40.00", "42.00")]  # fmt: skip
    y = table(page, y, (MARGIN, 126, 260, 390, 450, 515), rows) + 10
    sheet.write(380, y, "AMOUNT DUE  $42.00", 12, bold=True)
    page.prose(f"Billing questions: {page.other_phone()}, 8 AM to 5 PM. Pay by {page.day(51)} to avoid collection. Last payment received {page.day(-60)}.", y + 26, size=9)  # fmt: skip
    page.sheet.rule(MARGIN, 620, RIGHT, 620)
    page.lines(MARGIN, 640, ("Please detach and return with payment", f"{page.hospital.labels['account']}: {page.say('account', 'return slip')}", f"Name: {page.say('name', 'return slip')}", "Amount enclosed: $ ________"), fit=260)  # fmt: skip
    page.lines(330, 640, ("Remit to:", page.hospital.name, f"PO Box {rng.randrange(100, 9999)}", page.facility.place), fit=240)  # fmt: skip
    page.open |= {"attending", "encounter"}


def authorization(page: Page) -> None:
    """An insurer's letter that approves a service: member, number, days, provider."""
    rng, sheet, human = page.rng, page.sheet, page.subject.human
    sheet.write(MARGIN, 44, page.say("payer", "brand at the head"), 15, bold=True, fit=300)
    sheet.write(MARGIN, 58, f"Utilization Management, PO Box {rng.randrange(1000, 9999)}   Phone 1-800-{rng.randrange(200, 999)}-{rng.randrange(1000, 9999)}", 8.5)  # fmt: skip
    y = page.lines(MARGIN, 90, (page.day(3), "", page.doctor(0), page.hospital.name, page.hospital.street), size=10.5, fit=300) + 8  # fmt: skip
    name = page.say("name", "reference of a letter", name_words(human, "First M Last"))
    parts = [f"{rng.choice(('Member', 'Patient', 'Member Name'))}: {name}", f"{rng.choice(('Member ID', 'ID #', 'Subscriber ID'))}: {page.say('member_id', 'reference of a letter')}", f"{rng.choice(('Date of Birth', 'DOB'))}: {page.say('dob', 'reference of a letter')}", f"Reference Number: {rng.randrange(10**8, 10**10)}", f"Service: {rng.choice(('MRI lumbar spine', 'Inpatient admission'))}", f"Dates approved: {page.day(5)} - {page.day(95)}"]  # fmt: skip
    y = page.lines(MARGIN + 20, y, parts, size=10.5, step=15, fit=420) + 8
    y = page.prose(f"Dear Provider: We have reviewed the request received on {page.day(-2)} and approved the service above. This approval is not a guarantee of payment; benefits depend on eligibility on the date of service. If the service is not performed by {page.day(95)}, a new request is needed.", y, size=10.5)  # fmt: skip
    page.lines(MARGIN, y + 16, ("Sincerely,", "", f"{page.subject.doctors[3].given} {page.subject.doctors[3].family}, RN", "Clinical Review", f"cc: {name}"), size=10.5, fit=300)  # fmt: skip
    page.foot()
    page.open |= {"attending", "service_date", "mrn", "admit_date"}


CLAIMS: dict[str, Callable[[Page], None]] = {
    "insurance card": insurance_card, "hospital claim": hospital_claim, "office claim": office_claim, "benefits": benefits,
    "statement": statement, "authorization": authorization,
}  # fmt: skip
