"""What is written into blanks, told without reading it: the same sheet has it as long as before, another filling has not."""

import numpy as np

from ocr.blanks import Printed, agreements, find_blanks, keys_kept, keys_looked_for, packed
from ocr.inkpicture import InkPicture
from ocr.sheetprint import words_of
from tests.given.ink import ink_of, scribble
from tests.given.paper import typed

LABELS = ("Patient", "Birthdate", "Record", "Allergies", "Weight", "Attending")
FORM = typed("\n\n".join(LABELS))


def _printed() -> Printed:
    words = words_of(FORM)
    assert words is not None
    return Printed(words.plain, words.boxes / 2, words.confidences)


def _filled(*letters: int, rule: bool = False, off: int = 0) -> InkPicture:
    """Something by hand behind each label, so many letters long."""
    starts = [(150 + 20 * len(label)) // 3 + 10 for label in LABELS]
    picture = ink_of(FORM, tuple(
        scribble(start, 57 + 40 * row + off, seed=row, letters=long) for row, (start, long) in enumerate(zip(starts, letters, strict=True)) if long
    ))  # fmt: skip
    if rule:
        for row in range(len(LABELS)):
            picture.ink[62 + 40 * row, 200:700] = 1
    return picture


def _blanks(picture: InkPicture) -> bytes:
    return packed(find_blanks(_printed(), picture))


ONE, OTHER = _filled(4, 6, 5, 9, 3, 7), _filled(8, 3, 9, 4, 7, 12)


def test_each_label_with_ink_behind_it_is_a_blank() -> None:
    found = find_blanks(_printed(), ONE)
    assert len(found) == len(LABELS)
    assert len(find_blanks(_printed(), _filled(4, 0, 5, 0, 3, 0))) == 3
    assert len(find_blanks(_printed(), _filled(0, 0, 0, 0, 0, 0))) == 0


def test_a_rule_to_write_on_is_no_ink() -> None:
    assert len(find_blanks(_printed(), _filled(0, 0, 0, 0, 0, 0, rule=True))) == 0
    assert agreements(_blanks(ONE), [_blanks(_filled(4, 6, 5, 9, 3, 7, rule=True))])[0] > 4


def test_the_same_sheet_agrees_and_another_filling_does_not() -> None:
    same, other, nothing = agreements(_blanks(ONE), [_blanks(_filled(4, 6, 5, 9, 3, 7, off=1)), _blanks(OTHER), b""])
    assert same > 4.5
    assert other < 2
    assert nothing == 0
    assert agreements(b"", [_blanks(ONE)]).tolist() == [0.0]


def test_the_keys_looked_for_hold_those_kept() -> None:
    one, other = find_blanks(_printed(), ONE), find_blanks(_printed(), OTHER)
    assert keys_kept(one) <= keys_looked_for(one)
    assert len(keys_kept(one) & keys_looked_for(other)) < len(keys_kept(one)) / 3


def test_a_word_that_was_not_surely_read_is_no_label() -> None:
    unsure = _printed()
    unsure = Printed(unsure.plain, unsure.boxes, np.full(len(LABELS), 0.6))
    assert len(find_blanks(unsure, ONE)) == 0


def test_a_label_that_a_page_has_twice_is_not_kept() -> None:
    words = _printed()
    twice = Printed(("patient", *words.plain[1:5], "patient"), words.boxes, words.confidences)
    assert len(find_blanks(twice, ONE)) == 6
    assert len(packed(find_blanks(twice, ONE))) == 4 * 8
