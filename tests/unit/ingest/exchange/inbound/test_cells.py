"""Cells of a spreadsheet: what is repaired, what was changed for good, and which day a date is."""

from datetime import date

import pytest

from ingest.exchange.inbound.cells import (
    Column,
    clean_cell,
    is_changed_number,
    lines_of,
    order_of,
    read_day,
    whole_number,
    without_time,
)

TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classify.normal.today", lambda: TODAY)


@pytest.mark.parametrize(
    ("name", "cell", "kept"),
    [
        ("mrn", '="00123456"', "00123456"),
        ("mrn", '= "00123456"', "00123456"),
        ("mrn", '=T("00123456")', "00123456"),
        ("mrn", "'00123456", "00123456"),
        ("mrn", "’00123456", "00123456"),
        ("mrn", " 00123456\u200b ", "00123456"),
        ("mrn", "\ufeff00123456", "00123456"),
        ("mrn", "'", "'"),  # nothing stands behind it
        ("mrn", "=00123456", "=00123456"),  # no text: a formula that nobody evaluates here
        ("mrn", "#N/A", ""),
        ("mrn", "#####", ""),
        ("mrn", "NULL", ""),
        ("mrn", "nan", ""),
        ("mrn", "NaN", ""),
        ("birth_date", "None", ""),
        ("family", "Null", "Null"),  # a surname
        ("family", "None", "None"),
        ("family", "'t Hooft", "'t Hooft"),
        ("family", '="O""Brien"', 'O"Brien'),
        ("phone", "'3305550101", "3305550101"),
    ],
)
def test_a_cell_is_what_was_meant(name: str, cell: str, kept: str) -> None:
    assert clean_cell(name, cell) == kept


@pytest.mark.parametrize(
    ("text", "is_changed"),
    [
        ("481593.0", True), ("481593,0", True), ("481593.00", True), ("4.81593E+05", True), ("4,81593E+05", True),
        ("4E+15", True), ("481,593", True), ("1,481,593", True),
        ("481593", False), ("00481593", False), ("481593.5", False), ("4815,93", False), ("A-481,593", False),
        ("12E45", False),  # numbers of some hospitals are written so
        ("4.8E5", True), ("", False), ("481.593.0", False),
    ],
)  # fmt: skip
def test_a_number_that_a_spreadsheet_changed_is_told_by_its_form(text: str, is_changed: bool) -> None:
    assert is_changed_number(text) is is_changed


@pytest.mark.parametrize(
    ("name", "text", "whole"),
    [
        ("postcode", "2138.0", "02138"),
        ("postcode", "44622.0", "44622"),
        ("postcode", "2138", "2138"),  # as it stands: perhaps of another country
        ("phone", "3305550101.0", "3305550101"),
        ("phone", "3.30555E+09", None),
        ("ssn", "1234.0", "1234"),
        ("phone", "330-555-0101", "330-555-0101"),
    ],
)
def test_decimals_are_taken_off_and_lost_digits_told(name: str, text: str, whole: str | None) -> None:
    assert whole_number(name, text) == whole


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("14/03/1957", "day"), ("03/14/1957", "month"), ("03/04/1957", "either"), ("3.4.57", "either"), ("4-3-1957", "either"),
        ("04/04/1957", None), ("14/15/1957", None), ("1957-03-04", None), ("March 4, 1957", None), ("", None),
        ("14/03/1957 08:30", "day"), ("03/14/1957T08:30:00Z", "month"),
    ],
)  # fmt: skip
def test_which_order_a_date_can_have(text: str, order: str | None) -> None:
    assert order_of(text) == order


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1957-03-14 00:00:00", "1957-03-14"), ("1957-03-14T00:00:00.000Z", "1957-03-14"), ("3/14/1957 8:30 PM", "3/14/1957"),
        ("1957-03-14T08:30:00+01:00", "1957-03-14"), ("1957-03-14", "1957-03-14"), ("14.03.1957  08:30", "14.03.1957"),
        ("3/14/1957 8:30 p.m.", "3/14/1957"),
    ],
)  # fmt: skip
def test_the_time_of_day_is_left_off(text: str, day: str) -> None:
    assert without_time(text) == day


@pytest.mark.parametrize(
    ("name", "text", "day_first", "day"),
    [
        ("birth_date", "", False, None),
        ("birth_date", "03/04/1957", False, date(1957, 3, 4)),
        ("birth_date", "03/04/1957", True, date(1957, 4, 3)),
        ("birth_date", "1957-03-04", True, date(1957, 3, 4)),
        ("birth_date", "19570304", False, date(1957, 3, 4)),
        ("birth_date", "19570304.0", False, date(1957, 3, 4)),
        ("birth_date", "2026-06-15", False, TODAY),
        ("birth_date", "03/04/30", False, date(1930, 3, 4)),
        ("admitted", "2026-12-24", False, date(2026, 12, 24)),  # it is planned
        ("died", "2026-06-14 23:59", False, date(2026, 6, 14)),
    ],
)
def test_a_day_is_read(name: str, text: str, day_first: bool, day: date | None) -> None:
    assert read_day(name, text, day_first=day_first) == day


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("birth_date", "1957", "the date of birth is a year alone or a spreadsheet's day number"),
        ("birth_date", "20893", "the date of birth is a year alone or a spreadsheet's day number"),
        ("died", "20893.5", "the date of death is a year alone or a spreadsheet's day number"),
        ("birth_date", "31/02/1957", "the date of birth (shape 99/99/9999) is no real date"),
        ("admitted", "soon", "the admission date (shape "),
        ("birth_date", "2026-06-16", "the date of birth lies in the future"),
        ("died", "2027-01-01", "the date of death lies in the future"),
    ],
)
def test_what_is_no_day_is_told_without_its_text(name: str, text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        read_day(name, text, day_first=False)
    assert str(refused.value).startswith(sentence)
    assert text not in str(refused.value)


def test_a_column_counts_what_it_sees() -> None:
    mrn, born = Column(), Column()
    for line, cell in enumerate(("00123456", "'00123457", "", "481593.0", "4.8E+05"), start=2):
        mrn.see("mrn", cell, line)
    for line, cell in enumerate(("14/03/1957", "03/14/1957", "03/04/1957", "1957-03-04", ""), start=2):
        born.see("birth_date", cell, line)
    assert (mrn.rows, mrn.repaired, mrn.changed, mrn.shape) == (4, 1, [5, 6], "999999.9")
    assert (born.rows, born.day_first, born.month_first, born.open_dates) == (4, [2], [3], 1)


@pytest.mark.parametrize(
    ("lines", "text"), [([], ""), ([2], "2"), ([2, 3, 4], "2, 3, 4"), ([2, 3, 4, 5], "2, 3, 4 and more")]
)
def test_the_first_lines_are_named(lines: list[int], text: str) -> None:
    assert lines_of(lines) == text
