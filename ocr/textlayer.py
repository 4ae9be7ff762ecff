"""The text layer of born-digital PDF pages (the only file that knows pdfplumber), when it is real.

A layer is real when the page has text, the text reads like words, the page is not a picture, and the
words lie where the page shows ink: text over a scan is somebody else's OCR and is read again.
"""

import io
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np

from ocr.clean.sketch import Sketch
from ocr.imaging import cv2
from ocr.page import Box, Word

_LEAST_CHARACTERS = 20
_MOST_OBJECTS = 200_000
_MOST_PICTURE = 0.15  # share of the page that pictures may cover


def read_text_layer(data: bytes, number: int, dpi: float) -> tuple[Word, ...] | None:
    """Words of one page (1-based) with boxes at `dpi`, or None when the layer is not to be trusted."""
    import pdfplumber

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
    if not _reads_like_words("".join(c["text"] for c in objects["char"])):
        return False
    garbage = sum(1 for t in text if "(cid:" in t or unicodedata.category(t[0]) in ("Cc", "Co", "Cn", "Cs"))
    area = float(page.width * page.height) or 1.0
    pictures = sum(max(0, i["x1"] - i["x0"]) * max(0, i["bottom"] - i["top"]) for i in objects.get("image", []))
    return garbage / len(text) < 0.05 and pictures / area < _MOST_PICTURE


def _reads_like_words(text: str) -> bool:
    """Whether letters and vowels mix as in any European language: fonts with a wrong or shifted code table do not."""
    words = [word for word in re.findall(r"[^\W\d_]{4,}", text) if not word.isupper()]
    if len(words) < 10:
        return True
    fit = sum(0.12 <= sum(c in _VOWELS for c in word.lower()) / len(word) <= 0.75 for word in words)
    common = sum(text.lower().count(f"{letter}") for letter in "etaoinsr") / max(1, sum(c.isalpha() for c in text))
    return fit >= 0.75 * len(words) and common >= 0.45


_VOWELS = set("aeiouyàâäáãåæèêëéìîïíòôöóõøùûüúý")


def shows_its_words(words: Sequence[Word], sketch: Sketch) -> bool:
    """Whether the page as it is seen has ink where its text layer has words, and words where it has letters.

    Fails for invisible text, text under pictures or in white, and for letters that are only drawn. One word without ink,
    or two words in one place, is enough: what nobody can see is no evidence, and the page is read from its picture.
    """
    inked, inside = 0, np.zeros(sketch.ink.shape, np.bool_)
    for word in words:
        left, top, right, bottom = (round(edge * sketch.factor) for edge in word.box)
        here = sketch.ink[max(0, top) : bottom + 1, max(0, left) : right + 1]
        has_ink = bool(here.size and here.mean() > 0.02)
        if not has_ink and sum(c.isalnum() for c in word.text) >= 2:
            return False
        middle = inside[max(0, top) : bottom + 1, max(0, left) : right + 1]
        if middle.size and middle.mean() > 0.7:
            return False
        inked += has_ink
        inside[max(0, top + 1) : bottom, max(0, left + 1) : right] = True
    inside = cv2.dilate(inside.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(np.bool_)
    letters = sketch.letters
    covered = inside[letters[:, 1] + letters[:, 3] // 2, letters[:, 0] + letters[:, 2] // 2]
    return inked >= 0.9 * len(words) and (len(letters) < 30 or float(covered.mean()) >= 0.97)


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
