"""Verify: one document after the other, keyboard only."""

import streamlit as st

from review_app.model import station as model
from review_app.screens.who import current_actor
from review_app.web import desk
from review_app.widgets.station.component import station


def draw() -> None:
    """Draw the station with the next document of this technician."""
    _station()


@st.fragment
def _station() -> None:
    actor = current_actor()
    station(
        {
            "catalog": model.catalog(
                desk.site().keys, actor, desk.settings().idle_minutes, day_first=desk.site().profile.day_first
            ),
            "queue": model.take_queue(desk.home(), actor),
        },
        key="station",
    )
