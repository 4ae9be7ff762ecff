"""Benchmark paper: six layouts unlike the demo's, drawn with reportlab, every printed word known with its place."""

import io
import random
import textwrap
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow

from benchmarks.damage import Damage
from ingest.demo.wording import SECTIONS, text_of
from ocr.imaging import Image

_WIDTH, _HEIGHT = 612.0, 792.0

BASE_FONTS = ("Helvetica", "Times-Roman", "Courier", "Vera")
"""Faces that need nothing installed: three that every PDF reader has, and one that comes with reportlab."""

_GIVEN = "Maria James Aisha Chen Robert Linda Omar Sofia William Fatima George Priya Henry Yuki Edward Rosa".split()
_FAMILY = "Rivera O'Connell Nguyen Patel Okafor Schmidt Lindqvist Abernathy Kowalski Haddad Fitzgerald Yamamoto".split()
_STREETS = "Maple Juniper Birchwood Lakeshore Prospect Wellington Sycamore Hawthorne".split()


@dataclass(frozen=True, slots=True)
class Printed:
    """One word on paper: its text and its place in points from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Sheet:
    """A drawn page: BGR or grey pixels at 300 dpi, and the words that are printed on it in reading order."""

    layout: str
    font: str
    image: Image
    words: list[Printed] = field(default_factory=list)


class _Pen:
    """Draws text and remembers every word of it."""

    def __init__(self, canvas: Any, font: str) -> None:
        self.canvas, self.font, self.words = canvas, font, list[Printed]()

    def say(self, x: float, y: float, text: str, size: float, *, bold: bool = False) -> float:
        """Text with its baseline `y` points below the top edge; gives where it ends."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        font = _bold(self.font) if bold else self.font
        self.canvas.setFont(font, size)
        for word in text.split(" "):
            if word:
                self.canvas.drawString(x, _HEIGHT - y, word)
                end = x + stringWidth(word, font, size)
                self.words.append(Printed(word, x, y - 0.75 * size, end, y + 0.22 * size))
                x = end
            x += stringWidth(" ", font, size)
        return x

    def box(self, x: float, y: float, width: float, height: float) -> None:
        self.canvas.rect(x, _HEIGHT - y - height, width, height)


def draw_sheet(layout: str, font: str, seed: int) -> Sheet:
    """One page of a layout (see LAYOUTS) in a font, the same for the same seed."""
    import pypdfium2 as pdfium
    from reportlab.pdfgen.canvas import Canvas

    rng = random.Random(f"{layout}-{font}-{seed}")
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT), invariant=1)
    pen = _Pen(canvas, _known_font(font))
    LAYOUTS[layout](pen, rng)
    canvas.showPage()
    canvas.save()
    document = pdfium.PdfDocument(out.getvalue())
    pixels = np.array(document[0].render(scale=300 / 72).to_numpy()[:, :, :3])
    document.close()
    is_grey = bool((pixels.max(axis=2) == pixels.min(axis=2)).all())
    return Sheet(layout, font, np.ascontiguousarray(pixels[:, :, 0]) if is_grey else pixels, pen.words)


def scanned_png(sheet: Sheet, damage: Damage, seed: int) -> bytes:
    """The sheet as it was scanned badly, as PNG with its resolution; the same for the same seed."""
    chance = np.random.default_rng(zlib.crc32(f"{sheet.layout}{sheet.font}{damage.name}{seed}".encode()))
    image = damage.apply(sheet.image, chance)
    picture = Pillow.fromarray(np.ascontiguousarray(image[:, :, ::-1] if image.ndim == 3 else image))
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=damage.dpi, compress_level=1)
    return out.getvalue()


