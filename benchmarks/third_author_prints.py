"""Pages of the third author that machines print: notes, face sheets, terminals, laboratories, recorders, bills."""

import math
from collections.abc import Sequence
from itertools import pairwise

from benchmarks.display import COURIER, HEIGHT, WIDTH
from benchmarks.hospital_paper import MARGIN, Cell
from benchmarks.third_author import date_words, name_words
from benchmarks.third_author_paper import Form

_WORD = {"M": "Male", "F": "Female"}


def table(form: Form, y: float, places: Sequence[float], rows: Sequence[Sequence[str]], *, size: float = 8.5) -> float:
    """Columns at these places, the first row in bold; gives the next free y."""
    for number, row in enumerate(rows):
        for x, after, text in zip(places, (*places[1:], WIDTH - MARGIN), row, strict=True):
            form.sheet.write(x, y, text, size, bold=number == 0, fit=after - x - 6)
        y += 14
    return y


def _banner(form: Form, style: str) -> list[str]:
    """The lines across the top of a note, by the system that prints them."""
    human, age, labels, say = form.subject.human, form.subject.age, form.hospital.labels, form.say
    match style:
        case "bars":
            return [" | ".join((say("name", "banner"), say("sex", "banner", human.sex), f"{age} y", f"{labels['dob']} {say('dob', 'banner')}", f"{labels['mrn']} {say('mrn', 'banner')}"))]  # fmt: skip
        case "id in parentheses":
            name = say("name", "banner", name_words(human, "LAST, FIRST M"))
            return [f"{name} (id #{say('mrn', 'banner id')}, dob: {say('dob', 'banner', form.short_day(human.born))})"]
        case "old female":
            line = f"{say('name', 'banner', name_words(human, 'Last, First M'))}    {age} Y old {say('sex', 'banner', _WORD[human.sex])}, DOB: {say('dob', 'banner')}"
            payer = f"Guarantor: {form.person(form.subject.relative)}    Insurance: {say('payer', 'banner')}    Payer ID: {form.rng.randrange(10**4, 10**5)}"
            form.open |= {"mrn"}
            return [line, f"Account Number: {say('account', 'banner')}", f"{human.address}    Home: {say('phone', 'banner')}", payer]  # fmt: skip
        case "stacked":
            name = say("name", "banner", name_words(human, "Last, First M"))
            born, sex, mrn = say("dob", "banner"), say("sex", "banner", _WORD[human.sex]), say("mrn", "banner")
            return [name, f"{age} yrs  \u2022  {sex}  \u2022  {labels['dob']}: {born}  \u2022  {labels['mrn']}: {mrn}  \u2022  Bed {form.rng.randrange(100, 700)}"]  # fmt: skip
    name, born, day = say("name", "banner", name_words(human, "FIRST LAST")), say("dob", "banner"), say("service_date", "banner")  # fmt: skip
    return [f"PATIENT: {name}", f"DATE OF BIRTH: {born}", f"DATE: {day} {form.clock()}", f"CHART: {say('mrn', 'banner')}", "VISIT TYPE: Office Visit", "HISTORIAN: self"]  # fmt: skip


def system_note(form: Form) -> None:
    """A note under a banner that says who it is; some say it again at the foot."""
    sheet, rng = form.sheet, form.rng
    style = form.site.rng("banner").choice(("bars", "id in parentheses", "old female", "stacked", "visit"))
    y = 34.0
    for number, line in enumerate(_banner(form, style)):
        sheet.write(MARGIN + 4, y, line, 11 if number == 0 else 9.5, bold=number == 0, fit=WIDTH - 2 * MARGIN - 8)
        y += 15
    sheet.frame(MARGIN, 20, WIDTH - MARGIN, y - 7)
    title = rng.choice(("Progress Notes", "H&P", "Office Visit Note", "Consult Note", "Procedure Note"))
    sheet.write(MARGIN, y + 14, f"{title} by {form.doctor(0)} at {form.day(1)} {form.clock()}", 11, bold=True)
    sheet.write(MARGIN, y + 28, f"Author: {form.doctor(0)}    Service: Cardiology    Author Type: Physician    Filed: {form.day(2)} {form.clock()}", 8, fit=532)  # fmt: skip
    if style != "visit":
        sheet.write(MARGIN, y + 41, f"{form.hospital.labels['service_date']}: {form.say('service_date', 'line of a note')}    Status: Signed    Editor: {form.doctor(1)}", 8, fit=532)  # fmt: skip
    y += 64
    for heading in ("HPI", "Review of Systems", "Objective", "Assessment/Plan"):
        sheet.write(MARGIN, y, heading, 10, bold=True)
        y = form.prose(form.body(5), y + 14, size=9)
    sheet.write(MARGIN, y, f"Electronically signed by: {form.doctor(0)} {form.day(2)} {form.clock()}    CC: {form.doctor(2)}", 8.5, fit=532)  # fmt: skip
    form.foot(["name", "dob"] if style in ("bars", "stacked") else [])
    form.open |= {"attending", "encounter", "admit_date", "service_date"}


