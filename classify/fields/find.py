"""All index fields of one page: by label, by letterhead, by running head, by what a signature line says, by barcode."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from classify import normal
from classify.fields import (
    aged,
    attending,
    births,
    blocks,
    cards,
    claims,
    encoded,
    facility,
    narrative,
    ranked,
    signed,
    stays,
    ticks,
    visits,
)
from classify.fields.contact import CELL, PHONE
from classify.fields.dates import as_printed, may_be_other_day
from classify.fields.others import Claims, rows_of_others
from classify.fields.table import FIELDS
from classify.finding import composite, confidence
from classify.finding.labels import FoundLabel, find_anchors
from classify.finding.places import Found, Side, find_values
from classify.finding.unlabelled import UnlabelledValue
from classify.guess import FieldValue
from classify.profile import Profile
from classify.rows import Row, rows_of
from ocr.page import Box, OcrPage

_PARTS = ("family_name", "given_name")

_BY_NAME = {field.name: field for field in FIELDS}
_BELIEVED = 0.5
"""A value less likely right than wrong is another's, or an office's."""

_SECRET = frozenset(field.name for field in FIELDS if field.is_secret)

_BEHIND = 0.9
"""Confidence of a value whose label stands behind it, at most: few papers are so, and none that a weight was fitted on."""

_THEIRS = frozenset(
    {"name", *_PARTS, "dob", "sex", "phone", CELL.name, "address", "ssn4", "mrn", "encounter", "account"}
)


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
    printed = list(_by_label(rows, anchors, profile, page))
    values = [*printed, *encoded.find(page, printed, profile), *signed.find_marks(page)]
    letterhead, lines = facility.find(rows), blocks.lines_of(rows, anchors, profile)
    unlabelled = (
        *((letterhead,) if letterhead else ()),
        *cards.find(rows, anchors, profile),
        *claims.find(rows, anchors, profile),
        *blocks.find(lines, profile, frozenset(_box_of_value(value) for value in values if value.box)),
        *signed.find(rows, profile),
        *_composite(rows, profile),
        *narrative.find(rows, _BY_NAME, profile),
        *stays.find(rows, profile),
        *visits.find(rows, profile),
    )
    values += [value.on_page(page.number) for value in unlabelled]
    if not any(value.name == "sex" and value.confidence >= _BELIEVED for value in printed):
        values += [value.on_page(page.number) for value in aged.find(rows, values)]
    values = _with_other_phone([*_with_whole_name(values), *_from_turned(page, profile)])
    if blocks.lists_persons(lines):
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
    return replace(value, confidence=min(value.confidence, _OF_A_LIST)) if value.name in _THEIRS else value


def _from_turned(page: OcrPage, profile: Profile) -> Iterator[FieldValue]:
    """What is said in words that run another way than the page, as on labels stuck on sideways; boxes on the page."""
    for degrees in sorted({word.turn for word in page.words} - {0}):
        turned = page.of_turn(degrees)
        rows = rows_of(turned)
        anchors = find_anchors(rows, FIELDS, profile)
        values = _with_whole_name(list(_by_label(rows, anchors, profile, turned)))
        for value in (
            *values,
            *(found.on_page(page.number) for found in blocks.find(blocks.lines_of(rows, anchors, profile), profile)),
        ):
            box = value.box and value.box.turned(360 - degrees, turned.width, turned.height)
            yield replace(value, box=box)


def _with_whole_name(values: list[FieldValue]) -> list[FieldValue]:
    """Surname and first name from their own labels become one name, as sure as both together."""
    parts = [max((v for v in values if v.name == name), key=lambda v: v.confidence, default=None) for name in _PARTS]
    values = [value for value in values if value.name not in _PARTS]
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


def _by_label(
    rows: tuple[Row, ...], anchors: list[FoundLabel], profile: Profile, page: OcrPage
) -> Iterator[FieldValue]:
    others = rows_of_others(rows)
    offices = _Offices(rows, anchors)
    boxes = list(ticks.find(rows, anchors, page.marks))
    yield from (value.on_page(page.number) for _, value in boxes if value is not None)
    with_boxes = [label for label, _ in boxes]
    all_found = [found for found in find_values(rows, FIELDS, anchors, profile) if found.anchor not in with_boxes]
    has_attending = any(found.field == attending.FIELD.name and _says_attending(found, rows) for found in all_found)
    for found in all_found:
        if offices.have(found):
            continue
        is_of_another = is_theirs(found, others) or _is_of_a_contact(found, rows)
        sure = confidence.confidence_of(confidence.features_of(found, dpi=page.dpi, is_near_relative=is_of_another))
        if has_attending and found.field == attending.FIELD.name and not _says_attending(found, rows):
            sure = min(sure, _OTHER_PROVIDER)
        if found.side is Side.BEFORE:
            sure = min(sure, _BEHIND)
        raw = found.value if found.field in _SECRET else found.raw
        by_hand = confidence.is_handwritten(found.words)
        yield FieldValue(
            found.field, found.value, raw, confidence.as_read(sure, by_hand=by_hand), page.number, found.box, "label",
            found.is_valid, by_hand, is_of_another,
        )  # fmt: skip


_OTHER_PROVIDER = 0.5
"""Confidence of who ordered, dictated or read where the page says who attends: another person mostly."""


def _says_attending(found: Found, rows: tuple[Row, ...]) -> bool:
    """Whether the label asks for the one who is responsible, not for anybody who took part."""
    words = rows[found.anchor.row].words[found.anchor.first : found.anchor.last + 1]
    label = " ".join(normal.plain(word.text) for word in words)
    return any(word in label for word in ("attend", "attg", "responsible", "mrp", "of record", "in charge"))


def _composite(rows: tuple[Row, ...], profile: Profile) -> Iterator[UnlabelledValue]:
    """Values behind labels of several: DOB/Age/Sex."""
    others = rows_of_others(rows)
    for number in range(len(rows)):
        if number not in others:
            for part in composite.values_of(rows, number, _BY_NAME, profile):
                yield UnlabelledValue(part.field, part.value, part.words, part.confidence, "label")


def is_theirs(found: Found, others: dict[int, bool]) -> bool:
    """Whether a value beside this label may be another person's: in the row of their label, or under their heading."""
    if found.field not in _THEIRS:
        return False
    row = found.anchor.row
    goes_on = (
        others.get(row - 1) is False and found.anchor.first == 0 and found.anchor.is_marked
    )  # their row was too long
    in_their_row = others.get(row) is False and found.anchor.first > 0
    return in_their_row or goes_on or others.get(row) is True


