"""A form as it was taught once: the words that are printed on it, and the zones where values are written.

Places are inches from the upper left corner of the straight page, so that resolution does not matter.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from classify import doctypes, normal
from ocr.page import OcrPage

_MOST_ANCHORS = 160
_LEAST_LETTERS = 3

WRITTEN = ("", "last first", "mmddyy", "icd10", "more")
"""Ways in which a form asks for a value."""


class FormProblem(Exception):
    """A form cannot be taught or read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A printed word and the middle of it, in inches."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Zone:
    """Where the value of a field is written: left, top, right, bottom in inches.

    `value` is set for a tick box: what the field is when this box is ticked. `written` says how the form asks for
    the value where that is not how it is written elsewhere: "last first" (a name without a comma), "mmddyy" (a date
    of six or eight digits), "icd10" (a diagnosis code, with or without its point), "more" (the value of the zone
    before goes on here: a first name in a box of its own).
    """

    field: str
    box: tuple[float, float, float, float]
    value: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One printed form: its name, the kind of document it is, anchors and zones."""

    name: str
    code: str
    anchors: tuple[Anchor, ...]
    zones: tuple[Zone, ...]

    def to_json(self) -> str:
        """The form as it is kept in a file."""
        return json.dumps(
            {
                "name": self.name,
                "type": self.code,
                "anchors": [[a.text, a.x, a.y] for a in self.anchors],
                "zones": [{"field": z.field, "box": list(z.box)} | _told(z) for z in self.zones],
            },
            indent=None,
        )

    @classmethod
    def from_json(cls, text: str) -> "Form":
        """The form out of its file; FormProblem when it is none."""
        try:
            kept: dict[str, Any] = json.loads(text)
            if kept["type"] not in doctypes.chart_order():
                raise ValueError(f"there is no document type {kept['type']}")
            return cls(
                str(kept["name"]),
                str(kept["type"]),
                tuple(Anchor(str(text), float(x), float(y)) for text, x, y in kept["anchors"]),
                tuple(_zone(z) for z in kept["zones"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise FormProblem(f"This is not a taught form ({error}). Teach it again.") from error


def learn_form(name: str, code: str, page: OcrPage, zones: Iterable[Zone]) -> Form:
    """The form of which this page is a sample, blank or filled in; what lies in a zone is not part of the form."""
    zones = tuple(zones)
    if code not in doctypes.chart_order():
        raise FormProblem(f"There is no document type {code}.")
    if not zones:
        raise FormProblem("A form needs at least one zone.")
    anchors = [
        Anchor(text, round(x, 3), round(y, 3))
        for text, x, y in words_of(page)
        if not any(z.box[0] <= x <= z.box[2] and z.box[1] <= y <= z.box[3] for z in zones)
    ]
    if len(anchors) < 12:
        raise FormProblem("Too few printed words were read on this sample. Teach the form from a better scan.")
    counts = Counter(anchor.text for anchor in anchors)
    anchors.sort(key=lambda anchor: counts[anchor.text])  # words that stand once tell most
    return Form(name, code, tuple(anchors[:_MOST_ANCHORS]), zones)


def words_of(page: OcrPage) -> list[tuple[str, float, float]]:
    """The words of a page that may be anchors, with their middles in inches."""
    dpi = page.dpi or 300
    found = []
    for word in page.words:
        text = normal.letters(word.text)
        if word.confidence >= 0.5 and sum(c.isalpha() for c in text) >= _LEAST_LETTERS:
            found.append((text, (word.box.left + word.box.right) / 2 / dpi, (word.box.top + word.box.bottom) / 2 / dpi))
    return found


@cache
def shipped_forms() -> tuple[Form, ...]:
    """The forms that come with the program."""
    return load_forms(Path(__file__).with_name("forms"))


def load_forms(folder: Path) -> tuple[Form, ...]:
    """Every form of a folder; FormProblem names a file that is none."""
    forms = []
    for file in sorted(folder.glob("*.json")):
        try:
            forms.append(Form.from_json(file.read_text(encoding="utf-8")))
        except (FormProblem, UnicodeDecodeError) as problem:
            raise FormProblem(f"{file.name}: {problem}") from problem
    return tuple(forms)


def _told(zone: Zone) -> dict[str, str]:
    return {name: said for name in ("value", "written") if (said := getattr(zone, name))}


def _zone(kept: dict[str, Any]) -> Zone:
    written = str(kept.get("written", ""))
    if written not in WRITTEN:
        raise ValueError(f"a zone is written {written!r}; known are {', '.join(filter(None, WRITTEN))}")
    return Zone(str(kept["field"]), _box(kept["box"]), str(kept.get("value", "")), written)


def _box(values: Sequence[float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(v) for v in values)
    if not (left < right and top < bottom and all(map(math.isfinite, (left, top, right, bottom)))):
        raise ValueError("a zone has no size")
    return left, top, right, bottom
