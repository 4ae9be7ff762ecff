"""Two pages laid over each other: the same sheet when what was written in is the same, whatever the printed form says."""

from dataclasses import replace

import numpy as np
import pytest

from classify.samesheet import SAME, Comparison, Kind, Sheet, compare_sheets, find_probability, match_words
from ocr.page import Box, OcrPage, Word
from ocr.sheetprint import SheetWords, words_of
from tests.given.ink import ink_of, scribble
from tests.given.paper import typed
from tests.unit.ocr.test_sheetprint import ANA, FORM, WEI


def _words(page: OcrPage | str) -> SheetWords:
    found = words_of(typed(page) if isinstance(page, str) else page)
    assert found is not None
    return found


def _by_words(one: OcrPage | str, other: OcrPage | str) -> Comparison:
    return compare_sheets(Sheet(_words(one)), Sheet(_words(other)))


Strokes = tuple[tuple[tuple[int, int], ...], ...]


def _sheet(page: OcrPage | str, shown: OcrPage | str | None = None, strokes: Strokes = ()) -> Sheet:
    """A page as it was read, and as it looks where that is something else."""
    looks = page if shown is None else shown
    return Sheet(_words(page), ink_of(typed(looks) if isinstance(looks, str) else looks, strokes))


def _moved(page: OcrPage, scale: float, right: int, down: int) -> OcrPage:
    """The page shifted, and made smaller as a copier does it."""

    def at(box: Box) -> Box:
        return Box(*(round(edge * scale + by) for edge, by in zip(box, (right, down, right, down), strict=True)))

    return replace(page, words=tuple(replace(word, box=at(word.box)) for word in page.words))


@pytest.mark.parametrize(("scale", "right", "down"), [(1.0, 0, 0), (1.0, 60, -50), (0.96, 40, 80), (1.03, -30, 10)])
def test_the_same_words_shifted_and_stretched_are_the_same_sheet(scale: float, right: int, down: int) -> None:
    compared = _by_words(ANA, _moved(typed(ANA), scale, right, down))
    assert compared.probability >= SAME
    assert compared.differences == ()


def test_another_persons_form_is_another_sheet() -> None:
    assert _by_words(ANA, WEI).probability < 0.01


def test_another_day_of_the_same_person_is_another_sheet() -> None:
    other = FORM.format(name="Rivera, Ana", mrn="00123456", day="11/28/2024", pulse=95)
    assert _by_words(ANA, other).probability < SAME


def test_pages_without_a_word_in_common_are_not_compared() -> None:
    assert match_words(_words(ANA), _words("one two three four five six seven eight nine ten")) is None


def test_a_stamp_is_told_and_is_no_other_sheet() -> None:
    stamped = typed(ANA)
    stamp = Word("COPY", Box(1500, 2500, 1900, 2620), 0.9, 99)
    compared = _by_words(ANA, replace(stamped, words=(*stamped.words, stamp)))
    assert compared.probability >= SAME
    assert [(d.kind, d.one, d.other) for d in compared.differences] == [(Kind.ONLY_THERE, "", "COPY")]
    assert compared.differences[0].one_box is None


def test_words_parted_otherwise_say_the_same() -> None:
    parted = typed(ANA)
    words = []
    for word in parted.words:
        if word.text == "03/14/1957":
            middle = (word.box.left + word.box.right) // 2
            words += [replace(word, text="03/14/", box=word.box._replace(right=middle)), replace(word, text="1957", box=word.box._replace(left=middle))]  # fmt: skip
        else:
            words.append(word)
    assert _by_words(ANA, replace(parted, words=tuple(words))).differences == ()


OTHER_DATE = ANA.replace("01/07/2024", "01/28/2024")


def test_a_number_that_was_misread_on_the_same_ink_is_the_same_sheet() -> None:
    compared = compare_sheets(_sheet(ANA), _sheet(OTHER_DATE, shown=ANA))
    assert compared.probability >= SAME
    assert compared.differences == ()


