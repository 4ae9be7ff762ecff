"""How a reading of real paper is scored."""

import pytest

from benchmarks.read_by_eye import PageTruth, PairTruth, tokens_of, whole_words
from benchmarks.real_paper import Match, Score, in_file, in_zones, jobs, places_of, score, spread, stands, table
from ocr.page import Box, Word


def _words(text: str, confidence: float = 0.99, top: int = 0) -> list[Word]:
    return [
        Word(token, Box(100 * n, top, 100 * n + 80, top + 20), confidence) for n, token in enumerate(text.split(" "))
    ]


def _truth(*printed: str, written: tuple[str, ...] = ()) -> PageTruth:
    return PageTruth(tokens_of(printed), tokens_of(written))


@pytest.mark.parametrize(
    ("read", "recall", "precision"),
    [
        ("Name: Ada Quill 70", 1.0, 1.0),
        ("name ada quill, 70", 1.0, 1.0),
        ("Name: Ada", 0.5, 1.0),
        ("Name: Ada Ada Qui11", 0.5, 0.5),  # the second Ada stands nowhere
        ("Name: Ada Quill 70 | .", 1.0, 1.0),  # rules of the form are no words
    ],
)
def test_recall_and_precision_are_a_multiset_match(read: str, recall: float, precision: float) -> None:
    row = score(_words(read), _truth("Name: Ada Quill 70")).row()
    assert (row["recall"], row["precision"]) == (recall, precision)


def test_a_page_without_a_word_read_has_no_precision_and_nothing_sure() -> None:
    row = score([], _truth("Name")).row()
    assert row["recall"] == 0.0
    assert (row["precision"], row["sure_share"], row["sure_wrong"], row["calibration_error"]) == ("", "", "", "")


def test_handwriting_that_is_read_is_right_and_counted_apart() -> None:
    row = score(_words("Allergies penicillin"), _truth("Allergies none", written=("penicillin daily",))).row()
    assert (row["recall"], row["precision"], row["written_recall"]) == (0.5, 1.0, 0.5)


def test_plain_tokens_forgive_punctuation_and_whole_words_do_not() -> None:
    row = score(_words("01-02-1970"), _truth("01/02/1970")).row()
    assert (row["recall"], row["plain_recall"]) == (0.0, 1.0)
    assert (row["sure_wrong"], row["sure_wrong_strict"]) == (0.0, 1.0)


def test_sure_words_are_counted_and_the_wrong_ones_of_them() -> None:
    words = [*_words("Name Ada", 0.97), *_words("Qui11", 0.96), *_words("Born", 0.5)]
    row = score(words, _truth("Name Ada Quill Born")).row()
    assert row["sure_share"] == 0.75
    assert row["sure_wrong"] == round(1 / 3, 4)


def test_calibration_error_is_what_was_said_less_what_was_right() -> None:
    row = score([*_words("Name", 0.91), *_words("Qui11", 0.91)], _truth("Name Quill")).row()
    assert row["calibration_error"] == pytest.approx(0.41)


def test_scores_of_pages_add_up() -> None:
    one = score(_words("Name"), _truth("Name"), 1.0)
    other = score(_words("Nane", 0.4), _truth("Name"), 3.0)
    both = one + other
    assert both.words == Match(printed=2, found=1, read=2, right=1)
    assert (both.row()["recall"], both.row()["cpu_seconds_per_page"], both.row()["pages"]) == (0.5, 2.0, 2)
    assert Score() + one == one


@pytest.mark.parametrize(
    ("read", "is_read"),
    [
        ("Patient: Ada Quill", True),
        ("Quill Ada Patient", True),  # anywhere on the page
        ("Patient: Ada", False),
        ("Ada Quill", False),  # a value without its label
    ],
)
def test_a_pair_stands_when_label_and_value_are_read(read: str, is_read: bool) -> None:
    assert stands(PairTruth(whole_words("Patient:"), whole_words("Ada Quill")), _words(read)) is is_read


@pytest.mark.parametrize(("top", "is_read"), [(0, True), (8, True), (300, False)])
def test_where_the_truth_knows_the_place_a_value_must_be_read_there(top: int, is_read: bool) -> None:
    truth = [(token, Box(100 * n, 0, 100 * n + 80, 20)) for n, token in enumerate(whole_words("Quantity 12"))]
    label, value = whole_words("Quantity"), whole_words("12")
    pair = PairTruth(label, value, False, places_of(label, truth), places_of(value, truth))
    words = [_words("Quantity 9")[0], Word("12", Box(100, top, 180, top + 20), 0.9)]
    assert stands(pair, words) is is_read


def test_places_are_where_words_follow_each_other() -> None:
    words = [("a", Box(0, 0, 10, 10)), ("b", Box(20, 0, 30, 12)), ("a", Box(40, 0, 50, 10))]
    assert places_of(["a", "b"], words) == (Box(0, 0, 30, 12),)
    assert places_of(["a"], words) == (Box(0, 0, 10, 10), Box(40, 0, 50, 10))
    assert places_of(["b", "b"], words) == places_of([], words) == ()


def test_a_box_of_a_turned_page_is_led_back_to_the_file() -> None:
    half_a_turn = (-1.0, 0.0, 100.0, 0.0, -1.0, 200.0)
    assert in_file(Box(10, 20, 30, 40), half_a_turn) == Box(70, 160, 90, 180)


def test_a_word_lies_in_a_zone_with_its_middle() -> None:
    zones = [Box(0, 0, 100, 100)]
    assert in_zones(Box(80, 80, 110, 110), zones)
    assert not in_zones(Box(95, 10, 125, 30), zones)


@pytest.mark.parametrize(
    ("count", "chosen"), [(None, [0, 1, 2, 3, 4, 5]), (9, [0, 1, 2, 3, 4, 5]), (2, [0, 3]), (1, [0])]
)
def test_few_pages_are_taken_from_all_over(count: int | None, chosen: list[int]) -> None:
    assert spread(range(6), count) == chosen


def test_without_the_data_nothing_is_measured(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.real_paper.DATA", tmp_path)
    monkeypatch.setattr("benchmarks.real_paper._form_truth", dict)
    assert jobs(None) == []
    assert capsys.readouterr().err.count("left out") == 3


def test_the_table_of_the_docs_is_made_of_what_is_kept() -> None:
    row = {
        "date": "2026-01-31",
        "tier": "medical",
        "reader": "second alone",
        **score(_words("Name"), _truth("Name")).row(),
    }
    head, rule, line = table([{name: str(value) for name, value in row.items()}]).splitlines()
    assert head.startswith("| tier | pages | reader | recall |")
    assert head.count("|") == rule.count("|") == line.count("|")
    assert line.startswith("| medical | 1 | second alone | 1.0 | 1.0 | 1.0 | 0.0 |")
