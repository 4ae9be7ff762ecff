"""What reading a page gives: words with boxes and confidences, and how it went."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import reduce
from typing import Any, NamedTuple


class Box(NamedTuple):
    """Left, top, right, bottom in pixels of the cleaned page."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    def joined(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def share_of(self, other: "Box") -> float:
        """How much of the smaller of two boxes lies in the other, 0 to 1."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0, wide) * max(0, high) / max(1, min(self.width * self.height, other.width * other.height))

    def holds_middle_of(self, other: "Box") -> bool:
        """Whether the middle of another box lies in this one."""
        x, y = (other.left + other.right) / 2, (other.top + other.bottom) / 2
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def turned(self, degrees: int, width: int, height: int) -> "Box":
        """The box on its page of `width` × `height` pixels when that is turned clockwise by 0, 90, 180 or 270 degrees."""
        left, top, right, bottom = self
        if degrees == 90:
            return Box(height - bottom, left, height - top, right)
        if degrees == 180:
            return Box(width - right, height - bottom, width - left, height - top)
        if degrees == 270:
            return Box(top, width - right, bottom, width - left)
        return self


class PageOutcome(StrEnum):
    """How reading a page ended; anything but OK or BLANK keeps its document from filing itself."""

    OK = "ok"
    BLANK = "blank"
    UNREADABLE = "unreadable"  # marks on the page, but no words worth the name
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


class Second(StrEnum):
    """What the second recogniser (`ocr/rapid.py`) is asked to read."""

    AUTO = "auto"  # where the first reading is doubtful
    ALWAYS = "always"
    OFF = "off"


FINE = frozenset({PageOutcome.OK, PageOutcome.BLANK})
"""Outcomes with which a document may file itself."""

KEPT = FINE | {PageOutcome.UNREADABLE}
"""Outcomes with an image of the whole page; the others are tried again on a retry."""


class Agreement(StrEnum):
    """What the other recogniser says of a word."""

    NOT_ASKED = ""
    SAME = "same"
    OTHER = "other"  # it reads something else there
    SILENT = "silent"  # it reads nothing there


class Reader(StrEnum):
    """Which recogniser read a word."""

    FIRST = ""  # Tesseract, or the text layer of the file
    SECOND = "second"


HANDWRITTEN_MOST = 0.8
"""Confidence that no word written by hand exceeds, nor a value read from one, however many places say it: the cursor stops
at it (review_app/model/station.py), no document files itself on it (classify/autofile.py), and the second recogniser is asked
(ocr/second.py). Of words of drawn forms that would be surer, 96 in 100 are right; hands are harder than fonts."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as read; confidence 0.0 to 1.0, line is the number of its text line, `turn` the degrees clockwise
    that make a word upright which runs another way than its page, as on a label stuck on sideways. What is written by
    hand is a proposal: a person compares it with the page."""

    text: str
    box: Box
    confidence: float
    line: int = 0
    turn: int = 0
    reader: Reader = Reader.FIRST
    agreement: Agreement = Agreement.NOT_ASKED
    is_handwritten: bool = False


def box_of(words: Sequence[Word]) -> Box:
    """The box around words, at least one."""
    return around(word.box for word in words)


def around(boxes: Iterable[Box]) -> Box:
    """The box around boxes, at least one."""
    return reduce(Box.joined, boxes)


def mean_confidence(words: Sequence[Word]) -> float:
    """Mean confidence of words, each counted by its length; 0 when there are none."""
    weight = sum(len(word.text) for word in words)
    return round(sum(word.confidence * len(word.text) for word in words) / weight, 4) if weight else 0.0


@dataclass(frozen=True, slots=True)
class Barcode:
    """One barcode as read: its symbology, text and place, and the symbology identifier of ISO/IEC 15424 (]d2 is a GS1
    DataMatrix), empty where the reading is of an earlier version."""

    kind: str
    text: str
    box: Box
    symbology: str = ""


class MarkKind(StrEnum):
    """What a mark beside the printed words is."""

    TICK_BOX = "tick_box"
    SIGNATURE = "signature"
    HANDWRITING = "handwriting"


class MarkState(StrEnum):
    """How it was found: boxes are empty or ticked, signatures absent or present, either may be unclear."""

    EMPTY = "empty"
    TICKED = "ticked"
    ABSENT = "absent"
    PRESENT = "present"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick box, a place for a signature, or a region of handwriting, and its state."""

    kind: MarkKind
    box: Box
    state: MarkState = MarkState.PRESENT


