"""Reads one page from end to end: load, straighten, clean, recognise, and say how it went."""

import logging
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ocr import blank, confidence, fillin, handwriting, marks, quality, rapid, searchable, second
from ocr.clean import geometry
from ocr.clean.geometry import Placed
from ocr.clean.measure import has_two_levels, ink_share, noise_of
from ocr.clean.negative import Tone, tone_of
from ocr.errors import IncompleteFile, OcrError, TooLarge
from ocr.formats.gap import Gap
from ocr.imaging import Image, to_jpeg
from ocr.inkpicture import InkPicture, draw_ink
from ocr.load import DEFAULT_LIMITS, EDGE_ERRORS, Limits, RawPage, holds_what_it_does_not_show, load_page
from ocr.notes import with_notes
from ocr.page import Mark, MarkKind, OcrPage, PageOutcome, Second, Word, mean_confidence
from ocr.pictures import READS_BADLY, is_picture, is_shaded_picture, printed_lines
from ocr.recognise import How, Recognised, codes_on, read_upright
from ocr.sheetprint import SheetPrint
from ocr.signature import Kind
from ocr.tesseract import open_engine
from ocr.textlayer import read_text_layer, shows_its_words

log = logging.getLogger("chartroom.ocr")

RECIPE = "14"
"""Raised whenever reading changes, so that kept readings are made anew."""

VIEW_DPI = 150
VIEW_QUALITY = 75


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page read: what it says, a JPEG to look at, its page of the searchable PDF, its ink, and what it is found by when it
    comes again."""

    page: OcrPage
    view: bytes | None = None
    pdf: bytes | None = None
    picture: Image | None = None
    ink: InkPicture | None = None
    sheet: SheetPrint | None = None


@dataclass(frozen=True, slots=True)
class PageOrder:
    """What is made of a page besides its words, which engine is preferred (empty: the best installed), and when the
    second recogniser is asked."""

    engine: str = ""
    view: bool = True
    pdf: bool = True
    picture: bool = False
    second: Second = Second.AUTO


ALL = PageOrder()
WORDS_ONLY = PageOrder(view=False, pdf=False)


def fingerprint(engine: str = "tesserocr", second: Second = Second.AUTO) -> str:
    """Names cleaning, engine and when the second recogniser is asked, if it is installed; a reading is kept under it."""
    asked = second if rapid.is_installed() else Second.OFF
    return f"r{RECIPE}-{engine or 'auto'}-{asked}"


def read_page(
    data: bytes,
    kind: Kind,
    number: int,
    order: PageOrder = ALL,
    *,
    limits: Limits = DEFAULT_LIMITS,
    is_frugal: bool = False,
    way_up: int | None = None,
) -> PageRead:
    """Read one page (1-based). Nothing about the page raises: what went wrong is its outcome.

    `is_frugal` is for a page that took too long: two thirds of the usual resolution, and no second look. `way_up`: a person
    said that the scan is upright when it is turned clockwise by 0, 90, 180 or 270 degrees, and it is read that way.
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
    engine = open_engine(order.engine)
    try:
        how = How(engine, raw.is_bitonal or has_two_levels(raw.image), is_frugal, order.second, way_up)
        tone = tone_of(raw.image)
        if tone is Tone.NEGATIVE:
            raw = replace(raw, image=255 - raw.image)
        placed = geometry.place(raw.image, raw.dpi)
        layer = _layer_of(data, kind, number, raw)
        if layer and not way_up and not placed.steps and shows_its_words(layer, placed.sketch):
            page = _from_layer(placed, number, layer)
        else:
            if tone is Tone.DARK:
                dark = geometry.place(raw.image, raw.dpi, is_dark=True)
                placed, page = _from_dark_pixels(placed, dark, number, how)
            else:
                placed, page = _from_pixels(placed, number, how)
        page = _with_gap(page, raw.gap)
        if (
            page.outcome is PageOutcome.BLANK
            and not raw.may_be_blank
            and holds_what_it_does_not_show(data, number, raw.image)
        ):
            page = replace(page, outcome=PageOutcome.FAILED, reason=_NOT_SHOWN)
        page = with_notes(page, placed, raw.notes, raw.ticks, has_pictures=raw.has_pictures)
        view = _view(placed) if order.view else None
        pdf = _pdf_page(placed, page, is_bitonal=how.is_bitonal) if order.pdf else None
        picture = placed.render(placed.sheet) if order.picture else None
        ink = draw_ink(placed.sketch, placed.dpi) if order.view else None
    except EDGE_ERRORS as error:  # an image that no engine can take, such as one 70,000 pixels wide and 100 high
        log.error("Page %d could not be read: %s at %s.", number, type(error).__name__, _place_of(error))
        return PageRead(OcrPage(number, PageOutcome.FAILED, reason="This page cannot be read as it is. Scan it again."))
    page = replace(page, seconds=round(time.monotonic() - started, 3))
    return PageRead(page, view, pdf, picture, ink)


