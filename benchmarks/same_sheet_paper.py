"""Paper of the benchmark of same sheets: forms drawn and filled in for people and days, and what two scans do to one of them.

Words are known where they are drawn. Names and numbers are drawn by chance; nobody is real.
"""

import io
import random
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.demo import paper
from ingest.demo.clinic import Patient, draw_clinic
from ingest.demo.wording import KINDS
from ocr.clean import geometry
from ocr.clean.sketch import Sketch
from ocr.imaging import Image, cv2
from ocr.page import Box, OcrPage, PageOutcome, Word
from ocr.textlayer import read_text_layer
from tests.data.handwritten import HANDS

_DPI = 300
_HEIGHT = 792.0
_FONTS = (("Helvetica", "Helvetica-Bold"), ("Times-Roman", "Times-Bold"), ("Courier", "Courier-Bold"))
_LABELS = (
    "Patient name", "Date of birth", "Medical record no.", "Visit no.", "Date of service", "Attending", "Phone", "Insurance",
    "Member ID", "Unit / bed", "Height", "Weight", "Allergies", "Isolation", "Code status", "Diet",
)  # fmt: skip
_CHECKS = (
    "Fall risk reviewed", "Call light in reach", "Skin intact", "IV site clear", "Pain assessed", "Family at bedside",
    "Consent on chart", "Belongings listed", "Identification band on", "Teaching done", "Bed low and locked", "NPO since midnight",
)  # fmt: skip
_PRINTED = (
    "This form is part of the permanent medical record and must be completed in ink by the person who gives the care.",
    "I understand that no guarantee has been made to me about the result of any treatment or examination in this hospital.",
    "Do not write below this line. Corrections are made with a single line through the entry, initials and the date.",
    "The undersigned authorizes the release of information that is necessary to process claims for the services rendered.",
    "Record every value at the time it was taken. A blank is not a normal finding. Report values outside of the range.",
    "Copies: white to the chart, yellow to the pharmacy, pink to the patient. Discard earlier versions of this form.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """One filling of a form: which form, who and which day, what kind of other filling it is, its picture at 300 dpi, and the
    words on it in pixels; `by_hand` are numbers of those written by hand."""

    form: int
    person: int
    day: int
    picture: Image
    words: tuple[Word, ...]
    by_hand: frozenset[int]


@dataclass(frozen=True, slots=True)
class Scanned:
    """One scan: the way it was scanned, the page with its words, the sketch of it, the file for a recogniser."""

    way: str
    page: OcrPage
    sketch: Sketch
    image: Image
    dpi: tuple[int, int]


@dataclass(slots=True)
class _Pen:
    """Draws on a canvas, and notes each word."""

    canvas: Any
    words: list[Word]
    by_hand: set[int]
    line: int = 0

    def write(self, x: float, y: float, text: str, font: str, size: float, *, is_hand: bool = False) -> None:
        """Text from a point, in points from the lower left corner."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, text)
        at = x
        for part in text.split(" "):
            wide = self.canvas.stringWidth(part, font, size)
            box = (at, _HEIGHT - y - 0.75 * size, at + wide, _HEIGHT - y + 0.22 * size)
            if part:
                if is_hand:
                    self.by_hand.add(len(self.words))
                self.words.append(Word(part, Box(*(round(edge * _DPI / 72) for edge in box)), 0.95, self.line))
            at += wide + self.canvas.stringWidth(" ", font, size)
        self.line += 1


def fillings_of(form: int, seed: int) -> list[tuple[int, int]]:
    """Who and which day each filling of a form is for: other people, the same one on other days, and the day after, when little
    else differs (a day from 1,000 on)."""
    rng = random.Random(f"{seed} {form} fillings")
    days = rng.sample(range(1, 900), 7)
    twice = ((1, day + after) for day in days[5:] for after in (0, NEXT_DAY))
    return [*((person, rng.randrange(900)) for person in range(2, 7)), *((0, day) for day in days[:5]), *twice]


NEXT_DAY = 1000
"""Added to a day: the day after it, when one entry in ten is another."""


def draw_filled(form: int, person: int, day: int, seed: int) -> Filled:
    """Draw a filling; every fourth form is a page of the demo's clinic."""
    return _of_the_demo(form, person, day, seed) if form % 4 == 3 else _of_ours(form, person, day, seed)


@cache
def _people(seed: int) -> tuple[Patient, ...]:
    return draw_clinic(400, random.Random(f"{seed} people"))


def _person(form: int, person: int, seed: int) -> Patient:
    return _people(seed)[(form * 8 + person) % 400]


def _of_the_demo(form: int, person: int, day: int, seed: int) -> Filled:
    rng = random.Random(f"{seed} {form}")
    kind, style = rng.choice(KINDS), rng.randrange(len(paper.STYLES))
    title, who = paper.title_of(kind, rng), _person(form, person, seed)
    real = day % NEXT_DAY
    admitted = date(2020, 1, 1) + timedelta(days=real + (day >= NEXT_DAY))
    visit = replace(who.encounters[0], admitted=admitted, discharged=admitted + timedelta(days=3))
    sheet = paper.Sheet(kind, title, who, visit, 1, style, "amberfinch")
    drawn = paper.draw_document(sheet, random.Random(f"{seed} {form} {person} {real}"))
    words = read_text_layer(drawn.pdf, 1, _DPI)
    return Filled(form, person, day, paper.render(drawn.pdf, _DPI)[0], words or (), frozenset())


def _of_ours(form: int, person: int, day: int, seed: int) -> Filled:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    pen = _Pen(Canvas(out, pagesize=(612.0, _HEIGHT), invariant=1), [], set())
    layout = random.Random(f"{seed} {form} layout")
    hand = _hand(layout) if layout.random() < 0.5 else ""
    _draw_form(pen, layout, _Filling(_person(form, person, seed), day, f"{seed} {form} {person}", hand))
    pen.canvas.showPage()
    pen.canvas.save()
    return Filled(form, person, day, paper.render(out.getvalue(), _DPI)[0], tuple(pen.words), frozenset(pen.by_hand))


def _hand(rng: random.Random) -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    file = rng.choice(sorted(HANDS.glob("*.ttf")))
    if file.stem not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(file.stem, file))
    return file.stem


