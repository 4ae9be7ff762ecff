"""Where documents begin: each cue speaks alone, and they are weighed together."""

from dataclasses import replace

import pytest

from classify.gaps import (
    EVIDENCE,
    GIVEN,
    SURE,
    UNSURE,
    WEIGHTS,
    PageFacts,
    _by_form_numbers,
    chance_of_begin,
    evidence_of,
    heads_follow,
    place_of,
    without_dates,
)
from classify.index import sort_file
from classify.profile import Profile
from classify.rows import rows_of, rows_of_text
from classify.split import read_facts, split_pages
from tests.given.paper import typed

NOTE = "PROGRESS NOTE\nPatient Name: Rivera, Ana     MRN: 00123456\nDOB: 03/14/1957     Sex: F\nDate of Service: 02/01/2024\n"
BODY = "The patient rested well and the\nlungs were clear on both sides"


def _facts(text: str, number: int = 1):  # type: ignore[no-untyped-def]
    return read_facts(typed(text, number), Profile())


@pytest.mark.parametrize(
    ("before", "after", "begins"),
    [
        (NOTE + BODY, "DISCHARGE SUMMARY\nPatient Name: Rivera, Ana     MRN: 00123456\nHOSPITAL COURSE\n" + BODY, True),
        (NOTE + BODY, "of the chest without rales\n" + BODY, False),
        (NOTE + "Electronically signed by Wei Chen, MD", "CONSULTATION\nREASON FOR CONSULTATION\n" + BODY, True),
        (NOTE + BODY, "PROGRESS NOTE - continued\n" + BODY, False),
        (NOTE + BODY + "\nPage 1 of 2", BODY + "\nPage 2 of 2", False),
        (NOTE + BODY + "\nPage 2 of 2", NOTE + BODY + "\nPage 1 of 3", True),
    ],
    ids=["another title", "no title", "after a signature", "continued", "the next number", "page 1 again"],
)
def test_a_gap_is_told_by_its_evidence(before: str, after: str, begins: bool) -> None:
    chance, strongest = chance_of_begin([_facts(before)], _facts(after, 2))
    assert (chance > 0.5) == begins
    assert strongest
    assert set(strongest) <= set(EVIDENCE)


def test_every_kind_of_evidence_has_a_weight() -> None:
    assert set(WEIGHTS) == {"bias", *EVIDENCE}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("PROGRESS NOTE\nPage 2 of 3", (2, 3)),
        ("PROGRESS NOTE\nPage: 2/3", (2, 3)),
        ("PROGRESS NOTE\nPage 2", (2, 0)),
        ("PROGRESS NOTE\n- 4 -", (4, 0)),
        ("PROGRESS NOTE\nPage 5 of 3", None),  # no such page
        ("PROGRESS NOTE\nBP 120 of 80", None),
    ],
)
def test_the_number_of_a_page_is_read(text: str, place: tuple[int, int] | None) -> None:
    assert place_of(rows_of_text(text), text) == place


def _foot(text: str) -> str:
    """A page of sixty lines, the last of which is this foot."""
    return "\n".join(["PROGRESS NOTE", *(["the lungs were clear"] * 58), text])


@pytest.mark.parametrize(
    ("foot", "place"),
    [
        ("3/12", (3, 12)),
        ("- 3/12 -", (3, 12)),
        ("3 of 12", (3, 12)),
        ("(3 of 12)", (3, 12)),
        ("Page 3/12", (3, 12)),
        ("MR-204 Rev. 5/12 Page 1 of 2", (1, 2)),
        ("MR-204 (Rev. 5/12) page 2/2", (2, 2)),
        ("13/20", (13, 20)),  # there is no month 13
    ],
)
def test_a_page_number_at_the_foot_is_read(foot: str, place: tuple[int, int]) -> None:
    assert place_of(rows_of_text(_foot(foot)), _foot(foot)) == place


@pytest.mark.parametrize(
    "foot",
    [
        "Rev. 5/12",
        "REV 5/12",
        "(Rev. 5/12)",
        "Rev. 1/06",
        "Rev. 1/16",
        "(02/12)",
        "(2/12)",
        "02/12",  # page numbers have no leading zeros
        "3/04",
        "Form 1234 (Rev 10/2019)",
        "Form 1234 (Rev 10/19)",
        "Form 1234 5/12",
        "MR-204 5/12",
        "HCFA-1500 (12/90)",
        "Stock No. 3/04",
        "Stock No. 3/14",
        "Item # 4/11",
        "Revised 5/12",
        "Revision date 5/12",
        "Effective 1/15",
        "Ed. 6/13",
        "Version 2/11",
        "Nursing flow sheet, printed 4/10",
        "Signature Date 5/12",
        "Pain at rest 3/10",  # a score
        "OD 6/12",  # a visual acuity
        "Strength 4/5",
    ],
)
def test_month_and_year_at_the_foot_of_a_form_are_no_page_number(foot: str) -> None:
    assert place_of(rows_of_text(_foot(foot)), _foot(foot)) is None