def _place_of(error: BaseException) -> str:
    """File and line where an error arose; its message may hold what stands on the page, and is not logged."""
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    return f"{Path(frame.f_code.co_filename).name}:{line}"


_NOT_SHOWN = "This page holds something that cannot be shown here. Open the file by itself and print the page, or ask the sender for a new copy."


def _layer_of(data: bytes, kind: Kind, number: int, raw: RawPage) -> tuple[Word, ...] | None:
    """The text layer of a page that may have one; words of a layer that is switched off are no words of the page."""
    if kind is not Kind.PDF or raw.is_scan or raw.gap or raw.has_hidden_layers or not raw.dpi[0]:
        return None
    return read_text_layer(data, number, raw.dpi[0])


_READS_ALL_THE_SAME = 0.9
"""Share of right words from which a picture whose finest part is missing is as good as it was."""


def _with_gap(page: OcrPage, gap: Gap | None) -> OcrPage:
    """A page of which something is missing is incomplete; one of which nothing can be seen could not be read."""
    if gap is None:
        return page
    if gap.is_coarse and page.outcome is PageOutcome.OK and page.quality >= _READS_ALL_THE_SAME:
        return replace(page, weaknesses=(*page.weaknesses, "picture data missing"))
    is_empty = page.outcome is PageOutcome.BLANK or not (page.words or page.barcodes or page.marks)
    return replace(
        page, outcome=PageOutcome.FAILED if is_empty else PageOutcome.INCOMPLETE, reason=gap.sentence,
        quality=0.0 if is_empty else page.quality,
    )  # fmt: skip


def _view(placed: Placed) -> bytes:
    factor = min(1.0, VIEW_DPI / placed.dpi)
    is_sketch = placed.sheet.ndim == 2 and abs(placed.sketch.factor - factor) < 0.02
    return to_jpeg(placed.sketch.small if is_sketch else placed.render(placed.sheet, factor), VIEW_QUALITY)


def _pdf_page(placed: Placed, page: OcrPage, *, is_bitonal: bool) -> bytes:
    factor = 1.0 if is_bitonal else min(1.0, searchable.PICTURE_DPI / placed.dpi)
    picture = placed.render(placed.sheet, factor)
    unseen = tuple(note for note in page.notes if not note.is_shown)
    return searchable.make_page(
        picture, page.words, width=page.width, dpi=page.dpi, is_bitonal=is_bitonal, notes=unseen
    )


def _from_layer(placed: Placed, number: int, words: tuple[Word, ...]) -> OcrPage:
    return replace(
        _page_of(placed, number),
        words=words,
        barcodes=codes_on(placed),
        marks=marks.find_marks(placed.sketch, words, marks.find_tick_boxes(placed.sketch)),
        mean_confidence=mean_confidence(words),
        quality=quality.page_quality(words),
        engine="text layer",
    )


def _from_pixels(placed: Placed, number: int, how: How) -> tuple[Placed, OcrPage]:
    ink = round(ink_share(placed.sketch), 6)
    is_blank = blank.is_blank(placed.sketch, noise_of(placed.grey))
    empty = replace(_page_of(placed, number), outcome=PageOutcome.BLANK, ink_share=ink)
    if is_blank and not is_shaded_picture(placed):
        return _as_told(placed, empty, how)
    best = read_upright(placed, how)
    if is_blank is not False and not _says_anything(best) and not is_shaded_picture(placed):
        return _as_told(placed, empty, how)
    found = marks.find_marks(best.placed.sketch, best.words, best.tick_boxes)
    raw = fillin.without_lines(marks.printed_words(best.words, found))
    words = confidence.calibrated(raw)
    is_photograph = not how.is_bitonal and quality.page_quality(words) < READS_BADLY and is_picture(placed)
    if is_photograph:
        lines = printed_lines(best.words)
        words, found = confidence.calibrated([word for word in raw if word.line in lines]), ()
    else:
        words, found = _with_handwriting(best, raw, words, found, how)
        words = tuple(word for word in _without_garbage(words) if not quality.is_stray(word))
    if not words and not best.barcodes:
        placed, empty = _as_told(placed, replace(empty, engine=how.engine.name), how)
        return placed, _unreadable(empty, placed, best, is_photograph=is_photograph)
    weak = quality.weaknesses(best.look, best.placed.sketch, found, placed.dpi)
    page = replace(
        _page_of(best.placed, number),
        ink_share=ink,
        words=words,
        barcodes=best.barcodes,
        marks=found,
        mean_confidence=mean_confidence(words),
        quality=quality.page_quality(words),
        weaknesses=weak,
        reason=quality.rescan_reason(quality.page_quality(words), weak),
        engine=_names(how, words),
        recipe=best.recipe,
    )
    return best.placed, page


