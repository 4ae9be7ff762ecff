"""Group verification: the same field of many documents as a grid of pieces of their pages."""

import streamlit as st

from review_app.model import grouping as model
from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.grid.component import grid


def draw() -> None:
    """Draw the grid of one field over many documents."""
    fields = model.fields_waiting(home(), current_actor())
    if not fields:
        st.text("No value is doubtful in any document that waits.")
        return
    kinds = model.types()
    left, right = st.columns(2)
    name = left.selectbox("Field", list(fields), format_func=lambda field: fields[field])
    kind = right.selectbox("Document type", list(kinds), format_func=lambda code: kinds[code])
    grid(str(name), str(kind), key="group_grid")
