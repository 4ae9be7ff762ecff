"""Where the value of a label stands: beside it, below it, above it, and where it has none."""

from dataclasses import replace

import pytest

from classify.fields import dates, mrn, name
from classify.fields.find import find_fields
from classify.fields.table import FIELDS
from classify.finding.field import longest_value
from classify.finding.labels import find_anchors
from classify.finding.places import Found, Side, find_values, labels_by_row
from classify.profile import Profile
from classify.rows import rows_of
from ocr.page import Box, OcrPage, PageOutcome, Word
from tests.given.paper import typed

P = Profile()


def _found(page: OcrPage | str) -> dict[str, Found]:
    rows = rows_of(typed(page) if isinstance(page, str) else page)
    return {found.field: found for found in find_values(rows, FIELDS, find_anchors(rows, FIELDS, P), P)}


def _values(page: OcrPage | str) -> dict[str, tuple[str, str]]:
    return {field: (found.value, found.side.value) for field, found in _found(page).items()}


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("MRN: 00123456", {"mrn": ("00123456", "right")}, "after a colon"),
        ("MRN:00123456", {"mrn": ("00123456", "right")}, "glued to it"),
        ("MRN     00123456", {"mrn": ("00123456", "right")}, "after a gap"),
        ("   00123456         RIVERA, ANA\n     MRN             Patient", {"mrn": ("00123456", "above"), "name": ("RIVERA, ANA", "above")}, "in the middle under a wider value"),
        ("Fecha de nacimiento / Date of birth      Sexo / Sex\n03/14/1957                               F", {"dob": ("1957-03-14", "below"), "sex": ("F", "below")}, "labels in two languages"),
        ("RIVERA, ANA        PATIENT        03/14/1957        DOB\n00123456           MRN            F                 SEX", {"name": ("RIVERA, ANA", "before"), "dob": ("1957-03-14", "before"), "mrn": ("00123456", "before"), "sex": ("F", "before")}, "labels at the end of the line"),
        ("DOB: 67 yrs, 03/14/1957", {"dob": ("1957-03-14", "right")}, "behind the age"),
        ("DOB: 4 de marzo de 1957", {"dob": ("1957-03-04", "right")}, "a day in Spanish, of five words"),
        ("Phone: 330 - 555 - 0101", {"phone": ("3305550101", "right")}, "a number of five words"),
        ("MRN ........ 00123456", {"mrn": ("00123456", "right")}, "after leader dots"),
        ("MRN: ____00123456", {"mrn": ("00123456", "right")}, "on a line"),
        ("MRN: [00123456]", {"mrn": ("00123456", "right")}, "in a box"),
        ("MRN: | 00123456", {"mrn": ("00123456", "right")}, "after the rule of a box"),
        ("MRN:\n00123456", {"mrn": ("00123456", "below")}, "on the next line"),
        ("MRN\n00123456", {"mrn": ("00123456", "below")}, "on the next line, without a colon"),
        ("MRN:\n\n00123456", {"mrn": ("00123456", "below")}, "with an empty line between"),
        ("Name: Rivera, Ana MRN: 00123456", {"name": ("RIVERA, ANA", "right"), "mrn": ("00123456", "right")}, "up to the next label"),
        ("Name: Rivera, Ana Age: 67 Sex: F", {"name": ("RIVERA, ANA", "right"), "sex": ("F", "right")}, "one that we do not index ends it too"),
        ("Name: Rivera, Ana              Maria", {"name": ("RIVERA, ANA", "right")}, "up to a gap wider than any in a name"),
        ("Name: Rivera, Ana   M", {"name": ("RIVERA, ANA M", "right")}, "a gap as names have it ends nothing"),
        ("Name: Rivera, Ana was seen today", {"name": ("RIVERA, ANA", "right")}, "the longest beginning that is a name"),
        ("00123456\nMRN", {"mrn": ("00123456", "above")}, "above, where nothing else can be meant"),
        ("DOB: 03/14/1957 (67 years)", {"dob": ("1957-03-14", "right")}, "and no more than the date"),
    ],
)  # fmt: skip
def test_a_value_is_found_where_it_stands(text: str, expected: dict[str, tuple[str, str]], why: str) -> None:
    assert _values(text) == expected, why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("MRN:", "nothing there"),
        ("MRN: ________", "a line to write on"),
        ("MRN: pending", "no number"),
        ("MRN: Name:", "another label"),
        ("MRN:\nName:", "another label below"),
        ("MRN:\n\n\n\n00123456", "too far below"),
        ("MRN:" + "\n" + " " * 20 + "00123456", "below, but in another column"),
        ("Date of birth is unknown to us", "a sentence"),
        ("Name: was not given", "a sentence for a value"),
        ("Rivera, Ana\nPatient Name", "above, on a page that shows no such habit"),
        ("00123456 MRN", "before the label"),
    ],
)
def test_where_no_value_stands_none_is_found(text: str, why: str) -> None:
    assert _values(text) == {}, why


