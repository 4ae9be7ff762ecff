"""All index fields of one page: by label, by letterhead, by running head, by what a signature line says, by barcode."""

from collections.abc import Iterator
from dataclasses import replace

from classify import normal
from classify.fields import (
    aged,
    births,
    blocks,
    cards,
    claims,
    encoded,
    facility,
    letters,
    narrative,
    ranked,
    signed,
    stays,
    visits,
)
from classify.fields.bylabel import PARTS, THEIRS, values_by_label
from classify.fields.contact import CELL, PHONE
from classify.fields.dates import as_printed, may_be_other_day
from classify.fields.others import rows_of_others
from classify.fields.table import FIELDS
from classify.finding import composite, confidence
from classify.finding.labels import find_anchors
from classify.finding.unlabelled import UnlabelledValue
from classify.guess import FieldValue
from classify.profile import Profile
from classify.rows import Row, rows_of
from ocr.page import Box, OcrPage

_BY_NAME = {field.name: field for field in FIELDS}
_BELIEVED = 0.5
"""A value less likely right than wrong is another's, or an office's."""


def find_fields(page: OcrPage, profile: Profile) -> tuple[FieldValue, ...]:
    """Every value that this page gives, all of them kept as candidates, best first."""
    return find_fields_and_labels(page, profile)[0]


WordPlace = tuple[int, int]
"""A word by the number of its row and its own number there."""


def find_fields_and_labels(page: OcrPage, profile: Profile) -> tuple[tuple[FieldValue, ...], frozenset[WordPlace]]:
    """The same, and the words that are sure to be labels of index fields, and so nobody's name."""
    rows = rows_of(page)
    site, profile = profile, as_printed(rows, profile)
    anchors = find_anchors(rows, FIELDS, profile)
    printed = list(values_by_label(rows, anchors, profile, page))
    values = [*printed, *encoded.find(page, printed, profile), *signed.find_marks(page)]
    letterhead, lines = facility.find(rows), blocks.lines_of(rows, anchors, profile)
    unlabelled = (
        *((letterhead,) if letterhead else ()),
        *cards.find(rows, anchors, profile),
        *claims.find(rows, anchors, profile),
        *blocks.find(lines, profile, _told(values)),
        *signed.find(rows, profile),
        *_composite(rows, profile),
        *narrative.find(rows, _BY_NAME, profile),
        *stays.find(rows, profile),
        *visits.find(rows, profile),
    )
    values += [value.on_page(page.number) for value in unlabelled]
    if not any(value.name == "sex" and value.confidence >= _BELIEVED for value in printed):
        beside = next(
            (
                found
                for find in (aged.find, aged.find_behind_names, aged.find_between_bars)
                if (found := [*find(rows, values)])
            ),
            [],
        )
        values += [value.on_page(page.number) for value in beside]
    if not any(value.name == "name" and value.confidence >= _BELIEVED for value in values):
        values += [value.on_page(page.number) for value in letters.find(rows, profile)]
    values = _with_other_phone([*_with_whole_name(values), *_from_turned(page, profile)])
    if blocks.lists_persons(lines) or blocks.lists_numbers(lines, profile):
        values = [of_a_list(value) for value in values]
    if profile is not site:
        values = [_against_the_site(value) for value in values]
    settled = births.settled(ranked.payers(values), rows)
    words = (
        (label.row, at)
        for label in anchors
        if label.field and label.closeness >= _SURE_LABEL
        for at in range(label.first, label.last + 1)
    )
    return tuple(sorted(settled, key=lambda value: -value.confidence)), frozenset(words)


_SURE_LABEL = 0.98
"""Closeness of a label letter for letter, or in other words of the same meaning."""

_AGAINST_THE_SITE = 0.9
"""Confidence of a day that the form asks to be written otherwise than this site writes days: who filled it in may not have."""


def _against_the_site(value: FieldValue) -> FieldValue:
    is_day = confidence.KINDS.get(value.name) == "date" and value.is_valid and may_be_other_day(value.value)
    return replace(value, confidence=min(value.confidence, _AGAINST_THE_SITE)) if is_day else value


def _told(values: list[FieldValue]) -> dict[Box, str]:
    """Where the values of labels stand, each with its field; a payer less likely right than wrong may be the patient's name."""
    return {_box_of_value(value): value.name for value in values if value.box and value.confidence >= _BELIEVED}


def _box_of_value(value: FieldValue) -> Box:
    """Where a value itself stands, when words behind it were read with it and are none of it: '107919-3 V28861650'."""
    assert value.box is not None
    first = value.raw.split()[0] if value.raw.split() else ""
    if confidence.KINDS.get(value.name) != "number" or normal.number(first) != normal.number(value.value):
        return value.box
    return value.box._replace(right=int(value.box.left + value.box.width * len(first) / len(value.raw)))


_OF_A_LIST = 0.3
"""Confidence of what a list of patients says of one of them: whose page it is it does not say."""


def of_a_list(value: FieldValue) -> FieldValue:
    """A value of a page that lists patients: not believed where it says who somebody is."""
    return replace(value, confidence=min(value.confidence, _OF_A_LIST)) if value.name in THEIRS else value


def _from_turned(page: OcrPage, profile: Profile) -> Iterator[FieldValue]:
    """What is said in words that run another way than the page, as on labels stuck on sideways; boxes on the page."""
    for degrees in sorted({word.turn for word in page.words} - {0}):
        turned = page.of_turn(degrees)
        rows = rows_of(turned)
        anchors = find_anchors(rows, FIELDS, profile)
        values = _with_whole_name(list(values_by_label(rows, anchors, profile, turned)))
        for value in (
            *values,
            *(found.on_page(page.number) for found in blocks.find(blocks.lines_of(rows, anchors, profile), profile)),
        ):
            box = value.box and value.box.turned(360 - degrees, turned.width, turned.height)
            yield replace(value, box=box)


def _with_whole_name(values: list[FieldValue]) -> list[FieldValue]:
    """Surname and first name from their own labels become one name, as sure as both together."""
    parts = [max((v for v in values if v.name == name), key=lambda v: v.confidence, default=None) for name in PARTS]
    values = [value for value in values if value.name not in PARTS]
    family, given = parts
    if family is not None and given is not None:
        values.append(
            replace(
                family,
                name="name",
                value=f"{family.value}, {given.value}",
                raw=f"{family.raw}, {given.raw}",
                confidence=round(family.confidence * given.confidence, 4),
                is_valid=family.is_valid and given.is_valid,
                is_handwritten=family.is_handwritten or given.is_handwritten,
            )
        )
    return values


def _with_other_phone(values: list[FieldValue]) -> list[FieldValue]:
    """A cell phone as the telephone, where the patient has no other on the page."""
    has_phone = any(value.name == PHONE.name and value.confidence >= _BELIEVED for value in values)
    kept = [value for value in values if value.name != CELL.name or not has_phone]
    return [replace(value, name=PHONE.name) if value.name == CELL.name else value for value in kept]


def _composite(rows: tuple[Row, ...], profile: Profile) -> Iterator[UnlabelledValue]:
    """Values behind labels of several: DOB/Age/Sex."""
    others = rows_of_others(rows)
    for number in range(len(rows)):
        if number not in others:
            for part in composite.values_of(rows, number, _BY_NAME, profile):
                yield UnlabelledValue(part.field, part.value, part.words, part.confidence, "label")
