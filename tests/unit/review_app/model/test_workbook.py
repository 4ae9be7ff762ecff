"""A list as a workbook: what a spreadsheet would change stays as it is."""

import pytest

from review_app.model.workbook import draw_workbook, in_order
from tests.given.workbooks import formats_of, formulas_of, sheet_of, texts_of

HEADS = ("MRN", "Name", "Pages", "Since")


@pytest.mark.parametrize(
    "text",
    [
        "00123456",  # leading zeros
        "12345678901234567890",  # more digits than a number of Excel has
        "1E5",
        "3-14",
        "=1+1",
        "+1 330 555 0101",
        "-5",
        "@SUM(A1)",
        "=HYPERLINK(\"http://example.org\")",
        "http://example.org",
        " spaces kept ",
        "two\nlines",
        "<&>\"'",
        "ﬂ Ünï ‮ 中文 🗎",
    ],
)  # fmt: skip
def test_a_text_stays_a_text(text: str) -> None:
    made = draw_workbook(HEADS, [[text, {"text": text, "open": "1"}, 2, None]])
    assert texts_of(made) == [*HEADS, text, text, ""]
    assert formulas_of(made) == []
    assert formats_of(made) == {"@"}  # Excel's own format for text: typed over, it stays one


def test_a_quantity_is_a_number_and_a_day_is_as_programs_read_it() -> None:
    day = {"text": "03/14/1957", "time": "1957-03-14"}
    made = draw_workbook(HEADS, [["1", "a", 12, day], ["2", "b", 2.5, ""]])
    assert texts_of(made) == [*HEADS, "1", "a", "1957-03-14", "2", "b", ""]
    assert b"<v>12</v>" in sheet_of(made)


def test_control_characters_and_a_very_long_text_still_make_a_workbook() -> None:
    made = draw_workbook(["What"], [["a\x00\x08b"], ["x" * 40_000]])
    assert [len(text) for text in texts_of(made)][-1] == 32_767


def test_an_empty_list_has_its_heads() -> None:
    assert texts_of(draw_workbook(HEADS, [])) == list(HEADS)


def test_rows_stand_as_they_stood_on_the_screen() -> None:
    rows = [["a"], ["b"], ["c"]]
    assert in_order(rows, [2, 0, 1]) == [["c"], ["a"], ["b"]]
    for other in ([], [0, 1], [0, 0, 1], [0, 1, 7]):  # of other rows than these
        assert in_order(rows, other) == rows
