"""Blank sides: a contact sheet of every side that was taken for blank, confirmed at one glance."""

import streamlit as st

from review_app.model import blanks as model
from review_app.web.desk import home
from review_app.widgets.contact.component import contact_sheet


def draw() -> None:
    """The contact sheet, or that nothing waits."""
    st.subheader("Blank sides")
    if not model.waiting(home()):
        st.text("No blank side waits. Every side that the machine took for blank was confirmed by a person.")
        return
    contact_sheet(key="blank_sides")