@pytest.mark.parametrize(
    ("left", "right", "place"),
    [
        ("Lakeside General Hospital", "2/3", (2, 3)),
        ("Lakeside General Hospital", "3/12", (3, 12)),
        ("MR-204", "2/3", (2, 3)),  # no year has one digit
        ("MR-204", "3/12", None),
        ("Rev. 2019", "3/12", None),
    ],
)
def test_a_number_that_stands_off_in_the_foot_is_a_page_number(
    left: str, right: str, place: tuple[int, int] | None
) -> None:
    page = typed("\n".join(["PROGRESS NOTE", *(["the lungs were clear"] * 48), left + " " * 40 + right]))
    assert place_of(rows_of(page), page.text) == place


def test_the_two_sides_of_a_revised_form_are_not_missing_ten_pages() -> None:
    sides = [typed(_foot("MR-204 Rev. 5/12"), 1), typed("\n".join(["the lungs were clear"] * 50), 2)]
    flags = [str(doubt) for stack in split_pages(sides, Profile()).stacks for doubt in stack.doubts]
    assert not any("missing" in flag or "repeated" in flag for flag in flags)


@pytest.mark.parametrize(
    ("feet", "places"),
    [
        (["5/12"], [None]),  # one side: when the form was revised
        (["5/12", "5/12"], [None, None]),  # both sides say the same
        (["8/11", "the end"], [None, None]),
        (["Lakeside General Hospital" + " " * 40 + "3/12"], [None]),
        (["2/12", "3/12"], [(2, 12), (3, 12)]),
        (["3/12", "2/12"], [(3, 12), (2, 12)]),  # scanned out of order
        (["5/12", "the end", "6/12"], [(5, 12), None, (6, 12)]),
        (["5/12", "5/12", "9/10"], [None, None, None]),  # two forms
        (["3 of 12"], [(3, 12)]),
        (["- 3/12 -"], [(3, 12)]),
        (["Page 3/12"], [(3, 12)]),
        (["2/3"], [(2, 3)]),  # no year has one digit
        (["13/20"], [(13, 20)]),  # and no year thirteen months
    ],
)
def test_month_and_year_alone_are_a_page_number_only_where_a_neighbour_says_so(
    feet: list[str], places: list[tuple[int, int] | None]
) -> None:
    pages = [
        read_facts(typed("\n".join(["PROGRESS NOTE", *(["the lungs were clear"] * 48), foot]), n), Profile())
        for n, foot in enumerate(feet, 1)
    ]
    assert [facts.place for facts in without_dates(pages)] == places


def test_a_form_with_its_date_alone_at_the_foot_misses_no_pages_and_does_not_say_whose_it_is() -> None:
    page = typed("\n".join(["the lungs were clear"] * 49 + ["5/12"]), 1)
    (draft,) = sort_file([page], Profile()).drafts
    assert not any("missing" in str(doubt) for doubt in draft.guess.doubts)
    assert draft.guess.unnamed_pages == (1,)


# ---- each kind of evidence by itself


def _evidence(name: str, before: str, after: str) -> float:
    return dict(zip(EVIDENCE, evidence_of([_facts(before)], _facts(after, 2)), strict=True))[name]


HEAD = "Patient Name: Rivera, Ana     MRN: 00123456\n"
FULL = "\n".join(["the lungs were clear on both sides"] * 40)


