"""The text layer of born-digital PDF pages (the only file that knows pdfplumber), when it is real.

A layer is real when the page has text, the text is not garbage, and the page is not a picture: text
over a scan is somebody else's OCR and is read again.
"""

import io
import unicodedata
from typing import Any

from ocr.page import Box, Word

_LEAST_CHARACTERS = 20
_MOST_OBJECTS = 200_000
_MOST_PICTURE = 0.15  # share of the page that pictures may cover


def read_text_layer(data: bytes, number: int, dpi: float) -> tuple[Word, ...] | None:
    """Words of one page (1-based) with boxes at `dpi`, or None when the layer is not to be trusted."""
    import logging

    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it would log text of the chart
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[number]) as document:
            page = document.pages[0]
            try:
                return _words_of(page, dpi) if _is_real(page) else None
            finally:
                page.close()
    except Exception:  # noqa: BLE001 - pdfminer raises anything on broken PDFs; the page is then read as an image
        return None


def _is_real(page: Any) -> bool:
    objects = page.objects
    if sum(len(kind) for kind in objects.values()) > _MOST_OBJECTS:
        return False
    if any(_is_drawn(annotation) for annotation in page.annots):
        return False  # somebody typed or stamped on the page: only its picture shows all
    text = [c["text"] for c in objects.get("char", []) if c["text"].strip()]
    if len(text) < _LEAST_CHARACTERS:
        return False
    garbage = sum(1 for t in text if "(cid:" in t or unicodedata.category(t[0]) in ("Cc", "Co", "Cn", "Cs"))
    area = float(page.width * page.height) or 1.0
    pictures = sum(max(0, i["x1"] - i["x0"]) * max(0, i["bottom"] - i["top"]) for i in objects.get("image", []))
    return garbage / len(text) < 0.05 and pictures / area < _MOST_PICTURE


def _is_drawn(annotation: dict[str, Any]) -> bool:
    """Whether an annotation shows something on the page: fields, typed text, stamps, ink; not links."""
    subtype = str((annotation.get("data") or {}).get("Subtype", "")).strip("/'")
    return subtype not in ("Link", "Popup", "")


def _words_of(page: Any, dpi: float) -> tuple[Word, ...]:
    scale = dpi / 72
    left, top = page.bbox[0], page.bbox[1]
    words: list[Word] = []
    line, last_bottom, last_right = -1, -1.0, 0.0
    for found in page.extract_words(use_text_flow=False, keep_blank_chars=False):
        middle = (found["top"] + found["bottom"]) / 2
        if line < 0 or middle > last_bottom or found["x0"] < last_right - 2:
            line += 1
        last_bottom, last_right = found["bottom"], found["x1"]
        box = Box(
            int((found["x0"] - left) * scale),
            int((found["top"] - top) * scale),
            int((found["x1"] - left) * scale) + 1,
            int((found["bottom"] - top) * scale) + 1,
        )
        words.append(Word(found["text"], box, 0.99, line))
    return tuple(words)
