"""Separator payloads and sheets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.separators import Separator, find_separator, is_doubtful, make_payload, read_number, read_payload
from tests.paper import typed


@given(st.sampled_from("PDB"), st.lists(st.text(alphabet="ABC0123-", min_size=1, max_size=12), min_size=1, max_size=2))
def test_what_is_printed_is_read(kind: str, values: list[str]) -> None:
    assert read_payload(make_payload(kind, *values)) == Separator(kind, tuple(values))


@given(st.integers(0, 20), st.sampled_from("0123456789ABCX|"))
def test_one_misread_character_is_never_believed(place: int, character: str) -> None:
    good = make_payload("P", "00123456", "V2400881")
    place = min(place, len(good) - 1)
    bad = good[:place] + character + good[place + 1 :]
    assert bad == good or read_payload(bad) is None


def test_patch_t_starts_a_document() -> None:
    assert read_payload("PATCHT") == Separator("D", ("",))


@pytest.mark.parametrize("text", ["", "S1", "S1|P|1", "hello|12", "S1|X|1|00", "MRN:00123456"])
def test_other_barcodes_are_no_separators(text: str) -> None:
    assert read_payload(text) is None


def test_two_codes_that_disagree_are_no_separator_but_a_doubt() -> None:
    page = typed("Patient separator", barcodes=(make_payload("P", "1", ""), make_payload("P", "2", "")))
    assert find_separator(page) is None
    assert is_doubtful(page)


def test_a_sheet_whose_code_is_unreadable_is_a_doubt() -> None:
    assert is_doubtful(typed("Patient separator\nMRN 00123456"))
    assert is_doubtful(typed("x", barcodes=("S1|P|00123456||99",)))
    assert not is_doubtful(typed("PROGRESS NOTE\nThe patient is well."))


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("000000000000000007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None), ("", None), ("-1", None),
     ("1e3", None), ("²", None), ("٣", None), ("7 ", None)],
)  # fmt: skip
def test_a_number_on_a_sheet_fits_a_database_or_is_none(text: str, number: int | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("value", ["x" * 10_000, "\ud800", "\x00", "\u202e12", "|" * 50, "²" * 3000])
def test_any_payload_is_checked_without_an_error(value: str) -> None:
    sheet = read_payload(make_payload("R", value))
    assert sheet is not None
    assert sheet.kind == "R"
    assert read_payload(f"S1|R|{value}|00") is None or make_payload("R", value).endswith("|00")
