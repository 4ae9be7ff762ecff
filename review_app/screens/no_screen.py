"""What stands where this person may see nothing: one sentence why, and the way to their own first screen."""

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import StreamlitPage


def no_screen(sentence: str, start: StreamlitPage) -> Callable[[], None]:
    """What draws the sentence, and the link to the screen that a person starts with."""

    def draw() -> None:
        st.text(sentence)
        st.page_link(start, label=f"Go to {start.title}", icon=":material/arrow_forward:")

    return draw
