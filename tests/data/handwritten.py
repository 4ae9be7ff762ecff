"""Draws forms that were filled in by hand, scanned, with the truth about every word: ten forms, and one with a note in cursive.

Print is Vera, which comes with reportlab; the hands are the fonts of tests/data/hands. The same seed draws the same forms.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import reportlab
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from ocr.imaging import Image, cv2
from ocr.page import Box, around

HANDS = Path(__file__).parent / "hands"
_PRINT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"

_DPI = 300
"""Forms are drawn at 300 dpi, and reduced to the resolution of their scan."""

_WIDTH, _HEIGHT = 2550, 3300

SEED = 7


class ValueKind(StrEnum):
    """What is written into a blank."""

    NAME = "name"
    DATE = "date"
    PHONE = "phone"
    NUMBER = "number"
    TEXT = "text"


class Style(StrEnum):
    """How a form asks: a rule behind each label, a cell under it, or a comb of boxes for single letters."""

    RULE = "rule"
    CELL = "cell"
    COMB = "comb"


@dataclass(frozen=True, slots=True)
class Placed:
    """A word and its place."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Written:
    """A value written by hand: its label, its kind, its words with their places in pixels of the scan, and the hand."""

    label: str
    kind: ValueKind
    words: tuple[Placed, ...]
    hand: str

    @property
    def text(self) -> str:
        """What was written; letters of a comb are one word."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """The place of all of it."""
        return around([word.box for word in self.words])


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A scanned form: BGR pixels, resolution, what was written into it and what is printed on it, how many of its boxes
    were ticked, and the place of a note."""

    title: str
    image: Image
    dpi: int
    values: tuple[Written, ...]
    printed: tuple[Placed, ...]
    ticked: int
    note: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """How one form is drawn: what it asks, who fills it in (the second hand from the middle on), and how it is scanned."""

    title: str
    style: Style
    hands: tuple[str, str]
    ink: str
    dpi: int
    noise: float
    skew: float


_INKS = {"blue": (150, 60, 30), "black": (40, 35, 35), "pencil": (110, 108, 105)}  # BGR

PLANS = (
    Plan("PATIENT INTAKE FORM", Style.RULE, ("patrick-hand", "patrick-hand"), "blue", 300, 3, 0.3),
    Plan("CONSENT TO TREATMENT", Style.RULE, ("kalam", "caveat"), "black", 200, 4, -0.4),
    Plan("RELEASE OF INFORMATION", Style.CELL, ("coming-soon", "schoolbell"), "blue", 200, 3, 0.5),
    Plan("REFERRAL REQUEST", Style.CELL, ("indie-flower", "reenie-beanie"), "black", 300, 3, -0.2),
    Plan("MEDICAL HISTORY", Style.COMB, ("schoolbell", "patrick-hand"), "blue", 300, 4, 0.2),
    Plan("PATIENT REGISTRATION", Style.RULE, ("architects-daughter", "gloria-hallelujah"), "blue", 200, 3, -0.5),
    Plan("FINANCIAL AGREEMENT", Style.CELL, ("shadows-into-light", "covered-by-your-grace"), "black", 300, 3, 0.4),
    Plan("IMMUNIZATION CONSENT", Style.RULE, ("just-another-hand", "architects-daughter"), "pencil", 300, 3, 0.0),
    Plan("ADVANCE DIRECTIVE", Style.COMB, ("gloria-hallelujah", "nothing-you-could-do"), "black", 200, 4, 0.6),
    Plan("NOTICE OF PRIVACY PRACTICES", Style.CELL, ("architects-daughter", "cedarville-cursive"), "blue", 150, 3, -0.3),
)  # fmt: skip

NOTE_PLAN = Plan("PROGRESS NOTE", Style.RULE, ("patrick-hand", "homemade-apple"), "blue", 200, 3, 0.3)

NOTE = (
    "Patient seen for follow up of chronic",
    "low back pain. Improved with therapy,",
    "sleeping better, still stiff mornings.",
    "Continue stretching and current meds,",
    "reviewed warning signs with daughter,",
    "return sooner if weakness or numbness.",
)

_GIVEN = "Maria James Aisha Linda Omar Sofia William Fatima George Priya Henry Rosa".split()
_FAMILY = "Rivera Nguyen Patel Okafor Schmidt Lindqvist Abernathy Kowalski Haddad Fitzgerald".split()
_STREETS = "Maple Juniper Birchwood Lakeshore Prospect Wellington".split()
_CITIES = "Dover Salem Clinton Franklin Georgetown Madison".split()
_RELATIONS = "Mother Brother Spouse Daughter Husband Friend".split()
_ALLERGIES = ("Penicillin", "Sulfa", "None", "Latex", "Codeine", "Aspirin")

