"""A list of links and plain text: chart text never becomes Markdown, HTML or a label."""

from functools import cache
from typing import Any

import streamlit as st

_HTML = '<table><thead><tr></tr></thead><tbody></tbody></table><p class="none" hidden></p>'
_CSS = """
table { border-collapse: collapse; width: 100%; font: 14px/1.5 var(--st-font, sans-serif); color: var(--st-text-color) }
th, td { text-align: left; padding: 5px 10px; border-bottom: 1px solid var(--st-border-color, #ccc); vertical-align: top }
button { font: inherit; color: var(--st-link-color, #0b5cad); background: none; border: 0; padding: 0; text-decoration: underline; cursor: pointer; text-align: left }
button:focus-visible { outline: 3px solid #e8a200; outline-offset: 2px }
a { color: var(--st-link-color, #0b5cad) }
p.none { color: var(--st-text-color); font: 14px var(--st-font, sans-serif) }
"""
_JS = """
export default function (component) {
  const root = component.parentElement, data = component.data;
  const cell = (tag, value) => {
    const node = document.createElement(tag);
    if (value && typeof value === "object" && "open" in value) {
      const button = document.createElement("button");
      button.type = "button"; button.textContent = value.text; button.dataset.open = value.open;
      button.onclick = () => component.setTriggerValue("open", value.open);
      node.append(button);
    } else if (value && typeof value === "object") {
      const link = document.createElement("a");
      link.href = value.href; link.textContent = value.text; link.target = "_blank"; link.rel = "noopener";
      node.append(link);
    } else node.textContent = value ?? "";
    if (node.textContent.length < 14) node.style.whiteSpace = "nowrap";
    return node;
  };
  const none = root.querySelector(".none");
  none.hidden = data.rows.length > 0;
  none.textContent = data.none;
  root.querySelector("table").hidden = data.rows.length === 0;
  root.querySelector("thead tr").replaceChildren(...data.heads.map((h) => { const th = cell("th", h); th.scope = "col"; return th; }));
  root.querySelector("tbody").replaceChildren(...data.rows.map((row) => {
    const tr = document.createElement("tr");
    tr.append(...row.map((value) => cell("td", value)));
    return tr;
  }));
}
"""


@cache
def _component() -> Any:
    return st.components.v2.component("chartroom_listing", html=_HTML, css=_CSS, js=_JS)


def opener(text: str, value: str) -> dict[str, str]:
    """A cell that tells the screen to open this value."""
    return {"text": text, "open": value}


def listing(heads: list[str], rows: list[list[Any]], *, key: str, none: str = "Nothing here.") -> str | None:
    """Draw rows of text and links; gives the value of the opener that was just pressed."""
    pressed = _component()(key=key, data={"heads": heads, "rows": rows, "none": none}, on_open_change=lambda: None)
    return str(pressed.open) if pressed.open else None
