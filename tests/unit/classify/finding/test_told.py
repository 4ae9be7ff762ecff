"""A value that no label announced still knows its page, place and source."""

from classify.finding.unlabelled import UnlabelledValue
from ocr.page import Box
from tests.given.paper import typed


def test_a_told_value_becomes_a_field_value_of_its_page() -> None:
    words = typed("RIVERA, ANA M").words
    value = UnlabelledValue("name", "RIVERA, ANA M", words, 0.812345, "running head").on_page(3)
    assert (value.name, value.value, value.raw) == ("name", "RIVERA, ANA M", "RIVERA, ANA M")
    assert (value.page, value.source, value.confidence, value.is_valid) == (3, "running head", 0.8123, True)
    assert value.box == Box(150, 150, 150 + 13 * 20, 190), "the box around all of its words"


def test_what_was_printed_is_kept_beside_what_it_means() -> None:
    value = UnlabelledValue("order_mode", "verbal", typed("V.O. Dr. Chen").words, 0.5, "text").on_page(1)
    assert (value.value, value.raw) == ("verbal", "V.O. Dr. Chen")
