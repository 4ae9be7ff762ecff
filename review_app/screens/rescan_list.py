"""Rescans: pages the technicians ask for again; a slip before each brings the new image to its place by itself."""

import streamlit as st

from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.listing.component import listing
from review_app.widgets.papers import paper
from storage.desk import rescans


def draw() -> None:
    """Draw open rescan requests with their slips, and what became of earlier ones."""
    st.subheader("Rescans")
    with home().reading() as session:
        waiting = rescans.waiting(session, current_actor())
    if waiting:
        paper(f"Print {len(waiting)} slip(s)", "/papers/rescans.pdf", "rescan-slips.pdf", key="rescan_slips")
        st.text(
            "Lay each slip before its page and scan both into the hot folder: the page goes to its place by itself."
        )
    listing(
        ["Request", "Page", "Of the file", "Received", "Why", "Remark", "Asked by", "Slip"],
        [
            [slip.request_id, slip.page or "a missing page", slip.file, f"{slip.received:%Y-%m-%d %H:%M}", slip.reason,
             slip.remark, f"{slip.asked_by}, {slip.asked_at:%m-%d %H:%M}", "printed" if slip.printed_at else "not yet"]
            for slip in waiting
        ],
        key="rescans",
        none="No page is asked for again.",
    )  # fmt: skip