@pytest.mark.parametrize(
    ("name", "before", "after", "expected", "why"),
    [
        ("says page 1", BODY, BODY + "\nPage 1 of 3", 1, "it does"),
        ("says page 1", BODY, BODY + "\nPage 2 of 3", 0, "it says another"),
        ("says page 1", BODY, BODY, 0, "it says none"),
        ("number follows", "Page 1 of 3", "Page 2 of 3", 1, "of as many"),
        ("number follows", "Page 1 of 3", "Page 2 of 4", 0, "of another number"),
        ("number follows", "Page 1", "Page 2", 1, "of nobody knows how many"),
        ("number follows", "Page 1 of 3", "Page 2", 1, "of nobody knows how many"),
        ("number follows", "Page 1 of 3", "Page 3 of 3", 0, "one is left out"),
        ("number does not follow", "Page 1 of 3", "Page 3 of 3", 1, "one is left out"),
        ("number does not follow", "Page 3 of 3", "Page 2 of 3", 1, "backwards"),
        ("number does not follow", "Page 3 of 3", "Page 1 of 2", 0, "a first page follows nothing"),
        ("number does not follow", BODY, "Page 3 of 3", 0, "nothing to follow"),
        ("last of its pages", "Page 3 of 3", BODY, 1, "it was"),
        ("last of its pages", "Page 2 of 3", BODY, 0, "it was not"),
        ("last of its pages", "Page 3", BODY, 0, "nobody knows"),
        ("pages still to come", "Page 2 of 3", BODY, 1, "one is"),
        ("pages still to come", "Page 3 of 3", BODY, 0, "none is"),
        ("pages still to come", "Page 2 of 3", "Page 1 of 2", 0, "but this is a first page"),
        ("pages still to come", "PROGRESS NOTE\nPage 1 of 2", "DISCHARGE SUMMARY\n" + BODY, 0, "but this has a title of its own"),
        ("pages still to come", "PROGRESS NOTE\nPage 1 of 2", "DISCHARGE SUMMARY\nPage 2 of 2", 1, "a title under the awaited number is a part"),
        ("title of another kind", "PROGRESS NOTE", "DISCHARGE SUMMARY", 1, "it is"),
        ("title of another kind", "PROGRESS NOTE", "PROGRESS NOTE", 0, "the same kind"),
        ("title of another kind", "PROGRESS NOTE", BODY, 0, "no title"),
        ("title of another kind", BODY, "DISCHARGE SUMMARY", 0, "no title before"),
        ("title of another kind", "PROGRESS NOTE", "DISCHARGE SUMMARY (continued)", 0, "it goes on"),
        ("title again", "PROGRESS NOTE", "PROGRESS NOTE", 1, "it is"),
        ("title again", "PROGRESS NOTE", "PROGRESS NOTE cont'd", 0, "it goes on"),
        ("title continued", "PROGRESS NOTE", "PROGRESS NOTE cont'd", 1, "it says so"),
        ("title continued", "PROGRESS NOTE", "PROGRESS NOTE (Cont.)", 1, "it says so, shorter"),
        ("title continued", "PROGRESS NOTE", "\n".join([BODY, BODY, "continued"]), 0, "at the foot it speaks of the next page"),
        ("title continued", "PROGRESS NOTE", "the pain continues", 0, "an illness"),
        ("same person", HEAD, HEAD, 1, "number and name"),
        ("same person", HEAD, "MRN: 00123456", 1, "one of them is enough"),
        ("same person", HEAD, "MRN: 00400001", 0, "another number"),
        ("same person", HEAD, BODY, 0, "nobody is named"),
        ("other encounter", "Visit No: V2400881", "Visit No: V2400999", 1, "another visit"),
        ("other encounter", "Visit No: V2400881", "Visit No: V-2400881", 0, "a hyphen"),
        ("other encounter", "Date of Service: 02/01/2024", "Date of Service: 02/03/2024", 1, "another day"),
        ("other encounter", "Visit No: V2400881", BODY, 0, "no visit"),
        ("last page signed off", NOTE + "Electronically signed by Wei Chen, MD", BODY, 1, "it was"),
        ("last page signed off", NOTE + "D: 02/01/2024  T: 02/02/2024", BODY, 1, "dictated and typed"),
        ("last page signed off", NOTE + "End of report", BODY, 1, "it says so"),
        ("last page signed off", NOTE + BODY, BODY, 0, "it was not"),
        ("last page signed off", "Signed by Wei Chen\n" + FULL, BODY, 0, "a signature at the top ends nothing"),
        ("last page ends early", BODY, BODY, 1, "two lines"),
        ("last page ends early", FULL, BODY, 0, "a full page"),
        ("sentence goes on", "He was seen and the", "lungs were clear.", 1, "in small letters"),
        ("sentence goes on", "He was seen.", "lungs were clear.", 0, "after a full stop"),
        ("sentence goes on", "He was seen and the", "Lungs were clear.", 0, "with a capital"),
        ("letterhead again", BODY, "LAKESIDE GENERAL HOSPITAL\n" + BODY, 1, "a letterhead begins a document"),
        ("letterhead again", BODY, "LAKESIDE GENERAL HOSPITAL\ncontinued\n" + BODY, 0, "unless it goes on"),
        ("letterhead again", BODY, BODY, 0, "none"),
        ("same running head", HEAD + BODY, HEAD + BODY, 1, "letter for letter"),
        ("same running head", HEAD + BODY, BODY, 0, "none"),
        ("same running head", "Ana\n" + BODY, "Ana\n" + BODY, 0, "too short to be one"),
        ("identifiers in a block", BODY, BODY, 0, "none"),
        ("identifiers in a block", BODY, HEAD + BODY, 0.25, "two of eight"),
        ("identifiers in a block", BODY, FULL + "\n" + HEAD, 0, "at the foot they begin nothing"),
    ],
)  # fmt: skip
def test_a_kind_of_evidence_speaks_and_is_silent(name: str, before: str, after: str, expected: float, why: str) -> None:
    assert _evidence(name, before, after) == pytest.approx(expected), why