class NoteKind(StrEnum):
    """What text beside the picture of a page is: a note stuck on it, text typed on it, a stamp, a form field, a file."""

    NOTE = "note"
    TYPED = "typed"
    STAMP = "stamp"
    FIELD = "field"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class Note:
    """Text that the file holds for a page besides its picture, and its place; `name` is its author's or the field's.

    `is_shown` says whether the picture shows all of it.
    """

    kind: NoteKind
    text: str
    box: Box
    name: str = ""
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class OcrPage:
    """One side of paper, read. `rotation` is degrees clockwise that made it upright; `recipe` says
    what cleaning was applied; `engine` what read it; `to_original` are the six numbers a, b, c, d, e, f
    of x' = ax + by + c, y' = dx + ey + f from here to pixels of the page as it is in the file; `quality` is
    the expected share of right words, `weaknesses` what is wrong with the image."""

    number: int
    outcome: PageOutcome
    width: int = 0
    height: int = 0
    dpi: int = 0
    rotation: int = 0
    skew_degrees: float = 0.0
    words: tuple[Word, ...] = ()
    barcodes: tuple[Barcode, ...] = ()
    marks: tuple[Mark, ...] = ()
    mean_confidence: float = 0.0
    ink_share: float = 0.0
    engine: str = ""
    recipe: tuple[str, ...] = ()
    quality: float = 1.0
    weaknesses: tuple[str, ...] = ()
    to_original: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    reason: str = ""
    seconds: float = 0.0
    notes: tuple[Note, ...] = ()

    def of_turn(self, degrees: int) -> "OcrPage":
        """The page turned so that its words of this turn are upright, with those words only."""
        size = (self.height, self.width) if degrees in (90, 270) else (self.width, self.height)
        words = tuple(
            replace(word, box=word.box.turned(degrees, self.width, self.height), turn=0)
            for word in self.words
            if word.turn == degrees
        )
        return replace(self, width=size[0], height=size[1], words=words, barcodes=(), marks=(), notes=())

    @property
    def text(self) -> str:
        """The words in reading order, one text line a line."""
        lines: dict[int, list[str]] = {}
        for word in self.words:
            lines.setdefault(word.line, []).append(word.text)
        return "\n".join(" ".join(words) for words in lines.values())

    @property
    def has_handwriting(self) -> bool:
        """Whether anything on it was written by hand, read or not; a signature on its line is none."""
        return any(mark.kind is MarkKind.HANDWRITING for mark in self.marks) or any(
            word.is_handwritten for word in self.words
        )

    def to_bytes(self) -> bytes:
        """Compressed JSON, as it is kept in the database."""
        return zlib.compress(json.dumps(asdict(self), ensure_ascii=False).encode(), 6)

    @classmethod
    def from_bytes(cls, data: bytes) -> "OcrPage":
        """The page that `to_bytes` wrote."""
        return cls.from_dict(json.loads(zlib.decompress(data)))

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> "OcrPage":
        """The page in the plain form that JSON gives back."""
        values = dict(raw)
        values["outcome"] = PageOutcome(values["outcome"])
        values["words"] = tuple(map(_word, values["words"]))
        values["barcodes"] = tuple(
            Barcode(b["kind"], b["text"], Box(*b["box"]), b.get("symbology", "")) for b in values["barcodes"]
        )
        values["marks"] = tuple(
            Mark(MarkKind(m["kind"]), Box(*m["box"]), MarkState(m["state"])) for m in values.get("marks", ())
        )
        values["notes"] = tuple(
            Note(NoteKind(n["kind"]), n["text"], Box(*n["box"]), n["name"], n["is_shown"])
            for n in values.get("notes", ())
        )
        values["recipe"] = tuple(values["recipe"])
        for name in ("to_original", "weaknesses"):  # readings of earlier versions have neither
            if name in values:
                values[name] = tuple(values[name])
        return cls(**values)


def _word(raw: dict[str, Any]) -> Word:
    """A word in the plain form; readings of earlier versions know no turn, reader, agreement or hand."""
    return Word(
        raw["text"],
        Box(*raw["box"]),
        raw["confidence"],
        raw["line"],
        raw.get("turn", 0),
        Reader(raw.get("reader", "")),
        Agreement(raw.get("agreement", "")),
        raw.get("is_handwritten", False),
    )
