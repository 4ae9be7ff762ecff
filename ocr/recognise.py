"""Recognises a page that was placed: which way up, cleaned how, and again where the first reading is bad."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ocr import barcodes, marks, patches, pictures
from ocr.clean import colour, dirt, geometry, tone
from ocr.clean.geometry import Placed, Pose
from ocr.clean.measure import Measurement, measure
from ocr.codeplaces import find_codes
from ocr.confidence import calibrated
from ocr.imaging import Image, cv2, scaled
from ocr.page import Barcode, Box, Mark, Second, Word, mean_confidence
from ocr.sideways import with_turned
from ocr.tesseract import AUTO, SPARSE, Engine, Orientation

_SURE_TURN = 3.0
"""Tesseract's orientation confidence above which its word is taken: 13 on a page in a script that our letters
do not know, under 2 on pages of a few words."""

_ENOUGH_LETTERS = 40
"""Letters under which Tesseract's orientation is a guess."""

_READS_WELL = 0.70
"""Mean word confidence of a page that is the right way up; upside-down text reads at 0.3 to 0.5."""

_CLEARLY = 1.25
"""How much more another way up must say, too: the score of one over that of the other."""

_COVERED = 0.95
"""Share of the letters that the words of a good reading hold; 0.99 and more on every page that read well, 0.65 where a column was lost."""

_READS_FAIRLY = 0.80
"""Mean word confidence under which another cleaning is worth a try."""

_WRITTEN = 0.3
"""Confidence from which a word counts as written on a form; remains of the form's lines are read below it."""

_SPARSE_SHEET = 40
"""Words; a separator sheet has fewer, and gets a thorough look for its codes."""

_TEXTURE_WORDS = 15
"""Words that an engine makes of texture at least; what a device burns into a picture is often fewer."""


@dataclass(frozen=True, slots=True)
class How:
    """With what a page is read, how much may be spent on it, and the way up where a person said it: degrees clockwise."""

    engine: Engine
    is_bitonal: bool
    is_frugal: bool
    second: Second = Second.OFF
    way_up: int | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """One try at a page: where it was put, and what was read."""

    placed: Placed
    words: tuple[Word, ...]
    barcodes: tuple[Barcode, ...]
    look: Measurement
    recipe: tuple[str, ...]
    tick_boxes: tuple[Mark, ...] = ()

    @property
    def quality(self) -> float:
        """Mean confidence of the words that look like words; 0 with fewer than three of them."""
        real = [w for w in self.words if sum(c.isalnum() for c in w.text) >= 3]
        return mean_confidence(tuple(real)) if len(real) >= 3 else 0.0

    @property
    def reads_well(self) -> bool:
        """Whether what was read says that the page lies the right way up; a page of one word has that one to say it.

        Few words are judged by the chance that they are right: CONSENT on its head is read as LN3SNOO with 0.76.
        """
        real = [word for word in self.words if not word.turn and sum(c.isalnum() for c in word.text) >= 3]
        return mean_confidence(real if len(real) >= 3 else calibrated(real)) >= _READS_WELL

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
        """How much was surely read this way up: characters in words, weighted by the square of their confidence."""
        real = (word for word in self.words if not word.turn and sum(c.isalnum() for c in word.text) >= 2)
        return sum(len(word.text) * word.confidence**2 for word in real)


def read_upright(placed: Placed, how: How) -> Recognised:
    """The page read the way up that its letters vote for; when the vote is not clear, ask Tesseract, then try.

    It stays as it lies unless another way up reads well, and clearly better. Where a person said the way up, that is it.
    """
    pose = geometry.estimate_pose(placed)
    if how.way_up is not None:
        return _read_turned(placed, pose, how.way_up, how)
    if pose.turn.is_sure:
        return _read_turned(placed, pose, pose.turn.degrees, how)
    second = how.engine.find_turn(pose.straight.small) if pose.turn.letters >= _ENOUGH_LETTERS else Orientation(0, 0.0)
    best = _read_turned(placed, pose, second.degrees if second.confidence >= _SURE_TURN else 0, how)
    if how.is_frugal or best.reads_well or _is_texture(best):
        return best
    for degrees in _turns_to_try(pose, second):
        if degrees != best.placed.rotation:
            other = _read_turned(placed, pose, degrees, how)
            if other.reads_well and other.score > _CLEARLY * best.score:
                return other
    return best


def _turns_to_try(pose: Pose, second: Orientation) -> Iterable[int]:
    """Other ways up that are worth a reading: those that either vote is for. Each reading costs seconds on grain."""
    voted = (pose.turn.degrees,) if pose.turn.is_likely or pose.turn.letters >= _ENOUGH_LETTERS else ()
    return dict.fromkeys((*voted, *((second.degrees,) if second.confidence > 0 else ())))


