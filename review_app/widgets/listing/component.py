"""Hands the list's files to Streamlit: chart text never becomes Markdown, HTML or a label."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from storage.foundation.clock import show_export, show_time

_FOLDER = Path(__file__).parent

Cell = str | int | float | None | dict[str, str]


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was done to a list: the value of the opener that was pressed just now, and the rows that are ticked."""

    opened: str | None
    ticked: tuple[str, ...] = ()


@cache
def _component() -> Any:
    html, css, js = ((_FOLDER / f"listing.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("chartroom_listing", html=html, css=css, js=js)


def opener(text: str, value: str) -> dict[str, str]:
    """A cell that tells the screen to open this value."""
    return {"text": text, "open": value}


def moment(at: datetime | None) -> Cell:
    """A cell with a time as this site reads it; the head names the zone, and a saved file has it in ISO 8601 with its offset."""
    return {"text": show_time(at), "time": show_export(at)} if at else ""


def listing(
    heads: Sequence[str], rows: Sequence[Sequence[Cell]], *, key: str, none: str = "Nothing here."
) -> str | None:
    """Draw rows of text and links; gives the value of the opener that was just pressed."""
    return worked_listing(heads, rows, key=key, none=none).opened


def worked_listing(
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    key: str,
    none: str = "Nothing here.",
    ids: Sequence[str] | None = None,
    file: str = "",
    on_save: Callable[[int], None] = lambda _: None,
) -> Pressed:
    """Draw rows that are worked on: `ids`, one a row, makes them tickable; with `file`, the name of a CSV, they can be saved.

    `on_save` is told how many rows leave the screen, before the browser gets them.
    """
    saved = f"{key}_saved"
    if st.session_state.pop(f"{key}_asked", False):
        on_save(len(rows))
        st.session_state[saved] = st.session_state.get(saved, 0) + 1
    pressed = _component()(
        key=key,
        data={
            "heads": list(heads),
            "rows": [list(row) for row in rows],
            "ids": list(ids) if ids is not None else None,
            "none": none,
            "file": file,
            "save": st.session_state.get(saved, 0),
        },
        on_open_change=lambda: None,
        on_ticked_change=lambda: None,
        on_save_change=lambda: st.session_state.update({f"{key}_asked": True}),
    )
    return Pressed(str(pressed.open) if pressed.open else None, tuple(map(str, pressed.ticked or ())))