def _as_told(placed: Placed, page: OcrPage, how: How) -> tuple[Placed, OcrPage]:
    """A page without words as it was scanned, or the way up that a person said."""
    if how.way_up is None:
        return placed, page
    placed = geometry.upright(placed, geometry.estimate_pose(placed), how.way_up)
    there = _page_of(placed, page.number)
    return placed, replace(there, outcome=page.outcome, ink_share=page.ink_share, engine=page.engine)


def _with_handwriting(
    best: Recognised, raw: tuple[Word, ...], words: tuple[Word, ...], found: tuple[Mark, ...], how: How
) -> tuple[tuple[Word, ...], tuple[Mark, ...]]:
    """The words joined with the second recogniser's, those written by hand as proposals; and the marks, with a note's.

    `raw` are the words as the first recogniser gave them, not calibrated.
    """
    regions = tuple(mark.box for mark in found if mark.kind is MarkKind.HANDWRITING)
    written = second.Written(handwriting.find_written(best.placed.sketch, words, found), regions)
    words = _with_second(best, raw, words, how, written)
    if not written.words and not regions:
        return words, found
    by_hand = handwriting.find_written(best.placed.sketch, words, found)
    words, notes = handwriting.as_proposals(words, by_hand)
    unmarked = [note for note in notes if not any(note.share_of(region) > 0.5 for region in regions)]
    return words, (*found, *(Mark(MarkKind.HANDWRITING, note) for note in unmarked))


def _without_garbage(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words, or of a page that has none worth the name those in lines of print."""
    if not quality.is_garbage(words):
        return words
    lines = printed_lines(words)
    return tuple(word for word in words if word.line in lines)


def _unreadable(empty: OcrPage, placed: Placed, best: Recognised, *, is_photograph: bool) -> OcrPage:
    """A page without a word, placed as it was scanned or as a person said. Of paper its marks are kept."""
    page = replace(empty, outcome=PageOutcome.UNREADABLE, quality=0.0, recipe=best.recipe)
    if is_photograph:
        return replace(page, reason=_A_PICTURE)
    found = marks.find_marks(placed.sketch, (), marks.find_tick_boxes(placed.sketch))
    weak = quality.weaknesses(best.look, placed.sketch, found, placed.dpi)
    return replace(page, marks=found, weaknesses=weak, reason=_NO_WORDS)


def _with_second(
    best: Recognised, raw: tuple[Word, ...], words: tuple[Word, ...], how: How, written: second.Written
) -> tuple[Word, ...]:
    """The words joined with what the second recogniser reads, where it is asked and works."""
    share, height = quality.page_quality(words), best.look.letter_height
    is_in_doubt = second.is_worth_it(words, share, height, written)
    is_asked = how.second is Second.ALWAYS or (how.second is Second.AUTO and is_in_doubt)
    if how.is_frugal or not is_asked or not rapid.is_usable():
        return words
    try:
        return second.second_opinion(
            best.placed, raw, words, quality=share, letter_height=height, all_of_it=how.second is Second.ALWAYS,
            written=written,
        )  # fmt: skip
    except rapid.Failed as error:
        log.warning("%s The first recogniser's words stand.", error)
        return words


def _names(how: How, words: Sequence[Word]) -> str:
    is_second = any(word.agreement for word in words)
    return f"{how.engine.name} + {rapid.NAME}" if is_second else how.engine.name


_NO_WORDS = "Marks, but no words were found on this page. Look at it: enter by hand whose it is, or scan it again."

_A_PICTURE = "This page is a picture, and no words were found on it. Look at it, and enter by hand whose it is."


def _from_dark_pixels(light: Placed, dark: Placed, number: int, how: How) -> tuple[Placed, OcrPage]:
    """A dark page read as it is (a card on a black lid), as light letters on dark (a film), or both ways.

    Where letters settle by their vote that they are there one way only, it is read that way. What says more counts.
    The picture stays as it was.
    """
    ways = [placed for placed in (light, dark) if geometry.estimate_pose(placed).turn.is_sure]
    read = [_from_pixels(placed, number, how) for placed in ways or (light, dark)]
    return max(read, key=lambda placed_and_page: _surely_read(placed_and_page[1]))


def _surely_read(page: OcrPage) -> float:
    return sum(len(word.text) * word.confidence**2 for word in page.words if sum(c.isalnum() for c in word.text) >= 2)


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


def _says_anything(reading: Recognised) -> bool:
    """One word read well, or a barcode: enough to say that a faint side is not blank."""
    words = confidence.calibrated(reading.words)
    real = [word for word in words if word.confidence >= 0.5 and sum(c.isalnum() for c in word.text) >= 3]
    return bool(reading.barcodes or real)
