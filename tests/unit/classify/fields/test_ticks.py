"""A sex that is ticked."""

from dataclasses import replace

import pytest

from classify.fields import ticks
from classify.fields.find import find_fields
from classify.fields.table import FIELDS
from classify.finding.labels import find_anchors
from classify.profile import Profile
from classify.rows import rows_of
from ocr.page import Box, Mark, MarkKind, MarkState, OcrPage
from tests.given.paper import typed

P = Profile()


def _with_marks(page: OcrPage, states: dict[str, MarkState]) -> OcrPage:
    """The page with a box drawn right behind each of these words."""
    marks = []
    for word in page.words:
        if word.text in states:
            left = word.box.right + 4
            marks.append(
                Mark(MarkKind.TICK_BOX, Box(left, word.box.top, left + 14, word.box.bottom), states[word.text])
            )
    return replace(page, marks=tuple(marks))


def _sex(page: OcrPage) -> str | None:
    found = max((v for v in find_fields(page, P) if v.name == "sex"), key=lambda v: v.confidence, default=None)
    return found.value if found else None


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Sex:  M [ ]  F [X]", "F"),
        ("Sex:  M [X]  F [ ]", "M"),
        ("SEX   [ ] Male   [X] Female", "F"),
        ("SEX   [x] Male   [ ] Female", "M"),
        ("Sex:  M [ ]  F [ ]", None),  # neither
        ("Sex:  M [X]  F [X]", None),  # both
        ("Sex: M", "M"),
        ("Sex: F   MRN: 00123456", "F"),
    ],
)
def test_the_ticked_one_counts(text: str, sex: str | None) -> None:
    assert _sex(typed(text)) == sex


@pytest.mark.parametrize(
    ("states", "sex"),
    [
        ({"M": MarkState.EMPTY, "F": MarkState.TICKED}, "F"),
        ({"M": MarkState.TICKED, "F": MarkState.EMPTY}, "M"),
        ({"M": MarkState.EMPTY, "F": MarkState.EMPTY}, None),
        ({"M": MarkState.UNCLEAR, "F": MarkState.EMPTY}, None),
    ],
)
def test_drawn_boxes_tell_it_as_well(states: dict[str, MarkState], sex: str | None) -> None:
    assert _sex(_with_marks(typed("3. SEX    M     F"), states)) == sex


def test_boxes_may_stand_under_the_label() -> None:
    rows = rows_of(typed("SEX\nM [ ]  F [X]"))
    ((_, told),) = ticks.find(rows, find_anchors(rows, FIELDS, P), ())
    assert told is not None
    assert told.value == "F"


@pytest.mark.parametrize(
    ("text", "states", "sex"),
    [
        ("A. Whose records\n  Male   Female", {"Male": MarkState.EMPTY, "Female": MarkState.TICKED}, "F"),
        ("A. Whose records\n  Male   Female", {"Male": MarkState.TICKED, "Female": MarkState.TICKED}, None),
        ("A. Whose records\n  Male   Female", {"Male": MarkState.TICKED}, None),  # one of them is a word
        ("Emergency contact\n  Male   Female", {"Male": MarkState.EMPTY, "Female": MarkState.TICKED}, None),
        ("A. Whose records\n  M   F", {"M": MarkState.EMPTY, "F": MarkState.TICKED}, None),  # letters are many things
    ],
)
def test_two_boxes_tell_it_without_a_label(text: str, states: dict[str, MarkState], sex: str | None) -> None:
    assert _sex(_with_marks(typed(text), states)) == sex


def test_a_letter_of_the_next_column_is_not_the_other_box() -> None:
    page = typed(
        "BIRTH DATE        SEX        M S W D        NEAREST RELATIVE\n03/14/1957        F          M              COLE, LISA"
    )
    assert _sex(page) == "F"
