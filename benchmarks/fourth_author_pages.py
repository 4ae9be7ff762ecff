"""Pages of the fourth author: its ways of placing labels and values, and its kinds of pages (`PAGES`)."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from benchmarks import fourth_author
from benchmarks.display import COURIER, WIDTH, Sheet, width_of
from benchmarks.fourth_author import Institution, date_line, line_of, name_line, with_other_words
from benchmarks.hospital_paper import MARGIN, Cell, DrawnPage, Said
from benchmarks.hospitals import Doctor, Hospital, Subject
from benchmarks.people import Human
from benchmarks.third_author_paper import SIZE, Form, finish
from benchmarks.third_author_prints import table

_DAYS = ("dob", "admit_date", "discharge_date", "service_date")
_OWNED = ("pat", "pt", "px", "client", "participant", "member", "recipient", "inmate", "i/m", "offender", "user", "custody")  # fmt: skip
"""Parts of labels that say whose the value is: no relative stands under them."""


@dataclass(slots=True)
class Chart(Form):
    """A page whose values and places are the fourth author's; heads, feet and body prose are the third's."""

    items: int = 0  # numbered labels so far

    # ---- values

    def text(self, name: str) -> str:
        """The printed form of a field."""
        return line_of(self.site, self.subject, name)

    def said(self, name: str, text: str) -> Said:
        """A value with its normal form."""
        return Said(name, fourth_author.normal_line(self.site, self.subject, name), text)

    def cells_plain(self, fields: Iterable[str]) -> list[Cell]:
        """A labelled value for each field; days with the order in the label, a telephone with what it is behind it."""
        cells, place = [], cast(Institution, self.hospital)
        for name in fields:
            text, label, after = self.text(name), self.hospital.labels[name], ""
            if name in _DAYS and place.has_hints:
                label += fourth_author.hint_of(self.hospital.date)
            if name in _DAYS[1:] and (place.has_times or "Time" in label or "DTTM" in label):
                after = f" {self.clock()}"
            if name == "phone":
                after = place.after_phone
            cells.append(Cell(label, text + after, (self.said(name, text),)))
        return cells

    def cells(self, fields: Iterable[str]) -> list[Cell]:
        """Labelled values; birthday, age and sex as this hospital pairs them."""
        fields = list(fields)
        if not {"dob", "sex"} <= set(fields):
            return self.cells_plain(fields)
        return [cell for name in fields for cell in self._paired(name)]

    def _paired(self, name: str) -> list[Cell]:
        """Name, birthday or sex where one of them has the age or the sex beside it."""
        [cell] = self.cells_plain([name])
        sex, age = self.subject.human.sex, self.subject.age
        match self.hospital.pair, name:
            case "fused age", "sex":
                return [Cell("Age/Sex", f"{age}{sex}", (self.said("sex", sex),), "68F")]
            case "age in brackets", "dob":
                return [Cell(cell.label, f"{cell.text} ({age} yrs)", cell.says, "day (age)")]
            case "years / sex", "sex":
                word = {"M": "Male", "F": "Female"}[sex]
                return [Cell("Age / Sex", f"{age} Years / {word}", (self.said("sex", word),), "years / sex")]
            case "beside the name", "name":
                says = (*cell.says, self.said("sex", sex))
                return [Cell(cell.label, f"{cell.text}  ({sex}, {age} y)", says, "beside the name")]
            case "beside the name", "sex":
                return []
            case _:
                return [cell]

    def provider(self, doctor: Doctor) -> str:
        """A provider's name in this hospital's style."""
        return fourth_author.doctor_line(doctor, self.site.doctor_style)

    def day(self, offset: int) -> str:
        """A day so many days from the admission, that is no index field."""
        return date_line(self.other_day(offset), self.hospital.date)

    def person(self, human: Human) -> str:
        """Somebody's name in this hospital's style."""
        return name_line(human, self.hospital.name_style)

    def _kin_label(self, name: str, plain: str) -> str:
        """The patient's word where it does not say that it is the patient's, else a plain one."""
        label = self.hospital.labels[name]
        return plain if any(part in label.casefold() for part in _OWNED) else label

    # ---- places

    def block(self, cells: Sequence[Cell], y: float, *, way: str = "", columns: int = 0, left: float = MARGIN, right: float = WIDTH - MARGIN, title: str = "") -> float:  # fmt: skip
        """Labelled values in one of this hospital's ways; gives the next free y."""
        way = way or self.hospital.block
        for cell in cells:
            for said in cell.says:
                self.note(said, cell.habit or way)
        if way == "joint":
            return self._joint(cells, y, left, right)
        usual, needs, high, draw = WAYS[way]
        columns = max(1, min(columns or usual, usual, int((right - left) / needs)))
        wide = (right - left) / columns
        for number, cell in enumerate(cells):
            x = left + number % columns * wide
            draw(self, cell, x, y + number // columns * high, x + wide)
        return y + -(-len(cells) // columns) * high + 8

    def _joint(self, cells: Sequence[Cell], y: float, left: float, right: float) -> float:
        """Three labels joined before a colon, their values joined behind it in the same order."""
        columns = 3 if right - left > 400 else 1
        for at in range(0, len(cells), columns):
            row = cells[at : at + columns]
            stroke = " - " if any("/" in cell.label or " / " in cell.text for cell in row) else " / "
            labels = stroke.join(self.label(cell.label) for cell in row)
            self.sheet.write(left, y, f"{labels}:   {stroke.join(cell.text for cell in row)}", SIZE, fit=right - left)
            y += 16
        return y + 8


# ---- ways to place one labelled value: chart, cell, left, y, right


def _low_corner(chart: Chart, cell: Cell, x: float, y: float, end: float) -> None:
    """A box with the value at the left top and the label in fine print in the right lower corner."""
    chart.sheet.frame(x, y - 10, end, y + 16)
    chart.sheet.write(x + 4, y + 1, cell.text, SIZE, bold=chart.hospital.bold_values, fit=end - x - 8)
    label = chart.label(cell.label)
    size = min(5.8, 5.8 * (end - x - 8) / width_of(label, chart.sheet.face, 5.8))
    chart.sheet.write(end - 3 - width_of(label, chart.sheet.face, size), y + 13, label, size)


def _ledger(chart: Chart, cell: Cell, x: float, y: float, end: float) -> None:
    """A line of a ruled table of two columns."""
    middle = x + 0.36 * (end - x)
    chart.sheet.frame(x, y - 11, end, y + 4)
    chart.sheet.rule(middle, y - 11, middle, y + 4)
    chart.sheet.write(x + 4, y, chart.label(cell.label), 9, bold=chart.hospital.bold_labels, fit=middle - x - 8)
    chart.sheet.write(middle + 5, y, cell.text, SIZE, bold=chart.hospital.bold_values, fit=end - middle - 9)


def _strip(chart: Chart, cell: Cell, x: float, y: float, end: float) -> None:
    """A strip of labels between double lines from side to side, the value under it as a printer put it."""
    for rule in (y - 11, y - 9.5, y + 3.5, y + 5):
        chart.sheet.rule(x, rule, end, rule)
    chart.sheet.write(x + 4, y, chart.label(cell.label), 8, bold=True, fit=end - x - 10)
    chart.sheet.write(x + 4, y + 17, cell.text, 10, face=COURIER, fit=end - x - 10)


def _brackets(chart: Chart, cell: Cell, x: float, y: float, end: float) -> None:
    """The label in square brackets, the value behind."""
    chart.sheet.write(x, y, f"[{chart.label(cell.label)}] {cell.text}", SIZE, fit=end - x - 14)


def _numbered(chart: Chart, cell: Cell, x: float, y: float, end: float) -> None:
    """A numbered question, the answer typed on a line behind."""
    chart.items += 1
    at = chart.sheet.write(x, y, f"{chart.items}. {chart.label(cell.label)}", 8.5, fit=0.45 * (end - x)) + 5
    chart.sheet.write(at + 3, y - 1, cell.text, 10, face=COURIER, fit=end - at - 18)
    chart.sheet.rule(at, y + 3, end - 12, y + 3)


def _fill_in(chart: Chart, cell: Cell, x: float, y: float, end: float) -> None:
    """A line of strokes, or of points, with the value in it."""
    mark = "." if chart.site.region in ("uk", "world", "ca") else "_"
    at = chart.sheet.write(x, y, f"{chart.label(cell.label)}: ", SIZE, fit=0.45 * (end - x))
    at = chart.sheet.write(at + 1, y, mark * 3, SIZE)
    at = chart.sheet.write(at + 3, y, cell.text, SIZE, bold=chart.hospital.bold_values, fit=end - at - 30)
    count = max(2, int((end - at - 18) / width_of(mark, chart.sheet.face, SIZE)))
    chart.sheet.write(at + 3, y, mark * count, SIZE)


def _check_grid(chart: Chart, cell: Cell, x: float, y: float, end: float) -> None:
    """A line of a table with boxes behind the value for who compared it with the wristband."""
    chart.sheet.frame(x, y - 11, end, y + 4)
    chart.sheet.write(x + 4, y, chart.label(cell.label), 8.5, fit=0.36 * (end - x) - 8)
    chart.sheet.write(x + 0.36 * (end - x), y, cell.text, SIZE, fit=0.64 * (end - x) - (130 if end - x > 400 else 8))
    if cell.says and end - x > 400:
        chart.choices(end - 118, y, ("verified", "corrected"), 0, gap=8, size=7.5)


def _colon_column(chart: Chart, cell: Cell, x: float, y: float, end: float) -> None:
    """The label at the left, the value behind a colon that stands under those of the lines before."""
    middle = x + 0.4 * (end - x)
    chart.sheet.write(x, y, chart.label(cell.label), SIZE, bold=chart.hospital.bold_labels, fit=middle - x - 6)
    chart.sheet.write(middle, y, ":", SIZE)
    chart.sheet.write(middle + 8, y, cell.text, SIZE, bold=chart.hospital.bold_values, fit=end - middle - 18)


WAYS: dict[str, tuple[int, float, float, Callable[[Chart, Cell, float, float, float], None]]] = {
    "low corner": (4, 120, 26, _low_corner), "ledger": (1, 200, 15, _ledger), "strip": (4, 125, 34, _strip), "brackets": (2, 220, 15, _brackets),
    "numbered": (2, 230, 18, _numbered), "fill in": (2, 230, 17, _fill_in), "check grid": (1, 200, 15, _check_grid), "colon column": (2, 220, 15, _colon_column),
}  # fmt: skip
"""Each way with its usual number of columns, the points that a column needs, and the height of a row."""


def start(hospital: Hospital, subject: Subject, seed: str) -> Chart:
    """An empty page of this hospital; its payers are the fourth author's."""
    rng = random.Random(seed)
    return Chart(
        hospital, replace(subject, payer=rng.choice(fourth_author.PAYERS)), rng, Sheet(hospital.face, hospital.wide_gap)
    )


def draw_chart(hospital: Hospital, kind: str, subject: Subject, seed: int) -> DrawnPage:
    """A page of this kind about this patient; the same seed draws the same page."""
    chart = start(hospital, subject, f"fourth {hospital.seed} {kind} {seed}")
    PAGES[kind](chart)
    return finish(chart, kind)


# ---- kinds of pages


def preop_checklist(chart: Chart) -> None:
    """What is checked before an operation: boxes for yes, no and not applicable, initials, days of papers and tests."""
    relative, rng = chart.subject.relative, chart.rng
    y = chart.letterhead(rng.choice(("PRE-OPERATIVE CHECKLIST", "Pre-Procedure Verification", "SURGICAL SAFETY CHECKLIST"))) + 4  # fmt: skip
    cells = [*chart.cells(["name", "mrn", "dob", "sex", "encounter", "admit_date", "attending"]), Cell("Surgeon", chart.doctor(0)), Cell("Scheduled for", f"{chart.day(14)} {chart.clock()}")]  # fmt: skip
    y = chart.block(cells, y) + 8
    chart.sheet.write(MARGIN, y, "To be completed on the unit", 8.5, bold=True)
    asked = (
        f"ID band on; name and birth date stated by the {rng.choice(('person', 'person or guardian'))}", f"History and physical of {chart.day(-12)} on chart", f"Consent signed {chart.day(-2)}, witness {chart.subject.doctors[2].family}",
        f"Type and screen drawn {chart.day(-1)}, number {rng.randrange(10**6, 10**7)}", f"ECG of {chart.day(-20)} reviewed by anesthesia", "Nothing by mouth since midnight", "Dentures, contact lenses, jewelry removed",
        f"Valuables given to {relative.given.title()} {relative.family.title()} ({chart.kinship.lower()})", f"Escort home confirmed, telephone {chart.phone(relative)}", "Site marked by the surgeon", "Allergy band on: latex", f"Voided at {chart.clock()}",
    )  # fmt: skip
    for text in asked:
        y += 18
        chart.sheet.write(MARGIN, y, text, 9, fit=330)
        chart.choices(390, y, ("Yes", "No", "N/A"), rng.choice((0, 0, 0, 2)), size=8)
        chart.sheet.write(520, y, rng.choice(("KL", "MS", "dj")), 9)
    chart.prose(f"Time out called at {chart.clock()} by {chart.doctor(1)}. {chart.body(3)} Holding RN: {chart.subject.doctors[3].given} {chart.subject.doctors[3].family}. Room {rng.randrange(1, 20)}, case {rng.randrange(100, 999)}.", y + 26, size=9)  # fmt: skip
    chart.foot(["name", "mrn"])
    chart.open |= {"service_date"}


def dialysis_run(chart: Chart) -> None:
    """A treatment on the machine: weights, pressures by the half hour, orders with days of their own."""
    rng = chart.rng
    y = chart.letterhead(rng.choice(("HEMODIALYSIS TREATMENT RECORD", "Dialysis Run Sheet"))) + 4
    cells = [*chart.cells(["name", "mrn", "dob", "sex", "encounter", "service_date", "attending"]), Cell("Tx #", f"{rng.randrange(100, 2000)}"), Cell("Chair", f"{rng.randrange(1, 30)}"), Cell("Dry Wt", f"{rng.randrange(50, 110)}.5 kg")]  # fmt: skip
    y = chart.block(cells, y) + 6
    chart.lines(MARGIN, y, (f"Orders of {chart.day(-30)} by {chart.doctor(0)}", f"Dialyzer F180  K 2.0  Ca 2.5  lot {rng.randrange(10**5, 10**6)}", f"Hep B Ag neg {chart.day(-40)}  Ab {chart.day(-200)}"), size=9)  # fmt: skip
    y = chart.lines(330, y, (f"Access: L AVF placed {chart.day(-500)} ({chart.subject.doctors[1].family})", f"Pre wt {rng.randrange(60, 100)}.2  Post wt {rng.randrange(60, 100)}.0", f"Last run {chart.day(-3)}  Next run {chart.day(16)}"), size=9)  # fmt: skip
    rows = [("Time", "BP", "Pulse", "Art P", "Ven P", "Qb", "UF vol", "Init")]
    rows += [(f"{6 + n // 2:02d}{n % 2 * 3}0", f"{rng.randrange(100, 170)}/{rng.randrange(50, 95)}", str(rng.randrange(58, 96)), f"-{rng.randrange(120, 220)}", str(rng.randrange(120, 220)), "400", str(280 * n), "TB") for n in range(9)]  # fmt: skip
    y = table(chart, y + 12, (MARGIN, 100, 170, 225, 285, 345, 400, 470), rows)
    chart.prose(f"Transport by {chart.subject.relative.given.title()} {chart.subject.relative.family.title()}, {chart.phone(chart.subject.relative)}. {chart.body(5)} PCT T. Brandt, RN {chart.subject.doctors[2].given} {chart.subject.doctors[2].family}, machine {rng.randrange(10**4, 10**5)}.", y + 12, size=9)  # fmt: skip
    chart.foot(["name"])


def plate_sheet(chart: Chart) -> None:
    """A nurse's flow sheet with the imprint of the admission plate: no words but those of the admission and the doctor."""
    sheet, rng, subject, say = chart.sheet, chart.rng, chart.subject, chart.say
    habit = "plate"
    left = 330.0 if chart.site.seed % 2 else MARGIN
    chart.lines(370 - left, 44, (chart.hospital.name.upper(), rng.choice(("24-HOUR NURSING FLOW SHEET", "INTAKE & OUTPUT / VITAL SIGNS", "FREQUENT OBSERVATION RECORD")), f"Unit {rng.choice(('4E', 'CCU', '2 South'))}   Date {chart.day(1)}   Post-op day 2", "Code: Full   Isolation: Contact"), size=10.5, step=17, fit=235)  # fmt: skip
    name, mrn, born, admitted = say("name", habit), say("mrn", habit), say("dob", habit), say("admit_date", habit)
    sex, age, room = say("sex", habit, subject.human.sex), subject.age, rng.randrange(100, 900)
    variants = (
        [f"{mrn}      {room}", name, f"{born}   {age} {sex}", f"ADM {admitted}", f"DR {chart.text('attending')}"],
        [name, f"{mrn}   {sex}   {age}Y", f"B {born}", f"A {admitted}   RM {room}", f"DR {chart.text('attending')}"],
        [f"{room} {rng.choice(('MED', 'SUR'))}   ADM {admitted}", f"{name}   {sex}", mrn, f"DOB {born} {age}Y", f"DR {chart.text('attending')}"],
    )  # fmt: skip
    sheet.frame(left, 26, left + 242, 122)
    for number, line in enumerate(variants[chart.site.seed % 3]):
        sheet.write(left + 12, 44 + 15 * number, line, 11, bold=True, face=COURIER, fit=222)
    sheet.write(left + 90, 119, "ADDRESSOGRAPH", 5.5)
    top, step = 150.0, 31.0
    rows = (("Time", 7, 8), ("Temp F", 97, 101), ("Pulse", 58, 110), ("Resp", 12, 26), ("BP systolic", 96, 170), ("SpO2", 91, 100), ("Pain 0-10", 0, 9), ("IV mL", 75, 126), ("PO mL", 30, 240), ("Urine mL", 30, 300), ("Drain mL", 5, 60))  # fmt: skip
    for number, (what, low, high) in enumerate(rows):
        y = top + 26 * number
        sheet.write(MARGIN + 3, y + 9, what, 8.5, bold=number == 0)
        sheet.rule(MARGIN, y - 8, WIDTH - MARGIN, y - 8)
        for hour in range(14):
            value = rng.choice(("", "", str(rng.randrange(low, high))))
            sheet.write(MARGIN + 98 + step * hour, y + 9, value if number else f"{7 + hour:02d}00", 8)
    bottom = top + 26 * len(rows) - 8
    sheet.rule(MARGIN, bottom, WIDTH - MARGIN, bottom)
    for hour in range(14):
        sheet.rule(MARGIN + 95 + step * hour, top - 8, MARGIN + 95 + step * hour, bottom)
    y = chart.prose(f"Report from {subject.doctors[3].family} RN. {chart.body(6)}", bottom + 24, size=9)
    chart.prose(f"{chart.clock()} {chart.kinship} {subject.relative.given.title()} {subject.relative.family.title()} at bedside, can be called at {chart.phone(subject.relative)}. {chart.body(3)}", y, size=9)  # fmt: skip
    chart.foot()
    chart.open |= {"attending", "service_date"}


def pharmacy_leaflet(chart: Chart) -> None:
    """What a pharmacy hands out with a bottle: its label twice, a leaflet, who pays; the store has numbers of its own."""
    chart.hospital = with_other_words(chart.hospital)
    sheet, rng, subject, human = chart.sheet, chart.rng, chart.subject, chart.subject.human
    drug, store = rng.choice(("METFORMIN HCL 500 MG TAB", "AMLODIPINE 10 MG TABLET", "WARFARIN 2.5 MG TAB")), chart.other_phone()  # fmt: skip
    rx = f"{rng.randrange(10**6, 10**7)}-{rng.randrange(10**4, 10**5)}"
    sheet.frame(MARGIN, 40, 300, 170)
    name = chart.say("name", "bottle", name_line(human, "FIRST M. LAST").upper())
    chart.lines(MARGIN + 8, 54, (f"FAIRHOPE PHARMACY #{rng.randrange(100, 9999)}  {store}", f"RX {rx}   DR. {subject.doctors[0].family.upper()}", name, human.address.upper(), drug, "TAKE 1 TABLET BY MOUTH TWICE DAILY", f"QTY 60   REFILLS: {rng.randrange(1, 5)} BEFORE {chart.day(300)}", f"FILLED {chart.day(3)}   DISCARD AFTER {chart.day(368)}"), step=14.5, fit=244, typed=True)  # fmt: skip
    cells = [*chart.cells_plain(["name", "dob", "phone", "payer", "member_id"]), Cell("Prescriber", chart.doctor(0)), Cell("BIN/PCN", f"0{rng.randrange(10**4, 10**5)} / MEDD"), Cell("Ready", f"{chart.day(3)} {chart.clock()}")]  # fmt: skip
    y = max(190.0, chart.block(cells, 54, left=316, columns=1))
    sheet.write(MARGIN, y + 14, f"{drug.title()} - patient information", 12, bold=True)
    y += 34
    for text in ("USES: This medicine is for the condition that your doctor told you of. Ask if you are not sure.", f"HOW TO USE: Take with food and a full glass of water. Do not stop before you call the store at {store}.", "SIDE EFFECTS: Upset stomach, dizziness and headache may occur. Call your doctor at once for a rash, bleeding or trouble breathing.", f"PRECAUTIONS: Tell your doctor if you are pregnant or over 65 years of age. This leaflet was revised on {chart.day(-800)}.", "MISSED DOSE: Take it as soon as you remember, but never two at once. Keep away from children."):  # fmt: skip
        y = chart.prose(text, y, size=9.5)
    sheet.write(MARGIN, y + 10, f"Picked up by {subject.relative.given.title()} {subject.relative.family.title()} ({chart.kinship.lower()})   Reg 04   Tran {rng.randrange(1000, 9999)}   RPh {subject.doctors[3].family}   NDC {rng.randrange(10**4, 10**5)}-0{rng.randrange(100, 999)}-10", 8, fit=532)  # fmt: skip
    chart.open |= {"service_date", "attending"}


def release_form(chart: Chart) -> None:
    """A permission to send records: the patient, who sends, who gets them, from when to when, who signs."""
    rng, sheet, human = chart.rng, chart.sheet, chart.subject.human
    y = chart.letterhead(rng.choice(("AUTHORIZATION TO DISCLOSE HEALTH INFORMATION", "Release of Information (ROI)", "REQUEST FOR ACCESS TO HEALTH RECORDS"))) + 8  # fmt: skip
    y = chart.heading(y, "A. Whose records")
    former = [Cell("Other names used", human.maiden.title())] if human.maiden else []
    y = chart.block([*chart.cells_plain(["name", "dob", "phone", "mrn"]), *former, Cell("Street / City", human.address), Cell("SSN (last 4)", human.ssn4)], y)  # fmt: skip
    chart.ticks(MARGIN + 4, y)
    y = chart.heading(y + 24, "B. Sent to")
    y = chart.block([Cell("Name / Organization", rng.choice(("Pruitt & Lowe, Attorneys", "Disability Determination", chart.doctor(0)))), Cell("Phone", chart.other_phone()), Cell("Fax", chart.other_phone()), Cell("File / Claim No.", f"{rng.randrange(10**6, 10**8)}")], y) + 4  # fmt: skip
    y = chart.heading(y, "C. What is sent: records of the hospital stay")
    y = chart.block(chart.cells_plain(["admit_date", "discharge_date"]), y)
    sheet.write(MARGIN, y, f"and office visits from {chart.day(-700)} to {chart.day(40)}", 9)
    for row in (("Discharge summary", "Operative report", "Emergency record", "Imaging"), ("Laboratory", "Billing", "Immunizations", "Entire record")):  # fmt: skip
        y += 18
        chart.choices(MARGIN, y, row, rng.randrange(4), gap=30)
    y = chart.prose(f"This permission ends on {chart.day(360)} or when I take it back in writing. I may refuse to sign. Information that is sent may be sent on by whoever gets it and is then no longer protected. Copies cost 25 cents a page. Questions: Health Information Management, {chart.other_phone()}.", y + 28, size=9)  # fmt: skip
    y = chart.heading(y + 4, "D. Signature")
    y = chart.block([Cell("Signature", "x"), Cell("Signed on", chart.day(30)), *chart.kin("Personal representative"), Cell("Witness", f"{chart.subject.doctors[3].given} {chart.subject.doctors[3].family}")], y)  # fmt: skip
    sheet.write(MARGIN, y + 8, f"HIM use:  received {chart.day(31)}   sent {chart.day(33)}   pages {rng.randrange(4, 300)}   log {rng.randrange(10**4, 10**5)}   by {rng.choice(('KLUND', 'ROI2'))}", 8)  # fmt: skip
    chart.foot()
    chart.open |= {"service_date", "attending"}


def directive(chart: Chart) -> None:
    """A power of attorney for health care: running text names the patient, agents, witnesses; a clerk's box has the number."""
    sheet, rng, subject, human = chart.sheet, chart.rng, chart.subject, chart.subject.human
    relative, other = subject.relative, subject.doctors[2]
    sheet.frame(390, 24, WIDTH - MARGIN, 72)
    mrn = chart.say("mrn", "clerk's box")
    chart.lines(396, 36, ("FOR CHART USE", f"{chart.hospital.labels['mrn']} {mrn}", f"Scanned {chart.day(20)}  by HIM{rng.randrange(1, 9)}"), size=8.5, fit=170)  # fmt: skip
    sheet.write(MARGIN, 96, rng.choice(("DURABLE POWER OF ATTORNEY FOR HEALTH CARE", "ADVANCE HEALTH CARE DIRECTIVE", "Declaration and Appointment of Health Care Proxy")), 13, bold=True)  # fmt: skip
    name = chart.say("name", "running text", name_line(human, rng.choice(("FIRST M. LAST", "First M Last"))))
    born = chart.say("dob", "running text", date_line(human.born, "%-d %B %Y" if chart.hospital.profile.day_first else "%B %-d, %Y"))  # fmt: skip
    agent = f"{relative.given.title()} {relative.family.title()}"
    opening = rng.choice((f"I, {name}, born {born}, of {human.address}, being of sound mind, appoint my {chart.kinship.lower()} {agent}", f"KNOW ALL PERSONS that I, {name} (date of birth {born}), residing at {human.address}, name {agent}, my {chart.kinship.lower()},"))  # fmt: skip
    y = chart.prose(f"{opening} of {relative.address}, telephone {chart.phone(relative)}, as my agent to make health care decisions for me when I cannot. If my agent is not willing or not able, I appoint {other.given} {other.family}, telephone {chart.other_phone()}.", 124, size=10.5)  # fmt: skip
    for text in ("My agent may see my records, may consent to or refuse treatment, and may choose where I am cared for.", "If I am permanently unconscious, I do not want treatment that only prolongs dying.", "I do want to be kept comfortable and free of pain.", "I give my organs for transplant only."):  # fmt: skip
        chart.sheet.tick(MARGIN, y, ticked=rng.random() < 0.7)
        y = chart.prose(text, y, left=MARGIN + 20, size=10)
    y = chart.prose(f"This takes the place of the directive that I signed on {chart.day(-2000)}. A copy is as good as the original. Given to {chart.doctor(0)} on {chart.day(9)}.", y + 6)  # fmt: skip
    sheet.write(MARGIN, y + 24, f"x ______________________________     Date signed {chart.day(-300)}", 10)
    sheet.write(MARGIN, y + 37, f"{name} (principal)", 9)
    y = chart.lines(MARGIN, y + 68, (f"Witness 1: {subject.doctors[3].given} {subject.doctors[3].family}, {rng.randrange(10, 999)} Lantern Lane", f"Witness 2: {subject.doctors[1].given} {subject.doctors[1].family}, {rng.randrange(10, 999)} Campus Drive", f"Notary public, commission {rng.randrange(10**5, 10**6)} expires {chart.day(900)}"), size=9.5, step=18, fit=500)  # fmt: skip
    chart.open |= {"service_date", "attending"}


def benefits(chart: Chart) -> None:
    """An insurer's account of what it paid: the subscriber's address, patient, claim and provider, lines of charges."""
    chart.hospital = with_other_words(chart.hospital)
    sheet, rng, relative, labels = chart.sheet, chart.rng, chart.subject.relative, chart.hospital.labels
    sheet.write(MARGIN, 44, chart.say("payer", "brand at the head"), 15, bold=True)
    sheet.write(
        MARGIN, 58, f"Claims Services, PO Box {rng.randrange(1000, 9999)}   Customer service {chart.other_phone()}", 8
    )
    sheet.write(MARGIN, 84, "EXPLANATION OF BENEFITS", 13, bold=True)
    sheet.write(MARGIN, 97, "This is not a bill.", 9)
    chart.lines(MARGIN + 10, 130, (name_line(relative, "FIRST M. LAST").replace(".", ""), relative.address.upper(), f"{relative.postcode}"), size=10, typed=True)  # fmt: skip
    chart.lines(350, 84, (f"Statement date: {chart.day(40)}", f"Subscriber: {chart.person(relative)}", f"Group: {rng.randrange(10**4, 10**6)} Tidewater Freight", f"Check no. {rng.randrange(10**6, 10**8)} of {chart.day(38)}"), size=9, fit=220)  # fmt: skip
    y = chart.heading(
        196, f"Claim {rng.randrange(10**10, 10**11)}   received {chart.day(15)}   processed {chart.day(37)}"
    )
    cells = [*chart.cells_plain(["name", "dob", "member_id"]), *(replace(c, label=f"Provider's {c.label}") for c in chart.cells_plain(["account"])), Cell("Relationship to subscriber", "Dependent"), Cell("Provider", chart.hospital.name), Cell("Rendering", chart.doctor(0)), Cell("Network", "In")]  # fmt: skip
    y = chart.block(cells, y) + 10
    served = chart.say("service_date", "column of days")
    rows = [(labels["service_date"], "Service", "Charged", "Allowed", "Ded./Coins.", "Plan paid", "Code")]
    rows += [(served, what, f"{rng.randrange(100, 4000)}.00", f"{rng.randrange(50, 900)}.00", f"{rng.randrange(10, 90)}.00", f"{rng.randrange(50, 900)}.00", rng.choice(("45", "1", "PR2"))) for what in ("Office visit", "Laboratory", "X-ray", "Supplies")]  # fmt: skip
    y = table(chart, y, (MARGIN, 130, 240, 310, 370, 440, 510), rows)
    sheet.write(
        MARGIN, y + 8, f"You may owe the provider ${rng.randrange(10, 900)}.{rng.randrange(10, 99)}", 11, bold=True
    )
    chart.prose(f"45: the charge is above the contracted rate. 1: applied to the deductible for the plan year that began on {chart.day(-120)}. You may appeal in writing within 180 days, until {chart.day(220)}. Do you have other coverage? Call {chart.other_phone()}. Last year's out-of-pocket limit was met on {chart.day(-420)}.", y + 34, size=9)  # fmt: skip
    chart.open |= {"attending"}


def prior_authorization(chart: Chart) -> None:
    """A fax to a health plan for a drug or a test: member, subscriber, prescriber, what is asked, boxes to cross."""
    rng, sheet = chart.rng, chart.sheet
    sheet.write(60, 16, f"{chart.other_short(1)} {chart.clock()}  FROM {chart.hospital.name.upper()}  {chart.other_phone()}  P.{rng.randrange(1, 4)}/{rng.randrange(4, 12)}", 7, face=COURIER)  # fmt: skip
    sheet.write(MARGIN, 46, rng.choice(("PRIOR AUTHORIZATION REQUEST", "Coverage Determination / Precertification Form", "REFERRAL AUTHORIZATION")), 13, bold=True)  # fmt: skip
    sheet.write(MARGIN, 60, f"Utilization Management   Fax {chart.other_phone()}   Phone {chart.other_phone()}   Requested {chart.day(1)}", 8.5)  # fmt: skip
    chart.choices(MARGIN, 80, ("Standard (14 days)", "Urgent (72 hours)", "Retrospective"), rng.randrange(3), gap=30)
    y = chart.heading(108, "Member")
    y = chart.block([*chart.cells(["name", "dob", "sex", "phone"]), *chart.cells_plain(["payer", "member_id", "mrn"]), Cell("Group", f"{rng.randrange(10**4, 10**6)}")], y) + 4  # fmt: skip
    y = chart.heading(y, "Subscriber, if not the same")
    y = chart.block([*chart.kin("Subscriber", is_born=True), Cell("Employer", "Auburn Hill Schools")], y) + 4
    y = chart.heading(y, "Requesting provider")
    y = chart.block([Cell("Prescriber", chart.doctor(0)), Cell("NPI", f"1{rng.randrange(10**8, 10**9)}"), Cell("TIN", f"{rng.randrange(10, 99)}-{rng.randrange(10**6, 10**7)}"), Cell("Office Tel", chart.other_phone()), Cell("Office Fax", chart.other_phone()), Cell("Contact", "D. Marsh")], y) + 4  # fmt: skip
    y = chart.heading(y, "Request")
    rows = [("Code", "Drug / service", "Qty", "From", "To"), ("J1745", "Infliximab 10 mg", "40", chart.day(20), chart.day(200)), ("M06.9", "Rheumatoid arthritis", "", chart.day(-900), "")]  # fmt: skip
    y = table(chart, y - 4, (MARGIN, 110, 260, 320, 430), rows)
    chart.prose(f"Tried and failed: methotrexate ({chart.day(-400)} to {chart.day(-100)}). {chart.body(3)} Reviewer notes: ref {rng.randrange(10**8, 10**9)}, call back {chart.other_phone()}.", y + 8, size=9)  # fmt: skip
    chart.foot()
    chart.open |= {"service_date", "attending"}


def lab_slip(chart: Chart) -> None:
    """An order for the laboratory: tests to cross, who is billed, an insured who is a relative."""
    sheet, rng = chart.sheet, chart.rng
    y = chart.letterhead(rng.choice(("LABORATORY REQUISITION", "Outpatient Test Order", "Pathology Request Form"))) + 2
    y = chart.block([*chart.cells(["name", "dob", "sex", "mrn"]), *chart.cells_plain(["phone", "account"]), Cell("Collected", f"{chart.day(16)} {chart.clock()}"), Cell("Fasting", "Yes, 12 h"), Cell("Ordering", chart.doctor(0)), Cell("Copy to", chart.doctor(1))], y) + 4  # fmt: skip
    right = sheet.write(MARGIN, y, "Bill to:", 9, bold=True)
    chart.choices(right + 8, y, ("Insurance", "Patient", "Medicare", "Our office"), 0, gap=20)
    y = chart.block([*chart.cells_plain(["payer", "member_id"]), *chart.kin("Insured's Name, if other", is_born=True), Cell("ICD-10", "E11.9, I10")], y + 20) + 4  # fmt: skip
    y = chart.heading(y, "Tests")
    tests = "80053 CMP,80048 BMP,85025 CBC w/diff,85610 PT/INR,80061 Lipid panel,83036 Hgb A1c,84443 TSH,81001 Urinalysis,87086 Urine culture,82728 Ferritin,84153 PSA,86803 Hep C Ab,82607 B12,84550 Uric acid,83735 Magnesium,82043 Microalbumin,86140 CRP,85652 ESR".split(",")  # fmt: skip
    for number, test in enumerate(tests):
        x, at = MARGIN + 178 * (number % 3), y + 16 * (number // 3)
        sheet.tick(x, at + 1, ticked=rng.random() < 0.25)
        sheet.write(x + 15, at, test, 8.5)
    y += 16 * 6 + 8
    chart.prose(f"Standing order until {chart.day(180)}. Last A1c {chart.day(-95)}. Clinical history: {chart.body(3)} Call stat results to {chart.other_phone()}. Drawn by {rng.choice(('KS', 'MTB'))}, tubes: 2 SST, 1 LAV. Specimen {rng.randrange(10**7, 10**8)}.", y, size=9)  # fmt: skip
    chart.foot()
    chart.open |= {"service_date", "attending"}


def recall_letter(chart: Chart) -> None:
    """A letter to the patient: address window, references, a line of identity, when last seen and when next."""
    sheet, rng, human, labels = chart.sheet, chart.rng, chart.subject.human, chart.hospital.labels
    chart.letterhead()
    name = chart.say("name", "address window", name_line(human, rng.choice(("Title. First Last", "FIRST M. LAST"))))
    chart.lines(MARGIN + 16, 120, (name, human.address, f"{human.postcode}"), size=10.5, step=14)
    mrn = chart.say("mrn", "reference of a letter")
    chart.lines(360, 106, (f"{labels['mrn']}: {mrn}", f"Our ref: {rng.choice('ABC')}{rng.randrange(100, 999)}/{chart.subject.doctors[0].family[:2].upper()}/kl", f"Letter date: {chart.day(300)}", f"Booking line: {chart.other_phone()}"), size=9.5, fit=210)  # fmt: skip
    title = {"M": "Mr", "F": "Ms"}[human.sex]
    sheet.write(MARGIN, 206, f"Dear {title} {human.family.title()},", 10.5)
    born = chart.say("dob", "line of a letter")
    sheet.write(MARGIN, 230, rng.choice((f"Re: your appointment    {labels['dob']}: {born}", f"{rng.choice(('Retinal screening', 'Follow-up visit', 'Colonoscopy recall'))}  -  {labels['dob']} {born}")), 10.5, bold=True, fit=532)  # fmt: skip
    served = chart.say("service_date", "running text")
    y = chart.prose(f"You were last seen in this clinic on {served}. Your next visit has been booked for {chart.day(330)} at {rng.choice(('9:20', '10.45 am', '14:10'))} with {chart.doctor(1)}, in place of the one on {chart.day(316)}, which we had to cancel. Please bring this letter, your medicines and the results of {chart.day(-30)}.", 256, size=10.5)  # fmt: skip
    y = chart.prose(f"If you cannot come, ring {chart.other_phone()} before {chart.day(323)}, so that someone else can have the place. If you miss two visits, {chart.doctor(2)} must refer you once more. Children under 16 must come with a parent.", y, size=10.5)  # fmt: skip
    y = chart.lines(MARGIN, y + 20, ("Yours sincerely,", "", "", f"{chart.subject.doctors[3].given} {chart.subject.doctors[3].family}", "Outpatient Booking Manager"), size=10.5, step=15)  # fmt: skip
    chart.lines(MARGIN, y + 14, (f"cc {chart.doctor(2)}, {rng.randrange(10, 999)} Queen St W", f"Text messages will go to the number that we have. Wrong? Call {chart.other_phone()}."), size=8.5, fit=532)  # fmt: skip
    chart.foot()
    chart.open |= {"attending", "sex"}


def id_copy(chart: Chart) -> None:
    """Copies of a driver's licence and a government health card, and the line that registration stamped under them."""
    sheet, rng, human, region = chart.sheet, chart.rng, chart.subject.human, chart.site.region
    sheet.frame(70, 50, 400, 250)
    sheet.write(82, 70, rng.choice(("OHIO  DRIVER LICENSE", "PENNSYLVANIA  DRIVER'S LICENSE")) if region not in ("uk", "ca", "world") else "DRIVING LICENCE", 13, bold=True)  # fmt: skip
    sheet.frame(82, 84, 170, 190)
    sheet.write(96, 140, "[photograph]", 9)
    family, given = f"{human.family} {human.suffix}".strip().upper(), f"{human.given} {human.middle}".strip().upper()
    born = chart.say("dob", "licence")
    for text in (family, given):
        chart.say("name", "licence", text)
    chart.lines(182, 92, (f"4d LIC NO  R{family[0]}{rng.randrange(10**6, 10**7)}", f"1  {family}", f"2  {given}", f"8  {human.address.upper()}", f"3 DOB  {born}", f"4a ISS  {chart.day(-900)}", f"4b EXP  {chart.day(560)}"), step=16, fit=210)  # fmt: skip
    sheet.write(182, 206, f"15 SEX  {chart.say('sex', 'licence', human.sex)}     16 HGT  {rng.choice(('5-04', '5-09', '6-00'))}     18 EYES  BRO", 9.5, fit=210)  # fmt: skip
    sheet.write(82, 238, f"9 CLASS D    12 REST  A    5 DD {rng.randrange(10**9, 10**10)}    DONOR", 8)
    sheet.frame(70, 280, 400, 450)
    number = f"{rng.randrange(1, 9)}EG{rng.randrange(1, 9)}-TE{rng.randrange(1, 9)}-MK{rng.randrange(10, 99)}" if region not in ("uk", "ca", "world") else f"{rng.randrange(1000, 9999)} {rng.randrange(100, 999)} {rng.randrange(100, 999)}"  # fmt: skip
    card = ("MEDICARE HEALTH INSURANCE", "Name/Nombre", "Medicare Number", "HOSPITAL (PART A)") if region not in ("uk", "ca", "world") else ("HEALTH CARD / CARTE SANTÉ", "Name", "Card Number", "ISS/DEL")  # fmt: skip
    sheet.write(86, 302, card[0], 13, bold=True)
    name = chart.say("name", "health card", name_line(human, "FIRST M. LAST").replace(".", ""))
    chart.lines(86, 330, (card[1], name, "", card[2], number, "", f"{card[3]}    {chart.day(-3000)}"), size=10.5, step=14, fit=300)  # fmt: skip
    y = chart.lines(70, 490, (f"COPIED {chart.day(0)} {chart.clock()}   REG CLERK {rng.choice(('KLUND', 'ADM03'))}   Verified against photo", f"Present: {chart.subject.relative.given.title()} {chart.subject.relative.family.title()} ({chart.kinship.lower()}), {chart.phone(chart.subject.relative)}"), size=9, step=16, fit=460)  # fmt: skip
    chart.block(chart.cells_plain(["name", "mrn"]), y + 10, left=70, right=540)
    chart.foot()
    chart.open |= {"member_id", "payer", "service_date"}


PAGES: dict[str, Callable[[Chart], None]] = {
    "preop checklist": preop_checklist, "dialysis run": dialysis_run, "plate sheet": plate_sheet, "pharmacy leaflet": pharmacy_leaflet,
    "release form": release_form, "directive": directive, "benefits": benefits,
    "prior authorization": prior_authorization, "lab slip": lab_slip, "recall letter": recall_letter, "id copy": id_copy,
}  # fmt: skip
"""How each kind of page is drawn."""
