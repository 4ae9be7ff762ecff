"""Words of the first recogniser aligned with lines of the second, by place and letters."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.joining import Line, Pair, cut_at_gaps, paired
from ocr.page import Agreement, Box, Word
from tests.given.readings import first_line, second_line

SAME, OTHER, SILENT = Agreement.SAME, Agreement.OTHER, Agreement.SILENT


def _told(pairs: list[Pair]) -> list[tuple[str, str, Agreement]]:
    """Both texts of each pair (empty: none) and whether they agree, from left to right."""
    return [
        (pair.first.text if pair.first else "", pair.second.text if pair.second else "", pair.agreement)
        for pair in sorted(pairs, key=_left)
    ]


def _left(pair: Pair) -> int:
    word = pair.first or pair.second
    assert word is not None
    return word.box.left


@pytest.mark.parametrize(
    ("first", "second", "pairs"),
    [
        ("MRN: 00123456", "MRN: 00123456", [("MRN:", "MRN:", SAME), ("00123456", "00123456", SAME)]),
        # The second leaves spaces out; the first one's gaps count.
        ("MRN: 00123456", "MRN:_00123456", [("MRN:", "MRN:", SAME), ("00123456", "00123456", SAME)]),
        ("seen by Dr. Voss", "seen_by_Dr._Voss", [(w, w, SAME) for w in ("seen", "by", "Dr.", "Voss")]),
        # The first merged two words: the second one's gap is kept in its text, but is no difference.
        ("bloodpressure", "blood pressure", [("bloodpressure", "blood pressure", SAME)]),
        # The first split a word.
        ("hyper tension", "hyper_tension", [("hyper", "hyper", SAME), ("tension", "tension", SAME)]),
        ("0012 3456", "0012_8456", [("0012", "0012", SAME), ("3456", "8456", OTHER)]),
        # Misread letters, as many and fewer.
        ("Rivcra, Ana", "Rivera, Ana", [("Rivcra,", "Rivera,", OTHER), ("Ana", "Ana", SAME)]),
        ("nom 14 mg", "norn 14 mg", [("nom", "norn", OTHER), ("14", "14", SAME), ("mg", "mg", SAME)]),
        ("Rivera Ana", "Riera Ana", [("Rivera", "Riera", OTHER), ("Ana", "Ana", SAME)]),
        # A word that only the first reads, in a line of both.
        ("DOB: 03/14 ~~", "DOB: 03/14", [("DOB:", "DOB:", SAME), ("03/14", "03/14", SAME), ("~~", "", SILENT)]),
        # A word that only the second reads, far from those of the first.
        ("Allergies:      ", "Allergies: _____ penicillin", [("Allergies:", "Allergies:", SAME), ("", "penicillin", SILENT)]),
        # The first tore a word or a number that is set wide; only the second's makes one.
        ("RECEI VED", "RECEI_VED", [("RECEIVED", "RECEIVED", SAME)]),
        ("27 m m", "27 m_m", [("27", "27", SAME), ("mm", "mm", SAME)]),
        ("370, 000,00", "370,_000.00", [("370,000,00", "370,000.00", OTHER)]),
        ("1, 2", "1, 2", [("1,", "1,", SAME), ("2", "2", SAME)]),
        ("146 00", "146.00", [("14600", "146.00", OTHER)]),
        ("a SRN tio", "Descriptio", [("aSRNtio", "Descriptio", OTHER)]),
        ("mateo. jackson@ab .com", "mateo.jackson@ab.com", [("mateo.jackson@ab.com", "mateo.jackson@ab.com", SAME)]),
        # Two words and two numbers that the second glues stay two.
        ("(206) 555-0100", "(206)_555-0100", [("(206)", "(206)", SAME), ("555-0100", "555-0100", SAME)]),
        ("seen today", "seen_today", [("seen", "seen", SAME), ("today", "today", SAME)]),
        # A rule of the form stands for no letter of the word beside it.
        ("| posage", "  DOSAGE", [("|", "", SILENT), ("posage", "DOSAGE", OTHER)]),
        # Nothing in common: the words of the second stay whole, with what the first makes of their places.
        ("ARE eae 42 hy", "    Invoice # 23-AUK", [("AREeae42", "Invoice", OTHER), ("hy", "#", OTHER), ("", "23-AUK", SILENT)]),
        # Nothing in common: letters stand for letters.
        ("abc", "xyz", [("abc", "xyz", OTHER)]),
    ],
)  # fmt: skip
def test_each_word_gets_the_letters_that_the_second_reads_at_its_place(
    first: str, second: str, pairs: list[tuple[str, str, Agreement]]
) -> None:
    assert _told(paired(first_line(first), [second_line(second)])) == pairs


def test_what_only_the_second_reads_in_a_line_of_both_lies_beside_a_word_of_the_first() -> None:
    words = first_line("Allergies:", line=4)
    alone = next(p for p in paired(words, [second_line("Allergies: _____ penicillin")]) if p.first is None)
    assert alone.beside == words[0]


def test_letters_that_the_first_reads_twice_are_one_amount() -> None:
    parts = [
        Word(text, Box(left, 100, right, 120), 0.6)
        for text, left, right in (("$1,2", 100, 140), ("233.", 128, 168), ("00", 169, 190))
    ]
    whole = Line(Box(96, 96, 196, 124), (Word("$1,233.00", Box(102, 100, 188, 120), 0.97),))
    assert _told(paired(parts, [whole])) == [("$1,2233.00", "$1,233.00", OTHER)]


@pytest.mark.parametrize(
    ("tops", "pairs"),
    [
        ((100, 100), [("Rivera", "Rivera", SAME)]),
        ((100, 110), [("Rivera", "Rivera", SAME)]),  # half a letter lower is the same line
        ((100, 130), [("Rivera", "", SILENT), ("", "Rivera", SILENT)]),  # its middle is not
    ],
)
def test_words_belong_to_a_line_that_holds_half_of_their_height(
    tops: tuple[int, int], pairs: list[tuple[str, str, Agreement]]
) -> None:
    first, second = first_line("Rivera", top=tops[0]), second_line("Rivera", top=tops[1])
    assert sorted(_told(paired(first, [second]))) == sorted(pairs)


def test_a_line_beside_the_word_is_another_column() -> None:
    pairs = paired(first_line("left"), [second_line("right", left=900)])
    assert _told(pairs) == [("left", "", SILENT), ("", "right", SILENT)]


def test_lines_that_only_one_of_them_has_are_kept_whole() -> None:
    first = [*first_line("MRN: 1"), *first_line("only here", top=300, line=1)]
    lines = [second_line("MRN: 1"), second_line("only there", top=600, number=1)]
    pairs = paired(first, lines)
    assert {pair.first.text for pair in pairs if pair.first and not pair.second} == {"only", "here"}
    alone = [pair for pair in pairs if pair.second and not pair.first]
    assert [pair.second for pair in alone] == list(lines[1].words)
    assert all(pair.beside is None for pair in alone)


def test_a_word_is_taken_by_one_line_only() -> None:
    pairs = paired(first_line("Rivera"), [second_line("Rivera"), second_line("Rivera", top=104, number=1)])
    assert Counter(pair.first.text for pair in pairs if pair.first) == {"Rivera": 1}


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_words_that_run_another_way_are_left_alone(turn: int) -> None:
    word = replace(first_line("Rivera")[0], turn=turn)
    pairs = paired([word], [second_line("Rivera")])
    assert Pair(word, None) in pairs
    assert all(pair.first is None or pair.second is None for pair in pairs)


def test_sides_that_are_empty_are_no_trouble() -> None:
    assert paired([], []) == []
    assert _told(paired(first_line("MRN: 1"), [])) == [("MRN:", "", SILENT), ("1", "", SILENT)]
    assert _told(paired([], [second_line("MRN: 1")])) == [("", "MRN:", SILENT), ("", "1", SILENT)]
    assert _told(paired(first_line("MRN:"), [Line(Box(100, 100, 900, 120), ())])) == [("MRN:", "", SILENT)]


def test_the_score_of_a_piece_is_the_mean_of_the_words_that_it_comes_from() -> None:
    line = second_line("blood pressure")
    line = replace(line, words=tuple(replace(w, confidence=c) for w, c in zip(line.words, (0.9, 0.5), strict=True)))
    piece = paired(first_line("bloodpressure"), [line])[0].second
    assert piece is not None
    assert piece.confidence == pytest.approx(0.7)
    assert (piece.box.left, piece.box.right) == (line.words[0].box.left, line.words[1].box.right)


_letters = st.text("abo01.", min_size=1, max_size=5)
_text = st.lists(_letters, max_size=5).map(" ".join)
_place = st.tuples(st.integers(0, 400), st.integers(0, 120))


@given(
    st.lists(st.tuples(_text, _place, st.sampled_from([0, 0, 0, 90])), max_size=4),
    st.lists(st.tuples(_text.filter(bool), _place), max_size=4),
)
def test_no_word_of_the_first_and_no_letter_of_the_second_is_lost_or_doubled(
    ours: list[tuple[str, tuple[int, int], int]], theirs: list[tuple[str, tuple[int, int]]]
) -> None:
    first = [
        replace(word, turn=turn)
        for number, (text, (left, top), turn) in enumerate(ours)
        for word in first_line(text, left=left, top=top, line=number)
    ]
    lines = [second_line(text, left=left, top=top, number=number) for number, (text, (left, top)) in enumerate(theirs)]
    pairs = paired(first, lines)
    assert _spelled(pair.first.text for pair in pairs if pair.first) == _spelled(word.text for word in first)
    assert _spelled(pair.second.text for pair in pairs if pair.second) == _spelled(line.text for line in lines)


def _spelled(texts: Iterable[str]) -> Counter[str]:
    return Counter("".join(texts).replace(" ", ""))


def test_letters_of_a_word_far_away_are_not_given_to_one_that_happens_to_have_some_of_them() -> None:
    """The first read 4er for 415 and nothing of Juniper, whose last letters are the same."""
    first = [*first_line("4er", left=100), *first_line("St", left=320)]
    told = _told(paired(first, [second_line("415      Juniper     St")]))
    assert ("", "Juniper", SILENT) in told
    assert ("4er", "415", Agreement.OTHER) in told


@pytest.mark.parametrize(
    ("first", "second", "parts"),
    [
        ("DATE3/17/82", "DATE 3/17/82", ["DATE", "3/17/82"]),
        ("ankleswelling", "ankle swelling", ["ankle", "swelling"]),
        ("cannot", "can not", ["cannot"]),  # a word as it stands
        ("A12B3", "A12 B3", ["A12B3"]),  # the second's gap makes no words either
        ("DATE3/17/82", "DATE 3/11/82", ["DATE3/17/82"]),  # they do not read the same
    ],
)
def test_a_word_is_cut_where_only_the_gap_of_the_second_makes_words(first: str, second: str, parts: list[str]) -> None:
    (pair,) = paired(first_line(first), [second_line(second)])
    assert pair.first is not None
    cut = cut_at_gaps(pair.first, pair)
    assert [word.text for word in cut] == parts
    assert cut[0].box.left == 100
    assert all(one.box.right <= other.box.left for one, other in pairwise(cut))


def test_of_the_second_each_word_is_one() -> None:
    (pair,) = paired(first_line("DOBO2Nov194l"), [second_line("DOB 02 Nov 1941")])
    assert pair.second is not None
    cut = cut_at_gaps(pair.second, pair)
    assert [word.text for word in cut] == ["DOB", "02", "Nov", "1941"]
    assert all(one.box.right < other.box.left for one, other in pairwise(cut))
