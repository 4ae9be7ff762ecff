"""A person is asked about a field only where the kind of document carries it."""

import pytest

from classify import doctypes
from classify.fields.table import IDENTITY, carries


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("CONSENT_PROC", "signature", True),
        ("ORDERS", "signature", True),
        ("ADMISSION_ORDER", "signature", True),
        ("LAB", "signature", False),  # a line at the foot of a report is nobody's to sign
        ("FACE_SHEET", "signature", False),
        ("FACE_SHEET", "payer", True),
        ("PROGRESS_NOTE", "payer", False),
        ("OP_REPORT", "procedure", True),
        ("LAB", "allergies", False),
        ("LAB", "zone of a taught form", True),  # the site asked for it
    ],
)
def test_a_field_belongs_to_some_kinds(code: str, name: str, expected: bool) -> None:
    assert carries(code, doctypes.type_or_placeholder(code).section, name) is expected


@pytest.mark.parametrize("name", IDENTITY)
def test_every_kind_says_whose_it_is(name: str) -> None:
    assert all(carries(kind.code, kind.section, name) for kind in doctypes.table())