def snapshot(form: Form) -> None:
    """A system's face sheet: patient, hospital account, guarantor with birthday and telephone, coverage, contacts."""
    human, relative, rng = form.subject.human, form.subject.relative, form.rng
    y = form.letterhead(rng.choice(("Face Sheet / Snapshot", "Patient Snapshot", "INPATIENT REGISTRATION"))) + 4
    y = form.section("PATIENT", [*form.cells(["name", "mrn", "dob", "sex", "phone"]), Cell("Home Address", human.address), Cell("Zip", human.postcode), Cell("SS#", f"***-**-{human.ssn4}"), Cell("Race", "Declined")], y)  # fmt: skip
    y = form.section("VISIT", [*form.cells_plain(["encounter", "account", "admit_date", "discharge_date", "attending"]), *form.strays(3)], y)  # fmt: skip
    y = form.section("GUARANTOR", [*form.kin("Guar. Name", is_born=True), Cell("Guar. ID", f"{rng.randrange(10**5, 10**7)}"), Cell("Guar. Employer", "Tidewater Freight")], y)  # fmt: skip
    y = form.section("COVERAGE", [*form.cells_plain(["payer", "member_id"]), Cell("Grp #", f"{rng.randrange(10**4, 10**6)}"), Cell("Subscr. Name", form.person(relative)), Cell("Subscr. Birthdate", date_words(relative.born, form.hospital.date)), Cell("Eff. From", form.day(-300))], y)  # fmt: skip
    y = form.section("KIN", form.kin("Emerg. Contact 1"), y)
    form.foot(["name", "mrn"])
    form.open |= {"service_date"}


def mainframe(form: Form) -> None:
    """A screen of an old registration system, printed: points to the value, keys at the foot, the guarantor in between."""
    human, rng = form.subject.human, form.rng
    form.typed(0, 34, f"PGM: AD{rng.randrange(100, 999)}R      {form.hospital.name.upper()[:34]}")
    form.typed(64, 34, f"{form.other_short(9)} {rng.randrange(7, 20)}:{rng.randrange(10, 60)}:{rng.randrange(10, 60)}")
    form.typed(0, 46, f"USR: {rng.choice(('KLUND', 'ADMT03'))}       PATIENT INQUIRY - DETAIL")
    fields = ["name", "mrn", "account", "dob", "sex", "phone", "admit_date", "discharge_date", "attending", "payer", "member_id"]  # fmt: skip
    cells = [*form.cells(fields), Cell("Street", human.address.upper()), Cell("Fin class", f"{rng.randrange(1, 40):02d}"), Cell("Ref doctor", form.doctor(1))]  # fmt: skip
    y = form.block(cells, 76, way="dots", columns=1, right=450)
    y = form.block(form.kin("Resp party"), y + 6, way="dots", columns=1, right=450)
    form.typed(0, y + 4, f"{'SEQ':4}{'TRN DATE':11}{'CODE':9}{'DESCRIPTION':24}{'AMOUNT':>12}")
    for number in range(12):
        y += 12
        form.typed(0, y + 4, f"{number + 1:<4}{form.other_short(number % 7):11}{rng.randrange(10**5, 10**7):<9}{rng.choice(('RM/BD SEMI-PRIV', 'PHARMACY', 'LAB-CHEM', 'RESP THERAPY')):24}{rng.randrange(900, 99999) / 100:12.2f}")  # fmt: skip
    form.typed(0, HEIGHT - 40, "F3=EXIT   F5=REFRESH   F12=CANCEL   F24=MORE KEYS                    MORE...")
    form.open |= {"service_date", "encounter"}


