"""Hands the list's files to Streamlit: chart text never becomes Markdown, HTML or a label."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from review_app.model.workbook import Cell, draw_workbook, in_order
from storage.foundation.clock import show_day, show_export, show_time

_FOLDER = Path(__file__).parent


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


def moment(at: datetime | None, *, seconds: bool = False) -> Cell:
    """A cell with a time as this site reads it; the head names the zone. It is sorted, and stands in a saved file, as ISO 8601
    with its offset."""
    return {"text": show_time(at, seconds=seconds), "time": show_export(at)} if at else ""


def day_cell(day: date | str | None) -> Cell:
    """A cell with a day as this site writes it; it is sorted, and stands in a saved file, as ISO 8601."""
    return {"text": show_day(day), "time": str(day)} if day else ""


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
    """Draw rows that are worked on: `ids`, one a row, makes them tickable; with `file`, the name of a CSV, they can be saved, as
    CSV or as an Excel workbook.

    `on_save` is told how many rows leave the screen, before the browser gets them.
    """
    saved, sheets, workbook = f"{key}_saved", f"{key}_sheets", b""
    if st.session_state.pop(f"{key}_asked", False):
        on_save(len(rows))
        st.session_state[saved] = st.session_state.get(saved, 0) + 1
    if (order := st.session_state.pop(f"{key}_order", None)) is not None:
        on_save(len(rows))
        workbook = draw_workbook(heads, in_order(rows, order))
        st.session_state[sheets] = st.session_state.get(sheets, 0) + 1
    pressed = _component()(
        key=key,
        data={
            "heads": list(heads),
            "rows": [list(row) for row in rows],
            "ids": list(ids) if ids is not None else None,
            "none": none,
            "file": file,
            "save": st.session_state.get(saved, 0),
            "sheet": st.session_state.get(sheets, 0),
            "workbook": base64.b64encode(workbook).decode("ascii"),
        },
        on_open_change=lambda: None,
        on_ticked_change=lambda: None,
        on_save_change=lambda: st.session_state.update({f"{key}_asked": True}),
        on_sheet_change=lambda: st.session_state.update({f"{key}_order": _asked_order(key)}),
    )
    return Pressed(str(pressed.open) if pressed.open else None, tuple(map(str, pressed.ticked or ())))


def _asked_order(key: str) -> list[int]:
    """In which order the rows stood when the workbook was asked for; none when the browser did not say it."""
    asked = st.session_state[key].get("sheet")
    return [int(place) for place in asked.get("order", ())] if isinstance(asked, dict) else []
