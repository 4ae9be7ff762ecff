"""Searchable PDF: the page image with invisible text exactly on the words."""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image as Pillow

from ocr.imaging import Image, cv2, scaled, to_grey
from ocr.page import Word

_PDF_DPI = 200
"""Readable on a screen and on paper; 60 to 150 KB a page."""


def make_page(image: Image, dpi: int, words: Sequence[Word], *, is_bitonal: bool = False) -> bytes:
    """A one-page PDF of a page image (grey or BGR) with its words as invisible text, at real size."""
    from reportlab import rl_config
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # binary streams: a fifth smaller, and 0.1 s a page faster (measured)

    height, width = image.shape[:2]
    scale = 72 / max(dpi, 1)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width * scale, height * scale), pageCompression=1, invariant=1)
    picture = ImageReader(io.BytesIO(_picture(image, dpi, is_bitonal)))
    canvas.drawImage(picture, 0, 0, width * scale, height * scale)
    _write_words(canvas, words, scale, height * scale)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _picture(image: Image, dpi: int, is_bitonal: bool) -> bytes:
    out = io.BytesIO()
    if is_bitonal:
        Pillow.fromarray((to_grey(image) > 127).astype("uint8") * 255).convert("1").save(out, "PNG", optimize=False)
        return out.getvalue()
    small = scaled(image, min(1.0, _PDF_DPI / max(dpi, 1)))
    pixels = cv2.cvtColor(small, cv2.COLOR_BGR2RGB) if small.ndim == 3 else small
    Pillow.fromarray(pixels).save(out, "JPEG", quality=60)
    return out.getvalue()


def _write_words(canvas: Any, words: Sequence[Word], scale: float, page_height: float) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    text = canvas.beginText()
    text.setTextRenderMode(3)
    for word in words:
        shown = word.text.encode("cp1252", "replace").decode("cp1252")
        size = max(1.0, word.box.height * scale * 0.9)
        natural = stringWidth(shown, "Helvetica", size)
        if natural <= 0:
            continue
        text.setFont("Helvetica", size)
        text.setHorizScale(100 * word.box.width * scale / natural)
        text.setTextOrigin(word.box.left * scale, page_height - word.box.bottom * scale + size * 0.1)
        text.textOut(shown + " ")
    canvas.drawText(text)