def lab_print(form: Form) -> None:
    """A laboratory system's report in typewriter letters: who it is in three lines at the top and again at the foot."""
    subject, human, rng, say = form.subject, form.subject.human, form.rng, form.say
    habit, labels = "three typed lines", form.hospital.labels
    name = say("name", habit, name_words(human, "LAST,FIRST M").upper())
    mrn, born = say("mrn", habit), say("dob", habit, form.short_day(human.born))
    age_sex = f"{say('sex', habit, human.sex)}/{subject.age}" if form.site.seed % 2 else f"{subject.age}/{say('sex', habit, human.sex)}"  # fmt: skip
    order = "SEX/AGE" if form.site.seed % 2 else "AGE/SEX"
    form.typed(0, 34, form.hospital.name.upper()[:40])
    form.sheet.write(MARGIN + 300, 34, f"PATHOLOGY & LAB MEDICINE {form.hospital.phone}", 10, face=COURIER, fit=232)
    form.typed(0, 46, f"DIRECTOR: {form.doctor(3)}")
    form.typed(50, 46, f"CLIA# 36D{rng.randrange(10**6, 10**7)}")
    sheet, top = form.sheet, 58.0
    sheet.rule(MARGIN, top, WIDTH - MARGIN, top)
    head = (
        (f"{name}", f"{labels['mrn'].upper()}: {mrn}"), (f"{order}: {age_sex}    DOB: {born}", f"LOC: {rng.choice(('5N', 'ICU', 'ER'))}  RM: {rng.randrange(100, 600)}"),
        (f"ORD: {form.doctor(0)}", f"ACCT: {say('account', habit)}"),
    )  # fmt: skip
    for number, (left, right) in enumerate(head):
        sheet.write(MARGIN, 74 + 13 * number, left, 10, face=COURIER, fit=50 * 6 - 12)
        sheet.write(MARGIN + 300, 74 + 13 * number, right, 10, face=COURIER, fit=WIDTH - 2 * MARGIN - 300)
    sheet.rule(MARGIN, 106, WIDTH - MARGIN, 106)
    form.typed(0, 122, f"SPEC #: {rng.randrange(100, 999)}:C{rng.randrange(10**4, 10**5)}S   COLL: {form.other_short(0)}-{rng.randrange(1000, 2359)}   RECD: {form.other_short(0)}-2359")  # fmt: skip
    form.typed(0, 134, f"REQ #: {rng.randrange(10**7, 10**8)}     SUBM DR: {form.doctor(1)}")
    y = 158.0
    form.typed(0, y, f"{'TEST':22}{'RESULT':>9}  {'FLAG':6}{'REFERENCE':16}{'SITE':6}")
    for test, low, high in (("SODIUM", 136, 145), ("CO2", 21, 32), ("BUN", 7, 18), ("CALCIUM", 8, 11), ("TOTAL PROTEIN", 6, 9), ("ALK PHOS", 45, 117), ("AST/SGOT", 15, 37), ("WBC", 4, 11), ("HGB", 12, 16), ("PLT COUNT", 150, 450), ("MPV", 7, 11), ("INR", 1, 3)):  # fmt: skip
        y += 13
        value = rng.randrange(low, high + 6)
        form.typed(0, y, f"{test:22}{value:>9}  {'H' if value > high else '':6}{f'{low}-{high}':16}{'ML':6}")
    form.typed(0, y + 26, f"CALLED TO {form.subject.doctors[2].family.upper()},RN BY TECH{rng.randrange(10, 99)} {form.other_short(1)} {rng.randrange(1000, 2359)}")  # fmt: skip
    sheet.rule(MARGIN, HEIGHT - 52, WIDTH - MARGIN, HEIGHT - 52)
    sheet.write(MARGIN, HEIGHT - 40, f"PATIENT: {name}    {labels['mrn'].upper()}: {mrn}    {order}: {age_sex}", 10, face=COURIER, fit=WIDTH - 2 * MARGIN)  # fmt: skip
    form.typed(0, HEIGHT - 26, f"RUN: {form.other_short(3)} {rng.randrange(1000, 2359)}          ** END OF REPORT **")
    form.open |= {"service_date", "attending", "encounter", "admit_date"}