_SENTENCES = (
    "Please print clearly and answer every question. Write none where a question does not apply to you.",
    "I understand that I may ask questions at any time, and that this form becomes part of my record.",
    "I certify that the information above is complete and correct to the best of my knowledge.",
    "Our staff will return this form to you if it is not signed and dated.",
)


def filled_form(number: int, seed: int = SEED) -> FilledForm:
    """One of the ten forms of PLANS, or the one behind them: with a note of six lines in joined handwriting."""
    if number == len(PLANS):
        return draw_form(NOTE_PLAN, random.Random(seed), NOTE)
    return draw_form(PLANS[number], random.Random(seed * 100 + number))


def draw_form(plan: Plan, rng: random.Random, note: Sequence[str] = (), *, is_filled: bool = True) -> FilledForm:
    """One form, filled in and scanned."""
    sheet = _Sheet(plan, rng, is_filled=is_filled)
    sheet.say(_TITLE, plan.title, 58)
    sheet.say((200, 330), _SENTENCES[0], 34)
    row = 0
    for left, width, label, kind, text in _asked(plan.style, rng):
        row += left == _LEFT
        hand = plan.hands[row > 4]
        sheet.ask(Box(left, 300 + 175 * row, left + width, 440 + 175 * row), label, kind, text, hand)
    ticked = sheet.tick_rows(1720)
    words = sheet.write_note(note, plan.hands[1], 2060) if note else ()
    for number, sentence in enumerate(_SENTENCES[1:]):
        sheet.say((200, 2900 + 70 * number), sentence, 34)
    return sheet.scanned(ticked, words)


_TITLE, _LEFT = (700, 180), 200


def _asked(style: Style, rng: random.Random) -> list[tuple[int, int, str, ValueKind, str]]:
    """What a form asks: left edge and width of each blank, label, kind, and what is written there."""
    name = f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}"
    other = f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}"
    birth = _date(rng, 1935, 2015, style)
    signed = _date(rng, 2024, 2025, style)
    street = f"{rng.randint(12, 980)} {rng.choice(_STREETS)} St"
    city = f"{rng.choice(_CITIES)} NY {rng.randint(10001, 14999)}"
    member = f"{rng.choice('ABHKMRTWX')}{rng.randint(10**7, 10**8 - 1)}"
    return [
        (200, 1250, "Patient name", ValueKind.NAME, name),
        (1500, 850, "Date of birth", ValueKind.DATE, birth),
        (200, 1250, "Address", ValueKind.TEXT, street),
        (1500, 850, "City", ValueKind.TEXT, city),
        (200, 1000, "Telephone", ValueKind.PHONE, _phone(rng)),
        (1250, 1100, "Member ID", ValueKind.NUMBER, member),
        (200, 1250, "Allergies", ValueKind.TEXT, rng.choice(_ALLERGIES)),
        (1500, 850, "Medical record number", ValueKind.NUMBER, f"00{rng.randint(10**5, 10**6 - 1)}"),
        (200, 1250, "Emergency contact", ValueKind.NAME, other),
        (1500, 850, "Relationship", ValueKind.TEXT, rng.choice(_RELATIONS)),
        (200, 1000, "Contact phone", ValueKind.PHONE, _phone(rng)),
        (1250, 1100, "Date signed", ValueKind.DATE, signed),
        (200, 1250, "Attending physician", ValueKind.NAME, f"Dr {rng.choice(_FAMILY)}"),
        (1500, 850, "Date of service", ValueKind.DATE, _date(rng, 2024, 2025, style)),
    ]


def _date(rng: random.Random, first: int, last: int, style: Style) -> str:
    month, day, year = rng.randint(1, 12), rng.randint(1, 28), rng.randint(first, last)
    if style is Style.COMB:
        return f"{month:02}{day:02}{year}"
    return rng.choice((f"{month}/{day}/{year}", f"{month:02}/{day:02}/{year}", f"{month}-{day}-{year}"))


def _phone(rng: random.Random) -> str:
    area, end = rng.randint(201, 989), rng.randint(100, 199)
    return rng.choice((f"({area}) 555-0{end}", f"{area}-555-0{end}", f"{area} 555 0{end}"))


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_PRINT if name == "print" else HANDS / f"{name}.ttf"), size)


