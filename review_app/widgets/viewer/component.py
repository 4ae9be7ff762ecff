"""Hands the viewer's files to Streamlit."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from review_app.model.viewing import ViewerDocument

_FOLDER = Path(__file__).parent


@cache
def _component() -> Any:
    html, css, js = ((_FOLDER / f"viewer.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("chartroom_viewer", html=html, css=css, js=js)


def viewer(document: ViewerDocument, *, key: str) -> None:
    """Draw a document page by page."""
    _component()(key=key, data=document.payload())
