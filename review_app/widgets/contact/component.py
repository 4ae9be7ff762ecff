"""Hands the contact sheet's files to Streamlit."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent


@cache
def _component() -> Any:
    html, css, js = ((_FOLDER / f"contact.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("chartroom_contact", html=html, css=css, js=js)


def contact_sheet(*, key: str) -> None:
    """Draw the contact sheet; it asks /desk/blanks for its sides by itself."""
    _component()(key=key, data={})