def test_a_date_that_both_pages_surely_read_otherwise_is_another_sheet() -> None:
    compared = compare_sheets(_sheet(ANA), _sheet(OTHER_DATE))
    assert compared.probability < SAME
    assert [(d.kind, d.one, d.other) for d in compared.differences] == [(Kind.MISREAD, "01/07/2024", "01/28/2024")]


def test_the_same_hand_in_a_blank_is_the_same_sheet_and_another_is_not() -> None:
    blanks = [(500, 100 + 60 * row) for row in range(6)]
    one, other = (tuple(scribble(*at, seed=seed + n) for n, at in enumerate(blanks)) for seed in (1, 50))
    assert find_probability(_sheet(ANA, strokes=one), _sheet(ANA, strokes=one)) >= SAME
    assert find_probability(_sheet(ANA, strokes=one), _sheet(ANA, strokes=other)) < SAME


def test_another_person_is_told_by_the_upper_third_of_the_ink() -> None:
    assert find_probability(_sheet(ANA), _sheet(WEI)) < SAME


def test_a_remark_on_one_page_only_is_told_and_is_no_other_sheet() -> None:
    remark = (scribble(300, 700, seed=3),)
    plain, noted = _sheet(ANA), _sheet(ANA, strokes=remark)
    for one, other, kind in ((plain, noted, Kind.ONLY_THERE), (noted, plain, Kind.ONLY_HERE)):
        compared = compare_sheets(one, other)
        assert compared.probability >= SAME
        [told] = compared.differences
        assert (told.kind, told.one, told.other) == (kind, "", "")
        assert (told.one_box is None) is (kind is Kind.ONLY_THERE)
        assert (told.other_box is None) is (kind is Kind.ONLY_HERE)


def test_a_form_filled_in_by_hand_is_not_the_empty_one() -> None:
    filled = tuple(
        scribble(60 + 130 * column, 420 + 40 * row, seed=9 * row + column) for row in range(14) for column in range(5)
    )
    assert find_probability(_sheet(ANA), _sheet(ANA, strokes=filled)) < SAME


def test_pages_of_which_little_lies_on_each_other_are_not_the_same_sheet() -> None:
    there = _moved(typed(ANA), 0.3, 1700, 2400)
    assert find_probability(_sheet(ANA), _sheet(there)) < SAME


def test_the_map_between_two_pages_is_found() -> None:
    match = match_words(_words(ANA), _words(_moved(typed(ANA), 0.97, 30, 45)))
    assert match is not None
    assert match.share == 1.0
    assert np.allclose(match.to_one[:, :2], np.eye(2) / 0.97, atol=0.02)


def test_the_order_of_two_pages_changes_nothing_but_the_sides() -> None:
    extra = ANA + "\nadded afterwards by another nurse"
    one, other = (_by_words(a, b) for a, b in ((ANA, extra), (extra, ANA)))
    assert one.probability == other.probability
    assert {d.kind for d in one.differences} == {Kind.ONLY_THERE}
    assert {d.kind for d in other.differences} == {Kind.ONLY_HERE}


def test_an_empty_form_is_not_the_one_that_was_filled_in() -> None:
    empty = FORM.format(name="", mrn="", day="", pulse="").replace("DOB: 03/14/1957", "DOB:")
    filled = ANA + "\n" + "\n".join(f"Note {n} written at {n}:15 by hand" for n in range(6, 16))
    assert _by_words(empty, filled).probability < SAME


def test_words_that_one_recogniser_lost_are_seen_in_the_ink() -> None:
    page = typed(ANA)
    lost = replace(page, words=tuple(w for n, w in enumerate(page.words) if n % 5))
    compared = compare_sheets(_sheet(page), _sheet(lost, shown=page))
    assert compared.probability >= SAME
    assert compared.differences == ()
