"""System: whether everything runs, worst first, each line with what to do."""

import streamlit as st

from ingest.health import Mark, check_home
from review_app.screens.who import current_actor
from review_app.web import desk
from review_app.widgets.listing.component import listing

_MARKS = {Mark.OK: "✓ OK", Mark.LOOK: "! Needs attention", Mark.WRONG: "✗ Failed"}


def draw() -> None:
    """Draw the health checks, worst first."""
    st.subheader("System")
    checks = check_home(desk.home(), desk.settings(), current_actor())
    listing(
        ["State", "What", "Found", "What to do"],
        [[_MARKS[line.mark], line.name, line.found, line.advice] for line in checks],
        key="health",
    )
    st.button("Refresh")
