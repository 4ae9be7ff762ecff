"""What a read page may hold: the one border that words, codes and numbers from engines pass before anything is kept.

Engines hand on what files say: lone surrogates, NUL, marks that turn the direction of text, words of a megabyte,
numbers that no database holds. Behind this border text can be stored and shown, and work on it is bounded.
"""

import math
import re
from dataclasses import replace

from ocr.page import Barcode, Box, Mark, Note, OcrPage, Word

MOST_LETTERS = 200
"""Letters of one word; the longest in English medical dictionaries has 45, a URL or a path up to about 200."""

MOST_WORDS = 10_000
"""Words of one page; a densely set page of a newspaper has about 3,000."""

MOST_PAGE_LETTERS = 250_000
"""Letters of one page; ten times a dense page."""

MOST_CODES, MOST_CODE_LETTERS = 200, 8_000
"""Barcodes of one page, and characters in one: a QR code holds 7,089 digits at most (ISO/IEC 18004)."""

MOST_MARKS = 5_000

MOST_NOTES, MOST_NOTE_LETTERS = 2_000, 20_000
"""Notes and form fields of one page, and letters in one."""

CUT = "more_than_kept"
"""The weakness of a page of which not everything was kept: a person looks at its image."""

_FARTHEST = 1_000_000  # pixels; a page of 80 million has no longer side
_MOST_REMARK = 1_000

_BLANKS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_TURNING = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+")
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
"""Blanks that break lines; marks that turn direction (Unicode TR 9) or have no width; what is no text at all."""


def clean_text(text: str) -> str:
    """Text that can be stored and shown. What is no text leaves a mark, so that 12\\0003 is never the number 123."""
    if text.isprintable():
        return text
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", _TURNING.sub("", _BLANKS.sub(" ", text))).strip()


def within_bounds(page: OcrPage) -> OcrPage:
    """The page as it may be kept and worked on; one of which something was left out says so in its weaknesses.

    A word that is too long is kept in pieces. Repeating it changes nothing.
    """
    words, is_cut = _words(page.words)
    codes = tuple(_code(code) for code in page.barcodes[:MOST_CODES])
    is_cut |= len(page.barcodes) > MOST_CODES or len(page.marks) > MOST_MARKS
    notes = tuple(_note(note) for note in page.notes[:MOST_NOTES])
    is_cut |= len(page.notes) > MOST_NOTES or any(len(note.text) > MOST_NOTE_LETTERS for note in page.notes)
    is_cut |= any(len(code.text) > MOST_CODE_LETTERS for code in page.barcodes)
    weaknesses = tuple(_remark(name) for name in page.weaknesses)
    if is_cut and CUT not in weaknesses:
        weaknesses = (*weaknesses, CUT)
    return replace(
        page,
        width=_whole(page.width), height=_whole(page.height), dpi=_whole(page.dpi), rotation=_whole(page.rotation),
        skew_degrees=_real(page.skew_degrees), ink_share=_real(page.ink_share), quality=_real(page.quality),
        mean_confidence=_share(page.mean_confidence), seconds=_real(page.seconds),
        to_original=tuple(_real(number) for number in page.to_original),
        words=words, barcodes=codes,
        marks=tuple(mark if _fits(mark.box) else Mark(mark.kind, _box(mark.box), mark.state) for mark in page.marks[:MOST_MARKS]),
        notes=notes, engine=_remark(page.engine), reason=_remark(page.reason),
        recipe=tuple(_remark(step) for step in page.recipe), weaknesses=weaknesses,
    )  # fmt: skip


def _words(words: tuple[Word, ...]) -> tuple[tuple[Word, ...], bool]:
    """The words that are kept, and whether some were left out."""
    kept: list[Word] = []
    letters = 0
    for word in words:
        for piece in (word,) if _is_plain(word) else _pieces(word):
            letters += len(piece.text)
            if len(kept) == MOST_WORDS or letters > MOST_PAGE_LETTERS:
                return tuple(kept), True
            kept.append(piece)
    return tuple(kept), False


def _is_plain(word: Word) -> bool:
    text = word.text
    return (
        0 < len(text) <= MOST_LETTERS
        and text.isprintable()
        and 0.0 <= word.confidence <= 1.0
        and _fits(word.box)
        and 0 <= word.line < _FARTHEST
    )


def _pieces(word: Word) -> list[Word]:
    """A word without what cannot be seen, in pieces that are short enough; none when nothing is left of it."""
    text = clean_text(word.text[: MOST_PAGE_LETTERS + 1])
    box, sure, line = _box(word.box), _share(word.confidence), _whole(word.line)
    cut = (text[at : at + MOST_LETTERS].strip() for at in range(0, len(text), MOST_LETTERS))
    pieces = [piece for piece in cut if piece]
    if len(pieces) < 2:
        return [replace(word, text=piece, box=box, confidence=sure, line=line) for piece in pieces]
    edges = [box.left + box.width * at // len(pieces) for at in range(len(pieces) + 1)]
    return [
        replace(word, text=piece, box=box._replace(left=edges[at], right=edges[at + 1]), confidence=sure, line=line)
        for at, piece in enumerate(pieces)
    ]


def _code(code: Barcode) -> Barcode:
    if len(code.text) <= MOST_CODE_LETTERS and code.text.isprintable() and code.kind.isprintable() and _fits(code.box):
        return code
    return Barcode(_remark(code.kind), clean_text(code.text[:MOST_CODE_LETTERS]), _box(code.box))


def _note(note: Note) -> Note:
    if note.text.isprintable() and len(note.text) <= MOST_NOTE_LETTERS and note.name.isprintable() and _fits(note.box):
        return note
    lines = (clean_text(line) for line in note.text[:MOST_NOTE_LETTERS].splitlines())
    return replace(note, text="\n".join(line for line in lines if line), name=_remark(note.name), box=_box(note.box))


def _remark(text: str) -> str:
    return clean_text(text[:_MOST_REMARK])


def _fits(box: Box) -> bool:
    left, top, right, bottom = box
    return 0 <= left <= right <= _FARTHEST and 0 <= top <= bottom <= _FARTHEST


def _box(box: Box) -> Box:
    left, top, right, bottom = (_whole(edge) for edge in box)
    return Box(left, top, max(left, right), max(top, bottom))


def _whole(number: int) -> int:
    return int(min(max(number, 0), _FARTHEST)) if number == number else 0  # not NaN


def _real(number: float) -> float:
    return number if math.isfinite(number) and abs(number) <= 1e9 else 0.0


def _share(number: float) -> float:
    return min(max(number, 0.0), 1.0) if math.isfinite(number) else 0.0
