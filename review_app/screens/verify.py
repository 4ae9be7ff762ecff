"""Verify: one document after the other, keyboard only."""

from typing import Any

import streamlit as st
from sqlalchemy.exc import NoResultFound

from review_app.model import station as model
from review_app.screens.who import current_actor
from review_app.web import desk
from review_app.widgets.document import show_document
from review_app.widgets.station.component import station
from storage.foundation.errors import StorageError
from storage.foundation.permissions import Actor


def draw() -> None:
    """Draw the station with the next document of this technician, or the one that a list sent here (?document=…): read-only
    at its page where it cannot come onto the desk."""
    actor, asked = current_actor(), _asked()
    came = st.session_state.setdefault("verify_came", set())  # work that was done here stays at the station
    if asked is not None and asked not in came:
        if why := model.why_read_only(desk.home(), actor, asked):
            _read_only(actor, asked, why)
            return
        came.add(asked)
    _station()


def _asked() -> int | None:
    asked = st.query_params.get("document", "")
    return int(asked) if asked.isdecimal() and len(asked) <= _MOST_DIGITS else None


_MOST_DIGITS = 18
"""A longer number does not fit into a column of SQLite."""


def _read_only(actor: Actor, document_id: int, why: str) -> None:
    st.warning(f"{why} It is shown read-only.")
    st.html('<a class="desk" href="/" target="_self">Go to the desk</a>')
    show_document(actor, document_id, key="verify")


def _queue(actor: Actor) -> dict[str, Any]:
    """The documents on this desk; one that was asked for comes first."""
    asked = _asked()
    first: list[dict[str, Any]] = []
    if asked is not None:
        try:
            first = [model.take(desk.home(), actor, asked)]
        except (StorageError, NoResultFound) as refused:
            st.warning(str(refused) if isinstance(refused, StorageError) else "There is no such document.")
    on_desk = model.landing(desk.home(), actor)
    others = [document for document in on_desk["documents"] if document["id"] not in {d["id"] for d in first}]
    return {**on_desk, "documents": [*first, *others]}


@st.fragment
def _station() -> None:
    actor = current_actor()
    queue = _queue(actor)
    station(
        {
            "catalog": model.catalog(
                desk.site().keys, actor, desk.settings().idle_minutes, day_first=desk.site().profile.day_first
            ),
            "queue": queue,
        },
        key="station",
    )