@dataclass(frozen=True, slots=True)
class _Filling:
    """What is written into a form: by whom, on which day, and in which hand (empty: typed)."""

    who: Patient
    day: int
    seed: str
    hand: str

    @property
    def is_next_day(self) -> bool:
        return self.day >= NEXT_DAY

    @property
    def on(self) -> date:
        return date(2021, 1, 4) + timedelta(days=self.day % NEXT_DAY + self.is_next_day)

    def rng(self, what: str) -> random.Random:
        """Chance of one entry: of the day after it is that of the day before, but for one entry in ten."""
        own = random.Random(f"{self.seed} {what} {self.day}")
        if self.is_next_day and own.random() > 0.1:
            return random.Random(f"{self.seed} {what} {self.day % NEXT_DAY}")
        return random.Random(f"{self.seed} {what} {self.day}") if self.is_next_day else own


def _draw_form(pen: _Pen, layout: random.Random, filling: _Filling) -> None:
    font, bold = layout.choice(_FONTS)
    size = layout.choice((9.0, 9.5, 10.0))
    number = f"FORM {layout.randrange(1000, 9999)}-{layout.choice('ABCD')} (Rev. {layout.randrange(1, 12):02d}/{layout.randrange(12, 24)})"
    pen.write(
        50,
        752,
        f"{layout.choice(('MERCY', 'LAKESIDE', 'ST. ANNE', 'COUNTY'))} {layout.choice(('MEDICAL CENTER', 'GENERAL HOSPITAL'))}",
        bold,
        11,
    )
    pen.write(
        50,
        734,
        layout.choice(
            (
                "NURSING FLOW SHEET",
                "CONSENT AND ACKNOWLEDGEMENT",
                "DAILY ASSESSMENT",
                "ADMISSION RECORD",
                "PHYSICIAN ORDERS",
            )
        ),
        bold,
        15,
    )
    pen.write(430, 752, number, font, 8)
    y = _draw_fields(pen, layout, filling, font, size)
    parts = [_draw_text, _draw_checks, _draw_table]
    layout.shuffle(parts)
    for part in parts:
        y = part(pen, layout, filling, font, size, y)
    pen.canvas.line(50, 70, 300, 70)
    pen.write(50, 58, "Signature", font, 8)
    _fill(pen, filling, 60, 74, filling.rng("nurse").choice(("R. Adeyemi", "J. Novak", "M. Whitfield", "L. Herrera")))
    pen.write(330, 58, "Date / time", font, 8)
    _fill(
        pen,
        filling,
        335,
        74,
        f"{filling.on:%m/%d/%Y} {filling.rng('time').randrange(24):02d}:{filling.rng('minute').randrange(60):02d}",
    )


