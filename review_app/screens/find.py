"""Search: words on filed pages."""

import streamlit as st

from classify import doctypes
from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.listing import link, listing
from storage.search import find_pages


def draw() -> None:
    """The screen."""
    st.subheader("Search filed pages")
    words = st.text_input("Words on the page", key="find_words", placeholder="for instance: atrial fibrillation")
    if not words:
        return
    with home().writing() as session:
        hits = find_pages(session, words, current_actor())
    listing(
        ["Document", "Patient", "MRN", "Date", "Page", "Where"],
        [
            [
                link(doctypes.shown(hit.type_code).name, f"/filed/{hit.document_id}.pdf#page={hit.page}"),
                hit.patient,
                hit.mrn,
                hit.service_date or "",
                hit.page,
                hit.snippet,
            ]
            for hit in hits
        ],
        key="find_hits",
        none="No filed page holds these words.",
    )
