"""Who is signed in, with a link to their account, and a button that ends the session on the server."""

from functools import cache
from typing import Any

import streamlit as st

_HTML = '<div><a href="/account" title="My account: password and own work"></a> <button type="button">Sign out</button></div>'
_CSS = """
div { font: 14px var(--st-font, sans-serif); color: var(--st-text-color); display: flex; gap: 10px; align-items: center;
  justify-content: flex-end }
a { color: inherit; text-decoration: underline; text-underline-offset: 3px }
button { font: inherit; color: inherit; background: var(--st-background-color); border: 1px solid var(--st-gray-color, #808495);
  border-radius: 6px; padding: 3px 10px; cursor: pointer }
"""
_JS = """
export default function (component) {
  const root = component.parentElement;
  root.querySelector("a").textContent = component.data.who;
  root.querySelector("button").onclick = () => fetch("/logout", { method: "POST" }).finally(() => window.location.assign("/login"));
}
"""


@cache
def _component() -> Any:
    return st.components.v2.component("chartroom_signout", html=_HTML, css=_CSS, js=_JS)


def signout(who: str) -> None:
    """Draw the name and the button."""
    _component()(key="signout", data={"who": who})
