"""Small plots drawn as SVG by ourselves: bars and lines with their numbers, for people and for screen readers."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import streamlit as st

_HTML = '<figure><figcaption></figcaption><svg role="img"></svg></figure>'
_CSS = """
figure { margin: 0; color: var(--st-text-color); font: 13px var(--st-font, sans-serif) }
figcaption { font-weight: 600; margin-bottom: 4px }
svg { width: 100%; height: auto; display: block }
text { fill: currentColor; font: 11px var(--st-font, sans-serif) }
.bar { fill: #2f7ed8 } .bar.second { fill: #c77700 }
.line { fill: none; stroke: #2f7ed8; stroke-width: 2 } .axis { stroke: currentColor; opacity: .35 }
"""
_JS = """
const NS = "http://www.w3.org/2000/svg";
const make = (tag, props, text) => { const n = document.createElementNS(NS, tag); for (const [k, v] of Object.entries(props)) n.setAttribute(k, v); if (text != null) n.textContent = text; return n; };
export default function (component) {
  const root = component.parentElement, { title, labels, values, second, unit, kind } = component.data;
  const svg = root.querySelector("svg"), W = 620, H = kind === "bars" ? 24 * Math.max(1, labels.length) + 10 : 190;
  root.querySelector("figcaption").textContent = title;
  svg.setAttribute("viewBox", `0 0 ${W} ${H}`);
  svg.setAttribute("aria-label", `${title}: ${labels.map((l, i) => `${l} ${values[i]}${unit}`).join(", ")}`);
  svg.replaceChildren();
  const most = unit === " %" ? 100 : Math.max(1e-9, ...values, ...(second || [])); // a share is drawn against the whole
  if (!labels.length) { svg.append(make("text", { x: 4, y: 16 }, "Nothing to show yet.")); return; }
  if (kind === "bars") {
    labels.forEach((label, i) => {
      const y = 6 + 24 * i, w = (values[i] / most) * 330;
      svg.append(make("text", { x: 190, y: y + 13, "text-anchor": "end" }, label.length > 30 ? `${label.slice(0, 29)}…` : label));
      svg.append(make("rect", { class: "bar", x: 196, y, width: Math.max(1, w), height: second ? 8 : 16 }));
      if (second) svg.append(make("rect", { class: "bar second", x: 196, y: y + 9, width: Math.max(1, (second[i] / most) * 330), height: 8 }));
      svg.append(make("text", { x: 202 + w, y: y + 13 }, `${values[i]}${unit}${second ? ` / ${second[i]}${unit}` : ""}`));
    });
    return;
  }
  const x = (i) => 40 + (i * (W - 60)) / Math.max(1, labels.length - 1), y = (v) => 160 - (v / most) * 140;
  svg.append(make("line", { class: "axis", x1: 40, y1: 160, x2: W - 10, y2: 160 }), make("text", { x: 34, y: 26, "text-anchor": "end" }, `${most}${unit}`), make("text", { x: 34, y: 164, "text-anchor": "end" }, "0"));
  svg.append(make("polyline", { class: "line", points: values.map((v, i) => `${x(i)},${y(v)}`).join(" ") }));
  values.forEach((v, i) => svg.append(make("circle", { class: "bar", cx: x(i), cy: y(v), r: 3 })));
  const every = Math.ceil(labels.length / 8);
  labels.forEach((l, i) => { if (i % every === 0) svg.append(make("text", { x: x(i), y: 180, "text-anchor": "middle" }, l)); });
}
"""


@cache
def _component() -> Any:
    return st.components.v2.component("chartroom_plot", html=_HTML, css=_CSS, js=_JS)


def plot(
    title: str,
    labels: Sequence[str],
    values: Sequence[float],
    *,
    key: str,
    unit: str = "",
    kind: str = "bars",
    second: Sequence[float] | None = None,
) -> None:
    """Draw bars, one a label, or a line over the labels; `second` values stand beside the first as thinner bars."""
    data = {"title": title, "labels": list(labels), "values": list(values), "unit": unit, "kind": kind,
            "second": list(second) if second is not None else None}  # fmt: skip
    _component()(key=key, data=data)