def _fill(pen: _Pen, filling: _Filling, x: float, y: float, text: str) -> None:
    if filling.hand:
        moved = random.Random(f"{filling.seed} {filling.day} {x} {y}")  # nobody writes twice in the very same place
        x, y, size = x + moved.uniform(-1, 4), y + moved.uniform(-1, 2), 13 * moved.uniform(0.93, 1.07)
        pen.write(x, y, text, filling.hand, size, is_hand=True)
    else:
        pen.write(x, y, text, "Courier", 10)


def _draw_fields(pen: _Pen, layout: random.Random, filling: _Filling, font: str, size: float) -> float:
    labels = [*_LABELS[:5], *layout.sample(_LABELS[5:], layout.randrange(3, 8))]
    y = 708.0
    for at, label in enumerate(labels):
        x = 50 + at % 2 * 262
        pen.write(x, y, f"{label}:", font, size)
        start = x + pen.canvas.stringWidth(f"{label}: ", font, size) + 4
        pen.canvas.line(start, y - 2, x + 250, y - 2)
        _fill(pen, filling, start + 2, y, _entry(label, filling))
        y -= 22 if at % 2 else 0
    return y - 30


def _entry(label: str, filling: _Filling) -> str:
    who, rng = filling.who, filling.rng(label)
    return {
        "Patient name": who.last_first, "Date of birth": f"{who.birth_date:%m/%d/%Y}", "Medical record no.": who.mrn,
        "Visit no.": who.encounters[0].number, "Date of service": f"{filling.on:%m/%d/%Y}",
        "Attending": who.encounters[0].attending, "Phone": who.phone, "Insurance": who.payer, "Member ID": who.member_id,
        "Unit / bed": f"{rng.randrange(2, 7)} {rng.choice('NSEW')} {rng.randrange(1, 40)}",
        "Height": f"{rng.randrange(150, 195)} cm", "Weight": f"{rng.randrange(48, 120)}.{rng.randrange(10)} kg",
    }.get(label, rng.choice(("none", "penicillin", "contact", "full code", "regular", "sulfa", "cardiac", "DNR", "latex")))  # fmt: skip


def _draw_text(pen: _Pen, layout: random.Random, filling: _Filling, font: str, size: float, y: float) -> float:
    for sentence in layout.sample(_PRINTED, layout.randrange(2, 5)):
        for line in textwrap.wrap(sentence, 95):
            pen.write(50, y, line, font, size - 0.5)
            y -= 13
    return y - 14


def _draw_checks(pen: _Pen, layout: random.Random, filling: _Filling, font: str, size: float, y: float) -> float:
    for at, label in enumerate(layout.sample(_CHECKS, layout.choice((4, 6, 8)))):
        x = 50 + at % 2 * 262
        pen.canvas.rect(x, y - 1, 9, 9)
        pen.write(x + 16, y, label, font, size)
        if filling.rng(label).random() < 0.5:
            pen.canvas.line(x + 1, y, x + 8, y + 7)
            pen.canvas.line(x + 1, y + 7, x + 8, y)
        y -= 17 if at % 2 else 0
    return y - 16


