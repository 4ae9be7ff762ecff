"""Reads one page from end to end: load, straighten, clean, recognise, and say how it went."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ocr import barcodes, blank, confidence, marks, quality, searchable
from ocr.clean import dirt, geometry, tone
from ocr.clean.geometry import Lie, Placed
from ocr.clean.measure import Look, has_two_levels, measure, noise_of
from ocr.errors import IncompleteFile, OcrError, TooLarge
from ocr.imaging import Image, cv2, scaled, to_jpeg
from ocr.load import DEFAULT_LIMITS, EDGE_ERRORS, Limits, load_page
from ocr.page import Barcode, Box, Mark, OcrPage, PageOutcome, Word
from ocr.signature import Kind
from ocr.tesseract import AUTO, SPARSE, Engine, Turn, open_engine
from ocr.textlayer import read_text_layer, shows_its_words

RECIPE = "5"
"""Raised whenever reading changes, so that kept readings are made anew."""

VIEW_DPI = 150
VIEW_QUALITY = 75

_SURE_TURN = 3.0
"""Tesseract's orientation confidence above which its word is taken: 13 on a page in a script that our letters
do not know, under 2 on pages of a few words."""

_ENOUGH_LETTERS = 40
"""Letters under which Tesseract's orientation is a guess."""

_READS_WELL = 0.70
"""Mean word confidence of a page that is the right way up; upside-down text reads at 0.3 to 0.5."""


_COVERED = 0.95
"""Share of the letters that the words of a good reading hold; 0.99 and more on every page that read well, 0.65 where a column was lost."""

_READS_FAIRLY = 0.80
"""Mean word confidence under which another cleaning is worth a try."""

