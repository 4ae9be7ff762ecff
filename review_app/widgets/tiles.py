"""Tiles: a number, what it counts, and a link to where it is worked on. The cursor stands on the first that waits."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import streamlit as st

from review_app.model.landing import Tile

_HTML = '<nav aria-label="What waits"></nav>'
_CSS = """
nav { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 12px; padding: 4px; }
a { display: grid; gap: 2px; align-content: start; padding: 14px 16px; border: 1px solid var(--st-gray-color, #808495); border-radius: 10px; text-decoration: none;
  color: var(--st-text-color); background: var(--st-background-color); font: 14px/1.4 var(--st-font, sans-serif); }
a.waits { border-width: 2px; border-color: var(--st-link-color, #0b5cad); background: var(--st-secondary-background-color); }
a:hover { border-color: var(--st-text-color); }
a:focus-visible { outline: 3px solid #e8a200; outline-offset: 2px; }
b { font-size: 15px; } .count { font-size: 28px; line-height: 1.1; font-variant-numeric: tabular-nums; }
"""
_JS = """
const FOCUSED = new WeakSet();
export default function (component) {
  const root = component.parentElement, nav = root.querySelector("nav");
  const part = (tag, text, name) => Object.assign(document.createElement(tag), { textContent: text, className: name });
  nav.replaceChildren(...component.data.tiles.map((tile) => {
    const link = document.createElement("a");
    link.href = tile.href;
    link.className = tile.count ? "waits" : "";
    link.append(part("b", tile.title, ""), part("span", tile.count.toLocaleString("en-US"), "count"), part("span", tile.means, ""));
    return link;
  }));
  if (!FOCUSED.has(root)) { FOCUSED.add(root); (nav.querySelector("a.waits") || nav.querySelector("a"))?.focus(); }
}
"""


@cache
def _component() -> Any:
    return st.components.v2.component("chartroom_tiles", html=_HTML, css=_CSS, js=_JS)


def tiles(shown: Sequence[Tile], *, key: str) -> None:
    """Draw tiles in their order; those of which something waits stand out."""
    _component()(key=key, data={"tiles": [asdict(tile) for tile in shown]})
