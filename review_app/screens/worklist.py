"""Work list: what waits, how long, and who has it. No names: type, source and age only (P29)."""

import streamlit as st

from review_app.model import worklist as model
from review_app.screens.who import current_actor
from review_app.web.desk import home


def draw() -> None:
    """The screen."""
    work = model.look(home(), current_actor())
    st.subheader("Work list")
    for column, (name, number) in zip(st.columns(len(work.counts)), work.counts.items(), strict=True):
        column.metric(name, number)
    st.dataframe(
        [row.as_dict() for row in work.rows],
        hide_index=True,
        width="stretch",
        column_config={
            "id": "Document",
            "kind": "Type",
            "pages": "Pages",
            "decision": "Patient",
            "state": "State",
            "age": "Waits",
            "holder": "Claimed by",
            "why": "Why",
        },
    )
    aside = {
        row.id: f"{row.id}: {row.kind}, {row.state.lower()}, {row.why}"
        for row in work.rows
        if row.state in ("Pended", "Rescan")
    }
    if aside:
        with st.form("resume"):
            chosen = st.selectbox("Put back on the work list", list(aside), format_func=lambda i: aside[i])
            if st.form_submit_button("Put back") and chosen is not None:
                st.info(model.resume(home(), current_actor(), chosen))
    st.caption("The most urgent free document comes next on the Verify screen.")
