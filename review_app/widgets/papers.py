"""PDFs to print: a link that opens one, and a form whose answer is one, without its words in an address."""

from functools import cache
from typing import Any

import streamlit as st

_HTML = '<button type="button"></button> <span role="status"></span>'
_CSS = """
button { font: 15px var(--st-font, sans-serif); color: #fff; background: #0b5cad; border: 1px solid #0b5cad; border-radius: 6px; padding: 6px 14px; cursor: pointer }
button:focus-visible { outline: 3px solid #e8a200; outline-offset: 1px }
span { color: var(--st-text-color); font: 14px var(--st-font, sans-serif) }
"""
_JS = """
export default function (component) {
  const root = component.parentElement, data = component.data, button = root.querySelector("button"), said = root.querySelector("span");
  button.textContent = data.label;
  button.onclick = async () => {
    said.textContent = "…";
    const answer = await fetch(data.address, data.body ? { method: "POST", body: JSON.stringify(data.body), headers: { "x-chartroom-desk": "1" } } : {});
    if (!answer.ok) { said.textContent = answer.status === 400 ? (await answer.json()).sentence : "You do not have access."; return; }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = data.name;
    link.click();
    said.textContent = `${data.name} is among your downloads.`;
  };
}
"""


@cache
def _component() -> Any:
    return st.components.v2.component("chartroom_paper", html=_HTML, css=_CSS, js=_JS)


def paper(label: str, address: str, name: str, *, key: str, body: dict[str, Any] | None = None) -> None:
    """Draw a button that fetches a PDF and hands it to the browser under this name."""
    _component()(key=key, data={"label": label, "address": address, "name": name, "body": body})
