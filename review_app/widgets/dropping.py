"""Scans dropped on the browser window: sent by our own route, one after another, each with its answer."""

from functools import cache
from typing import Any

import streamlit as st

_HTML = """<label class="zone"><span>Drop scans here, or press to choose them (PDF, TIFF, JPEG, PNG, BMP)</span>
<input type="file" multiple accept=".pdf,.tif,.tiff,.jpg,.jpeg,.png,.bmp"></label><ul aria-live="polite"></ul>"""
_CSS = """
.zone { display: grid; gap: 8px; justify-items: center; padding: 26px; border: 2px dashed var(--st-gray-color, #808495); border-radius: 10px;
  color: var(--st-text-color); font: 15px var(--st-font, sans-serif); cursor: pointer }
.zone.over { border-color: #0b5cad }
input { font: inherit; color: inherit }
input:focus-visible { outline: 3px solid #e8a200 }
ul { font: 14px/1.6 var(--st-font, sans-serif); color: var(--st-text-color); padding-left: 18px }
"""
_JS = """
const BOUND = new WeakSet();
export default function (component) {
  const root = component.parentElement;
  if (BOUND.has(root)) return;
  BOUND.add(root);
  const zone = root.querySelector(".zone"), list = root.querySelector("ul"), input = root.querySelector("input");
  const send = async (files) => {
    for (const file of files) {
      const line = document.createElement("li");
      line.textContent = `${file.name}: …`;
      list.prepend(line);
      try {
        const answer = await fetch("/drop", { method: "POST", body: file, headers: { "x-chartroom-desk": "1", "x-file-name": encodeURIComponent(file.name) } });
        const said = answer.headers.get("content-type")?.includes("json") ? (await answer.json()).sentence : "it was refused.";
        line.textContent = `${answer.ok ? "✓" : "✗"} ${answer.ok ? said : `${file.name}: ${said}`}`;
      } catch { line.textContent = `✗ ${file.name}: the connection was cut. Drop it again; nothing of it is kept twice.`; }
    }
    input.value = "";
  };
  input.onchange = () => send([...input.files]);
  zone.ondragover = (e) => { e.preventDefault(); zone.classList.add("over"); };
  zone.ondragleave = () => zone.classList.remove("over");
  zone.ondrop = (e) => { e.preventDefault(); zone.classList.remove("over"); send([...e.dataTransfer.files]); };
}
"""


@cache
def _component() -> Any:
    return st.components.v2.component("chartroom_dropping", html=_HTML, css=_CSS, js=_JS)


def dropping() -> None:
    """Draw the place to drop files on."""
    _component()(key="dropping", data={})