def _draw_table(pen: _Pen, layout: random.Random, filling: _Filling, font: str, size: float, y: float) -> float:
    heads = ("Time", "Temp", "Pulse", "Resp", "B/P", "SpO2", "Init.")
    rows = layout.randrange(3, 12)
    rows = min(rows, int((y - 110) // 19))
    if rows < 1:
        return y
    for column, head in enumerate(heads):
        pen.write(56 + column * 72, y, head, font, size)
    for row in range(rows):
        top = y - 6 - row * 19
        for column in range(len(heads)):
            pen.canvas.rect(50 + column * 72, top - 19, 72, 19)
        rng = filling.rng(f"row {row}")
        cells = (
            f"{rng.randrange(24):02d}{rng.choice(('00', '15', '30', '45'))}", f"{rng.randrange(360, 390) / 10}",
            str(rng.randrange(55, 120)), str(rng.randrange(12, 28)), f"{rng.randrange(95, 175)}/{rng.randrange(55, 100)}",
            f"{rng.randrange(89, 100)}%", rng.choice(("RA", "JN", "MW", "LH")),
        )  # fmt: skip
        for column, cell in enumerate(cells):
            _fill(pen, filling, 56 + column * 72, top - 14, cell)
    return y - 6 - rows * 19 - 22


# ---- what scanning does


WAYS: tuple[tuple[str, tuple[int, int], float, float], ...] = (
    ("300 dpi", (300, 300), 0.002, 0.004),
    ("200 dpi", (200, 200), 0.004, 0.008),
    ("150 dpi", (150, 150), 0.012, 0.015),
    ("dim 200 dpi", (200, 200), 0.006, 0.01),
    ("squeezed 150 dpi", (150, 150), 0.02, 0.02),
    ("fax fine", (204, 196), 0.02, 0.02),
    ("fax coarse", (204, 98), 0.05, 0.05),
)
"""Way, resolution, share of letters misread and of words lost by its recogniser (rounded up from what benchmarks/reading.py
measures at each resolution)."""

_HAND_LOST = 0.5
"""Of what is written by hand so much is not read as words at all, and of the rest every third letter is wrong."""


EXTRAS = ("stamp", "fax line", "punch holes", "cropped", "note")
"""What else the second scan of a sheet may bear."""


def scan(filled: Filled, way: str, rng: random.Random, extra: str = "") -> Scanned:
    """Scan a filling: other skew, light, stretch of the copier and resolution each time; `extra` is one of EXTRAS or empty."""
    dpi, misread, lost = next(row[1:] for row in WAYS if row[0] == way)
    picture = _ON_PAPER[extra](filled.picture.copy(), rng) if extra in _ON_PAPER else filled.picture
    height, width = picture.shape
    shrink = rng.uniform(0.965, 1.0) if rng.random() < 0.3 else 1.0  # "fit to page"
    moved = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-2, 2), shrink)
    moved = np.diag((rng.uniform(0.995, 1.005), rng.uniform(0.99, 1.01))) @ moved  # the drum and the feed of a copier
    moved[:, 2] += (rng.uniform(-30, 30), rng.uniform(-30, 30))
    moved = np.vstack((moved, (0, 0, 1)))
    size, cut = (width, height), np.eye(3)
    if extra == "cropped":
        left, top = rng.randrange(90), rng.randrange(90)
        cut[:2, 2] = (-left, -top)
        size = (width - left - rng.randrange(90), height - top - rng.randrange(90))
    down = np.diag((dpi[0] / _DPI, dpi[1] / _DPI, 1.0))
    picture = cv2.warpAffine(picture, (cut @ moved)[:2], size, flags=cv2.INTER_LINEAR, borderValue=255)
    picture = cv2.resize(picture, None, fx=dpi[0] / _DPI, fy=dpi[1] / _DPI, interpolation=cv2.INTER_AREA)
    picture = _lit(picture, way, np.random.default_rng(rng.randrange(2**31)))
    if extra == "fax line":
        text = f"FROM: WESTSIDE CLINIC  {rng.randrange(1, 12):02d}/{rng.randrange(1, 28):02d}/2024 {rng.randrange(10, 23)}:{rng.randrange(10, 59)}  555-01{rng.randrange(10, 99)}  P.{rng.randrange(1, 9)}"
        cv2.putText(picture, text, (40, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.0022 * dpi[0], 0, max(1, dpi[0] // 120))
    placed = geometry.place(picture, dpi)
    placed = geometry.upright(placed, geometry.estimate_pose(placed), 0)
    to_page = placed.transform @ placed.from_original @ down @ cut @ moved
    words = tuple(_read(filled, to_page, rng, misread, lost))
    page = OcrPage(1, PageOutcome.OK, placed.width, placed.height, placed.dpi, words=words)
    return Scanned(way, page, placed.sketch, picture, dpi)


def _stamped(picture: Image, rng: random.Random) -> Image:
    stamp = np.full((260, 900), 255, np.uint8)
    cv2.putText(stamp, rng.choice(("COPY", "RECEIVED", "SCANNED")), (30, 180), cv2.FONT_HERSHEY_DUPLEX, 5, 90, 14)
    stamp = cv2.warpAffine(
        stamp, cv2.getRotationMatrix2D((450, 130), rng.uniform(-25, 25), 0.8), (900, 260), borderValue=255
    )
    top, left = rng.randrange(100, 2900), rng.randrange(50, 1600)
    here = picture[top : top + 260, left : left + 900]
    here[:] = np.minimum(here, stamp[: here.shape[0], : here.shape[1]])
    return picture


def _punched(picture: Image, rng: random.Random) -> Image:
    """Two or three holes at the left edge, black on the lid."""
    x = rng.randrange(90, 150)
    for y in rng.choice(((450, 1650, 2850), (1180, 2120))):
        cv2.circle(picture, (x, y), 40, rng.choice((0, 40, 250)), -1)
    return picture


def _noted(picture: Image, rng: random.Random) -> Image:
    """A remark by hand in the margin: a line of loops."""
    x, y, size = rng.randrange(80, 1500), rng.choice((rng.randrange(90, 200), rng.randrange(2950, 3150))), 22
    at = np.arange(160)
    loops = np.column_stack((x + 5 * at + size * np.cos(at / 2.1), y + size * np.sin(at / 2.1 + at % 7 / 9)))
    cv2.polylines(picture, [loops.astype(np.int32)], False, 40, 5, cv2.LINE_AA)
    return picture


_ON_PAPER: dict[str, Callable[[Image, random.Random], Image]] = {
    "stamp": _stamped,
    "punch holes": _punched,
    "note": _noted,
}


def _lit(picture: Image, way: str, rng: np.random.Generator) -> Image:
    if way.startswith("fax"):
        fax = ((picture > rng.integers(120, 180)) * np.uint8(255)).astype(np.uint8)
        specks = rng.random(fax.shape, np.float32) < rng.uniform(0, 0.002)
        fax[specks] = 255 - fax[specks]
        return fax
    if way.startswith("dim"):
        slope = np.linspace(1.0, rng.uniform(0.5, 0.75), picture.shape[1], dtype=np.float32)[None, :]
        picture = (picture * slope).astype(np.uint8)
    noisy = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 0.9)).astype(np.float32)
    noisy = (
        rng.uniform(0, 60)
        + noisy * rng.uniform(0.7, 0.78)
        + rng.standard_normal(picture.shape, np.float32) * rng.uniform(1, 4)
    )
    grey = np.clip(noisy, 0, 255).astype(np.uint8)
    quality = int(rng.integers(18, 30) if way.startswith("squeezed") else rng.integers(50, 90))
    result: Image = cv2.imdecode(
        cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE
    )
    return result


_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def _read(
    filled: Filled, to_page: npt.NDArray[np.float64], rng: random.Random, misread: float, lost: float
) -> Sequence[Word]:
    """The words of a filling as a recogniser of this quality reads them, in pixels of the page."""
    found = []
    for number, word in enumerate(filled.words):
        is_hand = number in filled.by_hand
        if rng.random() < (_HAND_LOST if is_hand else lost):
            continue
        wrong = 0.33 if is_hand else misread
        text = "".join(rng.choice(_LETTERS) if c.isalnum() and rng.random() < wrong else c for c in word.text)
        corners = np.array(
            [(x, y, 1) for x in (word.box.left, word.box.right) for y in (word.box.top, word.box.bottom)]
        ).T
        x, y = (to_page @ corners)[:2]
        box = Box(*(max(0, round(float(edge))) for edge in (x.min(), y.min(), x.max(), y.max())))
        sure = (
            rng.uniform(0.3, 0.7) if is_hand else rng.uniform(0.5, 0.9) if text != word.text else rng.uniform(0.8, 0.99)
        )
        found.append(Word(text, box, round(sure, 3), word.line))
    return found
