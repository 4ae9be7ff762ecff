"""A value that a page tells without a label of its own."""

from dataclasses import dataclass

from classify.finding.confidence import as_read, is_handwritten
from classify.guess import FieldValue
from ocr.page import Word, box_of


@dataclass(frozen=True, slots=True)
class UnlabelledValue:
    """A value that no label announced: where it stands, how sure it is, and how it was found."""

    field: str
    value: str
    words: tuple[Word, ...]
    confidence: float
    source: str

    def on_page(self, number: int) -> FieldValue:
        raw = " ".join(word.text for word in self.words)
        by_hand = is_handwritten(self.words)
        return FieldValue(
            self.field, self.value, raw, as_read(self.confidence, by_hand=by_hand), number, box_of(self.words), self.source,
            is_handwritten=by_hand,
        )  # fmt: skip
