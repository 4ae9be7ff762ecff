"""System: whether everything runs, worst first, each line with what to do."""

import streamlit as st

from review_app.model import health as model
from review_app.screens.who import current_actor
from review_app.web import desk
from review_app.widgets.listing import listing

_MARKS = {"ok": "✓ well", "look": "! look", "wrong": "✗ wrong"}


def draw() -> None:
    """The screen."""
    st.subheader("System")
    lines = model.look(desk.home(), desk.settings(), current_actor())
    listing(
        ["State", "What", "Found", "What to do"],
        [[_MARKS[line.mark], line.name, line.found, line.advice] for line in lines],
        key="health",
    )
    st.button("Look again")
