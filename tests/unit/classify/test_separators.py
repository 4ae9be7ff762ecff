"""Separator payloads and sheets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.doubts import sentence_of
from classify.profile import Profile
from classify.separators import Separator, find_separator, is_doubtful, make_payload, read_number, read_payload
from classify.split import split_pages
from tests.given.paper import typed


@given(st.sampled_from("PDB"), st.lists(st.text(alphabet="ABC0123-", min_size=1, max_size=12), min_size=1, max_size=2))
def test_what_is_printed_is_read(kind: str, values: list[str]) -> None:
    assert read_payload(make_payload(kind, *values)) == Separator(kind, tuple(values))


@given(st.integers(0, 20), st.sampled_from("0123456789ABCX|"))
def test_one_misread_character_is_never_believed(place: int, character: str) -> None:
    good = make_payload("P", "00123456", "V2400881")
    place = min(place, len(good) - 1)
    bad = good[:place] + character + good[place + 1 :]
    assert bad == good or read_payload(bad) is None


@pytest.mark.parametrize("text", ["PATCHT", "PATCH T", "PATCH 2", "PATCH 3"])
def test_patch_sheets_start_a_document(text: str) -> None:
    assert read_payload(text) == Separator("D", ("",))


@pytest.mark.parametrize("text", ["PATCH 1", "PATCH 4", "PATCH 6", "PATCH 5", "PATCH", "DISPATCH T"])
def test_other_patch_codes_start_nothing(text: str) -> None:
    assert read_payload(text) is None


INSTRUCTIONS = "Place this sheet before the first page of each document and do not write on the bars\n" * 6


@pytest.mark.parametrize(
    ("text", "codes", "is_sheet", "is_doubt"),
    [
        ("", ("PATCH T",), True, False),
        ("PATCH T\n" + INSTRUCTIONS, ("PATCHT", "PATCHT"), True, False),
        (INSTRUCTIONS, ("PATCH 2",), True, False),
        ("", ("PATCH 3", "PATCH T"), True, False),  # mirror images of each other
        ("PATCH 4\n" + INSTRUCTIONS, ("PATCH 4",), False, True),
        ("", ("PATCH T", "PATCH 6"), False, True),
        ("PATCH T\n" + INSTRUCTIONS, (), False, True),  # its bars cannot be read
        ("Kodak Patch Code 3\n", (), False, True),
        ("Transfer patch.\n", (), False, True),
        (INSTRUCTIONS * 4, ("PATCH T",), False, True),  # more than any sheet says
        ("", (make_payload("P", "00123456", "V1"), "PATCH T"), True, False),
        ("Fentanyl patch 25 mcg, patch T 3 removed", (), False, False),
    ],
)
def test_a_sheet_with_instructions_is_a_sheet(
    text: str, codes: tuple[str, ...], is_sheet: bool, is_doubt: bool
) -> None:
    page = typed(text, barcodes=codes)
    assert (find_separator(page) is not None) == is_sheet
    assert is_doubtful(page) == is_doubt


def test_our_own_code_beside_bars_counts() -> None:
    page = typed("", barcodes=(make_payload("D", "CONSENT"), "PATCH T"))
    assert find_separator(page) == Separator("D", ("CONSENT",))


NOTE = "PROGRESS NOTE\nPatient Name: Rivera, Ana\nMRN: 00123456\nDOB: 03/14/1957\nThe patient is well."


@pytest.mark.parametrize(
    ("text", "code", "stacks"),
    [
        (NOTE, "PATCH T", [[1], [2]]),
        (NOTE, "PATCHT", [[1], [2]]),
        (NOTE + "\nPage 2 of 2", "PATCH 2", [[1, 2]]),
        (NOTE + "\nPage 2 of 2", "PATCH 4", [[1, 2]]),
        ("MRN: 00123456", "PATCH T", [[1], [2]]),
        ("CONSENT FOR SURGERY\nI agree.", "PATCH 6", None),
    ],
)
def test_a_chart_page_with_a_patch_code_is_never_dropped_and_never_silent(
    text: str, code: str, stacks: list[list[int]] | None
) -> None:
    split = split_pages([typed(NOTE + "\nPage 1 of 2"), typed(text, 2, barcodes=(code,))], Profile())
    assert split.separators == ()
    found = [[facts.page.number for facts in stack.facts] for stack in split.stacks]
    assert sorted(number for stack in found for number in stack) == [1, 2]
    assert stacks is None or found == stacks
    flags = [str(doubt) for stack in split.stacks for doubt in stack.doubts]
    assert any("page_2" in flag for flag in flags)
    assert "bars of a separator sheet" in sentence_of("patch_code_on_page_2")


def test_a_patch_sheet_that_means_nothing_lets_nothing_flow_past() -> None:
    pages = [typed(NOTE), typed("", 2, barcodes=("PATCH 4",)), typed("of the chest\nand lungs", 3)]
    split = split_pages(pages, Profile())
    assert [[f.page.number for f in stack.facts] for stack in split.stacks] == [[1], [2], [3]]
    assert all(list(map(str, stack.doubts)) for stack in split.stacks[1:])


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