_SPARSE_SHEET = 40
"""Words; a separator sheet has fewer, and gets a thorough look for its codes."""


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page read: what it says, a JPEG to look at, and its page of the searchable PDF."""

    page: OcrPage
    view: bytes | None = None
    pdf: bytes | None = None
    picture: Image | None = None


def fingerprint(engine: str = "tesserocr") -> str:
    """Names cleaning and engine; a reading is kept under it."""
    return f"r{RECIPE}-{engine or 'auto'}"


def read_page(
    data: bytes,
    kind: Kind,
    number: int,
    *,
    limits: Limits = DEFAULT_LIMITS,
    prefer_engine: str = "",
    want_files: bool = True,
    want_picture: bool = False,
    is_frugal: bool = False,
) -> PageRead:
    """Read one page (1-based). Nothing about the page raises: what went wrong is its outcome.

    `is_frugal` is for a page that took too long: two thirds of the usual resolution, and no second look.
    """
    started = time.monotonic()
    try:
        raw = load_page(data, kind, number, limits)
    except TooLarge as error:
        return PageRead(OcrPage(number, PageOutcome.TOO_LARGE, reason=str(error)))
    except IncompleteFile as error:
        return PageRead(OcrPage(number, PageOutcome.INCOMPLETE, reason=str(error)))
    except OcrError as error:
        return PageRead(OcrPage(number, PageOutcome.FAILED, reason=str(error)))
    engine = open_engine(prefer_engine)
    try:
        how = _How(engine, raw.is_bitonal or has_two_levels(raw.image), is_frugal)
        placed = geometry.place(raw.image, raw.dpi)
        layer = read_text_layer(data, number, raw.dpi[0]) if kind is Kind.PDF and not raw.is_scan else None
        if layer and shows_its_words(layer, placed.sketch):
            page = _from_layer(placed, number, layer)
        else:
            placed, page = _from_pixels(placed, number, how)
        view = _view(placed) if want_files else None
        pdf = _pdf_page(placed, page, how.is_bitonal) if want_files else None
        picture = placed.render(placed.sheet) if want_picture else None
    except EDGE_ERRORS:  # an image that no engine can take, such as one 70,000 pixels wide and 100 high
        return PageRead(OcrPage(number, PageOutcome.FAILED, reason="This page cannot be read as it is. Scan it again."))
    page = replace(page, seconds=round(time.monotonic() - started, 3))
    return PageRead(page, view, pdf, picture)


@dataclass(frozen=True, slots=True)
class _How:
    """With what a page is read, and how much may be spent on it."""

    engine: Engine
    is_bitonal: bool
    is_frugal: bool


def _view(placed: Placed) -> bytes:
    factor = min(1.0, VIEW_DPI / placed.dpi)
    is_sketch = placed.sheet.ndim == 2 and abs(placed.sketch.factor - factor) < 0.02
    return to_jpeg(placed.sketch.small if is_sketch else placed.render(placed.sheet, factor), VIEW_QUALITY)


def _pdf_page(placed: Placed, page: OcrPage, is_bitonal: bool) -> bytes:
    factor = 1.0 if is_bitonal else min(1.0, searchable.PICTURE_DPI / placed.dpi)
    picture = placed.render(placed.sheet, factor)
    return searchable.make_page(picture, page.words, width=page.width, dpi=page.dpi, is_bitonal=is_bitonal)


def _from_layer(placed: Placed, number: int, words: tuple[Word, ...]) -> OcrPage:
    return replace(
        _page_of(placed, number),
        words=words,
        barcodes=barcodes.find_barcodes(placed.sketch.small, shown_at=placed.sketch.factor),
        marks=marks.find_marks(placed.sketch, words, marks.find_tick_boxes(placed.sketch)),
        mean_confidence=_mean(words),
        quality=quality.page_quality(words),
        engine="text layer",
    )


def _from_pixels(placed: Placed, number: int, how: _How) -> tuple[Placed, OcrPage]:
    ink = round(blank.ink_share(placed.sketch), 6)
    is_blank = blank.is_blank(placed.sketch, noise_of(placed.grey))
    empty = replace(_page_of(placed, number), outcome=PageOutcome.BLANK, ink_share=ink)
    if is_blank:
        return placed, empty
    best = _read_upright(placed, how)
    if is_blank is None and not _says_anything(best):
        return placed, empty
    found = marks.find_marks(best.placed.sketch, best.words, best.tick_boxes)
    words = confidence.calibrated(marks.printed_words(best.words, found))
    weak = quality.weaknesses(best.look, best.placed.sketch, found, placed.dpi)
    page = replace(
        _page_of(best.placed, number),
        ink_share=ink,
        words=words,
        barcodes=best.barcodes,
        marks=found,
        mean_confidence=_mean(words),
        quality=quality.page_quality(words),
        weaknesses=weak,
        reason=quality.rescan_reason(quality.page_quality(words), weak),
        engine=how.engine.name,
        recipe=best.recipe,
    )
    if not page.words and not page.barcodes:
        page = replace(
            page, outcome=PageOutcome.UNREADABLE, quality=0.0, reason="marks on the page, but no words were found"
        )
    return best.placed, page


def _page_of(placed: Placed, number: int) -> OcrPage:
    return OcrPage(
        number,
        PageOutcome.OK,
        width=placed.width,
        height=placed.height,
        dpi=placed.dpi,
        rotation=placed.rotation,
        skew_degrees=placed.skew_degrees,
        to_original=placed.to_original,
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One try at a page: where it was put, and what was read."""

    placed: Placed
    words: tuple[Word, ...]
    barcodes: tuple[Barcode, ...]
    look: Look
    recipe: tuple[str, ...]
    tick_boxes: tuple[Mark, ...] = ()

    @property
    def quality(self) -> float:
        """Mean confidence of the words that look like words; 0 with fewer than three of them."""
        real = [w for w in self.words if sum(c.isalnum() for c in w.text) >= 3]
        return _mean(tuple(real)) if len(real) >= 3 else 0.0

    @property
    def coverage(self) -> float:
        """Share of what may be letters that lies within a word; 1 when the page has hardly any."""
        letters = self.placed.sketch.letters
        if len(letters) < 30:
            return 1.0
        inside = np.zeros(self.placed.sketch.ink.shape, np.bool_)
        for word in self.words:
            left, top, right, bottom = (round(edge * self.placed.sketch.factor) for edge in word.box)
            inside[top : bottom + 1, left : right + 1] = True
        return float(inside[letters[:, 1] + letters[:, 3] // 2, letters[:, 0] + letters[:, 2] // 2].mean())

    @property
    def score(self) -> float:
        """How much was surely read: characters in words, weighted by the square of their confidence."""
        return sum(len(w.text) * w.confidence**2 for w in self.words if sum(c.isalnum() for c in w.text) >= 2)


def _says_anything(reading: _Reading) -> bool:
    """One word read well, or a barcode: enough to say that a faint side is not blank."""
    real = [w for w in reading.words if w.confidence >= 0.6 and sum(c.isalnum() for c in w.text) >= 3]
    return bool(reading.barcodes or real)


def _read_upright(placed: Placed, how: _How) -> _Reading:
    """Read the page the way up that its letters vote for; when the vote is not clear, ask Tesseract, then try.

    A sparse page stays as it lies unless another way up reads clearly better.
    """
    lie = geometry.find_lie(placed)
    if lie.turn.is_sure:
        return _read_turned(placed, lie, lie.turn.degrees, how)
    second = how.engine.find_turn(lie.straight.small) if lie.turn.letters >= _ENOUGH_LETTERS else Turn(0, 0.0)
    best = _read_turned(placed, lie, second.degrees if second.confidence >= _SURE_TURN else 0, how)
    if how.is_frugal:
        return best
    for degrees in dict.fromkeys((lie.turn.degrees, second.degrees, 0, 180, 90, 270)):
        if best.quality >= _READS_WELL or len(best.words) < 4:
            break
        if degrees != best.placed.rotation:
            other = _read_turned(placed, lie, degrees, how)
            if other.score > 1.25 * best.score:
                best = other
    return best


def _read_turned(placed: Placed, lie: Lie, degrees: int, how: _How) -> _Reading:
    page = geometry.upright(placed, lie, degrees)
    look = measure(placed.grey, page.sketch, page.dpi, how.is_bitonal)
    boxes = marks.find_tick_boxes(page.sketch)
    frames = tuple(mark.box for mark in marks.surely_boxes(page.sketch, boxes))
    cleaned, recipe = tone.clean(page, tone.Seen(look, dirt.find_dirt(page.sketch), page.sketch, frames))
    if how.is_frugal:
        cleaned, recipe = scaled(cleaned, 0.67), (*recipe, "frugal")
    best = _recognised(page, look, cleaned, AUTO, (*page.steps, *recipe), how.engine)
    for image, mode, name in () if how.is_frugal else _second_tries(best, cleaned):
        other = _recognised(page, look, image, mode, (*best.recipe, name), how.engine)
        if other.score > 1.05 * best.score:
            best = other
    return replace(best, barcodes=_barcodes(page, best.words), tick_boxes=boxes)


def _recognised(
    page: Placed, look: Look, cleaned: Image, mode: int, recipe: tuple[str, ...], engine: Engine
) -> _Reading:
    factor = cleaned.shape[1] / page.width
    words = _on_page(engine.read(cleaned, round(page.dpi * factor), mode), factor, page)
    return _Reading(page, words, (), look, recipe)


def _second_tries(first: _Reading, cleaned: Image) -> Iterator[tuple[Image, int, str]]:
    """What may read better where the first reading is bad: whole blocks left out, or words unsure.

    Layout analysis drops blocks of blurred or crowded pages, which reading scattered words finds again
    (.40 to .02 of the words of a two-column page with motion blur); rough letters are read better after
    a median. Sorted by what the readings say of themselves, the better one was kept in 95 of 100 cases.
    """
    if first.coverage < _COVERED or len(first.words) < 4:
        yield cleaned, SPARSE, "sparse"
    if 0 < first.quality < _READS_FAIRLY:
        yield cv2.medianBlur(cleaned, 3), AUTO, "median again"


def _barcodes(page: Placed, words: tuple[Word, ...]) -> tuple[Barcode, ...]:
    """Sheets with little text may be separators, so they get a second, thorough look."""
    found = barcodes.find_barcodes(page.sketch.small, shown_at=page.sketch.factor)
    if not found and len(words) < _SPARSE_SHEET:
        found = barcodes.find_barcodes(page.render(page.grey))
    return found


def _on_page(words: tuple[Word, ...], factor: float, page: Placed) -> tuple[Word, ...]:
    height, width = page.height, page.width
    fit: Callable[[Box], Box] = lambda b: Box(  # noqa: E731
        max(0, int(b.left / factor)),
        max(0, int(b.top / factor)),
        min(width, round(b.right / factor)),
        min(height, round(b.bottom / factor)),
    )
    return tuple(replace(word, box=fit(word.box)) for word in words)


def _mean(words: tuple[Word, ...]) -> float:
    weight = sum(len(w.text) for w in words)
    return round(sum(w.confidence * len(w.text) for w in words) / weight, 4) if weight else 0.0
