"""Lines to write on are no letters."""

import pytest

from ocr.fillin import without_lines
from ocr.page import Box, Word


def _word(text: str, left: int = 100) -> Word:
    return Word(text, Box(left, 50, left + 10 * len(text), 80), 0.9, 3)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Name:", ["Name:"]),
        ("assigned_", ["assigned"]),
        ("_8/8", ["8/8"]),
        ("Name:____Rivera", ["Name:", "Rivera"]),
        ("Date_March", ["Date", "March"]),
        ("Sex:_F", ["Sex:", "F"]),
        ("__Yes__No__", ["Yes", "No"]),
        # underscores that are letters
        ("john_doe@mail.test", ["john_doe@mail.test"]),
        ("scans_2026/page_1", ["scans_2026/page_1"]),
        ("FORM_12", ["FORM_12"]),
        # a place to write on that is empty
        ("______", ["______"]),
        ("_", ["_"]),
    ],
)
def test_a_line_is_left_out_of_the_words_that_stand_on_it(text: str, parts: list[str]) -> None:
    assert [word.text for word in without_lines([_word(text)])] == parts


def test_each_part_has_its_share_of_the_place_and_the_rest_of_the_word() -> None:
    label, value = without_lines([_word("Name:____Rivera")])
    assert label == Word("Name:", Box(100, 50, 150, 80), 0.9, 3)
    assert value == Word("Rivera", Box(190, 50, 250, 80), 0.9, 3)
