"""What the confidence of words and the quality of a page say; tests/functional/test_reading_quality.py reads pages for it."""

from ocr import confidence, quality
from ocr.page import Box, Word


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
