"""A page with all that was found drawn on it, for people who want to see what the machine saw."""

from ocr.imaging import Image, cv2, to_jpeg
from ocr.page import Box, MarkKind, MarkState, OcrPage

_SURE, _DOUBTFUL, _WRONG = (120, 170, 40), (0, 165, 255), (40, 40, 230)
_MARKS = {MarkKind.TICK_BOX: (200, 80, 200), MarkKind.SIGNATURE: (200, 120, 0), MarkKind.HANDWRITING: (230, 60, 60)}


def draw_reading(picture: Image, page: OcrPage) -> bytes:
    """The straight page as JPEG: words green, amber or red by confidence, marks and barcodes framed and named."""
    canvas = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR) if picture.ndim == 2 else picture.copy()
    thick = max(1, page.dpi // 150)
    for word in page.words:
        colour = _SURE if word.confidence >= 0.9 else _DOUBTFUL if word.confidence >= 0.6 else _WRONG
        _frame(canvas, word.box, colour, thick)
    for mark in page.marks:
        _frame(canvas, mark.box, _MARKS[mark.kind], 2 * thick)
        if mark.kind is not MarkKind.HANDWRITING:
            _say(canvas, mark.box, "x" if mark.state is MarkState.TICKED else str(mark.state), _MARKS[mark.kind], thick)
    for code in page.barcodes:
        _frame(canvas, code.box, (255, 0, 0), 3 * thick)
        _say(canvas, code.box, code.kind, (255, 0, 0), thick)
    line = f"{page.outcome}, quality {page.quality:.2f}, turned {page.rotation}, skew {page.skew_degrees:+.2f}, {' '.join(page.recipe)}"
    _say(canvas, Box(10 * thick, 16 * thick, 0, 0), line, (160, 80, 0), thick)
    return to_jpeg(canvas, 80)


def _frame(canvas: Image, box: Box, colour: tuple[int, int, int], thick: int) -> None:
    cv2.rectangle(canvas, box[:2], box[2:], colour, thick)


def _say(canvas: Image, box: Box, text: str, colour: tuple[int, int, int], thick: int) -> None:
    cv2.putText(
        canvas, text, (box.left, box.top - 2), cv2.FONT_HERSHEY_SIMPLEX, 0.45 * thick, colour, thick, cv2.LINE_AA
    )
