"""Which of two readings counts, and with what chance."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import agreement
from ocr.agreement import FIRST_WEIGHTS, LEAST, MOST, NAMES, SECOND_WEIGHTS, chances, features, joined
from ocr.joining import Line, Pair, paired
from ocr.page import Agreement, Box, Reader, Word
from tests.given.readings import first_line, second_line

_REST = [
    word for n in range(5) for word in first_line("The patient is resting", top=300 + 60 * n, line=n + 1, confidence=0.95)
]  # fmt: skip
"""Other words of the page: its mean counts, too."""


def _only(text: str, other: str = "", sure: float = 0.8, score: float = 0.9) -> Word:
    """What counts of one word on a page of good ones, when the second reads `other` there (empty: nothing)."""
    word = first_line(text, confidence=sure)
    lines = [second_line(other, score=score)] if other else []
    return next(said for said in joined(word, lines, page=[*word, *_REST]))


def test_there_is_a_weight_for_every_feature() -> None:
    assert len(FIRST_WEIGHTS) == len(SECOND_WEIGHTS) == len(NAMES) == len(set(NAMES))
    words = first_line("MRN: 00123456")
    for table in features(words, paired(words, [second_line("MRN: 00123456 Room")])):
        assert table.shape == (3, len(NAMES))


@pytest.mark.parametrize(
    ("text", "other", "name", "value"),
    [
        ("MRN:", "MRN:", "same", 1),
        ("MRN:", "MRN:", "other", 0),
        ("MRN:", "MPN:", "other", 1),
        ("MRN:", "MPN:", "distance", 0.25),
        ("abcdef", "abc_def", "distance", 0),
        ("MRN:", "", "second silent", 1),
        ("MRN:", "MRN:", "first silent", 0),
        ("MRN:", "MRN:", "length", 0.5),
        ("incomprehensible", "incomprehensible", "length", 1),  # from eight letters on all are long
        ("--", "--", "no letter or digit", 1),
        ("3A", "3A", "letters and digits", 1),
        ("37", "37", "digits only", 1),
        ("37", "37", "letters and digits", 0),
        ("x", "x", "one character", 1),
        ("bloodPressure", "bloodPressure", "capital after small", 1),
        ("Blood", "Blood", "capital after small", 0),
        ("Blood", "Blood", "letter height", 2 / 3),
    ],
)
def test_the_features_of_a_word(text: str, other: str, name: str, value: float) -> None:
    words = first_line(text)
    mine, _ = features(words, paired(words, [second_line(other)] if other else []))
    assert mine[0, NAMES.index(name)] == pytest.approx(value)


def test_the_gap_of_the_second_ones_text_is_a_feature_of_its_own_text() -> None:
    words = first_line("bloodpressure")
    mine, theirs = features(words, paired(words, [second_line("blood pressure")]))
    gap = NAMES.index("gap")
    assert (mine[0, gap], theirs[0, gap]) == (0, 1)


@pytest.mark.parametrize("sure", [0.4, 0.6, 0.8, 0.9, 0.96])
@pytest.mark.parametrize("text", ["Rivera,", "00123456", "03/14/1957", "is", "B12"])
def test_agreement_raises_the_chance_and_a_difference_lowers_it(text: str, sure: float) -> None:
    words = first_line(text, confidence=sure)
    alone, same, other = (
        chances([*words, *_REST], paired(words, lines))[0][0]
        for lines in ([], [second_line(text)], [second_line("x" + text[1:-1] + "#")])
    )
    assert other < same
    assert alone < same


@pytest.mark.parametrize(
    ("text", "other", "sure", "score", "said", "reader", "agrees"),
    [
        ("Rivera,", "Rivera,", 0.9, 0.95, "Rivera,", Reader.FIRST, Agreement.SAME),
        ("bloodpressure", "blood pressure", 0.9, 0.95, "bloodpressure", Reader.FIRST, Agreement.SAME),  # its gaps count
        ("bloodpressure", "blood pressure", 0.2, 0.999, "bloodpressure", Reader.FIRST, Agreement.SAME),  # even here
        ("Rivcra,", "Rivera,", 0.3, 0.999, "Rivera,", Reader.SECOND, Agreement.OTHER),
        ("Rivera,", "Rivcra,", 0.96, 0.6, "Rivera,", Reader.FIRST, Agreement.OTHER),
        ("Rivera,", "", 0.96, 0, "Rivera,", Reader.FIRST, Agreement.SILENT),
    ],
)
def test_the_likelier_text_counts(
    text: str, other: str, sure: float, score: float, said: str, reader: Reader, agrees: Agreement
) -> None:
    word = _only(text, other, sure, score)
    assert (word.text, word.reader, word.agreement) == (said, reader, agrees)


def test_a_word_keeps_its_place_whoever_reads_it() -> None:
    first = first_line("Rivcra,", line=7, confidence=0.3)
    said = joined(first, [second_line("Rivera,", left=97, score=0.999)], page=[*first, *_REST])
    assert [(word.text, word.box, word.line) for word in said] == [("Rivera,", first[0].box, 0)]


@given(st.text("aB1.- ", max_size=12), st.text("aB1.- ", max_size=12), st.floats(0, 1), st.floats(0, 1))
def test_nobody_is_surer_than_most_and_nothing_less_likely_than_least_is_let_in(
    text: str, other: str, sure: float, score: float
) -> None:
    said = joined([*first_line(text, confidence=sure), *_REST], [second_line(other, score=score)])
    assert all(word.confidence <= MOST for word in said)
    assert all(word.confidence >= LEAST for word in said if word.agreement is not Agreement.SAME)


def test_two_that_agree_on_a_good_page_are_as_sure_as_anybody_may_be() -> None:
    assert _only("Rivera,", "Rivera,", 0.96, 0.999).confidence == MOST


def test_what_neither_believes_is_left_out() -> None:
    assert joined(first_line("~-", confidence=0.05), [second_line("|:", score=0.3)]) == ()
    assert joined(first_line("~-", confidence=0.05), []) == ()
    assert joined([], [second_line("|:", score=0.3)]) == ()


def test_two_empty_sides_say_nothing() -> None:
    assert joined([], []) == ()


def _told(words: tuple[Word, ...]) -> list[str]:
    """The text of each line, in order; lines are numbered from 0 without a gap."""
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    assert list(lines) == list(range(len(lines)))
    return [" ".join(line) for line in lines.values()]


@pytest.mark.parametrize(
    ("first", "second", "lines"),
    [
        ([("one", 100, 100)], [("two", 200, 100)], ["one", "two"]),
        ([("two", 200, 100)], [("one", 100, 100)], ["one", "two"]),  # nothing lies above it
        ([("one", 100, 100), ("three", 300, 100)], [("two", 200, 100)], ["one", "two", "three"]),
        ([("one", 100, 100), ("four", 400, 100)], [("three", 300, 100), ("two", 200, 100)], ["one", "two", "three", "four"]),
        # Two columns, read one after the other: a line belongs to the column that it lies in.
        (
            [("left", 100, 100), ("below", 300, 100), ("right", 100, 800), ("under", 300, 800)],
            [("middle", 200, 800)],
            ["left", "below", "right", "middle", "under"],
        ),
        (
            [("left", 100, 100), ("below", 300, 100), ("right", 100, 800), ("under", 300, 800)],
            [("middle", 200, 100)],
            ["left", "middle", "below", "right", "under"],
        ),
    ],
)  # fmt: skip
def test_a_line_that_only_the_second_saw_comes_below_the_line_that_it_lies_under(
    first: list[tuple[str, int, int]], second: list[tuple[str, int, int]], lines: list[str]
) -> None:
    ours = [
        word
        for number, (text, top, left) in enumerate(first)
        for word in first_line(text, top, left, line=number, confidence=0.96)
    ]
    theirs = [second_line(text, top, left, number, score=0.999) for number, (text, top, left) in enumerate(second)]
    assert _told(joined(ours, theirs)) == lines


def test_a_word_that_only_the_second_read_stands_in_its_line_from_left_to_right() -> None:
    words = [replace(word, confidence=0.96) for word in first_line("Allergies:            today", line=3)]
    said = joined(words, [second_line("Allergies: penicillin today", score=0.999)])
    assert _told(said) == ["Allergies: penicillin today"]
    assert [word.reader for word in said] == [Reader.FIRST, Reader.SECOND, Reader.FIRST]
    assert said[1].agreement is Agreement.SILENT


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_words_that_run_another_way_stay_in_their_order_and_keep_their_turn(turn: int) -> None:
    label = [
        Word(text, Box(900, 500 - 100 * n, 920, 580 - 100 * n), 0.96, 0, turn) for n, text in enumerate(("A", "B", "C"))
    ]
    if turn == 180:
        label = [replace(w, box=Box(900 - 100 * n, 500, 980 - 100 * n, 520)) for n, w in enumerate(label)]
    said = joined([replace(word, text=word.text * 4) for word in label], [])
    assert [(word.text, word.turn, word.box) for word in said] == [(4 * w.text, turn, w.box) for w in label]


def test_among_a_page_only_the_words_asked_about_come_back() -> None:
    asked = first_line("Rivera, Ana", line=9, confidence=0.7)
    said = joined(asked, [second_line("Rivera, Ana")], page=[*_REST, *asked])
    assert [(word.text, word.line) for word in said] == [("Rivera,", 0), ("Ana", 0)]


def test_among_a_page_the_mean_of_the_page_counts_and_not_that_of_the_words_asked_about() -> None:
    asked = first_line("Rivera,", confidence=0.5)
    bad = [replace(word, confidence=0.3) for word in _REST]
    good_page, bad_page = (joined(asked, [second_line("Rivera,")], page=[*asked, *rest]) for rest in (_REST, bad))
    assert good_page[0].confidence > bad_page[0].confidence


def test_the_chance_of_a_text_that_is_not_there_is_nought() -> None:
    word = first_line("Rivera,")[0]
    mine, theirs = chances([word], [Pair(word, None), Pair(None, word)])
    assert mine[1] == theirs[0] == 0.0
    assert mine[0] > 0
    assert theirs[1] > 0


def test_lines_without_words_are_no_trouble() -> None:
    assert joined([], [Line(Box(0, 0, 10, 10), ())]) == ()
    assert agreement.features([], [])[0].size == 0


def test_a_value_that_only_the_second_saw_stands_beside_its_label() -> None:
    labels = [
        *first_line("Name:", line=0, top=100),
        *first_line("DOB:", line=1, top=140),
        *first_line("MRN:", line=2, top=180),
    ]
    values = [
        second_line("Rivera,", left=400, top=100, number=0),
        second_line("03/14/1957", left=400, top=140, number=1),
        second_line("00123456", left=400, top=180, number=2),
    ]
    said = joined(labels, values, page=[*labels, *_REST])
    assert [word.text for word in said] == ["Name:", "Rivera,", "DOB:", "03/14/1957", "MRN:", "00123456"]


def test_where_the_first_reads_nothing_the_second_is_believed() -> None:
    (word,) = joined([], [second_line("Rivera,", score=0.999)])
    assert (word.text, word.reader) == ("Rivera,", Reader.SECOND)


@pytest.mark.parametrize(("text", "is_kept"), [("w", False), (".", False), ("- w", False), ("5a", True), ("No", True)])
def test_one_character_that_only_the_second_saw_is_none(text: str, is_kept: bool) -> None:
    first = first_line("Rivera, Ana")
    said = joined(first, [second_line("Rivera, Ana"), second_line(text, top=300, number=1, score=0.999)])
    assert (len(said) > 2) is is_kept


@pytest.mark.parametrize(
    ("first", "second", "may_be_sure"),
    [
        ("Patient Rivera", "Patient Rivera", True),
        ("Patient Rivera", "Patient Riviera", False),  # they differ
        ("Patient Rivera", "Patient", False),  # the second is silent
        ("Patient", "Patient Rivera", False),  # the first is
    ],
)
def test_what_they_do_not_read_alike_is_never_sure(first: str, second: str, may_be_sure: bool) -> None:
    said = joined(first_line(first, confidence=0.99), [second_line(second, score=0.999)])
    names = [word for word in said if word.text.startswith("Riv")]
    assert all((name.confidence >= 0.95) is may_be_sure for name in names)
    assert names or not may_be_sure
    assert next(word for word in said if word.text == "Patient").confidence >= 0.95


def test_a_line_close_above_another_is_not_taken_for_a_second_reading_of_it() -> None:
    """The boxes of both overlap by more than half of the smaller."""
    first = [Word("EFFECTIVE", Box(385, 384, 436, 410), 0.95, 0), Word("CIRCULATION", Box(442, 384, 504, 410), 0.95, 0)]
    above = Line(Box(380, 381, 460, 397), (Word("AVERAGE", Box(387, 381, 428, 397), 0.99, 0),))
    own = Line(Box(380, 386, 510, 410), tuple(replace(word, confidence=0.99) for word in first))
    said = [word.text for word in joined([*first, *_REST], [above, own])]
    assert {"AVERAGE", "EFFECTIVE", "CIRCULATION"} <= set(said)
    again = Line(Box(380, 386, 460, 406), (Word("EFFECTIVB", Box(387, 386, 434, 406), 0.99, 0),))
    assert "EFFECTIVB" not in [word.text for word in joined([*first, *_REST], [own, again])]


@pytest.mark.parametrize(
    ("text", "other", "name", "value"),
    [
        ("Filters", "Pilters", "a word", 1),
        ("Filters", "Pilters", "other is no word", 1),
        ("Pilters", "Filters", "no word", 1),
        ("Pilters", "Filters", "other is a word", 1),
        ("A12B3", "A12B8", "a word", 0),
        ("A12B3", "A12B8", "no word", 0),
    ],
)
def test_whether_a_text_is_a_word_counts_and_whether_the_other_is(text: str, other: str, name: str, value: int) -> None:
    words = first_line(text)
    mine, _ = features(words, paired(words, [second_line(other)]))
    assert mine[0, NAMES.index(name)] == value
