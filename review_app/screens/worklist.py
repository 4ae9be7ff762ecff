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
    st.caption("The most urgent free document comes next on the Verify screen.")
