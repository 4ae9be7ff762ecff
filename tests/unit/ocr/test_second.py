"""When the second recogniser is asked, and of what places of a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pytest

from ocr import rapid, second
from ocr.clean import geometry
from ocr.imaging import Image
from ocr.page import Agreement, Box, Reader, Word
from ocr.rapid import Piece
from ocr.second import NOTHING, READS_WELL, SMALL_LETTERS, Written, is_worth_it, second_opinion
from tests.given.readings import first_line

PAPER = geometry.place(np.full((1100, 850), 255, np.uint8), (100, 100))
SURE, DOUBTFUL = 0.97, 0.5


@dataclass
class Asked:
    """A second recogniser that reads `text` in every place, and remembers where it was asked."""

    text: str = ""
    lines: list[Box] = field(default_factory=list)
    crops: list[tuple[int, ...]] = field(default_factory=list)
    pages: int = 0
    parts: list[tuple[int, ...]] = field(default_factory=list)

    def find_lines(self, grey: Image, longest: int = 0) -> list[Box]:
        """The lines that it was given: of the page, or of a part of it."""
        if longest:
            self.parts.append((*grey.shape, longest))
        else:
            self.pages += 1
        return self.lines

    def read_lines(self, crops: Sequence[Image]) -> list[tuple[Piece, ...]]:
        """Its text, as wide as the place."""
        self.crops += [crop.shape for crop in crops]
        words = self.text.split()
        pieces = tuple(Piece(word, 0.99, n / len(words), (n + 1) / len(words)) for n, word in enumerate(words))
        return [pieces for _ in crops]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    fake = Asked()
    monkeypatch.setattr(rapid, "find_lines", fake.find_lines)
    monkeypatch.setattr(rapid, "read_lines", fake.read_lines)
    return fake


def _words(*lines: str) -> tuple[Word, ...]:
    """Lines of a page in which words with a question mark are in doubt."""
    words = [word for n, line in enumerate(lines) for word in first_line(line, top=100 + 50 * n, line=n)]
    return tuple(replace(word, confidence=DOUBTFUL if "?" in word.text else SURE) for word in words)


def _in_doubt(words: Sequence[Word]) -> frozenset[int]:
    return frozenset(number for number, word in enumerate(words) if word.confidence == DOUBTFUL)


def _opinion(
    words: tuple[Word, ...],
    *,
    quality: float = 0.97,
    letter_height: float = 20.0,
    all_of_it: bool = False,
    written: Written = NOTHING,
) -> tuple[Word, ...]:
    return second_opinion(
        PAPER, words, words, quality=quality, letter_height=letter_height, all_of_it=all_of_it, written=written
    )


@pytest.mark.parametrize(
    ("lines", "quality", "letter_height", "is_asked"),
    [
        (["all is well"], 0.99, 30.0, False),
        (["all is well"], READS_WELL, SMALL_LETTERS, False),
        (["all is w?ll"], 0.99, 30.0, True),
        (["all is well"], READS_WELL - 0.001, 30.0, True),
        (["all is well"], 0.99, SMALL_LETTERS - 0.1, True),
        (["all is well"], 0.99, 0.0, False),  # no letters were measured
        ([], 0.0, 0.0, True),  # nothing was read: marks on the page that the first makes no words of
    ],
)
def test_it_is_asked_when_a_page_reads_badly_is_small_or_holds_a_doubtful_word(
    lines: list[str], quality: float, letter_height: float, is_asked: bool
) -> None:
    assert is_worth_it(_words(*lines), quality, letter_height) is is_asked


@pytest.mark.parametrize(
    ("lines", "runs"),
    [
        (["a b c"], []),
        (["a b c? d e"], ["b c? d"]),
        (["a? b c d"], ["a? b"]),
        (["a b c d?"], ["c d?"]),
        (["a?"], ["a?"]),
        (["a b? c? d e"], ["a b? c? d"]),
        (["a b? c d? e"], ["a b? c d? e"]),  # they share a neighbour
        (["a b? c d e? f"], ["a b? c d e? f"]),  # their neighbours are neighbours
        (["a b? c x d e? f"], ["a b? c", "d e? f"]),
        (["a b?", "c? d"], ["a b?", "c? d"]),  # never across lines
        (["a b?", "c d"], ["a b?"]),
        (["a", "b?", "c"], ["b?"]),
    ],
)
def test_words_in_doubt_are_asked_about_with_a_neighbour_on_either_side(lines: list[str], runs: list[str]) -> None:
    words = _words(*lines)
    assert [" ".join(words[n].text for n in run) for run in second._doubtful_runs(words, _in_doubt(words))] == runs


def test_words_that_run_another_way_are_not_asked_about() -> None:
    words = tuple(replace(word, turn=90) if word.text in ("t?", "u") else word for word in _words("a t? u b c?"))
    assert [[words[n].text for n in run] for run in second._doubtful_runs(words, _in_doubt(words))] == [["b", "c?"]]


def test_a_good_page_is_asked_about_its_doubtful_run_only_and_the_rest_stays(asked: Asked) -> None:
    asked.text = "bb cc dd"
    words = _words("ff gg", "aa bb c? dd ee")
    said = _opinion(words)
    assert asked.pages == 0
    assert asked.crops == [(28, 8 * 10 + 8)]  # a fifth of its height around eight characters
    assert [word.text for word in said] == ["ff", "gg", "aa", "bb", "cc", "dd", "ee"]
    assert [word.agreement for word in said] == ["", "", "", "same", "other", "same", ""]
    assert said[4].reader is Reader.SECOND
    assert (*said[:3], said[6]) == (*words[:3], words[6])
    assert [word.line for word in said] == [0] * 2 + [1] * 5


def test_a_place_where_it_reads_nothing_leaves_the_words_of_the_first(asked: Asked) -> None:
    said = _opinion(_words("aa bb c? dd ee"))
    assert len(asked.crops) == 1
    assert [(w.text, w.agreement) for w in said][:2] == [("aa", Agreement.NOT_ASKED), ("bb", Agreement.SILENT)]


@pytest.mark.parametrize(
    ("quality", "letter_height", "all_of_it", "pages"),
    [
        (0.97, 20.0, False, 0),
        (0.97, 20.0, True, 1),
        (0.90, 20.0, False, 1),
        (0.97, 10.0, False, 1),
    ],
)
def test_a_bad_page_one_of_small_letters_or_one_to_be_read_whole_is_read_whole(
    asked: Asked, quality: float, letter_height: float, all_of_it: bool, pages: int
) -> None:
    asked.text, asked.lines = "aa bb", [Box(96, 96, 180, 124)]
    said = _opinion(_words("aa b?"), quality=quality, letter_height=letter_height, all_of_it=all_of_it)
    assert asked.pages == pages
    assert [word.text for word in said] == ["aa", "bb"]


@pytest.mark.parametrize(("count", "pages"), [(2, 0), (20, 1)])
def test_a_page_with_many_places_in_doubt_is_read_whole(asked: Asked, count: int, pages: int) -> None:
    _opinion(_words(*["a? b c d e? f g h i?"] * count))
    assert asked.pages == pages
    assert len(asked.crops) == (0 if pages else 3 * count)


@pytest.mark.parametrize(
    ("left", "top", "crop"),
    [
        (0, 0, (24, 34)),  # what is over the edge is left out
        (820, 1080, (24, 34)),
        (400, 500, (28, 38)),
    ],
)
def test_places_end_at_the_edge_of_the_page(asked: Asked, left: int, top: int, crop: tuple[int, int]) -> None:
    word = Word("w?", Box(left, top, left + 30, top + 20), DOUBTFUL)
    _opinion((word,))
    assert asked.crops == [crop]


@pytest.mark.parametrize(
    "box", [Box(900, 100, 950, 120), Box(100, 1200, 150, 1220), Box(100, 100, 100, 120), Box(-50, 100, -20, 120)]
)
def test_places_outside_the_page_are_not_asked_about(asked: Asked, box: Box) -> None:
    asked.lines = [box]
    assert _opinion(_words("aa b?"), all_of_it=True)
    assert asked.crops == []


def test_the_place_of_a_word_is_its_share_of_the_line(asked: Asked) -> None:
    asked.text = "aa bb"
    (line,) = second._lines(np.full((100, 400), 255, np.uint8), [Box(100, 20, 300, 50)])
    assert [(w.text, w.box) for w in line.words] == [("aa", Box(100, 20, 201, 50)), ("bb", Box(200, 20, 301, 50))]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_words_that_run_another_way_stay_in_their_order(asked: Asked, turn: int) -> None:
    """A label stuck on its head is read from right to left of the page."""
    asked.text = "aa bb"
    label = [Word(t, Box(600 - 100 * n, 700, 680 - 100 * n, 720), SURE, 1, turn) for n, t in enumerate("XYZ")]
    said = _opinion((*_words("aa b?"), *label))
    assert [word for word in said if word.turn] == label


def test_nothing_is_asked_when_only_words_that_run_another_way_are_in_doubt() -> None:
    words = (*_words("all is well"), Word("RIVERA", Box(600, 700, 620, 900), DOUBTFUL, 1, 270))
    assert not is_worth_it(words, 0.97, 20.0)


def test_a_word_on_which_the_second_is_silent_is_no_surer_for_it(asked: Asked) -> None:
    words = _words("MRN 00123456?")
    (said,) = [word for word in _opinion(words) if word.text == "00123456?"]
    assert (said.agreement, said.confidence <= DOUBTFUL) == (Agreement.SILENT, True)


def test_between_good_and_bad_only_lines_in_doubt_and_lines_left_out_are_read_twice(asked: Asked) -> None:
    words = _words("all is well", "this is d?ubtful")
    around = [word.box for word in words]
    first, second = ([box for box in around if box.top == top] for top in (100, 150))
    left_out = Box(100, 400, 300, 420)
    asked.lines = [
        *(Box(min(b.left for b in line), line[0].top, max(b.right for b in line), line[0].bottom) for line in (first, second)),
        left_out,
    ]  # fmt: skip
    said = _opinion(words, quality=0.9)
    assert len(asked.crops) == 2
    assert [word.agreement for word in said if word.box in first] == [Agreement.NOT_ASKED] * 3
    assert any(word.box.top == left_out.top for word in said) is False, "it reads nothing there"


def test_words_that_stand_sideways_are_left_as_they_were_on_a_bad_page(asked: Asked) -> None:
    words = (*_words("all is well"), *first_line("00123456", top=300, line=5, confidence=DOUBTFUL, turn=270))
    asked.lines = [Box(0, 290, 600, 330)]
    said = _opinion(words, quality=0.5)
    assert [(word.text, word.confidence, word.agreement) for word in said if word.turn] == [
        ("00123456", DOUBTFUL, Agreement.NOT_ASKED)
    ]


REGION = Box(100, 400, 300, 440)


@pytest.mark.parametrize(
    ("written", "is_asked"), [(NOTHING, False), (Written(frozenset({1})), True), (Written(regions=(REGION,)), True)]
)
def test_it_is_asked_about_handwriting_on_a_page_that_reads_well(written: Written, is_asked: bool) -> None:
    assert is_worth_it(_words("all is well"), 0.99, 30.0, written) is is_asked


def test_lines_are_looked_for_in_a_region_of_handwriting_only_and_letters_are_as_large_as_on_the_page(
    asked: Asked,
) -> None:
    asked.text, asked.lines = "3/14/1957", [Box(10, 10, 200, 40)]
    said = _opinion(_words("all is well"), written=Written(regions=(REGION,)))
    assert asked.pages == 0
    assert asked.parts == [(60, 220, round(rapid.LONGEST_SIDE * 220 / 1100))]
    (word,) = [word for word in said if word.reader is Reader.SECOND]
    assert (word.text, word.box) == ("3/14/1957", Box(100, 400, 291, 430))
    assert said[:3] == _words("all is well")


def test_no_word_is_cut_in_two_by_a_region_and_regions_that_overlap_are_one(asked: Asked) -> None:
    words = tuple(Word(text, box, SURE) for text, box in (("Name:", Box(20, 400, 110, 440)),))
    _opinion(words, written=Written(regions=(REGION, Box(290, 410, 400, 440))))
    assert [part[:2] for part in asked.parts] == [(60, 400)]


def test_a_handwritten_word_is_asked_about_however_sure_it_is(asked: Asked) -> None:
    asked.text = "dd"
    words = _words("aa bb cc dd")
    said = _opinion(words, written=Written(frozenset({3})))
    assert len(asked.crops) == 1
    assert [word.agreement for word in said][:2] == [Agreement.NOT_ASKED] * 2


def test_between_good_and_bad_a_line_with_handwriting_is_asked_about(asked: Asked) -> None:
    words = _words("all is well", "this is fine")
    asked.lines = [Box(96, 96, 600, 128), Box(96, 146, 600, 178)]
    _opinion(words, quality=0.9, written=Written(regions=(Box(300, 146, 600, 178),)))
    assert len(asked.crops) == 1


def test_of_handwriting_the_second_ones_words_count_as_it_cut_them(asked: Asked) -> None:
    asked.text = "646-555-0111"
    words = (Word("646", Box(400, 400, 480, 430), SURE), Word("Ol", Box(500, 400, 600, 430), SURE))
    said = _opinion(words, written=Written(frozenset({0, 1})))
    assert [(word.text, word.reader) for word in said] == [("646-555-0111", Reader.SECOND)]


def test_a_word_that_both_read_alike_stays_the_first_ones(asked: Asked) -> None:
    asked.text = "Rivera"
    words = (Word("Rivera", Box(400, 400, 480, 430), SURE),)
    (word,) = _opinion(words, written=Written(frozenset({0})))
    assert (word.text, word.reader, word.agreement, word.box) == ("Rivera", Reader.FIRST, Agreement.SAME, words[0].box)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Name:Rivera", ["Name:", "Rivera"]),
        ("signed:1/13/2025", ["signed:", "1/13/2025"]),
        ("Name:", ["Name:"]),
        ("10:30", ["10:30"]),
        ("a:b", ["a:b"]),
        ("Rivera", ["Rivera"]),
    ],
)
def test_a_label_and_its_value_are_two_words(text: str, parts: list[str]) -> None:
    whole = Piece(text, 0.9, 0.2, 0.8, "".join(reversed(text)))
    pieces = second._parted(whole)
    assert [piece.text for piece in pieces] == parts
    assert (pieces[0].start, pieces[-1].end) == (0.2, 0.8)
    assert "".join(piece.digits for piece in pieces) == whole.digits
    assert all(one.end == other.start for one, other in pairwise(pieces))