@pytest.mark.parametrize(
    ("change", "is_other", "why"),
    [
        ({}, 0, "the same paper"),
        ({"dpi": 200, "width": 1700, "height": 2200}, 1, "the same paper from another scanner"),
        ({"height": 4200}, 1, "legal size"),
        ({"height": 3390}, 0, "a third of an inch: how the feeder pulled it"),
        ({"width": 2650}, 0, "a third of an inch"),
        ({"width": 2700}, 1, "half an inch wider"),
        ({"dpi": 0}, 0, "nobody knows the size"),
    ],
)
def test_paper_of_another_size_or_make_is_seen(change: dict[str, int], is_other: float, why: str) -> None:
    before, after = _facts(BODY), _facts(BODY, 2)
    other = replace(after, page=replace(after.page, **change))
    assert dict(zip(EVIDENCE, evidence_of([before], other), strict=True))["other size or make"] == is_other, why


@pytest.mark.parametrize(
    ("for_it", "against_it"),
    [
        ("says page 1", "number follows"),
        ("last of its pages", "pages still to come"),
        ("title of another kind", "title again"),
        ("title of another kind", "title continued"),
    ],
)
def test_what_speaks_for_a_beginning_weighs_up_and_what_speaks_against_down(for_it: str, against_it: str) -> None:
    assert WEIGHTS[for_it] > 0 > WEIGHTS[against_it]


def test_without_any_evidence_a_page_belongs_to_the_one_before() -> None:
    chance, _ = chance_of_begin([_facts(FULL)], _facts(FULL, 2))
    assert chance < UNSURE[0]


def test_what_speaks_most_is_told_first() -> None:
    _, strongest = chance_of_begin(
        [_facts(NOTE + "Page 2 of 2")], _facts("DISCHARGE SUMMARY\n" + HEAD + "Page 1 of 3", 2)
    )
    assert strongest[0] == "says page 1"
    assert len(strongest) == 3


@pytest.mark.parametrize(("confidence", "sure"), [(0.95, ("00123456", "RIVERA, ANA", "")), (0.05, ("", "", ""))])
def test_only_what_is_read_well_says_whose_a_page_is(confidence: float, sure: tuple[str, str, str]) -> None:
    facts = read_facts(typed(HEAD, confidence=confidence), Profile())
    assert facts.person == sure
    assert all(value.confidence < SURE for value in facts.fields) is (confidence < 0.5)


def test_what_is_not_valid_says_nothing() -> None:
    facts = _facts("Patient Name: Rivera, Ana\nDOB: 03/14/2090")
    assert facts.person == ("", "RIVERA, ANA", "")


# ---- form numbers


def _with_foot(foot: str, number: int) -> PageFacts:
    return _facts("\n".join(["the lungs were clear"] * 49 + [foot]), number)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Form MR-104 (Rev. 3/04) Page 1", "Form MR-104 (Rev. 3/04) Page 2", {"same form goes on"}),
        ("Form MR-104 (Rev. 3/04)", "Form MR-104 (Rev. 3/04)", set()),  # its back, or a second copy
        ("Form MR-104 (Rev. 3/04) Page 2", "Form MR-104 (Rev. 3/04) Page 1", set()),
        ("Form MR-104 (Rev. 3/04)", "Form MR-105 (Rev. 3/04)", {"other form"}),
        ("Form MR-104 (Rev. 3/04)", "Form MR-104 (Rev. 9/11)", set()),  # the same form of another year
        ("Form MR-104 (Rev. 3/04)", "the end", set()),
        ("Form HH-1032-1 (Rev. 3/04)", "Form HH-1032-2 (Rev. 3/04)", set()),  # two sheets of one form
        ("Form MR-104A (Rev. 3/04)", "Form MR-104B (Rev. 3/04)", set()),
        ("Form 47-1123 (Rev. 3/04)", "Form 47-1124 (Rev. 3/04)", {"other form"}),
        ("MR-104", "MR-105", set()),  # numbers that nothing calls a form
    ],
)
def test_form_numbers_speak_for_and_against_a_beginning(before: str, after: str, said: set[str]) -> None:
    earlier, later = _with_foot(before, 1), _with_foot(after, 2)
    assert set(_by_form_numbers(earlier, later)) == said
    bare = chance_of_begin([replace(earlier, form_ids=())], replace(later, form_ids=()))[0]
    chance = chance_of_begin([earlier], later)[0]
    moved = (chance > bare) - (chance < bare)
    assert moved == sum((GIVEN[name] > 0) - (GIVEN[name] < 0) for name in said)


