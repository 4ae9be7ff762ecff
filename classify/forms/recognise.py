"""Which taught form a page is, and how it lies: by the label words, which no scan loses all of.

Words that stand once on the form and once on the page are paired; the affine map that most pairs agree on registers
the form (a random sample of three, then least squares; label words alone told 15 of 15 forms apart in 42 ms).
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from classify import normal
from classify.fields import dates
from classify.fields.table import FIELDS
from classify.finding.confidence import as_read, is_handwritten
from classify.finding.field import Field, longest_value
from classify.form import Form, Zone, words_of
from classify.guess import FieldValue
from classify.profile import Profile
from ocr.page import Box, MarkKind, MarkState, OcrPage, Word, box_of

_LEAST_PAIRS, _LEAST_SHARE = 10, 0.35
"""Anchors that must be found in their places: so many, and this share of all."""

_CLOSE_INCHES = 0.06
_TRIES = 60
_JUNK, _SURELY_READ = 0.3, 0.6

Map = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recognised:
    """A page as a form: the map from inches of the form to pixels of the page, and the share of anchors in place."""

    form: Form
    to_page: Map
    share: float

    def box_on(self, page: OcrPage, zone: Zone) -> Box:
        """Where a zone lies on the page."""
        left, top, right, bottom = zone.box
        corners = np.array([[left, top, 1], [right, top, 1], [left, bottom, 1], [right, bottom, 1]]) @ self.to_page
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        return Box(max(0, int(x0)), max(0, int(y0)), min(page.width, int(x1)), min(page.height, int(y1)))


def recognise_form(page: OcrPage, forms: Sequence[Form]) -> Recognised | None:
    """The form that this page is, or None."""
    said = words_of(page)
    once = {text for text, count in Counter(text for text, _, _ in said).items() if count == 1}
    places = {text: (x, y) for text, x, y in said if text in once}
    best: Recognised | None = None
    for form in forms:
        found = _registered(form, places, page.dpi or 300)
        if found is not None and (best is None or found.share > best.share):
            best = found
    return best


def _registered(form: Form, places: dict[str, tuple[float, float]], dpi: int) -> Recognised | None:
    counts = Counter(anchor.text for anchor in form.anchors)
    single = [anchor for anchor in form.anchors if counts[anchor.text] == 1]
    pairs = [(anchor, places[anchor.text]) for anchor in single if anchor.text in places]
    if len(pairs) < _LEAST_PAIRS or len(pairs) < _LEAST_SHARE * len(single):
        return None
    there = np.array([[anchor.x, anchor.y, 1.0] for anchor, _ in pairs])
    here = np.array([place for _, place in pairs])
    fits = _agreed(there, here)
    if fits.sum() < _LEAST_PAIRS or fits.sum() < _LEAST_SHARE * len(single):
        return None
    affine = np.linalg.lstsq(there[fits], here[fits], rcond=None)[0]
    return Recognised(form, affine * dpi, round(float(fits.sum()) / len(single), 3))


def _agreed(there: Map, here: Map) -> npt.NDArray[np.bool_]:
    """Which pairs lie where one map puts them; the map that most pairs agree on."""
    rng = random.Random(1)
    best = np.zeros(len(there), np.bool_)
    for _ in range(_TRIES):
        some = rng.sample(range(len(there)), 3)
        try:
            affine = np.linalg.solve(there[some], here[some])
        except np.linalg.LinAlgError:
            continue
        scale = np.linalg.det(affine[:2])
        if not 0.5 < scale < 2.0:  # a form is neither mirrored nor four times as large
            continue
        fits = np.linalg.norm(there @ affine - here, axis=1) < _CLOSE_INCHES
        if fits.sum() > best.sum():
            best = fits
    return best


def read_zones(page: OcrPage, found: Recognised, profile: Profile) -> Iterator[FieldValue]:
    """The values in the zones of a recognised form; a zone without ink or without such a value gives none."""
    fields = {field.name: field for field in FIELDS}
    for zone, *more in _with_more(found.form.zones):
        place = found.box_on(page, zone)
        if zone.value:
            parsed = fields[zone.field].parse(zone.value, profile) if zone.field in fields else (zone.value, True)
            if parsed is not None and _is_ticked(page, place):
                yield FieldValue(zone.field, parsed[0], "ticked", 0.9, page.number, place, "form", parsed[1])
            continue
        words = [word for part in (zone, *more) for word in _words_in(page, found, part)]
        value = _value_of(zone, words, profile, fields)
        if value is None:
            continue
        text, raw, is_valid, count = value
        read = min(word.confidence for word in words[:count])
        sure = (0.97 if is_valid else 0.5) * read * min(1.0, 0.6 + found.share) * 0.8 ** (len(words) - count)
        by_hand = is_handwritten(words[:count])
        yield FieldValue(
            zone.field, text, raw, as_read(sure, by_hand=by_hand), page.number, box_of(words[:count]), "form", is_valid, by_hand
        )  # fmt: skip


def _with_more(zones: Sequence[Zone]) -> Iterator[list[Zone]]:
    """Each zone with those that its value goes on in."""
    together: list[Zone] = []
    for zone in zones:
        if together and zone.written == "more" and zone.field == together[0].field:
            together.append(zone)
            continue
        if together:
            yield together
        together = [zone]
    if together:
        yield together


def _words_in(page: OcrPage, found: Recognised, zone: Zone) -> list[Word]:
    """The words in a zone from left to right, without words of the form and what its lines were read as.

    Beside what was surely read, a word that was not is a line of the box or the print of the form.
    """
    place = found.box_on(page, zone)
    labels = {anchor.text for anchor in found.form.anchors}
    words = sorted(
        (replace(word, text=word.text.strip("|[]{}")) for word in page.words if place.holds_middle_of(word.box)),
        key=lambda word: (word.box.left, word.box.top),
    )
    words = [word for word in words if _is_written(word, labels)]
    return [word for word in words if word.confidence >= _JUNK or max(w.confidence for w in words) < _SURELY_READ]


def _value_of(
    zone: Zone, words: list[Word], profile: Profile, fields: dict[str, Field]
) -> tuple[str, str, bool, int] | None:
    """The value of a zone as its field reads it; a zone that is no field of ours keeps its text."""
    if not words:
        return None
    raw = " ".join(word.text for word in words).strip(" |_-:;,.")
    if zone.written == "icd10":
        code = normal.icd10(raw)
        return code or raw, raw, code is not None, len(words)
    if zone.written == "mmddyy":
        found = dates.parse("".join(word.text for word in _as_elsewhere(words, zone.written)), profile)
        if found is None:
            return None if zone.field in fields else (raw, raw, False, len(words))
        parsed = fields[zone.field].parse(found[0], profile) if zone.field in fields else found
        return (parsed[0], raw, parsed[1], len(words)) if parsed else None
    if zone.field in fields:
        return longest_value(fields[zone.field], _as_elsewhere(words, zone.written), profile)
    return raw, raw, True, len(words)


def _as_elsewhere(words: list[Word], written: str) -> list[Word]:
    """The words of a zone as the same value is written where no form asks for it otherwise."""
    first = words[0]
    if written == "last first" and len(words) > 1 and not any("," in word.text for word in words):
        return [replace(first, text=first.text.rstrip(".") + ","), *words[1:]]
    if written == "mmddyy":
        digits = normal.read_as_digits("".join(word.text for word in words))
        if re.fullmatch(r"\d{6}|\d{8}", digits):
            return [replace(first, text=f"{digits[:2]}/{digits[2:4]}/{digits[4:]}")]
    return words


def _is_written(word: Word, labels: set[str]) -> bool:
    """Whether a word in a zone is a value and not a word of the form or what its lines were read as."""
    return any(c.isalnum() for c in word.text) and normal.letters(word.text) not in labels


def _is_ticked(page: OcrPage, place: Box) -> bool:
    """A ticked box in the zone, or an X that was read there."""
    for mark in page.marks:
        if mark.kind is MarkKind.TICK_BOX and mark.state is MarkState.TICKED and _overlaps(mark.box, place):
            return True
    return any(
        word.text.strip(" |[]_").upper() in ("X", "XX") and place.holds_middle_of(word.box) for word in page.words
    )


def _overlaps(box: Box, place: Box) -> bool:
    return box.left < place.right and box.right > place.left and box.top < place.bottom and box.bottom > place.top