BOXES = "PATIENT NAME            MRN             DATE OF BIRTH\nRivera, Ana M           00123456        03/14/1957"


def test_in_a_table_each_value_stands_under_its_head() -> None:
    assert _values(BOXES) == {
        "name": ("RIVERA, ANA M", "below"),
        "mrn": ("00123456", "below"),
        "dob": ("1957-03-14", "below"),
    }


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("                        00123456        03/14/1957", {"mrn", "dob"}),  # the first box is empty
        ("Rivera, Ana M                           03/14/1957", {"name", "dob"}),
        ("Rivera, Ana M           00123456", {"name", "mrn"}),
    ],
    ids=["name", "number", "birthday"],
)
def test_an_empty_box_does_not_take_its_neighbours_value(row: str, expected: set[str]) -> None:
    assert set(_values(BOXES.splitlines()[0] + "\n" + row)) == expected


UNDER_LINES = (
    "Rivera, Ana M             03/14/1957          F\nPatient Name              Date of Birth       Sex\n\n"
    "00123456                  02/01/2024          Chen, Wei\nMRN                       Admission Date      Attending"
)


def test_on_a_form_with_the_label_under_the_line_values_stand_above() -> None:
    found = _values(UNDER_LINES)
    assert {side for _, side in found.values()} == {"above"}
    assert {field: value for field, (value, _) in found.items()} == {
        "name": "RIVERA, ANA M", "dob": "1957-03-14", "sex": "F", "mrn": "00123456", "admit_date": "2024-02-01", "attending": "CHEN, WEI",
    }  # fmt: skip


def test_a_page_shows_its_habit_by_values_that_cannot_be_mistaken() -> None:
    """A name may stand above or below; the dates around it tell which."""
    under = _found(UNDER_LINES)["name"]
    over = _found(BOXES)["name"]
    assert under.side is Side.ABOVE
    assert over.side is Side.BELOW
    assert under.habit > 0.5
    assert over.habit > 0.5
    alone = _found("PATIENT NAME\nRivera, Ana M")["name"]
    assert alone.habit < over.habit, "nothing shows that values stand below here"


@pytest.mark.parametrize(
    ("text", "habit"),
    [("MRN: 00123456", 0.95), ("MRN:\n00123456", 0.5), ("MRN: 12\n00123456", 0.5)],
)
def test_after_a_colon_a_value_stands_beside_or_else_below(text: str, habit: float) -> None:
    found = _found(text)["mrn"]
    assert (found.value, found.habit) == ("00123456", habit)


def test_a_value_that_is_not_valid_is_half_as_likely() -> None:
    assert _found("DOB: 03/14/2090")["dob"].habit == 0.95 / 2


def test_a_valid_value_beside_the_label_goes_before_one_below() -> None:
    assert _values("MRN: 00123456\n00999999") == {"mrn": ("00123456", "right")}


def test_one_value_belongs_to_one_label() -> None:
    """Between two labels without a colon the number is the value of the first, and the second has none."""
    assert set(_values("MRN\n00123456\nAccount Number")) == {"mrn"}


def test_a_value_tells_how_it_was_found() -> None:
    found = _found("Patient Name: Rivera, Ana was seen")["name"]
    assert (found.raw, found.left_out, found.side, found.is_valid) == ("Rivera, Ana", 2, Side.RIGHT, True)
    assert [word.text for word in found.words] == ["Rivera,", "Ana"]
    assert (found.box.left, found.box.right) == (150 + 14 * 20, 150 + 25 * 20)
    assert found.gap == pytest.approx(20 / 40)  # one blank, in heights of the label


