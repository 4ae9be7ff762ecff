"""Pages for tests: typed lines as OcrPage, and small real files of every kind."""

import io

import numpy as np
from PIL import Image as Pillow

from ocr.imaging import Image, cv2
from ocr.page import Barcode, Box, OcrPage, PageOutcome, Word


def typed(text: str, number: int = 1, barcodes: tuple[str, ...] = (), confidence: float = 0.95) -> OcrPage:
    """A page on which these lines were read: 20 pixels a character, 60 a line, from the top."""
    words, height = [], 3300
    for line_number, line in enumerate(text.splitlines()):
        at = 0
        for part in line.split(" "):
            if part:
                top = 150 + 60 * line_number
                box = Box(150 + at * 20, top, 150 + (at + len(part)) * 20, top + 40)
                words.append(Word(part, box, confidence, line_number))
            at += len(part) + 1
    codes = tuple(Barcode("QRCode", code, Box(0, 0, 100, 100)) for code in barcodes)
    return OcrPage(number, PageOutcome.OK, 2550, height, 300, words=tuple(words), barcodes=codes)


def blank(number: int = 1) -> OcrPage:
    """An empty side."""
    return OcrPage(number, PageOutcome.BLANK, 2550, 3300, 300)


def printed(lines: list[str], size: tuple[int, int] = (1700, 2200), scale: float = 1.6) -> Image:
    """A grey page with these lines drawn on it."""
    page = np.full((size[1], size[0]), 255, np.uint8)
    for i, line in enumerate(lines):
        cv2.putText(page, line, (120, 200 + 90 * i), cv2.FONT_HERSHEY_SIMPLEX, scale, 0, 3, cv2.LINE_AA)
    return page


def side_with(text: str, scale: float = 0.6, seed: int = 1) -> Image:
    """A side of grainy paper with this short text in its middle."""
    rng = np.random.default_rng(seed)
    side = np.full((2200, 1700), 240, np.uint8)
    cv2.putText(side, text, (800, 1000), cv2.FONT_HERSHEY_SIMPLEX, scale, 40, 2, cv2.LINE_AA)
    return np.clip(side + rng.normal(0, 4, side.shape), 0, 255).astype(np.uint8)


def saved(pages: list[Image], kind: str, **options: object) -> bytes:
    """The pages as a file of a kind that Pillow writes, 200 dpi."""
    pictures = [Pillow.fromarray(page) for page in pages]
    if options.pop("bitonal", False):
        pictures = [picture.convert("1") for picture in pictures]
    out = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if kind in ("TIFF", "PDF") else {}
    pictures[0].save(out, kind, **({"resolution": 200} if kind == "PDF" else {"dpi": (200, 200)}), **more, **options)
    return out.getvalue()


LINES = [
    "PROGRESS NOTE",
    "Patient Name: Rivera, Ana",
    "MRN: 00123456",
    "DOB: 03/14/1957",
    "The patient is resting comfortably.",
]
