"""Exceptions: files put aside, duplicates held, things that are no files, sheets that came before; each with its reason and
what helps."""

import streamlit as st

from review_app.model import scans as model
from review_app.screens.same_sheets import draw_same_sheets
from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.listing.component import listing, moment
from storage.foundation.clock import zone_name
from storage.foundation.permissions import Action, can
from storage.foundation.states import BatchState

_DO = {"retry": "Retry", "take_anyway": "Accept the duplicate", "void": "Void (supervisor)"}


_OTHERS = {BatchState.DUPLICATE: "retry", BatchState.QUARANTINED: "take_anyway"}
"""What cannot be done with a file of each state."""


def draw() -> None:
    """Draw quarantined files, duplicates and strange things in hot folders, with what can be done."""
    actor = current_actor()
    st.subheader("Exceptions")
    found, odd = model.exceptions(home(), actor)
    listing(
        ["Scan", "File", "What", "Why, and what to do", f"Received ({zone_name()})"],
        [
            [scan.batch_id, scan.file, model.TITLES[BatchState(scan.state)], scan.reason,
             moment(scan.received)]
            for scan in found
        ],
        key="exceptions_list",
        none="No exceptions: no file is on hold.",
    )  # fmt: skip
    if found and can(actor, Action.RETRY):
        states = {row.batch_id: row.state for row in found}
        scan, event, reason, apply = st.columns([1, 2, 3, 1], vertical_alignment="bottom")
        chosen = scan.selectbox("Scan", list(states))
        offered = [name for name in _DO if chosen is None or name != _OTHERS.get(BatchState(states[chosen]))]
        what = event.selectbox("Action", offered, format_func=lambda name: _DO[name])
        why = reason.text_input("Reason (to void)", max_chars=200)
        if apply.button("Apply") and chosen is not None and what is not None:
            st.session_state.exceptions_said = model.resolve(home(), actor, chosen, what, why)
            st.rerun()
    if said := st.session_state.pop("exceptions_said", ""):
        st.info(said)
    if odd:
        st.text("Not files: found in a hot folder, not opened")
        listing(["Name", "What to do"], [list(row) for row in odd], key="exceptions_odd")
    if can(actor, Action.VERIFY):
        draw_same_sheets(actor)