@pytest.mark.parametrize(("blanks", "gap"), [(1, 0.5), (4, 2.0), (10, 5.0)])
def test_the_gap_is_counted_in_heights_of_the_label(blanks: int, gap: float) -> None:
    assert _found("MRN:" + " " * blanks + "00123456")["mrn"].gap == pytest.approx(gap)


def test_a_value_glued_to_its_label_has_the_box_of_its_own_part() -> None:
    box = _found("MRN:00123456")["mrn"].box
    assert (box.left, box.right) == (150 + 4 * 20, 150 + 12 * 20)


def test_a_value_set_larger_than_its_small_label_is_still_below_it() -> None:
    """Forms print labels in six points and people write in fourteen."""
    label = Word("MRN", Box(150, 150, 200, 168), 0.95, 0)
    value = Word("00123456", Box(150, 205, 400, 250), 0.95, 1)
    page = OcrPage(1, PageOutcome.OK, 2550, 3300, 300, words=(label, value))
    assert _values(page) == {"mrn": ("00123456", "below")}
    lower = replace(value, box=Box(150, 300, 400, 345))
    assert _values(replace(page, words=(label, lower))) == {}


def test_words_that_stand_a_little_left_of_the_label_are_below_it_too() -> None:
    assert set(_values("  MRN\n00123456")) == {"mrn"}
    assert set(_values("        MRN\n00123456")) == set()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Rivera, Ana M", ("RIVERA, ANA M", "Rivera, Ana M", True, 3)),
        (
            "Rivera, Ana M (alert)",
            ("RIVERA, ANA M", "Rivera, Ana M (alert)", True, 4),
        ),  # what is in brackets is no name
        ("Rivera, Ana 00123456", ("RIVERA, ANA", "Rivera, Ana", True, 2)),
        ("; Rivera, Ana ;", ("RIVERA, ANA", "Rivera, Ana", True, 4)),
        ("Rivera, A", ("RIVERA, A", "Rivera, A", False, 2)),
        ("was not given", None),
        ("", None),
    ],
)
def test_the_longest_beginning_that_is_such_a_value_is_taken(
    words: str, expected: tuple[str, str, bool, int] | None
) -> None:
    assert longest_value(name.FIELD, list(typed(words).words), P) == expected


def test_no_more_words_are_looked_at_than_a_field_may_have() -> None:
    words = list(typed("001 23 45 6 7 8").words)
    assert longest_value(mrn.FIELD, words, P) == ("0012345", "001 23 45", True, 3)
    assert longest_value(replace(mrn.FIELD, most_words=2), words, P) == ("00123", "001 23", True, 2)
    assert longest_value(dates.DOB, list(typed("March 14, 1957 in Akron").words), P) == (
        "1957-03-14",
        "March 14, 1957 in",
        True,
        4,
    )


def test_the_labels_of_a_row_are_told_left_to_right() -> None:
    rows = rows_of(typed("Name: Rivera MRN: 00123456 Sex: F"))
    labels = labels_by_row(rows, find_anchors(rows, FIELDS, P))[0]
    assert labels.firsts == (0, 2, 4)
    assert labels.words == {0, 2, 4}
    assert labels.after(0) == (2, rows[0].words[2].box.left)
    assert labels.after(3) == (4, rows[0].words[4].box.left)
    assert labels.after(4) == (None, None)


@pytest.mark.parametrize(
    ("page", "number", "why"),
    [
        (
            "Rivera, Ana        00123456\nPatient Name       Hosp. #\n\n03/14/1957         F\nDate of Birth      Sex",
            "00123456",
            "over its label",
        ),
        ("Patient Name: Rivera, Ana\nHosp. # 00123456", "00123456", "behind it"),
        (
            "Name of Pt. - RIVERA, ANA           Chart # -\n00123456\nDOB - 03/14/1957",
            "00123456",
            "at the next row's beginning",
        ),
        (
            "Name of Pt. - RIVERA, ANA           Chart # -\nThe wound is clean, and 00123456 pads were used today",
            None,
            "a row of text",
        ),
    ],
)
def test_a_label_with_a_number_sign_has_its_value_where_the_page_has_it(
    page: str, number: str | None, why: str
) -> None:
    values = [v for v in find_fields(typed(page), Profile()) if v.name == "mrn" and v.confidence >= 0.5]
    assert next((value.value for value in values), None) == number, why
