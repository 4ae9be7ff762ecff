"""The verification station as a Streamlit component: our HTML, CSS and JS, passed inline."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent


@cache
def _component() -> Any:
    html, css, js = ((_FOLDER / f"station.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("chartroom_station", html=html, css=css, js=js)


def station(data: dict[str, Any], *, key: str, on_action: Callable[[], None], on_search: Callable[[], None]) -> None:
    """Draw the station for `data` (document, said, stamp, found); triggers arrive under `key` in the session."""
    _component()(key=key, data=data, on_action_change=on_action, on_search_change=on_search)
