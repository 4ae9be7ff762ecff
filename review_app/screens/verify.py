"""Verify: one document after the other, keyboard only."""

from typing import Any

import streamlit as st
from sqlalchemy.exc import NoResultFound

from review_app.model import station as model
from review_app.screens.who import current_actor
from review_app.web import desk
from review_app.widgets.station.component import station
from storage.foundation.errors import StorageError
from storage.foundation.permissions import Actor


def draw() -> None:
    """Draw the station with the next document of this technician."""
    _station()


def _queue(actor: Actor) -> dict[str, Any]:
    """The documents on this desk; one that a list sent here (?document=…) comes first."""
    asked = st.query_params.get("document", "")
    first: list[dict[str, Any]] = []
    if asked.isdecimal():
        try:
            first = [model.take(desk.home(), actor, int(asked))]
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
