"""What begins a document and what does not, which pages are told, and that no page is lost: cue by cue."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify import split
from classify.doubts import Doubt, DoubtCode
from classify.profile import Profile
from classify.separators import make_payload
from classify.split import Split, Stack, _in_page_order, is_other_person, read_facts, split_pages
from ocr.page import OcrPage, PageOutcome
from tests.given.paper import blank, typed

P = Profile()
ANA = "Patient Name: Rivera, Ana     MRN: 00123456\nDOB: 03/14/1957     Sex: F\n"
BOB = "Patient Name: Kowalczyk, Robert     MRN: 00400001\nDOB: 12/01/1944     Sex: M\n"
BODY = "The patient rested well and the lungs were clear\nNo new complaints today and no fever at night\n"
NOTE = f"PROGRESS NOTE\n{ANA}{BODY}"


def _split(*pages: OcrPage | str) -> Split:
    return split_pages([typed(p, n) if isinstance(p, str) else p for n, p in enumerate(pages, 1)], P)


def _stacks(of: Split) -> list[tuple[int, ...]]:
    return [tuple(facts.page.number for facts in stack.facts) for stack in of.stacks]


def _flags(of: Split) -> list[list[str]]:
    return [[str(doubt) for doubt in stack.doubts] for stack in of.stacks]


def _sheet(kind: str, *values: str, number: int = 1) -> OcrPage:
    return typed("Separator", number, barcodes=(make_payload(kind, *values),))


@pytest.mark.parametrize(
    ("second", "begins", "why"),
    [
        (f"DISCHARGE SUMMARY\n{ANA}HOSPITAL COURSE\n{BODY}", True, "the title of another kind"),
        (f"PROGRESS NOTE\n{BOB}{BODY}", True, "another patient"),
        (f"{BOB}{BODY}", True, "another patient, without a title"),
        (f"MRN: 00400001\n{BODY}", True, "another number, without a name"),
        (f"{BODY}Page 1 of 2", True, "page 1, whatever it says"),
        (f"PROGRESS NOTE\n{ANA}{BODY}Page 1 of 1", True, "page 1 of the same patient and kind"),
        (BODY, False, "nothing of its own"),
        ("and the wound was dry\n" + BODY, False, "a sentence that goes on"),
        (f"PROGRESS NOTE (continued)\n{ANA}{BODY}", False, "a title that is continued"),
        (f"{ANA}{BODY}", False, "the same patient, no title"),
        ("", False, "a page without a word"),
        (f"MRN: 00123456\n{BODY}", False, "the same number"),
    ],
)
def test_a_second_page_begins_a_document_or_does_not(second: str, begins: bool, why: str) -> None:
    assert _stacks(_split(NOTE, second)) == ([(1,), (2,)] if begins else [(1, 2)]), why


@pytest.mark.parametrize(
    ("chance", "stacks", "flags"),
    [
        (0.01, [(1, 2)], [[]]),
        (0.12, [(1, 2)], [[]]),
        (0.13, [(1, 2)], [["may_begin_page_2"]]),
        (0.49, [(1, 2)], [["may_begin_page_2"]]),
        (0.5, [(1,), (2,)], [[], ["may_not_begin_page_2"]]),
        (0.87, [(1,), (2,)], [[], ["may_not_begin_page_2"]]),
        (0.88, [(1,), (2,)], [[], []]),
        (0.99, [(1,), (2,)], [[], []]),
    ],
)
def test_what_is_likelier_a_beginning_begins_and_what_is_unsure_is_told(
    monkeypatch: pytest.MonkeyPatch, chance: float, stacks: list[tuple[int, ...]], flags: list[list[str]]
) -> None:
    monkeypatch.setattr(split, "chance_of_begin", lambda stack, facts: (chance, ()))
    found = _split(BODY, BODY)
    assert (_stacks(found), _flags(found)) == (stacks, flags)


@pytest.mark.parametrize(
    ("places", "stacks", "flags", "why"),
    [
        ((1, 2, 3), [(1, 2, 3)], [[]], "in order"),
        ((1, 3, 2), [(1, 3, 2)], [["pages_reordered"]], "put in order"),
        ((3, 2, 1), [(2, 1), (3,)], [["pages_missing_1", "pages_reordered"], ["pages_missing_2_3"]], "page 1 begins, wherever it lies"),
        ((1, 3), [(1, 2)], [["pages_missing_2"]], "a page is missing"),
        ((2, 3), [(1, 2)], [["pages_missing_1"]], "the first is missing"),
        ((1, 2), [(1, 2)], [["pages_missing_3"]], "the last is missing"),
        ((1, 2, 0), [(1, 2, 3)], [[]], "a page without a number may be the missing one"),
        ((1, 0, 0), [(1, 2, 3)], [[]], "two pages without a number may be the missing ones"),
        ((1, 2, 3, 1, 2, 3), [(1, 2, 3), (4, 5, 6)], [[], []], "two of three pages"),
        ((1, 2, 3, 1), [(1, 2, 3), (4,)], [[], ["pages_missing_2_3"]], "the next one begins"),
    ],
)  # fmt: skip
def test_page_x_of_y_orders_and_counts(
    places: tuple[int, ...], stacks: list[tuple[int, ...]], flags: list[list[str]], why: str
) -> None:
    found = _split(*(f"CONSULTATION\n{ANA}{BODY}Page {n} of 3" if n else BODY for n in places))
    assert _stacks(found) == stacks, why
    assert _flags(found) == flags, why


def test_a_page_that_is_there_twice_is_told_and_nothing_is_reordered() -> None:
    pages = [f"CONSULTATION\n{ANA}{BODY}Page {n} of 3" for n in (1, 2, 3)]
    stack = Stack([read_facts(typed(pages[n - 1], i), P) for i, n in enumerate((1, 3, 3, 2), 1)])
    assert list(map(str, _in_page_order(stack).doubts)) == ["pages_repeated"]
    assert [facts.page.number for facts in stack.facts] == [1, 2, 3, 4]


# ---- sheets


@pytest.mark.parametrize(
    ("sheet", "patient", "kind", "rescan"),
    [
        (("P", "00123456", "V1"), "00123456", "", ""),
        (("D", "CONSENT_PROC"), None, "CONSENT_PROC", ""),
        (("R", "17"), None, "", "17"),
        (("B", "", ""), None, "", ""),
    ],
    ids=["patient", "kind", "rescan", "cover"],
)
def test_a_sheet_begins_a_document_and_says_something_of_it(
    sheet: tuple[str, ...], patient: str | None, kind: str, rescan: str
) -> None:
    found = _split(NOTE, _sheet(*sheet, number=2), BODY)
    assert _stacks(found) == [(1,), (3,)], "also where nothing else would have begun one"
    assert found.separators == (2,)
    stack = found.stacks[1]
    assert (stack.patient_sheet.values[0] if stack.patient_sheet else None) == patient
    assert (stack.type_sheet, stack.rescan) == (kind, rescan)


def test_a_patient_sheet_holds_for_all_that_follows_and_a_kind_for_the_next_only() -> None:
    found = _split(
        _sheet("P", "00123456", ""),
        _sheet("D", "CONSENT_PROC"),
        BODY,
        f"DISCHARGE SUMMARY\n{ANA}HOSPITAL COURSE\n{BODY}",
    )
    first, second = found.stacks
    assert (first.type_sheet, second.type_sheet) == ("CONSENT_PROC", "")
    assert first.patient_sheet is not None
    assert second.patient_sheet == first.patient_sheet


@pytest.mark.parametrize("sheet", [("R", "17"), ("B", "", "")], ids=["rescan slip", "batch cover"])
def test_a_patient_sheet_ends_at_a_slip_or_a_cover(sheet: tuple[str, ...]) -> None:
    found = _split(_sheet("P", "00123456", ""), NOTE, _sheet(*sheet, number=3), BODY)
    assert [stack.patient_sheet is not None for stack in found.stacks] == [True, False]


def test_another_patient_under_a_patient_sheet_is_told() -> None:
    found = _split(_sheet("P", "00123456", ""), NOTE, f"PROGRESS NOTE\n{BOB}{BODY}")
    assert _flags(found) == [[], ["not_the_separator_patient_page_3"]]


def test_nothing_flows_past_a_sheet_that_cannot_be_read() -> None:
    after = [BODY, f"PROGRESS NOTE\n{BOB}{BODY}Page 1 of 1", f"PROGRESS NOTE\n{ANA}{BODY}Page 1 of 1"]
    found = _split(_sheet("P", "00123456", ""), NOTE, typed("Patient separator\nMRN 00400001", 3), *after)
    assert _stacks(found) == [(2,), (3,), (4,), (5,), (6,)]
    doubt = Doubt(DoubtCode.SEPARATOR_UNREADABLE, 3)
    assert doubt not in found.stacks[0].doubts
    assert all(doubt in stack.doubts for stack in found.stacks[1:]), "everything after it waits for a person"
    assert all(stack.patient_sheet is None for stack in found.stacks[1:])


def test_after_the_next_good_sheet_all_is_well_again() -> None:
    found = _split(typed("Patient separator\nMRN 00400001", 1), BODY, _sheet("P", "00123456", "", number=3), NOTE)
    assert _flags(found)[-1] == []


@pytest.mark.parametrize(
    ("said", "pages", "flags"),
    [
        ("2", [NOTE, BODY], [[]]),
        ("3", [NOTE, BODY], [["cover_says_3_pages_found_2"]]),
        ("1", [NOTE, BODY], [["cover_says_1_pages_found_2"]]),
        ("2", [NOTE, f"DISCHARGE SUMMARY\n{ANA}HOSPITAL COURSE"], [[], []]),
        ("5", [NOTE, f"DISCHARGE SUMMARY\n{ANA}HOSPITAL COURSE"], [["cover_says_5_pages_found_2"]] * 2),
        ("", [NOTE, BODY], [[]]),  # a cover that does not say
        ("2", [NOTE, "blank", BODY], [[]]),  # blank sides do not count
    ],
)
def test_a_batch_cover_is_held_to_its_count(said: str, pages: list[str], flags: list[list[str]]) -> None:
    made = [blank(n) if p == "blank" else typed(p, n) for n, p in enumerate(pages, 2)]
    assert _flags(_split(_sheet("B", "", said), *made)) == flags


def test_each_of_two_covers_counts_its_own_pages() -> None:
    found = _split(_sheet("B", "", "1"), NOTE, _sheet("B", "", "2", number=3), BODY)
    assert _flags(found) == [[], ["cover_says_2_pages_found_1"]]


def test_a_sheet_at_the_end_and_two_in_a_row_make_no_empty_document() -> None:
    found = _split(
        _sheet("P", "00123456", ""), _sheet("D", "CONSENT_PROC", number=2), NOTE, _sheet("D", "EKG", number=4)
    )
    assert _stacks(found) == [(3,)]
    assert found.separators == (1, 2, 4)


# ---- who it is


@pytest.mark.parametrize(
    ("before", "after", "is_other", "why"),
    [
        (ANA, BOB, True, "everything differs"),
        (ANA, ANA, False, "nothing differs"),
        (ANA, "no word of anybody", False, "nobody is named"),
        ("no word of anybody", BOB, False, "nobody was named"),
        (ANA, "MRN: 00400001", True, "another number"),
        (ANA, "MRN: 00123456", False, "the same number"),
        (ANA, "Patient Name: Kowalczyk, Robert", True, "another name"),
        (ANA, "Patient Name: Ana Rivera", False, "the same name, written otherwise"),
        (ANA, "Patient Name: Kowalczyk, Robert     MRN: 00123456", False, "the number holds: she may have married"),
        (
            ANA,
            "Patient Name: Rivera, Ana     MRN: 00999999\nDOB: 03/14/1957",
            False,
            "name and birthday hold: index asks about the number",
        ),
        (ANA, "Patient Name: Rivera, Ana     MRN: 00999999\nDOB: 01/01/1990", True, "a namesake"),
        (ANA, "Patient Name: Rivera, Ana     MRN: 00999999", True, "a namesake whose birthday is not said"),
        (ANA, "DOB: 12/01/1944", False, "a birthday alone: index asks"),
        ("MRN: 00123456", "Patient Name: Kowalczyk, Robert", False, "a number and a name cannot contradict"),
        ("MRN: 00-123456", "MRN: 00123456", False, "a hyphen says nothing"),
    ],
)
def test_another_person_is_seen_by_number_and_name(before: str, after: str, is_other: bool, why: str) -> None:
    assert is_other_person([read_facts(typed(before), P)], read_facts(typed(after, 2), P)) is is_other, why


def test_a_person_who_is_badly_read_begins_no_document() -> None:
    dim = read_facts(typed(BOB, 2, confidence=0.1), P)
    assert dim.person == ("", "", "")
    assert not is_other_person([read_facts(typed(ANA), P)], dim)


def test_all_pages_of_a_document_are_asked_who_it_is() -> None:
    pages = [read_facts(typed(text, n), P) for n, text in enumerate((BODY, ANA, BODY), 1)]
    assert is_other_person(pages, read_facts(typed(BOB, 4), P))


# ---- the account of pages

_PAGES = st.lists(
    st.sampled_from(
        [
            NOTE, BODY, f"DISCHARGE SUMMARY\n{ANA}HOSPITAL COURSE", BOB, f"{BODY}Page 1 of 2", f"{BODY}Page 2 of 2", "", "blank", "timeout",
            "Patient separator\nMRN 00400001", "P", "D", "R", "B",
        ]
    ),
    max_size=8,
)  # fmt: skip


def _made(text: str, number: int) -> OcrPage:
    if text == "blank":
        return blank(number)
    if text == "timeout":
        return OcrPage(number, PageOutcome.TIMEOUT)
    if text in ("P", "D", "R", "B"):
        return _sheet(text, "00123456" if text == "P" else "CONSENT_PROC", "", number=number)
    return typed(text, number)


@settings(max_examples=60)
@given(_PAGES)
def test_whatever_lies_in_a_file_every_page_is_in_exactly_one_place(texts: list[str]) -> None:
    found = split_pages([_made(text, number) for number, text in enumerate(texts, 1)], P)
    places = [n for stack in _stacks(found) for n in stack] + [*found.separators, *found.blanks]
    assert sorted(places) == list(range(1, len(texts) + 1))
    assert all(stack.facts for stack in found.stacks)
    for number, text in enumerate(texts, 1):
        assert (number in found.blanks) is (text == "blank")
