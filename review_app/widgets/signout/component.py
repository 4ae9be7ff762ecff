"""Hands the files of the sign-out corner to Streamlit."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent


@cache
def _component() -> Any:
    html, css, js = ((_FOLDER / f"signout.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("chartroom_signout", html=html, css=css, js=js)


def signout(who: str, idle_minutes: float) -> None:
    """Draw the name, which leads to the own account, and the button; after most of `idle_minutes` without a sign of anybody the screen goes blank and the
    session ends. 0: the screen sees to that by itself, as the station does, which keeps what was not sent yet."""
    _component()(key="signout", data={"who": who, "idleMinutes": idle_minutes})
