"""A list of links and plain text: chart text never becomes Markdown, HTML or a label."""

from functools import cache
from typing import Any

import streamlit as st

_HTML = '<table><thead><tr></tr></thead><tbody></tbody></table><p class="none" hidden></p>'
_CSS = """
table { border-collapse: collapse; width: 100%; font: 14px/1.5 var(--st-font, sans-serif); color: var(--st-text-color) }
th, td { text-align: left; padding: 5px 10px; border-bottom: 1px solid var(--st-border-color, #ccc); vertical-align: top }
a { color: var(--st-link-color, #0b5cad) }
p.none { color: var(--st-text-color); font: 14px var(--st-font, sans-serif) }
"""
_JS = """
export default function (component) {
  const root = component.parentElement, data = component.data;
  const cell = (tag, value) => {
    const node = document.createElement(tag);
    if (value && typeof value === "object") {
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


def link(text: str, href: str) -> dict[str, str]:
    """A cell that opens one of our own routes in a new tab."""
    return {"text": text, "href": href}


def listing(heads: list[str], rows: list[list[Any]], *, key: str, none: str = "Nothing here.") -> None:
    """Draw rows of text and links."""
    _component()(key=key, data={"heads": heads, "rows": rows, "none": none})
