"""What the confidence of words and the quality of a page say; tests/functional/test_reading_quality.py reads pages for it."""

import pytest

from ocr import confidence, quality
from ocr.page import Agreement, Box, Word


def test_confidence_is_a_chance_and_grows_with_the_engines_number() -> None:
    words = [Word("patient", Box(0, 0, 50, 20), c, line) for line, c in enumerate((0.1, 0.5, 0.8, 0.93, 0.97))]
    said = [word.confidence for word in confidence.calibrated(words)]
    assert said == sorted(said)
    assert 0 < said[0] < 0.3
    assert 0.95 < said[-1] <= confidence.MOST
    assert confidence.calibrated(()) == ()


def test_handwriting_alone_is_no_reason_for_a_rescan() -> None:
    assert quality.rescan_reason(0.4, ("handwriting",)) == ""
    assert "blurred" in quality.rescan_reason(0.4, ("blurred", "handwriting"))
    assert quality.rescan_reason(0.9, ("blurred",)) == ""


@pytest.mark.parametrize(
    ("confidences", "is_garbage"),
    [
        ((), True),
        ((0.0, 0.02, 0.15), True),  # 39Vd, £40: print on its side
        ((0.32,), True),  # one word that more likely is none
        ((0.4, 0.45), True),
        ((0.6,), False),
        ((0.3,) * 5, False),  # a hand: one or two of them are right
        ((0.09,) * 40, True),
    ],
)
def test_a_page_whose_words_are_more_likely_none_is_garbage(confidences: tuple[float, ...], is_garbage: bool) -> None:
    words = [Word("word", Box(0, 0, 50, 20), confidence) for confidence in confidences]
    assert quality.is_garbage(words) == is_garbage


@pytest.mark.parametrize(
    ("text", "confidence", "agreement", "is_stray"),
    [
        ("o", 0.38, Agreement.SILENT, True),  # ring of a tick box
        ("I", 0.3, Agreement.NOT_ASKED, True),  # rule of a form, where the second finds no line
        ("—|", 0.2, Agreement.NOT_ASKED, True),
        ("o", 0.38, Agreement.SAME, False),
        ("o", 0.38, Agreement.OTHER, False),
        ("M", 0.6, Agreement.SILENT, False),
        ("x", 0.3, Agreement.SILENT, False),  # a tick
        ("7", 0.3, Agreement.SILENT, False),
        ("of", 0.3, Agreement.SILENT, False),
    ],
)
def test_a_letter_that_one_recogniser_saw_and_that_is_more_likely_none_is_stray(
    text: str, confidence: float, agreement: Agreement, is_stray: bool
) -> None:
    assert quality.is_stray(Word(text, Box(0, 0, 9, 20), confidence, agreement=agreement)) == is_stray
