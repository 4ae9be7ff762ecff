"""Home: what waits for whoever has signed in, a tile each that leads there."""

import streamlit as st

from review_app.model import landing as model
from review_app.screens.who import current_actor
from review_app.web import desk
from review_app.widgets.tiles import tiles


def draw() -> None:
    """Draw the tiles of this person's role."""
    st.subheader("Waiting for you")
    tiles(model.tiles(desk.home(), desk.settings(), current_actor()), key="home_tiles")
