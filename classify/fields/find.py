"""All index fields of one page."""

from classify.fields.anchor import find_anchors, find_values
from classify.fields.table import FIELDS
from classify.guess import FieldValue
from classify.profile import Profile
from classify.rows import rows_of
from classify.separators import read_payload
from ocr.page import OcrPage


def find_fields(page: OcrPage, profile: Profile) -> tuple[FieldValue, ...]:
    """Every value that a label on this page announces, all of them kept as candidates, best first."""
    rows = rows_of(page)
    anchors = find_anchors(rows, FIELDS, profile)
    values = [
        FieldValue(f.field, f.value, f.raw, f.confidence, page.number, f.box, "label", f.is_valid)
        for f in find_values(rows, FIELDS, anchors, profile)
    ]
    values += _from_barcodes(page)
    return tuple(sorted(values, key=lambda v: -v.confidence))


def _from_barcodes(page: OcrPage) -> list[FieldValue]:
    """Legacy charts carry labels with MRN or visit number: `MRN:00123` or `VN:A998` inside a barcode."""
    values = []
    for code in page.barcodes:
        head, _, tail = code.text.partition(":")
        name = {"MRN": "mrn", "MR": "mrn", "VN": "encounter", "FIN": "encounter", "ACCT": "account"}.get(head.upper())
        if name and tail and read_payload(code.text) is None:
            values.append(FieldValue(name, tail.strip().upper(), code.text, 0.995, page.number, code.box, "barcode"))
    return values
