"""Hands the station's files to Streamlit; the parts of its script are one module, in the order of `_PARTS`.

Only the whole has an export: without one, each part is a script, and tsc knows in each what the others define.
"""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent
_PARTS = (
    "desk",
    "viewer",
    "fields",
    "checking",
    "patient",
    "pages",
    "moving",
    "rereading",
    "asking",
    "leaving",
    "events",
    "station",
)


@cache
def _component() -> Any:
    html, css = ((_FOLDER / f"station.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
    js = "\n".join((_FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in _PARTS)
    return st.components.v2.component("chartroom_station", html=html, css=css, js=f"{js}\nexport default station;\n")


def station(data: dict[str, Any], *, key: str) -> None:
    """Draw the station with its `catalog` and first `queue`; from then on it asks /desk/ by itself."""
    _component()(key=key, data=data)
