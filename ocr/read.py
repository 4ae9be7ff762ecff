"""Reads one page from end to end: load, straighten, clean, recognise, and say how it went."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from ocr import barcodes, blank, searchable
from ocr.clean import geometry, tone
from ocr.clean.measure import measure, noise_of
from ocr.errors import IncompleteFile, OcrError, TooLarge
from ocr.imaging import Image, scaled, to_grey, to_jpeg, turned
from ocr.load import DEFAULT_LIMITS, EDGE_ERRORS, Limits, RawPage, load_page
from ocr.page import Barcode, Box, OcrPage, PageOutcome, Word
from ocr.signature import Kind
from ocr.tesseract import AUTO, SPARSE, Engine, open_engine
from ocr.textlayer import read_text_layer

RECIPE = "4"
"""Raised whenever reading changes, so that kept readings are made anew."""

VIEW_DPI = 150
VIEW_QUALITY = 75

_SURE_TURN = 1.5
"""Tesseract's orientation confidence above which a turn is tried; below it pages stay as they are."""

_READS_WELL = 0.70
"""Mean word confidence of a page that is the right way up; upside-down text reads at 0.3 to 0.5."""


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
) -> PageRead:
    """Read one page (1-based). Nothing about the page raises: what went wrong is its outcome."""
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
        layer = read_text_layer(data, number, raw.dpi[0]) if kind is Kind.PDF else None
        upright, page = _from_layer(raw, number, layer) if layer else _from_pixels(raw, number, engine)
        view = to_jpeg(scaled(upright, min(1.0, VIEW_DPI / page.dpi)), VIEW_QUALITY) if want_files else None
        pdf = searchable.make_page(upright, page.dpi, page.words, is_bitonal=raw.is_bitonal) if want_files else None
    except EDGE_ERRORS:  # an image that no engine can take, such as one 70,000 pixels wide and 100 high
        return PageRead(OcrPage(number, PageOutcome.FAILED, reason="This page cannot be read as it is. Scan it again."))
    page = replace(page, seconds=round(time.monotonic() - started, 3))
    return PageRead(page, view, pdf, upright if want_picture else None)


def _from_layer(raw: RawPage, number: int, words: tuple[Word, ...]) -> tuple[Image, OcrPage]:
    dpi = round(raw.dpi[0])
    height, width = raw.image.shape[:2]
    return raw.image, OcrPage(
        number,
        PageOutcome.OK,
        width=width,
        height=height,
        dpi=dpi,
        words=words,
        barcodes=barcodes.find_barcodes(to_grey(raw.image), dpi),
        mean_confidence=_mean(words),
        engine="text layer",
    )


def _from_pixels(raw: RawPage, number: int, engine: Engine) -> tuple[Image, OcrPage]:
    image, said = geometry.squared(raw.image, raw.dpi)
    dpi = geometry.believable_dpi(image, said)
    grey = to_grey(image)
    ink = round(blank.ink_share(grey), 6)
    is_blank = blank.is_blank(grey, noise_of(grey))
    empty = OcrPage(number, PageOutcome.BLANK, width=image.shape[1], height=image.shape[0], dpi=dpi, ink_share=ink)
    if is_blank:
        return image, empty
    upright, page = _read_upright(image, dpi, raw.is_bitonal, engine)
    if is_blank is None and not _says_anything(page):
        return image, empty
    page = replace(page, number=number, ink_share=ink)
    if not page.words and not page.barcodes:
        page = replace(page, outcome=PageOutcome.UNREADABLE, reason="marks on the page, but no words were found")
    return upright, page


def _says_anything(page: OcrPage) -> bool:
    """One word read well, or a barcode: enough to say that a faint side is not blank."""
    return bool(page.barcodes) or any(w.confidence >= 0.6 and sum(c.isalnum() for c in w.text) >= 3 for w in page.words)


