"""What both recognisers read, made by hand: words of the first, lines of the second, ten pixels a character."""

from ocr.joining import Line
from ocr.page import Box, Word

WIDE, HIGH = 10, 20


def first_line(
    text: str, top: int = 100, left: int = 100, line: int = 0, confidence: float = 0.9, turn: int = 0
) -> list[Word]:
    """The words of a line as the first recogniser reads them."""
    return [Word(part, box, confidence, line, turn) for part, box in _placed(text, top, left)]


def second_line(text: str, top: int = 100, left: int = 100, number: int = 0, score: float = 0.95) -> Line:
    """The line as the second reads it; an underscore is paper that it does not take for a gap between words."""
    words = [Word(part.replace("_", ""), box, score, number) for part, box in _placed(text, top, left)]
    around = Box(left - 4, top - 4, left + WIDE * len(text) + 4, top + HIGH + 4)
    return Line(around, tuple(word for word in words if word.text))


def _placed(text: str, top: int, left: int) -> list[tuple[str, Box]]:
    found, at = [], 0
    for part in text.split(" "):
        if part:
            found.append((part, Box(left + WIDE * at, top, left + WIDE * (at + len(part)), top + HIGH)))
        at += len(part) + 1
    return found