def _note(pen: _Pen, rng: random.Random) -> None:
    pen.say(54, 60, "PROGRESS NOTE", 15, bold=True)
    y = 84.0
    for label, value in _identity(rng).items():
        end = pen.say(54, y, f"{label}:", 10, bold=True)
        pen.say(end, y, value, 10)
        y += 14
    for heading in rng.sample([h for hs in SECTIONS.values() for h in hs if h != "Results"], 9):
        y += 8
        pen.say(54, y, heading, 11, bold=True)
        y += 14
        for paragraph in text_of(heading, rng):
            for line in textwrap.wrap(paragraph, 88):
                pen.say(60, y, line, 10)
                y += 12.5
        if y > 690:
            break


def _form(pen: _Pen, rng: random.Random) -> None:
    pen.say(180, 44, "PATIENT REGISTRATION FORM", 14, bold=True)
    values = list(_identity(rng).items())
    values += [
        (f"{who} {label}", value) for who in ("Guarantor", "Emergency") for label, value in _identity(rng).items()
    ]
    for i, (label, value) in enumerate(values[:24]):
        x, top = 36 + (i % 3) * 180, 64 + (i // 3) * 38
        pen.box(x, top, 180, 38)
        pen.say(x + 3, top + 9, label, 7)
        pen.say(x + 5, top + 28, value, 10)
    y = 400.0
    for question in (
        "Advance directive on file",
        "Interpreter needed",
        "Allergies reviewed",
        "Tobacco use",
        "Consent signed",
    ):
        pen.say(40, y, question, 9)
        for j, answer in enumerate(("Yes", "No", "Unknown")):
            pen.box(250 + j * 90, y - 8, 9, 9)
            pen.say(264 + j * 90, y, answer, 9)
        y += 20
    y += 16
    for line in textwrap.wrap(" ".join(text_of("Consent", rng) + text_of("Risks", rng)), 116):
        pen.say(40, y, line, 8)
        y += 10.5


def _labs(pen: _Pen, rng: random.Random) -> None:
    pen.say(54, 50, "LABORATORY REPORT", 14, bold=True)
    y = 72.0
    for label, value in list(_identity(rng).items())[:4]:
        pen.say(pen.say(54, y, f"{label}:", 9), y, value, 9)
        y += 12
    y += 12
    columns = (54, 200, 270, 340, 450, 520)
    for x, head in zip(columns, ("Test", "Result", "Flag", "Units", "Reference", "Time"), strict=True):
        pen.say(x, y, head, 9, bold=True)
    pen.canvas.line(54, _HEIGHT - y - 4, 566, _HEIGHT - y - 4)
    tests = "Sodium Potassium Chloride Bicarbonate Creatinine Glucose Calcium Albumin Bilirubin Hemoglobin Hematocrit".split()
    tests += "Leukocytes Platelets Neutrophils Lymphocytes Troponin Lactate Magnesium Phosphate Ferritin Lipase".split()
    for number in range(38):
        y += 15
        low = round(rng.uniform(0.5, 140), 1)
        row = (
            tests[number % len(tests)], f"{rng.uniform(0.5, 300):.{rng.randrange(3)}f}", rng.choice(("", "", "H", "L")),
            rng.choice(("mmol/L", "mg/dL", "g/dL", "U/L", "%")), f"{low}-{round(low * 1.3, 1)}", f"{rng.randrange(24):02d}:{rng.randrange(60):02d}",
        )  # fmt: skip
        for x, cell in zip(columns, row, strict=True):
            pen.say(x, y, cell, 9)


def _letter(pen: _Pen, rng: random.Random) -> None:
    pen.say(72, 90, "LAKESIDE GENERAL HOSPITAL", 16, bold=True)
    pen.say(
        72, 108, f"{rng.randrange(100, 999)} {rng.choice(_STREETS)} Avenue, Canton, OH 447{rng.randrange(10, 99)}", 10
    )
    identity = _identity(rng)
    pen.say(72, 160, f"Re: {identity['Patient Name']}, MRN {identity['MRN']}, DOB {identity['Date of Birth']}", 12)
    y = 200.0
    for line in textwrap.wrap("Dear Doctor, " + " ".join(text_of("Course", rng)), 72):
        pen.say(72, y, line, 12)
        y += 16
    pen.say(72, y + 40, "Sincerely,", 12)
    pen.canvas.line(72, _HEIGHT - y - 90, 270, _HEIGHT - y - 90)
    pen.say(72, y + 102, f"Signature {rng.choice(_GIVEN)} {rng.choice(_FAMILY)}, MD", 10)


def _columns(pen: _Pen, rng: random.Random) -> None:
    pen.say(54, 56, "DISCHARGE INSTRUCTIONS", 14, bold=True)
    for x in (54.0, 320.0):
        y = 84.0
        while y < 730:
            pen.say(x, y, rng.choice(("Activity", "Diet", "Wound Care", "Warning Signs", "Follow Up")), 10, bold=True)
            y += 13
            for line in textwrap.wrap(" ".join(text_of("Course", rng)), 52):
                pen.say(x, y, line, 9)
                y += 11
            y += 6


def _claim(pen: _Pen, rng: random.Random) -> None:
    """A form printed in red, typed on in black, some values on the lines (as on CMS-1500)."""
    red = (0.82, 0.18, 0.16)
    pen.canvas.setFillColorRGB(*red)
    pen.canvas.setStrokeColorRGB(*red)
    pen.say(190, 50, "HEALTH INSURANCE CLAIM FORM", 13, bold=True)
    values = list(_identity(rng).items()) + list(_identity(rng).items()) + list(_identity(rng).items())
    places = [(30 + (i % 3) * 184, 62 + (i // 3) * 30) for i in range(24)]
    for i, ((label, _), (x, y)) in enumerate(zip(values, places, strict=False), start=1):
        pen.box(x, y, 184, 30)
        pen.say(x + 3, y + 8, f"{i}. {label.upper()}", 6.5)
    pen.canvas.setFillColorRGB(0.1, 0.1, 0.12)
    for (_, value), (x, y) in zip(values, places, strict=False):
        pen.say(x + 6, y + rng.choice((22, 24, 27, 30)), value.upper(), 10)


LAYOUTS: dict[str, Callable[[_Pen, random.Random], None]] = {
    "note": _note,
    "form": _form,
    "labs": _labs,
    "letter": _letter,
    "columns": _columns,
    "claim": _claim,
}


def _identity(rng: random.Random) -> dict[str, str]:
    date: partial[str] = partial("{0:02d}/{1:02d}/{2}".format)
    return {
        "Patient Name": f"{rng.choice(_FAMILY)}, {rng.choice(_GIVEN)} {rng.choice('ABCDEFGHJKLMRST')}",
        "Date of Birth": date(rng.randrange(1, 13), rng.randrange(1, 29), rng.randrange(1925, 2020)),
        "MRN": f"{rng.randrange(10**7):08d}",
        "Date of Service": date(rng.randrange(1, 13), rng.randrange(1, 29), rng.randrange(2015, 2026)),
        "Address": f"{rng.randrange(10, 9999)} {rng.choice(_STREETS)} St",
        "Phone": f"({rng.randrange(200, 990)}) 555-01{rng.randrange(100):02d}",
        "Member ID": f"{rng.choice('XWQZ')}{rng.randrange(10**8):09d}",
        "Attending": f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}, MD",
    }


def _known_font(name: str) -> str:
    """Make a font known to reportlab: one of BASE_FONTS, or the path of a TrueType file."""
    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if name == "Vera":
        folder = Path(reportlab.__file__).parent / "fonts"
        pdfmetrics.registerFont(TTFont("Vera", folder / "Vera.ttf"))
        pdfmetrics.registerFont(TTFont("Vera-Bold", folder / "VeraBd.ttf"))
    elif name.endswith(".ttf"):
        stem = Path(name).stem
        pdfmetrics.registerFont(TTFont(stem, name))
        return stem
    return name


def _bold(font: str) -> str:
    return {
        "Helvetica": "Helvetica-Bold",
        "Times-Roman": "Times-Bold",
        "Courier": "Courier-Bold",
        "Vera": "Vera-Bold",
    }.get(font, font)