@pytest.mark.parametrize(
    ("foot", "place"),
    [
        ("Form HH-1032 (Rev. 7/18)", None),
        ("CMS-1500 (02-12)", None),
        ("MR 104-7 3/12", None),
        ("PAGE 1 OF 2   47-1123  04/2017", (1, 2)),
        ("Page 2 of 4   MR-104", (2, 4)),
        ("Form HH-1032 (Rev. 7/18) Page 3", (3, 0)),
    ],
)
def test_a_revision_is_neither_a_page_number_nor_a_date_of_the_chart(foot: str, place: tuple[int, int] | None) -> None:
    facts = _with_foot(foot, 1)
    assert facts.place == place
    assert not any(value.name.endswith("_date") or value.name in ("mrn", "encounter", "dob") for value in facts.fields)


def test_page_two_of_another_form_is_asked_about() -> None:
    pages = [
        typed("\n".join(["the lungs were clear"] * 49 + [foot]), number)
        for number, foot in enumerate(("Form MR-104 Page 1 of 2", "Form MR-105 Page 2 of 2"), start=1)
    ]
    (stack,) = split_pages(pages, Profile()).stacks
    assert [str(doubt) for doubt in stack.doubts] == ["may_begin_page_2"]


def test_page_one_of_a_form_begins_a_document() -> None:
    pages = [
        typed("\n".join(["the lungs were clear"] * 49 + [f"Form MR-104 (Rev. 3/04) Page {place} of 2"]), number)
        for number, place in enumerate((1, 2, 1, 2), start=1)
    ]
    assert [len(stack.facts) for stack in split_pages(pages, Profile()).stacks] == [2, 2]


@pytest.mark.parametrize(
    ("before", "after", "is_one", "why"),
    [
        ("RIVERA, ANA   00123456   1", "RIVERA, ANA   00123456   2", True, "the numbers follow"),
        ("RIVERA, ANA   00123456   2", "RIVERA, ANA   00123456   3", True, "pages two and three"),
        ("RIVERA, ANA   00123456   1", "RIVERA, ANA   00123456   1", False, "both are page one"),
        ("RIVERA, ANA   00123456   1", "RIVERA, EVA   00123457   2", False, "her sister's"),
        ("RIVERA, ANA   00123456   2", "RIVERA, ANA   00123456   1", False, "a page one"),
        ("GLUCOSE   104   1", "GLUCOSE   104   2", False, "nobody is named"),
        ("RIVERA, ANA   00123456   2019", "RIVERA, ANA   00123456   2020", False, "years"),
    ],
)
def test_running_heads_whose_numbers_follow_are_of_one_document(
    before: str, after: str, is_one: bool, why: str
) -> None:
    text = "\n\nThe wound is clean and dry.\nContinue with dressing changes twice a day."
    one, other = (read_facts(typed(head + text, n), Profile()) for n, head in enumerate((before, after), start=1))
    assert heads_follow(one, other) is is_one, why


def test_pages_whose_heads_name_two_persons_are_asked_about() -> None:
    text = "\n\nThe wound is clean and dry.\nContinue with dressing changes twice a day."
    pages = [typed(f"{head}{text}", n) for n, head in enumerate(("RIVERA, ANA   00123456", "CHEN, WEI   00300001"), 1)]
    (draft,) = sort_file(pages, Profile()).drafts
    assert "page_2_other_name" in [str(doubt) for doubt in draft.guess.doubts]
    again = [typed(f"RIVERA, ANA   00123456   {n}{text}", n) for n in (1, 2)]
    (draft,) = sort_file(again, Profile()).drafts
    assert draft.guess.doubts == ()
