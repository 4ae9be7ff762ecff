"""What a page mentions without any label: names, numbers, dates, telephones and houses, each with place and role.

What they mean is asked of the patient list later (classify/anchored/persons.py). This step knows no list, and its result is
small: it travels from the worker to where the list is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from classify.anchored.tokens import Kind, tokens_of
from classify.codes.formids import FormId, is_revision
from classify.codes.numbers import bare_number, readings_of
from classify.codes.payloads import Payload, read_code
from classify.fields.others import Claims
from classify.guess import FieldValue
from classify.matching import alike
from classify.profile import Profile
from classify.rows import Row, rows_of
from classify.separators import read_payload
from ocr.page import Barcode, Box, OcrPage, box_of

_MOST = 120
"""Mentions kept of each kind and page; a full page of print holds some 60 numbers and 40 names."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a row that may be an identifier: as printed, where, how well read, and whether a role says they are another's.

    Of a name `words` are its words, with its comma as a word of its own; of a date `days` are its readings, the site's
    first. `first` and `last` are the places of its words in their row; `label` is the field whose label stands beside it,
    if any. Boxes are upright, in pixels of the cleaned page as it was turned for these words.
    """

    kind: Kind
    words: tuple[str, ...]
    row: int
    first: int
    last: int
    box: Box
    confidence: float
    is_of_another: bool = False
    is_subject: bool = False
    label: str = ""
    days: tuple[date, ...] = ()
    is_handwritten: bool = False

    @property
    def text(self) -> str:
        """The words as printed."""
        return " ".join(self.words).replace(" ,", ",")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the words of one direction on a page mention; sizes in pixels, `turn` in degrees clockwise."""

    page: int
    turn: int
    width: int
    height: int
    dpi: int
    found: tuple[Mention, ...]
    is_list: bool = False

    def of(self, kind: Kind) -> Iterator[Mention]:
        """Mentions of one kind, in reading order."""
        return (mention for mention in self.found if mention.kind is kind)


def find_mentions(
    page: OcrPage,
    rows: tuple[Row, ...],
    fields: Iterable[FieldValue],
    profile: Profile,
    form_ids: tuple[FormId, ...] = (),
) -> tuple[Mentions, ...]:
    """What a page mentions: in upright words, in those of each other direction, as on labels stuck on sideways, and in its
    barcodes. Form numbers and when a form was revised are no mentions."""
    labelled = [value for value in fields if value.box is not None and value.source in ("label", "form")]
    upright = _mentions(page, rows, labelled, profile, 0)
    printed = tuple(m for m in upright.found if not _is_of_the_form(m, form_ids))
    encoded = encoded_mentions(page, rows, form_ids, profile)
    found = [replace(upright, found=with_encoded(printed, encoded))]
    for degrees in sorted({word.turn for word in page.words} - {0}):
        turned = page.of_turn(degrees)
        found.append(_mentions(turned, rows_of(turned), (), profile, degrees))
    return tuple(mentions for mentions in found if mentions.found)


def _is_of_the_form(mention: Mention, form_ids: tuple[FormId, ...]) -> bool:
    if mention.kind is Kind.NUMBER and not mention.label:
        return any(one.source != "barcode" and one.box.holds_middle_of(mention.box) for one in form_ids)
    return mention.kind in (Kind.DATE, Kind.UNREADABLE_DATE) and is_revision(mention.box, form_ids)


def _mentions(
    page: OcrPage, rows: tuple[Row, ...], labelled: Iterable[FieldValue], profile: Profile, turn: int
) -> Mentions:
    claims = Claims(rows)
    found: list[Mention] = []
    for number, row in enumerate(rows):
        for kind, first, last, words, days in tokens_of(row, profile):
            taken = row.words[first : last + 1]
            found.append(
                Mention(
                    kind,
                    words,
                    number,
                    first,
                    last,
                    box_of(taken),
                    round(min(word.confidence for word in taken), 4),
                    claims.is_of_another(number, first, last),
                    claims.is_subject(number, first),
                    days=days,
                    is_handwritten=any(word.is_handwritten for word in taken),
                )
            )
    kept = [mention for kind in Kind for mention in [m for m in found if m.kind is kind][:_MOST]]
    with_labels = tuple(_with_label(mention, labelled) for mention in kept)
    return Mentions(page.number, turn, page.width, page.height, page.dpi, with_labels, _is_list(with_labels))


def _with_label(mention: Mention, labelled: Iterable[FieldValue]) -> Mention:
    """The mention with the field that a label beside it announces, the surest when there are several."""
    if mention.kind in (Kind.NAME, Kind.HOUSE):
        return mention
    beside = [value for value in labelled if value.box and value.box.holds_middle_of(mention.box)]
    if not beside:
        return mention
    return replace(mention, label=max(beside, key=lambda value: value.confidence).name)


# ---- lists

_LEAST_OF_A_LIST = 3


def _is_list(found: tuple[Mention, ...]) -> bool:
    """Whether three rows or more each hold a name and a number or date in one column: a census, schedule or log."""
    named = [mention for mention in found if mention.kind is Kind.NAME and len(mention.words) > 1]
    names = {mention.row: mention for mention in reversed(named)}
    columns: dict[int, set[str]] = {}
    for mention in found:
        name = names.get(mention.row)
        is_number = mention.kind is Kind.NUMBER and sum(c.isdigit() for c in mention.text) >= 6
        if name is None or not (is_number or (mention.kind is Kind.DATE and "," in name.words)):
            continue
        place = round(mention.box.left / (3 * max(mention.box.height, 12)))
        for near in (place, place + 1):
            columns.setdefault(near, set()).add(name.text)
    return any(len(names_here) >= _LEAST_OF_A_LIST for names_here in columns.values())


# ---- barcodes

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