def tracing(form: Form) -> None:
    """A recorder's strip: the identity typed in at the left top, measures beside it, three waves."""
    sheet, rng, subject, say = form.sheet, form.rng, form.subject, form.say
    name, mrn = say("name", "recorder"), say("mrn", "recorder id")
    served, born = say("service_date", "recorder"), say("dob", "recorder")
    sex = say("sex", "recorder", _WORD[subject.human.sex])
    left = (name, f"ID:{mrn}", f"{born} ({subject.age} yr)", f"{sex}   {rng.choice(('Caucasian', 'Black', 'Unknown'))}", f"Room:{rng.randrange(100, 600)}  Loc:{rng.randrange(1, 99)}")  # fmt: skip
    middle = (f"{served} {rng.randrange(7, 20):02d}:{rng.randrange(10, 60)}:{rng.randrange(10, 60)}", f"Vent. rate {rng.randrange(55, 110)} BPM", f"PR interval {rng.randrange(120, 210)} ms", f"QRS duration {rng.randrange(70, 120)} ms", f"QT/QTc {rng.randrange(340, 420)}/{rng.randrange(400, 470)} ms")  # fmt: skip
    right = (form.hospital.name, "Normal sinus rhythm", f"When compared with ECG of {form.day(-200)},", "No significant change was found", f"Confirmed by {form.doctor(1)} on {form.day(2)}")  # fmt: skip
    for x, wide, lines in ((MARGIN, 172, left), (220, 140, middle), (370, 200, right)):
        for number, line in enumerate(lines):
            sheet.write(x, 40 + 14 * number, line, 9.5, bold=number == 0, fit=wide)
    sheet.write(MARGIN, 118, f"Technician: {rng.choice(('KS', 'DML'))}   Test ind: CHEST PAIN", 8.5)
    sheet.write(300, 118, f"Referred by: {form.doctor(0)}", 8.5, fit=260)
    for strip, lead in enumerate(("I", "II", "V5")):
        y = 230.0 + 150 * strip
        sheet.write(MARGIN, y - 62, lead, 10, bold=True)
        points = [(MARGIN + 4.4 * n, y - (46 if n % 15 == 5 else -12 if n % 15 == 6 else 5 * math.sin(n / 2.4))) for n in range(121)]  # fmt: skip
        for (x1, y1), (x2, y2) in pairwise(points):
            sheet.rule(x1, y1, x2, y2)
        sheet.frame(MARGIN, y - 58, WIDTH - MARGIN, y + 40)
    sheet.write(MARGIN, 600, f"25mm/s  10mm/mV  100Hz  9.0.4  12SL {rng.randrange(200, 299)}  CID: {rng.randrange(10, 99)}   EID:{rng.randrange(100, 999)}  EDT: {rng.randrange(10, 24)}:{rng.randrange(10, 60)} {form.other_short(2)}  ORDER: {rng.randrange(10**7, 10**9)}", 7.5)  # fmt: skip
    form.open |= {"attending", "encounter", "account"}


def sleep_study(form: Form) -> None:
    """A laboratory's study report: identity and body measures in one block, stages in a table."""
    rng = form.rng
    y = form.letterhead(rng.choice(("POLYSOMNOGRAPHY REPORT", "Pulmonary Function Test", "Home Sleep Apnea Test Report", "STRESS ECHOCARDIOGRAM"))) + 4  # fmt: skip
    cells = [*form.cells(["name", "mrn", "dob", "sex", "service_date"]), Cell("Height", f"{rng.randrange(150, 195)} cm"), Cell("Weight", f"{rng.randrange(50, 120)} kg"), Cell("BMI", f"{rng.randrange(19, 40)}.{rng.randrange(10)}"), Cell("Ordering MD", form.doctor(0)), Cell("Interpreting MD", form.doctor(1)), Cell("Scored by", "D. Marsh RPSGT"), Cell("Scoring date", form.day(4))]  # fmt: skip
    y = form.block(cells, y + 4, title="STUDY") + 8
    rows = [("Stage / measure", "Value", "% Pred", "Range")]
    rows += [(what, str(rng.randrange(1, 99)), str(rng.randrange(40, 120)), "80-120") for what in ("FEV1", "TST (min)", "REM latency", "AHI", "Nadir SpO2", "Arousal index", "DLCO")]  # fmt: skip
    y = table(form, y, (MARGIN, 240, 330, 430), rows)
    for heading in ("INTERPRETATION", "RECOMMENDATION"):
        form.sheet.write(MARGIN, y + 10, heading, 10, bold=True)
        y = form.prose(form.body(4), y + 25)
    form.sheet.write(MARGIN, y, f"{form.doctor(1)}  signed {form.day(5)} {form.clock()}   Accession {rng.choice('SP')}{rng.randrange(10**6, 10**7)}", 9)  # fmt: skip
    form.foot(["name", "mrn", "dob"])
    form.open |= {"attending", "encounter"}