def _read_upright(image: Image, dpi: int, is_bitonal: bool, engine: Engine) -> tuple[Image, OcrPage]:
    """Read the page as it lies; when that reads badly, ask which way up it is and read it again.

    Most pages lie right, so looking at orientation only then costs least; the better reading wins.
    """
    best = _read_turned(image, dpi, is_bitonal, engine, 0)
    sideways = _sideways(best[1].words)
    if sideways:  # as good a reading as it is, its rows run up the page
        tries = []
        for degrees in (sideways, 360 - sideways):
            tries.append(_read_turned(image, dpi, is_bitonal, engine, degrees))
            if _quality(tries[-1][1]) >= _READS_WELL:
                break
        return max(tries, key=lambda read: _score(read[1]))
    if _quality(best[1]) >= _READS_WELL:
        return best
    for degrees in _turns_to_try(image, dpi, engine, best[1]):
        other = _read_turned(image, dpi, is_bitonal, engine, degrees)
        if _score(other[1]) > 1.25 * _score(best[1]):
            best = other
        if _quality(best[1]) >= _READS_WELL:
            break
    return best


def _sideways(words: tuple[Word, ...]) -> int:
    """The turn (90 or 270) of a page whose lines run up or down, or 0.

    Tesseract reads vertical lines well, so confidence does not show it: the shape of long words
    and the direction from word to word do.
    """
    long = [w for w in words if len(w.text) >= 4]
    tall = [w for w in long if w.box.height > 1.3 * w.box.width]
    if len(tall) < 3 or len(tall) < 0.6 * len(long):
        return 0
    upward = sum(
        1 if after.box.bottom < before.box.top + before.box.height / 2 else -1
        for before, after in pairwise(tall)
        if before.line == after.line
    )
    return 90 if upward >= 0 else 270


def _turns_to_try(image: Image, dpi: int, engine: Engine, as_it_lies: OcrPage) -> tuple[int, ...]:
    grey = to_grey(image)
    turn = engine.find_turn(scaled(grey, min(1.0, 150 / dpi)))
    if turn.confidence >= _SURE_TURN:
        return (turn.degrees,) if turn.degrees else ()
    if len(as_it_lies.words) >= 4 and _quality(as_it_lies) < 0.5:
        return (180, 90, 270)
    return ()


def _read_turned(image: Image, dpi: int, is_bitonal: bool, engine: Engine, degrees: int) -> tuple[Image, OcrPage]:
    page_image = turned(image, degrees)
    skew = geometry.find_skew(to_grey(page_image))
    page_image = geometry.straightened(page_image, skew)
    grey = to_grey(page_image)
    look = measure(grey, dpi, is_bitonal)
    cleaned, recipe = tone.clean(grey, look)
    factor = cleaned.shape[1] / grey.shape[1]
    words = engine.read(cleaned, round(dpi * factor), AUTO)
    if len(words) < 4:
        sparse = engine.read(cleaned, round(dpi * factor), SPARSE)
        if len(sparse) > len(words):
            words, recipe = sparse, (*recipe, "sparse")
    words = _on_page(words, factor, page_image)
    page = OcrPage(
        0,
        PageOutcome.OK,
        width=page_image.shape[1],
        height=page_image.shape[0],
        dpi=dpi,
        rotation=degrees,
        skew_degrees=skew,
        words=words,
        barcodes=_barcodes(grey, dpi, words),
        mean_confidence=_mean(words),
        engine=engine.name,
        recipe=recipe,
    )
    return page_image, page


def _barcodes(grey: Image, dpi: int, words: tuple[Word, ...]) -> tuple[Barcode, ...]:
    """Sheets with little text may be separators, so they get a second, thorough look."""
    return barcodes.find_barcodes(grey, dpi, thorough=len(words) < 60)


def _on_page(words: tuple[Word, ...], factor: float, image: Image) -> tuple[Word, ...]:
    height, width = image.shape[:2]
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


def _quality(page: OcrPage) -> float:
    """Mean confidence of the words that look like words; 0 with fewer than three of them."""
    real = [w for w in page.words if sum(c.isalnum() for c in w.text) >= 3]
    return _mean(tuple(real)) if len(real) >= 3 else 0.0


def _score(page: OcrPage) -> float:
    """How much was surely read: characters in words, weighted by the square of their confidence."""
    return sum(len(w.text) * w.confidence**2 for w in page.words if sum(c.isalnum() for c in w.text) >= 2)
