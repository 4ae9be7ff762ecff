"""Rows of words: what is set apart in the boxes of a form is one word, answers to be marked are not."""

import pytest

from classify.rows import rows_of
from tests.given.paper import typed


@pytest.mark.parametrize(
    ("line", "words", "why"),
    [
        ("0 1 0 7 9 1 9 - 0 2", ["0107919-02"], "a record number in boxes"),
        ("0 3   1 4   1 9 5 7", ["03141957"], "a day in three groups of boxes"),
        ("V I N C E N T      S", ["VINCENT", "S"], "an initial in a box of its own"),
        ("( 3 3 6 ) 5 9 2 5 5 9 1", ["(336)5925591"], "a telephone number"),
        ("03 / 14 / 1957", ["03/14/1957"], "blanks around the strokes of a day"),
        ("1957 - 3 - 14", ["1957-3-14"], "around its hyphens"),
        ("NAME> RIVERA ANA", ["NAME:", "RIVERA", "ANA"], "the prompt of a terminal"),
        ("0 1 2 3 4 5", ["0", "1", "2", "3", "4", "5"], "a scale to be marked"),
        ("Y N Y N Y", ["Y", "N", "Y", "N", "Y"], "answers to be marked"),
        ("Grade 4 / 5", ["Grade", "4", "/", "5"], "no day"),
        ("pH > 7", ["pH", ">", "7"], "no prompt"),
        ("A B C", ["A", "B", "C"], "three letters are three"),
        ("4      7      2      9", ["4", "7", "2", "9"], "columns of a table"),
    ],
)
def test_words_are_set_together(line: str, words: list[str], why: str) -> None:
    (row,) = rows_of(typed(line))
    assert [word.text for word in row.words] == words, why


def test_a_word_set_together_has_the_box_of_all_and_the_worst_confidence() -> None:
    page = typed("0 1 0 7 9", confidence=0.9)
    (row,) = rows_of(page)
    (word,) = row.words
    assert (word.box.left, word.box.right) == (page.words[0].box.left, page.words[-1].box.right)
    assert word.confidence == 0.9
