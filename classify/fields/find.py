"""All index fields of one page: by label, by letterhead, by running head, by what a signature line says, by barcode."""

import re
from collections.abc import Iterator
from dataclasses import replace

from classify import normal
from classify.fields import facility, heads, signed
from classify.fields.others import rows_of_others
from classify.fields.table import FIELDS
from classify.finding import confidence
from classify.finding.labels import FoundLabel, find_anchors
from classify.finding.places import Found, find_values
from classify.guess import FieldValue
from classify.profile import Profile
from classify.rows import Row, rows_of
from classify.separators import read_payload
from ocr.page import OcrPage

_PARTS = ("family_name", "given_name")

_SECRET = frozenset(field.name for field in FIELDS if field.is_secret)

_THEIRS = frozenset({"name", *_PARTS, "dob", "sex", "phone", "address", "ssn4", "mrn", "encounter", "account"})


def find_fields(page: OcrPage, profile: Profile) -> tuple[FieldValue, ...]:
    """Every value that this page gives, all of them kept as candidates, best first."""
    rows = rows_of(page)
    anchors = find_anchors(rows, FIELDS, profile)
    values = [*_by_label(rows, anchors, profile, page), *_from_barcodes(page, profile), *signed.find_marks(page)]
    for found in (heads.find_name(rows, anchors), facility.find(rows), *signed.find(rows, profile)):
        if found is not None:
            values.append(found.on_page(page.number))
    return tuple(sorted((*_with_whole_name(values), *_from_turned(page, profile)), key=lambda v: -v.confidence))


def _from_turned(page: OcrPage, profile: Profile) -> Iterator[FieldValue]:
    """What is said in words that run another way than the page, as on labels stuck on sideways; boxes on the page."""
    for degrees in sorted({word.turn for word in page.words} - {0}):
        turned = page.of_turn(degrees)
        rows = rows_of(turned)
        anchors = find_anchors(rows, FIELDS, profile)
        values = _with_whole_name(list(_by_label(rows, anchors, profile, turned)))
        name = heads.find_sticker_name(rows, anchors)
        for value in (*values, *((name.on_page(page.number),) if name else ())):
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


def _by_label(
    rows: tuple[Row, ...], anchors: list[FoundLabel], profile: Profile, page: OcrPage
) -> Iterator[FieldValue]:
    others = rows_of_others(rows)
    for found in find_values(rows, FIELDS, anchors, profile):
        is_of_another = is_theirs(found, others) or _is_of_an_office(found, rows) or _is_of_a_contact(found, rows)
        sure = confidence.confidence_of(confidence.features_of(found, dpi=page.dpi, is_near_relative=is_of_another))
        raw = found.value if found.field in _SECRET else found.raw
        by_hand = confidence.is_handwritten(found.words)
        yield FieldValue(
            found.field, found.value, raw, confidence.as_read(sure, by_hand=by_hand), page.number, found.box, "label",
            found.is_valid, by_hand,
        )  # fmt: skip


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


def _is_of_an_office(found: Found, rows: tuple[Row, ...]) -> bool:
    """Whether a telephone number stands beside a fax number, as in a letterhead: patients have none."""
    return found.field == "phone" and any(
        normal.plain(word.text) in ("fax", "facsimile") for word in rows[found.anchor.row].words
    )


_CONTACT = re.compile(r"(?:emergency contact|contact person|contact name|name of contact|next of kin)\b")


def _is_of_a_contact(found: Found, rows: tuple[Row, ...]) -> bool:
    """Whether a 'contact phone' is that of the emergency contact whom the page names in another row."""
    if found.field != "phone":
        return False
    label = rows[found.anchor.row].words[max(0, found.anchor.first - 1) : found.anchor.last + 1]
    is_contact = any(normal.plain(word.text) in ("contact", "contacts") for word in label)
    return is_contact and any(_CONTACT.search(normal.plain(row.text)) for row in rows)


def _from_barcodes(page: OcrPage, profile: Profile) -> list[FieldValue]:
    """Legacy charts carry labels with MRN or visit number: `MRN:00123` or `VN:A998` inside a barcode."""
    values = []
    for code in page.barcodes:
        head, _, tail = code.text.partition(":")
        name = {"MRN": "mrn", "MR": "mrn", "VN": "encounter", "FIN": "encounter", "ACCT": "account"}.get(head.upper())
        fits = name != "mrn" or re.fullmatch(profile.mrn_pattern, tail.strip().upper())
        if name and tail.strip() and fits and read_payload(code.text) is None:
            values.append(FieldValue(name, tail.strip().upper(), code.text, 0.995, page.number, code.box, "barcode"))
    return values
