"""Rescans: pages the technicians ask for again; a slip before each brings the new image to its place by itself."""

import streamlit as st

from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.document import show_document
from review_app.widgets.listing.component import listing, moment, opener
from review_app.widgets.papers import paper
from storage.desk import rescans
from storage.foundation.clock import show_time, zone_name
from storage.foundation.permissions import Action, can


def draw() -> None:
    """Draw open rescan requests with their slips, and what became of earlier ones."""
    st.subheader("Rescans")
    actor = current_actor()
    sees = can(actor, Action.SEE_PAGES)
    with home().reading() as session:
        waiting = rescans.waiting(session, actor)
    if waiting:
        paper(f"Print {len(waiting)} slip(s)", "/papers/rescans.pdf", "rescan-slips.pdf", key="rescan_slips")
        st.text(
            "Lay each slip before its page and scan both into the hot folder: the page goes to its place by itself."
        )
    pressed = listing(
        ["Request", "Document", "Page", "Of the file", f"Received ({zone_name()})", "Why", "Remark", "Asked by", "Slip"],
        [
            [slip.request_id, opener(str(slip.document_id), str(slip.document_id)) if sees else slip.document_id, slip.page or "a missing page", slip.file, moment(slip.received), slip.reason,
             slip.remark, f"{slip.asked_by}, {show_time(slip.asked_at)}", "printed" if slip.printed_at else "not yet"]
            for slip in waiting
        ],
        key="rescans",
        none="No page is asked for again.",
    )  # fmt: skip
    if pressed:
        st.session_state.rescans_open = int(pressed)
    if (opened := st.session_state.get("rescans_open")) in {slip.document_id for slip in waiting}:
        show_document(actor, int(opened), key="rescans")