class _Offices:
    """Which telephones of a page are an office's: in its letterhead, beside a fax number, under a heading of its own, or on the
    cover of a fax."""

    def __init__(self, rows: tuple[Row, ...], anchors: list[FoundLabel]) -> None:
        self._rows, self._anchors = rows, anchors

    @cached_property
    def _claims(self) -> Claims:
        return Claims(self._rows)

    @cached_property
    def _is_fax_cover(self) -> bool:
        """Whether the page says from whom and to whom it is faxed: telephones above the patient are those of both ends."""
        words = [normal.plain(word.text) for row in self._rows for word in row.words]
        ends = {normal.plain(word.text) for row in self._rows for word in row.words if word.text.endswith(":")}
        return {"to", "from"} <= ends and any(word in _FAX for word in words)

    def have(self, found: Found) -> bool:
        """Whether the value beside this label is an office's."""
        if found.field not in (PHONE.name, CELL.name):
            return False
        row = self._rows[found.anchor.row]
        if self._is_fax_cover and not self._is_said_whose(found):
            return True
        if any(normal.plain(word.text) in _FAX for word in row.words):
            return True
        return self._is_in_letterhead(found) or self._claims.is_headed(found.anchor.row, found.anchor.first)

    def _is_in_letterhead(self, found: Found) -> bool:
        row = self._rows[found.anchor.row]
        above = self._rows[max(0, found.anchor.row - 2) : found.anchor.row]
        is_letterhead = _ADDRESS.search(row.text) or any(facility.is_facility(other.text) for other in above)
        return row.top_share < _LETTERHEAD and bool(is_letterhead) and not self._is_said_whose(found)

    def _is_said_whose(self, found: Found) -> bool:
        """Whether the page has said whose it is before."""
        return any(anchor.field in _IDENTITY and anchor.row <= found.anchor.row for anchor in self._anchors)


_FAX = frozenset({"fax", "facsimile"})

_LETTERHEAD = 0.16
"""Share of a page at whose top a letterhead stands, until something there says whose page it is."""

_ADDRESS = re.compile(r"^\d+ \w+|\b[A-Z]{2},? \d{5}\b")
"""A house number at the beginning of a row, or a postcode."""

_IDENTITY = frozenset({"name", "mrn", "dob", "account", "encounter", *_PARTS})


_CONTACT = re.compile(r"(?:emergency contact|contact person|contact name|name of contact|next of kin)\b")


def _is_of_a_contact(found: Found, rows: tuple[Row, ...]) -> bool:
    """Whether a 'contact phone' is that of the emergency contact whom the page names in another row."""
    if found.field != "phone":
        return False
    label = rows[found.anchor.row].words[max(0, found.anchor.first - 1) : found.anchor.last + 1]
    is_contact = any(normal.plain(word.text) in ("contact", "contacts") for word in label)
    return is_contact and any(_CONTACT.search(normal.plain(row.text)) for row in rows)
