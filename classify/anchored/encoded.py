"""What the barcodes of a page mention, beside what is printed: bare numbers, and the values of label codes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from classify.codes.formids import FormId
from classify.codes.numbers import bare_number, readings_of
from classify.codes.payloads import Payload, read_code
from classify.matching import alike
from classify.mentioned import Kind, Mention
from classify.profile import Profile
from classify.rows import Row
from classify.separators import read_payload
from ocr.page import Barcode, OcrPage

_ENCODED = 0.995
"""Reading confidence of what a barcode says; its check characters leave one misreading in a hundred, and fine ones are read
twice (ocr/codeplaces.py)."""

_CAPTION_LINES = 2.0
"""Line heights above or below its bars within which the number stands that says the same for the eye."""


def encoded_mentions(
    page: OcrPage, rows: tuple[Row, ...], form_ids: tuple[FormId, ...], profile: Profile
) -> tuple[Mention, ...]:
    """What the barcodes of a page mention: bare numbers, and the values of labels. Form-id barcodes mention nothing."""
    forms = {one.box for one in form_ids if one.source == "barcode" and one.is_named}
    found: list[Mention] = []
    for code in page.barcodes:
        if read_payload(code.text) is not None or code.box in forms:
            continue
        payload = read_code(code, profile)
        if payload is not None and payload.kind != "licence":
            found += _of_payload(payload, code, rows)
        elif payload is None and (number := bare_number(code)):
            found += [_encoded(Kind.NUMBER, (reading,), code, rows) for reading in readings_of(number)]
    return tuple(found)


def _of_payload(payload: Payload, code: Barcode, rows: tuple[Row, ...]) -> Iterator[Mention]:
    for part in payload.parts:
        if part.field == "name":
            family, _, given = part.value.partition(", ")
            yield _encoded(Kind.NAME, (*family.split(), ",", *given.split()), code, rows)
        elif part.field == "dob":
            yield replace(
                _encoded(Kind.DATE, (part.value,), code, rows), days=(date.fromisoformat(part.value),), label="dob"
            )
        elif part.field in _NUMBERS:
            yield replace(_encoded(Kind.NUMBER, (part.value,), code, rows), label=part.field)


_NUMBERS = ("", "mrn", "encounter", "account")


def _encoded(kind: Kind, words: tuple[str, ...], code: Barcode, rows: tuple[Row, ...]) -> Mention:
    """A mention in the row nearest to its code, before the first word of it."""
    middle = (code.box.top + code.box.bottom) / 2
    apart = [abs((row.box.top + row.box.bottom) / 2 - middle) for row in rows]
    return Mention(kind, words, apart.index(min(apart)) if apart else 0, -1, -1, code.box, _ENCODED)


def with_encoded(printed: tuple[Mention, ...], encoded: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Mentions in print and in barcodes. The number under the bars is what they say, read by eye: a second voice for the
    reading and no second number, so that it gives way, and its label goes to the bars."""
    kept: list[Mention] = []
    labels: dict[int, str] = {}
    for mention in printed:
        bars = [m for m in encoded if m.kind is Kind.NUMBER and _is_caption(mention, m)]
        labels |= {id(m): mention.label for m in bars if mention.label}
        if not bars:
            kept.append(mention)
    return (*kept, *(replace(m, label=labels.get(id(m), m.label)) for m in encoded))


def _is_caption(mention: Mention, bars: Mention) -> bool:
    """Whether a printed number stands at the bars of a code and says the same, but for a character that may be misread."""
    if mention.kind is not Kind.NUMBER:
        return False
    box, near = mention.box, _CAPTION_LINES * max(mention.box.height, 12)
    across = min(box.right, bars.box.right) - max(box.left, bars.box.left)
    down = max(box.top, bars.box.top) - min(box.bottom, bars.box.bottom)
    if across < 0.5 * min(box.width, bars.box.width) or down > near:
        return False
    said, known = alike.fold(mention.text), alike.fold(bars.text)
    return said == known or (len(said) == len(known) and alike.edits(said, known) <= 1)
