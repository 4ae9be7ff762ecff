"""Hands the grid's files to Streamlit."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent


@cache
def _component() -> Any:
    html, css, js = ((_FOLDER / f"grid.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("chartroom_grid", html=html, css=css, js=js)


def grid(name: str, type_code: str, *, key: str) -> None:
    """Draw the grid of a field; it asks /desk/group for its values by itself."""
    _component()(key=key, data={"name": name, "type": type_code})
