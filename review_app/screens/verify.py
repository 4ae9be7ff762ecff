"""Verify: one document after the other, keyboard only."""

import time
from typing import Any

import streamlit as st

from review_app.model import station as model
from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.station import station

_KEY = "station"


def draw() -> None:
    """The screen."""
    _desk()


@st.fragment
def _desk() -> None:
    state = st.session_state
    document = state.get("desk_document")
    if document is None:
        document = model.take_next(home(), current_actor(), state.setdefault("desk_skipped", frozenset()))
        state.desk_document = document
    if document is None:
        st.success("Nothing to verify. New scans appear here when they have been read.")
        if state.desk_skipped:
            st.button("Show the skipped documents again", on_click=_unskip)
        st.button("Look again")
        return
    station(
        {
            "document": document,
            "said": state.get("desk_said", ""),
            "stamp": state.get("desk_stamp", 0),
            "found": state.get("desk_found"),
        },
        key=_KEY,
        on_action=_on_action,
        on_search=_on_search,
    )


def _on_action() -> None:
    state = st.session_state
    message: dict[str, Any] = state[_KEY].action or {}
    document = state.get("desk_document")
    if document is None or message.get("token") == state.get("desk_token"):
        return  # the same trigger twice
    state.desk_token = message.get("token")
    actor = current_actor()
    state.desk_stamp = time.time_ns()
    if message.get("action") == "skip":
        model.skip(home(), actor, int(document["id"]))
        state.desk_skipped = state.get("desk_skipped", frozenset()) | {int(document["id"])}
        state.desk_document, state.desk_said, state.desk_found = None, "Skipped.", None
        return
    done = model.act(home(), actor, message)
    state.desk_said = done.sentence
    if done.left_desk:
        state.desk_document, state.desk_found = None, None
    else:
        state.desk_document = model.show_again(home(), actor, int(document["id"]))


def _on_search() -> None:
    state = st.session_state
    asked: dict[str, Any] = state[_KEY].search or {}
    people = model.find_people(home(), current_actor(), str(asked.get("words", "")))
    state.desk_found = {"stamp": asked.get("stamp", 0), "people": people}


def _unskip() -> None:
    st.session_state.desk_skipped = frozenset()
