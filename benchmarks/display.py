"""A page drawn once, as a list of strings and lines: from it come the words with exact boxes, and the picture.

Places are points (1/72 inch) of a letter page, from its left and top; a string stands on its baseline. The fonts are the
built-in ones of PDF, so that no font file is needed and the widths are those of the picture.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth

from ocr.page import Box, Mark, MarkKind, MarkState, OcrPage, PageOutcome, Word

WIDTH, HEIGHT = 612.0, 792.0
DPI = 200
_PIXELS = DPI / 72
_SURE = 0.97
"""Confidence of every word: what a page that was read well has."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font, its bold, and the heights of its ink in em (Adobe's metrics): capitals, small letters, what hangs below."""

    plain: str
    bold: str
    capital: float
    small: float
    below: float


HELVETICA = Face("Helvetica", "Helvetica-Bold", 0.73, 0.54, 0.21)
TIMES = Face("Times-Roman", "Times-Bold", 0.68, 0.46, 0.22)
COURIER = Face("Courier", "Courier-Bold", 0.62, 0.44, 0.16)
FACES = (HELVETICA, TIMES, COURIER)
_LOW = frozenset("acegmnopqrsuvwxyz.,_-=:;~")
_HANGING = frozenset("gjpqy,;()[]|/_Q$@")


@dataclass(frozen=True, slots=True)
class Run:
    """A string on its baseline; with a `turn`, at the place that it has when the page is turned so that it is upright."""

    text: str
    x: float
    y: float
    face: Face
    size: float
    bold: bool = False
    turn: int = 0

    @property
    def font(self) -> str:
        return self.face.bold if self.bold else self.face.plain

    @property
    def right(self) -> float:
        return self.x + width_of(self.text, self.face, self.size, bold=self.bold)


def width_of(text: str, face: Face, size: float, *, bold: bool = False) -> float:
    """How wide a string is, in points."""
    return float(stringWidth(text, face.bold if bold else face.plain, size))


@dataclass(slots=True)
class Sheet:
    """A page to draw on. `wide_gap`: a gap of more points parts a line into two, as recognisers do with columns."""

    face: Face = HELVETICA
    wide_gap: float = 40.0
    runs: list[Run] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    ticks: list[tuple[Box, MarkState]] = field(default_factory=list)

    def write(
        self, x: float, y: float, text: str, size: float = 10, *, bold: bool = False, turn: int = 0,
        fit: float | None = None, face: Face | None = None,
    ) -> float:  # fmt: skip
        """Write a string and say where it ends; made smaller where it is wider than `fit`."""
        face = face or self.face
        if fit and (wide := width_of(text, face, size, bold=bold)) > fit:
            size *= fit / wide
        run = Run(text, x, y, face, size, bold, turn)
        self.runs.append(run)
        return run.right

    def rule(self, left: float, top: float, right: float, bottom: float) -> None:
        """Draw a line."""
        self.rules.append((left, top, right, bottom))

    def frame(self, left: float, top: float, right: float, bottom: float) -> None:
        """Draw a box."""
        self.rule(left, top, right, top)
        self.rule(left, bottom, right, bottom)
        self.rule(left, top, left, bottom)
        self.rule(right, top, right, bottom)

    def tick(self, left: float, bottom: float, *, ticked: bool) -> None:
        """Draw a small box for a cross, with one or without."""
        top, right = bottom - 10, left + 10
        self.frame(left, top, right, bottom)
        if ticked:
            self.rule(left + 2, top + 2, right - 2, bottom - 2)
            self.rule(left + 2, bottom - 2, right - 2, top + 2)
        box = Box(*(round(side * _PIXELS) for side in (left, top, right, bottom)))
        self.ticks.append((box, MarkState.TICKED if ticked else MarkState.EMPTY))

    def page(self, number: int = 1) -> OcrPage:
        """The page as a recogniser without errors reads it."""
        words = [word for line, runs in enumerate(self._lines()) for run in runs for word in _words(run, line)]
        return OcrPage(
            number, PageOutcome.OK, round(WIDTH * _PIXELS), round(HEIGHT * _PIXELS), DPI, words=tuple(words),
            marks=tuple(Mark(MarkKind.TICK_BOX, box, state) for box, state in self.ticks), mean_confidence=_SURE, ink_share=0.05, engine="drawn",
        )  # fmt: skip

    def _lines(self) -> Iterator[list[Run]]:
        """Runs of one line together: the same turn and baseline, no wide gap between; turned ones last."""
        line: list[Run] = []
        for run in sorted(self.runs, key=lambda r: (r.turn, round(r.y), r.x)):
            if line and not self._follows(line[-1], run):
                yield line
                line = []
            line.append(run)
        if line:
            yield line

    def _follows(self, one: Run, other: Run) -> bool:
        return (one.turn, round(one.y)) == (other.turn, round(other.y)) and other.x - one.right <= self.wide_gap

    def pdf(self) -> bytes:
        """The picture, as a PDF of one page."""
        from reportlab.pdfgen.canvas import Canvas

        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1)
        canvas.setLineWidth(0.7)
        for left, top, right, bottom in self.rules:
            canvas.line(left, HEIGHT - top, right, HEIGHT - bottom)
        for run in self.runs:
            canvas.saveState()
            canvas.setFont(run.font, run.size)
            _turn(canvas, run)
            canvas.drawString(0, 0, run.text)
            canvas.restoreState()
        canvas.save()
        return out.getvalue()

    def png(self) -> bytes:
        """The picture in grey, 200 dpi."""
        import pypdfium2 as pdfium

        document = pdfium.PdfDocument(self.pdf())
        image = document[0].render(scale=_PIXELS, grayscale=True).to_pil()
        document.close()
        out = io.BytesIO()
        image.save(out, "PNG", dpi=(DPI, DPI))
        return out.getvalue()


def _turn(canvas: Any, run: Run) -> None:
    """Move the canvas to where a run begins, in its direction."""
    if run.turn == 90:  # read from below: turned clockwise, it is upright
        canvas.translate(run.y, run.x)
        canvas.rotate(90)
    elif run.turn == 270:
        canvas.translate(WIDTH - run.y, HEIGHT - run.x)
        canvas.rotate(-90)
    else:
        canvas.translate(run.x, HEIGHT - run.y)


def _words(run: Run, line: int) -> Iterator[Word]:
    """The words of a run, each in a box around its ink."""
    width, height = round(WIDTH * _PIXELS), round(HEIGHT * _PIXELS)
    turned = (height, width) if run.turn in (90, 270) else (width, height)
    at = 0
    for text in run.text.split(" "):
        if text:
            left = run.x + width_of(run.text[:at], run.face, run.size, bold=run.bold)
            right = run.x + width_of(run.text[: at + len(text)], run.face, run.size, bold=run.bold)
            top = run.y - run.size * (run.face.small if _LOW.issuperset(text) else run.face.capital)
            bottom = run.y + run.size * (run.face.below if _HANGING & set(text) else 0.01)
            box = Box(*(round(side * _PIXELS) for side in (left, top, right, bottom)))
            yield Word(text, box.turned(-run.turn % 360, *turned), _SURE, line, run.turn)
        at += len(text) + 1