def federal_print(form: Form) -> None:
    """A federal system's note between dashes; whose it is stands in the box at the foot, with the last four digits."""
    subject, human, rng, say = form.subject, form.subject.human, form.rng, form.say
    form.typed(0, 36, " LOCAL TITLE: PRIMARY CARE NOTE")
    form.typed(0, 48, "STANDARD TITLE: PRIMARY CARE PHYSICIAN NOTE")
    form.typed(0, 60, f"DATE OF NOTE: {form.day(0).upper()}@{rng.randrange(10, 18)}:{rng.randrange(10, 60)}     ENTRY DATE: {form.day(1).upper()}@11:04")  # fmt: skip
    form.typed(
        0, 72, f"      AUTHOR: {subject.doctors[0].family.upper()},{subject.doctors[0].given.upper()}     EXP COSIGNER:"
    )
    form.typed(0, 84, "     URGENCY:                            STATUS: COMPLETED")
    y = 110.0
    for _ in range(4):
        y = form.prose(form.body(4), y, size=9)
    form.typed(0, y + 8, f"/es/ {subject.doctors[0].given.upper()} {subject.doctors[0].family.upper()}, MD")
    form.typed(0, y + 20, f"Signed: {form.day(1)} 11:09")
    form.typed(0, y + 44, f"Receipt Acknowledged By:  {form.doctor(2)}  {form.day(2)}")
    top, sheet = HEIGHT - 132, form.sheet
    sheet.frame(MARGIN, top, WIDTH - MARGIN, HEIGHT - 44)
    sheet.rule(330, top, 330, HEIGHT - 44)
    sheet.write(MARGIN + 4, top + 9, "PATIENT NAME AND ADDRESS (Mechanical imprinting, if available)", 6)
    sheet.write(335, top + 9, "VISTA Electronic Medical Documentation", 6)
    name = say("name", "imprint", name_words(human, "LAST,FIRST M").upper())
    lines = (name, f"XXX-XX-{human.ssn4}", human.address.upper(), f"{form.hospital.labels['phone']}: {say('phone', 'imprint')}", f"DOB: {say('dob', 'imprint')}")  # fmt: skip
    for number, line in enumerate(lines):
        sheet.write(MARGIN + 8, top + 24 + 13 * number, line, 9.5, face=COURIER, fit=330 - MARGIN - 16)
    for number, line in enumerate((f"Printed at {form.hospital.name}", f"{form.hospital.labels['mrn']}: {say('mrn', 'imprint')}", f"Ward: OPC   Page 1   {form.other_short(90)}")):  # fmt: skip
        sheet.write(340, top + 26 + 14 * number, line, 9, fit=WIDTH - MARGIN - 346)
    form.open |= {"service_date", "attending", "encounter"}


def statement(form: Form) -> None:
    """A bill: the guarantor in the window, the patient and the stay in a table of one row, a coupon to tear off."""
    subject, rng, sheet = form.subject, form.rng, form.sheet
    relative = subject.relative
    y = form.letterhead("STATEMENT OF HOSPITAL SERVICES") + 4
    for number, line in enumerate(
        (name_words(relative, "FIRST LAST"), relative.address.upper(), f"{relative.postcode}")
    ):
        sheet.write(MARGIN + 20, y + 14 * number, line, 10, face=COURIER)
    for number, (label, text) in enumerate((("Statement Date", form.day(30)), ("Pay This Amount", f"${rng.randrange(40, 900)}.{rng.randrange(10, 99)}"), ("Due By", form.day(55)), ("Guarantor #", f"{rng.randrange(10**6, 10**8)}"))):  # fmt: skip
        sheet.write(350, y + 14 * number, label, 9, bold=True)
        sheet.write(450, y + 14 * number, text, 9, fit=WIDTH - MARGIN - 450)
    y = form.block(
        form.cells_plain(["name", "account", "admit_date", "discharge_date", "payer"]), y + 84, way="one row"
    )
    rows = [("Posted", "Description", "Charges", "Payments")]
    rows += [(form.day(20 + number), rng.choice(("Room and care", "Pharmacy", "Payment - insurance", "Adjustment", "Radiology")), f"{rng.randrange(100, 9000)}.00", f"-{rng.randrange(10, 900)}.00") for number in range(7)]  # fmt: skip
    y = table(form, y + 10, (MARGIN, 150, 350, 450), rows)
    y = form.prose(f"Questions? Call {form.other_phone()} 8 to 5. Claim {rng.randrange(10**8, 10**10)} was sent on {form.day(12)}. Doctors bill by themselves: {form.doctor(0)}, {form.doctor(1)}.", y + 14, size=9)  # fmt: skip
    sheet.write(MARGIN, HEIGHT - 150, "-" * 60 + " detach and return with payment " + "-" * 60, 7, fit=532)
    name, account = form.say("name", "coupon"), form.say("account", "coupon")
    sheet.write(MARGIN, HEIGHT - 126, f"Patient: {name}", 9)
    sheet.write(330, HEIGHT - 126, f"{form.hospital.labels['account']} {account}", 9, fit=240)
    sheet.write(MARGIN, HEIGHT - 108, f"Card holder name ______________________  Exp ____  Check # ______   Make checks payable to {form.hospital.name}", 8, fit=532)  # fmt: skip
    form.foot()
    form.open |= {"service_date", "attending", "encounter", "mrn", "member_id"}