@cache
def _size_for(hand: str, height: int) -> int:
    """The font size at which a capital of this hand is so many pixels high."""
    _, top, _, bottom = _font(hand, 200).getbbox("H")
    return round(200 * height / (bottom - top))


@dataclass
class _Sheet:
    """The form while it is drawn."""

    plan: Plan
    rng: random.Random
    is_filled: bool = True
    picture: Pillow.Image = field(default_factory=lambda: Pillow.new("RGB", (_WIDTH, _HEIGHT), (252, 252, 250)))
    values: list[Written] = field(default_factory=list)
    printed: list[Placed] = field(default_factory=list)

    def say(self, at: tuple[int, int], text: str, size: int) -> int:
        """Print, and where it ends."""
        draw, font = ImageDraw.Draw(self.picture), _font("print", size)
        draw.text(at, text, font=font, fill=(25, 25, 25))
        x, y = float(at[0]), at[1]
        for word in text.split(" "):
            self.printed.append(Placed(word, Box(*(round(edge) for edge in draw.textbbox((x, y), word, font=font)))))
            x += draw.textlength(f"{word} ", font=font)
        return round(at[0] + draw.textlength(text, font=font))

    def ask(self, place: Box, label: str, kind: ValueKind, text: str, hand: str) -> None:
        """A blank with its label, and what is written into it."""
        is_comb = self.plan.style is Style.COMB and kind in (ValueKind.DATE, ValueKind.NUMBER)
        if is_comb:
            self._comb(place, label, kind, text, hand)
            return
        draw = ImageDraw.Draw(self.picture)
        if self.plan.style is Style.CELL:
            draw.rectangle(place, outline=(40, 40, 40), width=3)
            self.say((place.left + 12, place.top + 6), label, 28)
            start, base = place.left + 60, place.bottom - 28
        else:
            start, base = self.say((place.left, place.bottom - 46), f"{label}:", 36) + 25, place.bottom - 8
            draw.line((start - 10, place.bottom, place.right, place.bottom), fill=(40, 40, 40), width=3)
        if self.is_filled:
            self.values.append(Written(label, kind, self._write(text, hand, start, base, place.right), hand))

    def _comb(self, place: Box, label: str, kind: ValueKind, text: str, hand: str) -> None:
        draw = ImageDraw.Draw(self.picture)
        self.say((place.left, place.top), label, 30)
        side = 70
        boxes = [Box(place.left + n * side, place.bottom - side, place.left + (n + 1) * side, place.bottom) for n in range(10)]  # fmt: skip
        for box in boxes:
            draw.rectangle(box, outline=(40, 40, 40), width=2)
        if not self.is_filled:
            return
        places = [
            self._write(letter, hand, box.left + 16, box.bottom - 12, box.right)[0].box
            for letter, box in zip(text, boxes, strict=False)
        ]
        self.values.append(Written(label, kind, (Placed(text, around(places)),), hand))

    def _write(self, text: str, hand: str, left: int, base: int, right: int) -> tuple[Placed, ...]:
        """Words in a hand, and their places: each letter a little higher or lower and larger or smaller, the whole slanted."""
        height = self.rng.randint(42, 56)
        size = _size_for(hand, height)
        while _font(hand, size).getlength(text) > 0.9 * (right - left) and size > 20:
            size -= 2
        slant, pressure = self.rng.uniform(-0.05, 0.18), self.rng.uniform(0.82, 1.0)
        at, words = float(left), []
        for word in text.split():
            picture = self._strokes(word, hand, size, height)
            slanted = picture.transform(
                picture.size, Pillow.Transform.AFFINE, (1, slant, -slant * 2.5 * height, 0, 1, 0),
                Pillow.Resampling.BICUBIC,
            )  # fmt: skip
            mask = slanted.point(lambda value: round(value * pressure))
            corner = (round(at) - _MARGIN, round(base - 2.5 * height))
            self.picture.paste(
                _INKS[self.plan.ink][::-1], (*corner, corner[0] + mask.width, corner[1] + mask.height), mask
            )
            found = mask.point(lambda value: 255 * (value > 60)).getbbox() or (0, 0, 1, 1)
            words.append(Placed(word, Box(*(edge + corner[number % 2] for number, edge in enumerate(found)))))
            at = words[-1].box.right + size * self.rng.uniform(0.25, 0.45)
        return tuple(words)

    def _strokes(self, word: str, hand: str, size: int, height: int) -> Pillow.Image:
        wide = round(_font(hand, size).getlength(word) * 1.1) + 3 * _MARGIN
        picture = Pillow.new("L", (wide, 4 * height), 0)
        draw = ImageDraw.Draw(picture)
        at, drift = float(_MARGIN), 0.0
        for letter in word:
            own = _font(hand, max(12, round(size * self.rng.uniform(0.95, 1.05))))
            drift = max(-5.0, min(5.0, drift + self.rng.uniform(-1.5, 1.5)))
            draw.text((at, 2.5 * height + drift), letter, font=own, fill=255, anchor="ls")
            at += own.getlength(letter) + self.rng.uniform(-0.5, 1.5)
        return picture

    def tick_rows(self, top: int) -> int:
        """Questions with a box for yes and one for no; how many were ticked."""
        draw = ImageDraw.Draw(self.picture)
        ticked = 0
        for number, question in enumerate(("Do you smoke?", "Do you have diabetes?", "Is there pain today?")):
            y = top + 90 * number
            self.say((200, y), question, 36)
            chosen = self.rng.randrange(2)
            for choice, label in enumerate(("Yes", "No")):
                x = 1000 + 300 * choice
                draw.rectangle((x, y, x + 44, y + 44), outline=(40, 40, 40), width=3)
                self.say((x + 60, y), label, 36)
                if choice == chosen and self.is_filled:
                    ticked += 1
                    self._tick(draw, x, y)
        return ticked

    def _tick(self, draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
        ink = _INKS[self.plan.ink][::-1]
        j = [self.rng.randint(-4, 4) for _ in range(4)]
        if self.rng.random() < 0.5:
            draw.line((x + 6 + j[0], y + 24, x + 18, y + 38 + j[1], x + 44 + j[2], y - 6 + j[3]), fill=ink, width=6)
        else:
            draw.line((x + 6 + j[0], y + 6 + j[1], x + 38 + j[2], y + 38), fill=ink, width=6)
            draw.line((x + 38 + j[2], y + 5, x + 6, y + 39 + j[3]), fill=ink, width=6)

    def write_note(self, lines: Sequence[str], hand: str, top: int) -> tuple[Placed, ...]:
        """A note of several lines, and its words."""
        self.say((200, top - 20), "Notes:", 36)
        words: list[Placed] = []
        for number, line in enumerate(lines):
            words += self._write(line, hand, 230 + self.rng.randint(0, 30), top + 120 + 115 * number, 2350)
        return tuple(words)

    def scanned(self, ticked: int, note: tuple[Placed, ...]) -> FilledForm:
        """The form as a scanner gives it: reduced, askew, softened, with grain."""
        plan = self.plan
        factor = plan.dpi / _DPI
        page = np.ascontiguousarray(np.asarray(self.picture)[:, :, ::-1])
        if factor < 1:
            page = cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        high, wide = page.shape[:2]
        turn = cv2.getRotationMatrix2D((wide / 2, high / 2), plan.skew, 1.0)
        page = cv2.warpAffine(page, turn, (wide, high), flags=cv2.INTER_LINEAR, borderValue=(250, 252, 252))
        page = cv2.GaussianBlur(page, (0, 0), 0.6)
        grain = np.random.default_rng(self.rng.randrange(2**31)).normal(0, plan.noise, (high, wide)).astype(np.int16)
        noisy = cv2.add(page, cv2.merge([grain] * 3), dtype=cv2.CV_8U)

        def moved(words: Sequence[Placed]) -> tuple[Placed, ...]:
            return tuple(Placed(word.text, _moved(word.box, factor, turn)) for word in words)

        values = tuple(Written(value.label, value.kind, moved(value.words), value.hand) for value in self.values)
        return FilledForm(plan.title, noisy, plan.dpi, values, moved(self.printed), ticked, moved(note))


_MARGIN = 40
"""Pixels around a word for letters that reach out of it."""


def _moved(box: Box, factor: float, turn: npt.NDArray[np.float64]) -> Box:
    """A box of the drawn form on the scan."""
    corners = np.array([(x * factor, y * factor, 1) for x in (box.left, box.right) for y in (box.top, box.bottom)])
    placed = corners @ turn.T
    left, top = placed.min(axis=0)
    right, bottom = placed.max(axis=0)
    return Box(round(left), round(top), round(right), round(bottom))
