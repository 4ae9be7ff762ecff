"""All index fields of one page: by label, by letterhead, by running head, by what a signature line says, by barcode."""

from collections.abc import Iterator

from classify import normal
from classify.fields import confidence, facility, heads, signed
from classify.fields.labels import Anchor, find_anchors
from classify.fields.places import Found, find_values
from classify.fields.table import FIELDS
from classify.guess import FieldValue
from classify.profile import Profile
from classify.rows import Row, rows_of
from classify.separators import read_payload
from ocr.page import OcrPage

_RELATIVES = frozenset(
    normal.plain(label)
    for label in (
        "emergency contact", "emergency contact name", "next of kin", "contact", "contact person", "spouse", "spouse name", "mother", "father", "parent",
        "mother's name", "father's name", "parent name", "legal guardian", "insured name", "insured's name", "subscriber", "subscriber name",
        "name of insured", "policy holder", "policyholder name", "witness", "guarantor", "responsible party", "person responsible", "employer",
    )
)  # fmt: skip
"""Headings and labels of other people than the patient; names, phones and birthdays beside them are theirs."""

_THEIRS = frozenset({"name", "dob", "sex", "phone", "address", "ssn4"})


def find_fields(page: OcrPage, profile: Profile) -> tuple[FieldValue, ...]:
    """Every value that this page gives, all of them kept as candidates, best first."""
    rows = rows_of(page)
    anchors = find_anchors(rows, FIELDS, profile)
    values = [*_by_label(rows, anchors, profile, page), *_from_barcodes(page)]
    for found in (heads.find_name(rows, anchors), facility.find(rows), *signed.find(rows, profile)):
        if found is not None:
            values.append(found.on_page(page.number))
    return tuple(sorted(values, key=lambda v: -v.confidence))


def _by_label(rows: tuple[Row, ...], anchors: list[Anchor], profile: Profile, page: OcrPage) -> Iterator[FieldValue]:
    others = rows_of_others(rows)
    for found in find_values(rows, FIELDS, anchors, profile):
        sure = confidence.confidence_of(
            confidence.features_of(found, dpi=page.dpi, is_near_relative=is_theirs(found, others))
        )
        yield FieldValue(
            found.field, found.value, found.raw, round(sure, 4), page.number, found.box, "label", found.is_valid
        )


def rows_of_others(rows: tuple[Row, ...]) -> dict[int, bool]:
    """Rows that begin with the heading or label of somebody who is not the patient; True where nothing else is in them."""
    found = {}
    for number, row in enumerate(rows):
        words = normal.plain(row.text).split()
        counts = [count for count in (1, 2, 3, 4) if " ".join(words[:count]) in _RELATIVES]
        if counts:
            found[number] = len(words) <= max(counts)
    return found


def is_theirs(found: Found, others: dict[int, bool]) -> bool:
    """Whether a value beside this label may be another person's: in the row of their label, or under their heading."""
    if found.field not in _THEIRS:
        return False
    row = found.anchor.row
    in_their_row = row in others and found.anchor.first > 0
    goes_on = row - 1 in others and found.anchor.first == 0 and found.anchor.is_marked  # their row was too long
    return in_their_row or goes_on or any(others.get(above, False) for above in range(row - 3, row))


def _from_barcodes(page: OcrPage) -> list[FieldValue]:
    """Legacy charts carry labels with MRN or visit number: `MRN:00123` or `VN:A998` inside a barcode."""
    values = []
    for code in page.barcodes:
        head, _, tail = code.text.partition(":")
        name = {"MRN": "mrn", "MR": "mrn", "VN": "encounter", "FIN": "encounter", "ACCT": "account"}.get(head.upper())
        if name and tail and read_payload(code.text) is None:
            values.append(FieldValue(name, tail.strip().upper(), code.text, 0.995, page.number, code.box, "barcode"))
    return values