def _is_texture(reading: Recognised) -> bool:
    """Whether a photograph was read as many words that are none: more tries cost seconds each, and find no more."""
    is_bad = len(reading.words) >= _TEXTURE_WORDS and reading.quality < pictures.READS_BADLY
    return is_bad and pictures.is_picture(reading.placed)


def _read_turned(placed: Placed, pose: Pose, degrees: int, how: How) -> Recognised:
    page = geometry.upright(placed, pose, degrees)
    look = measure(placed.grey, page.sketch, page.dpi, is_bitonal=how.is_bitonal)
    boxes = marks.find_tick_boxes(page.sketch)
    frames = tuple(mark.box for mark in marks.surely_boxes(page.sketch, boxes))
    channel = colour.form_channel(page.sheet)
    seen = tone.Seen(look, dirt.find_dirt(page.sketch), page.sketch, frames, channel is not None)
    cleaned, recipe = tone.clean(page, seen)
    if how.is_frugal:
        cleaned, recipe = scaled(cleaned, 0.67), (*recipe, "frugal")
    best = _recognised(page, look, cleaned, AUTO, (*page.steps, *recipe), how.engine)
    is_brief = how.is_frugal or _is_texture(best)
    for image, mode, name in () if is_brief else _second_tries(best, cleaned):
        other = _recognised(page, look, image, mode, (*best.recipe, name), how.engine)
        if other.score > 1.05 * best.score:
            best = other
    if not is_brief and channel is not None:
        best = _with_written(best, channel, how.engine)
    codes = _barcodes(page, best.words)
    words = best.words if is_brief else with_turned(best.words, codes, page, cleaned, how.engine)
    return replace(best, words=words, barcodes=codes, tick_boxes=boxes)


def _with_written(printed: Recognised, channel: int, engine: Engine) -> Recognised:
    """A coloured form read twice: its print in grey, and what was written on it with the form's colour dropped out.

    Where both read something, what was written counts.
    """
    page = printed.placed
    image = colour.dropped_out(page.render(page.sheet), channel)
    written = _recognised(page, printed.look, image, AUTO, (), engine).words
    high = float(np.median([word.box.height for word in printed.words])) if printed.words else 0.0
    written = tuple(
        word
        for word in written
        if word.confidence >= _WRITTEN and any(c.isalnum() for c in word.text) and word.box.height <= 4 * max(high, 12)
    )
    kept = tuple(word for word in printed.words if not any(word.box.share_of(other.box) > 0.3 for other in written))
    line = max((word.line for word in kept), default=0) + 1
    return replace(
        printed,
        words=kept + tuple(replace(word, line=line + word.line) for word in written),
        recipe=(*printed.recipe, "drop-out"),
    )


def _recognised(
    page: Placed, look: Measurement, cleaned: Image, mode: int, recipe: tuple[str, ...], engine: Engine
) -> Recognised:
    factor = cleaned.shape[1] / page.width
    words = _on_page(engine.read(cleaned, round(page.dpi * factor), mode), factor, page)
    return Recognised(page, words, (), look, recipe)


def _second_tries(first: Recognised, cleaned: Image) -> Iterator[tuple[Image, int, str]]:
    """What may read better where the first reading is bad: whole blocks left out, or words unsure.

    Layout analysis drops blocks of blurred or crowded pages, which reading scattered words finds again
    (.40 to .02 of the words of a two-column page with motion blur); rough letters are read better after
    a median. The reading with the higher score is kept: word errors .062 where always the best one gives
    .061 (motion blur), .055 where it gives .052 (coarse fax).
    """
    if first.coverage < _COVERED or len(first.words) < 4:
        yield cleaned, SPARSE, "sparse"
    if 0 < first.quality < _READS_FAIRLY:
        yield cv2.medianBlur(cleaned, 3), AUTO, "median again"


def _barcodes(page: Placed, words: tuple[Word, ...]) -> tuple[Barcode, ...]:
    """Sheets with little text may be separators, so they get a second, thorough look."""
    found = codes_on(page)
    if len(words) < _SPARSE_SHEET and all(code.kind == patches.KIND for code in found):
        found = (*found, *barcodes.find_barcodes(page.render(page.grey)))
    return found


def codes_on(page: Placed) -> tuple[Barcode, ...]:
    """The barcodes and patch codes of a page: those its sketch shows, and small ones in places that look like a code."""
    return (*find_codes(page), *patches.find_patches(page.sketch))


def _on_page(words: tuple[Word, ...], factor: float, page: Placed) -> tuple[Word, ...]:
    height, width = page.height, page.width
    fit: Callable[[Box], Box] = lambda b: Box(  # noqa: E731
        max(0, int(b.left / factor)),
        max(0, int(b.top / factor)),
        min(width, round(b.right / factor)),
        min(height, round(b.bottom / factor)),
    )
    return tuple(replace(word, box=fit(word.box)) for word in words)
