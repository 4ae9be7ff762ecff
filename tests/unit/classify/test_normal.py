"""Normal forms."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify import normal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/14/1957", "1957-03-14"),
        ("3-14-57", "1957-03-14"),
        ("1957-03-14", "1957-03-14"),
        ("19570314", "1957-03-14"),
        ("14 Mar 1957", "1957-03-14"),
        ("March 14, 1957", "1957-03-14"),
        ("14MAR1957", "1957-03-14"),
        ("14/Mar/1957", "1957-03-14"),
        ("1957-Mar-14", "1957-03-14"),
        ("1957 Mar 14", "1957-03-14"),
        ("1957MAR14", "1957-03-14"),
        ("25/12/2020", "2020-12-25"),  # only one order is possible
        ("2020-02-29", "2020-02-29"),
        # refusals
        ("12", None),  # dateutil makes it a day of this month
        ("2021-02-29", None),
        ("13/13/2020", None),
        ("1234", None),
        ("1957-Mar", None),
        ("1957-Mar-140", None),
        ("1957 Main 14", None),  # a house
        ("03/14", None),
        ("Marching 14, 1957", None),
        ("", None),
        ("00/00/0000", None),
        ("120/80", None),  # a blood pressure
    ],
)
def test_dates_are_read_strictly(text: str, expected: str | None) -> None:
    found = normal.parse_date(text)
    assert (found.isoformat() if found else None) == expected


def test_a_two_digit_year_is_never_in_the_future() -> None:
    assert normal.parse_date("04/05/50", not_after=date(2026, 1, 1)) == date(1950, 4, 5)
    assert normal.parse_date("04/05/24", not_after=date(2026, 1, 1)) == date(2024, 4, 5)


def test_a_site_may_write_the_day_first() -> None:
    assert normal.parse_date("04/05/1950", day_first=True) == date(1950, 5, 4)


@given(st.dates(date(1890, 1, 1), date(2090, 12, 31)))
def test_every_date_survives_being_written_and_read(day: date) -> None:
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%d %b %Y", "%B %d, %Y", "%Y-%b-%d", "%Y %B %d"):
        assert normal.parse_date(day.strftime(form)) == day


@given(st.text(max_size=30))
def test_no_text_breaks_the_parsers(text: str) -> None:
    assert normal.parse_date(text) is None or normal.parse_date(text).year >= 1880  # type: ignore[union-attr]
    assert normal.split_name(text) is None or len(normal.split_name(text)) == 4  # type: ignore[arg-type]
    assert normal.parse_sex(text) in (None, "M", "F", "O", "U")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rivera, Ana M", ("Rivera", "Ana", "M", "")),
        ("RIVERA, ANA", ("RIVERA", "ANA", "", "")),
        ("Ana M. Rivera", ("Rivera", "Ana", "M", "")),
        ("Smith, John Q Jr", ("Smith", "John", "Q", "Jr")),
        ("John Smith III", ("Smith", "John", "", "III")),
        ("Smith Jr, John", ("Smith", "John", "", "Jr")),
        ("O'Brien-Lee, Seán", ("O'Brien-Lee", "Seán", "", "")),
        ("Dr. Wei Chen, MD", ("Chen", "Wei", "", "")),
        ("Michael Osei, M.D.", ("Osei", "Michael", "", "")),
        ("Simone Adler, PA-C", ("Adler", "Simone", "", "")),
        ("Brooke Haugen, PT, DPT", ("Haugen", "Brooke", "", "")),
        ("Carol Huffman, FNP", ("Huffman", "Carol", "", "")),
        ("RIVERA^ANA^M", ("RIVERA", "ANA", "M", "")),
        ("RIVERA/ANA/M", ("RIVERA", "ANA", "M", "")),
        ("RIVERA Ana M", ("RIVERA", "Ana", "M", "")),
        ("DE LA CRUZ Joseph", ("DE LA CRUZ", "Joseph", "", "")),
        ("ST. CLAIR Michael F", ("ST CLAIR", "Michael", "F", "")),
        ("AJ Rivera", ("Rivera", "AJ", "", "")),
        ("Ana RIVERA", ("RIVERA", "Ana", "", "")),
        ("ANA RIVERA", ("RIVERA", "ANA", "", "")),
        ("Madonna", None),
        ("", None),
    ],
)
def test_names_are_split(text: str, expected: tuple[str, str, str, str] | None) -> None:
    assert normal.split_name(text) == expected


def test_shapes_hold_no_content() -> None:
    assert normal.shape_of("Rivera 1957-03") == "xxxxxx 9999-99"
