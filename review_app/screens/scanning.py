"""Scanning: drop files from this browser, print separator sheets and batch covers."""

import streamlit as st

from classify import doctypes
from review_app.screens.who import current_actor
from review_app.widgets.dropping import dropping
from review_app.widgets.papers import paper
from storage.foundation.permissions import Action, check_can

_KINDS = {
    "document": "Document separator",
    "patient": "Patient separator",
    "batch": "Batch cover with a page count",
    "end": "End of patient",
}


def draw() -> None:
    """Draw the drop area and the forms that print separator sheets and batch covers."""
    check_can(current_actor(), Action.DROP)
    st.subheader("Drop scans")
    dropping()
    st.subheader("Separator sheets")
    kind_column, number_column, *_ = st.columns([2, 1, 2, 2])
    kind = str(kind_column.selectbox("Sheet", list(_KINDS), format_func=lambda k: _KINDS[k], key="sheet_kind"))
    body: dict[str, object] = {
        "kind": kind,
        "number": int(number_column.number_input("How many", 1, 1000, 1, key="sheet_number")),
    }
    if kind == "document":
        codes = ["", *(row.code for row in doctypes.table())]
        body["type"] = st.selectbox(
            "Type of the document (none: any)",
            codes,
            format_func=lambda c: doctypes.type_or_placeholder(c).name if c else "any",
            key="sheet_type",
        )
    if kind == "patient":
        mrn, visit = st.columns(2)
        body["mrn"] = mrn.text_input("MRN", max_chars=30, key="sheet_mrn")
        body["encounter"] = visit.text_input("Visit (may be empty)", max_chars=30, key="sheet_visit")
    if kind == "batch":
        body["pages"] = int(st.number_input("Written pages that follow", 0, 5000, 0, key="sheet_pages"))
    paper("Make the PDF", "/papers/sheets.pdf", "separator-sheets.pdf", key="sheets", body=body)
