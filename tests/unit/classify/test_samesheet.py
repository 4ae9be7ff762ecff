"""Two pages laid over each other: the same sheet when what was written in is the same, whatever the printed form says."""

from dataclasses import replace

import numpy as np
import pytest

from classify.samesheet import SAME, Kind, WordMatch, compare_sheets, match_words, places_of, probability
from ocr.inkmatch import InkMatch
from ocr.page import Box, OcrPage, Word
from ocr.sheetprint import SheetWords, words_of
from tests.given.paper import typed
from tests.unit.ocr.test_sheetprint import ANA, FORM, WEI


def _words(page: OcrPage | str) -> SheetWords:
    found = words_of(typed(page) if isinstance(page, str) else page)
    assert found is not None
    return found


def _moved(page: OcrPage, scale: float, right: int, down: int) -> OcrPage:
    """The page shifted, and made smaller as a copier does it."""

    def at(box: Box) -> Box:
        return Box(*(round(edge * scale + by) for edge, by in zip(box, (right, down, right, down), strict=True)))

    return replace(page, words=tuple(replace(word, box=at(word.box)) for word in page.words))


@pytest.mark.parametrize(("scale", "right", "down"), [(1.0, 0, 0), (1.0, 60, -50), (0.96, 40, 80), (1.03, -30, 10)])
def test_the_same_words_shifted_and_stretched_are_the_same_sheet(scale: float, right: int, down: int) -> None:
    compared = compare_sheets(_words(ANA), _words(_moved(typed(ANA), scale, right, down)))
    assert compared.probability >= SAME
    assert compared.differences == ()


def test_another_persons_form_is_another_sheet() -> None:
    assert compare_sheets(_words(ANA), _words(WEI)).probability < 0.01


def test_another_day_of_the_same_person_is_another_sheet() -> None:
    other = FORM.format(name="Rivera, Ana", mrn="00123456", day="11/28/2024", pulse=95)
    assert compare_sheets(_words(ANA), _words(other)).probability < SAME


def test_pages_without_a_word_in_common_are_not_compared() -> None:
    assert match_words(_words(ANA), _words("one two three four five six seven eight nine ten")) is None


def test_a_stamp_is_told_and_is_no_other_sheet() -> None:
    stamped = typed(ANA)
    stamp = Word("COPY", Box(1500, 2500, 1900, 2620), 0.9, 99)
    compared = compare_sheets(_words(ANA), _words(replace(stamped, words=(*stamped.words, stamp))))
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
    assert compare_sheets(_words(ANA), _words(replace(parted, words=tuple(words)))).differences == ()


def _ink(match: WordMatch, *, is_same: bool) -> InkMatch:
    return InkMatch((0.2 if is_same else 9.0,) * len(places_of(match)), (True,) * len(places_of(match)), 0)


def test_a_number_that_differs_a_little_is_decided_by_its_ink() -> None:
    next_day = ANA.replace("01/07/2024", "01/09/2024")
    same = compare_sheets(_words(ANA), _words(next_day), lambda match: _ink(match, is_same=True))
    other = compare_sheets(_words(ANA), _words(next_day), lambda match: _ink(match, is_same=False))
    assert same.probability >= SAME
    assert same.differences == ()  # it was only misread
    assert other.probability < SAME
    assert [(d.kind, d.one, d.other) for d in other.differences] == [(Kind.MISREAD, "01/07/2024", "01/09/2024")]


def test_ink_without_words_speaks_against_it() -> None:
    compared = compare_sheets(_words(ANA), _words(ANA), lambda match: InkMatch((), (), 12))
    assert compared.probability < SAME


def test_pages_that_differ_clearly_are_not_opened() -> None:
    def opened(match: WordMatch) -> InkMatch | None:
        raise AssertionError("the pictures were opened")

    rows = [f"entry {row} of this form shows the value {{0}}{row * 37}{{1}} at that time of day" for row in range(40)]
    one, other = ("\n".join(rows).format(*values) for values in ((111, 222), (793, 586)))
    assert compare_sheets(_words(one), _words(other), opened).probability < SAME


def test_the_map_between_two_pages_is_found() -> None:
    match = match_words(_words(ANA), _words(_moved(typed(ANA), 0.97, 30, 45)))
    assert match is not None
    assert match.share == 1.0
    assert np.allclose(match.to_one[:, :2], np.eye(2) / 0.97, atol=0.02)
    assert probability(match, None) >= SAME


def test_the_order_of_two_pages_changes_nothing_but_the_sides() -> None:
    extra = ANA + "\nadded afterwards by another nurse"
    one, other = (compare_sheets(_words(a), _words(b)) for a, b in ((ANA, extra), (extra, ANA)))
    assert one.probability == other.probability
    assert {d.kind for d in one.differences} == {Kind.ONLY_THERE}
    assert {d.kind for d in other.differences} == {Kind.ONLY_HERE}


def test_an_empty_form_is_not_the_one_that_was_filled_in() -> None:
    empty = FORM.format(name="", mrn="", day="", pulse="").replace("DOB: 03/14/1957", "DOB:")
    filled = ANA + "\n" + "\n".join(f"Note {n} written at {n}:15 by hand" for n in range(6, 16))
    assert compare_sheets(_words(empty), _words(filled)).probability < SAME


def test_words_that_one_recogniser_lost_are_seen_in_the_ink() -> None:
    page = typed(ANA)
    lost = replace(page, words=tuple(w for n, w in enumerate(page.words) if n % 5))
    compared = compare_sheets(_words(page), _words(lost), lambda match: _ink(match, is_same=True))
    assert compared.probability >= SAME
    assert compared.differences == ()
